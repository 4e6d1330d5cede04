"""Which rows are headers: a plain table, or an export of Qualtrics, Google Forms, Kobo or LimeSurvey."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

import pandas as pd

from cxlab.codebook import Role
from cxlab.codebook.text import bare, fold, nfc
from cxlab.errors import DataError, FileError, Notice
from cxlab.survey.read.headings import cell_words, second_header, title_rows, two_deep
from cxlab.survey.read.numbers import parse
from cxlab.survey.read.options import Format, Layout
from cxlab.survey.read.raw import Matrix, RawTable

_QUALTRICS = frozenset(
    {
        *("responseid", "responseset", "startdate", "enddate", "finished", "status", "ipaddress", "recordeddate"),
        *("externaldatareference", "emailaddress", "recipientemail", "recipientlastname", "progress"),
        *("locationlatitude", "distributionchannel", "userlanguage"),
    }
)
_GOOGLE = frozenset({"timestamp", "dau thoi gian"})
_LIME = frozenset({"submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "interviewtime"})
_LIME_TEXT = re.compile(r"^([A-Za-z]\w*(?:\[\w+\])*)\.\s+(.+)$")
_LIME_PART = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True)
class Names:
    """Column names with what the headers say besides."""

    names: list[str]
    labels: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)


def lay_out(matrix: Matrix, path: str, format: Format | None = None) -> RawTable:
    """Cut the header rows off, name the columns, and keep the question texts.

    Raises
    ------
    DataError
        Two columns of one name, or no row under the headers.
    FileError
        The export that `format` names has left no trace in the file.
    """
    titles = 0 if format == "table" else title_rows(matrix.cells)
    cells = matrix.cells.iloc[titles:]
    head = [[cell_words(cell) for cell in row] for row in cells.head(4).itertuples(index=False)]
    layout, rows = _detect(head)
    if format in get_args(Layout) and format not in ("table", layout):
        raise FileError("readers.layout_absent", path=path, format=format, found=layout)
    if format == "table":
        layout, rows = "table", 1
    deep = two_deep(cells) if layout == "table" and format is None else None
    body = cells.iloc[rows + (deep is not None) :]
    body = body.iloc[: _last_filled(body) + 1]
    header, body, notices = _named_columns(deep or head[0], body)
    _check_unique(header)
    if not len(body):
        raise DataError("readers.no_rows", path=path, columns=len(header))
    found = _names(layout, header, head[1] if rows > 1 else [])
    body.columns = found.names
    body, timed = _timed(body) if layout == "kobo" else (body, ())
    body.index = pd.RangeIndex(1, len(body) + 1, name="row")
    source = {**matrix.source, "format": layout}
    notices = (*_said_of_titles(matrix.cells, titles), *_said_of_headings(head[0], deep), *notices, *timed)
    notices = (*notices, *second_header(body))
    if len(header) > 1 and all(isinstance(parse(name, "."), float) for name in header):
        shown = ", ".join(header[:6])
        notices = (*notices, Notice("readers.numbers_as_header", {"names": shown}, serious=True))
    return RawTable(
        body, found.headers, found.labels, roles=found.roles, source=source, notices=(*matrix.notices, *notices)
    )


def lay_out_names(table: RawTable, path: str) -> RawTable:
    """The same checks for files whose columns have names already."""
    names = [nfc(str(name)) for name in table.frame.columns]
    _check_unique(names)
    if not len(table.frame):
        raise DataError("readers.no_rows", path=path, columns=len(names))
    frame = table.frame
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    return table


def _detect(head: Sequence[Sequence[str]]) -> tuple[Layout, int]:
    """The kind of export and its number of header rows."""
    for number, row in enumerate(head[1:3], start=1):
        if any('"ImportId"' in cell or "'ImportId'" in cell for cell in row):
            return "qualtrics", number + 1
    if len(head) > 1 and len(_QUALTRICS.intersection(fold(c).replace(" ", "") for c in head[1])) >= 3:
        return "qualtrics", 2
    names = {fold(cell) for cell in head[0]}
    if head[0] and bare(head[0][0]) in _GOOGLE:
        return "google_forms", 1
    if "_uuid" in names and names & {"_id", "_submission_time"}:
        return "kobo", 1
    if len({name.split(".")[0] for name in names} & _LIME) >= 3:
        return "limesurvey", 1
    return "table", 1


def _said_of_titles(cells: pd.DataFrame, count: int) -> tuple[Notice, ...]:
    if not count:
        return ()
    text = " / ".join(
        filter(None, (cell_words(cell) for row in cells.head(count).itertuples(index=False) for cell in row))
    )
    return (Notice("readers.title_rows", {"count": count, "text": text[:80]}, serious=True),)


def _said_of_headings(above: Sequence[str], deep: Sequence[str] | None) -> tuple[Notice, ...]:
    if deep is None:
        return ()
    headings = " / ".join(name for name in dict.fromkeys(above) if name and name not in deep)
    return (Notice("readers.two_deep", {"text": headings[:80], "names": ", ".join(deep[:6])}, serious=True),)


def _last_filled(body: pd.DataFrame) -> int:
    """Position of the last row that holds anything: empty rows at the end are the spreadsheet's, not answers."""
    last = len(body) - 1
    while last >= 0 and all(cell_words(cell) == "" for cell in body.iloc[last]):
        last -= 1
    return last


def _named_columns(header: list[str], body: pd.DataFrame) -> tuple[list[str], pd.DataFrame, tuple[Notice, ...]]:
    """Drop columns without name and content; name those without a name but with content."""
    nameless = [i for i, name in enumerate(header) if not name]
    filled = [i for i in nameless if any(cell_words(cell) for cell in body.iloc[:, i])]
    kept = [i for i in range(len(header)) if header[i] or i in filled]
    names = [header[i] or f"unnamed_{i + 1}" for i in kept]
    found = ", ".join(f"unnamed_{i + 1}" for i in filled)
    notices = (Notice("readers.unnamed_columns", {"count": len(filled), "names": found}),) if filled else ()
    return names, body.iloc[:, kept].copy(deep=False), notices


def _check_unique(names: Sequence[str]) -> None:
    places: dict[str, list[int]] = {}
    for number, name in enumerate(names, start=1):
        places.setdefault(name, []).append(number)
    twice = [f"'{name}' ({', '.join(map(str, at))})" for name, at in places.items() if len(at) > 1]
    if twice and all(isinstance(parse(name, "."), float) for name in names):
        raise DataError("readers.no_header", names=", ".join(names[:6]))
    if twice:
        raise DataError("readers.duplicate_columns", names="; ".join(twice[:10]))


def _names(layout: Layout, header: list[str], second: list[str]) -> Names:
    if layout == "qualtrics":
        texts = dict(zip(header, second, strict=False))
        return Names(header, {name: text for name, text in texts.items() if text and text != name})
    if layout == "google_forms":
        return Names(header, {name: name for name in header[1:]}, roles={header[0]: "time"})
    if layout == "kobo":
        return _kobo(header)
    return _lime(header) if layout == "limesurvey" else Names(header)


def _kobo(header: list[str]) -> Names:
    """``group/name`` is the question ``name``; ``question/option`` is one box of a select_multiple question."""
    known = set(header)
    asked = {name.rpartition("/")[0] for name in header} & known

    def short(name: str) -> str:
        parent, slash, last = name.rpartition("/")
        return f"{short(parent)}/{last}" if slash and parent in known else last

    names = [short(name) for name in header]
    names = [s if names.count(s) == 1 else full for s, full in zip(names, header, strict=True)]
    full_of = dict(zip(names, header, strict=True))
    roles: dict[str, Role] = {n: "text" for n, full in full_of.items() if full in asked}
    roles |= {n: "group" for n, full in full_of.items() if full.rpartition("/")[0] in asked}
    return Names(names, headers={n: full for n, full in full_of.items() if n != full}, roles=roles)


def _timed(body: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """Kobo tells when a form was opened and last saved, not how long that is: add the seconds between."""
    if not {"start", "end"} <= set(body.columns) or "duration" in body.columns:
        return body, ()
    start, end = (pd.to_datetime(body[name], utc=True, errors="coerce", format="ISO8601") for name in ("start", "end"))
    seconds = (end - start).dt.total_seconds()
    if not seconds.notna().any():
        return body, ()
    body = body.assign(duration=seconds.where(seconds >= 0))
    return body, (Notice("readers.duration_from_times", {"start": "start", "end": "end"}),)


def _lime(header: list[str]) -> Names:
    """``Q1[SQ001]`` becomes ``Q1_SQ001``; of ``Q1. How was it?`` the code is the name, the rest the question."""
    names, labels = [], {}
    for cell in header:
        match = _LIME_TEXT.match(cell)
        name = _LIME_PART.sub(r"_\1", match[1] if match else cell)
        names.append(name)
        if match:
            labels[name] = match[2]
    if len(set(names)) < len(names):
        return Names(header)
    return Names(names, labels, {n: full for n, full in zip(names, header, strict=True) if n != full})
