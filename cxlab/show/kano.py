"""Satisfaction against dissatisfaction: what an attribute adds if it is there, and what its absence costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language
from cxlab.show.cells import is_missing
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, figure_style, number_formatter, tint
from cxlab.show.text import Words, fit, label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {
    "attractive": "#225FC2",
    "one_dimensional": "#309390",
    "must_be": "#CC3352",
    "indifferent": "#6B6B6B",
    "reverse": "#A244A5",
    "questionable": "#B5650D",
}
# (x, y) of each field's middle
_FIELDS = {"attractive": (1, 0), "one_dimensional": (1, 1), "must_be": (0, 1), "indifferent": (0, 0)}
_LEFT, _KEY, _BELOW = 0.62, 2.35, 0.5
_SMALLEST, _LARGEST = 4.3, 4.9
_LINE, _GAP = 8 * 1.17 / 72, 0.05


def kano_map(
    table: pd.DataFrame,
    *,
    categories: Mapping[str, Words],
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw numbered attributes in the four fields of Kano's satisfaction-dissatisfaction plane, with a key beside it.

    Parameters
    ----------
    table : DataFrame
        Columns ``label`` (text or bilingual), ``category``, ``x`` (better, 0 to 1), ``y`` (worse without its sign, 0 to
        1), ``x_lower``, ``x_upper``, ``y_lower``, ``y_upper`` (missing without intervals).
    categories : mapping of category to text
        Names of attractive, one_dimensional, must_be, indifferent, reverse, questionable.
    title, xlabel, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["Wi-Fi"], "category": ["attractive"], "x": [0.8], "y": [0.2],
    ...                       "x_lower": [0.7], "x_upper": [0.9], "y_lower": [0.1], "y_upper": [0.3]})
    >>> len(kano_map(table, categories={"attractive": "attractive"}).axes)
    1
    """
    ends = ["x_lower", "x_upper", "y_lower", "y_upper"]
    require_columns(table, ["label", "category", "x", "y", *ends], "kano_map")
    head, above = heading(title, lang)
    lines = _key_lines(table, lang)
    tall = sum(_tall(line) for line in lines)
    side = min(max(_SMALLEST, tall), _LARGEST)
    body = max(side, tall - _BELOW + 0.1)
    with figure_style():
        figure = Picture(figsize=(_LEFT + side + 0.2 + _KEY, body + _BELOW + above + 0.1))
        width, height = figure.get_size_inches()
        ax = figure.add_axes((_LEFT / width, (body - side + _BELOW) / height, side / width, side / height))
        write_title(figure, head)
        _fields(ax, categories, lang)
        _points(ax, table)
        _key(figure, table, lines, (_LEFT + side + 0.2) / width, (body + _BELOW) / height)
        ax.set_xlabel(fit(words(xlabel, lang), side, 8.5, 2))
        ax.set_ylabel(fit(words(ylabel, lang), side, 8.5, 2))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(number_formatter(1, bounded=True, lang=lang))
    return figure


def _fields(ax: Axes, categories: Mapping[str, Words], lang: Language | None) -> None:
    """Four fields, their names in the outer corners."""
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    ax.grid(visible=False)
    for name, (right, up) in _FIELDS.items():
        x, y = (0.5 if right else -0.02), (0.5 if up else -0.02)
        ax.fill_between([x, x + 0.52], y, y + 0.52, color=tint(_COLOURS[name], 0.07), lw=0, zorder=0)
        at = {"x": 1.0 if right else 0.0, "y": 1.0 if up else 0.0}
        text = words(categories.get(name, name), lang)
        ha, va = "right" if right else "left", "top" if up else "bottom"
        ax.text(at["x"], at["y"], text, ha=ha, va=va, size=8.5, color=_COLOURS[name], weight="bold", zorder=1)
    ax.axvline(0.5, color=MUTED, lw=0.8, ls=(0, (4, 3)), zorder=1)
    ax.axhline(0.5, color=MUTED, lw=0.8, ls=(0, (4, 3)), zorder=1)


def _points(ax: Axes, table: pd.DataFrame) -> None:
    """Intervals as thin crosses, then the numbers in their points, moved apart where they would cover each other."""
    records = table.to_dict("records")
    places = _apart([(float(record["x"]), float(record["y"])) for record in records])
    for number, (record, (x, y)) in enumerate(zip(records, places, strict=True), start=1):
        colour = _COLOURS.get(str(record["category"]), INK)
        if not is_missing(record["x_lower"]):
            faint: dict[str, Any] = {"color": colour, "alpha": 0.35, "lw": 1.0, "zorder": 2}
            ax.plot([record["x_lower"], record["x_upper"]], [record["y"]] * 2, **faint)
            ax.plot([record["x"]] * 2, [record["y_lower"], record["y_upper"]], **faint)
        if (x, y) != (record["x"], record["y"]):
            ax.plot([record["x"], x], [record["y"], y], color=colour, lw=0.7, zorder=3)
            ax.plot([record["x"]], [record["y"]], "o", ms=3, color=colour, zorder=3)
        ax.plot([x], [y], "o", ms=11.5, mfc=colour, mec="white", mew=0.9, ls="none", zorder=4)
        ax.text(x, y, str(number), color="white", size=7, weight="bold", ha="center", va="center_baseline", zorder=5)


def _apart(points: list[tuple[float, float]], least: float = 0.042) -> list[tuple[float, float]]:
    """The points pushed from one another until none is nearer than `least`, at most so often."""
    import numpy as np

    at = np.array(points, dtype=float)
    # equal points need a direction; the angle of the golden section spreads any number of them
    turn = np.arange(len(at)) * 2.399963
    at += 1e-4 * np.column_stack([np.cos(turn), np.sin(turn)])
    for _ in range(200):
        gap = at[:, None] - at[None]
        far = np.hypot(gap[..., 0], gap[..., 1]) + np.eye(len(at))
        push = np.clip(least - far, 0, None) / far / 2
        if not push.any():
            break
        at = np.clip(at + (gap * push[..., None]).sum(axis=1), 0, 1)
    return [
        own if np.hypot(*(moved - np.array(own))) < 0.005 else (float(moved[0]), float(moved[1]))
        for own, moved in zip(points, at, strict=True)
    ]


def _key_lines(table: pd.DataFrame, lang: Language | None) -> list[str]:
    shown = [label(text if isinstance(text, dict) else str(text), lang) for text in table["label"]]
    return [fit(text, _KEY - 0.4, 8, 2) for text in shown]


def _tall(text: str) -> float:
    """Height in inches of one entry of the key."""
    return (text.count("\n") + 1) * _LINE + _GAP


def _key(figure: Figure, table: pd.DataFrame, lines: list[str], left: float, top: float) -> None:
    """Numbers and names beside the plane."""
    width, height = figure.get_size_inches()
    y = top
    for number, (text, category) in enumerate(zip(lines, table["category"], strict=True), start=1):
        colour = _COLOURS.get(str(category), INK)
        figure.text(left + 0.2 / width, y, str(number), size=8, weight="bold", color=colour, ha="right", va="top")
        figure.text(left + 0.28 / width, y, text, size=8, va="top", linespacing=1.15)
        y -= _tall(text) / height
