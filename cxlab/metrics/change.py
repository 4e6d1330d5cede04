"""The difference of two estimates, of different respondents or of the same asked twice; what it takes to see one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.stats import norm, t

from cxlab.metrics.tally import Cells, Estimate, FloatArray, Score, cells_of, estimate


@dataclass(frozen=True)
class Difference:
    """Second less first, with its test; `df` infinite for z."""

    value: float
    se: float
    ci_lower: float
    ci_upper: float
    statistic: float
    df: float
    pvalue: float


def independent(first: Cells, second: Cells, score: Score, level: float) -> Difference:
    """Second less first of different respondents.

    Means: Welch's t (R: ``t.test``). Unweighted shares: interval with each wave's variance, p-value with the pooled one
    (R: ``prop.test(correct = FALSE)``). Net scores and weighted shares: z with each wave's variance.

    Examples
    --------
    >>> import numpy as np
    >>> share = Score("yes", "share", lambda value: value)
    >>> answers = [np.repeat([1.0, 0.0], counts) for counts in ([15, 85], [30, 70])]
    >>> found = independent(cells_of(answers[0]), cells_of(answers[1]), share, 0.95)
    >>> round(found.value, 2), round(found.pvalue, 4)
    (0.15, 0.0111)
    """
    one, two = estimate(first, score), estimate(second, score)
    value, variance = two.value - one.value, one.se**2 + two.se**2
    df = _welch(one, two) if score.kind == "mean" else math.inf
    test_variance = variance
    if score.kind == "share" and not (first.weighted or second.weighted):
        pooled = (one.value * one.n + two.value * two.n) / (one.n + two.n)
        test_variance = pooled * (1 - pooled) * (1 / one.n + 1 / two.n)
    return _difference(value, math.sqrt(variance), math.sqrt(test_variance), df, level)


def paired(changes: FloatArray, weights: FloatArray | None, level: float) -> Difference:
    """Mean change of the same respondents: the one-sample t test. R: ``t.test(second, first, paired = TRUE)``."""
    found = estimate(cells_of(changes, weights), Score("change", "mean", lambda value: value))
    return _difference(found.value, found.se, found.se, found.n - 1, level)


def _welch(one: Estimate, two: Estimate) -> float:
    parts = [(found.se**2, found.n - 1) for found in (one, two)]
    below = sum(variance**2 / df for variance, df in parts if df > 0)
    return float(sum(variance for variance, _ in parts) ** 2 / below) if below > 0 else math.nan


def _difference(value: float, se: float, test_se: float, df: float, level: float) -> Difference:
    many = math.isinf(df)
    quantile = norm.ppf((1 + level) / 2) if many else t.ppf((1 + level) / 2, df)
    half = float(quantile) * se
    if not test_se > 0:  # nobody differs: there is nothing to test with
        return Difference(value, se, math.nan, math.nan, math.nan, df, math.nan)
    statistic = value / test_se
    pvalue = 2 * (norm.sf(abs(statistic)) if many else t.sf(abs(statistic), df))
    return Difference(value, se, value - half, value + half, statistic, df, float(pvalue))


def detectable(se: float, n: int, n_next: float, power: float, alpha: float, correlation: float) -> float:
    """The smallest change that a second wave finds with this power, both waves as spread as the first.

    ``(z(1 - alpha/2) + z(power)) √(se² (1 + n/n_next - 2 r √(n/n_next)))``, r the correlation of both waves' answers.

    Examples
    --------
    >>> round(detectable(4.9, 250, 250, 0.8, 0.05, 0.0), 1)
    19.4
    """
    ratio = n / n_next
    spread = 1 + ratio - 2 * correlation * math.sqrt(ratio)
    return float((norm.ppf(1 - alpha / 2) + norm.ppf(power)) * se * math.sqrt(spread))


def needed(se: float, n: int, margin: float, level: float) -> int:
    """Respondents for an interval of ± `margin`, as spread and weighted as these.

    Examples
    --------
    >>> needed(4.9, 250, 5.0, 0.95)
    923
    """
    return math.ceil(n * (float(norm.ppf((1 + level) / 2)) * se / margin) ** 2 - 1e-9)
