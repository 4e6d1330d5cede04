"""What personal data look like: patterns of values, for text and for numbers stored as numbers."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

import pandas as pd

MASK = "•••"
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
# +84 or 0, then a mobile (3 5 7 8 9) or landline (2) prefix; or any international number with a plus sign.
_VIETNAMESE = r"(?:(?:\+84|0084)[ .\-]?\(?0?|84|\(?0)[235789](?:[ .\-)]*\d){8,9}"
_INTERNATIONAL = r"\+[1-9](?:[ .\-()]*\d){8,13}"
_NORTH_AMERICAN = r"\(?\d{3}\)?[ .\-]\d{3}[ .\-]\d{4}"
PHONE = re.compile(rf"(?<![\w.])(?:{_VIETNAMESE}|{_INTERNATIONAL}|{_NORTH_AMERICAN})(?!\w)")
_IP = re.compile(r"[0-9A-Fa-f:.]{6,45}")
_PAIR = re.compile(r"\s*(-?\d{1,2}\.\d{3,})\s*[,; ]\s*(-?\d{1,3}\.\d{3,})(?:[,; ].*)?")
_TOKEN = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[\w*=\-{}.]{12,}")


def is_email(text: str) -> bool:
    """True for one e-mail address."""
    return EMAIL.fullmatch(text.strip()) is not None


def is_phone(text: str) -> bool:
    """True for one telephone number: Vietnamese, or international with a plus sign.

    Examples
    --------
    >>> [is_phone(t) for t in ("0912 345 678", "+84-28-3822-9999", "0084912345678", "12345")]
    [True, True, True, False]
    """
    return PHONE.fullmatch(text.strip()) is not None


def is_ip(text: str) -> bool:
    """True for an IP address of version 4 or 6.

    Examples
    --------
    >>> is_ip("203.0.113.7"), is_ip("2001:db8::1"), is_ip("1.5")
    (True, True, False)
    """
    text = text.strip()
    if not _IP.fullmatch(text):
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_coordinates(text: str) -> bool:
    """True for latitude and longitude in one cell, as form tools write them.

    Examples
    --------
    >>> is_coordinates("10.7769, 106.7009"), is_coordinates("10 106")
    (True, False)
    """
    match = _PAIR.fullmatch(text)
    return match is not None and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180


def is_token(text: str) -> bool:
    """True for a long code of letters and digits, as panels and survey tools give out."""
    return _TOKEN.fullmatch(text.strip()) is not None


WHOLE: dict[str, Callable[[str], bool]] = {
    "email": is_email,
    "phone": is_phone,
    "ip": is_ip,
    "coordinates": is_coordinates,
}
"""Patterns of a whole cell, by the word used in the catalogue key ``survey.why_<word>``."""


def phone_numbers(values: pd.Series) -> pd.Series:
    """Which numbers are Vietnamese mobile numbers: the leading zero dropped by a spreadsheet, or starting with 84."""
    whole = (values % 1 == 0) & (values % 1000 != 0)  # amounts in VND are as long, but round
    short = values.between(3e8, 1e9, inclusive="left") & (values // 1e8).isin([3, 5, 7, 8, 9])
    long = values.between(842e8, 85e9, inclusive="left")
    return whole & (short | long)
