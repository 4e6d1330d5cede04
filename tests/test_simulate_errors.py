"""What cannot be simulated is refused in words that name the variable, the line or the option."""

from __future__ import annotations

from typing import Any

import pytest

from cxlab.codebook import Codebook, Item
from cxlab.errors import CxlabError, DataError, ModelError, ModelSyntaxError
from cxlab.study.simulation import MAR, Routing, panel_model, simulate

T = "SAT =~ 0.8*sat1 + 0.7*sat2 + 0.75*sat3"
BOOK = Codebook(items={name: Item(name, min=1, max=5, reversed=name == "sat3") for name in ("sat1", "sat2", "sat3")})
OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"points": {"sat9": 5}}, "unknown_item"),
    ({"points": 1}, "points_form"),
    ({"points": (5, 1)}, "points_form"),
    ({"points": "five"}, "option_form"),
    ({"points": 5, "thresholds": {"sat1": [1, 0, 2, 3]}}, "thresholds_order"),
    ({"points": 5, "thresholds": {"sat1": [0, 1]}}, "thresholds_number"),
    ({"points": 5, "thresholds": [-1, 0, 1, 2], "shares": [0.2] * 5}, "thresholds_and_shares"),
    ({"points": 5, "shares": [0.1, 0.2, 0.3, 0.1, 0.1]}, "shares_sum"),
    ({"points": 5, "shares": [0.5, 0.5, 0, 0, 0]}, "shares_sum"),
    ({"points": 5, "skew": 30}, "skew_out_of_reach"),
    ({"skew": {"sat1": 1}}, "no_points"),
    ({"points": 5, "careless": 1.2}, "share_range"),
    ({"points": 5, "careless": {"straight": 0.6, "random": 0.6}}, "share_range"),
    ({"points": 5, "careless": {"zigzag": 0.1}}, "unknown_word"),
    ({"points": 5, "careless": {"straight": 0.1, "checks": -1}}, "checks_range"),
    ({"careless": 0.1}, "careless_needs_points"),
    ({"missing": -0.1}, "share_range"),
    ({"missing": {"mechanism": "mnar", "share": 0.1}}, "unknown_word"),
    ({"missing": {"mechanism": "routing", "items": ["sat1"]}}, "option_lacks"),
    ({"missing": {"share": 0.1, "items": ["sta1"]}}, "unknown_item"),
    ({"missing": MAR(0.1, "age")}, "unknown_item"),
    ({"missing": MAR(0.1, "sat1", ("sat1",))}, "depends_on_missing"),
    ({"missing": [0.05, MAR(0.1, "sat1")]}, "depends_on_missing"),
    ({"method_factor": 0.6}, "method_too_strong"),
    ({"method_factor": {"share": 0.1, "items": "reversed"}}, "none_reversed"),
    ({"method_factor": {"share": 0.1, "items": ["sat7"]}}, "unknown_item"),
    ({"method_factor": {"share": 0.1, "direction": "up"}}, "unknown_word"),
    ({"method_factor": {"strength": 0.1}}, "unknown_word"),
    ({"method_factor": "much"}, "not_number"),
    ({"nonnormal": (3, 0)}, "no_such_shape"),
    ({"nonnormal": 2}, "option_form"),
    ({"nonnormal": {"sat8": (1, 2)}}, "unknown_item"),
    ({"nonnormal": (1, 2), "points": 5}, "shape_of_ordinal"),
    ({"nonnormal": (1, 2), "method_factor": 0.1}, "shapes_with_method"),
    ({"codebook": BOOK, "points": 7}, "points_conflict"),
    ({"codebook": "book"}, "no_codebook"),
    ({"decimals": -1}, "decimals"),
]


@pytest.mark.parametrize(("options", "key"), OPTIONS)
def test_an_option_that_cannot_be_is_named(options: dict[str, Any], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        simulate(T, 50, 1, standardized=True, **options)
    assert caught.value.key == f"simulation.{key}"


MODELS: list[tuple[str, dict[str, Any], type[CxlabError], str]] = [
    ("SAT =~ sat1 + 0.7*sat2", {}, ModelSyntaxError, "simulation.no_value"),
    ("SAT =~ 0.7*sat1\nsat1 ~~ sat2", {}, ModelSyntaxError, "simulation.no_value"),
    (T, {}, ModelError, "simulation.no_variance"),
    (T + "; SAT ~~ -1*SAT", {"standardized": True}, ModelError, "simulation.negative_variance"),
    (T + "; sat1 ~~ 0.3*sat1", {"standardized": True}, ModelError, "simulation.not_unit_variance"),
    ("SAT =~ 1.2*sat1 + 0.5*sat2", {"standardized": True}, ModelError, "simulation.needs_negative_variance"),
    ("a ~~ 1*a + 2*b; b ~~ 1*b", {}, ModelError, "simulation.not_positive_definite"),
    ("f =~ k*a + 0.5*a + 0.5*b; k == 0.9", {"standardized": True}, ModelError, "simulation.broken_constraint"),
    ("a ~~ 0*a", {}, ModelError, "simulation.constant_variable"),
    ("SAT =~ c(0.8, 0.7)*sat1 + 0.7*sat2", {"standardized": True}, ModelSyntaxError, "specify.modifier_length"),
    ("", {}, ModelSyntaxError, "specify.empty"),
    ("SAT =~ 0.8*sat1 + 0.7*sat4", {"codebook": BOOK}, ModelError, "simulation.not_in_codebook"),
    ("SAT =~ 0.8*sat1 + -0.7*sat3", {"codebook": BOOK}, ModelError, "simulation.reversed_negative"),
]


@pytest.mark.parametrize(("text", "options", "kind", "key"), MODELS)
def test_a_population_that_cannot_be_is_named(
    text: str, options: dict[str, Any], kind: type[CxlabError], key: str
) -> None:
    options = {"standardized": True, **options} if "codebook" in options else options
    with pytest.raises(kind) as caught:
        simulate(text, 50, 1, **options)
    assert caught.value.key == key


def test_a_term_without_a_value_is_named_with_its_line() -> None:
    with pytest.raises(ModelSyntaxError, match="line 2") as caught:
        simulate("SAT =~ 0.8*sat1 + 0.7*sat2\nLOY ~ SAT", 50, 1, standardized=True)
    assert (caught.value.values["line"], caught.value.values["name"]) == (2, "LOY ~ SAT")


def test_a_matrix_that_no_data_can_have_names_the_variable() -> None:
    with pytest.raises(ModelError) as caught:
        simulate("A =~ 0.8*a; B =~ 0.8*b; C =~ 0.8*c; A ~~ 0.9*B + 0.9*C; B ~~ -0.9*C", 50, 1, standardized=True)
    assert caught.value.values["name"] == "C"


@pytest.mark.parametrize("n", [0, -5, 2.5, "many", {"a": 50}, {"a": 50, "b": 0}, True])
def test_a_number_of_respondents_that_cannot_be_is_refused(n: Any) -> None:
    with pytest.raises(DataError):
        simulate(T, n, 1, standardized=True)


@pytest.mark.parametrize("seed", [-1, "a", 1.5, None, True])
def test_a_seed_that_is_no_whole_number_is_refused(seed: Any) -> None:
    with pytest.raises(DataError) as caught:
        simulate(T, 50, seed, standardized=True)
    assert caught.value.key == "simulation.seed"


def test_a_condition_on_an_unknown_column_proposes_the_right_one() -> None:
    with pytest.raises(DataError, match="Did you mean 'sat1'"):
        simulate(T, 50, 1, standardized=True, missing=Routing("sta1 > 3", ("sat2",)))


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        simulate(3, 50, 1)  # type: ignore[arg-type]
    assert caught.value.key == "simulation.not_a_model"


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"waves": 1}, "waves_range"),
        ({"waves": 3, "stability": {"SAD": 0.5}}, "unknown_item"),
        ({"waves": 3, "stability": 1.2}, "panel_too_strong"),
        ({"waves": 3, "item_stability": 1.0}, "share_range"),
    ],
)
def test_a_panel_that_cannot_be_is_refused(options: dict[str, Any], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        panel_model(T, standardized=True, **options)
    assert caught.value.key == f"simulation.{key}"


def test_a_skew_that_no_variable_can_have_is_not_passed_over() -> None:
    with pytest.raises(DataError, match="Give points") as caught:
        simulate(T, 50, 1, standardized=True, skew=-0.8)
    assert caught.value.key == "simulation.no_points"


def test_a_number_in_quotes_is_shown_in_quotes() -> None:
    with pytest.raises(DataError, match="n is '100'"):
        simulate(T, "100", 1, standardized=True)  # type: ignore[arg-type]
