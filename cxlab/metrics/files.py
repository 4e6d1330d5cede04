"""Answers counted inside a Parquet or CSV file by DuckDB: the rows never come into memory."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, FileError, Notice
from cxlab.metrics.tally import Cells

READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".tsv": "read_csv", ".gz": "read_csv"}
_MOST_CELLS = 100_000
_FARTHEST = 10_000
_MEMORY = "600MB"


def is_file(source: object) -> bool:
    """True for a path to a table that is counted where it lies.

    Examples
    --------
    >>> is_file("answers.parquet"), is_file("score")
    (True, False)
    """
    return isinstance(source, Path) or (isinstance(source, str) and Path(source).suffix.lower() in READERS)


def count_file(
    path: str | Path, column: str | None, group: str | None, weights: str | None
) -> tuple[dict[Hashable, Cells], str, tuple[Notice, ...]]:
    """Cells by group, the column's name, and what to know, of a file.

    Whole answers are counted one by one; what is no whole number is an error, because a metric's classes need points.
    """
    for name in (group, weights):
        if name is not None and not isinstance(name, str):
            raise DataError("metrics.file_names")
    source = _source(Path(path))
    with _connect() as connection:
        kinds = _kinds(connection, source)
        column = _column(kinds, column, [name for name in (group, weights) if name])
        for name in (column, *([group] if group else []), *([weights] if weights else [])):
            if name not in kinds:
                raise DataError(
                    "analyses.unknown_columns",
                    columns=f"'{name}'",
                    hint=did_you_mean(name, list(kinds)),
                    known=", ".join(f"'{one}'" for one in list(kinds)[:12]),
                )
        for name in (column, *([weights] if weights else [])):
            if not _is_number(kinds[name]):
                raise DataError("metrics.file_not_numbers", column=name, kind=kinds[name])
        table = _counted(connection, source, column, group, weights)
    return _cells(table, column, group, weights)


def _source(path: Path) -> str:
    if not path.is_file():
        raise FileError("metrics.file_missing", path=path.name)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise FileError("metrics.file_kind", path=path.name, known=", ".join(READERS))
    quoted = str(path).replace("'", "''")
    return f"{reader}('{quoted}')"


def _connect() -> Any:
    try:
        import duckdb
    except ImportError:
        raise FileError("metrics.no_duckdb") from None
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "temp_directory": "",
        "preserve_insertion_order": "false",
    }
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("SET enable_progress_bar = false")  # it would write into the notebook's output
    return connection


def _kinds(connection: Any, source: str) -> dict[str, str]:
    import duckdb

    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - the path is quoted
    except duckdb.Error as error:
        raise FileError("metrics.file_unreadable", why=str(error).splitlines()[0]) from None
    return {str(row[0]): str(row[1]) for row in rows}


def _column(kinds: dict[str, str], column: str | None, others: list[str]) -> str:
    """The column asked for, or the only one there is beside group and weights."""
    if column is not None:
        return column
    left = [name for name in kinds if name not in others]
    if len(left) != 1:
        raise DataError("metrics.file_which_column", known=", ".join(f"'{name}'" for name in left[:12]))
    return left[0]


def _is_number(kind: str) -> bool:
    return kind.split("(")[0] in {
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT",
        "DOUBLE", "DECIMAL", "REAL",
    }  # fmt: skip


def _counted(connection: Any, source: str, column: str, group: str | None, weights: str | None) -> pd.DataFrame:
    """One row a group and answer; answers that are no points come back as infinity, all together."""
    import duckdb

    try:
        table = connection.execute(_query(source, column, group, weights)).df()
    except duckdb.OutOfMemoryException:
        raise DataError("metrics.too_many_groups", group=group or "", most=_MOST_CELLS) from None
    except duckdb.Error as error:
        raise FileError("metrics.file_unreadable", why=str(error).splitlines()[0]) from None
    if len(table) > _MOST_CELLS:
        raise DataError("metrics.too_many_groups", group=group or "", most=_MOST_CELLS)
    return table.fillna({"w": 0.0, "w2": 0.0})


def _query(source: str, column: str, group: str | None, weights: str | None) -> str:
    """The one scan: names and path stand in quotes, with quotes inside them doubled."""
    score, own, weight = (
        f'"{name.replace(chr(34), chr(34) * 2)}"' if name else "" for name in (column, group, weights)
    )
    number = f"CAST({score} AS DOUBLE)"
    point = (
        f"CASE WHEN {score} IS NULL OR isnan({number}) THEN NULL "
        f"WHEN {number} = floor({number}) AND abs({number}) <= {_FARTHEST} THEN {number} ELSE 'Infinity'::DOUBLE END"
    )
    mass = f"CAST({weight} AS DOUBLE)" if weight else "1.0"
    usable = f"{mass} > 0 AND {mass} < 'Infinity'::DOUBLE" if weight else "TRUE"
    bad = f"{weight} IS NULL OR isnan({mass}) OR isinf({mass})" if weight else "FALSE"
    return (
        f"SELECT {own or 'NULL'} AS part, {point} AS value, count(*) FILTER ({usable}) AS n, "  # noqa: S608
        f"sum({mass}) FILTER ({usable}) AS w, sum({mass} * {mass}) FILTER ({usable}) AS w2, "
        f"count(*) FILTER ({bad}) AS without, count(*) FILTER (NOT ({bad}) AND {mass} < 0) AS negative, "
        f"count(*) FILTER (NOT ({bad}) AND {mass} = 0) AS zero "
        f"FROM {source} GROUP BY part, value LIMIT {_MOST_CELLS + 1}"
    )


def _cells(
    table: pd.DataFrame, column: str, group: str | None, weights: str | None
) -> tuple[dict[Hashable, Cells], str, tuple[Notice, ...]]:
    if table.empty:
        raise DataError("analyses.no_rows")
    rows = table[["n", "without", "negative", "zero"]].sum(axis=1)
    everyone, notices = int(rows.sum()), []
    if group is not None:
        lost = table["part"].isna() | table["part"].map(lambda value: isinstance(value, str) and not value.strip())
        if lost.any():
            notices.append(Notice("metrics.group_missing", {"count": int(rows[lost].sum()), "group": group}, True))
        table = table[~lost]
    given = table[table["value"].notna()]
    if given.empty:
        raise DataError("analyses.all_missing", columns=f"'{column}'")
    _refuse(given, column, weights)
    if given["zero"].any():
        notices.append(Notice("weights.zero", {"count": int(given["zero"].sum()), "total": everyone}))
    missing = int(rows[table.index[table["value"].isna()]].sum())
    if missing:
        values = {"dropped": missing, "total": everyone, "n": everyone - missing}
        notices.append(Notice("analyses.rows_incomplete", values, serious=missing > 0.2 * everyone))
    return _by_group(given[given["n"] > 0], group, weights is not None), column, tuple(notices)


def _refuse(given: pd.DataFrame, column: str, weights: str | None) -> None:
    """Errors about the answers that count and their weights."""
    for key in ("without", "negative"):
        if given[key].any():
            raise DataError(f"metrics.file_weights_{key}", column=weights, count=int(given[key].sum()))
    odd = given[np.isinf(given["value"])]
    if len(odd):
        raise DataError("metrics.not_points_file", column=column, count=int(odd["n"].sum()), farthest=_FARTHEST)
    if not (given["n"] > 0).any():
        raise DataError("weights.all_zero")


def _by_group(given: pd.DataFrame, group: str | None, weighted: bool) -> dict[Hashable, Cells]:
    n, w, w2 = (float(given[name].sum()) for name in ("n", "w", "w2"))
    unequal = weighted and n * w2 > w**2 * (1 + 1e-12)
    scale = n / w
    parts: dict[Hashable, Cells] = {}
    for key, own in given.groupby("part", sort=True) if group else [("", given)]:
        ordered = own.sort_values("value")
        value, count, mass, square = (ordered[name].to_numpy(float) for name in ("value", "n", "w", "w2"))
        parts[key] = Cells(value, count, mass * scale, square * scale**2, weighted=unequal, alike=not unequal)
    return parts
