"""A series before and after shocks: what was seen, what was fitted, what would have been without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import WIDTH, heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SEEN, _WITHOUT, _CONTROL = "#225FC2", "#B5650D", "#758776"
_BODY = 2.7


def counterfactual_figure(
    table: pd.DataFrame,
    shocks: Mapping[int, str],
    *,
    title: Words | None = None,
    ylabel: Words = "",
    note: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw a series with its fitted course, the course without shocks as a dashed line with its band, and the control.

    Parameters
    ----------
    table : DataFrame
        One row a period: ``label``, ``value``, ``fitted``, ``counterfactual``, ``cf_lower``, ``cf_upper`` (missing
        where there is none), ``control`` (missing without one); optional ``value_lower``, ``value_upper``,
        ``control_lower``, ``control_upper``, drawn as bars.
    shocks : mapping of place to name
        The first row touched, from 0.
    title, ylabel, note : str, bilingual text or Notice, optional
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
    >>> table = pd.DataFrame({"label": ["1", "2", "3"], "value": [3.0, 2.0, 2.5], "fitted": [3.0, 2.1, 2.4],
    ...                       "counterfactual": [None, 3.0, 3.1], "cf_lower": [None, 2.8, 2.8],
    ...                       "cf_upper": [None, 3.2, 3.4], "control": [None, None, None]})
    >>> len(counterfactual_figure(table, {1: "storm"}).axes)
    1
    """
    needed = ["label", "value", "fitted", "counterfactual", "cf_lower", "cf_upper", "control"]
    require_columns(table, needed, "counterfactual_figure")
    table = table.reset_index(drop=True).astype(dict.fromkeys(needed[1:], float))
    head, above = heading(title, lang)
    foot = fit(words(note, lang), WIDTH - 0.5, 7.5) if note else ""
    below = 0.42 + (text_size(foot, 7.5)[1] + 0.1 if foot else 0)
    top = above + 0.3 + (0.2 if any(shocks.values()) else 0)
    tall = top + _BODY + below
    with figure_style():
        figure = Picture(figsize=(WIDTH, tall))
        write_title(figure, head)
        ax = figure.add_axes((0.62 / WIDTH, below / tall, (WIDTH - 0.62 - 0.15) / WIDTH, _BODY / tall))
        _lines(ax, table, list(shocks), lang)
        _shocks(ax, shocks)
        _axes(ax, table, lang)
        ax.set_ylabel(fit(words(ylabel, lang), _BODY, 8.5, 2))
        handles, texts = ax.get_legend_handles_labels()
        place = (0.6 / WIDTH, 1 - above / tall)
        figure.legend(handles, texts, loc="upper left", bbox_to_anchor=place, ncols=len(texts), borderaxespad=0,
                       columnspacing=1.3, handlelength=1.8)  # fmt: skip
        if foot:
            figure.text(0.12 / WIDTH, 0.07 / tall, foot, size=7.5, color=MUTED, va="bottom", linespacing=1.2)
    return figure


def _lines(ax: Axes, table: pd.DataFrame, breaks: Sequence[int], lang: Language | None) -> None:
    """Control behind, then the course without the shock, then what was seen."""
    x = np.arange(len(table), dtype=float)
    bars = "value_lower" in table.columns
    if table["control"].notna().any():
        aside = x + 0.06 if bars else x  # so that intervals do not hide each other
        ax.plot(aside, table["control"], color=_CONTROL, lw=1.1, marker="D" if bars else None, ms=4.5, mec="white",
                mew=0.6, label=words("carry_over.legend_control", lang), zorder=2)  # fmt: skip
    ax.fill_between(x, table["cf_lower"], table["cf_upper"], color=_WITHOUT, alpha=0.18, lw=0, zorder=1)
    ax.plot(x, table["counterfactual"], color=_WITHOUT, lw=1.5, ls=(0, (4, 2.2)), marker="o" if bars else None, ms=4.5,
            mfc="white", label=words("carry_over.legend_without", lang), zorder=3)  # fmt: skip
    small = 4.6 if len(table) <= 40 else 3.2
    if bars:
        ax.vlines(x, table["value_lower"], table["value_upper"], color=_SEEN, lw=1.3, zorder=2)
        ax.vlines(x + 0.06, table["control_lower"], table["control_upper"], color=_CONTROL, lw=1.3, zorder=2)
        ax.plot(x, table["value"], color=_SEEN, lw=1.5, marker="o", ms=5, mec="white", mew=0.7,
                label=words("carry_over.legend_seen", lang), zorder=4)  # fmt: skip
        return
    ax.plot(x, table["value"], "o", ms=small, color=_SEEN, mec="white", mew=0.6, alpha=0.75,
            label=words("carry_over.legend_seen", lang), zorder=4)  # fmt: skip
    for k, part in enumerate(np.split(np.arange(len(table)), sorted(breaks))):
        name = words("carry_over.legend_fitted", lang) if k == 0 else None
        ax.plot(x[part], table["fitted"].to_numpy()[part], color=_SEEN, lw=1.5, label=name, zorder=3)


def _shocks(ax: Axes, shocks: Mapping[int, str]) -> None:
    """A dotted line just before the first period touched, its name above."""
    for place, name in shocks.items():
        ax.axvline(place - 0.5, color=INK, lw=1.0, ls=":", zorder=2)
        if name:
            ax.text(
                place - 0.5,
                1.02,
                name,
                transform=ax.get_xaxis_transform(),
                ha="center",
                va="bottom",
                size=8,
                clip_on=False,
            )


def _axes(ax: Axes, table: pd.DataFrame, lang: Language | None) -> None:
    """As many periods' names as there is room for; digits as the ticks need them."""
    labels = [str(one) for one in table["label"]]
    widest = max(text_size(one, 8)[0] for one in labels) + 0.14
    step = max(1, int(np.ceil(widest * len(labels) / (WIDTH - 0.8))))
    ax.set_xticks(range(0, len(labels), step), labels[::step])
    ax.set_xlim(-0.6, len(labels) - 0.4)
    ax.grid(visible=False, axis="x")
    ticks = ax.get_yticks()
    size = abs(ticks[1] - ticks[0])
    digits = next((k for k in range(5) if abs(size * 10**k - round(size * 10**k)) < 1e-6), 5)
    ax.yaxis.set_major_formatter(number_formatter(digits, lang=lang))
