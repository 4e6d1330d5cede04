"""What each screening rule flags, cannot judge, and refuses."""

import os
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import DataError
from cxlab.survey.datasets import load_dataset
from cxlab.survey.screening_indices import longest_run, straight
from cxlab.survey.survey import Survey, as_survey

NAN = np.nan
WATER = Path(__file__).parents[2] / "shared" / "mirror" / "water_utility" / "customer_survey.csv"


def make(rows: list[list[float]], **extra: list[object]) -> Survey:
    """Items a1.. on 1 to 5, other columns with the role of their name."""
    columns = {f"a{j + 1}": [row[j] for row in rows] for j in range(len(rows[0]))}
    items = {name: Item(name, min=1, max=5, construct="a") for name in columns}
    roles = {"secs": "duration", "att": "attention"}
    items |= {name: Item(name, role=roles.get(name, "other")) for name in extra}  # type: ignore[arg-type]
    frame = pd.DataFrame({**columns, **extra}, index=pd.RangeIndex(1, len(rows) + 1, name="row"))
    return Survey(frame, Codebook(items=items, constructs={"a": Construct("a")}))


def flags(survey: Survey, rule: str) -> list[object]:
    assert survey.flags is not None
    return [None if pd.isna(value) else bool(value) for value in survey.flags[rule]]


answers = st.lists(st.lists(st.sampled_from([1.0, 2.0, NAN]), min_size=6, max_size=6), min_size=1, max_size=8)


@given(answers)
def test_longest_run_is_the_longest_group_of_neighbours(rows: list[list[float]]) -> None:
    def longest(row: list[float]) -> float:
        keys = [f"missing {i}" if np.isnan(v) else v for i, v in enumerate(row)]
        return max(len(list(group)) for _, group in groupby(keys)) if not np.isnan(row).all() else NAN

    np.testing.assert_array_equal(longest_run(np.array(rows)), [longest(row) for row in rows])


@given(answers)
def test_straight_line_is_known_only_if_no_missing_answer_could_decide(rows: list[list[float]]) -> None:
    hit, known = straight(np.array(rows))
    for row, is_hit, is_known in zip(rows, hit, known, strict=True):
        given_values = {v for v in row if not np.isnan(v)}
        assert is_known == (len(given_values) > 1 or not np.isnan(row).any())
        assert is_hit == (len(given_values) == 1 and not np.isnan(row).any())


def test_answers_outside_the_codebooks_scale_are_flagged_and_missing_ones_are_not() -> None:
    screened = make([[1, 5], [0, 3], [6, 7], [NAN, 2]]).screen()
    assert flags(screened, "out_of_range") == [False, True, True, False]
    assert screened.indices is not None
    assert screened.indices["n_out_of_range"].tolist() == [0, 1, 2, 0]


def test_missing_share_flags_above_the_threshold_and_zero_asks_for_complete_rows() -> None:
    survey = make([[1, 2], [NAN, 2], [NAN, NAN]])
    assert flags(survey.screen(), "missing") == [False, False, True]
    assert flags(survey.screen(missing=0), "missing") == [False, True, True]
    assert "missing" not in survey.screen(missing=None).flags_table["rule"].tolist()
    assert "missing" not in survey.screen(missing=False).flags_table["rule"].tolist()


def test_second_and_later_copies_are_duplicates_and_empty_rows_cannot_be_judged() -> None:
    screened = make([[1, 2], [1, 2], [2, 1], [1, 2], [NAN, NAN], [NAN, NAN], [1, NAN]]).screen()
    assert flags(screened, "duplicates") == [False, True, False, True, None, None, False]
    assert screened.indices is not None
    assert screened.indices["duplicate_of"].dropna().tolist() == [1, 1]


@pytest.mark.parametrize(
    ("setting", "cut", "expected"),
    [
        (30, 30, [True, False, None, False]),
        ("median/2", 20, [True, False, None, False]),
        ("25/item", 50, [True, True, None, False]),
    ],
)
def test_speeders_are_below_absolute_relative_or_per_item_seconds(
    setting: object, cut: float, expected: list[object]
) -> None:
    survey = make([[1, 2], [3, 2], [2, 4], [5, 4]], secs=[10.0, 40.0, NAN, 100.0])
    screened = survey.screen(min_seconds=setting)  # type: ignore[arg-type]
    assert flags(screened, "min_seconds") == expected
    assert screened.flags_table.set_index("rule").loc["min_seconds", "threshold"] == cut


def test_runs_and_straight_lines_are_sought_within_blocks() -> None:
    survey = make([[3, 3, 3, 3], [3, 3, 2, 2], [1, 2, 2, 1], [3, 3, 4, NAN]])
    blocks = {"page 1": ["a1", "a2"], "page 2": ["a3", "a4"]}
    within = survey.screen(blocks=blocks, straightline=True, longstring=2)
    assert flags(within, "straightline") == [True, True, False, None]
    assert within.indices is not None
    assert within.indices["longstring"].tolist() == [2, 2, 1, 2]
    across = survey.screen(straightline=True, longstring="half")
    assert flags(across, "straightline") == [True, False, False, False]
    assert flags(across, "longstring") == [True, True, True, True]


def test_straight_lines_use_answers_as_ticked_even_after_reversed_items_were_turned() -> None:
    survey = make([[5, 5, 5], [5, 1, 5]])
    book = survey.codebook
    turned = {**book.items, "a2": Item("a2", min=1, max=5, construct="a", reversed=True)}
    survey = Survey(survey.frame, Codebook(items=turned, constructs=book.constructs))
    assert survey.reverse_scored().data["a2"].tolist() == [1, 5]
    assert flags(survey.reverse_scored().screen(straightline=True), "straightline") == [True, False]


def test_irv_flags_at_or_below_the_standard_deviation_and_needs_a_number() -> None:
    survey = make([[3, 3, 3], [1, 3, 5], [4, NAN, NAN]])
    assert flags(survey.screen(irv=0), "irv") == [True, False, None]
    assert flags(survey.screen(irv=2.0), "irv") == [True, True, None]
    with pytest.raises(DataError) as caught:
        survey.screen(irv=True)
    assert caught.value.key == "survey.irv_needs_number"


def test_attention_flags_wrong_answers_and_cannot_judge_unanswered_ones() -> None:
    survey = make([[1, 2], [3, 2], [2, 4]], att=[4.0, 1.0, NAN])
    assert flags(survey.screen(attention={"att": 4}), "attention") == [False, True, None]
    assert flags(survey.screen(attention={"att": [1, 4]}), "attention") == [False, False, None]


def test_attention_true_takes_the_codebooks_answers_and_a_hint_says_when_they_are_unused() -> None:
    survey = make([[1, 2], [3, 2]], att=[4, 1])
    items = {**survey.codebook.items, "att": Item("att", role="attention", expected=4)}
    survey = Survey(survey.frame, Codebook(items=items))
    assert flags(survey.screen(attention=True), "attention") == [False, True]
    assert "survey.attention_not_used" in [notice.key for notice in survey.screen().warnings]


def test_an_attention_check_that_nobody_passes_is_an_error_not_a_survey_without_people() -> None:
    with pytest.raises(DataError) as caught:
        make([[1, 2], [3, 2]], att=["four", "one"]).screen(attention={"att": 4})
    assert caught.value.key == "survey.attention_never_right"
    assert "four" in str(caught.value)


def test_mahalanobis_names_constant_and_collinear_items() -> None:
    rng = np.random.default_rng(5)
    rows = np.c_[rng.integers(1, 6, (40, 3)), np.full(40, 3.0)]
    with pytest.raises(DataError) as constant:
        make(rows.tolist()).screen(mahalanobis=0.001)
    assert (constant.value.key, constant.value.values["items"]) == ("survey.mahalanobis_constant", "a4")
    rows[:, 3] = 6 - rows[:, 0]
    with pytest.raises(DataError) as collinear:
        make(rows.tolist()).screen(mahalanobis=0.001)
    assert (collinear.value.key, collinear.value.values["items"]) == ("survey.mahalanobis_collinear", "a1, a4")


def test_even_odd_asks_for_three_constructs() -> None:
    with pytest.raises(DataError) as caught:
        make([[1, 2], [3, 2]]).screen(even_odd=0.3)
    assert caught.value.key == "survey.even_odd_constructs"


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"items": ["a9"]}, "unknown_columns"),
        ({"items": []}, "no_columns_named"),
        ({"items": ["a1", "a1"]}, "named_twice"),
        ({"missing": 1.5}, "bad_threshold"),
        ({"missing": "all"}, "bad_threshold"),
        ({"longstring": 1}, "threshold_low"),
        ({"longstring": "long"}, "threshold_low"),
        ({"mahalanobis": 0}, "bad_threshold"),
        ({"min_seconds": 60}, "no_duration"),
        ({"min_seconds": 60, "duration": "text"}, "duration_text"),
        ({"min_seconds": "fast", "duration": "a1"}, "bad_seconds"),
        ({"min_seconds": "median/0", "duration": "a1"}, "bad_seconds"),
        ({"min_seconds": -3, "duration": "a1"}, "threshold_low"),
        ({"attention": True}, "no_attention"),
        ({"attention": 4}, "attention_form"),
        ({"attention": {"att9": 4}}, "unknown_columns"),
        ({"items": ["a1"], "straightline": True}, "too_few_items"),
        ({"items": ["a1"], "irv": 0.5}, "too_few_items"),
        ({"blocks": ["a1", "a2"]}, "blocks_form"),
        ({"items": ["text"]}, "items_text"),
        ({"mahalanobis": 0.001}, "mahalanobis_rows"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(settings: dict[str, object], key: str) -> None:
    with pytest.raises(DataError) as caught:
        make([[1, 2], [3, 2]], text=["x", "y"]).screen(**settings)  # type: ignore[arg-type]
    assert caught.value.key == f"survey.{key}"


def test_no_rows_no_items_and_infinite_values_are_errors() -> None:
    for survey, key in (
        (make([[1, 2]]).frame.iloc[:0], "no_rows"),
        (pd.DataFrame({"word": ["a", "b"]}), "no_items"),
    ):
        with pytest.raises(DataError) as caught:
            as_survey(survey).screen()
        assert caught.value.key == f"survey.{key}"
    with pytest.raises(DataError) as caught:
        make([[1, np.inf], [2, 3]]).screen()
    assert caught.value.key == "survey.infinite"


def test_a_reader_learns_of_mixed_scales_milliseconds_unanswered_and_unscaled_items() -> None:
    survey = make([[1, 2, NAN], [3, 2, NAN]], secs=[300000.0, 400000.0], b1=[7, 3])
    items = {**survey.codebook.items, "b1": Item("b1", min=1, max=7), "a1": Item("a1")}
    screened = Survey(survey.frame, Codebook(items=items)).screen(irv=0.5)
    keys = {notice.key: notice for notice in screened.warnings}
    assert set(keys) >= {
        "survey.irv_mixed_scales",
        "survey.seconds_unit",
        "survey.items_empty",
        "survey.items_unscaled",
    }
    assert keys["survey.items_empty"].values["items"] == "a3"


def test_screening_twice_keeps_other_rules_and_replaces_the_same_one() -> None:
    survey = make([[3, 3, 3], [1, 5, 2], [4, 4, 5]]).screen(straightline=True).screen(irv=0.6)
    assert {"straightline", "irv"} <= set(survey.flags_table["rule"])
    again = survey.screen(irv=0.0)
    table = again.flags_table.set_index("rule")
    assert table.loc["irv", "flagged"] == 1
    assert table.loc["straightline", "only_by_this_rule"] == 0
    assert len(again.log) == len(survey.log) + 4


def test_every_rule_states_its_source_in_both_languages() -> None:
    from cxlab.i18n import language

    survey = make([[3, 3, 3], [1, 5, 2], [4, 4, 5]], secs=[1.0, 2.0, 3.0]).screen(
        straightline=True, irv=0.6, longstring="half", min_seconds="median/3"
    )
    assert survey.flags_table["source"].str.len().gt(0).all()
    with language("vi"):
        assert "theo trí nhớ" in survey.flags_table.set_index("rule").loc["longstring", "source"]


def test_yellow_pages_has_127_repeated_rows_and_102_straight_lines() -> None:
    """R: ``x <- bayesm::customerSat; sum(duplicated(x)); sum(apply(x, 1, function(r) length(unique(r)) == 1))``."""
    survey = load_dataset("yellow_pages").screen(straightline=True)
    flagged = survey.flags_table.set_index("rule")["flagged"]
    assert (flagged["duplicates"], flagged["straightline"]) == (127, 102)


def test_a_rule_that_flags_a_quarter_of_all_people_is_doubted() -> None:
    rows = [[3, 3, 3], [1, 5, 2], [4, 4, 5]]
    notices = make(rows).screen(straightline=True).warnings
    assert [(n.values["rule"], n.values["percent"]) for n in notices if n.key == "survey.many_flagged"] == [
        ("straightline", 33)
    ]


@pytest.mark.shared
@pytest.mark.skipif(
    not WATER.exists() and not os.environ.get("CI"), reason="these answers may not be shipped, only fetched"
)
def test_water_utility_has_432_complete_cases_and_39_straight_lines() -> None:
    """491 kept, 432 complete, 39 straight lines over t01-t05 and f01-f13: published with the data (DATA.md)."""
    raw = pd.read_csv(WATER, skiprows=[1])
    service = [f"t{i:02d}" for i in range(1, 6)] + [f"f{i:02d}" for i in range(1, 14)]
    involvement = [f"p{i:02d}" for i in range(1, 11)]
    kept = as_survey(raw).select(where="term.isna()", reason="screened out")
    complete = kept.screen(involvement + service, missing=0).exclude("missing")
    assert (len(kept), len(complete)) == (491, 432)
    assert complete.screen(straightline=service).flags_table.set_index("rule").loc["straightline", "flagged"] == 39


def test_rows_restored_after_a_new_screening_are_not_judged_by_the_old_threshold() -> None:
    survey = make([[1, 2], [3, 2], [4, 5], [2, 2]], secs=[60, 70, 200, 300]).screen(min_seconds=90, duration="secs")
    back = survey.exclude("min_seconds").screen(min_seconds=65, duration="secs").restore("min_seconds")
    assert flags(back, "min_seconds") == [None, None, False, False]
    assert "min_seconds" in back.log["note"].iloc[-1]
    assert len(back.exclude("min_seconds")) == 4
    again = back.screen(min_seconds=65, duration="secs")
    assert again.exclude("min_seconds").data.index.tolist() == [2, 3, 4]


def test_rows_restored_without_a_new_screening_keep_their_flags() -> None:
    survey = make([[1, 2], [3, 2], [4, 5]], secs=[60, 70, 200]).screen(min_seconds=90, duration="secs")
    assert flags(survey.exclude("min_seconds").restore(), "min_seconds") == [True, True, False]


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"blocks": {"p": ["a1", "text"]}, "longstring": 2}, "items_text"),
        ({"straightline": ["a1", "text"]}, "items_text"),
        ({"blocks": {"p": 5}}, "names_form"),
        ({"items": 5}, "names_form"),
    ],
)
def test_blocks_and_items_of_the_wrong_kind_are_named(settings: dict[str, object], key: str) -> None:
    with pytest.raises(DataError) as caught:
        make([[1, 2], [3, 2]], text=["x", "y"]).screen(**settings)  # type: ignore[arg-type]
    assert caught.value.key == f"survey.{key}"


def test_an_option_of_another_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(DataError) as caught:
        make([[1, 2], [3, 4]]).screen(straightlines=True)
    assert caught.value.key == "survey.unknown_screen_rule"
    assert "'straightline'" in str(caught.value)


def test_weights_whose_respondents_were_excluded_are_told_and_the_word_goes_with_the_exclusion() -> None:
    survey = make([[1, 1, 1], [1, 2, 3], [3, 4, 5], [2, 1, 2]], w=[3.0, 1.0, 1.0, 1.0])
    book = survey.codebook
    weighted = Survey(survey.frame, Codebook(items={**book.items, "w": Item("w", role="weight")}))
    screened = weighted.screen(straightline=True)
    assert not [n for n in screened.warnings if n.key == "survey.weights_screened"]
    excluded = screened.exclude("straightline")
    notice = next(n for n in excluded.warnings if n.key == "survey.weights_screened")
    assert (notice.values["count"], notice.values["share"], notice.serious) == (1, 50.0, True)
    assert "50 %" in notice.text("en")
    assert "50%" in notice.text("vi")
    kept = {n.key for n in excluded.restore().warnings} | {n.key for n in weighted.select(where="a1 > 1").warnings}
    assert "survey.weights_screened" not in kept
    own = weighted.flag("late", "not (a1 > 1)").exclude("late")
    assert "survey.weights_screened" in {n.key for n in own.warnings}


def test_a_selection_that_nobody_meets_names_its_condition() -> None:
    with pytest.raises(DataError) as caught:
        make([[1, 2], [3, 4]]).select(where="a1 > 5")
    assert caught.value.key == "survey.select_nobody"
    assert "'a1 > 5'" in str(caught.value)
