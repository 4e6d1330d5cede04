"""The result of `cx.shock` on a series: effects, recovery, the course with and without the shock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class Shock(Result):
    """An interrupted series; see `cxlab.shock` for the columns.

    Attributes
    ----------
    table, recovery, series : DataFrame
        `series`: time, label, value, fitted, counterfactual, cf_lower, cf_upper, control; a row a period.
    asymmetry : DataFrame or None
        None unless crises and improvements were named.
    fit : Series
        n, df, r2, phi (first autocorrelation), lags.
    shocks : mapping of name to place
        Number of the first period touched, from 0.
    errors : str
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    recovery: pd.DataFrame
    asymmetry: pd.DataFrame | None
    series: pd.DataFrame
    fit: pd.Series
    label: Text
    shocks: Mapping[str, int]
    errors: str
    level: float
    simulated: bool
    warnings: tuple[Notice, ...]

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        more = {"newey_west": ("newey_west_1987",), "ar1": ("pinheiro_bates_2000",), "ols": ()}[self.errors]
        return ("wagner_2002", "bernal_2017", *more, "fieller_1954", "gijsenberg_2015")

    @property
    def effect(self) -> pd.DataFrame:
        """The rows to read: the difference to the control group if there is one, else the series itself."""
        main = "difference" if (self.table["series"] == "difference").any() else "treated"
        return self.table[self.table["series"] == main].reset_index(drop=True)

    def summary(self, lang: Language | None = None) -> str:
        """Effects of each shock, recovery, asymmetry; then what to know."""
        errors = tr(f"carry_over.errors_{self.errors}", lang, lags=int(self.fit["lags"]))
        lines = [tr("carry_over.shock_head", lang, name=pick(self.label, lang), n=int(self.fit["n"]), errors=errors)]
        for shock, part in self.effect.groupby("shock", sort=False):
            when = self.series["label"].iloc[self.shocks[str(shock)]]
            lines.append("  " + tr("carry_over.shock_name", lang, shock=shock, when=when))
            lines += [self._line(row, lang) for row in part.to_dict("records")]
            lines += [f"    {line}" for line in self._recovery_lines(str(shock), lang)]
        if self.asymmetry is not None:
            lines.append("  " + tr("carry_over.asymmetry", lang))
            lines += [self._line(row, lang) for row in self.asymmetry.to_dict("records")]
            lines.append("    " + tr(f"carry_over.asymmetry_{self.larger}", lang))
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    @property
    def larger(self) -> str:
        """Whose jumps at once are larger, by the interval: "crises", "improvements" or "unclear"."""
        if self.asymmetry is None:
            return "unclear"
        row = self.asymmetry.iloc[0]
        return "crises" if row["ci_lower"] > 0 else "improvements" if row["ci_upper"] < 0 else "unclear"

    def apa(self, lang: Language | None = None) -> Table:
        """Effects with errors, tests and intervals; panels by shock, and by series with a control group."""
        frame = self.table
        if self.asymmetry is not None:
            extra = self.asymmetry.assign(series="asymmetry", shock="")
            frame = pd.concat([frame, extra], ignore_index=True)
        frame["label"] = [bilingual(f"carry_over.effect_{name}") for name in frame["effect"]]
        frame["panel"] = [self._panel(row) for row in frame.to_dict("records")]
        columns = effect_columns(self.level)
        errors = bilingual(f"carry_over.errors_{self.errors}", lags=int(self.fit["lags"]))
        notes = [bilingual("carry_over.note_shock", n=int(self.fit["n"]), errors=errors)]
        notes += [bilingual("carry_over.note_simulated")] if self.simulated else []
        return in_language(Table(frame, columns, "carry_over.shock_title", tuple(notes), group="panel"), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """The series with its fitted course, and the course without the shock with its interval."""
        from cxlab.show.counterfactual import counterfactual_figure

        title = tr("carry_over.shock_title", lang) + (
            f" ({tr('carry_over.simulated', lang)})" if self.simulated else ""
        )
        control = (self.table["series"] == "control").any()
        note = tr(f"carry_over.figure_{'control' if control else 'trend'}", lang, level=f"{100 * self.level:g}")
        shocks = {place: name for name, place in self.shocks.items()}
        return counterfactual_figure(self.series, shocks, title=title, ylabel=self.label, note=note, lang=lang)

    def _line(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
        effect = tr(f"carry_over.effect_{row['effect']}", lang)
        return f"    {effect}: {format_number(row['estimate'], 2, lang=lang)} {ends}, {p_text(row['pvalue'], lang)}"

    def _recovery_lines(self, shock: str, lang: Language | None) -> list[str]:
        rows = self.recovery[self.recovery["shock"] == shock]
        if not len(rows):
            return []
        row = rows.iloc[0]
        high = "∞" if pd.isna(row["ci_upper"]) else format_number(row["ci_upper"], 1, lang=lang)
        low = "–" if pd.isna(row["ci_lower"]) else format_number(row["ci_lower"], 1, lang=lang)
        periods = "–" if pd.isna(row["periods"]) else format_number(row["periods"], 1, lang=lang)
        return [tr(f"carry_over.recovery_{row['verdict']}", lang, periods=periods, low=low, high=high)]

    def _panel(self, row: Mapping[Any, Any]) -> dict[str, str]:
        if row["series"] == "asymmetry":
            return bilingual("carry_over.asymmetry")
        if (self.table["series"] == "control").any():
            return bilingual(f"carry_over.series_{row['series']}", shock=row["shock"])
        return bilingual("carry_over.series_alone", shock=row["shock"])


def effect_columns(level: float) -> dict[str, Column]:
    """How effects of a shock print, with errors, intervals and tests."""
    head = bilingual("carry_over.col_ci", level=f"{100 * level:g}")
    return {
        "label": Column("carry_over.col_effect"),
        "estimate": Column("carry_over.col_estimate", "number"),
        "se": Column("analyses.col_se", "number"),
        "ci": Column(head, "interval", parts=("ci_lower", "ci_upper")),
        "pvalue": Column("analyses.col_p", "p"),
    }
