"""The questionnaire on paper: a Word document with grids to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cxlab.i18n import Language, tr
from cxlab.show.text import printable
from cxlab.show.word import _new_document
from cxlab.theory.questionnaire.files import write_file
from cxlab.theory.questionnaire.model import Form, Page, Question
from cxlab.theory.questionnaire.wording import in_words

_BOX = "☐"
_BOX_FONT = "Segoe UI Symbol"
_SHADE = "F2F2F2"
_PAGE_CM = 17.0
_ITEM_STYLE, _ANCHOR_STYLE, _HINT_STYLE = "CX Question", "CX Anchor", "CX Instruction"


def write_paper(form: Form, path: Any, lang: Language) -> Path:
    """Title, consent, then page for page the grids and lists, in one language."""
    return write_file(path, ".docx", lambda target: _document(form, lang).save(str(target)))


def _document(form: Form, lang: Language) -> Any:
    document = _new_document(lang)
    _set_up(document)
    document.add_heading(printable(form.title[lang]), level=0)
    document.core_properties.title = printable(form.title[lang])
    numbers = question_numbers(form)
    for page in form.pages:
        _page(document, form, page, lang, numbers)
    document.add_paragraph(printable(form.thanks[lang]), style=_HINT_STYLE)
    return document


def question_numbers(form: Form) -> dict[str, int]:
    """Running numbers, as printed before the questions."""
    return {question.name: number for number, (_, question) in enumerate(form.questions(), start=1)}


def _page(document: Any, form: Form, page: Page, lang: Language, numbers: Mapping[str, int]) -> None:
    document.add_heading(printable(page.title[lang]), level=1)
    if page.show_if is not None:
        said = in_words(page.show_if, form, lang, numbers)
        document.add_paragraph(tr("questionnaire.only_if", lang, condition=said), style=_HINT_STYLE)
    for line in page.intro.get(lang, "").split("\n"):
        if line.strip():
            document.add_paragraph(printable(line.strip()), style="Normal" if page.kind == "consent" else _HINT_STYLE)
    for grid in page.grids():
        if grid[0].show_if is not None:
            said = in_words(grid[0].show_if, form, lang, numbers)
            document.add_paragraph(tr("questionnaire.only_if", lang, condition=said), style=_HINT_STYLE)
        if grid[0].kind == "scale":
            _grid(document, grid, lang, numbers)
        else:
            _single(document, grid[0], lang, numbers[grid[0].name])
    if page.passing is not None:
        said = in_words(page.passing, form, lang, numbers)
        document.add_paragraph(tr("questionnaire.stop_unless", lang, condition=said), style=_HINT_STYLE)


def _grid(document: Any, grid: Sequence[Question], lang: Language, numbers: Mapping[str, int]) -> None:
    """Questions as rows, answers as columns; the heading is repeated on each page, and no row is cut."""
    choices = grid[0].choices
    table = document.add_table(rows=1, cols=len(choices) + 2, style="Table Grid")
    table.autofit = False
    heads = ["", "", *(_heading(choice.point, choice.text[lang]) for choice in choices)]
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _write(cell, text, _ANCHOR_STYLE, centre=True)
    for number, question in enumerate(grid):
        cells = table.add_row().cells
        _write(cells[0], f"{numbers[question.name]}.", _ITEM_STYLE)
        _write(cells[1], question.text[lang], _ITEM_STYLE)
        for cell in cells[2:]:
            _box(cell.paragraphs[0])
        if number % 2:
            _shade(cells)
    _layout(table, len(choices))
    document.add_paragraph()


def _heading(point: float, text: str) -> str:
    """The number above its words, each once."""
    words = text.removeprefix(f"{point:g} – ")
    return f"{point:g}" if words == f"{point:g}" else f"{point:g}\n{words}"


def _single(document: Any, question: Question, lang: Language, number: int) -> None:
    """A list of answers, a number or free text."""
    line = document.add_paragraph(f"{number}. {printable(question.text[lang])}", style=_ITEM_STYLE)
    line.paragraph_format.keep_with_next = True
    for choice in question.choices:
        paragraph = document.add_paragraph(style="List")
        _box(paragraph, centre=False)
        paragraph.add_run(f" {printable(choice.text[lang])}")
        paragraph.paragraph_format.keep_with_next = choice is not question.choices[-1]
    if not question.choices:
        document.add_paragraph("_" * (12 if question.kind == "number" else 70), style="List")


def _set_up(document: Any) -> None:
    """Page, and the styles of questions, anchors and instructions."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.0)
    font = document.styles["Normal"].font.name
    for name, size, italic in ((_ITEM_STYLE, 10.5, False), (_ANCHOR_STYLE, 8, False), (_HINT_STYLE, 10.5, True)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size, style.font.italic = document.styles["Normal"], Pt(size), italic
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(2)
    document.styles[_HINT_STYLE].paragraph_format.keep_with_next = True
    document.styles["List"].paragraph_format.space_after = Pt(2)
    document.styles["List"].paragraph_format.left_indent = Cm(1.0)
    document.styles["List"].paragraph_format.first_line_indent = Cm(-0.5)
    for name in ("Title", "Heading 1"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = font, RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.keys()):
            if "Theme" in key or key.endswith("Theme"):
                del fonts.attrib[key]
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), font)
    document.styles["Title"].font.size, document.styles["Heading 1"].font.size = Pt(18), Pt(13)


def _write(cell: Any, text: str, style: str, centre: bool = False) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    paragraph.style = style
    paragraph.add_run(printable(text))
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _box(paragraph: Any, centre: bool = True) -> None:
    """An empty box to tick, in a font that has it."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn

    run = paragraph.add_run(_BOX)
    run.font.name = _BOX_FONT
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BOX_FONT)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _shade(cells: Sequence[Any]) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    for cell in cells:
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{_SHADE}"/>')
        # Word wants the parts of a cell's properties in the order of its schema.
        cell._tc.get_or_add_tcPr().insert_element_before(shade, "w:noWrap", "w:tcMar", "w:vAlign", "w:hideMark")


def _layout(table: Any, points: int) -> None:
    """Widths: a narrow number, answers as wide as they need, the rest for the question."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Cm

    answer = min(1.7, 9.5 / points)
    widths = [0.9, _PAGE_CM - 0.9 - answer * points, *([answer] * points)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
