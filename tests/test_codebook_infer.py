"""Without a codebook, columns are guessed from names and values, and the guess says no more than they show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cxlab import Codebook
from cxlab.errors import CodebookError


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([1, 2, 3, 4, 5], (1, 5)),
        ([2, 3, 4, 2, 3], (1, 5)),
        ([1, 4, 7, 2, 6], (1, 7)),
        ([0, 2, 4, 1, 3], (0, 4)),
        ([0, 7, 10, 3, 2], (0, 10)),
        ([1, 7, 10, 3, 2], (1, 10)),
        ([1.0, np.nan, 5.0, 3.0, 2.0], (1, 5)),
        ([1, 3, 5, 2, -99], (1, 5)),
        ([1, 3, 7, 2, 99], (1, 7)),
    ],
)
def test_whole_numbers_get_the_narrowest_usual_scale(values: list[float], scale: tuple[int, int]) -> None:
    item = Codebook.infer(pd.DataFrame({"x": values})).item("x")
    assert (item.role, item.min, item.max) == ("item", *scale)


@pytest.mark.parametrize(
    "values", [[18, 35, 61, 44, 29], [1.5, 2.0, 3.5, 4.0, 2.0], [-3, 2, 1, 0, 1], [3, 3, 3, 200, 1]]
)
def test_other_numbers_have_no_scale(values: list[float]) -> None:
    item = Codebook.infer(pd.DataFrame({"x": values})).item("x")
    assert (item.role, item.min, item.max) == ("other", None, None)


def test_columns_of_one_stem_share_scale_and_construct() -> None:
    book = Codebook.infer(pd.DataFrame({"IMAG1": [1, 2, 3], "IMAG2": [4, 7, 5], "IMAG3": [2, 2, 2]}))
    assert {item.max for item in book.items.values()} == {7}
    assert book.items_of("IMAG") == ("IMAG1", "IMAG2", "IMAG3")


def test_question_numbers_are_no_construct() -> None:
    book = Codebook.infer(pd.DataFrame({"q1": [1, 5, 3], "q2": [4, 2, 5], "Câu 3": [1, 2, 3], "Câu 4": [3, 5, 4]}))
    assert book.constructs == {}


def test_a_two_valued_column_is_no_scale() -> None:
    assert Codebook.infer(pd.DataFrame({"sex": [1, 2, 1, 2]})).item("sex").role == "other"


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("Q_TotalDuration", [300, 412, 95], "duration"),
        ("Dấu thời gian", ["21/10/2024 9:12:33", "22/10/2024 10:00:00", "23/10/2024 1:00:00"], "time"),
        ("when", pd.to_datetime(["2024-10-21", "2024-10-22", "2024-10-23"]), "time"),
        ("ResponseId", ["R_1", "R_2", "R_3"], "id"),
        ("contact", ["a@b.vn", "lan@cx.vn", "c@d.com"], "id"),
        ("Trọng số", [0.5, 1.2, 1.0], "weight"),
        ("Góp ý", [f"Nhân viên rất nhiệt tình, lần thứ {i}" for i in range(20)], "text"),
        ("city", ["Huế", "Hà Nội", "Huế", "Đà Nẵng"] * 5, "group"),
        ("empty", [None, None, None], "other"),
    ],
)
def test_roles_show_in_headers_and_values(name: str, values: object, role: str) -> None:
    assert Codebook.infer(pd.DataFrame({name: values})).item(name).role == role


def test_direct_identifiers_are_marked_personal() -> None:
    book = Codebook.infer(pd.DataFrame({"Họ và tên": ["A", "B"], "contact": ["a@b.vn", "c@d.vn"], "sat1": [1, 5]}))
    assert [name for name, item in book.items.items() if item.personal] == ["Họ và tên", "contact"]


def test_an_empty_table_has_an_empty_codebook() -> None:
    assert Codebook.infer(pd.DataFrame()).items == {}
    assert Codebook.infer(pd.DataFrame({"a": pd.Series(dtype=float)})).item("a").role == "other"


def test_two_spellings_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["ha\u0300i", "hài"])
    with pytest.raises(CodebookError) as caught:
        Codebook.infer(frame)
    assert caught.value.key == "codebook.duplicate_columns"


def test_the_table_is_left_as_it_is() -> None:
    frame = pd.DataFrame({"IMAG1": [1, 2, 3], "t": ["a", None, "b"]})
    before = frame.copy()
    Codebook.infer(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("header", ["phone", "Nhân viên nghe điện thoại lịch sự", "Hài lòng với email hỗ trợ"])
def test_a_rating_of_the_telephone_is_no_telephone_number(header: str) -> None:
    item = Codebook.infer(pd.DataFrame({header: [4, 5, 3, 4, 2, 5]})).item(header)
    assert (item.role, item.personal) == ("item", False)


@pytest.mark.parametrize("header", ["lat", "Kinh độ", "Ngày sinh", "facebook", "MSSV"])
def test_headers_that_point_at_one_person_are_personal(header: str) -> None:
    assert Codebook.infer(pd.DataFrame({header: [f"v{i}.1234" for i in range(6)]})).item(header).personal is True
