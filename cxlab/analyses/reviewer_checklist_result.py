"""The result of `cx.reviewer_checklist`: asked, answered, by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.analyses.reviewer_checklist_base import Answer
from cxlab.errors import Notice
from cxlab.evaluate.checklist import Line
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, current_language, pick, tr
from cxlab.show.table import Column, Table
from cxlab.theory.tables.citations import in_text

MARKS = {"met": "✓", "not_met": "✗", "reported": "•", "to_write": "✎", "open": "○", "not_needed": "–"}
_COUNTED = ("met", "not_met", "reported", "open", "to_write")


@dataclass(frozen=True, repr=False, eq=False)
class ReviewerChecklist(Result):
    """A reviewer's questions with their answers; see `cxlab.reviewer_checklist`.

    Attributes
    ----------
    lines : tuple of (Line, Answer)
    warnings : tuple of Notice
    simulated : bool
    results : mapping of str to result
        What `measurement_report` made.
    title : str
        Catalogue key.
    """

    lines: tuple[tuple[Line, Answer], ...]
    warnings: tuple[Notice, ...]
    simulated: bool = False
    results: Mapping[str, Any] = field(default_factory=dict, repr=False)
    title: str = "checklist.title"

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the lines."""
        return tuple(dict.fromkeys(one.key for line, _ in self.lines for one in line.sources))

    @property
    def table(self) -> pd.DataFrame:
        """line, part, ask, state, value, answer, rule, source, status, call: texts in the language in use."""
        lang = current_language()
        rows = [
            {
                "line": line.key, "part": line.part, "ask": pick(line.ask, lang), "state": answer.state,
                "value": answer.value, "answer": pick(answer.text, lang), "rule": line.rule,
                "source": source_text(line, answer, lang), "status": line.status, "call": line.call,
            }
            for line, answer in self.lines
        ]  # fmt: skip
        return pd.DataFrame(rows)

    @property
    def open(self) -> pd.DataFrame:
        """The lines without a result, with what makes it."""
        table = self.table
        return table.loc[table["state"] == "open", ["line", "ask", "call"]].reset_index(drop=True)

    def counts(self) -> dict[str, int]:
        """How many lines are in each state."""
        states: list[str] = [answer.state for _, answer in self.lines]
        return {state: states.count(state) for state in MARKS}

    def summary(self, lang: Language | None = None) -> str:
        """One line a question, marked, in its part."""
        lines, part = [self._head(lang)], None
        for line, answer in self.lines:
            if line.part != part:
                lines.append(tr(f"checklist.part_{line.part}", lang))
            part = line.part
            lines.append(f"  {MARKS[answer.state]} {pick(line.ask, lang)}  {pick(answer.text, lang)}")
        lines.append(tr("checklist.legend", lang))
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Questions in panels, with state, answer, and rule or source."""
        parts = {line.part: bilingual(f"checklist.part_{line.part}") for line, _ in self.lines}
        frame = pd.DataFrame(
            [
                {
                    "part": parts[line.part], "mark": MARKS[answer.state], "ask": line.ask, "answer": answer.text,
                    "source": each(partial(source_text, line, answer)),
                }
                for line, answer in self.lines
            ]
        )  # fmt: skip
        columns = {
            "mark": Column(""),
            "ask": Column("checklist.col_ask"),
            "answer": Column("checklist.col_answer"),
            "source": Column("checklist.col_source"),
        }
        made = (bilingual("analyses.simulated"),) if self.simulated else ()
        notes = (each(self._head), bilingual("checklist.legend"), bilingual("checklist.note"), *made)
        return in_language(Table(frame, columns, bilingual(self.title), notes=notes, group="part"), lang)

    def _head(self, lang: Language | None) -> str:
        counts = self.counts()
        text = tr("checklist.head", lang, count=len(self.lines), **{name: counts[name] for name in _COUNTED})
        return text + (" · " + tr("analyses.simulated", lang) if self.simulated else "")


def source_text(line: Line, answer: Answer, lang: Language | None = None) -> str:
    """The rule with its cut-off, and the works that ask for the line; marked where recalled."""
    texts = [rule_note(line.rule, lang, answer.measures or None)] if line.rule else []
    if line.sources:
        mark = f" [{tr('common.from_memory', lang)}]" if line.status == "memory" else ""
        texts.append("; ".join(in_text(one, lang) for one in line.sources) + mark)
    return " ".join(texts)
