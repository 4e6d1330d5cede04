"""What is asked for: the options of questionnaire(), checked, with texts in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cxlab.codebook import Codebook, Item, Text
from cxlab.errors import CodebookError
from cxlab.i18n import Language
from cxlab.theory.questionnaire.codes import form_name
from cxlab.theory.questionnaire.extras import background_questions, screener_items
from cxlab.theory.questionnaire.pages import Layout, Shuffled
from cxlab.theory.questionnaire.texts import asked_languages, brand_names, catalogue_text, in_all

Conditions = Mapping[str, Mapping[str, Any]]
Shuffle = Literal["items", "blocks"]
_SHUFFLED: Mapping[Any, Shuffled] = {True: "blocks", False: "", "items": "items", "blocks": "blocks"}
_LAYOUTS: Mapping[Any, Layout] = {"construct": "construct", "mixed": "mixed"}


@dataclass(frozen=True)
class Request:
    """The options after checking; see `questionnaire` for their meaning."""

    codebook: Codebook
    languages: tuple[Language, ...]
    name: str
    title: Text
    brand: Text | None
    consent: Text | None
    contact: Text | None
    attention: int
    shuffled: Shuffled
    layout: Layout
    screener: tuple[Item, ...]
    background: tuple[Item, ...]
    show_if: Conditions
    skip: Conditions
    required: bool
    seed: int
    version: int


def checked(codebook: Any, lang: Any, **options: Any) -> Request:
    """The options as a request; an error for what cannot be."""
    languages = asked_languages(lang)
    _check_codebook(codebook)
    brand = brand_names(options["brand"], languages)
    return Request(
        codebook=codebook,
        languages=languages,
        name=form_name(options["name"], codebook.name),
        title=_title(options["title"], brand, languages),
        brand=brand,
        consent=_consent(options["consent"], languages),
        contact=_contact(options["contact"], languages),
        attention=_whole("attention", options["attention"], 0),
        shuffled=_one_of("randomise", options["randomise"], _SHUFFLED),
        layout=_one_of("layout", options["layout"], _LAYOUTS),
        screener=screener_items(options["screener"], codebook, languages),
        background=background_questions(options["background"], codebook),
        show_if=_conditions("show_if", options["show_if"]),
        skip=_conditions("skip", options["skip"]),
        required=bool(options["required"]),
        seed=_whole("seed", options["seed"], 0),
        version=_whole("version", options["version"], 1),
    )


def _check_codebook(codebook: Any) -> None:
    if not isinstance(codebook, Codebook):
        raise CodebookError("questionnaire.not_codebook", kind=type(codebook).__name__)
    if not any(item.role == "item" for item in codebook.items.values()):
        raise CodebookError("questionnaire.no_items", name=codebook.name or "–")


def _one_of(option: str, value: Any, known: Mapping[Any, Any]) -> Any:
    try:
        return known[value]
    except (KeyError, TypeError):
        shown = ", ".join(map(repr, known))
        raise CodebookError("questionnaire.option", option=option, value=repr(value), known=shown) from None


def _whole(option: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise CodebookError("questionnaire.whole_number", option=option, value=repr(value), least=least)
    return value


def _conditions(option: str, given: Any) -> Conditions:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise CodebookError("questionnaire.condition_form", target=option, value=repr(given))
    return dict(given)


def _title(title: Any, brand: Text | None, languages: Sequence[Language]) -> Text:
    """The heading; without one it says what the questions are about, and nothing of the theory behind them."""
    if title is not None:
        return in_all(title, languages, "title")
    if brand is None:
        return catalogue_text("questionnaire.title", languages)
    return catalogue_text("questionnaire.title_brand", languages, brand=brand)


def _consent(consent: Any, languages: Sequence[Language]) -> Text | None:
    if consent is None or consent is False:
        return None
    if consent is True:
        return catalogue_text("questionnaire.consent_text", languages, contact="{contact}")
    return in_all(consent, languages, "consent")


def _contact(contact: Any, languages: Sequence[Language]) -> Text | None:
    if contact is None:
        return None
    return dict.fromkeys(languages, contact) if isinstance(contact, str) else in_all(contact, languages, "contact")
