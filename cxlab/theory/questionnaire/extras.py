"""Questions that are not in the codebook's scales: screeners and the respondent's background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cxlab.codebook import Codebook, Item, Text
from cxlab.codebook.text import did_you_mean
from cxlab.errors import CodebookError
from cxlab.i18n import LANGUAGES, Language
from cxlab.theory.questionnaire.codes import CONSENT
from cxlab.theory.questionnaire.texts import catalogue_text, in_all

# Qualtrics numbers its answers from 1, so no is 2 and not 0.
YES, NO = 1, 2


@cache
def background_items() -> Mapping[str, Item]:
    """The ready-made background questions by name."""
    path = Path(__file__).with_name("background.yaml")
    return Codebook.from_yaml(path).items


def yes_no() -> Mapping[float, Text]:
    """The answers yes and no in every language."""
    return {YES: _said("answer_yes"), NO: _said("answer_no")}


def _said(key: str) -> Text:
    return catalogue_text(f"questionnaire.{key}", LANGUAGES)


def consent_item() -> Item:
    """The question whether somebody takes part."""
    labels: Mapping[float, Text] = {YES: _said("consent_yes"), NO: _said("consent_no")}
    return Item(CONSENT, _said("consent_question"), role="group", labels=labels, expected=YES)


def screener_items(given: Any, codebook: Codebook, languages: Sequence[Language]) -> tuple[Item, ...]:
    """Screeners: an Item, the name of one, or the text of a question to be answered yes; one or several.

    Raises
    ------
    CodebookError
        If one of them is none of these, or lacks a language.
    """
    found = []
    for number, entry in enumerate(_several(given), start=1):
        item = _item(entry, codebook)
        if item is None:
            text = in_all(entry, languages, "screener")
            item = Item(f"scr{number}", text, role="group", labels=yes_no(), expected=YES)
        found.append(item)
    return tuple(found)


def background_questions(given: Any, codebook: Codebook) -> tuple[Item, ...]:
    """Background questions: an Item, or the name of one in the codebook or among the ready-made; one or several.

    Raises
    ------
    CodebookError
        If there is no question of that name.
    """
    found = []
    for entry in _several(given):
        item = _item(entry, codebook) or (background_items().get(entry) if isinstance(entry, str) else None)
        if item is None:
            others = (name for name, item in codebook.items.items() if item.role not in ("item", "attention"))
            known = [*background_items(), *others]
            hint = did_you_mean(entry, known) if isinstance(entry, str) else ""
            raise CodebookError("questionnaire.unknown_background", name=entry, hint=hint, known=", ".join(known))
        found.append(item)
    return tuple(found)


def _several(given: Any) -> tuple[Any, ...]:
    if given is None:
        return ()
    return tuple(given) if isinstance(given, list | tuple) else (given,)


def _item(entry: Any, codebook: Codebook) -> Item | None:
    if isinstance(entry, Item):
        return entry
    if not isinstance(entry, str):
        return None
    found = codebook.items.get(entry)
    return found if found is not None and found.role not in ("item", "attention") else None
