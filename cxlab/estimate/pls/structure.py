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


def structure(correlations: Array, weighting: Weighting, design: Design, known: Array | None = None) -> Structure:
    """Loadings, paths and effects of B models from their indicators' correlations (p, p, B) and their weights.

    Ordinary least squares on the constructs' correlations. For common factors these are divided by the square root of
    both reliabilities, and loadings follow from the weights (Dijkstra & Henseler, 2015). `known` (p, B) are the
    reliabilities of indicators that are scores of common factors; constructs are then corrected for them.
    """
    if known is None:
        rho = reliabilities(correlations, weighting, design)
        loadings = _loadings(weighting, design, rho)
    else:
        rho, loadings = _composites_of_factors(correlations, weighting, design, known)
    corrected = bool(design.corrected.any()) or known is not None
    between = disattenuated(weighting.correlations, rho) if corrected else weighting.correlations
    paths, r2 = _regressions(between, design)
    largest = np.abs(between).max(axis=(0, 1)) if design.constructs else np.ones(correlations.shape[2])
    admissible = (rho > 0).all(axis=0) & (np.abs(loadings) <= 1 + 1e-8).all(axis=0) & (largest <= 1 + 1e-8)
    admissible &= weighting.converged
    if corrected:
        admissible &= smallest_eigenvalue(between, admissible) >= -1e-8
    return Structure(loadings, rho, between, paths, _total(paths), r2, admissible)


def reliabilities(correlations: Array, weighting: Weighting, design: Design) -> Array:
    """rho_A of common factors with several indicators, 1 of all other constructs (J, B)."""
    rho = np.ones((design.constructs, correlations.shape[2]))
    for place in np.flatnonzero(design.corrected):
        block = design.blocks[place]
        rho[place] = rho_a(correlations[block, block], weighting.weights[block])
    return rho


def disattenuated(correlations: Array, rho: Array) -> Array:
    """Correlations (J, J, B) over the roots of both reliabilities (J, B); not finite where one is not positive."""
    root = np.sqrt(_root(rho))
    found = correlations / (root[:, None] * root[None])
    every = np.arange(len(found))
    found[every, every] = 1.0
    return np.asarray(found)


def _loadings(weighting: Weighting, design: Design, rho: Array) -> Array:
    """Correlations with the own construct; of common factors weights times sqrt(rho_A) / (w'w)."""
    loadings = weighting.projected[np.arange(design.indicators), design.owner].copy()
    for place in np.flatnonzero(design.corrected):
        weights = weighting.weights[design.blocks[place]]
        loadings[design.blocks[place]] = weights * np.sqrt(_root(rho[place])) / (weights**2).sum(axis=0)
    return loadings


def _composites_of_factors(
    correlations: Array, weighting: Weighting, design: Design, known: Array
) -> tuple[Array, Array]:
    """Reliabilities (J, B) of composites of factor scores, and the factors' correlations with their composite (p, B).

    With K the correlations of the scores and their reliabilities on its diagonal, the composite has reliability w'Kw
    (van Riel et al., 2017). Regression weights (mode B) of error-free factors differ from those of their scores: the
    loadings are those of the scores over the roots of the reliabilities, scaled so that they belong to a composite of
    variance 1 of the factors. R: ``cSEM::csem`` with a second-order composite of common factors.
    """
    rho = np.empty((design.constructs, correlations.shape[2]))
    loadings = np.ones_like(weighting.weights)
    for place, block in enumerate(design.blocks):
        between, own = correlations[block, block], known[block]
        weights, every = weighting.weights[block], np.arange(design.sizes[place])
        common = between.copy()
        common[every, every] = own
        shared = np.einsum("ijb,jb->ib", common, weights)
        rho[place] = (weights * shared).sum(axis=0)
        if design.sizes[place] == 1:
            continue
        if design.modes[place] == "B":
            found = np.einsum("ijb,jb->ib", between, weights) / np.sqrt(_root(own))
            length = (found * solve_many(disattenuated(between, own), found)).sum(axis=0)
            loadings[block] = found / np.sqrt(_root(length))
        else:
            loadings[block] = shared / np.sqrt(_root(own) * _root(rho[place]))
    return rho, loadings


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
