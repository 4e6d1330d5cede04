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
