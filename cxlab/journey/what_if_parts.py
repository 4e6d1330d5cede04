"""What the three kinds of model share when drivers are raised: resampled rows and scales that end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.retention import Array
from cxlab.resample.seeds import generators


def resampled_rows(n: int, n_boot: int, seed: int) -> NDArray[np.int64]:
    """Row numbers (B, n) of each resample, drawn with replacement as the bootstrap elsewhere draws them."""
    return np.array([random.integers(0, n, n) for random in generators(seed, 0, n_boot)])


def raised_by(values: Array, points: float, low: float, high: float) -> Array:
    """How far each value moves: by `points`, but not beyond the ends of its scale (nan: no end).

    Examples
    --------
    >>> raised_by(np.array([4.0, 9.5]), 1.0, 1.0, 10.0).tolist()
    [1.0, 0.5]
    """
    floor, ceiling = (-np.inf if np.isnan(low) else low), (np.inf if np.isnan(high) else high)
    # A value beyond its scale is left where it is, not brought back.
    moved = np.clip(values + points, np.minimum(values, floor), np.maximum(values, ceiling))
    return np.asarray(moved - values)


def mean_raises(moves: Array, rows: NDArray[np.int64]) -> Array:
    """Mean of each column of `moves` (n, k) in the sample and in each resample: (1 + B, k)."""
    counts = np.stack([np.bincount(one, minlength=len(moves)) for one in rows]) / len(moves)
    return np.asarray(np.vstack([moves.mean(axis=0), counts @ moves]))


def held_back(moves: Array, points: float, weights: Array | None = None) -> float:
    """Share of the values that moved less than asked, each counted by its weight."""
    return float(np.average(np.abs(moves) < abs(points) - 1e-9, weights=weights))


def mean_ends(items: Sequence[str], weights: Array, ends: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """The ends of a weighted mean of items; nan where one of theirs is unknown."""
    if any(item not in ends for item in items):
        return np.nan, np.nan
    low, high = (np.array([float(ends[item][side]) for item in items]) for side in (0, 1))
    return float(weights @ np.where(weights < 0, high, low)), float(weights @ np.where(weights < 0, low, high))
