"""What is minimised: the distance between sample moments and implied moments, for many samples at once.

For ML, GLS and ULS the distance has derivatives of one form, with a weight matrix W:

    dF/dSigma = W (Sigma - S*) W,    dF/dmu / 2 = W (mu - mean),    expected Hessian from K'WK

W = Sigma^-1 and S* = S + (mean - mu)(mean - mu)' for ML; W = S^-1 and S* = S for GLS; W = I and S* = S for ULS.
The statistic is n F. Groups count by their share of n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from cxlab.estimate.sem.implied import Filler, Implied, chain, expected, expected_diagonal, gram
from cxlab.estimate.sem.information import moments_curvature, path_curvature, second_moments
from cxlab.estimate.sem.inverses import inverse_and_log_det, sample_log_det
from cxlab.estimate.sem.problem import Problem


@dataclass(frozen=True, eq=False)
class GroupMoments:
    """Sample moments of R replicates in G groups.

    Attributes
    ----------
    cov : ndarray (R, G, p, p)
        Covariance matrices; the divisor (n or n - 1) is the caller's, as the estimator wants it.
    mean : ndarray (R, G, p) or None
    n_obs : ndarray (G,)
        Rows per group.
    """

    cov: np.ndarray
    mean: np.ndarray | None
    n_obs: np.ndarray

    @staticmethod
    def of(cov: np.ndarray, mean: np.ndarray | None, n_obs: object) -> GroupMoments:
        """From one group's (p, p), several groups' (G, p, p), or (R, G, p, p); means likewise with one axis less."""
        n = np.atleast_1d(np.asarray(n_obs, dtype=float))
        cov = np.asarray(cov, dtype=float)
        p = cov.shape[-1]
        cov = cov.reshape(-1, len(n), p, p)
        if mean is not None:
            mean = np.asarray(mean, dtype=float).reshape(-1, len(n), p)
        return GroupMoments(cov, mean, n)

    @property
    def replicates(self) -> int:
        """R."""
        return len(self.cov)

    @property
    def shares(self) -> np.ndarray:
        """Each group's share of all rows (G,)."""
        return np.asarray(self.n_obs / self.n_obs.sum())

    def scaled(self, items: np.ndarray) -> GroupMoments:
        """In other units of the items."""
        mean = None if self.mean is None else self.mean / items
        return GroupMoments(self.cov / np.outer(items, items), mean, self.n_obs)

    def take(self, rows: slice | np.ndarray) -> GroupMoments:
        """Some of the replicates."""
        return GroupMoments(self.cov[rows], None if self.mean is None else self.mean[rows], self.n_obs)


class Objective(Protocol):
    """What the solver needs to know. `rows` are the replicates' positions, theta is (len(rows), q).

    ``filler`` makes the model's matrices; ``positive`` (R,) says which samples can be used.
    """

    filler: Filler
    positive: np.ndarray

    def value(self, theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """F (n,), inf where the model has no inverse; and arrays with a leading axis n for the two others."""

    def gradient(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        """dF/dtheta (n, q)."""

    def metric(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        """The expected Hessian (n, q, q)."""

    def metric_diagonal(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray | None:
        """The expected Hessian's diagonal (n, q); None where it takes as long as the whole."""

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The observed Hessian (q, q) of the first sample at theta (q,)."""


class _Parts(NamedTuple):
    """`Implied`'s fields, and the distance to the samples: W, W M, W S*, W (mu - mean), F (n, g)."""

    m: np.ndarray
    psi: np.ndarray
    right: np.ndarray
    theta: np.ndarray
    eta: np.ndarray
    mu: np.ndarray
    w: np.ndarray
    wm: np.ndarray
    ws: np.ndarray
    pull: np.ndarray
    distance: np.ndarray

    @property
    def implied(self) -> Implied:
        return Implied(*self[:6])


class MaximumLikelihood:
    """F = log|Sigma| + tr(S Sigma^-1) - log|S| - p + (mean - mu)' Sigma^-1 (mean - mu).

    Parameters
    ----------
    problem : Problem
    moments : GroupMoments
        In natural units.
    """

    def __init__(self, problem: Problem, moments: GroupMoments) -> None:
        self.problem = problem
        self.cov, self.mean, self.weights = moments.cov, moments.mean if problem.has_means else None, moments.shares
        self.filler = Filler(problem, moments.cov, moments.mean)
        self.positive, self.log_det = sample_log_det(moments.cov)

    def value(self, theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        implied = self.filler.implied(theta, rows)
        cov = self.cov[rows]
        pull = np.zeros_like(implied.mu)
        off = None
        if self.mean is not None:
            off = implied.mu - self.mean[rows]
            cov = cov + off[..., :, None] * off[..., None, :]
        w, log_det = inverse_and_log_det(implied.sigma)
        wm, ws = w @ implied.m, w @ cov
        if off is not None:
            pull = (w @ off[..., None])[..., 0]
        distance = log_det + np.trace(ws, axis1=-2, axis2=-1) - self.log_det[rows] - self.problem.items
        value = distance @ self.weights
        value[~np.isfinite(value)] = np.inf
        return value, _Parts(*implied, w, wm, ws, pull, distance)

    def gradient(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        at = _Parts(*parts)
        weights = self.weights[:, None, None]
        qm = (at.wm - at.ws @ at.wm) * weights
        q = (at.w - at.ws @ at.w) * weights
        t = at.pull * self.weights[:, None] if self.mean is not None else None
        return chain(self.problem, at.implied, q, t, qm)

    def metric(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        at = _Parts(*parts)
        return expected(self.problem, gram(self.problem, at.implied, at.w, at.wm), self.weights)

    def metric_diagonal(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray | None:
        at = _Parts(*parts)
        return expected_diagonal(self.problem, gram(self.problem, at.implied, at.w, at.wm), self.weights)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The observed Hessian (q, q) of the first sample at theta (q,)."""
        first = np.zeros(1, dtype=int)
        at = _Parts(*MaximumLikelihood.value(self, theta[None], first)[1])  # subclasses hold less
        off = None if self.mean is None else at.mu - self.mean[:1]
        g = gram(self.problem, at.implied, at.w, at.wm)
        n = second_moments(self.problem, at.implied, at.w, self.cov[:1], off)
        q = (at.w - at.ws @ at.w)[0] * self.weights[:, None, None]
        t = at.pull[0] * self.weights[:, None] if self.mean is not None else None
        bend = path_curvature(self.problem, self.filler, theta, q, t, moving=True)
        return np.asarray(moments_curvature(self.problem, g, n, self.weights)[0] + bend)


class FixedWeight:
    """GLS (W = S^-1) and ULS (W = I): F = tr[(W (S - Sigma))^2] / 2 + (mean - mu)' W (mean - mu).

    Parameters
    ----------
    problem : Problem
    moments : GroupMoments
        In natural units.
    weight : ndarray (R, G, p, p) or (1, 1, p, p)
        W, in natural units.
    """

    def __init__(self, problem: Problem, moments: GroupMoments, weight: np.ndarray) -> None:
        self.problem = problem
        self.cov, self.mean, self.weights = moments.cov, moments.mean if problem.has_means else None, moments.shares
        self.filler = Filler(problem, moments.cov, moments.mean)
        self.weight = np.broadcast_to(weight, moments.cov.shape)
        self.positive = np.isfinite(self.weight).all(axis=(1, 2, 3))

    def value(self, theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        implied = self.filler.implied(theta, rows)
        w = self.weight[rows]
        miss = w @ (implied.sigma - self.cov[rows])
        distance = np.einsum("...ij,...ji->...", miss, miss) / 2
        pull = np.zeros_like(implied.mu)
        if self.mean is not None:
            off = implied.mu - self.mean[rows]
            pull = (w @ off[..., None])[..., 0]
            distance = distance + (off * pull).sum(axis=-1)
        value = distance @ self.weights
        value[~np.isfinite(value)] = np.inf
        return value, _Parts(*implied, w, w @ implied.m, miss, pull, distance)

    def gradient(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        at = _Parts(*parts)
        q = (at.ws @ at.w) * self.weights[:, None, None]
        t = at.pull * self.weights[:, None] if self.mean is not None else None
        return chain(self.problem, at.implied, q, t)

    def metric(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        at = _Parts(*parts)
        return expected(self.problem, gram(self.problem, at.implied, at.w, at.wm), self.weights)

    def metric_diagonal(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray | None:
        at = _Parts(*parts)
        return expected_diagonal(self.problem, gram(self.problem, at.implied, at.w, at.wm), self.weights)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The observed Hessian (q, q) of the first sample at theta (q,)."""
        first = np.zeros(1, dtype=int)
        at = _Parts(*self.value(theta[None], first)[1])
        q = (at.ws @ at.w)[0] * self.weights[:, None, None]
        t = at.pull[0] * self.weights[:, None] if self.mean is not None else None
        bend = path_curvature(self.problem, self.filler, theta, q, t, moving=False)
        return np.asarray(self.metric(tuple(at), first)[0] + bend)
