"""The frame shared by figures that have one row per thing: labels left, marks in the middle, numbers right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language
from cxlab.show.style import INK, MUTED
from cxlab.show.text import Words, fit, label, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.6
SIZE = 8.5
_TITLE = 9.5
_MARGIN = 0.12


@dataclass(frozen=True)
class Row:
    """One line of the figure: its label, the numbers printed at the right, and its height in inches."""

    text: str
    numbers: tuple[str, ...] = ()
    height: float = 0.28
    heading: bool = False


def require_columns(table: pd.DataFrame, names: Iterable[str], figure: str) -> None:
    """An error that names what a figure's table lacks, or that it is empty."""
    lacking = [name for name in names if name not in table.columns]
    if lacking:
        known = ", ".join(map(str, table.columns))
        raise DataError("show.figure_columns", figure=figure, names=", ".join(lacking), known=known)
    if len(table) == 0:
        raise DataError("show.figure_empty", figure=figure)


def row_label(text: object, lang: Language | None, inches: float = 2.3) -> tuple[str, float]:
    """A label wrapped to the label column, and the height of its row."""
    shown = fit(label(text if isinstance(text, dict) else str(text), lang), inches, SIZE, 3)
    return shown, max(0.28, text_size(shown, SIZE)[1] + 0.1)


def heading(title: Words | None, lang: Language | None, inches: float = WIDTH - 0.3) -> tuple[str, float]:
    """A figure's title, wrapped, and the height it takes."""
    text = fit(words(title, lang), inches / 1.12, _TITLE) if title else ""  # bold letters are a little wider
    return text, text_size(text, _TITLE)[1] + 0.18 if text else 0.08


def write_title(figure: Figure, text: str) -> None:
    """Write the title at the top left of a figure."""
    width, height = figure.get_size_inches()
    figure.text(_MARGIN / width, 1 - 0.1 / height, text, weight="bold", size=_TITLE, va="top", linespacing=1.2)


def row_axes(
    rows: Sequence[Row],
    heads: Sequence[str] = (),
    *,
    title: Words | None = None,
    top: float = 0.0,
    bottom: float = 0.55,
    lang: Language | None = None,
) -> tuple[Figure, Axes, list[float]]:
    """A figure with labels and numbers written; returns it, its axes, and the rows' centres on the y-axis.

    The y-axis runs downwards in inches, so that marks can be placed as exactly as the texts. `heads` stand above the
    columns of numbers; `top` keeps room for a legend above the axes.
    """
    from cxlab.show.figure import Picture

    left = _MARGIN + max(text_size(row.text, SIZE)[0] for row in rows) + 0.1
    widths = _number_widths(rows, heads)
    right = sum(widths) + 0.14 * len(widths) + _MARGIN
    text, title_height = heading(title, lang)
    above = top + title_height + (0.22 if heads else 0.0)
    body = sum(row.height for row in rows)
    height = above + body + bottom
    figure = Picture(figsize=(WIDTH, height))
    ax = figure.add_axes((left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, body / height))
    ax.set_ylim(body, 0)
    ax.set_yticks([])
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    write_title(figure, text)
    centres = _centres(rows)
    _write(ax, rows, heads, widths, centres)
    return figure, ax, centres


def _number_widths(rows: Sequence[Row], heads: Sequence[str]) -> list[float]:
    """The width in inches of each column of numbers."""
    columns = max((len(row.numbers) for row in rows), default=0)
    texts = [[*heads[i : i + 1], *(row.numbers[i] for row in rows if row.numbers)] for i in range(columns)]
    return [max(text_size(text, 8)[0] for text in column) for column in texts]


def _centres(rows: Sequence[Row]) -> list[float]:
    """Where each row's middle lies, in inches from the top."""
    ends = [sum(row.height for row in rows[: i + 1]) for i in range(len(rows))]
    return [end - row.height / 2 for end, row in zip(ends, rows, strict=True)]


def _write(
    ax: Axes, rows: Sequence[Row], heads: Sequence[str], widths: Sequence[float], centres: Sequence[float]
) -> None:
    """Write labels at the left and numbers at the right of the axes."""
    transform = ax.get_yaxis_transform()
    inch = 1 / (ax.get_position().width * WIDTH)
    for row, y in zip(rows, centres, strict=True):
        weight, colour = ("bold", INK) if row.heading else ("normal", INK)
        left = -(ax.get_position().x0 * WIDTH - _MARGIN) * inch if row.heading else -0.1 * inch
        ha = "left" if row.heading else "right"
        ax.text(left, y, row.text, transform=transform, ha=ha, va="center", size=SIZE, weight=weight, color=colour)
    edge = 1.0
    for i, width in enumerate(widths):
        edge += (0.14 + width) * inch
        for row, y in zip(rows, centres, strict=True):
            if row.numbers:
                ax.text(edge, y, row.numbers[i], transform=transform, ha="right", va="center", size=8)
        if heads:
            ax.text(edge, -0.06, heads[i], transform=transform, ha="right", va="bottom", size=8, color=MUTED)
