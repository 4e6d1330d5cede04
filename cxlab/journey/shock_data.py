"""A series before and after shocks, read from a Series or a table: sorted, averaged, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.unpack import check_names, numeric_columns
from cxlab.errors import DataError, Notice
from cxlab.survey.read.times import parse_times
from cxlab.survey.survey import as_survey

# 3/4/2024: the third of April to some, the fourth of March to others.
_DAY_OR_MONTH = re.compile(r"\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?!\d)")
_AROUND = 3
_FEW = 12


@dataclass(frozen=True, eq=False)
class Series:
    """One value a period, in order, with its control; shocks by the place of the first period they touch.

    Attributes
    ----------
    time : Index
        Numbers or dates.
    value, control : (n,) arrays
        `control` is None without a control group.
    place : (n,) array
        Periods since the first; gaps count.
    shocks : mapping of name to row
    """

    name: str
    time: pd.Index
    place: NDArray[np.float64]
    value: NDArray[np.float64]
    control: NDArray[np.float64] | None
    shocks: Mapping[str, int]
    notices: tuple[Notice, ...]


def read_series(data: Any, value: str | None, time: str | None, group: str | None, control: object, at: Any) -> Series:
    """The series behind the arguments of `shock`."""
    notices: list[Notice] = []
    if isinstance(data, pd.Series):
        frame, name = _from_series(data), str(data.name or "value")
    else:
        frame, told = _from_table(data, value, time, group, control)
        notices += told
        name = str(value)
    if frame.empty:
        raise DataError("analyses.no_rows")
    wide = frame.groupby(["time", "control"])["value"].mean().unstack("control")
    several = len(frame) > int(wide.notna().sum().sum())
    if several:
        notices.append(Notice("carry_over.averaged", {"rows": len(frame), "periods": len(wide)}))
    whole = wide.dropna()
    if len(whole) < len(wide):
        lost = [_shown(one) for one in wide.index[wide.isna().any(axis=1)]]
        notices.append(Notice("carry_over.periods_dropped", {"periods": _listed(lost)}, serious=True))
    treated = whole[False].to_numpy() if False in whole else np.array([])
    if not len(treated):
        raise DataError("carry_over.nobody_hit", group=group, control=control)
    shocks = _places(whole.index, at)
    _refuse(whole.index, treated, shocks)
    place, told = _spacing(whole.index)
    notices += told
    if len(treated) < _FEW:
        notices.append(Notice("carry_over.short_series", {"n": len(treated)}, serious=True))
    other = whole[True].to_numpy() if True in whole else None
    if group is not None and other is None:
        raise DataError("carry_over.no_control_rows", group=group, control=control)
    return Series(name, whole.index, place, treated, other, shocks, tuple(notices))


def _from_series(data: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame({"value": data.to_numpy(), "row": np.arange(len(data))})
    kept = numeric_columns(frame, ["value"], complete=False, constant="allow", min_rows=0)[0]
    index = data.index.to_timestamp() if isinstance(data.index, pd.PeriodIndex) else data.index
    times = _times(pd.Series(index), "index")
    found = pd.DataFrame({"time": times.to_numpy(), "control": False, "value": kept["value"].to_numpy()})
    return found.dropna(subset=["value"])


def _from_table(
    data: Any, value: str | None, time: str | None, group: str | None, control: object
) -> tuple[pd.DataFrame, list[Notice]]:
    if value is None or time is None:
        raise DataError("carry_over.value_and_time")
    survey = as_survey(data)
    names = check_names(survey.frame, [time, value, *([group] if group is not None else [])])
    columns = list(names.values())
    numbers, _ = numeric_columns(survey, [value], complete=False, constant="allow", min_rows=0)
    frame = pd.DataFrame({"time": _times(survey.frame[columns[0]], time), "value": numbers.iloc[:, 0]})
    frame["control"] = False
    if group is not None:
        if control is None:
            known = ", ".join(str(one) for one in survey.frame[columns[2]].dropna().unique()[:8])
            raise DataError("carry_over.which_control", group=group, known=known)
        whose = survey.frame[columns[2]]
        frame["control"] = (whose.astype(str) == str(control)) | (whose == control)
        frame = frame[whose.notna()]
    total = len(frame)
    frame = frame.dropna()
    lost = total - len(frame)
    told = [Notice("analyses.rows_incomplete", {"dropped": lost, "total": total, "n": len(frame)})] if lost else []
    return frame, told


def _times(column: pd.Series, name: str) -> pd.Series:
    """Numbers or dates; texts are read as one or the other."""
    if isinstance(column.dtype, pd.PeriodDtype):
        return column.dt.to_timestamp()
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.tz_localize(None) if column.dt.tz is not None else column
    number = pd.to_numeric(column, errors="coerce")
    if (number.notna() == column.notna()).all():
        return number.astype(float)
    dates = _dates(column, name)
    bad = column[column.notna() & dates.isna()]
    if len(bad):
        raise DataError("carry_over.times", column=name, value=str(bad.iloc[0]), count=len(bad))
    return dates


def _dates(column: pd.Series, name: str) -> pd.Series:
    """Texts as dates by the local clock; refused where nothing shows which part is the day and which the month."""
    texts = column.map(str, na_action="ignore").astype(object)
    unclear = texts.dropna()
    unclear = unclear[unclear.map(lambda text: bool(_DAY_OR_MONTH.match(text)))]
    if len(unclear):
        dates = parse_times(texts)
        if dates is None:
            shown = ", ".join(f"'{text}'" for text in unclear.unique()[:3])
            raise DataError("journey.times_ambiguous", column=name, values=shown)
        return dates
    try:
        dates = pd.to_datetime(texts, errors="coerce", format="mixed")
    except ValueError:  # time zones that differ
        dates = parse_times(texts)
    return dates.dt.tz_localize(None) if dates is not None else pd.Series(pd.NaT, column.index)


def _places(index: pd.Index, at: Any) -> dict[str, int]:
    """Each shock's first period."""
    named = at if isinstance(at, Mapping) else None
    if named is None:
        several = at if isinstance(at, list | tuple) else [at]
        named = {str(one): one for one in several}
    if not named:
        raise DataError("carry_over.no_shock")
    dates = isinstance(index, pd.DatetimeIndex)
    found = {}
    for name, moment in named.items():
        try:
            when = _moment(moment) if dates else float(moment)
        except (TypeError, ValueError):
            raise DataError(
                "carry_over.shock_time", value=moment, first=_shown(index[0]), last=_shown(index[-1])
            ) from None
        place = int(index.searchsorted(when))
        if place == 0 or place == len(index):
            raise DataError(
                "carry_over.shock_outside", value=_shown(when), first=_shown(index[0]), last=_shown(index[-1])
            )
        found[str(name)] = place
    ordered = dict(sorted(found.items(), key=lambda pair: pair[1]))
    if len(set(ordered.values())) < len(ordered):
        raise DataError("carry_over.shocks_together", names=", ".join(ordered))
    return ordered


def _moment(moment: Any) -> pd.Timestamp:
    """The day of a shock by the local clock."""
    if isinstance(moment, str) and _DAY_OR_MONTH.match(moment):
        read = parse_times(pd.Series([moment], dtype=object))
        if read is None:
            raise DataError("carry_over.shock_day", value=moment)
        return pd.Timestamp(read.iloc[0])
    return pd.Timestamp(moment).tz_localize(None)


def _refuse(index: pd.Index, value: NDArray[np.float64], shocks: Mapping[str, int]) -> None:
    edges = [0, *shocks.values(), len(index)]
    least = min(np.diff(edges))
    if least < _AROUND:
        raise DataError("carry_over.too_few_around", n=len(index), needed=_AROUND, least=int(least))
    if np.ptp(value) == 0:
        raise DataError("carry_over.constant_series")


def _spacing(index: pd.Index) -> tuple[NDArray[np.float64], list[Notice]]:
    """Periods since the first, in median steps, and a notice where some are missing."""
    steps = np.diff(index.to_numpy()).astype(float)
    usual = float(np.median(steps))
    # months differ by three days in 31
    if steps.max() <= 1.2 * usual and steps.min() >= 0.8 * usual:
        return np.arange(len(index), dtype=float), []
    widest = int(steps.argmax())
    ends = {"first": _shown(index[widest]), "second": _shown(index[widest + 1])}
    place = np.concatenate([[0.0], np.cumsum(steps)]) / usual
    near = np.abs(steps / usual - np.round(steps / usual)).max() <= 0.2 and steps.min() >= 0.8 * usual
    if near:  # whole periods are missing
        place = np.concatenate([[0.0], np.cumsum(np.round(steps / usual))])
    return place, [Notice("carry_over.uneven", ends, serious=True)]


def _shown(when: Any) -> str:
    if isinstance(when, pd.Timestamp):
        return when.strftime("%Y-%m-%d" if when == when.normalize() else "%Y-%m-%d %H:%M")
    return f"{float(when):g}"


def shown_times(index: pd.Index) -> list[str]:
    """Periods as they are printed: months as 2024-03 where all are first days.

    Examples
    --------
    >>> shown_times(pd.DatetimeIndex(["2024-03-01", "2024-04-01"])), shown_times(pd.Index([1.0, 2.0]))
    (['2024-03', '2024-04'], ['1', '2'])
    """
    if isinstance(index, pd.DatetimeIndex) and (index.day == 1).all() and (index == index.normalize()).all():
        return [one.strftime("%Y-%m") for one in index]
    return [_shown(one) for one in index]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
