"""Dates and times in text: ISO order as it is, day and month only where the column shows which is which."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

_ISO = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)(.*)", re.DOTALL)
_OTHER = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)(.*)", re.DOTALL)
_ZONE = re.compile(r"\s*(GMT|UTC)?\s*([+-]\d{1,2}(:?\d{2})?|Z)?\s*$")
_HALF_DAY = (("SA", "AM"), ("CH", "PM"), ("sáng", "AM"), ("chiều", "PM"))


def parse_times(texts: pd.Series) -> pd.Series | None:
    """Dates and times of a text column, local clock; cells that are none become NaT.

    None if the column does not show whether the day or the month comes first, or holds hardly any date.
    """
    distinct = pd.Series(texts.dropna().unique(), dtype=object)
    day_first = _day_first(distinct)
    if day_first is None:
        return None
    cleaned = distinct.map(lambda text: _iso(text, day_first))
    found = pd.to_datetime(cleaned, errors="coerce", format="mixed")
    if not len(found) or found.isna().mean() > 0.5:
        return None
    lookup = dict(zip(distinct, found, strict=True))
    return pd.Series(pd.to_datetime(texts.map(lookup).to_numpy()), index=texts.index)


def _iso(text: str, day_first: bool) -> str | None:
    """The date in ISO order with its time, without a time zone and with the Vietnamese halves of the day as AM, PM."""
    if match := _ISO.match(text):
        year, month, day, time = match.groups()
    elif match := _OTHER.match(text):
        first, second, year, time = match.groups()
        month, day = (second, first) if day_first else (first, second)
    else:
        return None
    time = _ZONE.sub("", time) if ":" in time else time
    for word, half in _HALF_DAY:
        time = re.sub(rf"\b{word}\b", half, time)
    return f"{year}-{int(month):02d}-{int(day):02d}{time}"


def _day_first(texts: pd.Series) -> bool | None:
    """True or False where the dates leave no other reading, else None."""
    if texts.map(lambda t: bool(_ISO.match(t))).mean() > 0.5:
        return False
    pairs = [(int(m[1]), int(m[2])) for t in texts if (m := _OTHER.match(t))]
    if not pairs:
        return None
    first, second = np.array(pairs).max(axis=0)
    if first > 12 and second <= 12:
        return True
    return False if second > 12 and first <= 12 else None
