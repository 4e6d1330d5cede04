"""Observed and expected information, and the covariance matrix of the estimates."""

from __future__ import annotations

import numpy as np

from cxlab.estimate.sem.implied import Filler, Implied, chain, pairwise, transposed
from cxlab.estimate.sem.problem import Problem

# The step of a complex-step derivative has no rounding error however small it is.
_STEP = 1e-30


def responses(
    problem: Problem, implied: Implied, w: np.ndarray, off: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """W K (n, g, p, c), and what the constant adds: r (n, g, c) with r = e_d0 + eta_D - (W K)'off.

    `off` is mu - mean (n, g, p).
    """
    p, m = problem.items, problem.inner
    wm = w @ implied.m
    wk = np.zeros((*w.shape[:-1], problem.width), dtype=wm.dtype)
    wk[..., :p], wk[..., p : p + m], wk[..., p + m : -1] = w, wm, wm @ implied.right
    r = np.zeros((*w.shape[:2], problem.width), dtype=wm.dtype)
    if off is not None:
        r = -(transposed(wk) @ off[..., None])[..., 0]
        r[..., p + m : -1] += implied.eta
        r[..., -1] = 1.0
    return wk, r


def second_moments(
    problem: Problem, implied: Implied, w: np.ndarray, cov: np.ndarray, off: np.ndarray | None
) -> np.ndarray:
    """N = K'W S* W K (n, g, c, c), with the terms of the means."""
    wk, r = responses(problem, implied, w, off)
    return np.asarray(transposed(wk) @ cov @ wk + r[..., :, None] * r[..., None, :])


def moments_curvature(problem: Problem, g: np.ndarray, n: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Second derivatives of the ML distance in the moments, along the parameters' directions (n, q, q)."""
    out = np.zeros((len(g), problem.parameters, problem.parameters))
    for group, index in enumerate(problem.index):
        block = pairwise(index, g[:, group], 2 * n[:, group] - g[:, group])
        out[:, index.parameter[:, None], index.parameter] = weights[group] * block
    return out


def path_curvature(
    problem: Problem, filler: Filler, theta: np.ndarray, q: np.ndarray, t: np.ndarray | None, moving: bool
) -> np.ndarray:
    """What the moments' own second derivatives add to the Hessian at one point (q, q), by complex steps.

    Parameters
    ----------
    problem, filler
        The model; the first sample's fixed moments.
    theta : ndarray (q,)
    q : ndarray (g, p, p)
        dF/dSigma, with the groups' weights.
    t : ndarray (g, p) or None
        dF/dmu / 2.
    moving : bool
        Whether `t` moves with mu as Q says: so when the other part is in terms of uncentred second moments.
    """
    points = theta + 1j * _STEP * np.eye(len(theta))
    implied = filler.implied(points, np.zeros(len(points), dtype=int))
    slope: np.ndarray | None = None
    if t is not None:
        slope = np.broadcast_to(t, implied.mu.shape).astype(complex)
        if moving:
            slope = slope + (q @ (1j * implied.mu.imag)[..., None])[..., 0]
    full = np.broadcast_to(q, (len(points), *q.shape))
    qm = q @ implied.m.real[:1] + 1j * (q @ implied.m.imag)
    found = chain(problem, implied, full, slope, qm).imag / _STEP
    return np.asarray((found + found.T) / 2)


def covariance(information: np.ndarray, constraints: np.ndarray | None = None) -> np.ndarray:
    """Inverse of an information matrix (q, q) among directions that keep equality constraints (k, q).

    The upper left block of the inverse of [[I, A'], [A, 0]]; with Z a basis of A's null space, Z (Z'IZ)^-1 Z'.
    """
    basis = null_space(constraints, len(information)) if constraints is not None else None
    if basis is None:
        return _inverse(information)
    return np.asarray(basis @ _inverse(basis.T @ information @ basis) @ basis.T)


def null_space(constraints: np.ndarray, size: int) -> np.ndarray:
    """Orthonormal directions that constraints (k, q), each taken to unit length, leave free."""
    if not len(constraints):
        return np.eye(size)
    length = np.linalg.norm(constraints, axis=1, keepdims=True)
    _, values, rows = np.linalg.svd(constraints / np.where(length > 0, length, 1.0))
    return np.asarray(rows[int((values > 1e-9).sum()) :].T)


def _inverse(matrix: np.ndarray) -> np.ndarray:
    diagonal = np.abs(np.diag(matrix))
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    try:
        return np.asarray(np.linalg.inv(matrix * np.outer(scale, scale)) * np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return np.full_like(matrix, np.nan)
