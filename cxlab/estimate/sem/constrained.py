"""Inequalities and nonlinear equalities: sequential quadratic programming on the analytic gradient, one fit at a time.

SLSQP finds which constraints bind; Newton steps on the conditions of Karush, Kuhn and Tucker then go on to the
optimum, because SLSQP stops early.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from cxlab.estimate.sem.fitting import Options, Solution, solution_of
from cxlab.estimate.sem.information import null_space
from cxlab.estimate.sem.objective import GroupMoments, Objective
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.solver import End, Status
from cxlab.specify.partable import ParTable

Vector = Callable[[np.ndarray], np.ndarray]

_BINDING = 1e-6
_CLOSE = 1e-4
_NEWTON_STEPS = 60


def active_constraints(table: ParTable, theta: np.ndarray, factors: np.ndarray) -> np.ndarray | None:
    """Jacobian (k, q) of the constraints that hold with equality at theta (q,), in natural units.

    `theta` is in the data's units, `factors` (q,) takes natural units there: a loading of an item in thousandths on
    one in millions is nearly 0 in the data's units without being near a bound.
    """
    functions = table.functions
    if not functions.n_equalities and not functions.n_inequalities:
        return None
    slack, slopes = functions.inequalities(theta), functions.inequality_jacobian(theta) * factors
    equal = functions.equality_jacobian(theta) * factors
    return np.concatenate([equal, slopes[_binds(slack, slopes, _BINDING)]])


def _binds(slack: np.ndarray, slopes: np.ndarray, tolerance: float) -> np.ndarray:
    return np.asarray(slack <= tolerance * _lengths(slopes))


def _lengths(slopes: np.ndarray) -> np.ndarray:
    """By how much each constraint moves with a step of one natural unit; 1 where it does not move."""
    length = np.linalg.norm(slopes, axis=-1)
    return np.asarray(np.where(length > 0, length, 1.0))


@dataclass(frozen=True, eq=False)
class _Program:
    """The constrained problem in natural units, as functions of all free parameters."""

    problem: Problem
    objective: Objective
    half_n: float

    def value(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """F and its gradient; a wall where the model has no inverse."""
        rows = np.zeros(1, dtype=int)
        value, parts = self.objective.value(theta[None], rows)
        if not np.isfinite(value[0]):
            return 1e6, np.zeros_like(theta)
        return float(value[0]), self.objective.gradient(parts, rows)[0]

    def metric(self, theta: np.ndarray) -> np.ndarray:
        rows = np.zeros(1, dtype=int)
        return self.objective.metric(self.objective.value(theta[None], rows)[1], rows)[0]

    def equal(self, theta: np.ndarray) -> np.ndarray:
        return self.problem.table.functions.equalities(theta * self.problem.factors)

    def equal_slopes(self, theta: np.ndarray) -> np.ndarray:
        return self.problem.table.functions.equality_jacobian(theta * self.problem.factors) * self.problem.factors

    def slack(self, theta: np.ndarray) -> np.ndarray:
        return self.problem.table.functions.inequalities(theta * self.problem.factors)

    def slack_slopes(self, theta: np.ndarray) -> np.ndarray:
        return self.problem.table.functions.inequality_jacobian(theta * self.problem.factors) * self.problem.factors


def fit_constrained(
    problem: Problem, moments: GroupMoments, objective: Objective, start: np.ndarray, options: Options
) -> Solution:
    """Estimates under inequalities or nonlinear equalities, from start values (q,) in the data's units.

    The status is STUCK where the constraints cannot be met or the optimum was not reached.
    """
    program = _Program(problem, objective, float(moments.n_obs.sum()) / 2)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        theta, steps = _slsqp(program, start / problem.factors, options.control.iterations)
        theta, distance = _polish(program, theta)
    value = program.value(theta)[0]
    good = distance <= _CLOSE and _feasible(program, theta) and value < 1e6
    end = End(
        problem.reduced(theta)[None],
        np.array([value]),
        np.array([Status.CONVERGED if good else Status.STUCK]),
        np.array([steps]),
        np.array([distance]),
    )
    return solution_of(problem, moments, end, objective)


def _slsqp(program: _Program, start: np.ndarray, iterations: int) -> tuple[np.ndarray, int]:
    """In units of the parameters' standard errors at the start, each constraint in what a natural unit moves it."""
    scale = 1 / np.sqrt(np.maximum(np.diag(program.metric(start)), 1e-12))

    def scaled(function: Vector, jacobian: Vector) -> dict[str, Vector]:
        size = _lengths(jacobian(start))
        return {
            "fun": lambda z: function(z * scale) / size,
            "jac": lambda z: jacobian(z * scale) * scale / size[:, None],
        }

    functions = program.problem.table.functions
    kinds = (
        ("eq", functions.n_equalities, program.equal, program.equal_slopes),
        ("ineq", functions.n_inequalities, program.slack, program.slack_slopes),
    )
    constraints = [{"type": kind, **scaled(f, jacobian)} for kind, number, f, jacobian in kinds if number]

    def value(z: np.ndarray) -> tuple[float, np.ndarray]:
        found, slope = program.value(z * scale)
        return found, slope * scale

    limits = {"ftol": 1e-13, "maxiter": iterations}
    found = minimize(value, start / scale, jac=True, method="SLSQP", constraints=constraints, options=limits)
    return np.asarray(found.x * scale), int(found.nit)


def _polish(program: _Program, theta: np.ndarray) -> tuple[np.ndarray, float]:
    """Newton steps along the binding constraints; the last one's length in standard errors."""
    binding = _binds(program.slack(theta), program.slack_slopes(theta), 1e-4)
    distance = float("inf")
    for _ in range(_NEWTON_STEPS):
        value, slope = program.value(theta)
        if value >= 1e6:
            return theta, float("inf")
        jacobian = np.concatenate([program.equal_slopes(theta), program.slack_slopes(theta)[binding]])
        gap = np.concatenate([program.equal(theta), program.slack(theta)[binding]])
        metric, size = program.metric(theta), _lengths(jacobian)
        step, multipliers = _newton(metric, slope, jacobian / size[:, None], gap / size)
        distance = float(np.sqrt(program.half_n * max(step @ metric @ step, 0.0)))
        theta = theta + step
        pushed = multipliers[len(program.equal(theta)) :]
        if len(pushed) and pushed.min() < -1e-10:
            binding[np.flatnonzero(binding)[np.argmin(pushed)]] = False
            continue
        if distance < 1e-9:
            break
    return theta, distance


def _newton(
    metric: np.ndarray, slope: np.ndarray, jacobian: np.ndarray, gap: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Step and multipliers of one quadratic problem; redundant constraints do no harm."""
    to_surface = -np.linalg.pinv(jacobian) @ gap if len(jacobian) else np.zeros_like(slope)
    basis = null_space(jacobian, len(slope))
    reduced = basis.T @ metric @ basis
    along = basis @ np.linalg.lstsq(reduced, -basis.T @ (slope + metric @ to_surface), rcond=1e-12)[0]
    step = to_surface + along
    multipliers = np.linalg.lstsq(jacobian.T, slope + metric @ step, rcond=1e-12)[0] if len(jacobian) else np.zeros(0)
    return step, multipliers


def _feasible(program: _Program, theta: np.ndarray) -> bool:
    equal = np.abs(program.equal(theta)) / _lengths(program.equal_slopes(theta))
    off = np.concatenate([equal, -program.slack(theta) / _lengths(program.slack_slopes(theta))])
    return bool(off.max(initial=0.0) <= 1e-7)
