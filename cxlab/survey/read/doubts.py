"""What a column's answers look like beside what they were read as: reasons to look again, never a change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cxlab.codebook import Item
from cxlab.codebook.infer import MISSING_LIKE
from cxlab.codebook.text import bare
from cxlab.survey.read.headings import cell_words
from cxlab.survey.read.options import Decimal
from cxlab.survey.read.recode import is_number_column

_UNIT = re.compile(r"\s*[+-]?\d[\d.,  ]*\s*([^\d\s.,:/()\-–—][^\d]{0,14})")
_CODE = re.compile(r"([A-Za-z]{1,3})\d{1,2}")
_CUT = re.compile(r"\d[.,]\d{2,}E\+(?:0[6-9]|[1-9]\d)")
_SUMMARY = re.compile(
    r"(trung binh|tong|tong cong|tong so|do lech chuan|ghi chu|chu thich|nguon|average|mean|total|sum|std|std dev|"
    r"standard deviation|note|notes|source)\b.{0,60}"
)
# Qualtrics writes either words or numbers; 1, 2 and 17 are previews and tests, 8, 9 and 12 spam.
_TESTS = frozenset({"survey preview", "survey test", "spam", "offline survey preview", "1", "2", "8", "9", "12", "17"})
_NO = frozenset({"false", "0", "no"})
_LAST = 5
_LONELY = 3


def unit_of(cells: Iterable[Any]) -> str | None:
    """What follows every number of a column (``%``, ``₫``, ``sao``), or None.

    Examples
    --------
    >>> unit_of(["5 %", "12 %"]), unit_of(["18-25", "26-35"]), unit_of(["12 Lê Lợi", "3 Hai Bà Trưng"])
    ('%', None, None)
    """
    texts = [str(cell) for cell in cells if str(cell).strip()]
    found = [_UNIT.fullmatch(text) for text in texts]
    units = {match[1].strip().casefold() for match in found if match}
    return units.pop() if len(texts) > 1 and all(found) and len(units) == 1 else None


def are_cut(cells: Iterable[Any]) -> bool:
    """True if numbers stand as ``9.12346E+08``: a spreadsheet showed them so, and their last digits are gone."""
    return any(_CUT.fullmatch(str(cell).strip()) for cell in cells)


def are_codes(cells: Iterable[Any]) -> bool:
    """True for answers such as A1, A2, A5: one prefix, then a number."""
    found = [_CODE.fullmatch(str(cell).strip()) for cell in cells if str(cell).strip()]
    return len(found) > 1 and all(found) and len({match[1] for match in found if match}) == 1


def summary_rows(frame: pd.DataFrame) -> dict[int, str]:
    """Rows at the end that begin with the name of a statistic or with a note, by row number."""
    found: dict[int, str] = {}
    for row, cells in frame.tail(_LAST).iterrows():
        first = next((word for cell in cells if (word := cell_words(cell))), "")
        if match := _SUMMARY.fullmatch(bare(first)):
            found[int(row)] = first[: len(match[1])]
    return found


def not_responses(layout: str, frame: pd.DataFrame) -> dict[str, int]:
    """Rows that a platform marks as a test or as not finished, by the column that says so."""
    marks: dict[str, frozenset[str]] = {}
    if layout == "qualtrics":
        marks = {"Status": _TESTS, "Finished": _NO}
    elif layout == "limesurvey" and "submitdate" in frame:
        marks = {"submitdate": frozenset({""})}
    words = {name: frame[name].map(cell_words).str.casefold() for name in marks if name in frame}
    counts = {name: int(column.isin(marks[name]).sum()) for name, column in words.items()}
    return {name: count for name, count in counts.items() if count}


def missing_like(frame: pd.DataFrame, items: Mapping[str, Item]) -> dict[str, list[int]]:
    """Numbers off the guessed scale, or far from all other answers on it, that usually stand for a missing answer."""
    found: dict[str, list[int]] = {}
    for name, item in items.items():
        if item.min is None or item.max is None or not is_number_column(frame[name]):
            continue
        values = frame[name].to_numpy()
        if not values.size:
            continue
        codes = []
        if np.nanmin(values) < item.min or np.nanmax(values) > item.max:
            codes = [c for c in MISSING_LIKE if not item.min <= c <= item.max and (values == c).any()]
        codes = [*codes, *_lonely(values, item)]
        found |= {name: codes} if codes else {}
    return found


def _lonely(values: np.ndarray, item: Item) -> list[int]:
    """An 8 or 9 above answers that end at 6 or below: nobody chose the numbers between."""
    if item.max != 10 or item.labels:
        return []
    given = np.unique(values[~np.isnan(values.astype(float)) & (values <= 10)])
    if given.size < _LONELY or given[-1] not in (8, 9):
        return []
    below = given[given < 8]
    return [int(v) for v in given if v in (8, 9)] if below.size > 1 and 8 - below[-1] >= _LONELY - 1 else []


def borrowed(texts: Iterable[str], sign: Decimal | None) -> bool:
    """True if a column's own numbers could all be in thousands, and the sign of other columns made them decimals."""
    group = re.compile(rf"[+-]?[1-9]\d{{0,2}}[{sign}]\d{{3}}") if sign else None
    return group is not None and any(group.fullmatch(text.strip()) for text in texts)
