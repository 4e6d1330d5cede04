"""Inverses and log determinants of stacks of matrices, in which some may have none."""

from __future__ import annotations

import numpy as np

from cxlab.estimate.sem.implied import Implied, inverse, transposed

# Below this share of an item's variance, Woodbury's identity loses digits and the dense inverse is taken.
_SMALL_RESIDUAL = 1e-4
# Smallest squared pivot of a correlation matrix that counts as invertible.
_SMALLEST_PIVOT = 1e-11


def sample_log_det(cov: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which replicates have only positive definite matrices (R,), and log|S| (R, G); 0 where it has none."""
    spread = np.sqrt(np.maximum(np.diagonal(cov, axis1=-2, axis2=-1), 1e-300))
    correlations = cov / (spread[..., :, None] * spread[..., None, :])
    pivots, log_det = _pivots(correlations)
    good = (pivots > _SMALLEST_PIVOT) & np.isfinite(log_det)
    total = log_det + 2 * np.log(spread).sum(axis=-1)
    return good.all(axis=-1), np.where(good, total, 0.0)


def _pivots(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest squared pivot of each matrix's Cholesky factor (-1 if it has none), and log determinants."""
    if not matrix.shape[-1]:
        return np.ones(matrix.shape[:-2]), np.zeros(matrix.shape[:-2])
    try:
        lower = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        flat = matrix.reshape(-1, *matrix.shape[-2:])
        none = np.array([-1.0]), np.array([-np.inf])
        found = [_pivots(one[None]) if _has_factor(one) else none for one in flat]
        smallest, log_det = (np.concatenate(column) for column in zip(*found, strict=True))
        return smallest.reshape(matrix.shape[:-2]), log_det.reshape(matrix.shape[:-2])
    diagonal = np.diagonal(lower, axis1=-2, axis2=-1)
    with np.errstate(invalid="ignore"):
        return (diagonal**2).min(axis=-1), 2 * np.log(diagonal).sum(axis=-1)


def _has_factor(matrix: np.ndarray) -> bool:
    if not np.isfinite(matrix).all():
        return False
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return False
    return True


def inverse_and_log_det(sigma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inverse and log determinant of each matrix (n, g, p, p); infinite log determinant where not positive definite."""
    smallest, log_det = _pivots(sigma)
    bad = ~(smallest > 0)
    if bad.any():
        sigma = np.where(bad[..., None, None], np.eye(sigma.shape[-1]), sigma)
        log_det = np.where(bad, np.inf, log_det)
    return inverse(sigma), log_det


def woodbury(implied: Implied, cov: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """W, W M, W S and log|Sigma| where Theta is diagonal, by inverses of size m; at improper points by dense ones."""
    m, psi, theta = implied.m, implied.psi, implied.theta
    smallest = _pivots(psi)[0]
    good = (theta > _SMALL_RESIDUAL).all(axis=-1) & (smallest > 0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mt = m / theta[..., None]
        information = transposed(m) @ mt
        core = np.eye(psi.shape[-1]) + information @ psi
        core = np.where(good[..., None, None], core, np.eye(psi.shape[-1])) if not good.all() else core
        shrink = psi @ np.linalg.inv(core)
        left = -(mt @ shrink)
        w = left @ transposed(mt)
        diagonal = np.arange(w.shape[-1])
        w[..., diagonal, diagonal] += 1 / theta
        wm = mt + left @ information
        ws = left @ (transposed(mt) @ cov)
        ws += cov / theta[..., None]
        log_det = np.log(np.abs(theta)).sum(axis=-1) + np.linalg.slogdet(core)[1]
    if not good.all():
        bad = ~good
        w[bad], log_det[bad] = inverse_and_log_det(implied.sigma[bad])
        wm[bad], ws[bad] = w[bad] @ m[bad], w[bad] @ cov[bad]
    return w, wm, ws, log_det
