"""Paired answers in numbers: two means, their difference with tests, and how reliable such differences are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cxlab.evaluate.reliability import cronbach_alpha

Array = NDArray[np.float64]
# Means of items differ by rounding where they are equal; ranks must not see that.
_DIGITS = 10


def paired(first: Array, second: Array, weights: Array | None, level: float) -> dict[str, Any]:
    """Means, standard deviations, difference second - first with interval, t and signed-rank test, effect sizes.

    Parameters
    ----------
    first, second : (n,) arrays
        Expectation and perception, complete.
    weights : (n,) array or None
        Survey weights; the signed-rank test has no weighted form and is then nan.

    Notes
    -----
    Weighted: means, variances and standard errors are those of R's ``survey::svymean`` and ``svyvar`` with
    ``svydesign(ids = ~1, weights = ~w)``.
    """
    n = len(first)
    weight = np.ones(n) if weights is None else weights
    gap = np.round(second - first, _DIGITS)
    (mean_1, sd_1), (mean_2, sd_2), (mean, sd) = (_moments(x, weight) for x in (first, second, gap))
    residual = weight * (gap - mean) / weight.sum()
    se = float(np.sqrt(n / (n - 1) * (residual**2).sum())) if n > 1 else np.nan
    half = stats.t.ppf((1 + level) / 2, n - 1) * se if n > 1 else np.nan
    t = mean / se if se > 0 else np.nan
    return {
        "n": n,
        "mean_expectation": mean_1,
        "sd_expectation": sd_1,
        "mean_perception": mean_2,
        "sd_perception": sd_2,
        "r": _correlation(first, second, weight, sd_1, sd_2),
        "gap": mean,
        "gap_sd": sd,
        "se": se,
        "gap_ci_lower": mean - half,
        "gap_ci_upper": mean + half,
        "t": t,
        "df": n - 1,
        "pvalue": float(2 * stats.t.sf(abs(t), n - 1)),
        **_ranks_and_sizes(gap, weights, mean, sd, (sd_1 + sd_2) / 2),
    }


def _ranks_and_sizes(gap: Array, weights: Array | None, mean: float, sd: float, spread: float) -> dict[str, float]:
    """Signed-rank test, effect sizes, and how many fell short, met or passed what they expected."""
    statistic, pvalue, biserial = signed_ranks(gap) if weights is None else (np.nan, np.nan, np.nan)
    weight = np.ones(len(gap)) if weights is None else weights
    shares = [float(weight[inside].sum() / weight.sum()) for inside in (gap < 0, gap == 0, gap > 0)]
    return {
        "wilcoxon_v": statistic,
        "wilcoxon_pvalue": pvalue,
        "d_z": mean / sd if sd > 0 else np.nan,
        "d_av": mean / spread if spread > 0 else np.nan,
        "rank_biserial": biserial,
        **dict(zip(("share_worse", "share_equal", "share_better"), shares, strict=True)),
    }


def signed_ranks(gap: Array) -> tuple[float, float, float]:
    """V, two-sided p and matched-pairs rank-biserial correlation of differences; zeros are left out.

    As R's ``wilcox.test(paired = TRUE, exact = FALSE)``: normal approximation with corrections for ties and continuity.
    Correlation: (V - V of the negative ones) over their sum (Kerby, 2014).

    Examples
    --------
    >>> v, p, r = signed_ranks(np.array([1.0, 2.0, -1.0, 3.0, 0.0, 2.0]))
    >>> v, round(p, 4), r
    (13.5, 0.1344, 0.8)
    """
    own = gap[gap != 0]
    if not len(own):
        return np.nan, np.nan, np.nan
    ranks = stats.rankdata(np.abs(own))
    v, whole = float(ranks[own > 0].sum()), float(ranks.sum())
    found = stats.wilcoxon(own, zero_method="wilcox", correction=True, method="asymptotic")
    return v, float(found.pvalue), (2 * v - whole) / whole


def difference_reliability(alpha_1: float, alpha_2: float, sd_1: float, sd_2: float, r: float) -> float:
    """Reliability of second - first from the reliabilities and standard deviations of both, and their correlation.

    ``(s1^2 a1 + s2^2 a2 - 2 r s1 s2) / (s1^2 + s2^2 - 2 r s1 s2)`` (Lord, 1963; Peter, Churchill & Brown, 1993).

    Examples
    --------
    >>> round(difference_reliability(0.8, 0.8, 1.0, 1.0, 0.5), 3)
    0.6
    """
    below = sd_1**2 + sd_2**2 - 2 * r * sd_1 * sd_2
    return (sd_1**2 * alpha_1 + sd_2**2 * alpha_2 - 2 * r * sd_1 * sd_2) / below if below > 1e-12 else np.nan


def scale_alpha(items: Array, weights: Array | None) -> float:
    """Cronbach's alpha of items (n, k); nan with one item or no variance."""
    if items.shape[1] < 2 or len(items) < 3:
        return np.nan
    return cronbach_alpha(np.cov(items, rowvar=False, aweights=weights))


def _moments(x: Array, weight: Array) -> tuple[float, float]:
    """Weighted mean, and standard deviation with n / (n - 1)."""
    n, mean = len(x), float(np.average(x, weights=weight))
    spread = np.average((x - mean) ** 2, weights=weight) * n / (n - 1) if n > 1 else np.nan
    return mean, float(np.sqrt(spread))


def _correlation(first: Array, second: Array, weight: Array, sd_1: float, sd_2: float) -> float:
    if not (sd_1 > 0 and sd_2 > 0):
        return np.nan
    centred = [x - np.average(x, weights=weight) for x in (first, second)]
    n = len(first)
    return float(np.average(centred[0] * centred[1], weights=weight) * n / (n - 1) / (sd_1 * sd_2))
