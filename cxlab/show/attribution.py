"""Shares of credit by several rules, a row a channel: the interval of the first rule, marks of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.i18n import Language
from cxlab.show.cells import interval_text
from cxlab.show.rows import WIDTH, Row, heading, require_columns, row_axes, row_label
from cxlab.show.style import MUTED, figure_style, number_formatter
from cxlab.show.table import Column
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKS = (("#225FC2", "o"), ("#B5650D", "<"), ("#CC3352", ">"), ("#6B6B6B", "s"), ("#309390", "D"), ("#A244A5", "v"))


def credit_figure(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    note: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw the share of credit of each channel by each rule.

    Parameters
    ----------
    table : DataFrame
        One row a rule and channel: ``model`` and ``label`` (text), ``share`` (0 to 1), ``ci_lower``, ``ci_upper``;
        rules and channels in the order of the figure. Of the first rule the interval is drawn and printed.
    title, xlabel, note : str, bilingual text or Notice, optional
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
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"model": ["Markov", "last"], "label": ["shop", "shop"], "share": [0.4, 0.7],
    ...                       "ci_lower": [0.3, 0.6], "ci_upper": [0.5, 0.8]})
    >>> len(credit_figure(table).axes)
    1
    """
    require_columns(table, ["model", "label", "share", "ci_lower", "ci_upper"], "credit_figure")
    models = list(dict.fromkeys(table["model"]))
    main = table[table["model"] == models[0]]
    rows = [_row(record, lang) for record in main.to_dict("records")]
    foot = fit(words(note, lang), (WIDTH - 0.24) / 1.07, 7.5) if note else ""
    bottom = 0.5 + (text_size(foot, 7.5)[1] + 0.08 if foot else 0.0)
    with figure_style():
        figure, ax, centres = row_axes(rows, title=title, top=0.3, bottom=bottom, lang=lang)
        most = 100 * float(table[["share", "ci_upper"]].max().max())
        ax.set_xlim(-0.02 * most, 1.05 * most)
        for y in centres:
            ax.axhline(y, color="#EFEFEF", lw=0.8, zorder=0)
        for record, y in zip(main.to_dict("records"), centres, strict=True):
            ends = [100 * record["ci_lower"], 100 * record["ci_upper"]]
            ax.plot(ends, [y, y], color=_MARKS[0][0], lw=7, alpha=0.3, solid_capstyle="butt", zorder=1)
        places = dict(zip(main["label"], centres, strict=True))
        handles: list[Any] = [_marks(ax, table[table["model"] == model], places, i) for i, model in enumerate(models)]
        ax.xaxis.set_major_formatter(number_formatter(0, lang=lang))
        ax.set_xlabel(words(xlabel, lang))
        at = (0.01, 1 - (heading(title, lang)[1] - 0.06) / figure.get_figheight())
        figure.legend(handles, models, loc="upper left", bbox_to_anchor=at, ncols=len(models), columnspacing=1.1,
                      handletextpad=0.3)  # fmt: skip
        if foot:
            figure.text(0.12 / WIDTH, 0.06 / figure.get_figheight(), foot, size=7.5, color=MUTED, va="bottom",
                        linespacing=1.2)  # fmt: skip
    return figure


def _row(record: Mapping[Any, Any], lang: Language | None) -> Row:
    text, height = row_label(record["label"], lang, 2.0)
    column = Column("", "number", 1)
    ends = interval_text(100 * record["ci_lower"], 100 * record["ci_upper"], column, lang)
    share = number_formatter(1, lang=lang)(100 * record["share"])
    return Row(text, (f"{share}% {ends}",), max(height, 0.3))


def _marks(ax: Axes, part: pd.DataFrame, places: dict[str, float], number: int) -> Any:
    colour, marker = _MARKS[number % len(_MARKS)]
    values: Sequence[float] = 100 * part["share"].to_numpy()
    y = np.array([places[label] for label in part["label"]])
    size, face = (6.5, colour) if number == 0 else (5.2, "none")
    (handle,) = ax.plot(values, y, marker=marker, ms=size, mfc=face, mec=colour if number else "white", mew=1.1,
                        ls="none", zorder=4 if number else 3)  # fmt: skip
    return handle
