"""The questionnaire as people read it in a notebook: a few lines, or a page that looks like the form."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from cxlab.i18n import Language, current_language, tr
from cxlab.show.result import notices_html, notices_text
from cxlab.theory.questionnaire.model import Form, Page, Question
from cxlab.theory.questionnaire.paper import question_numbers
from cxlab.theory.questionnaire.wording import in_words

if TYPE_CHECKING:
    from cxlab.theory.questionnaire.result import Questionnaire

_CSS = """
div.cx-form { max-width: 60em; color: inherit; line-height: 1.4; }
div.cx-form section { border: 1px solid #8884; border-radius: 6px; padding: .2em 1em .8em; margin: .8em 0; }
div.cx-form h4 { margin: .6em 0 .3em; }
div.cx-form .cx-who { font-size: .85em; opacity: .75; margin: .2em 0; }
div.cx-form .cx-intro { margin: .2em 0 .6em; }
div.cx-form .cx-scroll { overflow-x: auto; }
div.cx-form table { border-collapse: collapse; width: 100%; min-width: 40em; table-layout: fixed;
  margin: .3em 0; color: inherit; }
div.cx-form th, div.cx-form td { padding: .3em .5em; text-align: center; font-weight: 400; border: 0;
  border-bottom: 1px solid #8883; background: none; }
div.cx-form thead th { font-size: .8em; vertical-align: bottom; overflow-wrap: break-word; }
div.cx-form td.cx-q, div.cx-form th.cx-q { text-align: left; width: 38%; white-space: normal; }
div.cx-form .cx-name { font-size: .75em; opacity: .6; font-family: monospace; margin-left: .5em; }
div.cx-form ul { list-style: none; margin: .2em 0 .6em; padding-left: 1.2em; }
"""


def summary(q: Questionnaire, lang: Language | None = None) -> str:
    """Title, counts, pages, and what must be known before the form goes out."""
    form = q.form
    shown = _reading(form, lang)
    asked = [question for _, question in form.questions()]
    checks = [
        f"{a.name} = {a.item.expected:g}" for a in asked if a.item.role == "attention" and a.item.expected is not None
    ]
    values = {
        "title": form.title[shown],
        "questions": len(asked),
        "pages": len(form.pages),
        "languages": ", ".join(form.languages),
        "version": form.version,
    }
    lines = [tr("questionnaire.headline", lang, **values)]
    for number, page in enumerate(form.pages, start=1):
        names = ", ".join(question.name for question in page.questions)
        lines.append(f"  {number}. {page.title[shown]}: {names}")
    lines += [tr("questionnaire.checks", lang, checks=", ".join(checks))] if checks else []
    return "\n".join([*lines, *notices_text(q.warnings, lang)])


def html(q: Questionnaire, lang: Language | None = None) -> str:
    """The form as respondents see it, with the names of the questions in grey."""
    shown = _reading(q.form, lang)
    numbers = question_numbers(q.form)
    pages = "".join(_page(q.form, page, shown, numbers) for page in q.form.pages)
    title, thanks = escape(q.form.title[shown]), escape(q.form.thanks[shown])
    notes = notices_html(q.warnings, lang)
    body = f"<h3>{title}</h3>{pages}<p>{thanks}</p>"
    return f'<style>{_CSS}</style>{notes}<div class="cx-form" lang="{shown}">{body}</div>'


def _reading(form: Form, lang: Language | None) -> Language:
    """The language to show the form in: the one in use if the form has it, else its first."""
    wanted = lang or current_language()
    return wanted if wanted in form.languages else form.languages[0]


def _page(form: Form, page: Page, lang: Language, numbers: dict[str, int]) -> str:
    parts = [f"<h4>{escape(page.title[lang])}</h4>"]
    if page.show_if is not None:
        said = tr("questionnaire.only_if", lang, condition=in_words(page.show_if, form, lang, numbers))
        parts.append(f'<p class="cx-who">{escape(said)}</p>')
    lines = [line for line in page.intro.get(lang, "").split("\n") if line.strip()]
    parts += [f'<p class="cx-intro">{escape(line)}</p>' for line in lines]
    for grid in page.grids():
        parts.append(
            _grid(form, grid, lang, numbers) if grid[0].kind == "scale" else _single(form, grid[0], lang, numbers)
        )
    if page.passing is not None:
        said = tr("questionnaire.stop_unless", lang, condition=in_words(page.passing, form, lang, numbers))
        parts.append(f'<p class="cx-who">{escape(said)}</p>')
    return f"<section>{''.join(parts)}</section>"


def _grid(form: Form, grid: Sequence[Question], lang: Language, numbers: dict[str, int]) -> str:
    head = "".join(f'<th scope="col">{escape(choice.text[lang])}</th>' for choice in grid[0].choices)
    rows = "".join(
        f'<tr><td class="cx-q">{_label(form, question, lang, numbers)}</td>{"<td>○</td>" * len(question.choices)}</tr>'
        for question in grid
    )
    table = f'<table><thead><tr><th class="cx-q"></th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="cx-scroll">{table}</div>'


def _label(form: Form, question: Question, lang: Language, numbers: dict[str, int]) -> str:
    text = f"{numbers[question.name]}. {escape(question.text[lang])}"
    name = f'<span class="cx-name">{escape(question.name)}</span>'
    if question.show_if is None:
        return text + name
    said = tr("questionnaire.only_if", lang, condition=in_words(question.show_if, form, lang, numbers))
    return f'{text}{name}<br><span class="cx-who">{escape(said)}</span>'


def _single(form: Form, question: Question, lang: Language, numbers: dict[str, int]) -> str:
    answers = "".join(f"<li>○ {escape(choice.text[lang])}</li>" for choice in question.choices) or "<li>________</li>"
    return f"<div>{_label(form, question, lang, numbers)}</div><ul>{answers}</ul>"
