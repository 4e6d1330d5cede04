"""CSV and TSV: the delimiter is found, ragged lines are named, every cell stays text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import NoReturn

import pandas as pd

from cxlab.errors import FileError, Notice
from cxlab.survey.read.encoding import decode
from cxlab.survey.read.files import SourceFile
from cxlab.survey.read.options import DELIMITERS
from cxlab.survey.read.raw import Matrix

_RECORDS = 200
_EXPECTED = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")


def read_delimited(file: SourceFile, encoding: str | None, delimiter: str | None) -> Matrix:
    """The cells of a CSV or TSV file as text."""
    decoded = decode(file.content(), file.path.name, encoding)
    text = decoded.text.lstrip("\n")
    if text[:4].lower() == "sep=":
        first, _, text = text.partition("\n")
        delimiter = delimiter or first[4:5] or None
    if not text.strip():
        raise FileError("readers.empty_file", path=file.path.name)
    delimiter = delimiter or find_delimiter(text, "\t" if file.container == "tsv" else ",")
    cells = _cells(text, delimiter, file.path.name)
    source = {"encoding": decoded.encoding, "delimiter": delimiter}
    short = _short_lines(text, delimiter, cells.shape[1])
    return Matrix(cells, source, (*decoded.notices, *short))


def find_delimiter(text: str, default: str = ",") -> str:
    """The character that cuts most of the first lines into as many fields as the header; `default` if none does.

    Examples
    --------
    >>> find_delimiter("a;b;c\\n1,5;2;3\\n2,5;1;4\\n")
    ';'
    """
    best, score = default, (0.0, 0)
    for delimiter in dict.fromkeys((default, *DELIMITERS)):
        widths = [len(record) for record in _sample(text, delimiter)]
        if not widths or widths[0] < 2:
            continue
        same = sum(width == widths[0] for width in widths) / len(widths)
        if (same, widths[0]) > score:
            best, score = delimiter, (same, widths[0])
    return best


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(10_000_000)
    return (record for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if record)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    head = text[:4_000_000]
    found: list[list[str]] = []
    try:
        for record in _records(head, delimiter):
            found.append(record)
            if len(found) == _RECORDS:
                break
    except csv.Error:
        return found
    return found


def _cells(text: str, delimiter: str, path: str) -> pd.DataFrame:
    sample = _sample(text, delimiter)
    header = len(sample[0]) if sample else 1
    width = max((len(record) for record in sample if not any(record[header:])), default=header)
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(width),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=width > 1,
        )
    except pd.errors.ParserError as error:
        _explain(str(error), path, delimiter)


def _explain(problem: str, path: str, delimiter: str) -> NoReturn:
    shown = "tab" if delimiter == "\t" else delimiter
    if match := _EXPECTED.search(problem):
        expected, line, found = match.groups()
        raise FileError(
            "readers.ragged", path=path, line=line, expected=expected, found=found, delimiter=shown
        ) from None
    if match := re.search(r"EOF inside string starting at row (\d+)", problem):
        raise FileError("readers.open_quote", path=path, line=int(match[1]) + 1) from None
    raise FileError("readers.not_delimited", path=path, delimiter=shown, problem=problem.strip()) from None


def _short_lines(text: str, delimiter: str, width: int) -> tuple[Notice, ...]:
    """Lines with fewer fields than the header: their last answers count as missing, and the reader must know."""
    lines = text.count("\n") + (not text.endswith("\n"))
    if '"' not in text and "\n\n" not in text and text.count(delimiter) == lines * (width - 1):
        return ()
    short = [number for number, record in enumerate(_records(text, delimiter)) if len(record) < width]
    if not short:
        return ()
    shown = ", ".join(map(str, short[:10])) + (", …" if len(short) > 10 else "")
    return (Notice("readers.short_rows", {"count": len(short), "rows": shown, "width": width}, serious=True),)
