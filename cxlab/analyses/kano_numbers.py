"""Kano categories in numbers: shares, strength, tests of the two largest, better and worse, and their resamples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cxlab.analyses.kano_answers import CATEGORIES
from cxlab.resample.draws import RandomDraws
from cxlab.resample.intervals import Interval, acceleration, intervals

Array = NDArray[np.float64]
# Where two categories are equally frequent the one that matters more to the product wins (Berger et al., 1993).
PRIORITY = ("must_be", "one_dimensional", "attractive", "indifferent", "reverse", "questionable")
_BY_PRIORITY = np.array([CATEGORIES.index(name) for name in PRIORITY])
_BLOCK = 200
# Ties of weighted sums are ties up to rounding.
_TIE = 1e-9


def kano_table(places: Array, weights: Array | None) -> pd.DataFrame:
    """One row an attribute: n, shares of the categories, the largest, strength, tests, better and worse.

    Parameters
    ----------
    places : (n, k) array
        Each respondent's category as a place in `CATEGORIES`, nan without one.
    weights : (n,) array or None
    """
    weight = np.ones(len(places)) if weights is None else weights
    rows = [_row(column, weight, exact=weights is None) for column in places.T]
    return pd.DataFrame(rows)


def largest(sums: Array) -> NDArray[np.int_]:
    """Place of the largest of the category sums (..., 6), ties by `PRIORITY`.

    Examples
    --------
    >>> int(largest(np.array([4.0, 0, 4, 2, 0, 0]))), int(largest(np.array([4.0, 0, 3, 2, 0, 0])))
    (2, 0)
    """
    ordered = sums[..., _BY_PRIORITY]
    top = ordered.max(axis=-1, keepdims=True)
    return np.asarray(_BY_PRIORITY[(ordered >= top * (1 - _TIE)).argmax(axis=-1)])


def fong_test(first: float, second: float, n: float) -> tuple[float, float]:
    """z and two-sided p of two categories with frequencies `first` and `second` of n, by Fong (1996).

    ``z = |a - b| / sqrt((a + b)(2n - a - b) / (2n))``; Fong asks for 1.65 (a level of 10 percent).

    Examples
    --------
    >>> z, p = fong_test(60, 40, 120)
    >>> round(z, 3), round(p, 4)
    (2.619, 0.0088)
    """
    spread = np.sqrt((first + second) * (2 * n - first - second) / (2 * n))
    z = float(abs(first - second) / spread) if spread > 0 else np.nan
    return z, float(2 * stats.norm.sf(z))


def _row(column: Array, weight: Array, *, exact: bool) -> dict[str, Any]:
    known = ~np.isnan(column)
    place, own = column[known].astype(int), weight[known]
    n = len(place)
    shares = np.bincount(place, own, minlength=6) / own.sum()
    first = int(largest(shares))
    rest = np.where(np.arange(6) == first, -1.0, shares)
    second = int(largest(rest)) if rest.max() > 0 else -1
    size = n if exact else own.sum() ** 2 / (own**2).sum()
    a, b = size * shares[first], size * max(rest.max(), 0.0)
    z, fong = fong_test(a, b, size)
    better, worse = better_worse(shares)
    return {
        "n": n,
        **{f"share_{name}": share for name, share in zip(CATEGORIES, shares, strict=True)},
        "category": CATEGORIES[first],
        "second": CATEGORIES[second] if second >= 0 else "",
        "tied": bool(second >= 0 and rest.max() >= shares[first] * (1 - _TIE)),
        "category_strength": shares[first] - max(rest.max(), 0.0),
        "total_strength": shares[:3].sum(),
        "fong_z": z,
        "fong_pvalue": fong,
        "pvalue": _equal(a, b, exact=exact),
        "better": float(better),
        "worse": float(worse),
    }


def _equal(a: float, b: float, *, exact: bool) -> float:
    """p of equal probability of two categories, given that it is one of them: exact, or normal if weighted."""
    if exact:
        return float(stats.binomtest(round(a), round(a + b), 0.5).pvalue)
    return float(2 * stats.norm.sf((a - b) / np.sqrt(a + b)))


def better_worse(sums: Array) -> tuple[Array, Array]:
    """Timko's coefficients from category sums (..., 6): better = (A+O)/(A+O+M+I), worse = -(O+M)/(A+O+M+I).

    nan where no one is in these four.

    Examples
    --------
    >>> [float(x) for x in better_worse(np.array([20, 30, 10, 40, 0, 0]))]
    [0.5, -0.4]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        base = sums[..., :4].sum(axis=-1)
        return (sums[..., 0] + sums[..., 1]) / base, -(sums[..., 1] + sums[..., 2]) / base


def resampled_columns(
    places: Array, weights: Array | None, table: pd.DataFrame, draws: RandomDraws | None, ci: Interval, level: float
) -> tuple[pd.DataFrame, int]:
    """Intervals of better and worse, and the share of resamples with the same largest category; resamples lost."""
    names = [f"{name}_ci_{end}" for name in ("better", "worse") for end in ("lower", "upper")]
    if draws is None:
        return pd.DataFrame(np.nan, table.index, [*names, "certainty"]), 0
    weight = np.ones(len(places)) if weights is None else weights
    member = (places[:, :, None] == np.arange(6)).astype(float) * weight[:, None, None]
    flat = member.reshape(len(places), -1)
    blocks = (draws.counts(at, min(at + _BLOCK, draws.size))[0] @ flat for at in range(0, draws.size, _BLOCK))
    sums = np.concatenate(list(blocks)).reshape(draws.size, -1, 6)
    without = better_worse(member.sum(axis=0) - member) if ci == "bca" else (None, None)
    found: dict[str, Array] = {}
    for name, values, others in zip(("better", "worse"), better_worse(sums), without, strict=True):
        bend = None if others is None else acceleration([others])
        ends = intervals(values, table[name].to_numpy(), ci, level, bend)
        found |= {f"{name}_ci_lower": ends.lower, f"{name}_ci_upper": ends.upper}
    first = np.array([CATEGORIES.index(name) for name in table["category"]])
    empty = sums.sum(axis=2) == 0
    agreed = np.where(empty, np.nan, largest(sums) == first)
    found["certainty"] = np.nanmean(agreed, axis=0)
    return pd.DataFrame(found, table.index)[[*names, "certainty"]], int(empty.any(axis=1).sum())
