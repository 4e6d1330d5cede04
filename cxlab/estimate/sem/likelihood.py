"""The covariance matrix a model implies, its distance from the sample's, and their derivatives.

Every derivative of Sigma is of rank two: dSigma/dtheta_i = s_i (u_i v_i' + v_i u_i'), where u_i and v_i are columns of
K = [I | M | D], M = Lambda (I - B)^-1, D = M Psi (I - B)^-T. With W = Sigma^-1 and Q = W - W S W,

    gradient of F        g_i  = 2 s_i (K'QK)[u_i, v_i]
    expected Hessian     J_ij = 2 s_i s_j ((K'WK)[u_i, u_j] (K'WK)[v_i, v_j] + (K'WK)[u_i, v_j] (K'WK)[v_i, u_j])

so that no array of size p^2 q is formed. All arguments may carry a leading batch axis.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cxlab.estimate.sem.structure import Structure, fill
from cxlab.specify.matrix_map import BETA, LAMBDA, PSI, ModelMatrices


class State(NamedTuple):
    """A model evaluated at one point: Sigma, its inverse W, log|Sigma| and K = [I | M | D]."""

    sigma: np.ndarray
    inverse: np.ndarray
    log_det: np.ndarray
    columns: np.ndarray


def implied_cov(structure: Structure, theta: np.ndarray) -> np.ndarray:
    """Sigma (..., p, p) at parameter values (..., q)."""
    return _sigma(fill(structure, theta))[0]


def inner_cov(structure: Structure, theta: np.ndarray) -> np.ndarray:
    """Covariance matrix of the inner variables (..., m, m): (I - B)^-1 Psi (I - B)^-T."""
    matrices = fill(structure, theta)
    total = _total_effects(matrices)
    return total @ matrices.psi @ np.swapaxes(total, -1, -2)


def evaluate(structure: Structure, theta: np.ndarray) -> State | None:
    """The model at a point, or None where Sigma is not positive definite (for any member of a batch)."""
    try:
        sigma, m, d = _sigma(fill(structure, theta))
        if not np.isfinite(sigma).all():
            return None
        lower = np.linalg.cholesky(sigma)
    except np.linalg.LinAlgError:
        return None
    log_det = 2 * np.log(np.diagonal(lower, axis1=-2, axis2=-1)).sum(-1)
    unit = np.broadcast_to(np.eye(structure.items), sigma.shape)
    return State(sigma, np.linalg.inv(sigma), log_det, np.concatenate([unit, m, d], axis=-1))


def discrepancy(state: State, cov: np.ndarray) -> np.ndarray:
    """F_ML = log|Sigma| + tr(S Sigma^-1) - log|S| - p; the chi-square statistic is n F."""
    sample = np.linalg.slogdet(cov)[1]
    return state.log_det + np.einsum("...ij,...ji->...", cov, state.inverse) - sample - cov.shape[-1]


def gradient(structure: Structure, state: State, cov: np.ndarray) -> np.ndarray:
    """dF/dtheta (..., q)."""
    q_matrix = state.inverse - state.inverse @ cov @ state.inverse
    h = _sandwich(state.columns, q_matrix)
    u, v, s = _rank_two(structure)
    return 2 * s * h[..., u, v]


def expected_hessian(structure: Structure, state: State) -> np.ndarray:
    """J (..., q, q), the expectation of the Hessian of F; the estimates' covariance matrix is (n/2 J)^-1."""
    g = _sandwich(state.columns, state.inverse)
    u, v, s = _rank_two(structure)
    uu, vv = g[..., u[:, None], u], g[..., v[:, None], v]
    uv, vu = g[..., u[:, None], v], g[..., v[:, None], u]
    return 2 * np.outer(s, s) * (uu * vv + uv * vu)


def _sigma(matrices: ModelMatrices) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    total = _total_effects(matrices)
    m = matrices.lambda_ @ total
    d = m @ matrices.psi @ np.swapaxes(total, -1, -2)
    sigma = m @ matrices.psi @ np.swapaxes(m, -1, -2) + matrices.theta
    return (sigma + np.swapaxes(sigma, -1, -2)) / 2, m, d


def _total_effects(matrices: ModelMatrices) -> np.ndarray:
    return np.linalg.inv(np.eye(matrices.beta.shape[-1]) - matrices.beta)


def _sandwich(outer: np.ndarray, inside: np.ndarray) -> np.ndarray:
    return np.swapaxes(outer, -1, -2) @ inside @ outer


def _rank_two(structure: Structure) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns u and v of K, and the factor s, of each parameter."""
    p, m = structure.items, structure.inner
    matrix, row, column = structure.matrix, structure.row, structure.column
    u = row + np.where(np.isin(matrix, (BETA, PSI)), p, 0)
    v = column + np.where(np.isin(matrix, (LAMBDA, BETA)), p + m, np.where(matrix == PSI, p, 0))
    s = np.where(structure.is_variance, 0.5, 1.0)
    return u, v, s
