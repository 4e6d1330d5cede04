"""One line of a survey's record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
        How many rows (or cells, for recoding) it touched; for ``"exclude"``, how many the rule flags.
    rows : tuple of int
        The rows' numbers (the survey's index), never their contents; for ``"exclude"``, the rows newly excluded.
    note : str
        One sentence for the reader.
    newly : int or None
        For ``"exclude"``, how many rows no earlier rule had excluded.
    """

    action: str
    rule: str = ""
    threshold: Any = None
    count: int = 0
    rows: tuple[int, ...] = ()
    note: str = ""
    newly: int | None = None
