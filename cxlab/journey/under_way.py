"""Customers whose journey the record may have cut off: their last event lies near the end of the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.i18n.shown import Shown
from cxlab.journey.events_problems import time_numbers

if TYPE_CHECKING:
    from cxlab.journey.events import Events

Quiet = float | Literal["auto"] | None
_AUTO = 0.95


@dataclass(frozen=True, eq=False)
class UnderWay:
    """What the end of the record may have cut off.

    `customers` (G,) True for those whose journey may go on; `events` (n,) True for events so late that what follows may
    not be in the record; `quiet` the silence that ends a journey, None where nothing was judged; `dates` whether it is
    in days; `timed` whether there are times.
    """

    customers: np.ndarray
    events: np.ndarray
    quiet: float | None
    dates: bool
    timed: bool = True

    def notices(self, total: int) -> list[Notice]:
        """What a reader must know about journeys that were cut off."""
        if self.quiet is None:
            return [Notice("journey.all_ended" if self.timed else "journey.no_clock")]
        facts = {"count": int(self.customers.sum()), "customers": total, "quiet": self.silence()}
        return [Notice("journey.under_way", facts, serious=self.customers.mean() > 0.1)]

    def silence(self) -> Notice:
        """The silence in words, with its unit."""
        return Notice("journey.days" if self.dates else "journey.units", {"value": Shown(float(self.quiet or 0), 1)})


def order_given(events: Events) -> list[Notice]:
    """Of a wide table: that reach and order are those of its columns, not what customers did."""
    wide = "step" in events.columns and not events.columns["step"]
    return [Notice("journey.wide_given", serious=True)] if wide else []


def record_end(events: Events) -> Any:
    """When the record ends: with its last event, of whomever, also where a part of the events is looked at.

    Examples
    --------
    >>> import cxlab as cx
    >>> log = pd.DataFrame({"customer": ["A", "B"], "time": [1, 9], "stage": "use", "touchpoint": ["x", "y"]})
    >>> float(record_end(cx.journey_events(log).where(touchpoint="x")))
    9.0
    """
    return events.frame["time"].max() if events.record_end is None else events.record_end


def under_way(frame: pd.DataFrame, customers: np.ndarray, quiet: Quiet, end: Any = None) -> UnderWay:
    """Which customers may still be on their way when the record ends.

    Parameters
    ----------
    frame : DataFrame
        Events in order, as in `Events.frame`.
    customers : (n,)
        Customer of each event, from 0.
    quiet : float, "auto" or None
        The silence (in days, or in the unit of numeric times) after which a journey counts as ended: "auto" takes the
        95th percentile of the gaps between a customer's events; None counts every journey as ended.
    end : time, optional
        When the record ends; by default with the last of these events.

    Examples
    --------
    >>> frame = pd.DataFrame({"time": [0.0, 10.0, 90.0, 100.0]})
    >>> under_way(frame, np.array([0, 0, 1, 1]), "auto").customers.tolist()
    [False, True]
    """
    times = days_of(frame["time"])
    total = int(customers.max()) + 1
    dates = pd.api.types.is_datetime64_any_dtype(frame["time"])
    if quiet is None or np.isnan(times).all():
        timed = not np.isnan(times).all()
        return UnderWay(np.zeros(total, dtype=bool), np.zeros(len(times), dtype=bool), None, dates, timed)
    if quiet != "auto" and (isinstance(quiet, bool | str) or not np.isfinite(quiet) or quiet < 0):
        raise DataError("journey.quiet", value=quiet)
    last = pd.Series(times).groupby(customers).max().to_numpy()
    if quiet == "auto":
        gaps = np.diff(times)[customers[1:] == customers[:-1]]
        gaps = gaps[np.isfinite(gaps)]
        quiet = float(np.quantile(gaps, _AUTO)) if len(gaps) else 0.0
    last_seen = np.nanmax(times) if end is None else _since(end, frame["time"])
    from_here = last_seen - float(quiet)
    return UnderWay(last > from_here, times > from_here, float(quiet), dates)


def _since(end: Any, times: pd.Series) -> float:
    """The record's end on the clock of `days_of`."""
    dates = pd.api.types.is_datetime64_any_dtype(times)
    return float((end - times.min()) / pd.Timedelta(days=1)) if dates else float(end)


def days_of(times: pd.Series) -> np.ndarray:
    """Times as days since the first, numbers as they are; missing as nan.

    Examples
    --------
    >>> days_of(pd.Series(pd.to_datetime(["2024-01-01", "2024-01-03"]))).tolist()
    [0.0, 2.0]
    """
    if not pd.api.types.is_datetime64_any_dtype(times):
        return time_numbers(times)
    return ((times - times.min()) / pd.Timedelta(days=1)).to_numpy(dtype=float)
