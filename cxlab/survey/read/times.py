"""Dates and times in text: ISO order as it is, day and month only where the column shows which is which."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
import pandas as pd

_ISO = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)(.*)", re.DOTALL)
_OTHER = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)(.*)", re.DOTALL)
_ZONE = re.compile(r"\s*(GMT|UTC)?\s*([+-]\d{1,2}(:?\d{2})?|Z)?\s*$")
Doubt = Literal["ambiguous", "contrary", "swapped", "unknown"]
_HALF_DAY = (("SA", "AM"), ("CH", "PM"), ("sáng", "AM"), ("chiều", "PM"))


def parse_times(texts: pd.Series) -> pd.Series | None:
    """Dates and times of a text column, local clock; cells that are none become NaT.

    None if the column does not show whether the day or the month comes first, or holds hardly any date.
    """
    return read_times(texts)[0]


def read_times(texts: pd.Series, day_first: bool | None = None) -> tuple[pd.Series | None, Doubt | None]:
    """As `parse_times`, with the order of day and month where it is known, and the reason why a column stays text.

    Examples
    --------
    >>> read_times(pd.Series(["3/4/2026", "5/4/2026"]))[1]
    'ambiguous'
    >>> read_times(pd.Series(["3/4/2026", "5/4/2026"]), day_first=True)[0].dt.day.tolist()
    [3, 5]
    """
    distinct = pd.Series(texts.dropna().unique(), dtype=object)
    order, doubt = _order(distinct, day_first)
    if doubt is not None:
        return None, doubt
    cleaned = distinct.map(lambda text: _iso(text, bool(order)))
    found = pd.to_datetime(cleaned, errors="coerce", format="mixed")
    if not len(found) or found.isna().mean() > 0.5:
        return None, "unknown"
    lookup = dict(zip(distinct, found, strict=True))
    return pd.Series(pd.to_datetime(texts.map(lookup).to_numpy()), index=texts.index), None


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


def _order(texts: pd.Series, told: bool | None) -> tuple[bool | None, Doubt | None]:
    """Whether the day comes first in dates that end with the year; a doubt where nothing leaves one reading only."""
    days = [int(m[3]) for t in texts if (m := _ISO.match(t))]
    pairs = [(int(m[1]), int(m[2])) for t in texts if (m := _OTHER.match(t))]
    if not pairs:
        return None, None if days else "unknown"
    first, second = (int(part) for part in np.array(pairs).max(axis=0))
    shown = None if (first > 12) == (second > 12) else first > 12
    # A spreadsheet of the other country stores 3/4 as the fourth of March and leaves 13/4, which it cannot read.
    if days and max(days) <= 12 and shown is not None:
        return None, "swapped"
    order = shown if told is None else told
    if order is None:
        return None, "ambiguous" if max(first, second) <= 12 else "contrary"
    return order, None
