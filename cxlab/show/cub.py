"""Feeling and uncertainty: the plane of several items, and fitted against observed shares of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language, format_number, tr
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import GRID, INK, construct_colours, figure_style, number_formatter
from cxlab.show.text import Words, fit, label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 6.6, 4.0
_BLUE = "#225FC2"


def feeling_plane(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw items or groups by uncertainty and feeling, numbered, with their intervals as crosses.

    Parameters
    ----------
    table : DataFrame
        ``label``, ``uncertainty``, ``feeling``, and ``uncertainty_lower`` ... ``feeling_upper`` (may be missing).
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
    >>> table = pd.DataFrame({"label": ["A"], "uncertainty": [0.2], "uncertainty_lower": [0.1],
    ...                       "uncertainty_upper": [0.3], "feeling": [0.8], "feeling_lower": [0.7],
    ...                       "feeling_upper": [0.9]})
    >>> len(feeling_plane(table).axes)
    1
    """
    from matplotlib.ticker import MaxNLocator

    ends = ["uncertainty_lower", "uncertainty_upper", "feeling_lower", "feeling_upper"]
    require_columns(table, ["label", "uncertainty", "feeling", *ends], "feeling_plane")
    head, above = heading(title, lang)
    with figure_style():
        figure = Picture(figsize=(_WIDTH, _HEIGHT + above))
        top = 1 - above / figure.get_figheight() - 0.02
        ax = figure.add_axes((0.1, 0.13, 0.54, top - 0.13))
        write_title(figure, head)
        handles, names = [], []
        colours = construct_colours(str(row.get("item", k)) for k, row in enumerate(table.to_dict("records"), start=1))
        for number, row in enumerate(table.to_dict("records"), start=1):
            colour = colours[str(row.get("item", number))]
            ax.plot([row[ends[0]], row[ends[1]]], [row["feeling"]] * 2, color=colour, lw=1.2, alpha=0.7, zorder=2)
            ax.plot([row["uncertainty"]] * 2, [row[ends[2]], row[ends[3]]], color=colour, lw=1.2, alpha=0.7, zorder=2)
            (point,) = ax.plot(row["uncertainty"], row["feeling"], "o", ms=12, color=colour, mec="white", zorder=3)
            ax.text(row["uncertainty"], row["feeling"], str(number), color="white", size=7.5, weight="bold",
                    ha="center", va="center_baseline", zorder=4)  # fmt: skip
            handles.append(point)
            text = label(row["label"] if isinstance(row["label"], dict) else str(row["label"]), lang)
            names.append(fit(f"{number}  {text}", 1.85, 8, 3))
        _limits(ax, table)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(number_formatter(2, bounded=True, lang=lang))
        ax.set_xlabel(words(xlabel, lang))
        ax.set_ylabel(words(ylabel, lang))
        ax.legend(handles, names, loc="upper left", bbox_to_anchor=(1.02, 1.02), borderaxespad=0, markerscale=0.6)
    return figure


def _limits(ax: Axes, table: pd.DataFrame) -> None:
    """The part of the unit square that is used, at least 0.2 wide, with some room."""
    for name, setter in (("uncertainty", ax.set_xlim), ("feeling", ax.set_ylim)):
        values = table[[name, f"{name}_lower", f"{name}_upper"]].to_numpy(float)
        low, high = float(pd.Series(values.ravel()).min()), float(pd.Series(values.ravel()).max())
        room = max(0.04, (0.2 - (high - low)) / 2)
        setter(max(-0.02, low - room), min(1.02, high + room))


def fitted_shares(
    table: pd.DataFrame, dissimilarity: float, *, title: Words | None = None, lang: Language | None = None
) -> Figure:
    """Draw observed shares of each rating as bars, the model's as points joined by a line.

    Parameters
    ----------
    table : DataFrame
        ``rating``, ``observed``, ``fitted``.
    dissimilarity : float
        Printed in the figure.
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        5 inches wide.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"rating": [1, 2], "observed": [0.4, 0.6], "fitted": [0.5, 0.5]})
    >>> len(fitted_shares(table, 0.1).axes)
    1
    """
    require_columns(table, ["rating", "observed", "fitted"], "fitted_shares")
    head, above = heading(title, lang, 4.7)
    with figure_style():
        figure = Picture(figsize=(5, 3.1 + above))
        top = 1 - (above + 0.3) / figure.get_figheight()
        ax = figure.add_axes((0.12, 0.15, 0.85, top - 0.15))
        write_title(figure, head)
        bars = ax.bar(table["rating"], table["observed"], width=0.7, color=GRID, ec="#B9B9B9", lw=0.7, zorder=2)
        (line,) = ax.plot(table["rating"], table["fitted"], "o-", color=_BLUE, ms=5, mec="white", zorder=3)
        ax.grid(visible=False, axis="x")
        ax.set_xticks(list(table["rating"]))
        ax.yaxis.set_major_formatter(number_formatter(2, bounded=True, lang=lang))
        ax.set_xlabel(tr("choice.axis_rating", lang))
        ax.set_ylabel(tr("choice.axis_share", lang), color=INK)
        number = format_number(dissimilarity, 3, bounded=True, lang=lang)
        names = [tr("choice.observed", lang), f"CUB ({tr('choice.dissimilarity', lang)} {number})"]
        ax.legend([bars, line], names, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, borderaxespad=0.2)
    return figure
