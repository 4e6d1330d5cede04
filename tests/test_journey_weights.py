"""Weights of customers in the journey map, the funnel and transitions, against R's survey package."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.errors import DataError
from cxlab.journey.events import Events, journey_events
from cxlab.journey.funnel import funnel
from cxlab.journey.funnel_numbers import median_wait, rao_scott
from cxlab.journey.map import journey_map
from cxlab.journey.transitions import transitions
from cxlab.survey.datasets import load_dataset

# Closed forms on both sides; R prints twelve digits.
CLOSE = 1e-9


@cache
def oracle() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "oracles/journey_weights.json").read_text())  # type: ignore[no-any-return]


@cache
def events() -> Events:
    return journey_events(load_dataset("journey_events"), on_problem="drop")


@cache
def weights() -> pd.Series:
    """The formula of the R script."""
    customers = pd.Index(events().frame["customer"].unique())
    number = customers.str.slice(1).astype(int).to_numpy()
    return pd.Series(np.where(number % 50 == 0, 0, 1 + (number % 7) / 2), customers)


def small(**columns: Any) -> pd.DataFrame:
    rows = {"customer": ["A", "A", "B", "B", "C"], "time": [1, 2, 1, 2, 1], "touchpoint": ["x", "y", "x", "y", "x"]}
    rows |= {"stage": ["awareness", "buying", "awareness", "buying", "awareness"], "valence": [1, 2, -1, -2, 2]}
    return pd.DataFrame(rows | {"w": [1, 1, 3, 3, 4]} | columns)


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("rated", "n"), ("customers", "customers"), ("mean_valence", "mean"), ("se", "se"), ("ci_lower", "lower"),
        ("difference", "difference"), ("p", "p"), ("share_negative", "negative"), ("gain", "gain"),
        ("negative_lower", "negative_lower"), ("negative_upper", "negative_upper"),
    ],
)  # fmt: skip
def test_a_weighted_map_is_that_of_a_survey_design_with_customers_as_clusters(own: str, name: str) -> None:
    wanted = pd.DataFrame(oracle()["map"]).set_index("cell")
    table = journey_map(events(), weights=weights()).table
    found = table.set_index(table["stage"] + "." + table["touchpoint"]).reindex(wanted.index)
    np.testing.assert_allclose(found[own], wanted[name].astype(float), rtol=CLOSE, atol=CLOSE)


def test_a_weighted_funnel_is_that_of_svymean_and_svyquantile() -> None:
    wanted, found = pd.DataFrame(oracle()["funnel"]), funnel(events(), weights=weights()).table.iloc[1:]
    names = {"reached": "reached", "conversion": "conversion", "ci_lower": "lower", "ci_upper": "upper"}
    for own, name in (names | {"median_wait": "wait"}).items():
        np.testing.assert_allclose(found[own], wanted[name].astype(float), rtol=1e-8, atol=CLOSE, err_msg=own)


def test_weighted_groups_are_compared_as_svychisq_does() -> None:
    wanted, found = pd.DataFrame(oracle()["funnel"]), funnel(events(), group="segment", weights=weights()).tests
    for name in ("f", "df1", "df2", "p"):
        np.testing.assert_allclose(found[name], wanted[name].astype(float), rtol=1e-8, err_msg=name)
    assert "rao_scott_1984" in funnel(events(), group="segment", weights=weights()).references


def test_weighted_steps_are_those_of_svymean_with_customers_as_clusters() -> None:
    wanted = pd.DataFrame(oracle()["moves"]).set_index(["from", "to"]).astype(float)
    found = transitions(events(), weights=weights()).table.set_index(["from", "to"]).loc[wanted.index]
    for own, name in {"count": "count", "n": "n", "probability": "p", "ci_lower": "lower", "ci_upper": "upper"}.items():
        known = wanted[name].notna()
        np.testing.assert_allclose(found.loc[known, own], wanted.loc[known, name], rtol=CLOSE, err_msg=own)


def test_a_bootstrap_of_weighted_customers_agrees_with_the_linearised_interval() -> None:
    # 400 draws settle an end to about a twentieth of the interval's width.
    drawn = transitions(events(), weights=weights(), interval="bootstrap", n_boot=400, seed=3).table
    formula = transitions(events(), weights=weights()).table
    often = (formula["n"] > 500) & formula["probability"].between(0.05, 0.95)
    width = formula["ci_upper"] - formula["ci_lower"]
    assert (((drawn["ci_lower"] - formula["ci_lower"]).abs() / width)[often] < 0.12).all()


def test_equal_weights_change_no_number() -> None:
    same = pd.Series(2.5, weights().index)
    for one in (journey_map, funnel, transitions):
        plain, equal = one(events()).table, one(events(), weights=same).table  # type: ignore[operator]
        pd.testing.assert_frame_equal(plain, equal, rtol=1e-9, check_dtype=False)
    plain_groups = funnel(events(), group="segment").tests
    equal_groups = funnel(events(), group="segment", weights=same).tests
    # Pearson's chi-square and Rao and Scott's F estimate the spread differently; with 800 customers p agrees to 0.01.
    assert np.allclose(plain_groups["p"], equal_groups["p"], atol=0.01)


def test_weights_by_hand() -> None:
    found = journey_map(journey_events(small()), weights="w", min_n=2)
    # events 1, 2, 2 of weights 1, 1, 4 and -1, -2 of weight 3: (1 + 2 + 8 - 3 - 6) / 12
    assert found.judgement.reference == pytest.approx(2 / 12)
    first = found.table.iloc[0]
    assert first["mean_valence"] == pytest.approx((1 - 3 + 8) / 8)
    assert (first["events"], first["share_negative"]) == (3, 3 / 8)
    reach = funnel(journey_events(small()), quiet=None, weights="w").table
    assert reach["conversion"].iloc[1] == 4 / 8
    assert reach["reached"].tolist() == [3, 2]
    steps = transitions(journey_events(small()), quiet=None, weights="w").matrix
    assert steps.loc["awareness"].tolist() == [0, 4 / 8, 4 / 8]


def test_customers_of_weight_zero_count_for_nothing_and_are_told() -> None:
    part = journey_events(small(w=[0, 0, 3, 3, 4]))
    found = journey_map(part, weights="w", min_n=2)
    assert found.table["rated"].sum() == 3
    assert any(one.key == "journey.weights_zero" for one in found.warnings)
    assert funnel(part, weights="w").table["reached"].tolist() == [2, 1]


def test_a_part_of_a_weighted_map_keeps_its_weights() -> None:
    found = journey_map(journey_events(small(owner=["brand", "brand", "brand", "partner", "partner"])), weights="w")
    assert found.opportunities.empty  # too few customers to be judged
    assert found.view(owner="partner").axes


@pytest.mark.parametrize(
    ("weights", "key"),
    [
        ("w2", "journey.weights_customers"), ("w3", "journey.varies"), ("nope", "analyses.unknown_columns"),
        ([1, 2, 3], "journey.weights_form"), ({"Z": 1.0}, "journey.weights_form"), ("zero", "weights.all_zero"),
        ({"A": 1.0, "B": 2.0}, "journey.weights_customers"), ("touchpoint", "journey.varies"),
    ],
)  # fmt: skip
def test_weights_that_cannot_be_used_are_refused(weights: Any, key: str) -> None:
    part = journey_events(small(w2=[1, 1, -1, -1, 2], w3=[1, 2, 1, 1, 1], zero=0))
    for one in (journey_map, funnel, transitions):
        with pytest.raises(DataError) as error:
            one(part, weights=weights)  # type: ignore[operator]
        assert error.value.key == key


def test_intervals_of_independent_steps_know_no_weights() -> None:
    with pytest.raises(DataError, match="clustered"):
        transitions(events(), weights=weights(), interval="goodman")
    found = transitions(events(), weights=weights())
    assert found.tests.empty
    assert any(one.key == "journey.weights_no_order" for one in found.warnings)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_weighted_results_say_so_in_both_languages(lang: Any) -> None:
    word = {"en": "weighted", "vi": "trọng số"}[lang]
    for one in (journey_map, funnel, transitions):
        found = one(events(), weights=weights())  # type: ignore[operator]
        assert word in found.summary(lang)
        assert any(word in str(note) for note in found.apa(lang).notes)


def test_a_median_that_halves_the_weight_is_the_mean_of_both() -> None:
    assert median_wait(np.zeros(4), np.array([1.0, 2, 3, 4]), np.ones(4)) == 2.5
    assert median_wait(np.zeros(3), np.array([1.0, 2, 9]), np.array([1.0, 1, 5])) == 9
    assert np.isnan(median_wait(np.array([np.inf]), np.array([1.0]), np.ones(1)))


def test_groups_without_spread_are_not_compared() -> None:
    assert np.isnan(rao_scott(np.ones(6, bool), np.array([0, 1] * 3), np.ones(6))).all()


def test_groups_with_empty_cells_are_compared_as_svychisq_does() -> None:
    odd = oracle()["empty"]
    found = rao_scott(np.array(odd["on"], bool), np.array(odd["group"]), np.array(odd["w"], float))
    assert found == pytest.approx(odd["test"], rel=1e-9)


def numbered() -> Events:
    """Customers whose names are numbers, as row numbers are."""
    return journey_events(small(customer=[1, 1, 2, 2, 3]))


@pytest.mark.parametrize("rows", [small()["w"], small(customer=[1, 1, 2, 2, 3]).set_index("customer")["w"]])
def test_weights_by_row_do_not_pass_for_weights_by_customer(rows: pd.Series) -> None:
    for one in (journey_map, funnel, transitions):
        with pytest.raises(DataError) as error:
            one(numbered(), weights=rows)  # type: ignore[operator]
        assert error.value.key == "journey.weights_rows"
    whole = funnel(numbered(), weights=pd.Series([1, 3, 4], [1, 2, 3]), quiet=None).table
    assert whole["conversion"].iloc[1] == 4 / 8


def test_names_of_customers_meet_their_weights_in_any_letter_form() -> None:
    found = funnel(journey_events(small()), weights={"A ": 1, " B": 3, "C": 4}, quiet=None).table
    assert found["conversion"].iloc[1] == 4 / 8


@pytest.mark.parametrize(("given", "statistic"), [(None, "χ²(1) = "), ("all", "F(1.0, ")])
def test_a_funnel_by_group_says_how_the_groups_compare(given: Any, statistic: str) -> None:
    found = funnel(events(), group="segment", weights=weights() if given else None)
    lines = [line for line in found.summary("en").splitlines() if statistic in line]
    assert len(lines) == len(found.tests)
    last = found.tests.iloc[-1]
    assert f"{last['f' if given else 'chi2']:.2f}" in lines[-1]
