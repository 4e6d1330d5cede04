"""The importance-performance map with intervals on both axes and the quadrants named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language
from cxlab.show.importance import importance_map
from cxlab.show.names import Box, place_names
from cxlab.show.rows import require_columns
from cxlab.show.style import MUTED, construct_colour, figure_style, number_formatter
from cxlab.show.text import Words, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ENDS = ("importance_lower", "importance_upper", "performance_lower", "performance_upper")
_CORNERS = {"keep": (1, 1), "concentrate": (1, 0), "overkill": (0, 1), "low_priority": (0, 0)}
_ROOM, _CORNER = 0.06, 0.05
_SMALL = 8.0


def importance_interval_map(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    corners: Mapping[str, Words] | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw `importance_map` with a cross of intervals behind each point, and the four quadrants named.

    Use it where both axes are estimates: a point in a quadrant whose intervals cross the lines is not there for sure.

    Parameters
    ----------
    table : DataFrame
        As for `importance_map`, and ``importance_lower``, ``importance_upper``, ``performance_lower``,
        ``performance_upper`` (missing where not known).
    title, xlabel, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    corners : mapping of "concentrate", "keep", "low_priority", "overkill" to text, optional
        Names of the quadrants.
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
    >>> table = pd.DataFrame({"name": ["a", "b"], "label": ["A", "B"], "importance": [0.1, 0.4],
    ...                       "importance_lower": [0.05, 0.3], "importance_upper": [0.2, 0.5],
    ...                       "performance": [70, 60], "performance_lower": [66, 57], "performance_upper": [74, 63]})
    >>> len(importance_interval_map(table).axes)
    1
    """
    require_columns(table, ["name", "label", "importance", "performance", *_ENDS], "importance_interval_map")
    nameless = table.assign(label="")  # names are placed below, clear of the intervals
    figure = importance_map(nameless, title=title, xlabel=xlabel, ylabel=ylabel, lang=lang)
    ax = figure.axes[0]
    with figure_style():
        _widen(ax, table)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(number_formatter(None, lang=lang))
        for row in table.itertuples():
            colour = construct_colour(str(row.name))
            across, up = [row.importance_lower, row.importance_upper], [row.performance_lower, row.performance_upper]
            ax.plot(across, [row.performance] * 2, color=colour, lw=1.2, alpha=0.7, solid_capstyle="butt", zorder=2)
            ax.plot([row.importance] * 2, up, color=colour, lw=1.2, alpha=0.7, solid_capstyle="butt", zorder=2)
        boxes = [_corner(ax, _CORNERS[name], words(text, lang)) for name, text in (corners or {}).items()]
        place_names(ax, list(table["importance"]), list(table["performance"]), list(table["label"]), wide=1.7,
                    taken=boxes, lines=_crossings(ax, table))  # fmt: skip
    return figure


def _corner(ax: Axes, place: tuple[int, int], text: str) -> Box:
    """The name of a quadrant in its corner, and the box it takes."""
    inches = ax.get_figure().get_size_inches() * ax.get_position().size  # type: ignore[union-attr]
    (x, y), (wide, tall) = place, text_size(text, _SMALL)
    at = (inches[0] - 0.05 - wide if x else 0.05, inches[1] - 0.05 - tall if y else 0.05)
    ax.text(at[0] / inches[0], at[1] / inches[1], text, transform=ax.transAxes, ha="left", va="bottom", size=_SMALL,
            color=MUTED, style="italic")  # fmt: skip
    return (at[0], at[1], at[0] + wide, at[1] + tall)


def _widen(ax: Axes, table: pd.DataFrame) -> None:
    """Room for the intervals, and ticks with the digits they need."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    ax.set_xlim(*_limits(left, right, table["importance_lower"].min(), table["importance_upper"].max()))
    low, high = _limits(low, high, table["performance_lower"].min(), table["performance_upper"].max())
    ax.set_ylim(low - _CORNER * (high - low), high + _CORNER * (high - low))  # for the quadrants' names


def _limits(low: float, high: float, least: float, most: float) -> tuple[float, float]:
    """The axis as it is, wider where an interval would touch its end."""
    if pd.isna(least):
        return low, high
    room = _ROOM * (max(high, most) - min(low, least))
    return min(low, least - room), max(high, most + room)


def _crossings(ax: Axes, table: pd.DataFrame) -> list[Box]:
    """Intervals and lines at the means, in inches: what a name had better not cover."""
    room = ax.get_figure().get_size_inches() * ax.get_position().size  # type: ignore[union-attr]
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    x = {name: (table[name] - left) / (right - left) * room[0] for name in (*_ENDS[:2], "importance")}
    y = {name: (table[name] - low) / (high - low) * room[1] for name in (*_ENDS[2:], "performance")}
    across = zip(x["importance_lower"], y["performance"], x["importance_upper"], y["performance"], strict=True)
    up = zip(x["importance"], y["performance_lower"], x["importance"], y["performance_upper"], strict=True)
    middle = x["importance"].mean(), y["performance"].mean()
    means = [(middle[0], 0.0, middle[0], room[1]), (0.0, middle[1], room[0], middle[1])]
    boxes = [tuple(float(end) for end in box) for box in (*across, *up, *means)]
    return [(box[0], box[1], box[2], box[3]) for box in boxes]
