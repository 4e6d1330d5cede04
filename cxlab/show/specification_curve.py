"""One estimate under many choices: sorted estimates with intervals above, the choices behind each below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language, format_number, tr
from cxlab.show.rows import SIZE, WIDTH, heading, require_columns, write_title
from cxlab.show.style import GRID, INK, MUTED, NEGATIVE, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STRONG = "#225FC2"
_ROW, _HEAD = 0.2, 0.26
_TOP, _LEGEND, _GAP, _BELOW, _MARGIN = 2.1, 0.3, 0.16, 0.42, 0.12
_LABEL = 2.2


def specification_figure(
    table: pd.DataFrame,
    marks: Mapping[tuple[str, str], np.ndarray],
    *,
    title: Words | None = None,
    ylabel: Words = "show.estimate",
    bounded: bool = True,
    null: float = 0.0,
    lang: Language | None = None,
) -> Figure:
    """Draw a specification curve: estimates in ascending order with their intervals, choices as dots below.

    Parameters
    ----------
    table : DataFrame
        One row a specification, in the order of the figure: ``estimate``, ``ci_lower``, ``ci_upper``, ``significant``,
        ``hollow`` (not to be relied on), ``reference`` (the researcher's own).
    marks : mapping of (choice, option) to booleans
        Which specifications took the option; options of one choice follow one another.
    title, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    bounded : bool
        True for standardised estimates, which lose their leading zero in English.
    null : float
        Value that the estimates are held against: line, colours and legend.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide, two panels.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"estimate": [0.1, 0.3], "ci_lower": [-0.1, 0.2], "ci_upper": [0.3, 0.4],
    ...                       "significant": [False, True], "hollow": False, "reference": [False, True]})
    >>> marks = {("rows", "all"): np.array([True, False]), ("rows", "complete"): np.array([False, True])}
    >>> len(specification_figure(table, marks).axes)
    2
    """
    from cxlab.show.figure import Picture

    columns = ["estimate", "ci_lower", "ci_upper", "significant", "hollow", "reference"]
    require_columns(table, columns, "specification_figure")
    lines = _lines(marks)
    # headings of choices are bold, hence wider than measured
    wide = [text_size(text, SIZE)[0] * (1.15 if hits is None else 1.0) for text, hits in lines]
    left = _MARGIN + max([*wide, 0.55]) + 0.12
    text, above = heading(title, lang)
    below = sum(_HEAD if hits is None else _ROW * (1 + text.count("\n")) for text, hits in lines)
    height = above + _LEGEND + _TOP + _GAP + below + _BELOW
    with figure_style():
        figure = Picture(figsize=(WIDTH, height))
        box = (left / WIDTH, (_BELOW + below + _GAP) / height, (WIDTH - left - _MARGIN) / WIDTH, _TOP / height)
        upper = figure.add_axes(box)
        _estimates(upper, table, null)
        upper.set_ylabel(words(ylabel, lang))
        upper.yaxis.set_major_formatter(number_formatter(2, bounded=bounded, lang=lang))
        lower = figure.add_axes((box[0], _BELOW / height, box[2], max(below, 0.01) / height))
        _choices(lower, lines, table, below, null)
        lower.set_xlabel(tr("curve.axis_specifications", lang, count=len(table)))
        _legend(figure, table, 1 - (above - 0.02) / height, (null, bounded), lang)
        write_title(figure, text)
    return figure


def _lines(marks: Mapping[tuple[str, str], np.ndarray]) -> list[tuple[str, np.ndarray | None]]:
    """The lower panel's lines: a heading for each choice, then its options."""
    lines: list[tuple[str, np.ndarray | None]] = []
    before = None
    for (choice, option), hits in marks.items():
        if choice != before:
            lines.append((fit(choice, _LABEL, SIZE, 1), None))
        before = choice
        lines.append((fit(option, _LABEL, SIZE, 2), np.asarray(hits)))
    return lines


def _colours(table: pd.DataFrame, null: float) -> list[str]:
    strong = np.where(table["estimate"] < null, NEGATIVE, _STRONG)
    return [str(one) for one in np.where(table["significant"], strong, "#9A9A9A")]


def _estimates(ax: Axes, table: pd.DataFrame, null: float) -> None:
    """Intervals first, points on top; hollow where a solution is not admissible, a diamond for the reference."""
    n = len(table)
    wide, size = (1.8, 4.5) if n <= 40 else (1.0, 3.0) if n <= 120 else (0.6, 2.0)
    places, colours = np.arange(n), _colours(table, null)
    ax.vlines(places, table["ci_lower"], table["ci_upper"], colors=colours, lw=wide, alpha=0.55, zorder=2)
    for place, colour, row in zip(places, colours, table.to_dict("records"), strict=True):
        face = "white" if row["hollow"] else colour
        ax.plot(place, row["estimate"], "o", ms=size, mfc=face, mec=colour, mew=1.0, zorder=3)
        if row["reference"]:
            ax.plot(place, row["estimate"], "D", ms=6.5, mfc="none", mec=INK, mew=1.3, zorder=4)
    ax.axhline(null, color=INK, lw=0.9, zorder=1)
    ax.set_xlim(-0.6, n - 0.4)
    ax.set_xticks([])
    ax.grid(visible=False, axis="x")


def _choices(
    ax: Axes, lines: list[tuple[str, np.ndarray | None]], table: pd.DataFrame, height: float, null: float
) -> None:
    """A dot where a specification took the option."""
    n, colours = len(table), np.array(_colours(table, null))
    size = 14 if n <= 40 else 7 if n <= 120 else 3
    ax.set(xlim=(-0.6, n - 0.4), ylim=(max(height, 0.01), 0), xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    transform, y = ax.get_yaxis_transform(), 0.0
    inch = 1 / (ax.get_position().width * WIDTH)
    for text, hits in lines:
        tall = _HEAD if hits is None else _ROW * (1 + text.count("\n"))
        middle, y = y + tall / 2, y + tall
        weight, colour = ("bold", INK) if hits is None else ("normal", MUTED)
        ax.text(-0.1 * inch, middle, text, transform=transform, ha="right", va="center", size=SIZE, weight=weight,
                color=colour)  # fmt: skip
        if hits is None:
            continue
        ax.axhline(middle, color=GRID, lw=0.7, zorder=1)
        places = np.flatnonzero(hits)
        ax.scatter(places, np.full(len(places), middle), s=size, c=colours[places], zorder=2, linewidths=0)


def _legend(figure: Figure, table: pd.DataFrame, y: float, against: tuple[float, bool], lang: Language | None) -> None:
    """What the marks mean, those that occur."""
    from matplotlib.lines import Line2D

    null, bounded = against
    negative = table["estimate"] < null
    shown, end = format_number(null, 2, bounded=bounded, lang=lang), "_null" if null else ""
    found = []
    for key, colour, here in (
        ("positive", _STRONG, table["significant"] & ~negative),
        ("negative", NEGATIVE, table["significant"] & negative),
        ("unclear", "#9A9A9A", ~table["significant"]),
    ):
        if here.any():
            label = tr(f"curve.legend_{key}{end}", lang, **({"null": shown} if null else {}))
            found.append(Line2D([], [], marker="o", ls="-", color=colour, ms=4.5, label=label))
    if table["hollow"].any():
        label = tr("curve.legend_hollow", lang)
        found.append(Line2D([], [], marker="o", ls="none", mfc="white", mec=MUTED, ms=4.5, label=label))
    if table["reference"].any():
        label = tr("curve.legend_reference", lang)
        found.append(Line2D([], [], marker="D", ls="none", mfc="none", mec=INK, ms=6, label=label))
    columns = {"ncols": len(found), "handlelength": 1.4, "columnspacing": 1.2, "borderpad": 0.1}
    figure.legend(handles=found, loc="upper left", bbox_to_anchor=(0.005, y), **columns)
