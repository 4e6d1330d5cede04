"""Estimates from moments: many samples at once, warm starts, and a status for each."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Literal

import numpy as np
from threadpoolctl import ThreadpoolController

from cxlab.errors import EstimationError
from cxlab.estimate.sem.factor_likelihood import FactorLikelihood
from cxlab.estimate.sem.identification import RANK_TOLERANCE, check_information
from cxlab.estimate.sem.implied import Filler, Implied
from cxlab.estimate.sem.inverses import definite_inverse, inverse_and_log_det
from cxlab.estimate.sem.least_squares import LeastSquares
from cxlab.estimate.sem.objective import FixedWeight, GroupMoments, MaximumLikelihood, Objective
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.single import search_single
from cxlab.estimate.sem.solver import Control, End, Status, blank_end, inverse_metric, search
from cxlab.estimate.sem.weights import moment_units
from cxlab.specify.matrix_map import PSI, THETA
from cxlab.specify.start import start_values

Estimator = Literal["ML", "GLS", "ULS", "WLS", "DWLS"]
CHUNK = 128
# Steps of a failed replicate's second search: those that have an optimum find it by then.
_SECOND_TRY = 100


@dataclass(frozen=True, eq=False)
class Solution:
    """Where R searches ended.

    Attributes
    ----------
    problem : Problem
    theta : ndarray (R, q)
        Estimates in the data's units; where not converged, the last point.
    x : ndarray (R, r)
        Unconstrained parameters in natural units; give them as `start` for a warm start.
    discrepancy : ndarray (R,)
        F at the estimates, groups weighted by their shares of n; chi-square is n F for ML.
    status : int array (R,)
        `Status` of each.
    iterations : int array (R,)
    distance : ndarray (R,)
        Standard errors from the optimum before the last step (the last step ends far closer).
    improper : bool array (R,)
        Converged to negative variances or to latent covariances that no data can have.
    metric : ndarray (q, q)
        Expected Hessian at the first solution, natural units.
    inverse_metric : ndarray (r, r)
        Its inverse among the unconstrained parameters; the first metric of a warm start.
    filler : Filler
        Makes the model's matrices.
    """

    problem: Problem
    theta: np.ndarray
    x: np.ndarray
    discrepancy: np.ndarray
    status: np.ndarray
    iterations: np.ndarray
    distance: np.ndarray
    improper: np.ndarray
    metric: np.ndarray
    inverse_metric: np.ndarray
    filler: Filler

    @property
    def converged(self) -> np.ndarray:
        """Which replicates converged (R,)."""
        return np.asarray(self.status == Status.CONVERGED)

    @cached_property
    def implied(self) -> Implied:
        """The model at the estimates, in natural units."""
        with np.errstate(invalid="ignore", over="ignore"):
            return self.filler.implied(self.theta / self.problem.factors)

    @cached_property
    def cov(self) -> np.ndarray:
        """Implied covariances (R, G, p, p), in the data's units."""
        items = self.problem.units.items
        return self.implied.sigma * np.outer(items, items)

    @cached_property
    def mean(self) -> np.ndarray:
        """Implied means (R, G, p), in the data's units; 0 without mean structure."""
        return self.implied.mu * self.problem.units.items


@dataclass(frozen=True)
class Options:
    """How a search is run.

    Attributes
    ----------
    control : Control
        Limits.
    starts : int
        Number of random starts of a single fit besides the usual ones. With any, the lowest minimum that is found
        counts; without, the first. With more than one sample no second start is tried.
    seed : int
        Of the random starts.
    workers : int
        Threads; the answer does not depend on it.
    check : bool
        Whether a model that is not identified is an error.
    """

    control: Control = field(default_factory=Control)
    starts: int = 0
    seed: int = 1
    workers: int = 1
    check: bool = True


DEFAULT = Options()


def fit(
    problem: Problem,
    moments: GroupMoments,
    estimator: Estimator = "ML",
    *,
    weight: np.ndarray | None = None,
    start: np.ndarray | None = None,
    warm: Solution | None = None,
    options: Options = DEFAULT,
) -> Solution:
    """Estimates of a model from the moments of one or many samples.

    Parameters
    ----------
    problem : Problem
        The model.
    moments : GroupMoments
        In the data's units; divisor n for ML, n - 1 for GLS and ULS as lavaan takes them.
    estimator : {"ML", "GLS", "ULS", "WLS"}
    weight : ndarray (R, G, s, s) or (G, s, s), optional
        V of WLS, in the data's units; see `weights`.
    start : ndarray (q,), optional
        Start values in the data's units.
    warm : Solution, optional
        The full sample's solution, from which all replicates start.
    options : Options

    Returns
    -------
    Solution
        With a status for each sample; nothing is raised for a replicate that fails.

    Raises
    ------
    IdentificationError
        Names the parameters that no data, or not these data, can tell apart.
    EstimationError
        One sample, and no point at which the model's covariance matrix can be inverted.
    """
    inside = moments.scaled(problem.units.items)
    make = objective_maker(problem, inside, estimator, weight)

    def begin() -> np.ndarray:
        if start is not None:
            return start
        mean = None if moments.mean is None else moments.mean[0]
        return start_values(problem.table, moments.cov[0], mean)

    return run(problem, inside, make, begin, warm, options)


def objective_maker(
    problem: Problem, inside: GroupMoments, estimator: Estimator, weight: np.ndarray | None = None
) -> Callable[[slice], Objective]:
    """Makes the objective of a slice of the samples; `weight` as for `fit`."""

    units = moment_units(problem.units.items, problem.has_means)
    scaled = np.ones((1, problem.groups, len(units))) * units**2
    if weight is not None:
        scaled = weight.reshape(-1, problem.groups, len(units), len(units)) * np.outer(units, units)

    def make(part: slice) -> Objective:
        moments = inside.take(part)
        if estimator == "ML":
            return (FactorLikelihood if problem.diagonal_theta else MaximumLikelihood)(problem, moments)
        if estimator == "GLS":
            return FixedWeight(problem, moments, inverse_and_log_det(moments.cov)[0])
        return LeastSquares(problem, moments, scaled[part] if len(scaled) > 1 else scaled)

    return make


def run(
    problem: Problem,
    inside: GroupMoments,
    make: Callable[[slice], Objective],
    start: Callable[[], np.ndarray],
    warm: Solution | None,
    options: Options,
    chunk: int = CHUNK,
    first: Objective | None = None,
) -> Solution:
    """Minimise whatever objectives `make` makes, `chunk` samples at a time; see `fit`.

    `start` gives values in the data's units, if they are needed; `first` is the first sample's objective.
    """
    begin = cache(lambda: problem.reduced(start() / problem.factors))
    with _threads().limit(limits=1), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        first = first or make(slice(0, 1))
        deadline = time.monotonic() + options.control.seconds * (1 + len(inside.cov) / 20)
        if warm is not None:
            ends = _batch(problem, inside, make, (warm.x[0], begin), warm.inverse_metric, options, chunk, deadline)
            return solution_of(problem, inside, ends, first)
        if not first.positive[0]:
            raise EstimationError("engine.no_moments")
        end = search_single(problem, inside, first, begin, options, deadline)
        if len(inside.cov) > 1:
            end = _batch(problem, inside, make, (end.x[0], begin), None, options, chunk, deadline)
            return solution_of(problem, inside, end, first)
        return solution_of(problem, inside, end, first, options.check)


@cache
def _threads() -> ThreadpoolController:
    """Looked up once: finding the BLAS libraries takes as long as a small fit."""
    return ThreadpoolController()


def _half_n(inside: GroupMoments) -> float:
    return float(inside.n_obs.sum()) / 2


def _basis(problem: Problem) -> tuple[np.ndarray, np.ndarray] | None:
    return None if problem.unconstrained else (problem.basis, problem.offset)


def _batch(
    problem: Problem,
    inside: GroupMoments,
    make: Callable[[slice], Objective],
    begins: tuple[np.ndarray, Callable[[], np.ndarray]],
    metric: np.ndarray | None,
    options: Options,
    chunk: int,
    deadline: float,
) -> End:
    """All samples, from the first of two starts; those that fail, from the second."""
    size = len(inside.cov)
    parts = [slice(first, min(first + chunk, size)) for first in range(0, size, chunk)]

    def one(part: slice) -> End:
        return _chunk(problem, inside, make(part), part, begins, metric, options, deadline)

    if options.workers > 1:
        with ThreadPoolExecutor(options.workers) as pool:
            ends = list(pool.map(one, parts))
    else:
        ends = [one(part) for part in parts]
    names = ("x", "value", "status", "iterations", "distance")
    return End(*(np.concatenate([getattr(end, name) for end in ends]) for name in names))


def _chunk(
    problem: Problem,
    inside: GroupMoments,
    objective: Objective,
    part: slice,
    begins: tuple[np.ndarray, Callable[[], np.ndarray]],
    metric: np.ndarray | None,
    options: Options,
    deadline: float,
) -> End:
    n = part.stop - part.start
    basis, half_n = _basis(problem), _half_n(inside)
    usable = np.flatnonzero(objective.positive)
    end = blank_end(np.tile(begins[0], (n, 1)), Status.NOT_POSITIVE_DEFINITE)
    search(objective, end, usable, half_n, options.control, deadline, basis, metric)
    failed = np.flatnonzero(objective.positive & (end.status != Status.CONVERGED))
    if len(failed):
        again = blank_end(np.tile(begins[1](), (n, 1)), Status.NO_START)
        shorter = replace(options.control, iterations=min(options.control.iterations, _SECOND_TRY))
        search(objective, again, failed, half_n, shorter, deadline, basis)
        better = failed[again.status[failed] == Status.CONVERGED]
        end.replace(better, again)
    return end


def solution_of(
    problem: Problem, inside: GroupMoments, end: End, objective: Objective, check: bool = False
) -> Solution:
    """A search's end in the data's units, judged."""
    theta, single = problem.full(end.x), len(end.x) == 1
    filler = objective.filler if single else Filler(problem, inside.cov, inside.mean)
    first = np.zeros(1, dtype=int)
    metric = objective.metric(objective.value(theta[:1], first)[1], first)[0]
    inverse = inverse_metric(problem.within(metric)[None])[0]
    status = end.status.copy()
    doubtful = not (np.diag(inverse) * np.diag(problem.within(metric))).sum() < 1 / RANK_TOLERANCE
    if check and doubtful and end.status[0] == Status.CONVERGED:
        check_information(problem, metric, "engine.not_identified_by_data")
    return Solution(
        problem=problem,
        theta=theta * problem.factors,
        x=end.x,
        discrepancy=np.where(np.isfinite(end.value), np.maximum(end.value, 0.0), np.nan),
        status=status,
        iterations=end.iterations,
        distance=end.distance,
        improper=improper(problem, filler.matrices(theta)) & (status == Status.CONVERGED),
        metric=metric,
        inverse_metric=inverse,
        filler=filler,
    )


def improper(problem: Problem, matrices: Mapping[int, np.ndarray]) -> np.ndarray:
    """Which solutions have a negative variance or a latent covariance matrix that is not positive semidefinite (R,)."""
    theta, psi = matrices[THETA], np.nan_to_num(matrices[PSI])
    residual = theta if theta.ndim == 3 else np.diagonal(theta, axis1=-2, axis2=-1)
    negative = np.asarray((residual < 0).any(axis=(1, 2)))
    if not problem.inner:
        return negative
    doubtful = np.flatnonzero(~(definite_inverse(psi)[2] > 0).all(axis=1))
    if len(doubtful):
        negative[doubtful] |= np.linalg.eigvalsh(psi[doubtful])[..., 0].min(axis=1) < -1e-10
    return negative
