"""Models and data that have no answer, or hardly: each is named, none hangs, none is called converged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxlab.errors import CxlabError, DataError, EstimationError, IdentificationError
from cxlab.estimate.sem.engine import Estimation, estimate
from cxlab.estimate.sem.fiml import FullInformation
from cxlab.estimate.sem.fitting import Options
from cxlab.estimate.sem.objective import GroupMoments
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.estimate.sem.saturated import saturated_moments
from cxlab.estimate.sem.solver import Control, Status
from cxlab.i18n import tr
from cxlab.specify import Model

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


@pytest.mark.parametrize(
    ("text", "key", "named"),
    [
        ("f =~ x1 + x2", "engine.negative_df", "4"),
        ("f =~ NA*x1 + x2 + x3 + x4", "engine.not_identified", "f=~x1"),
        ("f =~ x1 + x2\ng =~ x4 + x5 + x6\nf ~~ 0*g", "engine.not_identified", "f=~x2"),
        ("f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nf ~ g\ng ~ f", "engine.not_identified", "f~g"),
    ],
)
def test_a_model_that_is_not_identified_names_its_parameters(text, key, named):
    with pytest.raises(IdentificationError) as caught:
        solve(text)
    assert caught.value.key == key
    assert named in str(caught.value)


def test_paths_in_a_circle_are_fitted_where_they_are_identified():
    circle = THREE + "\nvisual ~ textual\ntextual ~ speed\nspeed ~ visual"
    # as many paths as covariances between the factors: the same fit
    assert solve(circle).chisq == pytest.approx(solve(THREE).chisq, abs=1e-7)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"x9": HS["x7"] + HS["x8"]}, "sem.collinear_items"),
        ({"x9": 5 - 2 * HS["x7"]}, "sem.duplicate_items"),
        ({"x9": 3.0}, "sem.constant_items"),
        ({"x9": 1e6}, "sem.constant_items"),
    ],
)
def test_unusable_items_are_named(change, key):
    with pytest.raises(DataError) as caught:
        solve(THREE, HS.assign(**change))
    assert caught.value.key == key
    assert "x9" in str(caught.value)


def test_a_published_matrix_that_nobody_can_have_produced_is_refused():
    cov = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    with pytest.raises(DataError, match="not positive definite"):
        estimate(Model.parse("f =~ a + b + c").partable(), Sample.of_moments(cov, 100, ("a", "b", "c")))


@pytest.mark.parametrize(
    ("rows_of", "request_", "options", "key"),
    [
        (lambda x: x[:8], Request(), {}, "sem.too_few_rows"),
        (lambda x: [x, x[:0]], Request(), {"n_groups": 2}, "engine.empty_group_numbered"),
        (lambda x: [x, x[:0]], Request(), {}, "engine.empty_group_numbered"),
        (lambda x: [x[:150], x[150:]], Request(), {}, "engine.groups"),
        (lambda x: x[:40], Request("WLS"), {}, "engine.wls_rows"),
        (lambda x: x, Request("WLS", missing="fiml"), {"meanstructure": True}, "engine.fiml_needs_ml"),
        (lambda x: x, Request("MLM", missing="fiml"), {"meanstructure": True}, "engine.fiml_needs_ml"),
        (lambda x: x, Request(missing="fiml"), {}, "engine.fiml_needs_means"),
        (lambda x: x, Request("GLS", se="robust.sem"), {}, "engine.robust_needs_ml"),
        (lambda x: x, Request("DWLS"), {}, "ordinal.estimator_needs_ordered"),
        (
            lambda x: np.where([True] + [False] * 8, np.nan, x),
            Request(missing="fiml"),
            {"meanstructure": True},
            "engine.never_observed",
        ),
        (lambda x: x * np.nan, Request(missing="fiml"), {"meanstructure": True}, "engine.empty_group"),
    ],
)
def test_data_and_settings_that_do_not_go_together_are_refused(rows_of, request_, options, key):
    table = Model.parse(THREE).partable(**options)
    with pytest.raises(CxlabError) as caught:
        estimate(table, Sample.of_values(rows_of(rows(ITEMS)), ITEMS), request_)
    assert caught.value.key == key


def test_binary_items_have_no_wls_weight():
    # the variance of an item with two answers follows from its mean
    values = np.column_stack([rows(["x1", "x2", "x3"]), HS["sex"]])
    table = Model.parse("f =~ a + b + c + d").partable(meanstructure=True)
    with pytest.raises(DataError) as caught:
        estimate(table, Sample.of_values(values, "abcd"), Request("WLS"))
    assert caught.value.key == "engine.wls_singular"


def test_items_that_nobody_answered_together_are_a_serious_notice():
    data = HS[ITEMS].copy()
    data.loc[:150, "x1"] = np.nan
    data.loc[151:, "x2"] = np.nan
    fitted = solve(THREE, data, Request(missing="fiml"), meanstructure=True)
    assert fitted.notices[0].key == "engine.never_together"
    assert "x1 – x2" in str(fitted.notices[0])


@pytest.mark.parametrize(
    ("control", "status"),
    [
        (Control(iterations=2), Status.ITERATION_LIMIT),
        (Control(seconds=0.0), Status.TIME_LIMIT),
    ],
)
def test_limits_hold_and_are_never_called_convergence(control, status):
    fitted = solve(THREE, request=Request(options=Options(control=control)))
    assert fitted.solution.status[0] == status
    assert not fitted.converged
    assert np.isnan(fitted.chisq)
    assert np.isnan(fitted.vcov).all()
    assert "NOT CONVERGED" in str(fitted.notices[0])


def test_a_sample_too_small_for_its_model_ends_in_time_without_an_answer():
    # with ten rows of nine items the likelihood rises for ever: lavaan does not converge either
    fitted = solve(THREE, HS.head(10), Request(options=Options(control=Control(iterations=60))))
    assert not fitted.converged


def test_a_model_without_any_possible_point_says_so():
    with pytest.raises(EstimationError) as caught:
        solve("visual =~ x1 + x2 + x3 + x4\nx1 ~~ -50*x1")
    assert caught.value.key == "engine.no_start"


def test_constraints_that_cannot_hold_together_are_not_convergence():
    fitted = solve("visual =~ x1 + a*x2 + b*x3\na > 2\na < 1")
    assert fitted.solution.status[0] == Status.STUCK


def test_a_constraint_that_does_not_bind_changes_nothing():
    free = solve("visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + x5 + x6")
    bound = solve("visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + x5 + x6\na > 0.01\nb < 9")
    np.testing.assert_allclose(bound.theta, free.theta, rtol=1e-5)
    np.testing.assert_allclose(bound.vcov, free.vcov, rtol=1e-4, atol=1e-8)


def test_bad_start_values_do_not_end_elsewhere():
    text = "visual =~ x1 + start(-50)*x2 + start(80)*x3\ntextual =~ x4 + start(1000)*x5 + x6"
    plain = solve("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6")
    assert solve(text).chisq == pytest.approx(plain.chisq, abs=1e-7)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_status_has_words(lang):
    for status in Status:
        text = tr(f"engine.status_{status.name.lower()}", lang, iterations=3, distance="0.1")
        assert not text.startswith("engine.")


# ---- incomplete rows


def test_em_of_complete_rows_gives_their_moments():
    found = saturated_moments(Patterns.of(rows(ITEMS)))
    mean = rows(ITEMS).mean(axis=0)
    cov = np.cov(rows(ITEMS).T, bias=True)
    np.testing.assert_allclose(found.cov, cov, rtol=1e-9)
    np.testing.assert_allclose(found.mean, mean, rtol=1e-12)
    assert found.converged


def test_em_ends_where_the_likelihood_is_flat():
    patterns = Patterns.of(rows(ITEMS, HOLES))
    found = saturated_moments(patterns)
    table = Model.parse("\n".join(f"{a} ~~ {b}" for i, a in enumerate(ITEMS) for b in ITEMS[i:])).partable(
        meanstructure=True
    )
    problem = Problem.of(table, found.cov)
    items = problem.units.items
    moments = GroupMoments.of(found.cov, found.mean, patterns.rows).scaled(items)
    objective = FullInformation(problem, [patterns.scaled(items)], moments.cov, moments.mean)
    theta = np.zeros(problem.parameters)
    for row in np.flatnonzero(table.free):
        lhs, rhs = ITEMS.index(table.lhs[row]), ITEMS.index(table.rhs[row] or table.lhs[row])
        theta[table.free[row] - 1] = found.mean[lhs] if table.op[row] == "~1" else found.cov[lhs, rhs]
    assert table.variables.ov == tuple(ITEMS)
    one = np.zeros(1, dtype=int)
    slope = objective.gradient(objective.value((theta / problem.factors)[None], one)[1], one)
    assert np.abs(slope).max() < 1e-7


def test_rows_without_any_answer_count_for_nothing():
    data = pd.concat([HOLES[ITEMS], pd.DataFrame(np.nan, index=range(5), columns=ITEMS)])
    request = Request(missing="fiml", baseline=False)
    padded = solve(THREE, data, request, meanstructure=True)
    plain = solve(THREE, HOLES[ITEMS], request, meanstructure=True)
    assert padded.logl == pytest.approx(plain.logl, abs=1e-8)
    assert padded.n_obs.tolist() == plain.n_obs.tolist()
