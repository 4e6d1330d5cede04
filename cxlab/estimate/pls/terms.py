"""Regressions among construct scores with a further term for each: its square, or its Gaussian copula term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from cxlab.estimate.pls.solve import solve_many

Array = NDArray[np.float64]
Term = Literal["square", "copula"]


def further_terms(scores: Array, counts: Array, term: Term) -> Array:
    """A term for each construct (n, J), from scores (n, J) of rows that count so often (n,).

    The square; or the normal quantile of the share of rows at or below the score, rank / (n + 1), tied rows sharing the
    highest rank (Park & Gupta, 2012).

    Examples
    --------
    >>> further_terms(np.array([[-1.0], [0.0], [1.0]]), np.ones(3), "copula").round(3).ravel().tolist()
    [-0.674, 0.0, 0.674]
    """
    if term == "square":
        return scores**2
    rounded = np.round(scores, 10)  # equal answers may differ in the last digit
    order = np.argsort(rounded, axis=0)
    ordered = np.take_along_axis(rounded, order, axis=0)
    below = np.cumsum(counts[order], axis=0)
    last = np.ones(below.shape, dtype=bool)
    last[:-1] = ordered[1:] != ordered[:-1]
    rank = np.minimum.accumulate(np.where(last, below, np.inf)[::-1], axis=0)[::-1]
    found = np.empty_like(scores)
    np.put_along_axis(found, order, rank / (counts.sum() + 1), axis=0)
    return np.asarray(ndtri(found))


def covariances(scores: Array, counts: Array, term: Term) -> Array:
    """Of scores and their further terms, scores first (2 J, 2 J), where rows count so often (n,)."""
    both = np.hstack([scores, further_terms(scores, counts, term)])
    drawn = counts > 0  # rows that are not in the resample have ranks of none
    both, counts = both[drawn], counts[drawn]
    away = both - counts @ both / counts.sum()
    return np.asarray((away.T * counts) @ away / (counts.sum() - 1))


def slopes(cov: Array, target: int, causes: Sequence[int], further: Sequence[int]) -> Array:
    """Regression of a construct on its causes and the further terms of some: slopes of causes, then of terms (k, B).

    Parameters
    ----------
    cov : ndarray (2 J, 2 J, B)
        See `covariances`.
    """
    places = np.array([*causes, *(one + len(cov) // 2 for one in further)])
    with np.errstate(invalid="ignore", divide="ignore"):
        return solve_many(cov[places[:, None], places], cov[places, target])
