"""A framework as people read it: tables, a few lines of text, HTML, and the map of its constructs."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cxlab.errors import CxlabError
from cxlab.i18n import LANGUAGES, Language, current_language, language, pick, tr
from cxlab.references import Reference, cite
from cxlab.show.table import Column, Table
from cxlab.theory.frameworks.book import fill, item_state

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.theory.frameworks.base import FrameworkFacts

_SURNAMES = re.compile(r"([^\W\d_][\w'’ -]*), (?:\w\. ?)+")
View = Literal["constructs", "items"]


def table(source: FrameworkFacts, lang: Language | None, of: View | str) -> Table:
    """Constructs or items with their status, ready for print; see `Framework.table`."""
    if of not in ("constructs", "items"):
        raise CxlabError("frameworks.unknown_table", name=of)
    if of == "items":
        source.need_items()
    with language(lang or current_language()):
        return _items(source) if of == "items" else _constructs(source)


def _constructs(source: FrameworkFacts) -> Table:
    lang = current_language()
    rows = [
        {
            "construct": one.name,
            "label": pick(one.label),
            "definition": pick(one.definition),
            "items": ", ".join(source.items_of(one.name)),
            "source": short(cite(one.source)[0]) if one.source else "",
            "status": tr(f"frameworks.status_{one.status}"),
            "part_of": pick(source.part(one.part_of).label) if one.part_of else "",
        }
        for one in source.parts
    ]
    shown = ["label", "definition", "items", "part_of", "source", "status"]
    frame = pd.DataFrame(rows)
    kept = [name for name in shown if frame[name].any()]
    columns = {name: Column(tr(f"frameworks.head_{name}")) for name in kept}
    notes = (tr("frameworks.status_legend"), *(note.text(lang) for note in source.warnings))
    return Table(frame, columns, pick(source.title), notes=notes)


def _items(source: FrameworkFacts) -> Table:
    lang = current_language()
    labels = {part.name: pick(part.label) for part in source.parts}
    rows = [
        {
            "item": one.name,
            "construct": labels[one.construct],
            "text": pick(fill(one.text, source.brand)),
            "reversed": tr("frameworks.yes") if one.reversed else "",
            "wording": tr(f"frameworks.state_{item_state(one)}"),
        }
        for one in source.wordings
    ]
    frame = pd.DataFrame(rows)
    columns = {name: Column(tr(f"frameworks.head_{name}")) for name in ("item", "text", "reversed", "wording")}
    notes = tuple(note.text(lang) for note in source.warnings)
    return Table(frame, columns, pick(source.title), notes=notes, group="construct")


def short(reference: Reference) -> str:
    """Authors and year, as a text cites them.

    Examples
    --------
    >>> short(cite("brakus_2009")[0]), short(cite("bellsystem24_journey")[0])
    ('Brakus, Schmitt & Zarantonello (2009)', 'Bellsystem24 Vietnam (n.d.)')
    """
    authors, _, rest = reference.text.partition(" (")
    names = _SURNAMES.findall(authors.replace("& ", "")) or [authors.rstrip(".")]
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} & {names[-1]}"
    return f"{joined} ({rest.partition(')')[0]})"


def summary(source: FrameworkFacts, lang: Language | None) -> str:
    """The framework in a few lines."""
    with language(lang or current_language()):
        lines = [_headline(source), pick(source.definition)]
        for part in source.parts:
            names = source.items_of(part.name)
            tail = f" [{', '.join(names)}]" if names else ""
            lines.append(f"  {part.name} ({pick(part.label)}): {pick(part.definition)}{tail}")
        return "\n".join([*lines, *(f"{'!' if note.serious else '·'} {note}" for note in source.warnings)])


def _headline(source: FrameworkFacts) -> str:
    counts = {"constructs": len(source.parts), "items": len(source.wordings)}
    return tr("frameworks.headline", title=pick(source.title), **counts)


def html(source: FrameworkFacts) -> str:
    """Title, what must be known, definition, the table of constructs, notes and sources."""
    notices = "".join(
        f"<li>{'<strong>' if note.serious else ''}{escape(str(note))}{'</strong>' if note.serious else ''}</li>"
        for note in source.warnings
    )
    listed = f'<ul class="cxlab-notices">{notices}</ul>' if notices else ""
    works = "".join(f"<li>{escape(str(work))}</li>" for work in source.cite())
    return (
        f"{listed}<p>{escape(pick(source.definition))}</p>{_constructs(source).to_html(current_language())}"
        f"<p>{escape(pick(source.notes))}</p><ul>{works}</ul>"
    )


def plot(source: FrameworkFacts, lang: Language | None, related: bool) -> Figure:
    """The map of the constructs; see `Framework.plot`."""
    from cxlab.show.constructs import construct_map

    rows = [
        {"construct": one.name, "label": one.label, "definition": one.definition, "parent": one.part_of}
        for one in source.parts
    ]
    links = _kin(source) if related else None
    return construct_map(pd.DataFrame(rows), source.general_label, title=source.title, links=links, lang=lang)


def _kin(source: FrameworkFacts) -> pd.DataFrame:
    """Labels of the related constructs, with the framework each belongs to."""
    from cxlab.theory.frameworks.shelf import framework

    rows = []
    for link in source.links.itertuples(index=False):
        other = framework(link.related_framework)
        part = other.part(link.related_construct)
        whose = {lang: tr(f"frameworks.short_{other.name}", lang) for lang in LANGUAGES}
        label = {lang: f"{whose[lang]}: {pick(part.label, lang)}" for lang in LANGUAGES}
        rows.append({"construct": link.construct, "related": part.name, "label": label, "strength": link.strength})
    return pd.DataFrame(rows, columns=["construct", "related", "label", "strength"])
