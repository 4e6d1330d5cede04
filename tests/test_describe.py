"""Descriptions equal psych::describe, and `numeric_columns` names what stands in the way."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.unpack import numeric_columns
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import DataError
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/reliability.json").read_text())
EXACT = {"rel": 1e-10, "abs": 1e-12}  # closed forms
AGREE = {1: {"en": "no", "vi": "không"}, 5: {"en": "yes", "vi": "có"}}


def data_of(name: str) -> pd.DataFrame:
    if name == "small":
        return pd.DataFrame(ORACLE["data"]["small"])
    file = {"mobi": "ecsi_mobile/mobi.csv", "reputation": "corporate_reputation/corp_rep_data.csv"}[name]
    return pd.read_csv(ROOT / "data" / file).replace(-99, np.nan)[ORACLE["describe"][name]["items"]]


def joy(**changes: Item) -> Survey:
    frame = pd.DataFrame(ORACLE["data"]["holes"], dtype=float)
    frame.index = pd.RangeIndex(1, 61, name="row")
    items = {
        name: Item(name, min=1, max=5, construct="joy", labels=AGREE, label={"en": f"Q {name}", "vi": f"Câu {name}"})
        for name in frame
    }
    constructs = {"joy": Construct("joy", label={"en": "Joy", "vi": "Niềm vui"})}
    return Survey(frame, Codebook(items={**items, **changes}, constructs=constructs))


@pytest.mark.parametrize("moments", [2, 3])
@pytest.mark.parametrize("name", list(ORACLE["describe"]))
def test_items_equal_psych(name: str, moments: int) -> None:
    expected = ORACLE["describe"][name][f"type{moments}"]
    data = data_of(name)
    table = cx.describe(data, list(data), moments=moments).table
    for column in ("n", "mean", "sd", "median", "min", "max", "kurtosis"):
        assert table[column].to_numpy() == pytest.approx(expected[column], **EXACT), column
    assert table["skewness"].to_numpy() == pytest.approx(expected["skew"], **EXACT)


def test_item_correlations_equal_r() -> None:
    data = data_of("reputation")
    likes = [name for name in data if name.startswith("like")]
    found = cx.describe(data, likes, by="item").correlations
    assert found.to_numpy() == pytest.approx(np.array(ORACLE["correlations"]["like_listwise"]), **EXACT)


def test_missing_floor_and_ceiling_by_hand() -> None:
    row = cx.describe(joy()).table.set_index("item").loc["a"]
    answers = [value for value in ORACLE["data"]["holes"]["a"] if value is not None]
    assert (row["n"], row["missing"]) == (58, 2)
    assert row["missing_share"] == pytest.approx(2 / 60)
    assert row["floor_share"] == pytest.approx(answers.count(1) / 58)
    assert row["ceiling_share"] == pytest.approx(answers.count(5) / 58)


def test_construct_has_mean_score_and_psych_alpha() -> None:
    result = cx.describe(joy())
    row = result.constructs.loc[0]
    frame = pd.DataFrame(ORACLE["data"]["holes"], dtype=float)
    assert row["mean"] == pytest.approx(frame.mean(axis=1).mean())
    assert row["alpha"] == pytest.approx(ORACLE["alpha"]["holes"]["listwise"]["raw"], **EXACT)


def test_scores_turn_reversed_items_and_the_item_table_does_not() -> None:
    survey = joy(d=Item("d", min=1, max=5, construct="joy", reversed=True))
    plain, turned = cx.describe(joy()), cx.describe(survey)
    assert turned.table["mean"].tolist() == plain.table["mean"].tolist()
    assert turned.constructs.loc[0, "mean"] != pytest.approx(plain.constructs.loc[0, "mean"])
    assert "d" in next(notice for notice in turned.warnings if notice.key == "analyses.turned_for_scores").text("vi")


def test_text_columns_of_a_dataframe_are_left_out_with_a_word() -> None:
    data = pd.DataFrame({"sat1": [1, 2, 3, 4], "tên": ["An", "Bình", "Chi", "Dũng"]})
    result = cx.describe(data)
    assert list(result.table["item"]) == ["sat1"]
    assert "tên" in result.warnings[0].text("vi")


def test_constant_item_is_described_and_noticed() -> None:
    result = cx.describe(pd.DataFrame({"a": [3, 3, 3, 3], "b": [1, 2, 3, 4]}), by="item")
    assert np.isnan(result.table.set_index("item").loc["a", "skewness"])
    assert any(notice.key == "analyses.constant_columns" for notice in result.warnings)


@pytest.mark.parametrize(
    ("data", "options", "key"),
    [
        ({"a": [1, 2]}, {"items": ["b"]}, "analyses.unknown_columns"),
        ({"a": ["x", "y"]}, {}, "analyses.no_items"),
        ({"a": ["x", "1"]}, {"items": ["a"]}, "analyses.not_numeric"),
        ({"a": [None, None]}, {"items": ["a"]}, "analyses.all_missing"),
        ({"a": []}, {}, "analyses.no_rows"),
        ({"a": [1, 2]}, {"by": "sex"}, "analyses.unknown_option"),
        ({"a": [1, 2]}, {"moments": 1}, "analyses.unknown_option"),
    ],
)
def test_bad_input_is_named(data: dict[str, list[object]], options: dict[str, object], key: str) -> None:
    with pytest.raises(DataError) as caught:
        cx.describe(pd.DataFrame(data), **options)
    assert caught.value.key == key


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_tables_summary_and_figures_in_both_languages(lang: str) -> None:
    result = cx.describe(joy())
    with cx.language(lang):
        words = result._repr_html_() + result.summary() + repr(result.apa_constructs())
    assert ("Joy" if lang == "en" else "Niềm vui") in words
    assert "analyses." not in words
    assert result.plot(lang).get_figwidth() > 3
    with pytest.raises(DataError, match=r"\w"):
        result.plot_correlations(lang)


def test_figure_of_items_that_cannot_be_drawn_is_refused() -> None:
    result = cx.describe(pd.DataFrame({"a": [1.5, 2.5, 3.25], "b": [1, 2, 3]}), ["a", "b"], by="item")
    with pytest.raises(DataError, match="can be drawn: b"):
        result.plot(items=["a"])


def test_names_match_in_any_unicode_form() -> None:
    name = "Hài lòng"
    data = pd.DataFrame({unicodedata.normalize("NFD", name): [1, 2, 3]})
    frame, notices = numeric_columns(data, [unicodedata.normalize("NFC", name)])
    assert list(frame) == [name]
    assert notices == ()


def test_numbers_in_any_dress_become_floats() -> None:
    data = pd.DataFrame(
        {
            "nullable": pd.array([1, None, 3], dtype="Int64"),
            "category": pd.Categorical([1, 2, 3]),
            "text": ["1", "2.5", "3"],
            "truth": [True, False, True],
        }
    )
    frame, _ = numeric_columns(data, list(data), complete=False)
    assert (frame.dtypes == "float64").all()
    assert frame.loc[2, "text"] == 2.5
    assert np.isnan(frame.loc[2, "nullable"])


def test_bad_cells_are_shown_with_their_rows() -> None:
    with pytest.raises(DataError) as caught:
        numeric_columns(pd.DataFrame({"q": ["1", "2", "không biết", ""]}), ["q"])
    assert caught.value.values["count"] == 2
    assert "row 3: 'không biết'" in str(caught.value)


def test_personal_answers_are_not_repeated_in_a_message() -> None:
    book = Codebook(items={"mail": Item("mail", role="id", personal=True)})
    with pytest.raises(DataError) as caught:
        numeric_columns(Survey(pd.DataFrame({"mail": ["an@x.vn", "chi@x.vn"]}), book), ["mail"])
    assert "@" not in str(caught.value)


@pytest.mark.parametrize(
    ("names", "options", "key"),
    [
        (["a", "a"], {}, "analyses.repeated_names"),
        ([], {}, "analyses.no_columns"),
        (["when"], {}, "analyses.not_numeric"),
        (["flat"], {}, "analyses.constant_columns"),
        (["a", "b"], {"min_rows": 3}, "analyses.too_few_rows"),
    ],
)
def test_numeric_columns_refuses(names: list[str], options: dict[str, int], key: str) -> None:
    data = pd.DataFrame({"a": [1, 2, 3], "b": [1, None, 2], "flat": 1, "when": pd.to_datetime(["2026-01-01"] * 3)})
    with pytest.raises(DataError) as caught:
        numeric_columns(data, names, **options)
    assert caught.value.key == key
