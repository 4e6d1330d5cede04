"""The result of `cx.specification_curve`: one estimate under many choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.pool_result import parameter_name
from cxlab.analyses.result import bilingual, each, in_language, notices_html
from cxlab.analyses.specification_curve_choices import Choice
from cxlab.analyses.validity_base import Labelled
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, current_language, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Kind = Literal["specifications", "options"]
KINDS: tuple[Kind, ...] = ("specifications", "options")
Verdict = Literal["robust", "sign_holds", "sign_changes", "one", "none"]
_PRINTED = 40


@dataclass(frozen=True, repr=False, eq=False)
class SpecificationCurve(Labelled):
    """An estimate under every combination of choices; see `cxlab.specification_curve` for the columns of the tables.

    Attributes
    ----------
    table, influence, options : DataFrame
    choices : tuple of Choice
    words : mapping of (choice, option) to text
    warnings : tuple of Notice
    parameter : mapping
        lhs, op, rhs of the estimate that is followed.
    standardised : bool
    level : float
    null : float
        The value that p, sign and verdict are against.
    reasons : tuple of tuples of Notice
        Row by row of `table`, why a specification has no result or is not admissible.
    """

    table: pd.DataFrame
    influence: pd.DataFrame
    options: pd.DataFrame
    choices: tuple[Choice, ...]
    words: Mapping[tuple[str, str], Mapping[str, str]]
    warnings: tuple[Notice, ...]
    parameter: Mapping[str, str]
    standardised: bool
    level: float
    null: float = 0.0
    reasons: tuple[tuple[Notice, ...], ...] = field(default=(), repr=False)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    references: tuple[str, ...] = ("simonsohn_2020", "steegen_2016")

    @property
    def usable(self) -> pd.DataFrame:
        """The specifications that count: converged, admissible, no repeat of an earlier one."""
        return self.table[self.table["usable"]].reset_index(drop=True)

    @property
    def reference(self) -> Mapping[Any, Any]:
        """The researcher's own specification: the first way of every choice."""
        return dict(self.table.iloc[0])

    @property
    def symbol(self) -> str:
        """Standardised β, r of a covariance, λ of a loading; else B."""
        return {"~~": "r", "=~": "λ"}.get(self.parameter["op"], "β") if self.standardised else "B"

    @property
    def verdict(self) -> Verdict:
        """``robust`` (one side of `null`, one verdict), ``sign_holds``, ``sign_changes``, ``one`` or ``none``."""
        used = self.usable
        if len(used) < 2:
            return "one" if len(used) else "none"
        if used["estimate"].min() < self.null < used["estimate"].max():
            return "sign_changes"
        return "robust" if self.significant(used).nunique() == 1 else "sign_holds"

    def significant(self, rows: pd.DataFrame) -> pd.Series:
        """Which rows differ from `null` with p below 1 - level."""
        return rows["pvalue"] < 1 - self.level

    def why(self, number: int, lang: Language | None = None) -> str:
        """Why specification `number` (from 1) has no result or does not count; empty if nothing is wrong."""
        return " ".join(notice.text(lang) for notice in self.reasons[number - 1])

    def target(self, lang: Language | None = None) -> str:
        """The estimate that is followed, in the codebook's words."""
        return parameter_name(self.parameter, self.labels, lang)

    def word(self, choice: str, option: str, lang: Language | None = None) -> str:
        """An option as people read it."""
        return pick(self.words[choice, option], lang)

    def reading(self, lang: Language | None = None) -> tuple[str, ...]:
        """The answer, its range, what moves it, what failed: a sentence each."""
        from cxlab.analyses.specification_curve_words import reading

        return reading(self, lang)

    def summary(self, lang: Language | None = None) -> str:
        """The reading under a head, and what to know."""
        from cxlab.analyses.specification_curve_words import summary

        return summary(self, lang)

    def apa(self, lang: Language | None = None, *, kind: Kind = "specifications") -> Table:
        """A table for a paper.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
        kind : {"specifications", "options"}
            Every specification (the first 40), or the mean estimate by option of each choice.
        """
        if kind not in KINDS:
            raise CxlabError("curve.unknown_table", kind=kind, known=", ".join(KINDS))
        return in_language(self._specifications() if kind == "specifications" else self._options(), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Sorted estimates with their intervals, and below each the choices behind it."""
        from cxlab.show.specification_curve import specification_figure

        rows = self.table[self.table["converged"] & self.table["repeats"].isna()]
        if not len(rows):
            raise CxlabError("curve.nothing_to_draw")
        rows = rows.sort_values("estimate", kind="stable", ignore_index=True)
        shown = rows.assign(
            significant=self.significant(rows), hollow=~rows["usable"], reference=rows["specification"] == 1
        )
        marks = {
            (
                bilingual(f"curve.choice_{choice.name}")[lang or current_language()],
                self.word(choice.name, option, lang),
            ): (rows[choice.name] == option).to_numpy()
            for choice in self.choices
            if len(choice.options) > 1
            for option in choice.options
        }
        title = bilingual(
            "curve.figure_simulated" if self.simulated else "curve.figure_title", target=each(self.target)
        )
        return specification_figure(
            shown, marks, title=title, ylabel=bilingual("curve.axis", symbol=self.symbol), lang=lang,
            bounded=self.standardised, null=self.null,
        )  # fmt: skip

    def _varying(self) -> list[Choice]:
        return [choice for choice in self.choices if len(choice.options) > 1]

    def _specifications(self) -> Table:
        frame = self.table.head(_PRINTED)
        columns = {"specification": Column("", "integer")}
        held = {}
        for choice in self._varying():
            held[choice.name] = [self.words[choice.name, option] for option in frame[choice.name]]
            columns[choice.name] = Column(f"curve.choice_{choice.name}")
        held["note"] = [self._note(row) for row in frame.to_dict("records")]
        kind: Any = "bounded" if self.standardised else "number"
        columns |= {
            "n": Column("curve.col_n", "integer"),
            "estimate": Column(self.symbol, kind),
            "ci": Column(
                bilingual("curve.col_interval", level=f"{100 * self.level:g}"),
                "interval",
                parts=("ci_lower", "ci_upper"),
                bounded=self.standardised,
            ),
            "pvalue": Column("curve.col_p", "p"),
        }
        if any(held["note"]):
            columns["note"] = Column("curve.col_note")
        left = len(self.table) - len(frame)
        notes = (bilingual("curve.note_left", left=left),) if left else ()
        title = bilingual("curve.table_title", target=each(self.target))
        notes = (bilingual("curve.note"), *notes, *self._against(), *self.told())
        return Table(frame.assign(**held), columns, title, notes=notes)

    def _against(self) -> tuple[Mapping[str, str], ...]:
        """What p is against, where that is not 0."""
        from cxlab.analyses.specification_curve_words import number

        shown = each(lambda lang: tr("curve.note_null", lang, null=number(self, self.null, lang)))
        return (shown,) if self.null else ()

    def _note(self, row: Mapping[Any, Any]) -> Any:
        if not pd.isna(row["repeats"]):
            return bilingual("curve.note_repeats", number=int(row["repeats"]))
        if not row["converged"]:
            return each(lambda lang: tr("curve.note_failed", lang, why=self.why(int(row["specification"]), lang)))
        return "" if row["admissible"] else bilingual("curve.note_inadmissible")

    def _options(self) -> Table:
        names = [choice.name for choice in self._varying()]
        rows = self.options[self.options["choice"].isin(names)].reset_index(drop=True)
        panels = {name: bilingual(f"curve.choice_{name}") for name in names}
        frame = rows.assign(
            panel=[panels[name] for name in rows["choice"]],
            option=[self.words[row["choice"], row["option"]] for row in rows.to_dict("records")],
        )
        kind: Any = "bounded" if self.standardised else "number"
        columns = {
            "option": Column("curve.col_option"),
            "specifications": Column("curve.col_count", "integer"),
            "mean": Column("curve.col_mean", kind),
            "lowest": Column("curve.col_lowest", kind),
            "highest": Column("curve.col_highest", kind),
        }
        title = bilingual("curve.options_title", target=each(self.target))
        notes = (bilingual("curve.note_options"), *self.told())
        return Table(frame, columns, title, notes=notes, group="panel")

    def _repr_html_(self) -> str:
        from cxlab.analyses.specification_curve_words import head

        lang = current_language()
        rows = "".join(f"<li>{escape(text)}</li>" for text in self.reading(lang))
        top = f'<p class="cxlab-head">{escape(head(self, lang))}</p><ul class="cxlab-reading">{rows}</ul>'
        return notices_html(self.warnings, lang) + top + self.apa(lang, kind="options").to_html(lang)
