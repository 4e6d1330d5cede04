"""Inverses and log determinants of stacks of matrices, in which some may have none."""

from __future__ import annotations

import numpy as np

# Smallest squared pivot of a correlation matrix that counts as invertible.
_SMALLEST_PIVOT = 1e-11
# Matrices up to this size, at least so many of them, are inverted together.
_SMALL, _MANY = 16, 12


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
    pivots = _cholesky_pivots(matrix)
    with np.errstate(invalid="ignore"):
        smallest = pivots.min(axis=-1, initial=np.inf)
        return smallest, np.where(smallest > 0, np.log(np.abs(pivots)).sum(axis=-1), -np.inf)


def inverse(matrix: np.ndarray) -> np.ndarray:
    """Inverses of a stack; nan for those that have none."""
    try:
        return np.asarray(np.linalg.inv(matrix))
    except np.linalg.LinAlgError:
        flat = matrix.reshape(-1, *matrix.shape[-2:])
        out = np.full_like(flat, np.nan)
        for position, one in enumerate(flat):
            if np.isfinite(one).all() and np.linalg.matrix_rank(one) == len(one):
                out[position] = np.linalg.inv(one)
        return out.reshape(matrix.shape)


def is_definite(matrix: np.ndarray) -> bool:
    """Whether one matrix (m, m) is positive definite."""
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


def definite_inverse(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inverse, log determinant and smallest pivot of positive definite matrices (..., m, m), few and small or many.

    A pivot is the share of a variance that the variables before it leave; not positive where a matrix is not definite,
    whose inverse means nothing.
    """
    variances = np.diagonal(matrix, axis1=-2, axis2=-1)
    if _in_one_go(matrix):
        found, pivots = _eliminated(matrix)
    else:
        with np.errstate(invalid="ignore"):
            found, pivots = inverse(matrix), _cholesky_pivots(matrix)
    with np.errstate(invalid="ignore", divide="ignore"):
        log_det = np.log(np.abs(pivots)).sum(axis=-1)
        smallest = (pivots / variances).min(axis=-1, initial=1.0)
        return found, log_det, np.where(np.isfinite(smallest), smallest, -1.0)


def recursive_inverse(matrix: np.ndarray) -> np.ndarray:
    """Inverses of I - B (..., m, m) where B has no circles: no pivot is anything but 1."""
    return _eliminated(matrix)[0] if _in_one_go(matrix) else inverse(matrix)


def _in_one_go(matrix: np.ndarray) -> bool:
    """Whether elimination step by step for all matrices at once beats a call of LAPACK for each."""
    return 0 < matrix.shape[-1] <= _SMALL and matrix[..., 0, 0].size >= _MANY


def _eliminated(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inverses by Gauss and Jordan, with the pivots as they come (..., m)."""
    *lead, size, _ = matrix.shape
    # the many matrices last: long inner loops
    a = matrix.reshape(-1, size, size).transpose(1, 2, 0).copy()
    pivots = np.empty(a.shape[1:])
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for k in range(size):
            pivots[k] = a[k, k]
            row, column = a[k] / pivots[k], a[:, k].copy()
            row[k] = 1 / pivots[k]
            column[k] = 0.0
            a[:, k] = 0.0
            a[k] = row
            a -= column[:, None] * row
    return a.transpose(2, 0, 1).copy().reshape(matrix.shape), pivots.T.reshape(*lead, size)


def _cholesky_pivots(matrix: np.ndarray) -> np.ndarray:
    """Squared diagonal of each matrix's Cholesky factor (..., m); -1 if it has none."""
    if not matrix.shape[-1]:
        return np.ones(matrix.shape[:-1])
    try:
        return np.asarray(np.diagonal(np.linalg.cholesky(matrix), axis1=-2, axis2=-1) ** 2)
    except np.linalg.LinAlgError:
        flat = matrix.reshape(-1, *matrix.shape[-2:])
        found = [_cholesky_pivots(one) if is_definite(one) else np.full(len(one), -1.0) for one in flat]
        return np.array(found).reshape(matrix.shape[:-1])
