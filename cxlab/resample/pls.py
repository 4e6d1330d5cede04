"""PLS path models in every resample of the rows, a block of resamples at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls import Design, estimate_weights, structure
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.stages import Stages, interaction_units, make_indicators, standardised_moments, with_products
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
        Of an interaction for products of standardised scores, as `cxlab.pls` gives them.
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
    values: Array,
    design: Design,
    draws: Draws,
    scheme: Scheme,
    tolerance: float,
    most: int = 300,
    stages: Stages | None = None,
) -> PlsReplicates:
    """The model of `design` in every resample of complete rows (n, p).

    Each resample starts from weights of 1, as the sample does, so that its signs follow its own correlations. With
    `stages`, rows are answers, and products, first-stage weights and scores are found anew in each resample.
    """
    pairs = stages.pairs if stages else np.empty((0, 2), dtype=np.intp)
    rows = with_products(values, pairs)
    parts = []
    for first in range(0, draws.size, _BLOCK):
        counts = draws.counts(first, min(first + _BLOCK, draws.size))[0]
        cor, spread, constant, ready = _correlations(counts, rows, stages, scheme, tolerance, most)
        parts.append((*_estimates(cor, spread, constant, ready, design, scheme, tolerance, most, stages),))
    return PlsReplicates(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _correlations(
    counts: Array, rows: Array, stages: Stages | None, scheme: Scheme, tolerance: float, most: int
) -> tuple[Array, Array | None, NDArray[np.bool_], NDArray[np.bool_]]:
    """Of the indicators (k, k, B), with their deviations; whether an answer is constant; the first stage converged."""
    mean, cov = weighted_moments(counts, rows)
    answers = stages.answers if stages else rows.shape[1]
    variances = np.diagonal(cov, axis1=1, axis2=2)[:, :answers]
    constant = np.asarray((variances < 1e-12).any(axis=1))
    ready = np.ones(len(counts), dtype=bool)
    if stages is None:
        spread = np.sqrt(np.where(variances < 1e-12, np.nan, variances))
        return np.moveaxis(cov / (spread[:, :, None] * spread[:, None, :]), 0, -1).copy(), None, constant, ready
    n = counts.sum(axis=1)[:, None, None]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        sound = standardised_moments(mean, cov * n / (n - 1), stages.pairs)
        made = make_indicators(sound, stages, scheme, tolerance, most)
    return made.correlations, made.spread, constant, ready if made.first is None else made.first.converged


def _estimates(
    cor: Array,
    spread: Array | None,
    constant: NDArray[np.bool_],
    ready: NDArray[np.bool_],
    design: Design,
    scheme: Scheme,
    tolerance: float,
    most: int,
    stages: Stages | None,
) -> tuple[NDArray, ...]:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        weighting = estimate_weights(cor, design, scheme, tolerance, most)
        solved = structure(cor, weighting, design)
    usable = weighting.converged & ready & ~constant
    paths, total = solved.paths, solved.total
    if stages is not None and spread is not None:
        units = interaction_units(solved.loadings, spread, design, stages.interactions)[:, None]
        paths, total = paths / units, total / units
    found = [paths, total, solved.loadings, weighting.weights, solved.r2]
    moved = [np.where(usable, part, np.nan) for part in found]
    arrays = [np.moveaxis(part, -1, 0) for part in moved]
    return (*arrays, np.moveaxis(cor, -1, 0), constant, usable, solved.admissible & usable)
