"""Journeys as paths of channels with counts: from events, or from a table with a path in each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.unpack import check_names, numeric_columns, source_notices
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language
from cxlab.journey.events_result import Events
from cxlab.journey.under_way import record_end, under_way
from cxlab.survey.survey import Survey, as_survey

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Paths:
    """Different paths of `channels`, as codes, and how many journeys took each and `converted`, or were `lost`."""

    paths: tuple[tuple[int, ...], ...]
    channels: tuple[str, ...]
    converted: Floats
    lost: Floats
    events: Events | None
    simulated: bool
    notices: tuple[Notice, ...]

    def name(self, channel: str, lang: Language | None = None) -> str:
        """A channel as it is printed."""
        return self.events.name(channel, lang) if self.events is not None else channel


def paths_of_table(
    table: Survey | pd.DataFrame, path: str, conversions: str, non_conversions: str | None, separator: str
) -> Paths:
    """Read paths such as ``"search > shop"`` with the journeys behind each.

    Raises
    ------
    DataError
        Unknown columns, counts that are no whole numbers from 0, empty touches in a path, no journey.
    """
    survey = as_survey(table)
    counts = [conversions, *([non_conversions] if non_conversions else [])]
    if not separator:
        raise DataError("touchpoints.attr_separator")
    texts = survey.frame[check_names(survey.frame, [path, *counts])[path]]
    numbers, told = numeric_columns(survey, counts, complete=False, constant="allow", min_rows=1)
    converted = numbers.iloc[:, 0]
    if non_conversions is None:
        if not converted.dropna().isin([0, 1]).all():
            raise DataError("touchpoints.attr_no_lost", column=conversions)
        lost = 1 - converted
    else:
        lost = numbers.iloc[:, 1]
    _check_counts(pd.DataFrame({conversions: converted, non_conversions or "-": lost}))
    split = [_touches(text, separator) for text in texts]
    notices: list[Notice] = [*source_notices(survey), *told]
    gaps = [row for row, touches in zip(texts.index, split, strict=True) if len(touches) > 1 and "" in touches]
    if gaps:
        raise DataError(
            "touchpoints.attr_gap", count=len(gaps), rows=", ".join(map(str, gaps[:5])), separator=separator
        )
    filled = np.array([bool(touches[0]) for touches in split]) & (converted.to_numpy() + lost.to_numpy() > 0)
    if not filled.all():
        notices.append(Notice("touchpoints.attr_empty", {"count": int((~filled).sum()), "rows": len(texts)}))
    kept = [tuple(touches) for touches, full in zip(split, filled, strict=True) if full]
    if kept and max(map(len, kept)) == 1:
        notices.append(Notice("touchpoints.attr_one_touch", {"separator": separator}, serious=True))
    return _counted(kept, converted.to_numpy()[filled], lost.to_numpy()[filled], None, survey.simulated, notices)


def paths_of_events(events: Events, by: str, conversion: str, quiet: object) -> Paths:
    """Journeys up to the conversion: a stage that is reached, or a column of 0 and 1 with one value a customer.

    Raises
    ------
    DataError
        A conversion that is neither; no journey left.
    """
    frame = events.frame
    named = frame[by].notna().to_numpy()
    notices = list(events.warnings)
    customers, ids = pd.factorize(frame["customer"])
    if conversion in events.stages:
        at = (frame["stage"].astype(object) == conversion).to_numpy()
        seen = pd.Series(at).groupby(customers).cumsum().to_numpy() > 0
        won = np.zeros(len(ids))
        won[customers[at]] = 1
        still = under_way(frame, customers, quiet, record_end(events))  # type: ignore[arg-type]
        count = int((still.customers & (won == 0)).sum())
        if count:
            facts = {"count": count, "lost": int((won == 0).sum())}
            notices.append(Notice("touchpoints.attr_under_way", facts, serious=count > 0.1 * facts["lost"]))
    else:
        won, seen = _column(events, conversion, ids), np.zeros(len(frame), dtype=bool)
    before = named & ~seen
    if not named.all():
        notices.append(Notice("journey.not_in_chain", {"count": int((~named).sum()), "column": by}))
    parts = pd.Series(frame[by].astype("str").to_numpy()[before]).groupby(customers[before]).agg(tuple)
    known = np.isfinite(won)
    if not known.all():
        unknown = {"count": int((~known).sum()), "column": conversion, "customers": len(ids)}
        notices.append(Notice("touchpoints.attr_unknown", unknown, serious=known.mean() < 0.8))
    parts = parts[known[parts.index]]
    result = won[parts.index]
    unheard = int(np.nansum(won) - result.sum())
    if unheard:
        notices.append(Notice("touchpoints.attr_no_touch", {"count": unheard}, serious=True))
    return _counted(list(parts), result, 1 - result, events, events.simulated, notices)


def _column(events: Events, conversion: str, ids: pd.Index) -> np.ndarray:
    """0 or 1 of each customer."""
    if conversion not in events.source:
        known = ", ".join(events.stages)
        raise DataError("touchpoints.attr_conversion", value=conversion, known=known)
    values = pd.to_numeric(events.per_customer(conversion)[conversion], errors="coerce").reindex(ids).astype(float)
    if not values.dropna().isin([0, 1]).all():
        raise DataError("touchpoints.attr_not_binary", column=conversion)
    return values.to_numpy()


def _touches(text: object, separator: str) -> list[str]:
    return [part.strip() for part in str(text).split(separator)] if isinstance(text, str) else [""]


def _check_counts(frame: pd.DataFrame) -> None:
    for name in frame:
        values = frame[name]
        wrong = values.isna() | (values < 0) | (values != np.floor(values))
        if wrong.any():
            rows = ", ".join(map(str, values.index[wrong][:5]))
            raise DataError("touchpoints.attr_counts", column=name, count=int(wrong.sum()), rows=rows)


def _counted(
    paths: list[tuple[str, ...]],
    converted: np.ndarray,
    lost: np.ndarray,
    events: Events | None,
    simulated: bool,
    notices: list[Notice],
) -> Paths:
    """Equal paths joined; channels in alphabetical order."""
    if not paths:
        raise DataError("touchpoints.attr_no_path")
    channels = sorted({touch for path in paths for touch in path})
    code = {name: i for i, name in enumerate(channels)}
    table = pd.DataFrame({"path": paths, "converted": converted, "lost": lost}).groupby("path", sort=False).sum()
    if table["converted"].sum() == 0:
        raise DataError("touchpoints.attr_no_conversion", n=int(table["lost"].sum()))
    if table["lost"].sum() == 0:
        notices.append(Notice("touchpoints.attr_all_convert", serious=True))
    if len(channels) == 1:
        raise DataError("touchpoints.attr_one_channel", channel=channels[0])
    codes = tuple(tuple(code[touch] for touch in path) for path in table.index)
    won, gone = (table[name].to_numpy(dtype=float) for name in ("converted", "lost"))
    return Paths(codes, tuple(channels), won, gone, events, simulated, tuple(notices))
