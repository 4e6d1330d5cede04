"""The codebook that reads the answers back, whichever platform they come from."""

from __future__ import annotations

from dataclasses import replace

from cxlab.codebook import Codebook, Item, Role, Text
from cxlab.i18n import LANGUAGES, tr
from cxlab.theory.questionnaire.codes import DURATION, RESPONDENT, STARTED, XLSFORM_NAME
from cxlab.theory.questionnaire.model import Form, Question

_PLATFORM: tuple[tuple[str, Role], ...] = ((RESPONDENT, "id"), (STARTED, "time"))


def answers_codebook(form: Form, source: Codebook) -> Codebook:
    """Every question in the order asked, between what platforms write by themselves: who, when, how long.

    An item whose name a platform does not take carries the code that stands for it as its `column`. What the source
    says of its own data (notes, kind) is not true of the answers to come, and stays behind.
    """
    asked = {question.name: _item(question) for _, question in form.questions()}
    own = {name: _platform_item(name, role) for name, role in _PLATFORM}
    items = {**own, **asked, DURATION: _platform_item(DURATION, "duration")}
    used = {item.construct for item in items.values()}
    constructs = {name: construct for name, construct in source.constructs.items() if name in used}
    return Codebook(form.name, source.title or form.title, items, constructs, citation=source.citation)


def _item(question: Question) -> Item:
    # To the reader an expected answer means an attention check; who declines or is screened out has not been careless.
    expected = question.item.expected if question.item.role == "attention" else None
    column = None if question.code == question.name else question.code
    return replace(question.item, column=column, expected=expected)


def _platform_item(name: str, role: Role) -> Item:
    label: Text = {lang: tr(f"questionnaire.label_{name}", lang) for lang in LANGUAGES}
    return Item(name, label, role=role)


def xlsform_name(question: Question) -> str:
    """The question's name in an XLSForm: its own where XML takes it, else its code."""
    return question.name if XLSFORM_NAME.fullmatch(question.name) else question.code
