"""First derivatives and expected information of a model at given parameters, whether or not they are its optimum."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxlab.errors import NotSupportedError
from cxlab.estimate.sem.fiml import FullInformation
from cxlab.estimate.sem.fitting import objective_maker
from cxlab.estimate.sem.objective import GroupMoments, Objective
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.problem import Problem, sparse_basis
from cxlab.evaluate.fitted import Fitted
from cxlab.specify.partable import ParTable


@dataclass(frozen=True, eq=False)
class Derivatives:
    """Derivatives of the log-likelihood per row of data, in natural units (items in standard deviations).

    Attributes
    ----------
    score : ndarray (q,)
        First derivatives; for least squares those of minus half the discrepancy.
    information : ndarray (q, q)
        Expected information.
    factors : ndarray (q,)
        What a parameter in natural units is multiplied by to be in the data's.
    """

    score: np.ndarray
    information: np.ndarray
    factors: np.ndarray


def derivatives(fitted: Fitted, table: ParTable | None = None, theta: np.ndarray | None = None) -> Derivatives:
    """Score and expected information of a fitted model, or of a larger `table` at `theta` with the same data.

    Raises
    ------
    NotSupportedError
        An estimator whose discrepancy does not weigh the moments by their sampling variances.
    """
    data = fitted if table is None else reordered(fitted, table)
    at = data.theta if theta is None else theta
    problem = Problem.of(data.table, data.cov)
    objective = _objective(data, problem)
    first = np.zeros(1, dtype=int)
    _, parts = objective.value((at / problem.factors)[None], first)
    # The statistic of least squares is n - 1 times the discrepancy.
    weight = 0.5 if data.estimator == "ML" else 0.5 * (1 - len(data.n_obs) / data.total)
    score, information = objective.gradient(parts, first)[0], objective.metric(parts, first)[0]
    return Derivatives(-weight * score, weight * information, problem.factors)


def reordered(fitted: Fitted, table: ParTable) -> Fitted:
    """The same data for another table: an added path may move a covariate to the outcomes."""
    order = [fitted.table.variables.ov.index(name) for name in table.variables.ov]
    mean = None if fitted.sample_mean is None else fitted.sample_mean[:, order]
    rows = None if fitted.rows is None else tuple(group[:, order] for group in fitted.rows)
    return replace(fitted, table=table, cov=fitted.cov[:, order][:, :, order], sample_mean=mean, rows=rows)


def null_basis(constraints: np.ndarray, parameters: int) -> np.ndarray:
    """Directions (q, r) in which linear constraints (c, q) leave the parameters free.

    Those of most parameters are the parameters themselves, not mixtures: what they know of each other can then be
    inverted though an item in millions gives one a scale of 1 and another one of 1e12.
    """
    return sparse_basis(constraints.reshape(-1, parameters), np.zeros(len(constraints)))[0]


def constrained_inverse(information: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Inverse of the information (q, q) within a basis (q, r); directions without information are left out."""
    inside = basis.T @ information @ basis
    spread = np.sqrt(np.maximum(np.diag(inside), 1e-300))
    inverse = np.linalg.pinv(inside / np.outer(spread, spread), rcond=1e-10, hermitian=True)
    return np.asarray(basis @ (inverse / np.outer(spread, spread)) @ basis.T)


def _objective(fitted: Fitted, problem: Problem) -> Objective:
    if fitted.estimator not in ("ML", "GLS"):
        raise NotSupportedError("evaluation.estimator", estimator=fitted.estimator)
    inside = GroupMoments.of(fitted.cov, fitted.mean, fitted.n_obs).scaled(problem.units.items)
    if fitted.rows is None or inside.mean is None:
        return objective_maker(problem, inside, fitted.estimator)(slice(0, 1))  # type: ignore[arg-type]
    names = fitted.table.variables.ov
    patterns = [Patterns.of(group, names).scaled(problem.units.items) for group in fitted.rows]
    return FullInformation(problem, patterns, inside.cov, inside.mean)
