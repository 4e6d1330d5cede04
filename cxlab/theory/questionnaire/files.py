"""Writing: a path that can be written, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cxlab.errors import FileError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Shows as nothing, and the readers drop it, but a spreadsheet no longer sees a formula.
_JOINER = "\u2060"


def write_file(path: Any, suffix: str, write: Callable[[Path], object]) -> Path:
    """Let `write` make the file; an error that says what is wrong with the path.

    Raises
    ------
    FileError
        The path is none, ends in another suffix, its folder does not exist, or it may not be written.
    """
    if not isinstance(path, str | os.PathLike) or not str(path):
        raise FileError("questionnaire.not_path", kind=type(path).__name__, suffix=suffix)
    target = Path(path).expanduser()
    if target.is_dir():
        raise FileError("questionnaire.is_folder", path=path, suffix=suffix)
    target = target.with_name(target.name + suffix) if not target.suffix else target
    if target.suffix.lower() != suffix:
        raise FileError("questionnaire.suffix", path=target.name, suffix=suffix)
    if not target.parent.is_dir():
        raise FileError("questionnaire.no_folder", path=target.name, folder=target.parent)
    try:
        write(target)
    except OSError as error:
        raise FileError("questionnaire.not_written", path=target.name, reason=error.strerror or str(error)) from None
    return target


def safe_text(text: str) -> str:
    """A cell that respondents will read, with an invisible sign before what a spreadsheet or importer would change.

    Formulas are computed, and quotes around a whole cell are taken off.
    """
    return _JOINER + text if text.startswith((*_FORMULA, '"')) else text


def apart(text: str, sign: str) -> str:
    """A text in which a sign that a platform computes with, such as ``${``, is no longer one.

    Examples
    --------
    >>> apart("Price: ${x}", "${") == "Price: $" + chr(0x2060) + "{x}"
    True
    """
    return text.replace(sign, sign[0] + _JOINER + sign[1:])


def quoted_text(text: Any) -> Any:
    """A cell for researchers, with an apostrophe before what looks like a formula, as spreadsheets themselves do.

    Examples
    --------
    >>> quoted_text("=1+1"), quoted_text("Good")
    ("'=1+1", 'Good')
    """
    return "'" + text if isinstance(text, str) and text.startswith(_FORMULA) else text


def one_line(text: str) -> str:
    """A text without line breaks and tabs, for formats in which they end the cell."""
    return " ".join(text.split())
