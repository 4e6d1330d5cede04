"""Columns find their items; what does not fit is named, and what is odd is said."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from cxlab import Codebook, read_survey
from cxlab.codebook import Item
from cxlab.errors import CodebookError, DataError


def write(folder: Path, text: str) -> Path:
    path = folder / "survey.csv"
    path.write_text(text, encoding="utf-8")
    return path


def book(*items: Item) -> Codebook:
    return Codebook(items={item.name: item for item in items})


@pytest.mark.parametrize(
    "header",
    [
        "Bạn có hài lòng không?",
        "bạn có HÀI LÒNG không?",
        "  Bạn  có hài lòng không? ",
        unicodedata.normalize("NFD", "Bạn có hài lòng không?"),
    ],
)
def test_a_header_is_found_whatever_its_dress(tmp_path: Path, header: str) -> None:
    item = Item("sat1", column="Bạn có hài lòng không?", min=1, max=5)
    survey = read_survey(write(tmp_path, f'"{header}",x\n5,1\n4,2\n'), book(item))
    assert list(survey.frame) == ["sat1", "x"]
    assert survey.frame["sat1"].tolist() == [5, 4]
    assert [n.values["names"] for n in survey.warnings if n.key == "readers.extra_columns"] == ["x"]


def test_a_header_that_is_the_question_text_is_found_by_the_label(tmp_path: Path) -> None:
    item = Item("sat1", label={"en": "How satisfied are you?", "vi": "Bạn hài lòng đến mức nào?"}, min=1, max=5)
    survey = read_survey(write(tmp_path, "Bạn hài lòng đến mức nào?,b\n5,1\n4,2\n"), book(item))
    assert survey.frame["sat1"].tolist() == [5, 4]
    assert survey.log.query("action == 'rename'")["note"].iloc[0] == "Bạn hài lòng đến mức nào? → sat1"


def test_a_processed_file_may_have_the_names_already(tmp_path: Path) -> None:
    item = Item("sat1", column="How satisfied are you?", min=1, max=5)
    assert read_survey(write(tmp_path, "sat1,b\n5,1\n4,2\n"), book(item)).frame["sat1"].tolist() == [5, 4]


def test_an_item_without_a_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path, "sens_4,age\n5,31\n4,40\n")
    with pytest.raises(DataError) as caught:
        read_survey(path, book(Item("sens4", min=1, max=5), Item("zzz")))
    assert (caught.value.key, caught.value.values["count"]) == ("readers.items_missing", 2)
    assert "sens4 Did you mean 'sens_4'?" in str(caught.value)


def test_two_columns_for_one_item_are_not_chosen_between(tmp_path: Path) -> None:
    path = write(tmp_path, "SAT 1,sat  1\n5,1\n4,2\n")
    with pytest.raises(DataError) as caught:
        read_survey(path, book(Item("x", column="Sat 1")))
    assert caught.value.key == "readers.ambiguous_column"
    assert read_survey(path, book(Item("x", column="SAT 1"))).frame["x"].tolist() == [5, 4]


def test_a_renamed_column_must_not_meet_its_namesake(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_survey(write(tmp_path, "a,b\n5,1\n4,2\n"), book(Item("b", column="a")))
    assert caught.value.key == "readers.name_taken"


def test_the_codebook_keeps_its_order_and_gains_the_rest(tmp_path: Path) -> None:
    survey = read_survey(
        write(tmp_path, "x,b,a\n1,5,1\n2,4,2\n"), book(Item("a", min=1, max=5), Item("b", min=1, max=5))
    )
    assert list(survey.codebook.items) == ["a", "b", "x"]
    assert list(survey.frame) == ["x", "b", "a"]


@pytest.mark.parametrize("header", ["a,b,a", "a,b,a ", "a,b,A\u0300,\u00c0"])
def test_a_name_that_occurs_twice_is_refused(tmp_path: Path, header: str) -> None:
    row = ",".join("1" * len(header.split(",")))
    with pytest.raises(DataError) as caught:
        read_survey(write(tmp_path, f"{header}\n{row}\n"))
    assert caught.value.key == "readers.duplicate_columns"
    assert "3" in caught.value.values["names"]


def test_empty_and_constant_columns_are_said(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "a,b,c,d\n1,,5,ok\n2,,5,ok\n3,NA,5,ok\n"))
    said = {n.key: n.values["names"] for n in survey.warnings}
    assert said["readers.all_missing"] == "b"
    assert said["readers.constant"] == "c, d"
    assert survey.frame["b"].isna().all()


def test_unnamed_columns_get_a_name_and_a_notice(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, ",sat1\n1,5\n2,4\n"))
    assert list(survey.frame) == ["unnamed_1", "sat1"]
    assert "readers.unnamed_columns" in [n.key for n in survey.warnings]


def test_times_become_dates_when_day_and_month_are_clear(tmp_path: Path) -> None:
    items = book(Item("t", role="time"))
    clear = read_survey(write(tmp_path, "t,b\n21/10/2024 9:12:33,1\n3/11/2024 18:00:00,2\nhôm qua,3\n"), items)
    assert clear.frame["t"].dt.strftime("%m-%d").tolist()[:2] == ["10-21", "11-03"]
    assert clear.problems[["row", "value"]].values.tolist() == [[3, "hôm qua"]]
    doubtful = read_survey(write(tmp_path, "t,b\n1/10/2024 9:12:33,1\n3/11/2024 18:00:00,2\n"), items)
    assert doubtful.frame["t"].tolist()[0] == "1/10/2024 9:12:33"
    notice = next(n for n in doubtful.warnings if n.key == "readers.dates_ambiguous")
    assert notice.serious
    assert "day_first=True" in notice.text("vi")


def test_the_codebook_may_be_a_path_but_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n1,2\n3,4\n")
    (tmp_path / "codebook.yaml").write_text("items: {a: {min: 1, max: 5}}", "utf-8")
    assert read_survey(path, tmp_path / "codebook.yaml").codebook.item("a").max == 5
    assert read_survey(path, str(tmp_path / "codebook.yaml")).codebook.item("a").max == 5
    with pytest.raises(CodebookError) as caught:
        read_survey(path, {"a": 1})  # type: ignore[arg-type]
    assert caught.value.key == "readers.not_codebook"


def test_twelve_rows_are_enough(tmp_path: Path) -> None:
    rows = "\n".join(f"{i % 5 + 1},{(i * 3) % 5 + 1},Huế" for i in range(12))
    survey = read_survey(write(tmp_path, f"sat1,sat2,city\n{rows}\n"))
    assert survey.frame.shape == (12, 3)
    assert survey.codebook.items_of("sat") == ("sat1", "sat2")


def test_a_first_row_of_numbers_is_doubted_as_header(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "5,4,3\n1,2,3\n2,2,2\n"))
    assert [n.serious for n in survey.warnings if n.key == "readers.numbers_as_header"] == [True]


def test_numbers_with_a_doubtful_sign_stay_text_and_are_said(tmp_path: Path) -> None:
    path = write(tmp_path, "tuổi,thu nhập\n31,500.000\n25,900.000\n41,120.000\n")
    survey = read_survey(path)
    assert survey.frame["thu nhập"].tolist()[0] == "500.000"
    assert [n.values["names"] for n in survey.warnings if n.key == "readers.numbers_doubtful"] == ["thu nhập"]
    assert read_survey(path, decimal=",").frame["thu nhập"].tolist() == [500000, 900000, 120000]
