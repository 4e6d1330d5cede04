"""Ordered and binary models equal MASS, ordinal, glm, sandwich and survey; formulas written out in R for the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.binary import binary
from cxlab.analyses.choice_data import choice_data
from cxlab.analyses.choice_design import recipe
from cxlab.analyses.choice_outcome import ordered_outcome
from cxlab.analyses.ordinal import ordinal
from cxlab.analyses.ordinal_result import OrdinalModel
from cxlab.survey.datasets import load_dataset
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/choice.json").read_text())
# Newton to the maximum on both sides: clm with gradTol 1e-12, glm with epsilon 1e-14.
CLOSE = {"rel": 1e-7, "abs": 1e-9}
# polr stops its BFGS at a relative change of 1e-8 of the deviance, which leaves about 1e-5 in the coefficients.
POLR = {"abs": 2e-5}
# glm stops at a relative change of 1e-14 of the deviance, which is flat: about 1e-7 in coefficients.
GLM = {"rel": 2e-6, "abs": 1e-8}
# R differentiates numerically (steps of 1e-5 and 1e-4).
NUMERIC = {"rel": 1e-6, "abs": 1e-8}
HOUSING = "satisfaction ~ C(influence) + housing_type + C(contact)"
CURVED = "y ~ IMAG1 * PERV1 + log(CUEX1) + I(PERQ1^2) + zone"
BINARY = "top ~ IMAG1 * PERV1 + log(CUEX1) + zone"
TERMS = {"influence": "Infl", "housing_type": "Type", "contact": "Cont"}


def housing() -> Survey:
    return load_dataset("housing_satisfaction")


def mobi() -> pd.DataFrame:
    """The rows of the R script: weights, zones, five ordered answers and a top box."""
    frame = pd.read_csv(ROOT / "data/ecsi_mobile/mobi.csv")
    row = np.arange(1, len(frame) + 1)
    frame["w"] = 0.5 + (row % 7) / 4
    frame["zone"] = pd.Categorical(np.array(["a", "b", "c"])[row % 3])
    frame["y"] = np.digitize(frame["CUSA1"], [6.5, 7.5, 8.5, 9.5]) + 1
    frame["top"] = (frame["CUSL1"] >= 9).astype(int)
    return frame


@pytest.fixture(scope="module")
def tenants() -> OrdinalModel:
    return ordinal(HOUSING, housing(), frequencies="freq")


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog", "loglog"])
def test_a_frequency_table_gives_the_numbers_of_clm(link: Any) -> None:
    expected = ORACLE["housing"][link]
    model = ordinal(HOUSING, housing(), link, frequencies="freq")
    assert model.table["b"].to_list() == pytest.approx(expected["beta"], **CLOSE)
    assert model.thresholds["estimate"].to_list() == pytest.approx(expected["zeta"], **CLOSE)
    assert [*model.thresholds["se"], *model.table["se"]] == pytest.approx(expected["se"], **CLOSE)
    assert model.fit["log_likelihood"] == pytest.approx(expected["loglik"], abs=1e-8)
    assert model.fit["null_log_likelihood"] == pytest.approx(expected["null"], abs=1e-8)
    assert model.fit["aic"] == pytest.approx(expected["aic"], abs=1e-8)
    tests = model.terms.set_index("term")
    assert tests["lr"].rename(TERMS).to_dict() == pytest.approx(
        dict(zip(expected["terms"]["term"], expected["terms"]["lr"], strict=True)), abs=1e-7
    )
    assert tests["lr_pvalue"].to_list() == pytest.approx(expected["terms"]["p"], rel=1e-6)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_polr_is_met_to_its_own_precision(link: Any) -> None:
    expected = ORACLE["housing"][link]["polr"]
    model = ordinal(HOUSING, housing(), link, frequencies="freq")
    assert model.table["b"].to_list() == pytest.approx(expected["beta"], **POLR)
    assert model.thresholds["estimate"].to_list() == pytest.approx(expected["zeta"], **POLR)
    assert [*model.table["se"], *model.thresholds["se"]] == pytest.approx(expected["se"], abs=1e-6)
    assert model.fit["deviance"] == pytest.approx(expected["deviance"], abs=1e-6)
    assert model.fit["aic"] == pytest.approx(expected["aic"], abs=1e-6)


def test_a_cauchit_comes_close_to_clm_whose_own_null_model_is_off_by_a_hundredth() -> None:
    # clm's null log-likelihood is -1824.4495, the closed form -1824.4388: its Cauchy is less exact than ours.
    expected = ORACLE["housing"]["cauchit"]
    model = ordinal(HOUSING, housing(), "cauchit", frequencies="freq")
    assert model.table["b"].to_list() == pytest.approx(expected["beta"], abs=5e-5)
    assert model.fit["null_log_likelihood"] == pytest.approx(ORACLE["housing"]["logit"]["null"], abs=1e-8)


def test_rows_repeated_are_the_same_as_frequencies(tenants: OrdinalModel) -> None:
    frame = housing().frame
    long = frame.loc[frame.index.repeat(frame["freq"])].drop(columns="freq").reset_index(drop=True)
    repeated = ordinal(HOUSING.replace("housing_type", "C(housing_type)"), long, cov_type="robust")
    robust = ordinal(HOUSING, housing(), frequencies="freq", cov_type="robust")
    assert repeated.table["b"].to_list() == pytest.approx(tenants.table["b"].to_list(), **CLOSE)
    assert repeated.table["se"].to_list() == pytest.approx(robust.table["se"].to_list(), **CLOSE)


def test_parallel_lines_are_tested_as_by_nominal_test_and_by_brants_formula(tenants: OrdinalModel) -> None:
    table = tenants.parallel_test().table.set_index("term")
    brant = {"all": ORACLE["brant"]["all"], **ORACLE["brant"]["terms"]}
    for term, name in {"all": "all", **TERMS}.items():
        for column, key in (("brant", "chisq"), ("brant_df", "df"), ("brant_pvalue", "p")):
            assert table.loc[term, column] == pytest.approx(brant[name][key], **CLOSE), (term, column)
        for column, key in (("lr", "lr"), ("lr_df", "df"), ("lr_pvalue", "p")):
            assert table.loc[term, column] == pytest.approx(ORACLE["nominal"]["logit"][name][key], rel=1e-6), term


def test_parallel_lines_of_a_probit_and_of_numbers() -> None:
    table = ordinal(HOUSING, housing(), "probit", frequencies="freq").parallel_test().table.set_index("term")
    for term, name in {"all": "all", **TERMS}.items():
        assert table.loc[term, "lr"] == pytest.approx(ORACLE["nominal"]["probit"][name]["lr"], rel=1e-6)
    numbers = ordinal("y ~ IMAG1 + PERV1", mobi()).parallel_test().table.set_index("term")
    expected = {"all": ORACLE["brant_mobi"]["all"], **ORACLE["brant_mobi"]["terms"]}
    for term, one in expected.items():
        assert numbers.loc[term, ["brant", "brant_df", "brant_pvalue"]].to_list() == pytest.approx(list(one.values()))


def test_average_marginal_effects_of_categories(tenants: OrdinalModel) -> None:
    table = tenants.marginal_effects().table
    names = {
        ("influence", "2 - 1"): "InflMedium",
        ("influence", "3 - 1"): "InflHigh",
        ("housing_type", "Atrium - Apartment"): "TypeAtrium",
        ("housing_type", "Terrace - Apartment"): "TypeTerrace",
        ("housing_type", "Tower - Apartment"): "TypeTower",
        ("contact", "2 - 1"): "ContHigh",
    }
    for (variable, contrast), rows in table.groupby(["variable", "contrast"]):
        expected = ORACLE["effects"][names[variable, contrast]]
        assert rows["effect"].to_list() == pytest.approx(expected["estimate"], **NUMERIC)
        assert rows["se"].to_list() == pytest.approx(expected["se"], **NUMERIC)
    assert table.groupby(["variable", "contrast"])["effect"].sum().to_list() == pytest.approx([0] * 6, abs=1e-12)


def test_a_profile_has_clms_probabilities_and_intervals(tenants: OrdinalModel) -> None:
    profile = {"influence": "high", "housing_type": ORACLE["profile"]["type"], "contact": "thấp"}
    table = tenants.predict(profile)
    for column, key in (("probability", "fit"), ("se", "se"), ("ci_lower", "lwr"), ("ci_upper", "upr")):
        assert table[column].to_list() == pytest.approx(ORACLE["profile"][key], rel=1e-6)


def test_effects_run_through_products_logarithms_and_squares() -> None:
    model = ordinal(CURVED, mobi())
    expected = ORACLE["curved"]
    order = ["IMAG1", "PERV1", "log(CUEX1)", "I(PERQ1^2)", "zone[b]", "zone[c]", "IMAG1:PERV1"]
    assert model.table["term"].to_list() == order
    assert [*model.thresholds["estimate"], *model.table["b"]] == pytest.approx(expected["coef"], **CLOSE)
    assert [*model.thresholds["se"], *model.table["se"]] == pytest.approx(expected["se"], **CLOSE)
    robust = ordinal(CURVED, mobi(), cov_type="robust")
    assert [*robust.thresholds["se"], *robust.table["se"]] == pytest.approx(expected["robust"], **NUMERIC)
    tested = model.terms.set_index("term")
    for term, lr in zip(expected["terms"]["term"], expected["terms"]["lr"], strict=True):
        assert tested.loc[term, "lr"] == pytest.approx(lr, rel=1e-6)
    assert tested.loc["IMAG1", "reason"] == "in_product"
    effects = model.marginal_effects().table.set_index("variable")
    for name, one in expected["effects"].items():
        # R's slopes are central differences of step 1e-4 in the predictor as well.
        assert effects.loc[name, "effect"].to_list() == pytest.approx(one["estimate"], rel=1e-5, abs=1e-8)
        assert effects.loc[name, "se"].to_list() == pytest.approx(one["se"], rel=1e-5)


def test_survey_weights_give_the_errors_of_svyolr() -> None:
    model = ordinal("y ~ IMAG1 + PERV1 + zone", mobi(), weights="w")
    expected = ORACLE["weighted"]
    assert [*model.thresholds["estimate"], *model.table["b"]] == pytest.approx(expected["clm"], **CLOSE)
    # svyolr stops its optimiser at polr's precision, and its information is a numerical Hessian.
    assert [*model.table["b"], *model.thresholds["estimate"]] == pytest.approx(
        [*expected["beta"], *expected["zeta"]], abs=5e-5
    )
    assert [*model.table["se"], *model.thresholds["se"]] == pytest.approx(expected["se"], rel=1e-4)
    assert model.cov_type == "robust"
    assert model.fit[["aic", "bic", "lr"]].isna().all()
    assert "choice.pseudo_likelihood" in {notice.key for notice in model.warnings}
    parallel = model.parallel_test()
    assert parallel.table["lr"].isna().all()
    assert parallel.table["brant"].notna().all()


def test_weights_of_one_are_no_weights() -> None:
    plain = ordinal("y ~ IMAG1", mobi(), cov_type="robust")
    weighted = ordinal("y ~ IMAG1", mobi(), weights=np.full(250, 3.0))
    assert weighted.table["se"].to_list() == pytest.approx(plain.table["se"].to_list())
    robust, model_based = weighted.parallel_test().table, plain.parallel_test().table
    assert robust["brant"].to_list() == pytest.approx(model_based["brant"].to_list(), rel=0.5)


def test_the_recipe_makes_the_design_again() -> None:
    data = mobi()
    formula = "y ~ center(IMAG1) * zone + scale(PERV1) + log(CUEX1):zone + I(PERQ1^2)"
    ready = choice_data(formula, data, ordered_outcome)
    made = recipe(ready.formula, ready.used, ready.design)
    values = pd.concat([ready.used.numeric, ready.used.categories], axis=1)
    assert made.matrix(values) == pytest.approx(ready.x, abs=1e-12)
    up, down = values.assign(PERV1=values["PERV1"] + 1e-5), values.assign(PERV1=values["PERV1"] - 1e-5)
    assert made.slopes(values, "PERV1") == pytest.approx((made.matrix(up) - made.matrix(down)) / 2e-5, abs=1e-8)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_binary_models_are_those_of_glm(link: Any) -> None:
    expected = ORACLE["binary"][link]
    model = binary(BINARY, mobi(), link)
    for column in ("b", "se", "z"):
        assert model.table[column].to_list() == pytest.approx(expected[column], **GLM), column
    assert model.table["pvalue"].to_list() == pytest.approx(expected["p"], rel=1e-6)
    for key, name in (("log_likelihood", "loglik"), ("null_log_likelihood", "null"), ("aic", "aic"), ("auc", "auc"),
                      ("mcfadden", "mcfadden"), ("nagelkerke", "nagelkerke"), ("brier", "brier")):  # fmt: skip
        assert model.fit[key] == pytest.approx(expected[name], rel=1e-8), key
    tested = model.terms.set_index("term")
    for term, lr in zip(expected["terms"]["term"], expected["terms"]["lr"], strict=True):
        assert tested.loc[term, "lr"] == pytest.approx(lr, rel=1e-6)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_binary_effects_and_robust_errors(link: Any) -> None:
    expected = ORACLE["binary_effects"][link]
    effects = binary(BINARY, mobi(), link).marginal_effects().table
    rows = [expected[name] for name in ("IMAG1", "PERV1", "CUEX1", "zone_b", "zone_c")]
    assert effects["effect"].to_list() == pytest.approx([row[0] for row in rows], rel=1e-5)
    assert effects["se"].to_list() == pytest.approx([row[1] for row in rows], rel=1e-5)
    robust = binary(BINARY, mobi(), link, cov_type="robust")
    assert robust.table["se"].to_list() == pytest.approx(expected["robust"], **GLM)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_weighted_binary_models_are_those_of_svyglm(link: Any) -> None:
    expected = ORACLE["weighted_binary"][link]
    model = binary("top ~ IMAG1 + PERV1 + zone", mobi(), link, weights="w")
    assert model.table["b"].to_list() == pytest.approx(expected["b"], **GLM)
    assert model.table["se"].to_list() == pytest.approx(expected["se"], **GLM)
    assert np.isnan(model.fit["hl"])


def test_binary_cells_with_frequencies() -> None:
    expected = ORACLE["binary"]["housing"]
    model = binary(HOUSING, housing(), success="high", frequencies="freq")
    assert model.table["b"].to_list() == pytest.approx(expected["b"], **GLM)
    assert model.table["se"].to_list() == pytest.approx(expected["se"], **GLM)
    for key, name in (("aic", "aic"), ("auc", "auc"), ("brier", "brier"), ("nagelkerke", "nagelkerke")):
        assert model.fit[key] == pytest.approx(expected[name], rel=1e-8), key


def test_hosmer_and_lemeshows_groups_and_statistic() -> None:
    expected = ORACLE["hosmer"]
    model = binary("top ~ IMAG1 + PERV1 + zone", mobi())
    table = model.calibration()
    assert table["n"].to_list() == expected["n"]
    assert (table["n"] * table["observed"]).to_list() == pytest.approx(expected["observed"])
    assert (table["n"] * table["predicted"]).to_list() == pytest.approx(expected["expected"], **GLM)
    assert model.fit[["hl", "hl_df", "hl_pvalue"]].to_list() == pytest.approx(
        [expected[key] for key in ("chisq", "df", "p")], rel=1e-7
    )
    cells = binary(HOUSING, housing(), success=3, frequencies="freq")
    found = ORACLE["hosmer_housing"]
    assert cells.calibration()["n"].to_list() == found["n"]
    assert cells.fit["hl"] == pytest.approx(found["chisq"], rel=1e-7)


def test_classification_counts_by_hand() -> None:
    data = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6], "y": [0, 1, 0, 0, 1, 1]})
    found = binary("y ~ x", data).classification(0.5)
    # Probabilities rise with x and are .5 in the middle by symmetry: 4, 5 and 6 are called yes.
    counts = ["true_positive", "false_positive", "false_negative", "true_negative"]
    assert found[counts].to_list() == [2, 1, 1, 2]
    assert found["accuracy"] == pytest.approx(4 / 6)
