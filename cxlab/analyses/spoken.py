"""Values of notices that are written in the language of whoever reads them, not of whoever computed them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cxlab.i18n import format_number, pick


@dataclass(frozen=True)
class Spoken:
    """Numbers, parted as the language parts them.

    Examples
    --------
    >>> from cxlab.i18n import language
    >>> print(Spoken((0.25, 0.5), bounded=True))
    .25, .50
    >>> with language("vi"):
    ...     print(Spoken((0.25, 0.5)))
    0,25; 0,50
    """

    values: tuple[float, ...]
    digits: int = 2
    bounded: bool = False

    def __str__(self) -> str:
        texts = [format_number(float(value), self.digits, bounded=self.bounded) for value in self.values]
        return ("; " if any("," in text for text in texts) else ", ").join(texts)


@dataclass(frozen=True)
class Called:
    """A bilingual name.

    Examples
    --------
    >>> print(Called({"en": "Group: women", "vi": "Nhóm: nữ"}))
    Group: women
    """

    text: Mapping[str, str]

    def __str__(self) -> str:
        return pick(self.text, None)
