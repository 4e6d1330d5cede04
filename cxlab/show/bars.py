"""Where scales stand: means on their response scale, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language, format_number
from cxlab.show.cells import interval_text
from cxlab.show.rows import Row, require_columns, row_axes, row_label
from cxlab.show.style import GRID, INK, construct_colour, figure_style, number_formatter
from cxlab.show.table import Column
from cxlab.show.text import Words, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def scale_bars(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "show.mean",
    digits: int = 2,
    lang: Language | None = None,
) -> Figure:
    """Draw the mean of each scale as a bar on its whole response scale, with its interval.

    Use it for constructs or items with a known scale: a mean of 3.8 means little until one sees the 5 it is out of.

    Parameters
    ----------
    table : DataFrame
        One row a scale. Columns: ``label`` (text or bilingual), ``estimate``, ``ci_lower``, ``ci_upper``, ``min`` and
        ``max`` of the response scale; optional: ``construct`` (gives the colour).
    title, xlabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    digits : int
        Digits of the printed numbers.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide. Scales of different length are drawn equally long, with their ends printed.

    Raises
    ------
    DataError
        If a column is missing, the table is empty, or a mean lies outside its scale.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["Image"], "estimate": [7.5], "ci_lower": [7.3], "ci_upper": [7.7],
    ...                       "min": [1], "max": [10]})
    >>> figure = scale_bars(table)
    """
    require_columns(table, ["label", "estimate", "ci_lower", "ci_upper", "min", "max"], "scale_bars")
    records = table.to_dict("records")
    for record in records:
        if record["min"] >= record["max"] or not record["min"] <= record["estimate"] <= record["max"]:
            raise DataError("show.outside_scale", **{key: record[key] for key in ("label", "estimate", "min", "max")})
    one_scale = table["min"].nunique() == 1 and table["max"].nunique() == 1
    low, high = (float(records[0]["min"]), float(records[0]["max"])) if one_scale else (0.0, 1.0)
    rows = [_row(record, one_scale, digits, lang) for record in records]
    with figure_style():
        figure, ax, centres = row_axes(rows, title=title, bottom=0.55 if one_scale else 0.15, lang=lang)
        for record, y in zip(records, centres, strict=True):
            _bar(ax, record, y, low, high)
        ax.grid(visible=False)
        ax.spines["bottom"].set_visible(False)
        ax.set(xlim=(low, high), xticks=_points(low, high) if one_scale else [])
        if one_scale:
            ax.xaxis.set_major_formatter(number_formatter(0, lang=lang))
            ax.set_xlabel(words(xlabel, lang))
    return figure


def _bar(ax: Axes, record: Mapping[Any, Any], y: float, low: float, high: float) -> None:
    """The whole scale in grey from `low` to `high`, the mean's bar in colour, its interval on top."""
    stretch = (high - low) / (record["max"] - record["min"])
    at = {key: low + (record[key] - record["min"]) * stretch for key in ("estimate", "ci_lower", "ci_upper")}
    colour = construct_colour(str(record.get("construct", "value")))
    ax.barh(y, high - low, 0.14, left=low, color=GRID, zorder=1)
    ax.barh(y, at["estimate"] - low, 0.14, left=low, color=colour, zorder=2)
    for thickness, ink in ((3.0, "white"), (1.4, INK)):  # a light edge, to be seen on dark bars
        ax.plot([at["ci_lower"], at["ci_upper"]], [y, y], color=ink, lw=thickness, zorder=3)


def _row(record: Mapping[Any, Any], one_scale: bool, digits: int, lang: Language | None) -> Row:
    """Label and numbers of one scale."""
    text, height = row_label(record["label"], lang)
    interval = interval_text(record["ci_lower"], record["ci_upper"], Column("", "number", digits), lang)
    numbers = f"{format_number(record['estimate'], digits, lang=lang)} {interval}"
    if not one_scale:
        numbers += f" ({format_number(record['min'], 0, lang=lang)}–{format_number(record['max'], 0, lang=lang)})"
    return Row(text, (numbers,), height)


def _points(low: float, high: float) -> list[float]:
    """The scale's points, thinned out where there are many."""
    step = max(1, round((high - low) / 10))
    return [low + step * i for i in range(int((high - low) / step) + 1)]
