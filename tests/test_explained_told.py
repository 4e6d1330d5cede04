"""What explanation and metrics say first: codes off the scale, text numbers, turned questions; odd moderators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.codebook import Codebook, Item
from cxlab.errors import DataError, ScaleError
from cxlab.survey.survey import Survey

NAMES = ["hài lòng", "chất lượng", "giá"]


def frame(n: int = 150) -> pd.DataFrame:
    random = np.random.default_rng(5)
    quality, price = random.integers(1, 8, (2, n))
    satisfied = np.clip(np.round(0.5 * quality + 0.3 * price + random.normal(0, 1, n)), 1, 7)
    found = pd.DataFrame({"hài lòng": satisfied, "chất lượng": quality, "giá": price}, dtype=float)
    return found.assign(mới=random.integers(0, 2, n), w=random.exponential(1, n))


def survey(bad: str | None = None, **changes: Item) -> Survey:
    own = frame()
    if bad is not None:
        own.loc[own.index[:4], bad] = 99.0
    items: dict[str, Item] = {name: Item(name, min=1, max=7) for name in NAMES}
    return Survey(own.rename_axis("row"), Codebook(items={**items, **changes}))


ANALYSES: dict[str, Callable[[Any], Any]] = {
    "regress": lambda data: cx.regress("`hài lòng` ~ `chất lượng` + giá", data),
    "regress_categories": lambda data: cx.regress("`hài lòng` ~ `chất lượng` + C(giá)", data, cov_type="HC1"),
    "drivers": lambda data: cx.drivers("hài lòng", NAMES[1:], data, n_boot=0),
    "mediation": lambda data: cx.mediation("giá", "chất lượng", "hài lòng", data, n_boot=100),
    "moderation": lambda data: cx.moderation("hài lòng", "chất lượng", "giá", data),
    "ordinal": lambda data: cx.ordinal("`hài lòng` ~ `chất lượng` + giá", data),
    "binary": lambda data: cx.binary("`hài lòng` ~ `chất lượng` + giá", data, success=[6, 7]),
    "compare_metrics": lambda data: cx.compare_metrics("hài lòng", NAMES[1:], data, transforms=["linear"], repeats=2),
    "attenuation": lambda data: cx.attenuation(data=data, x="hài lòng", y="giá", reliability_x=0.8, reliability_y=0.8),
}


def keys(found: Any) -> list[str]:
    return [notice.key for notice in found.warnings]


@pytest.mark.parametrize("bad", ["hài lòng", "giá"])
@pytest.mark.parametrize("name", list(ANALYSES))
def test_codes_off_the_scale_are_named_before_the_numbers(name: str, bad: str) -> None:
    assert "analyses.outside_scale" not in keys(ANALYSES[name](survey()))
    told = [one for one in ANALYSES[name](survey(bad)).warnings if one.key == "analyses.outside_scale"]
    assert len(told) == 1
    assert told[0].serious
    assert bad in told[0].text("vi")
    assert "99" in told[0].text("vi")


def test_a_code_off_the_scale_is_told_of_a_table_without_codebook_too() -> None:
    assert "analyses.outside_scale" in keys(ANALYSES["regress"](survey("giá").frame[NAMES]))


@pytest.mark.parametrize("plain", [True, False])
def test_a_code_off_the_scale_does_not_fill_the_scale_with_answers_nobody_gave(plain: bool) -> None:
    given = survey("hài lòng")
    found = cx.ordinal("`hài lòng` ~ giá", given.frame[NAMES] if plain else given)
    assert "choice.empty_answers" not in keys(found)


def test_a_code_off_the_scale_is_no_end_of_the_scale_of_a_cub_model() -> None:
    with pytest.raises(ScaleError) as caught:
        cx.cub("giá", survey("giá").frame[NAMES])
    assert caught.value.key == "choice.cub_outside"
    assert "99" in str(caught.value)


@pytest.mark.parametrize("write", [str, lambda value: f"{value:.1f}".replace(".", ",")])
def test_numbers_stored_as_text_are_told_before_they_pass_for_categories(write: Callable[[float], str]) -> None:
    data = frame()
    data["giá"] = [write(value) for value in data["giá"]]
    told = [one for one in cx.regress("`hài lòng` ~ giá", data).warnings if one.key == "analyses.numbers_as_text"]
    assert told[0].serious
    assert "giá" in told[0].text("vi")
    assert "analyses.numbers_as_text" not in keys(cx.regress("`hài lòng` ~ C(giá)", data))


def test_the_formula_that_is_advised_for_codes_of_groups_can_be_written() -> None:
    data = frame()
    data["chất lượng"] = data["chất lượng"].map("{:.0f}".format)
    told = [one for one in cx.regress("`hài lòng` ~ `chất lượng`", data).warnings if "as_text" in one.key]
    assert "C(`chất lượng`)" in told[0].text("en")
    assert "analyses.numbers_as_text" not in keys(cx.regress("`hài lòng` ~ C(`chất lượng`)", data))


def test_words_are_categories_without_a_warning() -> None:
    data = frame().assign(kênh=["web", "app", "quầy"] * 50)
    assert "analyses.numbers_as_text" not in keys(cx.regress("`hài lòng` ~ kênh", data))


@pytest.mark.parametrize("unit", [1.0, 1e7])
def test_an_effect_that_prints_as_zero_for_its_unit_is_told(unit: float) -> None:
    data = frame().assign(thu_nhập=lambda own: own["giá"] * unit)
    found = [
        cx.ordinal("`hài lòng` ~ thu_nhập", data),
        cx.binary("`hài lòng` ~ thu_nhập", data, success=[6, 7]),
        cx.mediation("thu_nhập", "chất lượng", "hài lòng", data, n_boot=100),
    ]
    told = [sorted({"choice.small_coefficient", "mediation.small_effect"} & set(keys(one))) for one in found]
    hidden = [["choice.small_coefficient"], ["choice.small_coefficient"], ["mediation.small_effect"]]
    assert told == (hidden if unit > 1 else [[], [], []])


def test_a_moderator_of_two_values_has_the_slopes_of_its_two_groups() -> None:
    data = frame()
    found = cx.moderation("hài lòng", "chất lượng", "mới", data)
    apart = [np.polyfit(own["chất lượng"], own["hài lòng"], 1)[0] for _, own in data.groupby("mới")]
    assert found.slopes["value"].tolist() == [0.0, 1.0]
    assert found.slopes["slope"].tolist() == pytest.approx(apart, rel=1e-10)
    assert "moderation.outside" not in keys(found)
    assert found.region.empty
    with pytest.raises(DataError) as caught:
        found.plot(kind="region")
    assert caught.value.key == "moderation.no_region"


def test_a_moderation_without_residuals_has_no_errors_and_no_tests() -> None:
    data = frame().assign(tích=lambda own: own["giá"] * own["chất lượng"])
    found = cx.moderation("tích", "chất lượng", "giá", data)
    assert found.slopes["slope"].tolist() == pytest.approx(found.slopes["value"].tolist())
    assert found.slopes[["se", "t", "pvalue", "ci_lower"]].isna().all().all()
    assert np.isnan(found.test["f"])
    assert "moderation.product_not_told" not in keys(found)
    assert cx.regress("tích ~ giá * `chất lượng`", data).covariance.isna().all().all()
    assert "–" in found.summary("vi")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_ticks_of_the_lines_are_round_numbers(lang: str) -> None:
    data = frame().assign(điểm=lambda own: own["chất lượng"] * 10 / 3)
    labels = cx.moderation("hài lòng", "điểm", "giá", data).plot(lang).axes[0].get_xticklabels()
    ticks = [float(label.get_text().replace(",", ".")) for label in labels]
    assert len(ticks) > 3
    assert all(tick % 2.5 == 0 for tick in ticks)


ASKED = [lambda data: cx.csat("giá", data=data), lambda data: cx.ces("giá", 2, data=data), ANALYSES["compare_metrics"]]


@pytest.mark.parametrize("asked", ASKED)
def test_a_question_that_the_codebook_calls_reversed_is_told(asked: Callable[[Survey], Any]) -> None:
    given = survey(giá=Item("giá", min=1, max=7, reversed=True))
    assert "analyses.reversed_left" in keys(asked(given))
    assert "analyses.reversed_left" not in keys(asked(given.reverse_scored()))


def test_the_figure_of_a_weighted_metric_shows_the_weighted_answers() -> None:
    scores, weights = [1, 1, 1, 5] * 10, [1.0, 1.0, 1.0, 9.0] * 10
    texts = [
        [text.get_text() for text in cx.csat(scores, weights=given, scale=(1, 5)).plot("en").axes[0].texts]
        for given in (None, weights)
    ]
    assert {"75", "25"} <= set(texts[0])
    assert {"25", "75"} <= set(texts[1])
    bars = [
        [bar.get_width() for bar in cx.csat(scores, weights=given, scale=(1, 5)).plot("en").axes[0].patches]
        for given in (None, weights)
    ]
    assert bars[0][0] == pytest.approx(0.75)
    assert bars[1][0] == pytest.approx(0.25)
    assert "40" in texts[1]
    titles = [str(cx.csat(scores, weights=w, scale=(1, 5)).plot("vi").texts) for w in (None, weights)]
    assert ["có trọng số" in title for title in titles] == [False, True]


def test_what_weights_cost_is_said_of_the_rows_that_have_a_group() -> None:
    data = pd.DataFrame({"nps": [9, 3] * 50, "nhóm": ["A", "B"] * 30 + [None] * 40, "w": [1, 9] * 30 + [np.nan] * 40})
    found = cx.nps("nps", data=data, group="nhóm", weights="w")
    effect = next(one for one in found.warnings if one.key == "weights.design_effect")
    assert effect.values["n"] == found.n == 60
    assert effect.values["effective"] == pytest.approx((30 + 270) ** 2 / (30 + 30 * 81))


def test_standard_errors_have_one_heading() -> None:
    tables = [
        cx.nps([9, 10, 3, 7] * 20).apa("vi"),
        ANALYSES["mediation"](survey()).apa("vi"),
        ANALYSES["regress"](survey()).apa("vi"),
        ANALYSES["moderation"](survey()).apa("vi"),
    ]
    for table in tables:
        assert ">SE<" in table._repr_html_()
        assert "Sai số chuẩn<" not in table._repr_html_()
