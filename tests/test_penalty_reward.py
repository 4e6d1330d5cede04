"""Penalty-reward contrasts equal R's lm, sandwich and car, find what was built in, and say what stands in the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.asymmetry_fit import fit_linear, resampled
from cxlab.analyses.penalty_reward import penalty_reward
from cxlab.analyses.penalty_reward_factors import _without_each_row, impact_asymmetry
from cxlab.codebook import Codebook, Item
from cxlab.errors import CxlabError, DataError
from cxlab.resample.draws import GivenDraws
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/asymmetry.json").read_text(encoding="utf-8"))
# Closed forms by two QR decompositions.
EXACT = {"rel": 1e-9, "abs": 1e-12}
ATTRIBUTES = ["q2", "q3", "q4", "q5"]
PARTS = {"": "est", "_se": "se", "_t": "t", "_pvalue": "p", "_ci_lower": "low", "_ci_upper": "high"}


@pytest.mark.parametrize("case", ["HC3", "HC1", "nonrobust", "weighted"])
def test_contrasts_equal_r(case: str) -> None:
    wanted = ORACLE["penalty_reward"][case]
    options: dict[str, Any] = {"weights": "q10"} if case == "weighted" else {"cov_type": case}
    found = penalty_reward("q1", ATTRIBUTES, cx.load_dataset("yellow_pages"), n_boot=0, **options)
    table = found.table
    assert table[["n_low", "n_mid", "n_high"]].to_numpy().tolist() == wanted["n"]
    assert table[["mean_low", "mean_mid", "mean_high"]].to_numpy() == pytest.approx(np.array(wanted["means"]), **EXACT)
    for name in ("penalty", "reward", "asymmetry", "bend"):
        for part, key in PARTS.items():
            assert table[name + part].to_numpy() == pytest.approx(wanted[name][key], **EXACT), name + part
    assert table["impact_range"].to_numpy() == pytest.approx(wanted["range"]["est"], **EXACT)
    assert table["impact_range_ci_upper"].to_numpy() == pytest.approx(wanted["range"]["high"], **EXACT)
    assert table["wald_f"].to_numpy() == pytest.approx([test["f"] for test in wanted["joint"]], **EXACT)
    assert table["wald_pvalue"].to_numpy() == pytest.approx([test["p"] for test in wanted["joint"]], **EXACT)
    for key in ("r2", "adj_r2", "sigma", "linear_r2", "linear_adj_r2"):
        assert found.fit[key] == pytest.approx(wanted[key], **EXACT), key
    assert found.fit["asymmetry_f"] == pytest.approx(wanted["symmetric"]["f"], **EXACT)
    assert found.fit["asymmetry_pvalue"] == pytest.approx(wanted["symmetric"]["p"], **EXACT)


def quality_dummies() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    mobi = pd.read_csv(ROOT / "data/ecsi_mobile/mobi.csv")
    names = {"l1": mobi["PERQ1"] <= 5, "h1": mobi["PERQ1"] >= 9, "l2": mobi["PERQ2"] <= 5, "h2": mobi["PERQ2"] >= 9}
    return pd.DataFrame(names).astype(float), mobi["CUSA1"].to_numpy(float), mobi["IMAG1"].to_numpy(float)


def test_resamples_and_rows_left_out_equal_r() -> None:
    dummies, outcome, weights = quality_dummies()
    fit = fit_linear(dummies, outcome, weights, "HC3")
    draws = GivenDraws.of(np.array(ORACLE["resamples"]["indices"]), (len(outcome),))
    assert resampled(fit, draws) == pytest.approx(np.array(ORACLE["resamples"]["coefficients"]), rel=1e-8)
    without = np.array(ORACLE["resamples"]["without_one"])
    assert _without_each_row(fit)[: len(without)] == pytest.approx(without, rel=1e-8)


def test_a_resample_without_a_class_has_no_value() -> None:
    dummies, outcome, weights = quality_dummies()
    fit = fit_linear(dummies, outcome, weights, "HC3")
    never_low = np.flatnonzero(dummies["l1"] == 0)
    draws = GivenDraws.of(np.resize(never_low, (1, len(outcome))), (len(outcome),))
    assert np.isnan(resampled(fit, draws)).all()


def test_the_index_is_the_share_of_reward_less_that_of_penalty() -> None:
    # by hand: (0.6 - 0.2) / 0.8; a penalty of the wrong sign counts as zero
    found = impact_asymmetry(np.array([-0.2, 0.3]), np.array([0.6, 0.5]))
    assert found.tolist() == pytest.approx([0.5, 1.0])


def attentive() -> Survey:
    return cx.load_dataset("total_cx_6p").select(where="check1 == 4 & seconds > 90", reason="inattentive")


SIX = ["place", "price", "promotion", "product", "people", "process"]


def test_people_are_found_to_be_taken_for_granted() -> None:
    found = penalty_reward("overall", SIX, attentive(), split="sample", n_boot=300, seed=1)
    people = found.table.set_index("attribute").loc["people"]
    assert people["factor"] == "basic"
    assert people["certainty"] > 0.95
    assert people["penalty_ci_upper"] < 0
    assert people["reward_ci_lower"] < 0 < people["reward_ci_upper"]
    assert people["bend_pvalue"] < 0.01
    assert found.simulated
    others = found.table.set_index("attribute").drop("people")
    assert (others["bend_pvalue"] > 0.05).all()  # what drives satisfaction was built in as straight lines


def test_the_same_seed_gives_the_same_certainty_and_no_resample_none() -> None:
    survey = cx.load_dataset("yellow_pages")
    one, two = (penalty_reward("q1", ["q2", "q4"], survey, n_boot=100, seed=4).table for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    shares = one[[f"share_{name}" for name in ("basic", "performance", "excitement", "none")]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1)
    plain = penalty_reward("q1", ["q2", "q4"], survey, n_boot=0)
    assert plain.table["certainty"].isna().all()
    assert plain.seed is None
    assert "%" not in plain.apa("en").to_html("en").split("<tbody>")[1].split("</tbody>")[0]


@pytest.mark.parametrize("ci", ["basic", "bc", "bca"])
def test_other_intervals_hold_the_index(ci: Any) -> None:
    table = penalty_reward("q1", ["q2", "q4"], cx.load_dataset("yellow_pages"), n_boot=200, seed=4, ci=ci).table
    assert (table["impact_asymmetry_ci_lower"] < table["impact_asymmetry"]).all()
    assert (table["impact_asymmetry"] < table["impact_asymmetry_ci_upper"]).all()


def test_a_straight_line_with_unequal_classes_is_not_called_bent() -> None:
    # skewed answers: the low class lies farther from the middle than the high one
    score = np.repeat([1, 2, 3, 4, 5, 6, 7], [20, 60, 120, 200, 320, 500, 400]).astype(float)
    data = pd.DataFrame({"y": score + np.tile([1, -1], len(score) // 2), "q": score})
    found = penalty_reward("y", "q", survey_of(data, q=(1, 7)), n_boot=0)
    assert found.table.loc[0, "asymmetry_pvalue"] < 0.05
    assert found.table.loc[0, "bend"] == pytest.approx(0, abs=1e-10)
    assert "asymmetry.no_bend" in [notice.key for notice in found.warnings]


def survey_of(frame: pd.DataFrame, **scales: tuple[float, float]) -> Survey:
    items = {name: Item(name, min=low, max=high) for name, (low, high) in scales.items()}
    others = {name: Item(name, role="other") for name in frame if name not in items}
    return Survey(frame, Codebook(items=items | others))


def rated(n: int = 200, **changes: Any) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    answers = pd.DataFrame({"nhân viên": rng.integers(1, 6, n), "giá": rng.integers(1, 6, n)})
    answers["hài lòng"] = answers["nhân viên"] * 0.5 + rng.normal(size=n)
    return answers.assign(**changes)


def test_vietnamese_headers_and_reversed_items() -> None:
    data = rated()
    plain = penalty_reward(
        "hài lòng", ["nhân viên", "giá"], survey_of(data, **{"nhân viên": (1, 5), "giá": (1, 5)}), n_boot=0
    )
    book = Codebook(
        items={
            "nhân viên": Item("nhân viên", min=1, max=5, reversed=True),
            "giá": Item("giá", min=1, max=5),
            "hài lòng": Item("hài lòng", role="other"),
        }
    )
    turned = penalty_reward(
        "hài lòng", ["nhân viên", "giá"], Survey(data.assign(**{"nhân viên": 6 - data["nhân viên"]}), book), n_boot=0
    )
    assert turned.table["penalty"].to_numpy() == pytest.approx(plain.table["penalty"].to_numpy())
    assert "analyses.reversed_turned" in [notice.key for notice in turned.warnings]
    assert "nhân viên" in plain.summary("vi")


def test_a_data_frame_gets_guessed_scales_and_is_told_so() -> None:
    found = penalty_reward("hài lòng", ["nhân viên", "giá"], rated(), n_boot=0)
    assert found.table[["low", "high"]].to_numpy().tolist() == [[2, 4], [2, 4]]
    assert [notice.key for notice in found.warnings if notice.serious] == ["asymmetry.scale_guessed"]
    stated = penalty_reward("hài lòng", ["nhân viên", "giá"], rated(), low=2, high={"nhân viên": 4, "giá": 5}, n_boot=0)
    assert "asymmetry.scale_guessed" not in [notice.key for notice in stated.warnings]
    assert stated.table["high"].tolist() == [4, 5]


def test_twelve_respondents_are_too_few_to_name_a_factor() -> None:
    data = pd.DataFrame({"q": [1, 1, 2, 3, 3, 3, 4, 5, 5, 5, 2, 4], "y": [2, 1, 3, 4, 5, 4, 5, 6, 7, 6, 2, 5]})
    found = penalty_reward("y", "q", data, n_boot=50, seed=1)
    assert found.table["factor"].tolist() == ["too_few"]
    assert found.table["certainty"].isna().all()
    assert "asymmetry.small_class" in [notice.key for notice in found.warnings if notice.serious]


def test_a_wrong_sign_gets_no_factor_and_straight_lines_that_fit_better_are_told() -> None:
    data = rated(600)
    data["hài lòng"] = data["nhân viên"] - data["giá"] + np.tile([0.5, -0.5], 300)  # a higher price rating costs
    found = penalty_reward("hài lòng", ["nhân viên", "giá"], data, n_boot=50, seed=1)
    assert found.table["factor"].tolist()[1] == "wrong_sign"
    assert np.isnan(found.table.loc[1, "certainty"])
    assert {"asymmetry.wrong_sign", "asymmetry.lines_fit_better"} <= {notice.key for notice in found.warnings}


def test_zero_weights_drop_rows_and_unused_weights_are_not_claimed() -> None:
    data = rated(w=[0.0] * 50 + [1.0] * 150)
    book = Codebook(
        items={name: Item(name, min=1, max=5) for name in ("nhân viên", "giá")} | {"w": Item("w", role="weight")}
    )
    survey = Survey(data, book)
    weighted = penalty_reward("hài lòng", ["nhân viên", "giá"], survey, weights="w", n_boot=0)
    kept = penalty_reward("hài lòng", ["nhân viên", "giá"], Survey(data.iloc[50:], book), n_boot=0)
    assert weighted.table["penalty_se"].to_numpy() == pytest.approx(kept.table["penalty_se"].to_numpy())
    assert "analyses.weights_unused" not in [notice.key for notice in weighted.warnings]
    assert "analyses.weights_unused" in [notice.key for notice in kept.warnings]


def test_an_outcome_that_is_computed_from_the_classes_has_no_tests() -> None:
    data = rated()
    data["hài lòng"] = (data["nhân viên"] >= 4).astype(float) - (data["nhân viên"] <= 2) + 3
    found = penalty_reward("hài lòng", "nhân viên", data, n_boot=20, seed=1)
    assert found.table["penalty_se"].isna().all()
    assert "asymmetry.perfect_fit" in [notice.key for notice in found.warnings]


@pytest.mark.parametrize(
    ("changes", "options", "key"),
    [
        ({"giá": 3}, {}, "analyses.constant_columns"),
        ({"giá": lambda d: d["nhân viên"]}, {}, "analyses.collinear"),
        ({"giá": [3, 4, 5, 4] * 50}, {}, "asymmetry.nobody_low"),
        ({"giá": [1, 2, 3, 2] * 50}, {}, "asymmetry.nobody_high"),
        ({"giá": [1, 5] * 100}, {}, "asymmetry.nobody_mid"),
        ({"giá": [1] + [3, 4, 5] * 66 + [5]}, {}, "asymmetry.one_in_class"),
        ({"giá": [9.0, *([1, 2, 3, 4, 5] * 40)[1:]]}, {}, "survey.outside_scale"),
        ({"giá": "rẻ"}, {}, "analyses.not_numeric"),
        ({"giá": np.nan}, {}, "analyses.all_missing"),
        ({}, {"attributes": ["giá", "giá"]}, "analyses.repeated_names"),
        ({}, {"attributes": ["gia"]}, "asymmetry.unknown_name"),
        ({}, {"attributes": []}, "analyses.no_columns"),
        ({}, {"attributes": ["nhóm"]}, "asymmetry.not_a_rating"),
        ({}, {"attributes": ["thang mở"]}, "asymmetry.no_limits"),
        ({}, {"low": 4, "high": 4}, "asymmetry.limits_order"),
        ({}, {"low": {"gia": 2}}, "asymmetry.limit_unknown"),
        ({}, {"low": "two"}, "asymmetry.limit_number"),
        ({}, {"split": "thirds"}, "analyses.unknown_option"),
        ({}, {"cov_type": "HC9"}, "analyses.unknown_option"),
        ({}, {"cut": 2}, "asymmetry.cut"),
        ({}, {"level": 95}, "analyses.level_outside"),
        ({}, {"n_boot": -1}, "resample.whole_number"),
        ({}, {"ci": "exact"}, "resample.unknown_interval"),
        ({}, {"weights": "gia"}, "analyses.unknown_columns"),
    ],
)
def test_bad_input_is_named(changes: dict[str, Any], options: dict[str, Any], key: str) -> None:
    data = rated().assign(**changes)
    data["nhóm"], data["thang mở"] = [1, 2] * 100, np.linspace(0, 100, 200)
    items = {name: Item(name, min=1, max=5) for name in ("nhân viên", "giá")}
    items |= {"hài lòng": Item("hài lòng", role="other"), "nhóm": Item("nhóm", role="group")}
    items["thang mở"] = Item("thang mở", role="other")
    attributes = options.pop("attributes", ["nhân viên", "giá"])
    with pytest.raises(CxlabError) as caught:
        penalty_reward("hài lòng", attributes, Survey(data, Codebook(items=items)), **{"n_boot": 0} | options)
    assert caught.value.key == key
    assert "{" not in str(caught.value)


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(DataError):
        penalty_reward("hài lòng", "giá", rated().iloc[:0])


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_it_reads_in_both_languages(lang: Any) -> None:
    found = penalty_reward("overall", SIX, attentive(), split="sample", n_boot=50, seed=1)
    html = found.apa(lang).to_html(lang)
    assert "asymmetry." not in html + found.summary(lang)
    assert len(found.apa(lang).columns) <= 9  # more would not fit on a page: class sizes stand in a note
    row = found.table.iloc[0]
    assert f"{row['n_low']:.0f}/{row['n_mid']:.0f}/{row['n_high']:.0f}" in html
    assert len(found.plot(lang).axes) == 1
    assert found.cite()[0].key == "brandt_1987"
