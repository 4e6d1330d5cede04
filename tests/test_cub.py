"""CUB equals direct maximisation in R and the figures printed for the Naples desk; a maximum at an edge is told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.cub import cub
from cxlab.codebook import Codebook, Item
from cxlab.errors import CxlabError, DataError, ModelSyntaxError, ScaleError
from cxlab.estimate.cub import CubProblem, derivatives, fit_cub, loglik
from cxlab.survey.datasets import load_dataset
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/choice.json").read_text())["cub"]
# Newton here, BFGS with Richardson's numerical derivatives in R.
CLOSE = {"rel": 2e-6, "abs": 1e-7}


def mobi() -> Survey:
    frame = pd.read_csv(ROOT / "data/ecsi_mobile/mobi.csv")
    frame["high"] = (frame["PERQ1"] >= 8).astype(int)
    frame["price"] = frame["PERV1"] - 6
    words = {
        name: Item(name, min=1, max=10, label={"en": f"Item {name}", "vi": f"Câu {name}"})
        for name in ("IMAG1", "PERV1", "CUSA1")
    }
    return Survey(frame, Codebook(items=words))


@pytest.mark.parametrize("item", ["IMAG1", "PERV1"])
def test_a_plain_model_is_the_maximum_of_its_likelihood(item: str) -> None:
    row = cub(item, mobi()).table.iloc[0]
    for column in ("pi", "xi", "se_pi", "se_xi", "dissimilarity"):
        assert row[column] == pytest.approx(ORACLE[item][column], **CLOSE), column
    assert row["log_likelihood"] == pytest.approx(ORACLE[item]["loglik"], **CLOSE)
    assert cub(item, mobi()).fitted["fitted"].to_list() == pytest.approx(ORACLE[item]["fitted"], **CLOSE)
    assert row["bic"] == pytest.approx(2 * np.log(250) - 2 * ORACLE[item]["loglik"])
    assert row["uncertainty"] == pytest.approx(1 - row["pi"])
    assert row["uncertainty_lower"] < row["uncertainty"] < row["uncertainty_upper"]


def test_a_shelter_answer_takes_its_share() -> None:
    row = cub("IMAG1", mobi(), shelter=8).table.iloc[0]
    expected = ORACLE["shelter"]
    for column, key in (("pi", "pi"), ("xi", "xi"), ("shelter", "delta"), ("log_likelihood", "loglik")):
        assert row[column] == pytest.approx(expected[key], **CLOSE), column
    assert row[["se_pi", "se_xi", "se_shelter"]].to_list() == pytest.approx(expected["se"], rel=1e-5)


@pytest.mark.parametrize(("formula", "name"), [("IMAG1 ~ high | price", "covariates"), ("IMAG1 ~ 1 | high", "feeling")])
def test_covariates_of_uncertainty_and_feeling(formula: str, name: str) -> None:
    result = cub(formula, mobi())
    assert result.coefficients["b"].to_list() == pytest.approx(ORACLE[name]["par"], rel=1e-5)
    assert result.coefficients["se"].to_list() == pytest.approx(ORACLE[name]["se"], rel=1e-5)
    assert result.table["log_likelihood"][0] == pytest.approx(ORACLE[name]["loglik"], abs=1e-6)


def test_keywords_are_the_formula_for_several_items() -> None:
    both = cub(["IMAG1", "PERV1"], mobi(), feeling="high")
    alone = cub("IMAG1 ~ 0 | high", mobi())
    assert both.coefficients["b"][:3].to_list() == alone.coefficients["b"].to_list()
    assert both.table["item"].to_list() == ["IMAG1", "PERV1"]


def test_a_maximum_at_the_edge_is_told_and_has_no_error() -> None:
    result = cub("CUSA1", mobi())
    row = result.table.iloc[0]
    # Without uncertainty the ratings are binomial: xi has a closed form.
    mean = mobi().frame["CUSA1"].mean()
    xi = (10 - mean) / 9
    assert row[["pi", "xi"]].to_list() == pytest.approx([1, xi])
    assert row["log_likelihood"] == pytest.approx(ORACLE["CUSA1"]["loglik"], abs=1e-6)
    assert row["se_xi"] == pytest.approx(np.sqrt(xi * (1 - xi) / (250 * 9)))
    assert np.isnan(row["se_pi"])
    assert row["reason"] == "no_uncertainty"
    assert "choice.cub_edge_no_uncertainty" in {notice.key for notice in result.warnings}


def test_even_ratings_have_no_feeling() -> None:
    dice = pd.DataFrame({"r": range(1, 7), "n": [30] * 6})
    row = cub("r", dice, frequencies="n", scale=(1, 6)).table.iloc[0]
    assert row["reason"] == "only_uncertainty"
    assert np.isnan(row["feeling"])
    assert row["log_likelihood"] == pytest.approx(180 * np.log(1 / 6))


def test_a_mass_at_the_top_is_feeling_at_its_edge() -> None:
    top = pd.DataFrame({"r": [1, 2, 3, 4, 5], "n": [20, 20, 20, 20, 200]})
    row = cub("r", top, frequencies="n", scale=(1, 5)).table.iloc[0]
    assert row["reason"] == "extreme_feeling"
    assert row[["feeling", "uncertainty"]].to_list() == pytest.approx([1, 100 / 280], rel=1e-6)
    assert np.isnan(row["se_xi"])
    assert row["se_pi"] > 0


def test_frequencies_are_repeated_rows_and_weights_of_one_change_only_the_errors() -> None:
    frame = mobi().frame
    counts = frame["PERV1"].value_counts().sort_index()
    cells = pd.DataFrame({"r": counts.index, "n": counts.to_numpy()})
    plain = cub("PERV1", mobi()).table.iloc[0]
    table = cub("r", cells, frequencies="n", scale=(1, 10)).table.iloc[0]
    for column in ("n", "pi", "xi", "se_pi", "se_xi", "log_likelihood", "dissimilarity"):
        assert table[column] == pytest.approx(plain[column], rel=1e-9), column
    weighted = cub("PERV1", mobi(), weights=np.full(250, 2.0)).table.iloc[0]
    assert weighted[["pi", "xi"]].to_list() == pytest.approx(plain[["pi", "xi"]].to_list(), rel=1e-9)
    assert weighted["se_xi"] == pytest.approx(plain["se_xi"], rel=0.25)
    assert np.isnan(weighted["bic"])


def test_groups_are_estimated_apart_on_one_scale() -> None:
    survey = mobi()
    result = cub("PERV1", survey, by="high")
    assert result.table["group"].to_list() == ["0", "1"]
    own = cub("PERV1", Survey(survey.frame[survey.frame["high"] == 1], survey.codebook)).table.iloc[0]
    assert result.table.loc[1, ["pi", "xi", "n"]].to_list() == pytest.approx(own[["pi", "xi", "n"]].to_list())
    assert result.table["points"].to_list() == [10, 10]


def test_gradient_and_hessian_are_those_of_the_likelihood() -> None:
    rng = np.random.default_rng(3)
    x, ones = rng.normal(size=(80, 1)), np.ones((80, 1))
    ratings = rng.integers(1, 8, 80)
    problem = CubProblem(
        ratings, 7, rng.uniform(0.5, 2, 80), (np.hstack([ones, x]), np.hstack([ones, -x]), ones, ones), 4
    )
    params = np.array([0.3, 0.2, -0.4, 0.5, -2.0, -2.5])
    _, scores, hessian = derivatives(problem, params)
    step = np.eye(6) * 1e-4
    ends = [[loglik(problem, params + s) for s in (one, -one)] for one in step]
    assert problem.weights @ scores == pytest.approx([(up - down) / 2e-4 for up, down in ends], abs=1e-5)
    by_scores = [
        (
            problem.weights @ derivatives(problem, params + one)[1]
            - problem.weights @ derivatives(problem, params - one)[1]
        )
        / 2e-4
        for one in step
    ]
    assert hessian == pytest.approx(np.array(by_scores), abs=1e-5)
    assert fit_cub(problem).loglik >= loglik(problem, params)


@pytest.mark.parametrize(
    ("scores", "options", "key"),
    [
        ("PERV9", {}, "analyses.unknown_columns"),
        ([], {}, "analyses.no_columns"),
        ("IMAG1 ~ high", {}, "choice.cub_formula"),
        ("IMAG1 ~ high | 1", {"feeling": "price"}, "choice.cub_formula"),
        ("IMAG1 ~ 1 | hihg", {}, "analyses.formula_unknown"),
        ("IMAG1", {"scale": 7}, "choice.cub_scale"),
        ("IMAG1", {"scale": (1, 7)}, "choice.cub_outside"),
        ("IMAG1", {"shelter": 11}, "choice.cub_shelter"),
        ("high", {"scale": (0, 1)}, "choice.cub_points"),
        ("IMAG1", {"by": "nhóm"}, "analyses.unknown_columns"),
        ("IMAG1", {"weights": [1, 2]}, "weights.wrong_number"),
        ("IMAG1", {"level": 95}, "analyses.level_outside"),
        ("IMAG1", {"uncertainty": "high + high2"}, "analyses.formula_unknown"),
    ],
)
def test_what_cannot_be_is_refused(scores: object, options: dict[str, object], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        cub(scores, mobi(), **options)  # type: ignore[arg-type]
    assert caught.value.key == key


def test_words_and_one_answer_and_short_scales_are_refused() -> None:
    answers = pd.DataFrame({"mức": ["thấp", "cao", "vừa"], "một": [5, 5, 5], "ba": [1, 2, 3], "bốn": [1, 2, 4]})
    for name, key in (("mức", "choice.no_order"), ("một", "choice.one_class")):
        with pytest.raises(DataError) as caught:
            cub(name, answers)
        assert caught.value.key == key
    with pytest.raises(DataError, match="four points"):
        cub("ba", answers, scale=(1, 3))
    with pytest.raises(DataError, match="shelter"):
        cub("bốn", answers, scale=(1, 4), shelter=2)
    with pytest.raises(ScaleError):
        cub("bốn", answers, scale=(2, 6))
    with pytest.raises(ModelSyntaxError):
        cub("bốn ~ ba", answers)


def test_a_guessed_scale_is_said_to_be_guessed() -> None:
    answers = pd.DataFrame({"Q1": [2, 3, 4, 4, 5, 5, 5, 3, 4, 5, 2, 4]})
    assert "choice.cub_scale_guessed" in {notice.key for notice in cub("Q1", answers).warnings}
    assert "choice.cub_scale_guessed" not in {notice.key for notice in cub("Q1", answers, scale=(1, 5)).warnings}


def test_ordered_categories_count_from_their_first() -> None:
    levels = ["rất tệ", "tệ", "được", "tốt", "rất tốt"]
    codes = [4, 3, 3, 2, 4, 3, 1, 3, 4, 2, 3, 4, 0, 3]
    words = pd.DataFrame({"mức": pd.Categorical([levels[code] for code in codes], levels, ordered=True)})
    numbers = pd.DataFrame({"mức": [code + 1 for code in codes]})
    one, other = cub("mức", words).table.iloc[0], cub("mức", numbers, scale=(1, 5)).table.iloc[0]
    assert one[["pi", "xi", "points"]].to_list() == other[["pi", "xi", "points"]].to_list()


def test_tables_and_figures_in_both_languages() -> None:
    result = cub(["IMAG1", "PERV1"], mobi(), feeling="high")
    for lang, word, heading in (("en", "Feeling", "Item IMAG1"), ("vi", "Cảm nhận", "Câu IMAG1")):
        assert word in result.summary(lang)
        assert heading in result.apa(lang).to_html(lang)
        assert heading in result.apa_coefficients(lang).to_html(lang)
        assert len(result.plot(lang).axes) == 1
        assert len(result.plot_fit("PERV1", lang=lang).axes) == 1
    with pytest.raises(DataError):
        result.plot_fit("PERV2")
    assert {work.key for work in result.cite()} >= {"piccolo_2003"}


@pytest.mark.shared
def test_the_printed_figures_of_the_naples_desk(
    monkeypatch: pytest.MonkeyPatch, shared_dir: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("CXLAB_MIRROR", str(shared_dir / "mirror"))
    monkeypatch.setenv("CXLAB_CACHE", str(tmp_path))
    desk = load_dataset("university_desk", accept_terms=True)
    plain = cub("officeho", desk).table.iloc[0]
    # Printed is an EM that stopped a little early: 3 digits of the estimates agree, and all of the likelihood.
    assert plain[["pi", "xi", "se_pi", "se_xi"]].to_list() == pytest.approx(
        [0.68019, 0.19714, 0.019349, 0.0058822], abs=3e-4
    )
    printed = {"log_likelihood": -3759.917, "log_likelihood_uniform": -4240.138, "log_likelihood_saturated": -3706.922}
    for column, value in printed.items():
        assert plain[column] == pytest.approx(value, abs=1e-3), column
    assert plain[["aic", "bic"]].to_list() == pytest.approx([7523.834, 7535.208], abs=1e-3)
    users = cub("officeho ~ 1 | freqserv", desk)
    assert users.coefficients["b"].to_list() == pytest.approx([np.log(0.687 / 0.313), -1.151942, -0.811228], abs=2e-3)
    assert users.table["log_likelihood"][0] == pytest.approx(-3704.357, abs=1e-3)
    wide = cub("willingn", desk, overdispersion=True).table.iloc[0]
    assert wide[["pi", "xi", "overdispersion"]].to_list() == pytest.approx([0.8826023, 0.1248506, 0.0508419], abs=3e-4)
    assert wide[["log_likelihood", "bic"]].to_list() == pytest.approx([-2996.124, 6015.307], abs=1e-3)
