"""What FIML's fit indices would be without missing answers (Zhang and Savalei, 2023), lavaan's "robust" ones.

The model is compared with the EM moments as if they came from complete rows, and what that statistic is too large by
is estimated: V6 under normality, V3 without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from cxlab.estimate.sem.evidence import MissingEvidence
from cxlab.estimate.sem.implied import jacobian
from cxlab.estimate.sem.information import covariance
from cxlab.estimate.sem.robust import (
    ScaledTest,
    saturated_information,
    saturated_scores,
    scaled_test,
    without_exogenous,
)
from cxlab.estimate.sem.weights import exogenous_moments, normal_weight


class SaturatedModel:
    """Information in the moments of incomplete and of complete rows, at the EM moments, groups stacked."""

    def __init__(self, evidence: MissingEvidence, by_scores: bool) -> None:
        self.problem, self.shares, self.by_scores = evidence.problem, evidence.shares, by_scores
        items = self.problem.units.items
        self.patterns, self.exogenous = evidence.patterns, evidence.exogenous
        self.cov = [one.cov / np.outer(items, items) for one in evidence.saturated or ()]
        self.mean = [one.mean / items for one in evidence.saturated or ()]

    def stay(self) -> np.ndarray:
        """Moments that are not fixed covariates' own."""
        return ~exogenous_moments(self.problem.items, True, self.exogenous)

    @cached_property
    def missing(self) -> np.ndarray:
        """Observed information of incomplete rows, groups weighted."""
        found = [saturated_information(*one) for one in zip(self.patterns, self.cov, self.mean, strict=True)]
        return self._stack(found, self.shares)

    @cached_property
    def complete(self) -> np.ndarray:
        """Information that complete rows would have."""
        return self._stack([normal_weight(np.linalg.inv(cov), True) for cov in self.cov], self.shares)

    @cached_property
    def inverse(self) -> np.ndarray:
        """Of `missing`."""
        return covariance(self.missing)

    @cached_property
    def between(self) -> np.ndarray:
        """``inverse @ complete @ inverse``."""
        return np.asarray(self.inverse @ self.complete @ self.inverse)

    @cached_property
    def gamma(self) -> np.ndarray:
        """Covariance matrix of the EM moments without normality."""
        slopes = (saturated_scores(*one) for one in zip(self.patterns, self.cov, self.mean, strict=True))
        meat = self._stack([found.T @ found / len(found) for found in slopes], self.shares)
        return np.asarray(self.inverse @ meat @ self.inverse)

    def _stack(self, blocks: Sequence[np.ndarray], shares: np.ndarray) -> np.ndarray:
        kept = [without_exogenous(block, self.problem.items, self.exogenous) for block in blocks]
        sizes = np.cumsum([0, *(len(block) for block in kept)])
        out = np.zeros((sizes[-1], sizes[-1]))
        for first, last, share, block in zip(sizes[:-1], sizes[1:], shares, kept, strict=True):
            out[first:last, first:last] = share * block
        return out


def corrected_test(evidence: MissingEvidence, saturated: SaturatedModel, df: int) -> ScaledTest:
    """The statistic of complete rows and its factor: `chisq` is scaled, ``chisq * scaling_factor`` is not."""
    delta = jacobian(evidence.problem, evidence.implied)[0]
    pulled = delta[:, saturated.stay()].reshape(-1, delta.shape[-1])
    weighted = saturated.missing @ pulled
    inverse = covariance(pulled.T @ weighted, evidence.constraints)
    u = saturated.missing - weighted @ inverse @ weighted.T
    if saturated.by_scores:
        trace = float(((u @ saturated.between @ u) * saturated.gamma).sum())
    else:
        trace = float((saturated.between * u).sum())
    return scaled_test("fiml.corrected", _distance(evidence), df, trace)


def _distance(evidence: MissingEvidence) -> float:
    """n F_ML of the implied moments from the EM moments."""
    total = 0.0
    solution = evidence.solution
    for group, one in enumerate(evidence.saturated or ()):
        sigma, off = solution.cov[0, group], one.mean - solution.mean[0, group]
        ratio = np.linalg.solve(sigma, one.cov)
        distance = np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(sigma) + off @ np.linalg.solve(sigma, off)
        total += float(evidence.n_obs[group]) * float(distance)
    return max(total, 0.0)
