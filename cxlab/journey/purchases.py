"""`cx.purchase_history`: from a log of purchases to what retention models need, a row a customer."""

from __future__ import annotations

from typing import Any, Literal, get_args

import pandas as pd

from cxlab.analyses.unpack import check_names
from cxlab.errors import DataError
from cxlab.journey.events_names import customer_names
from cxlab.journey.retention_parts import refuse_rows
from cxlab.survey.read.times import parse_times
from cxlab.survey.survey import Survey, as_survey

Unit = Literal["day", "week", "month", "year"]
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


def purchase_history(
    data: Survey | pd.DataFrame,
    customer: str,
    time: str,
    *,
    end: Any = None,
    holdout_end: Any = None,
    unit: Unit = "week",
) -> pd.DataFrame:
    """Repeat purchases, time of the last one and time observed of each customer, from a log of purchases.

    When to use it: before `cx.bg_nbd`, when there is one row a purchase. Purchases of one customer on one day count
    once, as usual: they are parts of one visit.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a purchase.
    customer, time : str
        Columns with the customer and with the day of the purchase (dates, or texts like ``"2024-03-31"``; other orders
        only if the column shows which part is the day: ``"31/03/2024"``).
    end : date or str, optional
        Last day of observation; customers who first bought on that day or later are left out (they were not
        observed). Default: the last day in the log.
    holdout_end : date or str, optional
        Last day of a holdout that begins the day after `end`.
    unit : {"week", "day", "month", "year"}
        Unit of the times.

    Returns
    -------
    DataFrame
        Index the customers; frequency, recency, age; with `holdout_end` holdout (days with a purchase in it). Its
        length in the unit stands in ``.attrs["horizon"]``.

    Raises
    ------
    DataError
        Unknown columns, days that cannot be read or are missing, an end before the first purchase.

    Examples
    --------
    >>> import cxlab as cx
    >>> log = pd.DataFrame({"who": ["a", "a", "b", "a"],
    ...                     "day": ["2024-01-01", "2024-01-15", "2024-01-08", "2024-01-29"]})
    >>> cx.purchase_history(log, "who", "day", end="2024-01-29").to_dict("index")
    {'a': {'frequency': 2, 'recency': 4.0, 'age': 4.0}, 'b': {'frequency': 0, 'recency': 0.0, 'age': 3.0}}
    """
    if unit not in get_args(Unit):
        raise DataError("analyses.unknown_option", option="unit", value=unit, known=", ".join(get_args(Unit)))
    frame = as_survey(data).frame
    if frame.empty:
        raise DataError("analyses.no_rows")
    names = check_names(frame, [customer, time])
    log = pd.DataFrame({"who": customer_names(frame[names[customer]]), "day": _days(frame[names[time]], time)})
    refuse_rows(log.index[log["who"].isna()], "customer_missing", customer)
    log = log.drop_duplicates()
    stop = log["day"].max() if end is None else _day("end", end)
    length = _DAYS[unit]
    found = _histories(log, stop, length).rename_axis(customer)
    if holdout_end is None:
        return found
    last = _day("holdout_end", holdout_end)
    if last <= stop:
        raise DataError("management.holdout_too_early", end=str(stop)[:10], last=str(last)[:10])
    later = log[(log["day"] > stop) & (log["day"] <= last)].groupby("who").size()
    found["holdout"] = later.reindex(found.index, fill_value=0)
    found.attrs["horizon"] = (last - stop).days / length
    return found


def _histories(log: pd.DataFrame, stop: pd.Timestamp, length: float) -> pd.DataFrame:
    seen = log[log["day"] <= stop]
    if seen.empty or seen["day"].min() == stop:
        raise DataError("management.end_too_early", end=str(stop)[:10], first=str(log["day"].min())[:10])
    days = seen.groupby("who", sort=True)["day"].agg(["min", "max", "count"])
    found = pd.DataFrame(
        {
            "frequency": days["count"] - 1,
            "recency": (days["max"] - days["min"]).dt.days / length,
            "age": (stop - days["min"]).dt.days / length,
        }
    )
    return found[found["age"] > 0]


def _days(column: pd.Series, name: str) -> pd.Series:
    """The column's days without the time of the day; refused if texts leave open which part is the day."""
    if pd.api.types.is_datetime64_any_dtype(column):
        days = column.dt.tz_localize(None)
    elif pd.api.types.is_numeric_dtype(column):
        days = pd.Series(pd.NaT, column.index, dtype="datetime64[ns]")
    else:
        days = _text_days(column)
    refuse_rows(column.index[days.isna()], "day_unreadable", name)
    return days.dt.normalize()


def _text_days(column: pd.Series) -> pd.Series:
    """Texts as times by the local clock."""
    try:
        days = pd.to_datetime(column, errors="coerce", format="ISO8601").dt.tz_localize(None)
    except ValueError:  # time zones that differ
        days = pd.Series(pd.NaT, column.index, dtype="datetime64[ns]")
    if days.isna().mean() <= 0.5:
        return days
    # 31/03/2024: read where the column shows which part is the day
    other = parse_times(column.map(str, na_action="ignore").astype(object))
    return days if other is None else other


def _day(name: str, value: Any) -> pd.Timestamp:
    plain = isinstance(value, bool | int | float)
    day = pd.NaT if plain else pd.to_datetime(pd.Series([value]), errors="coerce", format="ISO8601").iloc[0]
    if pd.isna(day):
        raise DataError("management.day_option", name=name, value=value)
    return pd.Timestamp(day).tz_localize(None).normalize()
