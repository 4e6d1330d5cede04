"""Missing answers: counts, Little's test, what goes with a gap, what is said of it. Reference: lavaan, mice, glm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.compare_missing import compare_missing
from cxlab.analyses.impute import impute
from cxlab.analyses.missing_data import missing_data
from cxlab.errors import DataError, EstimationError, ModelError
from cxlab.estimate.imputation import chained_equations
from cxlab.evaluate.mcar import little
from cxlab.evaluate.rubin import rubin
from cxlab.show.style import svg_bytes
from cxlab.survey.datasets import load_dataset
from cxlab.survey.survey import as_survey

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "missing.json").read_text(encoding="utf-8"))
MODEL = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; textual ~ b*visual"


def answers(case: str) -> pd.DataFrame:
    return pd.DataFrame(ORACLE["little"][case]["data"]).astype(float)


@pytest.mark.parametrize("case", list(ORACLE["little"]))
def test_little_equals_the_formula_on_lavaans_moments(case: str) -> None:
    test, wanted = little(answers(case).to_numpy()), ORACLE["little"][case]
    # both search the saturated moments to 1e-9
    assert test.statistic == pytest.approx(wanted["statistic"], abs=1e-6)
    assert (test.df, test.patterns) == (wanted["df"], wanted["patterns"])
    assert test.pvalue == pytest.approx(wanted["pvalue"], abs=1e-7)


def test_little_of_airquality_is_what_naniar_publishes() -> None:
    test = little(answers("airquality").to_numpy())
    assert (round(test.statistic, 1), test.df, round(test.pvalue, 5), test.patterns) == (35.1, 14, 0.00142, 4)


def test_little_does_not_depend_on_units_or_order() -> None:
    values = answers("schools").to_numpy()
    moved = 1000 * values[::-1, ::-1] + 7
    assert little(moved).statistic == pytest.approx(little(values).statistic, abs=1e-6)


def test_odds_of_a_gap_equal_glm() -> None:
    table = missing_data(answers("schools")).predictors.set_index(["item", "predictor"])
    for wanted in ORACLE["odds"]:
        row = table.loc[(wanted["item"], wanted["predictor"])]
        assert row["n"] == wanted["n"]
        found = row[["odds_ratio", "ci_lower", "ci_upper", "pvalue"]].to_numpy(dtype=float)
        reference = [wanted[key] for key in ("odds_ratio", "lower", "upper", "pvalue")]
        np.testing.assert_allclose(found, reference, rtol=1e-6)


def test_counts_by_hand() -> None:
    frame = pd.DataFrame({"giá": [1, None, 3, None], "Hài lòng": [1, 2, None, None], "ok": [1, 2, 3, 4]})
    found = missing_data(frame)
    assert found.table[["pattern", "count", "missing"]].to_numpy().tolist() == [
        ["111", 1, ""], ["011", 1, "giá"], ["101", 1, "Hài lòng"], ["001", 1, "giá, Hài lòng"],
    ]  # fmt: skip
    assert found.items["share"].tolist() == [0.5, 0.5, 0]
    assert found.persons[["n_missing", "count"]].to_numpy().tolist() == [[0, 1], [1, 2], [2, 1]]
    assert found.coverage.loc["giá", "Hài lòng"] == 0.25
    assert (found.n_complete, round(found.share, 4)) == (1, 0.3333)


def test_gaps_by_chance_and_not_by_chance_get_different_words() -> None:
    related = missing_data(answers("schools"))
    assert related.verdict == "not_mcar"
    assert {"x1"} <= set(related.hints["predictor"])
    assert "cx.impute" in related.summary()
    chance = missing_data(answers("nhanes"), ["bmi", "chl", "hyp"])
    assert chance.verdict == "nothing_against"
    assert "no proof" in chance.summary()


def test_a_group_that_was_never_asked_is_named() -> None:
    frame = answers("schools")[["x1", "x3", "x6"]]
    group = pd.Series(["online"] * 150 + ["quầy"] * 151)
    frame.loc[group == "online", "x6"] = np.nan
    found = missing_data(frame.assign(kênh=group), ["x1", "x3", "x6"], predictors=["kênh", "x1"])
    assert found.hints.iloc[0][["predictor", "reason"]].tolist() == ["kênh", "category"]


def test_nothing_missing_says_so() -> None:
    found = missing_data(answers("schools")[["x1", "x3"]])
    assert (found.verdict, found.mcar.reason) == ("complete", "nothing_missing")
    assert len(found.table) == 1
    assert "No answer is missing" in found.summary()
    assert len(svg_bytes(found.plot())) > 1000


def test_an_item_nobody_answered_is_kept_in_the_tables_and_named() -> None:
    frame = answers("schools")[["x1", "x4"]].assign(x9=np.nan)
    survey = as_survey(frame)
    found = missing_data(survey, ["x1", "x4", "x9"])
    assert found.items.set_index("item").loc["x9", "share"] == 1
    assert found.mcar.df == 1
    assert any(one.key == "missing.items_empty" for one in found.warnings)
    with pytest.raises(DataError, match="every answer"):
        missing_data(survey, ["x9"])


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"a": [1, None, 3.0], "b": [2, 3, None], "c": [1, None, 2.0]}), "few_rows"),
        (pd.DataFrame({"a": [1, 2, 3, 1, 2, None, None, None], "b": [None] * 5 + [1, 2, 4]}), "never_together"),
        (pd.DataFrame({"a": [1, 2, None, 4.0], "b": [3, 3, 3, 3]}), "one_item"),
    ],
)
def test_no_test_says_why(frame: pd.DataFrame, reason: str) -> None:
    found = missing_data(frame.astype(float), list(frame))
    assert found.mcar.reason == reason
    assert np.isnan(found.mcar.pvalue)
    assert any(one.key == "missing.no_test" for one in found.warnings)


def test_items_that_determine_one_another_have_no_test() -> None:
    frame = answers("schools")[["x1", "x3", "x4"]]
    found = missing_data(frame.assign(total=frame["x1"] + frame["x3"]))
    assert found.mcar.reason in ("dependent", "no_optimum")


def test_all_rows_incomplete_says_what_to_do() -> None:
    frame = answers("schools")[["x1", "x3", "x6"]]
    frame.loc[::2, "x1"], frame.loc[1::2, "x3"] = np.nan, np.nan
    found = missing_data(frame)
    assert found.n_complete == 0
    assert "Not one row is complete" in found.summary()


def test_twelve_respondents_and_wrong_names() -> None:
    frame = answers("schools").head(12)
    assert "χ²" in missing_data(frame).summary() or missing_data(frame).mcar.reason
    with pytest.raises(DataError, match="x11"):
        missing_data(frame, ["x11"])
    with pytest.raises(DataError, match="min_share"):
        missing_data(frame, min_share=5)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_table_and_figure_in_both_languages(lang: Any) -> None:
    found = missing_data(load_dataset("corporate_reputation"))
    for kind in ("items", "patterns", "persons", "predictors"):
        assert found.apa(lang, kind=kind).to_html(lang)  # type: ignore[arg-type]
    assert "cusl_2" in found.summary(lang)
    assert len(svg_bytes(found.plot(lang))) > 1000


# multiple imputation


def test_chained_equations_agree_with_mice() -> None:
    values = answers("schools").to_numpy()
    made = chained_equations(values, m=200, iterations=10, donors=5, seed=5)
    fits = [least_squares(one) for one in made.completed]
    found = rubin(np.array([b for b, _ in fits]), np.array([v for _, v in fits]), 297)
    wanted = ORACLE["chained"]
    # four times the Monte Carlo error of 200 and of mice's 400 imputations
    noise = 4 * np.sqrt(np.array(wanted["between"]) * (1 / 200 + 1 / 400))
    assert (np.abs(found.estimate - wanted["estimate"]) < noise).all()
    np.testing.assert_allclose(found.se, wanted["se"], rtol=0.06)


def least_squares(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    design = np.column_stack([np.ones(len(rows)), rows[:, [0, 1, 4]]])
    b, rest = np.linalg.lstsq(design, rows[:, 3], rcond=None)[:2]
    return b, rest[0] / (len(rows) - 4) * np.diag(np.linalg.inv(design.T @ design))


def test_filled_in_answers_were_given_by_somebody_and_the_rest_is_untouched() -> None:
    frame = answers("schools")
    made = impute(frame, 3, seed=2)
    for survey in made:
        for name in frame:
            given = frame[name].dropna()
            assert survey.data[name].isin(given).all()
            assert (survey.data[name].to_numpy()[frame[name].notna()] == given.to_numpy()).all()
        assert survey.log.iloc[-1][["action", "rule", "count"]].tolist() == ["impute", "pmm", 127]
        assert any(one.key == "missing.completed" for one in survey.warnings)


def test_the_same_seed_gives_the_same_answers_whatever_m() -> None:
    frame = answers("schools")
    few, many = impute(frame, 2, seed=2, iterations=2), impute(frame, 4, seed=2, iterations=2)
    pd.testing.assert_frame_equal(few[1].data, many[1].data)
    assert not few[0].data.equals(few[1].data)
    assert not few[0].data.equals(impute(frame, 2, seed=3, iterations=2)[0].data)


def test_auxiliary_categories_and_vietnamese_names() -> None:
    frame = (
        answers("schools").rename(columns={"x4": "Hài lòng chung"}).assign(vùng=["Bắc", "Nam", None] * 100 + ["Bắc"])
    )
    made = impute(frame, 2, seed=1, iterations=2, items=["x1", "x2", "Hài lòng chung"], auxiliary=["vùng", "x5"])
    assert set(made.table["item"]) == {"x2", "Hài lòng chung", "x5"}
    assert made[0].data["vùng"].isna().sum() == 100
    assert "Hài lòng chung" in made.summary("vi")
    assert len(svg_bytes(made.plot("vi"))) > 1000


def test_rows_without_any_answer_stay_empty() -> None:
    frame = answers("schools")
    frame.loc[3] = np.nan  # row 4
    made = impute(frame, 2, seed=1, iterations=1)
    assert made[0].data.loc[4].isna().all()
    assert any(one.key == "missing.rows_silent" for one in made.warnings)


def test_impute_refuses_what_it_cannot_fill() -> None:
    frame = answers("schools")
    with pytest.raises(DataError, match="nothing to fill in"):
        impute(frame[["x1", "x3"]], seed=1)
    with pytest.raises(DataError, match="same answer"):
        impute(frame.assign(flat=[3.0, None] * 150 + [3.0]), seed=1, items=["x1", "x2", "flat"])
    with pytest.raises(DataError, match="every answer is missing"):
        impute(frame.assign(x9=np.nan), seed=1, items=["x1", "x9"])
    with pytest.raises(DataError, match="has 5 answers"):
        impute(frame.head(12).assign(x6=[1.0, 2, 3, 2, 4] + [None] * 7), seed=1)
    with pytest.raises(DataError, match="m=1"):
        impute(frame, 1, seed=1)


def test_a_constant_item_that_was_not_named_is_left_out() -> None:
    made = impute(answers("schools").assign(flat=[3.0, None] * 150 + [3.0]), 2, seed=1, iterations=1)
    assert any(one.key == "missing.left_flat" for one in made.warnings)
    assert made[0].data["flat"].isna().any()


# treatments side by side


def test_fiml_and_imputation_agree_where_complete_rows_do_not() -> None:
    found = compare_missing(MODEL, answers("schools"), seed=1, m=20)
    estimate = found.table.set_index("method")["estimate"]
    assert abs(estimate["fiml"] - estimate["mi"]) < 0.05 < abs(estimate["fiml"] - estimate["listwise"])
    assert found.table["n"].tolist() == [194, 301, 301]
    assert found.apa("vi").to_html("vi")
    assert "differ" in found.summary()
    assert len(svg_bytes(found.plot("vi"))) > 1000


def test_without_gaps_all_treatments_are_the_same() -> None:
    frame = answers("schools")
    found = compare_missing(MODEL, frame.fillna(frame.mean()), seed=1, parameters=["b"])
    assert found.states["state"].tolist() == ["ok", "ok", "same_data"]
    assert "same story" in found.summary()


def test_a_treatment_without_result_is_kept_with_its_reason() -> None:
    frame = answers("schools")
    frame.loc[::2, "x1"], frame.loc[1::2, "x3"] = np.nan, np.nan
    found = compare_missing(MODEL, frame, ["listwise", "fiml"], seed=1)
    assert found.states.loc[0, "state"] == "failed"
    assert found.states.loc[0, "reason"]
    assert "complete rows" in found.summary()


def test_compare_missing_refuses_unknown_methods_parameters_and_items() -> None:
    frame = answers("schools")
    with pytest.raises(DataError, match="pairwise"):
        compare_missing(MODEL, frame, ["pairwise"], seed=1)
    with pytest.raises(ModelError, match="visual -> textual"):
        compare_missing(MODEL, frame, ["fiml"], seed=1, parameters=["visual -> verbal"])
    with pytest.raises(ModelError, match="x99"):
        compare_missing("visual =~ x1 + x2 + x99", frame, seed=1)
    with pytest.raises(EstimationError, match="No treatment"):
        compare_missing(MODEL, frame.head(5), ["listwise", "mi"], seed=1)
