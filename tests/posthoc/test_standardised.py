"""Standardised solutions, their standard errors and R-squared against lavaan's, at lavaan's own estimates."""

import numpy as np
import pandas as pd
import pytest

from cxlab.errors import CxlabError
from cxlab.evaluate.fitted import Fitted, exogenous_rows
from cxlab.evaluate.standardised import (
    KINDS,
    explained_names,
    explained_values,
    standardised_jacobian,
    standardised_table,
    standardised_values,
)
from cxlab.specify import Model

CASES = (
    *("cfa", "cfa_means", "std_lv", "configural", "scalar", "metric_std_lv", "second_order", "democracy"),
    *("democracy_means", "ecsi", "mediation", "mediation_means", "mimic", "mimic_means", "mimic_groups", "chain"),
    *("gls", "uls", "fiml"),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*CASES, "loop"])
def test_standardised_solutions_equal_lavaans(case, values, name, kind):
    lavaan = pd.DataFrame(case(name).lavaan["std"][kind])
    lavaan = lavaan[~lavaan["op"].isin(["==", "<", ">"])].reset_index(drop=True)
    found = standardised_table(case(name).fitted, kind)
    assert found["lhs"].tolist() == lavaan["lhs"].tolist()
    assert found["rhs"].tolist() == lavaan["rhs"].tolist()
    np.testing.assert_allclose(found["est_std"], values(lavaan["est.std"]), rtol=1e-8, atol=1e-9)
    # the model with a loop has a nearly singular vcov, in which lavaan's numerical derivatives lose digits
    rtol, atol = (2e-5, 2e-5) if name == "loop" else (1e-6, 1e-7)
    for mine, theirs in {"se": "se", "z": "z", "ci_lower": "ci.lower", "ci_upper": "ci.upper"}.items():
        np.testing.assert_allclose(found[mine], values(lavaan[theirs]), rtol=rtol, atol=atol, err_msg=mine)
    np.testing.assert_allclose(found["pvalue"], values(lavaan["pvalue"]), rtol=1e-3, atol=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_r_squared_equals_lavaans_in_every_group(case, values, name):
    fitted, lavaan = case(name).fitted, case(name).lavaan["r2"]
    found = explained_values(fitted.table, fitted.theta)
    for group, theirs in enumerate(lavaan):
        assert list(theirs) == list(explained_names(fitted.table))
        np.testing.assert_allclose(found[group], values(list(theirs.values())), rtol=1e-8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["scalar", "second_order", "democracy_means", "mimic_groups", "chain", "loop"])
def test_derivatives_equal_central_differences(case, name, kind):
    fitted, step = case(name).fitted, 1e-5
    ways = np.eye(len(fitted.theta)) * step
    up, down = (standardised_values(fitted.table, fitted.theta + sign * ways, kind) for sign in (1, -1))
    numerical = ((up - down) / (2 * step)).T
    defined = fitted.table.is_parameter | np.array([op == ":=" for op in fitted.table.op])
    np.testing.assert_allclose(
        standardised_jacobian(fitted, kind)[defined], numerical[defined], rtol=1e-6, atol=1e-7, equal_nan=True
    )


def test_many_replicates_at_once_equal_one_after_the_other(case):
    fitted = case("mimic_groups").fitted
    random = np.random.default_rng(5)
    theta = fitted.theta * random.uniform(0.9, 1.1, (4, len(fitted.theta)))
    for kind in KINDS:
        together = standardised_values(fitted.table, theta, kind)
        alone = np.array([standardised_values(fitted.table, one, kind) for one in theta])
        np.testing.assert_allclose(together, alone, rtol=1e-13)
    assert explained_values(fitted.table, theta).shape == (4, 2, len(explained_names(fitted.table)))


def test_each_replicate_can_bring_its_own_covariates(case):
    fitted = case("mimic").fitted
    table, unfilled = fitted.table, Model.parse(case("mimic").lavaan["text"]).partable()
    cov = np.array([fitted.cov, 1.3 * fitted.cov])
    together = standardised_values(unfilled, np.tile(fitted.theta, (2, 1)), fixed=exogenous_rows(unfilled, cov))
    for one in range(2):
        filled = unfilled.with_exogenous(cov[one])
        np.testing.assert_allclose(together[one], standardised_values(filled, fitted.theta), rtol=1e-13)
    np.testing.assert_allclose(together[0], standardised_values(table, fitted.theta), rtol=1e-13)


def test_an_observed_variable_between_covariates_and_others_keeps_its_place_without_covariates():
    # z only covaries: the covariates stand before it among the observed variables
    table = Model.parse("f =~ a + b + c; f ~ x; a ~~ z").partable()
    assert table.variables.ov == ("a", "b", "c", "x", "z")
    values = {"f=~b": 0.8, "f=~c": 1.2, "f~x": 0.5, "a~~z": 0.2, "z~~z": 4.0}
    theta = np.array([values.get(name, 0.7) for name in table.names])
    cov = np.eye(5)
    cov[3, 3] = 9.0
    fitted = Fitted.of(table, theta, cov, 100)
    found = standardised_table(fitted, "std_nox").set_index(["lhs", "op", "rhs"])["est_std"]
    disturbance = 0.7
    spread = np.sqrt(0.25 * 9 + disturbance)
    assert found["f", "~", "x"] == pytest.approx(0.5 / spread)
    assert found["x", "~~", "x"] == pytest.approx(9.0)
    assert found["z", "~~", "z"] == pytest.approx(1.0)


def test_a_negative_residual_variance_gives_no_r_squared():
    table = Model.parse("f =~ a + b + c").partable()
    theta = np.array([1.0, 1.0, -0.2, 0.5, 0.5, 1.0])
    found = explained_values(table, theta)[0]
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(1 / 1.5)


def test_an_unknown_kind_is_refused_with_the_kinds(case):
    with pytest.raises(CxlabError, match="std_all, std_lv, std_nox"):
        standardised_table(case("cfa").fitted, "std_everything")
