"""A column as the file has it becomes the column a survey holds; what cannot be read is listed, never dropped."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cxlab.codebook import Item
from cxlab.errors import DataError
from cxlab.i18n import tr
from cxlab.survey.privacy_patterns import MASK
from cxlab.survey.read.answers import Outcome, Reading, Rules, rules_for
from cxlab.survey.read.options import Decimal

NUMERIC_ROLES = ("item", "attention", "duration", "weight")


@dataclass(frozen=True)
class Recoded:
    """A column after reading.

    Attributes
    ----------
    values : Series
        Numbers, or text for columns that are text.
    counts : mapping of outcome to number of cells
        How many cells were words, missing codes, tokens such as ``NA``.
    problems : DataFrame
        row, column, value, reason.
    """

    values: pd.Series
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    problems: pd.DataFrame | None = None


def is_numeric(item: Item) -> bool:
    """True if the item's answers must be numbers."""
    return item.role in NUMERIC_ROLES or (item.role == "group" and bool(item.labels))


def is_number_column(values: pd.Series) -> bool:
    """True for a column that the file stores as numbers or truth values."""
    return pd.api.types.is_numeric_dtype(values.dtype) and values.dtype.kind != "c"


def recode_numbers(
    values: pd.Series, item: Item, decimal: Decimal | None = None, rules: Rules | None = None
) -> Recoded:
    """A column as numbers, by the item's words and missing codes.

    Raises
    ------
    DataError
        If more than half of the answers are neither numbers nor known words.
    """
    rules = rules or rules_for(item, decimal)
    if is_number_column(values):
        return _stored_numbers(values, rules)
    codes, cells = pd.factorize(values)
    readings = [read_cell(cell, rules) for cell in cells]
    table = np.array([r.value if r.outcome in ("number", "word") else np.nan for r in readings] + [np.nan])
    counts = count_cells(codes, readings)
    problems = _problems(values, codes, cells, readings, item)
    answered = sum(counts[o] for o in ("number", "word", "problem"))
    if counts["problem"] * 2 > answered:
        raise _unreadable(item, counts["problem"], answered, problems)
    return Recoded(pd.Series(whole(table[codes]), index=values.index), counts, problems)


def read_cell(cell: Any, rules: Rules) -> Reading:
    """One cell of any type."""
    if isinstance(cell, str):
        return rules.read(cell)
    if isinstance(cell, int | float | np.number) and not isinstance(cell, bool | np.bool_):
        return Reading("code") if float(cell) in rules.numeric_codes else Reading("number", float(cell))
    if rules.clock and isinstance(cell, dt.time):
        return Reading("number", cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6)
    if rules.clock and isinstance(cell, dt.timedelta):
        return Reading("number", cell.total_seconds())
    return rules.read(cell_text(cell))


def cell_text(cell: Any) -> str:
    """A cell as text: whole numbers without a decimal point, truth values as Excel shows them."""
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def count_cells(codes: np.ndarray, readings: list[Reading]) -> Counter[Outcome]:
    """Cells by outcome."""
    cells = np.bincount(codes[codes >= 0], minlength=len(readings))
    counts: Counter[Outcome] = Counter()
    for reading, count in zip(readings, cells, strict=True):
        counts[reading.outcome] += int(count)
    return counts


def whole(array: np.ndarray) -> np.ndarray:
    """Whole numbers as int64 where nothing is missing; everything else stays float64."""
    if array.size == 0 or not np.isfinite(array).all() or np.abs(array).max() >= 2**53:
        return array
    rounded = array.astype(np.int64)
    return rounded if (rounded == array).all() else array


def _stored_numbers(values: pd.Series, rules: Rules) -> Recoded:
    """Numbers keep their type, small integers too, unless a missing code makes room for NaN necessary."""
    if values.dtype.kind == "b":
        values = values.astype(np.int8)
    if not rules.numeric_codes:
        return Recoded(values)
    mask = np.isin(values.to_numpy(), sorted(rules.numeric_codes))
    count = int(mask.sum())
    if not count:
        return Recoded(values)
    return Recoded(values.astype(np.float64).mask(mask), {"code": count})


def _problems(
    values: pd.Series, codes: np.ndarray, cells: Any, readings: list[Reading], item: Item
) -> pd.DataFrame | None:
    bad = np.array([r.outcome == "problem" for r in readings] + [False])
    where = np.flatnonzero(bad[codes])
    if not where.size:
        return None
    reasons = [tr(f"readers.reason_{r.reason}") if r.reason else "" for r in readings]
    shown = [MASK if item.personal else cell_text(cell) for cell in cells]
    at = codes[where]
    return pd.DataFrame(
        {
            "row": values.index.to_numpy()[where],
            "column": item.name,
            "value": [shown[i] for i in at],
            "reason": [reasons[i] for i in at],
        }
    )


def _unreadable(item: Item, bad: int, total: int, problems: pd.DataFrame | None) -> DataError:
    found = problems if problems is not None else pd.DataFrame({"value": [], "row": [], "reason": []})
    examples = ", ".join(f"'{v}'" for v in found["value"].value_counts().index[:5])
    rows = ", ".join(map(str, found["row"].head(5)))
    reason = found["reason"].mode().iat[0] if len(found) else ""
    key = "readers.unreadable_words" if item.labels else "readers.unreadable_column"
    words = "; ".join(f"{p:g} = {' / '.join(t.values())}" for p, t in item.labels.items())
    return DataError(
        key, column=item.name, count=bad, total=total, examples=examples, rows=rows, reason=reason, words=words
    )


def recode_text(values: pd.Series, item: Item) -> Recoded:
    """A column that stays what it is, with blank cells and missing codes as missing; mixed cells become text."""
    rules = rules_for(item)
    if is_number_column(values):
        return _stored_numbers(values, rules) if rules.numeric_codes else Recoded(values)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return Recoded(values)
    codes, cells = pd.factorize(values)
    texts = [cell_text(cell) for cell in cells]
    only_codes = Rules(codes=rules.codes, numeric_codes=rules.numeric_codes)
    coded = [bool(item.missing) and only_codes.read(text).outcome == "code" for text in texts]
    gone = [code or not text.strip() for code, text in zip(coded, texts, strict=True)]
    if _all_dates(cells):
        return Recoded(pd.Series(pd.to_datetime(values), index=values.index))
    table = pd.array([None if empty else text for text, empty in zip(texts, gone, strict=True)] + [None], dtype="str")
    return Recoded(pd.Series(table[codes], index=values.index), {"code": int(np.array([*coded, False])[codes].sum())})


def _all_dates(cells: Any) -> bool:
    return len(cells) > 0 and all(isinstance(cell, dt.date) for cell in cells)
