"""Blindfolding: every d-th answer of a construct left out, filled in, and predicted from the construct's causes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.design import Design, Scheme
from cxlab.estimate.pls.model import estimate_model

Array = NDArray[np.float64]


def blindfolded(
    values: Array, design: Design, construct: int, omission: int, scheme: Scheme, tolerance: float
) -> tuple[Array, Array]:
    """Sums of squared errors of the predictions and of the means, (k,) each, of one construct's k indicators.

    From standardised answers (n, p). Cells of the construct's block are numbered down its columns, one after the other;
    round g of `omission` leaves out the cells g, g + omission, ..., puts the mean of the column's others in their
    place, estimates the model, and predicts them by its paths and loadings from the scores of the construct's causes.
    """
    block, n = design.blocks[construct], len(values)
    own = values[:, block]
    number = np.arange(own.size).reshape(own.shape[1], n).T
    errors, spread = np.zeros((2, own.shape[1]))
    for start in range(omission):
        out = number % omission == start
        mean = np.where(out, 0.0, own).sum(axis=0) / (~out).sum(axis=0)
        filled = values.copy()
        filled[:, block] = np.where(out, mean, own)
        predicted = _predicted(filled, design, construct, scheme, tolerance)
        errors += np.where(out, (own - predicted) ** 2, 0.0).sum(axis=0)
        spread += np.where(out, (own - mean) ** 2, 0.0).sum(axis=0)
    return errors, spread


def _predicted(values: Array, design: Design, construct: int, scheme: Scheme, tolerance: float) -> Array:
    """A construct's indicators (n, k) by the model of these rows, in the units of these rows."""
    mean, sd = values.mean(axis=0), values.std(axis=0, ddof=1)
    z = (values - mean) / sd
    found = estimate_model(np.cov(z.T)[None], design, None, scheme, tolerance)
    weights = found.weighting.weights[:, 0]
    scores = np.column_stack([z[:, block] @ weights[block] for block in design.blocks])
    block = design.blocks[construct]
    predicted = scores @ found.solved.paths[:, construct, 0]
    return np.asarray(predicted[:, None] * found.solved.loadings[block, 0] * sd[block] + mean[block])
