"""How good a PLS path model is: reliability, effect sizes, collinearity, and the distance to the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls import Design, Structure, Weighting
from cxlab.evaluate.reliability import cronbach_alpha

Array = NDArray[np.float64]
# Eigenvalues of correlations below this are rounding.
_SINGULAR = 1e-10


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
            found[source, target] = _effect_size(float(r2[target]), without)
    return found


def _effect_size(r2: float, without: float) -> float:
    """nan where nothing is left to explain."""
    left = 1 - r2
    return (r2 - without) / left if left > 1e-12 else float("nan")


def variance_inflation(cor: Array) -> Array:
    """Variance inflation factors (k,) from correlations (k, k): the diagonal of the inverse.

    Infinite where others determine a variable, as they do where there are no more rows than variables.

    Examples
    --------
    >>> variance_inflation(np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])).round(4).tolist()
    [1.5625, 1.5625, 1.0]
    """
    values, vectors = np.linalg.eigh(cor)
    bound = values < _SINGULAR
    found = (vectors[:, ~bound] ** 2 / values[~bound]).sum(axis=1)
    return np.where((np.abs(vectors[:, bound]) > 1e-6).any(axis=1), np.inf, found)


def implied_correlations(cor: Array, solved: Structure, design: Design, estimated: bool = True) -> Array:
    """Indicators' correlations (p, p, B) that B models imply, from those of the samples (p, p, B).

    Within a composite's block they are the sample's, within a common factor's products of its loadings; elsewhere
    loading times construct correlation times loading. `estimated` takes the construct correlations that the paths
    imply, else those that were found (the saturated model). Equals what ``cSEM::assess`` compares.
    """
    between = _path_implied(solved, design) if estimated else solved.correlations
    loadings, owner = solved.loadings, design.owner
    products = loadings[:, None] * loadings[None]
    implied = products * between[owner[:, None], owner]
    for place, block in enumerate(design.blocks):
        implied[block, block] = products[block, block] if design.corrected[place] else cor[block, block]
    every = np.arange(design.indicators)
    implied[every, every] = 1.0
    return np.asarray(implied)


def _path_implied(solved: Structure, design: Design) -> Array:
    """Correlations of the constructs (J, J, B) by (I - B)^-1 Psi (I - B)^-T, residuals uncorrelated."""
    unexplained = np.array([not len(causes) for causes in design.causes])
    given = unexplained[:, None] & unexplained
    every = np.arange(design.constructs)
    psi = np.where(given[:, :, None], solved.correlations, 0.0)
    psi[every, every] = np.where(unexplained[:, None], 1.0, 1 - solved.r2)
    total = np.moveaxis(solved.total, -1, 0) + np.eye(design.constructs)
    return np.moveaxis(total.transpose(0, 2, 1) @ np.moveaxis(psi, -1, 0) @ total, 0, -1)


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


@dataclass(frozen=True, eq=False)
class Distance:
    """SRMR, squared Euclidean and geodesic distance (B,) between sample and implied correlations."""

    srmr: Array
    d_uls: Array
    d_g: Array


def distance(cor: Array, implied: Array) -> Distance:
    """Distances of B pairs of correlation matrices (p, p, B).

    SRMR: root mean square of the lower triangle's differences, diagonal included. d_ULS: half the sum of all squared
    differences. d_G: half the sum of the squared natural logarithms of the eigenvalues of S^-1 Sigma, nan where a
    matrix is not positive definite. R: ``cSEM::assess``, whose d_G takes logarithms to base 10 and so is smaller by
    5.30.
    """
    off = (cor - implied) ** 2
    lower = off[np.tril_indices(len(cor))]
    sound = np.isfinite(cor).all(axis=(0, 1)) & np.isfinite(implied).all(axis=(0, 1))
    own, other = (np.moveaxis(one[:, :, sound], -1, 0) for one in (cor, implied))
    d_g = np.full(cor.shape[2], np.nan)
    values, vectors = np.linalg.eigh(own)
    spread = np.where(values[:, :1] > _SINGULAR, values, np.nan)
    with np.errstate(invalid="ignore"):
        half = vectors / np.sqrt(spread)[:, None]
        turned = half.swapaxes(1, 2) @ other @ half
        whole = np.isfinite(turned).all(axis=(1, 2))
        eigenvalues = np.full(values.shape, np.nan)
        eigenvalues[whole] = np.linalg.eigvalsh(turned[whole])
        d_g[sound] = 0.5 * (np.log(np.where(eigenvalues > 0, eigenvalues, np.nan)) ** 2).sum(axis=-1)
    return Distance(np.sqrt(lower.mean(axis=0)), 0.5 * off.sum(axis=(0, 1)), d_g)


def score_weights(weighting: Weighting, design: Design) -> Array:
    """Weights as a matrix (p, J) that turns standardised indicators into scores of unit variance."""
    found = np.zeros((design.indicators, design.constructs))
    found[np.arange(design.indicators), design.owner] = weighting.weights[:, 0]
    return found
