"""Probabilities of answers along a predictor, and predicted against observed shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, figure_style, number_formatter
from cxlab.show.text import Words, fit, label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.6, 3.6
# More bands than these cover one another.
MOST_BANDS = 5
_MARKERS = "osD^vPX*<>h"


def probability_plot(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw the probability of each answer along a predictor, from light (low answers) to dark (high ones).

    Use it to read an ordered or binary model: coefficients are on no scale that anyone answers on, probabilities are.

    Parameters
    ----------
    table : DataFrame
        Columns ``x`` (a number, or the text of a level), ``answer`` (text or bilingual, from low to high),
        ``probability``, ``ci_lower``, ``ci_upper``. Numbers give lines with bands (up to five answers;
        more bands cover one another), levels points with bars.
    title, xlabel, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"x": [1, 2], "answer": ["yes", "yes"], "probability": [0.4, 0.6],
    ...                       "ci_lower": [0.3, 0.5], "ci_upper": [0.5, 0.7]})
    >>> len(probability_plot(table).axes)
    1
    """
    require_columns(table, ["x", "answer", "probability", "ci_lower", "ci_upper"], "probability_plot")
    shown = [label(text if isinstance(text, dict) else str(text), lang) for text in table["answer"]]
    names = list(dict.fromkeys(shown))
    numeric = pd.api.types.is_numeric_dtype(table["x"])
    ticks = list(dict.fromkeys(label(x if isinstance(x, dict) else str(x), lang) for x in table["x"]))
    head, above = heading(title, lang)
    with figure_style():
        figure = Picture(figsize=(_WIDTH, _HEIGHT + above))
        top = 1 - above / figure.get_figheight() - 0.02
        bottom = 0.15 if numeric else 0.2
        ax = figure.add_axes((0.09, bottom, 0.64, top - bottom))
        write_title(figure, head)
        banded = not numeric or len(names) <= MOST_BANDS
        for k, name in enumerate(names):
            rows = table[[one == name for one in shown]]
            places = rows["x"].to_numpy(float) if numeric else np.arange(len(ticks)) + _shift(k, len(names))
            _draw(ax, rows, places, k, len(names), numeric)
        _ticks(ax, ticks, numeric, table, lang, "ci_upper" if banded else "probability")
        ax.set_xlabel(words(xlabel, lang))
        ax.set_ylabel(words(ylabel, lang))
        handles = ax.lines[: len(names)][::-1]
        ax.legend(handles, [fit(name, 1.35, 8, 2) for name in names[::-1]], loc="upper left",
                  bbox_to_anchor=(1.02, 1.02), borderaxespad=0)  # fmt: skip
    return figure


def _shift(k: int, series: int) -> float:
    """Levels are drawn beside each other, so that intervals do not cover one another."""
    return (k - (series - 1) / 2) * min(0.12, 0.7 / series)


def _colours(series: int) -> list[str]:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    if series == 1:
        return ["#225FC2"]
    return [to_hex(colormaps["viridis_r"](x)) for x in np.linspace(0.12, 0.97, series)]


def _draw(ax: Axes, rows: pd.DataFrame, places: Any, k: int, series: int, numeric: bool) -> None:
    colour, marker = _colours(series)[k], _MARKERS[k % len(_MARKERS)]
    low, high = rows["ci_lower"].to_numpy(float), rows["ci_upper"].to_numpy(float)
    line = "-" if numeric else "none"
    ax.plot(places, rows["probability"], color=colour, marker=marker, ls=line, ms=5, mec="white", mew=0.7, zorder=3)
    if numeric and series <= MOST_BANDS:
        ax.fill_between(places, low, high, color=colour, alpha=0.16, lw=0, zorder=2)
    elif not numeric:
        ax.vlines(places, low, high, color=colour, lw=1.6, zorder=2)


def _ticks(
    ax: Axes, ticks: Sequence[str], numeric: bool, table: pd.DataFrame, lang: Language | None, highest: str
) -> None:
    ax.set_ylim(0, max(0.05, min(1.0, 1.08 * float(table[highest].max()))))
    ax.yaxis.set_major_formatter(number_formatter(2, bounded=True, lang=lang))
    if numeric:
        whole = (table["x"] == table["x"].round()).all()
        if whole and table["x"].nunique() <= 11:
            ax.set_xticks(sorted(table["x"].unique()))
        ax.xaxis.set_major_formatter(number_formatter(None, lang=lang))
        return
    ax.set_xticks(range(len(ticks)), [fit(tick, 4.0 / max(len(ticks), 2), 8, 2) for tick in ticks])
    ax.set_xlim(-0.5, len(ticks) - 0.5)
    ax.grid(visible=False, axis="x")


def calibration_plot(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw observed against predicted shares, with intervals and the line on which both agree.

    Use it to see where a binary model promises too much or too little.

    Parameters
    ----------
    table : DataFrame
        One row a group: ``predicted``, ``observed``, ``ci_lower``, ``ci_upper``.
    title, xlabel, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        4.2 inches wide.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"predicted": [0.2], "observed": [0.3], "ci_lower": [0.1], "ci_upper": [0.5]})
    >>> len(calibration_plot(table).axes)
    1
    """
    require_columns(table, ["predicted", "observed", "ci_lower", "ci_upper"], "calibration_plot")
    head, above = heading(title, lang, 3.9)
    with figure_style():
        figure = Picture(figsize=(4.2, 3.9 + above))
        ax = figure.add_axes((0.15, 0.13, 0.8, 0.84 - above / figure.get_figheight()))
        write_title(figure, head)
        ax.plot([0, 1], [0, 1], color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
        ax.vlines(table["predicted"], table["ci_lower"], table["ci_upper"], color="#225FC2", lw=1.6, zorder=2)
        ax.plot(table["predicted"], table["observed"], "o", color="#225FC2", ms=5, mec="white", mew=0.8, zorder=3)
        ax.set(xlim=(0, 1), ylim=(0, 1))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(number_formatter(1, bounded=True, lang=lang))
        ax.set_xlabel(words(xlabel, lang), color=INK)
        ax.set_ylabel(words(ylabel, lang), color=INK)
    return figure
