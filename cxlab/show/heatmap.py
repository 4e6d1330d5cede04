"""Correlations at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language, format_number
from cxlab.show.rows import SIZE, heading, write_title
from cxlab.show.style import figure_style, number_formatter
from cxlab.show.text import Text, Words, fit, label, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


# So many variables with labels of two lines still fit a page, and with all digits can be read.
_TWO_LINES, _FULL = 26, 15


def correlation_heatmap(
    matrix: pd.DataFrame,
    *,
    labels: Mapping[str, str | Text] | None = None,
    title: Words | None = None,
    digits: int = 2,
    lang: Language | None = None,
) -> Figure:
    """Draw the lower triangle of a correlation matrix, colour and number in each cell.

    Use it for items or constructs; rows are numbered and columns repeat the number, so that labels stay readable.

    Parameters
    ----------
    matrix : DataFrame
        Square, symmetric, same names in rows and columns, values from -1 to 1; missing values stay empty.
    labels : mapping of name to text or bilingual text, optional
        What to print instead of the names.
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    digits : int
        Digits of the printed numbers; above 15 variables at most one is printed, above 20 none.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        The colour runs from -1 to 1 in every figure, so that figures can be compared.

    Raises
    ------
    DataError
        If the matrix is not a correlation matrix of at least two variables.

    Examples
    --------
    >>> matrix = pd.DataFrame([[1, 0.5], [0.5, 1]], index=["a", "b"], columns=["a", "b"])
    >>> figure = correlation_heatmap(matrix)
    """
    from cxlab.show.figure import Picture

    values = _check(matrix)
    k = len(values)
    lines = 2 if k <= _TWO_LINES else 1
    names = [fit(label((labels or {}).get(str(n), str(n)), lang), 2.4, SIZE, lines) for n in matrix.index]
    texts = [f"{i}  {name}" for i, name in enumerate(names, 1)]
    left = max(text_size(text, SIZE)[0] for text in texts) + 0.2
    cell = min(0.46, max(0.2, (6.6 - left - 0.7) / k))
    # rows as high as their labels, so that these do not run into one another
    tall = max(cell, *(text_size(text, SIZE)[1] + 0.05 for text in texts))
    body, high, below = cell * k, tall * k, 0.3
    width = left + body + 0.75
    top, above = heading(title, lang, width - 0.3)
    height = above + high + below
    with figure_style():
        figure = Picture(figsize=(width, height))
        ax = figure.add_axes((left / width, below / height, body / width, high / height))
        mesh = _cells(ax, values, texts)
        if k <= 20:
            _numbers(ax, values, digits if k <= _FULL else min(digits, 1), cell, lang)
        bar = figure.add_axes(((left + body + 0.12) / width, below / height, 0.1 / width, min(high, 1.8) / height))
        figure.colorbar(mesh, cax=bar, ticks=[-1, -0.5, 0, 0.5, 1], format=number_formatter(1, bounded=True, lang=lang))
        bar.grid(visible=False)
        bar.spines[:].set_visible(False)
        write_title(figure, top)
    return figure


def _check(matrix: pd.DataFrame) -> np.ndarray:
    """The values below the diagonal, the rest missing; an error if this is no correlation matrix."""
    if len(matrix) < 2 or list(map(str, matrix.index)) != list(map(str, matrix.columns)):
        raise DataError("show.not_square", rows=len(matrix), columns=len(matrix.columns))
    values = matrix.to_numpy(dtype=float)
    if np.nanmax(np.abs(values), initial=0) > 1 + 1e-8:
        raise DataError("show.not_correlations", largest=float(np.nanmax(np.abs(values))))
    if not np.allclose(values, values.T, atol=1e-8, equal_nan=True):
        raise DataError("show.not_symmetric")
    return np.where(np.tri(len(values), k=-1, dtype=bool), values, np.nan)


def _cells(ax: Axes, values: np.ndarray, texts: list[str]) -> Any:
    """The coloured cells, with names at the left and numbers below."""
    k = len(values)
    mesh = ax.pcolormesh(np.ma.masked_invalid(values), cmap="RdBu", vmin=-1, vmax=1, edgecolors="white", lw=0.8)
    ax.set(xlim=(0, k), ylim=(k, 0))
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set_yticks(np.arange(k) + 0.5, texts, size=SIZE)
    ax.set_xticks(np.arange(k - 1) + 0.5, [str(i + 1) for i in range(k - 1)], size=8)
    return mesh


def _numbers(ax: Axes, values: np.ndarray, digits: int, cell: float, lang: Language | None) -> None:
    """The number in each cell, dark on light and light on dark."""
    places = list(zip(*np.nonzero(np.isfinite(values)), strict=True))
    texts = [format_number(float(values[place]), digits, bounded=True, lang=lang) for place in places]
    widest = max((text_size(text, 10)[0] for text in texts), default=1.0)
    size = min(8.0, 10 * (cell - 0.03) / widest)
    for (i, j), text in zip(places, texts, strict=True):
        colour = "white" if abs(values[i, j]) > 0.62 else "#222222"
        ax.text(j + 0.5, i + 0.5, text, ha="center", va="center", size=size, color=colour)
