"""Eigenvalues in order, beside those that chance alone would give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.rows import WIDTH, heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, figure_style, number_formatter
from cxlab.show.text import Words, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BLUE, _CHANCE = "#225FC2", "#B5650D"
_PANEL = 2.6
# Positions drawn beyond the last one kept; what follows says nothing.
_BEYOND, _FEWEST = 8, 12


def scree_plot(
    panels: list[tuple[Words, pd.DataFrame, int]],
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    observed: Words = "",
    chance: Words = "",
    band: Words = "",
    kept: list[Words] | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw observed eigenvalues with the mean and percentile band of simulated ones, panel by panel.

    Parameters
    ----------
    panels : list of (heading, DataFrame, number kept)
        Each frame has one row a position: position, observed, mean, lower, quantile. Those kept are drawn full, the
        others empty. A first eigenvalue that would flatten the rest is cut off: an arrow with its number.
    title, xlabel, ylabel : str, bilingual text or Notice
        Texts of the figure.
    observed, chance, band : str, bilingual text or Notice
        Entries of the legend.
    kept : list of str, bilingual text or Notice, optional
        A sentence for each panel.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    DataError
        If a frame lacks a column or has no rows.

    Examples
    --------
    >>> frame = pd.DataFrame({"position": [1, 2, 3], "observed": [2.1, 0.6, 0.3], "mean": [1.1, 1.0, 0.9],
    ...                       "lower": [1.0, 0.9, 0.8], "quantile": [1.2, 1.1, 1.0]})
    >>> figure = scree_plot([("Components", frame, 1)], observed="data", chance="chance", band="5th to 95th")
    """
    from cxlab.show.figure import Picture

    for _, frame, _ in panels:
        require_columns(frame, ["position", "observed", "mean", "lower", "quantile"], "scree_plot")
    top, above = heading(title, lang)
    key, below, gap, left = 0.68, 0.5, 0.5, 0.6
    height = above + key + _PANEL + below
    wide = (WIDTH - left - 0.15 - gap * (len(panels) - 1)) / max(len(panels), 1)
    wide = min(wide, 4.4)
    with figure_style():
        figure = Picture(figsize=(WIDTH if len(panels) > 1 else left + wide + 0.15, height))
        width = figure.get_figwidth()
        handles: list = []
        for place, (name, frame, count) in enumerate(panels):
            start = left + place * (wide + gap)
            ax = figure.add_axes((start / width, below / height, wide / width, _PANEL / height))
            handles = _panel(ax, frame.head(max(count + _BEYOND, _FEWEST)), count, lang)
            ax.set_title(words(name, lang), size=8.5, pad=18 if kept else 6)
            if kept:
                text = words(kept[place], lang)
                ax.text(0, 1.02, text, transform=ax.transAxes, size=8, color=MUTED, va="bottom")
            ax.set_xlabel(words(xlabel, lang))
            ax.yaxis.set_major_formatter(number_formatter(_digits(ax), lang=lang))
        figure.axes[0].set_ylabel(words(ylabel, lang))
        texts = [words(text, lang) for text in (observed, chance, band)]
        figure.legend(handles, texts, loc="upper left", bbox_to_anchor=(0.0, 1 - (above - 0.08) / height), ncols=3)
        write_title(figure, top)
    return figure


def _panel(ax: Axes, frame: pd.DataFrame, count: int, lang: Language | None) -> list:
    x = frame["position"].to_numpy(dtype=float)
    y = frame["observed"].to_numpy(dtype=float)
    low, high = frame["lower"].to_numpy(dtype=float), frame["quantile"].to_numpy(dtype=float)
    band = ax.fill_between(x, low, high, color=_CHANCE, alpha=0.22, lw=0)
    (mean,) = ax.plot(x, frame["mean"], color=_CHANCE, lw=1.3, ls=(0, (4, 2)))
    ax.plot(x, y, color=_BLUE, lw=1.2, zorder=3)
    ax.plot(x[:count], y[:count], "o", ms=5, mfc=_BLUE, mec=_BLUE, zorder=4)
    ax.plot(x[count:], y[count:], "o", ms=5, mfc="white", mec=_BLUE, mew=1.1, zorder=4)
    if 0 < count < len(x):
        ax.axvline(count + 0.5, color=MUTED, lw=0.8, ls=(0, (1, 2)), zorder=1)
    ax.axhline(0, color=INK, lw=0.6, zorder=1)
    ax.set_xlim(0.2, len(x) + 0.6)
    step = int(np.ceil(len(x) / 12))
    ax.set_xticks(np.arange(1, len(x) + 1, step))
    ax.grid(visible=False, axis="x")
    _cut_off(ax, x, y, high, lang)
    (line,) = ax.plot([], [], "o-", color=_BLUE, ms=5, lw=1.2)
    return [line, mean, band]


def _cut_off(ax: Axes, x: np.ndarray, y: np.ndarray, high: np.ndarray, lang: Language | None) -> None:
    """Let the place where data and chance cross be seen: a first eigenvalue far above is an arrow with a number."""
    top = max(1.9 * high[0], 1.15 * y[1]) if len(y) > 1 else y[0]
    if y[0] < 1.6 * top:
        return
    lowest = min(float(y.min()), float(high.min()), 0.0)
    reach = top - lowest
    ax.set_ylim(lowest - 0.06 * reach, top + 0.06 * reach)
    ax.plot([x[0]], [top], marker="^", ms=7, color=_BLUE, clip_on=False, zorder=5)
    text = format_number(float(y[0]), 2, lang=lang)
    ax.text(x[0], top - 0.05 * reach, text, size=8, color=_BLUE, ha="center", va="top")


def _digits(ax: Axes) -> int:
    ticks = ax.get_yticks()
    return 0 if np.allclose(ticks, np.round(ticks)) else 1
