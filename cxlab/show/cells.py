"""From raw values to printed cells: the one place where a table's numbers get their dress."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Number
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, current_language, format_number, format_p, pick
from cxlab.show.text import count, label, printable, words

if TYPE_CHECKING:
    from cxlab.show.table import Column, Table

MISSING = "–"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def is_missing(value: Any) -> bool:
    """True for None, NaN, NaT and pandas' NA; False for anything that can be printed."""
    return not isinstance(value, Mapping | str) and bool(pd.api.types.is_scalar(value) and pd.isna(value))


def cell_text(value: Any, column: Column, lang: Language | None = None) -> str:
    """One cell as it is printed. Words in a column of numbers stay as they are: they say why there is no number.

    Examples
    --------
    >>> from cxlab.show.table import Column
    >>> cell_text(0.0421, Column("p", "p"), "vi"), cell_text(None, Column("p", "p"))
    ('0,042', '–')
    """
    if is_missing(value):
        return MISSING
    if column.format == "text" or not isinstance(value, Number):
        return label(value if isinstance(value, Mapping) else str(value), lang)
    number = float(value)  # type: ignore[arg-type]
    if column.format == "integer":
        return count(round(number), lang) if math.isfinite(number) else format_number(number, lang=lang)
    if column.format == "p":
        return format_p(number, lang)
    if column.format == "percent":
        return format_number(100 * number, column.digits, lang=lang) + "%"
    bounded = column.bounded or column.format == "bounded"
    return format_number(number, column.digits, bounded=bounded and abs(number) < 1, lang=lang)


def interval_text(low: Any, high: Any, column: Column, lang: Language | None = None) -> str:
    """Two ends as ``[low, high]``; in Vietnamese a semicolon parts them, because the comma is the decimal sign.

    Examples
    --------
    >>> from cxlab.show.table import Column
    >>> interval_text(0.2, 0.512, Column("CI", "interval", parts=("low", "high")), "vi")
    '[0,20; 0,51]'
    """
    if is_missing(low) and is_missing(high):
        return MISSING
    mark = "; " if (lang or current_language()) == "vi" else ", "
    return f"[{cell_text(low, column, lang)}{mark}{cell_text(high, column, lang)}]"


def printed_rows(table: Table, lang: Language | None = None) -> list[tuple[str | None, list[list[str]]]]:
    """The body as printed: (heading of the panel or None, its rows), panels in the order of their first row."""
    columns = [_printed_column(table.frame, name, column, lang) for name, column in table.columns.items()]
    rows = [list(row) for row in zip(*columns, strict=True)]
    if table.group is None:
        return [(None, rows)]
    keys = [MISSING if is_missing(key) else label(key, lang) for key in table.frame[table.group]]
    return [(key, [row for row, k in zip(rows, keys, strict=True) if k == key]) for key in dict.fromkeys(keys)]


def _printed_column(frame: pd.DataFrame, name: str, column: Column, lang: Language | None) -> list[str]:
    """All cells of one column as they are printed."""
    if column.parts:
        low, high = column.parts
        return [interval_text(a, b, column, lang) for a, b in zip(frame[low], frame[high], strict=True)]
    return [cell_text(value, column, lang) for value in frame[name]]


def headings(table: Table, lang: Language | None = None) -> list[str]:
    """The columns' headings as printed."""
    return [printable(words(column.header, lang)) for column in table.columns.values()]


def spanner_cells(table: Table, lang: Language | None = None) -> list[tuple[str, int]]:
    """The row above the headings: (text, columns it spans); an empty text spans the columns without a spanner."""
    over = {name: i for i, (_, names) in enumerate(table.spanners) for name in names}
    cells: list[tuple[str, int]] = []
    before: int | None = None
    for name in table.columns:
        i = over.get(name)
        text = "" if i is None else printable(words(table.spanners[i][0], lang))
        if cells and i == before:
            cells[-1] = (text, cells[-1][1] + 1)
        else:
            cells.append((text, 1))
        before = i
    return cells


def is_text(column: Column) -> bool:
    """True for a column that is set to the left."""
    return column.format == "text"


def safe_frame(frame: pd.DataFrame, lang: Language | None = None) -> pd.DataFrame:
    """The raw table for a file that a spreadsheet may open: texts that would run as a formula get an apostrophe.

    Numbers are never touched.

    Examples
    --------
    >>> safe_frame(pd.DataFrame({"a": ["=1+1", "x"], "b": [-1.5, 2.0]})).to_dict("list")
    {'a': ["'=1+1", 'x'], 'b': [-1.5, 2.0]}
    """

    def safe(value: Any) -> Any:
        text = pick(value, lang) if isinstance(value, Mapping) else value
        return "'" + text if isinstance(text, str) and text.startswith(_FORMULA_STARTS) else text

    out = frame.copy()
    for position, kind in enumerate(frame.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            column = [safe(value) for value in frame.iloc[:, position]]
            out.isetitem(position, pd.Series(column, index=frame.index, dtype=object))
    return out.set_axis([safe(str(name)) for name in frame.columns], axis="columns")
