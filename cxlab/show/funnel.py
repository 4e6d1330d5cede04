"""A funnel: how many reach each stage, and which share goes on, with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.cells import interval_text, is_missing
from cxlab.show.figure import Picture
from cxlab.show.rows import SIZE, WIDTH, heading, require_columns, write_title
from cxlab.show.style import GRID, INK, MUTED, figure_style, tint
from cxlab.show.table import Column
from cxlab.show.text import Words, count, fit, label, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BLUE = "#225FC2"
_BAR, _STEP = 0.27, 0.5
_NEEDED = ("label", "reached", "share", "share_lower", "share_upper", "conversion", "ci_lower", "ci_upper")


def funnel_figure(
    table: pd.DataFrame, *, title: Words | None = None, note: Words = "", lang: Language | None = None
) -> Figure:
    """Draw one bar a stage, as long as its share of the first, and between bars the share that goes on.

    Parameters
    ----------
    table : DataFrame
        One row a stage, in order. Columns: ``label`` (text or bilingual), ``reached`` (a count), ``share`` of the first
        stage with ``share_lower`` and ``share_upper``, ``conversion`` from the stage before with ``ci_lower`` and
        ``ci_upper`` (missing for the first).
    title, note : str, bilingual text or Notice, optional
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
    >>> table = pd.DataFrame({"label": ["Aware", "Buying"], "reached": [100, 40], "share": [1.0, 0.4],
    ...                       "share_lower": [0.96, 0.31], "share_upper": [1.0, 0.5], "conversion": [None, 0.4],
    ...                       "ci_lower": [None, 0.31], "ci_upper": [None, 0.5]})
    >>> len(funnel_figure(table).axes)
    1
    """
    require_columns(table, _NEEDED, "funnel_figure")
    texts = [fit(label(text, lang), 1.7, SIZE, 2) for text in table["label"]]
    left = 0.22 + max(text_size(text, SIZE)[0] for text in texts)
    right = 0.2 + text_size(f"{count(int(table['reached'].max()), lang)} (100%)", SIZE)[0] * 1.08
    foot = fit(words(note, lang), (WIDTH - 0.24) / 1.07, 7.5) if note else ""
    below = 0.1 + (text_size(foot, 7.5)[1] if foot else 0.0)
    head, above = heading(title, lang)
    body = _STEP * len(table) - (_STEP - _BAR) + 0.1
    height = above + body + below
    with figure_style():
        figure = Picture(figsize=(WIDTH, height))
        ax = figure.add_axes((left / WIDTH, below / height, (WIDTH - left - right) / WIDTH, body / height))
        ax.set(xlim=(0, 1), ylim=(body, 0), xticks=[], yticks=[])
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        write_title(figure, head)
        for i, (row, text) in enumerate(zip(table.to_dict("records"), texts, strict=True)):
            _stage(ax, row, text, 0.05 + _BAR / 2 + _STEP * i, lang)
        if foot:
            figure.text(0.12 / WIDTH, 0.05 / height, foot, size=7.5, color=MUTED, va="bottom", linespacing=1.2)
    return figure


def _stage(ax: Axes, row: Mapping[Any, Any], text: str, y: float, lang: Language | None) -> None:
    """The stage's bar with its interval and count, and above it the share that came on."""
    across = ax.get_yaxis_transform()
    ax.barh(y, 1, _BAR, color=tint(GRID, 0.55), zorder=1)
    ax.barh(y, row["share"], _BAR, color=tint(_BLUE, 0.75), zorder=2)
    ax.plot([row["share_lower"], row["share_upper"]], [y, y], color=INK, lw=1.3, zorder=3, clip_on=False)
    ax.text(-0.02, y, text, transform=across, ha="right", va="center", size=SIZE)
    share = format_number(100 * row["share"], 0, lang=lang)
    ax.text(1.02, y, f"{count(row['reached'], lang)} ({share}%)", transform=across, va="center", size=SIZE)
    if is_missing(row["conversion"]):
        return
    ends = interval_text(100 * row["ci_lower"], 100 * row["ci_upper"], Column("", "number", 0), lang)
    going = f"↓ {format_number(100 * row['conversion'], 0, lang=lang)}% {ends}"
    ax.text(0.006, y - _STEP / 2, going, ha="left", va="center", size=8, color=MUTED)
