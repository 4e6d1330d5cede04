"""Invariance as figures: change of the fit at each level, and items that differ between groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language, tr
from cxlab.show.rows import SIZE, WIDTH, require_columns, row_label, write_title
from cxlab.show.rows import heading as title_space
from cxlab.show.style import INK, MUTED, NEGATIVE, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CHANGES = {"delta_cfi": "ΔCFI", "delta_rmsea": "ΔRMSEA", "delta_srmr": "ΔSRMR"}
_COLOURS = {"holds": "#1E5326", "doubtful": "#B5650D", "fails": NEGATIVE}
_SERIES = (("#225FC2", "o"), ("#B5650D", "s"), ("#309390", "D"), ("#A244A5", "^"), ("#2B2B2B", "v"), ("#CC3352", "P"),
           ("#2BAFE3", "X"), ("#995919", "<"))  # fmt: skip
_MARGIN = 0.12
_ROW = 0.42
_ITEM = 0.26


def changes_figure(table: pd.DataFrame, *, title: Words | None = None, lang: Language | None = None) -> Figure:
    """Draw how far each level's fit falls, with the rule's limit on its line.

    Parameters
    ----------
    table : DataFrame
        One row a level: ``label``, ``verdict`` (``holds``, ``doubtful``, ``fails``), ``note`` (the verdict in words),
        ``delta_cfi``, ``delta_rmsea``, ``delta_srmr`` and the same with ``_limit``.
    title : str, bilingual text or Notice, optional
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
        If a column is missing or there is no level.

    Examples
    --------
    >>> frame = pd.DataFrame({"label": ["metric"], "verdict": ["holds"], "note": ["holds"], "delta_cfi": [-0.002],
    ...     "delta_rmsea": [0.001], "delta_srmr": [0.01], "delta_cfi_limit": [-0.01], "delta_rmsea_limit": [0.015],
    ...     "delta_srmr_limit": [0.03]})
    >>> len(changes_figure(frame).axes)
    3
    """
    from cxlab.show.figure import Picture

    require_columns(table, ["label", "verdict", *_CHANGES, *(f"{name}_limit" for name in _CHANGES)], "changes_figure")
    labels = [f"{row_label(one, lang)[0]}\n({note})" for one, note in zip(table["label"], table["note"], strict=True)]
    left = _MARGIN + max(text_size(text, SIZE)[0] for text in labels) + 0.14
    top, above = title_space(title, lang)
    tall = len(table) * _ROW
    height = above + 0.3 + tall + 0.62
    with figure_style():
        figure = Picture(figsize=(WIDTH, height))
        width = (WIDTH - left + 0.1) / 3
        for place, name in enumerate(_CHANGES):
            box = ((left + place * width) / WIDTH, 0.62 / height, (width - 0.26) / WIDTH, tall / height)
            ax = figure.add_axes(box)
            _changes(ax, table, name, labels if place == 0 else [""] * len(table), lang)
        figure.text(_MARGIN / WIDTH, 0.12 / height, tr("invariance.figure_limits", lang), size=7.5, color=MUTED)
        write_title(figure, top)
    return figure


def _changes(ax: Axes, table: pd.DataFrame, name: str, labels: Sequence[str], lang: Language | None) -> None:
    from matplotlib.ticker import MaxNLocator

    for place, row in enumerate(table.to_dict("records")):
        limit, value, colour = row[f"{name}_limit"], row[name], _COLOURS.get(str(row["verdict"]), MUTED)
        if not pd.isna(limit):
            ax.plot([limit, limit], [place - 0.36, place + 0.36], color=MUTED, lw=1.1, ls=(0, (3, 2)), zorder=2)
        ax.plot([0, value], [place, place], color=colour, lw=2.2, solid_capstyle="butt", zorder=3)
        ax.plot([value], [place], "o", ms=5.5, mfc=colour, mec="white", mew=0.8, zorder=4)
    ax.axvline(0, color=INK, lw=0.9, zorder=1)
    ends = [0.0, *table[name], *table[f"{name}_limit"].dropna()]
    pad = 0.12 * (max(ends) - min(ends)) or 0.005
    ax.set(xlim=(min(ends) - pad, max(ends) + pad), ylim=(len(table) - 0.5, -0.5))
    ax.set_yticks(range(len(table)), labels, size=SIZE)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(number_formatter(3, bounded=True, lang=lang))
    ax.set_title(_CHANGES[name], size=SIZE, loc="left")


def deviations_figure(table: pd.DataFrame, *, title: Words | None = None, lang: Language | None = None) -> Figure:
    """Draw by item how far each group's loading and intercept would stand from the common value.

    Parameters
    ----------
    table : DataFrame
        Columns ``block`` (construct), ``label`` (item), ``kind`` (``loading``, ``intercept``), ``group``,
        ``deviation``, ``clear`` (True where the difference is beyond chance: filled marks).
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide, a row for each item.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> frame = pd.DataFrame({"block": ["f", "f"], "label": ["x1", "x1"], "kind": ["loading", "loading"],
    ...                       "group": ["a", "b"], "deviation": [-0.1, 0.1], "clear": [True, True]})
    >>> len(deviations_figure(frame).axes)
    1
    """
    from cxlab.show.figure import Picture

    require_columns(table, ["block", "label", "kind", "group", "deviation", "clear"], "deviations_figure")
    kinds, groups = list(dict.fromkeys(table["kind"])), list(dict.fromkeys(table["group"]))
    rows = _rows(table)
    texts = [fit(label if not head else block, 2.4, SIZE, 1) for block, label, head in rows]
    left = _MARGIN + max(text_size(text, SIZE)[0] for text in texts) + 0.2
    top, above = title_space(title, lang)
    legend_rows = -(-len(groups) // 5)
    tall = len(rows) * _ITEM
    before = above + 0.24 * legend_rows + 0.28
    height = before + tall + 0.62
    with figure_style():
        figure = Picture(figsize=(WIDTH, height))
        width = (WIDTH - left + 0.1) / len(kinds)
        for place, kind in enumerate(kinds):
            box = ((left + place * width) / WIDTH, 0.62 / height, (width - 0.26) / WIDTH, tall / height)
            ax = figure.add_axes(box)
            own = table[table["kind"] == kind]
            handles = [_group(ax, own[own["group"] == group], rows, number) for number, group in enumerate(groups)]
            _frame(ax, rows, texts if place == 0 else [""] * len(rows), lang)
            ax.set_title(tr(f"invariance.figure_{kind}", lang), size=SIZE, loc="left")
        spot = (_MARGIN / WIDTH, 1 - above / height)
        figure.legend(handles, groups, loc="upper left", bbox_to_anchor=spot, ncols=5, borderaxespad=0.0)
        note = fit(tr("invariance.figure_deviations", lang), WIDTH - 0.3, 7.5, 2)
        figure.text(_MARGIN / WIDTH, 0.08 / height, note, size=7.5, color=MUTED, va="bottom")
        write_title(figure, top)
    return figure


def _rows(table: pd.DataFrame) -> list[tuple[str, str, bool]]:
    """Construct headings and items, from top to bottom."""
    rows: list[tuple[str, str, bool]] = []
    for block, label in dict.fromkeys(zip(table["block"], table["label"], strict=True)):
        if (block, "", True) not in rows:
            rows.append((block, "", True))
        rows.append((block, label, False))
    return rows


def _group(ax: Axes, own: pd.DataFrame, rows: Sequence[tuple[str, str, bool]], number: int) -> Artist:
    colour, marker = _SERIES[number % 8][0], _SERIES[(number + number // 8) % 8][1]
    for line in own.to_dict("records"):
        place = rows.index((line["block"], line["label"], False))
        face = colour if line["clear"] else "white"
        ax.plot([line["deviation"]], [place], marker, ms=5, mfc=face, mec=colour, mew=1.0, ls="none", zorder=3)
    (handle,) = ax.plot([], [], marker, ms=5, mfc=colour, mec=colour, ls="none")
    return handle


def _frame(ax: Axes, rows: Sequence[tuple[str, str, bool]], texts: Sequence[str], lang: Language | None) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.axvline(0, color=INK, lw=0.9, zorder=1)
    size = max(abs(end) for end in ax.dataLim.intervalx) or 0.1
    ax.set(xlim=(-1.1 * size, 1.1 * size), ylim=(len(rows) - 0.5, -0.5))
    ax.set_yticks(range(len(rows)), texts, size=SIZE)
    for text, (_, _, head) in zip(ax.get_yticklabels(), rows, strict=True):
        text.set_fontweight("bold" if head else "normal")
    for place, (_, _, head) in enumerate(rows):
        if not head:
            ax.axhline(place, color="#EFEFEF", lw=0.7, zorder=0)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(4, symmetric=True))
    ax.xaxis.set_major_formatter(number_formatter(2, bounded=True, lang=lang))
