"""PLS path models in every resample of the rows, a block of resamples at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls import Design, estimate_weights, structure
from cxlab.estimate.pls.design import Scheme
from cxlab.resample.draws import Draws
from cxlab.resample.moments import weighted_moments

Array = NDArray[np.float64]
_BLOCK = 256


@dataclass(frozen=True, eq=False)
class PlsReplicates:
    """Estimates of R resamples, nan where one could not be estimated.

    Attributes
    ----------
    paths, total : (R, J, J)
    loadings, weights : (R, p)
    r2 : (R, J)
    correlations : (R, p, p) of the indicators
    constant : (R,) an indicator did not vary
    converged, admissible : (R,)
    """

    paths: Array
    total: Array
    loadings: Array
    weights: Array
    r2: Array
    correlations: Array
    constant: NDArray[np.bool_]
    converged: NDArray[np.bool_]
    admissible: NDArray[np.bool_]


def pls_replicates(
    values: Array, design: Design, draws: Draws, scheme: Scheme, tolerance: float, most: int = 300
) -> PlsReplicates:
    """The model of `design` in every resample of complete rows (n, p).

    Each resample starts from weights of 1, as the sample does, so that its signs follow its own correlations.
    """
    z = (values - values.mean(axis=0)) / values.std(axis=0)
    parts = []
    for first in range(0, draws.size, _BLOCK):
        last = min(first + _BLOCK, draws.size)
        parts.append(_block(draws.counts(first, last)[0], z, design, scheme, tolerance, most))
    return PlsReplicates(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _block(counts: Array, z: Array, design: Design, scheme: Scheme, tolerance: float, most: int) -> tuple[NDArray, ...]:
    cov = weighted_moments(counts, z)[1]
    variances = np.diagonal(cov, axis1=1, axis2=2)
    constant = (variances < 1e-12).any(axis=1)
    spread = np.sqrt(np.where(variances < 1e-12, np.nan, variances))
    cor = cov / (spread[:, :, None] * spread[:, None, :])
    last = np.ascontiguousarray(np.moveaxis(cor, 0, -1))
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        weighting = estimate_weights(last, design, scheme, tolerance, most)
        solved = structure(last, weighting, design)
    usable = weighting.converged & ~constant
    found = [solved.paths, solved.total, solved.loadings, weighting.weights, solved.r2]
    moved = [np.where(usable, part, np.nan) for part in found]
    arrays = [np.moveaxis(part, -1, 0) for part in moved]
    return (*arrays, cor, constant, usable, solved.admissible & usable)
