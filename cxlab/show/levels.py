"""Parts of a variance as one bar, and below it shrunken means with what they were before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.cells import interval_text
from cxlab.show.rows import WIDTH, Row, heading, require_columns, row_axes, row_label
from cxlab.show.style import INK, MUTED, figure_style, number_formatter
from cxlab.show.table import Column
from cxlab.show.text import Words, fit, label, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = ("#225FC2", "#B5650D", "#C9C9C9")
_BAR, _SMALL = 0.24, 8.0


def levels_figure(
    parts: pd.DataFrame,
    means: pd.DataFrame,
    *,
    center: float,
    title: Words | None = None,
    xlabel: Words = "",
    before: Words = "",
    after: Words = "",
    note: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw shares of variance as one bar, then a row a group: its mean before and after shrinking, with interval.

    Parameters
    ----------
    parts : DataFrame
        Columns ``label`` (text or bilingual) and ``share``, in order, adding up to 1.
    means : DataFrame
        Columns ``label``, ``raw``, ``estimate``, ``ci_lower``, ``ci_upper``, ``n``, in the order of the figure.
    center : float
        The overall mean, a dashed line.
    title, xlabel, before, after, note : str, bilingual text or Notice, optional
        Catalogue key or text; `before` and `after` name the two marks.
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
    >>> parts = pd.DataFrame({"label": ["customer", "rest"], "share": [0.3, 0.7]})
    >>> means = pd.DataFrame({"label": ["shop"], "raw": [1.4], "estimate": [1.2], "ci_lower": [0.9],
    ...                       "ci_upper": [1.5], "n": [40]})
    >>> len(levels_figure(parts, means, center=1.0).axes)
    2
    """
    require_columns(parts, ["label", "share"], "levels_figure")
    require_columns(means, ["label", "raw", "estimate", "ci_lower", "ci_upper", "n"], "levels_figure")
    rows = [_row(record, lang) for record in means.to_dict("records")]
    foot = fit(words(note, lang), (WIDTH - 0.24) / 1.07, 7.5) if note else ""
    bottom = 0.5 + (text_size(foot, 7.5)[1] + 0.08 if foot else 0.0)
    with figure_style():
        figure, ax, centres = row_axes(rows, title=title, top=_BAR + 0.66, bottom=bottom, lang=lang)
        low, high = means[["raw", "ci_lower"]].min().min(), means[["raw", "ci_upper"]].max().max()
        ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
        ax.axvline(center, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
        handles = _points(ax, means, centres)
        ax.xaxis.set_major_formatter(number_formatter(None, lang=lang))
        ax.set_xlabel(words(xlabel, lang))
        height, above = figure.get_figheight(), heading(title, lang)[1]
        _bar(figure, parts, above, lang)
        figure.legend(handles, [words(before, lang), words(after, lang)], loc="upper left", ncols=2,
                      bbox_to_anchor=(0.01, 1 - (above + _BAR + 0.3) / height))  # fmt: skip
        if foot:
            figure.text(0.12 / WIDTH, 0.06 / height, foot, size=7.5, color=MUTED, va="bottom", linespacing=1.2)
    return figure


def _row(record: Mapping[Any, Any], lang: Language | None) -> Row:
    text, height = row_label(record["label"], lang, 2.1)
    ends = interval_text(record["ci_lower"], record["ci_upper"], Column("", "number"), lang)
    return Row(text, (f"{format_number(record['estimate'], lang=lang)} {ends}", f"n = {int(record['n'])}"),
               max(height - 0.06, 0.22))  # fmt: skip


def _points(ax: Axes, means: pd.DataFrame, centres: Sequence[float]) -> list[Any]:
    hollow: Any = None
    filled: Any = None
    for record, y in zip(means.to_dict("records"), centres, strict=True):
        ax.plot([record["ci_lower"], record["ci_upper"]], [y, y], color=_COLOURS[1], lw=1.6, solid_capstyle="butt",
                zorder=2)  # fmt: skip
        (hollow,) = ax.plot([record["raw"]], [y], marker="o", ms=4.6, mfc="none", mec=MUTED, mew=0.9, ls="none",
                            zorder=3)  # fmt: skip
        (filled,) = ax.plot([record["estimate"]], [y], marker="o", ms=4.8, mfc=_COLOURS[1], mec="white", mew=0.7,
                            ls="none", zorder=4)  # fmt: skip
    return [hollow, filled]


def _bar(figure: Figure, parts: pd.DataFrame, above: float, lang: Language | None) -> None:
    """The whole variance as one bar across the figure, each part with its share."""
    height, wide = figure.get_figheight(), WIDTH - 0.24
    ax = figure.add_axes((0.12 / WIDTH, 1 - (above + _BAR) / height, wide / WIDTH, _BAR / height))
    ax.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    start = 0.0
    for record, colour in zip(parts.to_dict("records"), _COLOURS, strict=False):
        share = float(record["share"])
        ax.barh(0.5, share, 1.0, left=start, color=colour, edgecolor="white", lw=1.0)
        number = f"{format_number(100 * share, 0, lang=lang)}%"
        name = f"{label(record['label'], lang)} {number}"
        inside = next((text for text in (name, number) if text_size(text, _SMALL)[0] < share * wide - 0.08), "")
        ink = INK if colour == _COLOURS[2] else "white"
        ax.text(start + share / 2, 0.48, inside, ha="center", va="center", size=_SMALL, color=ink)
        if inside != name:
            side, x = ("left", start) if start < 0.75 else ("right", start + share)
            text = label(record["label"], lang) if inside else name
            ax.text(x, -0.12, text, ha=side, va="top", size=_SMALL, color=INK)
        start += share
