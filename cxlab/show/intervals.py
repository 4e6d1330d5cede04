"""Estimates with their intervals: coefficients around zero, reliabilities against a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.cells import cell_text, interval_text, is_missing
from cxlab.show.rows import Row, heading, require_columns, row_axes, row_label
from cxlab.show.style import INK, MUTED, construct_colour, figure_style, number_formatter
from cxlab.show.text import Words, label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Lines = float | Sequence[float] | Mapping[str, float]
_SERIES = (("#225FC2", "o"), ("#B5650D", "s"), ("#309390", "D"), ("#A244A5", "^"), ("#2B2B2B", "v"))


def coefficient_plot(
    table: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "show.estimate",
    digits: int = 2,
    lang: Language | None = None,
) -> Figure:
    """Draw coefficients with their intervals around a zero line, intervals first and points on top.

    Use it for regression or path coefficients, of one model or of several beside each other.

    Parameters
    ----------
    table : DataFrame
        One row a coefficient, in the order of the figure. Columns: ``label`` or ``term`` (text or bilingual),
        ``estimate``, ``ci_lower``, ``ci_upper``; optional: ``block`` (heading above its rows), ``model`` (drawn
        beside each other, with a legend), ``construct`` (gives the colour where there is one model).
    title, xlabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    digits : int
        Digits of the printed numbers.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide. With one model the numbers stand at the right.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"term": ["image", "value"], "estimate": [0.2, -0.1],
    ...                       "ci_lower": [0.1, -0.3], "ci_upper": [0.3, 0.1]})
    >>> len(coefficient_plot(table).axes)
    1
    """
    return _interval_figure(table, {"": 0.0}, title, xlabel, digits, False, lang, "coefficient_plot")


def interval_plot(
    table: pd.DataFrame,
    *,
    reference: Lines | None = None,
    title: Words | None = None,
    xlabel: Words = "show.estimate",
    digits: int = 2,
    bounded: bool = True,
    lang: Language | None = None,
) -> Figure:
    """Draw estimates with their intervals against the lines of rules, such as reliabilities against .70.

    Parameters
    ----------
    table : DataFrame
        As for `coefficient_plot`.
    reference : float, sequence of float or mapping of text to float, optional
        Where to draw dashed lines; a mapping's texts are printed above them.
    title, xlabel, digits, lang
        As for `coefficient_plot`.
    bounded : bool
        True for statistics that cannot pass 1, which lose their leading zero in English.

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
    >>> table = pd.DataFrame({"label": ["Image", "Value"], "estimate": [0.8, 0.6],
    ...                       "ci_lower": [0.75, 0.5], "ci_upper": [0.84, 0.68]})
    >>> figure = interval_plot(table, reference=0.7)
    """
    lines: dict[str, float] = {}
    if isinstance(reference, Mapping):
        lines = {str(text): float(x) for text, x in reference.items()}
    elif reference is not None:
        places = [reference] if isinstance(reference, int | float) else reference
        lines = {format_number(float(x), digits, bounded=bounded, lang=lang): float(x) for x in places}
    return _interval_figure(table, lines, title, xlabel, digits, bounded, lang, "interval_plot")


def _interval_figure(
    table: pd.DataFrame,
    lines: Mapping[str, float],
    title: Words | None,
    xlabel: Words,
    digits: int,
    bounded: bool,
    lang: Language | None,
    figure_name: str,
) -> Figure:
    """Rows with intervals and points, and the lines they are read against."""
    name = "label" if "label" in table.columns else "term"
    require_columns(table, [name, "estimate", "ci_lower", "ci_upper"], figure_name)
    models = list(dict.fromkeys(table["model"])) if "model" in table.columns else [None]
    records = table.to_dict("records")
    rows, members = _rows(records, name, models, digits, bounded, lang)
    several = len(models) > 1
    top = 0.26 * several + 0.2 * any(lines)
    with figure_style():
        figure, ax, centres = row_axes(rows, title=title, top=top, lang=lang)
        handles = [_draw_model(ax, members, centres, k, len(models), model) for k, model in enumerate(models)]
        _draw_lines(ax, lines)
        ax.xaxis.set_major_formatter(number_formatter(None, bounded=bounded, lang=lang))
        ax.set_xlabel(words(xlabel, lang))
        if several:
            place = (0, 1 - (heading(title, lang)[1] - 0.06) / figure.get_figheight())
            texts = [label(str(model), lang) for model in models]
            figure.legend(handles, texts, loc="upper left", bbox_to_anchor=place, ncols=len(models))
    return figure


def _rows(
    records: Sequence[Mapping[Any, Any]],
    name: str,
    models: Sequence[Any],
    digits: int,
    bounded: bool,
    lang: Language | None,
) -> tuple[list[Row], list[list[Mapping[Any, Any]]]]:
    """The figure's rows, and beside each the records drawn in it (none for a heading)."""
    rows: list[Row] = []
    members: list[list[Mapping[Any, Any]]] = []
    places: dict[tuple[str, str], int] = {}
    block = None
    for record in records:
        new = record.get("block")
        text, height = row_label(record[name], lang)
        key = (str(new), text)
        if key in places and len(models) > 1:
            members[places[key]].append(record)
            continue
        if new != block and not is_missing(new):
            rows.append(Row(label(new if isinstance(new, dict) else str(new), lang), heading=True, height=0.32))
            members.append([])
        block = new
        places[key] = len(rows)
        numbers = (_numbers(record, digits, bounded, lang),) if len(models) == 1 else ()
        rows.append(Row(text, numbers, max(height, 0.15 * len(models) + 0.12)))
        members.append([record])
    return rows, members


def _numbers(record: Mapping[Any, Any], digits: int, bounded: bool, lang: Language | None) -> str:
    """Estimate and interval as printed at the right."""
    from cxlab.show.table import Column

    column = Column("", "bounded" if bounded else "number", digits)
    interval = interval_text(record["ci_lower"], record["ci_upper"], column, lang)
    return f"{cell_text(record['estimate'], column, lang)} {interval}"


def _draw_model(
    ax: Axes, members: Sequence[Sequence[Mapping[Any, Any]]], centres: Sequence[float], k: int, models: int, model: Any
) -> Any:
    """The intervals and points of one model, a little above or below the row's middle."""
    colour, marker = _SERIES[k % len(_SERIES)]
    handle = None
    for records, centre in zip(members, centres, strict=True):
        for record in records:
            if models > 1 and record["model"] != model:
                continue
            y = centre + (k - (models - 1) / 2) * 0.15
            own = construct_colour(str(record["construct"])) if models == 1 and "construct" in record else colour
            ax.plot(
                [record["ci_lower"], record["ci_upper"]], [y, y], color=own, lw=1.6, solid_capstyle="butt", zorder=3
            )
            (handle,) = ax.plot(
                [record["estimate"]], [y], marker=marker, ms=5, mfc=own, mec="white", mew=0.8, ls="none", zorder=4
            )
    return handle


def _draw_lines(ax: Axes, lines: Mapping[str, float]) -> None:
    """A solid line at zero, dashed lines at rules, with room on both sides."""
    low, high = ax.get_xlim()
    low, high = min([low, *lines.values()]), max([high, *lines.values()])
    pad = 0.03 * (high - low)
    ax.set_xlim(low - pad, high + pad)
    for text, x in lines.items():
        ax.axvline(x, color=INK if x == 0 else MUTED, lw=0.9, ls="-" if x == 0 else (0, (4, 3)), zorder=2)
        if text:
            ax.text(x, -0.05, text, ha="center", va="bottom", size=8, color=MUTED)
