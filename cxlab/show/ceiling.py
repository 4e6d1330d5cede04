"""Cases below ceilings: what an outcome reached at each level of a condition, and the empty corner above."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, construct_colours, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _PANEL = 6.6, 2.3
_LINES = {"ce_fdh": (INK, "-", 1.5), "cr_fdh": ("#B23A2A", "-", 1.3), "ce_vrs": ("#225FC2", "-", 1.2)}
_OTHER = (MUTED, (0, (4, 3)), 1.0)


def ceiling_plot(
    points: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    title: Words | None = None,
    ylabel: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw cases as dots, larger where several coincide, and lines over them; a panel for each condition.

    Use it for necessity: the emptier the upper left corner, the more of the condition a high outcome needs.

    Parameters
    ----------
    points : DataFrame
        Columns ``panel`` (text, the condition), ``x``, ``y``, ``cases``; optional ``construct`` (gives the colour).
    lines : DataFrame
        Columns ``panel``, ``line`` ("ce_fdh", "cr_fdh", "ce_vrs", or any other, drawn dashed), ``label``, ``x``, ``y``.
    title, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide, at most three panels in a row.

    Raises
    ------
    DataError
        If a column is missing or a table is empty.

    Examples
    --------
    >>> points = pd.DataFrame({"panel": "Care", "x": [1, 2], "y": [1, 2], "cases": [1, 3]})
    >>> lines = pd.DataFrame({"panel": "Care", "line": "ce_fdh", "label": "CE", "x": [1, 2, 2], "y": [1, 1, 2]})
    >>> len(ceiling_plot(points, lines).axes)
    1
    """
    require_columns(points, ["panel", "x", "y", "cases"], "ceiling_plot")
    require_columns(lines, ["panel", "line", "label", "x", "y"], "ceiling_plot")
    panels = list(dict.fromkeys(points["panel"]))
    across = 2 if len(panels) == 4 else min(3, len(panels))
    down = math.ceil(len(panels) / across)
    colours = _panel_colours(points)
    head, above = heading(title, lang)
    with figure_style():
        width = _WIDTH if across > 1 else 4.2
        height = above + 0.28 + down * (_PANEL + 0.62)
        figure = Picture(figsize=(width, height))
        write_title(figure, head)
        cell = (width - 0.62) / across
        for place, panel in enumerate(panels):
            left, row = 0.62 + (place % across) * cell, place // across
            bottom = height - above - 0.28 - row * (_PANEL + 0.62) - _PANEL
            box = (left / width, bottom / height, (cell - 0.16) / width, _PANEL / height)
            ax = figure.add_axes(box)
            _draw(ax, points[points["panel"] == panel], lines[lines["panel"] == panel], colours[str(panel)], lang)
            ax.set_xlabel(fit(str(panel), cell - 0.2, 8.5, 2))
            if place % across:
                ax.set_yticklabels([])
            else:
                ax.set_ylabel(fit(words(ylabel, lang), _PANEL, 8.5, 2))
        _same_height(figure.axes)
        _legend(figure, width, 1 - (above + 0.02) / height)
    return figure


def _panel_colours(points: pd.DataFrame) -> dict[str, str]:
    """The colour of each panel's construct, or else of its heading."""
    first = points.drop_duplicates("panel")
    names = [str(name) for name in (first["construct"] if "construct" in first else first["panel"])]
    shades = construct_colours(names)
    return {str(panel): shades[name] for panel, name in zip(first["panel"], names, strict=True)}


def _draw(ax: Axes, points: pd.DataFrame, lines: pd.DataFrame, colour: str, lang: Language | None) -> None:
    """Dots and lines of one panel."""
    many = points["cases"].max() > 1
    sizes = 9 + 45 * points["cases"] / points["cases"].max() if many else 13
    ax.scatter(points["x"], points["y"], s=sizes, color=colour, alpha=0.45, lw=0, zorder=2)
    for kind, rows in lines.groupby("line", sort=False):
        shade, style, thick = _LINES.get(str(kind), _OTHER)
        ax.plot(rows["x"], rows["y"], color=shade, ls=style, lw=thick, label=rows["label"].iloc[0], zorder=3)
    for axis, values in ((ax.xaxis, points["x"]), (ax.yaxis, points["y"])):
        axis.set_major_formatter(number_formatter(_digits(np.ptp(values)), lang=lang))
    ax.locator_params(axis="x", nbins=5)


def _same_height(axes: list[Axes]) -> None:
    """One y-axis for all panels, whose numbers stand at the left only."""
    limits = [ax.get_ylim() for ax in axes]
    for ax in axes:
        ax.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))


def _digits(spread: float) -> int:
    """None where whole numbers tell the ticks apart."""
    return 0 if spread >= 4 else 1 if spread >= 0.4 else 2


def _legend(figure: Figure, width: float, top: float) -> None:
    """The lines' names above the panels, also of those that not every panel has."""
    drawn = {str(line.get_label()): line for ax in figure.axes for line in ax.get_lines()}
    room = sum(text_size(name, 8)[0] + 0.45 for name in drawn)
    figure.legend(
        list(drawn.values()), list(drawn), loc="upper left", bbox_to_anchor=(0.62 / width, top),
        ncols=len(drawn) if room < width else 2, borderaxespad=0, handlelength=1.6, columnspacing=1.2,
    )  # fmt: skip
