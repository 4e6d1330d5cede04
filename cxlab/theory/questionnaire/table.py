"""The questionnaire as a table: one row a question, and one for each text of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from cxlab.i18n import LANGUAGES
from cxlab.theory.questionnaire.conditions import joined
from cxlab.theory.questionnaire.model import Form, Page, Question
from cxlab.theory.questionnaire.wording import short

COLUMNS = (
    *("page", "block", "name", "code", "type", "role", "text", "text_en", "text_vi", "scale", "required", "relevance"),
)


def question_table(form: Form) -> pd.DataFrame:
    """One row a question, in the order asked."""
    rows = [row for number, page in enumerate(form.pages, start=1) for row in _rows(form, number, page)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(form: Form, number: int, page: Page) -> Iterator[Mapping[str, Any]]:
    for question in page.questions:
        yield {
            "page": number,
            "block": question.item.construct or page.key,
            "name": question.name,
            "code": question.code,
            "type": question.kind,
            "role": question.item.role,
            "text": question.text[form.languages[0]],
            **{f"text_{lang}": question.text.get(lang, "") for lang in LANGUAGES},
            "scale": scale_text(question, form.languages[0]),
            "required": question.required,
            "relevance": short(joined(page.relevance, question.show_if)),
        }


def scale_text(question: Question, lang: str) -> str:
    """The answers in one line: the words of a list, the ends of a scale."""
    choices = question.choices
    if not choices:
        low, high = question.item.min, question.item.max
        return "" if low is None or high is None else f"{low:g} – {high:g}"
    if question.kind == "choice":
        return "; ".join(f"{choice.point:g} = {choice.text[lang]}" for choice in choices)
    words = {p: t.get(lang, "") for p, t in question.item.labels.items()}
    ends = (choices[0].point, choices[-1].point)
    return " – ".join(f"{point:g} {words.get(point, '')}".strip() for point in ends)
