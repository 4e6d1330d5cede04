"""Importance against performance: what matters to the right, what goes well on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import MUTED, construct_colour, figure_style, number_formatter
from cxlab.show.text import Words, fit, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.4, 4.0
# In shares of the axes: names nearer to each other than this are moved apart, at most so often.
_APART = 0.055
_MOVES = 8


def importance_map(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw constructs or items by importance and performance, with lines at the means.

    Use it to see where an improvement would pay: far to the right and low.

    Parameters
    ----------
    table : DataFrame
        Columns ``name``, ``label`` (text), ``importance``, ``performance``.
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
    >>> table = pd.DataFrame({"name": ["a", "b"], "label": ["A", "B"], "importance": [0.1, 0.4],
    ...                       "performance": [70, 60]})
    >>> len(importance_map(table).axes)
    1
    """
    require_columns(table, ["name", "label", "importance", "performance"], "importance_map")
    head, above = heading(title, lang)
    with figure_style():
        figure = Picture(figsize=(_WIDTH, _HEIGHT + above))
        top = 1 - above / figure.get_figheight() - 0.03
        ax = figure.add_axes((0.11, 0.14, 0.86, top - 0.14))
        write_title(figure, head)
        _frame(ax, table, lang)
        for name, x, y in table[["name", "importance", "performance"]].itertuples(index=False):
            ax.plot(x, y, "o", ms=7, color=construct_colour(str(name)), mec="white", mew=0.8, zorder=3)
        _names(ax, table)
        ax.set_xlabel(words(xlabel, lang))
        ax.set_ylabel(words(ylabel, lang))
    return figure


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


def _names(ax: Axes, table: pd.DataFrame) -> None:
    """Each name beside its point, moved up where it would cover another name or point."""
    low, high = ax.get_ylim()
    left, right = ax.get_xlim()
    table = table.sort_values("performance")
    across = ((table["importance"] - left) / (right - left)).to_list()
    up = ((table["performance"] - low) / (high - low)).to_list()
    placed: list[tuple[float, float]] = []
    for x, y, text in zip(across, up, table["label"], strict=True):
        at = y
        for _ in range(_MOVES):
            names = any(abs(at - other) < _APART and abs(x - beside) < 0.2 for beside, other in placed)
            points = any(
                0 < beside - x < 0.27 and abs(at - other) < 0.03 for beside, other in zip(across, up, strict=True)
            )
            if not (names or points):
                break
            at += _APART / 2
        placed.append((x, at))
        ax.annotate(
            fit(str(text), 1.3, 8.5, 2),
            (x, y),
            (x + 0.018, at),
            xycoords="axes fraction",
            textcoords="axes fraction",
            fontsize=8.5,
            va="center",
            zorder=4,
        )
