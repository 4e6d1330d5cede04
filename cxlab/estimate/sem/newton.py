"""The last resort of a single fit: Newton steps with the observed Hessian, bent to go downhill.

Scoring is slow where the expected Hessian says little about the observed one: least squares with a bad fit, improper
solutions.
"""

from __future__ import annotations

import time

import numpy as np

from cxlab.estimate.sem.objective import Objective
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.solver import Control, End, Status

_STEPS = 60
_HALVINGS = 40
_ROW = np.zeros(1, dtype=int)


def newton(problem: Problem, objective: Objective, end: End, half_n: float, control: Control, deadline: float) -> None:
    """Go on from where a search of one sample ended; `end` is filled in where that gets to the optimum."""
    x, value = end.x[0].copy(), float(end.value[0])
    if not np.isfinite(value):
        return
    for step in range(1, min(_STEPS, control.iterations) + 1):
        if time.monotonic() > deadline:
            return
        direction, distance = _direction(problem, objective, x, half_n)
        x, value, moved = _downhill(problem, objective, x, value, direction)
        if distance <= control.distance and moved:
            end.x[0], end.value[0], end.distance[0] = x, value, distance
            end.status[0] = Status.CONVERGED
            end.iterations[0] += step
            return
        if not moved:
            return


def _direction(problem: Problem, objective: Objective, x: np.ndarray, half_n: float) -> tuple[np.ndarray, float]:
    """A step and its length in standard errors; curvature that is negative counts as positive, none as little."""
    theta, basis = problem.full(x), problem.basis
    parts = objective.value(theta[None], _ROW)[1]
    slope = objective.gradient(parts, _ROW)[0] @ basis
    expected = np.diag(basis.T @ objective.metric(parts, _ROW)[0] @ basis)
    scale = 1 / np.sqrt(np.where(expected > 0, expected, 1.0))
    hessian = basis.T @ objective.hessian(theta) @ basis * np.outer(scale, scale)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    along = vectors.T @ (slope * scale)
    bent = np.maximum(np.abs(eigenvalues), 1e-8)
    return scale * (vectors @ (along / bent)), float(np.sqrt(half_n * (along**2 / bent).sum()))


def _downhill(
    problem: Problem, objective: Objective, x: np.ndarray, value: float, direction: np.ndarray
) -> tuple[np.ndarray, float, bool]:
    noise = 1e-13 * (1 + abs(value))
    for halving in range(_HALVINGS):
        new = x - 0.5**halving * direction
        found = float(objective.value(problem.full(new)[None], _ROW)[0][0])
        if found <= value + noise:
            return new, found, True
    return x, value, False
