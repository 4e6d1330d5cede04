"""A checked request becomes a questionnaire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from cxlab.codebook import Item, Text
from cxlab.codebook.text import did_you_mean
from cxlab.errors import CodebookError
from cxlab.theory.questionnaire.answers import check_translated, known_answers, question_of
from cxlab.theory.questionnaire.attention import with_checks
from cxlab.theory.questionnaire.back import answers_codebook
from cxlab.theory.questionnaire.codes import CONSENT, check_names, make_codes
from cxlab.theory.questionnaire.conditions import Condition, Negation, joined, parse_condition, questions_in
from cxlab.theory.questionnaire.extras import consent_item
from cxlab.theory.questionnaire.model import Form, Page, Question
from cxlab.theory.questionnaire.notices import notices
from cxlab.theory.questionnaire.pages import block_pages, item_order, numbered
from cxlab.theory.questionnaire.request import Request
from cxlab.theory.questionnaire.result import Questionnaire
from cxlab.theory.questionnaire.texts import catalogue_text

Blocks = Mapping[str, tuple[Question, ...]]
BACKGROUND = "background"


def built(asked: Request) -> Questionnaire:
    """The questionnaire of a checked request."""
    form = build_form(asked)
    return Questionnaire(form, answers_codebook(form, asked.codebook), notices(form, asked), asked)


def build_form(asked: Request) -> Form:
    """Pages in their order, with names, codes, conditions and checks."""
    blocks = _blocks(asked)
    front = _questions(asked, asked.screener)
    back = _questions(asked, asked.background, required=False)
    names = [q.name for q in (*front, *(q for block in blocks.values() for q in block), *back)]
    check_names(names)
    rules = _rules(asked, front, blocks, back)
    front, back = _with_rules(front, rules), _with_rules(back, rules)
    blocks = {key: _with_rules(block, rules) for key, block in blocks.items()}
    looks = [
        n for target, rule in rules.items() if target not in (BACKGROUND, *_names(back)) for n in questions_in(rule)
    ]
    rng = np.random.default_rng(np.random.SeedSequence([asked.seed, 1, asked.version]))
    pages = block_pages(blocks, rules, asked.layout, asked.shuffled, rng, looks)
    pages = with_checks(pages, asked.attention, asked.seed, names, asked.languages)
    pages = numbered(pages, asked.languages, asked.brand)
    if back:
        title = catalogue_text("questionnaire.background", asked.languages)
        pages = (*pages, Page(BACKGROUND, "background", back, title, show_if=rules.get(BACKGROUND)))
    pages = _gated(asked, front, pages)
    _check_order(pages)
    thanks = catalogue_text("questionnaire.thanks", asked.languages)
    return Form(asked.name, asked.title, thanks, asked.languages, _coded(pages), asked.shuffled, asked.version)


def _names(questions: Iterable[Question]) -> tuple[str, ...]:
    return tuple(question.name for question in questions)


def _blocks(asked: Request) -> Blocks:
    order = item_order(asked.codebook)
    check_translated([item for items in order.values() for item in items], asked.languages)
    return {key: _questions(asked, items, asked.required) for key, items in order.items()}


def _questions(asked: Request, items: Iterable[Item], required: bool = True) -> tuple[Question, ...]:
    return tuple(question_of(item, asked.languages, asked.brand, required) for item in items)


def _rules(asked: Request, front: Sequence[Question], blocks: Blocks, back: Sequence[Question]) -> dict[str, Condition]:
    """The conditions by block or question, each on questions that can come before it."""
    scales = [question for block in blocks.values() for question in block]
    targets = [*_names(front), *blocks, *_names(scales), *([BACKGROUND] if back else []), *_names(back)]
    found: dict[str, Condition] = {}
    for given, turned in ((asked.show_if, False), (asked.skip, True)):
        for target, data in given.items():
            if target not in targets:
                hint, known = did_you_mean(str(target), targets), ", ".join([*blocks, *_names(front), *_names(back)])
                raise CodebookError("questionnaire.condition_target", target=target, hint=hint, known=known)
            rule = parse_condition(data, target, known_answers([*front, *scales, *back]))
            rule = Negation(rule) if turned else rule
            found[target] = joined(found.get(target), rule) or rule
    return found


def _with_rules(questions: Iterable[Question], rules: Mapping[str, Condition]) -> tuple[Question, ...]:
    return tuple(replace(question, show_if=rules.get(question.name)) for question in questions)


def _gated(asked: Request, front: tuple[Question, ...], pages: Sequence[Page]) -> tuple[Page, ...]:
    """Consent and screeners before the pages, which only those see who agree and belong to the sample."""
    found: list[Page] = []
    gate: Condition | None = None
    if asked.consent is not None:
        question = question_of(consent_item(), asked.languages, None)
        title = catalogue_text("questionnaire.consent_title", asked.languages)
        found.append(Page(CONSENT, "consent", (question,), title, _consent_text(asked, asked.consent)))
        gate = found[-1].passing
    if front:
        title = catalogue_text("questionnaire.screener_title", asked.languages)
        found.append(Page("screener", "screener", front, title, gate=gate))
        gate = joined(gate, found[-1].passing)
    return (*found, *(replace(page, gate=gate) for page in pages))


def _consent_text(asked: Request, text: Text) -> Text:
    gap = catalogue_text("questionnaire.contact_gap", asked.languages)
    contact = asked.contact or gap
    return {lang: words.replace("{contact}", contact[lang]) for lang, words in text.items()}


def _check_order(pages: Sequence[Page]) -> None:
    """A condition may look at earlier pages only, or at earlier questions of a page that is not shuffled."""
    seen: set[str] = set()
    for page in pages:
        _check_seen(page.key, page.relevance, seen)
        before = set(seen)
        for question in page.questions:
            _check_seen(question.name, question.show_if, before)
            if page.kind != "block":
                before.add(question.name)
        seen |= set(_names(page.questions))


def _check_seen(target: str, rule: Condition | None, seen: set[str]) -> None:
    for name in questions_in(rule):
        if name not in seen:
            raise CodebookError("questionnaire.condition_later", target=target, question=name)


def _coded(pages: Sequence[Page]) -> tuple[Page, ...]:
    codes = make_codes(question.name for page in pages for question in page.questions)
    return tuple(
        replace(page, questions=tuple(replace(q, code=codes[q.name]) for q in page.questions)) for page in pages
    )
