"""Many simulated studies of one plan, fitted: all at once where the engine can, else one by one in processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2

from cxlab.errors import CxlabError
from cxlab.estimate.sem.engine import Estimation, estimate
from cxlab.estimate.sem.fitting import objective_maker
from cxlab.estimate.sem.objective import GroupMoments
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.resample.blocks import in_processes, in_threads
from cxlab.resample.moments import normal_moments
from cxlab.resample.seeds import generators
from cxlab.resample.sem import Outcome, Task
from cxlab.study.simulation.draw import Streams
from cxlab.study.simulation.plan import Plan
from cxlab.study.simulation.simulate import answers, make_with

_BLOCK = 128


class Studies(NamedTuple):
    """R studies.

    Attributes
    ----------
    values, se : ndarray (R, rows)
        Of the table's free parameters and definitions; nan in studies that did not converge.
    chisq, pvalue : ndarray (R,)
        Of the test that the estimator implies.
    outcome : int array (R,)
        `Outcome` of each.
    n_obs : ndarray (R,)
        Rows used.
    """

    values: np.ndarray
    se: np.ndarray
    chisq: np.ndarray
    pvalue: np.ndarray
    outcome: np.ndarray
    n_obs: np.ndarray


def studies(plan: Plan, found: Estimation, request: Request, reps: int, seed: int, workers: int = 1) -> Studies:
    """Simulate and fit.

    Parameters
    ----------
    plan : Plan
    found : Estimation
        The model's fit to the population, from which every search starts.
    request : Request
    reps, seed : int
        Study r has random streams of its own (``spawn_key=(r, ...)``), so the answer does not depend on blocks or
        workers.
    workers : int
        Threads, or processes where studies are fitted one by one.
    """
    rows = reported(found)
    if batched(plan, found, request):
        task = Task(found.solution, found, "ML", None, None, plan.sizes)
        work: _Batch | _OneByOne = _Batch(plan, task, rows, seed)
        parts = in_threads(work, reps, min(_BLOCK, task.block), workers)
    else:
        work = _OneByOne(plan, found, request, rows, seed)
        parts = in_processes(work, reps, max(1, -(-reps // (4 * workers))), workers)
    return Studies(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def reported(found: Estimation) -> np.ndarray:
    """Rows of the table that are estimated or defined."""
    defined = np.array([op == ":=" for op in found.table.op])
    return np.flatnonzero((found.table.free > 0) | defined)


def batched(plan: Plan, found: Estimation, request: Request) -> bool:
    """Whether all studies can be fitted at once: ML with complete answers and constraints that a basis holds."""
    plain = request.estimator.upper() == "ML" and request.missing == "listwise"
    return plain and not plan.missing and not found.solution.problem.nonlinear


@dataclass(frozen=True, eq=False)
class _Batch:
    """Studies first to last - 1, from their moments."""

    plan: Plan
    task: Task
    rows: np.ndarray
    seed: int

    def __call__(self, first: int, last: int) -> Studies:
        mean, cov = self._moments(first, last)
        sizes = np.array(self.plan.sizes, dtype=float)
        refit = self.task.refit(cov, mean, sizes)
        found = self.task.estimation
        used = refit.outcome <= Outcome.IMPROPER
        values = np.full((last - first, len(self.rows)), np.nan)
        se = values.copy()
        if used.any():
            vcov = self._vcov(refit.theta[used], GroupMoments(cov[used], mean[used], sizes))
            values[used], se[used] = rows_of(found, refit.theta[used], vcov, self.rows)
        pvalue = chi2.sf(refit.chisq, found.df) if found.df else np.full(last - first, np.nan)
        total = np.full(last - first, sizes.sum())
        return Studies(values, se, refit.chisq, pvalue, refit.outcome, total)

    def _moments(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        plan, table = self.plan, self.task.estimation.table
        at = [plan.population.names.index(name) for name in table.variables.ov]
        if plan.scales or plan.shapes is not None or plan.careless is not None:
            pairs = [_row_moments(plan, self.seed, r, table.variables.ov) for r in range(first, last)]
        else:
            # Normal answers: means and covariances have known distributions, and no respondent need be drawn.
            cov = plan.population.cov
            if plan.method_part is not None:
                part = plan.method_part.loadings
                cov = cov + part[:, :, None] * part[:, None, :] * (1 - np.eye(cov.shape[-1]))
            roots = np.linalg.cholesky(cov[:, at][:, :, at])
            means = plan.population.mean[:, at]
            groups = list(zip(plan.sizes, means, roots, strict=True))
            pairs = []
            for random in generators(self.seed, first, last):
                drawn = [normal_moments(random, n, mean, root) for n, mean, root in groups]
                pairs.append((np.array([m for m, _ in drawn]), np.array([c for _, c in drawn])))
        return np.array([m for m, _ in pairs]), np.array([c for _, c in pairs])

    def _vcov(self, theta: np.ndarray, moments: GroupMoments) -> np.ndarray:
        """Covariance matrices of the estimates (R, q, q), from expected information as for a single fit."""
        problem = self.task.solution.problem
        inside = moments.scaled(problem.units.items)
        objective = objective_maker(problem, inside, "ML")(slice(0, len(theta)))
        every = np.arange(len(theta))
        parts = objective.value(theta / problem.factors, every)[1]
        information = objective.metric(parts, every) / 2
        basis = problem.basis
        inner = np.linalg.pinv(basis.T @ information @ basis, hermitian=True)
        scale = np.outer(problem.factors, problem.factors)
        return np.asarray(basis @ inner @ basis.T * scale / moments.n_obs.sum())


def _row_moments(plan: Plan, seed: int, replicate: int, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Means (G, p) and covariances (G, p, p; divisor n) of one study's answers."""
    parts = _answers(plan, seed, replicate, names)
    mean = np.array([part.mean(axis=0) for part in parts])
    return mean, np.array([np.cov(part.T, bias=True).reshape(len(names), -1) for part in parts])


def _answers(plan: Plan, seed: int, replicate: int, names: Sequence[str]) -> list[np.ndarray]:
    """One study's answers by group (n_g, p), reversed items turned."""
    streams = Streams(seed, (replicate,))
    if plan.missing:
        made = make_with(plan, streams)
        found, group = made.frame[list(names)].to_numpy(dtype=float), made.responses.group
    else:  # tables would take longer than the answers themselves
        drawn = answers(plan, streams)
        found, group = drawn.given[:, [plan.names.index(name) for name in names]], drawn.responses.group
    for column, name in enumerate(names):
        if name in plan.turned:
            scale = plan.scales[name]
            found[:, column] = scale.low + scale.high - found[:, column]
    return [found[group == one] for one in range(len(plan.sizes))]


def rows_of(found: Estimation, theta: np.ndarray, vcov: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values and standard errors (R, rows) of parameters and definitions."""
    table = found.table
    free = table.free[rows]
    values = np.where(free > 0, theta[:, np.maximum(free - 1, 0)], np.nan)
    variances = np.diagonal(vcov, axis1=-2, axis2=-1)
    se = np.sqrt(np.maximum(np.where(free > 0, variances[:, np.maximum(free - 1, 0)], np.nan), 0.0))
    if (free == 0).any():
        slopes = table.functions.defined_jacobian(theta)
        values[:, free == 0] = table.functions.defined(theta)
        se[:, free == 0] = np.sqrt(np.maximum(np.einsum("rij,rjk,rik->ri", slopes, vcov, slopes), 0.0))
    return values, se


@dataclass(frozen=True, eq=False)
class _OneByOne:
    """Studies first to last - 1, each fitted alone; a class, because processes cannot be sent closures."""

    plan: Plan
    found: Estimation
    request: Request
    rows: np.ndarray
    seed: int

    def __call__(self, first: int, last: int) -> Studies:
        kept = [self._study(r) for r in range(first, last)]
        values, se, chisq, pvalue, outcome, n_obs = zip(*kept, strict=True)
        numbers = (np.array(chisq), np.array(pvalue), np.array(outcome), np.array(n_obs, dtype=float))
        return Studies(np.array(values), np.array(se), *numbers)

    def _study(self, replicate: int) -> tuple[np.ndarray, np.ndarray, float, float, int, int]:
        table = self.found.table
        groups = _answers(self.plan, self.seed, replicate, table.variables.ov)
        if self.request.missing == "listwise":
            groups = [part[~np.isnan(part).any(axis=1)] for part in groups]
        else:
            groups = [part[~np.isnan(part).all(axis=1)] for part in groups]
        n, nothing = sum(map(len, groups)), np.full(len(self.rows), np.nan)
        try:
            sample = Sample.of_values(groups, table.variables.ov)
            fit = estimate(table, sample, replace(self.request, baseline=False))
        except CxlabError:
            return nothing, nothing, np.nan, np.nan, int(Outcome.SINGULAR), n
        if not fit.converged:
            return nothing, nothing, np.nan, np.nan, int(Outcome.NOT_CONVERGED), n
        test = fit.scaled or fit
        outcome = int(Outcome.IMPROPER if fit.improper else Outcome.PROPER)
        return fit.values[self.rows], fit.se[self.rows], float(test.chisq), float(test.pvalue), outcome, n
