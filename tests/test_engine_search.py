"""The engine's search: derivatives, units, many samples at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxlab.errors import ModelError
from cxlab.estimate.sem.collect import fit_missing
from cxlab.estimate.sem.engine import Estimation, estimate
from cxlab.estimate.sem.fiml import FullInformation
from cxlab.estimate.sem.fitting import Options, Solution, fit
from cxlab.estimate.sem.least_squares import LeastSquares
from cxlab.estimate.sem.objective import FixedWeight, GroupMoments, MaximumLikelihood, Objective
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.estimate.sem.solver import Status
from cxlab.estimate.sem.weights import gamma
from cxlab.specify import Model, start_values

DATA = Path(__file__).parent / "oracles" / "data"
HS = pd.read_csv(DATA / "engine_hs.csv")
HOLES = pd.read_csv(DATA / "engine_hs_missing.csv")
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
ITEMS = [f"x{item}" for item in range(1, 10)]


def rows(names, data=HS):
    return data[list(names)].to_numpy(float)


def solve(text, data=HS, request=None, **options) -> Estimation:
    table = Model.parse(text).partable(data.columns, **options)
    sample = Sample.of_values(rows(table.variables.ov, data), table.variables.ov)
    return estimate(table, sample, request or Request())


def moments_of(values):
    return np.cov(values.T, bias=True), values.mean(axis=0)


def resamples(values, count, seed=4):
    """Means and covariances of bootstrap samples, from multinomial weights (count, n)."""
    n = len(values)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=count) / n
    mean = weights @ values
    cov = np.einsum("rn,ni,nj->rij", weights, values, values, optimize=True) - mean[:, :, None] * mean[:, None]
    return weights, cov, mean


# ---- derivatives


def objectives() -> dict[str, tuple[Objective, np.ndarray]]:
    """Every objective on a model with groups, means, paths, a covariate and a residual covariance, off its optimum."""
    text = THREE + "\nspeed ~ visual + ageyr\nx1 ~~ x4"
    table = Model.parse(text).partable(group_labels=("Pasteur", "Grant-White"), group_equal="loadings")
    names = table.variables.ov
    groups = [rows(names, HS[HS["school"] == school]) for school in table.group_labels]
    cov, mean = (np.array(found) for found in zip(*map(moments_of, groups), strict=True))
    table = table.with_exogenous(cov, mean)
    problem = Problem.of(table, cov)
    inside = GroupMoments.of(cov, mean, [len(group) for group in groups]).scaled(problem.units.items)
    weight = np.array([np.linalg.pinv(gamma(group / problem.units.items, True)) for group in groups])
    incomplete = [rows(names, HOLES[HOLES["school"] == school]) for school in table.group_labels]
    patterns = [Patterns.of(group).scaled(problem.units.items) for group in incomplete]
    noise = 0.05 * np.random.default_rng(0).normal(size=problem.parameters)
    theta = start_values(table, cov, mean) / problem.factors + noise
    made: dict[str, Objective] = {
        "ML": MaximumLikelihood(problem, inside),
        "GLS": FixedWeight(problem, inside, np.linalg.inv(inside.cov)),
        "ULS": LeastSquares(problem, inside, np.ones((1, 2, weight.shape[-1]))),
        "WLS": LeastSquares(problem, inside, weight[None]),
        "FIML": FullInformation(problem, patterns, inside.cov, inside.mean),
    }
    return {name: (objective, theta) for name, objective in made.items()}


@pytest.mark.parametrize("kind", ["ML", "GLS", "ULS", "WLS", "FIML"])
def test_gradient_and_observed_hessian_equal_finite_differences(kind):
    objective, theta = objectives()[kind]
    step = 1e-5
    points = np.concatenate([theta + step * np.eye(len(theta)), theta - step * np.eye(len(theta))])
    one = np.zeros(1, dtype=int)
    values, slopes = [], []
    for point in points:
        value, parts = objective.value(point[None], one)
        values.append(value[0])
        slopes.append(objective.gradient(parts, one)[0])
    half = len(theta)
    slope = objective.gradient(objective.value(theta[None], one)[1], one)[0]
    numeric = (np.array(values[:half]) - np.array(values[half:])) / (2 * step)
    np.testing.assert_allclose(slope, numeric, atol=1e-7 * (1 + np.abs(slope).max()))
    bend = (np.array(slopes[:half]) - np.array(slopes[half:])) / (2 * step)
    hessian = objective.hessian(theta)
    np.testing.assert_allclose(hessian, bend, atol=1e-7 * (1 + np.abs(hessian).max()))


def test_the_expected_hessian_is_the_observed_one_where_the_model_fits_exactly():
    table = Model.parse(THREE).partable(meanstructure=True)
    cov, mean = moments_of(rows(table.variables.ov))
    problem = Problem.of(table, cov)
    theta = start_values(table, cov, mean) / problem.factors
    filled = MaximumLikelihood(problem, GroupMoments.of(cov, mean, 301).scaled(problem.units.items)).filler
    implied = filled.implied(theta[None])
    exact = MaximumLikelihood(problem, GroupMoments.of(implied.sigma[0], implied.mu[0], 301))
    one = np.zeros(1, dtype=int)
    metric = exact.metric(exact.value(theta[None], one)[1], one)[0]
    np.testing.assert_allclose(exact.hessian(theta), metric, atol=1e-10)


# ---- what must not matter


def test_a_column_in_millions_changes_units_and_nothing_else():
    plain = solve(THREE, meanstructure=True)
    data = HS.assign(x2=HS["x2"] * 1e6 + 5e9, x5=HS["x5"] * 1e-6)
    scaled = solve(THREE, data, meanstructure=True)
    assert scaled.chisq == pytest.approx(plain.chisq, abs=1e-7)
    loadings = [plain.table.names.index(name) for name in ("visual=~x2", "textual=~x5", "speed=~x8")]
    np.testing.assert_allclose((scaled.theta / plain.theta)[loadings], [1e6, 1e-6, 1], rtol=1e-6)
    np.testing.assert_allclose(
        (scaled.theta / np.sqrt(np.diag(scaled.vcov)))[loadings],
        (plain.theta / np.sqrt(np.diag(plain.vcov)))[loadings],
        rtol=1e-6,
    )


def test_growth_of_incomes_in_dong_is_fitted_like_growth_of_scores():
    text = "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4"
    data = pd.read_csv(DATA / "engine_dg.csv")[["t1", "t2", "t3", "t4"]]
    # lavaan's chi-square of this model, in the file that tests/test_engine_lavaan.py reads, is 8.06873
    assert solve(text, data * 1e7, kind="growth").chisq == pytest.approx(8.0687, abs=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        "speed =~ x9 + x7 + x8\nvisual =~ x3 + x1 + x2\ntextual =~ x6 + x5 + x4",
        "visual =~ NA*x1 + x2 + 1*x3\ntextual =~ NA*x4 + 2*x5 + x6\nspeed =~ x7 + x8 + x9",
        "visual =~ NA*x1 + a*x1 + b*x2 + c*x3\na + b + c == 3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9",
    ],
)
def test_the_order_of_indicators_and_the_way_the_scale_is_set_do_not_change_chi_square(text):
    assert solve(text).chisq == pytest.approx(solve(THREE).chisq, abs=1e-7)


def test_the_order_of_groups_does_not_matter():
    found = []
    for labels in (("Pasteur", "Grant-White"), ("Grant-White", "Pasteur")):
        table = Model.parse(THREE).partable(group_labels=labels, group_equal=("loadings", "intercepts"))
        groups = [rows(table.variables.ov, HS[HS["school"] == label]) for label in labels]
        found.append(estimate(table, Sample.of_values(groups, table.variables.ov)).chisq)
    assert found[0] == pytest.approx(found[1], abs=1e-7)


def test_moments_are_enough_for_maximum_likelihood():
    table = Model.parse(THREE).partable()
    cov, _ = moments_of(rows(table.variables.ov))
    fitted = estimate(table, Sample.of_moments(cov, 301, table.variables.ov))
    np.testing.assert_allclose(fitted.theta, solve(THREE).theta, rtol=1e-9)
    with pytest.raises(ModelError, match="needs the answers"):
        estimate(table, Sample.of_moments(cov, 301, table.variables.ov), Request("MLR"))


# ---- many samples at once


def full_sample(text, **options) -> tuple[Problem, Solution, np.ndarray]:
    table = Model.parse(text).partable(HS.columns, **options)
    values = rows(table.variables.ov)
    cov, mean = moments_of(values)
    problem = Problem.of(table.with_exogenous(cov, mean), cov)
    return problem, fit(problem, GroupMoments.of(cov, mean, len(values))), values


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (THREE, {}),
        (THREE + "\nvisual ~ ageyr + sex\nx1 ~~ x9", {"meanstructure": True}),
        ("x9 ~ x1 + x5\nx5 ~ x1 + sex", {}),
        ("visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + b*x5 + c*x6\nb + 2*c == 3", {}),
    ],
)
def test_samples_fitted_together_end_where_each_ends_alone(text, options):
    problem, warm, values = full_sample(text, **options)
    _, cov, mean = resamples(values, 70)
    together = fit(problem, GroupMoments.of(cov, mean, len(values)), warm=warm)
    assert together.converged.all()
    errors = np.sqrt(np.diag(np.linalg.inv(np.linalg.inv(warm.inverse_metric) * len(values) / 2)))
    for one in (0, 33, 69):
        table = Model.parse(text).partable(HS.columns, **options).with_exogenous(cov[one], mean[one])
        own = Problem.of(table, cov[one])
        alone = fit(own, GroupMoments.of(cov[one], mean[one], len(values)))
        difference = problem.reduced((together.theta[one] - alone.theta[0]) / problem.factors + problem.offset)
        assert np.abs(difference / errors).max() < 1e-4
        assert together.discrepancy[one] == pytest.approx(alone.discrepancy[0], abs=1e-10)


def test_each_sample_keeps_its_own_moments_of_fixed_covariates():
    problem, warm, values = full_sample(THREE + "\nvisual ~ ageyr + sex")
    _, cov, mean = resamples(values, 5)
    together = fit(problem, GroupMoments.of(cov, mean, len(values)), warm=warm)
    covariates = [problem.places.observed.index(name) for name in ("ageyr", "sex")]
    at = np.ix_(range(5), covariates, covariates)
    np.testing.assert_allclose(together.cov[:, 0][at], cov[at], rtol=1e-9)


def test_the_answer_does_not_depend_on_the_number_of_workers():
    problem, warm, values = full_sample(THREE)
    _, cov, mean = resamples(values, 150)
    samples = GroupMoments.of(cov, mean, len(values))
    one = fit(problem, samples, warm=warm)
    two = fit(problem, samples, warm=warm, options=Options(workers=2))
    np.testing.assert_array_equal(one.theta, two.theta)


def test_a_sample_without_an_inverse_gets_a_status_and_disturbs_no_other():
    problem, warm, values = full_sample(THREE)
    _, cov, mean = resamples(values, 6)
    broken = cov.copy()
    broken[2] = np.outer(cov[2, 0], cov[2, 0])
    broken[4] = np.nan
    found = fit(problem, GroupMoments.of(broken, mean, len(values)), warm=warm)
    expected = fit(problem, GroupMoments.of(cov, mean, len(values)), warm=warm)
    assert found.status.tolist() == [0, 0, Status.NOT_POSITIVE_DEFINITE, 0, Status.NOT_POSITIVE_DEFINITE, 0]
    others = [0, 1, 3, 5]
    np.testing.assert_allclose(found.theta[others], expected.theta[others], rtol=1e-8)


def test_improper_samples_are_counted_and_stay_unconstrained():
    small = HS[HS["school"] == "Pasteur"].head(60)
    table = Model.parse(THREE).partable()
    values = rows(table.variables.ov, small)
    problem = Problem.of(table, moments_of(values)[0])
    warm = fit(problem, GroupMoments.of(*moments_of(values), len(values)))
    _, cov, mean = resamples(values, 30)
    found = fit(problem, GroupMoments.of(cov, mean, len(values)), warm=warm)
    variances = [
        free - 1 for lhs, op, rhs, free in zip(table.lhs, table.op, table.rhs, table.free, strict=True) if lhs == rhs
    ]
    negative = (found.theta[:, variances] < 0).any(axis=1)
    assert negative[found.converged].any()
    assert found.improper[found.converged & negative].all()
    assert not found.improper[~found.converged].any()


def test_resampled_incomplete_rows_are_fitted_as_if_they_were_repeated():
    text = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
    table = Model.parse(text).partable(meanstructure=True)
    values = rows(table.variables.ov, HOLES)
    full = solve(text, HOLES, Request(missing="fiml"), meanstructure=True)
    patterns = Patterns.of(values)
    counts = np.random.default_rng(1).multinomial(patterns.rows, np.full(patterns.rows, 1 / patterns.rows), size=3)
    problem = full.solution.problem
    moments = GroupMoments.of(np.tile(full.sample_cov, (3, 1, 1)), np.tile(full.sample_mean, (3, 1)), patterns.rows)
    found = fit_missing(problem, [patterns.resampled(counts.astype(float))], moments, full.solution)
    repeated = np.repeat(patterns.values, counts[1], axis=0)
    alone = estimate(table, Sample.of_values(repeated, table.variables.ov), Request(missing="fiml"))
    assert found.converged.all()
    difference = np.abs(found.theta[1] - alone.theta) / np.sqrt(np.diag(alone.vcov))
    assert difference.max() < 1e-4
