"""How good a PLS path model is: reliability, effect sizes, collinearity, and the distance to the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls import Design, Structure, Weighting, estimate_weights, structure
from cxlab.estimate.pls.design import Scheme
from cxlab.evaluate.reliability import cronbach_alpha

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Quality:
    """Reliability and convergent validity of J constructs; nan for single indicators and formative blocks.

    Attributes
    ----------
    alpha : (J,) standardised
    rho_a : (J,) Dijkstra and Henseler's, of mode A
    rho_c : (J,) composite reliability
    ave : (J,) average variance extracted
    """

    alpha: Array
    rho_a: Array
    rho_c: Array
    ave: Array


def quality(cor: Array, loadings: Array, rho: Array, design: Design) -> Quality:
    """Reliability from the indicators' correlations (p, p), their loadings (p,) and rho_A (J,).

    rho_C = (sum l)^2 / ((sum l)^2 + sum(1 - l^2)), AVE = mean l^2 (Fornell & Larcker, 1981).
    """
    found = np.full((4, design.constructs), np.nan)
    for place, block in enumerate(design.blocks):
        if design.sizes[place] > 1 and design.modes[place] != "B":
            own = loadings[block]
            total = own.sum() ** 2
            composite = total / (total + (1 - own**2).sum())
            rho_a = rho[place] if design.modes[place] == "A" else np.nan
            found[:, place] = cronbach_alpha(cor[block, block]), rho_a, composite, (own**2).mean()
    return Quality(*found)


def effect_sizes(between: Array, r2: Array, design: Design) -> Array:
    """f-squared (J, J) with the constructs' scores kept: (R2 with - R2 without the path) / (1 - R2 with).

    R: ``cSEM::calculatef2``.
    """
    found = np.full((design.constructs, design.constructs), np.nan)
    for target, causes in enumerate(design.causes):
        for source in causes:
            others = causes[causes != source]
            slopes = np.linalg.solve(between[np.ix_(others, others)], between[others, target])
            without = float(slopes @ between[others, target])
            found[source, target] = (r2[target] - without) / (1 - r2[target])
    return found


def reestimated_effect_sizes(cor: Array, r2: Array, design: Design, scheme: Scheme, tolerance: float) -> Array:
    """f-squared (J, J) with the whole model estimated again without the path, so that weights change too.

    R: ``seminr`` (``summary(model)$fSquare``). nan where the model without the path leaves a construct unconnected.
    """
    found = np.full((design.constructs, design.constructs), np.nan)
    for source, target in zip(*np.nonzero(design.paths), strict=True):
        paths = design.paths.copy()
        paths[source, target] = False
        if not all(paths[place].any() or paths[:, place].any() for place in (source, target)):
            continue
        smaller = Design(design.sizes, design.modes, design.consistent, paths)
        weighting = estimate_weights(cor[:, :, None], smaller, scheme, tolerance)
        without = structure(cor[:, :, None], weighting, smaller).r2[target, 0]
        found[source, target] = (r2[target] - without) / (1 - r2[target])
    return found


def variance_inflation(cor: Array) -> Array:
    """Variance inflation factors (k,) from correlations (k, k): the diagonal of the inverse."""
    return np.asarray(np.diag(np.linalg.inv(cor)))


def implied_correlations(cor: Array, solved: Structure, design: Design, estimated: bool = True) -> Array:
    """Indicators' correlations (p, p) that the model implies.

    Within a composite's block they are the sample's, within a common factor's products of its loadings; elsewhere
    loading times construct correlation times loading. `estimated` takes the construct correlations that the paths
    imply, else those that were found (the saturated model). Equals what ``cSEM::assess`` compares.
    """
    between = solved.correlations[:, :, 0]
    if estimated:
        between = _path_implied(solved.paths[:, :, 0], solved.r2[:, 0], between, design)
    loadings, owner = solved.loadings[:, 0], design.owner
    implied = np.outer(loadings, loadings) * between[np.ix_(owner, owner)]
    for place, block in enumerate(design.blocks):
        own = np.outer(loadings[block], loadings[block])
        implied[block, block] = own if design.corrected[place] else cor[block, block]
    np.fill_diagonal(implied, 1.0)
    return np.asarray(implied)


def _path_implied(paths: Array, r2: Array, between: Array, design: Design) -> Array:
    """Covariances of the constructs by (I - B)^-1 Psi (I - B)^-T, residuals uncorrelated with variances 1 - R2."""
    unexplained = np.array([not len(causes) for causes in design.causes])
    psi = np.diag(np.where(unexplained, 1.0, 1 - r2))
    psi[np.ix_(unexplained, unexplained)] = between[np.ix_(unexplained, unexplained)]
    total = np.linalg.inv(np.eye(len(paths)) - paths.T)
    return np.asarray(total @ psi @ total.T)


def causal_order(paths: NDArray[np.bool_]) -> list[int]:
    """Constructs, each after all that explain it; an empty list where paths run in a circle."""
    left, order = set(range(len(paths))), []
    while left:
        ready = sorted(place for place in left if not any(paths[cause, place] for cause in left))
        if not ready:
            return []
        order += ready
        left -= set(ready)
    return order


@dataclass(frozen=True)
class Distance:
    """SRMR, squared Euclidean and geodesic distance between sample and implied correlations."""

    srmr: float
    d_uls: float
    d_g: float


def distance(cor: Array, implied: Array) -> Distance:
    """Distances of two correlation matrices (p, p).

    SRMR: root mean square of the lower triangle's differences, diagonal included. d_ULS: half the sum of all squared
    differences. d_G: half the sum of the squared natural logarithms of the eigenvalues of S^-1 Sigma. R:
    ``cSEM::assess``, whose d_G takes logarithms to base 10 and so is smaller by 5.30.
    """
    off = cor - implied
    lower = off[np.tril_indices(len(cor))]
    eigenvalues = np.linalg.eigvals(np.linalg.solve(cor, implied)).real
    with np.errstate(invalid="ignore"):
        logs = np.log(np.where(eigenvalues > 0, eigenvalues, np.nan))
    return Distance(float(np.sqrt((lower**2).mean())), float(0.5 * (off**2).sum()), float(0.5 * (logs**2).sum()))


def score_weights(weighting: Weighting, design: Design) -> Array:
    """Weights as a matrix (p, J) that turns standardised indicators into scores of unit variance."""
    found = np.zeros((design.indicators, design.constructs))
    found[np.arange(design.indicators), design.owner] = weighting.weights[:, 0]
    return found
