"""Importance of drivers by several methods: a panel a method, a row a driver, intervals before points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language
from cxlab.show.cells import is_missing
from cxlab.show.figure import Picture
from cxlab.show.rows import SIZE, WIDTH, heading, require_columns, row_label, write_title
from cxlab.show.style import GRID, INK, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ACROSS = 4
_MARGIN, _BETWEEN = 0.12, 0.16
_HEAD, _FOOT, _GAP = 0.36, 0.26, 0.1
_NOTE = 0.26
_COLOUR = "#225FC2"


def driver_panels(
    table: pd.DataFrame,
    *,
    panels: Sequence[str],
    title: Words | None = None,
    note: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw the importance of drivers by one or several methods, each in its own unit.

    Use it to see at once which drivers lead, how sure that is, and whether methods agree.

    Parameters
    ----------
    table : DataFrame
        Rows in the order of the figure. Columns: ``predictor`` (one row of the figure each),
        ``label`` (text), ``panel``, ``importance``, ``ci_lower``, ``ci_upper`` (missing where not known).
    panels : sequence of str
        Order of the panels, up to four beside each other.
    title, note : str, bilingual text or Notice, optional
        Above the figure, and below it.
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
    >>> table = pd.DataFrame({"predictor": ["a", "b"], "label": ["A", "B"], "panel": "LMG", "importance": [0.3, 0.1],
    ...                       "ci_lower": [0.2, 0.0], "ci_upper": [0.4, 0.2]})
    >>> len(driver_panels(table, panels=["LMG"]).axes)
    1
    """
    require_columns(
        table, ["predictor", "label", "panel", "importance", "ci_lower", "ci_upper"], "driver_panels"
    )  # fmt: skip
    names = list(dict.fromkeys(table["predictor"]))
    shown = table.drop_duplicates("predictor").set_index("predictor")["label"]
    labels = [row_label(shown[name], lang, 1.9) for name in names]
    left = _MARGIN + max(text_size(text, SIZE)[0] for text, _ in labels) + 0.12
    across = min(len(panels), _ACROSS)
    lines = -(-len(panels) // _ACROSS)
    body = sum(height for _, height in labels)
    head, above = heading(title, lang)
    tall = above + lines * (_HEAD + body + _FOOT) + (lines - 1) * _GAP + _NOTE
    wide = (WIDTH - left - _MARGIN - (across - 1) * _BETWEEN) / across
    centres = [sum(h for _, h in labels[:i]) + labels[i][1] / 2 for i in range(len(names))]
    with figure_style():
        figure = Picture(figsize=(WIDTH, tall))
        write_title(figure, head)
        for number, panel in enumerate(panels):
            line, column = divmod(number, _ACROSS)
            bottom = tall - above - (line + 1) * (_HEAD + body) - line * (_FOOT + _GAP)
            box = (left + column * (wide + _BETWEEN), bottom, wide, body)
            ax = figure.add_axes((box[0] / WIDTH, box[1] / tall, box[2] / WIDTH, box[3] / tall))
            rows = table[table["panel"] == panel].set_index("predictor").loc[names]
            _panel(ax, rows, centres, body, fit(panel, wide, 8.5, 2) if len(panels) > 1 else "", lang)
            if column == 0:
                for (text, _), y in zip(labels, centres, strict=True):
                    ax.annotate(text, (0, y), (-7, 0), xycoords=ax.get_yaxis_transform(), textcoords="offset points",
                                ha="right", va="center", size=SIZE)  # fmt: skip
        figure.text(left / WIDTH, 0.08 / tall, words(note, lang), size=8.5, color=INK, va="bottom")
    return figure


def _panel(
    ax: Axes, rows: pd.DataFrame, centres: Sequence[float], body: float, name: str, lang: Language | None
) -> None:
    """One method: a light line a row, the interval, the point."""
    ax.set_ylim(body, 0)
    ax.set_yticks([])
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    for y, row in zip(centres, rows.itertuples(), strict=True):
        ax.axhline(y, color=GRID, lw=0.7, zorder=1)
        if not is_missing(row.ci_lower):
            ends = [row.ci_lower, row.ci_upper]
            ax.plot(ends, [y, y], color=_COLOUR, lw=1.8, solid_capstyle="butt", zorder=3)
        ax.plot([row.importance], [y], "o", ms=4, mfc=_COLOUR, mec="white", mew=0.6, zorder=4)
    low, high = ax.get_xlim()
    low, high = min(low, 0.0), max(high, 0.0)
    ax.set_xlim(low if low < -0.02 * high else -0.03 * high, high)
    ax.axvline(0, color=INK, lw=0.9, zorder=2)
    ax.locator_params(axis="x", nbins=3 if name else 6)
    ax.xaxis.set_major_formatter(number_formatter(None, bounded=True, lang=lang))
    ax.set_title(name, size=8.5, weight="normal", color=INK, loc="left", pad=4)
