"""Importance against performance: what matters to the right, what goes well on top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.figure import Picture
from cxlab.show.names import Box, place_names
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, construct_colours, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT, _TALL = 6.4, 4.0, 5.6
# From this many points on, a taller figure and smaller names.
_MANY = 15
_DOT, _BUBBLE = 3.5, 15.0
_SHARES = (0.05, 0.2, 0.5)
_ROW = 0.27


def importance_map(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    legend: Mapping[str, str] | None = None,
    filled: Words = "",
    hollow: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw constructs or items by importance and performance, with lines at the means.

    Use it to see where an improvement would pay: far to the right and low.

    Parameters
    ----------
    table : DataFrame
        Columns ``name`` (gives the colour), ``label`` (text), ``importance``, ``performance``; optional ``below``, a
        share from 0 to 1 drawn as the size of a bubble, nan for a hollow point.
    title, xlabel, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    legend : mapping of name to text, optional
        Names that several points share, such as the constructs of items, explained by their colours.
    filled, hollow : str or bilingual text
        What bubbles and hollow points mean, where the table has ``below``.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.4 inches wide; taller with many points.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["a", "b"], "label": ["A", "B"], "importance": [0.1, 0.4],
    ...                       "performance": [70, 60]})
    >>> len(importance_map(table).axes)
    1
    """
    require_columns(table, ["name", "label", "importance", "performance"], "importance_map")
    head, above = heading(title, lang)
    keys = [*_colour_keys(table, legend), *(_size_keys(table, words(filled, lang), words(hollow, lang), lang))]
    rows = _rows(keys)
    under = 0.56 + _ROW * len(rows) + (0.1 if "below" in table else 0.0)
    with figure_style():
        height = (_TALL if len(table) >= _MANY else _HEIGHT) + above + under - 0.56
        figure = Picture(figsize=(_WIDTH, height))
        top = 1 - above / height - 0.03
        ax = figure.add_axes((0.11, under / height, 0.86, top - under / height))
        write_title(figure, head)
        _frame(ax, table, lang)
        radii = _points(ax, table, _colours(table))
        small = 7.5 if len(table) >= _MANY else 8.5
        across, up = list(table["importance"]), list(table["performance"])
        means = _means(ax, table)
        place_names(ax, across, up, list(table["label"]), size=small, radii=radii, lines=means)
        ax.set_xlabel(words(xlabel, lang))
        ax.set_ylabel(words(ylabel, lang))
        for place, row in enumerate(rows):
            _legend(figure, row, (under - 0.5 - _ROW * place) / height)
    return figure


def _colours(table: pd.DataFrame) -> dict[str, str]:
    """A construct's own colour, no two alike while colours last."""
    return construct_colours(str(name) for name in dict.fromkeys(table["name"]))


def _points(ax: Axes, table: pd.DataFrame, colours: Mapping[str, str]) -> list[float]:
    """Dots or bubbles, large ones below small ones; their radii in inches."""
    below = table["below"] if "below" in table else pd.Series(0.0, table.index)
    sizes = [_DOT if pd.isna(share) else _radius(float(share)) for share in below]
    order = np.argsort([-size for size in sizes], kind="stable")
    columns = (table["name"], table["importance"], table["performance"])
    for place in order:
        name, x, y = (column.iloc[place] for column in columns)
        ax.plot(x, y, zorder=3, **_marker(colours[str(name)], sizes[place], bool(pd.isna(below.iloc[place]))))
    return [size / 72 for size in sizes]


def _radius(share: float) -> float:
    """In points: area grows with the share."""
    return float(np.sqrt(_DOT**2 + share * (_BUBBLE**2 - _DOT**2)))


def _marker(colour: str, radius: float, hollow: bool) -> dict[str, Any]:
    if hollow:
        return {"marker": "o", "ls": "", "ms": 2 * radius, "mfc": "white", "mec": colour, "mew": 1.3}
    return {"marker": "o", "ls": "", "ms": 2 * radius, "color": colour, "mec": "white", "mew": 0.8,
            "alpha": 1.0 if radius <= _DOT else 0.75}  # fmt: skip


def _frame(ax: Axes, table: pd.DataFrame, lang: Language | None) -> None:
    """Room around the points, and lines at the means."""
    for axis, column in ((ax.xaxis, "importance"), (ax.yaxis, "performance")):
        values = table[column]
        room = 0.12 * (values.max() - values.min() or abs(values.max()) or 1.0)
        limits = float(values.min() - room), float(values.max() + room)
        if axis is ax.xaxis:
            ax.set_xlim(limits[0], limits[1] + 2 * room)
            ax.axvline(values.mean(), color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
        else:
            ax.set_ylim(*limits)
            ax.axhline(values.mean(), color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
    ax.xaxis.set_major_formatter(number_formatter(2, lang=lang))
    ax.yaxis.set_major_formatter(number_formatter(1, lang=lang))


def _means(ax: Axes, table: pd.DataFrame) -> list[Box]:
    """Where the lines at the means stand, in inches."""
    room = ax.get_figure().get_size_inches() * ax.get_position().size  # type: ignore[union-attr]
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    x = float((table["importance"].mean() - left) / (right - left) * room[0])
    y = float((table["performance"].mean() - low) / (high - low) * room[1])
    return [(x, 0.0, x, float(room[1])), (0.0, y, float(room[0]), y)]


Key = tuple[str, dict[str, Any]]


def _colour_keys(table: pd.DataFrame, legend: Mapping[str, str] | None) -> list[Key]:
    colours = _colours(table)
    return [(fit(legend[name], 1.7, 8, 1), _marker(colours[name], _DOT, False)) for name in colours] if legend else []


def _size_keys(table: pd.DataFrame, filled: str, hollow: str, lang: Language | None) -> list[Key]:
    """What bubbles of some sizes and hollow points mean."""
    if "below" not in table:
        return []
    keys: list[Key] = []
    if table["below"].notna().any():
        keys = [(filled, {"ls": "", "marker": ""})]
        keys += [(f"{format_number(100 * s, 0, lang=lang)}%", _marker(MUTED, _radius(s), False)) for s in _SHARES]
    return [*keys, *([(hollow, _marker(INK, _DOT, True))] if table["below"].isna().any() else [])]


def _rows(keys: list[Key]) -> list[list[Key]]:
    """Keys in rows that the figure is wide enough for; bubbles, which are wider than dots, begin a row."""
    rows: list[list[Key]] = []
    room, mark = 0.0, 0.3
    for text, marker in keys:
        begins = marker["marker"] == ""
        mark = 0.56 if begins else mark
        width = text_size(text, 8)[0] + mark
        if not rows or room < width or begins:
            rows.append([])
            room = _WIDTH - 0.8
        rows[-1].append((text, marker))
        room -= width
    return rows


def _legend(figure: Figure, row: list[Key], top: float) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **marker) for _, marker in row]
    largest = max(marker.get("ms", 0) for _, marker in row) / 8  # in letters
    figure.legend(
        handles, [text for text, _ in row], loc="upper left", bbox_to_anchor=(0.1, top), ncols=len(row),
        borderaxespad=0, handlelength=max(1.2, largest), handletextpad=0.4, columnspacing=1.0, borderpad=0,
    )  # fmt: skip
