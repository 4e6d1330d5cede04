"""Two constructs or one: against semTools, and the verdict that follows."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.analyses import discriminant_rivals, validity_difference
from cxlab.analyses.discriminant import discriminant
from cxlab.analyses.discriminant_result import Discriminant
from cxlab.errors import CxlabError, DataError, ModelError
from cxlab.evaluate.discriminant import Evidence, against, problem_of, verdict_of

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "validity.json").read_text(encoding="utf-8"))
SURVEYS = {"reputation": "corporate_reputation", "mobile": "ecsi_mobile", "pages": "yellow_pages"}
TESTS = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"]}
KINDS = (("0.9", "cut"), ("1", "one"), ("merge", "merged"))


@cache
def judged(case: str, estimator: str) -> Discriminant:
    data = get_data() if case == "schools" else cx.load_dataset(SURVEYS[case])
    return discriminant(ORACLE[case]["blocks"], data, estimator=estimator, n_boot=0)


def replaced(found: Discriminant, key: str) -> list[str]:
    """Tests in whose place another statistic stands."""
    told = [notice for notice in found.warnings if notice.key in (key, f"{key}_many")]
    return [name for one in told for name in str(one.values.get("model") or one.values["models"]).split("; ")]


@pytest.mark.parametrize("case", ["schools", *SURVEYS])
@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_correlations_and_differences_equal_semtools(case: str, estimator: str) -> None:
    found = judged(case, estimator)
    unstable = [*replaced(found, "validity.test_wald"), *replaced(found, "validity.test_satorra_2000")]
    for kind, name in KINDS:
        known = pd.DataFrame(ORACLE[case][f"discriminant_{estimator}"][kind])
        for row, other in zip(found.table.to_dict("records"), known.to_dict("records"), strict=True):
            assert (row["construct_1"], row["construct_2"]) == (other["first"], other["second"])
            # lavaan's search stops a little short of its optimum
            assert row["r"] == pytest.approx(other["est"], abs=1e-5)
            assert row["r_ci_upper"] == pytest.approx(other["upper"], abs=1e-5)
            value = 0.9 if kind == "0.9" else 1
            if f"{row['construct_1']} ~~ {value:g}*{row['construct_2']}" in unstable and name != "merged":
                # semTools has no value here, or one that rests on a scaling factor near zero
                assert row[f"{name}_chisq"] > 0
                continue
            assert row[f"{name}_chisq"] == pytest.approx(other["chisq_diff"], rel=1e-4, abs=1e-3)
            assert row[f"{name}_df"] == other["df_diff"]
            assert row[f"{name}_p"] == pytest.approx(other["pvalue"], abs=2e-4)


def test_quality_and_satisfaction_of_the_mobile_survey_are_one() -> None:
    found = discriminant(None, cx.load_dataset("ecsi_mobile"), ("quality", "satisfaction"), n_boot=300, seed=1)
    row = found.table.iloc[0]
    assert (row["verdict"], row["problem"]) == ("not_distinct", "severe_problem")
    text = found.sentences("en")[0]
    assert "not told apart" in text
    assert "a correlation of 1 is not rejected" in text
    assert "không phân biệt được" in found.sentences("vi")[0]
    assert found.plot().axes


def test_all_pairs_of_an_inadmissible_model_are_at_least_in_doubt() -> None:
    found = judged("mobile", "ML")
    assert len(found.table) == 15
    assert set(found.table["verdict"]) == {"doubtful", "not_distinct"}
    assert any(notice.key == "validity.inadmissible" for notice in found.warnings if notice.serious)
    assert len(str(found).splitlines()) < 30


def test_two_tests_of_ability_are_two() -> None:
    found = discriminant(TESTS, get_data(), n_boot=200, seed=1)
    row = found.table.iloc[0]
    assert (row["verdict"], row["problem"]) == ("distinct", "no_problem")
    assert row["one_chisq"] == row["merged_chisq"]
    assert "two different things" in str(found)


def test_an_answer_under_another_name_is_found_out() -> None:
    frame = get_data()
    random = np.random.default_rng(2)
    for name in TESTS["visual"]:
        frame[f"y{name}"] = frame[["x1", "x2", "x3"]].mean(axis=1) + random.normal(size=len(frame))
    blocks = {"visual": TESTS["visual"], "sight": ["yx1", "yx2", "yx3"]}
    assert discriminant(blocks, frame, n_boot=0).table["verdict"].tolist() == ["not_distinct"]


def test_opposite_constructs_are_held_at_minus_one() -> None:
    frame = get_data().assign(**{name: lambda data, name=name: -data[name] for name in TESTS["textual"]})  # type: ignore[misc]
    plain, turned = (discriminant(TESTS, data, n_boot=50, seed=1).table for data in (get_data(), frame))
    for name in ("one_chisq", "cut_chisq", "htmt"):
        assert plain[name].tolist() == pytest.approx(turned[name].tolist(), rel=1e-4)
    assert turned["r"].tolist() == pytest.approx((-plain["r"]).tolist(), abs=1e-5)
    assert turned["verdict"].tolist() == ["distinct"]


def test_errors_that_covary_in_the_text_stay_in_the_model() -> None:
    text = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; x1 ~~ x4"
    plain, freed = (discriminant(model, get_data(), n_boot=0) for model in (text.rsplit(";", 1)[0], text))
    assert int(freed.fit.fit_measures["df"]) == int(plain.fit.fit_measures["df"]) - 1
    again = discriminant(cx.cfa(text, get_data()), n_boot=0)
    assert again.table["r"].tolist() == pytest.approx(freed.table["r"].tolist())


def test_a_model_that_does_not_converge_gives_ratios_and_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    real = discriminant_rivals.cfa
    monkeypatch.setattr(
        discriminant_rivals, "cfa", lambda *given, **more: replace(real(*given, **more), converged=False)
    )
    found = discriminant(TESTS, get_data(), n_boot=0)
    assert found.table["verdict"].tolist() == ["unknown"]
    assert found.table["r"].isna().all()
    assert found.table["htmt"].notna().all()
    assert "did not converge" in str(found)
    assert found.apa("vi").to_html("vi")


def test_a_scaled_difference_without_value_gives_way_to_one_that_has() -> None:
    blocks = {**TESTS, "speed": ["x7", "x8", "x9"]}
    found = discriminant(blocks, get_data(), n_boot=0)
    row = found.table.set_index(["construct_1", "construct_2"]).loc[("textual", "speed")]
    assert "textual ~~ 1*speed" in replaced(found, "validity.test_satorra_2000")
    assert len([notice for notice in found.warnings if "satorra_2000" in notice.key]) == 1
    assert row["one_chisq"] == pytest.approx(ORACLE["satorra_2000"]["chisq_diff"], rel=1e-3)
    frame = get_data()
    frame.loc[3, "x7"] = np.nan
    incomplete = discriminant(blocks, frame, n_boot=0, missing="fiml")
    row = incomplete.table.set_index(["construct_1", "construct_2"]).loc[("textual", "speed")]
    assert "textual ~~ 1*speed" in replaced(incomplete, "validity.test_wald")
    assert row["one_chisq"] == pytest.approx(((1 - row["r"]) / row["r_se"]) ** 2)


def test_a_restricted_model_that_fails_leaves_a_gap_and_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise ModelError("evaluation.compare_two", count=1)

    monkeypatch.setattr(validity_difference, "compare", refuse)
    found = discriminant(TESTS, get_data(), n_boot=0)
    assert found.table[["one_p", "cut_p", "merged_p"]].isna().all().all()
    assert any(notice.key == "validity.test_failed" for notice in found.warnings)


@pytest.mark.parametrize(
    ("arguments", "kind", "key"),
    [
        ({"pair": "visual"}, ModelError, "validity.pair"),
        ({"pair": ("visual", "visual")}, ModelError, "validity.pair"),
        ({"pair": ("visual", "textual", "speed")}, ModelError, "validity.pair"),
        ({"pair": ("visual", "verbal")}, DataError, "validity.pair_unknown"),
        ({"cutoff": 1.2}, CxlabError, "validity.cutoff"),
        ({"n_boot": 1}, CxlabError, "resample.whole_number"),
        ({"level": 0}, DataError, "analyses.level_outside"),
        ({"data": None}, DataError, "validity.discriminant_needs_data"),
        ({"estimator": "MLX"}, ModelError, "sem.unknown_option"),
        ({"constructs": {**TESTS, "one": ["x7"]}, "pair": ("one", "visual")}, DataError, "validity.pair_left_out"),
    ],
)
def test_what_cannot_be_asked(arguments: Any, kind: Any, key: str) -> None:
    with pytest.raises(kind) as error:
        discriminant(**({"constructs": TESTS, "data": get_data(), "n_boot": 0} | arguments))
    assert error.value.key == key


def test_twelve_respondents() -> None:
    found = discriminant(TESTS, get_data().head(12), n_boot=40, seed=1)
    assert {"validity.few_rows", "sem.fewer_rows_than_parameters"} <= {notice.key for notice in found.warnings}
    with pytest.raises(DataError) as error:
        discriminant(TESTS, get_data().head(5))
    assert error.value.key == "sem.too_few_rows"


def test_published_moments() -> None:
    frame = get_data()[[item for items in TESTS.values() for item in items]]
    found = discriminant(TESTS, cx.Moments(frame.cov(), len(frame)))
    own = discriminant(TESTS, frame, estimator="ML", n_boot=0)
    assert found.estimator == "ML"
    assert found.table[["r", "htmt", "one_chisq"]].to_numpy() == pytest.approx(
        own.table[["r", "htmt", "one_chisq"]].to_numpy(), abs=1e-5
    )
    assert "HTMT = " in str(found)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_both_languages(lang: Any) -> None:
    found = discriminant(TESTS, get_data(), n_boot=30, seed=1)
    text = found.summary(lang) + "".join(found.apa(lang, kind=kind).to_html(lang) for kind in ("verdicts", "tests"))  # type: ignore[arg-type]
    assert "validity." not in text
    assert "evaluate." not in text
    with pytest.raises(CxlabError):
        found.apa(kind="all")  # type: ignore[arg-type]


def evidence(**changes: Any) -> Evidence:
    base = {"r": 0.6, "lower": 0.5, "upper": 0.7, "htmt": 0.61, "htmt_upper": 0.72, "one_p": 1e-9, "merged_p": 1e-9,
            "fl_met": True, "admissible": True}  # fmt: skip
    return Evidence(**(base | changes))


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "distinct"),
        ({"fl_met": False}, "distinct"),
        ({"upper": 0.85}, "distinct"),
        ({"upper": 0.9}, "doubtful"),
        ({"lower": -0.93, "upper": -0.8, "r": -0.87}, "doubtful"),
        ({"htmt": 0.9}, "doubtful"),
        ({"htmt_upper": 1.0}, "doubtful"),
        ({"htmt_upper": math.nan}, "distinct"),
        ({"admissible": False}, "doubtful"),
        ({"lower": 0.81, "upper": 1.0}, "not_distinct"),
        ({"lower": 0.3, "upper": 1.0}, "doubtful"),
        ({"lower": -0.1, "upper": 1.0, "merged_p": math.nan}, "doubtful"),
        ({"lower": 0.3, "upper": 1.0, "one_p": 0.05}, "not_distinct"),
        ({"lower": 0.3, "upper": 1.0, "one_p": math.nan}, "not_distinct"),
        ({"lower": -1.01, "upper": -0.8, "r": -0.9}, "not_distinct"),
        ({"one_p": 0.05}, "not_distinct"),
        ({"one_p": math.nan, "merged_p": 0.2}, "not_distinct"),
        ({"r": math.nan, "lower": math.nan, "upper": math.nan}, "unknown"),
    ],
)
def test_the_verdict_follows_its_rules(changes: Any, verdict: str) -> None:
    assert verdict_of(evidence(**changes)) == verdict


def test_classes_of_the_interval_and_what_speaks_against() -> None:
    assert [problem_of(value) for value in (0.799, 0.8, 0.9, 1.0, math.nan)] == [
        "no_problem", "marginal_problem", "moderate_problem", "severe_problem", ""]  # fmt: skip
    assert against(evidence(fl_met=None)) == ()
    assert against(evidence(fl_met=False, htmt=0.95)) == ("htmt", "fornell_larcker")
