"""What a control chart is drawn from: points in the order of time, what each is out of, and its baseline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.estimate.control_limits import Array, Flags, Kind
from cxlab.survey.read.times import parse_times

FEWEST = 8


@dataclass(frozen=True, eq=False)
class Points:
    """Points in order, what each is out of, the scores behind it (for "xbar"), its name; and what to know of the
    order. `moved` is True where the order is not that in which they came."""

    values: Array
    sizes: Array
    groups: list[Array]
    names: list[str]
    notices: tuple[Notice, ...] = ()
    moved: bool = False


def read_points(values: Any, kind: Kind, size: Any, subgroup: Any) -> Points:
    """The points behind the arguments of `control_chart`."""
    if size is not None and kind in ("individuals", "xbar"):
        raise DataError("management.option_of_kind", option="size", kind=kind, kinds='"p", "u"')
    if subgroup is not None and kind != "xbar":
        raise DataError("management.option_of_kind", option="subgroup", kind=kind, kinds='"xbar"')
    if kind == "xbar":
        return _subgroups(values, subgroup)
    points = _series(values, "values")
    return Points(points, _sizes(size, points, kind), [], _names(values), _order_told(values))


def _order_told(values: Any) -> tuple[Notice, ...]:
    """A notice where the index says that the values are not in the order of time."""
    index = getattr(values, "index", None)
    dated = isinstance(index, pd.DatetimeIndex | pd.PeriodIndex)
    if dated and not index.is_monotonic_increasing:  # type: ignore[union-attr]
        return (Notice("management.dates_unordered", serious=True),)
    return ()


def _series(values: Any, name: str) -> Array:
    try:
        found = np.asarray(pd.to_numeric(pd.Series(np.ravel(values))), dtype=float)
    except (TypeError, ValueError):
        raise DataError("management.series_not_numbers", name=name) from None
    gaps = np.flatnonzero(~np.isfinite(found))
    if len(gaps):
        raise DataError("management.series_gaps", name=name, points=", ".join(str(gap + 1) for gap in gaps[:5]))
    return found


def _names(values: Any) -> list[str]:
    if isinstance(values, pd.Series) and not isinstance(values.index, pd.RangeIndex):
        dates = isinstance(values.index, pd.DatetimeIndex | pd.PeriodIndex)
        return [str(one)[:10] if dates else str(one) for one in values.index]
    return [str(k + 1) for k in range(len(np.ravel(values)))]


def _subgroups(values: Any, subgroup: Any) -> Points:
    if subgroup is None:
        frame = values if isinstance(values, pd.DataFrame) else pd.DataFrame(np.asarray(values, dtype=object))
        if frame.shape[1] < 2:
            raise DataError("management.subgroup_needed")
        groups = [_series(row, "values") for row in frame.to_numpy()]
        plain = isinstance(frame.index, pd.RangeIndex)
        names = [str(k + 1) if plain else _label(name) for k, name in enumerate(frame.index)]
        return _of_groups(groups, names, _order_told(values))
    flat, labels = _series(values, "values"), pd.Series(list(subgroup))
    if len(flat) != len(labels) or labels.isna().any():
        raise DataError("management.subgroup_length", values=len(flat), labels=len(labels))
    parts = list(pd.Series(flat).groupby(labels, sort=False))
    order, moved, told = _in_time([key for key, _ in parts])
    groups, names = [parts[k][1].to_numpy() for k in order], [_label(parts[k][0]) for k in order]
    alone = [name for name, one in zip(names, groups, strict=True) if len(one) < 2]
    if alone:
        raise DataError("management.subgroup_alone", names=", ".join(alone[:5]))
    return _of_groups(groups, names, told, moved)


def _of_groups(groups: list[Array], names: list[str], told: tuple[Notice, ...], moved: bool = False) -> Points:
    sizes = np.array([len(one) for one in groups], dtype=float)
    return Points(np.array([one.mean() for one in groups]), sizes, groups, names, told, moved)


def _label(name: Any) -> str:
    dated = isinstance(name, pd.Timestamp) and name == name.normalize()
    return str(name)[:10] if dated else str(name)


def _in_time(keys: list[Any]) -> tuple[list[int], bool, tuple[Notice, ...]]:
    """The order of subgroups: that of their dates or numbers, else the one in which they first occur, which is told
    unless their names run in it too."""
    first = list(range(len(keys)))
    clock = _clock(keys)
    if clock is None:
        if [_counted(str(key)) for key in keys] == sorted(_counted(str(key)) for key in keys):
            return first, False, ()
        shown = ", ".join(str(key) for key in keys[:3]) + (", …" if len(keys) > 3 else "")
        return first, False, (Notice("management.subgroups_as_met", {"names": shown}),)
    order = [int(k) for k in np.argsort(clock, kind="stable")]
    if order == first:
        return first, False, ()
    return order, True, (Notice("management.subgroups_sorted", {"first": _label(keys[order[0]])}, serious=True),)


def _counted(name: str) -> list[tuple[int, str]]:
    """What orders "week 2" before "week 10"."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def _clock(keys: list[Any]) -> np.ndarray | None:
    """Numbers that order the names of subgroups; None for names that are neither numbers nor dates."""
    column = pd.Series(keys)
    if isinstance(column.dtype, pd.PeriodDtype):
        column = column.dt.to_timestamp()
    if pd.api.types.is_datetime64_any_dtype(column):
        return np.asarray(column.astype("int64"))
    numbers = pd.to_numeric(column.astype(object), errors="coerce")
    if numbers.notna().all():
        return np.asarray(numbers, dtype=float)
    texts = column.map(str).astype(object)
    dates = parse_times(texts)
    if dates is None:  # months without a day: 2024-03
        dates = pd.to_datetime(texts, format="%Y-%m", errors="coerce")
    return None if dates.isna().any() else np.asarray(dates.astype("int64"))


def _sizes(size: Any, counts: Array, kind: Kind) -> Array:
    if kind == "individuals":
        return np.ones(len(counts))
    if size is None:
        raise DataError("management.size_needed", kind=kind)
    sizes = _series(np.broadcast_to(np.asarray(size), counts.shape) if np.ndim(size) == 0 else size, "size")
    if len(sizes) != len(counts):
        raise DataError("management.size_length", sizes=len(sizes), counts=len(counts))
    checks: tuple[tuple[str, Flags], ...] = (
        ("size_zero", sizes <= 0),
        ("counts_negative", counts < 0),
        ("counts_whole", counts % 1 != 0),
        ("counts_above_size", (counts > sizes) if kind == "p" else np.zeros(len(counts), dtype=bool)),
    )
    for key, wrong in checks:
        if wrong.any():
            points = ", ".join(str(place + 1) for place in np.flatnonzero(wrong)[:5])
            raise DataError(f"management.{key}", points=points)
    return sizes


def baseline_of(baseline: Any, n: int) -> Flags:
    """The points that limits are taken from."""
    if n < FEWEST:
        raise DataError("management.too_few_points", n=n, fewest=FEWEST)
    if baseline is None:
        return np.ones(n, dtype=bool)
    if np.ndim(baseline) == 0:
        if isinstance(baseline, bool) or not isinstance(baseline, int | np.integer) or not FEWEST <= baseline <= n:
            raise DataError("management.baseline_number", value=baseline, n=n, fewest=FEWEST)
        return np.asarray(np.arange(n) < baseline)
    flags = np.asarray(baseline)
    if flags.shape != (n,) or flags.dtype != bool or flags.sum() < FEWEST:
        raise DataError("management.baseline_flags", n=n, fewest=FEWEST)
    return flags
