"""The result of `cx.parallel_analysis`: holds the eigenvalues, shows them as text, table and scree figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.efa_input import Sample
from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.estimate.factor.number import retained
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False, eq=False)
class ParallelAnalysis(Result):
    """Observed and chance eigenvalues; see `cxlab.parallel_analysis` for its columns.

    Attributes
    ----------
    table, map : DataFrame
    warnings : tuple of Notice
    draw : {"simulated", "permuted", "resampled"}
    n_draws : int
        Draws used.
    quantile : float
    seed : int
    """

    table: pd.DataFrame
    map: pd.DataFrame
    warnings: tuple[Notice, ...]
    sample: Sample = field(repr=False)
    draw: str
    n_draws: int
    quantile: float
    seed: int

    references = ("horn_1965", "humphreys_montanelli_1975", "velicer_1976", "velicer_2000")

    @property
    def n_components(self) -> int:
        """Components above the quantile, counted until one is not."""
        return int(self.table["keep_component"].sum())

    @property
    def n_factors(self) -> int:
        """Factors above the quantile, counted until one is not."""
        return int(self.table["keep_factor"].sum())

    @property
    def n_components_mean(self) -> int:
        """Components above the mean."""
        return self._above_mean("component")

    @property
    def n_factors_mean(self) -> int:
        """Factors above the mean."""
        return self._above_mean("factor")

    @property
    def n_kaiser(self) -> int:
        """Eigenvalues above 1: the old rule, for comparison."""
        return int((self.table["component"] > 1).sum())

    @property
    def n_map(self) -> int:
        """Components with the smallest average squared partial correlation."""
        return int(self.map["average_squared"].idxmin())

    @property
    def n_map_fourth(self) -> int:
        """Components with the smallest average fourth-power partial correlation."""
        return int(self.map["average_fourth"].idxmin())

    def with_notices(self, notices: Sequence[Notice]) -> ParallelAnalysis:
        """The same result with more to know."""
        return replace(self, warnings=(*self.warnings, *notices))

    def summary(self, lang: Language | None = None) -> str:
        """What each criterion suggests, then what to know."""
        values = {"n": self.sample.n_obs, "items": len(self.sample.names), "how": self._how(lang)}
        head = tr("factor.parallel_head", lang, **values)
        share = format_number(100 * self.quantile, 0, lang=lang)
        lines = [
            tr("factor.says_factors", lang, count=self.n_factors, mean=self.n_factors_mean, share=share),
            tr("factor.says_components", lang, count=self.n_components, mean=self.n_components_mean, share=share),
            tr("factor.says_map", lang, count=self.n_map, fourth=self.n_map_fourth),
            tr("factor.says_kaiser", lang, count=self.n_kaiser),
        ]
        return "\n".join([head, *(f"  {line}" for line in lines), *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Eigenvalues of the data beside mean and quantile of chance, for factors and components."""
        shown = max(self.n_factors, self.n_components, self.n_kaiser) + 3
        frame = self.table.head(shown)
        share = f"{100 * self.quantile:g}"
        columns = {"position": Column("factor.col_position", "integer")}
        for name in ("factor", "component"):
            columns[name] = Column("factor.col_data", "number")
            columns[f"{name}_mean"] = Column("factor.col_chance_mean", "number")
            columns[f"{name}_quantile"] = Column(bilingual("factor.col_quantile", share=share), "number")
        spanners = tuple(
            (bilingual(f"factor.{name}s"), (name, f"{name}_mean", f"{name}_quantile"))
            for name in ("factor", "component")
        )
        notes = [
            each(lambda lang: tr("factor.note_parallel", lang, how=self._how(lang), n=self.sample.n_obs)),
            bilingual("factor.note_suggested", factors=self.n_factors, components=self.n_components, map=self.n_map,
                      fourth=self.n_map_fourth),
        ]  # fmt: skip
        notes += [bilingual("analyses.simulated")] if self.sample.simulated else []
        notes += [each(notice.text) for notice in self.warnings if notice.serious]
        return in_language(Table(frame, columns, "factor.title_parallel", notes=tuple(notes), spanners=spanners), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Scree figure: factors and components, with mean and band of the draws; those kept are full dots."""
        from cxlab.show.scree import scree_plot

        panels, kept = [], []
        for name, count in (("factor", self.n_factors), ("component", self.n_components)):
            frame = pd.DataFrame(
                {
                    "position": self.table["position"],
                    "observed": self.table[name],
                    "mean": self.table[f"{name}_mean"],
                    "lower": self.table[f"{name}_lower"],
                    "quantile": self.table[f"{name}_quantile"],
                }
            )
            panels.append((bilingual(f"factor.{name}s"), frame, count))
            kept.append(bilingual("factor.kept", count=count))
        ends = {"low": f"{100 * (1 - self.quantile):g}", "high": f"{100 * self.quantile:g}"}
        return scree_plot(
            panels,  # type: ignore[arg-type]
            title=bilingual("factor.simulated_title") if self.sample.simulated else None,
            xlabel="factor.axis_position",
            ylabel="factor.axis_eigenvalue",
            observed="factor.legend_data",
            chance="factor.legend_chance",
            band=bilingual("factor.legend_band", **ends),
            kept=kept,  # type: ignore[arg-type]
            lang=lang,
        )

    def _above_mean(self, name: str) -> int:
        return retained(self.table[name].to_numpy(), self.table[f"{name}_mean"].to_numpy())

    def _how(self, lang: Language | None) -> str:
        kind = tr(f"factor.correlation_{self.sample.correlation}", lang)
        draw = tr(f"factor.draw_{self.draw}", lang)
        return tr("factor.how_drawn", lang, count=self.n_draws, draw=draw, kind=kind, seed=self.seed)
