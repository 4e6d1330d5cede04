"""A model of ordinal items at its estimates, with all that standard errors and tests are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cxlab.errors import DataError, ModelError
from cxlab.estimate.polychoric import OrdinalMoments
from cxlab.estimate.sem.evidence import Evidence
from cxlab.estimate.sem.fitting import Solution, run
from cxlab.estimate.sem.identification import check_information
from cxlab.estimate.sem.objective import GroupMoments
from cxlab.estimate.sem.ordinal import (
    OrdinalLayout,
    OrdinalLeastSquares,
    OrdinalResiduals,
    sample_vectors,
    vector_units,
)
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.robust import Bread
from cxlab.estimate.sem.sample import Sample
from cxlab.specify.matrix_map import PSI
from cxlab.specify.partable import ParTable
from cxlab.specify.start import start_values

_ROW = np.zeros(1, dtype=int)


@dataclass(frozen=True, eq=False)
class OrdinalEvidence(Evidence):
    """From thresholds and correlations of the responses behind ordinal items.

    `gamma` and `weight` (G, s, s) or, where diagonal, (G, s), are in natural units.
    """

    ordinal_objective: OrdinalLeastSquares
    gamma: np.ndarray
    moments: tuple[OrdinalMoments, ...]

    @cached_property
    def weights(self) -> np.ndarray:
        """V of each group in full (G, s, s)."""
        weight = self.ordinal_objective.weight
        return weight if weight.ndim == 3 else np.array([np.diag(own) for own in weight])

    @cached_property
    def breads(self) -> Sequence[Bread]:
        delta = self.ordinal_objective.slopes(self.objective.value(self.theta[None], _ROW)[1])[0]
        groups = zip(self.weights, delta, self.gamma, self.shares, strict=True)
        return tuple(Bread(weight, own, gamma, float(share)) for weight, own, gamma, share in groups)

    def row_scores(self, group: int) -> np.ndarray:
        raise ModelError("engine.robust_needs_ml", estimator=self.request.estimator)

    def saturated_trace(self) -> float:
        raise ModelError("engine.robust_needs_ml", estimator=self.request.estimator)

    def chisq_group(self) -> np.ndarray:
        distances = self.objective.value(self.theta[None], _ROW)[1][-1][0]
        return np.maximum((self.n_obs - 1) * distances, 0.0)

    def log_likelihoods(self) -> tuple[float, float]:
        return float("nan"), float("nan")

    def implied_moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Of the scaled responses: variance 1 and mean 0 for ordinal items."""
        implied, ordinal = self.implied, self.ordinal_objective.layout.ordinal
        units = self.problem.units.items
        scale = units * self.objective.value(self.theta[None], _ROW)[1][6][0]
        cov = implied.sigma[0] * scale[..., :, None] * scale[..., None, :]
        cov[..., ordinal, ordinal] = 1.0
        return cov, np.where(ordinal, 0.0, implied.mu[0] * units)

    def residuals(self) -> OrdinalResiduals:
        """What was fitted to what."""
        objective = self.ordinal_objective
        parts = self.objective.value(self.theta[None], _ROW)[1]
        units = np.array([vector_units(one, self.problem.units.items) for one in self.moments])
        weight = objective.weight
        scaled = weight / units**2 if weight.ndim == 2 else weight / (units[:, :, None] * units[:, None, :])
        implied = objective.implied_vectors(parts)[0]
        item = objective.layout.item
        threshold = objective.layout.ordinal[item]
        slopes = objective.slopes(parts)[0] * units[:, :, None] / self.problem.factors
        gamma = self.gamma * units[:, :, None] * units[:, None, :]
        return OrdinalResiduals(objective.vectors * units, implied * units, scaled, item, threshold, slopes, gamma)

    def derived_slopes(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the table that follow from others, and their derivatives by the free parameters (k, q)."""
        table, problem, layout = self.table, self.problem, self.ordinal_objective.layout
        rows, slopes, names = [], [], list(table.variables.ov)
        square, scales = self.ordinal_objective.variance_slopes(self.objective.value(self.theta[None], _ROW)[1])
        scale = layout.filled(self.theta[None])[1][0]
        for row in self.derived_rows:
            group, item = table.group[row] - 1, names.index(table.lhs[row])
            own = scales[0, group, item]
            if not layout.theta:
                own = -2 * own / scale[group, item] ** 3 - square[0, group, item]
            rows.append(row)
            slopes.append(own / problem.factors)
        return np.array(rows, dtype=int), np.array(slopes).reshape(-1, problem.parameters)

    @cached_property
    def derived_rows(self) -> np.ndarray:
        """Residual variances (delta) or scales (theta) of ordinal items, where fixed."""
        table, op = self.table, "~*~" if self.ordinal_objective.layout.theta else "~~"
        named = zip(table.lhs, table.op, table.rhs, strict=True)
        own = [lhs == rhs and found == op and lhs in table.ordered for lhs, found, rhs in named]
        return np.flatnonzero(np.array(own) & (table.free == 0))

    def independence(self) -> tuple[float, int, tuple[float, float]]:
        """Chi-square and df of the model in which items do not covary, and the two traces that scale it.

        Thresholds, means and variances are free there, so that they drop out of U.
        """
        objective = self.ordinal_objective
        first = objective.vectors.shape[1] - len(objective.pairs[0])
        total, trace, squared = 0.0, 0.0, 0.0
        for vector, weight, gamma, n in zip(objective.vectors, self.weights, self.gamma, self.n_obs, strict=True):
            free, held = slice(0, first), slice(first, None)
            u = weight[held, held]
            if objective.weight.ndim == 3:
                u = u - weight[held, free] @ np.linalg.solve(weight[free, free], weight[free, held])
            total += float((n - 1) * vector[held] @ u @ vector[held])
            product = u @ gamma[held, held]
            trace += float(np.trace(product))
            squared += float((product * product.T).sum())
        return total, len(self.n_obs) * len(objective.pairs[0]), (trace, squared)

    def with_derived(self, values: np.ndarray) -> np.ndarray:
        """The table's values with what follows from others: residual variances (delta) or scales (theta)."""
        table, out = self.table, values.copy()
        layout, sigma = self.ordinal_objective.layout, self.implied.sigma[0]
        scale = layout.filled(self.theta[None])[1][0]
        names = list(table.variables.ov)
        for row in self.derived_rows:
            group, item = table.group[row] - 1, names.index(table.lhs[row])
            if layout.theta:
                out[row] = scale[group, item] / np.sqrt(sigma[group, item, item])
            else:
                out[row] += 1 / scale[group, item] ** 2 - sigma[group, item, item]
        return out


def collect_ordinal(table: ParTable, sample: Sample, request: Request) -> OrdinalEvidence:
    """Solve a model of ordinal items; `request` settled."""
    moments = sample.ordinal or ()
    if table.df < 0:
        run_check = table.n_free - table.n_equalities
        raise ModelError("engine.negative_df", parameters=run_check, moments=table.n_moments)
    problem = Problem.of(table, sample.cov)
    if problem.nonlinear:
        raise ModelError("ordinal.constraints")
    units = problem.units.items
    vectors, gamma = sample_vectors(moments, units)
    weight = _weights(request.distance, gamma)
    inside = GroupMoments.of(sample.cov, sample.mean, sample.n_obs - 1).scaled(units)
    layout = OrdinalLayout.of(table, sample.theta)

    def objective(shares: np.ndarray) -> OrdinalLeastSquares:
        mean = np.zeros(inside.cov.shape[1:3]) if inside.mean is None else inside.mean[0]
        return OrdinalLeastSquares(problem, layout, vectors, weight, shares, inside.cov[0], mean, gamma)

    search = objective(inside.shares)
    start = _starts(table, sample, layout)
    options = replace(request.options, check=False)
    solution = run(problem, inside, lambda _: search, lambda: start, None, options)
    by_rows = objective(sample.n_obs / sample.n_obs.sum())
    if request.options.check:
        _check_identified(problem, by_rows, solution)
    evidence = OrdinalEvidence(
        table,
        problem,
        solution,
        request,
        by_rows,
        sample.cov,
        _means(sample),
        sample.n_obs,
        None,
        by_rows,
        gamma,
        moments,
    )
    bad = _is_improper(evidence, solution.theta[0], evidence.implied.psi[0])
    return replace(evidence, solution=replace(solution, improper=solution.converged & bad))


def _means(sample: Sample) -> np.ndarray:
    return np.zeros(sample.cov.shape[:2]) if sample.mean is None else sample.mean


def _weights(distance: str, gamma: np.ndarray) -> np.ndarray:
    if distance == "ULS":
        return np.ones(gamma.shape[:2])
    if distance == "DWLS":
        return 1 / np.diagonal(gamma, axis1=1, axis2=2)
    scale = 1 / np.sqrt(np.diagonal(gamma, axis1=1, axis2=2))
    unit = scale[:, :, None] * scale[:, None, :]
    if np.linalg.eigvalsh(gamma * unit)[:, 0].min() < 1e-10:
        raise DataError("ordinal.wls_singular")
    return np.asarray(np.linalg.inv(gamma * unit) * unit)


def _starts(table: ParTable, sample: Sample, layout: OrdinalLayout) -> np.ndarray:
    """Thresholds at the sample's, scales at 1, the rest as for numeric items; the user's ``start()`` stays."""
    start = start_values(table, sample.cov, sample.mean)
    for group, one in enumerate(sample.ordinal or ()):
        own = np.concatenate([np.zeros(1) if not len(taus) else taus for taus in one.thresholds])
        places = layout.tau[group]
        start[places[places >= 0]] = own[places >= 0]
        scales = layout.scale[group]
        start[scales[scales >= 0]] = 1.0
    given = (table.free > 0) & np.isfinite(table.ustart)
    start[table.free[given] - 1] = table.ustart[given]
    return start


def _check_identified(problem: Problem, objective: OrdinalLeastSquares, solution: Solution) -> None:
    theta = solution.theta[0] / problem.factors
    metric = objective.metric(objective.value(theta[None], _ROW)[1], _ROW)[0]
    check_information(problem, metric, "engine.not_identified")


def _is_improper(evidence: OrdinalEvidence, theta: np.ndarray, psi: np.ndarray) -> bool:
    table, places = evidence.table, evidence.problem.places
    values = evidence.with_derived(np.where(table.free > 0, np.append(np.nan, theta)[table.free], table.ustart))
    rows = zip(table.lhs, table.op, table.rhs, strict=True)
    variance = np.array([op == "~~" and lhs == rhs for lhs, op, rhs in rows])
    full = psi.copy()
    for row in np.flatnonzero(variance & (places.matrix == PSI) & (table.free == 0)):
        full[places.group[row], places.row[row], places.row[row]] = values[row]
    smallest = np.linalg.eigvalsh(np.nan_to_num(full)).min() if full.shape[-1] else 0.0
    return bool((values[variance] < 0).any() or smallest < -1e-10)
