"""Files as people really bring them: what would be wrong without a word is told, or stays text."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook

from cxlab.codebook import Codebook, Item
from cxlab.errors import DataError, FileError, Notice
from cxlab.survey.read import read_survey
from cxlab.survey.survey import Survey


def write(folder: Path, text: str, name: str = "khao_sat.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def sheet(folder: Path, rows: Sequence[Sequence[Any]], change: Any = None) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    if change is not None:
        change(book.active)
    book.save(folder / "khao_sat.xlsx")
    return folder / "khao_sat.xlsx"


def said(survey: Survey, key: str) -> Notice:
    """The notice of this key, in both languages with something to do."""
    notice = next(n for n in survey.warnings if n.key == f"readers.{key}")
    assert notice.serious
    assert notice.text("en") != notice.text("vi")
    return notice


GOOGLE = "Dấu thời gian,Hài lòng\n" + "".join(f"{d:02d}/03/2026 9:0{d % 10}:00 SA,{1 + d % 5}\n" for d in range(1, 9))


def test_dates_that_leave_day_and_month_open_stay_text_until_the_order_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, GOOGLE)
    left = read_survey(path)
    assert left.frame["Dấu thời gian"].iloc[0] == "01/03/2026 9:01:00 SA"
    assert "day_first=True" in said(left, "dates_ambiguous").text("vi")
    days = read_survey(path, day_first=True).frame["Dấu thời gian"].dt
    assert (days.month == 3).all()
    assert days.day.tolist() == list(range(1, 9))
    months = read_survey(path, day_first=False).frame["Dấu thời gian"].dt
    assert (months.day == 3).all()
    assert months.month.tolist() == list(range(1, 9))


def test_dates_that_a_spreadsheet_swapped_are_not_taken_for_dates(tmp_path: Path) -> None:
    # Days of March: up to the twelfth, a spreadsheet set to the other order stored the third of each month.
    cells = [dt.datetime(2026, d, 3) if d <= 12 else f"{d}/03/2026" for d in range(1, 25)]
    path = sheet(tmp_path, [["ngày", "sat1"], *([cell, 1 + i % 5] for i, cell in enumerate(cells))])
    for told in (None, True):
        survey = read_survey(path, day_first=told)
        assert pd.api.types.is_string_dtype(survey.frame["ngày"])
        said(survey, "dates_swapped")


def test_dates_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, "ngày,a\n25/03/2026,1\n03/25/2026,2\n26/03/2026,3\n")
    said(read_survey(path), "dates_contrary")
    told = read_survey(path, day_first=True)
    assert told.problems[["row", "value"]].values.tolist() == [[2, "03/25/2026"]]


def test_the_order_of_day_and_month_is_true_or_false(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="day_first"):
        read_survey(write(tmp_path, GOOGLE), day_first="dmy")  # type: ignore[arg-type]


def test_names_below_headings_of_several_columns_are_the_names(tmp_path: Path) -> None:
    rows = "".join(f"KH{i},{1 + i % 5},{5 - i % 5},{1 + i % 3}\n" for i in range(8))
    merged = read_survey(write(tmp_path, "Mã,Hài lòng,,Trung thành\n,sat1,sat2,loy1\n" + rows))
    assert list(merged.data) == ["Mã", "sat1", "sat2", "loy1"]
    assert len(merged) == 8
    assert not len(merged.problems)
    assert "Hài lòng / Trung thành" in said(merged, "two_deep").text()
    alike = read_survey(write(tmp_path, "Mã,Hài lòng,Hài lòng,Trung thành\nMã,sat1,sat2,loy1\n" + rows))
    assert list(alike.data) == ["Mã", "sat1", "sat2", "loy1"]


def test_a_column_without_a_name_is_no_second_heading(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "id,sat1,,kenh\n" + "".join(f"{i},{1 + i % 5},x,web\n" for i in range(6))))
    assert "unnamed_3" in survey.frame
    assert len(survey) == 6


WORDS = ["Hoàn toàn đồng ý", "Không đồng ý", "Đồng ý", "Trung lập"]


def test_letters_lost_or_read_twice_are_told(tmp_path: Path) -> None:
    text = "id,yk\n" + "".join(f"{i},{WORDS[i % 4]}\n" for i in range(12))
    lost = text.encode("cp1252", "replace").decode("cp1252")
    assert "??ng" in said(read_survey(write(tmp_path, lost)), "letters_lost").text("vi")
    twice = text.encode("utf-8").decode("latin-1")
    said(read_survey(write(tmp_path, twice)), "letters_twice")
    asked = "Vì sao? (nói rõ),Link\nGần nhà. Đẹp?,https://a.vn/x?utm=1&y=b?c\nRẻ,https://a.vn/x?utm=2\n"
    keys = {n.key for n in read_survey(write(tmp_path, asked)).warnings}
    assert not keys & {"readers.letters_lost", "readers.letters_twice"}


def test_answers_typed_without_accents_stand_on_the_ladder(tmp_path: Path) -> None:
    plain = ["Hoan toan khong dong y", "khong dong y", "Trung lap", "Dong y", "Hoan toan dong y"]
    survey = read_survey(write(tmp_path, "q1\n" + "\n".join(plain)))
    assert survey.frame["q1"].tolist() == [1, 2, 3, 4, 5]


def test_a_quotation_mark_that_closes_too_early_is_told(tmp_path: Path) -> None:
    torn = read_survey(write(tmp_path, 'id,c,sat1\n1,"chưa đóng,3\n2,"x",4\n'))
    assert said(torn, "stray_quote").values["line"] == 3
    whole = read_survey(write(tmp_path, 'id,c,sat1\n1,"hai\ndòng, ""nháy""",3\n2,"x",4\n'))
    assert "readers.stray_quote" not in {n.key for n in whole.warnings}


def test_a_file_in_an_old_vietnamese_font_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "tcvn3.csv"
    path.write_bytes(b"id,y kien\n" + b"1,Nh\xa9n vi\xaan nhi\xd6t t\xd7nh \x90\n" * 8)
    with pytest.raises(FileError, match="UniKey"):
        read_survey(path)


def test_composed_and_decomposed_letters_are_the_same_words(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, unicodedata.normalize("NFD", "Mức độ\n" + "\n".join(WORDS))))
    assert survey.frame["Mức độ"].tolist() == [5, 2, 4, 3]


def test_fractions_of_a_sheet_stay_numbers_beside_amounts_in_text(tmp_path: Path) -> None:
    rows = [[i, f"{i}.500.000", i / 3] for i in range(1, 13)]
    survey = read_survey(sheet(tmp_path, [["id", "lương", "tỷ lệ"], *rows]))
    assert survey.frame["lương"].tolist()[:2] == [1_500_000, 2_500_000]
    assert survey.frame["tỷ lệ"].tolist() == pytest.approx([i / 3 for i in range(1, 13)])
    again = read_survey(tmp_path / "khao_sat.xlsx", survey.codebook)
    assert again.frame["tỷ lệ"].tolist() == survey.frame["tỷ lệ"].tolist()


def test_numbers_read_by_the_sign_of_other_columns_are_told(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "id;gia;diem\n" + "".join(f"{i};1.{i}00;{i}.5\n" for i in range(1, 9))))
    assert survey.frame["gia"].tolist()[:2] == [1.1, 1.2]
    assert said(survey, "decimal_borrowed").values["names"] == "gia"
    own = read_survey(write(tmp_path, "id;gia;diem\n" + "".join(f"{i};1.{i}00;{i},5\n" for i in range(1, 9))))
    assert own.frame["gia"].tolist()[:2] == [1100, 1200]
    assert "readers.decimal_borrowed" not in {n.key for n in own.warnings}


def test_numbers_with_a_unit_are_told(tmp_path: Path) -> None:
    text = "id;gia;tuổi;địa điểm\n" + "".join(f"{i};{i}.000 ₫;18-25;{i} Lê Lợi {i}\n" for i in range(1, 9))
    assert said(read_survey(write(tmp_path, text)), "numbers_with_units").values["names"] == "gia ('₫')"


def test_only_the_ends_of_a_scale_have_words_in_brackets(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "q1\n1 (Rất kém)\n2\n3\n4\n5 (Rất tốt)\n2\n"))
    assert survey.frame["q1"].tolist() == [1, 2, 3, 4, 5, 2]
    item = survey.codebook.item("q1")
    assert (item.role, item.min, item.max, dict(item.labels[5])) == ("item", 1, 5, {"vi": "Rất tốt"})


def test_a_nine_far_above_all_answers_is_asked_about(tmp_path: Path) -> None:
    far = read_survey(write(tmp_path, "sat1\n" + "\n".join("1234512345929")))
    assert said(far, "looks_missing").values["codes"] == "9"
    near = read_survey(write(tmp_path, "sat1\n" + "\n".join("123456789")))
    assert "readers.looks_missing" not in {n.key for n in near.warnings}


def test_labels_that_say_no_answer_are_missing_and_leave_the_scale_alone(tmp_path: Path) -> None:
    frame = pd.DataFrame({"HL1": [1, 2, 3, 4, 5, 9], "con": [1, 2, 3, 1, 2, 3]}).astype("int32")
    words = {1: "Rất không hài lòng", 2: "Không hài lòng", 3: "Bình thường", 4: "Hài lòng", 5: "Rất hài lòng"}
    labels = {"HL1": {**words, 9: "Không biết"}, "con": {1: "Có", 2: "Không", 3: "Không biết"}}
    frame.to_stata(tmp_path / "s.dta", write_index=False, version=118, value_labels=labels)
    survey = read_survey(tmp_path / "s.dta")
    item = survey.codebook.item("HL1")
    assert (item.min, item.max, item.missing) == (1, 5, (9.0,))
    assert {lang for texts in item.labels.values() for lang in texts} == {"vi"}
    assert survey.frame["HL1"].isna().tolist() == [False] * 5 + [True]
    assert "9 = Không biết" in said(survey, "labelled_missing").text("en")
    assert survey.frame["con"].tolist() == [1, 2, 3, 1, 2, 3]


def test_totals_and_notes_below_the_answers_are_told(tmp_path: Path) -> None:
    rows = [["id", "sat1"], *([i, 1 + i % 5] for i in range(1, 9)), ["Trung bình", 3.1], ["Ghi chú: tháng 3", None]]
    notice = said(read_survey(sheet(tmp_path, rows)), "summary_rows")
    assert notice.values["names"] == "9 ('Trung bình'), 10 ('Ghi chú')"


def test_previews_and_unfinished_answers_of_a_platform_are_told(tmp_path: Path) -> None:
    names = "StartDate,Status,Finished,ResponseId,Q1"
    third = ",".join(f'"{{""ImportId"":""{n}""}}"' for n in names.split(","))
    kinds = ["Survey Preview,True", "IP Address,False", "IP Address,True"]
    rows = "".join(f"2026-03-0{i} 10:00:00,{kinds[i % 3]},R_{i},{1 + i % 5}\n" for i in range(1, 7))
    survey = read_survey(write(tmp_path, f"{names}\n{names}\n{third}\n{rows}"))
    assert said(survey, "not_responses").values["names"] == "Status (2), Finished (2)"


def test_codes_of_limesurvey_are_told(tmp_path: Path) -> None:
    head = 'id,submitdate,lastpage,startlanguage,seed,"Q1[SQ001]"\n'
    rows = "".join(f"{i},2026-03-01 10:00:0{i},3,vi,{i * 7},A{1 + i % 5}\n" for i in range(1, 9))
    assert said(read_survey(write(tmp_path, head + rows)), "codes_as_text").values["names"] == "Q1_SQ001"


def test_merged_rows_hidden_rows_errors_and_shown_zeros_of_a_sheet(tmp_path: Path) -> None:
    def change(page: Any) -> None:
        page.merge_cells("B2:B7")
        page.row_dimensions[4].hidden = True
        for row in range(2, 8):
            page.cell(row, 1).number_format = "00000"

    rows = [[i, "Quận 1" if i == 1 else None, ["#N/A", "#REF!", 4][i % 3]] for i in range(1, 7)]
    survey = read_survey(sheet(tmp_path, [["mã", "cửa hàng", "sat1"], *rows], change))
    assert survey.frame["mã"].tolist()[:2] == ["00001", "00002"]
    assert "B2:B7" in said(survey, "merged_rows").text("vi")
    assert said(survey, "hidden_rows").values["count"] == 1
    assert said(survey, "excel_errors").values["count"] == 4
    assert survey.frame["sat1"].dropna().tolist() == [4, 4]


def test_a_merged_title_and_heading_say_nothing_about_rows(tmp_path: Path) -> None:
    def change(page: Any) -> None:
        page.merge_cells("A1:C1")
        page.merge_cells("A2:A3")

    rows = [["Khảo sát"], ["Mã", "Hài lòng", None], [None, "sat1", "sat2"], *([i, 3, 4] for i in range(8))]
    survey = read_survey(sheet(tmp_path, rows, change))
    assert "readers.merged_rows" not in {n.key for n in survey.warnings}
    assert list(survey.frame) == ["Mã", "sat1", "sat2"]


@pytest.mark.parametrize("name", ["khao_sat.docx", "khao_sat.xls", "khao_sat.pdf", "khao_sat"])
def test_a_file_of_another_kind_says_how_to_save_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError) as caught:
        read_survey(write(tmp_path, "abc", name))
    assert ".xlsx" in str(caught.value)


def test_two_answers_that_a_ladder_takes_for_one_keep_the_column_as_text(tmp_path: Path) -> None:
    words = ["Tệ", "Kém", "Trung bình", "Tốt", "Rất tốt", "Kém"]
    survey = read_survey(write(tmp_path, "q1\n" + "\n".join(words)))
    assert survey.frame["q1"].tolist() == words
    assert said(survey, "ladder_doubtful").values["names"] == "q1"


def test_one_answer_in_two_languages_or_spellings_is_one_number(tmp_path: Path) -> None:
    survey = read_survey(
        write(tmp_path, "q1\nHài lòng\nSatisfied\nhai long\nKhông hài lòng\nRất hài lòng\nBình thường\n")
    )
    assert survey.frame["q1"].tolist() == [4, 4, 4, 2, 5, 3]


def test_numbers_that_a_spreadsheet_cut_are_told(tmp_path: Path) -> None:
    survey = read_survey(
        write(tmp_path, "id,mã đơn,tỷ lệ\n" + "".join(f"{i},1.23457E+1{i % 3},1.5e-3\n" for i in range(5)))
    )
    assert said(survey, "digits_cut").values["names"] == "mã đơn"


def test_dates_with_a_year_of_two_digits_stay_text_and_are_told(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "khi nào,a\n" + "".join(f"{i + 10}/3/26,{i}\n" for i in range(1, 8))))
    assert survey.frame["khi nào"].iloc[0] == "11/3/26"
    assert said(survey, "dates_as_text").values["names"] == "khi nào"


def test_a_file_without_column_names_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_survey(write(tmp_path, "1,5,1\n2,4,3\n3,3,2\n"))
    assert caught.value.key == "readers.no_header"


def test_comments_of_few_respondents_are_texts_not_groups(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "id,Góp ý\n" + "".join(f"{i},Cửa hàng số {i} rất đẹp\n" for i in range(12))))
    assert survey.codebook.item("Góp ý").role == "text"


def test_a_middle_answer_that_nobody_may_have_chosen_is_asked_about(tmp_path: Path) -> None:
    words = ["Hoàn toàn không đồng ý", "Không đồng ý", "Đồng ý", "Hoàn toàn đồng ý", "Đồng ý"]
    path = write(tmp_path, "q1\n" + "\n".join(words))
    four = read_survey(path)
    assert four.frame["q1"].tolist() == [1, 2, 3, 4, 3]
    assert said(four, "ladder_longer").values["names"] == "q1"
    told = read_survey(path, Codebook(items={"q1": Item("q1", min=1, max=5)}))
    assert told.frame["q1"].tolist() == [1, 2, 4, 5, 4]
    assert "readers.ladder_longer" not in {n.key for n in told.warnings}
    five = read_survey(write(tmp_path, "q1\n" + "\n".join([*words, "Trung lập"])))
    assert "readers.ladder_longer" not in {n.key for n in five.warnings}


def test_a_scale_whose_numbers_rise_as_its_words_fall_is_told(tmp_path: Path) -> None:
    words = ["1. Rất hài lòng", "2. Hài lòng", "3. Bình thường", "4. Không hài lòng", "5. Rất không hài lòng"]
    falling = read_survey(write(tmp_path, "q1\n" + "\n".join(words)))
    assert falling.frame["q1"].tolist() == [1, 2, 3, 4, 5]
    assert "reversed: true" in said(falling, "scale_descends").text("vi")
    rising = read_survey(write(tmp_path, "q1\n" + "\n".join(f"{6 - int(w[0])}{w[1:]}" for w in words)))
    assert "readers.scale_descends" not in {n.key for n in rising.warnings}


def test_a_text_file_under_the_name_of_an_excel_file_says_how_to_read_it(tmp_path: Path) -> None:
    path = write(tmp_path, "id,ý kiến\n1,Tốt\n", "khao_sat.xlsx")
    with pytest.raises(FileError) as caught:
        read_survey(path)
    assert caught.value.key == "readers.text_as_excel"
    assert len(read_survey(path, format="csv")) == 1


def test_answers_that_are_written_like_a_total_or_a_note_are_respondents(tmp_path: Path) -> None:
    def rows_told(answers: Sequence[str]) -> str:
        text = "q1,sat1\n" + "".join(f"{answer},{1 + i % 5}\n" for i, answer in enumerate(answers))
        notices = read_survey(write(tmp_path, text)).warnings
        return next((str(n.values["names"]) for n in notices if n.key == "readers.summary_rows"), "")

    assert rows_told(["Tốt", "Trung bình", "Kém", "Rất tốt"] * 5) == ""
    assert rows_told(["Shell", "Total", "Petrolimex"] * 4) == ""
    assert rows_told(["Tốt"] * 8 + ["Mean staff were rude to us", "Note that prices rose"]) == ""
    assert rows_told(["KH1", "KH2", "KH3", "KH4", "Tổng cộng"]) == "5 ('Tổng cộng')"


def test_a_scale_of_ten_of_which_few_points_were_chosen_holds_no_codes(tmp_path: Path) -> None:
    for answers in ("5689", "259", "1358", "4569"):
        survey = read_survey(write(tmp_path, "nps\n" + "\n".join(answers * 4)))
        assert "readers.looks_missing" not in {n.key for n in survey.warnings}


def test_sentences_that_go_on_after_a_question_mark_have_lost_no_letters(tmp_path: Path) -> None:
    text = "id,c\n" + "".join(f"{i},Món này ngon không?mình thấy được\n" for i in range(8))
    assert "readers.letters_lost" not in {n.key for n in read_survey(write(tmp_path, text)).warnings}


def test_a_codebook_that_settles_what_is_no_answer_is_not_contradicted(tmp_path: Path) -> None:
    words = {1: "Kém", 2: "Được", 3: "Tốt", 9: "Không biết"}
    frame = pd.DataFrame({"HL1": [1, 2, 3, 9]}).astype("int32")
    frame.to_stata(tmp_path / "s.dta", write_index=False, version=118, value_labels={"HL1": words})
    labels = {float(point): {"vi": word} for point, word in words.items()}
    for item, last in ((Item("HL1", role="group", labels=labels), 9), (Item("HL1", min=1, max=3, missing=(9,)), None)):
        survey = read_survey(tmp_path / "s.dta", Codebook(items={"HL1": item}))
        given = survey.frame["HL1"].iloc[3]
        assert given == last if last else pd.isna(given)
        assert "readers.labelled_missing" not in {n.key for n in survey.warnings}
    said(read_survey(tmp_path / "s.dta", Codebook(items={"HL1": Item("HL1", min=1, max=3)})), "labelled_missing")


def test_ratings_of_shoes_are_no_durations(tmp_path: Path) -> None:
    rows = "".join(f"{1 + i % 5},{60 + 7 * i}\n" for i in range(20))
    survey = read_survey(write(tmp_path, "Giày đi êm chân,Số giây trả lời\n" + rows))
    assert [survey.codebook.item(name).role for name in survey.frame] == ["item", "duration"]
