"""Loadings at a glance: items in rows, factors in columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language, format_number
from cxlab.show.rows import SIZE, heading, write_title
from cxlab.show.style import INK, MUTED, figure_style, number_formatter
from cxlab.show.text import Text, Words, fit, label, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELL, _ROW = 0.62, 0.27


def loadings_heatmap(
    loadings: pd.DataFrame,
    *,
    labels: Mapping[str, str | Text] | None = None,
    cut: float = 0.3,
    title: Words | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw a pattern of loadings, colour and number in each cell; small numbers are pale.

    Parameters
    ----------
    loadings : DataFrame (items by factors)
        In the order wanted.
    labels : mapping of name to text or bilingual text, optional
        What to print beside the items' names.
    cut : float
        Loadings below it, sign aside, are printed pale.
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        The colour runs from -1 to 1 in every figure; a loading beyond has the colour of the end.

    Raises
    ------
    DataError
        If there is nothing to draw.

    Examples
    --------
    >>> figure = loadings_heatmap(pd.DataFrame({"F1": [0.8, 0.1], "F2": [0.0, 0.7]}, index=["a", "b"]))
    """
    from cxlab.show.figure import Picture

    if loadings.empty:
        raise DataError("show.figure_empty", figure="loadings_heatmap")
    texts = _texts(loadings, labels or {}, lang)
    factors = loadings.shape[1]
    left = max(text_size(text, SIZE)[0] for text in texts) + 0.2
    body, tall = _CELL * factors, sum(_heights(texts))
    width = max(left + body + 0.75, 3.2)
    top, above = heading(title, lang, width - 0.3)
    below, head = 0.12, 0.28
    height = above + head + tall + below
    with figure_style():
        figure = Picture(figsize=(width, height))
        ax = figure.add_axes((left / width, below / height, body / width, tall / height))
        mesh = _cells(ax, loadings.to_numpy(dtype=float), _heights(texts))
        _names(ax, texts, list(map(str, loadings)), _heights(texts))
        _numbers(ax, loadings.to_numpy(dtype=float), _heights(texts), cut, lang)
        tall_bar = min(tall, 1.8)
        place = ((left + body + 0.12) / width, (below + tall - tall_bar) / height, 0.1 / width, tall_bar / height)
        bar = figure.add_axes(place)
        figure.colorbar(mesh, cax=bar, ticks=[-1, -0.5, 0, 0.5, 1], format=number_formatter(1, bounded=True, lang=lang))
        bar.grid(visible=False)
        bar.spines[:].set_visible(False)
        write_title(figure, top)
    return figure


def _texts(loadings: pd.DataFrame, labels: Mapping[str, str | Text], lang: Language | None) -> list[str]:
    """Each item's name, followed by its question where there is one."""
    found = []
    for name in map(str, loadings.index):
        question = label(labels[name], lang) if name in labels else ""
        found.append(fit(f"{label(name)}  {question}" if question and question != name else label(name), 3.1, SIZE, 2))
    return found


def _heights(texts: list[str]) -> list[float]:
    return [max(_ROW, text_size(text, SIZE)[1] + 0.06) for text in texts]


def _cells(ax: Axes, values: np.ndarray, heights: list[float]) -> Any:
    edges = np.concatenate([[0.0], np.cumsum(heights)])
    across = np.arange(values.shape[1] + 1)
    mesh = ax.pcolormesh(across, edges, values, cmap="RdBu", vmin=-1, vmax=1, edgecolors="white", lw=0.8)
    ax.set(xlim=(0, values.shape[1]), ylim=(edges[-1], 0))
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    return mesh


def _names(ax: Axes, texts: list[str], factors: list[str], heights: list[float]) -> None:
    ax.set_yticks(_middles(heights), texts, size=SIZE)
    ax.xaxis.tick_top()
    ax.set_xticks(np.arange(len(factors)) + 0.5, factors, size=SIZE, weight="bold", color=INK)


def _middles(heights: list[float]) -> np.ndarray:
    return np.cumsum(heights) - np.array(heights) / 2


def _numbers(ax: Axes, values: np.ndarray, heights: list[float], cut: float, lang: Language | None) -> None:
    middles = _middles(heights)
    for (i, j), value in np.ndenumerate(values):
        large = abs(value) >= cut
        colour = "white" if abs(value) > 0.62 else INK if large else MUTED
        text = format_number(float(value), 2, bounded=True, lang=lang)
        ax.text(
            j + 0.5,
            float(middles[i]),
            text,
            ha="center",
            va="center",
            size=8,
            color=colour,
            alpha=1.0 if large else 0.75,
        )
