"""Weight matrices of sample moments: what varies how much, under normality and without it.

The vector of moments is the means (where modelled), then the lower triangle of the covariance matrix by rows:
s_11, s_21, s_22, s_31, ...
"""

from __future__ import annotations

import numpy as np

from cxlab.errors import DataError


def moment_vector(cov: np.ndarray, mean: np.ndarray | None) -> np.ndarray:
    """Moments (..., s) of covariance matrices (..., p, p) and means (..., p)."""
    row, column = np.tril_indices(cov.shape[-1])
    vech = cov[..., row, column]
    return vech if mean is None else np.concatenate([mean, vech], axis=-1)


def moment_units(items: np.ndarray, means: bool) -> np.ndarray:
    """The units of the moments (s,) from those of the items (p,)."""
    return moment_vector(np.outer(items, items), items if means else None)


def normal_weight(inverse: np.ndarray, means: bool, exogenous: np.ndarray | None = None) -> np.ndarray:
    """Information of one row in the moments under normality (s, s), from Sigma's inverse (p, p).

    D'(W x W)D / 2 for the covariances, W for the means; zero for moments of exogenous covariates, given by positions.
    """
    row, column = np.tril_indices(len(inverse))
    half = np.where(row == column, 0.5, 1.0)
    weight = inverse[np.ix_(row, row)] * inverse[np.ix_(column, column)]
    weight += inverse[np.ix_(row, column)] * inverse[np.ix_(column, row)]
    weight *= np.outer(half, half)
    p = len(inverse)
    if means:
        full = np.zeros((p + len(row), p + len(row)))
        full[:p, :p], full[p:, p:] = inverse, weight
        weight = full
    if exogenous is not None and len(exogenous):
        gone = exogenous_moments(p, means, exogenous)
        weight[gone] = 0.0
        weight[:, gone] = 0.0
    return weight


def exogenous_moments(items: int, means: bool, exogenous: np.ndarray) -> np.ndarray:
    """Which moments belong to exogenous covariates alone (s,), bool."""
    is_x = np.zeros(items, dtype=bool)
    is_x[exogenous] = True
    row, column = np.tril_indices(items)
    vech = is_x[row] & is_x[column]
    return np.concatenate([is_x, vech]) if means else vech


def moment_deviations(values: np.ndarray, means: bool, exogenous: np.ndarray | None = None) -> np.ndarray:
    """Each row's share in the moments, centred (n, s): its products of deviations.

    With exogenous covariates what they predict is taken out: theirs are not random.
    """
    row, column = np.tril_indices(values.shape[1])
    deviations = values - values.mean(axis=0)
    products = deviations[:, row] * deviations[:, column]
    out = np.concatenate([deviations, products], axis=1) if means else products
    if exogenous is not None and len(exogenous):
        design = deviations[:, exogenous]
        predicted = design @ np.linalg.lstsq(design, deviations, rcond=None)[0]
        products = predicted[:, row] * predicted[:, column]
        out = out - (np.concatenate([predicted, products], axis=1) if means else products)
        out[:, exogenous_moments(values.shape[1], means, exogenous)] = 0.0
    return np.asarray(out - out.mean(axis=0))


def gamma(values: np.ndarray, means: bool, exogenous: np.ndarray | None = None) -> np.ndarray:
    """n times the covariance matrix of the moments (s, s), by fourth moments; divisor n.

    Equals ``lavInspect(fit, "gamma")`` of R's lavaan, but for the order of the moments.
    """
    deviations = moment_deviations(values, means, exogenous)
    return np.asarray(deviations.T @ deviations / len(values))


def wls_weight(values: np.ndarray, means: bool, group: str = "") -> np.ndarray:
    """The weight matrix of Browne's asymptotically distribution-free estimator: Gamma inverted.

    Raises
    ------
    DataError
        Fewer rows than moments, or moments that determine each other (as with 0/1 items).
    """
    n, p = values.shape
    size = p * (p + 1) // 2 + (p if means else 0)
    if n <= size:
        raise DataError("engine.wls_rows", n=n, moments=size, items=p, group=group or "–")
    matrix = gamma(values, means)
    scale = 1 / np.sqrt(np.diag(matrix))
    correlations = matrix * np.outer(scale, scale)
    if np.linalg.eigvalsh(correlations)[0] < 1e-10:
        raise DataError("engine.wls_singular", group=group or "–")
    return np.asarray(np.linalg.inv(correlations) * np.outer(scale, scale))
