"""A printable Table from a bare DataFrame: its own column names, and a format for each by what it holds."""

from __future__ import annotations

import pandas as pd

from cxlab.show.table import Column, Format, Table


def plain_table(frame: pd.DataFrame, title: str) -> Table:
    """A Table with the frame's columns as they are; an index that says something becomes the first columns.

    Examples
    --------
    >>> table = plain_table(pd.DataFrame({"n": [3], "mean": [2.5]}), "Answers")
    >>> [(name, column.format) for name, column in table.columns.items()]
    [('n', 'integer'), ('mean', 'number')]
    """
    speaking = frame.index.nlevels > 1 or frame.index.name is not None or not isinstance(frame.index, pd.RangeIndex)
    flat = frame.reset_index() if speaking else frame.copy(deep=False)
    flat.columns = [" · ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in flat.columns]
    columns = {name: Column({"en": name}, _format(flat[name])) for name in flat.columns}
    return Table(flat, columns, {"en": title})


def _format(values: pd.Series) -> Format:
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return "text"
    return "integer" if pd.api.types.is_integer_dtype(values) else "number"
