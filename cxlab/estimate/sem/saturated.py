"""Means and covariances of incomplete rows by maximum likelihood: the EM algorithm, in longer steps.

An EM step in terms of the likelihood's slopes (Q in Sigma, t in mu): mu moves by d = -Sigma t, Sigma by
-Sigma Q Sigma - d d'. Steps are extrapolated (squared iterative scheme of Varadhan and Roland, 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxlab.estimate.sem.fiml import casewise
from cxlab.estimate.sem.patterns import Patterns

_ROW = np.zeros(1, dtype=int)


@dataclass(frozen=True, eq=False)
class Saturated:
    """Maximum likelihood moments of one group.

    Attributes
    ----------
    cov : ndarray (p, p)
    mean : ndarray (p,)
    value : float
        Minus twice the log-likelihood per row, without its constant.
    converged : bool
    """

    cov: np.ndarray
    mean: np.ndarray
    value: float
    converged: bool


def saturated_moments(patterns: Patterns, tolerance: float = 1e-9, iterations: int = 400) -> Saturated:
    """Moments of rows with missing answers, assuming they are missing at random and normal.

    Parameters
    ----------
    patterns : Patterns
        In any units; the first replicate is used.
    tolerance : float
        Largest change in a step, in standard deviations and correlations.
    iterations : int
        Limit on evaluations of the likelihood.
    """
    count = patterns.count[0]
    there = count @ patterns.mask
    mean = (count[:, None] * patterns.mean[0]).sum(axis=0) / there
    squares = np.diagonal(patterns.cov[0], axis1=1, axis2=2) + (patterns.mean[0] - mean) ** 2 * patterns.mask
    spread = np.sqrt((count[:, None] * squares).sum(axis=0) / there)
    spread = np.where(spread > 0, spread, 1.0)
    walk = _Walk(patterns.scaled(spread))
    point, value, done = walk.run(_pack(np.eye(len(mean)), mean / spread), tolerance, iterations)
    cov, centre = _unpack(point, len(mean))
    return Saturated(cov * np.outer(spread, spread), centre * spread, value + walk.log_units(spread), done)


class _Walk:
    """EM in units of standard deviations."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns, self.p = patterns, patterns.mask.shape[1]
        self.evaluations = 0

    def log_units(self, spread: np.ndarray) -> float:
        """What the units add to the value."""
        count = self.patterns.count[0]
        return float(2 * (count @ self.patterns.mask / count.sum()) @ np.log(spread))

    def step(self, point: np.ndarray) -> tuple[np.ndarray, float]:
        """One EM step, and the value before it."""
        self.evaluations += 1
        sigma, mu = _unpack(point, self.p)
        at = casewise(self.patterns, sigma[None], mu[None], _ROW)
        move = -sigma @ at.t[0]
        new = sigma - sigma @ at.q[0] @ sigma - np.outer(move, move)
        return _pack((new + new.T) / 2, mu + move), float(at.value[0])

    def run(self, point: np.ndarray, tolerance: float, iterations: int) -> tuple[np.ndarray, float, bool]:
        """Steps until they are short: two plain ones, then one that extrapolates them."""
        while self.evaluations < iterations:
            one, value = self.step(point)
            two, _ = self.step(one)
            first, second = one - point, two - one
            if np.abs(second).max() < tolerance:
                return two, self.step(two)[1], True
            bend = second - first
            length = -np.linalg.norm(first) / max(float(np.linalg.norm(bend)), 1e-300)
            far = point - 2 * length * first + length**2 * bend
            point = two
            if -1e6 < length < -1 and self._sound(far):
                landed, far_value = self.step(far)
                point = landed if far_value <= value else two
        return point, self.step(point)[1], False

    def _sound(self, point: np.ndarray) -> bool:
        sigma, _ = _unpack(point, self.p)
        return bool(np.linalg.eigvalsh(sigma)[0] > 1e-10)


def _pack(sigma: np.ndarray, mu: np.ndarray) -> np.ndarray:
    return np.concatenate([sigma.ravel(), mu])


def _unpack(point: np.ndarray, p: int) -> tuple[np.ndarray, np.ndarray]:
    return point[: p * p].reshape(p, p), point[p * p :]
