"""A file that cannot be a survey is refused with its place and a remedy, in both languages."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cxlab import read_survey
from cxlab.errors import CxlabError, DataError, FileError
from cxlab.i18n import language

XLSX_HEAD = b"PK\x03\x04"
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = b"<html><body><table><tr><td>q1</td></tr></table></body></html>"

BAD_FILES = [
    ("empty.csv", b"", FileError, "readers.empty_file"),
    ("blank.csv", b"\xef\xbb\xbf\n\n \n", FileError, "readers.empty_file"),
    ("empty.xlsx", b"", FileError, "readers.empty_file"),
    ("header.csv", b"q1,q2\n", DataError, "readers.no_rows"),
    ("header.csv", b"q1,q2\n,\n,\n", DataError, "readers.no_rows"),
    ("page.xls", HTML, FileError, "readers.html_as_excel"),
    ("page.xlsx", b"\r\n <!DOCTYPE html>" + HTML, FileError, "readers.html_as_excel"),
    ("page.csv", HTML, FileError, "readers.html_as_excel"),
    ("old.xls", OLE_HEAD + b"\0" * 600, FileError, "readers.old_excel"),
    ("locked.xlsx", OLE_HEAD + b"\0" * 600, FileError, "readers.locked_excel"),
    ("torn.xlsx", XLSX_HEAD + b"\0" * 600, FileError, "readers.corrupt"),
    ("text.xlsx", b"q1,q2\n1,2\n", FileError, "readers.text_as_excel"),
    ("torn.sav", b"$FL2 nothing more", FileError, "readers.corrupt"),
    ("torn.dta", b"no stata", FileError, "readers.corrupt"),
    ("torn.parquet", b"PAR1 nothing more", FileError, "readers.corrupt"),
    ("torn.csv.gz", b"\x1f\x8b\x08 nothing more", FileError, "readers.corrupt"),
    ("excel.csv", XLSX_HEAD + b"\0" * 600, FileError, "readers.excel_as_text"),
    ("photo.png", b"\x89PNG", FileError, "readers.unknown_suffix"),
    ("noending", b"q1,q2\n1,2\n", FileError, "readers.no_suffix"),
    ("ragged.csv", b"q1,q2\n1,2\n3,4,5\n", FileError, "readers.ragged"),
    ("open.csv", b'q1,q2\n1,2\n3,"4\n5,6\n', FileError, "readers.open_quote"),
    ("binary.csv", bytes(range(128, 256)) * 4, FileError, "readers.no_encoding"),
]


@pytest.mark.parametrize(("name", "data", "kind", "key"), BAD_FILES)
def test_a_bad_file_is_named(tmp_path: Path, name: str, data: bytes, kind: type[CxlabError], key: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    for lang in ("en", "vi"):
        with language(lang), pytest.raises(kind) as caught:
            read_survey(path)
        assert caught.value.key == key
        assert name in str(caught.value)
        assert "{" not in str(caught.value)
    assert path.read_bytes() == data


def test_a_missing_file_proposes_a_neighbour(tmp_path: Path) -> None:
    (tmp_path / "khao_sat.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(FileError, match=r"Did you mean 'khao_sat\.csv'"):
        read_survey(tmp_path / "khaosat.csv")
    with pytest.raises(FileError) as caught:
        read_survey(tmp_path / "nowhere" / "khao_sat.csv")
    assert caught.value.key == "readers.folder_missing"


def test_a_folder_lists_the_surveys_in_it(tmp_path: Path) -> None:
    (tmp_path / "khao_sat.csv").write_text("a,b\n1,2\n", "utf-8")
    (tmp_path / "notes.md").write_text("x", "utf-8")
    with pytest.raises(FileError) as caught:
        read_survey(tmp_path)
    assert (caught.value.key, caught.value.values["names"]) == ("readers.is_folder", "khao_sat.csv")


def test_a_ragged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("q1,q2\n1,2\n3,4,5\n", "utf-8")
    with pytest.raises(FileError) as caught:
        read_survey(path)
    assert (caught.value.values["line"], caught.value.values["expected"], caught.value.values["found"]) == (3, 2, 3)


@pytest.mark.parametrize("option", [{"decimal": ";"}, {"delimiter": "comma"}, {"format": "xls"}])
def test_an_unknown_option_lists_those_there_are(tmp_path: Path, option: dict[str, str]) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("q1,q2\n1,2\n", "utf-8")
    with pytest.raises(FileError) as caught:
        read_survey(path, **option)  # type: ignore[arg-type]
    assert caught.value.key == "readers.unknown_option"


def test_an_ending_can_be_overruled(tmp_path: Path) -> None:
    path = tmp_path / "survey.dat"
    path.write_text("q1,q2\n1,2\n3,4\n", "utf-8")
    assert read_survey(path, format="csv").frame["q2"].tolist() == [2, 4]


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_first_filled_sheet_is_taken_and_the_others_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "s.xlsx", {"Trống": [], "Dữ liệu": [["q1"], [1], [5]], "Ghi chú": [["x"], ["y"]]})
    survey = read_survey(path)
    assert (survey.source["sheet"], survey.frame["q1"].tolist()) == ("Dữ liệu", [1, 5])
    assert [n.values["others"] for n in survey.warnings if n.key == "readers.sheet_taken"] == ["Ghi chú"]


def test_a_sheet_is_chosen_by_name_or_position(tmp_path: Path) -> None:
    path = workbook(tmp_path / "s.xlsx", {"A": [["q1"], [1], [5]], "Ghi chú": [["x"], ["y"], ["z"]], "E": []})
    assert list(read_survey(path, sheet="Ghi chú").frame) == ["x"]
    assert list(read_survey(path, sheet=2).frame) == ["x"]
    for sheet, key in (("Ghi chu", "sheet_missing"), (4, "sheet_missing"), (0, "sheet_missing"), ("E", "empty_sheet")):
        with pytest.raises(FileError) as caught:
            read_survey(path, sheet=sheet)
        assert caught.value.key == f"readers.{key}"
    with pytest.raises(FileError, match="Did you mean 'Ghi chú'"):
        read_survey(path, sheet="Ghi chu")


def test_excel_cells_of_mixed_kinds(tmp_path: Path) -> None:
    rows: list[list[object]] = [[None, None], ["q1", "when", "note", "spend"]]
    rows += [
        [5, pd.Timestamp("2024-10-21"), "a", "3,5"],
        ["3", pd.Timestamp("2024-10-22"), 7, "4,25"],
        [None, None, None, 2],
    ]
    survey = read_survey(workbook(tmp_path / "s.xlsx", {"S": rows}))
    assert survey.frame["q1"].tolist()[:2] == [5, 3]
    assert survey.frame["when"].dt.day.tolist()[:2] == [21, 22]
    assert survey.frame["spend"].tolist() == [3.5, 4.25, 2.0]
    assert survey.frame["note"].tolist()[:2] == ["a", "7"]


def test_formulas_without_a_result_are_said(tmp_path: Path) -> None:
    survey = read_survey(workbook(tmp_path / "s.xlsx", {"S": [["q1", "q2"], [1, 2], [3, "=A2+1"]]}))
    assert [(n.values["count"], n.serious) for n in survey.warnings if n.key == "readers.formulas"] == [(1, True)]


@pytest.mark.parametrize(
    ("head", "kind"), [(b"$FL2@(#) SPSS", "spss"), (b"<stata_dta>", "stata"), (b"PAR1", "parquet")]
)
def test_a_binary_file_is_not_read_as_text(tmp_path: Path, head: bytes, kind: str) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes(head + b"\0a\0b\0" * 50)
    with pytest.raises(FileError) as caught:
        read_survey(path)
    assert (caught.value.key, caught.value.values["container"]) == ("readers.binary_as_text", kind)


@pytest.mark.parametrize("path", [None, 5, ["a.csv"]])
def test_what_is_no_path_is_refused(path: object) -> None:
    with pytest.raises(FileError) as caught:
        read_survey(path)  # type: ignore[arg-type]
    assert caught.value.key == "readers.not_path"


def test_a_hidden_sheet_is_not_taken_for_the_survey(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "lists"
    book.active.append(["options"])
    book.active.append(["yes"])
    book.active.sheet_state = "hidden"
    for row in (["id", "sat1"], [1, 4], [2, 5]):
        (book["data"] if "data" in book.sheetnames else book.create_sheet("data")).append(row)
    path = tmp_path / "survey.xlsx"
    book.save(path)
    assert read_survey(path).source["sheet"] == "data"
    assert read_survey(path, sheet="lists").source["sheet"] == "lists"


def test_a_merged_title_in_a_workbook_is_no_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Khảo sát 2024"], ["id", "sat1", "sat2"], [1, 4, 5], [2, 5, 3]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    path = tmp_path / "survey.xlsx"
    book.save(path)
    assert read_survey(path).frame["sat2"].tolist() == [5, 3]
