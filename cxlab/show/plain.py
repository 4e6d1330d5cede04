"""A table as aligned text, for a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from cxlab.i18n import Language
from cxlab.show.cells import headings, is_text, printed_rows, spanner_cells
from cxlab.show.text import printable, words

if TYPE_CHECKING:
    from cxlab.show.table import Table


def table_text(table: Table, lang: Language | None = None) -> str:
    """Title, headings, rows and notes, columns aligned.

    Examples
    --------
    >>> import pandas as pd
    >>> from cxlab.show.table import Column, Table
    >>> print(table_text(Table(pd.DataFrame({"n": [250]}), {"n": Column("n", "integer")}, "Sample")))
    Sample
      n
    ---
    250
    ---
    """
    panels = printed_rows(table, lang)
    head = headings(table, lang)
    left = [is_text(column) for column in table.columns.values()]
    body = [row for _, rows in panels for row in rows]
    widths = [max(map(_width, column)) for column in zip(head, *body, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [printable(words(table.title, lang))]
    if table.spanners:
        lines.append(_spanner_line(spanner_cells(table, lang), widths))
    lines += [_line(head, widths, left), rule]
    for heading, rows in panels:
        lines += [heading] if heading is not None else []
        lines += [_line(row, widths, left) for row in rows]
    notes = [printable(words(note, lang)) for note in table.notes]
    return "\n".join([*lines, rule, *notes])


def _line(cells: list[str], widths: list[int], left: list[bool]) -> str:
    """One row: texts to the left, numbers to the right."""
    pads = [" " * max(0, width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    parts = [cell + pad if is_left else pad + cell for cell, pad, is_left in zip(cells, pads, left, strict=True)]
    return "  ".join(parts).rstrip()


def _spanner_line(cells: list[tuple[str, int]], widths: list[int]) -> str:
    """The spanners, each centred over its columns."""
    parts, start = [], 0
    for text, columns in cells:
        parts.append(text.center(sum(widths[start : start + columns]) + 2 * (columns - 1)))
        start += columns
    return "  ".join(parts).rstrip()


def _width(text: str) -> int:
    """Columns a text takes on a terminal: wide East Asian letters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)
