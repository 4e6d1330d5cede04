"""Cronbach's alpha equals R's psych, and says what stands in its way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError, DataError
from cxlab.evaluate.reliability import alpha_interval
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/reliability.json").read_text())
# Closed forms: both sides add up the same sums, in another order.
EXACT = {"rel": 1e-10, "abs": 1e-10}
SCALES = {
    "mobi_image": ("ecsi_mobile/mobi.csv", "IMAG"),
    "mobi_expectations": ("ecsi_mobile/mobi.csv", "CUEX"),
    "mobi_quality": ("ecsi_mobile/mobi.csv", "PERQ"),
    "mobi_value": ("ecsi_mobile/mobi.csv", "PERV"),
    "mobi_satisfaction": ("ecsi_mobile/mobi.csv", "CUSA"),
    "mobi_loyalty": ("ecsi_mobile/mobi.csv", "CUSL"),
    "reputation_like": ("corporate_reputation/corp_rep_data.csv", "like_"),
    "reputation_comp": ("corporate_reputation/corp_rep_data.csv", "comp_"),
    "reputation_loyalty": ("corporate_reputation/corp_rep_data.csv", "cusl_"),
    "yellow_pages": ("yellow_pages/customerSat.csv", "q"),
}


def scale_data(name: str) -> pd.DataFrame:
    if name in SCALES:
        file, prefix = SCALES[name]
        data = pd.read_csv(ROOT / "data" / file).replace(-99, np.nan)
        return data[[column for column in data if column.startswith(prefix) and column != "q1"]]
    small, holes = (pd.DataFrame(ORACLE["data"][key], dtype=float) for key in ("small", "holes"))
    return {"small_as_asked": small, "small_turned": small.assign(d=6 - small["d"]), "holes": holes}[name]


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("name", list(ORACLE["alpha"]))
def test_alpha_and_item_statistics_equal_psych(name: str, missing: str) -> None:
    expected = ORACLE["alpha"][name][missing]
    result = cx.reliability(scale_data(name), missing=missing)
    row = result.table.loc[0]
    for column, key in (
        ("n", "n"),
        ("alpha", "raw"),
        ("alpha_std", "std"),
        ("average_r", "average_r"),
        ("alpha_se", "ase"),
    ):
        assert row[column] == pytest.approx(expected[key], **EXACT), column
    assert [row["alpha_ci_lower"], row["alpha_ci_upper"]] == pytest.approx(expected["feldt"], **EXACT)
    items = result.items
    assert list(items["item"]) == expected["items"]
    for column, key in (
        ("n", "item_n"),
        ("mean", "mean"),
        ("sd", "sd"),
        ("r_total", "raw_r"),
        ("r_drop", "r_drop"),
        ("r_cor", "r_cor"),
    ):
        assert items[column].to_numpy() == pytest.approx(np.array(expected[key], dtype=float), **EXACT), column
    if len(items) > 2:  # for two items psych prints a covariance ratio that is no alpha
        assert items["alpha_if_dropped"].to_numpy() == pytest.approx(expected["drop"], **EXACT)
    else:
        assert items["alpha_if_dropped"].isna().all()


def test_duhachek_interval_is_alpha_plus_minus_its_standard_error() -> None:
    expected = ORACLE["alpha"]["mobi_image"]["listwise"]
    row = cx.reliability(scale_data("mobi_image"), interval="duhachek").table.loc[0]
    half = 1.959963984540054 * expected["ase"]
    assert row["alpha_ci_upper"] == pytest.approx(expected["raw"] + half, abs=1e-12)
    assert row["alpha_ci_lower"] == pytest.approx(expected["raw"] - half, abs=1e-12)


def test_seminr_prints_the_standardised_alpha() -> None:
    assert cx.reliability(scale_data("mobi_expectations")).table.loc[0, "alpha_std"] == pytest.approx(0.4519, abs=5e-5)
    image = cx.reliability(scale_data("mobi_image")).table.loc[0]
    assert (round(image["alpha_std"], 3), round(image["alpha"], 3)) == (0.723, 0.714)


def test_wider_level_gives_wider_interval() -> None:
    cov = np.array([[1.0, 0.5], [0.5, 1.0]])
    low95, high95 = alpha_interval(cov, 100)
    low99, high99 = alpha_interval(cov, 100, 0.99)
    assert low99 < low95 < 2 / 3 < high95 < high99


def book(**constructs: tuple[str, list[str]]) -> Codebook:
    items = {
        item: Item(item, label={"en": f"Q {item}", "vi": f"Câu {item}"}, min=1, max=5, construct=name)
        for name, (_, members) in constructs.items()
        for item in members
    }
    named = {
        name: Construct(name, label={"en": name, "vi": name}, measurement=kind)
        for name, (kind, _) in constructs.items()
    }  # type: ignore[arg-type]
    return Codebook(items=items, constructs=named)


def survey_of(frame: pd.DataFrame, codebook: Codebook) -> Survey:
    frame = frame.reset_index(drop=True)
    frame.index += 1
    return Survey(frame, codebook)


def test_reversed_items_of_the_codebook_are_turned_first_and_named() -> None:
    codebook = book(joy=("reflective", ["a", "b", "c", "d"]))
    turned = codebook.replace(items={"d": Item("d", min=1, max=5, construct="joy", reversed=True)})
    result = cx.reliability(survey_of(scale_data("small_as_asked"), turned))
    assert result.table.loc[0, "alpha"] == pytest.approx(ORACLE["alpha"]["small_turned"]["listwise"]["raw"], **EXACT)
    assert result.warnings[0].key == "analyses.reversed_turned"
    assert result.warnings[0].values["items"] == "d"
    assert list(result.items["reversed"]) == [False, False, False, True]


def test_an_item_against_the_scale_is_a_serious_notice_that_names_it() -> None:
    result = cx.reliability(scale_data("small_as_asked"))
    notice = next(notice for notice in result.warnings if notice.key == "analyses.against_scale")
    assert notice.serious
    assert "d" in notice.values["items"]
    assert "reversed: true" in notice.text("en")
    assert "đảo chiều" in notice.text("vi")


def test_negative_alpha_is_shown() -> None:
    data = scale_data("small_as_asked")[["a", "d"]]
    result = cx.reliability(data)
    cov = np.cov(data["a"], data["d"])
    assert result.table.loc[0, "alpha"] == pytest.approx(2 * (1 - np.trace(cov) / cov.sum()))
    assert result.table.loc[0, "alpha"] < 0
    assert "analyses.alpha_negative" in [notice.key for notice in result.warnings if notice.serious]
    assert "−" in result.summary()


def test_composites_and_single_items_have_a_reason_instead_of_a_number() -> None:
    codebook = book(joy=("reflective", ["a", "b"]), drivers=("composite", ["c", "d"]), overall=("single", ["e"]))
    data = scale_data("small_turned").assign(e=3)
    table = cx.reliability(survey_of(data, codebook)).table.set_index("construct")
    assert table["reason"].to_dict() == {"joy": "", "drivers": "composite", "overall": "single_item"}
    assert table["alpha"].notna().tolist() == [True, False, False]
    assert "form the construct" in cx.reliability(survey_of(data, codebook)).summary("en")


def test_two_items_point_to_spearman_brown() -> None:
    result = cx.reliability(scale_data("mobi_value"))
    r = np.corrcoef(scale_data("mobi_value").T)[0, 1]
    assert result.table.loc[0, "alpha_std"] == pytest.approx(2 * r / (1 + r))
    assert "analyses.two_items" in [notice.key for notice in result.warnings]


def test_left_out_rows_are_counted_and_pairwise_leaves_none_out() -> None:
    data = scale_data("holes")
    listwise, pairwise = cx.reliability(data), cx.reliability(data, missing="pairwise")
    notice = next(notice for notice in listwise.warnings if notice.key == "analyses.in_scale")
    assert "5 of 60" in notice.text("en")
    assert (listwise.table.loc[0, "n"], pairwise.table.loc[0, "n"]) == (55, 60)


def test_one_bad_scale_does_not_hide_the_others() -> None:
    codebook = book(joy=("reflective", ["a", "b"]), flat=("reflective", ["c", "d"]))
    data = scale_data("small_turned").assign(c=3)
    result = cx.reliability(survey_of(data, codebook))
    assert list(result.table["reason"]) == ["", "unusable"]
    assert any(notice.key == "analyses.scale_unusable" and "'c'" in notice.text("en") for notice in result.warnings)


def test_named_scales_without_a_codebook() -> None:
    result = cx.reliability(scale_data("small_turned"), {"đầu": ["a", "b"], "cuối": ["c", "d"]})
    assert list(result.table["construct"]) == ["đầu", "cuối"]


def test_sum_without_variance_is_a_reason() -> None:
    data = pd.DataFrame({"a": [1, 2, 3, 4], "b": [4, 3, 2, 1]})
    result = cx.reliability(data)
    assert result.table.loc[0, "reason"] == "no_total_variance"
    assert any(notice.serious for notice in result.warnings)


def test_a_copied_item_is_named() -> None:
    data = scale_data("small_turned")
    result = cx.reliability(data.assign(e=data["a"]))
    assert "a = e" in next(notice for notice in result.warnings if notice.key == "analyses.copied_items").text("en")
    assert result.items["r_cor"].isna().all()


APART = {"a": [1, 2, 4, None, None, None], "b": [None, None, None, 1, 2, 4]}


@pytest.mark.parametrize(
    ("data", "arguments", "key"),
    [
        ({"a": [1, 2, 3], "b": [1, 2, 2]}, {"items": ["a", "z"]}, "analyses.unknown_columns"),
        ({"a": [1, 2, 3], "b": ["x", "y", "z"]}, {}, "analyses.not_numeric"),
        ({"a": [1, 2, 3], "b": [2, 2, 2]}, {}, "analyses.constant_columns"),
        ({"a": [1, 2, 3], "b": [None] * 3}, {}, "analyses.all_missing"),
        ({"a": [1, 2], "b": [2, 1]}, {}, "analyses.too_few_rows"),
        ({"a": [], "b": []}, {}, "analyses.no_rows"),
        ({"a": [1, 2, 3]}, {}, "analyses.one_item"),
        ({"a": [1, 2, 3], "b": [1, 2, 2]}, {"missing": "fiml"}, "analyses.unknown_option"),
        ({"a": [1, 2, 3], "b": [1, 2, 2]}, {"interval": "wald"}, "analyses.unknown_option"),
        ({"a": [1, 2, 3], "b": [1, 2, 2]}, {"level": 95}, "analyses.level_outside"),
        (APART, {"missing": "pairwise"}, "analyses.pair_never_together"),
    ],
)
def test_bad_input_is_named(data: dict[str, list[object]], arguments: dict[str, object], key: str) -> None:
    with pytest.raises(DataError) as caught:
        cx.reliability(pd.DataFrame(data), **arguments)
    assert caught.value.key == key


def test_a_construct_is_asked_by_name_and_unknown_ones_are_refused() -> None:
    survey = survey_of(scale_data("small_turned"), book(joy=("reflective", ["a", "b"])))
    assert cx.reliability(survey, "joy").table.loc[0, "n_items"] == 2
    with pytest.raises(CxlabError, match="joy"):
        cx.reliability(survey, "jo")


def test_data_are_left_as_they_were() -> None:
    data = scale_data("holes")
    before = data.copy()
    cx.reliability(data)
    pd.testing.assert_frame_equal(data, before)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_table_and_summary_read_in_both_languages(lang: str) -> None:
    result = cx.reliability(scale_data("mobi_image"))
    with cx.language(lang):
        html = result._repr_html_()
        assert (".71" if lang == "en" else "0,71") in html
        assert "analyses." not in html + result.summary() + result.apa_items().to_html()
    assert {reference.key for reference in result.cite()} >= {"cronbach_1951", "feldt_1987"}
