"""Casewise derivatives of the two-way likelihoods of ordinal variables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from cxlab.estimate.polychoric.bivariate import normal_density
from cxlab.estimate.polychoric.mixed import PairScores
from cxlab.estimate.polychoric.pairs import Pairs
from cxlab.estimate.polychoric.thresholds import Margins

Array = NDArray[np.float64]
Integers = NDArray[np.intp]


def polychoric_scores(margins: Margins, pairs: Pairs) -> dict[tuple[int, int], PairScores]:
    """For each pair (row, column) the derivatives by its correlation and by the thresholds of both variables."""
    found = {}
    for number, (row, column) in enumerate(zip(pairs.first, pairs.second, strict=True)):
        a, b = margins.codes[:, row], margins.codes[:, column]
        share = pairs.cells[number][a, b]
        h, k = margins.thresholds[row], margins.thresholds[column]
        rho = float(pairs.rho[number])
        first = _by_cuts(a, b, share, _strips(h, k, rho))
        second = _by_cuts(b, a, share, _strips(k, h, rho))
        found[int(row), int(column)] = PairScores(pairs.slopes[number][a, b] / share, first, second)
    return found


def _strips(own: Array, other: Array, rho: float) -> Array:
    """Density along each cut of one variable that falls into each category of the other, shape (cuts, categories)."""
    reach = (other[None, :] - rho * own[:, None]) / np.sqrt(1 - rho * rho)
    ends = np.zeros((len(own), 1))
    below = np.hstack([ends, ndtr(reach), ends + 1])
    return normal_density(own)[:, None] * np.diff(below, axis=1)


def _by_cuts(own: Integers, other: Integers, share: Array, strips: Array) -> Array:
    scores = np.zeros((len(own), len(strips)))
    rows = np.arange(len(own))
    top, bottom = own < len(strips), own > 0
    scores[rows[top], own[top]] += strips[own[top], other[top]] / share[top]
    scores[rows[bottom], own[bottom] - 1] -= strips[own[bottom] - 1, other[bottom]] / share[bottom]
    return scores
