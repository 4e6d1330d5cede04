"""CSV and TSV: the delimiter is found, ragged lines are named, every cell stays text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import NoReturn

import pandas as pd

from cxlab.errors import FileError, Notice
from cxlab.survey.read.encoding import decode, spoilt
from cxlab.survey.read.files import SourceFile
from cxlab.survey.read.options import DELIMITERS
from cxlab.survey.read.raw import Matrix

_RECORDS = 200
_TITLES = 6
_EXPECTED = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")


def read_delimited(file: SourceFile, encoding: str | None, delimiter: str | None) -> Matrix:
    """The cells of a CSV or TSV file as text."""
    decoded = decode(file.content(), file.path.name, encoding)
    text = decoded.text.lstrip("\n")
    above = len(decoded.text) - len(text)
    if text[:4].lower() == "sep=":
        first, _, text = text.partition("\n")
        delimiter, above = delimiter or first[4:5] or None, above + 1
    if not text.strip():
        raise FileError("readers.empty_file", path=file.path.name)
    usual = "\t" if file.container == "tsv" else ","
    given, delimiter = delimiter, delimiter or find_delimiter(text, usual)
    cells = _cells(text, delimiter, file.path.name, above)
    if given and cells.shape[1] == 1 and (other := find_delimiter(text, usual, least=0.9)) != given:
        _check_other(text, other, given, file.path.name)
    source = {"encoding": decoded.encoding, "delimiter": delimiter}
    short = _short_lines(text, delimiter, cells.shape[1], above)
    quotes = _stray_quotes(text, delimiter, above)
    return Matrix(cells, source, (*decoded.notices, *spoilt(text, file.path.name), *quotes, *short))


def find_delimiter(text: str, default: str = ",", least: float = 0.0) -> str:
    """The character that cuts most of the first lines into as many fields as the header; `default` if none does.

    Examples
    --------
    >>> find_delimiter("a;b;c\\n1,5;2;3\\n2,5;1;4\\n")
    ';'
    """
    best, score = default, (least, 0)
    for delimiter in dict.fromkeys((default, *DELIMITERS)):
        records = _sample(text, delimiter)
        records = records[_header(records) :]
        width = len(records[0]) if records else 0
        if width < 2:
            continue
        same = sum(len(record) == width for record in records) / len(records)
        if (same, width) > score:
            best, score = delimiter, (same, width)
    return best


def _check_other(text: str, other: str, given: str, path: str) -> None:
    """An error if the lines are cut by another character than the one given."""
    if max(map(len, _sample(text, other)), default=0) > 1:
        shown = {";": ";", "\t": "\\t"}
        raise FileError(
            "readers.one_column", path=path, delimiter=shown.get(given, given), other=shown.get(other, other)
        )


def _header(records: list[list[str]]) -> int:
    """Position of the column names: the first record, or the one below a title that fills one cell."""
    for number, record in enumerate(records[:_TITLES]):
        if sum(bool(cell.strip()) for cell in record) > 1:
            below = records[number + 1 :]
            alike = sum(len(other) == len(record) for other in below)
            return number if below and alike >= 0.8 * len(below) else 0
    return 0


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records that are not empty, with the number of the line on which each ends."""
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return ((reader.line_num, record) for record in reader if record)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for _, record in _numbered(text[:4_000_000], delimiter):
            found.append(record)
            if len(found) == _RECORDS:
                break
    except csv.Error:
        return found
    return found


def _cells(text: str, delimiter: str, path: str, above: int) -> pd.DataFrame:
    sample = _sample(text, delimiter)
    header = len(sample[_header(sample)]) if sample else 1
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
        _explain(str(error), path, text, delimiter, above)


def _explain(problem: str, path: str, text: str, delimiter: str, above: int) -> NoReturn:
    shown = "tab" if delimiter == "\t" else delimiter
    if match := _EXPECTED.search(problem):
        expected, line, found = map(int, match.groups())
        # pandas does not count line ends within quotes.
        exact = ((n, len(record)) for n, record in _numbered(text, delimiter) if len(record) > expected)
        line, found = next(exact, (line, found))
        where = {"line": line + above, "expected": expected, "found": found, "delimiter": shown}
        raise FileError("readers.ragged", path=path, **where) from None
    if match := re.search(r"EOF inside string starting at row (\d+)", problem):
        raise FileError("readers.open_quote", path=path, line=int(match[1]) + 1 + above) from None
    raise FileError("readers.not_delimited", path=path, delimiter=shown, problem=problem.strip()) from None


def _stray_quotes(text: str, delimiter: str, above: int) -> tuple[Notice, ...]:
    """A quotation mark that closes within a field: the rows around it may have become one."""
    if '"' not in text:
        return ()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error:
        return (Notice("readers.stray_quote", {"line": reader.line_num + above}, serious=True),)
    return ()


def _short_lines(text: str, delimiter: str, width: int, above: int) -> tuple[Notice, ...]:
    """Lines with fewer fields than the header: their last answers count as missing, and the reader must know."""
    lines = text.count("\n") + (not text.endswith("\n"))
    if '"' not in text and "\n\n" not in text and text.count(delimiter) == lines * (width - 1):
        return ()
    first = _header(_sample(text, delimiter)) + 1
    numbered = islice(_numbered(text, delimiter), first, None)
    short = [line + above for line, record in numbered if len(record) < width]
    if not short:
        return ()
    shown = ", ".join(map(str, short[:10])) + (", …" if len(short) > 10 else "")
    return (Notice("readers.short_rows", {"count": len(short), "rows": shown, "width": width}, serious=True),)
