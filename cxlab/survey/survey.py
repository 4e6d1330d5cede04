"""A Survey: answers with their codebook and the record of every step taken with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.codebook import Codebook
from cxlab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Step:
    """One thing that was done to a survey: read, rename, recode, screen, exclude, score, de-identify.

    Attributes
    ----------
    action : str
        What was done: ``"read"``, ``"screen"``, ``"exclude"``, ``"reverse"``, ...
    rule : str
        The rule or column it concerns, or an empty string.
    threshold : object
        The rule's setting, or None.
    count : int
        How many rows (or cells, for recoding) it touched.
    rows : tuple of int
        The rows' numbers (the survey's index), never their contents.
    note : str
        One sentence for the reader.
    """

    action: str
    rule: str = ""
    threshold: Any = None
    count: int = 0
    rows: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Survey:
    """Answers, one row a respondent, with their codebook. Never changed: each step returns a new Survey.

    The index is the respondent's row number in the file as read, counting from 1, and stays with the row for good.
    """

    frame: pd.DataFrame
    codebook: Codebook = field(default_factory=Codebook)
    steps: tuple[Step, ...] = ()
    problems: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["row", "column", "value", "reason"]))
    flags: pd.DataFrame | None = None
    source: Mapping[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> pd.DataFrame:
        """The answers; a copy, so that changing it leaves the survey as it is."""
        return self.frame.copy(deep=False)

    @property
    def log(self) -> pd.DataFrame:
        """Every step so far: action, rule, threshold, count, rows, note."""
        return pd.DataFrame([vars(step) for step in self.steps], columns=list(Step.__dataclass_fields__))

    def _with(self, step: Step, **changes: Any) -> Survey:
        """The survey after a step, with the step on its record."""
        return replace(self, steps=(*self.steps, step), **changes)


def as_survey(data: Survey | pd.DataFrame) -> Survey:
    """A Survey as it is; a DataFrame as a Survey with an inferred codebook, its index kept as row numbers from 1.

    Every public function that takes data calls this first, so that both work everywhere.
    """
    if isinstance(data, Survey):
        return data
    if isinstance(data, pd.DataFrame):
        frame = data.reset_index(drop=True)
        frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
        return Survey(frame)
    raise DataError("survey.not_data", kind=type(data).__name__)
