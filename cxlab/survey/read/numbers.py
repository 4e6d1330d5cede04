"""Numbers as people write them: decimal point or comma, thousands in groups, and never a guess between the two."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from cxlab.survey.read.options import Decimal

Verdict = Literal["ambiguous", "unreadable"]

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)")
_GROUP_COMMA = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_GROUP_POINT = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)")


def clean_number(text: str) -> str:
    """Digits of any script as ASCII, a true minus sign as a hyphen, no spaces around."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("−", "-")
    return text.strip()


def votes(texts: Iterable[str]) -> set[Decimal]:
    """The decimal signs for which a cell leaves no other reading: ``3,5`` and ``1.234.567`` vote for the comma."""
    return {vote for text in texts if (vote := _vote(clean_number(text)))}


def _vote(text: str) -> Decimal | None:
    if _GROUP_POINT.fullmatch(text):
        return "," if "," in text or text.count(".") > 1 else None
    if _GROUP_COMMA.fullmatch(text):
        return "." if "." in text or text.count(",") > 1 else None
    if _COMMA.fullmatch(text):
        return ","
    return "." if "." in text and _PLAIN.fullmatch(text) else None


def parse(text: str, decimal: Decimal | None = None) -> float | Verdict:
    """One number, or why it is none.

    `decimal` is the sign that the option or the rest of the file settles; None means that nothing has settled it, and
    then ``1.234`` and ``1,234`` are ambiguous.

    Examples
    --------
    >>> parse("3,5"), parse("1,234"), parse("1.234", ","), parse("abc")
    (3.5, 'ambiguous', 1234.0, 'unreadable')
    """
    text = clean_number(text)
    if _GROUP_COMMA.fullmatch(text) or _GROUP_POINT.fullmatch(text):
        return _grouped(text, decimal)
    if _PLAIN.fullmatch(text) and (decimal != "," or "." not in text):
        return float(text) if math.isfinite(float(text)) else "unreadable"
    if _COMMA.fullmatch(text) and decimal != ".":
        return float(text.replace(",", "."))
    return "unreadable"


def _grouped(text: str, decimal: Decimal | None) -> float | Verdict:
    """A number whose last sign may group thousands or start decimals."""
    if "," in text and "." in text:
        decimal = "," if text.rfind(",") > text.rfind(".") else "."
    elif text.count(",") > 1 or text.count(".") > 1:
        decimal = "." if "," in text else ","
    if decimal is None:
        return "ambiguous"
    other = "," if decimal == "." else "."
    return float(text.replace(other, "").replace(",", "."))


def seconds(text: str) -> float | None:
    """A clock time such as ``00:05:12`` in seconds; None for anything else.

    Examples
    --------
    >>> seconds("00:05:12")
    312.0
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    return float(match[1] or 0) * 3600 + float(match[2]) * 60 + float(match[3])
