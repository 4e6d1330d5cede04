"""The PLS algorithm: outer weights from correlations, for B correlation matrices at once.

Replicates stand on the last axis, so that every step is one long operation over all of them. With R the correlations of
the indicators, w_k the weights of construct k (scores of unit variance) and R_j the rows of construct j's block,

    z_j = sum over neighbours k of e_jk R_j w_k,    w_j = z_j (mode A), R_jj^-1 z_j (mode B)

until the weights no longer change. The inner weights e follow the scheme. Sources: Wold (1982); Lohmöller (1989);
Tenenhaus et al. (2005). R: ``seminr::estimate_pls``, ``cSEM::csem``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.design import Design, Scheme
from cxlab.estimate.pls.solve import solve_many

Array = NDArray[np.float64]
# Share of a block's replicates still on their way below which those that have arrived are put aside.
_THINNED = 0.6


@dataclass(frozen=True, eq=False)
class Weighting:
    """Outer weights and what follows from them; replicates last.

    Attributes
    ----------
    weights : (p, B)
        Of standardised indicators; scores have variance 1.
    projected : (p, J, B)
        Correlations of every indicator with every construct's score.
    correlations : (J, J, B)
        Of the scores.
    iterations : (B,)
    converged : (B,)
        False also where a correlation matrix cannot be used.
    """

    weights: Array
    projected: Array
    correlations: Array
    iterations: NDArray[np.intp]
    converged: NDArray[np.bool_]


def estimate_weights(
    correlations: Array, design: Design, scheme: Scheme = "path", tolerance: float = 1e-10, most: int = 300
) -> Weighting:
    """Outer weights of B models from their indicators' correlations (p, p, B).

    Weights start at 1 and stop when their absolute changes sum to less than `tolerance`.
    """
    free = [place for place, mode in enumerate(design.modes) if mode != "unit"]
    count = correlations.shape[2]
    weights, projected = _standardised(np.ones((design.indicators, count)), correlations, design)
    found_weights, found_projected = np.empty_like(weights), np.empty_like(projected)
    iterations, converged = np.full(count, most), np.zeros(count, dtype=bool)
    place, left = np.arange(count), np.ones(count, dtype=bool)
    for number in range(1, most + 1):
        between = _between(weights, projected, design)
        fresh = weights.copy()
        for construct in free:
            fresh[design.blocks[construct]] = _outer(correlations, between, projected, design, construct, scheme)
        fresh, projected = _standardised(fresh, correlations, design)
        change = np.abs(fresh - weights).sum(axis=0)
        weights = fresh
        ended = left & ((change < tolerance) | ~np.isfinite(change) | (number == most))
        if ended.any():
            own = place[ended]
            found_weights[:, own], found_projected[:, :, own] = weights[:, ended], projected[:, :, ended]
            converged[own] = change[ended] < tolerance
            iterations[own] = np.where(converged[own], number, most)
            left &= ~ended
            if not left.any():
                break
            if left.sum() < _THINNED * len(left):  # the few slow ones go on alone
                weights, projected, correlations = weights[:, left], projected[:, :, left], correlations[:, :, left]
                place, left = place[left], left[left]
    between = _between(found_weights, found_projected, design)
    return Weighting(found_weights, found_projected, between, iterations, converged)


def _standardised(weights: Array, correlations: Array, design: Design) -> tuple[Array, Array]:
    """Weights for scores of unit variance, and the correlations of indicators with those scores."""
    projected = np.empty((design.indicators, design.constructs, weights.shape[1]))
    for place, block in enumerate(design.blocks):
        np.einsum("ijb,jb->ib", correlations[:, block], weights[block], out=projected[:, place])
    own = projected[np.arange(design.indicators), design.owner]
    spread = np.sqrt(np.add.reduceat(weights * own, design.starts, axis=0))
    return weights / spread[design.owner], projected / spread[None]


def _between(weights: Array, projected: Array, design: Design) -> Array:
    return np.stack([np.einsum("ib,ikb->kb", weights[block], projected[block]) for block in design.blocks])


def _outer(correlations: Array, between: Array, projected: Array, design: Design, place: int, scheme: Scheme) -> Array:
    """New weights (block, B) of one construct."""
    block, causes, effects = design.blocks[place], design.causes[place], design.effects[place]
    if scheme == "path":
        inner = [*_regression(between, causes, place), *between[effects, place]]
    else:
        inner = list(between[np.concatenate([causes, effects]), place])
        inner = [np.sign(one) for one in inner] if scheme == "centroid" else inner
    total = np.zeros((design.sizes[place], between.shape[2]))
    for weight, other in zip(inner, (*causes, *effects), strict=True):
        total += weight * projected[block, other]
    return solve_many(correlations[block, block], total) if design.modes[place] == "B" else total


def _regression(between: Array, causes: NDArray[np.intp], place: int) -> Array:
    if not len(causes):
        return np.empty((0, between.shape[2]))
    return solve_many(between[causes[:, None], causes], between[causes, place])
