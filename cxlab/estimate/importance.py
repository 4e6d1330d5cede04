"""How much of an outcome's variance each driver of a linear regression accounts for, from covariance matrices.

Everything takes a leading or trailing axis of R matrices: the sample is R = 1, a bootstrap is thousands. Subsets of G
drivers are numbered by their bits: driver g is in subset s where ``s >> g & 1``.
"""

from __future__ import annotations

from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# What a driver adds last may be zero or, by rounding, below; PMVD divides by it.
_SMALLEST = 1e-12
_TIE = 1e-12


def partial_cov(cov: Array, count: int) -> Array:
    """Covariances (R, k - count, k - count) of what the first `count` variables leave of the others.

    Examples
    --------
    >>> partial_cov(np.array([[[1.0, 0.5], [0.5, 1.0]]]), 1).tolist()
    [[[0.75]]]
    """
    if not count:
        return cov
    inner = np.linalg.solve(cov[:, :count, :count], cov[:, :count, count:])
    return cov[:, count:, count:] - cov[:, count:, :count] @ inner


def subset_r2(cov: Array, sizes: tuple[int, ...], total: Array | None = None) -> Array:
    """R² of the regression on every subset of drivers.

    Parameters
    ----------
    cov : (R, k, k) array
        Covariances: the drivers' columns, then the outcome.
    sizes : tuple of int
        Columns of each driver, in order; their sum is k - 1.
    total : (R,) array, optional
        The variance that R² is a share of; by default the outcome's in `cov`.

    Returns
    -------
    (2^G, R) array
        Row s for subset s; row 0 is 0.

    Notes
    -----
    Driver by driver each subset is taken once without it and once with it swept out, and its columns are dropped. So
    the matrices shrink as the subsets grow in number: all 2^G of them cost about six times 2^G numbers, not 2^G solves.

    Examples
    --------
    >>> cov = np.array([[[1.0, 0.0, 0.6], [0.0, 1.0, 0.5], [0.6, 0.5, 1.0]]])
    >>> subset_r2(cov, (1, 1)).round(4).ravel().tolist()
    [0.0, 0.36, 0.25, 0.61]
    """
    state = np.ascontiguousarray(np.moveaxis(cov, 0, -1))[:, :, None, :]
    for size in sizes:
        swept = state
        for _ in range(size):
            swept = _sweep(swept)
        state = np.concatenate([state[size:, size:], swept], axis=2)
    left = state[0, 0]
    return np.asarray((left[0] - left) / (left[0] if total is None else total))


def _sweep(state: Array) -> Array:
    """Covariances of the others given the first variable; state (m, m, ...)."""
    first = state[0]
    return np.asarray(state[1:, 1:] - first[1:, None] * (first[1:] / first[0]))


@cache
def _sizes(drivers: int) -> NDArray[np.int_]:
    """How many drivers are in each subset."""
    return np.array([subset.bit_count() for subset in range(2**drivers)])


@cache
def _contrasts(drivers: int) -> Array:
    """Weights (G, 2^G) that turn R² of subsets into Shapley values."""
    size = _sizes(drivers)
    joined = np.array([1 / (drivers * comb(drivers - 1, max(count - 1, 0))) for count in range(drivers + 1)])
    alone = np.array([1 / (drivers * comb(drivers - 1, min(count, drivers - 1))) for count in range(drivers + 1)])
    inside = np.arange(2**drivers) >> np.arange(drivers)[:, None] & 1 == 1
    return np.where(inside, joined[size], -alone[size])


def shapley(r2: Array) -> Array:
    """LMG (R, G): what a driver adds to R², averaged over all orders of entry; their sum is the full R².

    Lindeman, Merenda & Gold (1980); the Shapley value of R², and the general dominance of Azen & Budescu (2003).
    R: ``relaimpo::calc.relimp(type = "lmg")``.

    Examples
    --------
    >>> shapley(np.array([[0.0], [0.5], [0.3], [0.6]])).round(3).tolist()
    [[0.4, 0.2]]
    """
    return np.asarray((_contrasts(len(r2).bit_length() - 1) @ r2).T)


def pmvd(r2: Array) -> Array:
    """Proportional marginal variance decomposition (R, G) of Feldman (2005): orders weighted by the data.

    An order's weight is proportional to the product, over its tails T, of 1/w(T), where w(T) is what the drivers of T
    add to all others. A driver that adds nothing last gets nothing. Sums over orders are built subset by subset:
    s(T) = sum of s(T without i) / w(T), and driver k has s(all without k)/s(all).

    Examples
    --------
    >>> pmvd(np.array([[0.0], [0.5], [0.3], [0.6]])).round(3).tolist()
    [[0.45, 0.15]]
    """
    drivers = len(r2).bit_length() - 1
    worth = np.maximum(r2[-1] - r2[::-1], _SMALLEST)
    sums = np.zeros_like(r2)
    sums[0] = 1.0
    size, subsets = _sizes(drivers), np.arange(2**drivers)
    for count in range(1, drivers + 1):
        for driver in range(drivers):
            having = subsets[(size == count) & (subsets >> driver & 1 == 1)]
            sums[having] += sums[having ^ (1 << driver)]
        level = subsets[size == count]
        sums[level] /= worth[level]
    last = 2**drivers - 1
    return np.stack([sums[last ^ (1 << driver)] / sums[last] for driver in range(drivers)], axis=1)


def conditional_dominance(r2: Array) -> Array:
    """What driver g adds on average to subsets of c others: (G, G, R), first axis g, second c = 0 to G - 1.

    Examples
    --------
    >>> conditional_dominance(np.array([[0.0], [0.5], [0.3], [0.6]]))[:, :, 0].round(3).tolist()
    [[0.5, 0.3], [0.3, 0.1]]
    """
    drivers = len(r2).bit_length() - 1
    size, subsets = _sizes(drivers), np.arange(2**drivers)
    found = np.empty((drivers, drivers, r2.shape[1]))
    for driver in range(drivers):
        without = subsets[subsets >> driver & 1 == 0]
        added = r2[without | 1 << driver] - r2[without]
        for count in range(drivers):
            found[driver, count] = added[size[without] == count].mean(axis=0)
    return found


def complete_dominance(r2: Array) -> Array:
    """Which driver adds at least as much as which other to every subset of the rest: (G, G, R) of 1, 0 or 0.5.

    1 where the first dominates, 0 where it is dominated, 0.5 where neither does (Azen & Budescu, 2003).

    Examples
    --------
    >>> complete_dominance(np.array([[0.0], [0.5], [0.3], [0.6]]))[:, :, 0].tolist()
    [[0.5, 1.0], [0.0, 0.5]]
    """
    drivers, draws = len(r2).bit_length() - 1, r2.shape[1]
    found = np.full((drivers, drivers, draws), 0.5)
    for first in range(drivers):
        for second in range(first + 1, drivers):
            shape = (2 ** (drivers - 1 - second), 2, 2 ** (second - first - 1), 2, 2**first, draws)
            cube = r2.reshape(shape)
            gain = cube[:, 0, :, 1] - cube[:, 1, :, 0]
            low, high = gain.min(axis=(0, 1, 2)), gain.max(axis=(0, 1, 2))
            above, below = (low >= -_TIE) & (high > _TIE), (high <= _TIE) & (low < -_TIE)
            found[first, second] = np.where(above, 1.0, np.where(below, 0.0, 0.5))
            found[second, first] = 1 - found[first, second]
    return found


def relative_weights(cov: Array, total: Array | None = None) -> Array:
    """Johnson's (2000) relative weights (R, k - 1), whose sum is R².

    Z are the orthogonal variables nearest to the k - 1 predictors X: with R_xx = V D V', L = V D^(1/2) V' holds the
    regressions of X on Z, and L^(-1) r those of the outcome on Z. Weights are L² times the squares of the latter.

    Parameters
    ----------
    cov : (R, k, k) array
        The predictors, then the outcome.
    total : (R,) array, optional
        The variance that R² is a share of; by default the outcome's in `cov`.

    Examples
    --------
    >>> cov = np.array([[[1.0, 0.0, 0.6], [0.0, 1.0, 0.5], [0.6, 0.5, 1.0]]])
    >>> relative_weights(cov).round(4).tolist()
    [[0.36, 0.25]]
    """
    sd = np.sqrt(np.diagonal(cov, axis1=1, axis2=2)[:, :-1])
    cor = cov[:, :-1, :-1] / (sd[:, :, None] * sd[:, None, :])
    with_outcome = cov[:, :-1, -1] / sd
    roots, vectors = np.linalg.eigh(cor)
    half = np.sqrt(np.maximum(roots, _SMALLEST))
    turned = np.einsum("rji,rj->ri", vectors, with_outcome) / half
    onto = np.einsum("rij,rj->ri", vectors, turned)
    loadings = np.einsum("rij,rj,rkj->rik", vectors, half, vectors)
    variance = cov[:, -1, -1] if total is None else total
    return np.asarray(np.einsum("rik,rk->ri", loadings**2, onto**2) / variance[:, None])


def smallest_root(cov: Array) -> Array:
    """Smallest eigenvalue (R,) of the correlations; 0 where a variable does not vary.

    Examples
    --------
    >>> smallest_root(np.array([[[4.0, 4.0], [4.0, 4.0]], [[1.0, 0.0], [0.0, 1.0]]])).round(9).tolist()
    [0.0, 1.0]
    """
    variance = np.diagonal(cov, axis1=1, axis2=2)
    alive = (variance > 0).all(axis=1)
    sd = np.sqrt(np.where(variance > 0, variance, 1.0))
    roots = np.linalg.eigvalsh(cov / (sd[:, :, None] * sd[:, None, :]))[:, 0]
    return np.where(alive, roots, 0.0)
