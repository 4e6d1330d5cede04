"""The result of `cx.service_recovery`: groups, contrasts and the verdict on the paradox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.analyses.regression_result import Regression
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.i18n.shown import Shown
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, bilingual, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.show.text import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_VERDICTS = {"higher": "paradox", "equivalent": "restored", "lower": "worse", "unclear": "unclear"}


@dataclass(frozen=True, repr=False, eq=False)
class ServiceRecovery(Result):
    """Customers with and without failure and recovery; see `cxlab.service_recovery` for the columns.

    Attributes
    ----------
    table, groups : DataFrame
    justice : Regression or None
    margin : float
        Points of the outcome up to which a difference counts as none.
    rule : Notice
        What counted as failure and recovery.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    groups: pd.DataFrame
    justice: Regression | None
    outcome: str
    margin: float
    rule: Notice
    level: float
    simulated: bool
    warnings: tuple[Notice, ...]

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        more = ("tax_1998",) if self.justice is not None else ()
        return (
            "mccollough_bharadwaj_1992",
            "de_matos_2007",
            "kelley_davis_1994",
            "welch_1947",
            "schuirmann_1987",
            *more,
        )

    @property
    def verdict(self) -> str:
        """Of failures put right against none: "paradox" (higher), "restored" (equivalent), "worse", "unclear"."""
        return _VERDICTS[str(self.table["verdict"].iloc[0])]

    def summary(self, lang: Language | None = None) -> str:
        """Verdict, groups, contrasts, justice; then what to know."""
        lines = [tr("carry_over.recovery_head", lang, outcome=self.outcome, n=int(self.groups["n"].sum()))]
        lines.append("  " + self.rule.text(lang))
        lines.append(
            "  " + tr(f"carry_over.paradox_{self.verdict}", lang, margin=format_number(self.margin, 2, lang=lang))
        )
        for row in self.groups.to_dict("records"):
            mean = format_number(row["mean"], 2, lang=lang)
            ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
            lines.append(f"    {tr('carry_over.group_' + row['group'], lang)}: {mean} {ends}, n = {row['n']}")
        lines += [self._line(row, lang) for row in self.table.to_dict("records")]
        if self.justice is not None:
            lines.append("  " + tr("carry_over.justice_head", lang))
            for row in self.justice.table.iloc[1:].to_dict("records"):
                ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
                b = format_number(row["b"], 2, lang=lang)
                lines.append(f"    {row['term']}: {b} {ends}, {p_text(row['pvalue'], lang)}")
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(
        self, lang: Language | None = None, *, kind: Literal["contrasts", "groups", "justice"] = "contrasts"
    ) -> Table:
        """Contrasts with the verdicts, the groups' means, or the regression on justice."""
        if kind == "justice" and self.justice is not None:
            return self.justice.apa(lang)
        if kind not in ("contrasts", "groups"):
            raise CxlabError(
                "sem.unknown_table", kind=kind, known="contrasts, groups" + (", justice" if self.justice else "")
            )
        return in_language(self._contrasts() if kind == "contrasts" else self._means(), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The contrasts with their intervals, and the margin within which a difference counts as none."""
        from cxlab.show.intervals import interval_plot

        frame = pd.DataFrame(
            {
                "label": [tr(f"carry_over.contrast_{one}_{two}", lang)
                          for one, two in zip(self.table["group"], self.table["against"], strict=True)],
                "estimate": self.table["difference"],
                "ci_lower": self.table["ci_lower"],
                "ci_upper": self.table["ci_upper"],
            }
        )  # fmt: skip
        title = tr("carry_over.recovery_title", lang) + (
            f" ({tr('carry_over.simulated', lang)})" if self.simulated else ""
        )
        shown = format_number(self.margin, 2, lang=lang)
        lines = {"": -self.margin, f"±{shown}": 0.0, " ": self.margin}  # one text: the margins may stand close
        axis = bilingual("carry_over.axis_contrast", level=f"{100 * self.level:g}")
        return interval_plot(frame, reference=lines, title=title, xlabel=axis, bounded=False, lang=lang)

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
        name = tr(f"carry_over.contrast_{row['group']}_{row['against']}", lang)
        judged = tr(f"carry_over.contrast_is_{row['verdict']}", lang)
        values = f"{format_number(row['difference'], 2, lang=lang)} {ends}, {p_text(row['pvalue'], lang)}"
        return f"  {name}: {values} ({judged})"

    def _contrasts(self) -> Table:
        frame = self.table
        frame["label"] = [
            bilingual(f"carry_over.contrast_{one}_{two}")
            for one, two in zip(frame["group"], frame["against"], strict=True)
        ]
        frame["judged"] = [bilingual(f"carry_over.contrast_is_{name}") for name in frame["verdict"]]
        columns = {
            "label": Column("carry_over.col_contrast"),
            "difference": Column("carry_over.col_difference", "number"),
            "se": Column("analyses.col_se", "number"),
            "ci": self._ends(),
            "pvalue": Column("analyses.col_p", "p"),
            "d": Column("d", "number"),
            "p_equivalent": Column("carry_over.col_equivalent", "p"),
            "judged": Column("carry_over.col_verdict"),
        }
        notes: list[Words] = [self.rule, Notice("carry_over.note_recovery", {"margin": Shown(self.margin, 2)})]
        notes += [bilingual("carry_over.note_simulated")] if self.simulated else []
        return Table(frame, columns, "carry_over.recovery_title", tuple(notes))

    def _means(self) -> Table:
        frame = self.groups
        frame["label"] = [bilingual(f"carry_over.group_{name}") for name in frame["group"]]
        columns = {
            "label": Column("carry_over.col_group"),
            "n": Column("common.n", "integer"),
            "mean": Column("carry_over.col_mean", "number"),
            "sd": Column("SD", "number"),
            "ci": self._ends(),
        }
        notes: list[Words] = [self.rule, *([bilingual("carry_over.note_simulated")] if self.simulated else [])]
        return Table(frame, columns, "carry_over.recovery_groups_title", tuple(notes))

    def _ends(self) -> Column:
        ends = bilingual("carry_over.col_ci", level=f"{100 * self.level:g}")
        return Column(ends, "interval", parts=("ci_lower", "ci_upper"))
