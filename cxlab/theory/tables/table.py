"""The result of `cx.theory_table`: holds a topic, shows it as text and printed table, draws it where that helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import CxlabError, Notice
from cxlab.i18n import LANGUAGES, Language, check_language, pick, tr
from cxlab.references import cite
from cxlab.show.cells import cell_text, is_missing
from cxlab.show.result import Result, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.show.text import wrap
from cxlab.theory.tables.figures import FIGURES
from cxlab.theory.tables.rows import cells_of
from cxlab.theory.tables.topic import STATUSES, Heading, Text, Topic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NUMBERS = ("integer", "number", "year")
_LINE = 96


@dataclass(frozen=True, repr=False, eq=False)
class TheoryTable(Result):
    """A topic of theory; see `cxlab.theory_table`.

    Attributes
    ----------
    topic, group : str
    lang : "en" or "vi"
        Language of the texts in `table`.
    title, about : mapping of language to text
    table : DataFrame
        One row a key, texts in `lang`.
    status : mapping of str to int
        How many rows are sourced, said by an article, drafted by us, recalled.
    points : tuple of str
        The points of the source articles that the topic holds.
    references : tuple of str
        Keys of all works named; see `cite`.
    warnings : tuple of Notice
    """

    topic: str
    group: str
    lang: Language
    title: Text
    about: Text
    table: pd.DataFrame
    status: Mapping[str, int]
    points: tuple[str, ...]
    references: tuple[str, ...]
    warnings: tuple[Notice, ...]
    cells: pd.DataFrame
    headings: Mapping[str, Heading]
    shown: tuple[str, ...]

    def summary(self, lang: Language | None = None) -> str:
        """Title, what the topic is, a line a row, and how sure the rows are."""
        lang = check_language(lang) if lang else self.lang
        head = tr("theory.head", lang, title=pick(self.title, lang), topic=self.topic, rows=len(self.cells))
        lines = [self._line(row, lang) for row in self.cells.to_dict("records")]
        return "\n".join([head, pick(self.about, lang), *lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """The topic as a printed table; its last column says how sure each row is."""
        columns = {self._shown_name(name): self._column(name) for name in self.shown}
        columns["status_text"] = Column("theory.col_status")
        frame = self.cells.assign(status_text=[_both(f"theory.status_{status}") for status in self.cells["status"]])
        for name, head in self.headings.items():
            if head.format == "year":
                frame[name] = ["" if pd.isna(year) else str(int(year)) for year in frame[name]]
        notes = (self.about, *_status_notes(self.status))
        table = Table(frame, columns, self.title, notes=notes)
        return in_language(table, check_language(lang) if lang else self.lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The topic's figure: the timeline of ``history``, the intervals and verdicts of ``claims``.

        Raises
        ------
        CxlabError
            If the topic has no figure.
        """
        if self.topic not in FIGURES:
            raise CxlabError("theory.no_figure", topic=self.topic, known=", ".join(FIGURES))
        return FIGURES[self.topic](self.cells, self.title, check_language(lang) if lang else self.lang)

    def _repr_html_(self) -> str:
        from cxlab.show.result import notices_html

        return notices_html(self.warnings, self.lang) + self.apa().to_html(self.lang)

    def _shown_name(self, name: str) -> str:
        return f"{name}_label" if name in self.headings and self.headings[name].labels else name

    def _column(self, name: str) -> Column:
        if name == "ci":
            return Column("theory.col_ci", "interval", parts=("ci_lower", "ci_upper"), bounded=True, digits=3)
        head = self.headings[name]
        kinds: dict[str, Any] = {"integer": "integer", "number": "number"}
        return Column(head.header, kinds.get(head.format, "text"))

    def _line(self, row: Mapping[Any, Any], lang: Language) -> str:
        names = [name for name in self.shown if name != "ci" and not is_missing(row[self._shown_name(name)])]
        texts = [cell_text(row[self._shown_name(name)], self._column(name), lang) for name in names]
        return "  - " + wrap(" | ".join(text for text in texts if text), _LINE, 1)


def make_table(topic: Topic, lang: Language) -> TheoryTable:
    """The topic as a result, its texts in one language."""
    cells = cells_of(topic)
    counts = cells["status"].value_counts()
    status: dict[str, int] = {name: int(counts[name]) for name in STATUSES if name in counts}
    named = [key for keys in cells["references"] for key in keys.split(", ") if key]
    references = tuple(dict.fromkeys([*topic.references, *named]))
    return TheoryTable(
        topic=topic.name,
        group=topic.group,
        lang=lang,
        title=topic.title,
        about=topic.about,
        table=_in_one_language(cells, topic, lang),
        status=status,
        points=topic.points,
        references=references,
        warnings=_warnings(status, references),
        cells=cells.copy(),
        headings=topic.headings,
        shown=topic.shown,
    )


def _in_one_language(cells: pd.DataFrame, topic: Topic, lang: Language) -> pd.DataFrame:
    out = cells.copy()
    for name in cells:
        head = topic.headings.get(name)
        if head is not None and head.format in _NUMBERS:
            out[name] = pd.to_numeric(cells[name])
        else:
            out[name] = [pick(cell, lang) if isinstance(cell, Mapping) else cell for cell in cells[name]]
    return out


def _warnings(status: Mapping[str, int], references: tuple[str, ...]) -> tuple[Notice, ...]:
    rows = sum(status.values())
    found = [
        Notice(f"theory.rows_{name}", {"count": status[name], "rows": rows}, serious=name == "memory")
        for name in ("memory", "article", "drafted")
        if status.get(name)
    ]
    recalled = [work for work in cite(*references) if work.status == "memory"]
    if recalled:
        found.append(Notice("theory.works_recalled", {"count": len(recalled), "works": len(references)}))
    return tuple(found)


def _status_notes(status: Mapping[str, int]) -> list[dict[str, str]]:
    return [_both(f"theory.status_note_{name}") for name in STATUSES if name in status]


def _both(key: str) -> dict[str, str]:
    return {lang: tr(key, lang) for lang in LANGUAGES}
