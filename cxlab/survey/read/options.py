"""The allowed values of read_survey's options, in one place."""

from __future__ import annotations

from typing import Literal, get_args

from cxlab.codebook.text import did_you_mean
from cxlab.errors import FileError

Container = Literal["csv", "tsv", "excel", "spss", "stata", "parquet"]
Layout = Literal["table", "qualtrics", "google_forms", "kobo", "limesurvey"]
Format = Literal[
    "csv", "tsv", "excel", "spss", "stata", "parquet", "table", "qualtrics", "google_forms", "kobo", "limesurvey"
]
Decimal = Literal[".", ","]
DELIMITERS = (",", ";", "\t", "|")


def check_format(format: str | None) -> Format | None:
    """The format if there is such a one."""
    _check("format", format, get_args(Format))
    return format  # type: ignore[return-value]


def check_decimal(decimal: str | None) -> Decimal | None:
    """A point or a comma."""
    _check("decimal", decimal, get_args(Decimal))
    return decimal  # type: ignore[return-value]


def check_day_first(day_first: bool | None) -> bool | None:
    """True, False, or nothing."""
    if day_first is not None and not isinstance(day_first, bool):
        raise FileError("readers.unknown_option", option="day_first", value=day_first, known="True, False", hint="")
    return day_first


def check_delimiter(delimiter: str | None) -> str | None:
    """One character; ``"tab"`` and a written ``\\\\t`` count as the tab."""
    if delimiter in ("tab", "\\t"):
        return "\t"
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        _check("delimiter", delimiter, DELIMITERS)
    return delimiter


def _check(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        names = ", ".join(repr(name) for name in known)
        raise FileError(
            "readers.unknown_option", option=option, value=value, known=names, hint=did_you_mean(str(value), known)
        )
