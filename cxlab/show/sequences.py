"""Groups of sequences: which states at which place, and the sequences themselves, one thin line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxlab.errors import DataError
from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import WIDTH, heading, write_title
from cxlab.show.style import MUTED, PALETTE, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Ints = NDArray[np.int64]
_PANEL, _GAP, _LINES = 1.15, 0.5, 200
_SMALL = 8.0
_OTHER = "#BDBDBD"


@dataclass(frozen=True, eq=False)
class Panel:
    """One group: its heading, its sequences (n, L) of states, -1 after the end, and what is said beside the heading."""

    text: str
    sequences: Ints
    detail: str = ""


def sequence_figure(
    panels: Sequence[Panel],
    states: Sequence[str],
    *,
    ordered: bool = False,
    title: Words | None = None,
    left: Words = "",
    right: Words = "",
    xlabel: Words = "",
    note: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw, a row a group, the distribution of states by place and the sequences sorted from their start.

    Parameters
    ----------
    panels : sequence of Panel
    states : sequence of str
        Names of the states, as printed.
    ordered : bool
        True gives states colours from dark to light in their order.
    title, left, right, xlabel, note : str, bilingual text or Notice, optional
        Catalogue key or text; `left` and `right` head the two columns.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide. Of more than 200 sequences in a group an even part is drawn as lines.

    Raises
    ------
    DataError
        If there is no group.

    Examples
    --------
    >>> group = Panel("1 · n = 2", np.array([[0, 1, -1], [0, 0, 1]]))
    >>> len(sequence_figure([group], ["search", "buy"], ordered=True).axes)
    2
    """
    if not panels:
        raise DataError("show.figure_empty", figure="sequence_figure")
    colours = state_colours(len(states), ordered)
    keys = _legend_rows(states)
    foot = fit(words(note, lang), (WIDTH - 0.24) / 1.07, 7.5) if note else ""
    head, above = heading(title, lang)
    below = 0.55 + 0.21 * len(keys) + (text_size(foot, 7.5)[1] + 0.1 if foot else 0.05)
    height = above + 0.22 + len(panels) * (_PANEL + _GAP) - 0.2 + below
    places = _places(panels)
    with figure_style():
        figure = Picture(figsize=(WIDTH, height))
        write_title(figure, head)
        sides = ((0.55, 2.85), (3.6, 2.85))
        for (start, _), text in zip(sides, (left, right), strict=True):
            figure.text(start / WIDTH, 1 - (above + 0.02) / height, words(text, lang), size=_SMALL, color=MUTED,
                        va="top")  # fmt: skip
        for row, panel in enumerate(panels):
            top = above + 0.22 + row * (_PANEL + _GAP) + 0.24
            _heading(figure, panel, 1 - (top - 0.05) / height)
            axes = [figure.add_axes((x / WIDTH, 1 - (top + _PANEL) / height, wide / WIDTH, _PANEL / height))
                    for x, wide in sides]  # fmt: skip
            last = row == len(panels) - 1
            _distribution(axes[0], panel.sequences[:, :places], colours, lang)
            _lines(axes[1], panel.sequences[:, :places], colours)
            for ax in axes:
                _frame(ax, places, words(xlabel, lang) if last else "")
        _legend(figure, keys, states, colours, below)
        if foot:
            figure.text(0.12 / WIDTH, 0.06 / height, foot, size=7.5, color=MUTED, va="bottom", linespacing=1.2)
    return figure


def _heading(figure: Figure, panel: Panel, y: float) -> None:
    """The group in bold, and what is said of it beside, cut where the figure ends."""
    figure.text(0.12 / WIDTH, y, panel.text, size=_SMALL, weight="bold", va="bottom")
    start = 0.12 + 1.14 * text_size(panel.text, _SMALL)[0] + 0.12  # bold letters are a little wider
    figure.text(start / WIDTH, y, fit(panel.detail, (WIDTH - 0.12 - start) / 1.07, _SMALL, 1), size=_SMALL, va="bottom")


def state_colours(k: int, ordered: bool) -> list[str]:
    """A colour for each of k states; ordered ones from dark to light, told apart by colour-blind readers and in grey.

    Examples
    --------
    >>> state_colours(2, True)
    ['#440256', '#F6E620']
    """
    if not ordered:
        shades = list(PALETTE.values())
        return [shades[i] if i < len(shades) else _OTHER for i in range(k)]
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    return [to_hex(colormaps["viridis"](0.005 + 0.98 * i / max(k - 1, 1))).upper() for i in range(k)]


def _places(panels: Sequence[Panel]) -> int:
    """As many places as all but the longest twentieth need."""
    lengths = np.concatenate([(panel.sequences >= 0).sum(axis=1) for panel in panels])
    return max(2, int(np.ceil(np.quantile(lengths, 0.95))))


def _distribution(ax: Axes, sequences: Ints, colours: list[str], lang: Language | None) -> None:
    """Stacked shares of the group's customers; what is white has ended."""
    k = len(colours)
    shares = np.array([(sequences == state).mean(axis=0) for state in range(k)])
    floor = np.zeros(sequences.shape[1])
    for state in range(k):
        ax.bar(np.arange(1, len(floor) + 1), 100 * shares[state], 1.0, bottom=100 * floor, color=colours[state],
               edgecolor="white", lw=0.3)  # fmt: skip
        floor += shares[state]
    ax.set(ylim=(0, 100), yticks=[0, 50, 100])
    ax.yaxis.set_major_formatter(lambda value, _: f"{number_formatter(0, lang=lang)(value)}%")


def _lines(ax: Axes, sequences: Ints, colours: list[str]) -> None:
    """The sequences from top to bottom, those that start alike beside each other."""
    from matplotlib.colors import ListedColormap

    ranked = sequences[np.lexsort(np.where(sequences < 0, 999, sequences).T[::-1])]
    if len(ranked) > _LINES:
        ranked = ranked[np.linspace(0, len(ranked) - 1, _LINES).round().astype(int)]
    shown = np.ma.masked_less(ranked, 0)
    ax.imshow(shown, cmap=ListedColormap(colours), vmin=-0.5, vmax=len(colours) - 0.5, aspect="auto",
              interpolation="nearest", extent=(0.5, sequences.shape[1] + 0.5, len(ranked), 0))  # fmt: skip
    ax.set_yticks([])


def _frame(ax: Axes, places: int, xlabel: str) -> None:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if places / step <= 9)
    ax.set(xlim=(0.5, places + 0.5), xticks=[1, *range(step if step > 1 else 2, places + 1, step)])
    ax.grid(visible=False)
    ax.set_xlabel(xlabel)


def _legend_rows(states: Sequence[str]) -> list[list[int]]:
    """States broken into rows that fit the figure."""
    rows: list[list[int]] = [[]]
    used = 0.0
    for state, text in enumerate(states):
        wide = text_size(text, _SMALL)[0] + 0.36
        if used + wide > WIDTH - 0.3 and rows[-1]:
            rows.append([])
            used = 0.0
        rows[-1].append(state)
        used += wide
    return rows


def _legend(figure: Figure, rows: list[list[int]], states: Sequence[str], colours: list[str], below: float) -> None:
    from matplotlib.patches import Rectangle

    height = figure.get_figheight()
    for number, row in enumerate(rows):
        x, y = 0.14, below - 0.6 - 0.21 * number
        for state in row:
            box = Rectangle((x / WIDTH, y / height), 0.13 / WIDTH, 0.11 / height, color=colours[state], lw=0)
            figure.add_artist(box)
            figure.text((x + 0.18) / WIDTH, (y + 0.055) / height, states[state], size=_SMALL, va="center")
            x += text_size(states[state], _SMALL)[0] + 0.36
