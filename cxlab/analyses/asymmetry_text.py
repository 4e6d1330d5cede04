"""Pieces of text that the results on asymmetry, gaps and surfaces share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.cells import interval_text
from cxlab.show.table import Column


def with_interval(
    row: Mapping[Any, Any], name: str, lang: Language | None, *, digits: int = 2, bounded: bool = False
) -> str:
    """A number of a row and its interval, where it has one.

    Examples
    --------
    >>> with_interval({"gap": -0.5, "gap_ci_lower": -0.7, "gap_ci_upper": -0.3}, "gap", "en")
    '−0.50 [−0.70, −0.30]'
    """
    text = format_number(row[name], digits, bounded=bounded, lang=lang)
    low, high = row[f"{name}_ci_lower"], row[f"{name}_ci_upper"]
    if pd.isna(low):
        return text
    return f"{text} {interval_text(low, high, Column('', 'bounded' if bounded else 'number', digits), lang)}"


def percent(share: float, lang: Language | None, digits: int = 0) -> str:
    """A share as percent.

    Examples
    --------
    >>> percent(0.971, "en")
    '97%'
    """
    return format_number(100 * share, digits, lang=lang) + "%"


def without_start(labels: list[str]) -> list[str]:
    """Labels without what all of them say before a colon, such as "If so: ".

    Examples
    --------
    >>> without_start(["If so: fast", "If so: cheap"]), without_start(["fast", "cheap"])
    (['fast', 'cheap'], ['fast', 'cheap'])
    """
    starts = {text.partition(": ")[0] for text in labels if ": " in text}
    alike = len(starts) == 1 and len(labels) > 1 and all(": " in text for text in labels)
    return [text.partition(": ")[2] for text in labels] if alike else labels


@dataclass(frozen=True)
class Named:
    """Names with a number each inside a notice, written in the language of whoever reads it.

    Examples
    --------
    >>> print(Named((("waiting", 0.514), ("price", 0.6)), bounded=True))
    waiting (.51), price (.60)
    >>> print(Named((("waiting", 0.514),), percent=True))
    waiting (51%)
    """

    pairs: tuple[tuple[object, float], ...]
    bounded: bool = False
    percent: bool = False

    def __str__(self) -> str:
        return ", ".join(f"{name} ({self._number(value)})" for name, value in self.pairs)

    def _number(self, value: float) -> str:
        return percent(value, None) if self.percent else format_number(value, 2, bounded=self.bounded)
