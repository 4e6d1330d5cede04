"""The steps from a table of events to `Events`: columns, checks, order, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import source_notices
from cxlab.codebook import Codebook
from cxlab.errors import DataError, Notice
from cxlab.journey.coding import Coding, Stages, coding_of
from cxlab.journey.events_columns import find_columns
from cxlab.journey.events_labels import labels_of
from cxlab.journey.events_names import as_text, customer_names, customer_notices
from cxlab.journey.events_notices import events_notices
from cxlab.journey.events_problems import (
    Findings,
    OnProblem,
    back_places,
    order_problems,
    settle,
    stage_problems,
    time_numbers,
)
from cxlab.journey.events_result import COLUMNS, Events
from cxlab.journey.events_table import stage_table
from cxlab.journey.events_times import read_times
from cxlab.show.result import Text
from cxlab.survey.survey import Survey

Scale = tuple[float, float] | None
# A log repeats a few events; a column that repeats more than this share of its values does not number them.
_MOST_TWICE = 0.2


@dataclass(frozen=True)
class Options:
    """What the user asked for beside the columns."""

    coding: Stages = "eight"
    scale: Scale = None
    allow_return: bool = True
    on_problem: OnProblem = "error"
    labels: Mapping[str, str | Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.on_problem not in get_args(OnProblem):
            known = ", ".join(get_args(OnProblem))
            raise DataError("analyses.unknown_option", option="on_problem", value=self.on_problem, known=known)
        if self.scale is not None and not (len(self.scale) == 2 and self.scale[0] < self.scale[1]):
            raise DataError("journey.scale", scale=self.scale)


def from_log(survey: Survey, given: Mapping[str, str | None], options: Options) -> Events:
    """Events from a table with one row an event."""
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    columns = find_columns(survey, given, ("customer", "stage", "touchpoint"))
    guessed = _guessed(survey, columns, given)
    if "time" not in columns and "step" not in columns:
        known = ", ".join(f"'{name}'" for name in survey.frame)
        raise DataError("journey.no_order", known=known)
    coding, found = coding_of(options.coding), Findings()
    scale = options.scale or scale_of(survey, columns.get("valence"))
    frame, told = _columns(survey, columns, coding, found)
    rating_problems(frame, scale, found)
    _row_problems(frame, survey, columns, found)
    return finish(survey, frame, columns, coding, scale, found, options, [*guessed, *told])


def _guessed(survey: Survey, columns: dict[str, str], given: Mapping[str, str | None]) -> list[Notice]:
    """Which columns were found by an unusual header; a guessed event number that repeats itself is given up."""
    notices = []
    if given.get("event") is None and "event" in columns:
        numbers = survey.frame[columns["event"]]
        if numbers.duplicated().mean() > _MOST_TWICE:  # kinds of events, not their numbers
            notices.append(Notice("journey.event_not_number", {"column": columns.pop("event")}, serious=True))
    found = [f"{role} ← '{name}'" for role, name in columns.items() if given.get(role) is None and name != role]
    return [*notices, *([Notice("journey.columns_guessed", {"columns": ", ".join(found)})] if found else [])]


def scale_of(survey: Survey, name: str | None) -> Scale:
    """The ends of an item's scale, if the codebook states them: a guess from the answers would call 1 to 3 a 1 to 5."""
    item = survey.codebook.items.get(name) if name is not None else None
    if name is None or item is None or item.min is None or item.max is None:
        return None
    if not (survey.codebook.name or item.scale or item.labels):
        guess = Codebook.infer(survey.frame[[name]]).items.get(name)
        if guess is None or (guess.min, guess.max) == (item.min, item.max):
            return None
    return item.min, item.max


def _columns(
    survey: Survey, columns: Mapping[str, str], coding: Coding, found: Findings
) -> tuple[pd.DataFrame, list[Notice]]:
    """The normalised columns, in the order of the table, what is absent missing throughout; and what was changed."""
    raw = survey.frame
    empty = pd.Series(np.nan, index=raw.index, dtype=object)
    parts: dict[str, Any] = {role: raw[columns[role]] if role in columns else empty for role in COLUMNS}
    for role in ("touchpoint", "owner", "channel", "contact"):
        parts[role] = as_text(parts[role])
    parts["customer"] = customer_names(raw[columns["customer"]])
    told = customer_notices(raw[columns["customer"]], parts["customer"])
    labels = survey.codebook.items[columns["stage"]].labels if columns["stage"] in survey.codebook.items else {}
    parts["stage"] = stage_problems(raw[columns["stage"]], coding, labels, found)
    if "time" in columns:
        parts["time"], zones = read_times(raw[columns["time"]], found)
        told += zones
    parts["valence"] = _numbers(raw, columns.get("valence"), "valence_not_number", found)
    parts["step"] = _numbers(raw, columns.get("step"), "step_not_number", found)
    return pd.DataFrame(parts, index=raw.index)[list(COLUMNS)], told


def _numbers(raw: pd.DataFrame, name: str | None, kind: str, found: Findings) -> pd.Series:
    if name is None:
        return pd.Series(np.nan, index=raw.index)
    numbers = pd.to_numeric(
        raw[name].astype(object) if raw[name].dtype.kind not in "iufb" else raw[name], errors="coerce"
    )
    found.add(kind, raw[name][numbers.isna() & raw[name].notna()])
    return numbers.astype("float64").replace([np.inf, -np.inf], np.nan)


def rating_problems(frame: pd.DataFrame, scale: Scale, found: Findings) -> None:
    """Ratings outside the scale, where it is known, go into the findings."""
    if scale is not None:
        outside = (frame["valence"] < scale[0]) | (frame["valence"] > scale[1])
        found.add("valence_outside", frame["valence"][outside])


def _row_problems(frame: pd.DataFrame, survey: Survey, columns: Mapping[str, str], found: Findings) -> None:
    """Missing cells, events logged twice, step against time."""
    for role in ("customer", "touchpoint", *(("time",) if "time" in columns else ())):
        empty = frame[role].isna()
        if role == "time" and "unreadable_time" in found.rows:
            empty &= ~frame.index.isin(found.rows["unreadable_time"].index)
        found.add(f"missing_{role}", frame[role][empty])
    if "event" in columns:
        numbers = survey.frame[columns["event"]]
        found.add("event_twice", numbers[numbers.notna() & numbers.duplicated()])
    if "step" in columns and "time" in columns:
        order_problems(frame, pd.factorize(frame["customer"])[0], found)


def finish(
    survey: Survey,
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    coding: Coding,
    scale: Scale,
    found: Findings,
    options: Options,
    first: Sequence[Notice] = (),
) -> Events:
    """Order the events, settle the problems, count what a reader must know."""
    if not options.allow_return:
        found.add("earlier_stage", _back(frame, found))
    notices = settle(found, options.on_problem, coding, scale)
    frame = _kept(frame, found, options.on_problem == "keep")
    if frame.empty:
        raise DataError("journey.no_events", rows=len(survey.frame))
    return Events(
        frame=frame,
        coding=coding.name,
        stages=dict(coding.stages),
        problems=found.table(),
        scale=scale,
        table=stage_table(frame, coding),
        labels=labels_of(frame, options.labels),
        warnings=(*first, *source_notices(survey), *notices, *events_notices(frame, columns)),
        columns=dict(columns),
        source=survey.frame,
        codebook=survey.codebook,
    )


def _kept(frame: pd.DataFrame, found: Findings, keep: bool) -> pd.DataFrame:
    """The events that stay, in order, under the row numbers of the source."""
    frame.loc[found.unrated(keep), "valence"] = np.nan
    out = found.to_leave_out(keep)
    frame = _ordered(frame.drop(out) if len(out) else frame)
    if found.numbers is not None:
        frame.index = pd.Index(found.numbers[frame.index], name="row")
    return frame


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """By customer (in order of appearance) and time, then given step, then row; steps counted anew from 1."""
    order, customers = _order(frame)
    frame = frame.iloc[order]
    starts = np.r_[True, np.diff(customers[order]) != 0]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(frame)), 0))
    return frame.assign(step=np.arange(len(frame)) - first + 1)


def _order(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    customers = pd.factorize(frame["customer"])[0]
    given = frame["step"].to_numpy(dtype=float)
    timed = time_numbers(frame["time"])
    # Missing times sort last and would part events that a given step keeps together.
    keys = (given, customers) if np.isnan(timed).any() and not np.isnan(given).any() else (given, timed, customers)
    return np.lexsort(keys), customers


def _back(frame: pd.DataFrame, found: Findings) -> pd.Series:
    usable = frame.drop(found.to_leave_out(True))
    order, customers = _order(usable)
    return usable["stage"].iloc[back_places(usable, customers, order)]
