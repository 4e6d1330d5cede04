"""What is wrong with the rows of an event table, row by row, and which rows can stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, Notice
from cxlab.i18n import current_language, pick, tr
from cxlab.journey.coding import Coding, coding_for

OnProblem = Literal["error", "drop", "keep"]
# Without these cells an event has no place in a journey, whatever is asked.
_NO_PLACE = (
    "missing_customer",
    "missing_time",
    "unreadable_time",
    "missing_stage",
    "unknown_stage",
    "missing_touchpoint",
)
# The event happened; it is its rating that cannot be read.
_NO_RATING = ("valence_not_number", "valence_outside")
_SHOWN = 5


@dataclass
class Findings:
    """Problems as they are found: kind, and the rows and values of each."""

    rows: dict[str, pd.Series] = field(default_factory=dict)
    numbers: np.ndarray | None = None
    """Row numbers of the source, where one row of it makes several events; else the index holds them."""
    stages: tuple[str, ...] = ()
    """What the column of stages holds, known and unknown."""

    def rows_of(self, kind: str) -> np.ndarray:
        """The rows of the source with this problem."""
        index = self.rows[kind].index.to_numpy()
        return index if self.numbers is None else self.numbers[index]

    def add(self, kind: str, values: pd.Series) -> None:
        """Rows (the index) with this problem and what stands in them."""
        if len(values):
            self.rows[kind] = values

    def table(self) -> pd.DataFrame:
        """One row a problem: row, problem, value."""
        parts = [
            pd.DataFrame({"row": self.rows_of(kind), "problem": kind, "value": one.astype(object).to_numpy()})
            for kind, one in self.rows.items()
        ]
        empty = pd.DataFrame({"row": pd.Series(dtype="int64"), "problem": pd.Series(dtype="str"), "value": []})
        return (
            pd.concat(parts, ignore_index=True).sort_values("row", kind="stable", ignore_index=True) if parts else empty
        )

    def to_leave_out(self, keep: bool) -> pd.Index:
        """Rows that cannot stay; with `keep` only those without a place in a journey."""
        kinds = [kind for kind in self.rows if kind not in _NO_RATING and (not keep or kind in _NO_PLACE)]
        found = pd.Index([])
        for kind in kinds:
            found = found.union(self.rows[kind].index)
        return found

    def unrated(self, keep: bool) -> pd.Index:
        """Rows whose rating becomes missing; a rating outside the scale stays with `keep`."""
        kinds = [kind for kind in _NO_RATING if kind in self.rows and not (keep and kind == "valence_outside")]
        found = pd.Index([])
        for kind in kinds:
            found = found.union(self.rows[kind].index)
        return found


def stage_problems(
    column: pd.Series, coding: Coding, labels: Mapping[Any, Mapping[str, str]], into: Findings
) -> pd.Categorical:
    """The stages as an ordered categorical; cells that are no stage of the coding go into the findings.

    Examples
    --------
    >>> from cxlab.journey.coding import theory_coding
    >>> found = Findings()
    >>> stage_problems(pd.Series(["use", "Mua hàng", "useage"]), theory_coding("eight"), {}, found).tolist()
    ['use', 'buying', nan]
    >>> found.table()["problem"].tolist()
    ['unknown_stage']
    """
    codes, cells = pd.factorize(column)
    into.stages = tuple(map(str, cells))
    keys = [_stage_of(cell, coding, labels) for cell in cells]
    order = {key: place for place, key in enumerate(coding.stages)}
    places = np.array([-1 if key is None else order[key] for key in keys] + [-1], dtype=np.int16)
    found = places[codes]
    into.add("missing_stage", column[codes < 0])
    into.add("unknown_stage", column[(codes >= 0) & (found < 0)])
    return pd.Categorical.from_codes(found, categories=list(coding.stages), ordered=True)


def _stage_of(cell: Any, coding: Coding, labels: Mapping[Any, Mapping[str, str]]) -> str | None:
    texts = [str(cell), *(labels.get(cell, {}).values() if not isinstance(cell, str) else ())]
    return next((key for text in texts if (key := coding.key_of(text))), None)


def order_problems(frame: pd.DataFrame, customers: np.ndarray, into: Findings) -> None:
    """Events whose given step says later and whose time says earlier than an event before them."""
    times = time_numbers(frame["time"])
    order = np.lexsort((frame["step"].to_numpy(dtype=float), customers))
    owners, moments = customers[order], times[order]
    known = ~np.isnan(moments)
    highest = pd.Series(moments).groupby(owners).cummax().to_numpy()
    highest = pd.Series(highest).groupby(owners).ffill().to_numpy()
    before = np.r_[np.nan, highest[:-1]]
    before[np.r_[True, owners[1:] != owners[:-1]]] = np.nan
    with np.errstate(invalid="ignore"):
        late = known & (moments < before)
    into.add("out_of_order", frame["time"].iloc[np.sort(order[late])])


def back_places(frame: pd.DataFrame, customers: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Places in the frame of events that follow, in `order`, one of a later stage of the same customer."""
    stages = frame["stage"].cat.codes.to_numpy()[order].astype(float)
    furthest = pd.Series(stages).groupby(customers[order]).cummax().to_numpy()
    return np.sort(order[stages < furthest])


def time_numbers(times: pd.Series) -> np.ndarray:
    """Times as floats that can be compared, missing as nan.

    Examples
    --------
    >>> time_numbers(pd.Series([3, None])).tolist()
    [3.0, nan]
    """
    if not pd.api.types.is_datetime64_any_dtype(times):
        return pd.to_numeric(times).to_numpy(dtype=float, na_value=np.nan)
    found = times.astype("int64").to_numpy().astype(float)
    found[times.isna().to_numpy()] = np.nan
    return found


def settle(found: Findings, on_problem: OnProblem, coding: Coding, scale: tuple[float, float] | None) -> list[Notice]:
    """An error that says all that was found, or the notices that say it."""
    if not found.rows:
        return []
    lines = [_line(kind, found, coding, scale) for kind in found.rows]
    if on_problem == "error":
        rows = len(np.unique(np.concatenate([found.rows_of(kind) for kind in found.rows])))
        raise DataError("journey.problems", rows=rows, lines="\n".join(f"  - {line}" for line in lines))
    keep = on_problem == "keep"
    out, unrated = found.to_leave_out(keep), found.unrated(keep)
    notices = [Notice("journey.problem_found", {"line": line}, serious=True) for line in lines]
    if len(out):
        notices.append(Notice("journey.rows_left_out", {"rows": len(out)}))
    if len(unrated):
        notices.append(Notice("journey.ratings_left_out", {"rows": len(unrated)}))
    return notices


def _line(kind: str, found: Findings, coding: Coding, scale: tuple[float, float] | None) -> Notice:
    """One kind of problem in words: how many rows, which, what stands there, what to do."""
    values = found.rows[kind]
    rows = ", ".join(str(row) for row in found.rows_of(kind)[:_SHOWN]) + (", …" if len(values) > _SHOWN else "")
    facts: dict[str, Any] = {"count": len(values), "rows": rows}
    if kind in ("unknown_stage", "valence_not_number", "valence_outside", "unreadable_time"):
        distinct = values.astype(object).value_counts().index
        shown = [f"{one:g}" if isinstance(one, float) else f"'{one}'" for one in distinct[:_SHOWN]]
        facts["values"] = ", ".join(shown) + (", …" if len(distinct) > _SHOWN else "")
    if kind == "unknown_stage":
        facts |= {"known": _Known(coding), "hint": _StageHint(str(distinct[0]), found.stages, coding)}
    if kind == "valence_outside" and scale is not None:
        facts |= {"low": f"{scale[0]:g}", "high": f"{scale[1]:g}"}
    return Notice(f"journey.problem_{kind}", facts)


@dataclass(frozen=True)
class _Known:
    """The stages of a coding: their keys, and in other languages than English their labels, which may be used too."""

    coding: Coding

    def __str__(self) -> str:
        lang, stages = current_language(), self.coding.stages
        if lang == "en":
            return ", ".join(stages)
        return ", ".join(key if pick(text) == key else f"{key} ({pick(text)})" for key, text in stages.items())


@dataclass(frozen=True)
class _StageHint:
    """The nearest stage, or the coding that knows all of them, said in the language of the reader."""

    text: str
    every: tuple[str, ...]
    coding: Coding

    def __str__(self) -> str:
        other = coding_for(pd.Index(self.every))
        if other is not None and other != self.coding.name:
            return " " + tr("journey.hint_coding", coding=other)
        words = [*self.coding.stages, *(word for text in self.coding.stages.values() for word in text.values())]
        return did_you_mean(self.text, words)
