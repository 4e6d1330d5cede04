"""What a reader hands on: a table as the file has it, with everything the file says about its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cxlab.codebook import Role
from cxlab.errors import Notice


@dataclass(frozen=True)
class Matrix:
    """The cells of a text file or sheet before anyone knows which rows are headers."""

    cells: pd.DataFrame
    source: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class RawTable:
    """A table with named columns, not yet matched with a codebook.

    Attributes
    ----------
    frame : DataFrame
        One row a respondent; text as str, numbers as they were stored.
    headers : mapping of column to str
        The column's full header in the file where the name is a part of it.
    labels : mapping of column to str
        Question texts.
    points : mapping of column to {number: text}
        Value labels.
    missing : mapping of column to tuple
        Codes that the file declares as missing.
    roles : mapping of column to Role
        Roles that the kind of export settles.
    source : mapping
        Format, encoding, delimiter, sheet.
    notices : tuple of Notice
        What the reader had to decide.
    """

    frame: pd.DataFrame
    headers: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, Mapping[float, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[float | str, ...]] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
