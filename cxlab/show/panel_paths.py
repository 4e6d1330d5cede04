"""A panel model from left to right: a column a wave, a row a measure, paths as arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.figure import Picture
from cxlab.show.rows import SIZE, WIDTH, heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, NEGATIVE, construct_colours, figure_style
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _RADIUS, _TOP, _NOTE = 0.92, 0.13, 0.3, 0.3
_LABEL = 1.25
# Where the number stands on an arrow between waves, so that crossing arrows keep theirs apart.
_ALONG = {"stability": 0.5, "carry_over": 0.3}
_COLOURS = {"stability": INK, "carry_over": "#225FC2", "within": "#8A5A12"}


def panel_figure(
    table: pd.DataFrame,
    names: Mapping[str, str],
    heads: Sequence[str],
    *,
    title: Words | None = None,
    note: Words = "",
    alpha: float = 0.05,
    lang: Language | None = None,
) -> Figure:
    """Draw measures over waves: stability along the rows, carry-over across them, paths inside a wave as curves.

    Parameters
    ----------
    table : DataFrame
        One row an arrow: ``cause``, ``outcome``, ``kind`` ("stability", "carry_over" or "within"), ``start`` and ``to``
        (number of the wave, from 0), ``estimate``, ``pvalue``.
    names : mapping of measure to label
        Rows from top to bottom.
    heads : sequence of str
        Headings of the waves.
    title, note : str, bilingual text or Notice, optional
    alpha : float
        Arrows with p at or above it are dashed.
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
    >>> table = pd.DataFrame({"cause": ["a"], "outcome": ["a"], "kind": ["stability"], "start": [0], "to": [1],
    ...                       "estimate": [0.6], "pvalue": [0.001]})
    >>> len(panel_figure(table, {"a": "A"}, ["Wave 1", "Wave 2"]).axes)
    1
    """
    require_columns(table, ["cause", "outcome", "kind", "start", "to", "estimate", "pvalue"], "panel_figure")
    head, above = heading(title, lang)
    foot = fit(words(note, lang), WIDTH - 0.5, 7.5) if note else ""
    below = text_size(foot, 7.5)[1] + 0.16 if foot else 0.1
    body = _ROW * len(names) - 0.25
    tall = above + _TOP + body + below
    with figure_style():
        figure = Picture(figsize=(WIDTH, tall))
        write_title(figure, head)
        ax = figure.add_axes((0, below / tall, 1, body / tall))
        ax.set(xlim=(0, WIDTH), ylim=(body, 0))
        ax.set_axis_off()
        places = _places(names, len(heads))
        for row in table.to_dict("records"):
            _arrow(ax, row, places, list(names), alpha, lang)
        _nodes(ax, names, heads, places)
        if foot:
            figure.text(0.12 / WIDTH, 0.07 / tall, foot, size=7.5, color=MUTED, va="bottom", linespacing=1.2)
    return figure


def _places(names: Mapping[str, str], waves: int) -> dict[tuple[str, int], tuple[float, float]]:
    """Centres of the nodes in inches."""
    left = 0.12 + min(_LABEL, max(text_size(name, SIZE)[0] for name in names.values())) + 0.42
    step = (WIDTH - left - 0.42) / max(waves - 1, 1)
    return {(name, k): (left + k * step, 0.3 + i * _ROW) for i, name in enumerate(names) for k in range(waves)}


def _nodes(
    ax: Axes, names: Mapping[str, str], heads: Sequence[str], places: Mapping[tuple[str, int], tuple[float, float]]
) -> None:
    colours = construct_colours(list(names))
    for name, shown in names.items():
        text = fit(shown, _LABEL, SIZE, 3)
        ax.text(0.12, places[name, 0][1], text, va="center", size=SIZE, linespacing=1.1)
        for k in range(len(heads)):
            ax.plot(*places[name, k], "o", ms=2 * 72 * _RADIUS, mfc=colours[name], mec="white", mew=1.2, zorder=5)
    for k, text in enumerate(heads):
        x, y = places[next(iter(names)), k]
        ax.text(x, y - 0.42, text, ha="center", va="bottom", size=SIZE, weight="bold", clip_on=False)


def _arrow(
    ax: Axes,
    row: Mapping[Any, Any],
    places: Mapping[tuple[str, int], tuple[float, float]],
    order: Sequence[str],
    alpha: float,
    lang: Language | None,
) -> None:
    """One arrow with its number on white ground."""
    from matplotlib.patches import FancyArrowPatch

    one, two = places[row["cause"], row["start"]], places[row["outcome"], row["to"]]
    apart = abs(order.index(row["cause"]) - order.index(row["outcome"]))
    bend = 0.0
    if row["kind"] == "within":  # from the second neighbour on an arc that leaves the nodes between at its side
        bend = 0.0 if apart == 1 else (0.16 + 0.09 * apart) * (1 if two[1] > one[1] else -1)
    colour = NEGATIVE if row["estimate"] < 0 else _COLOURS[row["kind"]]
    sure = row["pvalue"] < alpha
    ax.add_patch(FancyArrowPatch(
        one, two, connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=9, color=colour,
        lw=1.2 if sure else 0.9, ls="-" if sure else (0, (3, 2)), shrinkA=72 * _RADIUS + 1, shrinkB=72 * _RADIUS + 1,
        zorder=2,
    ))  # fmt: skip
    along = _ALONG.get(row["kind"], 0.5)
    x, y = (one[i] + along * (two[i] - one[i]) for i in (0, 1))
    if bend:
        # half of the control point's distance, at right angles to the chord
        dx, dy = two[0] - one[0], two[1] - one[1]
        x, y = x - bend * dy / 2, y + bend * dx / 2
    text = format_number(float(row["estimate"]), 2, bounded=True, lang=lang)
    ax.text(x, y, text, ha="center", va="center", size=7.5, color=colour, zorder=4,
            bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"})  # fmt: skip
