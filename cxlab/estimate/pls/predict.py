"""Out-of-sample predictions of a PLS path model's endogenous indicators, and the linear benchmarks."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.algorithm import estimate_weights
from cxlab.estimate.pls.design import Design, Scheme
from cxlab.estimate.pls.structure import structure

Array = NDArray[np.float64]
Antecedents = Literal["earliest", "direct"]
Benchmark = Literal["exogenous", "outside"]


def endogenous_items(design: Design) -> NDArray[np.intp]:
    """Places of the indicators of constructs that something explains."""
    explained = np.array([len(causes) > 0 for causes in design.causes])
    return np.flatnonzero(explained[design.owner])


def pls_predictions(
    train: Array, test: Array, design: Design, scheme: Scheme, antecedents: Antecedents, tolerance: float
) -> Array:
    """Predicted endogenous indicators (m, k) of new rows (m, p), from a model estimated on others (n, p).

    New rows are standardised by the training rows' means and deviations and weighted to scores. "earliest" carries only
    the scores of constructs that nothing explains along the paths; "direct" takes each construct's own causes' scores.
    A construct's predicted score times the indicators' loadings gives their prediction (Shmueli et al., 2016).
    """
    mean, sd = train.mean(axis=0), train.std(axis=0, ddof=1)
    cor = np.corrcoef(train.T).reshape(len(mean), len(mean), 1)
    weighting = estimate_weights(cor, design, scheme, tolerance)
    solved = structure(cor, weighting, design)
    weights = np.zeros((design.indicators, design.constructs))
    weights[np.arange(design.indicators), design.owner] = weighting.weights[:, 0]
    scores = (test - mean) / sd @ weights
    paths = solved.paths[:, :, 0]
    if antecedents == "direct":
        predicted = scores @ paths
    else:
        exogenous = np.array([not len(causes) for causes in design.causes])
        predicted = np.where(exogenous, scores, 0.0) @ solved.total[:, :, 0]
    places = endogenous_items(design)
    return predicted[:, design.owner[places]] * solved.loadings[places, 0] * sd[places] + mean[places]


def linear_predictions(train: Array, test: Array, design: Design, benchmark: Benchmark) -> Array:
    """Predictions of the same indicators by linear regression.

    "exogenous" regresses each on all indicators of constructs that nothing explains (Shmueli et al., 2016; cSEM),
    "outside" on all indicators outside its own block (seminr 2.3).
    """
    exogenous = np.array([not len(causes) for causes in design.causes])
    columns = []
    for place in endogenous_items(design):
        chosen = exogenous[design.owner] if benchmark == "exogenous" else design.owner != design.owner[place]
        left, new = _with_one(train[:, chosen]), _with_one(test[:, chosen])
        columns.append(new @ np.linalg.lstsq(left, train[:, place], rcond=None)[0])
    return np.column_stack(columns)


def _with_one(values: Array) -> Array:
    return np.column_stack([np.ones(len(values)), values])
