"""Exports of survey tools are recognised, their question texts kept, and their header rows never become respondents."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from cxlab import Codebook, read_survey
from cxlab.codebook import Item
from cxlab.errors import FileError

QUALTRICS = [
    ["StartDate", "EndDate", "IPAddress", "Duration (in seconds)", "ResponseId", "QID1_1", "QID2"],
    [
        "Start Date",
        "End Date",
        "IP Address",
        "Duration (in seconds)",
        "Response ID",
        "How good? - Image",
        "Tell us, why?",
    ],
    [f'{{"ImportId":"{name}"}}' for name in ("startDate", "endDate", "ipAddress", "duration", "_recordId", "Q1", "Q2")],
    ["2024-10-21 09:12:33", "2024-10-21 09:20:00", "203.0.113.7", "447", "R_1abc", "5", "Nice, really"],
    ["2024-10-21 10:12:33", "2024-10-21 10:15:00", "203.0.113.8", "147", "R_2abc", "3", ""],
]
GOOGLE = [
    ["Dấu thời gian", "Địa chỉ email", "Nhân viên phục vụ nhiệt tình", "Bạn có góp ý gì không?"],
    ["2024/10/21 9:12:33 SA GMT+7", "lan@example.vn", "Hoàn toàn đồng ý", "Không"],
    ["2024/10/21 3:40:00 CH GMT+7", "mai@example.vn", "Đồng ý", ""],
    ["2024/10/22 8:00:01 SA GMT+7", "hoa@example.vn", "Bình thường", "Giá hơi cao, nên giảm"],
    ["2024/10/22 8:05:01 SA GMT+7", "an@example.vn", "Không đồng ý", ""],
]
KOBO = [
    ["start", "grp/age", "grp/sat1", "grp/why", "grp/why/price", "grp/why/staff", "_id", "_uuid", "_submission_time"],
    ["2024-10-21T09:00:00.120+07:00", "31", "5", "price staff", "1", "1", "101", "aa-1", "2024-10-21T02:10:05"],
    ["2024-10-22T09:00:00.000+07:00", "45", "4", "staff", "0", "1", "102", "aa-2", "2024-10-22T02:10:05"],
]
LIME = [
    [
        "id",
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "Q1[SQ001]",
        "Q1[SQ002]",
        "Q2. How old are you?",
        "interviewtime",
    ],
    ["1", "2024-10-21 09:00:00", "3", "vi", "1234", "5", "4", "31", "312.5"],
    ["2", "2024-10-22 09:00:00", "3", "vi", "1235", "2", "3", "45", "95.1"],
]


def save(folder: Path, rows: list[list[str]], kind: str = "csv") -> Path:
    path = folder / f"export.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
        return path
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(c) if c.replace(".", "", 1).isdigit() else c or None for c in row])
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_qualtrics_with_three_header_rows(tmp_path: Path, kind: str) -> None:
    survey = read_survey(save(tmp_path, QUALTRICS, kind))
    assert (survey.source["format"], len(survey.frame)) == ("qualtrics", 2)
    assert survey.frame["QID1_1"].tolist() == [5, 3]
    assert survey.codebook.item("QID1_1").label == {"en": "How good? - Image"}
    roles = {name: item.role for name, item in survey.codebook.items.items()}
    assert (roles["StartDate"], roles["Duration (in seconds)"], roles["ResponseId"]) == ("time", "duration", "id")
    assert survey.codebook.item("IPAddress").personal
    assert str(survey.frame["StartDate"].iloc[0]) == "2024-10-21 09:12:33"


def test_qualtrics_with_two_header_rows_of_the_older_kind(tmp_path: Path) -> None:
    names = ["V1", "V2", "V3", "V8", "V9", "q1", "Q_TotalDuration"]
    texts = ["ResponseID", "ResponseSet", "Name", "StartDate", "EndDate", "Is it good?", "Q_TotalDuration"]
    rows = [names, texts, ["R_1", "Default", "", "2015-05-01 10:00:00", "2015-05-01 10:10:00", "7", "600"]]
    survey = read_survey(save(tmp_path, [*rows, ["R_2", "Default", "", "", "", "6", "500"]]))
    assert (survey.source["format"], len(survey.frame)) == ("qualtrics", 2)
    assert survey.frame["q1"].tolist() == [7, 6]
    assert survey.codebook.item("V8").role == "time"


def test_question_texts_find_their_item(tmp_path: Path) -> None:
    item = Item("image", column="how good? -  IMAGE", min=1, max=7)
    survey = read_survey(save(tmp_path, QUALTRICS), Codebook(items={"image": item}))
    assert survey.frame["image"].tolist() == [5, 3]


def test_google_forms_in_vietnamese(tmp_path: Path) -> None:
    survey = read_survey(save(tmp_path, GOOGLE))
    assert survey.source["format"] == "google_forms"
    assert survey.frame["Nhân viên phục vụ nhiệt tình"].tolist() == [5, 4, 3, 2]
    assert survey.frame["Dấu thời gian"].dt.hour.tolist() == [9, 15, 8, 8]
    assert survey.codebook.item("Địa chỉ email").personal
    assert survey.codebook.item("Nhân viên phục vụ nhiệt tình").label == {"vi": "Nhân viên phục vụ nhiệt tình"}


def test_google_forms_from_excel(tmp_path: Path) -> None:
    assert read_survey(save(tmp_path, GOOGLE, "xlsx")).frame.iloc[:, 2].tolist() == [5, 4, 3, 2]


def test_kobo_groups_and_boxes(tmp_path: Path) -> None:
    survey = read_survey(save(tmp_path, KOBO))
    assert survey.source["format"] == "kobo"
    assert list(survey.frame)[1:6] == ["age", "sat1", "why", "why/price", "why/staff"]
    roles = {name: item.role for name, item in survey.codebook.items.items()}
    assert (roles["why"], roles["why/price"], roles["_uuid"], roles["start"]) == ("text", "group", "id", "time")
    assert survey.frame["why/price"].tolist() == [1, 0]
    assert str(survey.frame["start"].iloc[0]) == "2024-10-21 09:00:00.120000"


def test_kobo_headers_are_matched_with_and_without_their_group(tmp_path: Path) -> None:
    for column in ("grp/sat1", "sat1"):
        book = Codebook(items={"happy": Item("happy", column=column, min=1, max=5)})
        assert read_survey(save(tmp_path, KOBO), book).frame["happy"].tolist() == [5, 4]


def test_kobo_names_that_collide_keep_their_group(tmp_path: Path) -> None:
    rows = [["a/q", "b/q", "_id", "_uuid", "_submission_time"], ["1", "2", "1", "u1", "2024-10-21T02:10:05"]]
    assert list(read_survey(save(tmp_path, rows)).frame)[:2] == ["a/q", "b/q"]


def test_limesurvey_codes(tmp_path: Path) -> None:
    survey = read_survey(save(tmp_path, LIME))
    assert survey.source["format"] == "limesurvey"
    assert list(survey.frame)[5:8] == ["Q1_SQ001", "Q1_SQ002", "Q2"]
    assert survey.codebook.item("Q2").label == {"en": "How old are you?"}
    assert survey.codebook.item("interviewtime").role == "duration"


def test_a_format_can_be_forced(tmp_path: Path) -> None:
    plain = save(tmp_path, [["a", "b"], ["1", "2"], ["3", "4"]])
    with pytest.raises(FileError) as caught:
        read_survey(plain, format="qualtrics")
    assert caught.value.key == "readers.layout_absent"
    assert len(read_survey(save(tmp_path, KOBO), format="table").frame.filter(like="grp/").columns) == 5
    with pytest.raises(FileError, match="Did you mean 'kobo'"):
        read_survey(plain, format="cobo")  # type: ignore[arg-type]
