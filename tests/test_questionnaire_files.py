"""The files: what each platform's own rules ask of them, and paths that cannot be written."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pandas as pd
import pytest
from pyxform.xls2xform import convert

from cxlab import CxlabError, framework, questionnaire
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CodebookError, FileError
from cxlab.theory.questionnaire import Questionnaire
from cxlab.theory.questionnaire.limesurvey import COLUMNS

BOTH = ("en", "vi")
FIVE = {1: {"en": "disagree", "vi": "không đồng ý"}, 5: {"en": "agree", "vi": "đồng ý"}}
YES_NO = {1: {"en": "Yes", "vi": "Có"}, 2: {"en": "No", "vi": "Không"}}
THREE = {-1: {"en": "worse", "vi": "kém"}, 0: {"en": "same", "vi": "như cũ"}, 1: {"en": "better", "vi": "hơn"}}


def form(lang: Any = BOTH, **more: Any) -> Questionnaire:
    """A form with everything: two scales, a formula in a text, a screener, conditions, background."""
    texts = {"x1": ("=SUM(A1)", "=SUM(A1)"), "x2": ("+1 for us", "+1 cho chúng tôi"), "x3": ("Clear", "Rõ ràng")}
    items = {n: Item(n, {"en": e, "vi": v}, min=1, max=5, labels=FIVE, construct="X") for n, (e, v) in texts.items()}
    for i in (1, 2):
        texts_of = {"en": f"y {i}", "vi": f"câu {i}"}
        items[f"y_{i}"] = Item(f"y_{i}", texts_of, min=-1, max=1, labels=THREE, construct="Y")
    items["why"] = Item("why", {"en": "Why?", "vi": "Vì sao?"}, role="text")
    book = Codebook("everything", items=items, constructs={"X": Construct("X"), "Y": Construct("Y")})
    buyer = Item("buyer", {"en": "Buyer?", "vi": "Có mua?"}, role="group", labels=YES_NO, expected=1)
    options: dict[str, Any] = {
        "screener": buyer,
        "background": ("age", "gender", "why"),
        "show_if": {"Y": {"x3": {"min": 3}}, "why": {"y_1": [-1, 0]}, "gender": {"not": {"age": {"max": 17}}}},
        "seed": 2,
    }
    return questionnaire(book, lang, **(options | more))


def sheet(path: Path, name: str) -> pd.DataFrame:
    return pd.read_excel(path, name, dtype=str, keep_default_na=False)


# --- XLSForm --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "vi", BOTH, ("vi", "en")])
def test_pyxform_takes_the_form_without_a_warning(tmp_path: Path, lang: Any) -> None:
    path = form(lang).to_xlsform(tmp_path / "form.xlsx")
    warnings: list[str] = []
    xform = convert(str(path), warnings=warnings).xform
    assert warnings == []
    first = "Vietnamese (vi)" if lang in ("vi", ("vi", "en")) else "English (en)"
    assert f'<translation lang="{first}" default="true()">' in xform
    assert 'id="everything"' in xform


def test_a_note_in_the_workbook_says_that_its_order_is_fixed(tmp_path: Path) -> None:
    path = form().versions(2)[1].to_xlsform(tmp_path / "form.xlsx")
    assert "version 2" in sheet(path, "notes").loc[0, "note"]
    assert sheet(path, "settings").loc[0, ["form_id", "version"]].tolist() == ["everything_v2", "2"]
    still = form(randomise=False).to_xlsform(tmp_path / "still.xlsx")
    assert openpyxl.load_workbook(still).sheetnames == ["survey", "choices", "settings"]


def test_pyxform_takes_every_version_of_a_framework(tmp_path: Path) -> None:
    for version in framework("gentile").questionnaire(BOTH, layout="mixed", background="age").versions(2):
        warnings: list[str] = []
        convert(str(version.to_xlsform(tmp_path / f"v{version.version}.xlsx")), warnings=warnings)
        assert warnings == []


def test_conditions_become_xpath_on_names(tmp_path: Path) -> None:
    path = form().to_xlsform(tmp_path / "form.xlsx")
    xform = convert(str(path)).xform
    survey = sheet(path, "survey").set_index("name")
    assert survey.loc["why", "relevant"] == "${y_1} = '-1' or ${y_1} = '0'"
    assert survey.loc["gender", "relevant"] == "not(number(${age}) <= 17)"
    assert survey.loc["page_4", "relevant"] == "((${consent} = '1') and (${buyer} = '1')) and (number(${x3}) >= 3)"
    assert re.search(r'nodeset="/data/page_5/why"[^>]*relevant="[^"]*/data/page_4/y_1 += \'-1\'', xform)
    assert survey.loc["age", "constraint"] == ". >= 15 and . <= 110"


def test_answers_carry_the_codebooks_numbers_and_words(tmp_path: Path) -> None:
    path = form().to_xlsform(tmp_path / "form.xlsx")
    survey, choices = sheet(path, "survey").set_index("name"), sheet(path, "choices")
    listed = survey.loc["x1", "type"].split(" ")[1]
    own = choices[choices["list_name"] == listed]
    assert own["name"].tolist() == ["1", "2", "3", "4", "5"]
    assert own["label::Vietnamese (vi)"].tolist() == ["1 – không đồng ý", "2", "3", "4", "5 – đồng ý"]
    assert survey.loc["att1", "type"] == survey.loc["x1", "type"] != survey.loc["y_1", "type"]
    assert survey.loc["x1", "required"] == "true"
    assert survey.loc["age", "required"] == ""


def test_no_cell_of_the_workbook_is_a_formula(tmp_path: Path) -> None:
    path = form().to_xlsform(tmp_path / "form.xlsx")
    cells = [
        cell for s in openpyxl.load_workbook(path) for row in s.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=SUM(A1)" in [cell.value for cell in cells]


# --- LimeSurvey -----------------------------------------------------------------------------------------------------


def lime(q: Questionnaire, folder: Path) -> pd.DataFrame:
    path = q.to_limesurvey(folder / "survey.txt")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_the_structure_has_settings_texts_and_a_full_copy_for_each_language(tmp_path: Path) -> None:
    rows = lime(form(), tmp_path)
    assert list(rows) == list(COLUMNS)
    settings = rows[rows["class"] == "S"].set_index("name")["text"]
    assert settings[["language", "additional_languages", "anonymized", "ipaddr"]].tolist() == ["en", "vi", "Y", "N"]
    body = rows[~rows["class"].isin(["S", "SL"])]
    en, vi = (body[body["language"] == lang].reset_index(drop=True) for lang in BOTH)
    same = ["class", "type/scale", "relevance", "mandatory"]
    assert en[same].equals(vi[same])
    assert en.loc[en["class"] != "G", "name"].equals(vi.loc[vi["class"] != "G", "name"])


def test_codes_are_what_limesurvey_takes(tmp_path: Path) -> None:
    rows = lime(form(), tmp_path)
    codes = rows[rows["class"].isin(["Q", "SQ"])]
    assert codes["name"].str.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}").all()
    assert not codes[(codes["language"] == "en")]["name"].duplicated().any()
    answers = rows[rows["class"] == "A"]
    assert answers["name"].str.fullmatch(r"[A-Za-z0-9]{1,5}").all()
    assert {"N1", "0", "1"} <= set(answers["name"])


def test_grids_are_arrays_and_lists_are_lists(tmp_path: Path) -> None:
    rows = lime(form(), tmp_path)
    questions = rows[(rows["class"] == "Q") & (rows["language"] == "en")].set_index("name")["type/scale"]
    assert questions[["consent", "buyer", "grid1", "grid2", "age", "gender", "why"]].tolist() == list("LLFFNLT")
    age = rows[(rows["name"] == "age") & (rows["language"] == "en")].iloc[0]
    assert age[["min_num_value_n", "max_num_value_n", "mandatory"]].tolist() == ["15", "110", "N"]


def test_conditions_become_expressions(tmp_path: Path) -> None:
    rows = lime(form(), tmp_path)
    english = rows[rows["language"] == "en"]
    groups = english[english["class"] == "G"]["relevance"].tolist()
    taking_part = '(consent.NAOK == "1") and (buyer.NAOK == "1")'
    assert groups[:3] == ["1", 'consent.NAOK == "1"', taking_part]
    assert groups[3] == f"({taking_part}) and (!is_empty(grid1_x3.NAOK) and grid1_x3.NAOK >= 3)"
    relevance = english.set_index("name")["relevance"]
    assert relevance["why"] == 'grid2_y1.NAOK == "N1" or grid2_y1.NAOK == "0"'
    assert relevance["gender"] == "!(!is_empty(age.NAOK) and age.NAOK <= 17)"


def test_limesurvey_shuffles_only_what_no_condition_needs_first(tmp_path: Path) -> None:
    rows = lime(form(), tmp_path)
    groups = rows[(rows["class"] == "G") & (rows["language"] == "en")]
    assert groups["random_group"].tolist() == ["", "", "", "blocks", ""]
    assert (rows[rows["type/scale"] == "F"]["random_order"] == "1").sum() == 2
    still = lime(form(randomise=False), tmp_path)
    assert still[["random_group", "random_order"]].eq("").all().all()


def test_no_text_of_the_structure_begins_like_a_formula(tmp_path: Path) -> None:
    rows = lime(form(), tmp_path)
    assert not rows["text"].str.startswith(("=", "+", "-", "@")).any()
    assert rows["text"].str.contains("=SUM", regex=False).any()


# --- Qualtrics ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("matrix", [False, True])
def test_the_advanced_format_names_blocks_questions_and_recode_values(tmp_path: Path, matrix: bool) -> None:
    q = form()
    text = q.to_qualtrics(tmp_path / "form.txt", "vi", matrix).read_text(encoding="utf-8")
    assert text.startswith("[[AdvancedFormat]]\n")
    assert text.count("[[Block:") == len(q.form.pages) + 1
    ids = re.findall(r"\[\[ID:(.+)\]\]", text)
    assert len(ids) == len(set(ids)) == text.count("[[Question:")
    grids = ["grid1", "grid2"]
    assert [name for name in ids if name in (grids if matrix else list(q.table["name"]))] == (
        grids if matrix else q.table["name"].tolist()
    )
    values = re.findall(r"\[\[(?:Choice|Answer):(-?\d+)\]\]\n(.+)", text)
    assert ("5", "5 – đồng ý") in values
    assert ("-1", "kém") in values
    assert "Clear" not in text


def test_what_the_format_cannot_say_stands_beside_it(tmp_path: Path) -> None:
    form().to_qualtrics(tmp_path / "form.txt")
    steps = (tmp_path / "form_steps.txt").read_text(encoding="utf-8")
    assert "x3 >= 3" in steps
    assert "why: y_1 in (-1, 0)" in steps
    assert re.findall(r"^(\d)\.", steps, re.MULTILINE) == list("123456")
    plain = form("en", consent=False, screener=(), show_if=None, required=False, randomise=False)
    plain.to_qualtrics(tmp_path / "plain.txt")
    assert re.findall(r"^(\d)\.", (tmp_path / "plain_steps.txt").read_text(encoding="utf-8"), re.MULTILINE) == [
        "1",
        "2",
    ]


def test_a_matrix_of_equal_texts_is_refused(tmp_path: Path) -> None:
    twins = {n: Item(n, {"en": "Same"}, min=1, max=5, labels=FIVE, construct="X") for n in ("a", "b", "c")}
    q = questionnaire(Codebook("twins", items=twins, constructs={"X": Construct("X")}))
    q.to_qualtrics(tmp_path / "single.txt")
    with pytest.raises(CodebookError) as caught:
        q.to_qualtrics(tmp_path / "matrix.txt", matrix=True)
    assert caught.value.key == "questionnaire.matrix_texts"


# --- paper and CSV --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", BOTH)
def test_the_paper_form_has_grids_boxes_and_real_styles(tmp_path: Path, lang: Any) -> None:
    q = form()
    document = docx.Document(str(q.to_docx(tmp_path / "form.docx", lang)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Heading 1", "CX Question", "CX Instruction", "List"} <= styles
    assert {"en": "voluntary", "vi": "tự nguyện"}[lang] in text
    grids = document.tables
    assert [len(grid.columns) - 2 for grid in grids] == [5, 3]
    rows = [[cell.text for cell in row.cells] for grid in grids for row in grid.rows[1:]]
    asked = q.table[q.table["type"] == "scale"]
    assert [row[1] for row in rows] == asked[f"text_{lang}"].tolist()
    assert all(set(row[2:]) == {"☐"} for row in rows)
    assert grids[0].rows[0].cells[2].text == {"en": "1\ndisagree", "vi": "1\nkhông đồng ý"}[lang]
    numbers = [int(row[0].rstrip(".")) for row in rows]
    assert numbers == [i + 1 for i in asked.index]
    deciding = q.table["name"].tolist().index("x3") + 1
    assert {"en": f"question {deciding} is 3 or more", "vi": f"câu {deciding} từ 3 trở lên"}[lang] in text


def test_word_finds_the_parts_of_a_cell_in_the_order_of_its_schema(tmp_path: Path) -> None:
    order = ["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection", "tcFitText", "vAlign"]
    document = docx.Document(str(form().to_docx(tmp_path / "form.docx")))
    for grid in document.tables:
        for row in grid.rows:
            for cell in row.cells:
                parts = [child.tag.rpartition("}")[2] for child in cell._tc.tcPr]
                assert parts == sorted(parts, key=order.index)


def test_the_csv_holds_the_table_and_no_formula(tmp_path: Path) -> None:
    q = form()
    path = q.to_csv(tmp_path / "form.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["name"] for row in rows] == q.table["name"].tolist()
    assert [row["text_vi"] for row in rows if row["name"] == "x1"] == ["'=SUM(A1)"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


# --- paths ----------------------------------------------------------------------------------------------------------

WRITERS: dict[str, Callable[[Questionnaire, Any], Path]] = {
    ".xlsx": lambda q, path: q.to_xlsform(path),
    ".txt": lambda q, path: q.to_limesurvey(path),
    ".docx": lambda q, path: q.to_docx(path),
    ".csv": lambda q, path: q.to_csv(path),
}


@pytest.mark.parametrize("suffix", WRITERS)
def test_paths_that_cannot_be_written_are_refused_with_a_remedy(tmp_path: Path, suffix: str) -> None:
    q, write = form(), WRITERS[suffix]
    (tmp_path / f"folder{suffix}").mkdir()
    wrong = {
        "questionnaire.no_folder": tmp_path / "nowhere" / f"form{suffix}",
        "questionnaire.is_folder": tmp_path / f"folder{suffix}",
        "questionnaire.suffix": tmp_path / "form.pdf",
        "questionnaire.not_path": 7,
    }
    for key, path in wrong.items():
        with pytest.raises(FileError) as caught:
            write(q, path)
        assert caught.value.key == key
    assert write(q, str(tmp_path / "form")).name == f"form{suffix}"


def test_a_language_that_the_form_lacks_is_refused(tmp_path: Path) -> None:
    q = form("en")
    with pytest.raises(CodebookError) as caught:
        q.to_docx(tmp_path / "form.docx", "vi")
    assert caught.value.key == "questionnaire.not_in_language"
    with pytest.raises(CxlabError) as unknown:
        q.to_qualtrics(tmp_path / "form.txt", "fr")  # type: ignore[arg-type]
    assert unknown.value.key == "common.unknown_language"
