"""Events of journeys: columns found, every kind of bad row named, order, codings, wide tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.codebook import Codebook, Item
from cxlab.errors import DataError
from cxlab.i18n import language
from cxlab.journey.coding import theory_coding
from cxlab.journey.events import journey_events
from cxlab.journey.recode import stage_coding, stage_map
from cxlab.survey.datasets import load_dataset
from cxlab.survey.survey import Survey


def log(**changes: Any) -> pd.DataFrame:
    columns = {
        "customer": ["A", "A", "B", "B"],
        "time": ["2024-01-02", "2024-01-01", "2024-01-01", "2024-01-03"],
        "stage": ["buying", "awareness", "discovery", "use"],
        "touchpoint": ["shop", "ad", "web", "own_use"],
        "valence": [2, 1, -1, 3],
    }
    return pd.DataFrame(columns | changes)


def problem(frame: pd.DataFrame, **options: Any) -> tuple[str, str]:
    """The key of the error, and the kinds of problems that a milder reading lists."""
    with pytest.raises(DataError) as caught:
        journey_events(frame, **options)
    return caught.value.key, str(caught.value)


def test_events_are_sorted_within_customers_and_keep_their_row() -> None:
    found = journey_events(log())
    assert found.frame["touchpoint"].tolist() == ["ad", "shop", "web", "own_use"]
    assert found.frame["step"].tolist() == [1, 2, 1, 2]
    assert found.frame.index.tolist() == [2, 1, 3, 4]
    assert list(found.frame.columns) == [
        "customer", "time", "stage", "touchpoint", "owner", "channel", "contact", "valence", "step",
    ]  # fmt: skip
    assert found.frame["owner"].isna().all()


def test_a_tie_in_time_keeps_the_order_of_the_rows_and_is_said() -> None:
    found = journey_events(log(time="2024-01-01"))
    assert found.frame["touchpoint"].tolist() == ["shop", "ad", "web", "own_use"]
    assert "journey.times_tied" in [notice.key for notice in found.warnings]


@pytest.mark.parametrize(
    ("changes", "kind", "rows"),
    [
        ({"customer": ["A", None, "B", "B"]}, "missing_customer", [2]),
        ({"time": ["2024-01-02", None, "2024-01-01", "2024-01-03"]}, "missing_time", [2]),
        ({"time": ["2024-01-02", "soon", "2024-01-01", "2024-01-03"]}, "unreadable_time", [2]),
        ({"stage": ["buying", None, "discovery", "use"]}, "missing_stage", [2]),
        ({"stage": ["buyin", "awareness", "discovery", "use"]}, "unknown_stage", [1]),
        ({"touchpoint": ["shop", " ", "web", "own_use"]}, "missing_touchpoint", [2]),
        ({"event": [1, 2, 3, 3]}, "event_twice", [4]),
        ({"step": [1, 2, 1, 2]}, "out_of_order", [2]),
    ],
)
def test_a_bad_row_stops_and_is_named_and_can_be_left_out(changes: dict[str, Any], kind: str, rows: list[int]) -> None:
    options = {"event": "event"} if "event" in changes else {}
    key, text = problem(log(**changes), **options)
    assert key == "journey.problems"
    assert f"(row {rows[0]})" in text
    dropped = journey_events(log(**changes), on_problem="drop", **options)
    assert dropped.problems[["row", "problem"]].to_numpy().tolist() == [[row, kind] for row in rows]
    assert len(dropped) == 4 - len(rows)
    assert dropped.warnings[0].serious


def test_keeping_keeps_what_has_a_place_in_a_journey() -> None:
    twice = journey_events(log(event=[1, 2, 3, 3]), event="event", on_problem="keep")
    assert len(twice) == 4
    nowhere = journey_events(log(stage=["buyin", "awareness", "discovery", "use"]), on_problem="keep")
    assert len(nowhere) == 3


def test_a_stage_nearly_right_is_proposed_and_one_of_another_coding_too() -> None:
    assert "Did you mean 'awareness'?" in problem(log(stage=["awarness", "buying", "discovery", "use"]))[1]
    assert 'coding="seven"' in problem(log(stage=["search", "buy", "after", "rebuy"]))[1]


def test_ratings_outside_the_scale_become_missing_and_their_events_stay() -> None:
    assert "outside -3 to 3" in problem(log(valence=[2, 9, -1, 3]), scale=(-3, 3))[1]
    found = journey_events(log(valence=[2, 9, -1, "bad"]), scale=(-3, 3), on_problem="drop")
    assert sorted(found.problems["problem"]) == ["valence_not_number", "valence_outside"]
    assert found.frame["valence"].isna().sum() == 2
    assert journey_events(log(valence=[2, 9, -1, 3]), scale=(-3, 3), on_problem="keep").frame["valence"].max() == 9


def test_only_a_scale_that_a_codebook_states_counts() -> None:
    assert journey_events(log(valence=[2, 4, 5, -1])).scale is None  # a guess would be 1 to 5, and -1 a mistake
    book = Codebook(name="study", items={"valence": Item("valence", min=1, max=7)})
    assert journey_events(Survey(log(valence=[2, 4, 5, 1]), book)).scale == (1, 7)


def test_going_back_is_said_and_can_be_made_a_problem() -> None:
    back = log(stage=["awareness", "buying", "discovery", "use"])
    assert [notice.key for notice in journey_events(back).warnings] == ["journey.returns"]
    assert "stage earlier" in problem(back, allow_return=False)[1]
    assert journey_events(log(), allow_return=False).problems.empty


def test_days_and_months_that_could_be_swapped_are_refused() -> None:
    unsure = ["05/03/2024", "06/03/2024", "01/02/2024", "02/02/2024"]
    assert problem(log(time=unsure))[0] == "journey.times_ambiguous"
    sure = journey_events(log(time=["25/03/2024", "06/03/2024", "01/02/2024", "02/02/2024"]))
    assert sure.frame["time"].dt.month.tolist() == [3, 3, 2, 2]


def test_vietnamese_headers_and_stages_are_understood() -> None:
    frame = log(stage=["Mua hàng", "Nhận thức và quan tâm", "Khám phá", "sử dụng"])
    heads = ["Mã khách hàng", "Thời gian", "Giai đoạn", "Điểm tiếp xúc", "Cảm nhận"]
    found = journey_events(frame.set_axis(heads, axis=1))
    assert found.frame["stage"].tolist() == ["awareness", "buying", "discovery", "use"]
    assert found.warnings[0].key == "journey.columns_guessed"


def test_a_column_of_kinds_of_events_is_not_taken_for_their_numbers() -> None:
    found = journey_events(log(event=["click", "click", "click", "visit"]))
    assert len(found) == 4
    assert found.warnings[0].key == "journey.event_not_number"


@pytest.mark.parametrize(
    ("frame", "options", "key"),
    [
        (log().iloc[:0], {}, "analyses.no_rows"),
        (log().drop(columns="customer"), {}, "journey.columns_lacking"),
        (log().drop(columns="time"), {}, "journey.no_order"),
        (log(), {"customer": "klient"}, "analyses.unknown_columns"),
        (log(), {"customer": "touchpoint", "stage": "touchpoint"}, "journey.column_twice"),
        (log(), {"coding": "nine"}, "journey.unknown_coding"),
        (log(), {"coding": ["one"]}, "journey.coding_stages"),
        (log(), {"on_problem": "skip"}, "analyses.unknown_option"),
        (log(), {"scale": (3, -3)}, "journey.scale"),
        (log(stage="nowhere"), {"on_problem": "drop"}, "journey.no_events"),
        (log(), {"touchpoints": ["valence"]}, "journey.wide_one"),
        (log(), {"touchpoints": ["valence", "time"]}, "analyses.not_numeric"),
    ],
)
def test_what_cannot_be_read_says_why(frame: pd.DataFrame, options: dict[str, Any], key: str) -> None:
    assert problem(frame, **options)[0] == key


def test_errors_read_in_vietnamese() -> None:
    with language("vi"):
        assert "Có phải ý bạn là" in problem(log(stage=["buyin", "awareness", "discovery", "use"]))[1]


def test_stages_of_ones_own_and_codes_with_labels() -> None:
    own = journey_events(log(stage=["fly", "book", "book", "fly"]), coding=["book", "fly"])
    assert (own.coding, list(own.stages)) == ("custom", ["book", "fly"])
    book = Codebook(items={"stage": Item("stage", labels={1: {"en": "Buying"}, 2: {"en": "Use"}}, role="group")})
    coded = journey_events(Survey(log(stage=[1, 1, 1, 2]), book))
    assert coded.frame["stage"].tolist() == ["buying", "buying", "buying", "use"]


def test_a_step_stands_in_for_time_and_agrees_with_it() -> None:
    found = journey_events(log(step=[2, 1, 1, 2]).drop(columns="time"))
    assert found.frame["touchpoint"].tolist() == ["ad", "shop", "web", "own_use"]
    assert journey_events(log(step=[2, 1, 1, 2])).problems.empty


def test_the_simulated_log_has_sixty_four_events_twice_and_says_it_is_simulated() -> None:
    survey = load_dataset("journey_events")
    assert "in 64 of the rows" in problem(survey)[1]
    found = journey_events(survey, on_problem="drop")
    assert (len(found), found.n_customers) == (8436, 800)
    assert found.simulated
    assert found.scale == (-3, 3)
    assert found.table["events"].sum() == 8436


def test_one_value_a_customer_is_asked_of_the_source() -> None:
    found = journey_events(log(overall=[7, 7, 9, 9], mood=[1, 2, 3, 4]))
    assert found.per_customer("overall")["overall"].to_dict() == {"A": 7, "B": 9}
    with pytest.raises(DataError) as caught:
        found.per_customer("mood")
    assert caught.value.key == "journey.varies"


def test_a_part_of_the_events_keeps_its_place_in_the_journey() -> None:
    found = journey_events(log(segment=[1, 1, 2, 2]))
    assert found.where(segment=2).n_customers == 1
    assert found.where(touchpoint=["shop", "web"]).frame["step"].tolist() == [2, 1]
    with pytest.raises(DataError) as caught:
        found.where(touchpoint="plane")
    assert caught.value.key == "journey.none_meet"


# wide tables


def wide() -> pd.DataFrame:
    return pd.DataFrame({"id": ["x", "y"], "book": [1, 4], "fly": [2, np.nan]})


def test_a_wide_table_becomes_events_in_the_order_named() -> None:
    found = journey_events(wide(), touchpoints=["fly", "book"], customer="id")
    assert found.frame[["customer", "touchpoint", "step"]].to_numpy().tolist() == [
        ["x", "fly", 1], ["x", "book", 2], ["y", "fly", 1], ["y", "book", 2],
    ]  # fmt: skip
    assert found.frame["valence"].isna().sum() == 1
    assert found.frame.index.tolist() == [1, 1, 2, 2]


def test_a_wide_table_takes_stages_and_refuses_those_against_the_journey() -> None:
    found = journey_events(wide(), touchpoints=["book", "fly"], stages={"book": "buying", "fly": "use"})
    assert found.frame["stage"].tolist() == ["buying", "use"] * 2
    backwards = {"book": "use", "fly": "buying"}
    assert problem(wide(), touchpoints=["book", "fly"], stages=backwards)[0] == "journey.wide_order"
    assert problem(wide(), touchpoints=["book", "fly"], stages={"book": "usage"})[0] == "journey.wide_stages"
    assert problem(wide(), touchpoints=["book", "fly"], time="id")[0] == "journey.wide_only"
    assert problem(wide().assign(id="x"), touchpoints=["book", "fly"], customer="id")[0] == "journey.wide_customers"


def test_in_a_wide_table_only_the_bad_rating_goes() -> None:
    found = journey_events(wide(), touchpoints=["book", "fly"], scale=(1, 3), on_problem="drop")
    assert found.problems[["row", "problem", "value"]].to_numpy().tolist() == [[2, "valence_outside", 4.0]]
    assert found.frame["valence"].tolist()[:2] == [1, 2]


def test_the_airline_is_six_stages_labelled_by_its_codebook() -> None:
    names = ["o_booking", "o_checkin", "o_departure", "o_cabin", "o_meal", "o_crew"]
    found = journey_events(load_dataset("airline_journey"), touchpoints=names)
    assert found.scale == (1, 4)
    assert found.name("o_meal", "vi") == "Suất ăn"
    assert len(found) == 6 * 9720


# codings


def test_every_stage_of_a_finer_coding_has_its_place() -> None:
    for of, to in (("eight", "three"), ("eight", "seven"), ("seven", "three")):
        goes = stage_map(of, to)  # type: ignore[arg-type]
        assert list(goes) == list(theory_coding(of).stages)  # type: ignore[arg-type]
        assert set(goes.values()) == set(theory_coding(to).stages)  # type: ignore[arg-type]


def test_what_a_coding_loses_is_said() -> None:
    table = stage_coding("eight", "seven").table.set_index("stage")
    assert table.loc[["use", "support"], "to"].tolist() == ["after", "after"]
    assert table.loc["awareness", "lost"] == "order"
    keys = [notice.key for notice in stage_coding("eight", "seven").warnings]
    assert keys == ["journey.coding_merged", "journey.coding_turned", "journey.coding_drafted"]


def test_recoding_in_two_steps_is_recoding_at_once() -> None:
    found = journey_events(load_dataset("journey_events"), on_problem="drop")
    once, twice = found.recoded("three"), found.recoded("seven").recoded("three")
    assert once.frame["stage"].tolist() == twice.frame["stage"].tolist()
    lost = next(notice for notice in once.warnings if notice.key == "journey.moves_lost")
    assert 0 < lost.values["lost"] < lost.values["moves"]


@pytest.mark.parametrize(("of", "to"), [("three", "eight"), ("seven", "eight"), ("eight", "eight")])
def test_a_coarser_coding_never_becomes_a_finer_one(of: str, to: str) -> None:
    with pytest.raises(DataError) as caught:
        stage_coding(of, to)
    assert caught.value.key == "journey.not_coarser"


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_events_and_codings_are_shown_in_both_languages(lang: str) -> None:
    found = journey_events(log(), scale=(-3, 3))
    for shown in (found, stage_coding("eight", "seven")):
        for text in (shown.summary(lang), shown.apa(lang).to_html(lang)):  # type: ignore[arg-type]
            assert "journey." not in text
            assert "{" not in text.split("</style>")[-1]
        assert shown.cite()
