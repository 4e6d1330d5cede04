"""Rarely used parts of cx.sem, cx.cfa and cx.growth against lavaan: tests/oracles/r/sem_rare.R wrote the numbers."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.sem_result import SemFit

ROOT = Path(__file__).parent.parent
CASES: dict[str, dict[str, Any]] = json.loads((ROOT / "tests/oracles/sem_rare.json").read_text(encoding="utf-8"))[
    "cases"
]
EQUAL = ("equal_residuals", "equal_std_lv")
RESIDUALS = ("residuals_mlr", "residuals_mlm", "residuals_mlr_groups", "residuals_observed", *EQUAL)
# lavaan's search under inequalities and nonlinear equalities stops short, and cannot be carried on
GENERAL = ("both_constraints", "inactive", "binding", "constant_effect")
# an item in millions, one in thousandths: as spending in đồng beside a share
UNITS = {"x1": 1e6, "x2": 1e-3, "x5": 1e6, "x6": 1e3}


@cache
def frame(name: str) -> pd.DataFrame:
    if name == "ecsi":
        return pd.read_csv(ROOT / "data/ecsi_mobile/mobi.csv")
    if name != "cut":
        return pd.read_csv(ROOT / f"tests/oracles/data/engine_{name}.csv")
    data = frame("hs").copy()
    for item in (f"x{number}" for number in range(1, 7)):
        data[item] = np.searchsorted(data[item].quantile([0.3, 0.7]), data[item], side="right")
    return data


@cache
def fitted(name: str, scaled: bool = False) -> SemFit:
    case = CASES[name]
    options = {key.replace(".", "_"): value for key, value in dict(case["args"] or {}).items()}
    data = frame(case["data"])
    if scaled:
        data = data.assign(**{item: data[item] * unit for item, unit in UNITS.items()})
    return getattr(cx, case["fun"])(case["text"], data, **options)


def numbers(values: Any) -> np.ndarray:
    found = values if isinstance(values, list) else [values]
    return np.array([np.nan if value in (None, "NaN") else value for value in found], dtype=float)


@pytest.mark.parametrize("name", CASES)
def test_estimates_and_standard_errors_equal_lavaans(name):
    theirs, rows = CASES[name]["table"], fitted(name).estimates
    ours = {
        (lhs, op, rhs, max(group, 1) if op != ":=" else 0): (est, se)
        for lhs, op, rhs, group, est, se in rows[["lhs", "op", "rhs", "group", "est", "se"]].itertuples(index=False)
    }
    # what lavaan could not be carried over
    tolerance = 3e-4 if name in GENERAL else max(1e-5, 3 * CASES[name]["distance"])
    for lhs, op, rhs, group, est, se in zip(*(theirs[column] for column in theirs), strict=True):
        if op in ("==", "<", ">") or se is None or se < 1e-6:
            continue
        mine = ours[lhs, op, rhs, group if op != ":=" else 0]
        assert abs(mine[0] - est) < tolerance * se
        assert mine[1] == pytest.approx(se, rel=3e-4 if name in GENERAL else 2e-5)


@pytest.mark.parametrize("name", CASES)
def test_fit_measures_equal_lavaans(name):
    measures = fitted(name).fit_measures
    for measure, value in CASES[name]["fit"].items():
        if measure in measures.index and value is not None and not np.isnan(measures[measure]):
            # inverting a noncentral chi-square lavaan stops at 1e-4
            assert measures[measure] == pytest.approx(value, rel=1e-5, abs=1e-4), measure


def test_robust_errors_of_the_ecsi_model_with_nearly_coinciding_factors_equal_lavaans():
    # such factors magnify what a search leaves over, which is why a single fit goes closer than a replicate
    fit, theirs = fitted("ecsi_mlr"), CASES["ecsi_mlr"]["table"]
    assert CASES["ecsi_mlr"]["distance"] < 1e-8
    ours = {tuple(row[:3]): row[3] for row in fit.estimates[["lhs", "op", "rhs", "se"]].to_numpy().tolist()}
    for key, se in zip(zip(theirs["lhs"], theirs["op"], theirs["rhs"], strict=True), theirs["se"], strict=True):
        assert ours[key] == pytest.approx(se, rel=5e-6), key


@pytest.mark.parametrize("kind", ["raw", "cor.bentler", "cor.bollen"])
@pytest.mark.parametrize("name", RESIDUALS)
def test_residuals_and_their_errors_equal_lavaans(name, kind):
    table = fitted(name).residual_tests(kind)
    for group, theirs in enumerate(CASES[name]["residuals"][kind]):
        rows = table[(table["group"] == group + 1) & (table["item_2"] != "")]
        np.testing.assert_allclose(rows["residual"], numbers(theirs["cov"]), atol=2e-6)
        np.testing.assert_allclose(rows["se"], numbers(theirs["cov.se"]), rtol=1e-4, atol=2e-6)
        means = table[(table["group"] == group + 1) & (table["item_2"] == "")]
        if len(means):
            np.testing.assert_allclose(means["se"], numbers(theirs["mean.se"]), rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("kind", ["normalized", "standardized"])
@pytest.mark.parametrize("name", RESIDUALS)
def test_residuals_by_their_errors_equal_lavaans(name, kind):
    table = fitted(name).residual_tests(kind)
    for group, theirs in enumerate(CASES[name]["residuals"][kind]):
        ours = table.loc[(table["group"] == group + 1) & (table["item_2"] != ""), "residual"].to_numpy()
        # where neither residual nor error can vary lavaan prints rounding, or what it divides by
        there = ~np.isnan(ours) & (np.abs(numbers(theirs["cov"])) > 1e-2)
        assert there.mean() > 0.5
        np.testing.assert_allclose(ours[there], numbers(theirs["cov"])[there], rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", ["residuals_theta", "residuals_thresholds"])
def test_residuals_of_ordinal_items_are_those_of_responses_with_variance_one(name):
    for kind in ("raw", "cor.bentler", "cor.bollen"):
        table = fitted(name).residual_tests(kind)
        for group, theirs in enumerate(CASES[name]["residuals"][kind]):
            ours = table.loc[(table["group"] == group + 1) & (table["item_2"] != ""), "residual"]
            np.testing.assert_allclose(ours, numbers(theirs["cov"]), atol=1e-6)


@pytest.mark.parametrize("method", ["regression", "bartlett"])
@pytest.mark.parametrize("name", ["direct_effect", "growth_outcome"])
def test_scores_use_items_with_covariates_and_outcomes_as_lavaan_does(name, method):
    theirs = CASES[name]["scores"]
    found = fitted(name).factor_scores(method, se=True)
    np.testing.assert_allclose(found[theirs["names"]].head(8), np.array(theirs[method], dtype=float), atol=1e-6)
    if method == "bartlett":
        errors = found[[f"{latent}_se" for latent in theirs["names"]]].iloc[0]
        np.testing.assert_allclose(errors, theirs["se"], rtol=1e-6)


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("name", EQUAL)
def test_equality_constraints_are_tested_alike_in_any_units(name, scaled):
    fit, theirs = fitted(name, scaled), CASES[name]["modification"]
    keys = ["lhs", "op", "rhs", "group"]
    ours = fit.modification_indices(sort=False).set_index(keys)[["mi", "sepc_all"]]
    lavaan = pd.DataFrame(theirs).set_index(keys).astype(float)
    # a variance that is fixed: lavaan standardises the estimate, not its change
    lavaan = lavaan[[lhs != rhs for lhs, _, rhs, _ in lavaan.index]]
    both = ours.join(lavaan.add_suffix("_theirs"), how="inner")
    assert len(both) > 0.9 * len(lavaan)
    np.testing.assert_allclose(both["mi"], both["mi_theirs"], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(both["sepc_all"], both["sepc_all_theirs"], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(fit.score_test().table["chisq"], CASES[name]["score"], rtol=1e-4, atol=1e-4)
    residuals = fit.residual_tests("cor.bollen")
    plain = residuals[(residuals["group"] == 1) & (residuals["item_2"] != "")]
    np.testing.assert_allclose(plain["se"], numbers(CASES[name]["residuals"]["cor.bollen"][0]["cov.se"]), atol=1e-6)


def test_an_inequality_that_does_not_bind_changes_nothing_in_any_units():
    theirs, scaled = CASES["inactive"]["table"], fitted("inactive", scaled=True).estimates
    lavaan = numbers(theirs["est"])[1] / numbers(theirs["se"])[1]
    assert scaled["z"].iloc[1] == pytest.approx(lavaan, rel=1e-3)
    np.testing.assert_allclose(scaled["z"], fitted("inactive").estimates["z"], rtol=1e-6)


def test_an_inequality_that_binds_counts_in_residuals_and_modification_indices():
    fit, theirs = fitted("binding"), CASES["binding"]
    keys = ["lhs", "op", "rhs"]
    ours = fit.modification_indices(sort=False).set_index(keys)[["mi"]]
    lavaan = pd.DataFrame(theirs["modification"]).set_index(keys)[["mi"]].astype(float)
    both = ours.join(lavaan.add_suffix("_theirs"), how="inner")
    assert len(both) == len(ours)
    np.testing.assert_allclose(both["mi"], both["mi_theirs"], rtol=2e-3, atol=2e-3)
    residuals = fit.residual_tests("raw")
    np.testing.assert_allclose(residuals["se"], numbers(theirs["residuals"]["raw"][0]["cov.se"]), rtol=1e-3, atol=1e-5)


def test_an_effect_that_constraints_hold_constant_has_no_z():
    effect = fitted("constant_effect").estimates.query("op == ':='").iloc[0]
    assert effect["est"] == pytest.approx(1.0)
    assert effect["se"] == 0
    assert np.isnan(effect["z"])


def test_of_several_minima_lavaans_is_found_and_with_starts_none_is_higher():
    case = CASES["two_minima"]
    usual = fitted("two_minima").fit_measures["chisq"]
    assert "sem.far_means" in [notice.key for notice in fitted("two_minima").warnings]
    assert usual == pytest.approx(case["fit"]["chisq"], rel=1e-6)
    # there is a third minimum, lower still, with a negative variance of the construct
    many = cx.cfa(case["text"], frame("hs"), starts=20)
    assert many.fit_measures["chisq"] < usual - 1


def test_satorras_difference_test_is_the_same_in_other_units():
    model = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
    data = frame("hs")
    found = []
    for rows in (data, data.assign(**{item: data[item] * unit for item, unit in UNITS.items()})):
        free, equal = (
            cx.cfa(model, rows, group="school", estimator="MLMV", group_equal=same) for same in ((), ("loadings",))
        )
        found.append(cx.compare(free, equal).table["chisq_diff"].iloc[1])
    # the projection is weighed by the items' units, as in lavaan
    assert found[1] == pytest.approx(found[0], rel=5e-3)
