"""A number inside a notice, written in the language of whoever reads it."""

from __future__ import annotations

from dataclasses import dataclass

from cxlab.i18n import format_number


@dataclass(frozen=True)
class Shown:
    """A number that takes its dress when it is printed; `digits` and `bounded` as in `format_number`.

    Examples
    --------
    >>> from cxlab.i18n import language
    >>> number = Shown(0.853, 2, bounded=True)
    >>> with language("vi"):
    ...     print(number)
    0,85
    >>> print(number)
    .85
    """

    value: float
    digits: int = 2
    bounded: bool = False

    def __str__(self) -> str:
        return format_number(self.value, self.digits, bounded=self.bounded)


@dataclass(frozen=True)
class ShownList:
    """Names with a number behind each, dressed when they are printed.

    Examples
    --------
    >>> print(ShownList((("a – b", Shown(0.953, 2, bounded=True)), ("c", Shown(1.2, 1)))))
    a – b (.95); c (1.2)
    """

    parts: tuple[tuple[str, Shown], ...]

    def __str__(self) -> str:
        return "; ".join(f"{name} ({number})" for name, number in self.parts)
