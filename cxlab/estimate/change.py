"""Changes of means and shares from one wave to the next, with their errors: arrays in, numbers out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """One change: the two levels, their difference, its error, test and interval; `method` names the test."""

    n_before: int
    n_after: int
    before: float
    after: float
    change: float
    se: float
    df: float
    statistic: float
    pvalue: float
    ci_lower: float
    ci_upper: float
    d: float
    method: str


@dataclass(frozen=True)
class Level:
    """A mean, its sampling variance, the rows behind it, and the variance of the values."""

    mean: float
    variance: float
    n: int
    spread: float


def level_of(values: Array, weights: Array | None = None) -> Level:
    """A mean with the variance s²/n; weighted with n/(n-1) Σw²(y - m)²/(Σw)², as survey's ``svymean`` has it.

    Examples
    --------
    >>> found = level_of(np.array([1.0, 2.0, 3.0]))
    >>> found.mean, round(found.variance, 4)
    (2.0, 0.3333)
    """
    if weights is None:
        spread = float(values.var(ddof=1))
        return Level(float(values.mean()), spread / len(values), len(values), spread)
    n, total = int((weights > 0).sum()), weights.sum()
    mean = float(weights @ values / total)
    apart = values - mean
    variance = n / (n - 1) * float((weights * apart) @ (weights * apart)) / total**2
    return Level(mean, float(variance), n, float(weights @ apart**2 / total) * n / (n - 1))


def mean_change(before: Level, after: Level, level: float) -> Change:
    """Two independent waves: Welch's test."""
    change, variance = after.mean - before.mean, before.variance + after.variance
    df = variance**2 / (before.variance**2 / (before.n - 1) + after.variance**2 / (after.n - 1))
    pooled = ((before.n - 1) * before.spread + (after.n - 1) * after.spread) / (before.n + after.n - 2)
    return _tested(before, after, change, variance, df, level, change / np.sqrt(pooled), "welch")


def paired_change(before: Array, after: Array, weights: Array | None, level: float) -> Change:
    """The same people twice: the t test of their differences; d in standard deviations of the levels."""
    one, two, gain = (level_of(values, weights) for values in (before, after, after - before))
    scale = np.sqrt((one.spread + two.spread) / 2)
    return _tested(one, two, gain.mean, gain.variance, gain.n - 1, level, gain.mean / scale, "paired")


def share_change(before: Array, after: Array, level: float) -> Change:
    """Two independent shares: chi-square test without correction, Newcombe's interval from Wilson's."""
    n, m = len(before), len(after)
    p, q = float(before.mean()), float(after.mean())
    pooled = (before.sum() + after.sum()) / (n + m)
    z = (q - p) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    (low_p, high_p), (low_q, high_q) = wilson(p, n, level), wilson(q, m, level)
    low = q - p - np.sqrt((q - low_q) ** 2 + (high_p - p) ** 2)
    high = q - p + np.sqrt((high_q - q) ** 2 + (p - low_p) ** 2)
    se = np.sqrt(p * (1 - p) / n + q * (1 - q) / m)
    pvalue = 2 * stats.norm.sf(abs(z))
    return Change(n, m, p, q, q - p, float(se), np.inf, float(z), float(pvalue), float(low), float(high),
                  _arcs(p, q), "newcombe")  # fmt: skip


def paired_share_change(before: Array, after: Array, level: float) -> Change:
    """The same people twice: McNemar's exact test, Bonett and Price's interval."""
    n = len(before)
    won, lost = int(((before == 0) & (after == 1)).sum()), int(((before == 1) & (after == 0)).sum())
    pvalue = stats.binomtest(won, won + lost).pvalue if won + lost else 1.0
    up, down = (won + 1) / (n + 2), (lost + 1) / (n + 2)
    reach = stats.norm.isf((1 - level) / 2) * np.sqrt((up + down - (up - down) ** 2) / (n + 2))
    change = (won - lost) / n
    se = np.sqrt((won + lost - (won - lost) ** 2 / n) / n**2)
    p, q = float(before.mean()), float(after.mean())
    low, high = max(up - down - reach, -1.0), min(up - down + reach, 1.0)
    return Change(n, n, p, q, change, float(se), np.nan, np.nan, float(pvalue), float(low), float(high),
                  _arcs(p, q), "mcnemar")  # fmt: skip


def difference_in_differences(changed: Change, control: Change, parts: tuple[tuple[float, int], ...], level: float,
                              d: float) -> Change:  # fmt: skip
    """The change less that of the control group; `parts` are the variances that add up, each with its rows."""
    variance = sum(part for part, _ in parts)
    df = variance**2 / sum(part**2 / (n - 1) for part, n in parts) if variance else np.nan
    one = Level(control.change, np.nan, control.n_before + control.n_after, np.nan)
    two = Level(changed.change, np.nan, changed.n_before + changed.n_after, np.nan)
    return _tested(one, two, changed.change - control.change, variance, df, level, d, "did")


def wilson(p: float, n: int, level: float) -> tuple[float, float]:
    """Wilson's score interval of a share.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(0.5, 10, 0.95)]
    [0.2366, 0.7634]
    """
    z = stats.norm.isf((1 - level) / 2)
    middle, reach = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return float((middle - reach) / (1 + z**2 / n)), float((middle + reach) / (1 + z**2 / n))


def _arcs(p: float, q: float) -> float:
    """Cohen's h, the effect size of two shares."""
    return float(2 * np.arcsin(np.sqrt(q)) - 2 * np.arcsin(np.sqrt(p)))


def _tested(
    before: Level, after: Level, change: float, variance: float, df: float, level: float, d: float, method: str
) -> Change:
    se = float(np.sqrt(variance))
    t = change / se if se else np.nan
    pvalue = 2 * stats.t.sf(abs(t), df)
    # An error of 0 would make an interval of no width: a certainty that nobody has.
    reach = stats.t.isf((1 - level) / 2, df) * se if se else np.nan
    return Change(before.n, after.n, before.mean, after.mean, float(change), se, float(df), float(t), float(pvalue),
                  float(change - reach), float(change + reach), float(d), method)  # fmt: skip
