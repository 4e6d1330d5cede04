"""Full-information maximum likelihood: each missing pattern weighs in with the moments that its rows have.

F = sum over patterns of their share of rows times log|Sigma_k| + tr(S_k Sigma_k^-1) + (mean_k - mu)' Sigma_k^-1
(mean_k - mu), with Sigma_k the part of Sigma that the pattern has: minus twice the log-likelihood per row, without its
constant. Inverses are padded with zeros to (p, p), so that all patterns are one stack.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cxlab.estimate.sem.implied import Filler, Implied, chain, gram, pairwise
from cxlab.estimate.sem.information import path_curvature, responses
from cxlab.estimate.sem.inverses import inverse_and_log_det
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.problem import Problem


class Slopes(NamedTuple):
    """F of each replicate (n,), dF/dSigma (n, p, p), dF/dmu / 2 (n, p), and the padded inverses (n, K, p, p)."""

    value: np.ndarray
    q: np.ndarray
    t: np.ndarray
    w: np.ndarray


def casewise(patterns: Patterns, sigma: np.ndarray, mu: np.ndarray, rows: np.ndarray) -> Slopes:
    """The likelihood of one group's patterns at Sigma (n, p, p) and mu (n, p), per row."""
    w, log_det = padded_inverse(patterns.mask, sigma)
    count = patterns.count[rows]
    share = count / count.sum(axis=1, keepdims=True)
    off = (mu[:, None] - patterns.mean[rows]) * patterns.mask
    pull = (w @ off[..., None])[..., 0]
    spread = w @ patterns.cov[rows]
    distance = log_det + np.trace(spread, axis1=-2, axis2=-1) + (off * pull).sum(axis=-1)
    value = (share * np.where(share > 0, distance, 0.0)).sum(axis=1)
    value[~np.isfinite(log_det).all(axis=1)] = np.inf
    pulled = pull * np.sqrt(share)[..., None]
    q = (share[..., None, None] * (w - spread @ w)).sum(axis=1) - np.swapaxes(pulled, 1, 2) @ pulled
    return Slopes(value, (q + np.swapaxes(q, 1, 2)) / 2, (share[..., None] * pull).sum(axis=1), w)


def padded_inverse(mask: np.ndarray, sigma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inverses of the patterns' parts of Sigma (n, K, p, p), zero where items are missing, and log determinants."""
    both = mask[:, :, None] * mask[:, None, :]
    padded = sigma[:, None] * both
    place = np.arange(sigma.shape[-1])
    padded[..., place, place] += 1 - mask
    w, log_det = inverse_and_log_det(padded)
    return w * both, log_det


class _Parts(NamedTuple):
    """`Implied`'s fields, and dF/dSigma and dF/dmu / 2 with the groups' weights."""

    m: np.ndarray
    psi: np.ndarray
    right: np.ndarray
    theta: np.ndarray
    eta: np.ndarray
    mu: np.ndarray
    q: np.ndarray
    t: np.ndarray

    @property
    def implied(self) -> Implied:
        return Implied(*self[:6])


class FullInformation:
    """The objective of FIML; see `Objective`.

    Parameters
    ----------
    problem : Problem
        With a mean structure.
    groups : sequence of Patterns
        In natural units.
    cov, mean : ndarray (R, G, p, p), (R, G, p)
        Moments of exogenous covariates are taken from here.
    """

    def __init__(self, problem: Problem, groups: Sequence[Patterns], cov: np.ndarray, mean: np.ndarray) -> None:
        self.problem, self.groups = problem, groups
        sizes = np.array([group.count[0].sum() for group in groups])
        self.weights = sizes / sizes.sum()
        self.filler = Filler(problem, cov, mean)
        self.positive = np.ones(len(groups[0].count), dtype=bool)

    def value(self, theta: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """F and what the derivatives need."""
        implied = self.filler.implied(theta, rows)
        sigma = implied.sigma
        value = np.zeros(len(theta))
        q, t = np.empty_like(sigma), np.empty_like(implied.mu)
        for position, group in enumerate(self.groups):
            at = casewise(group, sigma[:, position], implied.mu[:, position], rows)
            value += self.weights[position] * at.value
            q[:, position], t[:, position] = self.weights[position] * at.q, self.weights[position] * at.t
        value[~np.isfinite(value)] = np.inf
        return value, _Parts(*implied, q, t)

    def gradient(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        """dF/dtheta."""
        at = _Parts(*parts)
        if self.problem.diagonal_theta:
            diagonal = np.diagonal(at.q, axis1=-2, axis2=-1)
            return chain(self.problem, at.implied, diagonal, at.t, at.q @ at.m)
        return chain(self.problem, at.implied, at.q, at.t)

    def metric(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        """The expected Hessian, given which answers are missing."""
        implied = _Parts(*parts).implied
        out = np.zeros((len(implied.m), self.problem.parameters, self.problem.parameters))
        for one, row in enumerate(rows):
            point = Implied(*(field[one : one + 1] for field in implied))
            for position, index in enumerate(self.problem.index):
                share, g = self._pattern_gram(point, position, int(row))
                block = pairwise(index, g, g, share * self.weights[position])
                out[one][index.parameter[:, None], index.parameter] = block[0]
        return out

    def metric_diagonal(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> None:
        """None: replicates differ in more than the model's point."""

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The observed Hessian."""
        first = np.zeros(1, dtype=int)
        at = _Parts(*self.value(theta[None], first)[1])
        out = path_curvature(self.problem, self.filler, theta, at.q[0], at.t[0], moving=True)
        for position, index in enumerate(self.problem.index):
            share, g = self._pattern_gram(at.implied, position, 0)
            n = self._pattern_second_moments(at.implied, position)
            block = pairwise(index, g, 2 * n - g, share * self.weights[position])
            out[index.parameter[:, None], index.parameter] += block[0]
        return np.asarray(out)

    def _pattern_gram(self, implied: Implied, position: int, row: int) -> tuple[np.ndarray, np.ndarray]:
        """Shares (K,) and K'WK (K, c, c) of one group's patterns at one point."""
        group = self.groups[position]
        share = group.count[row] / group.count[row].sum()
        point = self._group_of(implied, position)
        w, _ = padded_inverse(group.mask, point.sigma[:, 0])
        return share, gram(self.problem, point, w)[0]

    def _pattern_second_moments(self, implied: Implied, position: int) -> np.ndarray:
        group = self.groups[position]
        point = self._group_of(implied, position)
        w, _ = padded_inverse(group.mask, point.sigma[:, 0])
        off = (point.mu[:, 0, None] - group.mean[:1]) * group.mask
        wk, r = responses(self.problem, point, w, off)
        inside = np.swapaxes(wk, -1, -2) @ group.cov[:1] @ wk
        return np.asarray((inside + r[..., :, None] * r[..., None, :])[0])

    @staticmethod
    def _group_of(implied: Implied, position: int) -> Implied:
        return Implied(*(field[:, position : position + 1] for field in implied))


def samples_at_once(groups: Sequence[Patterns]) -> int:
    """How many replicates of these patterns fit into some 200 MB."""
    cells = sum(group.mask.shape[0] * group.mask.shape[1] ** 2 for group in groups)
    return int(np.clip(2e8 / (48 * cells), 1, 64))
