"""A model at its estimates, with all that standard errors and tests are made of.

`CompleteEvidence` for moments of complete rows, `MissingEvidence` for FIML; both in natural units, per row of data.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cxlab.errors import ModelError, Notice
from cxlab.estimate.sem.constrained import active_constraints
from cxlab.estimate.sem.fiml import casewise
from cxlab.estimate.sem.fitting import Solution
from cxlab.estimate.sem.implied import Implied, jacobian
from cxlab.estimate.sem.information import covariance
from cxlab.estimate.sem.objective import Objective
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.robust import (
    Bread,
    gamma_meat,
    gamma_traces,
    pattern_scores,
    saturated_information,
    saturated_scores,
    scores,
    without_exogenous,
)
from cxlab.estimate.sem.saturated import Saturated
from cxlab.estimate.sem.weights import gamma, normal_weight
from cxlab.specify.partable import ParTable

_ROW = np.zeros(1, dtype=int)
_LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True, eq=False)
class Evidence(ABC):
    """A solved model and its data; see the subclasses.

    `sample_cov`, `sample_mean` and `n_obs` are in the data's units; `objective` counts groups by their rows.
    """

    table: ParTable
    problem: Problem
    solution: Solution
    request: Request
    objective: Objective
    sample_cov: np.ndarray
    sample_mean: np.ndarray
    n_obs: np.ndarray
    saturated: tuple[Saturated, ...] | None

    @property
    def theta(self) -> np.ndarray:
        """Estimates in natural units (q,)."""
        return np.asarray(self.solution.theta[0] / self.problem.factors)

    @property
    def shares(self) -> np.ndarray:
        """Groups' shares of the rows (G,)."""
        return np.asarray(self.n_obs / self.n_obs.sum())

    @cached_property
    def implied(self) -> Implied:
        """The model at its estimates."""
        return self.objective.filler.implied(self.theta[None], _ROW)

    @cached_property
    def exogenous(self) -> np.ndarray:
        """Positions of fixed covariates among the items."""
        names = self.table.variables.ov
        held = {self.table.lhs[row] for row in np.flatnonzero(self.table.exo)}
        return np.array([position for position, name in enumerate(names) if name in held], dtype=int)

    @cached_property
    def information(self) -> np.ndarray:
        """Unit information (q, q) of the kind that was asked for."""
        if self.request.information == "observed":
            return self.objective.hessian(self.theta) / 2
        if self.request.estimator == "ML" or self.problem.groups == 1:
            return self.solution.metric / 2  # elsewhere the search weighs groups otherwise
        parts = self.objective.value(self.theta[None], _ROW)[1]
        return np.asarray(self.objective.metric(parts, _ROW)[0] / 2)

    @cached_property
    def constraints(self) -> np.ndarray | None:
        """Jacobian of the constraints that hold with equality, in natural units (k, q)."""
        return active_constraints(self.table, self.solution.theta[0], self.problem.factors)

    @cached_property
    def inverse(self) -> np.ndarray:
        """The information's inverse along what the constraints leave free (q, q)."""
        return covariance(self.information, self.constraints)

    def vcov(self) -> np.ndarray:
        """Covariance matrix of the estimates (q, q)."""
        kind, rows = self.request.se, self.degrees
        if kind == "robust.sem":
            return np.asarray(self.inverse @ gamma_meat(self.breads) @ self.inverse / rows)
        if kind == "robust.huber.white":
            return np.asarray(self.inverse @ self.first_order @ self.inverse / rows)
        if kind == "first.order":
            return covariance(self.first_order, self.constraints) / rows
        return np.asarray(self.inverse / rows)

    def implied_moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Implied covariances (G, p, p) and means (G, p) in the data's units."""
        return self.solution.cov[0], self.solution.mean[0]

    def notices(self) -> tuple[Notice, ...]:
        """What a reader should know about the data."""
        return ()

    @property
    def degrees(self) -> float:
        """What unit information is multiplied by: n for ML, less one per group for the others, as lavaan does."""
        total = float(self.n_obs.sum())
        return total if self.request.estimator == "ML" else total - len(self.n_obs)

    @cached_property
    def first_order_groups(self) -> tuple[np.ndarray, ...]:
        """Cross products of the rows' slopes, per row, of each group's own parameters."""
        found = (self.row_scores(group) for group in range(self.problem.groups))
        return tuple(slopes.T @ slopes / len(slopes) for slopes in found)

    @cached_property
    def first_order(self) -> np.ndarray:
        """The same for all parameters (q, q)."""
        total = np.zeros_like(self.information)
        for share, index, block in zip(self.shares, self.problem.index, self.first_order_groups, strict=True):
            total[index.parameter[:, None], index.parameter] = share * block
        return total

    def traces(self) -> tuple[float, float]:
        """tr(U Gamma) and tr((U Gamma)^2), the second only where the test needs it."""
        if self.request.test == "yuan.bentler.mplus":
            return self.saturated_trace() - self.restricted_trace, float("nan")
        return gamma_traces(self.breads, self.inverse, self.request.test != "satorra.bentler")

    @cached_property
    def restricted_trace(self) -> float:
        """Trace of the rows' slopes' products in units of the information: the free parameters' number, if normal."""
        return float((self.inverse * self.first_order).sum())

    @cached_property
    def breads(self) -> Sequence[Bread]:
        """For corrections by fourth moments, which need complete rows; the request is refused before it comes here."""
        raise ModelError("engine.fiml_needs_ml", estimator=self.request.estimator)

    @abstractmethod
    def row_scores(self, group: int) -> np.ndarray:
        """Slopes of each row's log-likelihood in a group's own parameters (n, k)."""

    @abstractmethod
    def saturated_trace(self) -> float:
        """tr(B A^-1) of the saturated model, summed over groups."""

    @abstractmethod
    def chisq_group(self) -> np.ndarray:
        """Each group's part of the chi-square statistic (G,)."""

    @abstractmethod
    def log_likelihoods(self) -> tuple[float, float]:
        """Of the model and of the saturated one, given fixed covariates."""


@dataclass(frozen=True, eq=False)
class CompleteEvidence(Evidence):
    """From complete rows, or from moments alone."""

    values: tuple[np.ndarray, ...] | None

    @cached_property
    def breads(self) -> Sequence[Bread]:
        if self.values is None:
            return ()
        means, delta = self.problem.has_means, jacobian(self.problem, self.implied)[0]
        sigma = self.implied.sigma[0]
        found = []
        for group, values in enumerate(self.values):
            weight = normal_weight(np.linalg.inv(sigma[group]), means, self.exogenous)
            matrix = gamma(values, means, self.exogenous)
            found.append(Bread(weight, delta[group], matrix, float(self.shares[group])))
        return tuple(found)

    def row_scores(self, group: int) -> np.ndarray:
        inverse = np.linalg.inv(self.implied.sigma[0, group])
        values = self.values[group] if self.values is not None else np.empty((0, self.problem.items))
        return scores(self.problem, self.implied, inverse, values, group)

    def saturated_trace(self) -> float:
        total = 0.0
        for values in self.values or ():
            inverse = np.linalg.inv(np.cov(values.T, bias=True).reshape(values.shape[1], -1))
            weight = normal_weight(inverse, self.problem.has_means, self.exogenous)
            total += float((weight * gamma(values, self.problem.has_means, self.exogenous)).sum())
        return total

    @cached_property
    def distances(self) -> np.ndarray:
        """Each group's F (G,)."""
        if self.problem.groups == 1:
            return self.solution.discrepancy
        return np.asarray(self.objective.value(self.theta[None], _ROW)[1][-1][0])

    def chisq_group(self) -> np.ndarray:
        less = 0 if self.request.estimator == "ML" else 1
        return np.maximum((self.n_obs - less) * self.distances, 0.0)

    def log_likelihoods(self) -> tuple[float, float]:
        if self.request.estimator != "ML":
            return float("nan"), float("nan")
        p, x = self.problem.items, self.exogenous
        saturated = 0.0
        for cov, n in zip(self.sample_cov, self.n_obs, strict=True):
            given = np.linalg.slogdet(cov[np.ix_(x, x)])[1] + len(x) * (_LOG_2PI + 1) if len(x) else 0.0
            saturated -= n / 2 * (np.linalg.slogdet(cov)[1] + p * (_LOG_2PI + 1) - given)
        return float(saturated - (self.n_obs * self.distances).sum() / 2), float(saturated)


@dataclass(frozen=True, eq=False)
class MissingEvidence(Evidence):
    """From rows with missing answers."""

    patterns: tuple[Patterns, ...]

    def row_scores(self, group: int) -> np.ndarray:
        return pattern_scores(self.problem, self.implied, self.patterns[group], group)

    def saturated_trace(self) -> float:
        total = 0.0
        for group, fitted in zip(self.patterns, self.saturated or (), strict=True):
            items = self.problem.units.items
            cov, mean = fitted.cov / np.outer(items, items), fitted.mean / items
            information = saturated_information(group, cov, mean)
            slopes = saturated_scores(group, cov, mean)
            meat = slopes.T @ slopes / len(slopes)
            if len(self.exogenous):
                information = without_exogenous(information, self.problem.items, self.exogenous)
                meat = without_exogenous(meat, self.problem.items, self.exogenous)
            total += float((covariance(information) * meat).sum())
        return total

    def notices(self) -> tuple[Notice, ...]:
        names, found = self.table.variables.ov, []
        for group in self.patterns:
            apart = np.argwhere(np.triu(group.coverage == 0, 1)).tolist()
            found += [f"{names[one]} – {other}" for one, other in ((i, names[j]) for i, j in apart)]
        pairs = ", ".join(dict.fromkeys(found))
        notices = [Notice("engine.never_together", {"pairs": pairs}, serious=True)] if pairs else []
        if not all(one.converged for one in self.saturated or ()):
            notices.append(Notice("engine.em_not_converged", serious=True))
        return tuple(notices)

    @cached_property
    def values_per_row(self) -> np.ndarray:
        """Minus twice the log-likelihood per row of each group, without its constant (G,)."""
        sigma, mu = self.solution.cov[0], self.solution.mean[0]
        items = self.problem.units.items
        pairs = enumerate(self.patterns)
        at = [casewise(one.scaled(1 / items), sigma[g][None], mu[g][None], _ROW).value[0] for g, one in pairs]
        return np.array(at)

    def chisq_group(self) -> np.ndarray:
        saturated = np.array([one.value for one in self.saturated or ()])
        return np.maximum(self.n_obs * (self.values_per_row - saturated), 0.0)

    def log_likelihoods(self) -> tuple[float, float]:
        found = []
        for values in (self.values_per_row, [one.value for one in self.saturated or ()]):
            total = 0.0
            for group, value, n in zip(self.patterns, values, self.n_obs, strict=True):
                answers = float((group.count[0] @ group.mask).sum())
                total -= (n * value + answers * _LOG_2PI) / 2
            found.append(total - self._given())
        return found[0], found[1]

    def _given(self) -> float:
        """Log-likelihood of the fixed covariates."""
        x = self.exogenous
        if not len(x):
            return 0.0
        total = 0.0
        for n, cov in zip(self.n_obs, self.sample_cov, strict=True):
            total -= n / 2 * (np.linalg.slogdet(cov[np.ix_(x, x)])[1] + len(x) * (_LOG_2PI + 1))
        return float(total)
