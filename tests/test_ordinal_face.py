"""`cx.sem(ordered=...)`: lavaan's fit measures and standardised solutions, and what a user is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError, DataError, ModelError, NotSupportedError
from tests.test_ordinal_sem import CASES, ORACLE, data_of, numbers

TWO = "F =~ a1 + a2 + a3 + a4\nG =~ b1 + b2 + b3 + b4"


def fit_of(case: str) -> Any:
    text, estimator, options = CASES[case]
    options = dict(options)
    if options.pop("n_groups", 1) == 2:
        options["group"] = "school"
    data = data_of(case)
    ordered = [name for name in data if not name.startswith(("m", "school"))]
    return cx.sem(ORACLE["texts"][text], data, ordered=ordered, estimator=estimator, **options)


@pytest.mark.parametrize("case", CASES)
def test_fit_measures_and_standardised_solutions_are_lavaans(case: str) -> None:
    fit, oracle = fit_of(case), ORACLE["fits"][case]
    measures = fit.fit_measures
    for name, value in oracle["fit"].items():
        own = name.replace(".", "_")
        # robust CFI and RMSEA of ordinal items are not offered
        if value is not None and own in measures and not own.endswith("_robust"):
            assert measures[own] == pytest.approx(value, abs=1e-4, rel=1e-4), name
    for kind, key in (("std_all", "std"), ("std_lv", "std_lv")):
        found = fit.standardized(kind)
        np.testing.assert_allclose(found["est_std"], numbers(oracle[key]["est.std"]), atol=2e-5)
        np.testing.assert_allclose(found["se"], numbers(oracle[key]["se"]), atol=2e-5)


def test_r_squared_is_lavaans() -> None:
    fit = fit_of("path_mixed")
    oracle = ORACLE["fits"]["path_mixed"]["r2"]
    assert {name: fit.r2[name] for name in oracle} == pytest.approx(oracle, abs=1e-5)


def test_ml_stands_for_wlsmv_and_true_for_all_items() -> None:
    data = data_of("two_wlsmv")
    fit = cx.cfa(TWO, data, ordered=True)
    assert fit.options.estimator == "WLSMV"
    assert fit.fit_measures["chisq"] == cx.cfa(TWO, data, ordered=list(data)[:8]).fit_measures["chisq"]
    assert "WLSMV" in fit.summary()
    assert "ordered = c(" in fit.to_lavaan()


def test_what_ordinal_items_do_not_have_is_refused_with_a_way_out() -> None:
    fit = cx.cfa(TWO, data_of("two_wlsmv"), ordered=True)
    for call, key in (
        (lambda: fit.bootstrap(10, seed=1), "ordinal.bootstrap"),
        (lambda: fit.factor_scores(), "ordinal.scores"),
        (lambda: fit.residual_summary(), "ordinal.residual_summary"),
    ):
        with pytest.raises(NotSupportedError) as caught:
            call()
        assert caught.value.key == key
    assert np.isnan(fit.fit_measures["aic"])
    assert "cfi_robust" not in fit.fit_measures or np.isnan(fit.fit_measures["cfi_robust"])


@pytest.mark.parametrize(
    ("model", "options", "error", "key"),
    [
        (TWO, {"ordered": True, "estimator": "MLR"}, ModelError, "ordinal.estimator"),
        (TWO, {"ordered": True, "missing": "fiml"}, ModelError, "ordinal.fiml"),
        (TWO, {"ordered": True, "engine": "semopy"}, NotSupportedError, "ordinal.semopy"),
        (TWO, {"ordered": True, "parameterization": "probit"}, ModelError, "sem.unknown_option"),
        (TWO, {"ordered": ["a9"]}, DataError, "analyses.unknown_columns"),
        (TWO, {"ordered": ["c1"]}, ModelError, "ordinal.none_in_model"),
        (TWO + "\nG ~ m1", {"ordered": ["a1"]}, NotSupportedError, "ordinal.covariates"),
        (TWO + "\nG ~ c1\nc1 ~~ c1", {"ordered": ["c1"]}, NotSupportedError, "ordinal.predictor"),
        ("F =~ a1 + a2 + a3\nG =~ b1\nG ~ F", {"ordered": True}, NotSupportedError, "ordinal.single_indicator"),
        ("F =~ m1 + m2 + a1", {"ordered": True}, DataError, "ordinal.many_categories"),
        (TWO, {"ordered": True, "information": "observed"}, ModelError, "ordinal.information"),
        ("F =~ a1 + b*a2 + a3 + a4\nb > 2", {"ordered": True}, ModelError, "ordinal.constraints"),
        ("F =~ a1 + b*a2 + c*a3 + a4\nb == c^2", {"ordered": True}, ModelError, "ordinal.constraints"),
    ],
)
def test_bad_input_is_named(model: str, options: dict[str, Any], error: type[CxlabError], key: str) -> None:
    with pytest.raises(error) as caught:
        cx.sem(model, data_of("two_wlsmv"), **options)
    assert caught.value.key == key


def test_a_category_that_one_group_does_not_use_is_named() -> None:
    data = data_of("two_wlsmv").copy()
    data.loc[(data["school"] == "B") & (data["a1"] == 5), "a1"] = 4
    with pytest.raises(DataError) as caught:
        cx.cfa(TWO, data, ordered=True, group="school")
    assert caught.value.key == "ordinal.group_category"
    assert (caught.value.values["item"], caught.value.values["group"]) == ("a1", "B")


def test_published_moments_cannot_be_ordinal() -> None:
    moments = cx.Moments(np.eye(3), 100, names=["x", "y", "z"])
    with pytest.raises(NotSupportedError) as caught:
        cx.cfa("f =~ x + y + z", moments, ordered=True)
    assert caught.value.key == "ordinal.moments"


def test_an_item_with_one_category_is_named() -> None:
    data = data_of("two_wlsmv").assign(a1=3)
    with pytest.raises(DataError, match="a1"):
        cx.cfa(TWO, data, ordered=True)


def test_few_answers_are_told() -> None:
    fit = cx.cfa(TWO, data_of("two_wlsmv").head(60), ordered=True)
    assert any(notice.key in ("ordinal.sparse", "ordinal.empty_cells") for notice in fit.warnings)
    assert fit.summary("vi")


def test_a_vietnamese_item_can_be_ordinal() -> None:
    data = data_of("two_wlsmv").rename(columns={"a1": "hài_lòng"})
    fit = cx.cfa("F =~ hài_lòng + a2 + a3 + a4", data, ordered=["hài_lòng", "a2", "a3", "a4"])
    assert isinstance(fit.estimates, pd.DataFrame)
    assert fit.converged


MERGED = "F =~ a1 + a2 + a3 + a4 + b1 + b2 + b3 + b4"


@pytest.mark.parametrize(
    ("case", "estimator", "ordered"),
    [("merged", "WLSMV", True), ("merged_wlsm", "WLSM", True), ("merged_ulsmv", "ULSMV", True), ("mlmv", "MLMV", None)],
)
def test_differences_of_chi_square_are_lavaans(case: str, estimator: str, ordered: bool | None) -> None:
    data, oracle = data_of("two_wlsmv"), ORACLE["differences"][case]
    fits = [cx.cfa(text, data, ordered=ordered, estimator=estimator) for text in (TWO, MERGED)]
    row = cx.compare(*fits).table.iloc[1]
    assert row["chisq_diff"] == pytest.approx(oracle["chisq"][1], rel=1e-5)
    assert row["df_diff"] == oracle["df"][1]


def test_steps_of_invariance_are_compared_as_lavaan_does() -> None:
    fits = [fit_of(name) for name in ("groups_configural", "groups_loadings", "groups_thresholds")]
    table, oracle = cx.compare(*fits).table, ORACLE["differences"]["groups"]
    np.testing.assert_allclose(table["chisq_diff"][1:], oracle["chisq"][1:], rtol=1e-4)
    np.testing.assert_allclose(table["pvalue"][1:], oracle["p"][1:], atol=1e-4)


def test_models_with_items_in_another_order_are_not_compared() -> None:
    data = data_of("two_wlsmv")
    turned = "F =~ b1 + b2 + b3 + b4 + a1 + a2 + a3 + a4"
    with pytest.raises(NotSupportedError) as caught:
        cx.compare(cx.cfa(TWO, data, ordered=True), cx.cfa(turned, data, ordered=True))
    assert caught.value.key == "ordinal.compare_order"
