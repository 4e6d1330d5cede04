"""Control charts as numbers: constants of normal samples, limits, run rules, and where a series changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, stats
from scipy.special import gammaln

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Kind = Literal["individuals", "xbar", "p", "u"]
Rules = Literal["western_electric", "nelson", "limits"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, eq=False)
class Limits:
    """Points with their centre and limits: (k,) arrays; `sigma` is one standard error of each point."""

    points: Array
    centre: float
    sigma: Array
    lower: Array
    upper: Array


@cache
def c4(n: int) -> float:
    """Mean of the standard deviation of n standard normal values: sqrt(2/(n-1)) Γ(n/2)/Γ((n-1)/2).

    Examples
    --------
    >>> round(c4(5), 4)
    0.94
    """
    return float(np.sqrt(2 / (n - 1)) * np.exp(gammaln(n / 2) - gammaln((n - 1) / 2)))


@cache
def d2(n: int) -> float:
    """Mean of the range of n standard normal values: the integral of 1 - Φ(x)^n - (1 - Φ(x))^n.

    Examples
    --------
    >>> round(d2(2), 3), round(d2(5), 3)
    (1.128, 2.326)
    """
    return 2 * float(integrate.quad(lambda x: 1 - stats.norm.cdf(x) ** n - stats.norm.sf(x) ** n, 0, 9)[0])


@cache
def d3(n: int) -> float:
    """Standard deviation of the range of n standard normal values.

    Examples
    --------
    >>> round(d3(5), 3)
    0.864
    """

    nodes, weights = np.polynomial.legendre.leggauss(240)
    x, r = 8 * nodes, 8 * (nodes + 1)
    within = stats.norm.cdf(x[:, None] + r) - stats.norm.cdf(x)[:, None]
    share = n * 8 * (weights * stats.norm.pdf(x)) @ within ** (n - 1)  # P(range < r)
    square = 2 * 8 * float((weights * r) @ (1 - share))
    return float(np.sqrt(square - d2(n) ** 2))


def limits_individuals(values: Array, baseline: Flags, sigmas: float = 3.0) -> tuple[Limits, Limits]:
    """Single values and their moving ranges; sigma is the mean moving range of the baseline over d2(2)."""
    ranges = np.concatenate([[np.nan], np.abs(np.diff(values))])
    both = baseline & np.concatenate([[False], baseline[:-1]])  # both values of the range in the baseline
    mean = float(ranges[both].mean())
    sigma = np.full(len(values), mean / d2(2))
    return (
        _limits(values, float(values[baseline].mean()), sigma, sigmas),
        _limits(ranges, mean, sigma * d3(2), sigmas, floor=0.0),
    )


def limits_xbar(groups: list[Array], baseline: Flags, spread: str, sigmas: float = 3.0) -> tuple[Limits, Limits]:
    """Means of subgroups and their standard deviations ("sd") or ranges ("range").

    Sigma is the mean of s/c4(n), or of range/d2(n), over the baseline's subgroups.
    """
    size = np.array([len(one) for one in groups])
    means = np.array([one.mean() for one in groups])
    by_sd = spread == "sd"
    within = np.array([one.std(ddof=1) if by_sd else np.ptp(one) for one in groups])
    unit = np.array([(c4 if by_sd else d2)(int(n)) for n in size])
    sigma = float((within / unit)[baseline].mean())
    centre = float(np.average(means[baseline], weights=size[baseline]))
    error = np.array([np.sqrt(1 - c4(int(n)) ** 2) if by_sd else d3(int(n)) for n in size])
    main = _limits(means, centre, sigma / np.sqrt(size), sigmas)
    return main, _limits(within, sigma * unit, sigma * error, sigmas, floor=0.0)


def limits_p(counts: Array, size: Array, baseline: Flags, sigmas: float = 3.0) -> Limits:
    """Shares of `size` cases each: binomial errors around the baseline's share."""
    p = float(counts[baseline].sum() / size[baseline].sum())
    return _limits(counts / size, p, np.sqrt(p * (1 - p) / size), sigmas, floor=0.0, ceiling=1.0)


def limits_u(counts: Array, size: Array, baseline: Flags, sigmas: float = 3.0) -> Limits:
    """Events for each unit of `size`: Poisson errors around the baseline's rate."""
    u = float(counts[baseline].sum() / size[baseline].sum())
    return _limits(counts / size, u, np.sqrt(u / size), sigmas, floor=0.0)


def _limits(
    points: Array, centre: float | Array, sigma: Array, sigmas: float, floor: float = -np.inf, ceiling: float = np.inf
) -> Limits:
    lower, upper = np.maximum(centre - sigmas * sigma, floor), np.minimum(centre + sigmas * sigma, ceiling)
    middle = float(np.mean(centre))
    return Limits(points, middle, sigma, lower, upper)


def broken_rules(limits: Limits, rules: Rules) -> dict[str, Flags]:
    """For each rule the points at which it is broken: those that complete the pattern.

    Examples
    --------
    >>> flat = np.zeros(9)
    >>> limits = Limits(flat + 0.5, 0.0, flat + 1, flat - 3, flat + 3)
    >>> broken_rules(limits, "western_electric")["run_8"].tolist()[-3:]
    [False, True, True]
    """
    z = (limits.points - limits.centre) / limits.sigma
    beyond = (limits.points > limits.upper) | (limits.points < limits.lower)
    return {"limit": beyond} | {name: _RULES[name](z) for name in RULES[rules]}


def _of(z: Array, wanted: int, window: int, distance: float) -> Flags:
    """`wanted` of the last `window` points farther than `distance` on one side, the last one among them."""
    found = np.zeros(len(z), dtype=bool)
    for side in (z > distance, -z > distance):
        total = np.convolve(side, np.ones(window), "full")[: len(z)]
        found |= (total >= wanted) & side
    return found


def _all(flags: Flags, window: int) -> Flags:
    """True where the last `window` flags are."""
    return np.asarray(np.convolve(flags, np.ones(window), "full")[: len(flags)] >= window)


def _trend(z: Array, length: int) -> Flags:
    step = np.concatenate([[0.0], np.diff(z)])
    return _all(step > 0, length - 1) | _all(step < 0, length - 1)


def _zigzag(z: Array, length: int) -> Flags:
    step = np.concatenate([[0.0], np.diff(z)])
    turns = np.concatenate([[False], step[1:] * step[:-1] < 0])
    return _all(turns, length - 2)


_RULES: Mapping[str, Callable[[Array], Flags]] = {
    "two_of_three": lambda z: _of(z, 2, 3, 2.0),
    "four_of_five": lambda z: _of(z, 4, 5, 1.0),
    "run_8": lambda z: _of(z, 8, 8, 0.0),
    "run_9": lambda z: _of(z, 9, 9, 0.0),
    "trend_6": lambda z: _trend(z, 6),
    "zigzag_14": lambda z: _zigzag(z, 14),
    "near_15": lambda z: _all(np.abs(z) < 1, 15),
    "far_8": lambda z: _all(np.abs(z) > 1, 8),
}
RULES: Mapping[Rules, tuple[str, ...]] = {
    "limits": (),
    "western_electric": ("two_of_three", "four_of_five", "run_8"),
    "nelson": ("run_9", "trend_6", "zigzag_14", "two_of_three", "four_of_five", "near_15", "far_8"),
}


@dataclass(frozen=True)
class ChangePoint:
    """The last point before the likeliest change (from 0), Pettitt's statistic and approximate p-value."""

    last_before: int
    statistic: float
    pvalue: float


def change_point(values: Array) -> ChangePoint:
    """Pettitt's rank test for one change of level: K = max |U_t|, p about 2 exp(-6 K² / (n³ + n²)).

    Examples
    --------
    >>> change_point(np.array([1.0, 2, 1, 2, 1, 8, 9, 8, 9, 8])).last_before
    4
    """
    n = len(values)
    ranks = stats.rankdata(values)
    u = 2 * np.cumsum(ranks)[:-1] - np.arange(1, n) * (n + 1)
    k = int(np.argmax(np.abs(u)))
    statistic = float(abs(u[k]))
    return ChangePoint(k, statistic, float(min(1.0, 2 * np.exp(-6 * statistic**2 / (n**3 + n**2)))))


def lag_one(values: Array) -> float:
    """Correlation of neighbouring values, with the whole series' mean and variance."""
    apart = values - values.mean()
    return float((apart[1:] @ apart[:-1]) / (apart @ apart))
