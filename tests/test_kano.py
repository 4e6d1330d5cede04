"""Kano categories equal counts made by hand, tests equal R's, and the order of the codes is never guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.kano import kano
from cxlab.analyses.kano_answers import ANSWERS, CATEGORIES, category_table
from cxlab.analyses.kano_numbers import better_worse, fong_test, kano_table, largest
from cxlab.codebook import Codebook, Item
from cxlab.errors import CxlabError, DataError
from cxlab.survey.survey import Survey

ORACLE = json.loads((Path(__file__).parent / "oracles/asymmetry.json").read_text(encoding="utf-8"))["kano"]


def test_the_evaluation_table_is_the_published_one() -> None:
    letters = ["".join("AOMIRQ"[place] for place in row) for row in category_table()]
    assert letters == ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"]


def of(counts: dict[str, int]) -> np.ndarray:
    """One attribute with so many respondents in each category."""
    places = [CATEGORIES.index(name) for name, count in counts.items() for _ in range(count)]
    return np.array(places, dtype=float)[:, None]


def test_numbers_of_one_attribute_by_hand() -> None:
    row = kano_table(
        of({"attractive": 60, "one_dimensional": 40, "must_be": 10, "indifferent": 8, "reverse": 2}), None
    ).loc[0]
    assert (row["n"], row["category"], row["second"]) == (120, "attractive", "one_dimensional")
    assert row["category_strength"] == pytest.approx(20 / 120)
    assert row["total_strength"] == pytest.approx(110 / 120)
    assert row["better"] == pytest.approx(100 / 118)
    assert row["worse"] == pytest.approx(-50 / 118)
    assert row["fong_z"] == pytest.approx(20 / np.sqrt(100 * 140 / 240))
    assert row["fong_pvalue"] == pytest.approx(ORACLE["fong_p"], rel=1e-10)
    assert row["pvalue"] == pytest.approx(ORACLE["binomial"], rel=1e-10)


def test_fong_decides_at_his_limit() -> None:
    # n = 200, a + b = 120: |a - b| must exceed 1.65 * sqrt(120 * 280 / 400) = 15.1
    assert fong_test(67, 53, 200)[0] < 1.65 < fong_test(68, 52, 200)[0]


def test_ties_go_to_must_be_first() -> None:
    assert CATEGORIES[int(largest(np.array([5.0, 5, 5, 5, 0, 0])))] == "must_be"
    row = kano_table(of({"attractive": 5, "indifferent": 5}), None).loc[0]
    assert (row["category"], row["second"], bool(row["tied"])) == ("attractive", "indifferent", True)
    assert row["pvalue"] == pytest.approx(1)


def test_all_answers_in_one_category() -> None:
    row = kano_table(of({"must_be": 12}), None).loc[0]
    assert (row["second"], row["category_strength"], row["better"], row["worse"]) == ("", 1, 0, -1)
    assert better_worse(np.array([0.0, 0, 0, 0, 5, 1]))[0].tolist() is not None
    assert np.isnan(better_worse(np.array([0.0, 0, 0, 0, 5, 1]))[0])


def answered(n: int = 100, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "có wifi": rng.choice([1, 2, 3], n, p=[0.7, 0.1, 0.2]),
            "không wifi": rng.choice([3, 4, 5], n, p=[0.5, 0.3, 0.2]),
            "có vé": rng.choice([1, 2, 3], n, p=[0.2, 0.6, 0.2]),
            "không vé": rng.choice([3, 4, 5], n, p=[0.1, 0.2, 0.7]),
        }
    )


PAIRS = (["có wifi", "có vé"], ["không wifi", "không vé"])


def test_a_code_in_words_in_the_other_order_or_in_text_gives_the_same() -> None:
    data = answered()
    wanted = kano(*PAIRS, data, answers="like_first", n_boot=100, seed=1).table
    assert wanted["category"].tolist() == ["attractive", "must_be"]
    turned = kano(*PAIRS, 6 - data, answers="like_last", n_boot=100, seed=1).table
    words = dict(enumerate(["Tôi thích", "Phải như vậy", "Trung lập", "Chịu được", "Không thích"], start=1))
    mapping = {text.upper(): answer for text, answer in zip(words.values(), ANSWERS, strict=True)}
    spoken = kano(*PAIRS, data.replace(words), answers=mapping, n_boot=100, seed=1).table
    pd.testing.assert_frame_equal(turned, wanted)
    pd.testing.assert_frame_equal(spoken, wanted)


def test_the_order_must_be_stated_and_the_codebook_is_believed() -> None:
    data = answered()
    with pytest.raises(DataError) as caught:
        kano(*PAIRS, data)
    assert caught.value.key == "asymmetry.kano_no_order"
    labels = {1: {"en": "I like it", "vi": "tôi thích"}, 5: {"en": "I dislike it", "vi": "tôi không thích"}}
    survey = Survey(data, Codebook(items={name: Item(name, min=1, max=5, labels=labels) for name in data}))
    with pytest.raises(DataError) as caught:
        kano(*PAIRS, survey, answers="like_last")
    assert caught.value.key == "asymmetry.kano_against_labels"
    assert kano(*PAIRS, survey, answers="like_first", n_boot=0).table["category"].tolist() == ["attractive", "must_be"]


def test_the_wrong_order_of_unlabelled_codes_is_noticed() -> None:
    found = kano(*PAIRS, answered(), answers="like_last", n_boot=0)
    assert "asymmetry.kano_reversed" in [notice.key for notice in found.warnings if notice.serious]
    assert "asymmetry.kano_reversed" not in [
        n.key for n in kano(*PAIRS, answered(), answers="like_first", n_boot=0).warnings
    ]


def test_weights_that_double_rows_double_shares_but_not_n() -> None:
    data = answered()
    weights = np.where(data["có wifi"] == 1, 2.0, 1.0)
    weighted = kano(*PAIRS, data, answers="like_first", weights=weights, n_boot=0).table
    doubled = pd.concat([data, data[data["có wifi"] == 1]])
    plain = kano(*PAIRS, doubled, answers="like_first", n_boot=0).table
    for column in (*(f"share_{name}" for name in CATEGORIES), "better", "worse", "category_strength"):
        assert weighted[column].to_numpy() == pytest.approx(plain[column].to_numpy()), column
    assert weighted["n"].tolist() == [100, 100]
    assert (weighted["pvalue"] > plain["pvalue"]).any()  # the effective sample is smaller than the doubled one


def test_an_attribute_uses_the_rows_with_both_answers() -> None:
    data = answered().astype(float)
    data.loc[:9, "có wifi"] = np.nan
    data.loc[95:] = np.nan
    found = kano(*PAIRS, data, answers="like_first", n_boot=50, seed=2)
    assert found.table["n"].tolist() == [85, 95]
    notice = next(notice for notice in found.warnings if notice.key == "asymmetry.kano_gaps")
    assert (notice.values["empty"], notice.values["name"], notice.values["count"]) == (5, "có wifi", 15)
    counted = found.counts[found.counts["attribute"] == "có wifi"][list(ANSWERS)].to_numpy()
    assert counted.sum() == 85
    both = data.dropna(subset=["có wifi", "không wifi"])
    assert counted[0, 4] == ((both["có wifi"] == 1) & (both["không wifi"] == 5)).sum()


@pytest.mark.parametrize("ci", ["percentile", "basic", "bc", "bca"])
def test_intervals_hold_the_estimate(ci: Any) -> None:
    table = kano(*PAIRS, answered(), answers="like_first", n_boot=300, seed=5, ci=ci).table
    for name in ("better", "worse"):
        assert (table[f"{name}_ci_lower"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_ci_upper"]).all()
    # a share of about .7 in 100 answers has a standard error of .046
    width = table["better_ci_upper"] - table["better_ci_lower"]
    assert width.iloc[0] == pytest.approx(2 * 1.96 * np.sqrt(0.7 * 0.3 / 100), rel=0.2)


def test_certainty_is_the_share_of_resamples_with_the_category() -> None:
    clear = kano("f", "d", pd.DataFrame({"f": [1] * 30, "d": [3] * 30}), answers="like_first", n_boot=50, seed=1)
    assert clear.table["certainty"].tolist() == [1]
    mixed = pd.DataFrame({"f": [1] * 50, "d": [3] * 25 + [5] * 25})
    even = kano("f", "d", mixed, answers="like_first", n_boot=400, seed=1).table
    assert 0.4 < even.loc[0, "certainty"] < 0.65
    assert "asymmetry.kano_tied" in [n.key for n in kano("f", "d", mixed, answers="like_first", n_boot=0).warnings]


def test_few_respondents_contradictions_and_opposite_wishes_are_told() -> None:
    twelve = kano(*PAIRS, answered(12), answers="like_first", n_boot=20, seed=1)
    assert "asymmetry.kano_few" in [notice.key for notice in twelve.warnings if notice.serious]
    data = pd.DataFrame({"f": [1] * 20 + [5] * 25, "d": [1] * 20 + [1] * 25})
    found = kano("f", "d", data, answers="like_first", n_boot=0)
    assert found.table.loc[0, "category"] == "reverse"
    keys = {notice.key for notice in found.warnings if notice.serious}
    assert {"asymmetry.kano_questionable", "asymmetry.kano_reverse", "asymmetry.kano_no_base"} <= keys
    assert "44%" in str(next(n for n in found.warnings if n.key == "asymmetry.kano_questionable"))


@pytest.mark.parametrize(
    ("changes", "options", "key"),
    [
        ({"có wifi": 7}, {}, "asymmetry.kano_unknown"),
        ({"có wifi": "thích"}, {}, "asymmetry.kano_unknown"),
        ({"có wifi": np.nan}, {}, "analyses.all_missing"),
        (
            {"có wifi": [np.nan] * 50 + [1.0] * 50, "không wifi": [3.0] * 50 + [np.nan] * 50},
            {},
            "asymmetry.kano_no_pair",
        ),
        ({}, {"answers": None}, "asymmetry.kano_no_order"),
        ({}, {"answers": "1-5"}, "analyses.unknown_option"),
        ({}, {"answers": {1: "like", 2: "must_be"}}, "asymmetry.kano_mapping"),
        (
            {},
            {"answers": dict(enumerate(["like", "must", "neutral", "live_with", "dislike"]))},
            "asymmetry.kano_mapping",
        ),
        ({}, {"functional": ["có wifi"]}, "asymmetry.pairs_differ"),
        ({}, {"functional": ["có wifi", "không wifi"]}, "analyses.repeated_names"),
        ({}, {"functional": ["co wifi", "có vé"]}, "analyses.unknown_columns"),
        ({}, {"level": 2}, "analyses.level_outside"),
        ({}, {"n_boot": 1}, "resample.whole_number"),
        ({}, {"weights": [1.0]}, "weights.wrong_number"),
    ],
)
def test_bad_input_is_named(changes: dict[str, Any], options: dict[str, Any], key: str) -> None:
    given: dict[str, Any] = {"answers": "like_first", "n_boot": 0} | options
    functional = given.pop("functional", PAIRS[0])
    with pytest.raises(CxlabError) as caught:
        kano(functional, PAIRS[1], answered().assign(**changes), **given)
    assert caught.value.key == key
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_it_reads_in_both_languages(lang: Any) -> None:
    found = kano(*PAIRS, answered(), answers="like_first", n_boot=50, seed=1)
    assert "asymmetry." not in found.apa(lang).to_html(lang) + found.summary(lang)
    assert len(found.plot(lang).axes) == 1
    assert "n" not in found.apa(lang).columns  # one number for all stands in a note, so that the table fits on a page
    assert f"n = {found.table['n'].iloc[0]:.0f}." in found.apa(lang).to_html(lang)
    plain = kano(*PAIRS, answered(), answers="like_first", n_boot=0)
    assert len(plain.plot(lang).axes) == 1
    assert found.cite()[0].key == "kano_1984"


@pytest.mark.shared
def test_the_kiosk_survey_by_its_own_counts(shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXLAB_MIRROR", str(shared_dir / "mirror"))
    monkeypatch.setenv("CXLAB_CACHE", str(tmp_path))
    survey = cx.load_dataset("kiosk_servqual", accept_terms=True)
    names = [f"{number:02d}" for number in range(1, 30)]
    found = kano([f"kf{n}" for n in names], [f"kd{n}" for n in names], survey, answers="like_first", n_boot=50, seed=1)
    frame = survey.frame
    for row in found.table.to_dict("records"):
        there, gone = frame[row["attribute"]], frame[row["dysfunctional"]]
        both = there.notna() & gone.notna()
        attractive = (there == 1) & gone.isin([2, 3, 4])
        must = there.isin([2, 3, 4]) & (gone == 5)
        assert row["n"] == both.sum() == 207
        assert row["share_attractive"] == pytest.approx(attractive.sum() / 207)
        assert row["share_must_be"] == pytest.approx(must.sum() / 207)
    by_name = found.table.set_index("attribute")["category"]
    assert by_name[["kf02", "kf27"]].tolist() == ["must_be", "attractive"]  # correct entries, works with gloves
    assert not [notice for notice in found.warnings if notice.serious]
