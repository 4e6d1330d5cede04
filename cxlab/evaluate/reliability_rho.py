"""Dijkstra and Henseler's rho_A: the reliability of weighted composites, and PLS weights to compute it from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_TOLERANCE = 1e-12
_MOST_STEPS = 1000


@dataclass(frozen=True, eq=False)
class ModeA:
    """Weights of each block's items, scaled so that each composite has variance 1.

    Attributes
    ----------
    weights : tuple of (k_b,)
    converged : bool
    """

    weights: tuple[Array, ...]
    converged: bool


def rho_a(weights: Array, cor: Array) -> float:
    """Reliability rho_A of a composite of standardised items; nan where it is not defined.

    Parameters
    ----------
    weights : (k,)
        In any scale.
    cor : (k, k)
        Correlations of the items, k >= 2.

    Notes
    -----
    With w scaled so that w'Sw = 1: ``rho_A = (w'w)^2 (w'(S - diag S)w) / (w'(ww' - diag ww')w)``. Source: Dijkstra &
    Henseler (2015). seminr: ``rhoA`` in ``summary(pls)$reliability``.

    Examples
    --------
    >>> round(rho_a(np.array([0.8, 0.7, 0.6]), np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]])), 4)
    0.7575
    """
    variance = float(weights @ cor @ weights)
    if not variance > 0:
        return float("nan")
    w = weights / np.sqrt(variance)
    square = np.square(w)
    outside = square.sum() ** 2 - np.square(square).sum()
    if not outside > 0:
        return float("nan")
    return float(square.sum() ** 2 * (w @ (cor - np.diag(np.diag(cor))) @ w) / outside)


def mode_a_weights(cor: Array, blocks: Sequence[Sequence[int]], neighbours: Array | None = None) -> ModeA:
    """Weights of partial least squares, mode A, factorial scheme.

    Parameters
    ----------
    cor : (p, p)
        Correlations of all items.
    blocks : sequence of b sequences of int
        Places of each construct's items.
    neighbours : (b, b), optional
        1 for constructs that are joined; by default each is joined to every other, as nothing is said of paths.

    Notes
    -----
    Inner weights are the correlations of joined composites, outer weights the covariances of an item with its block's
    inner proxy; repeated until no weight changes by 1e-12. Source: Lohmöller (1989). seminr: ``inner_weights =
    path_factorial``.

    Examples
    --------
    >>> cor = np.full((4, 4), 0.3) + np.kron(np.eye(2), np.full((2, 2), 0.3)) + 0.4 * np.eye(4)
    >>> mode_a_weights(cor, [[0, 1], [2, 3]]).weights[0].round(4).tolist()
    [0.559, 0.559]
    """
    b = len(blocks)
    joined = 1.0 - np.eye(b) if neighbours is None else np.asarray(neighbours, dtype=float)
    w = _scaled(_member(len(cor), blocks), cor)
    member = w != 0
    for _ in range(_MOST_STEPS):
        inner = (w.T @ cor @ w) * joined
        new = np.where(member, cor @ w @ inner, 0.0)
        if not (np.diagonal(new.T @ cor @ new) > 0).all():
            return ModeA(_split(w, blocks), converged=False)
        new = _scaled(new, cor)
        change = float(np.abs(new - w).max())
        w = new
        if change < _TOLERANCE:
            return ModeA(_split(w, blocks), converged=True)
    return ModeA(_split(w, blocks), converged=False)


def _member(size: int, blocks: Sequence[Sequence[int]]) -> Array:
    found = np.zeros((size, len(blocks)))
    for place, block in enumerate(blocks):
        found[list(block), place] = 1.0
    return found


def _scaled(weights: Array, cor: Array) -> Array:
    """Each column scaled to a composite of variance 1, most of its weights positive."""
    spread = np.sqrt(np.diagonal(weights.T @ cor @ weights))
    sign = np.where(weights.sum(axis=0) < 0, -1.0, 1.0)
    return np.asarray(weights * sign / spread)


def _split(weights: Array, blocks: Sequence[Sequence[int]]) -> tuple[Array, ...]:
    return tuple(weights[list(block), place] for place, block in enumerate(blocks))
