"""Rules by which a journey could become one judgement: mean, last, worst, peak and end, trend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Rule = Literal[
    "mean", "first", "last", "minimum", "maximum", "peak", "peak_end", "trend", "mean_trend", "share_negative"
]
RULES: tuple[Rule, ...] = get_args(Rule)
# What each rule's regression holds.
PREDICTORS: Mapping[str, tuple[str, ...]] = {
    **{rule: (rule,) for rule in RULES},
    "peak_end": ("peak", "last"),
    "mean_trend": ("mean", "trend"),
}
NEEDS_NEUTRAL = ("peak", "peak_end", "share_negative")
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rated:
    """Rated events in order: values (n,), first and last place of each customer (G,), and the middle of the scale."""

    values: Floats
    starts: NDArray[np.int64]
    neutral: float | None

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many rated events each customer has."""
        return np.diff(np.r_[self.starts, len(self.values)])


def aggregates(rated: Rated, names: list[str]) -> pd.DataFrame:
    """The named summaries of each customer's ratings, one row a customer.

    Examples
    --------
    >>> rated = Rated(np.array([1.0, -3.0, 2.0]), np.array([0]), 0.0)
    >>> aggregates(rated, ["mean", "last", "minimum", "peak", "trend"]).round(2).to_numpy().tolist()
    [[0.0, 2.0, -3.0, -3.0, 0.5]]
    """
    return pd.DataFrame({name: _SUMMARIES[name](rated) for name in names})


def _mean(rated: Rated) -> Floats:
    return np.asarray(np.add.reduceat(rated.values, rated.starts) / rated.sizes)


def _last(rated: Rated) -> Floats:
    return rated.values[rated.starts + rated.sizes - 1]


def _peak(rated: Rated) -> Floats:
    """The rating farthest from the middle; of two equally far ones the negative one."""
    away = rated.values - float(rated.neutral or 0.0)
    high, low = np.maximum.reduceat(away, rated.starts), np.minimum.reduceat(away, rated.starts)
    return np.where(-low >= high, low, high) + float(rated.neutral or 0.0)


def _trend(rated: Rated) -> Floats:
    """The slope of the ratings over their number 1, 2, 3, ...; missing for a single one."""
    sizes = rated.sizes
    place = np.arange(len(rated.values)) - np.repeat(rated.starts, sizes)
    centred = place - np.repeat((sizes - 1) / 2, sizes)
    square = np.add.reduceat(centred**2, rated.starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(sizes > 1, np.add.reduceat(centred * rated.values, rated.starts) / square, np.nan)


def _share_negative(rated: Rated) -> Floats:
    below = (rated.values < float(rated.neutral or 0.0)).astype(float)
    return np.asarray(np.add.reduceat(below, rated.starts) / rated.sizes)


_SUMMARIES: Mapping[str, Callable[[Rated], Floats]] = {
    "mean": _mean,
    "first": lambda rated: rated.values[rated.starts],
    "last": _last,
    "minimum": lambda rated: np.asarray(np.minimum.reduceat(rated.values, rated.starts)),
    "maximum": lambda rated: np.asarray(np.maximum.reduceat(rated.values, rated.starts)),
    "peak": _peak,
    "trend": _trend,
    "share_negative": _share_negative,
}
