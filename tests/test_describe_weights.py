"""Weighted descriptions equal R's survey package, and what speaks against the answers or the weights is named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.describe_numbers import weighted_quantile
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import DataError
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/describe_weights.json").read_text())
EXACT = {"rel": 1e-10, "abs": 1e-12}  # closed forms
ITEMS = ["a", "b", "c", "spend"]


def answers() -> Survey:
    frame = pd.DataFrame(ORACLE["data"], dtype=float).rename(columns={"w": "trọng số"})
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    items = {name: Item(name, min=1, max=5, construct="joy", reversed=name == "c") for name in "abc"}
    items |= {"spend": Item("spend"), "trọng số": Item("trọng số", role="weight")}
    return Survey(frame, Codebook(items=items, constructs={"joy": Construct("joy", label={"en": "Joy", "vi": "Vui"})}))


@pytest.mark.parametrize("moments", [2, 3])
def test_items_equal_the_survey_package(moments: int) -> None:
    table = cx.describe(answers(), ITEMS, weights="trọng số", moments=moments).table.set_index("item")
    for name, expected in ORACLE["items"].items():
        row = table.loc[name]
        for column in ("n", "mean", "sd", "median"):
            assert row[column] == pytest.approx(expected[column], **EXACT), (name, column)
        assert row[["skewness", "kurtosis"]].tolist() == pytest.approx(expected[f"type{moments}"], **EXACT)
        if name != "spend":
            assert row["floor_share"] == pytest.approx(expected["floor"], **EXACT)
            assert row["ceiling_share"] == pytest.approx(expected["ceiling"], **EXACT)


def test_counts_add_up_to_the_answers_given_as_svytable() -> None:
    counts = cx.describe(answers(), weights="trọng số").counts
    for name in "abc":
        assert counts.loc[name].tolist() == pytest.approx(ORACLE["items"][name]["table"], **EXACT)


@pytest.mark.parametrize("name", ["a", "b", "spend"])
def test_quantiles_equal_svyquantile(name: str) -> None:
    data = pd.DataFrame(ORACLE["data"], dtype=float)[[name, "w"]].dropna().query("w > 0").to_numpy().T
    found = [weighted_quantile(*data, share) for share in (0.1, 0.25, 0.75, 0.9)]
    assert found == pytest.approx(ORACLE["items"][name]["quantiles"], **EXACT)


def test_scores_alpha_and_correlations_are_weighted_and_reversed_items_turned() -> None:
    found = cx.describe(answers(), ITEMS, weights="trọng số")
    row = found.constructs.loc[0]
    assert row[["n", "mean", "sd"]].tolist() == pytest.approx(list(ORACLE["score"].values()), **EXACT)
    assert row["alpha"] == pytest.approx(ORACLE["alpha"], **EXACT)
    assert found.effective_n == pytest.approx(ORACLE["effective"], **EXACT)
    by_item = cx.describe(answers(), ITEMS, "item", weights="trọng số").correlations
    assert by_item.to_numpy() == pytest.approx(np.array(ORACLE["correlations"]), **EXACT)


@pytest.mark.parametrize("moments", [2, 3])
def test_equal_weights_change_nothing(moments: int) -> None:
    plain = cx.describe(answers(), ITEMS, moments=moments)
    same = cx.describe(answers(), ITEMS, moments=moments, weights=[2.5] * len(ORACLE["data"]))
    for one, other in ((plain.table, same.table), (plain.constructs, same.constructs), (plain.counts, same.counts)):
        pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-10)
    assert same.effective_n == pytest.approx(len(ORACLE["data"]))


def test_a_survey_with_weights_says_whether_they_are_used() -> None:
    keys = [[notice.key for notice in cx.describe(answers(), **how).warnings] for how in ({}, {"weights": "trọng số"})]
    assert "analyses.weights_unused" in keys[0]
    assert "analyses.weights_unused" not in keys[1]
    assert "weights.zero" in keys[1]


def test_the_weights_of_a_dataframe_are_no_item() -> None:
    frame = pd.DataFrame({"sat": [1, 2, 3, 5], "w": [1.0, 2.0, 1.0, 0.5]})
    for weights in ("w", frame["w"]):
        assert cx.describe(frame, weights=weights).table["item"].tolist() == ["sat"]


def test_weights_made_from_a_column_do_not_hide_it() -> None:
    frame = pd.DataFrame({"group": [1, 2, 1, 2], "None": [1, 2, 3, 5]})
    made = frame["group"].map({1: 2.0, 2: 1.0})
    for weights in (made, None):
        assert cx.describe(frame, weights=weights).table["item"].tolist() == ["group", "None"]


@pytest.mark.parametrize(
    ("weights", "key"),
    [
        ("wt", "analyses.unknown_columns"),
        ([1.0], "weights.wrong_number"),
        ([-1.0] * 180, "weights.negative"),
        ([np.nan] * 180, "weights.missing"),
        ([0.0] * 180, "weights.all_zero"),
    ],
)
def test_bad_weights_are_named(weights: object, key: str) -> None:
    with pytest.raises(DataError) as caught:
        cx.describe(answers(), weights=weights)
    assert caught.value.key == key


def test_codes_outside_the_scale_are_named() -> None:
    survey = answers()
    frame = survey.frame.copy()
    frame.loc[5, "a"] = 99
    told = {notice.key: notice for notice in cx.describe(Survey(frame, survey.codebook), ITEMS, "item").warnings}
    assert told["analyses.outside_scale"].serious
    assert "99" in told["analyses.outside_scale"].text("vi")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_weights_are_told_and_the_figure_keeps_its_n(lang: str) -> None:
    found = cx.describe(answers(), weights="trọng số")
    with cx.language(lang):
        words = found.summary() + found._repr_html_() + repr(found.apa_constructs())
    assert ("Weighted" if lang == "en" else "Có trọng số") in words
    assert ("Survey weights are used" if lang == "en" else "Có dùng trọng số") in words
    figure = found.plot(lang)
    assert any(("weights" if lang == "en" else "trọng số") in text.get_text() for text in figure.texts)
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert str(ORACLE["items"]["a"]["n"]) in texts
