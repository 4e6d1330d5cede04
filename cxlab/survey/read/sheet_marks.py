"""What a sheet shows beside its cells: merged cells, hidden rows, numbers shown with leading zeros, Excel's errors."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from cxlab.errors import Notice

# What Excel shows where a formula fails; a text of its own is something else.
ERRORS = frozenset(
    {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_HIDDEN = re.compile(rb'<row [^>]*hidden="(?:1|true)"')
_ZEROS = re.compile(r"0{3,}")
_HEAD = 4  # rows that may hold titles and headings
_LOOK = 60


def mark_notices(data: bytes, worksheet: Any, name: str) -> tuple[Notice, ...]:
    """Warnings about answers that a merged cell hides and about rows that a filter hides."""
    path = getattr(worksheet, "_worksheet_path", None)
    if path is None:
        return ()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        xml = archive.read(path.lstrip("/"))
    ordered = sorted(_MERGED.findall(xml), key=lambda match: int(match[1]))
    merged = [span for match in ordered if (span := _downwards(match))]
    hidden = len(_HIDDEN.findall(xml))
    found = []
    if merged:
        shown = ", ".join(merged[:6]) + (", …" if len(merged) > 6 else "")
        found.append(Notice("readers.merged_rows", {"count": len(merged), "cells": shown, "sheet": name}, serious=True))
    if hidden:
        found.append(Notice("readers.hidden_rows", {"count": hidden, "sheet": name}, serious=True))
    return tuple(found)


def _downwards(match: Sequence[bytes]) -> str | None:
    """The range of a merged cell that spans several rows of answers; None for one in the heading."""
    left, top, right, bottom = (part.decode() for part in match)
    return f"{left}{top}:{right}{bottom}" if int(bottom) > max(int(top), _HEAD) else None


def shown_zeros(worksheet: Any) -> dict[int, int]:
    """Columns whose numbers Excel shows with leading zeros, with the number of digits: 00701 stored as 701."""
    found: dict[int, int] = {}
    for row in worksheet.iter_rows(max_row=_LOOK):
        for place, cell in enumerate(row):
            form = getattr(cell, "number_format", None)
            if isinstance(cell.value, int) and not isinstance(cell.value, bool) and form and _ZEROS.fullmatch(form):
                found[place] = max(len(form), found.get(place, 0))
    return found


def with_zeros(rows: list[list[Any]], digits: dict[int, int]) -> None:
    """Write the numbers of these columns as Excel shows them, in place."""
    for row in rows:
        for place, size in digits.items():
            cell = row[place] if place < len(row) else None
            if isinstance(cell, int) and not isinstance(cell, bool) and cell >= 0:
                row[place] = str(cell).zfill(size)


def without_errors(rows: list[list[Any]], name: str) -> tuple[Notice, ...]:
    """Empty the cells that hold an Excel error, in place, and say how many there are."""
    found: dict[str, int] = {}
    for row in rows:
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell in ERRORS:
                found[cell] = found.get(cell, 0) + 1
                row[place] = None
    if not found:
        return ()
    shown = ", ".join(f"{error} ({count})" for error, count in found.items())
    values = {"count": sum(found.values()), "errors": shown, "sheet": name}
    return (Notice("readers.excel_errors", values, serious=True),)
