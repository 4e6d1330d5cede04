"""Completely standardised and latent-standardised parameters, as lavaan computes them."""

from __future__ import annotations

import numpy as np

from cxlab.estimate.sem.likelihood import implied_cov, inner_cov
from cxlab.estimate.sem.structure import Structure, fill
from cxlab.specify.matrix_map import BETA, LAMBDA, PSI, THETA, ModelMatrices


def standardized(structure: Structure, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every row of the parameter table in standard deviations.

    Variances are shares of the variable's implied variance; covariances between residuals are correlations of the
    residuals (divided by the root of the absolute residual variances, which may be negative).

    Parameters
    ----------
    structure : Structure
        The model.
    theta : ndarray (..., q)
        Parameters.

    Returns
    -------
    std_lv, std_all : ndarray (..., rows)
        Latent variables standardised; all variables standardised. nan where an implied variance is negative or 0.
    """
    matrices = fill(structure, theta)
    latent = np.array([name not in structure.places.observed for name in structure.places.latent], dtype=bool)
    # Negative variances, and the zero residual variances of items in regressions, give nan or go unused.
    with np.errstate(invalid="ignore", divide="ignore"):
        inner = np.sqrt(_diagonal(inner_cov(structure, theta)))
        item = np.sqrt(_diagonal(implied_cov(structure, theta)))
        own = np.sqrt(np.abs(_diagonal(matrices.psi)))
        error = np.sqrt(np.abs(_diagonal(matrices.theta)))
        one = np.ones_like(item)
        std_lv = _scaled(structure, matrices, np.where(latent, np.stack([inner, own]), 1.0), np.stack([one, one]))
        std_all = _scaled(structure, matrices, np.stack([inner, own]), np.stack([item, error]))
    # A covariance with a residual whose variance is fixed at 0 has no correlation.
    return np.where(np.isfinite(std_lv), std_lv, np.nan), np.where(np.isfinite(std_all), std_all, np.nan)


def _scaled(structure: Structure, matrices: ModelMatrices, inner: np.ndarray, items: np.ndarray) -> np.ndarray:
    """Every row of the table in units of standard deviations (total, residual) of inner variables and of items."""
    places = structure.places
    out = np.zeros((*matrices.psi.shape[:-2], len(places.matrix)))
    scales = (
        (LAMBDA, inner[0][..., None, :] / items[0][..., :, None]),
        (BETA, inner[0][..., None, :] / inner[0][..., :, None]),
        (PSI, 1 / _variance_or_covariance(*inner)),
        (THETA, 1 / _variance_or_covariance(*items)),
    )
    for (code, scale), matrix in zip(scales, matrices[:4], strict=True):
        here = places.matrix == code
        row, column = places.row[here], places.col[here]
        out[..., here] = matrix[..., row, column] * scale[..., row, column]
    return out


def _diagonal(matrix: np.ndarray) -> np.ndarray:
    return np.diagonal(matrix, axis1=-2, axis2=-1)


def _variance_or_covariance(total: np.ndarray, own: np.ndarray) -> np.ndarray:
    """What variances (on the diagonal, by total SD) and covariances (off it, by residual SD) are divided by."""
    divisor = own[..., :, None] * own[..., None, :]
    diagonal = np.arange(total.shape[-1])
    divisor[..., diagonal, diagonal] = total**2
    return divisor
