"""Replicates of a fitted structural model: resamples refitted all at once, from the full sample's optimum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from cxlab.errors import CxlabError, DataError, EstimationError, NotSupportedError
from cxlab.estimate.sem.collect import fit_missing
from cxlab.estimate.sem.constrained import fit_constrained
from cxlab.estimate.sem.engine import Estimation
from cxlab.estimate.sem.fitting import Estimator, Options, Solution, fit, objective_maker
from cxlab.estimate.sem.objective import GroupMoments
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.request import ESTIMATORS, Request
from cxlab.estimate.sem.sample import Sample
from cxlab.estimate.sem.solver import Status
from cxlab.estimate.sem.weights import wls_weight
from cxlab.resample.blocks import in_processes, in_threads
from cxlab.resample.draws import Draws, GivenDraws, Indices, LeaveOneOut, RandomDraws
from cxlab.resample.moments import normal_moments, transformed_rows, weighted_moments
from cxlab.resample.seeds import generators

Kind = Literal["nonparametric", "parametric", "bollen_stine"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_BLOCK = 256
_NUMBERS = 2**22  # of one array of a block, at most: 32 MB


class Outcome(IntEnum):
    """What became of a replicate. Improper ones count, those below do not."""

    PROPER = 0
    IMPROPER = 1
    NOT_CONVERGED = 2
    SINGULAR = 3


class Replicates(NamedTuple):
    """B refits.

    Attributes
    ----------
    theta : ndarray (B, q)
        Free parameters in the data's units; nan where the replicate does not count.
    chisq : ndarray (B,)
        Chi-square statistics; nan also with missing answers.
    outcome : int array (B,)
        `Outcome` of each.
    cov, mean : ndarray (B, G, p, p), (B, G, p), or None
        The replicates' own moments, kept only where the model has fixed covariates.
    """

    theta: np.ndarray
    chisq: np.ndarray
    outcome: np.ndarray
    cov: np.ndarray | None
    mean: np.ndarray | None

    @property
    def used(self) -> np.ndarray:
        """Which replicates count (B,)."""
        return np.asarray(self.outcome <= Outcome.IMPROPER)


Refit = Callable[[int, int], Replicates]


def resample(
    estimation: Estimation,
    sample: Sample,
    request: Request,
    n: int,
    seed: int,
    kind: Kind = "nonparametric",
    indices: Indices | None = None,
    workers: int = 1,
) -> Replicates:
    """Refit a model to n samples like the one it was fitted to.

    Parameters
    ----------
    estimation : Estimation
        The full sample's fit.
    sample : Sample
        What it was fitted to; with rows, but for ``kind="parametric"``.
    request : Request
        How it was fitted.
    n : int
        Number of replicates, when no indices are given.
    seed : int
        Of the replicates' random streams; see `draws`.
    kind : {"nonparametric", "parametric", "bollen_stine"}
        Rows drawn with replacement within groups; moments of normal samples from the fitted model; rows drawn after a
        transformation that makes the model hold (Bollen & Stine, 1992).
    indices : int array (B, n_obs), or a sequence of one per group
        Row numbers from 0 to use instead of random ones.
    workers : int
        The answer does not depend on it.

    Returns
    -------
    Replicates

    Raises
    ------
    EstimationError
        The model did not converge.
    DataError
        Rows are needed but only moments are known.
    NotSupportedError
        A kind that has no checked answer for this estimator.
    CxlabError
        An unknown kind, indices that do not fit.

    Notes
    -----
    Equals ``lavaan::bootstrapLavaan(fit, R = n, type = ...)`` replicate by replicate when the rows are the same.
    """
    if kind not in KINDS:
        raise CxlabError("resample.unknown_kind", value=kind, known=", ".join(KINDS))
    task = Task.of(estimation, sample, request)
    if kind == "parametric":
        if indices is not None:
            raise CxlabError("resample.indices_parametric")
        return task.all_of(task.from_model(seed), n, workers)
    if kind == "bollen_stine":
        task = task.under_model()
    draws = RandomDraws(n, task.n_obs, seed) if indices is None else GivenDraws.of(indices, task.n_obs)
    return task.all_of(task.from_rows(draws), draws.size, workers)


def leave_one_out(estimation: Estimation, sample: Sample, request: Request, workers: int = 1) -> tuple[Replicates, ...]:
    """The jackknife: for each group, refits without each of its rows (n_g of them)."""
    task = Task.of(estimation, sample, request)
    draws = (LeaveOneOut(task.n_obs, group) for group in range(len(task.n_obs)))
    return tuple(task.all_of(task.from_rows(one), one.size, workers) for one in draws)


@dataclass(frozen=True, eq=False)
class Task:
    """A solved model, and rows to fit it to again.

    Attributes
    ----------
    solution : Solution
        Where every refit starts.
    estimation : Estimation
    estimator : {"ML", "GLS", "ULS", "WLS"}
        Robust corrections change standard errors and tests, not estimates: they resample as ML.
    values : tuple of ndarray (n_g, p), or None
        Rows, nan where an answer is missing.
    patterns : tuple of Patterns, or None
        The rows by missing pattern, for FIML.
    n_obs : tuple of int
        Rows of each group.
    """

    solution: Solution
    estimation: Estimation
    estimator: Estimator
    values: tuple[np.ndarray, ...] | None
    patterns: tuple[Patterns, ...] | None
    n_obs: tuple[int, ...]

    @staticmethod
    def of(estimation: Estimation, sample: Sample, request: Request) -> Task:
        """What a fit leaves behind."""
        if not estimation.converged:
            raise EstimationError("resample.not_converged")
        table = estimation.table
        patterns = None
        values = sample.values
        if request.missing == "fiml":
            held = sorted({table.variables.ov.index(table.lhs[row]) for row in np.flatnonzero(table.exo)})
            patterns = tuple(Patterns.of(rows, sample.names) for rows in sample.complete_in(held).values or ())
            values = tuple(one.values for one in patterns)
        estimator = ESTIMATORS[request.estimator.upper()][0]
        sizes = tuple(int(n) for n in estimation.n_obs)
        return Task(estimation.solution, estimation, estimator, values, patterns, sizes)

    @property
    def block(self) -> int:
        """Replicates at once: as many as keep each array within bounds; depends on the data only."""
        p = self.solution.problem.items
        widest = max(max(self.n_obs), len(self.n_obs) * p * p)
        if self.estimator == "WLS":
            widest = max(widest, len(self.n_obs) * (p * (p + 3) // 2) ** 2)
        if self.patterns is not None:
            widest = max(widest, *(len(one.mask) * p * p for one in self.patterns))
        return int(np.clip(_NUMBERS // widest, 1, _BLOCK))

    @property
    def means(self) -> bool:
        """Whether means are modelled."""
        return self.estimation.table.meanstructure

    def all_of(self, refit: Refit, total: int, workers: int) -> Replicates:
        """Every block, joined."""
        runner = in_processes if self.solution.problem.nonlinear else in_threads
        parts = runner(refit, total, self.block, workers)
        joined: list[Any] = [None if one[0] is None else np.concatenate(one) for one in zip(*parts, strict=True)]
        return Replicates(*joined)

    def under_model(self) -> Task:
        """With rows turned so that the model holds in them."""
        if self.patterns is not None:
            raise NotSupportedError("resample.bollen_stine_missing")
        rows, fitted = self._rows(), self.estimation
        mean = fitted.mean if self.means else None
        return replace(self, values=transformed_rows(rows, fitted.sample_cov, fitted.cov, mean))

    def from_rows(self, draws: Draws) -> Refit:
        """Refits to resampled rows."""
        rows = self._rows()
        return _FromRows(self, draws, rows)

    def from_model(self, seed: int) -> Refit:
        """Refits to moments of normal samples from the fitted model."""
        if self.patterns is not None:
            raise NotSupportedError("resample.parametric_missing")
        if self.estimator == "WLS":
            raise NotSupportedError("resample.parametric_wls")
        return _FromModel(self, seed)

    def refit(
        self, cov: np.ndarray, mean: np.ndarray, n_obs: np.ndarray, weight: np.ndarray | None = None
    ) -> Replicates:
        """Fit moments (R, G, p, p) and (R, G, p) with divisor n; `weight` for WLS, nan where there is none."""
        less = 0 if self.estimator == "ML" else 1
        if less:
            cov = cov * (n_obs / (n_obs - 1))[:, None, None]
        moments = GroupMoments(cov, mean, n_obs - less)
        return self._replicates(self._solve(moments, weight), moments)

    def _replicates(self, solved: Solution, moments: GroupMoments) -> Replicates:
        """What counts of the searches, as `Replicates`."""
        counted, keep = solved.converged, self.estimation.table.fixed_x
        theta = np.where(counted[:, None], solved.theta, np.nan)
        total = float(moments.n_obs.sum()) if self.patterns is None else np.nan  # FIML's F is not a distance
        chisq = np.where(counted, total * solved.discrepancy, np.nan)
        return Replicates(theta, chisq, outcomes(solved), moments.cov if keep else None, moments.mean if keep else None)

    def _solve(self, moments: GroupMoments, weight: np.ndarray | None) -> Solution:
        problem, options = self.solution.problem, Options(check=False)
        if not problem.nonlinear:
            return fit(problem, moments, self.estimator, weight=weight, warm=self.solution, options=options)
        inside = moments.scaled(problem.units.items)
        make = objective_maker(problem, inside, self.estimator, weight)
        start = self.solution.theta[0]
        found = []
        for one in range(inside.replicates):
            part = slice(one, one + 1)
            objective = make(part)
            solved = fit_constrained(problem, inside.take(part), objective, start, options)
            if not objective.positive[0]:
                solved = replace(solved, status=np.array([Status.NOT_POSITIVE_DEFINITE]))
            found.append(solved)
        names = ("theta", "x", "discrepancy", "status", "iterations", "distance", "improper")
        joined: dict[str, Any] = {name: np.concatenate([getattr(one, name) for one in found]) for name in names}
        return replace(found[0], **joined)

    def refit_patterns(self, counts: list[np.ndarray]) -> Replicates:
        """Fit rows with missing answers, counted as `counts` (R, n_g) says."""
        pairs = zip(self.patterns or (), counts, strict=True)
        patterns = [one.resampled(count) for one, count in pairs]
        moments = GroupMoments(*self._covariate_moments(counts), np.array([count[0].sum() for count in counts]))
        problem, options = self.solution.problem, Options(check=False)
        return self._replicates(fit_missing(problem, patterns, moments, self.solution, options), moments)

    def _covariate_moments(self, counts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Moments of the fixed covariates, which are complete, in arrays for all items."""
        fitted, size = self.estimation, len(counts[0])
        cov, mean = (np.repeat(one[None], size, axis=0) for one in (fitted.sample_cov, fitted.sample_mean))
        x = sorted({fitted.table.variables.ov.index(fitted.table.lhs[row]) for row in np.flatnonzero(fitted.table.exo)})
        if x:
            for group, (rows, count) in enumerate(zip(self._rows(), counts, strict=True)):
                mean[:, group, x], cov[:, group, np.array(x)[:, None], x] = weighted_moments(count, rows[:, x])
        return cov, mean

    def _rows(self) -> tuple[np.ndarray, ...]:
        if self.values is None:
            raise DataError("resample.needs_rows")
        return self.values


def outcomes(solved: Solution) -> np.ndarray:
    """`Outcome` of each search (R,)."""
    found = np.where(solved.improper, int(Outcome.IMPROPER), int(Outcome.PROPER))
    found = np.where(solved.converged, found, int(Outcome.NOT_CONVERGED))
    return np.where(solved.status == Status.NOT_POSITIVE_DEFINITE, int(Outcome.SINGULAR), found)


@dataclass(frozen=True, eq=False)
class _FromRows:
    """Refits of replicates first to last - 1, from rows; a class, because processes cannot be sent closures."""

    task: Task
    draws: Draws
    rows: tuple[np.ndarray, ...]

    def __call__(self, first: int, last: int) -> Replicates:
        counts = self.draws.counts(first, last)
        if self.task.patterns is not None:
            return self.task.refit_patterns(counts)
        pairs = [weighted_moments(count, rows) for count, rows in zip(counts, self.rows, strict=True)]
        mean, cov = (np.stack(column, axis=1) for column in zip(*pairs, strict=True))
        n_obs = np.array([count[0].sum() for count in counts])
        weight = self._weights(counts) if self.task.estimator == "WLS" else None
        return self.task.refit(cov, mean, n_obs, weight)

    def _weights(self, counts: list[np.ndarray]) -> np.ndarray:
        """WLS needs each replicate's own fourth moments; nan where their matrix has no inverse."""
        found = []
        for replicate in range(len(counts[0])):
            pairs = zip(counts, self.rows, strict=True)
            found.append([self._weight(np.repeat(rows, count[replicate].astype(int), axis=0)) for count, rows in pairs])
        return np.array(found)

    def _weight(self, rows: np.ndarray) -> np.ndarray:
        try:
            return wls_weight(rows, self.task.solution.problem.has_means)
        except DataError:
            p = rows.shape[1]
            size = p * (p + 1) // 2 + (p if self.task.solution.problem.has_means else 0)
            return np.full((size, size), np.nan)


@dataclass(frozen=True, eq=False)
class _FromModel:
    """Refits of replicates first to last - 1, from the model's normal distribution."""

    task: Task
    seed: int

    def __call__(self, first: int, last: int) -> Replicates:
        fitted, sizes = self.task.estimation, self.task.n_obs
        roots = np.linalg.cholesky(fitted.cov)
        drawn = [
            [normal_moments(random, n, fitted.mean[group], roots[group]) for group, n in enumerate(sizes)]
            for random in generators(self.seed, first, last)
        ]
        mean = np.array([[one for one, _ in groups] for groups in drawn])
        cov = np.array([[one for _, one in groups] for groups in drawn])
        return self.task.refit(cov, mean, np.array(sizes, dtype=float))
