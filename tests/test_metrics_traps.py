"""Metrics where answers, weights or claims leave nothing to judge by: told, never a certainty out of nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import DataError


def keys(found: object) -> list[str]:
    return [notice.key for notice in found.warnings]  # type: ignore[attr-defined]


def test_waves_in_which_all_answer_alike_have_no_interval_no_test_and_no_verdict() -> None:
    test = cx.nps([10] * 12).test(cx.nps([0] * 12))
    assert test.verdict == "undecided"
    assert test.table[["ci_lower", "ci_upper", "pvalue"]].isna().all(axis=None)
    assert "no error to judge the change by" in test.summary("en")
    assert "either direction" not in test.summary("en")


def test_a_wave_without_spread_is_no_base_for_a_plan() -> None:
    flat = cx.nps([10] * 12)
    for plan in (flat.minimum_detectable_change, lambda: flat.n_for_margin(5)):
        with pytest.raises(DataError) as raised:
            plan()
        assert raised.value.key == "metrics.no_spread_plan"


def test_paired_waves_that_weigh_respondents_differently_are_told() -> None:
    first, second = [9, 10, 3, 8, 7, 2], [9, 10, 9, 8, 10, 2]
    weights = [1, 1, 2, 1, 1, 1]
    assert keys(cx.nps(first, weights=weights).test(cx.nps(second), paired=True)) == ["metrics.paired_weights"]
    assert keys(cx.nps(first).test(cx.nps(second, weights=weights), paired=True)) == ["metrics.paired_weights"]
    double = [2 * weight for weight in weights]  # only ratios count
    assert keys(cx.nps(first, weights=weights).test(cx.nps(second, weights=double), paired=True)) == []


def test_advice_on_net_scores_stands_only_where_it_can_be_followed() -> None:
    answers, group = [5, 3, 4, 4, 2, 1] * 6, ["a", "b"] * 18
    assert keys(cx.csat(answers, group=group, scale=(1, 5))) == ["metrics.few_in_groups"]
    advised = ["metrics.few_in_groups", "metrics.small_sample_method"]
    assert keys(cx.nps([10, 9, 3] * 12, group=group)) == advised
    assert keys(cx.nps([10, 9, 3] * 12, group=group, method="score")) == advised[:1]


def test_an_index_tells_of_a_question_that_runs_against_the_others() -> None:
    rng = np.random.default_rng(3)
    good = np.clip(np.round(rng.normal(6, 2, (80, 2)) + rng.normal(0, 2, 80)[:, None]), 1, 10)
    frame = pd.DataFrame({"q1": good[:, 0], "q2": good[:, 1], "q3": 11 - good[:, 0]})
    straight = cx.acsi(["q1", "q2"], data=frame, scale=(1, 10))
    turned = cx.acsi(["q1", "q2", "q3"], data=frame, scale=(1, 10))
    assert "metrics.acsi_against" not in keys(straight)
    told = [notice for notice in turned.warnings if notice.key == "metrics.acsi_against"]
    assert "q3" in {notice.values["item"] for notice in told}
    assert all(notice.serious for notice in told)


def test_nobody_against_everybody_still_needs_two() -> None:
    found = cx.claim(0.0, 1.0)
    assert (found.n_significant, found.n_test, found.n_power) == (2, 2, 2)
    assert found.curve["power"].between(0, 1).all()


def test_a_share_without_words_is_printed_once() -> None:
    assert "  7.5%, n not said: no interval" in cx.claim(0.075, 0.029).summary("en").splitlines()
    assert "7,5%, không nêu n" in cx.claim(0.075, 0.029).summary("vi")
