"""Attention checks: which answer they ask for, how they say it, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxlab.codebook import Item
from cxlab.errors import CodebookError
from cxlab.i18n import Language
from cxlab.theory.questionnaire.model import Page, Question
from cxlab.theory.questionnaire.texts import catalogue_text

WORDINGS = 3
_FEWEST = 3


def with_checks(
    pages: Sequence[Page], count: int, seed: int, taken: Sequence[str], languages: Sequence[Language]
) -> tuple[Page, ...]:
    """The pages with attention checks among their scale questions, at most one a page.

    The answers that they ask for and their names depend on the seed alone, not on the order of the pages, so that one
    codebook reads every version of a form.

    Raises
    ------
    CodebookError
        If there are fewer pages that can take a check than checks asked for.
    """
    hosts = sorted((page for page in pages if _can_host(page)), key=lambda page: page.key)
    if count > len(hosts):
        raise CodebookError("questionnaire.too_many_checks", count=count, most=len(hosts))
    if not count:
        return tuple(pages)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 2]))
    chosen = rng.choice(len(hosts), size=count, replace=False)
    names = _free_names(count, taken)
    wordings = rng.permutation(WORDINGS)
    placed: dict[str, Page] = {}
    for number, position in enumerate(chosen):
        page = hosts[int(position)]
        wording = int(wordings[number % WORDINGS]) + 1
        check = _check(names[number], _model(page), wording, rng, languages)
        at = int(rng.integers(1, len(page.questions)))
        questions = (*page.questions[:at], check, *page.questions[at:])
        placed[page.key] = Page(page.key, page.kind, questions, page.title, page.intro, page.show_if)
    return tuple(placed.get(page.key, page) for page in pages)


def _can_host(page: Page) -> bool:
    """A page that everybody sees, with a few questions on one scale."""
    same = {question.scale for question in page.questions if question.kind == "scale"}
    free = all(question.show_if is None for question in page.questions)
    return page.kind == "block" and page.show_if is None and free and len(same) == 1 and len(page.questions) >= _FEWEST


def _model(page: Page) -> Question:
    return next(question for question in page.questions if question.kind == "scale")


def _free_names(count: int, taken: Sequence[str]) -> list[str]:
    used = {name.casefold() for name in taken}
    names = (f"att{number}" for number in range(1, count + len(used) + 1))
    return [name for name in names if name not in used][:count]


def _check(
    name: str, model: Question, wording: int, rng: np.random.Generator, languages: Sequence[Language]
) -> Question:
    """One check on the scale of its neighbours; never the middle, which is where the inattentive rest."""
    choices = model.choices
    middle = (choices[0].point + choices[-1].point) / 2
    usable = [choice for choice in choices if choice.point != middle]
    asked = usable[int(rng.integers(len(usable)))]
    text = catalogue_text(f"questionnaire.attention_{wording}", languages, answer=asked.text)
    source = model.item
    item = Item(
        name,
        text,
        min=source.min,
        max=source.max,
        labels=source.labels,
        words=source.words,
        scale=source.scale,
        role="attention",
        expected=asked.point,
    )
    return Question(item, text, "scale", choices=choices, required=model.required)
