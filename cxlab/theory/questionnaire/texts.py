"""Texts in the languages asked for: none may be missing, and the brand's name goes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cxlab.codebook import Text
from cxlab.codebook.text import language_of
from cxlab.errors import CodebookError, CxlabError
from cxlab.i18n import LANGUAGES, Language, check_language, tr
from cxlab.theory.frameworks.book import fill


def asked_languages(lang: Any) -> tuple[Language, ...]:
    """One language or several, each once, each one that cxlab speaks."""
    many = isinstance(lang, list | tuple)
    wanted = tuple(lang) if many else (lang,)
    if not wanted or not all(isinstance(one, str) for one in wanted):
        raise CxlabError("common.unknown_language", language=lang, known=", ".join(LANGUAGES))
    return tuple(dict.fromkeys(check_language(one) for one in wanted))


def per_language(languages: Sequence[Language], text: Callable[[Language], str]) -> dict[str, str]:
    """A bilingual text from a function that says it in one language."""
    return {lang: text(lang) for lang in languages}


def in_all(text: Any, languages: Sequence[Language], what: str) -> Text:
    """A text given by the user in every language asked for; a plain one serves a questionnaire in one language.

    Raises
    ------
    CodebookError
        If a language is missing, or the text is no text.
    """
    if isinstance(text, str) and text.strip():
        if len(languages) == 1:
            return {languages[0]: text.strip()}
        text = {language_of(text): text}
    if not isinstance(text, Mapping):
        raise CodebookError("questionnaire.not_text", what=what, kind=type(text).__name__)
    given = dict(text)
    found = per_language(languages, lambda lang: str(given.get(lang) or "").strip())
    missing = [lang for lang, words in found.items() if not words]
    if missing:
        raise CodebookError("questionnaire.text_language", what=what, languages=", ".join(missing))
    return found


def catalogue_text(key: str, languages: Sequence[Language], **values: Any) -> Text:
    """A catalogue text in every language asked for; bilingual values follow along."""

    def said(lang: Language) -> str:
        return tr(key, lang, **{k: v[lang] if isinstance(v, Mapping) else v for k, v in values.items()})

    return per_language(languages, said)


def brand_names(brand: Any, languages: Sequence[Language]) -> Text | None:
    """The brand's name in every language; one name serves all."""
    if brand is None:
        return None
    if isinstance(brand, str) and brand.strip():
        return dict.fromkeys(languages, brand.strip())
    return in_all(brand, languages, "brand")


def has_brand(text: Text) -> bool:
    """True if a text leaves room for the brand's name."""
    return any("{brand}" in words for words in text.values())


def with_brand(text: Text, brand: Text | None) -> Text:
    """The text with the brand's name, or the words "this brand", where it leaves room for it."""
    if not has_brand(text):
        return text
    return fill(text, brand or catalogue_text("questionnaire.this_brand", LANGUAGES))
