"""The one place where a Survey or DataFrame becomes a table of floats, with every reason why it could not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Literal

import numpy as np
import pandas as pd

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, Notice
from cxlab.i18n import tr
from cxlab.survey.survey import Survey, as_survey

Constant = Literal["error", "notice", "allow"]
_SHOWN = 5
# Squares and fourth powers of answers beyond these leave the range of floating-point numbers.
_LARGEST, _SMALLEST = 1e60, 1e-60


def numeric_columns(
    data: Survey | pd.DataFrame,
    names: Sequence[str],
    *,
    complete: bool = True,
    constant: Constant = "error",
    min_rows: int = 2,
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """Named columns as floats, or an error that says which column, row or count stands in the way.

    When to use it: first line of every analysis. The rows keep their numbers, so that a message can name them.

    Parameters
    ----------
    data : Survey or DataFrame
        The answers, one row a respondent.
    names : sequence of str
        Columns, in the order wanted. Letters with diacritics match however they are encoded (NFC or NFD).
    complete : bool
        True keeps only rows with an answer in every named column, and says how many were left out.
    constant : {"error", "notice", "allow"}
        What a column with one value only means to the caller.
    min_rows : int
        The fewest rows the analysis can work with, counted after `complete`.

    Returns
    -------
    frame : DataFrame of float64, columns `names`, index the rows' numbers
    notices : tuple of Notice
        Rows left out; constant columns, if they are only to be noticed.

    Raises
    ------
    DataError
        Unknown, repeated, duplicated, non-numeric, infinite, all-missing or constant columns; too few rows.

    Examples
    --------
    >>> answers = pd.DataFrame({"hài_lòng": [4, 5, None, 3], "giá": [2, 3, 4, 4]})
    >>> frame, notices = numeric_columns(answers, ["hài_lòng", "giá"])
    >>> frame.shape, notices[0].values["dropped"]
    ((3, 2), 1)
    """
    survey = as_survey(data)
    wanted = check_names(survey.frame, names)
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    private = {name for name in wanted if is_private(survey, name)}
    frame = _all_as_float(survey.frame, wanted)
    if frame is None:  # column by column, which finds whatever must be said
        frame = pd.DataFrame(
            {name: _as_float(survey.frame[column], name, name in private) for name, column in wanted.items()}
        )
    _refuse_missing(frame)
    notices = _private_notices(private)
    if complete:
        frame, dropped = complete_rows(frame)
        notices += dropped
    if len(frame) < min_rows:
        most = _most_missing(survey.frame[list(wanted.values())])
        where = tr("analyses.most_missing", columns=most) + " " if most else ""
        raise DataError("analyses.too_few_rows", rows=len(frame), needed=min_rows, total=len(survey.frame), where=where)
    return frame, (*notices, *constant_columns(frame, constant))


def check_names(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, object]:
    """The frame's own column behind each name; unknown and repeated names are errors.

    Examples
    --------
    >>> check_names(pd.DataFrame({"a": [1], "b": [2]}), ["b"])
    {'b': 'b'}
    """
    if isinstance(names, str):
        names = [names]
    wanted = [nfc(str(name)) for name in names]
    if not wanted:
        raise DataError("analyses.no_columns")
    own = [nfc(str(column)) for column in frame.columns]
    unknown = [name for name in wanted if name not in own]
    if unknown:
        hint, known = did_you_mean(unknown[0], own), _listed(own, 12)
        raise DataError("analyses.unknown_columns", columns=_listed(unknown), hint=hint, known=known)
    for key, pool in (("analyses.repeated_names", wanted), ("analyses.duplicate_columns", own)):
        twice = sorted({name for name in wanted if pool.count(name) > 1})
        if twice:
            raise DataError(key, columns=_listed(twice))
    return {name: frame.columns[own.index(name)] for name in wanted}


def is_numeric(column: pd.Series) -> bool:
    """True if every answer given in the column is a number (also a number stored as text)."""
    return not _is_time(column) and not len(_bad_cells(column))


def _listed(names: Iterable[object], most: int = _SHOWN) -> str:
    shown = [f"'{name}'" for name in names]
    return ", ".join(shown[:most]) + (", …" if len(shown) > most else "")


def _is_time(column: pd.Series) -> bool:
    kinds = pd.api.types
    return kinds.is_datetime64_any_dtype(column) or kinds.is_timedelta64_dtype(column)


def _bad_cells(column: pd.Series) -> pd.Series:
    if pd.api.types.is_complex_dtype(column):
        return column.dropna()
    if pd.api.types.is_numeric_dtype(column):
        return column.iloc[:0]
    number = pd.to_numeric(column.astype(object), errors="coerce")
    return column[column.notna() & number.isna()]


def is_private(survey: Survey, name: str) -> bool:
    """True for a column whose answers a message must not repeat: personal data, ids, free text."""
    item = survey.codebook.items.get(name)
    return item is not None and (item.personal or item.role in ("id", "text"))


def _as_float(column: pd.Series, name: str, private: bool) -> pd.Series:
    bad = column.dropna() if _is_time(column) else _bad_cells(column)
    if len(bad):
        shown = bad.map(lambda value: "…" if private else f"'{value}'").head(_SHOWN)
        cells = "; ".join(f"{tr('analyses.row')} {row}: {value}" for row, value in shown.items())
        raise DataError("analyses.not_numeric", column=name, count=len(bad), cells=cells)
    number = pd.to_numeric(column.astype(object), errors="coerce") if column.dtype.kind not in "iuf" else column
    values = number.astype("float64")
    infinite = values.index[np.isinf(values)]
    if len(infinite):
        raise DataError("analyses.infinite", column=name, count=len(infinite), rows=_rows(infinite))
    size = values.abs()
    if size.max() > _LARGEST or 0 < size.max() < _SMALLEST:
        raise DataError("analyses.out_of_range", column=name, largest=f"{size.max():.0e}")
    return values


def _all_as_float(frame: pd.DataFrame, wanted: Mapping[str, object]) -> pd.DataFrame | None:
    """The columns in one go, where all hold numbers within range; else None."""
    chosen = frame if list(frame.columns) == list(wanted.values()) else frame[list(wanted.values())]
    if not all(isinstance(dtype, np.dtype) and dtype.kind in "iuf" for dtype in set(chosen.dtypes)):
        return None
    values = np.array(chosen, dtype="float64", order="C")
    largest = np.fmax.reduce(np.abs(values), axis=0, initial=0.0)
    if (largest > _LARGEST).any() or ((largest > 0) & (largest < _SMALLEST)).any():
        return None
    return pd.DataFrame(values, chosen.index, list(wanted))


def _private_notices(private: Iterable[str]) -> list[Notice]:
    names = sorted(private)
    return [Notice("analyses.personal_used", {"columns": _listed(names)}, serious=True)] if names else []


def source_notices(survey: Survey, *, weighted: bool = False) -> list[Notice]:
    """What holds for every number computed from this survey: simulated answers, weights left unused (not `weighted`).

    Examples
    --------
    >>> source_notices(as_survey(pd.DataFrame({"sat1": [4, 5], "sat2": [3, 5]})))
    []
    """
    simulated = [Notice("analyses.simulated")] if survey.simulated else []
    return simulated if weighted else [*simulated, *weight_notices(survey)]


def weight_notices(survey: Survey) -> list[Notice]:
    """A serious notice if the survey has weights, for an analysis that does not use them.

    Examples
    --------
    >>> weight_notices(as_survey(pd.DataFrame({"sat1": [4, 5], "sat2": [3, 5]})))
    []
    """
    weights = [name for name, item in survey.codebook.items.items() if item.role == "weight" and name in survey.frame]
    return [Notice("analyses.weights_unused", {"columns": ", ".join(weights)}, serious=True)] if weights else []


def outside_scale(survey: Survey, names: Iterable[str]) -> list[Notice]:
    """A serious notice if items hold answers that their scale does not have, as a code for "no answer" is.

    Examples
    --------
    >>> answers = as_survey(pd.DataFrame({"sat1": [1, 2, 3, 4, 5, 6, 7, -99]}))
    >>> outside_scale(answers, ["sat1"])[0].values["codes"]
    '-99'
    """
    found: list[tuple[str, str, str]] = []
    for name in dict.fromkeys(names):
        item = survey.codebook.items.get(name)
        if item is None or item.min is None or item.max is None or name not in survey.frame:
            continue
        column = survey.frame[name]
        numbers = column if column.dtype.kind in "iuf" else pd.to_numeric(column, errors="coerce")
        values = numbers.to_numpy(float, na_value=np.nan)
        outside = (values < item.min) | (values > item.max)
        if outside.any():
            beyond = np.unique(values[outside]).tolist()
            codes = "…" if is_private(survey, name) else ", ".join(f"{value:g}" for value in beyond[:_SHOWN])
            found.append((name, codes, f"{item.min:g}–{item.max:g}"))
    if not found:
        return []
    example, codes, scale = found[0]
    values_of = {"items": _listed(name for name, *_ in found), "example": example, "codes": codes, "scale": scale}
    return [Notice("analyses.outside_scale", values_of, serious=True)]


def check_level(level: object) -> None:
    """An error unless this is a confidence level: a number between 0 and 1.

    Examples
    --------
    >>> check_level(0.95)
    """
    if isinstance(level, bool) or not isinstance(level, Real) or not 0 < float(level) < 1:
        raise DataError("analyses.level_outside", level=level)


def _rows(index: Iterable[object]) -> str:
    rows = [str(row) for row in index]
    return ", ".join(rows[:_SHOWN]) + (", …" if len(rows) > _SHOWN else "")


def _refuse_missing(frame: pd.DataFrame) -> None:
    empty = np.isnan(frame.to_numpy()).all(axis=0)
    if empty.any():
        raise DataError("analyses.all_missing", columns=_listed(frame.columns[empty]))


def complete_rows(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Notice]]:
    """The rows without a missing answer, and a notice that counts the others; serious if a fifth is lost.

    Examples
    --------
    >>> len(complete_rows(pd.DataFrame({"a": [1.0, None]}))[0])
    1
    """
    values = frame.to_numpy()
    whole = ~(np.isnan(values) if values.dtype.kind == "f" else pd.isna(values)).any(axis=1)
    if whole.all():
        return frame, []
    kept = frame[whole]
    values = {"dropped": len(frame) - len(kept), "total": len(frame), "n": len(kept)}
    return kept, [Notice("analyses.rows_incomplete", values, serious=len(kept) < 0.8 * len(frame))]


def _most_missing(frame: pd.DataFrame) -> str:
    missing = frame.isna().sum().sort_values(ascending=False, kind="stable")
    return ", ".join(f"{name} ({count})" for name, count in missing.head(_SHOWN).items() if count)


def constant_columns(frame: pd.DataFrame, constant: Constant = "error") -> list[Notice]:
    """An error, a notice or nothing about columns that hold one value only.

    Examples
    --------
    >>> constant_columns(pd.DataFrame({"a": [1, 1]}), "notice")[0].values["n"]
    2
    """
    flat = _flat(frame)
    if not flat or constant == "allow":
        return []
    if constant == "error":
        raise DataError("analyses.constant_columns", columns=_listed(flat), n=len(frame))
    return [Notice("analyses.constant_columns", {"columns": _listed(flat), "n": len(frame)}, serious=True)]


def _flat(frame: pd.DataFrame) -> list[str]:
    """Columns without two different values."""
    values = frame.to_numpy()
    if not len(frame) or values.dtype != np.float64:
        return [name for name in frame if frame[name].nunique() < 2]
    varies = np.fmax.reduce(values, axis=0) > np.fmin.reduce(values, axis=0)
    return [name for name, differs in zip(frame, varies, strict=True) if not differs]
