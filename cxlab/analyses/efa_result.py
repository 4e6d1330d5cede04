"""The result of `cx.efa`: holds the solution, shows it, scores respondents, resamples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from cxlab.analyses.efa_input import Sample, check_choice
from cxlab.analyses.efa_solution import SALIENT, Request, Solution
from cxlab.analyses.result import Result, bilingual, in_language
from cxlab.errors import DataError, Notice
from cxlab.estimate.factor.scores import SCORE_METHODS, ScoreMethod, score_weights
from cxlab.i18n import Language
from cxlab.show.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.efa_bootstrap_result import EfaBootstrap
    from cxlab.resample.intervals import Interval

Small = Literal["blank", "parentheses", "show"]
_METHODS = {"minres": ("harman_jones_1966",), "ml": ("joreskog_1967",), "pa": ()}
_ROTATIONS = {
    "oblimin": ("jennrich_sampson_1966", "jennrich_2002"),
    "quartimin": ("jennrich_sampson_1966", "jennrich_2002"),
    "geomin": ("yates_1987", "jennrich_2002"),
    "promax": ("hendrickson_white_1964",),
    "varimax": ("kaiser_1958", "jennrich_2001"),
    "quartimax": ("jennrich_2001",),
    "none": (),
}


@dataclass(frozen=True, repr=False, eq=False)
class EFA(Result):
    """A factor solution; see `cxlab.efa` for what its tables hold.

    Attributes
    ----------
    loadings, structure : DataFrame (items by factors)
        Pattern (regression weights of items on factors), and correlations of items and factors.
    communalities : Series
        Share of each item's variance that the factors explain.
    factor_correlations : DataFrame
    variance : DataFrame
        One row a factor: ss_loadings proportion cumulative share determinacy (correlation of the factor with its
        regression scores).
    fit_measures : Series
        See `cxlab.analyses.efa_fit.fit_measures`.
    residuals : DataFrame
        Correlations less those that the factors reproduce.
    table : DataFrame
    warnings : tuple of Notice
    """

    loadings: pd.DataFrame
    structure: pd.DataFrame
    communalities: pd.Series
    factor_correlations: pd.DataFrame
    variance: pd.DataFrame
    fit_measures: pd.Series
    residuals: pd.DataFrame
    table: pd.DataFrame
    warnings: tuple[Notice, ...]
    sample: Sample = field(repr=False)
    request: Request = field(repr=False)
    solution: Solution = field(repr=False)

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the method."""
        own = [*_METHODS[self.request.method], *(_ROTATIONS[self.request.how.name] if self.n_factors > 1 else ())]
        own += ["nguyen_waller_2022"] if self.request.starts > 1 else []
        return (*own, "revelle_psych")

    @property
    def n_factors(self) -> int:
        """Number of factors."""
        return self.request.factors

    @property
    def n_obs(self) -> int | None:
        """Rows that the tests count."""
        return self.sample.n_obs

    @property
    def uniquenesses(self) -> pd.Series:
        """Share of each item's variance that the factors leave."""
        return (1 - self.communalities).rename("uniqueness")

    @property
    def minima(self) -> pd.DataFrame:
        """Minima of the rotation that several starts found, best first: value, count."""
        return pd.DataFrame(list(self.solution.rotation.minima), columns=["value", "count"])

    def summary(self, lang: Language | None = None) -> str:
        """Factors with their items, factor correlations, fit, and what to know before reading them."""
        from cxlab.analyses.efa_text import summary_text

        return summary_text(self, lang)

    def apa(
        self, lang: Language | None = None, *, cut: float = SALIENT, small: Small = "blank", sort: bool = True
    ) -> Table:
        """The pattern of loadings as a paper prints it.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        cut : float
            Loadings below it, sign aside, are small.
        small : {"blank", "parentheses", "show"}
            What becomes of them.
        sort : bool
            Items by the factor they load on most, largest first; False keeps their own order.
        """
        from cxlab.analyses.efa_text import loadings_table

        check_choice("small", small, ("blank", "parentheses", "show"))
        return in_language(loadings_table(self, cut, small, sort, lang), lang)

    def apa_factors(self, lang: Language | None = None) -> Table:
        """Variance, determinacy and correlations of the factors."""
        from cxlab.analyses.efa_text import factors_table

        return in_language(factors_table(self), lang)

    def plot(self, lang: Language | None = None, *, cut: float = SALIENT, sort: bool = True) -> Figure:
        """The loadings as a heat map, items by the factor they load on most; numbers below `cut` are pale."""
        from cxlab.show.loadings import loadings_heatmap

        frame = self.loadings.loc[self.item_order()] if sort else self.loadings
        title = bilingual("factor.simulated_title") if self.sample.simulated else None
        return loadings_heatmap(frame, labels=self.sample.labels, cut=cut, title=title, lang=lang)

    def item_order(self) -> list[str]:
        """Items by the factor they load on most, largest loading first.

        Examples
        --------
        >>> import cxlab as cx
        >>> corr = pd.DataFrame([[1, 0.42, 0.56], [0.42, 1, 0.48], [0.56, 0.48, 1]], list("abc"), list("abc"))
        >>> cx.efa(corr, 1, n_obs=200).item_order()
        ['c', 'a', 'b']
        """
        primary = self.solution.primary
        size = np.abs(self.solution.loadings)[np.arange(len(primary)), primary]
        return [self.sample.names[place] for place in np.lexsort((-size, primary))]

    def scores(self, method: ScoreMethod = "regression") -> pd.DataFrame:
        """Factor scores of the respondents, in standard deviations.

        Parameters
        ----------
        method : {"regression", "tenberge", "bartlett"}
            Thurstone's regression scores (closest to the factors), ten Berge's (correlate as the factors do), or
            Bartlett's (unbiased). See ``.variance["determinacy"]`` for how surely they place anyone.

        Returns
        -------
        DataFrame
            One row a respondent used, columns F1, F2, ...; missing where an answer is missing.

        Raises
        ------
        DataError
            Unknown method; a solution from a matrix, which has no answers; Bartlett's scores of an improper solution.

        Notes
        -----
        R: ``psych::factor.scores(x, fit, method = "Thurstone" | "tenBerge" | "Bartlett")``, which for one factor takes
        Thurstone's whatever is asked for. With polychoric correlations the answers' codes are scored, an approximation.
        """
        check_choice("method", method, SCORE_METHODS)
        values = self.sample.values
        if values is None:
            raise DataError("factor.no_answers")
        found = self.solution
        weights = score_weights(self.sample.corr, found.loadings, found.correlations, method)
        if np.isnan(weights).any():
            raise DataError("factor.no_scores", method=method)
        spread = np.nanstd(values, axis=0, ddof=1)
        standard = (values - np.nanmean(values, axis=0)) / spread
        return pd.DataFrame(standard @ weights, self.sample.index, list(self.loadings.columns))

    def bootstrap(
        self,
        n: int = 1000,
        seed: int | None = None,
        *,
        ci: Interval = "percentile",
        level: float = 0.95,
    ) -> EfaBootstrap:
        """Intervals of loadings, communalities and factor correlations from resampled respondents.

        Parameters
        ----------
        n : int
            Resamples.
        seed : int, optional
            Of the resamples. Without it one is drawn and reported.
        ci : {"percentile", "basic", "bc"}
            Bootstrap interval.
        level : float
            Its confidence level, between 0 and 1.

        Returns
        -------
        EfaBootstrap
            ``.table`` (item factor loading se ci_lower ci_upper), ``.correlations``, ``.communalities``.

        Notes
        -----
        Each resample is factored and rotated anew, the rotation starting from the sample's own; then its factors are
        paired with the sample's by Tucker's congruence (order and sign only: no Procrustes rotation, which would make
        the intervals too narrow).
        """
        from cxlab.analyses.efa_bootstrap import bootstrap

        return bootstrap(self, n, seed, ci, level)
