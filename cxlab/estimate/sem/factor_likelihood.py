"""Maximum likelihood where Theta is diagonal: every inverse is of the size of the latent variables.

With A = Theta^-1 Lambda, Phi = C Psi C' (C = (I - B)^-1), J = Lambda'A and K = (Phi^-1 + J)^-1, Woodbury's identity is

    W = Sigma^-1 = Theta^-1 - A K A',    W Lambda Phi = A K,    log|Sigma| = log|Theta| + log|Phi| - log|K|

so that with U = S*A, V = A'U and E = I + K V the slopes of F follow from one product of S* with A:

    tr(W S*) = tr(Theta^-1 S*) - tr(K V),    Q Lambda Phi = A E K - Theta^-1 U K,
    Lambda'Q Lambda = (J E - V) K Phi^-1
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cxlab.estimate.sem.implied import Implied, Loaded, expected, gathered, gram, transposed
from cxlab.estimate.sem.inverses import definite_inverse, inverse_and_log_det
from cxlab.estimate.sem.objective import MaximumLikelihood
from cxlab.specify.matrix_map import ALPHA, BETA, LAMBDA, NU, PSI, THETA

# Below this share of an item's variance, or of a latent variable's given the others, Woodbury's identity loses digits.
_SMALL_RESIDUAL, _SMALL_PIVOT = 1e-4, 1e-8


class _Parts(NamedTuple):
    """Where the model is, dF/dtheta there, and F of each group."""

    point: np.ndarray
    slope: np.ndarray
    distance: np.ndarray


class _Weighed(NamedTuple):
    """H[u, v] of each matrix's places, F without the sample's own part (n, g), and where that can be trusted (n,)."""

    blocks: dict[int, np.ndarray]
    distance: np.ndarray
    good: np.ndarray


class FactorLikelihood(MaximumLikelihood):
    """`MaximumLikelihood` of a problem with `diagonal_theta`; points that are nearly improper take its dense way."""

    def value(self, theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        at = self.filler.loaded(*self._points(theta, rows))
        cov = self.cov if len(rows) == len(self.cov) else self.cov[rows]
        off = None if self.mean is None else at.mu - self.mean[rows]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = _weighed(at, cov, off)
            slope = gathered(self.problem, found.blocks, len(theta), self.weights)
        distance = found.distance - self.log_det[rows] - self.problem.items
        bad = np.flatnonzero(~np.broadcast_to(found.good, len(theta)))
        if len(bad):
            _, parts = super().value(theta[bad], rows[bad])
            slope[bad], distance[bad] = super().gradient(parts, rows[bad]), parts[-1]
        value = distance @ self.weights
        value[~np.isfinite(value)] = np.inf
        return value, _Parts(theta, slope, distance)

    def gradient(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        return _Parts(*parts).slope

    def metric(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        return expected(self.problem, self._gram(parts, rows), self.weights)

    def metric_diagonal(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray | None:
        point = _Parts(*parts).point
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            blocks = _squared_blocks(self.filler.loaded(*self._points(point, rows)), self.problem.has_means)
        found = gathered(self.problem, blocks, len(blocks[LAMBDA]), self.weights)
        return np.broadcast_to(found, point.shape)

    def _points(self, theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The points at which the model is to be looked at: one, where all are the same, as at a common start."""
        same = not len(self.problem.exogenous) and len(theta) > 1 and (theta == theta[0]).all()
        return (theta[:1], rows[:1]) if same else (theta, rows)

    def _gram(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        at = self.filler.loaded(_Parts(*parts).point, rows)
        implied = at.implied
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            w, good = _inverse(at)
        if not good.all():
            w[~good] = inverse_and_log_det(Implied(*(field[~good] for field in implied)).sigma)[0]
        return gram(self.problem, implied, w)


def _phi(at: Loaded) -> np.ndarray:
    """Covariances of the inner variables (n, g, m, m)."""
    return at.psi if at.total is None else at.total @ at.right


def _weighed(at: Loaded, cov: np.ndarray, off: np.ndarray | None) -> _Weighed:
    theta = at.theta[..., None]
    a = at.lambda_ / theta
    phi_inverse, phi_log_det, pivot = definite_inverse(_phi(at))
    j = transposed(at.lambda_) @ a
    k, log_det, _ = definite_inverse(phi_inverse + j)
    u, spread = cov @ a, np.diagonal(cov, axis1=-2, axis2=-1)
    if off is not None:
        against = transposed(a) @ off[..., None]
        u, spread = u + off[..., None] * transposed(against), spread + off**2
    v = transposed(a) @ u
    kv = k @ v
    ek = k + kv @ k
    loads = a @ ek
    pulled = (u @ k) / theta
    share = spread / at.theta
    diagonal = (1 - share) / at.theta + (a * (2 * pulled - loads)).sum(axis=-1)
    inner = j @ ek - v @ k  # Lambda'Q Lambda Phi
    blocks = _blocks(at, loads - pulled, inner, phi_inverse) | {THETA: diagonal}
    if off is not None:
        t = off / at.theta - ((a @ k) @ against)[..., 0]
        along = (transposed(at.lambda_) @ t[..., None])[..., 0]
        blocks[LAMBDA] = blocks[LAMBDA] + t[..., None] * at.eta[..., None, :]
        if at.total is not None:
            blocks[BETA] = blocks[BETA] + _through(at, along)[..., None] * at.eta[..., None, :]
        blocks |= {NU: t, ALPHA: _through(at, along)}
    distance = np.log(np.abs(at.theta)).sum(axis=-1) + phi_log_det + log_det
    distance = distance + share.sum(axis=-1) - np.trace(kv, axis1=-2, axis2=-1)
    return _Weighed(blocks, distance, _good(at, pivot))


def _blocks(at: Loaded, loads: np.ndarray, inner: np.ndarray, phi_inverse: np.ndarray) -> dict[int, np.ndarray]:
    """What Lambda, Psi and B take from Q Lambda Phi and Lambda'Q Lambda Phi."""
    if at.total is None:
        return {LAMBDA: loads, PSI: inner @ phi_inverse}
    back = transposed(at.total)
    return {LAMBDA: loads, PSI: back @ (inner @ phi_inverse @ at.total), BETA: back @ inner}


def _squared_blocks(at: Loaded, means: bool) -> dict[int, np.ndarray]:
    """For each place of a matrix s (G[u, u] G[v, v] + G[u, v]^2), G = K'WK: half the expected curvature over s."""
    a = at.lambda_ / at.theta[..., None]
    phi = _phi(at)
    phi_inverse = definite_inverse(phi)[0]
    j = transposed(at.lambda_) @ a
    k = definite_inverse(phi_inverse + j)[0]
    ak, jk = a @ k, j @ k
    w = 1 / at.theta - (a * ak).sum(axis=-1)
    total = np.eye(phi.shape[-1]) if at.total is None else at.total
    mwm, mwd = transposed(total) @ (jk @ phi_inverse @ total), transposed(total) @ jk
    inner, outcome = np.diagonal(mwm, axis1=-2, axis2=-1), np.diagonal(phi @ jk, axis1=-2, axis2=-1)
    if means:
        outcome = outcome + at.eta**2
    half = 1 - np.eye(phi.shape[-1]) / 2
    return {
        LAMBDA: w[..., None] * outcome[..., None, :] + ak**2,
        BETA: inner[..., None] * outcome[..., None, :] + mwd**2,
        PSI: half * (inner[..., None] * inner[..., None, :] + mwm**2),
        THETA: w**2,
        NU: w,
        ALPHA: inner,
    }


def _through(at: Loaded, along: np.ndarray) -> np.ndarray:
    """C' times a vector (n, g, m)."""
    return along if at.total is None else (transposed(at.total) @ along[..., None])[..., 0]


def _good(at: Loaded, pivot: np.ndarray) -> np.ndarray:
    return np.asarray(((at.theta > _SMALL_RESIDUAL).all(axis=-1) & (pivot > _SMALL_PIVOT)).all(axis=-1))


def _inverse(at: Loaded) -> tuple[np.ndarray, np.ndarray]:
    """Sigma^-1 (n, g, p, p) by Woodbury's identity, and where it can be trusted (n,)."""
    a = at.lambda_ / at.theta[..., None]
    phi_inverse, _, pivot = definite_inverse(_phi(at))
    k = definite_inverse(phi_inverse + transposed(at.lambda_) @ a)[0]
    w = -((a @ k) @ transposed(a))
    place = np.arange(w.shape[-1])
    w[..., place, place] += 1 / at.theta
    return w, _good(at, pivot)
