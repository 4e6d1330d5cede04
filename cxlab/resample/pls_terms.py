"""Covariances of construct scores and their further terms, in the sample and in every resample."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls import Design
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.terms import Term, covariances
from cxlab.resample.blocks import spans
from cxlab.resample.draws import Draws
from cxlab.resample.pls import PlsReplicates, pls_replicates

Array = NDArray[np.float64]
_BLOCK = 256


def term_replicates(
    values: Array, design: Design, draws: Draws, scheme: Scheme, tolerance: float, term: Term
) -> tuple[Array, PlsReplicates]:
    """Covariances (2 J, 2 J, R) and the resamples; nan where a resample could not be estimated.

    Weights, means, standard deviations, scores and ranks are found anew in each resample of the rows (n, p).
    """
    found = pls_replicates(values, design, draws, scheme, tolerance)
    size = 2 * design.constructs
    cov = np.full((size, size, draws.size), np.nan)
    for first, last in spans(draws.size, _BLOCK):
        for place, counts in enumerate(draws.counts(first, last)[0], first):
            if found.converged[place]:
                cov[:, :, place] = covariances(_scores(values, counts, found.weights[place], design), counts, term)
    return cov, found


def _scores(values: Array, counts: Array, weights: Array, design: Design) -> Array:
    """Scores (n, J) of unit variance in the rows that count."""
    n = counts.sum()
    away = values - counts @ values / n
    spread = np.sqrt(counts @ away**2 / (n - 1))
    return np.add.reduceat(away * (weights / spread), design.starts, axis=1)
