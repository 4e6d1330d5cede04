"""The text of a model and the places in it: what an error shows as line, column and caret."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from cxlab.errors import ModelError, ModelSyntaxError, NotSupportedError


@dataclass(frozen=True)
class Source:
    """A model's text as the reader wrote it; positions are character offsets into it.

    `products` says whether terms such as ``x:z`` may stand on the right of ``~``.
    """

    text: str
    products: bool = False

    @cached_property
    def unix_text(self) -> str:
        """The text with every kind of line end as a newline, and every character where it was."""
        return self.text.replace("\r\n", " \n").replace("\r", "\n")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.unix_text.split("\n"))

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        rest = min(max(offset, 0), len(self.text))
        for number, line in enumerate(self.lines, start=1):
            if rest <= len(line):
                return number, rest + 1
            rest -= len(line) + 1
        return len(self.lines), len(self.lines[-1]) + 1

    def excerpt(self, offset: int) -> str:
        """The line of an offset, and under it a caret where the trouble is."""
        number, column = self.place(offset)
        line = self.lines[number - 1]
        return f"  {line.rstrip()}\n  {_blank(line[: column - 1])}^"

    def fail(self, key: str, offset: int, **values: Any) -> NoReturn:
        """Raise a `ModelSyntaxError` that shows the line and points at the offset."""
        raise self.error(ModelSyntaxError, key, offset, **values)

    def refuse(self, key: str, offset: int, **values: Any) -> NoReturn:
        """Raise a `NotSupportedError` for text that lavaan would read and cxlab does not serve."""
        raise self.error(NotSupportedError, key, offset, **values)

    def error(self, kind: type[ModelError], key: str, offset: int, **values: Any) -> ModelError:
        line, column = self.place(offset)
        return kind(key, line=line, column=column, excerpt=self.excerpt(offset), **values)


def _blank(text: str) -> str:
    """Blanks as wide as the text: a letter with its marks takes one cell, a full-width letter two, a tab stays."""
    return "".join(_cell(character) for character in text)


def _cell(character: str) -> str:
    if character == "\t":
        return character
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "
