"""One answer at a time: a word, a number, a word with its number, a missing code - or a problem with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cxlab.codebook import Item
from cxlab.codebook.text import fold_word
from cxlab.survey.read.numbers import clean_number, parse, seconds
from cxlab.survey.read.options import Decimal

Outcome = Literal["number", "word", "blank", "code", "empty_token", "problem"]
Reason = Literal["not_number", "unknown_word", "ambiguous_number", "word_and_number"]

# What statistics programs write for "no answer"; read as missing in a numeric column, and counted in a notice.
EMPTY_TOKENS = frozenset({"na", "n/a", "nan", "#n/a", "#null!", "null", "none", ".", "<na>", "-"})
_LEADING = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*[-–—.:=)]+\s*(\D.*)", re.DOTALL)
# A spreadsheet turns "2-3" into the second of March; a month is not the label of a scale point.
_MONTH = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|thg|th|tháng)[-/.\s]*\d{0,4}", re.IGNORECASE
)
_BRACKETED = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*[(\[]\s*(\D.*?)\s*[)\]]", re.DOTALL)
_TRAILING = re.compile(r"(\D.*?)\s*[(\[]\s*([+-]?\d+(?:[.,]\d+)?)\s*[)\]]", re.DOTALL)


@dataclass(frozen=True)
class Reading:
    """What one answer turned out to be."""

    outcome: Outcome
    value: float = float("nan")
    reason: Reason | None = None


@dataclass(frozen=True)
class Rules:
    """How the answers of one column read: its words, its missing codes, its decimal sign."""

    words: Mapping[str, float] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    numeric_codes: frozenset[float] = frozenset()
    decimal: Decimal | None = None
    clock: bool = False

    def read(self, text: str) -> Reading:
        """One answer as a number, a missing value, or a problem."""
        key = fold_word(text)
        if not text.strip():
            return Reading("blank")
        if text.strip().casefold() in self.codes or (key and key in self.codes):
            return Reading("code")
        if key in self.words:
            return Reading("word", self.words[key])
        number = parse(text, self.decimal)
        if isinstance(number, float):
            return Reading("code") if number in self.numeric_codes else Reading("number", number)
        return self._read_other(text, ambiguous=number == "ambiguous")

    def _read_other(self, text: str, ambiguous: bool) -> Reading:
        if self.clock and (duration := seconds(text)) is not None:
            return Reading("number", duration)
        if pair := split_label(text):
            return self._read_pair(*pair)
        if text.strip().casefold() in EMPTY_TOKENS:
            return Reading("empty_token")
        if ambiguous:
            return Reading("problem", reason="ambiguous_number")
        return Reading("problem", reason="unknown_word" if self.words else "not_number")

    def _read_pair(self, number: float, word: str) -> Reading:
        """A number with its words must not contradict the codebook."""
        if number in self.numeric_codes or fold_word(word) in self.codes:
            return Reading("code")
        meant = self.words.get(fold_word(word))
        points = self.words.values()
        if meant is None and points and not min(points) <= number <= max(points):
            return Reading("problem", reason="unknown_word")
        if meant is not None and meant != number:
            return Reading("problem", reason="word_and_number")
        return Reading("word", number)


def split_label(text: str) -> tuple[float, str] | None:
    """``"5 - Rất tốt"``, ``"5 (Rất tốt)"`` or ``"Very good (5)"`` as number and words; None for anything else.

    Examples
    --------
    >>> split_label("5 - Hoàn toàn đồng ý"), split_label("Strongly agree (7)"), split_label("10-20")
    ((5.0, 'Hoàn toàn đồng ý'), (7.0, 'Strongly agree'), None)
    """
    text = clean_number(text)
    if match := _LEADING.fullmatch(text) or _BRACKETED.fullmatch(text):
        number, word = match.groups()
    elif match := _TRAILING.fullmatch(text):
        word, number = match.groups()
    else:
        return None
    value = parse(number)
    if _MONTH.fullmatch(word.strip()) or not isinstance(value, float) or not any(c.isalpha() for c in word):
        return None
    return value, word


def rules_for(item: Item, decimal: Decimal | None = None) -> Rules:
    """The rules that a codebook item sets for its column."""
    words = {fold_word(t): float(point) for point, texts in item.labels.items() for t in texts.values() if t}
    for point, spellings in item.words.items():
        words |= {fold_word(t): float(point) for texts in spellings.values() for t in texts}
    codes, numeric = _codes(item.missing)
    return Rules(words, codes, numeric, decimal, clock=item.role == "duration")


def _codes(missing: Iterable[float | str]) -> tuple[frozenset[str], frozenset[float]]:
    texts: set[str] = set()
    numbers: set[float] = set()
    for code in missing:
        value = parse(str(code), ".")
        if isinstance(value, float):
            numbers.add(value)
        if isinstance(code, str):
            texts |= {code.strip().casefold(), fold_word(code)} - {""}
    return frozenset(texts), frozenset(numbers)
