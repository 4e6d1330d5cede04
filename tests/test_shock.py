"""Shocks and service recovery equal R's lm, NeweyWest, gls, vcovCL and t.test, and refuse what cannot be judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError
from cxlab.journey.recovery import service_recovery
from cxlab.journey.shock import shock
from cxlab.journey.shock_panel_result import PanelShock
from cxlab.journey.shock_result import Shock

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/carry_over.json").read_text())
SERIES, PANEL, CARE = (ORACLE[name] for name in ("shock", "panel", "recovery"))
EXACT = {"rel": 1e-8, "abs": 1e-10}
Y = pd.Series(SERIES["y"], name="score")
MONTHS = pd.date_range("2020-01-01", periods=len(Y), freq="MS").strftime("%Y-%m")
CASES = pd.DataFrame({name: CARE[name] for name in ("failed", "rating", "fair", "kind", "score", "w")}).astype(float)
ONE_GROUP = pd.DataFrame({"y": Y, "t": Y.index, "g": "a"})
BY_GROUP = {"at": 20, "value": "y", "time": "t", "group": "g"}
ASKED = {"outcome": "score", "failure": "failed", "recovery": "rating", "recovered": 5}


def key_of(call: Any) -> str:
    with pytest.raises(CxlabError) as caught:
        call()
    return caught.value.key.removeprefix("carry_over.")


def series(**settings: Any) -> Shock:
    found = shock(Y, at=SERIES["at"], **settings)
    assert isinstance(found, Shock)
    return found


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("newey_west", {"lags": 3}),
        ("ols", {"errors": "ols"}),
        ("season", {"season": 4, "lags": 2}),
    ],
)
def test_effects_equal_r(name: str, settings: dict[str, Any]) -> None:
    found = series(**settings).table
    assert found["effect"].tolist() == ["level", "slope", "last", "mean"]
    assert found["estimate"].tolist() == pytest.approx(SERIES[name]["est"], **EXACT)
    assert found["se"].tolist() == pytest.approx(SERIES[name]["se"], **EXACT)


def test_ar1_errors_equal_gls_with_restricted_likelihood() -> None:
    found, wanted = series(errors="ar1"), SERIES["ar1"]
    # nlme stops its search for phi at about 1e-6
    assert found.fit["phi"] == pytest.approx(wanted["phi"], abs=1e-5)
    assert found.table["estimate"].tolist() == pytest.approx(wanted["est"], rel=1e-5)
    assert found.table["se"].tolist() == pytest.approx(wanted["se"], rel=1e-5)


def test_recovery_time_and_fiellers_interval_equal_r() -> None:
    row = series(lags=3).recovery.iloc[0]
    assert [row["periods"], row["ci_lower"], row["ci_upper"]] == pytest.approx(SERIES["recovery"], rel=1e-6)
    assert row["verdict"] == ("recovered" if SERIES["recovery"][0] <= 19 else "under_way")


def test_a_control_series_takes_the_difference() -> None:
    frame = pd.concat([
        pd.DataFrame({"month": MONTHS, "score": SERIES["y"], "region": "south"}),
        pd.DataFrame({"month": MONTHS, "score": SERIES["control"], "region": "north"}),
    ]).sample(frac=1, random_state=1)  # fmt: skip
    at = MONTHS[SERIES["at"]]
    found = shock(frame, at={"storm": at}, value="score", time="month", group="region", control="north", lags=3)
    assert isinstance(found, Shock)
    assert found.effect["estimate"].tolist() == pytest.approx(SERIES["difference"]["est"], **EXACT)
    assert found.effect["se"].tolist() == pytest.approx(SERIES["difference"]["se"], **EXACT)
    assert found.series["label"].iloc[SERIES["at"]] == at
    course = found.series.dropna(subset=["counterfactual"])
    level = found.effect.set_index("effect")["estimate"]["level"]
    assert (course["fitted"] - course["counterfactual"]).iloc[0] == pytest.approx(level)


def test_two_shocks_are_told_apart_and_compared() -> None:
    t = np.arange(36.0)
    y = 5 + 0.1 * t + np.where(t >= 12, -2 + 0.1 * (t - 12), 0) + np.where(t >= 24, 0.5, 0)
    wiggle = np.tile([0.01, -0.01], 18)
    found = shock(pd.Series(y + wiggle), at={"crisis": 12, "upgrade": 24}, improvements="upgrade")
    assert isinstance(found, Shock)
    assert found.asymmetry is not None
    levels = found.table[found.table["effect"] == "level"]["estimate"].tolist()
    assert levels == pytest.approx([-2, 0.5], abs=0.05)
    # by hand: 2 taken less 0.5 given
    assert found.asymmetry["estimate"].iloc[0] == pytest.approx(1.5, abs=0.05)
    assert found.larger == "crises"
    last = found.table.set_index(["shock", "effect"])["estimate"]["crisis", "last"]
    assert last == pytest.approx(-2 + 0.1 * 11, abs=0.05)
    assert found.recovery["verdict"].tolist()[0] == "under_way"  # 20 periods, and the next shock came after 12


def test_gaps_count_in_the_trend_and_are_told() -> None:
    t = np.delete(np.arange(24.0), [4, 5])
    found = shock(
        pd.Series(1 + 0.5 * t + np.where(t >= 12, 3, 0) + np.tile([0.01, -0.01], 11), index=t), at=12, slope=False
    )
    assert isinstance(found, Shock)
    assert found.table["estimate"].iloc[0] == pytest.approx(3, abs=0.05)
    assert any(notice.key == "carry_over.uneven" for notice in found.warnings)
    assert len(found.recovery) == 0


def test_several_rows_a_period_are_averaged_and_told() -> None:
    frame = pd.DataFrame({"t": np.tile(np.arange(40), 2), "y": [*(Y + 1), *(Y - 1)]})
    found = shock(frame, at=SERIES["at"], value="y", time="t", lags=3)
    assert found.table["estimate"].tolist() == pytest.approx(SERIES["newey_west"]["est"], **EXACT)
    assert any(notice.key == "carry_over.averaged" for notice in found.warnings)


def test_a_panel_equals_clustered_errors_in_r() -> None:
    found = shock(cx.load_dataset("cx_panel"), value="fair", at=3, group="region", control="north")
    assert isinstance(found, PanelShock)
    rows = found.table
    assert rows["effect"].tolist() == ["mean", "wave", "wave"]
    assert rows["estimate"].tolist() == pytest.approx([PANEL["mean"], *PANEL["waves"]], **EXACT)
    assert rows["se"].tolist() == pytest.approx([PANEL["mean_se"], *PANEL["waves_se"]], **EXACT)
    before = found.before.iloc[0]
    assert [before["estimate"], before["se"]] == pytest.approx([PANEL["before"], PANEL["before_se"]], **EXACT)
    assert found.before_test is not None
    assert found.before_test["f"] == pytest.approx((PANEL["before"] / PANEL["before_se"]) ** 2)


def test_the_storm_of_the_simulated_panel_is_found_in_both_languages() -> None:
    found = shock(cx.load_dataset("cx_panel"), value="experience", at=3, group="region", control="north")
    assert isinstance(found, PanelShock)
    first, later = found.table["d"].tolist()[1:]
    assert first < -0.7
    assert first < later < 0
    for lang, word in (("en", "simulated"), ("vi", "mô phỏng")):
        assert word in found.summary(lang)
        assert word in found.apa(lang).to_html(lang).lower()
        assert found.plot(lang).axes


@pytest.mark.parametrize(
    ("data", "settings", "key"),
    [
        (pd.Series([1.0, 2.0, 3.0]), {"at": 1}, "too_few_around"),
        (Y, {"at": 60}, "shock_outside"),
        (Y, {"at": 0}, "shock_outside"),
        (Y, {"at": "x"}, "shock_time"),
        (Y, {"at": []}, "no_shock"),
        (Y, {"at": {"a": 20, "b": 19.5}}, "shocks_together"),
        (Y, {"at": 20, "improvements": "z"}, "unknown_shock"),
        (Y, {"at": 20, "season": 30}, "whole_between"),
        (Y, {"at": 20, "lags": -1}, "whole_between"),
        (Y, {"at": 20, "season": 20}, "too_many_terms"),
        (Y, {"at": 20, "errors": "hac"}, "analyses.unknown_option"),
        (Y * 0, {"at": 20}, "constant_series"),
        (pd.Series([], dtype=float), {"at": 1}, "analyses.no_rows"),
        (pd.Series(["a"] * 9), {"at": 4}, "analyses.not_numeric"),
        (pd.DataFrame({"y": Y}), {"at": 20}, "value_and_time"),
        (pd.DataFrame({"y": Y, "t": "abc"}), {"at": 20, "value": "y", "time": "t"}, "times"),
        (pd.DataFrame({"y": Y, "t": 1}), {"at": 20, "value": "yy", "time": "t"}, "analyses.unknown_columns"),
        (ONE_GROUP, BY_GROUP, "which_control"),
        (ONE_GROUP, {**BY_GROUP, "control": "a"}, "nobody_hit"),
        (ONE_GROUP, {**BY_GROUP, "control": "b"}, "no_control_rows"),
    ],
)  # fmt: skip
def test_a_series_that_cannot_tell_is_refused(data: Any, settings: dict[str, Any], key: str) -> None:
    assert key_of(lambda: shock(data, **settings)) == key


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"at": 5}, "panel_wave"),
        ({"at": 1}, "panel_first"),
        ({"at": 3, "control": "x"}, "panel_groups"),
        ({"at": 3, "group": None}, "panel_control"),
        ({"at": 3, "season": 4}, "panel_options"),
        ({"at": 3, "value": "experiance"}, "two_waves"),
    ],
)
def test_a_panel_that_cannot_tell_is_refused(settings: dict[str, Any], key: str) -> None:
    usual = {"value": "experience", "group": "region", "control": "north"}
    assert key_of(lambda: shock(cx.load_dataset("cx_panel"), **{**usual, **settings})) == key


def test_series_read_in_both_languages_and_cite() -> None:
    found = series()
    assert "Newey-West" in found.summary("vi")
    assert "bước nhảy" in found.apa("vi").to_html("vi")
    assert found.plot("vi").axes
    assert found.plot("en").axes
    assert "gijsenberg_2015" in {one.key for one in found.cite()}


def test_recovery_contrasts_equal_welchs_and_one_sided_tests_in_r() -> None:
    found = service_recovery(CASES, **ASKED, margin=CARE["margin"])
    for row, wanted in zip(found.table.to_dict("records"), CARE["contrasts"], strict=True):
        got = [row[name] for name in ("difference", "df", "pvalue", "ci_lower", "ci_upper", "p_equivalent")]
        order = [wanted[name] for name in ("difference", "df", "p")] + [*wanted["ci"], wanted["p_equivalent"]]
        assert got == pytest.approx(order, **EXACT)


def test_justice_equals_lm_with_hc3_among_those_with_a_failure() -> None:
    found = service_recovery(CASES, **ASKED, justice=["fair", "kind"])
    assert found.justice is not None
    assert found.justice.table["b"].tolist() == pytest.approx(CARE["justice"], **EXACT)
    assert found.justice.table["se"].tolist() == pytest.approx(CARE["justice_se"], **EXACT)


def test_weighted_means_equal_survey() -> None:
    means = service_recovery(CASES, **ASKED, weights="w").groups.set_index("group")["mean"]
    wanted = CARE["weighted"]
    assert [means["no_failure"], means["recovered"], means["not_recovered"]] == pytest.approx(
        [wanted["no"], wanted["good"], wanted["bad"]], **EXACT
    )


@pytest.mark.parametrize(
    ("lift", "verdict"), [(0.8, "paradox"), (-0.8, "worse"), (0.0, "restored")], ids=["above", "below", "same"]
)
def test_the_verdict_follows_the_numbers(lift: float, verdict: str) -> None:
    spread = np.linspace(-1, 1, 200)
    score = np.concatenate([spread, spread + lift, spread - 2])
    frame = pd.DataFrame({"f": np.repeat([0, 1, 1], 200), "r": np.repeat([np.nan, 1, 0], 200), "y": score})
    found = service_recovery(frame, outcome="y", failure="f", recovery="r", margin=0.3)
    assert found.verdict == verdict
    few = service_recovery(frame.iloc[::50], outcome="y", failure="f", recovery="r", margin=0.3)
    assert few.verdict == ("unclear" if verdict == "restored" else few.verdict)


def test_events_make_the_groups_by_the_rule_that_is_told() -> None:
    log = pd.DataFrame(
        [(c, t, s, v, o) for c, rows, o in (
            ("A", [("use", 2), ("support", 1)], 8), ("B", [("use", 1)], 7),
            ("C", [("use", -3), ("support", 2)], 9), ("D", [("use", -2), ("support", 3)], 8),
            ("E", [("use", -2), ("support", -1)], 3), ("F", [("support", 2), ("use", -3), ("support", -2)], 2),
            ("G", [("use", -3)], 4), ("H", [("support", 3), ("use", -3)], 5))
         for t, (s, v) in enumerate(rows)],
        columns=["customer", "time", "stage", "valence", "overall"],
    ).assign(touchpoint="x")  # fmt: skip
    found = service_recovery(cx.journey_events(log), outcome="overall", failure=-2, recovery="support", recovered=1)
    assert found.groups.set_index("group")[["n", "mean"]].to_dict("index") == {
        "no_failure": {"n": 2, "mean": 7.5}, "recovered": {"n": 2, "mean": 8.5},
        "not_recovered": {"n": 2, "mean": 2.5}, "unknown": {"n": 2, "mean": 4.5},
    }  # fmt: skip
    assert "−2" in found.summary("vi")
    assert found.plot("vi").axes


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"recovered": None}, "recovered_limit"),
        ({"recovered": 9}, "empty_group"),
        ({"failure": "rating", "recovery": "fair"}, "failure_codes"),
        ({"failure": -2.0}, "recovery_columns"),
        ({"outcome": "scor"}, "analyses.unknown_columns"),
        ({"margin": -1}, "margin"),
        ({"weights": [-1.0] * 240}, "weights.negative"),
        ({"justice": "x"}, "analyses.unknown_columns"),
        ({"level": 2}, "analyses.level_outside"),
    ],
)
def test_recovery_that_cannot_be_judged_is_refused(changes: dict[str, Any], key: str) -> None:
    assert key_of(lambda: service_recovery(CASES, **{**ASKED, **changes})) == key
    assert key_of(lambda: service_recovery(CASES.iloc[:0], **ASKED)) == "analyses.no_rows"
    flat = CASES.assign(score=CASES["failed"])
    assert key_of(lambda: service_recovery(flat, **ASKED)) == "flat_groups"


def test_events_ask_for_their_own_options() -> None:
    events = cx.journey_events(cx.load_dataset("journey_events"), on_problem="drop")
    usual = {"outcome": "overall", "failure": -2, "recovery": "support", "recovered": 1}
    assert key_of(lambda: service_recovery(events, **{**usual, "recovery": "repair"})) == "recovery_stage"
    assert key_of(lambda: service_recovery(events, **{**usual, "recovered": None})) == "recovery_events"
    assert key_of(lambda: service_recovery(events, **usual, justice="csat")) == "events_options"
