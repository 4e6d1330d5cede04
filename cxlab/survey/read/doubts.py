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
from cxlab.survey.read.numbers import parse
from cxlab.survey.read.options import Decimal
from cxlab.survey.read.recode import is_number_column

_UNIT = re.compile(r"\s*[+-]?\d[\d.,  ]*\s*([^\d\s.,:/()\-–—][^\d]{0,14})")
_CODE = re.compile(r"([A-Za-z]{1,3})\d{1,2}")
_CUT = re.compile(r"\d[.,]\d{2,}E\+(?:0[6-9]|[1-9]\d)")
_STATISTIC = re.compile(
    r"(trung binh|tong cong|tong so|tong|do lech chuan|average|mean|total|sum|std dev|std|standard deviation)\b"
    r"\W*(\w+\W*){0,2}"
)
_NOTE = re.compile(r"(ghi chu|chu thich|nguon|notes|note|source)\b.{0,200}", re.DOTALL)
# Qualtrics writes either words or numbers; 1, 2 and 17 are previews and tests, 8, 9 and 12 spam.
_TESTS = frozenset({"survey preview", "survey test", "spam", "offline survey preview", "1", "2", "8", "9", "12", "17"})
_NO = frozenset({"false", "0", "no"})
_LAST = 5
_FEWEST = 3


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
    """Rows at the end that hold a statistic and numbers, or a note alone, by row number.

    A word that stands in its column more than once is an answer: a brand called Total, "Trung bình" for a rating.
    """
    found: dict[int, str] = {}
    for row, cells in frame.tail(_LAST).iterrows():
        filled = [(place, word) for place, cell in enumerate(cells) if (word := cell_words(cell))]
        place, first = filled[0] if filled else (0, "")
        match = _named_row(bare(first), [word for _, word in filled[1:]])
        if match and (frame.iloc[:, place].map(cell_words) == first).sum() == 1:
            found[int(row)] = first[: len(match[1])]
    return found


def _named_row(first: str, others: list[str]) -> re.Match[str] | None:
    numbers = all(parse(word.rstrip(" %")) != "unreadable" for word in others)
    return (_STATISTIC.fullmatch(first) if numbers else None) or (None if others else _NOTE.fullmatch(first))


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
    """An 8 or 9 above answers that fill a shorter scale, but for one point perhaps: nobody chose those between."""
    if item.max != 10 or item.labels:
        return []
    given = np.unique(values[~np.isnan(values.astype(float)) & (values <= 10)])
    below = given[given < 8]
    if below.size < _FEWEST or given[-1] not in (8, 9):
        return []
    filled = below[0] <= 2 and below[-1] <= 6 and below[-1] - below[0] <= below.size
    return [int(v) for v in given if v in (8, 9)] if filled else []


def borrowed(texts: Iterable[str], sign: Decimal | None) -> bool:
    """True if a column's own numbers could all be in thousands, and the sign of other columns made them decimals."""
    group = re.compile(rf"[+-]?[1-9]\d{{0,2}}[{sign}]\d{{3}}") if sign else None
    return group is not None and any(group.fullmatch(text.strip()) for text in texts)
