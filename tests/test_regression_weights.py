"""Weighted regression: R's lm, sandwich, car and survey on simulated channel attitudes."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import DataError

R = json.loads(Path("tests/oracles/regression_weights.json").read_text())
NAMES = {"Intercept": "(Intercept)", **{f"age_group[{k}]": f"factor(age_group){k}" for k in range(2, 6)}}
FORMULA = "bst1 ~ sst1 + swe1 + C(age_group)"


@pytest.fixture(scope="module")
def answers():
    frame = pd.read_csv("data/channel_attitudes/channel_attitudes.csv")
    frame = frame.dropna(subset=["bst1", "sst1", "swe1", "age_group", "weight"]).reset_index(drop=True)
    frame.loc[[2, 9], "weight"] = 0.0
    return frame


@pytest.mark.parametrize("cov_type", ["nonrobust", "HC0", "HC3"])
def test_coefficients_and_errors_are_rs(answers, cov_type):
    found = cx.regress(FORMULA, answers, weights="weight", cov_type=cov_type)
    for row in found.table.itertuples():
        name = NAMES.get(row.term, row.term)
        assert row.b == pytest.approx(R["b"][name], abs=1e-9)
        assert row.se == pytest.approx(R["se"][cov_type][name], abs=1e-9)
    assert found.fit["n"] == R["n"]
    assert found.fit["r2"] == pytest.approx(R["r2"], abs=1e-10)
    assert found.fit["adj_r2"] == pytest.approx(R["adj_r2"], abs=1e-10)
    assert found.fit["sigma"] == pytest.approx(R["sigma_scaled"], abs=1e-10)


def test_robust_errors_are_the_survey_packages_but_for_its_degree_of_freedom(answers):
    found = cx.regress(FORMULA, answers, weights="weight", cov_type="HC0").table
    factor = np.sqrt(R["n"] / (R["n"] - 1))
    theirs = [R["survey_se"][NAMES.get(term, term)] for term in found["term"]]
    np.testing.assert_allclose(found["se"] * factor, theirs, atol=1e-9)


def test_collinearity_and_blocks_are_weighted_too(answers):
    found = cx.regress("bst1 ~ sst1", answers, weights="weight", blocks=["+ swe1 + C(age_group)"])
    for row in found.collinearity.itertuples():
        assert row.gvif == pytest.approx(R["gvif"].get(row.term, R["gvif"]["factor(age_group)"]), abs=1e-9)
    assert found.blocks["f_change"].iloc[-1] == pytest.approx(R["f_change"], abs=1e-8)


def test_equal_weights_change_nothing(answers):
    plain = cx.regress(FORMULA, answers)
    same = cx.regress(FORMULA, answers, weights=np.full(len(answers), 7.0))
    pd.testing.assert_frame_equal(plain.table, same.table, atol=1e-12)


def test_standard_scores_use_the_weights(answers):
    found = cx.regress("bst1 ~ sst1 + swe1", answers, weights="weight", standardise=True)
    plain = cx.regress("bst1 ~ sst1 + swe1", answers, weights="weight")
    np.testing.assert_allclose(found.table["b"].iloc[1:], plain.table["beta"].iloc[1:], atol=1e-12)


def test_what_is_said_about_weights(answers):
    survey = cx.load_dataset("channel_attitudes")
    unused = cx.regress("bst1 ~ sst1", survey)
    used = cx.regress("bst1 ~ sst1", survey, weights="weight")
    assert "analyses.weights_unused" in [notice.key for notice in unused.warnings]
    assert "analyses.weights_unused" not in [notice.key for notice in used.warnings]
    assert used.checks.empty
    with pytest.raises(DataError, match="negative"):
        cx.regress("bst1 ~ sst1", answers, weights=-answers["weight"] - 1)
