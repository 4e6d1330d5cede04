"""A part of the events: one owner's, one channel's, one group of customers'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_names
from cxlab.codebook.text import nfc
from cxlab.errors import DataError
from cxlab.journey.coding import Coding
from cxlab.journey.events_notices import told_again
from cxlab.journey.events_result import Events
from cxlab.journey.events_table import stage_table
from cxlab.journey.under_way import record_end


def where(events: Events, conditions: Mapping[str, Any]) -> Events:
    """See `Events.where`."""
    frame, source = events.frame, events.source
    keep = np.ones(len(frame), dtype=bool)
    for name, wanted in conditions.items():
        values = [wanted] if isinstance(wanted, str) or not isinstance(wanted, list | tuple | set) else list(wanted)
        values = [nfc(one) if isinstance(one, str) else one for one in values]
        keep &= _composed(_column(frame, source, name)).isin(values).to_numpy()
    if not keep.any():
        shown = ", ".join(f"{name}={value!r}" for name, value in conditions.items())
        raise DataError("journey.none_meet", conditions=shown)
    part = frame[keep]
    table = stage_table(part, Coding(events.coding, events.stages))
    told = told_again(events.warnings, part, events.columns)
    return replace(events, frame=part, table=table, warnings=told, record_end=record_end(events))


def _composed(column: pd.Series) -> pd.Series:
    """Texts in one Unicode form, so that a name is found in whichever form either side has it."""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column
    codes, cells = pd.factorize(column)
    names = [nfc(cell) if isinstance(cell, str) else cell for cell in cells]
    return pd.Series(pd.Series([*names, None], dtype=object).to_numpy()[codes], index=column.index)


def _column(frame: pd.DataFrame, source: pd.DataFrame, name: str) -> pd.Series:
    if name in frame:
        return frame[name]
    column = check_names(source, [name])[name]
    return source.loc[frame.index, column]
