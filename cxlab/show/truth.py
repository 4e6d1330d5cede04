"""Estimates with their intervals, and where the true values lie: for simulated data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language, format_number, tr
from cxlab.show.cells import is_missing
from cxlab.show.rows import WIDTH, Row, heading, require_columns, row_axes, row_label
from cxlab.show.style import MUTED, figure_style, number_formatter
from cxlab.show.text import Words, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INSIDE, _OUTSIDE, _TRUTH = "#225FC2", "#B5650D", "#2B2B2B"


def truth_plot(
    table: pd.DataFrame, *, title: Words | None = None, xlabel: Words = "show.estimate", lang: Language | None = None
) -> Figure:
    """Draw intervals and points, and an upright stroke at each true value; intervals that miss it stand out.

    Parameters
    ----------
    table : DataFrame
        One row an estimate, in the order of the figure. Columns: ``label``, ``estimate``, ``ci_lower``, ``ci_upper``,
        ``truth``, ``inside``; optional ``block`` (heading above its rows).
    title, xlabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide; estimate and truth stand at the right.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"label": ["a"], "estimate": [0.5], "ci_lower": [0.4], "ci_upper": [0.6],
    ...                       "truth": [0.55], "inside": [True]})
    >>> len(truth_plot(table).axes)
    1
    """
    require_columns(table, ["label", "estimate", "ci_lower", "ci_upper", "truth", "inside"], "truth_plot")
    rows, records = _rows(table, lang)
    heads = (tr("show.estimate", lang), tr("simulation.col_truth", lang))
    with figure_style():
        figure, ax, centres = row_axes(rows, heads, title=title, top=0.26, lang=lang)
        for record, y in zip(records, centres, strict=True):
            if record is not None:
                _draw(ax, record, y)
        low, high = ax.get_xlim()
        if low < 0 < high:
            ax.axvline(0, color=MUTED, lw=0.8, zorder=1)
        ax.xaxis.set_major_formatter(number_formatter(None, lang=lang))
        ax.set_xlabel(words(xlabel, lang))
        _legend(figure, title, lang)
    return figure


def _rows(table: pd.DataFrame, lang: Language | None) -> tuple[list[Row], list[dict[str, float] | None]]:
    rows: list[Row] = []
    records: list[dict[str, float] | None] = []
    block = None
    for record in table.to_dict("records"):
        new = record.get("block")
        if new != block and not is_missing(new):
            rows.append(Row(str(new), heading=True, height=0.32))
            records.append(None)
        block = new
        text, height = row_label(record["label"], lang)
        numbers = tuple(format_number(record[name], 2, lang=lang) for name in ("estimate", "truth"))
        rows.append(Row(text, numbers, min(height, 0.24) if height <= 0.3 else height))
        records.append({str(name): value for name, value in record.items()})
    return rows, records


def _draw(ax: Axes, record: dict[str, float], y: float) -> None:
    colour = _INSIDE if record["inside"] else _OUTSIDE
    ax.plot([record["ci_lower"], record["ci_upper"]], [y, y], color=colour, lw=1.6, solid_capstyle="butt", zorder=3)
    marker = "o" if record["inside"] else "s"
    ax.plot([record["estimate"]], [y], marker=marker, ms=5, mfc=colour, mec="white", mew=0.8, ls="none", zorder=4)
    ax.plot([record["truth"]] * 2, [y - 0.09, y + 0.09], color=_TRUTH, lw=1.8, solid_capstyle="butt", zorder=5)


def _legend(figure: Figure, title: Words | None, lang: Language | None) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=_INSIDE, marker="o", ms=5, mec="white", lw=1.6),
        Line2D([], [], color=_OUTSIDE, marker="s", ms=5, mec="white", lw=1.6),
        Line2D([], [], color=_TRUTH, marker="|", ms=10, mew=1.8, ls="none"),
    ]
    texts = [tr(f"simulation.legend_{key}", lang) for key in ("inside", "outside", "truth")]
    place = (0.1 / WIDTH, 1 - (heading(title, lang)[1] - 0.06) / figure.get_figheight())
    figure.legend(handles, texts, loc="upper left", bbox_to_anchor=place, ncols=3)
