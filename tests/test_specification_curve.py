"""One estimate under many choices: every row is a fit of its own, failures stay with their reason."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

from cxlab.analyses.sem import sem
from cxlab.analyses.specification_curve import specification_curve
from cxlab.analyses.specification_curve_result import SpecificationCurve
from cxlab.analyses.specification_curve_target import find_parameter
from cxlab.errors import DataError, EstimationError, ModelError
from cxlab.show.style import svg_bytes
from cxlab.survey.datasets import load_dataset
from cxlab.survey.survey import Survey

MODEL = """competence =~ comp_1 + comp_2 + comp_3
likeability =~ like_1 + like_2 + like_3
loyalty =~ cusl_1 + cusl_2 + cusl_3
loyalty ~ a*competence + likeability"""
SCHOOLS = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; textual ~ b*visual"


@cache
def screened() -> Survey:
    return load_dataset("corporate_reputation").screen(longstring=8, mahalanobis=0.001)


@cache
def curve() -> SpecificationCurve:
    return specification_curve(
        "competence -> loyalty",
        MODEL,
        screened(),
        exclude=[(), "longstring", ("longstring", "mahalanobis")],
        missing=["listwise", "fiml"],
        estimator=["ML", "MLR"],
        drop=[(), "cusl_3"],
    )


def test_every_row_is_the_fit_one_would_make_by_hand() -> None:
    table = curve().table
    assert len(table) == 24
    for number, rows, options, without in (
        (1, screened(), {}, ""),
        (4, screened(), {"missing": "fiml", "estimator": "MLR"}, ""),
        (22, screened().exclude("longstring", "mahalanobis"), {"estimator": "MLR"}, " + cusl_3"),
    ):
        fit = sem(MODEL.replace(without, "") if without else MODEL, rows, **options)  # type: ignore[arg-type]
        wanted = fit.standardized()
        wanted = wanted[(wanted["lhs"] == "loyalty") & (wanted["rhs"] == "competence")].iloc[0]
        row = table.iloc[number - 1]
        assert row["n"] == fit.n_obs
        found = row[["estimate", "se", "ci_lower", "ci_upper", "pvalue"]].to_numpy(dtype=float)
        reference = wanted[["est_std", "se", "ci_lower", "ci_upper", "pvalue"]].to_numpy(dtype=float)
        np.testing.assert_allclose(found, reference, rtol=1e-8)


def test_the_summary_counts_what_the_table_holds() -> None:
    used = curve().usable
    influence = curve().influence
    assert influence.iloc[0]["choice"] == "exclude"
    means = used.groupby("exclude")["estimate"].mean()
    assert influence.iloc[0]["spread"] == pytest.approx(means.max() - means.min())
    # a balanced plan: the variance between the options' means is their share
    between = 8 * ((means - used["estimate"].mean()) ** 2).sum()
    assert influence.iloc[0]["share"] == pytest.approx(
        between / ((used["estimate"] - used["estimate"].mean()) ** 2).sum()
    )
    assert f"{len(used)} specifications" in curve().summary()


def test_labels_and_unstandardised_estimates() -> None:
    found = specification_curve("a", MODEL, screened(), exclude=[()], standardised=False, level=0.9)
    row, fit = found.table.iloc[0], sem(MODEL, screened())
    wanted = find_parameter(fit.estimates, "loyalty ~ competence")
    assert row["estimate"] == pytest.approx(wanted["est"])
    assert row["ci_upper"] - row["estimate"] == pytest.approx(1.6448536 * wanted["se"])
    assert found.verdict == "one"
    assert "Only one specification" in found.summary()


def test_without_a_say_each_flagging_rule_and_all_of_them_are_tried() -> None:
    found = specification_curve("a", MODEL, screened())
    assert found.table["exclude"].tolist() == ["", "longstring", "mahalanobis", "longstring + mahalanobis"]


def test_excluded_rows_are_put_back_first_and_it_is_said() -> None:
    found = specification_curve("a", MODEL, screened().exclude("longstring"), exclude=[(), "longstring"])
    pd.testing.assert_frame_equal(
        found.table, specification_curve("a", MODEL, screened(), exclude=[(), "longstring"]).table
    )
    assert any(one.key == "curve.restored" for one in found.warnings)


def test_what_was_excluded_already_is_the_reference_and_a_selection_stays() -> None:
    survey = screened().select(where="servicetype == 2", reason="prepaid").exclude("longstring")
    found = specification_curve("a", MODEL, survey)
    assert found.table["exclude"].tolist() == ["longstring", "", "mahalanobis", "longstring + mahalanobis"]
    assert found.table["n"].iloc[0] == sem(MODEL, survey).n_obs


def test_specifications_with_the_same_rows_are_counted_once() -> None:
    survey = screened().flag("again", screened().flags["longstring"].to_numpy(dtype=bool), "once more")  # type: ignore[index]
    found = specification_curve("a", MODEL, survey, exclude=[(), "longstring", "again"])
    assert found.table["repeats"].isna().tolist() == [True, True, False]
    assert found.table["repeats"].iloc[2] == 2
    assert len(found.usable) == 2
    assert "counted once" in found.summary()


def test_a_specification_that_fails_is_kept_with_its_reason() -> None:
    found = specification_curve("b", SCHOOLS, get_data(), where={"all": None, "few": "id < 6"})
    row = found.table.iloc[1]
    assert not row["converged"]
    assert row["reason"]
    assert np.isnan(row["estimate"])
    assert "give no result" in found.summary()
    assert len(svg_bytes(found.plot())) > 1000


def test_an_inadmissible_specification_is_shown_and_not_counted() -> None:
    frame = get_data()
    rng = np.random.default_rng(5)
    frame["noise"] = rng.normal(size=len(frame))
    models = {"items": SCHOOLS, "with noise": "visual =~ x1 + noise; textual =~ x4 + x5 + x6; textual ~ b*visual"}
    found = specification_curve("visual -> textual", models, frame)
    assert found.table["converged"].iloc[0]
    bad = found.table.iloc[1]
    assert not bad["usable"]
    assert bad["reason"]


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"exclude": ["speeding"]}, DataError, "longstring"),
        ({"drop": ["cusl_9"]}, DataError, "Did you mean 'cusl_"),
        ({"drop": [("like_1", "like_2", "like_3")]}, ModelError, "likeability"),
        ({"missing": ["pairwise"]}, ModelError, "pairwise"),
        ({"estimator": ["magic"]}, ModelError, "magic"),
        ({"estimator": []}, DataError, "estimator"),
        ({"most": 2}, DataError, "combinations"),
        ({"where": ["servicetyp == 1"]}, DataError, "servicetype"),
        ({"group": "servicetype"}, ModelError, "servicetype"),
        ({"target": "loyalty -> competence"}, ModelError, "competence -> loyalty"),
        ({"target": ""}, ModelError, "as text"),
    ],
)
def test_wrong_words_say_what_there_is(change: dict[str, Any], error: type[Exception], says: str) -> None:
    settings: dict[str, Any] = {"target": "a", "model": MODEL, "data": screened()} | change
    with pytest.raises(error, match=says):
        specification_curve(**settings)


def test_rules_need_a_screening() -> None:
    with pytest.raises(DataError, match="screen"):
        specification_curve("b", SCHOOLS, get_data(), exclude=["longstring"])


def test_twelve_respondents_leave_nothing() -> None:
    with pytest.raises(EstimationError, match="None of the 2"):
        specification_curve("b", SCHOOLS, get_data().head(6), estimator=["ML", "MLR"])


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_tables_words_and_figure_in_both_languages(lang: Any) -> None:
    found = curve()
    for kind in ("specifications", "options"):
        assert found.apa(lang, kind=kind).to_html(lang)  # type: ignore[arg-type]
    assert len(found.reading(lang)) >= 5
    drawing = svg_bytes(found.plot(lang)).decode()
    assert ("đặc tả" in drawing) == (lang == "vi")


def test_names_with_blanks_and_diacritics() -> None:
    frame = get_data().rename(columns={"x1": "Hài lòng 1"})
    model = "visual =~ `Hài lòng 1` + x2 + x3; textual =~ x4 + x5 + x6; textual ~ visual"
    found = specification_curve("visual → textual", model, frame, drop=[(), "Hài lòng 1"])
    plain = specification_curve("b", SCHOOLS, get_data(), drop=[(), "x1"])
    np.testing.assert_allclose(found.table["estimate"], plain.table["estimate"], rtol=1e-8)
