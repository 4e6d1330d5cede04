"""Personal data: found, dropped or hashed, and never in a report. The digest below is from OpenSSL."""

import pandas as pd
import pytest

from cxlab.codebook import Codebook, Item
from cxlab.errors import DataError, PrivacyError
from cxlab.survey.privacy import check_shareable
from cxlab.survey.survey import Survey, as_survey

PEOPLE = pd.DataFrame(
    {
        "sat1": [4, 5, 3, 2, 4, 5],
        "sat2": [4, 4, 3, 2, 5, 5],
        "liên hệ": ["Lan@vidu.vn", "minh.tran@vidu.com.vn", "", "hoa@vidu.vn", "an@vidu.vn", "x@vidu.vn"],
        "q7": ["0912 345 678", "+84 28 3822 9999", "0084-912-345-678", "(028) 3822 9999", "0987654321", "+12025550143"],
        "source": ["203.0.113.7", "2001:db8::1", "198.51.100.23", "203.0.113.9", "192.0.2.1", "192.0.2.44"],
        "place": ["10.7769, 106.7009", "21.0285, 105.8542", "16.0544,108.2022"] * 2,
        "Họ và tên": ["Trần Lan", "Lê Minh", "Vũ Hoa", "Đỗ An", "Ngô Bình", "Hồ Chi"],
        "panel": [f"R_9x{i}eqvaSnwkUPEw{i}" for i in range(6)],
        "mobile_no": [912345678.0, 987654321.0, 345678912.0, 765432198.0, 588123456.0, 912000111.0],
        "comment": ["fine", "call 0912345678 please", "ok", "slow app", "good", "price"],
        "income": [350_000_000, 520_000_000, 780_000_000, 900_000_000, 310_000_000, 500_000_000],
        "phone_quality": [4, 5, 3, 2, 4, 5],
        "weight_kg": [50.5, 61.25, 70.123456, 55.0, 48.9, 82.1],
    }
)  # fmt: skip


def test_identifiers_are_found_by_pattern_and_header_and_answers_are_left_alone() -> None:
    found = as_survey(PEOPLE).identifiers.set_index("column")
    assert set(found.index) == {"liên hệ", "q7", "source", "place", "Họ và tên", "panel", "mobile_no", "comment"}
    assert found.loc["comment", "share"] == pytest.approx(1 / 6)
    assert found.loc["q7", "why"] == "telephone numbers"


@pytest.mark.parametrize(
    "value", ["10.5", "2015-03-18 09:52:14", "0.912345678", "1,234,567,890", "Qual712-0618 x", "100000000"]
)
def test_ordinary_answers_are_not_taken_for_persons(value: str) -> None:
    frame = pd.DataFrame({"sat1": [1, 2, 3], "answer": [value] * 3})
    assert as_survey(frame).identifiers.empty


def test_dropping_removes_columns_from_frame_codebook_and_problems() -> None:
    survey = as_survey(PEOPLE)
    problems = pd.DataFrame(
        [[1, "liên hệ", "x", "y"], [2, "sat1", "z", "y"]], columns=["row", "column", "value", "reason"]
    )
    clean = Survey(survey.frame, survey.codebook, problems=problems).deidentify()
    assert set(clean.frame) == {"sat1", "sat2", "income", "phone_quality", "weight_kg"}
    assert set(clean.codebook.items) == set(clean.frame)
    assert clean.problems["column"].tolist() == ["sat1"]
    assert set(clean.log["action"]) == {"deidentify"}
    assert "@" not in clean.log.to_string()
    assert clean.identifiers.empty


def test_hashes_are_hmac_sha256_of_the_value_in_lower_case() -> None:
    # printf 'lan@vidu.vn' | openssl dgst -sha256 -hmac 'a secret key'
    expected = "f3e6c3e3bf3dfdafb3adf5c20f586a65dc198116da9e7e30183dac15c338d69a"
    hashed = as_survey(PEOPLE).deidentify("hash", key="a secret key", columns=["liên hệ", "mobile_no"])
    assert hashed.frame.loc[1, "liên hệ"] == expected
    assert hashed.frame["mobile_no"].str.len().tolist() == [64] * 6
    assert "secret" not in hashed.log.to_string()
    assert "a secret key" not in repr(vars(hashed))
    assert "liên hệ" not in hashed.identifiers["column"].tolist()


def test_hashing_keeps_missing_values_missing_and_links_the_same_person() -> None:
    frame = pd.DataFrame({"sat1": [1, 2, 3], "mail": ["A@b.vn ", None, "a@b.vn"]})
    hashed = as_survey(frame).deidentify("hash", key=b"0123456789")
    assert hashed.frame["mail"].isna().tolist() == [False, True, False]
    assert hashed.frame["mail"].nunique() == 1
    other = as_survey(frame).deidentify("hash", key="another key")
    assert other.frame.loc[1, "mail"] != hashed.frame.loc[1, "mail"]


@pytest.mark.parametrize(
    ("settings", "error", "key"),
    [
        ({"method": "hash"}, PrivacyError, "hash_needs_key"),
        ({"method": "hash", "key": "short"}, PrivacyError, "key_short"),
        ({"method": "blur"}, DataError, "unknown_privacy_method"),
        ({"columns": ["mail"]}, DataError, "unknown_columns"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(settings: dict[str, object], error: type, key: str) -> None:
    with pytest.raises(error) as caught:
        as_survey(PEOPLE).deidentify(**settings)  # type: ignore[arg-type]
    assert caught.value.key == f"survey.{key}"


def test_a_survey_without_personal_data_says_so_in_the_log() -> None:
    clean = as_survey(PEOPLE[["sat1", "sat2"]]).deidentify()
    assert clean.log["note"].tolist() == ["No column looks like personal data."]


def test_the_codebooks_word_counts_even_without_a_pattern() -> None:
    survey = Survey(as_survey(PEOPLE).frame, Codebook(items={"sat1": Item("sat1", personal=True)}))
    assert "sat1" in survey.identifiers["column"].tolist()
    assert "sat1" not in survey.data


def test_reports_refuse_rows_of_any_kind() -> None:
    survey = as_survey(PEOPLE).screen()
    scored = survey.scores()
    for rows in (survey, survey.data, survey.flags, survey.indices, scored, scored.reset_index(), survey.problems):
        with pytest.raises(PrivacyError) as caught:
            check_shareable(rows)
        assert caught.value.key == "survey.rows_not_shared"
    with pytest.raises(PrivacyError):
        check_shareable(survey.data.reset_index(drop=True), survey)
    with pytest.raises(PrivacyError) as caught:
        check_shareable(pd.DataFrame({"who": ["lan@vidu.vn"], "n": [3]}))
    assert caught.value.key == "survey.cells_not_shared"


def test_reports_accept_summaries_logs_and_flows() -> None:
    survey = as_survey(PEOPLE).screen()
    tables = (survey.flags_table, survey.log, survey.flow_table, survey.data.describe(), "text", survey.identifiers)
    for table in tables:
        check_shareable(table, survey)


def test_what_was_typed_into_other_columns_and_rules_is_masked() -> None:
    frame = pd.DataFrame({"sat1": [4, 5, 3, 2], "mail": [f"u{i}@vidu.vn" for i in range(4)]})
    problems = pd.DataFrame(
        [[1, "sat1", "u9@vidu.vn", "x"], [2, "sat1", "0912 345 678", "x"]], columns=["row", "column", "value", "reason"]
    )
    base = as_survey(frame)
    survey = Survey(base.frame, base.codebook, problems=problems).flag("spam", "mail == 'u3@vidu.vn'").exclude("spam")
    for clean in (survey.deidentify(), survey.deidentify("hash", key="a secret key")):
        told = clean.problems.to_csv() + clean.log.to_csv() + clean.flags_table.to_csv() + repr(clean)
        assert "vidu.vn" not in told
        assert "0912" not in told
        assert clean.problems["row"].tolist() == [1, 2]


def test_persons_named_only_in_excluded_rows_do_not_come_back() -> None:
    frame = pd.DataFrame({"sat1": [4, 5, 3, 2], "comment": ["fine", "ok", "good", "call 0912345678"]})
    survey = as_survey(frame).flag("out", "sat1 == 2").exclude("out")
    assert "comment" not in survey.deidentify().restore().frame


def test_a_rating_of_the_telephone_stays() -> None:
    survey = as_survey(pd.DataFrame({"phone": [4, 5, 3, 4, 2, 5], "sat1": [1, 2, 3, 4, 5, 1]}))
    assert survey.identifiers.empty
    assert list(survey.data) == ["phone", "sat1"]


@pytest.mark.parametrize(
    "header",
    [
        *("ho_ten", "HoTen", "so_dien_thoai", "SĐT liên hệ", "Tên", "Tên khách hàng", "dia_chi", "ngay_sinh", "ipaddr"),
        *("_gps", "_gps_latitude", "_Location_longitude", "Số CMND/CCCD", "Mã sinh viên của bạn", "device-id"),
    ],
)
def test_headers_of_form_tools_that_point_at_persons_are_set_aside(header: str) -> None:
    survey = as_survey(pd.DataFrame({"sat1": [4, 5, 3, 2, 4, 1], header: [f"giá trị {i} riêng" for i in range(6)]}))
    assert survey.personal == (header,)
    assert list(survey.data) == ["sat1"]


@pytest.mark.parametrize(
    "header",
    [
        "Địa chỉ cửa hàng bạn hay ghé",
        "Bạn theo dõi Facebook của hãng nào",
        "Tài khoản ngân hàng bạn dùng",
        "phone_model",
    ],
)
def test_addresses_and_telephones_of_other_things_are_left_in(header: str) -> None:
    frame = pd.DataFrame({"sat1": [4, 5, 3, 2, 4, 1], header: [f"giá trị {i} riêng" for i in range(6)]})
    assert as_survey(frame).personal == ()


@pytest.mark.parametrize("header", ["Tên cửa hàng", "Năm sinh", "phone_service", "Vị trí ngồi", "cell"])
def test_headers_about_other_things_are_left_in(header: str) -> None:
    frame = pd.DataFrame({"sat1": [4, 5, 3, 2, 4, 1], header: ["a", "b", "a", "b", "a", "b"]})
    assert as_survey(frame).personal == ()


def test_answers_in_the_index_of_a_count_are_not_shared() -> None:
    comments = pd.Series(["gọi 0912345678 nhé", "tốt", "tốt"], name="Góp ý")
    with pytest.raises(PrivacyError, match="Góp ý"):
        check_shareable(comments.value_counts().to_frame())
    check_shareable(comments.iloc[1:].value_counts().to_frame())
