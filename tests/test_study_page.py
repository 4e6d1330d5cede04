"""A notebook's page: readable without the code, and without any network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cxlab.errors import StudyError
from cxlab.study.guard import InventedRows, as_html
from cxlab.study.maths import formula
from cxlab.study.page import check_offline, notebook_page
from cxlab.study.run import Failure, _clean, scrub

FRAME: dict[str, Any] = {
    "name": "01_demo",
    "title": "Demo <1>",
    "home": "index.html",
    "languages": [("en", "English", "01_demo.html"), ("vi", "Tiếng Việt", "vi/01_demo.html")],
    "failure": None,
    "version": "0.1.0",
}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def page(*cells: nbformat.NotebookNode, lang: str = "en", folder: Path = Path(), **values: Any) -> BeautifulSoup:
    html = notebook_page(new_notebook(cells=list(cells)), FRAME | values, lang=lang, folder=folder)  # type: ignore[arg-type]
    return BeautifulSoup(html, "html.parser")


def code(source: str, *outputs: nbformat.NotebookNode, count: int = 1) -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=list(outputs), execution_count=count)


def shown(**data: str) -> nbformat.NotebookNode:
    kinds = {kind.replace("_", "/", 1): value for kind, value in data.items()}
    return new_output("display_data", data=kinds)


def test_the_page_has_its_language_and_an_escaped_title() -> None:
    soup = page(new_markdown_cell("# Demo"), lang="vi")
    assert soup.html is not None
    assert soup.html["lang"] == "vi"
    assert soup.title is not None
    assert soup.title.string == "Demo <1>"


@pytest.mark.parametrize(("lang", "label"), [("en", "Show code"), ("vi", "Xem mã")])
def test_code_is_folded_and_numbered(lang: str, label: str) -> None:
    details = page(code("1 + 1", count=4), lang=lang).select_one("details.code")
    assert details is not None
    assert not details.has_attr("open")
    summary = details.select_one("summary")
    assert summary is not None
    assert summary.get_text() == f"{label} [4]"
    assert "1 + 1" in details.get_text().replace("\n", " ")


def test_headings_make_the_contents_and_their_anchors_exist_once() -> None:
    text = "# Title\n\n## Goals\n\n### Đo lường & **kiểm**\n\n## Goals"
    soup = page(new_markdown_cell(text))
    links = [(a.get_text(), str(a["href"])[1:]) for a in soup.select("nav.contents a")]
    assert links == [("Goals", "goals"), ("Đo lường & kiểm", "đo-lường-kiểm"), ("Goals", "goals-2")]
    assert all(len(soup.find_all(id=anchor)) == 1 for _, anchor in links)


def test_formulas_are_drawn_and_carry_their_tex_for_screen_readers() -> None:
    soup = page(new_markdown_cell(r"Alpha $\alpha = .82$ and" + "\n\n$$\\Sigma = \\Lambda \\Psi \\Lambda'$$"))
    labels = [svg["aria-label"] for svg in soup.select("svg.math")]
    assert labels == [r"\alpha = .82", r"\Sigma = \Lambda \Psi \Lambda'"]
    assert "$" not in soup.select_one("main").get_text()  # type: ignore[union-attr]


def test_a_formula_that_cannot_be_drawn_stays_readable() -> None:
    assert formula(r"\begin{cases} a < b") == r'<code class="math">\begin{cases} a &lt; b</code>'


def test_a_dollar_amount_is_no_formula() -> None:
    assert "cost 5 $ each" in page(new_markdown_cell("They cost 5 $ each.")).get_text()


def test_a_figure_carries_its_caption_as_text_alternative() -> None:
    soup = page(code("plot()", shown(image_png=PIXEL), count=3), captions={3: "Paths & loadings"})
    image = soup.select_one("figure img")
    assert image is not None
    assert image["alt"] == "Paths & loadings"
    assert soup.select_one("figcaption").get_text() == "Paths & loadings"  # type: ignore[union-attr]


def test_a_figure_without_caption_has_a_text_alternative_in_the_pages_language() -> None:
    image = page(code("plot()", shown(image_png=PIXEL)), lang="vi").select_one("figure img")
    assert image is not None
    assert image["alt"] == "Hình do đoạn mã phía trên tạo ra"


def test_html_comes_before_plain_text_and_output_text_is_escaped() -> None:
    table = shown(text_html="<table><tr><td>1</td></tr></table>", text_plain="plain table")
    stream = new_output("stream", name="stdout", text="<script>alert(1)</script>")
    soup = page(code("show()", table, stream))
    assert soup.select_one(".output table") is not None
    assert "plain table" not in soup.get_text()
    assert soup.find("script") is None


def test_a_failure_is_said_above_everything() -> None:
    soup = page(new_markdown_cell("# Demo"), failure=Failure(5, "fit = f()", "ModelError: line 3 <x>", "f()"))
    box = soup.select_one("main > .failed")
    assert box is not None
    assert "[5]" in box.get_text()
    assert "ModelError: line 3 <x>" in box.get_text()


@pytest.mark.parametrize(
    "content",
    [
        '<script src="https://cdn.example/x.js"></script>',
        "<link rel=stylesheet href=//cdn.example/x.css>",
        "<img alt='' src='http://example.org/x.png'>",
        "<style>@import 'https://example.org/x.css';</style>",
        '<p style="background:url(https://example.org/x.png)">x</p>',
        '<iframe src = "https://example.org"></iframe>',
    ],
)
def test_anything_loaded_from_a_network_is_refused_with_its_address(content: str) -> None:
    with pytest.raises(StudyError, match="example"):
        page(code("show()", shown(text_html=content)))


def test_a_link_to_read_is_no_network_access() -> None:
    check_offline('<p><a href="https://doi.org/10.1016/j.csda.2004.03.005">Tenenhaus et al. (2005)</a></p>')


def test_a_picture_beside_the_notebook_is_embedded(tmp_path: Path) -> None:
    from base64 import b64decode

    (tmp_path / "dot.png").write_bytes(b64decode(PIXEL))
    image = page(new_markdown_cell("![a dot](dot.png)"), folder=tmp_path).select_one("main img")
    assert image is not None
    assert str(image["src"]).startswith("data:image/png;base64,")
    assert image["alt"] == "a dot"


def test_a_remote_picture_in_the_text_is_refused() -> None:
    with pytest.raises(StudyError):
        page(new_markdown_cell("![logo](https://example.org/logo.png)"))


def test_columns_of_words_stand_left_and_numbers_right() -> None:
    frame = pd.DataFrame({"rule": ["missing", "speed"], "share": [0.021, None], "n": ["1,250", "−3"]})
    soup = page(code("frame", shown(text_html=frame.to_html())))
    marked = [[cell.get("class") == ["words"] for cell in row.select("th, td")] for row in soup.select("tr")]
    assert marked == [[False, True, False, False]] * 3


def test_controls_and_scripts_leave_a_note_or_nothing() -> None:
    control = {"application/vnd.jupyter.widget-view+json": "{}", "text/plain": "VBox(children=(IntSlider()))"}
    widget = new_output("display_data", data=control)
    script = new_output("display_data", data={"application/javascript": "alert(1)", "text/plain": "script"})
    notebook = new_notebook(cells=[code("x", widget, script)])
    _clean(notebook, "en")
    outputs = notebook.cells[0].outputs
    assert "JupyterLab" in outputs[0].data["text/plain"]
    assert list(outputs[1].data) == ["text/plain"]


def test_folders_of_this_machine_are_taken_out_of_outputs() -> None:
    home, package = str(Path.home()), str(Path(scrub.__code__.co_filename).parents[2])
    text = f"{package}/cxlab/x.py:3: UserWarning\n{home}/data.csv"
    cleaned = scrub(text)
    assert package not in cleaned
    assert "cxlab/x.py:3: UserWarning" in cleaned


def test_rows_of_respondents_leave_a_note_and_aggregates_are_shown() -> None:
    rows = pd.DataFrame({"sat1": [4, 5]}, index=pd.RangeIndex(1, 3, name="row"))
    note = as_html(rows)
    assert note is not None
    assert "Rows: 2, columns: 1" in note
    assert ">4<" not in note
    assert ">4<" in (InventedRows(rows)._repr_html_() or "")
    assert ">4.5<" in (as_html(rows.mean().to_frame("mean")) or "")
