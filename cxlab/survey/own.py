"""Fields that nobody can change from outside: whoever asks for a table gets a copy of his own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

_NOTHING = object()


class Own:
    """A field of a frozen dataclass that hands out copies of tables and mappings.

    A copy shares its memory with the original until one of them is changed (pandas copies on write), so it costs next
    to nothing.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Box:
    ...     table: pd.DataFrame = Own()
    >>> box = Box(pd.DataFrame({"a": [1, 2]}))
    >>> mine = box.table
    >>> mine.loc[0, "a"] = 9
    >>> box.table["a"].tolist()
    [1, 2]
    """

    def __init__(self, default: Any = _NOTHING, make: Callable[[], Any] | None = None) -> None:
        self.default = default
        self.make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            if self.default is _NOTHING:
                raise AttributeError(self.name)  # so that the dataclass asks for the field
            return self.default
        value = instance.__dict__[self.name]
        if isinstance(value, pd.DataFrame):
            return value.copy(deep=False)
        return dict(value) if isinstance(value, dict) else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.name] = self.make() if value is None and self.make else value


def own(default: Any = _NOTHING, make: Callable[[], Any] | None = None) -> Any:
    """An `Own` field: `default` if it has one, `make` for what stands in the place of None."""
    return Own(default, make)
