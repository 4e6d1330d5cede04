"""Rows that are neither column names nor answers: titles above the header, a second header below it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cxlab.codebook.text import nfc
from cxlab.errors import Notice
from cxlab.survey.read.answers import EMPTY_TOKENS
from cxlab.survey.read.numbers import parse

_HEAD = 8
_LOOK = 50


def cell_words(cell: Any) -> str:
    """A cell of a header as text: composed, one space, whole numbers without a decimal point."""
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(nfc(str(cell)).split())


def title_rows(cells: pd.DataFrame) -> int:
    """How many rows above the column names hold a title: one filled cell, then a row that names most columns."""
    rows = [[word for cell in row if (word := cell_words(cell))] for row in cells.head(_HEAD).itertuples(index=False)]
    if cells.shape[1] < 2 or len(rows) < 3 or len(rows[0]) != 1:
        return 0
    number = next((k for k, row in enumerate(rows) if len(row) > 1), 0)
    names, below = rows[number], rows[number + 1 :]
    words = [name for name in names if not _is_number(name)]
    if not below or len(names) < max(map(len, rows)) / 2 or len(words) < len(names) * 0.8:
        return 0
    # Names stand above answers; a table of words alone could be anything.
    return number if any(_is_number(word) for row in below for word in row) or cells.shape[1] > 3 else 0


def two_deep(cells: pd.DataFrame) -> list[str] | None:
    """The column names where headings of several columns stand above them; None if the first row names every column.

    A merged heading leaves the cells beside it empty, or fills them all alike; the row below then names the columns,
    and answers in numbers stand below that.
    """
    if len(cells) < 5 or cells.shape[1] < 3:
        return None
    above, names = ([cell_words(cell) for cell in row] for row in cells.head(2).itertuples(index=False))
    used = [name for name in above if name]
    if len(used) < 2 or (len(used) == len(above) and len(set(used)) == len(used)):
        return None
    joined = [name or heading for name, heading in zip(names, above, strict=True)]
    if not all(joined) or len(set(joined)) < len(joined) or any(map(_is_number, joined)):
        return None
    named = [position for position, name in enumerate(names) if name]
    numeric = sum(_holds_numbers(cells.iloc[2 : _LOOK + 2, position]) for position in named)
    return joined if numeric >= max(2, len(named) / 2) else None


def _holds_numbers(column: pd.Series) -> bool:
    given = [word for cell in column if (word := cell_words(cell))]
    return len(given) > 2 and all(map(_is_number, given))


def second_header(body: pd.DataFrame) -> tuple[Notice, ...]:
    """A warning if the first row holds words where the rows below hold numbers."""
    if len(body) < 4:
        return ()
    numeric, named = 0, []
    for position, name in enumerate(body.columns):
        column = body.iloc[: _LOOK + 1, position]
        if pd.api.types.is_numeric_dtype(column.dtype):
            numeric += 1
            continue
        first, *others = (cell_words(cell) for cell in column)
        given = [word for word in others if word]
        if len(given) > 2 and all(_is_number(word) for word in given):
            numeric += 1
            if first and not _is_number(first) and first.casefold() not in EMPTY_TOKENS:
                named.append(str(name))
    if len(named) < 2 or len(named) < numeric / 2:
        return ()
    shown = ", ".join(named[:8]) + (", …" if len(named) > 8 else "")
    return (Notice("readers.second_header", {"names": shown}, serious=True),)


def _is_number(word: str) -> bool:
    return parse(word) != "unreadable"
