"""Shares from row to column: how often what follows what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.figure import Picture
from cxlab.show.rows import SIZE, heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, figure_style, number_formatter
from cxlab.show.text import Words, count, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NUMBERS = 16
"""Rows or columns beyond which cells are too small for their percentages."""
# Columns narrower than this (inches) leave no room for slanted names beside each other.
_NARROW = 0.25


def share_heatmap(
    matrix: pd.DataFrame,
    *,
    sizes: pd.Series | None = None,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    note: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw a matrix of shares (each row adds up to 1), colour and percentage in each cell.

    Use it for transition probabilities or any table of row shares.

    Parameters
    ----------
    matrix : DataFrame
        Shares between 0 and 1, index and columns the names as they are to be printed; missing values stay empty.
    sizes : Series, optional
        How many observations stand behind each row, printed at its right.
    title, xlabel, ylabel, note : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        Above 16 rows or columns the percentages are left out.

    Raises
    ------
    DataError
        If the matrix is empty.

    Examples
    --------
    >>> matrix = pd.DataFrame([[0.2, 0.8], [1.0, 0.0]], index=["a", "b"], columns=["a", "b"])
    >>> len(share_heatmap(matrix).axes)
    2
    """
    require_columns(matrix, [], "share_heatmap")
    plan = _plan(matrix, sizes is not None, (title, xlabel, ylabel, note), lang)
    values = matrix.to_numpy(float)
    top = _darkest(values)
    with figure_style():
        figure = Picture(figsize=(plan.width, plan.height))
        ax = figure.add_axes(plan.share(plan.left, plan.below, plan.body, plan.tall))
        mesh = ax.pcolormesh(np.ma.masked_invalid(values), cmap="Blues", vmin=0, vmax=top, edgecolors="white", lw=0.8)
        _axes(ax, plan.rows, plan.tops, 90 if plan.steep else 45)
        if max(values.shape) <= NUMBERS:
            _numbers(ax, values, top, lang)
        for i, n in enumerate([] if sizes is None else sizes):
            ax.text(len(plan.tops) + 0.12, i + 0.5, f"n = {count(int(n), lang)}", va="center", size=7.5, color=MUTED)
        where = plan.left + plan.body + plan.right - 0.6
        bar = figure.add_axes(plan.share(where, plan.below, 0.1, min(plan.tall, 1.6)))
        figure.colorbar(mesh, cax=bar, ticks=[0, top / 2, top], format=number_formatter(2, bounded=True, lang=lang))
        bar.grid(visible=False)
        bar.spines[:].set_visible(False)
        _texts(figure, plan)
    return figure


@dataclass(frozen=True)
class _Plan:
    """Every text as it will stand, and where things lie, in inches."""

    rows: list[str]
    tops: list[str]
    head: str
    across: str
    down: str
    foot: str
    left: float
    right: float
    below: float
    above: float
    body: float
    tall: float
    width: float
    height: float
    steep: bool

    def share(self, left: float, bottom: float, width: float, height: float) -> tuple[float, float, float, float]:
        """A place in inches as shares of the figure."""
        return left / self.width, bottom / self.height, width / self.width, height / self.height


def _plan(
    matrix: pd.DataFrame, sized: bool, around: tuple[Words | None, Words, Words, Words], lang: Language | None
) -> _Plan:
    k, m = matrix.shape
    title, xlabel, ylabel, note = around
    across, down = words(xlabel, lang), words(ylabel, lang)
    cell = min(0.5, max(0.17, 5.2 / m))
    tall = min(cell, 0.34) if k > 4 else 0.36
    rows = [fit(str(name), 1.8, SIZE, 2 if tall > 0.3 else 1) for name in matrix.index]
    tops = [fit(str(name), 1.9, 8, 1) for name in matrix.columns]
    left = 0.25 + max(text_size(text, SIZE)[0] for text in rows) + (0.22 if down else 0.0)
    right = 0.75 + (0.55 if sized else 0.0)
    steep = cell < _NARROW
    over = max(text_size(text, 8)[0] for text in tops) * (1.0 if steep else 0.75) + 0.2 + (0.22 if across else 0.0)
    slope = 0.0 if steep else max(text_size(tops[-1], 8)[0] * 0.72 - right + 0.2, 0.0)
    width = left + cell * m + right + slope
    foot = fit(words(note, lang), (width - 0.24) / 1.07, 7.5) if note else ""
    below = 0.12 + (text_size(foot, 7.5)[1] + 0.06 if foot else 0.0)
    head, above = heading(title, lang, width - 0.3)
    height = above + over + tall * k + below
    sizes = (left, right, below, above, cell * m, tall * k, width, height)
    return _Plan(rows, tops, head, across, down, foot, *sizes, steep)


def _texts(figure: Figure, plan: _Plan) -> None:
    """Title, names of the axes, and note."""
    width, height = plan.width, plan.height
    write_title(figure, plan.head)
    figure.text((plan.left - 0.1) / width, 1 - (plan.above + 0.02) / height, plan.across, size=8, color=MUTED, va="top")
    middle = (plan.below + plan.tall / 2) / height
    figure.text(0.1 / width, middle, plan.down, size=8, color=MUTED, rotation=90, va="center")
    if plan.foot:
        figure.text(0.12 / width, 0.05 / height, plan.foot, size=7.5, color=MUTED, va="bottom", linespacing=1.2)


def _axes(ax: Axes, rows: list[str], tops: list[str], angle: int) -> None:
    """Names of the rows at the left, of the columns above, slanted or upright."""
    ax.set(xlim=(0, len(tops)), ylim=(len(rows), 0))
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows, size=SIZE)
    ax.xaxis.tick_top()
    ax.set_xticks(np.arange(len(tops)) + 0.5, tops, size=8, rotation=angle, ha="left", rotation_mode="anchor")
    if angle == 90:
        for name in ax.get_xticklabels():
            name.set_verticalalignment("center")


def _darkest(values: np.ndarray) -> float:
    """The share that gets the darkest colour: 1, or less where no share comes near it."""
    most = float(np.nanmax(values, initial=0.0))
    return 1.0 if most > 0.6 else max(0.1, np.ceil(most * 10) / 10)


def _numbers(ax: Axes, values: np.ndarray, top: float, lang: Language | None) -> None:
    """The percentage in each cell that is not nothing, dark on light and light on dark."""
    for i, j in zip(*np.nonzero(np.nan_to_num(values) >= 0.005), strict=True):
        text = format_number(100 * float(values[i, j]), 0, lang=lang)
        ax.text(
            j + 0.5,
            i + 0.5,
            text,
            ha="center",
            va="center",
            size=8,
            color="white" if values[i, j] > 0.55 * top else INK,
        )
