"""Which questions stand together, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

import numpy as np

from cxlab.codebook import Codebook, Item, Text
from cxlab.i18n import Language
from cxlab.theory.questionnaire.conditions import Condition
from cxlab.theory.questionnaire.model import Page, Question
from cxlab.theory.questionnaire.texts import catalogue_text, per_language

Layout = Literal["construct", "mixed"]
Shuffled = Literal["", "items", "blocks"]
_MIXED_PAGE = 8
_Thing = TypeVar("_Thing")


def item_order(codebook: Codebook) -> dict[str, list[Item]]:
    """Items by block: constructs in the order of their first item; a check of the codebook's own stays where it is."""
    blocks: dict[str, list[Item]] = {}
    last = ""
    for item in codebook.items.values():
        if item.role not in ("item", "attention"):
            continue
        key = last if item.role == "attention" and last else item.construct or "other"
        blocks.setdefault(key, []).append(item)
        last = key
    return blocks


def block_pages(
    blocks: Mapping[str, Sequence[Question]],
    conditions: Mapping[str, Condition],
    layout: Layout,
    shuffled: Shuffled,
    rng: np.random.Generator,
    looks: Sequence[str] = (),
) -> tuple[Page, ...]:
    """The pages of scales in the order of this version.

    Blocks with a condition in them, and those that a condition looks at, stay together also in the mixed layout; the
    latter come before all others.
    """
    first = [key for key, questions in blocks.items() if any(q.name in looks for q in questions)]
    tied = {key for key, questions in blocks.items() if key in conditions or any(q.show_if for q in questions)}
    whole = [key for key in blocks if layout == "construct" or key in tied or key in first]
    pages = [Page(key, "block", tuple(blocks[key]), show_if=conditions.get(key)) for key in whole]
    loose = [question for key, questions in blocks.items() if key not in whole for question in questions]
    pages += _mixed(loose, shuffled, rng)
    if shuffled:
        pages = [replace(page, questions=_shuffle(page.questions, rng)) for page in pages]
    if shuffled == "blocks":
        pages = list(_shuffle(pages, rng))
    return tuple(sorted(pages, key=lambda page: page.key not in first))


def _mixed(questions: Sequence[Question], shuffled: Shuffled, rng: np.random.Generator) -> list[Page]:
    """Pages of questions from all constructs, one scale a page."""
    by_scale: dict[object, list[Question]] = {}
    for question in questions:
        by_scale.setdefault(question.scale, []).append(question)
    pages: list[Page] = []
    for group in by_scale.values():
        order = _shuffle(group, rng) if shuffled else _interleaved(group)
        parts = max(1, round(len(order) / _MIXED_PAGE))
        for part in np.array_split(np.arange(len(order)), parts):
            pages.append(Page(f"mixed{len(pages) + 1}", "block", tuple(order[int(i)] for i in part)))
    return pages


def _interleaved(questions: Sequence[Question]) -> tuple[Question, ...]:
    """One of each construct in turn."""
    place: dict[object, int] = {}
    turns = []
    for question in questions:
        turn = place[question.item.construct] = place.get(question.item.construct, -1) + 1
        turns.append(turn)
    return tuple(questions[i] for i in sorted(range(len(questions)), key=lambda i: turns[i]))


def _shuffle(things: Sequence[_Thing], rng: np.random.Generator) -> tuple[_Thing, ...]:
    return tuple(things[int(i)] for i in rng.permutation(len(things)))


def numbered(pages: Sequence[Page], languages: Sequence[Language], brand: Text | None) -> tuple[Page, ...]:
    """Pages with a neutral title and the instruction of their first grid; construct names would give the game away."""
    total = sum(page.kind == "block" for page in pages)
    found, number = [], 0
    for page in pages:
        if page.kind == "block":
            number += 1
            title = catalogue_text("questionnaire.part", languages, number=number, total=total)
            page = replace(page, title=title, intro=_instruction(languages, brand))
        found.append(page)
    return tuple(found)


def _instruction(languages: Sequence[Language], brand: Text | None) -> Text:
    how = catalogue_text("questionnaire.how", languages)
    if brand is None:
        return how
    about = catalogue_text("questionnaire.about_brand", languages, brand=brand)
    return per_language(languages, lambda lang: f"{about[lang]} {how[lang]}")
