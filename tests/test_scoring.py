"""Reverse coding and construct scores; expected values by hand."""

import numpy as np
import pandas as pd
import pytest

from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import DataError, ScaleError
from cxlab.survey.survey import Survey

NAN = np.nan


def make(columns: dict[str, list[float]], reversed_items: tuple[str, ...] = (), **items: Item) -> Survey:
    book = {name: Item(name, min=1, max=5, construct="C", reversed=name in reversed_items) for name in columns} | items
    frame = pd.DataFrame(columns)
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    return Survey(frame, Codebook(items=book, constructs={"C": Construct("C"), "D": Construct("D")}))


def test_reversed_items_are_turned_once_with_their_labels_and_logged() -> None:
    item = Item("q2", min=1, max=7, reversed=True, construct="C", labels={1: {"en": "bad"}, 7: {"en": "good"}})
    turned = make({"q1": [1, 2], "q2": [7, 2]}, q2=item).reverse_scored()
    assert turned.data["q2"].tolist() == [1, 6]
    assert turned.codebook.items["q2"].labels == {1: {"en": "good"}, 7: {"en": "bad"}}
    assert turned.codebook.items["q2"].reversed is False
    assert turned.reverse_scored().data["q2"].tolist() == [1, 6]
    assert turned.log["note"].tolist() == ["q2"]


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64", "float32", "float64"])
def test_turning_is_right_for_every_kind_of_number(dtype: str) -> None:
    survey = make({"q1": [0, 4, 10]}, q1=Item("q1", min=0, max=10, reversed=True))
    narrow = Survey(survey.frame.astype(dtype), survey.codebook)
    assert narrow.reverse_scored().data["q1"].tolist() == [10, 6, 0]


def test_values_outside_the_scale_stop_with_rows_values_and_remedy() -> None:
    survey = make({"q1": [1, 9, 3, 9, 55, 6, 9]}, ("q1",))
    with pytest.raises(ScaleError) as caught:
        survey.reverse_scored()
    text = str(caught.value)
    assert "'q1' holds answers outside 1 to 5 (5 in all; rows 2, 4, 5, …): 6, 9, 55" in text
    assert "missing: [9]" in text


def test_an_excluded_row_outside_the_scale_does_not_stop_the_others() -> None:
    survey = make({"q1": [1, 9, 3], "q2": [1, 2, 3]}, ("q1",)).screen().exclude("out_of_range")
    assert survey.reverse_scored().with_scores().data["C"].tolist() == [3, 3]
    back = survey.with_scores().restore()
    assert back.frame["C"].isna().tolist() == [False, True, False]


def test_a_reversed_item_without_ends_cannot_be_turned() -> None:
    for call in (Survey.reverse_scored, Survey.scores):
        with pytest.raises(ScaleError) as caught:
            call(make({"q1": [1, 2]}, q1=Item("q1", reversed=True, construct="C")))
        assert caught.value.key == "survey.no_scale"


def test_mean_needs_half_of_the_items_unless_told_otherwise() -> None:
    survey = make({"q1": [1, 1, NAN], "q2": [2, NAN, NAN], "q3": [6 - 1, NAN, 3]})
    np.testing.assert_array_equal(survey.scores()["C"], [8 / 3, NAN, NAN])
    np.testing.assert_array_equal(survey.scores(min_answers=1)["C"], [8 / 3, 1, 3])
    np.testing.assert_array_equal(survey.scores(min_answers={"C": 3})["C"], [8 / 3, NAN, NAN])
    assert survey.scores().attrs["notices"][0].values["rule"] == "C 2/3"
    assert survey.scores().index.name == "row"


def test_sum_needs_all_items_and_prorates_only_when_asked() -> None:
    survey = make({"q1": [1, 1], "q2": [2, NAN], "q3": [3, 5]})
    np.testing.assert_array_equal(survey.scores("sum")["C"], [6, NAN])
    np.testing.assert_array_equal(survey.scores("sum", prorate=True)["C"], [6, 9])
    with pytest.raises(DataError) as caught:
        survey.scores("sum", min_answers=2)
    assert caught.value.key == "survey.sum_needs_all"


def test_items_still_reversed_are_turned_for_the_score_and_that_is_said() -> None:
    survey = make({"q1": [5, 1], "q2": [1, 4]}, ("q2",))
    table = survey.scores()
    assert table["C"].tolist() == [5, 1.5]
    assert [notice.key for notice in table.attrs["notices"]] == ["survey.score_rule", "survey.score_turned"]
    pd.testing.assert_frame_equal(survey.reverse_scored().scores(), table)


def test_scores_become_columns_with_a_line_in_the_log() -> None:
    survey = make({"q1": [5, 1], "q2": [1, 4]}).with_scores()
    assert survey.data["C"].tolist() == [3, 2.5]
    assert survey.log["action"].tolist() == ["score"]
    assert survey.codebook.items["C"].role == "other"
    with pytest.raises(DataError) as caught:
        survey.with_scores()
    assert caught.value.key == "survey.score_name_taken"


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"method": "median"}, "unknown_method"),
        ({"constructs": "E"}, "unknown_constructs"),
        ({"constructs": ["D"]}, "unknown_constructs"),
        ({"min_answers": 0}, "bad_min_answers"),
        ({"min_answers": 1.5}, "bad_min_answers"),
    ],
)
def test_a_score_that_cannot_be_made_says_why(settings: dict[str, object], key: str) -> None:
    with pytest.raises(DataError) as caught:
        make({"q1": [5, 1]}).scores(**settings)  # type: ignore[arg-type]
    assert caught.value.key == f"survey.{key}"


def test_answers_off_the_scale_mixed_scales_and_text_are_not_averaged() -> None:
    with pytest.raises(ScaleError):
        make({"q1": [5, 55]}).scores()
    with pytest.raises(ScaleError) as caught:
        make({"q1": [5, 1], "q2": [7, 1]}, q2=Item("q2", min=1, max=7, construct="C")).scores()
    assert caught.value.key == "survey.mixed_scales"
    with pytest.raises(DataError) as caught:
        make({"q1": ["yes", "no"]}).scores()  # type: ignore[list-item]
    assert caught.value.key == "survey.items_text"
    with pytest.raises(DataError) as caught:
        make({"q1": [5, 1]}, q1=Item("q1")).scores()
    assert caught.value.key == "survey.no_constructs"


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"min_answers": {"Z": 1}}, "unknown_constructs"),
        ({"min_answers": {"C": 9}}, "bad_min_answers"),
        ({"min_answers": "all", "method": "sum"}, "bad_min_answers"),
        ({"constructs": 5}, "names_form"),
        ({"constructs": []}, "no_constructs_named"),
    ],
)
def test_settings_that_would_be_passed_over_are_errors(settings: dict[str, object], key: str) -> None:
    with pytest.raises(DataError) as caught:
        make({"q1": [1, 2], "q2": [4, 5]}).scores(**settings)  # type: ignore[arg-type]
    assert caught.value.key == f"survey.{key}"


def test_one_number_for_all_constructs_may_exceed_a_short_one() -> None:
    assert make({"q1": [1, 2], "q2": [3, NAN]}).scores(min_answers=5)["C"].tolist()[:1] == [2.0]
