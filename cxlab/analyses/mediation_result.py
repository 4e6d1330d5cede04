"""The result of `cx.mediation`: holds the numbers, shows them as text, tables and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.resample.intervals import Interval
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Labels = Mapping[str, Mapping[str, str]]
_NAMED = ("indirect", "difference")


@dataclass(frozen=True, repr=False, eq=False)
class Mediation(Result):
    """Effects of a cause through mediators; see `cxlab.mediation` for the columns of its tables.

    Attributes
    ----------
    curve : DataFrame
        For one mediator: rho (correlation of the residuals of mediator and outcome), indirect. Else empty.
    replicates : DataFrame
        One row a resample, one column a quantity.
    """

    table: pd.DataFrame
    paths: pd.DataFrame
    sensitivity: pd.DataFrame
    curve: pd.DataFrame = field(repr=False)
    replicates: pd.DataFrame = field(repr=False)
    warnings: tuple[Notice, ...]
    cause: str
    mediators: tuple[str, ...]
    outcome: str
    n: int
    resamples: int
    ci: Interval
    level: float
    seed: int | None
    labels: Labels = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("shrout_bolger_2002", "imai_keele_yamamoto_2010", "cinelli_hazlett_2020")

    def summary(self, lang: Language | None = None) -> str:
        """The chain, each effect with its interval, and how much confounding it bears."""
        names = {"cause": self.label(self.cause, lang), "outcome": self.label(self.outcome, lang)}
        between = ", ".join(self.label(name, lang) for name in self.mediators)
        how = {"ci": tr(f"mediation.ci_{self.ci}", lang), "level": f"{100 * self.level:g}", "resamples": self.resamples}
        head = tr("mediation.head", lang, mediators=between, n=self.n, **how, **names)
        lines = [f"  {self._effect(row, lang)}: {self._number(row, lang)}" for row in self.table.to_dict("records")]
        weakest = self.sensitivity.sort_values("robustness_value").iloc[0]
        path = f"{self.label(weakest['source'], lang)} → {self.label(weakest['target'], lang)}"
        share = format_number(100 * weakest["robustness_value"], 1, lang=lang)
        bears = [tr("mediation.bears", lang, path=path, share=share)]
        if len(self.mediators) == 1:
            rho = format_number(self.sensitivity["rho_zero"].iloc[-1], 2, bounded=True, lang=lang)
            bears.append(tr("mediation.rho", lang, rho=rho))
        return "\n".join([head, *lines, *(f"  {line}" for line in bears), *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None, kind: Literal["effects", "paths", "sensitivity"] = "effects") -> Table:
        """Effects, paths, or what a left-out common cause would have to explain."""
        if kind == "sensitivity":
            return self._sensitivity_table(lang)
        if kind not in ("effects", "paths"):
            raise DataError("mediation.unknown_table", value=kind, known="effects, paths, sensitivity")
        columns = self._numbers()
        if kind == "effects":
            shown = [each(partial(self._effect, row)) for row in self.table.to_dict("records")]
            frame, first = self.table.assign(effect=shown), {"effect": Column("mediation.col_effect")}
        else:
            ends = {side: [self.labels.get(name, name) for name in self.paths[side]] for side in ("source", "target")}
            frame = self.paths.assign(**ends)
            first = {"source": Column("mediation.col_from"), "target": Column("mediation.col_to")}
        note = bilingual("mediation.note", n=self.n, resamples=self.resamples, ci=bilingual(f"mediation.ci_{self.ci}"))
        title = bilingual(f"mediation.title_{kind}", outcome=self.labels.get(self.outcome, self.outcome))
        return in_language(Table(frame, first | columns, title, notes=(note,)), lang)

    def plot(self, lang: Language | None = None, kind: Literal["effects", "sensitivity"] = "effects") -> Figure:
        """Effects with intervals, or for one mediator the indirect effect over unmeasured confounding."""
        if kind == "sensitivity":
            return self._curve(lang)
        if kind != "effects":
            raise DataError("analyses.unknown_option", option="kind", value=kind, known="effects, sensitivity")
        from cxlab.show import coefficient_plot

        shown = self.table[~self.table["effect"].isin(["proportion", "difference"])]
        frame = shown.assign(label=[self._effect(row, lang) for row in shown.to_dict("records")])
        level = f"{100 * self.level:g}"
        axis = bilingual("mediation.axis_effect", outcome=self.labels.get(self.outcome, self.outcome), level=level)
        return coefficient_plot(frame, xlabel=axis, lang=lang)

    def label(self, name: str, lang: Language | None) -> str:
        """A variable in the codebook's words."""
        return pick(self.labels[name], lang) if name in self.labels else name

    def _curve(self, lang: Language | None) -> Figure:
        from cxlab.show.curves import curve_plot

        if self.curve.empty:
            raise DataError("mediation.no_curve", count=len(self.mediators))
        name = bilingual("mediation.indirect_effect")
        table = self.curve.rename(columns={"rho": "x", "indirect": "estimate"}).assign(label=[name] * len(self.curve))
        table = table.assign(ci_lower=table["estimate"], ci_upper=table["estimate"])
        return curve_plot(
            table,
            reference=0.0,
            xlabel="mediation.axis_rho",
            ylabel="mediation.indirect_effect",
            bounded=False,
            lang=lang,
        )

    def _numbers(self) -> dict[str, Column]:
        words = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        return {
            "estimate": Column("mediation.col_estimate", "number"),
            "se": Column("analyses.col_se", "number"),
            "ci": Column(words, "interval", parts=("ci_lower", "ci_upper")),
            "std": Column("mediation.col_std", "number"),
        }

    def _sensitivity_table(self, lang: Language | None) -> Table:
        ends = {side: [self.labels.get(name, name) for name in self.sensitivity[side]] for side in ("source", "target")}
        columns = {
            "source": Column("mediation.col_from"),
            "target": Column("mediation.col_to"),
            "t": Column("analyses.col_t", "number"),
            "robustness_value": Column("mediation.col_robustness", "bounded", digits=3),
        }
        if len(self.mediators) == 1:
            columns["rho_zero"] = Column("mediation.col_rho_zero", "bounded", digits=3)
        note = bilingual("mediation.sensitivity_note")
        table = Table(self.sensitivity.assign(**ends), columns, "mediation.title_sensitivity", notes=(note,))
        return in_language(table, lang)

    def _effect(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        words = tr(f"mediation.effect_{row['effect']}", lang)
        if row["effect"] not in _NAMED:
            return words
        chains = [
            " → ".join(self.label(name, lang) for name in part.split(" → ")) for part in str(row["via"]).split(" − ")
        ]
        return f"{words} {' − '.join(chains)}"

    def _number(self, row: Mapping[str, float], lang: Language | None) -> str:
        if np.isnan(row["estimate"]):
            return tr("mediation.no_proportion", lang)
        ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
        return f"{format_number(row['estimate'], 2, lang=lang)} {ends}"
