"""Times of events that can be put in order, from dates, numbers or texts."""

from __future__ import annotations

import re

import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.journey.events_problems import Findings
from cxlab.survey.read.times import parse_times

_CLOCK = re.compile(r"\d{1,2}:\d{2}")
# Behind the clock, or the year of "10:30 31-03-2024" would pass for one.
_ZONE = re.compile(
    r":\d{2}(?:[.,]\d+)?\s*(?:[AP]M)?\s*(?:GMT|UTC)?\s*(?:([+-])(\d{1,2}):?(\d{2})?|Z|GMT|UTC)\s*$", re.I
)
_END = 6


def read_times(column: pd.Series, found: Findings) -> tuple[pd.Series, list[Notice]]:
    """Times that can be ordered, and what to know of their zones; cells that are no times go into the findings."""
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_numeric_dtype(column):
        return column, []
    texts = column.map(str, na_action="ignore").astype(object)
    zones = _zones(texts)
    times = _iso_times(texts, several=len(zones) > 1 and "" not in zones)
    if times is None or times.notna().sum() < 0.5 * texts.notna().sum():
        times = parse_times(texts)
    if times is None:
        numbers = pd.to_numeric(column.astype(object), errors="coerce")
        if numbers.notna().sum() < column.notna().sum():
            shown = ", ".join(f"'{text}'" for text in texts.dropna().unique()[:3])
            raise DataError("journey.times_ambiguous", column=str(column.name), values=shown)
        return numbers, []
    found.add("unreadable_time", column[times.isna() & column.notna()])
    if len(zones) < 2:
        return times, []
    world = isinstance(times.dtype, pd.DatetimeTZDtype)
    return times, [Notice(f"journey.times_{'zones' if world else 'clock'}", serious=True)]


def _zones(texts: pd.Series) -> set[str]:
    """The time zones that stand behind a clock time; an empty one where some have none."""
    ends = {text[-_END:]: text for text in texts.dropna()}  # one text of each ending, for long logs
    clocks = [text for text in ends.values() if _CLOCK.search(text)]
    found = [_ZONE.search(text) for text in clocks]
    return {f"{one[1] or '+'}{int(one[2] or 0):02d}{one[3] or '00'}" if one else "" for one in found}


def _iso_times(texts: pd.Series, several: bool) -> pd.Series | None:
    """Times of the cells that hold ISO dates, in one go (of several zones as world time); None where they cannot be
    read as one column."""
    try:
        return pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=several)
    except (ValueError, TypeError):  # some with a time zone, some without
        return None
