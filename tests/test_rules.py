"""Rules of thumb are cited data: they judge as their authors wrote, and say what was recalled."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError
from cxlab.evaluate.rules import interpret, rule_limit, rule_note, rules_table


@pytest.mark.parametrize(
    ("value", "rule", "met"),
    [
        (0.95, "hu_bentler_1999.cfi", True),
        (0.949, "hu_bentler_1999.cfi", False),
        (0.06, "hu_bentler_1999.rmsea", True),
        (0.061, "hu_bentler_1999.rmsea", False),
        (0.08, "hu_bentler_1999.srmr", True),
        (0.70, "nunnally_1978", True),
        (-0.3, "nunnally_1978", False),
        (0.85, "henseler_2015_strict", False),
        (0.89, "henseler_2015", True),
        (0.5, "fornell_larcker_1981", True),
        (-1.9, "west_1995.skewness", True),
        (-7.5, "west_1995.kurtosis", False),
        (-0.011, "cheung_rensvold_2002", False),
        (math.inf, "cook_weisberg_1982", False),
    ],
)
def test_limits(value: float, rule: str, met: bool) -> None:
    assert interpret(value, rule).met is met


@pytest.mark.parametrize(
    ("value", "rule", "label"),
    [
        (0.019, "cohen_1988.f2", "negligible"),
        (0.02, "cohen_1988.f2", "small"),
        (0.15, "cohen_1988.f2", "medium"),
        (0.35, "cohen_1988.f2", "large"),
        (-0.3, "cohen_1988.r", "medium"),
        (2.9, "hair_2019_vif", "no_issue"),
        (5.0, "hair_2019_vif", "probable_issue"),
        (0.96, "hair_2019_reliability.alpha", "redundant"),
        (0.65, "hair_2019_reliability.alpha", "exploratory_only"),
    ],
)
def test_bands(value: float, rule: str, label: str) -> None:
    judgement = interpret(value, rule)
    assert judgement.label == f"evaluate.{label}"
    assert judgement.met is None


def test_a_series_of_fit_measures_is_judged_where_the_rule_speaks() -> None:
    judged = cx.interpret(pd.Series({"chisq": 12.0, "cfi": 0.96, "rmsea": 0.09, "srmr": 0.04}), rule="hu_bentler_1999")
    assert {one.measure: one.met for one in judged} == {"cfi": True, "rmsea": False, "srmr": True}


def test_what_was_recalled_says_so_in_both_languages() -> None:
    recalled, read = interpret(0.6, "hair_2019_loadings"), interpret(0.96, "hu_bentler_1999.cfi")
    assert "from memory" in recalled.text("en")
    assert "theo trí nhớ" in recalled.text("vi")
    assert "memory" not in read.text("en")
    assert ".96" in read.text("en")
    assert "0,96" in read.text("vi")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_rule_has_words_and_a_source(lang: str) -> None:
    table = rules_table(lang)
    assert not table.isna().any().any()
    for row in table.itertuples():
        text = interpret(0.5, f"{row.rule}.{row.measure}").text(lang) + rule_note(row.rule, lang)
        assert "evaluate." not in text
    assert set(table["status"]) == {"sourced", "memory"}


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        ((0.9, "hu_bentler_1998"), "evaluate.unknown_rule"),
        ((0.9, "hu_bentler_1999"), "evaluate.which_measure"),
        ((0.9, "nunnally_1978.cfi"), "evaluate.unknown_measure"),
        (({"df": 3}, "hu_bentler_1999"), "evaluate.unknown_measure"),
        ((math.nan, "nunnally_1978"), "evaluate.not_a_number"),
        (("high", "nunnally_1978"), "evaluate.not_a_number"),
    ],
)
def test_bad_questions_are_answered_with_what_there_is(arguments: tuple[object, str], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        interpret(*arguments)  # type: ignore[call-overload]
    assert caught.value.key == key


def test_unknown_rule_lists_the_rules_and_the_nearest() -> None:
    with pytest.raises(CxlabError, match="Did you mean 'hu_bentler_1999'"):
        interpret(0.9, "hu_bentler_1998")


def test_a_band_has_no_single_limit() -> None:
    assert rule_limit("nunnally_1978") == 0.7
    with pytest.raises(CxlabError):
        rule_limit("cohen_1988", "f2")
