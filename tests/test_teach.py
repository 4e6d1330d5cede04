"""Exercises name the slip behind a wrong answer; controls stand still in a report."""

import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import DataError
from cxlab.i18n import language
from cxlab.teach.exercises import check_answer
from cxlab.teach.widgets import explore


def test_an_open_exercise_asks_for_an_answer():
    assert not check_answer(None, 0.5).right


def test_a_wrong_answer_says_which_way_to_look():
    assert "higher" in check_answer(0.2, 0.5).message
    assert "lower" in check_answer(0.9, 0.5).message


def test_a_count_as_pandas_gives_it_is_a_number_and_is_told_back_without_decimals():
    assert check_answer(pd.Series([True, True, False]).sum(), 2).message == "Right: 2."


def test_feedback_speaks_vietnamese():
    with language("vi"):
        assert check_answer(0.5, 0.5).message.startswith("Đúng")


@pytest.mark.parametrize("answer", ["0.7", True, float("nan")])
def test_an_answer_that_is_no_number_is_refused(answer):
    with pytest.raises(DataError, match="needs one number"):
        check_answer(answer, 0.5)


def test_feedback_is_escaped_in_html():
    feedback = check_answer(1.0, 2.0, slips={"<b>raw</b>": 1.0})
    assert "&lt;b&gt;" in feedback._repr_html_()


def test_controls_are_sliders_when_live():
    box = explore(lambda cut, rule: f"{rule} {cut}", cut=(5, 1, 9, 1), rule=["longest run", "spread"])
    assert [type(child).__name__ for child in box.children] == ["HTML", "IntSlider", "Dropdown", "Output"]


def test_in_a_report_the_first_setting_is_shown():
    assert explore(lambda cut, rule: (cut, rule), live=False, cut=(5, 1, 9, 1), rule=["a", "b"]) == (5, "a")


def test_a_quiz_shows_answers_closed_and_escapes_them() -> None:
    found = cx.quiz(
        (
            {"en": "Is <b>1</b> a rating?", "vi": "<b>1</b> có phải là mức đánh giá?"},
            [("Yes & no", True, "It depends."), ("No", False, "Why not?")],
        )
    )
    html = found._repr_html_()
    assert html.count("<details>") == 2
    assert "&lt;b&gt;1" in html
    assert "Yes &amp; no" in html
    with cx.language("vi"):
        assert "mức đánh giá" in str(cx.quiz(({"en": "x", "vi": "mức đánh giá"}, [("a", True, ""), ("b", False, "")])))


def test_a_quiz_without_a_right_answer_is_refused() -> None:
    with pytest.raises(DataError, match="right"):
        cx.quiz(("Why?", [("a", False, ""), ("b", False, "")]))
