"""Conditions in words: for the table, for paper, and for the steps that a platform leaves to the researcher."""

from __future__ import annotations

from collections.abc import Mapping

from cxlab.i18n import Language, tr
from cxlab.theory.questionnaire.conditions import Condition, Style, Test, written
from cxlab.theory.questionnaire.model import Form, Question


def short(condition: Condition | None) -> str:
    """A condition as a formula: ``scr1 = 1 and age >= 18``; empty if there is none."""
    return "" if condition is None else written(condition, Style(_formula, " and ", " or ", "not ({})"))


def _formula(test: Test) -> str:
    if test.values:
        listed = ", ".join(f"{value:g}" for value in test.values)
        return f"{test.question} = {listed}" if len(test.values) == 1 else f"{test.question} in ({listed})"
    ends = ((">=", test.low), ("<=", test.high))
    return " and ".join(f"{test.question} {sign} {end:g}" for sign, end in ends if end is not None)


def in_words(condition: Condition, form: Form, lang: Language, numbers: Mapping[str, int]) -> str:
    """A condition as a sentence part for a reader of the form: *question 3 is answered "Yes"*."""
    questions = form.by_name()
    style = Style(
        lambda test: _said(test, questions[test.question], lang, numbers),
        f" {tr('questionnaire.and', lang)} ",
        f" {tr('questionnaire.or', lang)} ",
        tr("questionnaire.not", lang, condition="{}"),
    )
    return written(condition, style)


def _said(test: Test, question: Question, lang: Language, numbers: Mapping[str, int]) -> str:
    number = numbers.get(test.question, test.question)
    if test.values:
        words = {choice.point: choice.text[lang] for choice in question.choices}
        answers = [words.get(value, f"{value:g}") for value in test.values]
        listed = f" {tr('questionnaire.or', lang)} ".join(tr("questionnaire.quoted", lang, text=a) for a in answers)
        return tr("questionnaire.answered", lang, number=number, answers=listed)
    key = "between" if None not in (test.low, test.high) else "at_least" if test.high is None else "at_most"
    low, high = (None if end is None else f"{end:g}" for end in (test.low, test.high))
    return tr(f"questionnaire.answered_{key}", lang, number=number, low=low, high=high)
