"""Every contestant fitted to every training part at once, and its loss on what was left out.

A training part is a column of weights that are zero for the rows left out, so that one matrix product gives the moments
of all of them. Linear models minimise squared error, logistic ones the log loss, by Newton's method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit
from scipy.stats import rankdata, t

from cxlab.metrics.tally import FloatArray

Family = Literal["numeric", "binary"]
_STEPS = 40
_LARGEST = 4_000_000
# Keeps separated answers (a perfect predictor) at finite coefficients; too small to be seen elsewhere.
_RIDGE = 1e-8


@dataclass(frozen=True, eq=False)
class Losses:
    """Mean loss of each split (J,): squared error or log loss; and for a binary outcome the area under the curve."""

    loss: FloatArray
    auc: FloatArray


def splits(assignments: FloatArray) -> FloatArray:
    """Which rows each split leaves out, (n, J), from fold numbers (repeats, n)."""
    folds = int(assignments.max()) + 1
    return np.concatenate([(parts[:, None] == np.arange(folds)) for parts in assignments], axis=1).astype(float)


def out_of_sample(x: FloatArray, y: FloatArray, left: FloatArray, weights: FloatArray, family: Family) -> Losses:
    """Losses on the rows left out, of models fitted on the others; `x` (n, p) may have no column: the mean alone."""
    design = np.column_stack([np.ones(len(y)), _standardised(x)])
    each = max(1, _LARGEST // len(y))
    found = [
        _some(design, y, left[:, start : start + each], weights, family) for start in range(0, left.shape[1], each)
    ]
    return Losses(np.concatenate([one.loss for one in found]), np.concatenate([one.auc for one in found]))


def fitted(x: FloatArray, y: FloatArray, weights: FloatArray, family: Family) -> FloatArray:
    """Predictions (n,) of the model fitted to all rows."""
    design = np.column_stack([np.ones(len(y)), _standardised(x)])
    return _predictions(design, y, weights[:, None], family)[:, 0]


def corrected_interval(differences: FloatArray, ratio: float, level: float) -> tuple[float, float, float]:
    """Mean of per-split values with the corrected resampled t interval (Nadeau & Bengio, 2003): mean, lower, upper.

    Splits share their training rows, so the variance of the mean is ``s² (1/J + n_test/n_train)``, with J - 1 degrees
    of freedom; `ratio` is n_test/n_train.

    Examples
    --------
    >>> [round(value, 3) for value in corrected_interval(np.array([0.1, 0.2, 0.3]), 0.5, 0.95)]
    [0.2, -0.193, 0.593]
    """
    size = len(differences)
    mean = float(differences.mean())
    half = float(t.ppf((1 + level) / 2, size - 1) * np.sqrt(differences.var(ddof=1) * (1 / size + ratio)))
    return mean, mean - half, mean + half


def _standardised(x: FloatArray) -> FloatArray:
    if not x.shape[1]:
        return x
    spread = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _some(design: FloatArray, y: FloatArray, left: FloatArray, weights: FloatArray, family: Family) -> Losses:
    guess = _predictions(design, y, (1 - left) * weights[:, None], family)
    test = left * weights[:, None]
    if family == "numeric":
        loss = (y[:, None] - guess) ** 2
        return Losses((test * loss).sum(axis=0) / test.sum(axis=0), np.full(left.shape[1], np.nan))
    guess = np.clip(guess, 1e-12, 1 - 1e-12)
    loss = -(y[:, None] * np.log(guess) + (1 - y[:, None]) * np.log1p(-guess))
    areas = [_area(y[own > 0], guess[own > 0, j], weights[own > 0]) for j, own in enumerate(left.T)]
    return Losses((test * loss).sum(axis=0) / test.sum(axis=0), np.array(areas))


def _area(y: FloatArray, guess: FloatArray, weights: FloatArray) -> float:
    """Area under the curve: the chance that the model ranks one of each class rightly."""
    positive = y > 0
    if positive.all() or not positive.any():
        return float("nan")
    if np.ptp(weights) > 0:
        from sklearn.metrics import roc_auc_score

        return float(roc_auc_score(y, guess, sample_weight=weights))
    count = int(positive.sum())
    return float((rankdata(guess)[positive].sum() - count * (count + 1) / 2) / (count * (len(y) - count)))


def _predictions(design: FloatArray, y: FloatArray, weights: FloatArray, family: Family) -> FloatArray:
    """Predictions (n, J) for all rows, of models fitted with the weights (n, J)."""
    if family == "numeric":
        return np.asarray(design @ _solve(design, weights, (weights * y[:, None]).T @ design).T)
    beta = np.zeros((weights.shape[1], design.shape[1]))
    mean = np.clip((weights * y[:, None]).sum(axis=0) / weights.sum(axis=0), 1e-6, 1 - 1e-6)
    beta[:, 0] = np.log(mean / (1 - mean))
    for _ in range(_STEPS):
        chance = expit(design @ beta.T)
        slope = (weights * (y[:, None] - chance)).T @ design - _RIDGE * beta
        step = _solve(design, weights * chance * (1 - chance), slope)
        step *= np.minimum(1.0, 5.0 / np.maximum(np.abs(step).max(axis=1, keepdims=True), 1e-300))
        beta += step
        if np.abs(step).max() < 1e-9:
            break
    return np.asarray(expit(design @ beta.T))


def _solve(design: FloatArray, weights: FloatArray, right: FloatArray) -> FloatArray:
    """``(X'WX)^-1 right`` for each column of weights; columns that repeat others share what they explain."""
    p = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), p * p)
    matrix = (weights.T @ products).reshape(-1, p, p) + _RIDGE * np.eye(p)
    return np.asarray(np.linalg.solve(matrix, right[:, :, None])[:, :, 0])
