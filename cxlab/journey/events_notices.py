"""What a reader of events must know before their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cxlab.errors import Notice
from cxlab.journey.events_problems import back_places, time_numbers

_OF_EVENTS = ("no_valence", "ratings_missing", "times_tied", "rows_alike", "returns")


def events_notices(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[Notice]:
    """What follows from the events that stayed: missing ratings, ties, returns to earlier stages, unnumbered doubles.

    Examples
    --------
    >>> stages = pd.Categorical(["use", "buying"], ["buying", "use"], ordered=True)
    >>> frame = pd.DataFrame({"customer": ["A", "A"], "stage": stages, "touchpoint": "x", "valence": [1.0, 2.0]})
    >>> [one.key for one in events_notices(frame, {"valence": "v"})]
    ['journey.returns']
    """
    found, events = [], len(frame)
    customers = pd.factorize(frame["customer"])[0]
    if "valence" not in columns:
        found.append(Notice("journey.no_valence"))
    elif missing := int(frame["valence"].isna().sum()):
        share = {"missing": missing, "events": events, "percent": f"{100 * missing / events:.0f}"}
        found.append(Notice("journey.ratings_missing", share, serious=missing > 0.3 * events))
    same = np.r_[False, customers[1:] == customers[:-1]]
    if "time" in columns:
        times = time_numbers(frame["time"])
        tied = int((same & (times == np.r_[np.nan, times[:-1]])).sum())
        if tied and "step" not in columns:
            found.append(Notice("journey.times_tied", {"count": tied, "events": events}, serious=tied > 0.1 * events))
    if "event" not in columns and "time" in columns:
        double = int(frame.duplicated(["customer", "time", "stage", "touchpoint"]).sum())
        if double:
            found.append(Notice("journey.rows_alike", {"count": double}, serious=True))
    back = back_places(frame, customers, np.arange(events))
    if len(back):
        of = len(np.unique(customers[back]))
        found.append(Notice("journey.returns", {"count": len(back), "customers": of, "events": events}))
    return found


def told_again(notices: Sequence[Notice], frame: pd.DataFrame, columns: Mapping[str, str]) -> tuple[Notice, ...]:
    """The notices of a part of the events, or of another coding: those that count events are counted anew."""
    stale = [one.key in {f"journey.{key}" for key in _OF_EVENTS} for one in notices]
    kept = [one for one, old in zip(notices, stale, strict=True) if not old]
    place = stale.index(True) if any(stale) else len(kept)
    return (*kept[:place], *events_notices(frame, columns), *kept[place:])
