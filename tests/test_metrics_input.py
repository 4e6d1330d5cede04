"""What metrics refuse, and why: scores off their scale, wrong directions, useless weights, unusable files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError, DataError, ScaleError
from cxlab.metrics.acsi import acsi
from cxlab.metrics.ces import ces
from cxlab.metrics.csat import csat
from cxlab.metrics.nps import nps

pytest.importorskip("duckdb")
ANSWERS = [10, 9, 8, 3, 0, 7, 10, 9, 6, 5]


def key_of(call: Any) -> str:
    with pytest.raises(CxlabError) as caught:
        call()
    assert "metrics." not in str(caught.value)
    return caught.value.key


@pytest.mark.parametrize(
    ("scores", "key"),
    [
        ([10, 9, 11], "metrics.outside_scale"),
        ([10, 9, -1], "metrics.outside_scale"),
        ([10, 9, 8.5], "metrics.not_points"),
        ([1, 2, 3, 4, 5] * 4, "metrics.nps_looks_short"),
        ([1, 2, 3, 4, 7] * 4, "metrics.nps_looks_short"),
        (["often", "never"], "analyses.not_numeric"),
        ([True, False], "metrics.booleans"),
        ([], "analyses.no_rows"),
        ([None, None], "analyses.all_missing"),
        ([9], "analyses.too_few_rows"),
        ({"a": 1}, "metrics.not_scores"),
        (7, "metrics.not_scores"),
        ([[9, 10], [3, 4]], "metrics.not_scores"),
        ([9, float("inf")], "analyses.infinite"),
        ("recommend", "metrics.column_without_data"),
        (pd.DataFrame({"a": [9, 10]}), "metrics.table_as_scores"),
    ],
)
def test_scores_that_are_no_recommendations_are_refused(scores: Any, key: str) -> None:
    assert key_of(lambda: nps(scores)) == key


def test_the_error_names_rows_and_says_what_to_do() -> None:
    with pytest.raises(ScaleError, match=r"11 \(row 3\)"):
        nps([10, 9, 11])
    with pytest.raises(ScaleError, match=r"scale=\(1, 10\)"):
        nps("CUSL3", data=cx.load_dataset("ecsi_mobile"))


def test_a_scale_of_five_or_seven_points_has_no_promoters() -> None:
    assert key_of(lambda: nps(ANSWERS, scale=(1, 5))) == "metrics.nps_other_scale"
    assert key_of(lambda: nps("ease", data=cx.load_dataset("total_cx_6p"))) == "metrics.nps_other_scale"
    assert key_of(lambda: nps(ANSWERS, scale=(1, 10))) == "metrics.outside_scale"
    for scale in ("1-10", (10, 1), (1,), (1, "a"), (0, 9.5)):
        assert key_of(lambda own=scale: nps(ANSWERS, scale=own)) == "metrics.scale_form"
    assert nps([1, 2, 3, 4, 5] * 4, scale=(0, 10)).estimate == -100


def test_no_zero_among_many_answers_is_told() -> None:
    found = nps([1, 10, 9, 8] * 30)
    assert [notice.key for notice in found.warnings] == ["metrics.nps_no_zero"]


def test_weights_with_zeros_negatives_or_gaps() -> None:
    assert key_of(lambda: nps(ANSWERS, weights=[1] * 9 + [-1])) == "weights.negative"
    assert key_of(lambda: nps(ANSWERS, weights=[0] * 10)) == "weights.all_zero"
    assert key_of(lambda: nps(ANSWERS, weights=[1] * 9 + [None])) == "weights.missing"
    assert key_of(lambda: nps(ANSWERS, weights=[1] * 9)) == "weights.wrong_number"
    found = nps(ANSWERS, weights=[1] * 9 + [0])
    assert found.n == 9
    assert found.estimate == pytest.approx(nps(ANSWERS[:9]).estimate)
    assert "weights.zero" in [notice.key for notice in found.warnings]


def test_groups() -> None:
    assert key_of(lambda: nps(ANSWERS, group="shop")) == "metrics.group_without_data"
    assert key_of(lambda: nps(ANSWERS, group=["a"])) == "metrics.group_length"
    data = pd.DataFrame({"điểm": ANSWERS, "vùng": ["bắc", "nam"] * 4 + [None, " "]})
    found = nps("điểm", data=data, group="vùng")
    assert found.n == 8
    assert list(found.table["group"].unique()) == ["", "bắc", "nam"]
    assert found.row(group="nam")["n"] == 4
    assert found.warnings[0].key == "metrics.group_missing"
    assert key_of(lambda: found.row(group="tây")) == "metrics.unknown_group"
    assert key_of(lambda: found.row("median")) == "analyses.unknown_option"
    assert key_of(lambda: nps("diem", data=data)) == "analyses.unknown_columns"
    assert key_of(lambda: nps([9, 10], data=data)) == "metrics.name_the_column"
    assert key_of(lambda: nps("điểm", data=data, group=["a"] * 10)) == "metrics.name_the_group"


def test_options() -> None:
    assert key_of(lambda: nps(ANSWERS, method="exact")) == "analyses.unknown_option"
    assert key_of(lambda: nps(ANSWERS, level=95)) == "analyses.level_outside"
    assert key_of(lambda: nps(ANSWERS, method="bootstrap", n_boot=20)) == "metrics.few_draws"
    found = nps(ANSWERS)
    assert key_of(lambda: found.minimum_detectable_change(power=80)) == "metrics.between_0_and_1"
    assert key_of(lambda: found.minimum_detectable_change(correlation=1)) == "metrics.correlation_range"
    assert key_of(lambda: found.minimum_detectable_change(n_next=0)) == "metrics.n_form"
    assert key_of(lambda: found.n_for_margin(0)) == "metrics.margin_form"


def test_few_or_equal_answers_are_told_before_the_numbers() -> None:
    keys = [notice.key for notice in nps([10] * 12).warnings]
    assert keys == ["metrics.few_answers", "metrics.no_spread_net"]
    assert "metrics.no_spread" in [notice.key for notice in nps([10] * 12, method="score").warnings]


def test_satisfaction_scales() -> None:
    assert [notice.key for notice in csat([1, 2, 5, 4] * 10).warnings] == ["metrics.scale_guessed"]
    assert key_of(lambda: csat([1, 2, 4, 3])) == "metrics.scale_unknown"
    assert key_of(lambda: csat([1, 2, 12])) == "metrics.scale_unknown"
    assert key_of(lambda: csat([1, 5, 4], top=0)) == "metrics.box_form"
    assert key_of(lambda: csat([1, 5, 4], top=4)) == "metrics.boxes_overlap"
    found = csat("CUSA1", data=cx.load_dataset("ecsi_mobile"), scale=(0, 10))
    assert found.warnings[0].key == "metrics.scale_contradicts"


def test_effort_needs_its_version_and_the_right_direction() -> None:
    assert key_of(lambda: ces([1, 2, 3])) == "metrics.ces_version"
    assert key_of(lambda: ces([1, 2, 3], version=3)) == "metrics.ces_version"
    assert key_of(lambda: ces([1, 2, 7], version=1)) == "metrics.ces_looks_like_two"
    assert key_of(lambda: ces([1, 2, 8], version=2)) == "metrics.outside_scale"
    assert key_of(lambda: ces("ease", 1, data=cx.load_dataset("total_cx_6p"))) == "metrics.ces_scale"
    assert [notice.key for notice in ces([1, 5, 3] * 10, 2).warnings] == ["metrics.ces_looks_like_one"]
    effort, satisfaction = [1, 2, 3, 4, 5] * 10, [5, 4, 3, 3, 1] * 10
    assert ces(effort, 1, check_against=satisfaction).warnings[-1].key == "metrics.ces_confirmed"
    turned = [6 - value for value in satisfaction]
    assert key_of(lambda: ces(effort, 1, check_against=turned)) == "metrics.ces_contradiction"
    told = ces(effort, 1, check_against=turned, contradiction="warn").warnings
    assert [notice.key for notice in told if notice.serious] == ["metrics.ces_contradicted"]
    unclear = ces(effort[:10], 1, check_against=[3, 1, 5, 2, 4] * 2).warnings
    assert "metrics.ces_unclear" in [notice.key for notice in unclear]
    assert "metrics.ces_unchecked" in [n.key for n in ces(effort, 1, check_against=[3] * 50).warnings]
    assert key_of(lambda: ces(effort, 1, check_against=[1, 2])) == "metrics.group_length"
    assert key_of(lambda: ces(effort, 1, check_against="sat")) == "metrics.column_without_data"


def test_index_input() -> None:
    survey = cx.load_dataset("ecsi_mobile")
    plain = survey.data
    assert key_of(lambda: acsi(["CUSA1"], data=survey)) == "metrics.acsi_one"
    assert key_of(lambda: acsi(["CUSA1", "CUSA2"], data=plain)) == "metrics.acsi_no_scale"
    assert key_of(lambda: acsi(["CUSA1", "CUSA2"], data=plain, scale=(1, 5))) == "metrics.outside_scale"
    assert key_of(lambda: acsi(data=survey, weights="equal")) == "metrics.acsi_weights"
    assert key_of(lambda: acsi(data=survey, item_weights=[1, 2])) == "metrics.acsi_number"
    assert key_of(lambda: acsi(data=survey, item_weights=[1, 2, -1])) == "metrics.acsi_negative"
    assert key_of(lambda: acsi(data=survey, item_weights={"CUSA1": 1})) == "metrics.acsi_named"
    assert key_of(lambda: acsi(data=survey, item_weights="pca")) == "analyses.unknown_option"
    assert key_of(lambda: acsi(data=survey, item_weights="regression")) == "metrics.acsi_outcome"
    fit = cx.pls("S <~ CUSA1 + CUSA2\nL <~ CUSL1 + CUSL3\nL ~ S", survey)
    assert key_of(lambda: acsi(data=survey, item_weights=fit)) == "metrics.acsi_pls"


def test_waves_that_do_not_compare() -> None:
    one = nps(ANSWERS)
    assert key_of(lambda: one.test(nps([1, 10, 9], scale=(1, 10)))) == "metrics.test_unlike"
    assert key_of(lambda: one.test(csat([1, 5, 4]))) == "metrics.test_unlike"
    assert key_of(lambda: one.test(ANSWERS)) == "metrics.test_with"  # type: ignore[arg-type]
    assert key_of(lambda: ces([1, 2, 3], 1).test(ces([1, 2, 3], 2, scale=(1, 5)))) == "metrics.test_unlike"
    assert np.isnan(nps([10, 10]).test(nps([10, 10])).pvalue)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    random = np.random.default_rng(5)
    n = 3000
    frame = pd.DataFrame({"score": random.integers(0, 11, n).astype(float), "quốc gia": random.choice(["vn", "fr"], n)})
    frame["w"] = random.uniform(0.5, 2, n).round(3)
    frame.loc[:40, "score"] = np.nan
    frame.loc[60:70, "w"] = 0.0
    frame.loc[80:85, "quốc gia"] = None
    return frame


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_file_counted_in_place_gives_the_same_as_its_rows(ending: str, table: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / f"đợt 1's.{ending}"
    table.to_parquet(path) if ending == "parquet" else table.to_csv(path, index=False)
    options: dict[str, Any] = {"group": "quốc gia", "weights": "w"}
    inside, outside = nps("score", data=path, **options), nps("score", data=table, **options)
    pd.testing.assert_frame_equal(inside.table, outside.table, rtol=1e-10)
    pd.testing.assert_frame_equal(inside.differences, outside.differences, rtol=1e-9)
    said = [{notice.key for notice in found.warnings} for found in (inside, outside)]
    assert said[0] == said[1]
    assert csat("score", data=str(path), scale=(0, 10)).n == csat("score", data=table, scale=(0, 10)).n


def test_files_that_cannot_be_counted(table: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "answers.parquet"
    table.assign(half=table["score"] + 0.5, worse=-table["w"], id=range(len(table))).to_parquet(path)
    assert key_of(lambda: nps("score", data=tmp_path / "none.parquet")) == "metrics.file_missing"
    assert key_of(lambda: nps(path)) == "metrics.file_which_column"
    assert key_of(lambda: nps("scor", data=path)) == "analyses.unknown_columns"
    assert key_of(lambda: nps("quốc gia", data=path)) == "metrics.file_not_numbers"
    assert key_of(lambda: nps("half", data=path)) == "metrics.not_points_file"
    assert key_of(lambda: nps("score", data=path, weights="worse")) == "metrics.file_weights_negative"
    assert key_of(lambda: nps("score", data=path, group=[1, 2])) == "metrics.file_names"
    assert key_of(lambda: nps("score", data=path, weights="w", method="bootstrap")) == "metrics.bootstrap_of_file"
    assert key_of(lambda: nps("id", data=path)) == "metrics.outside_scale"
    (tmp_path / "broken.parquet").write_bytes(b"no table")
    assert key_of(lambda: nps("score", data=tmp_path / "broken.parquet")) == "metrics.file_unreadable"
    one = nps("score", data=path)
    assert key_of(lambda: one.test(one, paired=True)) == "metrics.paired_file"
    only = tmp_path / "only.csv"
    table[["score"]].to_csv(only, index=False)
    assert nps(only).estimate == nps(str(only)).estimate == one.estimate


def test_a_group_that_is_an_identifier_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cxlab.metrics.files._MOST_CELLS", 50)
    pd.DataFrame({"score": [5, 9] * 40, "id": range(80)}).to_parquet(tmp_path / "a.parquet")
    assert key_of(lambda: nps("score", data=tmp_path / "a.parquet", group="id")) == "metrics.too_many_groups"
    frame = pd.DataFrame({"score": [5, 9] * 600, "id": range(1200)})
    with pytest.raises(DataError, match="identifier"):
        nps("score", data=frame, group="id")
