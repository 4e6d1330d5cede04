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
# Rounds at most: the same for samples and resamples, or those that settle slowly would be sifted out.
MOST = 3000
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
    correlations: Array, design: Design, scheme: Scheme = "path", tolerance: float = 1e-10, most: int = MOST
) -> Weighting:
    """Outer weights of B models from their indicators' correlations (p, p, B).

    Weights start at 1 and stop when their absolute changes sum to less than `tolerance`.
    """
    count, current = correlations.shape[2], correlations
    weights, projected = _standardised(np.ones((design.indicators, count)), correlations, design)
    found = np.empty_like(weights)
    iterations, converged = np.full(count, most), np.zeros(count, dtype=bool)
    place, left = np.arange(count), np.ones(count, dtype=bool)
    for number in range(1, most + 1):
        fresh = _outer(weights, projected, current, design, scheme)
        fresh, projected = _standardised(fresh, current, design)
        change = np.abs(fresh - weights).sum(axis=0)
        weights = fresh
        ended = left & ((change < tolerance) | ~np.isfinite(change) | (number == most))
        if not ended.any():
            continue
        own = place[ended]
        found[:, own], converged[own] = weights[:, ended], change[ended] < tolerance
        iterations[own] = np.where(converged[own], number, most)
        left &= ~ended
        if not left.any():
            break
        if left.sum() < _THINNED * len(left):  # the few slow ones go on alone
            weights, projected, current = weights[:, left], projected[:, :, left], current[:, :, left]
            place, left = place[left], left[left]
    found, projected = _standardised(found, correlations, design)
    return Weighting(found, projected, _between(found, projected, design), iterations, converged)


def _standardised(weights: Array, correlations: Array, design: Design) -> tuple[Array, Array]:
    """Weights for scores of unit variance, and the correlations of indicators with those scores."""
    count = weights.shape[1]
    projected, variance = np.empty((design.indicators, design.constructs, count)), np.empty((design.constructs, count))
    for place, block in enumerate(design.blocks):
        np.einsum("ijb,jb->ib", correlations[:, block], weights[block], out=projected[:, place])
        np.einsum("ib,ib->b", weights[block], projected[block, place], out=variance[place])
    spread = np.sqrt(variance)
    projected /= spread
    return weights / spread[design.owner], projected


def _between(weights: Array, projected: Array, design: Design) -> Array:
    """Correlations of the scores (J, J, B)."""
    found = np.empty((design.constructs, design.constructs, weights.shape[1]))
    for place, block in enumerate(design.blocks):
        lower = found[place, : place + 1]
        np.einsum("ib,ikb->kb", weights[block], projected[block, : place + 1], out=lower)
        found[:place, place] = lower[:place]
    return found


def _outer(weights: Array, projected: Array, correlations: Array, design: Design, scheme: Scheme) -> Array:
    """New weights (p, B), not yet of scores with unit variance."""
    inner = _inner(_between(weights, projected, design), design, scheme)
    fresh = np.einsum("ikb,ikb->ib", inner[design.owner], projected)
    for place, block in enumerate(design.blocks):
        if design.modes[place] == "unit":
            fresh[block] = weights[block]
        elif design.modes[place] == "B":
            fresh[block] = solve_many(correlations[block, block], fresh[block])
    return fresh


def _inner(between: Array, design: Design, scheme: Scheme) -> Array:
    """Inner weights (J, J, B): row j says how much each construct counts for construct j."""
    found = np.zeros_like(between)
    for place, (causes, effects) in enumerate(zip(design.causes, design.effects, strict=True)):
        found[place, effects], found[place, causes] = between[effects, place], between[causes, place]
        if scheme == "path" and len(causes) > 1:
            found[place, causes] = solve_many(between[causes[:, None], causes], between[causes, place])
    return np.sign(found) if scheme == "centroid" else found
