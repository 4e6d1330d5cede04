"""A table for a paper: raw numbers in a DataFrame, and how each column reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Format = Literal["text", "integer", "number", "bounded", "p", "percent", "interval"]
Text = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """How one column reads: its heading (catalogue key or bilingual text), the kind of number, the digits.

    ``interval`` joins two columns, named in `parts`, as ``[low, high]``. ``bounded`` is for statistics that cannot
    pass 1 and lose their leading zero in English.
    """

    header: str | Text
    format: Format = "text"
    digits: int = 2
    parts: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """A titled table with notes, ready for HTML, Word, LaTeX and CSV in English or Vietnamese."""

    frame: pd.DataFrame
    columns: Mapping[str, Column]
    title: str | Text
    notes: tuple[str | Text, ...] = ()
    group: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
