"""The journey room's numbers against R (sandwich, survey, prop.test, loglin, lm) and against hand-made journeys."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.journey.chain import chain_of, order_tests
from cxlab.journey.cluster import clustered_means
from cxlab.journey.events import Events, journey_events
from cxlab.journey.funnel import funnel
from cxlab.journey.map import JourneyMap, journey_map
from cxlab.journey.summaries import JourneySummaries, journey_summaries
from cxlab.journey.transitions import transitions
from cxlab.survey.datasets import load_dataset

# Closed forms on both sides; R prints twelve digits.
CLOSE = 1e-9


@cache
def oracle() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "oracles/journey.json").read_text())  # type: ignore[no-any-return]


@cache
def events() -> Events:
    return journey_events(load_dataset("journey_events"), on_problem="drop")


@cache
def mapped() -> JourneyMap:
    return journey_map(events())


def by_cell(found: JourneyMap) -> pd.DataFrame:
    table = found.table
    return table.set_index(table["stage"] + "." + table["touchpoint"])


def theirs() -> pd.DataFrame:
    return pd.DataFrame(oracle()["map"]).set_index("cell")


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("rated", "n"), ("customers", "customers"), ("mean_valence", "mean"), ("se", "se"), ("ci_lower", "lower"),
        ("ci_upper", "upper"), ("difference", "difference"), ("share_negative", "negative"),
        ("negative_lower", "negative_lower"), ("negative_upper", "negative_upper"), ("p", "p"),
        ("p_adjusted", "p_holm"),
    ],
)  # fmt: skip
def test_cells_of_the_map_are_those_of_sandwich_and_survey(own: str, name: str) -> None:
    ours = by_cell(mapped())[own].reindex(theirs().index)
    np.testing.assert_allclose(ours.to_numpy(float), theirs()[name], rtol=1e-8, atol=CLOSE)


def test_false_discovery_rates_are_those_of_r() -> None:
    ours = by_cell(journey_map(events(), adjust="fdr_bh"))["p_adjusted"].reindex(theirs().index)
    np.testing.assert_allclose(ours, theirs()["p_bh"], rtol=1e-8, atol=CLOSE)


def test_pain_points_are_the_cells_whose_corrected_p_is_small_and_whose_mean_is_low() -> None:
    reference = theirs()
    wanted = set(reference.index[(reference["p_holm"] < 0.05) & (reference["difference"] < 0)])
    pains = mapped().pain_points
    assert set(pains["stage"] + "." + pains["touchpoint"]) == wanted
    assert pains["touchpoint"].iloc[0] == "repair_partner"


def test_only_the_touchpoint_that_the_simulation_made_bad_lies_below_neutral() -> None:
    assert journey_map(events(), threshold="neutral").pain_points["touchpoint"].tolist() == ["repair_partner"]


def test_a_clustered_standard_error_by_hand() -> None:
    # Two customers with (1, 2) and (3, 6): mean 3, residual sums -3 and 3, variance 2/1 * 18 / 16.
    found = clustered_means(np.array([1.0, 2, 3, 6]), np.zeros(4, int), np.array([0, 0, 1, 1]), 1)
    assert found.se[0] == pytest.approx(np.sqrt(2.25))
    assert found.difference[0] == found.se_difference[0] == 0


def test_the_funnel_is_that_of_prop_test() -> None:
    wanted, found = oracle()["funnel"], funnel(events())
    table = found.table
    assert table["reached"].tolist() == wanted["reached"]
    np.testing.assert_allclose(table[["ci_lower", "ci_upper"]].iloc[1:], wanted["conversion"], rtol=1e-9)
    assert table["under_way"].iloc[1:].tolist() == wanted["under_way"]
    assert found.quiet == pytest.approx(wanted["quiet"], rel=1e-9)


def test_groups_in_the_funnel_are_compared_as_prop_test_does() -> None:
    tests, wanted = funnel(events(), group="segment").tests, oracle()["funnel"]["tests"]
    np.testing.assert_allclose(tests["chi2"], [one["chi2"] for one in wanted], rtol=1e-8)
    np.testing.assert_allclose(tests["p"], [one["p"] for one in wanted], rtol=1e-8)


def test_steps_and_tests_of_order_are_those_of_r() -> None:
    wanted, found = oracle()["transitions"], transitions(events())
    assert found.counts.to_numpy().tolist() == wanted["counts"]
    tests = found.tests.set_index("test")
    for name in ("order_0", "order_1"):
        # loglin sums the same logarithms in another order
        np.testing.assert_allclose(tests.loc[name, ["chi2", "df"]].astype(float), wanted[name], rtol=1e-7)


def test_intervals_of_steps_are_goodmans_and_those_of_a_survey_ratio() -> None:
    wanted = oracle()["transitions"]
    table = transitions(events(), interval="goodman").table.set_index(["from", "to"])
    np.testing.assert_allclose(
        table.loc["awareness", ["ci_lower", "ci_upper"]], wanted["goodman"], rtol=1e-9, atol=1e-12
    )
    step = transitions(events()).table.set_index(["from", "to"]).loc[("use", "support")]
    ours = step[["probability", "ci_lower", "ci_upper"]].astype(float)
    np.testing.assert_allclose(ours, wanted["use_support"], rtol=1e-8)


def test_a_bootstrap_of_customers_agrees_with_the_clustered_interval() -> None:
    ends = ["ci_lower", "ci_upper"]
    drawn = transitions(events(), interval="bootstrap", n_boot=400, seed=3).table
    formula = transitions(events()).table
    common = formula["count"] > 20
    assert np.abs(drawn.loc[common, ends] - formula.loc[common, ends]).to_numpy().max() < 0.02


def test_the_chain_gives_back_the_simulated_probabilities() -> None:
    truth = load_dataset("journey_events").codebook.simulation["next_stage"]
    matrix = transitions(events()).matrix
    wanted = pd.DataFrame(truth).T.reindex(index=matrix.index, columns=matrix.columns).fillna(0)
    # Ends depend on the mood of the customer too, so a little is left beside the error of sampling.
    assert np.abs(matrix - wanted).to_numpy().max() < 0.07


def test_a_chain_by_hand() -> None:
    # A: 0 1 0 and end; B: 1 1, its last event late.
    states, customers = np.array([0, 1, 0, 1, 1]), np.array([0, 0, 0, 1, 1])
    chain = chain_of(states, customers, 2, np.array([False, False, False, False, True]))
    assert chain.counts.tolist() == [[0, 1, 1], [1, 1, 0]]
    # Order 0: 2 sum n ln(n / e); row sums 2 and 2, column sums 1, 2, 1: e = .5, 1, .5 in both rows.
    tests = order_tests(chain)
    assert tests["chi2"].iloc[0] == pytest.approx(2 * (2 * np.log(1 / 0.5) + 2 * np.log(1 / 1)))
    assert tests["df"].iloc[0] == 2


@cache
def contest() -> JourneySummaries:
    return journey_summaries(events(), "overall", n_boot=200)


@pytest.mark.parametrize("rule", ["mean", "last", "minimum", "maximum", "peak", "peak_end", "trend"])
def test_rival_summaries_are_those_of_lm(rule: str) -> None:
    wanted, found = oracle()["summaries"], contest()
    row = found.table.set_index("rule").loc[rule]
    assert row["n"] == wanted["n"]
    ours = row[["r2", "adjusted_r2", "aic", "bic"]].astype(float)
    np.testing.assert_allclose(ours, [wanted[rule][one] for one in ("r2", "adjusted", "aic", "bic")], rtol=1e-9)
    lines = found.coefficients[found.coefficients["rule"] == rule]
    np.testing.assert_allclose(lines["estimate"], wanted[rule]["estimates"], rtol=1e-9)
    np.testing.assert_allclose(lines["se"], wanted[rule]["se"], rtol=1e-8)


def test_peak_and_end_win_where_the_simulation_says_so_and_weigh_what_it_says() -> None:
    table = contest().table
    assert table["rule"].iloc[0] == "peak_end"
    assert table.set_index("rule").loc["peak_end", "diff_lower"] > 0.2
    lines = contest().coefficients.set_index(["rule", "term"]).loc["peak_end"]
    # Rounding and missing ratings hide a part of 0.55 and 0.60.
    assert lines.loc["peak", "estimate"] == pytest.approx(0.55, abs=0.08)
    assert lines.loc["last", "estimate"] == pytest.approx(0.60, abs=0.15)


def test_r2_out_of_sample_is_near_the_adjusted_one() -> None:
    table = contest().table
    assert np.abs(table["cv_r2"] - table["adjusted_r2"]).max() < 0.02


def test_on_the_airline_the_mean_says_more_than_any_episode() -> None:
    names = ["o_booking", "o_checkin", "o_departure", "o_cabin", "o_meal", "o_crew"]
    wide = journey_events(load_dataset("airline_journey"), touchpoints=names)
    found = journey_summaries(wide, "o_experience", n_boot=100, repeats=1)
    assert found.table["rule"].iloc[0] == "mean"
    others = found.table[found.table["rule"] != "mean"]
    assert (others["diff_upper"] < 0).all()
