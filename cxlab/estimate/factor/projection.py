"""Gradient projection: the rotation that makes a criterion smallest, for a batch of loadings or starts at once.

Source: Jennrich (2001, 2002); step rule as in Bernaards and Jennrich (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.factor.criteria import Criterion
from cxlab.estimate.factor.spectrum import Array

TOLERANCE = 1e-7
# GPArotation's own; reached, a search that rounding keeps from going on has arrived.
_ENOUGH = 1e-5
_HALVINGS = 11


@dataclass(frozen=True, eq=False)
class Projection:
    """Where the search ended.

    Attributes
    ----------
    turn : (B, m, m) the matrix T: rotated loadings are A T, or for oblique rotation A T'^-1 with factor correlations
        T'T
    loadings : (B, p, m) rotated
    value : (B,) of the criterion
    converged : (B,)
    """

    turn: Array
    loadings: Array
    value: Array
    converged: NDArray[np.bool_]


def project(
    criterion: Criterion,
    loadings: Array,
    oblique: bool,
    start: Array | None = None,
    *,
    tolerance: float = TOLERANCE,
    max_iter: int = 2000,
) -> Projection:
    """Rotate loadings (B, p, m) from `start` (B, m, m; by default no rotation) to the nearest minimum.

    Parameters
    ----------
    criterion : value and gradient in the rotated loadings
    oblique : whether factors may correlate
    tolerance : the length of the projected gradient at which the search ends
    max_iter : most steps
    """
    count, _, size = loadings.shape
    turn = np.broadcast_to(np.eye(size), (count, size, size)).copy() if start is None else start.copy()
    rotated = _rotated(loadings, turn, oblique)
    value, inner = criterion(rotated)
    slope = _slope(loadings, turn, rotated, inner, oblique)
    length = np.ones(count)
    converged, going = np.zeros(count, bool), np.ones(count, bool)
    for _ in range(max_iter + 1):
        rows = np.flatnonzero(going)
        projected = _projected(turn[rows], slope[rows], oblique)
        size2 = (projected**2).sum(axis=(1, 2))
        done = size2 < tolerance**2
        converged[rows[done]], going[rows[done]] = True, False
        if done.all():
            break
        rows, projected, size2 = rows[~done], projected[~done], size2[~done]
        before = value[rows]
        moved = _step(criterion, loadings[rows], turn[rows], projected, size2, (before, 2 * length[rows]), oblique)
        turn[rows], rotated[rows], value[rows], length[rows] = moved[:4]
        slope[rows] = _slope(loadings[rows], moved[0], moved[1], moved[4], oblique)
        near = size2 < _ENOUGH**2
        converged[rows[near]] = True
        going[rows[(near & ~(value[rows] < before)) | ~np.isfinite(value[rows])]] = False
        if not going.any():
            break
    return Projection(turn, rotated, value, converged & np.isfinite(value))


def _rotated(loadings: Array, turn: Array, oblique: bool) -> Array:
    if not oblique:
        return np.asarray(loadings @ turn)
    return np.asarray(np.linalg.solve(turn, loadings.swapaxes(1, 2)).swapaxes(1, 2))


def _slope(loadings: Array, turn: Array, rotated: Array, inner: Array, oblique: bool) -> Array:
    """The criterion's gradient in T."""
    if not oblique:
        return np.asarray(loadings.swapaxes(1, 2) @ inner)
    return np.asarray(-np.linalg.solve(turn.swapaxes(1, 2), inner.swapaxes(1, 2) @ rotated))


def _projected(turn: Array, slope: Array, oblique: bool) -> Array:
    """The part of the gradient along which T stays a rotation."""
    if oblique:
        return np.asarray(slope - turn * (turn * slope).sum(axis=1, keepdims=True))
    inner = turn.swapaxes(1, 2) @ slope
    return np.asarray(slope - turn @ (inner + inner.swapaxes(1, 2)) / 2)


def _nearest(matrix: Array, oblique: bool) -> Array:
    """The nearest rotation: columns of length 1, or the orthogonal factor."""
    if oblique:
        return np.asarray(matrix / np.sqrt((matrix**2).sum(axis=1, keepdims=True)))
    left, _, right = np.linalg.svd(matrix)
    return np.asarray(left @ right)


def _step(
    criterion: Criterion,
    loadings: Array,
    turn: Array,
    projected: Array,
    size2: Array,
    where: tuple[Array, Array],
    oblique: bool,
) -> tuple[Array, Array, Array, Array, Array]:
    """One step each, halved until it gains enough: new T, loadings, value, step length, inner gradient."""
    value, length = where
    new_turn, new_value, new_length = turn.copy(), value.copy(), length.copy()
    rotated, inner = np.empty_like(loadings), np.empty_like(loadings)
    rows = np.arange(len(turn))
    for halving in range(_HALVINGS):
        tried = _nearest(turn[rows] - new_length[rows, None, None] * projected[rows], oblique)
        there = _rotated(loadings[rows], tried, oblique)
        reached, gradient = criterion(there)
        new_turn[rows], rotated[rows], new_value[rows], inner[rows] = tried, there, reached, gradient
        short = ~(value[rows] - reached > 0.5 * size2[rows] * new_length[rows])
        rows = rows[short]
        if not len(rows) or halving == _HALVINGS - 1:
            break
        new_length[rows] /= 2
    return new_turn, rotated, new_value, new_length, inner
