"""What ordered and binary models refuse, notice and show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.binary import binary
from cxlab.analyses.ordinal import ordinal
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError
from cxlab.estimate.ordinal import cells, fit_cumulative
from cxlab.estimate.ordinal_links import LINKS
from cxlab.estimate.separation import separation
from cxlab.i18n import language
from cxlab.survey.datasets import load_dataset
from cxlab.survey.survey import Survey


def answers(n: int = 120) -> pd.DataFrame:
    """Random answers with Vietnamese headers, and every column that should be refused."""
    rng = np.random.default_rng(1)
    data = pd.DataFrame(
        {
            "hài lòng": rng.integers(1, 6, n),
            "Giá": rng.integers(1, 8, n),
            "tuổi": rng.integers(18, 70, n),
            "kênh": rng.choice(["web", "cửa hàng"], n),
            "mức": rng.choice(["thấp", "vừa", "cao"], n),
            "trọng số": rng.uniform(0.5, 2, n),
            "một": 1,
            "có": rng.integers(0, 2, n),
            "thiếu ba": rng.choice([1, 2, 4, 5], n),
            "số thực": rng.normal(size=n),
        }
    )
    data["Giá2"] = 2 * data["Giá"]
    data["tách"] = (data["hài lòng"] >= 4).astype(int)
    data["nửa tách"] = np.where(data["hài lòng"] == 5, data["có"], 0)
    return data


ORDINAL: Callable[..., Any] = ordinal
BINARY: Callable[..., Any] = binary
Q = "Q('hài lòng')"


@pytest.mark.parametrize(
    ("model", "formula", "options", "key"),
    [
        (ORDINAL, f"{Q} ~ Gía", {}, "analyses.formula_unknown"),
        (ORDINAL, "hai_long ~ Giá", {}, "analyses.formula_unknown"),
        (ORDINAL, "mức ~ Giá", {}, "choice.no_order"),
        (ORDINAL, "có ~ Giá", {}, "choice.two_answers"),
        (ORDINAL, "một ~ Giá", {}, "choice.one_class"),
        (ORDINAL, "Q('số thực') ~ Giá", {}, "choice.too_many_points"),
        (ORDINAL, f"{Q} ~ một", {}, "analyses.constant_columns"),
        (ORDINAL, f"{Q} ~ Giá + Giá2", {}, "analyses.collinear"),
        (ORDINAL, f"{Q} ~ tách", {}, "choice.separation_quasi"),
        (ORDINAL, f"{Q} ~ Giá - 1", {}, "choice.no_intercept"),
        (ORDINAL, f"log({Q}) ~ Giá", {}, "choice.outcome_function"),
        (ORDINAL, f"{Q} ~ {Q}", {}, "choice.outcome_explains_itself"),
        (ORDINAL, f"{Q} ~ center(Giá)", {"weights": "trọng số"}, "choice.centre_with_weights"),
        (ORDINAL, f"{Q} ~ Giá", {"link": "log"}, "analyses.unknown_option"),
        (ORDINAL, f"{Q} ~ Giá", {"cov_type": "HC3"}, "analyses.unknown_option"),
        (ORDINAL, f"{Q} ~ Giá", {"level": 95}, "analyses.level_outside"),
        (ORDINAL, f"{Q} ~ Giá", {"weights": "số thực"}, "weights.negative"),
        (ORDINAL, f"{Q} ~ Giá", {"weights": [0.0] * 120}, "weights.all_zero"),
        (ORDINAL, f"{Q} ~ Giá", {"weights": "trọng số", "cov_type": "nonrobust"}, "choice.weights_need_robust"),
        (ORDINAL, f"{Q} ~ Giá", {"weights": "trọng số", "frequencies": "Giá"}, "choice.weights_and_frequencies"),
        (ORDINAL, f"{Q} ~ Giá", {"frequencies": "trọng số"}, "choice.frequencies_whole"),
        (ORDINAL, f"{Q} ~ Giá", {"frequencies": [-1] * 120}, "choice.frequencies_whole"),
        (ORDINAL, f"{Q} ~ Giá", {"frequencies": [0] * 120}, "choice.frequencies_zero"),
        (ORDINAL, f"{Q} ~ Giá", {"frequencies": [1, 2]}, "choice.frequencies_number"),
        (BINARY, f"{Q} ~ Giá", {}, "choice.not_binary"),
        (BINARY, f"{Q} ~ Giá", {"success": 9}, "choice.unknown_success"),
        (BINARY, f"{Q} ~ Giá", {"success": []}, "choice.unknown_success"),
        (BINARY, f"{Q} ~ Giá", {"success": [1, 2, 3, 4, 5]}, "choice.all_success"),
        (BINARY, "kênh ~ Giá", {}, "choice.no_success"),
        (BINARY, "một ~ Giá", {}, "choice.one_class"),
        (BINARY, f"tách ~ {Q}", {}, "choice.separation_complete"),
        (BINARY, "Q('nửa tách') ~ tách", {}, "choice.separation_quasi"),
        (BINARY, "có ~ Giá", {"link": "loglog"}, "analyses.unknown_option"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    model: Callable[..., Any], formula: str, options: dict[str, object], key: str
) -> None:
    with pytest.raises(CxlabError) as caught:
        model(formula, answers(), **options)
    assert caught.value.key == key
    with language("vi"):
        assert not str(type(caught.value)(caught.value.key, **caught.value.values)).startswith("choice.")


def test_separation_names_the_category_where_all_answer_alike() -> None:
    data = answers()
    data["nhóm"] = np.where(data["có"] == 1, np.where(data["Giá"] > 5, "a", "b"), "b")
    with pytest.raises(CxlabError) as caught:
        binary("có ~ C(nhóm, 'b') + tuổi", data)
    assert caught.value.key == "choice.separation_quasi"
    assert caught.value.values["terms"] == "nhóm[a]"


@pytest.mark.parametrize("link", list(LINKS))
def test_a_likelihood_without_a_maximum_is_found_for_every_link(link: str) -> None:
    codes, x = np.array([0, 0, 1, 1, 2, 2]), np.array([[1.0], [2], [3], [4], [5], [6]])
    fit = fit_cumulative(codes, x, 3, link)
    assert not fit.converged or fit.information < 1e-5
    assert separation(cells(codes, x, 3))[0] == "complete"


def test_four_respondents_are_too_few_and_twelve_are_noticed() -> None:
    with pytest.raises(CxlabError) as caught:
        ordinal(f"{Q} ~ Giá + tuổi", answers().groupby("hài lòng").head(1).head(4))
    assert caught.value.key == "choice.too_few"
    twelve = ordinal(f"{Q} ~ Giá + tuổi", answers().head(12))
    assert [notice.serious for notice in twelve.warnings if notice.key == "choice.few_cases"] == [True]


def test_an_answer_that_nobody_gave_is_told_and_its_neighbours_share_a_threshold() -> None:
    result = ordinal("Q('thiếu ba') ~ Giá", answers())
    notice = next(one for one in result.warnings if one.key == "choice.empty_answers")
    assert notice.values["answers"] == "3"
    assert notice.serious
    assert result.thresholds["threshold"].to_list() == ["1|2", "2|4", "4|5"]


def test_ends_of_the_codebooks_scale_count_as_answers_not_given() -> None:
    data = answers()
    survey = Survey(data, Codebook(items={"thiếu ba": Item("thiếu ba", min=0, max=6)}))
    notice = next(one for one in ordinal("Q('thiếu ba') ~ Giá", survey).warnings if one.key == "choice.empty_answers")
    assert notice.values["answers"] == "0, 3, 6"


def test_zero_weights_and_empty_cells_drop_out_with_a_word() -> None:
    data = answers()
    counts = np.arange(120) % 3
    kept = ordinal(f"{Q} ~ Giá", data[counts > 0], weights=counts[counts > 0])
    zeros = ordinal(f"{Q} ~ Giá", data, weights=counts)
    assert zeros.table["se"].to_list() == pytest.approx(kept.table["se"].to_list())
    assert {"weights.zero", "choice.pseudo_likelihood"} <= {notice.key for notice in zeros.warnings}
    cell = ordinal(f"{Q} ~ Giá", data, frequencies=counts)
    assert cell.fit["n"] == counts.sum()
    assert {"choice.empty_cells", "choice.cells"} <= {notice.key for notice in cell.warnings}


def test_missing_rows_are_counted_once() -> None:
    data = answers().astype({"hài lòng": float, "Giá": float})
    data.loc[:9, "hài lòng"] = np.nan
    data.loc[5:14, "Giá"] = np.nan
    result = ordinal(f"{Q} ~ Giá", data)
    told = [notice.values for notice in result.warnings if notice.key == "analyses.rows_incomplete"]
    assert told == [{"dropped": 15, "total": 120, "n": 105}]
    assert result.fit["n"] == 105


def test_an_ordered_category_and_a_score_as_outcome() -> None:
    data = answers()
    levels = ["thấp", "vừa", "cao"]
    data["mức"] = pd.Categorical(data["mức"], levels, ordered=True)
    assert ordinal("mức ~ Giá", data).thresholds["threshold"].to_list() == ["thấp|vừa", "vừa|cao"]
    assert binary("mức ~ Giá", data, success="cao").fit["share"] == pytest.approx((data["mức"] == "cao").mean())
    items = {name: Item(name, construct="SAT", min=1, max=7) for name in ("hài lòng", "Giá")}
    survey = Survey(data, Codebook(items=items, constructs={"SAT": Construct("SAT")}))
    with pytest.raises(CxlabError) as caught:
        ordinal("SAT ~ tuổi", survey)
    assert caught.value.key == "choice.score_outcome"


def test_an_item_of_the_outcome_on_the_other_side_is_noticed() -> None:
    items = {name: Item(name, construct="SAT", min=1, max=7) for name in ("hài lòng", "Giá")}
    survey = Survey(answers(), Codebook(items=items, constructs={"SAT": Construct("SAT")}))
    result = ordinal(f"{Q} ~ SAT", survey)
    assert "analyses.outcome_in_predictors" in {notice.key for notice in result.warnings}


def test_unused_weights_of_the_codebook_are_named_and_used_ones_are_not() -> None:
    house = load_dataset("housing_satisfaction")
    plain = ordinal("satisfaction ~ C(contact)", house)
    used = ordinal("satisfaction ~ C(contact)", house, frequencies="freq")
    assert "analyses.weights_unused" in {notice.key for notice in plain.warnings}
    assert "analyses.weights_unused" not in {notice.key for notice in used.warnings}


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        ({"gia": 1}, "choice.not_a_predictor"),
        ({"kênh": "xe buýt"}, "analyses.unknown_level"),
        ({"Giá": "rẻ"}, "choice.profile_not_number"),
        ([1, 2], "choice.profiles_kind"),
        ({"Giá": []}, "choice.profiles_empty"),
        ({"Giá": 0}, "choice.log_of_profile"),
    ],
)
def test_profiles_that_cannot_be_are_refused(profile: Any, key: str) -> None:
    model = ordinal(f"{Q} ~ log(Giá) + C(kênh)", answers())
    with pytest.raises(CxlabError) as caught:
        model.predict(profile)
    assert caught.value.key == key


def test_profiles_are_crossed_filled_up_and_marked_beyond_the_data() -> None:
    model = ordinal(f"{Q} ~ Giá + tuổi + C(kênh)", answers())
    table = model.predict({"Giá": [1, 20], "kênh": ["web", "cửa hàng"]})
    assert len(table) == 4 * 5
    assert table.groupby("profile")["probability"].sum().to_list() == pytest.approx([1] * 4)
    assert table["tuổi"].to_list() == pytest.approx([answers()["tuổi"].mean()] * 20)
    assert table.groupby("profile")["extrapolated"].all().to_list() == [False, False, True, True]
    assert table["ci_lower"].between(0, 1).all()
    rows = model.predict()
    assert len(rows) == 120 * 5
    assert rows["row"].iloc[-1] == 120


def test_models_without_predictors_have_thresholds_and_nothing_to_draw() -> None:
    model = ordinal(f"{Q} ~ 1", answers())
    shares = answers()["hài lòng"].value_counts(normalize=True).sort_index().cumsum()
    expected = np.log(shares / (1 - shares)).to_numpy()[:-1]
    assert model.thresholds["estimate"].to_list() == pytest.approx(list(expected))
    for ask in (model.plot, model.plot_probabilities, model.parallel_test, model.marginal_effects):
        with pytest.raises(CxlabError) as caught:
            ask()
        assert caught.value.key == "choice.no_predictors"


def test_lines_that_are_not_parallel_are_named() -> None:
    rng = np.random.default_rng(8)
    x, z = rng.integers(0, 2, 600), rng.normal(size=600)
    low = rng.uniform(size=600) < np.where(x == 1, 0.7, 0.2)
    high = rng.uniform(size=600) < np.where(x == 1, 0.8, 0.2)
    data = pd.DataFrame({"y": np.where(low, 1, np.where(high, 3, 2)), "x": x, "z": z})
    test = ordinal("y ~ x + z", data).parallel_test()
    notice = next(one for one in test.warnings if one.key == "choice.not_parallel")
    assert notice.values["terms"] == "x"
    assert notice.serious


def test_separation_at_one_threshold_leaves_the_likelihood_ratio_alone() -> None:
    data = answers(300)
    data["hiếm"] = ((data["hài lòng"] == 5) & (data["có"] == 1)) | ((data["hài lòng"] == 4) & (data["Giá"] < 3))
    data["hiếm"] = (data["hiếm"] | ((data["hài lòng"] == 3) & (data["Giá"] < 2))).astype(int)
    test = ordinal(f"{Q} ~ hiếm + tuổi", data).parallel_test()
    assert test.table["brant"].isna().all()
    assert test.table.set_index("term")["reason"].to_dict() == {
        "all": "neither",
        "hiếm": "neither",
        "tuổi": "separated",
    }
    assert test.table.set_index("term")["lr"].notna().to_dict() == {"all": False, "hiếm": False, "tuổi": True}
    assert "choice.brant_separated" in {notice.key for notice in test.warnings}


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_texts_tables_and_figures_in_both_languages(lang: Any) -> None:
    model = ordinal(f"{Q} ~ Giá + C(kênh)", answers())
    yes = binary("có ~ Giá + C(kênh)", answers(), link="probit")
    test, effects = model.parallel_test(), model.marginal_effects()
    for result in (model, yes, test, effects):
        assert result.summary(lang)
        assert "choice." not in result.summary(lang) + result.apa(lang).to_html(lang)
        assert result._repr_html_()
        assert result.cite()
    figures = [model.plot(lang), model.plot_probabilities("kênh", lang), model.plot_probabilities(lang=lang),
               yes.plot(lang), yes.plot_probabilities(lang=lang), yes.plot_calibration(lang), test.plot(lang),
               effects.plot(lang)]  # fmt: skip
    assert all(len(figure.axes) == 1 for figure in figures)
    assert yes.table["odds_ratio"].isna().all()


def test_classification_and_groups_refuse_nonsense() -> None:
    model = binary("có ~ Giá", answers())
    for ask in (lambda: model.classification(1.5), lambda: model.calibration(1), lambda: model.calibration(2.5)):
        with pytest.raises(CxlabError):
            ask()
