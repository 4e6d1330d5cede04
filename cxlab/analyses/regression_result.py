"""The result of `cx.regress`: holds the numbers, shows them as text, tables and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class Regression(Result):
    """A linear regression; see `cxlab.regress` for the columns of its tables."""

    table: pd.DataFrame
    fit: pd.Series
    blocks: pd.DataFrame | None
    collinearity: pd.DataFrame
    checks: pd.DataFrame
    covariance: pd.DataFrame = field(repr=False)
    warnings: tuple[Notice, ...]
    formula: str
    cov_type: str
    level: float
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("mackinnon_white_1985", "long_ervin_2000", "fox_monette_1992", "statsmodels")

    def summary(self, lang: Language | None = None) -> str:
        """Formula, fit, one line a term, then what to know before reading them."""
        width = max(len(term) for term in self.table["term"])
        lines = [self._line(row, width, lang) for row in self.table.to_dict("records")]
        steps = [] if self.blocks is None else [self._step(row, lang) for row in self.blocks.to_dict("records")]
        head = tr("analyses.regression_head", lang, formula=self.formula, errors=self._errors(lang))
        return "\n".join([head, self._fit_text(lang), *lines, *steps, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Coefficients with standard errors, interval, beta, t, p and VIF; notes give the fit and the methods."""
        frame = self.table.assign(label=[self.labels.get(term, term) for term in self.table["term"]])
        level = f"{100 * self.level:g}"
        columns = {
            "label": Column("analyses.col_term"),
            "b": Column("analyses.col_b", "number"),
            "se": Column("analyses.col_se", "number"),
            "ci": Column(bilingual("analyses.col_interval", level=level), "interval", parts=("ci_lower", "ci_upper")),
            "beta": Column("analyses.col_beta", "number"),
            "t": Column("analyses.col_t", "number"),
            "pvalue": Column("analyses.col_p", "p"),
            "vif": Column("analyses.col_vif", "number"),
        }
        notes = [each(self._fit_text), bilingual("analyses.regression_note", errors=each(self._errors))]
        if self.table["vif"].notna().any():
            notes.append(each(lambda lang: rule_note("hair_2019_vif", lang)))
        title = bilingual("analyses.regression_title", outcome=self._outcome())
        return in_language(Table(frame, columns, title, notes=tuple(notes)), lang)

    def apa_blocks(self, lang: Language | None = None) -> Table | None:
        """The steps of a hierarchical regression with R² and its change; None without blocks."""
        if self.blocks is None:
            return None
        columns = {
            "block": Column("analyses.col_block", "integer"),
            "added": Column("analyses.col_added"),
            "r2": Column("analyses.col_r2", "bounded"),
            "adj_r2": Column("analyses.col_adj_r2", "bounded"),
            "delta_r2": Column("analyses.col_delta_r2", "bounded", digits=3),
            "f_change": Column("analyses.col_f_change", "number"),
            "df1": Column("analyses.col_df1", "integer"),
            "df2": Column("analyses.col_df2", "integer"),
            "pvalue": Column("analyses.col_p", "p"),
            "f2": Column("analyses.col_f2", "number"),
        }
        added = [each(partial(self._names, names)) for names in self.blocks["added"]]
        effect = each(lambda lang: rule_note("cohen_1988", lang, ["f2"]))
        note = bilingual("analyses.blocks_note", n=int(self.fit["n"]))
        title = bilingual("analyses.blocks_title", outcome=self._outcome())
        return in_language(Table(self.blocks.assign(added=added), columns, title, notes=(note, effect)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Coefficients with their intervals, without the intercept."""
        from cxlab.show import coefficient_plot

        shown = self.table[self.table["term"] != "Intercept"]
        frame = shown.assign(
            label=[pick(self.labels.get(term, term), lang) for term in shown["term"]], estimate=shown["b"]
        )
        return coefficient_plot(frame, xlabel=bilingual("analyses.axis_b", level=f"{100 * self.level:g}"), lang=lang)

    def _outcome(self) -> Mapping[str, str]:
        name = self.formula.partition("~")[0].strip()
        return next((text for key, text in self.labels.items() if key == name), list(self.labels.values())[-1])

    def _names(self, names: str, lang: Language | None) -> str:
        return " + ".join(pick(self.labels.get(name, name), lang) for name in names.split(" + "))

    def _errors(self, lang: Language | None) -> str:
        return tr("analyses.errors_classical", lang) if self.cov_type == "nonrobust" else self.cov_type

    def _fit_text(self, lang: Language | None) -> str:
        fit = self.fit
        r2, adjusted = (format_number(float(fit[key]), 3, bounded=True, lang=lang) for key in ("r2", "adj_r2"))
        f = format_number(float(fit["wald_f"]), 2, lang=lang)
        p = p_text(float(fit["wald_pvalue"]), lang)
        return tr("analyses.fit_line", lang, n=int(fit["n"]), r2=r2, adjusted=adjusted, df1=int(fit["df_model"]),
                  df2=int(fit["df_resid"]), f=f, p=p, errors=self._errors(lang))  # fmt: skip

    def _line(self, row: dict[str, float], width: int, lang: Language | None) -> str:
        b, beta = (format_number(row[key], 2, lang=lang) for key in ("b", "beta"))
        interval = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
        return f"  {row['term']:<{width}}  b = {b} {interval}  {p_text(row['pvalue'], lang)}  β = {beta}"

    def _step(self, row: dict[str, float], lang: Language | None) -> str:
        r2, delta = (format_number(row[key], 3, bounded=True, lang=lang) for key in ("r2", "delta_r2"))
        f, p = format_number(row["f_change"], 2, lang=lang), p_text(row["pvalue"], lang)
        return f"  {row['block']}. + {row['added']}  R² = {r2}  ΔR² = {delta}  F({row['df1']}, {row['df2']}) = {f}  {p}"
