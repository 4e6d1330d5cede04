"""Raw files that are no plain table of answers: left-out columns, odd headers, R files, a file a year.

Each function takes the raw files and gives a table of text as the respondents left it. Cells are not changed;
what they mean is the codebook's matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from cxlab.errors import DatasetError, FileError
from cxlab.survey.datasets.catalogue import find_entry

Shape = Callable[[Sequence[Path]], pd.DataFrame]

# The header of each block says what it asks: expectation, perception, Kano feeling, importance, satisfaction.
_KIOSK_PAIRS = (
    (re.compile(r"^(\d+)-1\..*기대"), "e"),
    (re.compile(r"^(\d+)-2\..*인지"), "p"),
    (re.compile(r"^(\d+)-1\..*느낌"), "kf"),
    (re.compile(r"^(\d+)-2\..*느낌"), "kd"),
    (re.compile(r"^(\d+)-1\..*중요"), "i"),
    (re.compile(r"^(\d+)-2\..*만족하"), "s"),
)
_KIOSK_SINGLE = {"성별": "sex", "나이대": "age", "얼마나 자주": "frequency", "종류": "kinds", "동기": "reasons"}
_KIOSK_TOTAL = re.compile(r"^([1-4])\. ")

# Names differ from year to year in case, spaces and spelling; age, gender and income changed their question number.
_RATED = "ART|FOOD|STORE|SIGN|WALKWAYS|SCREENS|INFODOWN|INFOUP|WIFI|ROADS|PARK|AIRTRAIN|LTPARKING|RENTAL|ALL"
_SFO_NAMES = (
    (re.compile(rf"^Q7(?:{_RATED})$|^Q9(?:BOARDING|AIRTRAIN|RENTAL|FOOD|RESTROOM|ALL)$"), None),
    (re.compile(r"^Q10SAFE$|^Q13GETRATE$|^Q14FIND$|^Q14PASSTHRU$|^Q15PROBLEM$"), None),
    (re.compile(r"^Q7WALKWAY$"), "q7_walkways"),
    (re.compile(r"^Q12PRECHE[CK]+RATE$"), "q12_precheck"),
    (re.compile(r"^Q\d+AGE$"), "age"),
    (re.compile(r"^Q\d+GENDER$"), "gender"),
    (re.compile(r"^Q\d+INCO?ME$"), "income"),
    (re.compile(r"^B?AREA$"), "area"),
    (re.compile(r"^(?:RESPNUM|PEAK|DESTGEO|LANG|WEIGHT|NETPRO)$"), None),
)
_SFO_QUESTION = re.compile(r"^(Q\d+)(\w+)$")


def kiosk(files: Sequence[Path]) -> pd.DataFrame:
    """Columns named from the question numbers in their Korean headers, and who was in the authors' sample."""
    table = _text(files[0], "cp949")
    table.columns = pd.Index([_kiosk_name(header) for header in table.columns])
    left = find_entry("kiosk_servqual").not_kept
    table["kept_by_authors"] = (~pd.Series(range(1, len(table) + 1)).isin(left)).astype(int).astype(str)
    return table


def _kiosk_name(header: str) -> str:
    for pattern, prefix in _KIOSK_PAIRS:
        if match := pattern.match(header):
            return f"{prefix}{int(match[1]):02d}"
    if match := _KIOSK_TOTAL.match(header):
        return f"total{match[1]}"
    return next((name for words, name in _KIOSK_SINGLE.items() if words in header), header)


def sfo(files: Sequence[Path]) -> pd.DataFrame:
    """The years one below the other, with the columns they share under one name."""
    tables = [_sfo_year(file) for file in sorted(files)]
    return pd.concat(tables, ignore_index=True).fillna("")


def _sfo_year(file: Path) -> pd.DataFrame:
    table = _text(file)
    names = {column: _sfo_name(column) for column in table.columns}
    kept = {column: name for column, name in names.items() if name}
    shared = table[list(kept)].rename(columns=kept)
    shared.insert(0, "year", file.name[:4])
    return shared


def _sfo_name(column: str) -> str | None:
    plain = re.sub(r"[\s*]", "", column).upper()
    name = next((name or plain for pattern, name in _SFO_NAMES if pattern.match(plain)), None)
    return name and _SFO_QUESTION.sub(r"\1_\2", name).lower()


def r_data(files: Sequence[Path]) -> pd.DataFrame:
    """The one table of an R data file."""
    import pyreadr

    try:
        tables = pyreadr.read_r(str(files[0]))
    except (pyreadr.LibrdataError, pyreadr.PyreadrError) as error:
        raise DatasetError("datasets.not_r", file=files[0].name) from error
    table = next(iter(tables.values()))
    return table.astype(object).where(table.notna(), "").astype(str)


def without(columns: Sequence[str]) -> Shape:
    """The table without some columns of the raw file."""

    def shape(files: Sequence[Path]) -> pd.DataFrame:
        table = _text(files[0])
        unknown = [name for name in columns if name not in table.columns]
        if unknown:
            raise FileError("datasets.nothing_to_drop", names=", ".join(map(repr, unknown)), file=files[0].name)
        return table.drop(columns=list(columns))

    return shape


SHAPES: dict[str, Shape] = {"kiosk_servqual": kiosk, "sfo_airport": sfo, "retail_bank_csi": r_data}


def _text(file: Path, encoding: str = "utf-8") -> pd.DataFrame:
    """The file as text, cell by cell; the header is read as a row, so that an empty name stays empty."""
    cells = pd.read_csv(file, header=None, dtype=str, keep_default_na=False, encoding=encoding, low_memory=False)
    table = cells.iloc[1:].reset_index(drop=True)
    table.columns = pd.Index(cells.iloc[0])
    return table
