"""Names as they stand in a log: the same name in other spaces or letter forms is the same name."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cxlab.codebook.text import nfc
from cxlab.errors import Notice

_SHOWN = 3


def as_text(column: pd.Series) -> pd.Series:
    """Cells as text without outer spaces, in one Unicode form, empty ones missing; numbers in full.

    Examples
    --------
    >>> as_text(pd.Series([1234567.0, 1234568.0, None])).tolist()
    ['1234567', '1234568', nan]
    """
    if column.isna().all():
        return column.astype(object)
    codes, cells = pd.factorize(column)
    texts = [_text(cell) for cell in cells]
    return pd.Series(pd.array([text or None for text in texts] + [None], dtype="str")[codes], index=column.index)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return nfc(str(cell)).strip()


def customer_names(column: pd.Series) -> pd.Series:
    """Customers by name as text like other names; columns of numbers or dates as they are.

    Examples
    --------
    >>> customer_names(pd.Series(["A", "A ", None])).tolist()
    ['A', 'A', nan]
    >>> customer_names(pd.Series([1, 2])).tolist()
    [1, 2]
    """
    texts = any(isinstance(cell, str) for cell in pd.unique(column))
    return as_text(column) if texts else column


def customer_notices(raw: pd.Series, names: pd.Series) -> list[Notice]:
    """Which customers were taken for one, and which may be one.

    Examples
    --------
    >>> names = pd.Series(["anna", "Anna", "Bo"])
    >>> [one.key for one in customer_notices(names, names)]
    ['journey.customers_case']
    """
    different = pd.Series(raw.dropna().unique())
    joined = pd.Series(customer_names(different).to_numpy())
    found = []
    for key, these in (("alike", joined), ("case", pd.Series(pd.unique(names.dropna())))):
        same = these if key == "alike" else these.map(lambda one: one.casefold() if isinstance(one, str) else one)
        more = these[same.duplicated()]
        if len(more):
            shown = ", ".join(f"'{one}'" for one in more.unique()[:_SHOWN]) + (", …" if len(more) > _SHOWN else "")
            found.append(Notice(f"journey.customers_{key}", {"count": len(more), "names": shown}, serious=True))
    return found
