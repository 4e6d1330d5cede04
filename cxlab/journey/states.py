"""The states of a chain or sequence of events: stages, touchpoints, owners or channels in the order of the journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from cxlab.journey.events_result import Events


def states_of(events: Events, frame: pd.DataFrame, by: str) -> list[str]:
    """Stages in order; other states by the stage at which they mostly stand, then by frequency.

    Examples
    --------
    >>> import cxlab as cx
    >>> log = pd.DataFrame({"customer": "A", "time": [1, 2], "stage": ["use", "buying"], "touchpoint": ["x", "y"]})
    >>> events = cx.journey_events(log)
    >>> states_of(events, events.frame, "stage"), states_of(events, events.frame, "touchpoint")
    (['buying', 'use'], ['y', 'x'])
    """
    if by == "stage":
        present = set(frame["stage"].astype("str").unique())
        return [key for key in events.stages if key in present]
    groups = pd.DataFrame({"stage": frame["stage"].cat.codes, "state": frame[by].astype("str")}).groupby("state")
    found = pd.DataFrame({"stage": groups["stage"].median(), "n": groups.size()})
    return [str(key) for key in found.sort_values(["stage", "n"], ascending=[True, False]).index]
