"""CSV and TSV: encodings, delimiters and decimal signs are found, and a guess is said to be one."""

from __future__ import annotations

import gzip
import hashlib
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from cxlab import Codebook, read_survey
from cxlab.codebook import Item
from cxlab.errors import FileError

VIETNAMESE = (
    "Mã phiếu,Chất lượng dịch vụ,Mức độ hài lòng,Góp ý\n"
    "P1,5,Rất hài lòng,Nhân viên phục vụ rất nhiệt tình\n"
    "P2,3,Bình thường,Thời gian chờ đợi lâu quá\n"
    "P3,4,Hài lòng,Giá cả hợp lý\n"
    "P4,1,Không hài lòng,Cửa hàng quá ồn ào\n"
)
KOREAN = (
    "성별,만족도,의견\n여성,5,직원이 매우 친절했습니다\n남성,3,대기 시간이 너무 길었습니다\n여성,4,가격이 적당합니다\n"
)
TONES = "\u0300\u0301\u0303\u0309\u0323"


def cp1258(text: str) -> bytes:
    """Vietnamese as Windows writes it: the vowel with its hat or horn, then the tone as a mark of its own."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            vowel = unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES))
            out += vowel.encode("cp1258") + "".join(c for c in parts if c in TONES).encode("cp1258")
    return out


def write(folder: Path, data: bytes | str, name: str = "survey.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_without_being_told(tmp_path: Path, encoding: str) -> None:
    survey = read_survey(write(tmp_path, VIETNAMESE.encode(encoding)))
    assert list(survey.frame) == ["Mã phiếu", "Chất lượng dịch vụ", "Mức độ hài lòng", "Góp ý"]
    assert survey.source["encoding"] == encoding
    assert "readers.guessed_encoding" not in [n.key for n in survey.warnings]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_a_guess(tmp_path: Path, encoding: str) -> None:
    survey = read_survey(write(tmp_path, VIETNAMESE.encode(encoding)))
    assert survey.source["encoding"] == encoding
    assert "readers.guessed_encoding" in [n.key for n in survey.warnings]


def test_vietnamese_cp1258_is_found_and_composed(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, cp1258(VIETNAMESE)))
    assert survey.source["encoding"] == "cp1258"
    assert survey.frame["Mức độ hài lòng"].tolist() == [5, 3, 4, 2]
    assert survey.frame["Góp ý"].iloc[0] == unicodedata.normalize("NFC", "Nhân viên phục vụ rất nhiệt tình")
    assert "readers.guessed_encoding" in [n.key for n in survey.warnings]


def test_korean_cp949_is_found(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, KOREAN.encode("cp949")))
    assert survey.source["encoding"] == "cp949"
    assert list(survey.frame) == ["성별", "만족도", "의견"]
    assert "cp949" in survey.warnings[0].text()


def test_western_letters_are_not_taken_for_vietnamese(tmp_path: Path) -> None:
    text = "né,âge,ville\nMüller,31,Besançon\nPérez,40,Orléans\nSørensen,28,Århus\n"
    survey = read_survey(write(tmp_path, text.encode("cp1252")))
    assert list(survey.frame) == ["né", "âge", "ville"]
    assert survey.frame["ville"].tolist() == ["Besançon", "Orléans", "Århus"]


def test_letters_beyond_the_first_kilobytes_count(tmp_path: Path) -> None:
    rows = "".join(f"{i},{i % 5 + 1},ok\n" for i in range(20000))
    survey = read_survey(
        write(tmp_path, b"id,sat,note\n" + rows.encode() + cp1258("9,5,Tuyệt vời, cảm ơn\n".replace(", c", " c")))
    )
    assert survey.source["encoding"] == "cp1258"
    assert survey.frame["note"].iloc[-1] == "Tuyệt vời cảm ơn"


def test_decomposed_names_and_texts_are_composed(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, unicodedata.normalize("NFD", VIETNAMESE)))
    assert list(survey.frame)[1] == "Chất lượng dịch vụ"
    assert all(unicodedata.is_normalized("NFC", text) for text in survey.frame["Góp ý"])


def test_a_wrong_encoding_names_the_byte_the_line_and_what_fits(tmp_path: Path) -> None:
    data = "a,b\n1,né\n".encode("cp1252")
    with pytest.raises(FileError) as caught:
        read_survey(write(tmp_path, data), encoding="utf-8")
    error = caught.value
    assert (error.key, error.values["byte"], error.values["line"]) == ("readers.wrong_encoding", data.index(b"\xe9"), 2)
    assert "cp1252" in error.values["known"]


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_survey(write(tmp_path, "a,b\n1,2\n"), encoding="utf-9")
    assert caught.value.key == "readers.unknown_encoding"


def test_a_single_byte_encoding_for_a_utf8_file_is_doubted(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, VIETNAMESE), encoding="latin-1")
    assert next((n.key, n.serious) for n in survey.warnings) == ("readers.looks_utf8", True)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(tmp_path: Path, delimiter: str, ending: str) -> None:
    lines = ["sat1 x sat2 x note", '5 x 4 x "a, b; c | d"', "3 x 2 x plain", '1 x 5 x "two ""words"""']
    survey = read_survey(write(tmp_path, ending.join(lines).replace(" x ", delimiter)))
    assert survey.source["delimiter"] == delimiter
    assert survey.frame["sat2"].tolist() == [4, 2, 5]
    assert survey.frame["note"].tolist() == ["a, b; c | d", "plain", 'two "words"']


def test_excels_sep_line_is_no_header(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "sep=;\nsat1;sat2\n1;2\n3;4\n"))
    assert list(survey.frame) == ["sat1", "sat2"]


def test_decimal_commas_are_found(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "điểm;chi tiêu;sat1\n3,5;1.250.000;5\n4,25;500.000;4\n2;90,5;1\n"))
    assert survey.frame["điểm"].tolist() == [3.5, 4.25, 2.0]
    assert survey.frame["chi tiêu"].tolist() == [1250000, 500000, 90.5]
    assert survey.source["decimal"] == ","


def test_a_sign_that_could_mean_both_is_listed_not_guessed(tmp_path: Path) -> None:
    book = Codebook(items={"spend": Item("spend", role="weight")})
    path = write(tmp_path, 'spend\n"1,250"\n90\n12\n')
    survey = read_survey(path, book)
    assert np.isnan(survey.frame["spend"].iloc[0])
    assert survey.problems[["row", "value"]].values.tolist() == [[1, "1,250"]]
    assert read_survey(path, book, decimal=".").frame["spend"].iloc[0] == 1250
    assert read_survey(path, book, decimal=",").frame["spend"].iloc[0] == 1.25


def test_line_breaks_inside_answers_do_not_tear_rows(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, 'sat1,note\n5,"good\nvery good"\n3,bad\n'))
    assert survey.frame["note"].tolist() == ["good\nvery good", "bad"]


def test_rows_that_are_too_short_are_named(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "sat1,sat2,sat3\n5,4,3\n3\n1,2,5\n"))
    notice = next(n for n in survey.warnings if n.key == "readers.short_rows")
    assert (notice.serious, notice.values["rows"]) == (True, "3")
    assert survey.frame.loc[2].isna().tolist() == [False, True, True]


def test_empty_rows_at_the_end_are_no_respondents(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "sat1,sat2\n5,4\n,\n3,1\n,\n,\n"))
    assert survey.frame.index.tolist() == [1, 2, 3]
    assert survey.frame.index.name == "row"


def test_a_delimiter_at_every_line_end_makes_no_column(tmp_path: Path) -> None:
    assert list(read_survey(write(tmp_path, "a,b,\n1,2,\n3,4,\n")).frame) == ["a", "b"]
    assert list(read_survey(write(tmp_path, "a,b\n1,2,\n3,4,\n")).frame) == ["a", "b"]


def test_a_gzipped_file_is_read(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, gzip.compress(VIETNAMESE.encode()), "survey.csv.gz"))
    assert survey.frame.shape == (4, 4)


def test_reading_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path, cp1258(VIETNAMESE))
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    survey = read_survey(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before == survey.source["sha256"]
    assert survey.source["path"] == "survey.csv"
    assert survey.source["rows"] == 4


@pytest.mark.parametrize(
    "text",
    [
        "Khảo sát 2024\nid,sat1,sat2\n1,3,4\n2,4,5\n",
        "Khảo sát 2024\nid;sat1;sat2\n1;3;4\n2;4;5\n",
        "Khảo sát 2024,,\nid,sat1,sat2\n1,3,4\n2,4,5\n",
        "Khảo sát 2024,,\n,,\nid,sat1,sat2\n1,3,4\n2,4,5\n",
    ],
)
def test_a_title_above_the_column_names_is_left_out_and_said(tmp_path: Path, text: str) -> None:
    survey = read_survey(write(tmp_path, text))
    assert list(survey.frame) == ["id", "sat1", "sat2"]
    assert survey.frame["sat1"].tolist() == [3, 4]
    notice = next(n for n in survey.warnings if n.key == "readers.title_rows")
    assert (notice.serious, notice.values["text"]) == (True, "Khảo sát 2024")


def test_a_header_of_one_name_and_answers_below_is_no_title(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, ",sat1,\n1,3,5\n2,4,5\n3,5,4\n"))
    assert len(survey) == 3
    assert "readers.title_rows" not in {n.key for n in survey.warnings}


def test_a_second_row_of_headings_is_pointed_out(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "id,Q1,Q2\n,Food,Staff\n1,3,5\n2,4,5\n3,5,4\n4,1,1\n"))
    notice = next(n for n in survey.warnings if n.key == "readers.second_header")
    assert (notice.serious, notice.values["names"]) == (True, "Q1, Q2")


def test_a_row_without_any_answer_is_pointed_out(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, "id,sat1,sat2\n1,3,4\n,,\n3,4,5\n"))
    notice = next(n for n in survey.warnings if n.key == "readers.blank_rows")
    assert (len(survey), notice.values["names"]) == (3, "2")


def test_a_delimiter_that_cuts_nothing_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "id,sat1\n1,3\n2,4\n")
    with pytest.raises(FileError) as caught:
        read_survey(path, delimiter=";")
    assert (caught.value.key, caught.value.values["other"]) == ("readers.one_column", ",")


def test_line_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, '\n\nid,sat1,note\n1,3,"a\nb"\n2,4,x,9\n')
    with pytest.raises(FileError) as caught:
        read_survey(path)
    assert caught.value.values["line"] == 6
