"""The result of `cx.pls`: holds the estimates, makes its tables when they are first looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import pandas as pd

from cxlab.analyses import pls_shown as shown
from cxlab.analyses import pls_tables as tables
from cxlab.analyses.pls_input import PlsInput, refuse_without_rows
from cxlab.analyses.pls_model import PlsModel
from cxlab.analyses.pls_quantities import Signs
from cxlab.analyses.result import Result, Text
from cxlab.errors import Notice
from cxlab.estimate.pls import Structure, Weighting
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.predict import Antecedents, Benchmark
from cxlab.evaluate import pls as measures
from cxlab.i18n import Language
from cxlab.resample.draws import Draws, Indices
from cxlab.resample.pls import Measure, PlsReplicates
from cxlab.show.table import Table
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.nca_result import Nca
    from cxlab.analyses.pls_blindfold import PlsBlindfold
    from cxlab.analyses.pls_bootstrap_result import PlsBootstrap, PlsInterval, PlsJackknife
    from cxlab.analyses.pls_endogeneity import PlsEndogeneity
    from cxlab.analyses.pls_exact_fit import PlsExactFit
    from cxlab.analyses.pls_group_bootstrap import PlsGroupBootstrap
    from cxlab.analyses.pls_groups import Micom, PlsGroups
    from cxlab.analyses.pls_ipma import ImportancePerformance
    from cxlab.analyses.pls_linearity import PlsLinearity
    from cxlab.analyses.pls_predict import PlsPrediction
    from cxlab.analyses.pls_slopes import SimpleSlopes
    from cxlab.analyses.reviewer_checklist_result import ReviewerChecklist


@dataclass(frozen=True, repr=False, eq=False)
class PlsFit(Result):
    """A PLS path model at its estimates; see `cxlab.pls` for the columns of its tables."""

    model: PlsModel
    given: PlsInput = field(repr=False)
    cor: np.ndarray = field(repr=False)
    weighting: Weighting = field(repr=False)
    solved: Structure = field(repr=False)
    scheme: Scheme
    missing: str
    tolerance: float
    warnings: tuple[Notice, ...]
    source: Survey | None = field(repr=False)
    indicators: pd.DataFrame | None = field(repr=False)
    standard: pd.DataFrame | None = field(repr=False)
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    ends: Mapping[str, tuple[float, float]] = field(default_factory=dict, repr=False)
    simulated: bool = False
    units: np.ndarray = field(default_factory=lambda: np.ones(1), repr=False)
    known: np.ndarray | None = field(default=None, repr=False)
    maps: np.ndarray | None = field(default=None, repr=False)
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
        return self.given.n_obs

    @property
    def frame(self) -> pd.DataFrame:
        """Indicators (n, k) of complete rows, as answered or made of answers; an error where there are none."""
        refuse_without_rows(self.given)
        return pd.DataFrame(self.indicators)

    @property
    def answers(self) -> pd.DataFrame:
        """Complete answers (n, p); an error where the model was estimated from something else."""
        refuse_without_rows(self.given)
        return pd.DataFrame(self.given.answers)

    @property
    def survey(self) -> Survey:
        """What the answers come from; an error for a published matrix."""
        if self.source is None:
            refuse_without_rows(self.given)
        return cast(Survey, self.source)

    def need_rows(self, what: str) -> None:
        """Raise `NotSupportedError`, naming the question, unless the model was estimated from complete rows."""
        refuse_without_rows(self.given, what)

    def replicates(self, draws: Draws, measure: Measure | None = None) -> PlsReplicates:
        """The model in resamples of its respondents, from the same kind of correlations as in the sample.

        Parameters
        ----------
        draws : Draws
            Which of the `n_obs` respondents are in which resample, and how often.
        measure : function, optional
            What else is to be known of each; see `cxlab.resample.pls.Measure`.

        Raises
        ------
        NotSupportedError
            A published matrix, which has no respondents.
        """
        from cxlab.analyses.pls_replicates import replicates

        return replicates(self, draws, measure).estimates

    @property
    def table(self) -> pd.DataFrame:
        """The same as `paths`."""
        return self.paths

    @cached_property
    def paths(self) -> pd.DataFrame:
        """Path coefficients with effect sizes and collinearity."""
        return tables.paths_table(self)

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
        return tables.loadings_table(self)

    @property
    def weights(self) -> pd.DataFrame:
        """Outer weights of standardised indicators: construct item weight.

        Where a composite is made of common factors they are those of the factors' scores; cSEM prints those of the
        factors without error.
        """
        return self.loadings[["construct", "item", "weight"]]

    @cached_property
    def cross_loadings(self) -> pd.DataFrame:
        """Correlations of every indicator with every construct's score."""
        return pd.DataFrame(self.weighting.projected[:, :, 0], self.model.items, self.model.constructs)

    @cached_property
    def r2(self) -> pd.DataFrame:
        """Explained variance: construct r2 r2_adjusted."""
        return tables.r2_table(self)

    @cached_property
    def reliability(self) -> pd.DataFrame:
        """Reliability: construct items mode alpha rho_a rho_c ave reason; a reason where they do not apply."""
        return tables.reliability_table(self)

    @cached_property
    def htmt(self) -> pd.DataFrame:
        """Heterotrait-monotrait ratios of constructs with several indicators, below the diagonal."""
        return tables.htmt_table(self)

    @cached_property
    def htmt2(self) -> pd.DataFrame:
        """The same with geometric means, for items that load unequally (HTMT2). Both without signs."""
        return tables.htmt_table(self, "htmt2")

    @cached_property
    def fornell_larcker(self) -> pd.DataFrame:
        """Roots of AVE on the diagonal, construct correlations below it."""
        return tables.fornell_larcker_table(self)

    @cached_property
    def total_effects(self) -> pd.DataFrame:
        """Effects along all routes: source target direct indirect total."""
        return tables.effects_table(self)

    def effects(
        self, source: str | Sequence[str] | None = None, target: str | Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Direct, specific indirect, indirect and total effects; see `cxlab.analyses.pls_effects.pls_effects`."""
        from cxlab.analyses.pls_effects import pls_effects

        return pls_effects(self, source, target)

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

        nan with repeated indicators, whose correlations of 1 no model is asked to explain, and for second stages that
        are corrected for the reliability of their scores.
        """
        return tables.fit_table(self)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores, one row a respondent; of unit variance where all answers are there and measured.

        Gaps count as what the respondent's other answers lead to expect, an ordered category as the mean of its
        stretch of the normal distribution: such scores vary a little less.
        """
        if self.standard is None:
            refuse_without_rows(self.given, ".scores")
        weights = measures.score_weights(self.weighting, self.model.design)
        frame = cast(pd.DataFrame, self.standard)
        return pd.DataFrame(frame.to_numpy() @ weights, frame.index, self.model.constructs)

    def bootstrap(
        self,
        n: int = 5000,
        seed: int | None = None,
        *,
        ci: PlsInterval = "percentile",
        level: float = 0.95,
        signs: Signs = "none",
        inner: int = 25,
        indices: Indices | None = None,
    ) -> PlsBootstrap:
        """Resamples of the respondents, all estimated at once; see `cxlab.analyses.pls_bootstrap.pls_bootstrap`."""
        from cxlab.analyses.pls_bootstrap import pls_bootstrap

        return pls_bootstrap(self, n, seed, ci=ci, level=level, signs=signs, inner=inner, indices=indices)

    def jackknife(self) -> PlsJackknife:
        """Each respondent left out in turn; see `cxlab.analyses.pls_bootstrap.pls_jackknife`."""
        from cxlab.analyses.pls_bootstrap import pls_jackknife

        return pls_jackknife(self)

    def exact_fit(
        self, n: int = 1000, seed: int | None = None, *, saturated: bool = False, level: float = 0.95
    ) -> PlsExactFit:
        """Bootstrap-based test of exact fit; see `cxlab.analyses.pls_exact_fit.pls_exact_fit`."""
        from cxlab.analyses.pls_exact_fit import pls_exact_fit

        return pls_exact_fit(self, n, seed, saturated=saturated, level=level)

    def linearity(
        self, n: int = 1000, seed: int | None = None, level: float = 0.95, *, indices: Indices | None = None
    ) -> PlsLinearity:
        """Whether causes work in straight lines; see `cxlab.analyses.pls_linearity.pls_linearity`."""
        from cxlab.analyses.pls_linearity import pls_linearity

        return pls_linearity(self, n, seed, level, indices=indices)

    def endogeneity(
        self, n: int = 1000, seed: int | None = None, level: float = 0.95, *, indices: Indices | None = None
    ) -> PlsEndogeneity:
        """Whether something left out moves cause and effect; see `cxlab.analyses.pls_endogeneity.pls_endogeneity`."""
        from cxlab.analyses.pls_endogeneity import pls_endogeneity

        return pls_endogeneity(self, n, seed, level, indices=indices)

    def checklist(self, **results: Any) -> ReviewerChecklist:
        """What reviewers ask, in Hair et al.'s order; see `cxlab.analyses.pls_checklist.pls_checklist`."""
        from cxlab.analyses.pls_checklist import pls_checklist

        return pls_checklist(self, **results)

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

    def blindfold(self, omission: int = 7) -> PlsBlindfold:
        """Stone and Geisser's Q2, superseded by `predict`; see `cxlab.analyses.pls_blindfold.pls_blindfold`."""
        from cxlab.analyses.pls_blindfold import pls_blindfold

        return pls_blindfold(self, omission)

    def ipma(
        self, target: str, ends: Mapping[str, tuple[float, float]] | None = None, **necessity: Any
    ) -> ImportancePerformance:
        """Importance and performance of what leads to a target; see `cxlab.analyses.pls_ipma.pls_ipma`.

        A higher-order construct performs as the weighted mean of all answers to its components. `necessity`, `level`,
        `permutations` and `seed` add necessary conditions.
        """
        from cxlab.analyses.pls_flat import flat
        from cxlab.analyses.pls_ipma import pls_ipma

        self.need_rows(".ipma()")
        return pls_ipma(flat(self, ".ipma()"), target, ends, **necessity)

    def nca(self, outcome: str, conditions: str | Sequence[str] | None = None, **options: Any) -> Nca:
        """What an outcome cannot be had without, by default of all that leads to it; see `cxlab.nca`."""
        from cxlab.analyses.nca import nca

        return nca(outcome, conditions, self, **options)

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

    def groups(
        self,
        by: str,
        n: int = 1000,
        seed: int | None = None,
        method: Literal["permutation", "bootstrap"] = "permutation",
        **options: Any,
    ) -> PlsGroups | PlsGroupBootstrap:
        """Whether paths differ between groups, by labels dealt anew or by resamples of each group.

        See `cxlab.analyses.pls_groups.pls_groups` and `cxlab.analyses.pls_group_bootstrap.pls_group_bootstrap`, which
        takes `level` and `indices` too.
        """
        from cxlab.analyses.pls_group_bootstrap import groups_by

        return groups_by(self, by, n, seed, method, **options)

    def summary(self, lang: Language | None = None) -> str:
        """Sizes, fit, explained variance and paths, then what to know before reading them."""
        return shown.summary(self, lang)

    def apa(self, lang: Language | None = None) -> Table:
        """Paths with effect sizes and collinearity."""
        return shown.paths(self, lang)

    def apa_measurement(self, lang: Language | None = None) -> Table:
        """Reliability and convergent validity of the constructs."""
        return shown.measurement(self, lang)

    def plot(self, lang: Language | None = None, **settings: Any) -> Figure:
        """The path diagram: hexagons for composites, ellipses for common factors."""
        from cxlab.analyses.pls_diagram import pls_diagram

        return pls_diagram(self, lang, **settings)
