"""WLS and ULS: the squared distance of the moments, in a metric that does not depend on the parameters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cxlab.estimate.sem.implied import Filler, Implied, chain, jacobian
from cxlab.estimate.sem.information import path_curvature
from cxlab.estimate.sem.objective import GroupMoments
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.weights import moment_vector


class _Parts(NamedTuple):
    """`Implied`'s fields, the weighted distance V e (n, g, s) and F (n, g)."""

    m: np.ndarray
    psi: np.ndarray
    right: np.ndarray
    theta: np.ndarray
    eta: np.ndarray
    mu: np.ndarray
    pull: np.ndarray
    distance: np.ndarray

    @property
    def implied(self) -> Implied:
        return Implied(*self[:6])


class LeastSquares:
    """F = e'V e with e the distance of the moments: WLS with a full V, ULS (and DWLS) with a diagonal one.

    Parameters
    ----------
    problem : Problem
    moments : GroupMoments
        In natural units.
    weight : ndarray (R, G, s, s), (1, G, s, s), or without the last axis where diagonal
        V, in natural units.
    """

    def __init__(self, problem: Problem, moments: GroupMoments, weight: np.ndarray) -> None:
        self.problem, self.weight, self.weights = problem, weight, moments.shares
        mean = moments.mean if problem.has_means else None
        self.has_means = mean is not None
        self.sample = moment_vector(moments.cov, mean)
        self.filler = Filler(problem, moments.cov, moments.mean)
        self.positive = np.isfinite(self.sample).all(axis=(1, 2))
        self.diagonal = weight.ndim == 3

    def value(self, theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """F and what the derivatives need; see `Objective`."""
        implied = self.filler.implied(theta, rows)
        off = moment_vector(implied.sigma, implied.mu if self.has_means else None) - self.sample[rows]
        weight = self._weight(rows)
        pull = weight * off if self.diagonal else (weight @ off[..., None])[..., 0]
        distance = (off * pull).sum(axis=-1)
        value = distance @ self.weights
        value[~np.isfinite(value)] = np.inf
        return value, _Parts(*implied, pull, distance)

    def gradient(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        """dF/dtheta; see `Objective`."""
        at = _Parts(*parts)
        q, t = self._slopes(at)
        if self.problem.diagonal_theta:
            return chain(self.problem, at.implied, np.diagonal(q, axis1=-2, axis2=-1), t, q @ at.m)
        return chain(self.problem, at.implied, q, t)

    def slopes(self, parts: tuple[np.ndarray, ...]) -> np.ndarray:
        """Derivatives of the implied moments (n, g, s, q)."""
        return jacobian(self.problem, _Parts(*parts).implied)

    def metric(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        """2 Delta'V Delta; see `Objective`."""
        delta = self.slopes(parts)
        weight = self._weight(rows)
        weighted = weight[..., None] * delta if self.diagonal else weight @ delta
        by_group = 2 * np.swapaxes(delta, -1, -2) @ weighted
        return np.asarray((by_group * self.weights[:, None, None]).sum(axis=1))

    def metric_diagonal(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> None:
        """None: replicates differ in more than the model's point."""

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The observed Hessian; see `Objective`."""
        first = np.zeros(1, dtype=int)
        at = _Parts(*self.value(theta[None], first)[1])
        q, t = self._slopes(at)
        bend = path_curvature(self.problem, self.filler, theta, q[0], None if t is None else t[0], moving=False)
        return np.asarray(self.metric(tuple(at), first)[0] + bend)

    def _weight(self, rows: np.ndarray) -> np.ndarray:
        return self.weight[rows] if len(self.weight) > 1 else self.weight

    def _slopes(self, at: _Parts) -> tuple[np.ndarray, np.ndarray | None]:
        """dF/dSigma as a symmetric matrix, and dF/dmu / 2; groups weighted."""
        p = self.problem.items
        pull = at.pull * self.weights[:, None]
        vech = pull[..., p:] if self.has_means else pull
        row, column = np.tril_indices(p)
        q = np.zeros((*vech.shape[:2], p, p))
        q[..., row, column] = vech
        q[..., column, row] = np.where(row == column, 2.0, 1.0) * vech
        return q, pull[..., :p] if self.has_means else None
