"""XLSForm: the workbook that Kobo, ODK and SurveyCTO read (https://xlsform.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cxlab.i18n import Language, tr
from cxlab.theory.questionnaire.answers import MOST_POINTS
from cxlab.theory.questionnaire.back import xlsform_name
from cxlab.theory.questionnaire.conditions import Condition, Style, Test, written
from cxlab.theory.questionnaire.files import apart, write_file
from cxlab.theory.questionnaire.model import Choice, Form, Question
from cxlab.theory.questionnaire.texts import catalogue_text

LANGUAGE_NAMES: Mapping[Language, str] = {"en": "English (en)", "vi": "Vietnamese (vi)"}
_GRID_POINTS = 7
Row = dict[str, Any]


def write_xlsform(form: Form, path: Any) -> Path:
    """The form as a workbook: survey, choices, settings; if its order is a draw, notes that platforms skip."""
    return write_file(path, ".xlsx", lambda target: _workbook(form).save(target))


def _workbook(form: Form) -> Any:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    lists = _Lists()
    survey = list(_survey(form, lists))
    _sheet(book, "survey", _SURVEY, survey, form.languages)
    _sheet(book, "choices", ("list_name", "name", "label"), list(lists.rows()), form.languages)
    settings = {
        "form_title": form.title[form.languages[0]],
        "form_id": form.name if form.version == 1 else f"{form.name}_v{form.version}",
        "version": str(form.version),
        "default_language": LANGUAGE_NAMES[form.languages[0]],
        "style": "pages",
    }
    _sheet(book, "settings", tuple(settings), [settings], form.languages)
    if form.shuffled:
        note = tr("questionnaire.order_xlsform", form.languages[0], version=form.version)
        _sheet(book, "notes", ("note",), [{"note": note}], form.languages)
    return book


_SURVEY = ("type", "name", "label", "required", "relevant", "constraint", "constraint_message", "appearance")
_TRANSLATED = ("label", "constraint_message")


def _sheet(book: Any, title: str, columns: Sequence[str], rows: Sequence[Row], languages: Sequence[Language]) -> None:
    """One sheet; every cell is stored as text, so that none becomes a formula."""
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(title)
    heads: list[tuple[str, str, Language | None]] = []
    for column in columns:
        many = languages if column in _TRANSLATED else (None,)
        heads += [(f"{column}::{LANGUAGE_NAMES[lang]}" if lang else column, column, lang) for lang in many]
    for j, (head, column, lang) in enumerate(heads, start=1):
        sheet.cell(1, j, head).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, j).column_letter].width = 50 if column in _TRANSLATED else 18
        for i, row in enumerate(rows, start=2):
            value = row.get(column, "")
            text = apart(value[lang], "${") if lang and isinstance(value, Mapping) else value
            if text != "":
                cell = sheet.cell(i, j, str(text))
                cell.data_type, cell.quotePrefix = "s", True
                cell.alignment = Alignment(wrap_text=column in _TRANSLATED, vertical="top")
    sheet.freeze_panes = "A2"


def _survey(form: Form, lists: _Lists) -> Iterator[Row]:
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": "end"}
    names = {question.name: question for _, question in form.questions()}
    for number, page in enumerate(form.pages, start=1):
        relevant = _relevant(page.relevance, names)
        start: Row = {"type": "begin_group", "name": f"page_{number}", "label": page.title, "appearance": "field-list"}
        yield start | ({"relevant": relevant} if relevant else {})
        if page.intro:
            yield {"type": "note", "name": f"note_{number}", "label": page.intro}
        for question in page.questions:
            yield _question(question, lists, names, form.languages)
        yield {"type": "end_group"}
    yield {"type": "note", "name": "note_thanks", "label": form.thanks}


def _question(question: Question, lists: _Lists, names: Mapping[str, Question], languages: Sequence[Language]) -> Row:
    row: Row = {"name": xlsform_name(question), "label": question.text, "required": "true" if question.required else ""}
    relevant = _relevant(question.show_if, names)
    row |= {"relevant": relevant} if relevant else {}
    if question.choices:
        grid = question.kind == "scale" and len(question.choices) <= _GRID_POINTS
        wide = question.kind == "scale" and _GRID_POINTS < len(question.choices) <= MOST_POINTS
        appearance = "likert" if grid else "columns-pack" if wide else ""
        return row | {"type": f"select_one {lists.name(question)}", "appearance": appearance}
    if question.kind == "text":
        return row | {"type": "text"}
    low, high = f"{question.item.min:g}", f"{question.item.max:g}"
    limits = {"constraint": f". >= {low} and . <= {high}"}
    said = catalogue_text("questionnaire.whole_between", languages, low=low, high=high)
    return row | limits | {"type": "integer", "constraint_message": said}


def _relevant(condition: Condition | None, names: Mapping[str, Question]) -> str:
    """The condition in XPath."""
    if condition is None:
        return ""

    def test(one: Test) -> str:
        name = f"${{{xlsform_name(names[one.question])}}}"
        if one.values:
            return " or ".join(f"{name} = '{value:g}'" for value in one.values)
        ends = ((">=", one.low), ("<=", one.high))
        return " and ".join(f"number({name}) {sign} {end:g}" for sign, end in ends if end is not None)

    return written(condition, Style(test, " and ", " or ", "not({})"))


class _Lists:
    """The choice lists of a form: each set of answers once."""

    def __init__(self) -> None:
        self._names: dict[object, str] = {}
        self._choices: dict[str, tuple[Choice, ...]] = {}

    def name(self, question: Question) -> str:
        """The list that holds the question's answers."""
        name = self._names.setdefault(question.scale, f"answers_{len(self._names) + 1}")
        self._choices[name] = question.choices
        return name

    def rows(self) -> Iterator[Row]:
        """The sheet choices."""
        for name, choices in self._choices.items():
            for choice in choices:
                yield {"list_name": name, "name": f"{choice.point:g}", "label": choice.text}
