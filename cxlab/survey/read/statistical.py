"""SPSS, Stata and Parquet: typed columns with the labels and missing codes that the file declares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cxlab.codebook import Role
from cxlab.codebook.text import nfc
from cxlab.errors import FileError
from cxlab.survey.read.files import SourceFile
from cxlab.survey.read.raw import RawTable

Codes = tuple[float | str, ...]


def read_spss(file: SourceFile, encoding: str | None = None) -> RawTable:
    """An SPSS file with value labels, variable labels and user-missing codes."""
    import pyreadstat

    return _read(file, pyreadstat.read_sav, "SPSS", encoding)


def read_stata(file: SourceFile, encoding: str | None = None) -> RawTable:
    """A Stata file with value labels, variable labels and extended missing values (.a to .z)."""
    import pyreadstat

    return _read(file, pyreadstat.read_dta, "Stata", encoding)


def read_parquet(file: SourceFile) -> RawTable:
    """A Parquet file; small integer columns stay small."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(file.data))
    except (pa.ArrowInvalid, OSError):
        raise FileError("readers.corrupt", path=file.path.name, container="Parquet") from None
    for number, field in enumerate(table.schema):
        if pa.types.is_boolean(field.type):  # with nulls, pandas would make objects of them
            table = table.set_column(number, field.name, table.column(number).cast(pa.int8()))
    nested = [number for number, kind in enumerate(table.schema.types) if pa.types.is_nested(kind)]
    # The index that pandas stores is the writer's; here the index is the row number in the file.
    # self_destruct frees memory as it goes, and leaves nothing of `table` to look at.
    frame = table.to_pandas(ignore_metadata=True, split_blocks=True, self_destruct=True)
    del table
    for number in nested:  # lists and records cannot be compared cell by cell; as text they can
        frame.isetitem(number, frame.iloc[:, number].map(str, na_action="ignore"))
    frame.columns = [nfc(str(name)) for name in frame.columns]
    return RawTable(frame)


def _read(file: SourceFile, reader: Any, container: str, encoding: str | None) -> RawTable:
    import pyreadstat

    options = {} if encoding is None else {"encoding": encoding}
    try:
        frame, meta = reader(str(file.path), user_missing=True, **options)
    except pyreadstat.ReadstatError:
        raise FileError("readers.corrupt", path=file.path.name, container=container) from None
    except (UnicodeDecodeError, LookupError):
        raise FileError("readers.statistical_encoding", path=file.path.name, container=container) from None
    columns = list(frame.columns)
    frame.columns = [nfc(str(name)) for name in columns]
    missing = _missing(frame, meta)
    points = {
        nfc(name): _points(labels, missing.get(nfc(name), ())) for name, labels in meta.variable_value_labels.items()
    }
    labels = {nfc(n): nfc(text) for n, text in (meta.column_names_to_labels or {}).items() if text}
    return RawTable(
        frame,
        labels=labels,
        points={name: found for name, found in points.items() if found},
        missing=missing,
        roles={name: role for name in frame.columns if (role := _role(name, meta, points.get(name)))},
        source={"encoding": meta.file_encoding} if meta.file_encoding else {},
    )


def _points(labels: Mapping[Any, str], missing: Codes) -> dict[float, str]:
    return {
        float(value): nfc(text)
        for value, text in labels.items()
        if isinstance(value, int | float) and value not in missing and text.strip()
    }


def _role(name: str, meta: Any, points: Mapping[float, str] | None) -> Role | None:
    """A labelled column that its author called nominal is a group."""
    return "group" if points and meta.variable_measure.get(name) == "nominal" and len(points) < 3 else None


def _missing(frame: pd.DataFrame, meta: Any) -> dict[str, Codes]:
    """Declared missing codes by column; of a range, those that occur or carry a label."""
    found: dict[str, Codes] = {nfc(n): tuple(codes) for n, codes in (meta.missing_user_values or {}).items() if codes}
    for name, ranges in (meta.missing_ranges or {}).items():
        column = nfc(name)
        labelled = [v for v in meta.variable_value_labels.get(name, {}) if isinstance(v, int | float)]
        codes: list[float | str] = []
        for span in ranges:
            codes += _span(span["lo"], span["hi"], frame[column], labelled)
        if codes:
            found[column] = (*found.get(column, ()), *dict.fromkeys(codes))
    return found


def _span(low: Any, high: Any, values: pd.Series, labelled: list[Any]) -> list[float | str]:
    if isinstance(low, str) or low == high:
        return [low]
    array = values.to_numpy(dtype=float, na_value=math.nan)
    here = np.unique(array[(array >= low) & (array <= high)]).tolist()
    return sorted({*here, *(float(v) for v in labelled if low <= v <= high)})
