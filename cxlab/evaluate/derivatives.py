"""First derivatives and expected information of a model at given parameters, whether or not they are its optimum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard, cast

import numpy as np

from cxlab.errors import NotSupportedError
from cxlab.estimate.sem.fiml import FullInformation
from cxlab.estimate.sem.fitting import objective_maker
from cxlab.estimate.sem.least_squares import LeastSquares
from cxlab.estimate.sem.objective import GroupMoments, Objective
from cxlab.estimate.sem.ordinal import OrdinalLayout, OrdinalLeastSquares
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.problem import Problem, sparse_basis
from cxlab.estimate.sem.weights import moment_units, moment_vector
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.residual_sampling import moment_sampling
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
    spread : ndarray (q, q) or None
        After least squares whose weights are not what is known of the moments (ULS, DWLS): n times the score's
        covariance matrix; None where this is the information.
    """

    score: np.ndarray
    information: np.ndarray
    factors: np.ndarray
    spread: np.ndarray | None = None


def derivatives(fitted: Fitted, table: ParTable | None = None, theta: np.ndarray | None = None) -> Derivatives:
    """Score and expected information of a fitted model, or of a larger `table` at `theta` with the same data.

    For ULS and DWLS the information is that of the discrepancy, which does not weigh moments by what is known of them.

    Raises
    ------
    NotSupportedError
        Least squares whose weights are not known, as for a model that was not fitted here.
    """
    order = _order(fitted, table)
    data = fitted if table is None else reordered(fitted, table)
    at = data.theta if theta is None else theta
    problem = Problem.of(data.table, data.cov)
    objective = _objective(data, problem, order)
    first = np.zeros(1, dtype=int)
    _, parts = objective.value((at / problem.factors)[None], first)
    # The statistic of least squares is n - 1 times the discrepancy.
    weight = 0.5 if data.estimator == "ML" else 0.5 * (1 - len(data.n_obs) / data.total)
    score, information = objective.gradient(parts, first)[0], objective.metric(parts, first)[0]
    spread = weight * 2 * _spread(data, objective, parts) if _unweighted(objective) else None
    return Derivatives(-weight * score, weight * information, problem.factors, spread)


def _unweighted(objective: Objective) -> TypeGuard[LeastSquares | OrdinalLeastSquares]:
    """Least squares with a diagonal of weights."""
    if isinstance(objective, OrdinalLeastSquares):
        return objective.weight.ndim == 2
    return isinstance(objective, LeastSquares) and objective.diagonal


def _spread(fitted: Fitted, objective: LeastSquares | OrdinalLeastSquares, parts: tuple[np.ndarray, ...]) -> np.ndarray:
    """Sum over groups of share times Delta'V Gamma V Delta."""
    if isinstance(objective, OrdinalLeastSquares):
        weight, gamma = objective.weight, cast(np.ndarray, objective.gamma)
    else:
        units = moment_units(objective.problem.units.items, objective.has_means)
        weight = objective.weight[0]
        gamma = np.array(moment_sampling(fitted)) * fitted.n_obs[:, None, None] / np.outer(units, units)
    pulled = weight[..., None] * objective.slopes(parts)[0]
    by_group = np.swapaxes(pulled, -1, -2) @ gamma @ pulled
    return np.asarray((by_group * fitted.shares[:, None, None]).sum(axis=0))


def _order(fitted: Fitted, table: ParTable | None) -> list[int]:
    """Where each item of the table stands among the fitted ones."""
    names = fitted.table.variables.ov
    return [names.index(name) for name in (names if table is None else table.variables.ov)]


def reordered(fitted: Fitted, table: ParTable) -> Fitted:
    """The same data for another table: an added path may move a covariate to the outcomes."""
    order = _order(fitted, table)
    mean = None if fitted.sample_mean is None else fitted.sample_mean[:, order]
    rows, answers = (
        None if held is None else tuple(group[:, order] for group in held) for held in (fitted.rows, fitted.answers)
    )
    cov = fitted.cov[:, order][:, :, order]
    return replace(fitted, table=table, cov=cov, sample_mean=mean, rows=rows, answers=answers)


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


def _objective(fitted: Fitted, problem: Problem, order: Sequence[int]) -> Objective:
    inside = GroupMoments.of(fitted.cov, fitted.mean, fitted.n_obs).scaled(problem.units.items)
    if isinstance(fitted.squares, OrdinalLeastSquares):
        return _ordinal(fitted, problem, fitted.squares)
    if isinstance(fitted.squares, LeastSquares):
        return LeastSquares(problem, inside, _permuted(fitted.squares.weight, order, problem.has_means))
    if fitted.estimator not in ("ML", "GLS"):
        raise NotSupportedError("evaluation.estimator", estimator=fitted.estimator)
    if fitted.rows is None or inside.mean is None:
        return objective_maker(problem, inside, fitted.estimator)(slice(0, 1))  # type: ignore[arg-type]
    names = fitted.table.variables.ov
    patterns = [Patterns.of(group, names).scaled(problem.units.items) for group in fitted.rows]
    return FullInformation(problem, patterns, inside.cov, inside.mean)


def _ordinal(fitted: Fitted, problem: Problem, held: OrdinalLeastSquares) -> OrdinalLeastSquares:
    """The discrepancy of a larger table of ordinal items, which stand in the same order."""
    layout = OrdinalLayout.of(fitted.table, held.layout.theta)
    means = np.zeros(fitted.cov.shape[:2])
    shown = (held.vectors, held.weight, held.shares, fitted.cov, means, held.gamma)
    return OrdinalLeastSquares(problem, layout, *shown)


def _permuted(weight: np.ndarray, order: Sequence[int], means: bool) -> np.ndarray:
    """Weights of the moments of items in another order."""
    size = len(order)
    row, column = np.tril_indices(size)
    place = np.zeros((size, size), dtype=int)
    place[row, column] = place[column, row] = np.arange(len(row)) + (size if means else 0)
    taken = moment_vector(place[np.ix_(order, order)], np.asarray(order) if means else None)
    return weight[..., taken] if weight.ndim == 3 else weight[..., taken, :][..., taken]
