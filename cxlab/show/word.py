"""Tables as a Word document: real table, caption and note styles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxlab.i18n import Language, current_language, tr
from cxlab.show.cells import headings, is_text, printed_rows, spanner_cells
from cxlab.show.text import Words, printable, words

if TYPE_CHECKING:
    from cxlab.show.table import Table

_STYLE, _NOTE, _FONT = "CX Table", "CX Note", "Times New Roman"
_THICK, _THIN = 12, 6  # eighths of a point


def write_tables(tables: Sequence[Table], path: Path, lang: Language | None, title: Words | None) -> None:
    """Write the tables below each other into a new document."""
    document = _new_document(lang)
    if title is not None:
        document.add_heading(printable(words(title, lang)), level=1)
    for table in tables:
        add_table(document, table, lang)
    document.save(str(path))


def add_table(document: Any, table: Table, lang: Language | None = None) -> None:
    """Add one table, with caption and notes, at the end of a python-docx document.

    Examples
    --------
    >>> import pandas as pd
    >>> from cxlab.show.table import Column, Table
    >>> document = _new_document("en")
    >>> add_table(document, Table(pd.DataFrame({"n": [250]}), {"n": Column("n", "integer")}, "Sample"))
    >>> document.tables[0].cell(1, 0).text
    '250'
    """
    _ensure_styles(document)
    _caption(document, table, lang)
    grid = document.add_table(rows=0, cols=len(table.columns), style=_STYLE)
    left = [is_text(column) for column in table.columns.values()]
    if table.spanners:
        _spanner_row(grid, spanner_cells(table, lang))
    _fill(grid.add_row(), headings(table, lang), left)
    for row in grid.rows:
        _repeat_on_each_page(row)
    _rule(grid.rows[-1], "bottom", _THIN)
    for heading, rows in printed_rows(table, lang):
        if heading is not None:
            merged = grid.add_row().cells
            _write(merged[0].merge(merged[-1]), heading, left=True, bold=True)
        for row in rows:
            _fill(grid.add_row(), row, left)
    for i, note in enumerate(table.notes):
        paragraph = document.add_paragraph(style=_NOTE)
        if i == 0:
            paragraph.add_run(tr("show.note", lang) + " ").italic = True
        paragraph.add_run(printable(words(note, lang)))
    document.add_paragraph()


def _new_document(lang: Language | None) -> Any:
    """An empty document whose fonts carry Vietnamese."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    document.core_properties.language = "vi-VN" if (lang or current_language()) == "vi" else "en-US"
    document.core_properties.author = "cxlab"
    return document


def _ensure_styles(document: Any) -> None:
    """Add the table style (the APA's rules) and the note style where the document lacks them."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    styles = document.styles
    if _STYLE not in [style.name for style in styles]:
        style = styles.add_style(_STYLE, WD_STYLE_TYPE.TABLE)
        style.element.append(_table_borders())
        note = styles.add_style(_NOTE, WD_STYLE_TYPE.PARAGRAPH)
        note.base_style, note.font.size = styles["Normal"], Pt(9)
        note.paragraph_format.space_before, note.paragraph_format.space_after = Pt(3), Pt(0)
        caption = styles["Caption"]
        caption.font.size, caption.font.bold, caption.font.color.rgb = Pt(11), False, RGBColor(0, 0, 0)
        caption.font.name = _FONT
        caption.paragraph_format.keep_with_next = True


def _table_borders() -> Any:
    """Rules above and below the table, none between rows and columns."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    rule = f'w:val="single" w:sz="{_THICK}" w:space="0" w:color="auto"'
    margins = '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
    borders = f"<w:tblBorders><w:top {rule}/><w:bottom {rule}/></w:tblBorders>"
    return parse_xml(f"<w:tblPr {nsdecls('w')}>{borders}{margins}</w:tblPr>")


def _caption(document: Any, table: Table, lang: Language | None) -> None:
    """ "Table" and a number that Word counts itself, in bold, then the title in italics on a line of its own."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph = document.add_paragraph(style="Caption")
    before, _, after = tr("show.table_number", lang, number="\0").partition("\0")
    paragraph.add_run(before).bold = True
    number = str(len(document.tables) + 1)
    shown = f"<w:r><w:rPr><w:b/></w:rPr><w:t>{number}</w:t></w:r>"
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" SEQ Table \\* ARABIC ">{shown}</w:fldSimple>'
    paragraph._p.append(parse_xml(field))
    run = paragraph.add_run(after)
    run.bold = True
    run.add_break()
    paragraph.add_run(printable(words(table.title, lang))).italic = True


def _fill(row: Any, cells: Sequence[str], left: Sequence[bool]) -> None:
    """Write one row."""
    for cell, text, is_left in zip(row.cells, cells, left, strict=True):
        _write(cell, text, left=is_left)


def _write(cell: Any, text: str, *, left: bool, bold: bool = False, centre: bool = False) -> None:
    """Write one cell, close to its rules."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.add_run(text).bold = bold or None
    paragraph.alignment = ALIGN.CENTER if centre else ALIGN.LEFT if left else ALIGN.RIGHT
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)


def _spanner_row(grid: Any, cells: Sequence[tuple[str, int]]) -> None:
    """The headings above neighbouring columns, each with a rule below."""
    row, start = grid.add_row(), 0
    for text, columns in cells:
        cell = row.cells[start].merge(row.cells[start + columns - 1])
        _write(cell, text, left=False, centre=True)
        if text:
            _cell_rule(cell, "bottom", _THIN)
        start += columns


def _rule(row: Any, side: str, size: int) -> None:
    """A rule along one side of a row."""
    for cell in row.cells:
        _cell_rule(cell, side, size)


def _cell_rule(cell: Any, side: str, size: int) -> None:
    """A rule along one side of a cell."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    line = f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="auto"/>'
    cell._tc.get_or_add_tcPr().append(parse_xml(f"<w:tcBorders {nsdecls('w')}>{line}</w:tcBorders>"))


def _repeat_on_each_page(row: Any) -> None:
    """Let Word repeat a heading row at the top of each page."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
