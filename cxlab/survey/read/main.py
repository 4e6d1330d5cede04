"""read_survey: from a file to a Survey."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from cxlab.codebook import Codebook
from cxlab.errors import CodebookError
from cxlab.i18n import tr
from cxlab.survey.read.assemble import assemble
from cxlab.survey.read.files import SourceFile, open_file
from cxlab.survey.read.layout import lay_out, lay_out_names
from cxlab.survey.read.options import Decimal, Format, check_day_first, check_decimal, check_delimiter, check_format
from cxlab.survey.read.raw import RawTable
from cxlab.survey.step import Step
from cxlab.survey.survey import Survey


def read_survey(
    path: str | Path,
    codebook: Codebook | str | Path | None = None,
    *,
    format: Format | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: Decimal | None = None,
    day_first: bool | None = None,
    sheet: str | int | None = None,
) -> Survey:
    """Read a survey file and turn its answers into numbers by the codebook.

    Reads CSV and TSV (also ``.gz``), Excel, SPSS, Stata and Parquet, and the exports of Qualtrics, Google Forms, Kobo
    and LimeSurvey, which it recognises. The file is never changed.

    Parameters
    ----------
    path : str or Path
        The file.
    codebook : Codebook, str or Path, optional
        What the columns mean, or the path of a codebook file. Without one every column is guessed: look at
        ``survey.codebook`` before you trust it.
    format : str, optional
        ``"csv" "tsv" "excel" "spss" "stata" "parquet"`` where the file's name does not say it; ``"qualtrics"
        "google_forms" "kobo" "limesurvey"`` for an export that is not recognised, ``"table"`` for one header row.
    encoding : str, optional
        Of a text file, where the guess is wrong: ``"utf-8"``, ``"utf-16"``, ``"cp1258"`` (Vietnamese), ``"cp949"``
        (Korean), ``"cp1252"`` (Western).
    delimiter : str, optional
        Character between the fields of a text file.
    decimal : {".", ","}, optional
        Decimal sign, where the numbers do not show it themselves.
    day_first : bool, optional
        Whether 3/4/2026 is the third of April (True, as written in Vietnam) or the fourth of March (False), where no
        date of the column shows it by a day after the twelfth. Dates that leave it open stay text.
    sheet : str or int, optional
        Sheet of an Excel file, by name or by position from 1. Default: the first that holds anything and is
        not hidden.

    Returns
    -------
    Survey
        Rows numbered from 1 as in the file, columns named as in the codebook. ``problems`` lists every cell that could
        not be read (row, column, value, reason), ``warnings`` what had to be decided, ``log`` what was recoded.

    Raises
    ------
    FileError
        The file is missing, empty, damaged, of an unknown kind, or in another encoding.
    DataError
        Column names twice, no rows, a codebook item without a column (the respondent's number, the time and the time
        taken may be missing), a column of which more than half is unreadable.
    CodebookError
        The codebook file breaks a rule.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "khao_sat.csv"
    >>> _ = path.write_text("sat1;sat2\\nĐồng ý;4\\nRất đồng ý;5\\nBình thường;2\\nKhông đồng ý;x\\nĐồng ý;3", "utf-8")
    >>> survey = read_survey(path)
    >>> survey.data["sat1"].tolist()
    [4, 5, 3, 2, 4]
    >>> survey.problems[["row", "column", "value"]].values.tolist()
    [[4, 'sat2', 'x']]
    """
    format, decimal, delimiter = check_format(format), check_decimal(decimal), check_delimiter(delimiter)
    day_first = check_day_first(day_first)
    book = _codebook(codebook)
    file = open_file(path, format)
    raw = _raw(file, format, encoding, delimiter, sheet)
    parts, found, frame = assemble(raw, book, decimal, day_first)
    source = _source(file, raw, found, decimal or _only(parts.decimals))
    problems = (
        pd.concat(parts.problems, ignore_index=True).sort_values(["row", "column"], ignore_index=True)
        if (parts.problems)
        else _no_problems()
    )
    read = Step("read", source["format"], count=len(frame), note=_note(source, frame))
    return Survey(frame, found, (read, *parts.steps), problems, source=source, warnings=tuple(parts.notices))


def _codebook(codebook: Codebook | str | Path | None) -> Codebook | None:
    if codebook is None or isinstance(codebook, Codebook):
        return codebook
    if isinstance(codebook, str | os.PathLike):
        return Codebook.from_yaml(codebook)
    raise CodebookError("readers.not_codebook", kind=type(codebook).__name__)


def _raw(file: SourceFile, format: Format | None, encoding: str | None, delimiter: str | None, sheet: Any) -> RawTable:
    """The file as a table; each reader is imported where it is used, because some are slow to import."""
    name = file.path.name
    if file.container in ("csv", "tsv"):
        from cxlab.survey.read.delimited import read_delimited

        return lay_out(read_delimited(file, encoding, delimiter), name, format)
    if file.container == "excel":
        from cxlab.survey.read.excel import read_excel

        return lay_out(read_excel(file, sheet), name, format)
    from cxlab.survey.read.statistical import read_parquet, read_spss, read_stata

    if file.container == "parquet":
        return lay_out_names(read_parquet(file), name)
    reader = read_spss if file.container == "spss" else read_stata
    return lay_out_names(reader(file, encoding), name)


def _source(file: SourceFile, raw: RawTable, codebook: Codebook, decimal: Decimal | None) -> dict[str, Any]:
    layout = raw.source.get("format", "table")
    known = {
        "path": file.path.name,
        "format": file.container if layout == "table" else layout,
        "sha256": file.sha256,
        "encoding": raw.source.get("encoding"),
        "delimiter": raw.source.get("delimiter"),
        "decimal": decimal,
        "sheet": raw.source.get("sheet"),
        "rows": len(raw.frame),
        "kind": codebook.kind,
    }
    return {key: value for key, value in known.items() if value is not None}


def _only(decimals: set[Decimal]) -> Decimal | None:
    return next(iter(decimals)) if len(decimals) == 1 else None


def _no_problems() -> pd.DataFrame:
    return pd.DataFrame(columns=["row", "column", "value", "reason"])


def _note(source: dict[str, Any], frame: pd.DataFrame) -> str:
    details = [source["format"], source.get("encoding"), source.get("sheet")]
    told = ", ".join(str(d) for d in details if d)
    return tr("readers.step_read", path=source["path"], details=told, rows=len(frame), columns=frame.shape[1])
