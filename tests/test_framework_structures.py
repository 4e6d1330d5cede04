"""The four structures as text: the same models as lavaan's own options give, and clear refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cxlab as cx
from cxlab.errors import ModelError
from cxlab.specify import Model
from cxlab.theory.structures import hypotheses, structure_text

ORACLE = json.loads((Path(__file__).parent / "oracles/structures.json").read_text(encoding="utf-8"))
BLOCKS = {name: [f"{name}{i}" for i in range(1, 5)] for name in "abc"}
PAIRS = {"a": ["a1", "a2"], "b": ["b1", "b2"], "c": BLOCKS["c"]}
OUTCOMES = {"s": ["s1", "s2", "s3"], "l": ["l1", "l2", "l3"]}
DIRECT = {"s": ["a", "b", "c"], "l": ["s"]}
GENERAL = {"s": ["g"], "l": ["s"]}


def text(blocks: dict[str, list[str]], structure: str, **more: Any) -> str:
    return structure_text(blocks, structure, general="g", **more)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("one_factor", text(BLOCKS, "one_factor")),
        ("correlated", text(BLOCKS, "correlated")),
        ("second_order", text(BLOCKS, "second_order")),
        ("bifactor", text(BLOCKS, "bifactor")),
        ("bifactor_pairs", text(PAIRS, "bifactor")),
        ("correlated_paths", text(BLOCKS, "correlated", paths=DIRECT, outcomes=OUTCOMES)),
        ("second_order_paths", text(BLOCKS, "second_order", paths=GENERAL, outcomes=OUTCOMES)),
        ("bifactor_paths", text(BLOCKS, "bifactor", paths=GENERAL, outcomes=OUTCOMES)),
    ],
)
def test_each_structure_fits_as_lavaan_fits_it_with_its_own_options(name: str, model: str) -> None:
    moments = cx.Moments(np.array(ORACLE["cov"]), ORACLE["n"], names=ORACLE["names"], divisor="n")
    fit = cx.sem(model, moments)
    assert fit.fit_measures["df"] == ORACLE[name]["df"]
    # lavaan stops at a relative change of the fit function near 1e-9
    assert fit.fit_measures["chisq"] == pytest.approx(ORACLE[name]["chisq"], abs=1e-4)


def test_a_long_statement_goes_on_in_the_next_line_and_is_one_statement() -> None:
    blocks = {f"c{i}": [f"item_number_{i}_{j}" for j in range(6)] for i in range(5)}
    written = structure_text(blocks, "one_factor", comments=False)
    assert max(map(len, written.splitlines())) <= 120
    assert len(Model.parse(written).variables.ov) == 30


def test_names_with_blanks_and_words_of_r_are_quoted() -> None:
    written = structure_text({"cảm xúc": ["vui vẻ", "if"], "b": ["b-1", "b2"]}, "correlated", comments=False)
    assert written.splitlines() == ["`cảm xúc` =~ `vui vẻ` + `if`", "b =~ `b-1` + b2"]
    assert set(Model.parse(written).variables.lv) == {"cảm xúc", "b"}


def test_hypotheses_are_lettered_past_z() -> None:
    named = hypotheses({"y": [f"x{i}" for i in range(28)], "z": ["y"]})
    assert [named[i][0] for i in (0, 25, 26, 27, 28)] == ["H1a", "H1z", "H1aa", "H1ab", "H2"]


@pytest.mark.parametrize("structure", ["one_factor", "correlated", "second_order", "bifactor"])
def test_comments_change_nothing(structure: str) -> None:
    more = {"paths": GENERAL if structure != "correlated" else DIRECT, "outcomes": OUTCOMES}
    bare = text(BLOCKS, structure, comments=False, **more)
    assert "#" not in bare
    assert Model.parse(bare) == Model.parse(text(BLOCKS, structure, lang="vi", **more))


@pytest.mark.parametrize(
    ("blocks", "structure", "more", "key"),
    [
        ({}, "correlated", {}, "no_constructs"),
        ({"a": []}, "correlated", {}, "no_items_of"),
        ({"a": "a1"}, "correlated", {}, "no_items_of"),
        ({"a": ["a1"]}, "nope", {}, "unknown_structure"),
        ({"a": ["a1", "a2"], "b": ["b1", "b2"]}, "second_order", {}, "few_constructs"),
        ({"a": ["a1", "a2"]}, "bifactor", {}, "few_constructs"),
        ({"a": ["a1", "a2"], "b": ["b1"]}, "bifactor", {}, "bifactor_single_item"),
        ({"a": ["x", "y"], "b": ["x", "z"]}, "correlated", {}, "name_twice"),
        ({"a": ["a", "y"]}, "correlated", {}, "name_twice"),
        ({"g": ["a1"], "b": ["b1"], "c": ["c1"]}, "second_order", {}, "name_twice"),
        ({"a": ["a1"]}, "correlated", {"outcomes": {"a": ["a2"]}}, "name_twice"),
        ({"a": ["a1`"]}, "correlated", {}, "bad_name"),
        ({"a": [""]}, "correlated", {}, "bad_name"),
        ({"a": ["a1"]}, "correlated", {"paths": {"b": ["a"]}}, "unknown_path"),
        ({"a": ["a1"]}, "one_factor", {"paths": {"a": ["g"]}}, "unknown_path"),
        ({"a": ["a1"]}, "correlated", {"paths": {"a": ["a"]}}, "path_to_itself"),
    ],
)
def test_what_makes_no_model_is_refused(blocks: dict, structure: str, more: dict, key: str) -> None:
    with pytest.raises(ModelError) as caught:
        text(blocks, structure, **more)
    assert caught.value.key == f"frameworks.{key}"
