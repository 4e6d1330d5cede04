"""Partner networks: networkx's centralities, exact spread of failures, and reasons where a network cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from cxlab.errors import DataError
from cxlab.estimate.spread import failure_spread
from cxlab.journey.networks import partner_network
from cxlab.journey.networks_forms import compare_networks

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/management.json").read_text())["spread"]
TRIP = [("customer", "agency"), ("agency", "airline"), ("agency", "firm"), ("firm", "restaurant"), ("firm", "bus")]


def test_spread_equals_every_state_counted_in_r() -> None:
    links = np.array(ORACLE["links"]) - 1
    found = failure_spread(links, np.array(ORACLE["pass"]), np.array(ORACLE["fail"], float), 0)
    assert found.reach.tolist() == pytest.approx(ORACLE["reach"], abs=1e-12)
    assert found.any_failure == pytest.approx(ORACLE["any"], abs=1e-12)
    assert found.expected == pytest.approx(ORACLE["number"], abs=1e-12)


def test_a_star_around_the_customer_has_its_closed_form() -> None:
    star = [("customer", name) for name in ("firm", "taxi", "care", "table")]
    found = partner_network(star, failure=0.1, passes=0.6)
    assert found.form == "customer"
    assert found.measures["any_failure"] == pytest.approx(1 - (1 - 0.06) ** 4)
    assert found.measures["control"] == pytest.approx(0.25)
    assert found.measures["centralisation"] == pytest.approx(1.0)


def test_simulation_agrees_with_the_exact_answer() -> None:
    links = np.array([[0, k] for k in range(1, 21)])
    found = failure_spread(links, np.full(20, 0.3), np.full(21, 0.1), 0, seed=3)
    assert not found.exact
    assert abs(found.any_failure - (1 - 0.97**20)) < 5 * found.any_error
    assert np.abs(found.reach[1:] - 0.3).max() < 5 * found.errors[1:].max()
    again = failure_spread(links, np.full(20, 0.3), np.full(21, 0.1), 0, seed=3)
    assert again.any_failure == found.any_failure


def test_centralities_are_those_of_networkx() -> None:
    found = partner_network(TRIP).table.set_index("node")
    graph = nx.Graph(TRIP)
    for name, values in (
        ("betweenness", nx.betweenness_centrality(graph)),
        ("closeness", nx.closeness_centrality(graph)),
    ):
        assert found[name].to_dict() == pytest.approx(values)
    assert found["cut"].to_dict() == {
        "customer": False, "agency": True, "airline": False, "firm": True, "restaurant": False, "bus": False,
    }  # fmt: skip


def test_the_hub_is_found_or_taken_as_told() -> None:
    found, told = partner_network(TRIP), partner_network(TRIP, hub="firm")
    assert (found.hub, told.hub) == ("agency", "firm")
    assert "management.hub_found" in [notice.key for notice in found.warnings]
    assert "management.hub_found" not in [notice.key for notice in told.warnings]
    assert partner_network(TRIP, hub="agency").form == "coordinator"


def test_control_and_uncertainty_are_taken_as_given() -> None:
    found = partner_network(TRIP, control={("firm", "agency"): 0.7}, uncertainty={"airline": 0.6, "bus": 0.2})
    assert found.measures["control"] == pytest.approx(0.7 / 5)
    assert found.measures["uncertainty"] == pytest.approx(0.4)
    frame = pd.DataFrame(TRIP, columns=["source", "target"]).assign(held=[0, 0, 1, 1, 0.5])
    assert partner_network(frame, control="held").measures["control"] == pytest.approx(0.5)


def test_partners_without_a_route_to_the_customer_are_named() -> None:
    found = partner_network([*TRIP, ("bank", "insurer")])
    notice = next(one for one in found.warnings if one.key == "management.disconnected")
    assert notice.serious
    assert notice.values["nodes"] == "bank, insurer"
    assert found.table.set_index("node")["reach"][["bank", "insurer"]].tolist() == [0.0, 0.0]
    assert found.plot().axes


def test_vietnamese_names_are_understood() -> None:
    found = partner_network([("Khách hàng", "doanh nghiệp"), ("doanh nghiệp", "nhà xe")])
    assert (found.customer, found.firm, found.form) == ("Khách hàng", "doanh nghiệp", "firm")


@pytest.mark.parametrize(
    ("edges", "settings", "key"),
    [
        (TRIP, {"hub": "agncy"}, "unknown_node"),
        (TRIP, {"firm": "hotel"}, "unknown_node"),
        (TRIP, {"uncertainty": {"hotel": 0.5}}, "unknown_node"),
        (TRIP, {"uncertainty": {"bus": 5}}, "share_outside"),
        (TRIP, {"failure": 1.5}, "share_outside"),
        (TRIP, {"passes": -0.1}, "share_outside"),
        (TRIP, {"control": {("firm", "airline"): 1}}, "unknown_link"),
        ([], {}, "no_links"),
        ([("a", "a")], {}, "own_link"),
        ([("a", "b")], {}, "no_customer"),
        (["ab"], {}, "links_shape"),
        ("customer", {}, "links_shape"),
        (pd.DataFrame({"from": ["a"], "to": ["b"]}), {}, "links_columns"),
        (pd.DataFrame({"source": ["a", None], "target": ["b", "c"]}), {}, "links_missing"),
    ],
)
def test_networks_that_cannot_be_read_say_why(edges: Any, settings: dict[str, Any], key: str) -> None:
    with pytest.raises(DataError) as caught:
        partner_network(edges, **settings)
    assert caught.value.key == f"management.{key}"


def test_a_link_given_twice_counts_once() -> None:
    found = partner_network([("customer", "firm"), ("firm", "customer"), ("firm", "taxi")])
    assert found.measures["links"] == 2
    assert "management.links_twice" in [notice.key for notice in found.warnings]


def test_the_three_forms_rank_as_the_theory_says_while_hubs_hold_failures_back() -> None:
    forms = compare_networks(["taxi", "care", "booking"]).table.set_index("network")
    assert forms["control"].is_monotonic_increasing
    assert forms["uncertainty"].is_monotonic_decreasing
    open_ = compare_networks(["taxi", "care", "booking"], passes=1.0)
    assert any(notice.key == "management.ranks" and notice.serious for notice in open_.warnings)


def test_own_networks_are_compared_and_shown() -> None:
    found = compare_networks({"nay": partner_network(TRIP), "kế hoạch": partner_network(TRIP[:3])})
    assert found.table["links"].tolist() == [5, 3]
    for result in (found, partner_network(TRIP)):
        assert result.summary("en") != result.summary("vi")
        assert result._repr_html_()
        assert result.apa("vi").to_html("vi")
        assert result.cite()
        assert result.plot("vi").axes


@pytest.mark.parametrize(
    ("partners", "key"), [(["taxi"], "too_few_partners"), (["taxi", "firm"], "partner_twice"), ({}, "compare_two")]
)
def test_comparisons_without_enough_to_compare_are_refused(partners: Any, key: str) -> None:
    with pytest.raises(DataError) as caught:
        compare_networks(partners)
    assert caught.value.key == f"management.{key}"
