"""The asymptotic covariance matrix of two-step thresholds and correlations, from casewise influence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.polychoric.mixed import PairScores

Array = NDArray[np.float64]
Integers = NDArray[np.intp]


@dataclass(frozen=True)
class Scores:
    """Casewise derivatives at both steps.

    Attributes
    ----------
    own : p arrays (n, k): step one, thresholds of an ordinal variable or mean and variance of a numeric one
    rows, columns : (m,) the variables of each pair
    pairs : m casewise derivatives of the pairs' likelihoods
    """

    own: tuple[Array, ...]
    rows: Integers
    columns: Integers
    pairs: Sequence[PairScores]


def asymptotic_covariance(scores: Scores, corr: Array, sd: Array, ordinal: NDArray[np.bool_]) -> Array:
    """n times the covariance matrix of thresholds (minus means), variances and covariances, in the order of `vector`.

    Formula: n A^-1 (S'S) A^-T with S the casewise scores of both steps and A block triangular, its blocks sums of
    products of scores. Source: Muthén (1984), Muthén & Satorra (1995). R: ``lavInspect(fit, "gamma")``.
    """
    alone = [own @ np.linalg.inv(own.T @ own) for own in scores.own]
    first = [own if flag else -own[:, :1] for own, flag in zip(alone, ordinal, strict=True)]
    spread = [own[:, 1:] for own, flag in zip(alone, ordinal, strict=True) if not flag]
    pairs = np.empty((len(scores.own[0]), len(scores.rows)))
    for number, (row, column, pair) in enumerate(zip(scores.rows, scores.columns, scores.pairs, strict=True)):
        pull = alone[row] @ (pair.first.T @ pair.rho) + alone[column] @ (pair.second.T @ pair.rho)
        influence = (pair.rho - pull) / (pair.rho @ pair.rho) * sd[row] * sd[column]
        for place in (row, column):
            if not ordinal[place]:
                share = corr[row, column] * sd[row] * sd[column] / (2 * sd[place] ** 2)
                influence = influence + share * alone[place][:, 1]
        pairs[:, number] = influence
    influence = np.hstack([*first, *spread, pairs])
    return len(pairs) * (influence.T @ influence)
