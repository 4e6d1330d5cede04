"""From weights to loadings, paths, explained variance and total effects; consistent PLS for common factors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.algorithm import Weighting
from cxlab.estimate.pls.design import Design
from cxlab.estimate.pls.solve import solve_many

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Structure:
    """The estimated model; replicates last.

    Attributes
    ----------
    loadings : (p, B)
        Of each indicator on its own construct; for a common factor corrected.
    rho_a : (J, B)
        Dijkstra and Henseler's reliability; 1 for composites and single indicators.
    correlations : (J, J, B)
        Of the constructs, corrected where they are common factors.
    paths : (J, J, B)
        ``paths[i, j]`` is the effect of i on j.
    total : (J, J, B)
    r2 : (J, B)
    admissible : (B,)
        No reliability below 0, no loading or correlation beyond 1, no weighted sum of constructs with a variance
        below 0.
    """

    loadings: Array
    rho_a: Array
    correlations: Array
    paths: Array
    total: Array
    r2: Array
    admissible: NDArray[np.bool_]


def structure(correlations: Array, weighting: Weighting, design: Design) -> Structure:
    """Loadings, paths and effects of B models from their indicators' correlations (p, p, B) and their weights.

    Ordinary least squares on the constructs' correlations. For common factors these are divided by the square root of
    both reliabilities, and loadings follow from the weights (Dijkstra & Henseler, 2015).
    """
    count = correlations.shape[2]
    owner = design.owner
    loadings = weighting.projected[np.arange(design.indicators), owner].copy()
    rho = np.ones((design.constructs, count))
    between = weighting.correlations
    if design.corrected.any():
        for place in np.flatnonzero(design.corrected):
            block = design.blocks[place]
            weights = weighting.weights[block]
            rho[place] = rho_a(correlations[block, block], weights)
            loadings[block] = weights * np.sqrt(_root(rho[place])) / (weights**2).sum(axis=0)
        root = np.sqrt(_root(rho))
        between = between / (root[:, None] * root[None])
        every = np.arange(design.constructs)
        between[every, every] = 1.0
    paths, r2 = _regressions(between, design)
    largest = np.abs(between).max(axis=(0, 1)) if design.constructs else np.ones(count)
    admissible = (rho > 0).all(axis=0) & (np.abs(loadings) <= 1 + 1e-8).all(axis=0) & (largest <= 1 + 1e-8)
    admissible &= weighting.converged
    if design.corrected.any():
        admissible &= smallest_eigenvalue(between, admissible) >= -1e-8
    return Structure(loadings, rho, between, paths, _total(paths), r2, admissible)


def smallest_eigenvalue(correlations: Array, which: NDArray[np.bool_]) -> Array:
    """Of each matrix (J, J, B) that `which` marks (B,), else nan; below 0 a weighted sum has a negative variance."""
    found = np.full(correlations.shape[2], np.nan)
    if which.any():
        found[which] = np.linalg.eigvalsh(np.moveaxis(correlations[:, :, which], -1, 0))[:, 0]
    return found


def rho_a(correlations: Array, weights: Array) -> Array:
    """Reliability of a block's score (B,), from its correlations (k, k, B) and weights (k, B) of unit-variance scores.

    (w'w)^2 w'(R - diag R)w / w'(ww' - diag ww')w. Source: Dijkstra & Henseler (2015). R: ``seminr::rho_A``.
    """
    square = (weights**2).sum(axis=0)
    common = np.einsum("ib,ijb,jb->b", weights, correlations, weights) - square
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(square**2 * common / (square**2 - (weights**4).sum(axis=0)))


def _root(values: Array) -> Array:
    return np.where(values > 0, values, np.nan)


def _regressions(between: Array, design: Design) -> tuple[Array, Array]:
    paths = np.zeros_like(between)
    r2 = np.zeros(between.shape[1:])
    for place, causes in enumerate(design.causes):
        if len(causes):
            slopes = solve_many(between[np.ix_(causes, causes)], between[causes, place])
            paths[causes, place] = slopes
            r2[place] = (slopes * between[causes, place]).sum(axis=0)
    return paths, r2


def _total(paths: Array) -> Array:
    """(I - P)^-1 - I of models without circles: a finite sum of powers."""
    total, power = paths.copy(), paths
    for _ in range(len(paths) - 2):
        power = np.einsum("ijb,jkb->ikb", power, paths)
        if not power.any():
            break
        total += power
    return total
