"""SPSS, Stata and Parquet bring their labels, missing codes and number types along."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from cxlab import Codebook, read_survey
from cxlab.codebook import Item

FRAME = pd.DataFrame(
    {
        "sat1": [1.0, 5.0, 9.0, 3.0, 4.0],
        "sat2": [2.0, 8.0, 5.0, 99.0, 4.0],
        "sex": [1.0, 2.0, 1.0, 2.0, 2.0],
        "city": ["Huế", "Hà Nội", "", "Đà Nẵng", "Huế"],
    }
)
AGREE = {1.0: "Hoàn toàn không đồng ý", 2.0: "Không đồng ý", 3.0: "Trung lập", 4.0: "Đồng ý", 5.0: "Hoàn toàn đồng ý"}


@pytest.fixture
def sav(tmp_path: Path) -> Path:
    path = tmp_path / "survey.sav"
    pyreadstat.write_sav(
        FRAME,
        str(path),
        column_labels=["Nhân viên nhiệt tình", "Giá hợp lý", "Giới tính", ""],
        variable_value_labels={"sat1": {**AGREE, 9.0: "Không trả lời"}, "sat2": AGREE, "sex": {1.0: "nữ", 2.0: "nam"}},
        missing_ranges={"sat1": [9.0], "sat2": [{"lo": 7.0, "hi": 99.0}]},
        variable_measure={"sat1": "ordinal", "sex": "nominal"},
    )
    return path


def test_spss_labels_scales_and_user_missing(sav: Path) -> None:
    survey = read_survey(sav)
    item = survey.codebook.item("sat1")
    assert item.label == {"vi": "Nhân viên nhiệt tình"}
    assert (item.min, item.max, item.missing, item.role) == (1, 5, (9.0,), "item")
    assert item.labels[5] == {"vi": "Hoàn toàn đồng ý"}
    assert 9 not in item.labels
    assert survey.frame["sat1"].isna().tolist() == [False, False, True, False, False]
    assert survey.frame["sat2"].isna().tolist() == [False, True, False, True, False]
    assert survey.codebook.item("sat2").missing == (8.0, 99.0)
    assert survey.log.query("action == 'recode'")["count"].tolist() == [1, 2]


def test_spss_nominal_columns_are_groups_with_labels(sav: Path) -> None:
    item = read_survey(sav).codebook.item("sex")
    assert (item.role, item.labels[1]) == ("group", {"vi": "nữ"})


def test_empty_texts_are_missing(sav: Path) -> None:
    assert read_survey(sav).frame["city"].isna().tolist() == [False, False, True, False, False]


def test_a_codebook_comes_before_the_files_labels(sav: Path) -> None:
    items = {"sat1": Item("sat1", {"en": "Staff"}, min=1, max=5, missing=(-1,)), "sat2": Item("sat2", min=1, max=5)}
    survey = read_survey(sav, Codebook(items=items))
    assert survey.codebook.item("sat1").label == {"en": "Staff"}
    assert survey.codebook.item("sat1").missing == (-1, 9.0)
    assert survey.codebook.item("sat2").label == {"vi": "Giá hợp lý"}
    assert survey.codebook.item("sat2").labels[4] == {"vi": "Đồng ý"}


def test_stata_labels_and_extended_missing_values(tmp_path: Path) -> None:
    path = tmp_path / "survey.dta"
    frame = FRAME[["sat1", "sex"]].astype(object)
    frame.loc[2, "sat1"] = "a"
    pyreadstat.write_dta(
        frame,
        str(path),
        column_labels=["Nhân viên nhiệt tình", "Giới tính"],
        missing_user_values={"sat1": ["a"]},
        variable_value_labels={"sat1": {int(k): v for k, v in AGREE.items()}},
    )
    survey = read_survey(path)
    assert survey.source["format"] == "stata"
    assert survey.frame["sat1"].tolist()[:2] == [1, 5]
    assert np.isnan(survey.frame["sat1"].iloc[2])
    assert survey.problems.empty
    assert survey.codebook.item("sat1").labels[4] == {"vi": "Đồng ý"}


def test_parquet_keeps_small_integers_small(tmp_path: Path) -> None:
    path = tmp_path / "survey.parquet"
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({f"IMAG{i}": rng.integers(1, 8, 500).astype("int8") for i in range(1, 5)})
    frame["u"] = rng.integers(0, 11, 500).astype("uint8")
    frame["gap"] = np.where(rng.random(500) < 0.1, np.nan, 3.0)
    frame.to_parquet(path)
    survey = read_survey(path)
    assert [str(t) for t in survey.frame.dtypes] == ["int8"] * 4 + ["uint8", "float64"]
    pd.testing.assert_frame_equal(survey.frame.reset_index(drop=True), frame)
    assert survey.codebook.items_of("IMAG") == ("IMAG1", "IMAG2", "IMAG3", "IMAG4")
    assert (survey.source["format"], survey.frame.index[0], survey.frame.index.name) == ("parquet", 1, "row")


def test_missing_codes_make_room_in_small_integers(tmp_path: Path) -> None:
    path = tmp_path / "survey.parquet"
    pd.DataFrame({"a": np.array([1, 5, -99], "int8"), "b": np.array([1, 5, 3], "int8")}).to_parquet(path)
    items = {name: Item(name, min=1, max=5, missing=(-99,)) for name in "ab"}
    survey = read_survey(path, Codebook(items=items))
    assert survey.frame["a"].isna().tolist() == [False, False, True]
    assert str(survey.frame["b"].dtype) == "int8"


def test_words_and_dates_in_parquet(tmp_path: Path) -> None:
    path = tmp_path / "survey.parquet"
    words = ["agree", "neutral", "strongly agree", "disagree", None]
    frame = pd.DataFrame(
        {"q": pd.Categorical(words), "t": pd.date_range("2024-10-21", periods=5), "ok": [True, False] * 2 + [True]}
    )
    frame.to_parquet(path)
    survey = read_survey(path)
    assert survey.frame["q"].tolist()[:4] == [4, 3, 5, 2]
    assert survey.codebook.item("t").role == "time"
    assert survey.frame["ok"].tolist() == [1, 0, 1, 0, 1]


def test_lists_in_parquet_become_text(tmp_path: Path) -> None:
    path = tmp_path / "survey.parquet"
    pd.DataFrame({"sat1": [1, 5, 3], "picks": [["a", "b"], [], None]}).to_parquet(path)
    picks = read_survey(path).frame["picks"]
    assert "a" in picks.iloc[0]
    assert picks.isna().tolist() == [False, False, True]


def test_a_scale_with_words_at_its_ends_only_is_an_item(tmp_path: Path) -> None:
    path = tmp_path / "ends.sav"
    labels = {"q1": {1: "Rất kém", 5: "Rất tốt"}, "sex": {1: "nam", 2: "nữ"}}
    frame = pd.DataFrame({"q1": [1.0, 2, 4, 5, 3], "sex": [1.0, 2, 1, 2, 2]})
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels)
    items = read_survey(path).codebook.items
    assert (items["q1"].role, items["q1"].min, items["q1"].max) == ("item", 1, 5)
    assert items["sex"].role == "group"


def test_truth_values_read_alike_with_and_without_gaps(tmp_path: Path) -> None:
    path = tmp_path / "bool.parquet"
    frame = pd.DataFrame({"a": pd.array([True, None, False], "boolean"), "b": [True, True, False]})
    frame.to_parquet(path)
    book = Codebook(items={name: Item(name, min=0, max=1) for name in "ab"})
    survey = read_survey(path, book)
    assert survey.frame["b"].tolist() == [1, 1, 0]
    assert survey.frame["a"].dropna().tolist() == [1, 0]
    assert survey.problems.empty
