"""PLS from gaps, ordered answers and published matrices: R's numbers, resamples, and what needs complete rows."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import cxlab as cx
from cxlab.errors import CxlabError, DataError, NotSupportedError
from cxlab.resample.draws import GivenDraws, RandomDraws
from tests.conftest import ROOT
from tests.test_pls import ECSI

ORACLE = json.loads((ROOT / "tests" / "oracles" / "pls_inputs.json").read_text(encoding="utf-8"))
SMALL = """
Image =~ IMAG1 + IMAG2 + IMAG4
Value =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Value ~ Image
Satisfaction ~ Image + Value
"""


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    survey = cx.load_dataset("ecsi_mobile")
    items = list(cx.pls(ECSI, survey).model.items)
    return survey.frame[items].astype(float).reset_index(drop=True)


@pytest.fixture(scope="module")
def holes(answers: pd.DataFrame) -> pd.DataFrame:
    """Left out by the rule of the R script."""
    found = answers.copy()
    for number, item in enumerate(found, start=1):
        found.loc[2 + 5 * number :: 23, item] = np.nan
    return found


@pytest.fixture(scope="module")
def coarse(answers: pd.DataFrame) -> pd.DataFrame:
    """Five categories, so that tables are filled."""
    return answers.apply(lambda item: pd.cut(item, [0, 5, 7, 8, 9, 10], labels=False) + 1)


def frame_of(kind: str, holes: pd.DataFrame, coarse: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    return (coarse, {"ordered": True}) if kind == "ordinal" else (holes, {"missing": kind})


# lavaan's optimiser ends at 5e-7 of the EM algorithm's correlations; its polychoric ones agree to 1e-8
@pytest.mark.parametrize(
    ("kind", "tolerance"), [("pairwise", 1e-10), ("median", 1e-10), ("em", 2e-6), ("ordinal", 1e-7)]
)
def test_paths_are_those_of_rs_correlations(
    holes: pd.DataFrame, coarse: pd.DataFrame, kind: str, tolerance: float
) -> None:
    data, options = frame_of(kind, holes, coarse)
    fit = cx.pls(ECSI, data, consistent=False, tolerance=1e-12, **options)
    ours = {f"{row.source}>{row.target}": row.estimate for row in fit.paths.itertuples()}
    assert ours == pytest.approx(ORACLE["inputs"][kind], abs=tolerance)


@pytest.mark.parametrize("kind", ["pairwise", "em", "ordinal", "median"])
def test_each_resample_is_the_model_fitted_to_its_rows(holes: pd.DataFrame, coarse: pd.DataFrame, kind: str) -> None:
    data, options = frame_of(kind, holes, coarse)
    if kind == "median":  # filled in once, before
        data = data.fillna(data.median())
    fit = cx.pls(SMALL, data, **options)
    rows = np.random.default_rng(2).integers(0, fit.n_obs, (2, fit.n_obs))
    found = fit.replicates(GivenDraws.of(rows, [fit.n_obs]))
    for number, one in enumerate(rows):
        again = cx.pls(SMALL, data.iloc[one].reset_index(drop=True), **options)
        np.testing.assert_allclose(found.paths[number], again.solved.paths[:, :, 0], atol=1e-8)
        assert found.converged[number]


def test_a_resample_does_not_depend_on_how_many_there_are(holes: pd.DataFrame) -> None:
    fit = cx.pls(SMALL, holes, missing="em")
    few, many = (fit.replicates(RandomDraws(size, (fit.n_obs,), 1)) for size in (3, 20))
    # batches of other widths are added up in another order
    np.testing.assert_allclose(few.paths, many.paths[:3], atol=1e-11)


def test_a_resample_in_which_an_item_with_gaps_does_not_vary_is_counted() -> None:
    rng = np.random.default_rng(5)
    data = pd.DataFrame(rng.normal(size=(30, 4)), columns=list("abcd"))
    data["a"] = 0.0
    data.loc[0, "a"] = 1.0
    data.loc[20:, "a"] = np.nan
    found = cx.pls("F <~ a + b; G <~ c + d; G ~ F", data, missing="pairwise", modes="A").replicates(
        RandomDraws(100, (30,), 1)
    )
    assert 10 < found.constant.sum() < 60
    assert (found.converged == ~found.constant).all()
    assert np.isnan(found.paths[~found.converged]).all()


def test_scores_fill_gaps_with_what_the_other_answers_lead_to_expect(holes: pd.DataFrame) -> None:
    fit = cx.pls(SMALL, holes, missing="em")
    gap = 5 + 2  # IMAG1 is left out there
    weights = fit.weights.set_index("item")["weight"]
    z = fit.given.standard.loc[gap + 1]
    own, others = "IMAG1", [item for item in fit.model.items if not np.isnan(holes.loc[gap, item])]
    cor = pd.DataFrame(fit.cor, fit.model.items, fit.model.items)
    expected = cor.loc[own, others] @ np.linalg.solve(cor.loc[others, others], z[others])
    assert z[own] == pytest.approx(expected)
    assert fit.scores.loc[gap + 1, "Image"] == pytest.approx((z * weights)[["IMAG1", "IMAG2", "IMAG4"]].sum())
    assert "pls_input.scores_expected" in {notice.key for notice in fit.warnings}


def test_scores_of_categories_are_means_of_their_stretch_of_the_normal(coarse: pd.DataFrame) -> None:
    fit = cx.pls(SMALL, coarse, ordered=True)
    shares = coarse["CUSA1"].value_counts(normalize=True).sort_index().cumsum()
    ends = norm.ppf([0.0, *shares.iloc[:-1], 1.0])
    middle = -np.diff(norm.pdf(ends)) / np.diff(norm.cdf(ends))
    found = fit.given.standard["CUSA1"].to_numpy()
    np.testing.assert_allclose(found, middle[coarse["CUSA1"].to_numpy() - 1], atol=1e-9)
    assert "pls_input.scores_ordinal" in {notice.key for notice in fit.warnings}


def test_a_published_matrix_gives_the_estimates_of_its_rows(answers: pd.DataFrame) -> None:
    rows = cx.pls(ECSI, answers)
    matrix = cx.pls(ECSI, cx.Moments(answers.cov(), len(answers)))
    np.testing.assert_allclose(matrix.paths["estimate"], rows.paths["estimate"], atol=1e-10)
    np.testing.assert_allclose(matrix.r2["r2_adjusted"], rows.r2["r2_adjusted"], atol=1e-10)
    np.testing.assert_allclose(matrix.htmt, rows.htmt, atol=1e-10)
    only = cx.pls(ECSI, cx.Moments(answers.corr(), len(answers)))
    assert "sem.correlation_matrix" not in {notice.key for notice in only.warnings}
    assert "250" in only.summary("vi")


def test_some_items_may_be_ordered_and_others_measured(coarse: pd.DataFrame) -> None:
    mixed = cx.pls(SMALL, coarse, ordered=["CUSA1", "CUSA2"])
    every, none = (cx.pls(SMALL, coarse, ordered=flag) for flag in (True, False))
    at = [mixed.model.items.index(item) for item in ("CUSA1", "CUSA2", "PERV1", "PERV2")]
    assert mixed.cor[at[0], at[1]] == pytest.approx(every.cor[at[0], at[1]], abs=1e-9)
    assert mixed.cor[at[2], at[3]] == pytest.approx(none.cor[at[2], at[3]], abs=1e-9)


def test_nothing_missing_is_said_and_changes_nothing(answers: pd.DataFrame) -> None:
    whole = cx.pls(SMALL, answers).paths["estimate"]
    for missing in ("mean", "median", "pairwise", "em"):
        fit = cx.pls(SMALL, answers, missing=missing)
        np.testing.assert_allclose(fit.paths["estimate"], whole, atol=1e-7)
        assert "pls.mean_replaced" not in {notice.key for notice in fit.warnings}


@pytest.mark.parametrize("kind", ["pairwise", "em", "ordinal", "moments"])
def test_questions_about_respondents_need_complete_rows(
    answers: pd.DataFrame, holes: pd.DataFrame, coarse: pd.DataFrame, kind: str
) -> None:
    if kind == "moments":
        fit = cx.pls(SMALL, cx.Moments(answers.cov(), 250))
    else:
        data, options = frame_of(kind, holes, coarse)
        fit = cx.pls(SMALL, data, **options)
    calls = (
        fit.predict,
        fit.blindfold,
        lambda: fit.ipma("Satisfaction"),
        lambda: fit.micom("IMAG1"),
        lambda: fit.groups("IMAG1"),
        lambda: fit.frame,
        lambda: fit.answers,
    )
    for call in calls:
        with pytest.raises(NotSupportedError) as caught:
            call()
        assert caught.value.key == "pls_input.needs_rows"
    for lang in ("en", "vi"):
        assert fit.summary(lang)
        assert fit.apa(lang).to_html(lang)
        assert fit.plot(lang) is not None


def test_a_matrix_has_no_scores_and_no_resamples(answers: pd.DataFrame) -> None:
    fit = cx.pls(SMALL, cx.Moments(answers.cov(), 250))
    for call, key in (
        (lambda: fit.scores, "pls_input.needs_rows"),
        (lambda: fit.survey, "pls_input.needs_rows"),
        (lambda: fit.replicates(RandomDraws(5, (250,), 1)), "pls_input.moments_resample"),
    ):
        with pytest.raises(NotSupportedError) as caught:
            call()
        assert caught.value.key == key


def bad(kind: str) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(60, 4)), columns=list("abcd"))
    if kind == "clash":
        data["b"], data["c"] = data["a"] + 0.05 * data["b"], -data["a"] + 0.05 * data["c"]
        data.loc[:19, "c"] = data.loc[:19, "b"]
        data.loc[:19, "a"] = data.loc[20:39, "b"] = data.loc[40:, "c"] = np.nan
    elif kind == "apart":
        data.loc[:29, "a"] = data.loc[30:, "d"] = np.nan
    elif kind == "copy":
        data["b"] = data["a"]
    elif kind == "constant":
        data["a"] = 5.0
        data.loc[::2, "a"] = np.nan
    return data


@pytest.mark.parametrize(
    ("kind", "options", "error", "key"),
    [
        ("clash", {"missing": "pairwise"}, DataError, "pls_input.pairwise_not_positive"),
        ("apart", {"missing": "pairwise"}, DataError, "factor.pair_unknown"),
        ("apart", {"missing": "em"}, DataError, "factor.pair_unknown"),
        ("copy", {"missing": "em"}, DataError, "factor.collinear"),
        ("copy", {"modes": "B"}, DataError, "factor.collinear"),
        ("constant", {"missing": "median"}, DataError, "analyses.constant_columns"),
        ("constant", {"missing": "em"}, DataError, "analyses.constant_columns"),
        ("constant", {"missing": "pairwise"}, DataError, "analyses.constant_columns"),
        ("", {"missing": "knn"}, DataError, "analyses.unknown_option"),
        ("", {"ordered": True}, DataError, "pls_input.ordered_many"),
        ("", {"ordered": ["giá"]}, DataError, "analyses.unknown_columns"),
        ("", {"ordered": ["b"], "missing": "pairwise"}, DataError, "ordinal.pairwise_numeric"),
        ("", {"ordered": ["b"], "missing": "em"}, NotSupportedError, "pls_input.ordered_missing"),
    ],
)
def test_inputs_that_cannot_be_used_are_told_why(
    kind: str, options: dict[str, Any], error: type[CxlabError], key: str
) -> None:
    with pytest.raises(error) as caught:
        cx.pls("F =~ a + b; G =~ c + d; G ~ F", bad(kind), **options)
    assert caught.value.key == key


def test_polychoric_correlations_that_clash_are_told_and_the_nearest_matrix_serves() -> None:
    rng = np.random.default_rng(52)
    responses = rng.normal(size=(40, 1)) + 0.45 * rng.normal(size=(40, 5))
    data = pd.DataFrame(np.clip(np.round(responses) + 3, 1, 5), columns=list("abcde"))
    text = "F =~ a + b + c; G =~ d + e; G ~ F"
    with pytest.raises(DataError) as caught:
        cx.pls(text, data, ordered=True)
    assert caught.value.key == "pls_input.ordered_not_positive"
    nearest = cx.polychoric(data, smooth=True).correlations
    assert cx.pls(text, cx.Moments(nearest, 40), consistent=False).n_obs == 40


@pytest.mark.parametrize(
    ("text", "data", "options", "key"),
    [
        ("F <~ a + b; d ~ F + c + F:c", "moments", {}, "pls_input.products_need_rows"),
        ("F <~ a + b; d ~ F + c + F:c", "rows", {"missing": "em"}, "pls_input.products_need_rows"),
        ("F <~ a + b; d ~ F", "moments", {"missing": "mean"}, "pls_input.moments_options"),
        ("F <~ a + b; d ~ F", "moments", {"ordered": True}, "pls_input.moments_options"),
        ("F <~ a + b; d ~ F", "two", {}, "pls_input.moments_groups"),
        ("F <~ a + x; d ~ F", "moments", {}, "specify.unknown_variable"),
        ("F <~ a + b; d ~ F", "bare", {}, "survey.matrix"),
        ("F <~ a + b; d ~ F", "rows", {"ordered": ["c"]}, "pls_input.ordered_outside"),
    ],
)
def test_matrices_and_products_that_do_not_go_together_are_told_why(
    text: str, data: str, options: dict[str, Any], key: str
) -> None:
    cov = bad("").cov()
    two = cx.Moments({"bắc": cov, "nam": cov}, {"bắc": 60, "nam": 60})
    given = {"moments": cx.Moments(cov, 60), "two": two, "bare": cov, "rows": bad("")}[data]
    with pytest.raises(CxlabError) as caught:
        cx.pls(text, given, **options)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("text", "rows", "key"),
    [
        ("F =~ ; d ~ F", 60, "specify.empty_side"),
        ("d ~ F", 60, "specify.unknown_factor"),
        ("F =~ a + b; F =~ b + c; d ~ F", 60, "specify.duplicate"),
        ("F =~ a + b; d ~ F", 0, "analyses.no_rows"),
        ("F =~ a + b; d ~ F", 2, "analyses.too_few_rows"),
    ],
)
def test_blocks_and_rows_that_are_not_there_are_told(text: str, rows: int, key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        cx.pls(text, bad("").iloc[:rows])
    assert caught.value.key == key


def test_an_indicator_twice_in_its_own_block_is_said() -> None:
    fit = cx.pls("F <~ a + b + a; d ~ F", bad(""))
    assert fit.model.items == ("a", "b", "d")
    assert "specify.repeated_term" in {notice.key for notice in fit.warnings}


def test_a_reliability_that_is_not_positive_is_named_and_nothing_is_corrected_by_it() -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=100)
    c = -0.4 * a + rng.normal(size=100)
    g = a + c + 0.5 * rng.normal(size=100)
    data = pd.DataFrame({"a": a, "c": c, "g": g, "h": g + rng.normal(size=100)})
    fit = cx.pls("F =~ a + c; G =~ g + h; G ~ F", data)
    (told,) = [notice for notice in fit.warnings if notice.key == "pls.rho_not_positive"]
    assert told.values["constructs"] == "F"
    assert told.serious
    assert np.isnan(fit.paths["estimate"].item())
    assert not fit.admissible


def test_twelve_rows_with_vietnamese_names_are_fitted() -> None:
    rng = np.random.default_rng(4)
    names = ["hài lòng 1", "hài lòng 2", "giá_1", "giá_2"]
    data = pd.DataFrame(rng.normal(size=(12, 4)) + rng.normal(size=(12, 1)), columns=names)
    data.loc[3, "giá_1"] = np.nan
    text = "Giá <~ giá_1 + giá_2; `Hài lòng` =~ `hài lòng 1` + `hài lòng 2`; `Hài lòng` ~ Giá"
    for missing in ("listwise", "pairwise", "em", "median"):
        assert cx.pls(text, data, missing=missing).paths["target"].tolist() == ["Hài lòng"]
