"""The result of `cx.pls`: holds the estimates, makes its tables when they are first looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.pls_model import PlsModel
from cxlab.analyses.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.errors import Notice
from cxlab.estimate.pls import Structure, Weighting
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.predict import Antecedents, Benchmark
from cxlab.evaluate import pls as measures
from cxlab.evaluate.htmt import htmt_ratios, pairs
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.resample.draws import Indices
from cxlab.resample.intervals import Interval
from cxlab.show.table import Column, Table
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.pls_bootstrap import PlsBootstrap
    from cxlab.analyses.pls_groups import Micom, PlsGroups
    from cxlab.analyses.pls_ipma import ImportancePerformance
    from cxlab.analyses.pls_predict import PlsPrediction
    from cxlab.analyses.pls_slopes import SimpleSlopes


@dataclass(frozen=True, repr=False, eq=False)
class PlsFit(Result):
    """A PLS path model at its estimates; see `cxlab.pls` for the columns of its tables."""

    model: PlsModel
    frame: pd.DataFrame = field(repr=False)
    cor: np.ndarray = field(repr=False)
    weighting: Weighting = field(repr=False)
    solved: Structure = field(repr=False)
    scheme: Scheme
    missing: str
    tolerance: float
    warnings: tuple[Notice, ...]
    survey: Survey = field(repr=False)
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    ends: Mapping[str, tuple[float, float]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    answers: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    units: np.ndarray = field(default_factory=lambda: np.ones(1), repr=False)
    first_stage: PlsFit | None = field(default=None, repr=False)
    references: tuple[str, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether the weights settled."""
        return bool(self.weighting.converged[0])

    @property
    def admissible(self) -> bool:
        """Whether reliabilities are positive, loadings and correlations within 1, and correlations fit together."""
        return bool(self.solved.admissible[0])

    @property
    def n_obs(self) -> int:
        """Rows."""
        return len(self.frame)

    @property
    def table(self) -> pd.DataFrame:
        """The same as `paths`."""
        return self.paths

    @cached_property
    def paths(self) -> pd.DataFrame:
        """Path coefficients with effect sizes and collinearity."""
        sources, targets = np.nonzero(self.model.design.paths)
        order = np.lexsort((sources, targets))
        sources, targets = sources[order], targets[order]
        names = np.array(self.model.constructs, dtype=object)
        between = self.solved.correlations[:, :, 0]
        f2 = measures.effect_sizes(between, self.solved.r2[:, 0], self.model.design)
        again = measures.reestimated_effect_sizes(
            self.cor, self.solved.r2[:, 0], self.model.design, self.scheme, self.tolerance
        )
        vif = self._antecedent_vif()
        return pd.DataFrame(
            {
                "source": names[sources],
                "target": names[targets],
                "estimate": self.solved.paths[sources, targets, 0] / self.units[sources],
                "f2": f2[sources, targets],
                "f2_reestimated": again[sources, targets],
                "vif": vif[sources, targets],
            }
        )

    def _antecedent_vif(self) -> np.ndarray:
        """Among the causes of each construct; nan where there is only one."""
        between = self.solved.correlations[:, :, 0]
        found = np.full(between.shape, np.nan)
        for target, causes in enumerate(self.model.design.causes):
            if len(causes) > 1:
                found[causes, target] = measures.variance_inflation(between[np.ix_(causes, causes)])
        return found

    @property
    def f2(self) -> pd.DataFrame:
        """Effect sizes: source target f2 (scores kept) f2_reestimated (the model estimated again without the path)."""
        return self.paths[["source", "target", "f2", "f2_reestimated"]]

    @property
    def vif(self) -> pd.DataFrame:
        """Variance inflation among the causes of each construct: source target vif."""
        return self.paths[["source", "target", "vif"]]

    @cached_property
    def loadings(self) -> pd.DataFrame:
        """Indicators: construct item loading weight vif (within the block)."""
        design, vif = self.model.design, np.full(self.model.design.indicators, np.nan)
        for block, size in zip(design.blocks, design.sizes, strict=True):
            if size > 1:
                vif[block] = measures.variance_inflation(self.cor[block, block])
        return pd.DataFrame(
            {
                "construct": np.array(self.model.constructs, dtype=object)[design.owner],
                "item": self.model.items,
                "loading": self.solved.loadings[:, 0],
                "weight": self.weighting.weights[:, 0],
                "vif": vif,
            }
        )

    @property
    def weights(self) -> pd.DataFrame:
        """Outer weights of standardised indicators: construct item weight."""
        return self.loadings[["construct", "item", "weight"]]

    @cached_property
    def cross_loadings(self) -> pd.DataFrame:
        """Correlations of every indicator with every construct's score."""
        return pd.DataFrame(self.weighting.projected[:, :, 0], self.model.items, self.model.constructs)

    @cached_property
    def r2(self) -> pd.DataFrame:
        """Explained variance: construct r2 r2_adjusted."""
        counts = np.array([len(causes) for causes in self.model.design.causes])
        r2 = self.solved.r2[:, 0]
        adjusted = 1 - (1 - r2) * (self.n_obs - 1) / (self.n_obs - counts - 1)
        table = pd.DataFrame({"construct": self.model.constructs, "r2": r2, "r2_adjusted": adjusted})
        return table[counts > 0].reset_index(drop=True)

    @cached_property
    def reliability(self) -> pd.DataFrame:
        """Reliability: construct items mode alpha rho_a rho_c ave reason; a reason where they do not apply."""
        design = self.model.design
        found = measures.quality(self.cor, self.solved.loadings[:, 0], self._rho(), design)
        single = [size == 1 for size in design.sizes]
        reason = np.where(single, "single_item", np.where(np.array(design.modes) == "B", "formative", ""))
        crossed = np.isin(self.model.constructs, list(self.model.products))
        reason = np.where(crossed, "product", reason)
        numbers = [np.where(crossed, np.nan, part) for part in (found.alpha, found.rho_a, found.rho_c, found.ave)]
        return pd.DataFrame(
            {
                "construct": self.model.constructs,
                "items": design.sizes,
                "mode": design.modes,
                "alpha": numbers[0],
                "rho_a": numbers[1],
                "rho_c": numbers[2],
                "ave": numbers[3],
                "reason": reason,
            }
        )

    def _rho(self) -> np.ndarray:
        """rho_A of every block of mode A, also of those whose correlations are not corrected by it."""
        from cxlab.estimate.pls.structure import rho_a

        found = self.solved.rho_a[:, 0].copy()
        for place, block in enumerate(self.model.design.blocks):
            if self.model.design.modes[place] == "A" and self.model.design.sizes[place] > 1:
                weights = self.weighting.weights[block]
                found[place] = rho_a(self.cor[block, block][:, :, None], weights)[0]
        return found

    @cached_property
    def htmt(self) -> pd.DataFrame:
        """Heterotrait-monotrait ratios of constructs with several indicators, below the diagonal."""
        several = self.model.compared
        blocks = [range(*self.model.design.blocks[place].indices(len(self.cor))) for place in several]
        names = [self.model.constructs[place] for place in several]
        matrix = np.full((len(names), len(names)), np.nan)
        first, second = pairs(len(names))
        if len(names) > 1:
            matrix[second, first] = htmt_ratios(self.cor, blocks)
        return pd.DataFrame(matrix, names, names)

    @cached_property
    def fornell_larcker(self) -> pd.DataFrame:
        """Roots of AVE on the diagonal, construct correlations below it."""
        matrix = np.where(np.tri(len(self.model.constructs), k=-1) > 0, self.solved.correlations[:, :, 0], np.nan)
        np.fill_diagonal(matrix, np.sqrt(self.reliability["ave"]))
        return pd.DataFrame(matrix, self.model.constructs, self.model.constructs)

    @cached_property
    def total_effects(self) -> pd.DataFrame:
        """Effects along all routes: source target direct indirect total."""
        total, direct = (part[:, :, 0] / self.units[:, None] for part in (self.solved.total, self.solved.paths))
        sources, targets = np.nonzero(self._reaches())
        names = np.array(self.model.constructs, dtype=object)
        return pd.DataFrame(
            {
                "source": names[sources],
                "target": names[targets],
                "direct": direct[sources, targets],
                "indirect": (total - direct)[sources, targets],
                "total": total[sources, targets],
            }
        )

    def _reaches(self) -> np.ndarray:
        """Which construct leads to which along any route (J, J)."""
        step = self.model.design.paths.astype(int)
        reach = step.copy()
        for _ in range(len(step)):
            reach = ((reach + reach @ step) > 0).astype(int)
        return reach.astype(bool)

    @cached_property
    def fit_measures(self) -> pd.DataFrame:
        """SRMR, d_ULS and d_G of the estimated and of the saturated model: model srmr d_uls d_g.

        nan with repeated indicators, whose correlations of 1 no model is asked to explain.
        """
        rows = []
        if self.model.repeated:
            rows = [(name, np.nan, np.nan, np.nan) for name in ("estimated", "saturated")]
            return pd.DataFrame(rows, columns=["model", "srmr", "d_uls", "d_g"])
        for name, estimated in (("estimated", True), ("saturated", False)):
            implied = measures.implied_correlations(self.cor, self.solved, self.model.design, estimated)
            found = measures.distance(self.cor, implied)
            rows.append((name, found.srmr, found.d_uls, found.d_g))
        return pd.DataFrame(rows, columns=["model", "srmr", "d_uls", "d_g"])

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores of unit variance, one row a respondent."""
        values = self.frame.to_numpy()
        z = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
        weights = measures.score_weights(self.weighting, self.model.design)
        return pd.DataFrame(z @ weights, self.frame.index, self.model.constructs)

    def bootstrap(
        self,
        n: int = 5000,
        seed: int | None = None,
        *,
        ci: Interval = "percentile",
        level: float = 0.95,
        indices: Indices | None = None,
    ) -> PlsBootstrap:
        """Resamples of the respondents, all estimated at once; see `cxlab.analyses.pls_bootstrap.pls_bootstrap`."""
        from cxlab.analyses.pls_bootstrap import pls_bootstrap

        return pls_bootstrap(self, n, seed, ci=ci, level=level, indices=indices)

    def predict(
        self,
        folds: int = 10,
        repeats: int = 10,
        seed: int | None = None,
        *,
        antecedents: Antecedents = "earliest",
        benchmark: Benchmark = "exogenous",
        assignment: np.ndarray | None = None,
    ) -> PlsPrediction:
        """Predictions of respondents the model has not seen; see `cxlab.analyses.pls_predict.pls_predict`."""
        from cxlab.analyses.pls_predict import pls_predict

        options = {"antecedents": antecedents, "benchmark": benchmark, "assignment": assignment}
        return pls_predict(self, folds, repeats, seed, **options)  # type: ignore[arg-type]

    def ipma(self, target: str, ends: Mapping[str, tuple[float, float]] | None = None) -> ImportancePerformance:
        """Importance and performance of what leads to a target; see `cxlab.analyses.pls_ipma.pls_ipma`."""
        from cxlab.analyses.pls_ipma import pls_ipma

        return pls_ipma(self, target, ends)

    def simple_slopes(
        self,
        product: str | None = None,
        moderator: str | None = None,
        levels: Sequence[float] = (-1.0, 0.0, 1.0),
        bootstrap: PlsBootstrap | None = None,
    ) -> SimpleSlopes:
        """A moderated path at several values of its moderator; see `cxlab.analyses.pls_slopes.pls_simple_slopes`."""
        from cxlab.analyses.pls_slopes import pls_simple_slopes

        return pls_simple_slopes(self, product, moderator, levels, bootstrap)

    def micom(self, by: str, n: int = 1000, seed: int | None = None, alpha: float = 0.05) -> Micom:
        """Whether composites are the same in groups; see `cxlab.analyses.pls_groups.pls_micom`."""
        from cxlab.analyses.pls_groups import pls_micom

        return pls_micom(self, by, n, seed, alpha)

    def groups(self, by: str, n: int = 1000, seed: int | None = None) -> PlsGroups:
        """Whether paths differ between groups; see `cxlab.analyses.pls_groups.pls_groups`."""
        from cxlab.analyses.pls_groups import pls_groups

        return pls_groups(self, by, n, seed)

    def summary(self, lang: Language | None = None) -> str:
        """Sizes, fit, explained variance and paths, then what to know before reading them."""
        fit = self.fit_measures.iloc[0]
        head = tr(
            "pls.head",
            lang,
            scheme=tr(f"pls.scheme_{self.scheme}", lang),
            n=self.n_obs,
            iterations=int(self.weighting.iterations[0]),
            srmr=format_number(fit["srmr"], 3, bounded=True, lang=lang),
        )
        lines = [head, *notices_text(self.warnings, lang)]
        r2 = dict(self.r2[["construct", "r2"]].itertuples(index=False))
        for target in r2:
            rows = self.paths[self.paths["target"] == target]
            parts = [
                f"{self._label(row.source, lang)} {format_number(row.estimate, 2, bounded=True, lang=lang)}"
                for row in rows.itertuples()
            ]
            share = format_number(r2[target], 2, bounded=True, lang=lang)
            lines.append(f"  {self._label(target, lang)} (R² {share}) ← {', '.join(parts)}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """Paths with effect sizes and collinearity."""
        frame = self.paths.assign(
            source=[self.labels.get(name, name) for name in self.paths["source"]],
            target=[self.labels.get(name, name) for name in self.paths["target"]],
        )
        columns = {
            "source": Column("pls.col_source"),
            "target": Column("pls.col_target"),
            "estimate": Column("pls.col_path", "bounded"),
            "f2": Column("pls.col_f2", "number"),
            "vif": Column("pls.col_vif", "number"),
        }
        how = bilingual("pls.note", n=self.n_obs, scheme=bilingual(f"pls.scheme_{self.scheme}"))
        notes = (how, each(lambda one: rule_note("hair_2019_vif", one)))
        return in_language(Table(frame, columns, "pls.title_paths", notes=notes), lang)

    def apa_measurement(self, lang: Language | None = None) -> Table:
        """Reliability and convergent validity of the constructs."""
        why = [bilingual(f"pls.reason_{reason}") if reason else "" for reason in self.reliability["reason"]]
        frame = self.reliability.assign(
            construct=[self.labels.get(name, name) for name in self.model.constructs], reason=why
        )
        columns = {
            "construct": Column("analyses.col_construct"),
            "items": Column("analyses.col_items", "integer"),
            "alpha": Column("analyses.col_alpha", "bounded"),
            "rho_a": Column("pls.col_rho_a", "bounded"),
            "rho_c": Column("pls.col_rho_c", "bounded"),
            "ave": Column("pls.col_ave", "bounded"),
            "reason": Column("analyses.col_reason"),
        }
        if not any(why):
            del columns["reason"]
        notes = (each(lambda one: rule_note("hair_2019_reliability", one)),)
        return in_language(Table(frame, columns, "pls.title_measurement", notes=notes), lang)

    def plot(self, lang: Language | None = None, **settings: Any) -> Figure:
        """The path diagram: hexagons for composites, ellipses for common factors."""
        from cxlab.analyses.pls_diagram import pls_diagram

        return pls_diagram(self, lang, **settings)

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else name
