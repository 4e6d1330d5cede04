"""How sample moments vary and how estimates weigh them: what the standard errors of residuals are made of.

As in lavaan, robust standard errors of the estimates come with residuals whose own errors do not need normality, and
observed information with weights from the observed second derivatives of the likelihood.
"""

from __future__ import annotations

import numpy as np

from cxlab.estimate.sem.weights import exogenous_moments, normal_weight
from cxlab.evaluate.fitted import Fitted


def fixed_items(fitted: Fitted) -> np.ndarray:
    """Positions of fixed covariates among the items."""
    sets = fitted.table.variables
    fixed = sets.ov_x if fitted.table.fixed_x else ()
    return np.array([sets.ov.index(name) for name in fixed], dtype=int)


def moment_weights(fitted: Fitted) -> list[np.ndarray]:
    """Information of one row in each group's moments, 0 for those that fixed covariates alone share.

    At the model's moments for ML, at the sample's for GLS.
    """
    means, fixed = fitted.table.meanstructure, fixed_items(fitted)
    heart = fitted.implied[0] if fitted.estimator == "ML" else fitted.cov
    inverses = np.linalg.inv(heart)
    if not fitted.observed or fitted.estimator != "ML":
        return [normal_weight(inverse, means, fixed) for inverse in inverses]
    off = np.zeros(fitted.cov.shape[:2])
    if fitted.mean is not None and fitted.implied[1] is not None:
        off = fitted.mean - fitted.implied[1]
    groups = zip(inverses, fitted.cov, off, strict=True)
    return [_observed_weight(inverse, cov, gap, means, fixed) for inverse, cov, gap in groups]


def _observed_weight(
    inverse: np.ndarray, cov: np.ndarray, off: np.ndarray, means: bool, fixed: np.ndarray
) -> np.ndarray:
    """Observed information of one row in the moments at Sigma and mu: D'(W x (2 G - W))D / 2 with G = W (S + dd') W."""
    middle = inverse @ (cov + np.outer(off, off)) @ inverse
    # x'(W x (2G - W))x is the difference of two squares
    weight = normal_weight(middle, False) - normal_weight(inverse - middle, False)
    if means:
        p = len(inverse)
        row, column = np.tril_indices(p)
        pulled, half = inverse @ off, np.where(row == column, 0.5, 1.0)
        mixed = half * (inverse[:, row] * pulled[column] + inverse[:, column] * pulled[row])
        weight = np.block([[inverse, mixed], [mixed.T, weight]])
    if len(fixed):
        gone = exogenous_moments(len(inverse), means, fixed)
        weight[gone] = 0.0
        weight[:, gone] = 0.0
    return np.asarray(weight)


def moment_sampling(fitted: Fitted) -> list[np.ndarray]:
    """Covariance matrix of each group's sample moments: if normal, or by fourth moments where `answers` are held."""
    found = []
    for group, (cov, n) in enumerate(zip(fitted.cov, fitted.n_obs, strict=True)):
        full = normal_weight(np.linalg.inv(cov), fitted.table.meanstructure)
        alive = np.ones(len(full), dtype=bool)
        fixed = fixed_items(fitted)
        if len(fixed):
            alive = ~exogenous_moments(len(cov), fitted.table.meanstructure, fixed)
        inverse = np.zeros_like(full)
        inverse[np.ix_(alive, alive)] = np.linalg.inv(full[np.ix_(alive, alive)])
        if fitted.answers is not None:
            scores = _deviations(fitted.answers[group], fitted.table.meanstructure) @ full
            scores[:, ~alive] = 0.0
            inverse = inverse @ (scores.T @ scores / len(scores)) @ inverse
        found.append(inverse / n)
    return found


def _deviations(values: np.ndarray, means: bool) -> np.ndarray:
    """Each row's share in the moments, centred (n, s)."""
    row, column = np.tril_indices(values.shape[1])
    deviations = values - values.mean(axis=0)
    products = deviations[:, row] * deviations[:, column]
    products -= products.mean(axis=0)
    return np.concatenate([deviations, products], axis=1) if means else products
