"""Estimates that change along an axis, each with a band: power over the number of respondents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import MUTED, figure_style, number_formatter
from cxlab.show.text import Words, fit, label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINES = (("#225FC2", "o"), ("#B5650D", "s"), ("#309390", "D"), ("#A244A5", "^"), ("#2B2B2B", "v"), ("#7A8B1F", "P"))
_WIDTH, _HEIGHT = 6.6, 3.4


def curve_plot(
    table: pd.DataFrame,
    *,
    reference: float | None = None,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "show.estimate",
    bounded: bool = True,
    lang: Language | None = None,
) -> Figure:
    """Draw one line for each label over x, intervals as bands, names beside the lines' legend.

    Use it for what changes with the number of respondents or with a threshold: power, rejection rates, bias.

    Parameters
    ----------
    table : DataFrame
        Columns ``label`` (text or bilingual), ``x``, ``estimate``, ``ci_lower``, ``ci_upper``.
    reference : float, optional
        Where to draw a dashed line.
    title, xlabel, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    bounded : bool
        True for shares: the axis runs from 0 to 1 and loses its leading zero in English.
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
    >>> table = pd.DataFrame({"label": ["a", "a"], "x": [100, 200], "estimate": [0.5, 0.8],
    ...                       "ci_lower": [0.45, 0.77], "ci_upper": [0.55, 0.83]})
    >>> len(curve_plot(table).axes)
    1
    """
    require_columns(table, ["label", "x", "estimate", "ci_lower", "ci_upper"], "curve_plot")
    shown = [label(text if isinstance(text, dict) else str(text), lang) for text in table["label"]]
    names = list(dict.fromkeys(shown))
    head, above = heading(title, lang)
    with figure_style():
        figure = Picture(figsize=(_WIDTH, _HEIGHT + above))
        top = 1 - above / figure.get_figheight() - 0.02
        ax = figure.add_axes((0.09, 0.15, 0.6 if len(names) > 1 else 0.88, top - 0.15))
        write_title(figure, head)
        for k, name in enumerate(names):
            rows = table[[one == name for one in shown]].sort_values("x")
            _draw(ax, rows, name, k)
        if reference is not None:
            ax.axhline(reference, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
        _finish(ax, table, bounded, lang)
        ax.set_xlabel(words(xlabel, lang))
        ax.set_ylabel(words(ylabel, lang))
        if len(names) > 1:
            texts = [fit(name, 1.6, 8.5, 3) for name in names]
            ax.legend(ax.lines[: len(names)], texts, loc="upper left", bbox_to_anchor=(1.02, 1.02), borderaxespad=0)
    return figure


def _draw(ax: Axes, rows: pd.DataFrame, name: str, k: int) -> None:
    """One line with its band and points."""
    colour, marker = _LINES[k % len(_LINES)]
    style = "-" if k < len(_LINES) else "--"
    ax.fill_between(rows["x"], rows["ci_lower"], rows["ci_upper"], color=colour, alpha=0.15, lw=0, zorder=2)
    ax.plot(rows["x"], rows["estimate"], color=colour, marker=marker, ls=style, ms=5, mec="white", mew=0.8, zorder=3)


def _digits(places: Sequence[float]) -> int:
    """As many digits as the places need to be told apart, at most three.

    Examples
    --------
    >>> _digits([0.5, 1.0])
    1
    """
    return next((digits for digits in range(3) if all(abs(x - round(x, digits)) < 1e-9 for x in places)), 3)


def _finish(ax: Axes, table: pd.DataFrame, bounded: bool, lang: Language | None) -> None:
    """Ticks at the numbers that were tried; shares from 0 to 1."""
    places = sorted(table["x"].unique())
    if len(places) <= 8:
        ax.set_xticks(places)
    ax.xaxis.set_major_formatter(number_formatter(_digits(places), lang=lang))
    if bounded:
        ax.set_ylim(0, 1.02)
        ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    needed = 1 if bounded else _digits([float(place) for place in ax.get_yticks()])
    ax.yaxis.set_major_formatter(number_formatter(needed, bounded=bounded, lang=lang))
