"""Gaps equal R's paired tests and psych's alpha, printed SERVQUAL tables are reproduced, and bad pairs are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import cxlab as cx
from cxlab.analyses.gap import gap
from cxlab.codebook import Codebook, Item
from cxlab.errors import CxlabError, DataError
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/asymmetry.json").read_text(encoding="utf-8"))["gap"]
# Closed forms; normal approximations of the signed-rank test agree to rounding.
EXACT = {"rel": 1e-9, "abs": 1e-12}
EXPECTED, PERCEIVED = ["CUEX1", "CUEX2", "CUEX3"], ["PERQ1", "PERQ2", "PERQ3"]
NAMES = {
    "mean_expectation": "mean_e", "sd_expectation": "sd_e", "mean_perception": "mean_p", "sd_perception": "sd_p",
    "r": "r", "gap": "gap", "gap_sd": "gap_sd", "t": "t", "df": "df", "pvalue": "p", "wilcoxon_v": "v",
    "wilcoxon_pvalue": "wilcoxon_p",
}  # fmt: skip


def test_items_equal_r() -> None:
    table = gap(EXPECTED, PERCEIVED, cx.load_dataset("ecsi_mobile")).table
    for row, wanted in zip(table.to_dict("records"), ORACLE["items"], strict=True):
        for name, key in NAMES.items():
            assert row[name] == pytest.approx(wanted[key], **EXACT), name
        assert [row["gap_ci_lower"], row["gap_ci_upper"]] == pytest.approx(wanted["ci"], **EXACT)
        assert row["d_z"] == pytest.approx(wanted["gap"] / wanted["gap_sd"], **EXACT)


def test_a_dimension_equals_r_with_its_reliability() -> None:
    found = gap({"quality": EXPECTED}, {"quality": PERCEIVED}, cx.load_dataset("ecsi_mobile"))
    row, wanted = found.dimensions.loc[0], ORACLE["dimension"]
    for name, key in NAMES.items():
        assert row[name] == pytest.approx(wanted[key], rel=1e-9, abs=1e-11), name
    assert row["alpha_expectation"] == pytest.approx(wanted["alpha_e"], **EXACT)
    assert row["alpha_perception"] == pytest.approx(wanted["alpha_p"], **EXACT)
    assert row["reliability_gap"] == pytest.approx(wanted["reliability"], rel=1e-9)
    assert "asymmetry.gap_unreliable" in [notice.key for notice in found.warnings if notice.serious]
    assert "asymmetry.gap_misleads" in [notice.key for notice in found.warnings]


def test_weighted_gaps_equal_the_survey_package() -> None:
    table = gap(EXPECTED, PERCEIVED, cx.load_dataset("ecsi_mobile"), weights="IMAG1").table
    for row, wanted in zip(table.to_dict("records"), ORACLE["items"], strict=True):
        for name, key in (("gap", "gap"), ("se", "se"), ("gap_sd", "sd"), ("r", "r")):
            assert row[name] == pytest.approx(wanted["weighted"][key], **EXACT), name
        assert np.isnan(row["wilcoxon_pvalue"])


def test_a_gap_by_hand() -> None:
    # differences -2, 0, -1, -1: mean -1, variance 2/3, t = -1 / sqrt(1/6)
    answers = pd.DataFrame({"kỳ vọng": [7, 6, 5, 7], "cảm nhận": [5, 6, 4, 6]})
    row = gap("kỳ vọng", "cảm nhận", answers, scale=(1, 7)).table.loc[0]
    assert row["gap"] == -1
    assert row["t"] == pytest.approx(-np.sqrt(6))
    assert row["d_z"] == pytest.approx(-np.sqrt(3 / 2))
    assert row["rank_biserial"] == -1
    assert row[["share_worse", "share_equal", "share_better"]].tolist() == [0.75, 0.25, 0]
    assert row["expectation_at_top"] == 0.5


def test_two_dimensions_and_their_mean() -> None:
    survey = cx.load_dataset("ecsi_mobile")
    one, other = {"a": EXPECTED[:2], "b": EXPECTED[2:]}, {"b": PERCEIVED[2:], "a": PERCEIVED[:2]}
    found = gap(one, other, survey)
    assert found.table["dimension"].tolist() == ["a", "a", "b"]
    assert found.dimensions["dimension"].tolist() == ["a", "b", "all"]
    gaps = found.dimensions["gap"]
    assert gaps[2] == pytest.approx((gaps[0] + gaps[1]) / 2)
    assert found.dimensions["reliability_gap"].isna().tolist() == [False, True, True]
    # by hand: Holm multiplies the smallest of three by three
    smallest = found.table["pvalue"].idxmin()
    assert found.table.loc[smallest, "pvalue_holm"] == pytest.approx(3 * found.table.loc[smallest, "pvalue"])


def with_moments(mean: tuple[float, float], sd: tuple[float, float], r: float, n: int) -> pd.DataFrame:
    """Answers with exactly these means, standard deviations and correlation."""
    raw = np.random.default_rng(1).normal(size=(n, 2))
    raw -= raw.mean(axis=0)
    root = np.linalg.cholesky(np.linalg.inv(np.cov(raw, rowvar=False)))
    wanted = np.linalg.cholesky(np.array([[1, r], [r, 1]]))
    values = raw @ root @ wanted.T * np.array(sd) + np.array(mean)
    return pd.DataFrame(values, columns=["e", "p"])


@pytest.mark.shared
def test_a_printed_servqual_table_and_its_slip(shared_dir: Path) -> None:
    entries = yaml.safe_load((shared_dir / "reference/published.yaml").read_text(encoding="utf-8"))
    rows = next(one for one in _flat(entries) if one.get("id") == "servqual_gap_pmc6131925")["rows"]
    critical, n = 1.966, 386
    for name, (e, sd_e, p, sd_p, printed, low, high, t) in rows.items():
        # the paper gives no correlation of expectation and perception; its interval implies one
        spread = (high - low) / (2 * critical) * np.sqrt(n)
        r = (sd_e**2 + sd_p**2 - spread**2) / (2 * sd_e * sd_p)
        data = with_moments((e, p), (sd_e, sd_p), r, n)
        found = gap("e", "p", data, scale=(0, 7)).table.loc[0]
        assert found["gap"] == pytest.approx(printed, abs=0.0101), name  # means are printed with two digits
        assert found["gap_ci_lower"] == pytest.approx(low, abs=0.0151), name
        assert found["gap_ci_upper"] == pytest.approx(high, abs=0.0151), name
        # gap and interval are rounded: what t could be, given both
        widths = np.array([high - low - 0.01, high - low + 0.01]) / (2 * critical)
        possible = (abs(printed) - 0.005) / widths[1], (abs(printed) + 0.005) / widths[0]
        assert possible[0] < abs(found["t"]) < possible[1] or abs(found["gap"] - printed) > 0.005
        assert (possible[0] <= abs(t) <= possible[1]) == (name != "assurance"), name


def _flat(entries: Any) -> list[dict[str, Any]]:
    if isinstance(entries, list):
        return [one for one in entries if isinstance(one, dict)]
    return [one for part in entries.values() if isinstance(part, list) for one in part if isinstance(one, dict)]


def paired(n: int = 60, **changes: Any) -> pd.DataFrame:
    rng = np.random.default_rng(6)
    e = rng.integers(3, 8, n)
    return pd.DataFrame({"e1": e, "p1": np.clip(e - rng.integers(0, 3, n), 1, 7)}).assign(**changes)


def survey_of(frame: pd.DataFrame, **scales: tuple[float, float] | None) -> Survey:
    items = {
        name: Item(name, min=ends[0], max=ends[1]) if ends else Item(name, role="other")
        for name, ends in scales.items()
    }
    return Survey(frame, Codebook(items=items))


def test_reversed_items_are_turned_on_their_side_only() -> None:
    data = paired()
    plain = gap("e1", "p1", survey_of(data, e1=(1, 7), p1=(1, 7))).table
    items = {"e1": Item("e1", min=1, max=7), "p1": Item("p1", min=1, max=7, reversed=True)}
    turned = gap("e1", "p1", Survey(data.assign(p1=8 - data["p1"]), Codebook(items=items)))
    pd.testing.assert_frame_equal(turned.table, plain, check_dtype=False)
    assert "analyses.reversed_turned" in [notice.key for notice in turned.warnings]


def test_missing_answers_cost_only_their_item() -> None:
    data = paired(e2=5.0, p2=4.0).astype(float)
    data.loc[:9, "p1"] = np.nan
    data.loc[0, "p2"] = 3
    found = gap(["e1", "e2"], ["p1", "p2"], data, scale=(1, 7))
    assert found.table["n"].tolist() == [50, 60]
    assert found.dimensions["n"].tolist() == [50]
    assert "asymmetry.gap_rows" in [notice.key for notice in found.warnings]


def test_equal_differences_have_no_test() -> None:
    found = gap("e1", "p1", pd.DataFrame({"e1": [5, 6, 7], "p1": [4, 5, 6]}), scale=(1, 7))
    row = found.table.loc[0]
    assert row["gap"] == -1
    assert np.isnan(row["t"])
    assert np.isnan(row["d_z"])
    assert "asymmetry.gap_constant" in [notice.key for notice in found.warnings if notice.serious]
    zero = gap("e1", "p1", pd.DataFrame({"e1": [5, 6, 7], "p1": [5, 6, 7]}), scale=(1, 7)).table.loc[0]
    assert np.isnan(zero["wilcoxon_pvalue"])


def test_twelve_respondents_have_wide_intervals_and_no_complaint() -> None:
    found = gap("e1", "p1", paired(12), scale=(1, 7))
    assert found.table.loc[0, "n"] == 12
    assert found.table.loc[0, "gap_ci_upper"] - found.table.loc[0, "gap_ci_lower"] > 0.5


@pytest.mark.parametrize(
    ("changes", "options", "key"),
    [
        ({}, {"scales": {"e1": (1, 7), "p1": (1, 5)}}, "survey.outside_scale"),
        ({}, {"scales": {"e1": (1, 7), "p1": (0, 10)}}, "asymmetry.scales_differ"),
        ({}, {"scales": {"e1": (1, 7), "p1": None}}, "asymmetry.scales_unknown"),
        ({}, {"scale": (1, 5)}, "asymmetry.outside_stated"),
        ({}, {"scale": 7}, "asymmetry.scale_option"),
        ({}, {"scale": (7, 1)}, "asymmetry.scale_option"),
        ({"p1": np.nan}, {}, "analyses.all_missing"),
        ({"p1": "tốt"}, {}, "analyses.not_numeric"),
        ({"e1": [np.nan] * 58 + [5.0] * 2}, {}, "asymmetry.pair_few"),
        ({}, {"first": ["e1", "e2"]}, "asymmetry.pairs_differ"),
        ({}, {"first": []}, "asymmetry.pairs_differ"),
        ({}, {"first": {"a": ["e1"]}}, "asymmetry.one_mapping"),
        ({}, {"first": {"a": ["e1"]}, "second": {"b": ["p1"]}}, "asymmetry.dimensions_differ"),
        ({}, {"first": ["p1"]}, "analyses.repeated_names"),
        ({}, {"first": ["ky vong"]}, "asymmetry.unknown_name"),
        ({}, {"level": 0}, "analyses.level_outside"),
        ({}, {"weights": [-1.0] * 60}, "weights.negative"),
    ],
)
def test_bad_input_is_named(changes: dict[str, Any], options: dict[str, Any], key: str) -> None:
    given = dict(options)
    scales = given.pop("scales", {"e1": (1, 7), "p1": (1, 7)})
    first, second = given.pop("first", ["e1"]), given.pop("second", ["p1"])
    with pytest.raises(CxlabError) as caught:
        gap(first, second, survey_of(paired().assign(**changes), **scales), **given)
    assert caught.value.key == key
    assert "{" not in str(caught.value)


def test_a_data_frame_whose_scales_seem_to_differ_must_say_its_scale() -> None:
    with pytest.raises(DataError) as caught:
        gap("e1", "p1", pd.DataFrame({"e1": [5, 6, 7, 7], "p1": [2, 3, 1, 5]}))
    assert caught.value.key == "asymmetry.scales_guessed_differ"
    guessed = gap("e1", "p1", paired())
    assert "asymmetry.scale_guessed" in [notice.key for notice in guessed.warnings if notice.serious]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_it_reads_in_both_languages(lang: Any) -> None:
    survey = cx.load_dataset("ecsi_mobile")
    found = gap({"a": EXPECTED[:2], "b": EXPECTED[2:]}, {"a": PERCEIVED[:2], "b": PERCEIVED[2:]}, survey)
    html = found.apa(lang).to_html(lang) + found.apa_dimensions(lang).to_html(lang)
    assert "asymmetry." not in html + found.summary(lang)
    assert len(found.plot(lang).axes) == 1
    assert len(gap("CUEX1", "PERQ1", survey).plot(lang).axes) == 1
    assert found.cite()[0].key == "parasuraman_1988"
