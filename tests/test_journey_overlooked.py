"""What a log hides at first sight: time zones, spaces, letter forms, days that look like months, orders of rows."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.errors import DataError
from cxlab.i18n import language
from cxlab.journey.control_chart import control_chart
from cxlab.journey.equity import customer_equity
from cxlab.journey.events import journey_events
from cxlab.journey.funnel import funnel
from cxlab.journey.networks_forms import compare_networks
from cxlab.journey.purchases import purchase_history
from cxlab.journey.retention import bg_nbd
from cxlab.journey.shock import shock
from cxlab.journey.summaries import journey_summaries
from cxlab.journey.transitions import transitions
from cxlab.journey.what_if_parts import held_back


def log(**columns: Any) -> pd.DataFrame:
    rows = {"customer": ["A", "A", "B", "B"], "time": [1, 2, 3, 4], "stage": ["awareness", "buying"] * 2}
    return pd.DataFrame(rows | {"touchpoint": ["x", "y", "x", "y"], "valence": [1, 2, -1, 3]} | columns)


def keys(found: Any) -> set[str]:
    return {one.key for one in found.warnings}


def test_a_stage_that_is_not_shown_counts_for_the_reach_of_those_before_it() -> None:
    journeys = {"A": ["awareness", "buying", "use"], "B": ["awareness", "use"], "C": ["discovery"], "D": ["advocacy"]}
    rows = [(who, k, stage, "x") for who, stages in journeys.items() for k, stage in enumerate(stages)]
    events = journey_events(pd.DataFrame(rows, columns=["customer", "time", "stage", "touchpoint"]))
    whole = funnel(events, quiet=None).table.set_index("stage")["reached"]
    part = funnel(events, ["awareness", "discovery", "buying"], quiet=None).table.set_index("stage")
    assert part["reached"].to_dict() == {"awareness": 4, "discovery": 4, "buying": 3}
    assert (part["reached"] == whole[part.index]).all()
    assert part["visited"].to_dict() == {"awareness": 2, "discovery": 1, "buying": 1}


def test_times_of_several_zones_are_put_in_the_order_of_the_world() -> None:
    # 10:00 in Hà Nội is 03:00 in world time, an hour before 04:00
    times = ["2024-01-01T10:00+07:00", "2024-01-01T04:00+00:00", "2024-01-03T00:00Z", "2024-01-04T00:00+07:00"]
    found = journey_events(log(time=times, touchpoint=["first", "second", "x", "y"]))
    assert found.frame["touchpoint"].tolist()[:2] == ["first", "second"]
    assert "journey.times_zones" in keys(found)
    mixed = journey_events(log(time=[*times[:3], "2024-01-04T00:00"]))
    assert "journey.times_clock" in keys(mixed)
    short = [f"2024-01-01 10:00:00{zone}" for zone in ("+07", "+00", "-05", "Z")]
    assert "journey.times_zones" in keys(journey_events(log(customer="A", time=short)))
    forms = [f"2024/03/31 10:00:00 AM GMT+{k}" for k in (7, 8, 7, 8)]
    assert "journey.times_clock" in keys(journey_events(log(time=forms)))
    one = journey_events(log(time=[f"2024-01-0{k}T10:00+07:00" for k in range(1, 5)]))
    assert not {"journey.times_zones", "journey.times_clock"} & keys(one)


def test_a_customer_is_the_same_with_a_space_or_in_another_letter_form() -> None:
    composed = "Thúy"
    split = unicodedata.normalize("NFD", composed)
    found = journey_events(log(customer=[composed, split, "B", "B "], touchpoint=["Cửa hàng", "Cửa hàng ", "x", "y"]))
    assert found.n_customers == 2
    assert set(found.frame["touchpoint"]) == {"Cửa hàng", "x", "y"}
    assert "journey.customers_alike" in keys(found)
    assert found.frame["step"].tolist() == [1, 2, 1, 2]
    assert len(found.where(customer=split)) == 2
    case = journey_events(log(customer=["anna", "Anna", "B", "B"]))
    assert case.n_customers == 3
    assert "journey.customers_case" in keys(case)


@pytest.mark.parametrize("asked", ["NFC", "NFD"])
@pytest.mark.parametrize("given", ["NFC", "NFD"])
def test_a_column_of_the_source_is_met_in_any_letter_form(given: Any, asked: Any) -> None:
    city, other = unicodedata.normalize(given, "Thúy"), unicodedata.normalize(asked, "Thúy")
    assert len(journey_events(log(city=[city, city, "x", None])).where(city=other)) == 2


def test_a_table_of_customers_is_joined_by_the_same_names() -> None:
    rng = np.random.default_rng(1)
    ids = [f"k{k}" for k in range(40)]
    rows = [(who, t, "use", "x", rng.integers(1, 6)) for who in ids for t in (1, 2)]
    events = journey_events(pd.DataFrame(rows, columns=["customer", "time", "stage", "touchpoint", "valence"]))
    table = pd.DataFrame({"customer": [f"{one} " for one in ids], "overall": rng.normal(size=40)})
    assert len(journey_summaries(events, "overall", table, rules=["mean", "last"], n_boot=20).customers) == 40


def test_long_numbers_of_touchpoints_stay_apart() -> None:
    found = journey_events(log(touchpoint=[1234567.0, 1234568.0, np.nan, 2.5]), on_problem="drop")
    assert found.frame["touchpoint"].tolist() == ["1234567", "1234568", "2.5"]


def test_moves_that_a_coarser_coding_loses_are_counted_within_customers() -> None:
    stages = ["awareness", "discovery", "buying", "awareness", "use", "support"]
    rows = {"customer": list("AAABBB"), "time": [1, 2, 3] * 2, "stage": stages, "touchpoint": list("xyyxyy")}
    part = journey_events(pd.DataFrame(rows)).where(touchpoint="y")
    # what stays is discovery → buying of A (before and at purchase) and use → support of B (both after it)
    told = next(one for one in part.recoded("three").warnings if one.key == "journey.moves_lost")
    assert told.values == {"lost": 1, "moves": 2}


def test_an_unknown_stage_shows_vietnamese_readers_vietnamese_labels() -> None:
    with language("vi"), pytest.raises(DataError, match=r"buying \("):
        journey_events(log(stage=["Nhận thức xa", "buying", "use", "use"]))


def days(first: int, second: int) -> pd.DataFrame:
    texts = [f"{day:02d}/{month:02d}/2024" for month in range(1, 13) for day in (first, second)]
    return pd.DataFrame({"day": texts, "y": np.r_[np.arange(12.0), np.arange(12.0) + 9] + np.tile([0, 1], 12)})


def test_days_and_months_of_a_series_are_not_mixed_up() -> None:
    found = shock(days(5, 20), value="y", time="day", at="2024-07-05")
    assert found.series["label"].tolist()[:3] == ["2024-01-05", "2024-01-20", "2024-02-05"]
    for table, at, key in (
        (days(5, 9), "2024-07-05", "journey.times_ambiguous"),
        (days(5, 20), "05/07/2024", "carry_over.shock_day"),
    ):
        with pytest.raises(DataError) as error:
            shock(table, value="y", time="day", at=at)
        assert error.value.key == key
    assert shock(days(5, 20), value="y", time="day", at="20/07/2024").shocks == {"20/07/2024": 13}


def test_a_series_with_time_zones_is_read_by_its_clock() -> None:
    times = [f"2024-01-{day:02d}T08:00{zone}" for day, zone in zip(range(1, 21), ["+07:00", "Z"] * 10, strict=True)]
    table = pd.DataFrame({"t": times, "y": np.r_[np.arange(10.0) % 3, np.arange(10.0) % 3 + 5]})
    for at in ("2024-01-11", pd.Timestamp("2024-01-11", tz="UTC")):
        assert shock(table, value="y", time="t", at=at).series["label"].iloc[0] == "2024-01-01 08:00"


@pytest.mark.parametrize("zones", [["Z"] * 4, ["+07:00", "Z", "Z", "+07:00"]])
@pytest.mark.parametrize("end", ["2024-05-01", pd.Timestamp("2024-05-01", tz="UTC")])
def test_purchases_with_time_zones_are_days_of_their_clock(zones: list[str], end: Any) -> None:
    clocks = ["2024-01-01T23:00", "2024-02-01T04:00", "2024-01-03T00:00", "2024-04-04T00:00"]
    times = [clock + zone for clock, zone in zip(clocks, zones, strict=True)]
    found = purchase_history(pd.DataFrame({"who": ["a", "a ", "b", "b"], "t": times}), "who", "t", end=end, unit="day")
    assert found.to_numpy().tolist() == [[1, 31, 121], [1, 92, 119]]


SCORES = list(np.random.default_rng(1).normal(size=30).round(2))


@pytest.mark.parametrize("name", [lambda k: k, lambda k: f"2024-01-{k:02d}", lambda k: f"2024-{k:02d}", str])
def test_subgroups_of_dates_or_numbers_stand_in_their_order_and_that_is_told(name: Any) -> None:
    backwards = [name(k) for k in range(10, 0, -1)] * 3
    found = control_chart(SCORES, kind="xbar", subgroup=backwards)
    assert found.table["label"].tolist() == [str(name(k)) for k in range(1, 11)]
    assert found.table["value"].iloc[0] == pytest.approx(np.mean(SCORES[9::10]))
    assert "management.subgroups_sorted" in keys(found)
    forwards = control_chart(SCORES, kind="xbar", subgroup=[name(k) for k in range(1, 11)] * 3)
    assert not {"management.subgroups_sorted", "management.subgroups_as_met"} & keys(forwards)
    for options in ({"labels": list("abcdefghij")}, {"baseline": [True] * 10}):
        with pytest.raises(DataError) as error:
            control_chart(SCORES, kind="xbar", subgroup=backwards, **options)  # type: ignore[arg-type]
        assert error.value.key == "management.subgroups_unordered"


def test_subgroups_with_other_names_stand_as_met_and_that_is_told() -> None:
    found = control_chart(SCORES, kind="xbar", subgroup=[f"tuần {k}" for k in range(10, 0, -1)] * 3)
    assert found.table["label"].iloc[0] == "tuần 10"
    assert "management.subgroups_as_met" in keys(found)
    counted = control_chart(SCORES, kind="xbar", subgroup=[f"tuần {k}" for k in range(1, 11)] * 3)
    assert "management.subgroups_as_met" not in keys(counted)


def test_values_whose_dates_are_not_in_order_are_told() -> None:
    values = pd.Series(SCORES, pd.date_range("2024-01-01", periods=30))
    assert "management.dates_unordered" in keys(control_chart(values[::-1]))
    assert "management.dates_unordered" not in keys(control_chart(values))


@pytest.mark.parametrize("options", [{"size": 5}, {"subgroup": [1, 2] * 15}, {"kind": "p", "size": 9, "subgroup": [1]}])
def test_options_of_another_kind_of_chart_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(DataError) as error:
        control_chart(SCORES, **options)
    assert error.value.key == "management.option_of_kind"


def test_retention_that_cannot_rise_is_told() -> None:
    segments = pd.DataFrame({"segment": ["a", "b"], "customers": [1, 1], "margin": [1, 1], "retention": [0.8, 0.995]})
    told = [one for one in customer_equity(segments).warnings if one.key == "management.equity_capped"]
    assert [one.values for one in told] == [{"segments": "b"}]


def test_the_value_of_customers_takes_whole_periods() -> None:
    buyers = pd.DataFrame({"frequency": [0, 0, 1, 2, 7] * 20, "recency": [0, 0, 3, 9, 37] * 20, "age": 39.0})
    with pytest.raises(DataError, match="whole number"):
        bg_nbd(buyers).value(10, 0.01, periods=10.7)  # type: ignore[arg-type]


def test_the_share_that_the_scale_holds_back_is_weighted() -> None:
    assert held_back(np.array([1.0, 0.0, 1.0]), 1.0, np.array([1.0, 2.0, 1.0])) == 0.5
    assert held_back(np.array([1.0, 0.0]), 1.0) == 0.5


def test_the_nodes_of_the_pure_forms_are_named_in_the_readers_language() -> None:
    found = compare_networks(["Grab", "VNPay"], lang="vi")
    firm = found.networks["firm"]
    assert {"khách hàng", "doanh nghiệp"} <= set(firm.table["node"])
    assert "hub: firm" in firm.summary("en")
    assert "doanh nghiệp" in firm.summary("vi")
    english = [text.get_text() for text in found.plot("en").axes[0].texts]
    assert any("customer" in text for text in english)
    assert not any("khách hàng" in text for text in english)
    with pytest.raises(DataError) as error:
        compare_networks(["Grab", "firm"], lang="vi")
    assert error.value.key == "management.partner_twice"


def test_the_record_ends_with_the_last_event_of_whomever() -> None:
    rows = {"customer": list("AABBCC"), "time": [0, 2, 50, 52, 98, 100], "stage": ["awareness", "discovery"] * 3}
    events = journey_events(pd.DataFrame(rows | {"touchpoint": "x", "segment": [1, 1, 1, 1, 2, 2]}))
    # B was silent from 52 to 100, with gaps of 2: gone, also where C is not looked at
    part = funnel(events.where(segment=1), ["discovery", "buying"], quiet=10.0)
    assert part.table["under_way"].tolist() == [0, 0]
    steps = transitions(events.where(segment=1), quiet=10.0)
    assert steps.matrix.loc["discovery", "end"] == 1.0
    assert steps.table["n"].max() == 2


def test_events_of_a_part_with_dates_know_the_end_of_the_record() -> None:
    times = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-06-01", "2024-06-02"]).tz_localize("Asia/Ho_Chi_Minh")
    part = journey_events(log(time=times)).where(customer="A")
    assert funnel(part, quiet=30.0).table["under_way"].tolist() == [0, 0]


def test_a_journey_that_is_asked_to_have_ended_is_not_said_to_lack_times() -> None:
    assert "journey.all_ended" in keys(funnel(journey_events(log()), quiet=None))
    timeless = journey_events(log(step=[1, 2, 1, 2]).drop(columns="time"))
    assert "journey.no_clock" in keys(funnel(timeless))


def test_a_part_of_the_events_and_a_coarser_coding_count_their_own_gaps_and_returns() -> None:
    rows = log(valence=[1, None, None, None], stage=["use", "buying", "discovery", "attraction"])
    events = journey_events(rows)
    told = {one.key: one.values for one in events.where(customer="A").warnings}
    assert told["journey.ratings_missing"] == {"missing": 1, "events": 2, "percent": "50"}
    assert told["journey.returns"] == {"count": 1, "customers": 1, "events": 2}
    assert "journey.returns" not in keys(events.where(customer="B"))
    back = journey_events(log(stage=["attraction", "discovery", "buying", "use"]))
    assert "journey.returns" in keys(back)
    assert "journey.returns" not in keys(back.recoded("three"))  # both are before the purchase
