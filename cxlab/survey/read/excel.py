"""Excel workbooks: one sheet's cells with their types, and which sheet it was."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import Any

import pandas as pd

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import FileError, Notice
from cxlab.survey.read.files import SourceFile
from cxlab.survey.read.raw import Matrix
from cxlab.survey.read.sheet_marks import mark_notices, shown_zeros, with_zeros, without_errors

_CONTROL = re.compile(r"_x000D_|\r")


def read_excel(file: SourceFile, sheet: str | int | None) -> Matrix:
    """The cells of one sheet: the one named, or the first that holds anything, hidden ones last.

    `sheet` is a sheet's name or its position, counting from 1.
    """
    book = _open(file, formulas=False)
    shown = [name for name in book.sheetnames if getattr(book[name], "sheet_state", "visible") == "visible"]
    order = [*shown, *(name for name in book.sheetnames if name not in shown)]
    filled = {name: rows for name in order if (rows := _rows(book, name))} if sheet is None else {}
    name = _choose(file, list(book.sheetnames), sheet) if sheet is not None else next(iter(filled), None)
    if name is None:
        raise FileError("readers.empty_file", path=file.path.name)
    rows = filled.get(name) or _rows(book, name)
    if not rows:
        raise FileError("readers.empty_sheet", path=file.path.name, sheet=name, names=", ".join(book.sheetnames))
    with_zeros(rows, shown_zeros(book[name]))
    marks = (*without_errors(rows, name), *mark_notices(file.data, book[name], name))
    others = [n for n in filled if n != name]
    notices = (Notice("readers.sheet_taken", {"sheet": name, "others": ", ".join(others)}),) if others else ()
    width = max(map(len, rows))
    cells = pd.DataFrame([row + [None] * (width - len(row)) for row in rows], dtype=object)
    return Matrix(cells, {"sheet": name}, (*notices, *marks, *_uncomputed(file, name, cells)))


def _open(file: SourceFile, formulas: bool) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(io.BytesIO(file.data), read_only=True, data_only=not formulas)
        except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError, SyntaxError):
            raise FileError("readers.corrupt", path=file.path.name, container="Excel") from None


def _choose(file: SourceFile, names: list[str], sheet: str | int) -> str:
    if isinstance(sheet, int) and not isinstance(sheet, bool) and 1 <= sheet <= len(names):
        return names[sheet - 1]
    found = {nfc(name): name for name in names}.get(nfc(str(sheet)))
    if found is None:
        hint = did_you_mean(str(sheet), names)
        raise FileError("readers.sheet_missing", path=file.path.name, sheet=sheet, hint=hint, names=", ".join(names))
    return found


def _rows(book: Any, name: str) -> list[list[Any]]:
    """The sheet's rows from the first that holds anything; chart sheets have none."""
    worksheet = book[name]
    if not hasattr(worksheet, "iter_rows"):
        return []
    if hasattr(worksheet, "reset_dimensions"):
        worksheet.reset_dimensions()  # the size that some exporters write is wrong
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = [[_value(cell) for cell in row] for row in worksheet.iter_rows(values_only=True)]
    filled = [i for i, row in enumerate(rows) if any(cell is not None for cell in row)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _value(cell: Any) -> Any:
    if isinstance(cell, str):
        return nfc(_CONTROL.sub("", cell)) or None
    return cell


def _uncomputed(file: SourceFile, name: str, cells: pd.DataFrame) -> tuple[Notice, ...]:
    """Formulas whose result the file does not hold read as empty: say how many."""
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        if not any(b"<f" in archive.read(n) for n in sheets):
            return ()
    rows = _rows(_open(file, formulas=True), name)
    formulas = [(i, j) for i, row in enumerate(rows) for j, v in enumerate(row) if isinstance(v, str) and v[:1] == "="]
    shape = cells.shape
    empty = [at for at in formulas if at[0] >= shape[0] or at[1] >= shape[1] or cells.iat[at] is None]
    return (Notice("readers.formulas", {"count": len(empty), "sheet": name}, serious=True),) if empty else ()
