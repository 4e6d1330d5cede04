"""Tables: what is printed, what is written raw, and that no text can break out of its cell."""

from __future__ import annotations

import csv
import math
from html.parser import HTMLParser
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlab.errors import DataError, Notice
from cxlab.i18n import language
from cxlab.show.cells import cell_text, safe_frame
from cxlab.show.latex import escape_latex
from cxlab.show.table import Column, Table, tables_to_docx

FRAME = pd.DataFrame(
    {
        "block": ["Measurement", "Measurement", "Structure"],
        "term": [{"en": "Image", "vi": "Hình ảnh"}, "=HYPERLINK(1)", "Loyalty"],
        "n": [1250, 250, np.nan],
        "b": [-0.1234, 1.5, np.nan],
        "p": [0.00001, 0.0421, 0.5],
        "lo": [-0.2, 0.1, 0.3],
        "hi": [0.1, 0.2, 0.512],
        "share": [0.1234, 0.5, 1.0],
        "alpha": [0.8123, "not defined: one item", 1.0],
    }
)
COLUMNS = {
    "term": Column({"en": "Term", "vi": "Biến"}),
    "n": Column("n", "integer"),
    "b": Column("b", "number"),
    "ci": Column("95% CI", "interval", parts=("lo", "hi")),
    "p": Column("p", "p"),
    "share": Column("Share", "percent", 1),
    "alpha": Column("α", "bounded", 3),
}
TABLE = Table(
    FRAME,
    COLUMNS,
    {"en": "Regression of loyalty", "vi": "Hồi quy lòng trung thành"},
    notes=({"en": "HC3 standard errors.", "vi": "Sai số chuẩn HC3."}, "n < 300 & more"),
    group="block",
    spanners=(({"en": "Model 1", "vi": "Mô hình 1"}, ("b", "ci", "p")),),
)


class _Cells(HTMLParser):
    """Collects the texts of cells, the tags used, and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.rows[-1][-1] += data


ENGLISH = ["Image", "1,250", "−0.12", "[−0.20, 0.10]", "< .001", "12.3%", ".812"]
VIETNAMESE = ["Hình ảnh", "1.250", "−0,12", "[−0,20; 0,10]", "< 0,001", "12,3%", "0,812"]
MISSING = ["Loyalty", "–", "–", "[0.30, 0.51]", ".500", "100.0%", "1.000"]


@pytest.mark.parametrize(("lang", "row"), [("en", ENGLISH), ("vi", VIETNAMESE)])
def test_html_prints_numbers_as_the_language_does(lang: str, row: list[str]) -> None:
    rows = _Cells(TABLE.to_html(lang, style=False)).rows
    assert row in rows


def test_html_prints_missing_values_as_a_dash_and_words_in_number_columns_as_they_are() -> None:
    rows = _Cells(TABLE.to_html("en", style=False)).rows
    assert MISSING in rows
    assert rows[4][-1] == "not defined: one item"


def test_html_is_a_semantic_table_with_panels_and_notes() -> None:
    html = TABLE.to_html("vi", number=2)
    assert {"table", "caption", "thead", "tbody", "th", "td"} <= _Cells(html).tags
    assert "Bảng 2" in html
    assert "Ghi chú." in html
    assert "n &lt; 300 &amp; more" in html
    assert ["Structure"] in _Cells(html).rows
    assert 'colspan="3">Mô hình 1<' in html


def test_html_leaves_the_style_sheet_out_on_request() -> None:
    assert "<style>" in TABLE.to_html()
    assert "<style>" not in TABLE.to_html(style=False)


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_text_becomes_markup_in_html(text: str) -> None:
    table = Table(pd.DataFrame({"a": [text], "g": [text]}), {"a": Column({"en": text})}, {"en": text}, (text,), "g")
    parsed = _Cells(table.to_html("en", style=False))
    assert parsed.tags <= {"div", "table", "caption", "span", "thead", "tbody", "tr", "th", "td", "p", "em"}
    assert len(parsed.rows) == 3


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_text_becomes_a_command_in_latex(text: str) -> None:
    out = escape_latex(text)
    known = ["\\textbackslash{}", "\\textasciitilde{}", "\\textasciicircum{}", "\\textless{}", "\\textgreater{}",
             "\\textbar{}", "\\textquotedbl{}", "\\textsuperscript{2}", "$-$", "$\\infty$", "$\\leq$", "$\\geq$",
             "$\\alpha$", "$\\beta$", "$\\chi$", "$\\omega$", "$\\Delta$", "{[}", "{]}", "{*}",
             *("\\" + letter for letter in "&%$#_{}")]  # fmt: skip
    for piece in known:
        out = out.replace(piece, "")
    assert not set(out) & set("\\&%$#_{}~^")


def test_latex_has_booktabs_rules_and_panels() -> None:
    out = TABLE.to_latex("en", name="reg 1")
    for piece in ("\\toprule", "\\midrule", "\\bottomrule", "\\label{tab:reg-1}", "\\textbf{Measurement}",
                  "\\cmidrule(lr){3-5}", "12.3\\%", "=HYPERLINK(1)"):  # fmt: skip
        assert piece in out
    body = out.split("\\toprule")[1].split("\\bottomrule")[0]
    widths = {line.count(" & ") for line in body.splitlines() if " & " in line and "multicolumn" not in line}
    assert widths == {6}


@given(st.lists(st.one_of(st.text(max_size=12), st.floats(allow_nan=False), st.integers()), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_only_texts_that_a_spreadsheet_would_run_get_an_apostrophe(values: list[object]) -> None:
    out = safe_frame(pd.DataFrame({"a": pd.Series(values, dtype=object)}))["a"].tolist()
    for before, after in zip(values, out, strict=True):
        runs = isinstance(before, str) and before[:1] in {"=", "+", "-", "@", "\t", "\r"} and before != ""
        assert after == ("'" + before if runs else before)


def test_csv_holds_raw_numbers_and_snake_case_names(tmp_path: Path) -> None:
    path = TABLE.to_csv(tmp_path / "new" / "t.csv", "vi")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, first, second, third = list(csv.reader(file))
    assert head == list(FRAME.columns)
    assert first[1:4] == ["Hình ảnh", "1250.0", "-0.1234"]
    assert second[1] == "'=HYPERLINK(1)"
    assert third[2] == ""


def test_csv_keeps_every_digit(tmp_path: Path) -> None:
    values = [math.pi, -1 / 3, 1e-300]
    path = Table(pd.DataFrame({"a": values}), {"a": Column("a", "number")}, "t").to_csv(tmp_path / "t.csv")
    assert [float(line) for line in path.read_text(encoding="utf-8").split()[1:]] == values


def test_excel_holds_no_formula(tmp_path: Path) -> None:
    frame = pd.DataFrame({"=a": ["=1+1", "+1", "-1", "@x", "ok\x00"], "b": [-1.0, 2.5, 3.0, 4.0, 5.0]})
    path = Table(frame, {"b": Column("b", "number")}, "t").to_excel(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    cells = [list(row) for row in book.active.iter_rows()]
    book.close()
    assert [row[0].value for row in cells] == ["'=a", "'=1+1", "'+1", "'-1", "'@x", "ok"]
    assert all(cell.data_type != "f" for row in cells for cell in row)
    assert [row[1].value for row in cells[1:]] == [-1.0, 2.5, 3.0, 4.0, 5.0]


def test_word_file_has_real_tables_captions_and_notes(tmp_path: Path) -> None:
    path = tables_to_docx([TABLE, TABLE], tmp_path / "all.docx", "vi", title={"en": "Tables", "vi": "Các bảng"})
    document = docx.Document(str(path))
    assert len(document.tables) == 2
    grid = document.tables[0]
    assert [cell.text for cell in grid.rows[3].cells] == VIETNAMESE
    assert grid.style.name == "CX Table"
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    assert [p.text.split("\n") for p in captions] == [["Bảng ", "Hồi quy lòng trung thành"]] * 2
    assert "SEQ Table" in captions[1]._p.xml
    assert any(p.text.startswith("Ghi chú. Sai số chuẩn HC3.") for p in document.paragraphs)
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_word_file_survives_control_characters(tmp_path: Path) -> None:
    table = Table(pd.DataFrame({"a": ["x\x0by"]}), {"a": Column("a")}, {"en": "t\x00"}, ("n\x1f",))
    assert docx.Document(str(table.to_docx(tmp_path / "t.docx"))).tables[0].cell(1, 0).text == "xy"


def test_save_writes_each_format_beside_the_others(tmp_path: Path) -> None:
    paths = TABLE.save(tmp_path / "v1.2", ("csv", "docx", "html", "tex", "xlsx"))
    assert sorted(path.name for path in paths.values()) == [f"v1.2.{x}" for x in ("csv", "docx", "html", "tex", "xlsx")]
    assert all(path.stat().st_size > 100 for path in paths.values())


def test_an_unknown_format_is_refused_with_those_known(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"pdf.*csv, docx, html, tex, xlsx"):
        TABLE.save(tmp_path / "t", ("pdf",))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {"nope": Column("x")}},
        {"columns": {"ci": Column("x", "interval", parts=("lo", "nope"))}},
        {"columns": {"lo": Column("x")}, "group": "nope"},
        {"columns": {"lo": Column("x")}, "spanners": (("m", ("nope",)),)},
    ],
)
def test_a_column_that_is_not_there_is_named(wrong: dict[str, object]) -> None:
    with pytest.raises(DataError, match="nope"):
        Table(FRAME, title="t", **wrong)  # type: ignore[arg-type]


def test_text_of_a_table_follows_the_language_in_use() -> None:
    assert "Mô hình 1" not in repr(TABLE)
    with language("vi"):
        assert "Mô hình 1" in repr(TABLE)
        assert "0,812" in TABLE._repr_html_()


def test_a_notice_can_be_a_note() -> None:
    table = Table(pd.DataFrame({"a": [1]}), {"a": Column("a", "integer")}, "t", (Notice("common.n"),))
    assert table.to_html("en").endswith("<p><em>Note.</em> n</p></div>\n</div>")


def test_an_empty_table_still_prints() -> None:
    table = Table(FRAME.iloc[:0], COLUMNS, "t", group="block")
    assert "<thead>" in table.to_html()
    assert "\\bottomrule" in table.to_latex()
    assert repr(table).startswith("t\n")


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        (True, Column("x"), "True"),
        (-1250, Column("x", "integer"), "−1,250"),
        (math.inf, Column("x", "integer"), "∞"),
        (1.0, Column("x", "bounded"), "1.00"),
        (-0.5, Column("x", "bounded"), "−.50"),
        (pd.NA, Column("x", "number"), "–"),
        (np.float64(0.0004), Column("x", "p"), "< .001"),
        (0.5, Column("x", "interval", bounded=True, parts=("a", "b")), ".50"),
    ],
)
def test_a_cell_prints_its_value(value: object, column: Column, shown: str) -> None:
    assert cell_text(value, column, "en") == shown


def test_vietnamese_csv_opens_in_excel_and_plain_csv_stays_plain(tmp_path: Path) -> None:
    marked, plain = (Table(pd.DataFrame({"a": [text]}), {"a": Column("a")}, "t") for text in ("đẹp", "x"))
    assert marked.to_csv(tmp_path / "vi.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert pd.read_csv(tmp_path / "vi.csv").to_dict("list") == {"a": ["đẹp"]}
    assert plain.to_csv(tmp_path / "en.csv").read_bytes() == b"a\nx\n"


def test_a_folder_or_another_ending_is_named(tmp_path: Path) -> None:
    table = Table(pd.DataFrame({"a": [1]}), {"a": Column("a", "integer")}, "t")
    with pytest.raises(DataError, match="is a folder"):
        table.to_csv(tmp_path)
    with pytest.raises(DataError, match=r"t\.docx"):
        table.to_docx(tmp_path / "t.pdf")
    with pytest.raises(DataError, match=r"t\.xlsx"):
        table.to_excel(tmp_path / "t.xls")


def test_a_table_asked_for_in_a_language_prints_its_numbers_in_it() -> None:
    import cxlab as cx

    fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"), modes="A")
    table = fit.apa("vi")
    assert "0,5" in str(table)
    assert "0,5" in table._repr_html_()
    assert "0,5" in table.to_latex()
    assert "0,5" not in table.to_html("en")
