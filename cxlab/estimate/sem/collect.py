"""From a parameter table and a data set to a solved model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cxlab.errors import ModelError
from cxlab.estimate.sem.constrained import fit_constrained
from cxlab.estimate.sem.evidence import CompleteEvidence, Evidence, MissingEvidence
from cxlab.estimate.sem.fiml import FullInformation, samples_at_once
from cxlab.estimate.sem.fitting import DEFAULT, Options, Solution, objective_maker, run
from cxlab.estimate.sem.objective import GroupMoments, Objective
from cxlab.estimate.sem.ordinal_evidence import collect_ordinal
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.estimate.sem.saturated import Saturated, saturated_moments
from cxlab.estimate.sem.weights import wls_weight
from cxlab.specify.partable import ParTable
from cxlab.specify.start import start_values


def collect(
    table: ParTable, sample: Sample, request: Request, saturated: tuple[Saturated, ...] | None = None
) -> Evidence:
    """Solve a model; `request` settled, `saturated` the EM moments where they are known already."""
    if sample.groups != table.n_groups:
        raise ModelError("engine.groups", model=table.n_groups, data=sample.groups)
    if sample.ordinal is not None:
        return collect_ordinal(table, sample, request)
    if request.missing == "fiml":
        return _missing(table, sample, request, saturated)
    return _complete(table, sample, request)


def _complete(table: ParTable, sample: Sample, request: Request) -> Evidence:
    if table.meanstructure and sample.mean is None:
        raise ModelError("engine.needs_means")
    sample.check()
    ml = request.estimator == "ML"
    cov = sample.cov if ml else sample.cov * (sample.n_obs / (sample.n_obs - 1))[:, None, None]
    mean = np.zeros(cov.shape[:2]) if sample.mean is None else sample.mean
    table = table.with_exogenous(cov, mean)
    problem = Problem.of(table, cov)
    items = problem.units.items
    weight = _wls_weights(problem, sample) if request.estimator == "WLS" else None
    # lavaan weighs groups by n - 1 in these estimators' distance, but by n in their information
    moments = GroupMoments.of(cov, mean, sample.n_obs if ml else sample.n_obs - 1).scaled(items)
    make = objective_maker(problem, moments, request.distance, weight)
    objective = first = make(slice(0, 1))
    solution = _solve(problem, moments, make, first, lambda: start_values(table, cov, mean), request)
    if not ml:
        by_rows = GroupMoments(moments.cov, moments.mean, sample.n_obs.astype(float))
        objective = objective_maker(problem, by_rows, request.distance, weight)(slice(0, 1))
    values = None if sample.values is None else tuple(group / items for group in sample.values)
    return CompleteEvidence(table, problem, solution, request, objective, cov, mean, sample.n_obs, None, values)


def _wls_weights(problem: Problem, sample: Sample) -> np.ndarray:
    labels = problem.table.group_labels or ("",) * sample.groups
    pairs = zip(sample.values or (), labels, strict=True)
    return np.array([wls_weight(values, problem.has_means, label) for values, label in pairs])


def _missing(table: ParTable, sample: Sample, request: Request, saturated: tuple[Saturated, ...] | None) -> Evidence:
    names = table.variables.ov
    held = sorted({names.index(table.lhs[row]) for row in np.flatnonzero(table.exo)})
    sample = sample.complete_in(held)
    raw = tuple(Patterns.of(group, names) for group in sample.values or ())
    if saturated is None:
        saturated = tuple(saturated_moments(group) for group in raw)
    cov, mean = np.array([one.cov for one in saturated]), np.array([one.mean for one in saturated])
    table = table.with_exogenous(cov, mean)
    problem = Problem.of(table, cov)
    items = problem.units.items
    patterns = tuple(group.scaled(items) for group in raw)
    n_obs = np.array([group.rows for group in raw])
    moments = GroupMoments.of(cov, mean, n_obs).scaled(items)
    make = missing_maker(problem, patterns, moments)
    objective = make(slice(0, 1))
    solution = _solve(problem, moments, make, objective, lambda: start_values(table, cov, mean), request)
    return MissingEvidence(table, problem, solution, request, objective, cov, mean, n_obs, saturated, patterns)


def missing_maker(
    problem: Problem, patterns: Sequence[Patterns], moments: GroupMoments
) -> Callable[[slice], Objective]:
    """Makes the objective of a slice of the replicates; all in natural units, `moments` for fixed covariates."""
    mean = np.zeros(moments.cov.shape[:-1]) if moments.mean is None else moments.mean

    def make(part: slice) -> Objective:
        return FullInformation(problem, [group.take(part) for group in patterns], moments.cov[part], mean[part])

    return make


def fit_missing(
    problem: Problem, patterns: Sequence[Patterns], moments: GroupMoments, warm: Solution, options: Options = DEFAULT
) -> Solution:
    """FIML estimates of R resamples of the same rows, from the full sample's solution.

    Parameters
    ----------
    problem : Problem
    patterns : sequence of Patterns
        One per group, `Patterns.resampled` by weights (R, n); in the data's units.
    moments : GroupMoments
        (R, G, p, p) and (R, G, p) in the data's units; only fixed covariates' are looked at.
    warm : Solution
    options : Options
    """
    items = problem.units.items
    inside, scaled = moments.scaled(items), [group.scaled(items) for group in patterns]
    make = missing_maker(problem, scaled, inside)
    return run(problem, inside, make, lambda: warm.theta[0], warm, options, samples_at_once(patterns))


def _solve(
    problem: Problem,
    moments: GroupMoments,
    make: Callable[[slice], Objective],
    first: Objective,
    start: Callable[[], np.ndarray],
    request: Request,
) -> Solution:
    if problem.nonlinear:
        return fit_constrained(problem, moments, first, start(), request.options)
    return run(problem, moments, make, start, None, request.options, first=first)
