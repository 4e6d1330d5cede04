"""The search of one sample's optimum: from one start after another, until one leads there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from cxlab.errors import EstimationError
from cxlab.estimate.sem.identification import RANK_TOLERANCE, check_degrees, check_identified
from cxlab.estimate.sem.inverses import is_definite
from cxlab.estimate.sem.newton import newton
from cxlab.estimate.sem.objective import GroupMoments, Objective
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.solver import End, Search, Status, blank_end
from cxlab.estimate.sem.starts import starts

if TYPE_CHECKING:
    from cxlab.estimate.sem.fitting import Options

# Random starts where means are missed so far that there may be several minima.
_WHEN_FAR = 8


def search_single(
    problem: Problem,
    inside: GroupMoments,
    objective: Objective,
    begin: Callable[[], np.ndarray],
    options: Options,
    deadline: float,
) -> End:
    """The best end from the given start; from others only if that one fails, or random ones are asked for."""
    if options.check:
        check_degrees(problem)
    attempt = partial(_attempt, problem, inside, objective, options, deadline)
    points = partial(starts, problem, objective, inside, begin, seed=options.seed)
    best = _best(points(more=options.starts), attempt, None, every=bool(options.starts))
    if best is not None and options.check and not options.starts and _means_are_far(problem, inside, objective, best):
        best = _best(points(more=_WHEN_FAR), attempt, best, every=True)
    if best is None or not np.isfinite(best.value[0]):
        raise EstimationError("engine.no_start")
    return best


def _best(points: Iterator[np.ndarray], attempt: Callable[..., End], best: End | None, every: bool) -> End | None:
    """The best end from these starts: of all of them, or up to the first that converges."""
    for start in points:
        end = attempt(start, first=best is None)
        if best is None or _rank(end) < _rank(best):
            best = end
        if best.status[0] == Status.CONVERGED and not every:
            break
    return best


def _attempt(
    problem: Problem,
    inside: GroupMoments,
    objective: Objective,
    options: Options,
    deadline: float,
    start: np.ndarray,
    first: bool,
) -> End:
    """The search from one start (r,)."""
    half_n = float(inside.n_obs.sum()) / 2
    basis = None if problem.unconstrained else (problem.basis, problem.offset)
    end = blank_end(start[None].copy(), Status.NO_START)
    on_its_way = Search(objective, end, np.arange(1), half_n, options.control, deadline, basis)
    if options.check and first and not on_its_way.trace.max(initial=0.0) < 1 / RANK_TOLERANCE:
        check_identified(problem, inside, start)
    on_its_way.run()
    if end.status[0] in (Status.ITERATION_LIMIT, Status.STUCK):
        newton(problem, objective, end, half_n, options.control, deadline)
    if end.status[0] == Status.CONVERGED and not _is_minimum(problem, objective, end.x[0]):
        end.status[0] = Status.SADDLE
    return end


def _means_are_far(problem: Problem, inside: GroupMoments, objective: Objective, end: End) -> bool:
    """Whether an item's mean is missed by a standard deviation or more.

    Then intercepts are held equal that are not, and there is a minimum for each item on which the misfit can be
    blamed, by a residual variance that makes room for it.
    """
    if not problem.has_means or inside.mean is None or problem.table.ordered or end.status[0] != Status.CONVERGED:
        return False
    mean = objective.filler.implied(problem.full(end.x[:1])).mu[0]
    spread = np.sqrt(np.diagonal(inside.cov[0], axis1=-2, axis2=-1))
    return bool((np.abs(inside.mean[0] - mean) > spread).any())


def _rank(end: End) -> tuple[int, float]:
    """Converged first, among these the lowest minimum; then the nearest to an optimum."""
    failed = bool(end.status[0] != Status.CONVERGED)
    # minima that differ by less are the same one, and the first to find it counts
    return int(failed), float(end.distance[0] if failed else np.round(end.value[0], 8))


def _is_minimum(problem: Problem, objective: Objective, x: np.ndarray) -> bool:
    """Whether the observed curvature is nowhere negative."""
    hessian = problem.within(objective.hessian(problem.full(x)))
    diagonal = np.diag(hessian)
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    lifted = hessian * np.outer(scale, scale) + 1e-6 * np.eye(len(scale))
    return bool((diagonal > -1e-6).all()) and is_definite(lifted)
