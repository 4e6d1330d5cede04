"""Figures that stand on rows: what they print, that it fits, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from cxlab.errors import DataError
from cxlab.show import (
    coefficient_plot,
    correlation_heatmap,
    flow_diagram,
    interval_plot,
    response_distribution,
    scale_bars,
)

LONG = "Tôi hoàn toàn hài lòng với chất lượng dịch vụ mà nhà mạng đã cung cấp cho tôi trong suốt mười hai tháng qua"


def _texts(figure: Figure) -> list[str]:
    """Everything written in a figure."""
    return [text.get_text() for text in _written(figure) if text.get_text()]


def _written(figure: Figure) -> list[Text]:
    """Title, labels, numbers and ticks."""
    found = list(figure.texts)
    for ax in figure.axes:
        found += [*ax.texts, *([*ax.get_xticklabels(), ax.xaxis.label] if ax.axison else [])]
    return found


def _cut_off(figure: Figure) -> list[str]:
    """Texts that reach beyond the paper."""
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    figure.draw(renderer)
    width, height = figure.get_size_inches() * figure.dpi
    boxes = {text.get_text(): text.get_window_extent(renderer) for text in _written(figure) if text.get_text()}
    return [t for t, box in boxes.items() if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]


def _intervals(n: int = 3, **more: object) -> pd.DataFrame:
    estimate = np.linspace(-0.2, 0.6, n)
    names = [f"term {i}" for i in range(n)]
    return pd.DataFrame(
        {"term": names, "estimate": estimate, "ci_lower": estimate - 0.1, "ci_upper": estimate + 0.1, **more}
    )


def test_flow_prints_numbers_and_shares() -> None:
    steps = [("Collected", 1412), ("Too fast", 12), ("Analysed", 1400)]
    assert _texts(flow_diagram(steps, lang="en")) == [
        "Collected\nn = 1,412",
        "Too fast: n\xa0=\xa012\xa0(0.8%)",
        "Analysed\nn = 1,400 (99.2%)",
    ]
    assert "Analysed\nn = 1.400 (99,2%)" in _texts(flow_diagram(steps, lang="vi"))


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([("Collected", 5)], "at least two"),
        ([("Collected", 5), ("Too fast", 1), ("Analysed", 5)], "does not add up: 5 collected minus 1"),
        ([("Collected", 5), ("Too fast", -1), ("Analysed", 6)], "Too fast"),
    ],
)
def test_flow_refuses_numbers_that_cannot_be(steps: list[tuple[str, int]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        flow_diagram(steps)


def test_flow_of_an_empty_survey_prints_no_share() -> None:
    assert "Analysed\nn = 0" in _texts(flow_diagram([("Collected", 0), ("Analysed", 0)]))


@pytest.mark.parametrize("points", range(2, 12))
@pytest.mark.parametrize("kind", ["diverging", "stacked"])
def test_responses_draw_every_share_of_scales_with_2_to_11_points(points: int, kind: str) -> None:
    counts = pd.DataFrame([range(1, points + 1), [7] * points], index=["a", "b"], columns=range(points))
    figure = response_distribution(counts, kind=kind)  # type: ignore[arg-type]
    widths = [patch.get_width() for patch in figure.axes[0].patches]
    expected = np.concatenate([np.arange(1, points + 1) / (points * (points + 1) / 2), np.full(points, 1 / points)])
    np.testing.assert_allclose(widths, expected, atol=1e-12)


def test_a_diverging_bar_has_the_middle_of_its_scale_at_zero() -> None:
    figure = response_distribution(pd.DataFrame([[10, 20, 40, 20, 10]], index=["a"], columns=[1, 2, 3, 4, 5]))
    starts = [patch.get_x() for patch in figure.axes[0].patches]
    np.testing.assert_allclose(starts, [-0.5, -0.4, -0.2, 0.2, 0.4], atol=1e-12)


def test_responses_print_n_and_the_share_missing_of_all_respondents() -> None:
    counts = pd.DataFrame([[30, 60], [0, 0]], index=["a", "b"], columns=[0, 1])
    texts = _texts(response_distribution(counts, missing={"a": 10, "b": 100}, lang="vi"))
    assert {"khuyết", "90", "10,0%", "100,0%", "không có câu trả lời"} <= set(texts)


@pytest.mark.parametrize("items", [4, 40])
def test_long_vietnamese_labels_are_wrapped_and_nothing_is_cut_off(items: int) -> None:
    counts = pd.DataFrame(np.full((items, 7), 30), index=[f"q{i}" for i in range(items)], columns=range(1, 8))
    labels = {f"q{i}": {"en": "x", "vi": LONG} for i in range(items)}
    figure = response_distribution(
        counts, labels=labels, missing=dict.fromkeys(labels, 3), lang="vi", title={"en": "t", "vi": LONG},
        points={1: "Hoàn toàn không đồng ý", 7: "Hoàn toàn đồng ý"},
    )  # fmt: skip
    assert _cut_off(figure) == []
    assert max(text.count("\n") for text in _texts(figure)) == 2


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (pd.DataFrame(columns=[1, 2]), "no rows"),
        (pd.DataFrame([[1] * 12]), "has 12"),
        (pd.DataFrame([[1]]), "has 1"),
        (pd.DataFrame([[1, -1]]), "negative"),
        (pd.DataFrame([[1, np.nan]]), "missing"),
    ],
)
def test_responses_refuse_what_cannot_be_drawn(counts: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        response_distribution(counts)


def test_coefficients_print_estimates_with_intervals_and_draw_points_above_intervals() -> None:
    figure = coefficient_plot(_intervals(block=["first", "first", "second"]), lang="vi")
    assert {"−0,20 [−0,30; −0,10]", "first", "second", "term 0"} <= set(_texts(figure))
    lines = figure.axes[0].lines
    points = [line for line in lines if len(line.get_xdata()) == 1]
    bars = [line for line in lines if line.get_linewidth() == 1.6]
    assert len(points) == len(bars) == 3
    assert min(p.get_zorder() for p in points) > max(b.get_zorder() for b in bars)


def test_two_models_share_a_row_and_have_a_legend() -> None:
    table = pd.concat([_intervals(model="one"), _intervals(model="two")])
    figure = coefficient_plot(table)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one", "two"]
    assert len([text for text in _texts(figure) if text.startswith("term")]) == 3


def test_an_estimate_without_interval_is_still_drawn() -> None:
    table = _intervals()
    table.loc[1, ["ci_lower", "ci_upper"]] = np.nan
    assert "0.20 –" in _texts(coefficient_plot(table, lang="en"))


def test_reliabilities_stand_against_the_line_of_their_rule() -> None:
    table = _intervals().assign(estimate=0.8, ci_lower=0.75, ci_upper=0.84)
    figure = interval_plot(table, reference={"Nunnally": 0.7}, lang="en")
    assert {"Nunnally", ".80 [.75, .84]"} <= set(_texts(figure))
    assert 0.7 in [line.get_xdata()[0] for line in figure.axes[0].lines]
    assert figure.axes[0].get_xlim()[0] < 0.7


def test_scale_bars_show_each_mean_on_its_scale() -> None:
    table = pd.DataFrame(
        {"label": ["a", "b"], "estimate": [3.0, 5.5], "ci_lower": [2.8, 5.3], "ci_upper": [3.2, 5.7],
         "min": [1, 1], "max": [5, 10]}
    )  # fmt: skip
    figure = scale_bars(table, lang="en")
    assert {"3.00 [2.80, 3.20] (1–5)", "5.50 [5.30, 5.70] (1–10)"} <= set(_texts(figure))
    assert [patch.get_width() for patch in figure.axes[0].patches] == [1.0, 0.5, 1.0, 0.5]


def test_a_mean_outside_its_scale_is_refused() -> None:
    table = pd.DataFrame(
        {"label": ["a"], "estimate": [6.0], "ci_lower": [5], "ci_upper": [7], "min": [1], "max": [5]}
    )  # fmt: skip
    with pytest.raises(DataError, match="'a' is 6"):
        scale_bars(table)


def test_heatmap_prints_the_lower_triangle_only() -> None:
    values = np.array([[1, 0.5, -0.25], [0.5, 1, np.nan], [-0.25, np.nan, 1]])
    matrix = pd.DataFrame(values, index=list("abc"), columns=list("abc"))
    ax = correlation_heatmap(matrix, labels={"a": {"en": "Image", "vi": "Hình ảnh"}}, lang="vi").axes[0]
    assert [text.get_text() for text in ax.texts] == ["0,50", "−0,25"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["1  Hình ảnh", "2  b", "3  c"]


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (pd.DataFrame([[1.0]]), "at least two"),
        (pd.DataFrame(np.eye(2), index=["a", "b"], columns=["a", "c"]), "names differ"),
        (pd.DataFrame([[4.0, 2.0], [2.0, 9.0]]), "covariance matrix"),
        (pd.DataFrame([[1.0, 0.2], [0.3, 1.0]]), "not symmetric"),
    ],
)
def test_heatmap_refuses_what_is_no_correlation_matrix(matrix: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        correlation_heatmap(matrix)


@pytest.mark.parametrize("draw", [coefficient_plot, interval_plot, scale_bars])
def test_a_missing_column_and_an_empty_table_are_named(draw: Callable[[pd.DataFrame], Figure]) -> None:
    with pytest.raises(DataError, match="ci_upper"):
        draw(pd.DataFrame({"label": ["a"], "estimate": [1.0], "ci_lower": [0.0], "min": [0], "max": [2]}))
    empty = pd.DataFrame(columns=["label", "estimate", "ci_lower", "ci_upper", "min", "max"])
    with pytest.raises(DataError, match="no rows"):
        draw(empty)


@pytest.mark.parametrize("rows", [1, 30])
def test_interval_figures_cut_nothing_off(rows: int) -> None:
    table = _intervals(rows).assign(term=LONG)
    table["term"] = [f"{i} {LONG}" for i in range(rows)]
    assert _cut_off(coefficient_plot(table, lang="vi", title={"en": "t", "vi": LONG})) == []
