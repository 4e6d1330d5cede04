"""The Survey: never changed, says what happened to it, shows no person."""

import pickle
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import DataError
from cxlab.i18n import language
from cxlab.survey.survey import Survey, as_survey

BOOK = Codebook(
    title={"en": "Phones", "vi": "Điện thoại"},
    items={
        "sat1": Item("sat1", min=1, max=5, construct="SAT"),
        "sat2": Item("sat2", min=1, max=5, construct="SAT"),
        "loy1": Item("loy1", min=1, max=5, construct="LOY"),
        "thư": Item("thư", role="id", personal=True),
        "tuổi": Item("tuổi", role="other"),
    },
    constructs={
        "SAT": Construct("SAT", framework="ecsi"),
        "LOY": Construct("LOY", framework="ecsi"),
        "X": Construct("X"),
    },
)


def make() -> Survey:
    frame = pd.DataFrame(
        {
            "sat1": [4, 5, 3, 3],
            "sat2": [4.0, np.nan, 3, 1],
            "loy1": [2, 5, 3, 1],
            "thư": ["lan@vidu.vn", "minh@vidu.vn", "hoa@vidu.vn", "an@vidu.vn"],
            "tuổi": [17, 40, 33, 28],
        },
        index=pd.RangeIndex(1, 5, name="row"),
    )
    return Survey(frame, BOOK, source={"path": "khao_sat.xlsx", "format": "Excel"})


def test_data_hides_personal_columns_and_is_a_copy() -> None:
    survey = make()
    data = survey.data
    assert list(data) == ["sat1", "sat2", "loy1", "tuổi"]
    data.loc[1, "sat1"] = 99
    assert survey.data.loc[1, "sat1"] == 4


def test_items_and_constructs_come_in_the_order_of_the_file() -> None:
    survey = make()
    assert survey.items() == ["sat1", "sat2", "loy1"]
    assert survey.items("LOY") == ["loy1"]
    assert survey.constructs == {"SAT": ["sat1", "sat2"], "LOY": ["loy1"]}
    with pytest.raises(DataError) as caught:
        survey.items("SATT")
    assert "SAT" in str(caught.value)


def test_no_step_changes_the_survey_it_starts_from() -> None:
    survey = make()
    before = survey.frame.copy(deep=True)
    screened = survey.screen(straightline=True)
    for step in (
        screened,
        screened.exclude("straightline"),
        survey.reverse_scored(),
        survey.deidentify(),
        survey.select("sat1"),
        survey.with_scores(constructs="SAT"),
        survey.flag("minor", "tuổi < 18"),
    ):
        assert step is not survey
        assert step.steps
    pd.testing.assert_frame_equal(survey.frame, before)
    assert survey.steps == ()
    assert survey.flags is None


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_repr_counts_and_names_but_shows_no_answer_and_no_person(lang: str) -> None:
    survey = make().screen()
    with language(lang):
        for text in (repr(survey), survey._repr_html_()):
            assert "ecsi" in text
            assert "khao_sat.xlsx" in text
            assert "@" not in text
            assert ".deidentify()" in text
            assert "survey." not in text.replace("survey.problems", "").replace("survey.flags_table", "")


def test_repr_says_simulated_and_how_much_is_missing() -> None:
    survey = make()
    simulated = Survey(survey.frame, BOOK, source={"kind": "simulated"})
    assert "simulated" in repr(simulated)
    assert "simulated" not in repr(survey)
    assert "missing: 8.3 % of answers, at most 33.3 % in one row" in repr(survey)


def test_a_survey_does_not_follow_later_changes_of_the_callers_frame() -> None:
    frame = pd.DataFrame({"sat1": [4, 5]})
    survey, other = Survey(frame), as_survey(frame)
    frame.loc[0, "sat1"] = 1
    assert survey.data["sat1"].tolist() == other.data["sat1"].tolist() == [4, 5]
    assert survey.data.index.tolist() == [1, 2]


def test_repr_escapes_html_of_names() -> None:
    frame = pd.DataFrame({"<b>mail</b>": ["a@b.vn", "c@d.vn"]})
    assert "<b>mail" not in as_survey(frame)._repr_html_()


def test_exclusion_is_explicit_logged_and_leaves_row_numbers_alone() -> None:
    screened = make().screen(straightline=True).flag("minor", "tuổi < 18", "under 18")
    assert len(screened) == 4
    clean = screened.exclude("straightline", "minor")
    assert clean.data.index.tolist() == [2, 4]
    log = clean.log[clean.log["action"] == "exclude"].set_index("rule")
    assert log.loc["straightline", "rows"] == (3,)
    assert log.loc["minor", ["count", "newly"]].tolist() == [1, 1]
    assert clean.flow_table["remaining"].tolist() == [4, 3, 2, 2]
    assert clean.flags_table.set_index("rule").loc["straightline", "flagged"] == 1


def test_rows_that_a_rule_cannot_judge_stay_and_the_log_says_so() -> None:
    clean = make().screen(["sat1", "sat2"], straightline=True).exclude("straightline")
    assert clean.data.index.tolist() == [2, 4]
    assert "could not judge, and that were kept: 1" in clean.log["note"].iloc[-1]


def test_a_row_flagged_by_two_excluded_rules_comes_back_only_when_both_are_undone() -> None:
    survey = make().flag("young", "tuổi < 30").flag("minor", "tuổi < 18")
    out = survey.exclude("minor", "young")
    assert out.flow_table["excluded"].tolist() == [0, 1, 1, 0]
    half = out.restore("minor")
    assert half.data.index.tolist() == [2, 3]
    assert half.flow_table.loc[1, ["rule", "excluded"]].tolist() == ["young", 2]
    whole = half.restore()
    pd.testing.assert_frame_equal(whole.frame, survey.frame)
    pd.testing.assert_frame_equal(whole.flags, survey.flags)
    assert whole.aside is None


@settings(max_examples=30)
@given(st.lists(st.integers(0, 7), min_size=3, max_size=30), st.permutations(["a", "b", "c"]), st.integers(1, 3))
def test_excluding_then_restoring_everything_gives_the_same_survey(
    bits: list[int], order: list[str], how_many: int
) -> None:
    survey = as_survey(pd.DataFrame({"sat1": range(len(bits))}))
    for place, rule in enumerate("abc"):
        survey = survey.flag(rule, [bool(value >> place & 1) for value in bits])
    chosen = order[:how_many]
    mask = sum(1 << "abc".index(rule) for rule in chosen)
    if all(value & mask for value in bits):
        with pytest.raises(DataError):
            survey.exclude(*chosen)
        return
    out = survey.exclude(*chosen)
    assert out.data.index.tolist() == [i for i, value in enumerate(bits, 1) if not value & mask]
    table = out.flow_table
    assert table["excluded"].sum() + len(out) == len(bits)
    pd.testing.assert_frame_equal(out.restore().frame, survey.frame)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda s: s.exclude("straightline"), "not_screened"),
        (lambda s: s.screen().exclude("speed"), "unknown_rule"),
        (lambda s: s.screen().exclude(), "unknown_rule"),
        (lambda s: s.restore("speed"), "nothing_to_restore"),
        (lambda s: s.flag("all", [True] * 4).exclude("all"), "nobody_left"),
        (lambda s: s.flag("", [True] * 4), "rule_unnamed"),
        (lambda s: s.flag("x", [True]), "condition_length"),
        (lambda s: s.flag("x", [1, 2, 3, 4]), "condition_not_boolean"),
        (lambda s: s.flag("x", pd.Series([True, None, True, False], index=[1, 2, 3, 4])), "condition_unknown"),
        (lambda s: s.flag("x", "age < 3"), "unknown_columns"),
        (lambda s: s.flag("x", "sat1 <"), "condition_failed"),
        (lambda s: s.select("sat9"), "unknown_columns"),
        (lambda s: s.select(constructs="SATT"), "unknown_constructs"),
        (lambda s: as_survey([1, 2]), "not_data"),
        (lambda s: as_survey(pd.DataFrame([[1, 2]], columns=["a", "a"])), "duplicate_columns"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call: object, key: str) -> None:
    with pytest.raises(DataError) as caught:
        call(make())  # type: ignore[operator]
    assert caught.value.key == f"survey.{key}"


def test_select_keeps_columns_constructs_and_rows_that_meet_a_condition() -> None:
    chosen = make().select("tuổi", constructs="SAT", where=lambda data: data["tuổi"] >= 18, reason="dưới 18 tuổi")
    assert list(chosen.frame) == ["sat1", "sat2", "tuổi"]
    assert list(chosen.codebook.constructs) == ["SAT"]
    assert chosen.data.index.tolist() == [2, 3, 4]
    assert chosen.flow_table["rule"].tolist() == ["", "dưới 18 tuổi", ""]
    assert list(chosen.restore().frame) == ["sat1", "sat2", "tuổi"]


def test_excluded_rows_are_turned_and_deidentified_with_the_others() -> None:
    items = {**BOOK.items, "sat1": Item("sat1", min=1, max=5, reversed=True, construct="SAT")}
    survey = Survey(make().frame, Codebook(items=items, constructs=BOOK.constructs)).flag("minor", "tuổi < 18")
    back = survey.exclude("minor").reverse_scored().deidentify().restore()
    assert back.data["sat1"].tolist() == [2, 1, 3, 3]
    assert "thư" not in back.frame
    assert back.aside is None


def test_rows_restored_after_a_later_screening_are_said_to_be_unjudged() -> None:
    survey = make().flag("minor", "tuổi < 18").exclude("minor").screen(straightline=True)
    back = survey.restore("minor")
    assert back.flags is not None
    assert pd.isna(back.flags.loc[1, "straightline"])
    assert "straightline" in back.log["note"].iloc[-1]


def test_as_survey_numbers_rows_from_one_and_keeps_numbers_it_gave() -> None:
    survey = as_survey(pd.DataFrame({"sat1": [4, 5], "sat2": [3, 3]}, index=[7, 9]))
    assert survey.frame.index.tolist() == [1, 2]
    assert as_survey(survey) is survey
    assert as_survey(make().data.iloc[2:]).frame.index.tolist() == [3, 4]
    assert survey.items() == ["sat1", "sat2"]


def test_column_names_match_in_either_unicode_form_and_may_be_numbers() -> None:
    decomposed = unicodedata.normalize("NFD", "hài_lòng1")
    survey = as_survey(pd.DataFrame({decomposed: [1, 5], 7: [2, 4]}))
    assert list(survey.frame) == ["hài_lòng1", "7"]
    assert survey.screen([decomposed, "7"]).flags is not None


def test_tiny_and_empty_tables_still_introduce_themselves() -> None:
    assert "0 respondents" in repr(as_survey(pd.DataFrame({"sat1": []})))
    book = Codebook(items={"sat1": Item("sat1", min=1, max=5)})
    assert "1 respondent · 1 item" in repr(Survey(pd.DataFrame({"sat1": [3]}), book))
    assert "0 items" in repr(as_survey(pd.DataFrame()))


def test_flow_figure_carries_every_stage_in_vietnamese() -> None:
    figure = make().screen(straightline=True).exclude("straightline").flow("vi")
    texts = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert all(part in texts for part in ("Thu thập\nn = 4", "n = 1", "Phân tích\nn = 3"))


def test_flow_of_a_simulated_survey_says_so() -> None:
    figure = Survey(make().frame, BOOK, source={"kind": "simulated"}).flow()
    assert "Simulated" in figure.axes[0].texts[1].get_text() + figure.axes[0].texts[0].get_text()


@pytest.mark.parametrize("name", ["data", "frame", "flags", "problems", "log", "indices", "identifiers", "flags_table"])
def test_a_table_that_was_handed_out_can_be_changed_without_harm(name: str) -> None:
    problems = pd.DataFrame([[1, "sat1", "x", "y"]], columns=["row", "column", "value", "reason"])
    survey = Survey(make().frame, BOOK, problems=problems).screen()
    before = getattr(survey, name).copy()
    mine = getattr(survey, name)
    mine["new"] = 1
    mine.pop(mine.columns[0])
    mine.iloc[0, 0] = mine.iloc[-1, 0]
    mine.index = [f"r{i}" for i in range(len(mine))]
    assert getattr(survey, name).equals(before)


def test_the_source_of_a_survey_cannot_be_changed_and_a_survey_travels() -> None:
    survey = make().screen()
    survey.source["path"] = "other.csv"  # type: ignore[index]
    assert survey.source["path"] == "khao_sat.xlsx"
    assert pickle.loads(pickle.dumps(survey)).frame.equals(survey.frame)  # noqa: S301 - our own bytes
