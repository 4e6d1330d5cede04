"""A codebook as people read it: a few lines of text, or a small HTML table."""

from __future__ import annotations

from html import escape

from cxlab.codebook.model import Codebook, Item
from cxlab.i18n import Language, pick, tr

_SHOWN = 60
_CELL = "text-align:left;vertical-align:top;padding:2px 18px 2px 0"


def summary(codebook: Codebook, lang: Language | None = None) -> str:
    """Title, counts, and a line for each construct with its items."""
    lines = [headline(codebook, lang)]
    if codebook.truth:  # not shown: a lesson keeps it sealed until its end
        lines.append(f"  {tr('codebook.truth_known', lang)}")
    for name, construct in codebook.constructs.items():
        members = codebook.items_of(name)
        label = pick(construct.label, lang)
        title = f"{name} ({label})" if label and label != name else name
        lines.append(f"  {title}: {', '.join(members) or '–'}")
    for role, names in _by_role(codebook).items():
        lines.append(f"  {tr(f'codebook.role_{role}', lang)}: {', '.join(names)}")
    return "\n".join(lines)


def headline(codebook: Codebook, lang: Language | None = None) -> str:
    """Name or title, number of items and constructs, and whether the data are simulated."""
    title = pick(codebook.title, lang) or codebook.name or tr("codebook.codebook", lang)
    measured = sum(item.role == "item" for item in codebook.items.values())
    text = tr("codebook.headline", lang, title=title, items=measured, constructs=len(codebook.constructs))
    return f"{text} · {tr('codebook.simulated', lang)}" if codebook.kind == "simulated" else text


def _by_role(codebook: Codebook) -> dict[str, list[str]]:
    """Names of what no construct claims, by role."""
    found: dict[str, list[str]] = {}
    for name, item in codebook.items.items():
        if item.construct is None:
            found.setdefault(item.role, []).append(name)
    return found


def html(codebook: Codebook, lang: Language | None = None) -> str:
    """The codebook as an HTML table, one row an item."""
    heads = ("item", "question", "scale", "construct", "remarks")
    head = "".join(f"<th style='{_CELL}'>{escape(tr(f'codebook.head_{h}', lang))}</th>" for h in heads)
    shown = list(codebook.items.values())[:_SHOWN]
    rows = "".join(_row(codebook, item, lang) for item in shown)
    more = len(codebook.items) - len(shown)
    tail = f"<p>{escape(tr('codebook.more_items', lang, count=more))}</p>" if more else ""
    title = escape(headline(codebook, lang))
    table = f"<table style='border-collapse:collapse'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<p><b>{title}</b></p>{table}{tail}"


def _row(codebook: Codebook, item: Item, lang: Language | None) -> str:
    construct = codebook.constructs.get(item.construct or "")
    label = (pick(construct.label, lang) or construct.name) if construct else ""
    cells = (item.name, pick(item.label, lang), _scale(item, lang), label, ", ".join(_remarks(item, lang)))
    return "<tr>" + "".join(f"<td style='{_CELL}'>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _scale(item: Item, lang: Language | None) -> str:
    if item.min is None or item.max is None:
        return ""
    ends = [
        f"{_short(v)} {pick(item.labels[v], lang) if v in item.labels else ''}".strip() for v in (item.min, item.max)
    ]
    return " – ".join(ends)


def _short(value: float) -> str:
    return f"{value:g}"


def _remarks(item: Item, lang: Language | None) -> list[str]:
    marks = [] if item.role == "item" else [tr(f"codebook.role_{item.role}", lang)]
    marks += [tr("codebook.reversed", lang)] if item.reversed else []
    marks += [tr("codebook.personal", lang)] if item.personal else []
    codes = ", ".join(_short(c) if not isinstance(c, str) else c for c in item.missing)
    marks += [tr("codebook.missing_codes", lang, codes=codes)] if item.missing else []
    return marks
