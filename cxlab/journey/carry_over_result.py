"""The result of `cx.carry_over`: paths, rival models, invariance over waves, shocks; as text, tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from cxlab.analyses.compare_result import Comparison
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.sem_text import fit_line
from cxlab.errors import CxlabError, Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.journey.carry_over_plan import Plan
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TableKind = Literal["paths", "comparison", "invariance", "shocks"]
PlotKind = Literal["paths", "shocks"]


@dataclass(frozen=True, repr=False, eq=False)
class CarryOver(Result):
    """A cross-lagged panel model; see `cxlab.carry_over` for the tables' columns.

    Attributes
    ----------
    table, by_wave, invariance, shocks, lasting : DataFrame
    comparison : Comparison or None
        None where there is no rival model.
    fits : mapping of {"equal", "free", "no_carry_over"} to SemFit
    text : str
        The lavaan text behind `table`.
    plan : Plan
        Measures, waves, columns.
    variant : {"equal", "free"}
    labels : mapping of measure to bilingual label
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    by_wave: pd.DataFrame
    comparison: Comparison | None
    invariance: pd.DataFrame
    shocks: pd.DataFrame
    lasting: pd.DataFrame
    fits: Mapping[str, SemFit]
    text: str
    plan: Plan
    variant: str
    random_intercepts: bool
    labels: Mapping[str, Text]
    level: float
    warnings: tuple[Notice, ...]

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        theory = ("bolton_lemon_1999", "lervik_olsen_2015")
        more = ("hamaker_2015",) if self.random_intercepts else ()
        return (*theory, "little_2013", *more, *self.fit.references)

    @property
    def fit(self) -> SemFit:
        """The fitted model behind `table`."""
        return self.fits[self.variant]

    def label(self, measure: str, lang: Language | None = None) -> str:
        """A measure in words."""
        return pick(self.labels[measure], lang)

    def summary(self, lang: Language | None = None) -> str:
        """Model, paths by kind, rival models, how long shocks last; then what to know."""
        waves = ", ".join(self.plan.waves)
        head = tr(
            "carry_over.head", lang, n=self.fit.n_obs, waves=waves, model=tr(f"carry_over.model_{self.variant}", lang)
        )
        lines = [head, "  " + fit_line(self.fit.fit_measures, lang)]
        for kind, part in self.table.groupby("kind", sort=False):
            lines.append(f"  {tr(f'carry_over.kind_{kind}', lang)}")
            lines += [self._path_line(row, lang) for row in part.to_dict("records")]
        lines += self._rival_lines(lang)
        lines += [f"  {line}" for line in self._lasting_lines(lang)]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None, *, kind: TableKind = "paths") -> Table:
        """A table for a paper: paths, comparison of models, invariance over waves, or what shocks leave behind."""
        from cxlab.journey.carry_over_print import comparison_table, invariance_table, paths_table, shocks_table

        makers = {
            "paths": paths_table,
            "comparison": comparison_table,
            "invariance": invariance_table,
            "shocks": shocks_table,
        }
        if kind not in makers:
            raise CxlabError("sem.unknown_table", kind=kind, known=", ".join(makers))
        return in_language(makers[kind](self), lang)

    def plot(self, kind: PlotKind = "paths", lang: Language | None = None) -> Figure:
        """The panel from left to right with standardised paths, or the responses to a shock in each measure."""
        from cxlab.journey.carry_over_print import paths_figure, shocks_figure

        if kind not in ("paths", "shocks"):
            raise CxlabError("carry_over.unknown_plot", kind=kind, known="paths, shocks")
        return paths_figure(self, lang) if kind == "paths" else shocks_figure(self, lang)

    def _path_line(self, row: Mapping[str, float], lang: Language | None) -> str:
        cause, outcome = self.label(str(row["cause"]), lang), self.label(str(row["outcome"]), lang)
        wave = f" ({tr('carry_over.wave', lang, wave=row['wave'])})" if row["wave"] else ""
        ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
        est, std = (format_number(row[name], 2, lang=lang) for name in ("est", "std"))
        return f"    {cause} → {outcome}{wave}: {est} {ends}, {p_text(row['pvalue'], lang)}; β = {std}"

    def _rival_lines(self, lang: Language | None) -> list[str]:
        if self.comparison is None:
            return []
        lines = []
        before = ""
        for row in self.comparison.table.to_dict("records"):
            name = tr(f"carry_over.model_{row['model']}", lang)
            if before:
                values = {"chisq": format_number(row["chisq_diff"], 2, lang=lang), "df": f"{row['df_diff']:.0f}"}
                p = p_text(row["pvalue"], lang)
                lines.append("  " + tr("carry_over.rival_line", lang, first=before, second=name, p=p, **values))
            before = name
        return lines

    def _lasting_lines(self, lang: Language | None) -> list[str]:
        """The strongest lasting response of each shock in another measure, and of itself."""
        lines = []
        for row in self.lasting.to_dict("records"):
            if row["shock"] == row["response"] and not pd.isna(row["half_at"]):
                half = format_number(row["half_at"], 1, lang=lang)
                until = "–" if pd.isna(row["sure_until"]) else f"{row['sure_until']:.0f}"
                name = self.label(str(row["shock"]), lang)
                lines.append(tr("carry_over.lasting_line", lang, measure=name, half=half, until=until))
        return lines
