"""A table as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cxlab.i18n import Language, current_language, tr
from cxlab.show.cells import headings, is_text, printed_rows, spanner_cells
from cxlab.show.text import printable, words

if TYPE_CHECKING:
    from cxlab.show.table import Table

TABLE_CSS = """
div.cx-table { max-width: 100%; overflow-x: auto; margin: 1em 0; color: inherit; }
div.cx-table table.cx { border-collapse: collapse; border: 0; margin: 0; table-layout: auto; font-size: .92em;
  line-height: 1.35; font-variant-numeric: tabular-nums lining-nums; color: inherit; }
div.cx-table table.cx caption { caption-side: top; text-align: left; padding: 0 0 .5em; color: inherit; }
div.cx-table table.cx caption .cx-number { display: block; font-weight: 700; }
div.cx-table table.cx caption .cx-title { font-style: italic; }
div.cx-table table.cx thead { border: 0; border-top: 1.5px solid currentColor;
  border-bottom: 1px solid currentColor; vertical-align: bottom; }
div.cx-table table.cx tbody:last-of-type { border-bottom: 1.5px solid currentColor; }
div.cx-table table.cx tr, div.cx-table table.cx tbody tr:nth-child(n), div.cx-table table.cx tbody tr:hover {
  background: none; border: 0; }
div.cx-table table.cx th, div.cx-table table.cx td { padding: .28em .7em; border: 0; font-weight: 400;
  text-align: right; white-space: nowrap; max-width: none; }
div.cx-table table.cx thead th { white-space: normal; }
div.cx-table table.cx:has(thead tr:last-child > :nth-child(9)) :is(th, td) { padding-left: .4em; padding-right: .4em; }
div.cx-table table.cx .cx-text { text-align: left; white-space: normal; min-width: 4.5em; max-width: 32em; }
div.cx-table table.cx th.cx-span { text-align: center; border-bottom: 1px solid currentColor; }
div.cx-table table.cx th.cx-panel { text-align: left; font-weight: 700; padding-top: .7em; }
div.cx-table .cx-notes { font-size: .85em; margin: .5em 0 0; max-width: 48em; text-align: left; }
div.cx-table .cx-notes p { margin: 0 0 .2em; }
"""


def table_html(table: Table, lang: Language | None = None, *, number: int | None = None, style: bool = True) -> str:
    """A semantic table in its own block; see `Table.to_html`."""
    kinds = ["cx-text" if is_text(column) else "" for column in table.columns.values()]
    label = f'<span class="cx-number">{escape(tr("show.table_number", lang, number=number))}</span>' if number else ""
    caption = f'{label}<span class="cx-title">{_escaped(words(table.title, lang))}</span>'
    parts = [
        f"<style>{TABLE_CSS}</style>" if style else "",
        f'<div class="cx-table" lang="{lang or current_language()}"><table class="cx">',
        f"<caption>{caption}</caption>",
        f"<thead>{_head(table, kinds, lang)}</thead>",
        *(_panel(heading, rows, kinds) for heading, rows in printed_rows(table, lang)),
        "</table>",
        _notes(table, lang),
        "</div>",
    ]
    return "\n".join(part for part in parts if part)


def _head(table: Table, kinds: list[str], lang: Language | None) -> str:
    """Spanners, if any, and headings."""
    rows = ""
    if table.spanners:
        cells = (
            f'<th scope="colgroup" class="cx-span" colspan="{columns}">{_escaped(text)}</th>'
            if text
            else f'<td colspan="{columns}"></td>'
            for text, columns in spanner_cells(table, lang)
        )
        rows = f"<tr>{''.join(cells)}</tr>\n"
    names = zip(headings(table, lang), kinds, strict=True)
    return (
        rows + "<tr>" + "".join(f'<th scope="col"{_kind(kind)}>{_escaped(text)}</th>' for text, kind in names) + "</tr>"
    )


def _panel(heading: str | None, rows: list[list[str]], kinds: list[str]) -> str:
    """One group of rows with its heading."""
    lines = (
        []
        if heading is None
        else [f'<tr><th scope="rowgroup" class="cx-panel" colspan="{len(kinds)}">{_escaped(heading)}</th></tr>']
    )
    for row in rows:
        first = f'<th scope="row"{_kind(kinds[0])}>{_escaped(row[0])}</th>'
        rest = (f"<td{_kind(kind)}>{_escaped(cell)}</td>" for cell, kind in zip(row[1:], kinds[1:], strict=True))
        lines.append(f"<tr>{first}{''.join(rest)}</tr>")
    return "<tbody>\n" + "\n".join(lines) + "\n</tbody>"


def _notes(table: Table, lang: Language | None) -> str:
    """Notes below the table; the first starts with the word Note."""
    if not table.notes:
        return ""
    lead = f"<em>{escape(tr('show.note', lang))}</em> "
    texts = [_escaped(words(note, lang)) for note in table.notes]
    return (
        '<div class="cx-notes">'
        + "".join(f"<p>{lead if i == 0 else ''}{t}</p>" for i, t in enumerate(texts))
        + "</div>"
    )


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _escaped(text: str) -> str:
    return escape(printable(text))
