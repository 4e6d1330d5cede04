"""The result of `cx.yardsticks`: predictive quality of rival models, and the verdict in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.drivers_notices import figure_title, simulated
from cxlab.analyses.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.i18n import Language, p_text, pick, tr
from cxlab.show.cells import cell_text, interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BOUNDED = Column("", "bounded", 3)


@dataclass(frozen=True, repr=False, eq=False)
class Yardsticks(Result):
    """Out-of-sample predictions by several models; see `cxlab.yardsticks` for the columns of its tables."""

    table: pd.DataFrame
    differences: pd.DataFrame
    scores: pd.DataFrame
    verdict: str
    warnings: tuple[Notice, ...]
    outcome: str
    n: int
    folds: int
    repeats: int
    level: float
    seed: int
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = (
        "nadeau_bengio_2003", "varma_simon_2006", "zou_hastie_2005", "friedman_2001", "scikit_learn",
    )  # fmt: skip

    def summary(self, lang: Language | None = None) -> str:
        """R² of each model out of sample, its difference to the linear model, and the verdict."""
        lines = [self._head(lang)]
        gaps = self.differences.set_index("model")
        for row in self.table.to_dict("records"):
            interval = interval_text(row["r2_lower"], row["r2_upper"], _BOUNDED, lang)
            text = (
                f"  {tr('drivers.model_' + row['model'], lang)}  R² {cell_text(row['r2'], _BOUNDED, lang)} {interval}"
            )
            if row["model"] in gaps.index:
                gap = gaps.loc[row["model"]]
                ends = interval_text(gap["ci_lower"], gap["ci_upper"], _BOUNDED, lang)
                text += "  " + tr(
                    "drivers.to_linear", lang, gap=f"{cell_text(gap['difference'], _BOUNDED, lang)} {ends}"
                )
            lines.append(text)
        return "\n".join([*lines, f"→ {self.verdict_text(lang)}", *notices_text(self.warnings, lang)])

    def verdict_text(self, lang: Language | None = None) -> str:
        """Is there anything non-linear to gain? In one sentence."""
        values: dict[str, Any] = {}
        rows = self.differences[self.differences["model"] == "boosting"]
        if len(rows):
            row = rows.iloc[0]
            values = {
                "gap": cell_text(row["difference"], _BOUNDED, lang),
                "interval": interval_text(row["ci_lower"], row["ci_upper"], _BOUNDED, lang),
                "most": cell_text(row["ci_upper"], _BOUNDED, lang),
                "p": p_text(float(row["pvalue"]), lang),
            }
        return tr(f"drivers.verdict_{self.verdict}", lang, **values)

    def apa(self, lang: Language | None = None) -> Table:
        """R², RMSE and MAE out of sample with intervals, and the difference of R² to the linear model."""
        frame = self.table.merge(self.differences, on="model", how="left")
        frame = frame.assign(label=[each(partial(tr, f"drivers.model_{name}")) for name in frame["model"]])
        level = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        columns = {
            "label": Column("drivers.col_model"),
            "r2": Column("analyses.col_r2", "bounded", digits=3),
            "r2_ci": Column(level, "interval", 3, ("r2_lower", "r2_upper"), bounded=True),
            "rmse": Column("RMSE", "number"),
            "mae": Column("MAE", "number"),
            "difference": Column("drivers.col_to_linear", "bounded", digits=3),
            "difference_ci": Column(level, "interval", 3, ("ci_lower", "ci_upper"), bounded=True),
            "pvalue": Column("analyses.col_p", "p"),
        }
        told = (each(self._head), each(self.verdict_text), bilingual("drivers.yardsticks_note"))
        notes = (*told, *simulated(self.warnings))
        title = bilingual("drivers.yardsticks_title", outcome=self.labels.get(self.outcome, self.outcome))
        return in_language(Table(frame, columns, title, notes=notes), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """R² of each model out of sample, with intervals; 0 is the training mean."""
        from cxlab.show.intervals import interval_plot

        shown = self.table[self.table["model"] != "mean"]
        frame = pd.DataFrame(
            {
                "label": [tr(f"drivers.model_{name}", lang) for name in shown["model"]],
                "estimate": shown["r2"],
                "ci_lower": shown["r2_lower"],
                "ci_upper": shown["r2_upper"],
            }
        )
        title = figure_title("drivers.yardsticks_title", self.labels.get(self.outcome, self.outcome), self.warnings)
        axis = bilingual("drivers.axis_yardsticks", level=f"{100 * self.level:g}")
        return interval_plot(frame, reference={"": 0.0}, title=title, xlabel=axis, digits=3, lang=lang)

    def _head(self, lang: Language | None) -> str:
        name = pick(self.labels[self.outcome], lang) if self.outcome in self.labels else self.outcome
        values = {"folds": self.folds, "repeats": self.repeats, "seed": self.seed, "n": self.n}
        return tr("drivers.yardsticks_head", lang, outcome=name, **values)
