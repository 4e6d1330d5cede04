"""Two effects of each thing, to both sides of zero: what is lost to the left, what is gained to the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.rows import SIZE, WIDTH, Row, require_columns, row_axes, row_label
from cxlab.show.style import INK, NEGATIVE, figure_style, number_formatter, tint
from cxlab.show.text import Words, fit, label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIDES = (("left", NEGATIVE, -0.055), ("right", "#225FC2", 0.055))
_PARTS = ("", "_lower", "_upper")


def diverging_bars(
    table: pd.DataFrame,
    *,
    heads: Sequence[Words] = ("", "", ""),
    title: Words | None = None,
    xlabel: Words = "show.estimate",
    digits: int = 2,
    lang: Language | None = None,
) -> Figure:
    """Draw for each row one bar to each side of zero with its interval, the numbers and a remark at the right.

    Use it for penalties and rewards: the longer side says whether an attribute is taken for granted or delights.

    Parameters
    ----------
    table : DataFrame
        One row a thing, in the order of the figure. Columns: ``label`` (text or bilingual), ``left``, ``left_lower``,
        ``left_upper``, ``right``, ``right_lower``, ``right_upper``; optional ``note`` (text or bilingual).
    heads : three texts
        Above the numbers of the left bar, of the right bar, and above the remarks.
    title, xlabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    digits : int
        Digits of the printed numbers.
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
    >>> table = pd.DataFrame({"label": ["people"], "left": [-1.2], "left_lower": [-1.6], "left_upper": [-0.8],
    ...                       "right": [0.1], "right_lower": [-0.1], "right_upper": [0.3], "note": ["basic"]})
    >>> len(diverging_bars(table).axes)
    1
    """
    require_columns(table, ["label", *(side + part for side, _, _ in _SIDES for part in _PARTS)], "diverging_bars")
    records = table.to_dict("records")
    noted = "note" in table
    rows = [_row(record, noted, digits, lang) for record in records]
    with figure_style():
        shown = [words(head, lang) for head in heads][: 3 if noted else 2]
        figure, ax, centres = row_axes(rows, shown if any(shown) else (), title=title, bottom=0.84, lang=lang)
        for record, y in zip(records, centres, strict=True):
            _bars(ax, record, y)
        _room(ax, table)
        ax.axvline(0, color=INK, lw=0.9, zorder=4)
        ax.xaxis.set_major_formatter(number_formatter(None, lang=lang))
        ax.set_xlabel(fit(words(xlabel, lang), ax.get_position().width * WIDTH, SIZE, 3))
    return figure


def _row(record: Mapping[Any, Any], noted: bool, digits: int, lang: Language | None) -> Row:
    text, height = row_label(record["label"], lang)
    numbers = [format_number(record[side], digits, lang=lang) for side in ("left", "right")]
    note = record.get("note", "")
    more = [label(note if isinstance(note, dict) else str(note), lang)] if noted else []
    return Row(text, (*numbers, *more), max(height, 0.34))


def _bars(ax: Axes, record: Mapping[Any, Any], y: float) -> None:
    """Both bars, a little apart so that intervals that cross zero stay readable."""
    for side, colour, shift in _SIDES:
        value, low, high = (record[side + part] for part in _PARTS)
        ax.barh(y + shift, value, 0.11, color=tint(colour, 0.55), edgecolor=colour, linewidth=0.6, zorder=2)
        ax.plot([low, high], [y + shift, y + shift], color=colour, lw=1.5, solid_capstyle="butt", zorder=3)
        ax.plot([value], [y + shift], marker="o", ms=4.2, mfc=colour, mec="white", mew=0.7, ls="none", zorder=5)


def _room(ax: Axes, table: pd.DataFrame) -> None:
    """Zero and all intervals inside, with a margin."""
    ends = table[[side + part for side, _, _ in _SIDES for part in _PARTS]]
    low, high = min(0.0, float(ends.min().min())), max(0.0, float(ends.max().max()))
    pad = 0.04 * (high - low or 1.0)
    ax.set_xlim(low - pad, high + pad)
