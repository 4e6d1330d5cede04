"""The management loop: before-after tests, control charts and what-ifs equal R, and refuse what cannot be judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError
from cxlab.estimate.change import level_of, paired_share_change
from cxlab.estimate.control_limits import Limits, broken_rules, c4, change_point, d2, d3, lag_one
from cxlab.journey.before_after import before_after
from cxlab.journey.control_chart import control_chart
from cxlab.journey.what_if import what_if
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/management.json").read_text())
MEANS, PAIRED, SHARES, CHART, WHAT_IF = (ORACLE[name] for name in ("means", "paired", "shares", "chart", "what_if"))
EXACT = {"rel": 1e-9, "abs": 1e-11}
MODEL = """image =~ IMAG1 + IMAG2 + IMAG4
satisfaction =~ CUSA1 + CUSA2 + CUSA3
loyalty =~ CUSL1 + CUSL3
satisfaction ~ image
loyalty ~ satisfaction + image"""


@pytest.fixture(scope="module")
def survey() -> Survey:
    return cx.load_dataset("ecsi_mobile")


def key_of(call: Any) -> str:
    with pytest.raises(CxlabError) as caught:
        call()
    return caught.value.key.removeprefix("management.")


def test_two_waves_equal_welchs_test_in_r() -> None:
    row = before_after(MEANS["before"], MEANS["after"]).effect
    assert [row[name] for name in ("change", "se", "df", "statistic", "pvalue")] == pytest.approx(
        [MEANS[name] for name in ("change", "se", "df", "t", "p")], **EXACT
    )
    assert [row["ci_lower"], row["ci_upper"]] == pytest.approx(MEANS["ci"], **EXACT)


def test_difference_in_differences_equals_rs_interaction_with_hc2_errors() -> None:
    control = (MEANS["control_before"], MEANS["control_after"])
    row = before_after(MEANS["before"], MEANS["after"], control=control).effect
    assert [row["change"], row["se"]] == pytest.approx([MEANS["did"], MEANS["did_se"]], **EXACT)


def test_weighted_means_have_the_linearised_variance() -> None:
    found = level_of(np.array(MEANS["before"], float), np.array(MEANS["weights"]))
    assert [found.mean, found.variance] == pytest.approx([MEANS["weighted_mean"], MEANS["weighted_var"]], **EXACT)
    plain, even = (
        before_after(MEANS["before"], MEANS["after"], weights=w).effect for w in (None, ([2.0] * 40, [3.0] * 50))
    )
    assert even["ci_lower"] == pytest.approx(plain["ci_lower"])


def test_pairs_and_their_control_group_equal_r() -> None:
    row = before_after(PAIRED["before"], PAIRED["after"], paired=True).effect
    assert [row["change"], row["statistic"], row["pvalue"]] == pytest.approx(
        [PAIRED["change"], PAIRED["t"], PAIRED["p"]], **EXACT
    )
    frame = pd.DataFrame({"trước": PAIRED["before"], "sau": PAIRED["after"], "nhóm": PAIRED["treated"]})
    found = before_after("trước", "sau", data=frame, treated="nhóm").effect
    assert [found["change"], found["pvalue"]] == pytest.approx([PAIRED["did"], PAIRED["did_p"]], **EXACT)
    assert [found["ci_lower"], found["ci_upper"]] == pytest.approx(PAIRED["did_ci"], **EXACT)


def test_shares_equal_rs_tests_and_the_published_intervals() -> None:
    waves = [np.repeat([1, 0], [k, n - k]) for k, n in (SHARES["before"], SHARES["after"])]
    row = before_after(*waves).effect
    assert row["method"] == "newcombe"
    assert row["pvalue"] == pytest.approx(SHARES["p"], **EXACT)
    assert [row["ci_lower"], row["ci_upper"]] == pytest.approx(SHARES["ci"], **EXACT)
    won, lost, n = (SHARES["pairs"][name] for name in ("won", "lost", "n"))
    before = np.r_[np.zeros(won), np.ones(lost), np.ones(n - won - lost)]
    after = np.r_[np.ones(won), np.zeros(lost), np.ones(n - won - lost)]
    pairs = paired_share_change(before, after, 0.95)
    assert pairs.pvalue == pytest.approx(SHARES["mcnemar"], **EXACT)
    assert [pairs.ci_lower, pairs.ci_upper] == pytest.approx(SHARES["pair_ci"], **EXACT)


def test_a_change_without_control_and_groups_that_start_apart_are_pointed_out() -> None:
    alone = before_after([1, 2, 3, 4], [2, 3, 4, 6])
    assert "management.no_control" in [notice.key for notice in alone.warnings if notice.serious]
    apart = before_after([1, 2, 1, 2] * 10, [2, 3] * 20, control=([8, 9] * 20, [8, 9] * 20))
    assert "management.baseline_gap" in [notice.key for notice in apart.warnings if notice.serious]


@pytest.mark.parametrize(
    ("arguments", "settings", "key"),
    [
        (([1], [2, 3]), {}, "wave_too_short"),
        (([5, 5, 5], [5, 5]), {}, "no_variation"),
        (([1, 2, 3], [1, 2]), {"paired": True}, "pairs_length"),
        ((["a", "b"], [1, 2]), {}, "wave_not_numbers"),
        (("a", "b"), {}, "names_without_data"),
        (([1, 2], [3, 4]), {"kind": "proportion"}, "share_codes"),
        (([1, 2], [3, 5]), {"control": ([1, 2],)}, "control_pair"),
        (([1, 2], [3, 5]), {"weights": [1, 1, 1]}, "weights_pair"),
        (([1, 2], [3, 5]), {"treated": "x"}, "treated_without_data"),
        (([], []), {}, "wave_too_short"),
    ],
)
def test_waves_that_cannot_be_compared_say_why(arguments: Any, settings: dict[str, Any], key: str) -> None:
    assert key_of(lambda: before_after(*arguments, **settings)) == key


def test_names_and_codes_of_a_panel_are_checked() -> None:
    frame = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 3, 3, 5], "g": [1, 2, 1, 2]})
    assert key_of(lambda: before_after("a", "b", data=frame, treated="g")) == "treated_codes"
    assert key_of(lambda: before_after("a", "c", data=frame)) == "analyses.unknown_columns"
    assert key_of(lambda: before_after(frame["a"], frame["b"], data=frame)) == "names_with_data"


def test_missing_answers_leave_in_pairs_and_are_counted() -> None:
    found = before_after([1, 2, np.nan, 4, 5], [2, 2, 3, 5, np.nan], paired=True)
    assert found.effect["n_before"] == 3
    assert next(one for one in found.warnings if one.key == "analyses.rows_incomplete").values["dropped"] == 2


def test_constants_equal_the_distribution_of_the_range_in_r() -> None:
    for place, n in enumerate(CHART["n"]):
        assert c4(n) == pytest.approx(CHART["c4"][place], rel=1e-10)
        assert d2(n) == pytest.approx(CHART["d2"][place], rel=1e-7)  # ptukey keeps about eight digits
        assert d3(n) == pytest.approx(CHART["d3"][place], rel=1e-6)


def test_individuals_have_limits_from_the_moving_ranges_of_the_baseline() -> None:
    chart = control_chart(CHART["values"], baseline=20)
    assert chart.table["centre"][0] == pytest.approx(CHART["mean20"])
    assert chart.table["upper"][0] == pytest.approx(CHART["mean20"] + 3 * CHART["sigma20"], rel=1e-7)
    assert chart.spread["baseline"].sum() == 20


@pytest.mark.parametrize(
    ("spread", "sigma", "upper"), [("sd", "xbar_sd", "s_upper"), ("range", "xbar_range", "r_upper")]
)
def test_means_of_subgroups_equal_qccs_formulas(spread: str, sigma: str, upper: str) -> None:
    chart = control_chart(CHART["groups"], kind="xbar", spread=spread)
    assert chart.table["centre"][0] == pytest.approx(CHART["xbar_mean"])
    assert chart.table["sigma"][0] == pytest.approx(CHART[sigma] / np.sqrt(5), rel=1e-7)
    assert chart.spread["upper"][0] == pytest.approx(CHART[upper], rel=1e-6)


def test_subgroups_by_name_are_those_of_the_table() -> None:
    flat = np.ravel(CHART["groups"])
    weeks = np.repeat([f"tuần {k}" for k in range(12)], 5)
    named = control_chart(flat, kind="xbar", subgroup=weeks)
    assert named.table["value"].tolist() == pytest.approx(control_chart(CHART["groups"], kind="xbar").table["value"])
    assert named.table["label"][11] == "tuần 11"


@pytest.mark.parametrize(("kind", "upper"), [("p", "p_upper"), ("u", "u_upper")])
def test_shares_and_rates_have_limits_of_their_own_size(kind: Any, upper: str) -> None:
    chart = control_chart(CHART["counts"], kind=kind, size=CHART["size"])
    assert chart.table["upper"].tolist() == pytest.approx(CHART[upper], **EXACT)
    assert (chart.table["lower"] >= 0).all()


def test_the_change_point_and_autocorrelation_equal_rs() -> None:
    values = np.array(CHART["values"])
    found = change_point(values)
    assert found.last_before == CHART["pettitt_k"] - 1
    assert [found.statistic, found.pvalue] == pytest.approx([CHART["pettitt"], CHART["pettitt_p"]], **EXACT)
    assert lag_one(values) == pytest.approx(CHART["lag1"], **EXACT)
    whole = control_chart(values)
    assert "management.baseline_changed" in [notice.key for notice in whole.warnings if notice.serious]


# Each pattern is made by hand: the rule fires at its last point and nowhere before.
PATTERNS = {
    "two_of_three": ([0, 0, 2.2, 0, 2.4], [4], "western_electric"),
    "four_of_five": ([0, 1.2, 1.3, 0, 1.4, 1.1], [5], "western_electric"),
    "run_8": ([-0.1, *[0.5] * 9], [8, 9], "western_electric"),
    "run_9": ([-0.1, *[0.5] * 10], [9, 10], "nelson"),
    "trend_6": ([0, -0.5, -0.3, 0, 0.2, 0.4, 0.6], [6], "nelson"),
    "zigzag_14": ([0.4 * (-1) ** k for k in range(15)], [13, 14], "nelson"),
    "near_15": ([1.5, *[0.3, -0.4] * 8], [15, 16], "nelson"),
    "far_8": ([1.2, -1.4] * 4 + [0.1], [7], "nelson"),
}


@pytest.mark.parametrize("rule", PATTERNS)
def test_each_rule_fires_at_the_end_of_its_pattern(rule: str) -> None:
    z, places, rules = PATTERNS[rule]
    points, one = np.array(z, float), np.ones(len(z))
    flags = broken_rules(Limits(points, 0.0, one, -3 * one, 3 * one), rules)[rule]  # type: ignore[arg-type]
    assert np.flatnonzero(flags).tolist() == places


@pytest.mark.parametrize(
    ("values", "settings", "key"),
    [
        ([7, 8, 6], {}, "too_few_points"),
        ([7.0] * 12, {}, "constant_series"),
        ([1, 2] * 5 + [np.nan], {}, "series_gaps"),
        (["a"] * 12, {}, "series_not_numbers"),
        ([1, 2] * 6, {"baseline": 3}, "baseline_number"),
        ([1, 2] * 6, {"baseline": [True] * 5}, "baseline_flags"),
        ([1, 2] * 6, {"labels": ["x"]}, "labels_length"),
        ([1, 2] * 6, {"kind": "xbar"}, "subgroup_needed"),
        ([1, 2] * 6, {"kind": "xbar", "subgroup": range(12)}, "subgroup_alone"),
        ([1, 2] * 6, {"kind": "xbar", "subgroup": [1]}, "subgroup_length"),
        ([1, 2] * 6, {"kind": "p"}, "size_needed"),
        ([1, 2] * 6, {"kind": "p", "size": [5]}, "size_length"),
        ([1, 20] * 6, {"kind": "p", "size": 10}, "counts_above_size"),
        ([1, -2] * 6, {"kind": "u", "size": 10}, "counts_negative"),
        ([0.1, 0.2] * 6, {"kind": "p", "size": 10}, "counts_whole"),
        ([1, 2] * 6, {"kind": "p", "size": 0}, "size_zero"),
        ([0] * 12, {"kind": "p", "size": 10}, "constant_series"),
        ([1, 2] * 6, {"kind": "c"}, "analyses.unknown_option"),
        ([1, 2] * 6, {"rules": "mine"}, "analyses.unknown_option"),
    ],
)
def test_series_that_cannot_be_charted_say_why(values: Any, settings: dict[str, Any], key: str) -> None:
    assert key_of(lambda: control_chart(values, **settings)) == key


def test_what_if_of_a_regression_is_rs_prediction_with_one_variable_raised(survey: Survey) -> None:
    formula = "CUSL1 ~ CUSA1 * CUSA2 + log(PERV1) + I(IMAG1^2)"
    fit = cx.regress(formula, survey)
    changes = {"CUSA1": 1, "PERV1": 2, "IMAG1": -1}
    found = what_if(fit, changes, data=survey, n_boot=100, seed=1).table.set_index("driver")
    for name, gain in WHAT_IF["regression"].items():
        assert found["gain"][name] == pytest.approx(gain, rel=1e-8)


def test_what_if_of_a_structural_model_does_not_depend_on_how_it_was_scaled(survey: Survey) -> None:
    found = [
        what_if(cx.sem(MODEL, survey, std_lv=scaled), ["image", "satisfaction"], target="loyalty", n_boot=100, seed=1)
        for scaled in (False, True)
    ]
    for one in found:
        gain = one.table.set_index("driver")["gain"]
        # lavaan's search ends where its gradient is about 1e-5
        assert gain.to_dict() == pytest.approx(WHAT_IF["sem"], rel=1e-3)
        assert one.table.set_index("driver")["raised"]["image"] == pytest.approx(WHAT_IF["raised"])


def test_what_if_of_pls_is_the_importance_times_the_raise(survey: Survey) -> None:
    fit = cx.pls(MODEL.replace("=~", "<~"), survey)
    found = what_if(fit, {"image": 0.5, "satisfaction": 1}, target="loyalty", n_boot=100, seed=1).table
    importance = fit.ipma("loyalty").table.set_index("construct")["importance"]
    for row in found.to_dict("records"):
        assert row["gain"] == pytest.approx(importance[row["driver"]] * row["raised"])
        assert row["ci_lower"] < row["gain"] < row["ci_upper"]


def test_a_weighted_regression_needs_its_weights_and_gives_its_coefficient(survey: Survey) -> None:
    weights = np.tile([0.5, 1.0, 2.0, 1.5, 1.0], 50)
    fit = cx.regress("loyalty ~ center(image) + scale(satisfaction)", survey, weights=weights)
    settings = {"data": survey, "n_boot": 100, "seed": 1, "ends": {"image": (-100, 100)}}
    row = what_if(fit, {"image": 2}, weights=weights, **settings).table.iloc[0]
    assert row["gain"] == pytest.approx(2 * fit.table["b"][1])
    assert key_of(lambda: what_if(fit, {"image": 2}, **settings)) == "other_data"


def test_a_standardised_regression_answers_in_points(survey: Survey) -> None:
    plain, z = (cx.regress("loyalty ~ image", survey, standardise=one) for one in (False, True))
    gains = [what_if(fit, ["image"], data=survey, n_boot=100, seed=1).table["gain"][0] for fit in (plain, z)]
    assert gains[0] == pytest.approx(gains[1])


def test_nobody_is_raised_beyond_the_scale(survey: Survey) -> None:
    fit = cx.regress("CUSL1 ~ CUSA1 + PERV1", survey)
    row = what_if(fit, {"CUSA1": 20}, data=survey, n_boot=100, seed=1).table.iloc[0]
    assert row["raised"] == pytest.approx(10 - row["current"])
    assert row["at_ceiling"] == 1.0
    free = what_if(fit, {"CUSA1": 20}, data=survey, n_boot=100, seed=1, ends={"CUSA1": (0, 100)}).table.iloc[0]
    assert free["raised"] == pytest.approx(20)


def test_cost_decides_the_order_and_its_uncertainty_widens_the_interval(survey: Survey) -> None:
    fit = cx.regress("loyalty ~ image + satisfaction", survey)
    cheap = what_if(fit, ["image", "satisfaction"], data=survey, n_boot=200, seed=2,
                    cost={"image": 1, "satisfaction": 50})  # fmt: skip
    assert cheap.table["driver"].tolist() == ["image", "satisfaction"]
    assert cheap.table["p_best"].sum() == pytest.approx(1.0)
    wide = what_if(fit, ["image"], data=survey, n_boot=200, seed=2, cost={"image": (0.2, 1.8)}).table.iloc[0]
    sure = what_if(fit, ["image"], data=survey, n_boot=200, seed=2, cost={"image": 1}).table.iloc[0]
    assert wide["per_cost_upper"] - wide["per_cost_lower"] > sure["per_cost_upper"] - sure["per_cost_lower"]


def test_the_same_seed_gives_the_same_answer_and_causes_are_never_claimed(survey: Survey) -> None:
    fit = cx.regress("loyalty ~ image + satisfaction", survey)
    one, two = (what_if(fit, ["image"], data=survey, n_boot=100, seed=7) for _ in range(2))
    assert one.table.equals(two.table)
    assert one.warnings[0].key == "management.what_if_causal"
    assert one.warnings[0].serious


@pytest.mark.parametrize(
    ("changes", "settings", "key"),
    [
        ({"image": 1}, {"cost": {"image": 0}}, "cost_value"),
        ({"image": 1}, {"cost": {"image": -2}}, "cost_value"),
        ({"image": 1}, {"cost": {"value": 2}}, "cost_names"),
        ({"imgae": 1}, {}, "unknown_driver"),
        ({"image": 0}, {}, "change_zero"),
        ({}, {}, "no_changes"),
        ({"image": 1}, {"target": "image"}, "other_target"),
        ({"image": 1}, {"n_boot": 5}, "few_resamples"),
        ({"image": 1}, {"data": None}, "what_if_data"),
    ],
)
def test_what_ifs_that_make_no_sense_are_refused(
    survey: Survey, changes: Any, settings: dict[str, Any], key: str
) -> None:
    fit = cx.regress("loyalty ~ image + satisfaction", survey)
    given = {"data": survey, "n_boot": 100, "seed": 1} | settings
    assert key_of(lambda: what_if(fit, changes, **given)) == key


def test_models_that_cannot_answer_say_why(survey: Survey) -> None:
    fit = cx.regress("loyalty ~ image", survey)
    half = survey.data.iloc[:100]
    assert key_of(lambda: what_if(cx.regress("CUSL1 ~ IMAG1", half), ["IMAG1"], data=survey)) == "other_data"
    assert key_of(lambda: what_if("model", ["image"])) == "what_if_fit"
    pls = cx.pls(MODEL.replace("=~", "<~"), survey)
    assert key_of(lambda: what_if(pls, ["image"])) == "what_if_target"
    assert key_of(lambda: what_if(pls, ["imag"], target="loyalty")) == "unknown_construct"
    assert key_of(lambda: what_if(pls, ["loyalty"], target="satisfaction")) == "no_route"
    assert isinstance(fit.formula, str)


def test_results_show_in_both_languages(survey: Survey) -> None:
    fit = cx.regress("loyalty ~ image + satisfaction", survey)
    for result in (
        before_after(MEANS["before"], MEANS["after"], control=(MEANS["control_before"], MEANS["control_after"])),
        control_chart(CHART["values"], baseline=20, rules="nelson"),
        control_chart(CHART["counts"], kind="p", size=CHART["size"]),
        what_if(fit, ["image", "satisfaction"], data=survey, n_boot=100, seed=1, cost={"image": 2, "satisfaction": 3}),
    ):
        assert result.summary("en") != result.summary("vi")
        assert result._repr_html_()
        assert result.apa("vi").to_html("vi")
        assert result.cite()
        assert result.plot("vi").axes
