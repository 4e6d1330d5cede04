"""Answers become numbers by the codebook; what cannot be read is missing and listed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlab import Codebook, read_survey
from cxlab.codebook import Item
from cxlab.codebook.text import fold_word
from cxlab.errors import DataError
from cxlab.survey.read.answers import rules_for
from cxlab.survey.read.ladders import fit_ladders, ladders
from cxlab.survey.read.numbers import parse

LABELS = {
    1: {"en": "strongly disagree", "vi": "hoàn toàn không đồng ý"},
    2: {"en": "disagree", "vi": "không đồng ý"},
    3: {"en": "neither", "vi": "trung hòa"},
    4: {"en": "agree", "vi": "đồng ý"},
    5: {"en": "strongly agree", "vi": "hoàn toàn đồng ý"},
}
AGREE = Item("q1", min=1, max=5, labels=LABELS, words={4: {"en": ("yes, I agree",)}}, missing=(9, "Không biết"))
BOOK = Codebook(items={"q1": AGREE})


def write(folder: Path, answers: list[str], header: str = "q1") -> Path:
    path = folder / "survey.csv"
    cells = ['"' + answer.replace('"', '""') + '"' for answer in answers]
    path.write_text("\n".join([f'id,"{header}"', *(f"{i},{cell}" for i, cell in enumerate(cells))]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("strongly agree", 5),
        ("STRONGLY  Agree ", 5),
        ("Hoàn toàn đồng ý", 5),
        (unicodedata.normalize("NFD", "hoàn toàn đồng ý"), 5),
        ("trung hoà", 3),
        ("Trung hòa.", 3),
        ("yes, I agree", 4),
        ("5 - Hoàn toàn đồng ý", 5),
        ("Strongly agree (5)", 5),
        ("1. Strongly disagree", 1),
        ("2: không đồng ý", 2),
        ("4", 4),
        ("4.0", 4),
        ("3,5", 3.5),
        ("４", 4),
        ("55", 55),
    ],
)
def test_an_answer_becomes_its_number(tmp_path: Path, answer: str, number: float) -> None:
    survey = read_survey(write(tmp_path, [answer, "1", "2"]), BOOK)
    assert survey.frame["q1"].iloc[0] == number
    assert survey.problems.empty


@pytest.mark.parametrize("answer", ["", "  ", "9", "9.0", "không biết", "Không Biết ", "NA", "n/a", "#N/A"])
def test_missing_codes_and_blanks_are_missing(tmp_path: Path, answer: str) -> None:
    survey = read_survey(write(tmp_path, [answer, "1", "2"]), BOOK)
    assert np.isnan(survey.frame["q1"].iloc[0])
    assert survey.problems.empty


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("maybe", "not among the words"),
        ("đòng ý", "not among the words"),
        ("5 - disagree", "contradict"),
        ("8 - superb", "not among the words"),
        ("10-20", "not among the words"),
        ("1_000", "not among the words"),
        ("inf", "not among the words"),
        ("0x5", "not among the words"),
    ],
)
def test_what_cannot_be_read_is_missing_and_listed(tmp_path: Path, answer: str, reason: str) -> None:
    survey = read_survey(write(tmp_path, ["1", answer, "2"]), BOOK)
    assert np.isnan(survey.frame["q1"].loc[2])
    problem = survey.problems.iloc[0]
    assert (problem["row"], problem["column"], problem["value"]) == (2, "q1", answer)
    assert reason in problem["reason"]


def test_steps_count_words_missing_codes_and_losses(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, ["agree", "disagree", "9", "?", "3"]), BOOK)
    counts = survey.log.query("action == 'recode'")[["rule", "count"]].values.tolist()
    assert counts == [["q1", 2], ["q1", 1], ["q1", 1]]
    assert survey.steps[0].action == "read"
    assert survey.steps[0].count == 5


def test_a_column_that_is_mostly_unreadable_stops_the_reading(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_survey(write(tmp_path, ["so so", "meh", "agree"]), BOOK)
    assert (caught.value.key, caught.value.values["count"]) == ("readers.unreadable_words", 2)
    assert all(part in str(caught.value) for part in ("'q1'", "'so so'", "labels"))
    numbers = Codebook(items={"q1": Item("q1", min=1, max=5)})
    with pytest.raises(DataError) as caught:
        read_survey(write(tmp_path, ["so so", "meh", "3"]), numbers)
    assert caught.value.key == "readers.unreadable_column"


def test_personal_values_are_never_shown(tmp_path: Path) -> None:
    book = Codebook(items={"phone": Item("phone", role="weight", personal=True)})
    survey = read_survey(write(tmp_path, ["0912345678 Lan", "1", "2"], "phone"), book)
    assert survey.problems["value"].tolist() == ["•••"]
    with pytest.raises(DataError) as caught:
        read_survey(write(tmp_path, ["0912345678 Lan", "0912345679 Mai", "2"], "phone"), book)
    assert "0912" not in str(caught.value)


def test_durations_on_the_clock_become_seconds(tmp_path: Path) -> None:
    book = Codebook(items={"secs": Item("secs", role="duration")})
    survey = read_survey(write(tmp_path, ["00:05:12", "1:30", "95", "61,5"], "secs"), book)
    assert survey.frame["secs"].tolist() == [312, 90, 95, 61.5]


@given(st.sampled_from(sorted(LABELS)), st.sampled_from(["en", "vi"]), st.data())
def test_no_dress_of_a_word_changes_its_number(point: int, lang: str, data: st.DataObject) -> None:
    text = LABELS[point][lang]
    text = data.draw(st.sampled_from([text, text.upper(), text.title()]))
    text = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), text)
    pad = st.text(st.sampled_from(" \t\u00a0"), max_size=3)
    text = data.draw(pad) + text.replace(" ", data.draw(st.sampled_from([" ", "  ", "\u00a0"]))) + data.draw(pad)
    text = data.draw(st.sampled_from(["{t}", "{p} - {t}", "{t} ({p})", "{p}. {t}", "{p}: {t}"])).format(t=text, p=point)
    reading = rules_for(AGREE).read(text)
    assert (reading.outcome, reading.value) == ("word", point)


@given(st.text(max_size=12))
def test_every_answer_is_a_number_a_known_gap_or_a_problem(text: str) -> None:
    reading = rules_for(AGREE).read(text)
    if reading.outcome in ("number", "word"):
        assert np.isfinite(reading.value)
    else:
        assert np.isnan(reading.value)
        assert (reading.reason is not None) == (reading.outcome == "problem")


@given(st.floats(-1e9, 1e9), st.sampled_from([".", ","]))
def test_a_written_number_reads_back(value: float, decimal: str) -> None:
    text = f"{value:.6f}".replace(".", decimal)
    assert parse(text, decimal) == float(f"{value:.6f}")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1.234.567", None, 1234567),
        ("1,234.5", None, 1234.5),
        ("1.234,5", None, 1234.5),
        ("1.234", ",", 1234),
        ("1.234", ".", 1.234),
        ("1,234", None, "ambiguous"),
        ("0.123", None, 0.123),
        ("−3", None, -3),
        ("1e3", None, 1000),
        (".5", None, 0.5),
        ("1,5", ".", "unreadable"),
        ("1.2.3", None, "unreadable"),
        ("", None, "unreadable"),
        ("nan", None, "unreadable"),
        ("1e400", None, "unreadable"),
        ("²", None, 2),
    ],
)
def test_numbers_are_read_by_their_decimal_sign(text: str, decimal: str | None, number: float | str) -> None:
    assert parse(text, decimal) == number  # type: ignore[arg-type]


def test_words_without_a_codebook_stand_on_a_ladder(tmp_path: Path) -> None:
    answers = ["Rất hài lòng", "Hài lòng", "bình thường", "Không hài lòng", "Rất không hài lòng", "hài lòng"]
    survey = read_survey(write(tmp_path, answers, "Bạn có hài lòng không?"))
    name = "Bạn có hài lòng không?"
    assert survey.frame[name].tolist() == [5, 4, 3, 2, 1, 4]
    item = survey.codebook.item(name)
    assert (item.role, item.min, item.max, item.labels[5]["en"]) == ("item", 1, 5, "very satisfied")
    assert "5 = very satisfied" in next(n.text() for n in survey.warnings if n.key == "readers.ladder_used")


def test_one_foreign_word_keeps_a_column_as_text(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, ["agree", "disagree", "neutral", "agréable", "strongly agree"]))
    assert survey.frame["q1"].tolist()[3] == "agréable"
    assert "'agréable'" in next(n.text() for n in survey.warnings if n.key == "readers.ladder_near" and n.serious)


def test_columns_of_one_survey_show_together_how_long_the_ladder_is() -> None:
    words = {
        "a": ["agree", "disagree"],
        "b": ["somewhat agree", "strongly disagree", "neutral", "agree", "strongly agree"],
    }
    fitted = fit_ladders(words)
    assert {len(ladder.labels) for ladder in fitted.ladders.values()} == {7}
    assert fitted.ladders["a"].numbers["agree"] == 6
    assert fit_ladders({"a": ["agree", "disagree"]}).doubtful == ("a",)


def test_a_codebook_scale_chooses_the_ladder_of_its_length(tmp_path: Path) -> None:
    book = Codebook(items={"q1": Item("q1", min=1, max=7)})
    survey = read_survey(write(tmp_path, ["agree", "disagree", "strongly agree"]), book)
    assert survey.frame["q1"].tolist() == [6, 2, 7]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_ladder_reads_its_own_words_in_both_languages(lang: str) -> None:
    for ladder in ladders():
        words = [texts[lang] for texts in ladder.labels.values()]
        assert len(words) == len(ladder.labels)
        fitted = fit_ladders({"x": words}).ladders["x"]
        assert [fitted.numbers[fold_word(w)] for w in words] == list(range(1, len(words) + 1))


def test_numbers_with_their_words_give_labels(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, ["1 - Rất tệ", "2", "5 - Tuyệt vời", "4", "3", "5 - Tuyệt vời"]))
    assert survey.frame["q1"].tolist() == [1, 2, 5, 4, 3, 5]
    assert survey.codebook.item("q1").labels == {1: {"vi": "Rất tệ"}, 5: {"vi": "Tuyệt vời"}}


def test_codes_with_leading_zeros_and_long_numbers_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("zip,card\n00700,12345678901234567890\n01234,12345678901234567891\n", "utf-8")
    survey = read_survey(path)
    assert survey.frame["zip"].tolist() == ["00700", "01234"]
    assert survey.frame["card"].iloc[0] == "12345678901234567890"


def test_likely_missing_codes_are_said_not_dropped(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, ["1", "5", "-99", "3", "2", "4"]))
    assert survey.frame["q1"].min() == -99
    assert [(n.serious, n.values["codes"]) for n in survey.warnings if n.key == "readers.looks_missing"] == [
        (True, "-99")
    ]


@pytest.mark.parametrize("answer", ["2-Jan", "2-thg 1", "3-Mar-24", "4 - tháng 5"])
def test_a_date_made_by_a_spreadsheet_is_no_point_of_a_scale(tmp_path: Path, answer: str) -> None:
    survey = read_survey(write(tmp_path, [answer, "1", "2"]), BOOK)
    assert np.isnan(survey.frame["q1"].iloc[0])
    assert survey.problems["value"].tolist() == [answer]


def test_words_of_a_built_in_scale_read_alike_with_a_codebook_that_gives_only_the_ends(tmp_path: Path) -> None:
    path = write(tmp_path, ["Rất đồng ý", "Đồng ý", "Trung lập", "Không đồng ý"])
    survey = read_survey(path, Codebook(items={"q1": Item("q1", min=1, max=5)}))
    assert survey.frame["q1"].tolist() == [5, 4, 3, 2]
    assert survey.problems.empty


def test_a_guessed_codebook_reads_its_own_file(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    text = "sat,age,kind\nRất đồng ý,31,1 - ít\nĐồng ý,NA,2 - vừa\nTrung lập,45,3 - nhiều\nKhông đồng ý,28,1 - ít\n"
    path.write_text(text, "utf-8")
    first = read_survey(path)
    first.codebook.to_yaml(tmp_path / "codebook.yaml")
    again = read_survey(path, tmp_path / "codebook.yaml")
    assert again.frame.equals(first.frame)
    assert again.frame["age"].tolist()[::2] == [31, 45]


def test_two_labelled_options_are_a_group_and_one_word_for_two_numbers_is_no_label(tmp_path: Path) -> None:
    survey = read_survey(write(tmp_path, ["1 - Nam", "2 - Nữ", "1 - Nam"]))
    assert survey.codebook.items["q1"].role == "group"
    survey = read_survey(write(tmp_path, ["3 - ngày", "5 - ngày", "3 - ngày"]))
    assert survey.codebook.items["q1"].labels == {}
