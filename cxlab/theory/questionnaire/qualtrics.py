"""Qualtrics: a text file in the Advanced Format, and beside it what that format cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from cxlab.i18n import Language, tr
from cxlab.theory.questionnaire.back import xlsform_name
from cxlab.theory.questionnaire.files import one_line, write_file
from cxlab.theory.questionnaire.model import Form, Question
from cxlab.theory.questionnaire.notices import hand_steps
from cxlab.theory.questionnaire.wording import short


def write_qualtrics(form: Form, path: Any, lang: Language, matrix: bool) -> Path:
    """The text file, and ``<name>_steps.txt`` with the steps that are left to the researcher."""
    text, steps = qualtrics_text(form, lang, matrix), steps_text(form, lang)

    def write(target: Path) -> None:
        target.write_text(text, encoding="utf-8", newline="\n")
        target.with_name(f"{target.stem}_steps.txt").write_text(steps, encoding="utf-8", newline="\n")

    return write_file(path, ".txt", write)


def qualtrics_text(form: Form, lang: Language, matrix: bool = False) -> str:
    """The form in Qualtrics' Advanced Format: a block a page; a question for each item, or a matrix for each grid."""
    lines = ["[[AdvancedFormat]]", ""]
    grids = 0
    for number, page in enumerate(form.pages, start=1):
        lines += [f"[[Block:{_tag(page.title[lang])}]]", ""]
        if page.intro:
            lines += ["[[Question:DB]]", f"[[ID:note_{number}]]", _html(page.intro[lang]), ""]
        for grid in page.grids():
            if matrix and grid[0].kind == "scale" and len(grid) > 1:
                grids += 1
                lines += _matrix(grid, grids, lang)
            else:
                for question in grid:
                    lines += _single(question, lang)
    lines += [f"[[Block:{_tag(tr('questionnaire.end', lang))}]]", "", "[[Question:DB]]", "[[ID:note_thanks]]"]
    return "\n".join([*lines, _html(form.thanks[lang]), ""])


def _single(question: Question, lang: Language) -> Iterator[str]:
    kind = {"scale": "MC:SingleAnswer:Horizontal", "choice": "MC:SingleAnswer:Vertical"}
    yield f"[[Question:{kind.get(question.kind, 'TE:SingleLine')}]]"
    yield f"[[ID:{xlsform_name(question)}]]"
    yield _html(question.text[lang])
    if question.choices:
        yield "[[AdvancedChoices]]"
        for choice in question.choices:
            yield f"[[Choice:{choice.point:g}]]"
            yield _html(choice.text[lang])
    yield ""


def _matrix(grid: Sequence[Question], number: int, lang: Language) -> Iterator[str]:
    yield "[[Question:Matrix]]"
    yield f"[[ID:grid{number}]]"
    yield _html(tr("questionnaire.how", lang))
    yield "[[Choices]]"
    yield from (_html(question.text[lang]) for question in grid)
    yield "[[AdvancedAnswers]]"
    for choice in grid[0].choices:
        yield f"[[Answer:{choice.point:g}]]"
        yield _html(choice.text[lang])
    yield ""


def _html(text: str) -> str:
    """A text on one line; a bracket of the format's own cannot start in it."""
    lines = [escape(one_line(line), quote=False).replace("[[", "[&#91;") for line in text.split("\n") if line.strip()]
    return "<br />".join(lines)


def _tag(text: str) -> str:
    return one_line(text).replace("[", "(").replace("]", ")")


def steps_text(form: Form, lang: Language) -> str:
    """What to do on the platform after the import, as a numbered list."""
    lines = [tr("questionnaire.steps_title", lang, title=form.title[lang]), ""]
    for number, key in enumerate(hand_steps(form), start=1):
        lines.append(f"{number}. {tr(key, lang)}")
        if key.endswith("step_logic"):
            lines += [f"   - {line}" for line in _logic(form, lang)]
    return "\n".join([*lines, ""])


def _logic(form: Form, lang: Language) -> Iterator[str]:
    for page in form.pages:
        if page.relevance:
            yield f"{page.title[lang]}: {short(page.relevance)}"
        for question in page.questions:
            if question.show_if:
                yield f"{xlsform_name(question)}: {short(question.show_if)}"
