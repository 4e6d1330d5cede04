"""Small samples, wrong kinds of data and words that would mislead: what measurement functions say then."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.errors import CxlabError, DataError, Notice
from cxlab.evaluate.discriminant import Evidence
from cxlab.i18n import language
from cxlab.i18n.loading import parse_yaml, read_yaml

TWO = {"A": ["a1", "a2", "a3"], "B": ["b1", "b2", "b3"]}
ORACLE = Path(__file__).parent / "oracles" / "sparse.json"
ROOMS = Path(cx.__file__).parent


def answers(n: int, seed: int = 1, rho: float = 0.5) -> pd.DataFrame:
    """Six simulated items of five points, three for each of two constructs."""
    random = np.random.default_rng(seed)
    latent = random.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    made = {
        f"{'ab'[c]}{j}": np.clip(np.round(3 + 0.9 * (0.75 * latent[:, c] + 0.66 * random.normal(size=n))), 1, 5)
        for c in range(2)
        for j in range(1, 4)
    }
    return pd.DataFrame(made).astype(int)


def keys(result: Any) -> set[str]:
    return {notice.key for notice in result.warnings}


def notice(result: Any, key: str) -> Notice:
    return next(one for one in result.warnings if one.key == key)


def test_a_contest_in_which_no_two_structures_can_be_tested_still_speaks() -> None:
    contest = cx.structure_contest(answers(60), TWO, structures=["correlated"])
    assert contest.tests.empty
    assert "Undecided" in contest.reading("en")[0]
    assert contest._repr_html_()


def test_a_bifactor_model_of_two_constructs_is_refused_in_words() -> None:
    contest = cx.structure_contest(answers(60), TWO, structures=["correlated", "bifactor"])
    row = contest.table.set_index("structure").loc["bifactor"]
    assert row["state"] == "not_identified"
    assert "four items" in row["reason"]
    assert "general=~a1" not in str(contest)


def test_a_component_that_runs_against_the_others_is_named() -> None:
    tests = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
    frame = get_data()
    assert "work against the rest" not in " ".join(cx.structure_contest(frame, tests, ["correlated"]).reading("en"))
    frame[tests["speed"]] *= -1
    said = [
        text for text in cx.structure_contest(frame, tests, ["correlated"]).reading("en") if "against the rest" in text
    ]
    assert len(said) == 1
    assert "speed" in said[0]
    assert "visual" not in said[0]


@pytest.mark.parametrize("ask", [cx.reliability, cx.polychoric, cx.describe, lambda data: cx.htmt(data, TWO)])
def test_correlations_are_not_taken_for_answers(ask: Any) -> None:
    with pytest.raises(DataError) as caught:
        ask(answers(60).corr())
    assert caught.value.key == "survey.matrix"
    assert "cx.Moments" in str(caught.value)


def test_a_square_table_of_answers_is_not_taken_for_correlations() -> None:
    frame = answers(6).set_axis(range(6), axis=1)
    assert cx.describe(frame.set_axis(range(6), axis=0)).table["n"].tolist() == [6] * 6


def test_moments_of_polychoric_correlations_give_an_ordinal_htmt() -> None:
    frame = answers(200)
    moments = cx.Moments(cx.polychoric(frame).correlations, n_obs=200)
    plain, ordinal = cx.htmt(frame, TWO).table["htmt"].item(), cx.htmt(moments, TWO).table["htmt"].item()
    assert ordinal == pytest.approx(plain, abs=0.1)
    assert ordinal != plain


def test_columns_that_are_left_out_are_named_with_the_reason() -> None:
    frame = answers(60).assign(city="Huế", empty=np.nan)
    found = cx.efa(frame, 2)
    assert notice(found, "analyses.columns_left_out").values["columns"] == "city"
    assert notice(found, "analyses.columns_empty").values["columns"] == "empty"
    assert "described" not in str(found)


def test_items_whose_names_show_no_construct_are_named_when_constructs_are_guessed() -> None:
    frame = answers(60).rename(columns={"b3": "q1"})
    assert notice(cx.htmt(frame), "validity.guessed_left_out").values["items"] == "q1"
    assert "validity.guessed_left_out" not in keys(cx.htmt(frame, {"A": ["a1", "a2"], "B": ["b1", "b2"]}))


def test_a_wide_interval_is_no_proof_of_one_construct() -> None:
    wide = Evidence(0.5, -0.1, 1.05, 0.5, 0.9, 0.2, 0.2, True, True)
    assert wide.wide
    assert not Evidence(0.95, 0.85, 1.05, 0.9, 0.99, 0.2, 0.2, True, True).wide
    found = cx.discriminant(TWO, answers(14, seed=12, rho=0.6), n_boot=0)
    row = found.table.iloc[0]
    assert row["r_ci_upper"] >= 1
    assert row["r_ci_lower"] < 0.8
    words = found.sentences("en")[0]
    assert "no proof that they are one" in words or "too few or too noisy" in words
    assert "would have no meaning" not in words
    assert "{" not in found.sentences("vi")[0]


def test_a_column_name_keeps_its_letters_at_the_start_of_a_sentence() -> None:
    blocks = {"a": TWO["A"], "b": TWO["B"]}
    assert cx.discriminant(blocks, answers(120), n_boot=0).sentences("en")[0].startswith("a and b")


def test_poor_fit_is_told_by_the_indices_that_are_printed_in_the_language_of_the_reader() -> None:
    frame = get_data()
    blocks = {"A": ["x1", "x4", "x7"], "B": ["x2", "x5", "x8"]}
    found = cx.discriminant(blocks, frame, n_boot=0)
    told = notice(found, "validity.poor_fit")
    robust = f"{found.fit.fit_measures['cfi_robust']:.3f}"
    assert robust[1:] in told.text("en")
    assert robust.replace(".", ",") in told.text("vi")
    assert robust[1:] in str(found)


def test_an_htmt_below_the_limit_whose_interval_is_not_is_said() -> None:
    frame = answers(40, seed=3, rho=0.8)
    found = cx.htmt(frame, TWO, n_boot=200, seed=1)
    row = found.table.iloc[0]
    assert row["htmt"] < 0.9 <= row["ci_upper"]
    for lang, words in (("en", "does not rule out a larger ratio"), ("vi", "chưa loại trừ")):
        assert words in found.summary(lang)  # type: ignore[arg-type]
        assert any(words in str(note) for note in found.apa(lang).notes)  # type: ignore[arg-type]
    assert "p(≥ .90) =" in found.summary("en")
    assert "does not rule out" not in cx.htmt(frame, TWO).summary("en")


@pytest.mark.parametrize("copy", [lambda items: items, lambda items: 6 - items])
def test_an_ordinal_model_refuses_a_copy_as_the_others_do(copy: Any) -> None:
    frame = answers(80)
    frame["a4"] = copy(frame["a3"])
    for ordered in (None, True):
        with pytest.raises(CxlabError) as caught:
            cx.cfa("A =~ a1 + a2 + a3 + a4", frame, ordered=ordered)
        assert caught.value.key == "sem.duplicate_items"
        assert (caught.value.values["first"], caught.value.values["second"]) == ("a3", "a4")


def test_one_reader_of_yaml_serves_the_house() -> None:
    reading = re.compile(r"yaml\.(safe_load|load)\(|CSafeLoader")
    found = [
        path.relative_to(ROOMS).as_posix() for path in ROOMS.rglob("*.py") if reading.search(path.read_text("utf-8"))
    ]
    assert found == ["i18n/loading.py"]


def test_yaml_is_read_alike_by_both_loaders(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from cxlab.i18n import loading

    rules = ROOMS / "evaluate" / "rules.yaml"
    fast = read_yaml(rules)
    monkeypatch.setattr(loading, "yaml_loader", lambda: yaml.SafeLoader)
    assert read_yaml(rules) == fast
    with pytest.raises(yaml.YAMLError):
        parse_yaml("a: [1")


def test_numbers_of_a_test_are_written_in_the_language_of_the_reader() -> None:
    with language("en"):
        found = cx.discriminant({"A": ["x1", "x2", "x3"], "B": ["x4", "x5", "x6"]}, get_data(), n_boot=0)
    for one in found.warnings:
        assert not re.search(r"\d\.\d", one.text("vi").replace("0.9*", ""))


def test_a_limit_missed_by_a_hair_is_shown_with_the_digits_that_miss_it() -> None:
    def told(value: float) -> str:
        return cx.interpret(value, "hu_bentler_1999.srmr").text("en")

    assert told(0.08004).startswith("SRMR = .08004: not met")
    assert told(0.07996).startswith("SRMR = .080: met")
    assert told(0.0912).startswith("SRMR = .091: not met")


def test_a_table_of_polychoric_correlations_says_which_rows_and_what_speaks_against_it() -> None:
    frame = answers(80).assign(a4=lambda data: data["a3"])
    notes = [str(note) for note in cx.polychoric(frame).apa("en").notes]
    assert "Rows complete in all items." in notes[0]
    assert any("a3 – a4" in note for note in notes[1:])
    assert "For each pair" in str(cx.polychoric(frame, missing="pairwise").apa("en").notes[0])


def test_numbers_of_a_sparse_table_equal_lavaan() -> None:
    """`lavaan::lavCor` (0.6-14) of a simulated table of 30 rows with empty cells; see tests/oracles/r/sparse.R."""
    known = json.loads(ORACLE.read_text("utf-8"))
    found = cx.polychoric(pd.DataFrame(known["data"])).correlations
    assert np.abs(found.to_numpy() - np.array(known["correlations"])).max() < 1e-6


def test_ordinal_omega_h_and_htmt_of_new_samples_equal_r() -> None:
    known = json.loads(ORACLE.read_text("utf-8"))
    frame, blocks = pd.DataFrame(known["items"]), known["blocks"]
    assert cx.htmt(frame, blocks).table["htmt"].tolist() == pytest.approx(known["htmt"], abs=1e-9)
    row = cx.reliability(frame).table.iloc[0]
    # psych stops its search earlier
    assert [row["omega_h"], row["omega_groups"], row["ecv"]] == pytest.approx(known["omega"], abs=1e-4)
    fit = cx.cfa(known["model"], frame, ordered=True, group=None)
    for name in ("chisq_scaled", "cfi_scaled", "rmsea_scaled", "srmr"):
        assert fit.fit_measures[name] == pytest.approx(known["wlsmv"][name], abs=1e-4)


def test_ordinal_items_stay_ordinal_when_two_constructs_are_told_apart() -> None:
    known = json.loads(ORACLE.read_text("utf-8"))
    frame = pd.DataFrame(known["items"])
    found = cx.discriminant(cx.cfa(known["model"], frame, ordered=True), n_boot=0, pair=("A", "C"))
    row = found.table.iloc[0]
    assert found.estimator == "WLSMV"
    assert row["r"] == pytest.approx(known["correlation"], abs=1e-5)
    for name in ("one", "merged"):
        assert row[f"{name}_chisq"] == pytest.approx(known[name]["chisq"], rel=1e-4)
        assert row[f"{name}_df"] == known[name]["df"]
    again = cx.discriminant(known["blocks"], frame, ("A", "C"), ordered=True, n_boot=0)
    assert again.table["one_chisq"].tolist() == pytest.approx([row["one_chisq"]])


def test_a_contest_of_ordinal_items_leaves_out_what_has_no_likelihood() -> None:
    known = json.loads(ORACLE.read_text("utf-8"))
    contest = cx.structure_contest(pd.DataFrame(known["items"]), known["blocks"], ordered=True)
    assert contest.estimator == "WLSMV"
    fit = contest.fits["bifactor"].fit_measures
    assert fit["df"] == known["bifactor"]["df"]
    assert fit["chisq"] == pytest.approx(known["bifactor"]["chisq"], rel=1e-4)
    assert "BIC" not in contest.summary("en")
    assert "BIC" not in str(contest.apa("en").to_html())
    assert contest._repr_html_()


def test_groups_of_a_fit_that_are_taken_together_are_said() -> None:
    fit = cx.cfa("A =~ x1 + x2 + x3\nB =~ x4 + x5 + x6", get_data(), group="school")
    told = notice(cx.discriminant(fit, n_boot=0), "validity.groups_pooled")
    assert told.serious
    assert "Pasteur" in told.text("vi")
