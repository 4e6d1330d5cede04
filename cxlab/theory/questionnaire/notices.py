"""What a researcher must know before the form goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cxlab.codebook.text import fold
from cxlab.errors import Notice
from cxlab.i18n import pick
from cxlab.theory.questionnaire.model import Form
from cxlab.theory.questionnaire.request import Request
from cxlab.theory.questionnaire.texts import has_brand

_SHOWN = 12


def notices(form: Form, asked: Request) -> tuple[Notice, ...]:
    """Notes on items, gaps in the texts, and what each platform leaves undone."""
    return (*_notes(form), *_gaps(form, asked), *_platforms(form))


def _notes(form: Form) -> Iterator[Notice]:
    """One notice for each note that items carry: drafted, paraphrased, permission needed."""
    found: dict[str, tuple[Mapping[str, str], list[str]]] = {}
    for _, question in form.questions():
        note = question.item.note
        if note:
            found.setdefault(fold(pick(note, "en")), (note, []))[1].append(question.name)
    for note, names in found.values():
        values = {"items": listed(names), "count": len(names), "note": _Bilingual(note)}
        yield Notice("questionnaire.item_notes", values, serious=True)


class _Bilingual:
    """A text of the codebook inside a notice: it reads in the language of the notice."""

    def __init__(self, text: Mapping[str, str]) -> None:
        self.text = dict(text)

    def __str__(self) -> str:
        return pick(self.text)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Bilingual) and self.text == other.text

    def __hash__(self) -> int:
        return hash(tuple(self.text.items()))


def _gaps(form: Form, asked: Request) -> Iterator[Notice]:
    if asked.consent is None:
        yield Notice("questionnaire.no_consent", serious=True)
    elif asked.contact is None and any("{contact}" in words for words in asked.consent.values()):
        yield Notice("questionnaire.no_contact", serious=True)
    open_ended = [i.name for i in asked.codebook.items.values() if i.role == "item" and has_brand(i.label)]
    if open_ended and asked.brand is None:
        yield Notice("questionnaire.no_brand", {"items": listed(open_ended), "count": len(open_ended)})
    if not any(question.item.role == "attention" for _, question in form.questions()):
        yield Notice("questionnaire.no_checks")
    if same := _same_texts(form):
        yield Notice("questionnaire.same_texts", {"items": listed(same), "count": len(same)}, serious=True)


def _same_texts(form: Form) -> list[str]:
    """Questions that cannot be told apart by their text."""
    by_text: dict[tuple[str, str], list[str]] = {}
    for _, question in form.questions():
        for lang, text in question.text.items():
            by_text.setdefault((lang, fold(text)), []).append(question.name)
    return list(dict.fromkeys(name for names in by_text.values() if len(names) > 1 for name in names))


def _platforms(form: Form) -> Iterator[Notice]:
    renamed = [f"{q.name} → {q.code}" for _, q in form.questions() if q.code != q.name]
    if renamed:
        yield Notice("questionnaire.renamed", {"names": listed(renamed), "count": len(renamed)})
    if form.shuffled:
        yield Notice("questionnaire.order_xlsform", {"version": form.version})
    if hand_steps(form):
        yield Notice("questionnaire.by_hand", {"count": len(hand_steps(form))})


def hand_steps(form: Form) -> tuple[str, ...]:
    """Catalogue keys of what Qualtrics' text import cannot say and must be set on the platform."""
    shown = any(page.relevance for page in form.pages) or any(question.show_if for _, question in form.questions())
    required = any(question.required for _, question in form.questions())
    low = any(choice.point < 1 for _, question in form.questions() for choice in question.choices)
    found = {
        "step_recode": low,
        "step_logic": shown,
        "step_required": required,
        "step_shuffle": bool(form.shuffled),
        "step_language": len(form.languages) > 1,
        "step_anonymous": True,
    }
    return tuple(f"questionnaire.{key}" for key, needed in found.items() if needed)


def listed(names: list[str]) -> str:
    """Names in a row, the first dozen of them."""
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
