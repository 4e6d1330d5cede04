"""Models of ordinal items against lavaan (tests/oracles/r/ordinal_sem.R): parameter tables, estimates, tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.errors import DataError, IdentificationError, ModelError, ModelSyntaxError
from cxlab.estimate.polychoric import ordinal_moments
from cxlab.estimate.polychoric.thresholds import categories
from cxlab.estimate.sem.engine import Estimation, estimate
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.specify import Model, ParTable

ORACLE = json.loads((Path(__file__).parent / "oracles" / "ordinal_sem.json").read_text(encoding="utf-8"))
BOTH = ("loadings", "thresholds")
# Name in the oracle: model text, estimator, options of the parameter table.
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "one_wlsmv": ("one", "WLSMV", {}),
    "two_wlsmv": ("two", "WLSMV", {}),
    "two_dwls": ("two", "DWLS", {}),
    "two_wlsm": ("two", "WLSM", {}),
    "two_wlsmvs": ("two", "WLSMVS", {}),
    "two_ulsmv": ("two", "ULSMV", {}),
    "two_wls": ("two", "WLS", {}),
    "two_theta": ("two", "WLSMV", {"parameterization": "theta"}),
    "two_stdlv": ("two", "WLSMV", {"std_lv": True}),
    "path_mixed": ("path", "WLSMV", {}),
    "path_mixed_theta": ("path", "WLSMV", {"parameterization": "theta"}),
    "three_seven": ("three", "WLSMV", {}),
    "second_seven": ("second", "WLSMV", {}),
    "tied": ("tied", "WLSMV", {}),
    "outcome": ("outcome", "WLSMV", {}),
    "groups_configural": ("two", "WLSMV", {"n_groups": 2}),
    "groups_loadings": ("two", "WLSMV", {"n_groups": 2, "group_equal": "loadings"}),
    "groups_thresholds": ("two", "WLSMV", {"n_groups": 2, "group_equal": BOTH}),
    "groups_theta": ("two", "WLSMV", {"n_groups": 2, "group_equal": BOTH, "parameterization": "theta"}),
    "groups_strict": (
        "two",
        "WLSMV",
        {"n_groups": 2, "group_equal": (*BOTH, "residuals"), "parameterization": "theta"},
    ),
    "groups_mixed": ("path", "WLSMV", {"n_groups": 2, "group_equal": ("loadings", "intercepts")}),
}


def data_of(case: str) -> pd.DataFrame:
    return pd.DataFrame(ORACLE["reputation" if case.endswith("seven") else "data"])


def table_of(case: str) -> ParTable:
    text, _, options = CASES[case]
    data = data_of(case)
    ordered = {name: data[name].nunique() - 1 for name in data if not name.startswith(("m", "school"))}
    return Model.parse(ORACLE["texts"][text]).partable(ordered=ordered, **options)


def fitted(case: str) -> Estimation:
    table, data = table_of(case), data_of(case)
    names = list(table.variables.ov)
    flags = [name in table.ordered for name in names]
    values = data[names].to_numpy(dtype=float, copy=True)
    values[:, flags] = categories(values[:, flags])[0]
    parts = [values] if table.n_groups == 1 else [values[data["school"] == school] for school in ("A", "B")]
    moments = [ordinal_moments(part, flags) for part in parts]
    theta = CASES[case][2].get("parameterization") == "theta"
    return estimate(table, Sample.of_ordinal(moments, names, theta=theta), Request(estimator=CASES[case][1]))


def numbers(column: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in column], dtype=float)


@pytest.mark.parametrize("case", CASES)
def test_the_parameter_table_is_lavaans_row_by_row(case: str) -> None:
    table, oracle = table_of(case), ORACLE["fits"][case]["table"]
    for name in ("lhs", "op", "rhs", "user", "group", "free", "label"):
        assert list(getattr(table, name)) == oracle[name], name
    np.testing.assert_allclose(table.ustart, numbers(oracle["ustart"]))
    assert table.df == ORACLE["fits"][case]["fit"]["df"]


@pytest.mark.parametrize("case", CASES)
def test_estimates_and_tests_are_lavaans(case: str) -> None:
    found, oracle = fitted(case), ORACLE["fits"][case]
    rows = found.table.is_parameter
    se = numbers(oracle["se"])[rows]
    # lavaan's own search ends within 1e-4 standard errors of the optimum where many parameters are tied.
    unit = np.where(se > 0, se, 1.0)
    assert np.nanmax(np.abs(found.values[rows] - numbers(oracle["est"])[rows]) / unit) < 1e-4
    assert np.nanmax(np.abs(found.se[rows] - se) / unit) < 2e-5
    fit = oracle["fit"]
    assert found.converged
    assert found.chisq == pytest.approx(fit["chisq"], abs=1e-4)
    assert found.baseline is not None
    assert found.baseline.chisq == pytest.approx(fit["baseline.chisq"], rel=1e-6)
    if found.scaled is not None:
        assert found.baseline.scaled is not None
        assert found.scaled.chisq == pytest.approx(fit["chisq.scaled"], abs=1e-4)
        assert found.scaled.df == pytest.approx(fit["df.scaled"], abs=1e-4)
        assert found.scaled.scaling_factor == pytest.approx(fit["chisq.scaling.factor"], abs=1e-6)
        assert found.baseline.scaled.chisq == pytest.approx(fit["baseline.chisq.scaled"], rel=1e-6)


def test_derivatives_are_those_of_the_function() -> None:
    from cxlab.estimate.sem.ordinal_evidence import collect_ordinal
    from cxlab.estimate.sem.request import settled

    for case in ("groups_mixed", "groups_theta"):
        table, data = table_of(case), data_of(case)
        names = list(table.variables.ov)
        flags = [name in table.ordered for name in names]
        values = data[names].to_numpy(dtype=float, copy=True)
        values[:, flags] = categories(values[:, flags])[0]
        moments = [ordinal_moments(values[data["school"] == school], flags) for school in ("A", "B")]
        sample = Sample.of_ordinal(moments, names, theta=case == "groups_theta")
        evidence = collect_ordinal(table, sample, settled(Request(estimator="WLSMV"), table, sample))
        rng, row = np.random.default_rng(4), np.zeros(1, dtype=int)
        theta = evidence.theta + 0.05 * rng.normal(size=len(evidence.theta))
        objective = evidence.ordinal_objective
        ours = objective.gradient(objective.value(theta[None], row)[1], row)[0]
        step = 1e-6 * np.eye(len(theta))
        up, down = (
            np.array([objective.value((theta + sign * one)[None], row)[0][0] for one in step]) for sign in (1, -1)
        )
        np.testing.assert_allclose(ours, (up - down) / 2e-6, atol=2e-6)


def test_lines_on_thresholds_must_be_about_ordinal_items() -> None:
    model = Model.parse("F =~ a1 + a2 + a3\na1 | t1 + t2")
    with pytest.raises(ModelSyntaxError) as caught:
        model.partable(ordered={"a2": 2, "a3": 2})
    assert caught.value.key == "specify.not_ordered"
    with pytest.raises(ModelSyntaxError) as caught:
        model.partable(ordered={"a1": 1, "a2": 2, "a3": 2})
    assert caught.value.key == "specify.too_many_thresholds"


def test_estimators_of_ordinal_and_of_numeric_items_are_told_apart() -> None:
    table, sample = Model.parse("f =~ a + b + c").partable(), Sample.of_moments(np.eye(3), 100, "abc")
    with pytest.raises(ModelError) as caught:
        estimate(table, sample, Request(estimator="WLSMV"))
    assert caught.value.key == "ordinal.estimator_needs_ordered"


def test_a_residual_variance_that_cannot_be_estimated_is_named() -> None:
    text = "F =~ a1 + a2 + a3 + a4\na1 ~~ a1"
    data = data_of("one_wlsmv")
    names = ["a1", "a2", "a3", "a4"]
    table = Model.parse(text).partable(ordered={name: data[name].nunique() - 1 for name in names})
    moments = ordinal_moments(categories(data[names].to_numpy(dtype=float))[0], [True] * 4)
    with pytest.raises(IdentificationError, match="a1~~a1"):
        estimate(table, Sample.of_ordinal([moments], names), Request(estimator="WLSMV"))


def test_a_weight_matrix_without_inverse_is_refused_by_wls() -> None:
    rng = np.random.default_rng(1)
    names = [f"q{k}" for k in range(6)]
    codes = (rng.normal(size=(15, 6)) > 0).astype(float)
    moments = ordinal_moments(codes, [True] * 6)
    table = Model.parse("f =~ " + " + ".join(names)).partable(ordered=dict.fromkeys(names, 1))
    with pytest.raises(DataError) as caught:
        estimate(table, Sample.of_ordinal([moments], names), Request(estimator="WLS"))
    assert caught.value.key == "ordinal.wls_singular"
