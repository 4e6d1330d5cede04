"""The parameter table against lavaan 0.6-14, row by row: tests/oracles/r/partable.R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxlab.specify import Model, ParTable, matrices, start_values

ORACLE = json.loads((Path(__file__).parent / "oracles" / "partable.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = ORACLE["cases"]
SETS = sorted(next(iter(CASES.values()))["names"])
TEXTS = ("lhs", "op", "rhs", "label", "plabel")
NUMBERS = ("id", "user", "block", "group", "free", "ustart", "exo")


def _tuple(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _partable(case: dict[str, Any]) -> ParTable:
    names = {name.replace(".", "_"): value for name, value in dict(case["args"]).items() if name != "group"}
    names |= {name: _tuple(names[name]) for name in ("group_equal", "group_partial") if name in names}
    groups = case["group_labels"] if "group" in case["args"] else ()
    return Model.parse(case["text"]).partable(kind=case["fun"], group_labels=groups, **names)


def _numbers(values: Any) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


@pytest.mark.parametrize("name", CASES)
def test_rows_equal_lavaans_in_lavaans_order(name: str) -> None:
    table, expected = _partable(CASES[name]), CASES[name]["table"]
    for column in TEXTS:
        assert list(getattr(table, column)) == expected[column], column
    for column in NUMBERS:
        np.testing.assert_array_equal(
            np.asarray(getattr(table, column), dtype=float), _numbers(expected[column]), column
        )


@pytest.mark.parametrize("name", CASES)
def test_degrees_of_freedom_and_names_equal_lavaans(name: str) -> None:
    table = _partable(CASES[name])
    assert table.df == CASES[name]["df"]
    # where lavaan's coef() shows the plabel of an equality it made itself, ours keeps the readable name
    expected = list(_tuple(CASES[name]["coef"]))
    assert [
        ours if lavaans.startswith(".p") else lavaans for ours, lavaans in zip(table.names, expected, strict=True)
    ] == list(table.names)


@pytest.mark.parametrize("name", CASES)
def test_variable_sets_equal_lavaans(name: str) -> None:
    sets = _partable(CASES[name]).variables
    expected = CASES[name]["names"]
    assert {kind: list(getattr(sets, kind.replace(".", "_"))) for kind in SETS} == expected


@pytest.mark.parametrize("name", CASES)
def test_matrices_give_lavaans_implied_moments_at_lavaans_estimates(name: str) -> None:
    case = CASES[name]
    table = _partable(case)
    covs, means = _moments(case)
    places = matrices(table.with_exogenous(covs, means))
    estimates = _numbers(case["table"]["est"])
    theta = estimates[table.free > 0]
    lambda_, beta, psi, residual, nu, alpha = places.assemble(theta)
    total = lambda_ @ np.linalg.inv(np.eye(len(places.latent)) - beta)
    cov = total @ psi @ total.swapaxes(-1, -2) + residual
    np.testing.assert_allclose(cov, _stacked(case["cov"]), rtol=1e-7, atol=1e-8)  # the file holds 12 digits
    if table.meanstructure:
        mean = nu + (total @ alpha[..., None])[..., 0]
        np.testing.assert_allclose(mean, _stacked(case["mean"]), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_start_values_are_finite_and_give_positive_variances(name: str) -> None:
    case = CASES[name]
    table = _partable(case)
    covs, means = _moments(case)
    theta = start_values(table, covs, means)
    assert np.isfinite(theta).all()
    variances = [
        theta[free - 1]
        for lhs, op, rhs, free in zip(table.lhs, table.op, table.rhs, table.free, strict=True)
        if op == "~~" and lhs == rhs and free
    ]
    assert min(variances, default=1.0) > 0


@pytest.mark.parametrize("name", ["cfa", "second_order", "mimic", "democracy", "groups_strict", "growth_covariates"])
def test_start_values_do_not_depend_on_units(name: str) -> None:
    case = CASES[name]
    table = _partable(case)
    covs, means = _moments(case)
    scale = np.linspace(0.001, 1e6, covs.shape[-1])
    plain, scaled = (
        _implied_at_start(table, c, m) for c, m in ((covs, means), (covs * np.outer(scale, scale), means * scale))
    )
    if not name.startswith("growth"):  # fixed loadings of 0, 1, 2, ... tie the scales of the items
        np.testing.assert_allclose(scaled / np.outer(scale, scale), plain, rtol=1e-8)


def _implied_at_start(table: ParTable, covs: np.ndarray, means: np.ndarray) -> np.ndarray:
    places = matrices(table.with_exogenous(covs, means))
    lambda_, beta, psi, residual, _, _ = places.assemble(start_values(table, covs, means))
    total = lambda_ @ np.linalg.inv(np.eye(len(places.latent)) - beta)
    return total @ psi @ total.swapaxes(-1, -2) + residual


def _stacked(groups: Any) -> np.ndarray:
    return np.array(list(groups.values()) if isinstance(groups, dict) else groups, dtype=float)


def _moments(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    covs = _stacked(case["sample_cov"])
    means = _stacked(case["sample_mean"])
    return covs, means if means.size else np.zeros(covs.shape[:-1])


def test_defined_quantities_and_their_delta_errors_equal_lavaans() -> None:
    expected = ORACLE["delta"]
    functions = _partable(CASES["mediation"]).functions
    theta = np.array(expected["theta"])
    jacobian = functions.defined_jacobian(theta)
    assert list(functions.defined_names) == expected["names"]
    np.testing.assert_allclose(functions.defined(theta), expected["est"], rtol=1e-8)
    errors = np.sqrt(np.diag(jacobian @ np.array(expected["vcov"]) @ jacobian.T))
    np.testing.assert_allclose(errors, expected["se"], rtol=1e-6)  # lavaan takes a numerical Jacobian


def test_functions_take_all_draws_at_once() -> None:
    functions = _partable(CASES["mediation"]).functions
    draws = np.random.default_rng(3).normal(size=(5, 2, functions.n_free))
    one_by_one = np.array([[functions.defined_jacobian(theta) for theta in row] for row in draws])
    np.testing.assert_allclose(functions.defined_jacobian(draws), one_by_one)
    assert functions.defined(draws).shape == (5, 2, 4)


def test_division_by_zero_in_a_definition_is_not_an_error_here() -> None:
    table = Model.parse("y ~ a*x + b*z\nratio := a/b").partable()
    theta = np.zeros((2, table.n_free))
    theta[0, 0] = 1.0
    values = table.functions.defined(theta)[:, 0]
    assert np.isinf(values[0])
    assert np.isnan(values[1])


def test_linear_and_other_constraints_are_told_apart() -> None:
    linear = Model.parse("y ~ a*x + b*z\na + 2*b == 3").partable().functions.linear_equalities()
    assert linear is not None
    np.testing.assert_allclose(linear[0][0, :2], [1, 2])
    np.testing.assert_allclose(linear[1], [3])
    table = Model.parse("y ~ a*x + b*z\na*b == 0.1\na > b").partable()
    assert table.functions.linear_equalities() is None
    theta = np.arange(1.0, table.n_free + 1)
    np.testing.assert_allclose(table.functions.inequalities(theta), [-1.0])
    np.testing.assert_allclose(table.functions.inequality_jacobian(theta)[0, :2], [1, -1])


def test_a_label_on_a_fixed_parameter_keeps_its_value_in_definitions() -> None:
    table = Model.parse("f =~ m*x1 + a*x2 + x3\nratio := a/m").partable()
    theta = np.full(table.n_free, 0.5)
    np.testing.assert_allclose(table.functions.defined(theta), [0.5])


def test_the_table_cannot_be_changed_and_shows_as_a_frame() -> None:
    table = Model.parse("f =~ x1 + x2 + x3").partable()
    with pytest.raises(ValueError, match="read-only"):
        table.free[0] = 9
    assert list(table.frame.columns[:4]) == ["id", "lhs", "op", "rhs"]
    assert repr(table).splitlines()[1].split() == ["1", "f", "=~", "x1", "1", "1", "1", "0", "1.0", "0", ".p1."]
    assert "<table" in table._repr_html_()
    assert table.equals(Model.parse("f=~x1+x2 +\n x3 # the same").partable())
    assert not table.equals(Model.parse("f=~x1+x2+x4").partable())


@pytest.mark.parametrize("written", ["f=~item two", "f =~ `item two`", "f=~itemtwo"])
def test_a_parameter_of_an_item_with_a_blank_can_be_released(written: str) -> None:
    model = Model.parse("f =~ `item one` + `item two` + `item three`")
    table = model.partable(n_groups=2, group_equal="loadings", group_partial=written)
    tied = [table.rhs[table.plabel.index(lhs)] for lhs, op in zip(table.lhs, table.op, strict=True) if op == "=="]
    assert tied == ["item three"]
