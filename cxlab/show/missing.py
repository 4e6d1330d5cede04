"""Gaps at a glance: items by patterns of missing answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language, format_number, tr
from cxlab.show.rows import SIZE, WIDTH, heading, require_columns, row_label, write_title
from cxlab.show.style import GRID, INK, MUTED, figure_style
from cxlab.show.text import Words, count, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GONE = "#B5650D"
_THERE = "#DCE4EC"
_BAR = "#225FC2"
_PATTERNS = 14
_ITEMS = 30
_ROW = 0.26
_TOP, _RIGHT, _BELOW, _MARGIN = 0.8, 0.95, 0.42, 0.12


def missing_patterns(
    patterns: pd.DataFrame,
    items: pd.DataFrame,
    *,
    title: Words | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw which answers are missing together: a row an item, a column a pattern, with counts above and shares beside.

    Use it for the patterns of `cxlab.missing_data`. Items without a gap are left out and counted below.

    Parameters
    ----------
    patterns : DataFrame
        ``pattern`` (1 answered, 0 missing, a letter an item) and ``count``, most frequent first; at most 14 are drawn.
    items : DataFrame
        ``label``, ``n_missing``, ``share``, in the order of the patterns' letters; of those with gaps, the 30 with
        most are drawn.
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
        If a column is missing or a table is empty.

    Examples
    --------
    >>> patterns = pd.DataFrame({"pattern": ["11", "10"], "count": [8, 2]})
    >>> items = pd.DataFrame({"label": ["a", "b"], "n_missing": [0, 2], "share": [0, 0.2]})
    >>> len(missing_patterns(patterns, items).axes)
    3
    """
    from cxlab.show.figure import Picture

    require_columns(patterns, ["pattern", "count"], "missing_patterns")
    require_columns(items, ["label", "n_missing", "share"], "missing_patterns")
    shown, drawn = _rows(items), patterns.head(_PATTERNS)
    labels = [row_label(items["label"].iloc[row], lang)[0].replace("\n", " ") for row in shown]
    labels = [text if len(text) < 34 else text[:32] + "…" for text in labels]
    left = _MARGIN + max(text_size(text, SIZE)[0] for text in labels) + 0.14
    text, above = heading(title, lang)
    body = _ROW * len(shown)
    height = above + _TOP + body + _BELOW
    width = min(WIDTH - left - _RIGHT, 0.44 * len(drawn))
    with figure_style():
        figure = Picture(figsize=(WIDTH, height))
        y = _BELOW / height
        grid = figure.add_axes((left / WIDTH, y, width / WIDTH, body / height))
        top = figure.add_axes((left / WIDTH, (_BELOW + body + 0.06) / height, width / WIDTH, 0.44 / height))
        side = figure.add_axes(((left + width + 0.1) / WIDTH, y, 0.42 / WIDTH, body / height))
        _cells(grid, drawn, shown, labels)
        _counts(top, drawn, lang)
        _shares(side, items.iloc[shown], lang)
        figure.text(_MARGIN / WIDTH, 0.1 / height, _foot(items, patterns, shown, drawn, lang), size=8, color=MUTED)
        write_title(figure, text)
    return figure


def _rows(items: pd.DataFrame) -> list[int]:
    """Places of the items to draw: those with most gaps, in their own order; if none has any, the first few."""
    gone = items["n_missing"].to_numpy()
    order = np.argsort(-gone, kind="stable")[:_ITEMS]
    kept = [int(place) for place in order if gone[place] > 0]
    return sorted(kept) or list(range(min(len(items), 6)))


def _cells(ax: Axes, patterns: pd.DataFrame, shown: list[int], labels: list[str]) -> None:
    """The coloured cells."""
    from matplotlib.colors import ListedColormap

    gone = np.array([[text[row] == "0" for text in patterns["pattern"]] for row in shown], dtype=float)
    colours = ListedColormap([_THERE, _GONE])
    ax.pcolormesh(gone, cmap=colours, vmin=0, vmax=1, edgecolors="white", lw=1.4)
    ax.set(xlim=(0, len(patterns)), ylim=(len(shown), 0))
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_yticks(np.arange(len(shown)) + 0.5, labels, size=SIZE)
    ax.set_xticks([])


def _counts(ax: Axes, patterns: pd.DataFrame, lang: Language | None) -> None:
    """How many rows have each pattern, above its column."""
    values = patterns["count"].to_numpy()
    ax.bar(np.arange(len(values)) + 0.5, values, 0.7, color=_BAR)
    ax.set(xlim=(0, len(values)), ylim=(0, values.max() * 1.02), xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    for place, value in enumerate(values):
        ax.annotate(
            count(int(value), lang), (place + 0.5, value), (0, 2), textcoords="offset points", ha="center", size=7.5
        )


def _shares(ax: Axes, items: pd.DataFrame, lang: Language | None) -> None:
    """Share missing of each item, beside its row."""
    values = items["share"].to_numpy(dtype=float)
    ax.barh(np.arange(len(values)) + 0.5, values, 0.62, color=_GONE)
    ax.set(ylim=(len(values), 0), xlim=(0, max(values.max(), 1e-9)), xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.axvline(0, color=GRID, lw=0.8)
    for place, value in enumerate(values):
        text = format_number(100 * value, 1, lang=lang) + "%"
        ax.annotate(text, (value, place + 0.5), (3, 0), textcoords="offset points", va="center", size=7.5, color=INK)


def _foot(
    items: pd.DataFrame, patterns: pd.DataFrame, shown: list[int], drawn: pd.DataFrame, lang: Language | None
) -> str:
    values = {"items": len(items) - len(shown), "patterns": len(patterns) - len(drawn)}
    return tr("missing.figure_foot", lang, **values)


def imputation_traces(
    trace: pd.DataFrame, labels: dict[str, str], *, title: Words | None = None, lang: Language | None = None
) -> Figure:
    """Draw the means of filled-in answers after every round, a panel an item, a line an imputation.

    Parameters
    ----------
    trace : DataFrame
        ``iteration``, ``imputation``, ``item``, ``mean``.
    labels : dict
        Items to draw, with their labels; the first nine.
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide, three panels a row.

    Examples
    --------
    >>> trace = pd.DataFrame({"iteration": [1, 2], "imputation": [1, 1], "item": ["a", "a"], "mean": [3.0, 3.1]})
    >>> len(imputation_traces(trace, {"a": "a"}).axes)
    1
    """
    from matplotlib.ticker import MaxNLocator

    from cxlab.show.figure import Picture
    from cxlab.show.style import number_formatter

    require_columns(trace, ["iteration", "imputation", "item", "mean"], "imputation_traces")
    names = list(labels)[:9]
    rows = -(-len(names) // 3)
    text, above = heading(title, lang)
    height = above + 1.55 * rows + 0.3
    with figure_style():
        figure = Picture(figsize=(WIDTH, height))
        axes = figure.subplots(rows, 3, squeeze=False).ravel()
        figure.subplots_adjust(0.07, 0.45 / height, 0.98, 1 - (above + 0.22) / height, 0.28, 0.6)
        for ax, name in zip(axes, names, strict=False):
            own = trace[trace["item"] == name].pivot(index="iteration", columns="imputation", values="mean")
            ax.plot(own.index, own.to_numpy(), color=_BAR, lw=0.7, alpha=0.5)
            ax.set_title(labels[name] if len(labels[name]) < 30 else labels[name][:28] + "…", size=8, weight="normal")
            ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
            ax.yaxis.set_major_formatter(number_formatter(1, lang=lang))
        for ax in axes[len(names) :]:
            ax.remove()
        figure.text(0.98, 0.08 / height, tr("missing.axis_iteration", lang), ha="right", size=8, color=MUTED)
        write_title(figure, text)
    return figure
