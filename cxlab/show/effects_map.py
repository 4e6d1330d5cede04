"""Two effects of each thing against each other, with intervals both ways and lines at no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.names import Box, place_names
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, construct_colours, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.4, 4.2
_NEEDED = ("name", "label", "x", "x_lower", "x_upper", "y", "y_lower", "y_upper")


def effects_map(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    note: Words = "",
    digits: int = 1,
    lang: Language | None = None,
) -> Figure:
    """Draw one point a row at its two effects, with both intervals as a cross.

    Parameters
    ----------
    table : DataFrame
        Columns ``name`` (gives the colour), ``label`` (text), ``x``, ``x_lower``, ``x_upper``, ``y``, ``y_lower``,
        ``y_upper``.
    title, xlabel, ylabel, note : str, bilingual text or Notice, optional
        Catalogue key or text.
    digits : int
        Digits of the ticks.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.4 inches wide.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["shop"], "label": ["Shop"], "x": [0.2], "x_lower": [0.1],
    ...                       "x_upper": [0.3], "y": [0.4], "y_lower": [0.2], "y_upper": [0.6]})
    >>> len(effects_map(table).axes)
    1
    """
    require_columns(table, _NEEDED, "effects_map")
    head, above = heading(title, lang)
    foot = fit(words(note, lang), (_WIDTH - 0.24) / 1.07, 7.5) if note else ""
    below = 0.62 + (text_size(foot, 7.5)[1] + 0.04 if foot else 0.0)
    height = _HEIGHT + above + below
    with figure_style():
        figure = Picture(figsize=(_WIDTH, height))
        ax = figure.add_axes((0.11, below / height, 0.86, (_HEIGHT - 0.08) / height))
        write_title(figure, head)
        _limits(ax, table)
        ax.axhline(0, color=INK, lw=0.9, zorder=2)
        ax.axvline(0, color=INK, lw=0.9, zorder=2)
        _crosses(ax, table)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(number_formatter(digits, lang=lang))
        ax.set(xlabel=words(xlabel, lang), ylabel=words(ylabel, lang))
        place_names(ax, list(table["x"]), list(table["y"]), list(table["label"]), wide=1.7, lines=_lines(ax, table))
        if foot:
            figure.text(0.12 / _WIDTH, 0.06 / height, foot, size=7.5, color=MUTED, va="bottom", linespacing=1.2)
    return figure


def _limits(ax: Axes, table: pd.DataFrame) -> None:
    for set_limits, name in ((ax.set_xlim, "x"), (ax.set_ylim, "y")):
        low, high = min(0.0, table[f"{name}_lower"].min()), max(0.0, table[f"{name}_upper"].max())
        room = 0.06 * (high - low) or 1.0
        set_limits(low - room, high + room)


def _crosses(ax: Axes, table: pd.DataFrame) -> None:
    colours = construct_colours(map(str, table["name"]))
    for row in table.itertuples():
        colour = colours[str(row.name)]
        ax.plot([row.x_lower, row.x_upper], [row.y, row.y], color=colour, lw=1.3, alpha=0.75, zorder=3)
        ax.plot([row.x, row.x], [row.y_lower, row.y_upper], color=colour, lw=1.3, alpha=0.75, zorder=3)
        ax.plot([row.x], [row.y], marker="o", ms=6, mfc=colour, mec="white", mew=0.8, ls="none", zorder=4)


def _lines(ax: Axes, table: pd.DataFrame) -> list[Box]:
    """Intervals and zero lines in inches: what a name had better not cover."""
    room = ax.get_figure().get_size_inches() * ax.get_position().size  # type: ignore[union-attr]
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()

    def at(x: float, y: float) -> tuple[float, float]:
        return float((x - left) / (right - left) * room[0]), float((y - low) / (high - low) * room[1])

    boxes = []
    for row in table.itertuples():
        boxes += [
            (*at(row.x_lower, row.y), *at(row.x_upper, row.y)),
            (*at(row.x, row.y_lower), *at(row.x, row.y_upper)),
        ]
    boxes += [(*at(left, 0), *at(right, 0)), (*at(0, low), *at(0, high))]
    return [box for box in boxes if np.isfinite(box).all()]
