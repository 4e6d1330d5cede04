"""Necessary condition analysis: an independent computation in R, cases solved by hand, ties, and bad input."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cxlab as cx
from cxlab.analyses.nca import nca
from cxlab.errors import CxlabError
from cxlab.estimate.ceiling import Scope, hull, hull_zone, levels, zones

ORACLE = json.loads((Path(__file__).parent / "oracles" / "nca.json").read_text(encoding="utf-8"))
ECSI = """
image <~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
satisfaction <~ CUSA1 + CUSA2 + CUSA3
loyalty <~ CUSL1 + CUSL2 + CUSL3
satisfaction ~ image
loyalty ~ satisfaction
"""
# Peers (1,1), (2,2), (4,5); the case at (3,1) lies below, the last at the right edge.
TOY = pd.DataFrame({"care": [1, 2, 3, 4, 5], "loyal": [1, 2, 1, 5, 4]})


@pytest.fixture(scope="module")
def survey() -> Any:
    return cx.load_dataset("ecsi_mobile")


@pytest.fixture(scope="module")
def fit(survey: Any) -> Any:
    return cx.pls(ECSI, survey, modes="A")


def keys(found: Any) -> set[str]:
    return {notice.key for notice in found.warnings}


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: f"{case['x']}-{case['y']}-{case['scope'][0]}")
def test_zones_lines_and_bottlenecks_are_those_computed_in_r(case: dict[str, Any], survey: Any) -> None:
    ends = {case["x"]: case["scope"][:2], case["y"]: case["scope"][2:]}
    every = ("ce_fdh", "cr_fdh", "ce_vrs")
    found = nca(case["y"], case["x"], survey, ceilings=every, scope=ends, permutations=0)
    table = found.table.set_index("ceiling")
    for kind in every:
        assert table.loc[kind, "effect_size"] == pytest.approx(case[kind], abs=1e-10)
    line = table.loc["cr_fdh"]
    assert [line["intercept"], line["slope"]] == pytest.approx(case["line"], abs=1e-10)
    for name in ("accuracy", "condition_inefficiency", "outcome_inefficiency"):
        assert line[name] == pytest.approx(case[name], abs=1e-10)
    assert found.peers[["x", "y"]].to_numpy() == pytest.approx(np.array([case["peers"]["x"], case["peers"]["y"]]).T)
    assert found.peers["cases"].sum() == case["cases"]
    low, high = case["scope"][:2]
    for kind in ("ce_fdh", "cr_fdh"):
        rows = found.bottleneck(kind, x="actual").table
        theirs = np.array([np.nan if one is None else one for one in case["needed"][kind]], dtype=float)
        assert rows["outcome"].to_numpy() == pytest.approx(case["wanted"])
        status = np.where(theirs <= low + 1e-9, "not_necessary", "necessary")
        status = np.where(np.isnan(theirs) | (theirs > high + 1e-9), "out_of_reach", status)
        assert rows["status"].tolist() == status.tolist()
        kept = status == "necessary"
        assert rows["required"].to_numpy()[kept] == pytest.approx(theirs[kept], abs=1e-10)


@pytest.mark.parametrize("case", ORACLE["cases"][:3], ids=lambda case: case["x"])
def test_corners_counted_by_their_cases_turn_the_line_as_in_rs_nca(case: dict[str, Any], survey: Any) -> None:
    ends = {case["x"]: case["scope"][:2], case["y"]: case["scope"][2:]}
    line = nca(case["y"], case["x"], survey, ceilings="cr_fdh", scope=ends, peers="cases", permutations=0).table.iloc[0]
    assert line["effect_size"] == pytest.approx(case["cr_fdh_cases"], abs=1e-10)
    assert [line["intercept"], line["slope"]] == pytest.approx(case["line_cases"], abs=1e-10)


def test_the_permutation_test_agrees_with_2000_permutations_in_r(survey: Any) -> None:
    theirs = ORACLE["test"]
    row = nca(theirs["y"], theirs["x"], survey, ceilings="ce_fdh", permutations=4000, seed=1).table.iloc[0]
    assert row["effect_size"] == pytest.approx(theirs["effect"], abs=1e-10)
    # standard error of the difference of two shares
    error = np.sqrt(theirs["p"] * (1 - theirs["p"]) * (1 / 2000 + 1 / 4000))
    assert row["pvalue"] == pytest.approx(theirs["p"], abs=4 * error + 1e-4)


def test_the_toy_case_is_what_the_hand_computes() -> None:
    found = nca("loyal", "care", TOY, ceilings=("ce_fdh", "cr_fdh", "ce_vrs"), permutations=0).table
    # steps: 1 x 4 + 2 x 3 of 16; hull: (2, 2) lies below the line from (1, 1) to (4, 5), so 3 x 4 / 2
    slope = (57 / 9) / (42 / 9)
    enters, leaves = (1 - (8 / 3 - slope * 7 / 3)) / slope, (5 - (8 / 3 - slope * 7 / 3)) / slope
    expected = [10 / 16, ((enters - 1) * 4 + (leaves - enters) * 4 / 2) / 16, 6 / 16]
    assert found["effect_size"].tolist() == pytest.approx(expected)
    assert found["condition_inefficiency"].tolist() == pytest.approx([1 / 4, (5 - leaves) / 4, 1 / 4])
    assert found["zone"].iloc[0] == pytest.approx(10)
    assert found["pvalue"].isna().all()


def test_p_is_exact_where_all_permutations_can_be_listed() -> None:
    x, y = np.array([1.0, 2.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0, 4.0])
    scope, own = Scope(1, 4, 1, 4), levels(x)
    every = zones(own, np.array(list(permutations(y))), scope, ("ce_fdh",), "points")[:, 0] / 9
    exact = (every >= every[0] - 1e-9).mean()
    found = nca("y", "x", pd.DataFrame({"x": x, "y": y}), ceilings="ce_fdh", permutations=6000, seed=2).table.iloc[0]
    assert found["pvalue"] == pytest.approx(exact, abs=0.02)


def test_the_theoretical_scope_counts_what_nobody_answered() -> None:
    found = nca("loyal", "care", TOY, ceilings="ce_fdh", scope={"care": (0, 5), "loyal": (1, 6)}, permutations=0)
    # left of the first case all 5; above it 5 and 4 x 2; then 1 x 1 above the highest outcome
    assert found.table["zone"].item() == pytest.approx(5 + 5 + 8 + 1)
    assert found.table["scope"].item() == 25
    table = found.bottleneck(levels=[0, 20, 100]).table
    assert table["status"].tolist() == ["necessary", "necessary", "out_of_reach"]
    assert table["shown"].tolist()[:2] == pytest.approx([20, 40])


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=4, max_size=25))
def test_ties_and_the_order_of_rows_change_nothing(pairs: list[tuple[int, int]]) -> None:
    values = np.array(pairs, dtype=float)
    x, y = values.T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    scope = Scope(x.min(), x.max(), y.min(), y.max())
    cells = [(a, b) for a in range(1, 6) for b in range(1, 6)]
    # by counting: a unit cell lies in the empty zone if no case is as far left and as high
    counted = 0
    for a, b in cells:
        inside = scope.x_low <= a < scope.x_high and scope.y_low <= b < scope.y_high
        counted += inside and not ((x <= a) & (y > b)).any()
    kinds: Any = ("ce_fdh", "cr_fdh", "ce_vrs")
    own = zones(levels(x), y[None], scope, kinds, "points")[0]
    assert own[0] == pytest.approx(counted)
    assert own[2] <= own[0] + 1e-9
    turned = zones(levels(x[::-1]), y[::-1][None], scope, kinds, "points")[0]
    assert turned == pytest.approx(own)
    twice = zones(levels(np.tile(x, 2)), np.tile(y, 2)[None], scope, kinds, "points")[0]
    assert twice == pytest.approx(own)


def test_the_hull_passes_over_peers_that_lie_below_it() -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 1.5], [4.0, 4.0]])
    assert hull(points).tolist() == [[0, 0], [1, 1], [4, 4]] or hull(points).tolist() == [[0, 0], [4, 4]]
    assert hull_zone(hull(points), Scope(0, 4, 0, 4)) == pytest.approx(8)


def test_no_empty_corner_is_no_effect_and_said() -> None:
    data = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6], "y": [6, 1, 2, 3, 4, 5]})
    found = nca("y", "x", data, permutations=99, seed=1)
    assert found.table["effect_size"].tolist() == [0, 0]
    assert found.table["pvalue"].tolist() == [1, 1]
    assert not found.table["necessary"].any()
    assert "nca.no_ceiling" in keys(found)
    assert set(found.bottleneck("cr_fdh").table["status"]) == {"not_necessary"}


def test_a_case_that_makes_the_difference_is_named(survey: Any) -> None:
    found = nca("satisfaction", "image", survey, permutations=0)
    outliers = found.outliers()
    assert outliers["row"].iloc[0] == 220
    assert "nca.one_case" in keys(found)
    without = survey.data.drop(index=220)
    means = pd.DataFrame(
        {name: without.filter(like=stem).mean(axis=1) for name, stem in (("i", "IMAG"), ("s", "CUSA"))}
    )
    again = nca("s", "i", means, permutations=0).table["effect_size"]
    own = outliers[outliers["row"] == 220].set_index("ceiling")["without"]
    assert [own["ce_fdh"], own["cr_fdh"]] == pytest.approx(list(again))


def test_cases_below_the_bottleneck_are_counted() -> None:
    table = nca("loyal", "care", TOY, permutations=0).bottleneck(x="percentile", y="actual").table
    below = [(TOY["care"] < need).sum() for need in table["required"].fillna(-np.inf)]
    assert table["below"].tolist() == below == [0, 1, 3, 3]
    assert table["shown"].iloc[1:].tolist() == pytest.approx([20, 60, 60])
    assert np.isnan(table["shown"].iloc[0])


def test_scores_of_a_pls_model_are_on_a_scale_of_0_to_100(fit: Any, survey: Any) -> None:
    found = nca("loyalty", None, fit, permutations=99, seed=1)
    assert found.data.conditions == ("image", "satisfaction")
    assert found.data.frame.to_numpy().min() >= 0
    assert found.data.frame.to_numpy().max() <= 100
    item = nca("satisfaction", "IMAG1", fit, permutations=0).data.frame["IMAG1"]
    np.testing.assert_allclose(item, 100 * (survey.data["IMAG1"] - 1) / 9)
    wide = nca("loyalty", "image", fit, scope="theoretical", permutations=0)
    assert wide.data.ends["image"] == (0.0, 100.0)
    assert wide.table["scope"].iloc[0] == 10_000


def test_the_same_seed_deals_the_same_and_conditions_do_not_matter_to_each_other(survey: Any) -> None:
    options: dict[str, Any] = {"permutations": 199, "seed": 4}
    both = nca("CUSA1", ["CUEX1", "PERQ3"], survey, **options).table
    alone = nca("CUSA1", ["PERQ3"], survey, **options).table
    pd.testing.assert_frame_equal(both[2:].reset_index(drop=True), alone)


def test_many_permutations_take_little_time_and_reject_rarely_by_chance() -> None:
    random = np.random.default_rng(1)
    data = pd.DataFrame(random.integers(1, 8, size=(150, 12)), columns=list("abcdefghijkl"))
    table = nca("a", list("bcdefghijkl"), data, permutations=199, seed=1).table
    assert (table["pvalue"] <= 0.05).mean() < 0.25


def test_rows_with_gaps_are_left_out_and_told() -> None:
    data = TOY.assign(other=[1.0, None, 3.0, 4.0, 2.0])
    found = nca("loyal", ["care", "other"], data, permutations=0)
    assert found.n_obs == 4
    assert "analyses.rows_incomplete" in keys(found)


def test_it_shows_itself_in_both_languages(fit: Any) -> None:
    found = nca("loyalty", None, fit, ceilings=("ce_fdh", "cr_fdh", "ce_vrs"), permutations=99, seed=1)
    table = found.bottleneck()
    for lang in ("en", "vi"):
        for one in (found, table):
            assert one.summary(lang)
            assert one.apa(lang).to_html(lang)
            assert one.cite()
        assert len(found.plot(lang=lang).axes) == 2
    assert "Hình ảnh" in found.summary("vi")
    assert "điểm nghẽn" in table.summary("vi")


def test_names_in_vietnamese_and_twelve_rows_will_do() -> None:
    random = np.random.default_rng(3)
    data = pd.DataFrame({"hài lòng": random.integers(1, 6, 12), "giá cả": random.integers(1, 6, 12)})
    found = nca("hài lòng", "giá cả", data, permutations=49, seed=1)
    assert "giá cả" in found.summary()
    assert found.plot() is not None


@pytest.mark.parametrize(
    ("outcome", "conditions", "options", "key"),
    [
        ("loyal", "carre", {}, "analyses.unknown_columns"),
        ("loyal", "loyal", {}, "nca.outcome_is_condition"),
        ("loyal", [], {}, "nca.no_conditions"),
        ("loyal", None, {}, "nca.no_conditions"),
        ("loyal", "flat", {}, "analyses.constant_columns"),
        ("loyal", "words", {}, "analyses.not_numeric"),
        ("loyal", "care", {"ceilings": "cr_vrs"}, "analyses.unknown_option"),
        ("loyal", "care", {"ceilings": ()}, "analyses.unknown_option"),
        ("loyal", "care", {"peers": "all"}, "analyses.unknown_option"),
        ("loyal", "care", {"permutations": 5}, "nca.permutations"),
        ("loyal", "care", {"permutations": 99.0}, "nca.permutations"),
        ("loyal", "care", {"scope": "real"}, "analyses.unknown_option"),
        ("loyal", "care", {"scope": "theoretical"}, "nca.scope_lacking"),
        ("loyal", "care", {"scope": {"care": (1, 4)}}, "nca.outside_scope"),
        ("loyal", "care", {"scope": {"care": (7, 1)}}, "nca.scope_pair"),
        ("loyal", "care", {"scope": {"care": "1-7"}}, "nca.scope_pair"),
        ("loyal", "care", {"scope": {"caree": (1, 7)}}, "nca.scope_unknown"),
    ],
)
def test_what_cannot_be_analysed_is_told_why(outcome: str, conditions: Any, options: dict[str, Any], key: str) -> None:
    data = TOY.assign(flat=3, words=list("abcde"))
    with pytest.raises(CxlabError) as caught:
        nca(outcome, conditions, data, **{"permutations": 0, **options})
    assert caught.value.key == key


def test_empty_data_unknown_levels_and_unknown_panels_are_told(fit: Any, survey: Any) -> None:
    found = nca("loyal", "care", TOY, permutations=0)
    asked: list[tuple[Any, str]] = [
        (lambda: nca("loyal", "care", TOY.iloc[:0]), "analyses.no_rows"),
        (lambda: found.bottleneck("ce_vrs"), "analyses.unknown_option"),
        (lambda: found.bottleneck(x="share"), "analyses.unknown_option"),
        (lambda: found.bottleneck(levels=[120]), "nca.levels"),
        (lambda: found.bottleneck(levels=["high"]), "nca.levels"),
        (lambda: found.bottleneck(levels=[]), "nca.levels"),
        (lambda: found.plot("price"), "nca.unknown_condition"),
        (lambda: nca("Loyality", None, fit), "pls.unknown_target"),
        (lambda: nca("image", None, fit), "nca.nothing_leads"),
        (lambda: nca("satisfaction", "CUSA1", survey), "nca.item_of_construct"),
    ]
    for ask, key in asked:
        with pytest.raises(CxlabError) as caught:
            ask()
        assert caught.value.key == key
