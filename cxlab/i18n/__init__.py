"""English and Vietnamese: the catalogues of everything cxlab says, and the numbers' dress.

A key such as ``"survey.file_missing"`` is looked up in ``<language>/survey.yaml``. The part before the dot names
the file, so each room keeps its own catalogue. Placeholders follow `str.format`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from cxlab.i18n.loading import read_yaml

Language = Literal["en", "vi"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_HERE = Path(__file__).parent
_language: ContextVar[Language] = ContextVar("cxlab_language", default="en")


@cache
def catalogue(lang: Language, room: str) -> Mapping[str, str]:
    """All messages of one room in one language, as ``{key without room: text}``."""
    path = _HERE / lang / f"{room}.yaml"
    return (read_yaml(path) or {}) if path.exists() else {}


def tr(key: str, lang: Language | None = None, /, **values: Any) -> str:
    """The message behind a key, filled in, in the given language or the one in use.

    A text that a catalogue lacks falls back to English, and an unknown key to the key itself: a missing
    translation must not hide the message (a test lists both).

    Examples
    --------
    >>> tr("common.n", "vi")
    'n'
    """
    room, _, name = key.partition(".")
    if not (room.isidentifier() and name.isidentifier()):
        return key  # a sentence that is already in words, such as a rendered notice
    text = catalogue(lang or current_language(), room).get(name) or catalogue("en", room).get(name)
    if text is None:
        return f"{key} {values}" if values else key
    return text.format(**values) if values else text.replace("{{", "{").replace("}}", "}")


def current_language() -> Language:
    """The language in use: ``"en"`` unless `use_language` said otherwise."""
    return _language.get()


def check_language(lang: str) -> Language:
    """The language if cxlab speaks it, else an error that lists those it speaks."""
    if lang not in LANGUAGES:
        from cxlab.errors import CxlabError

        raise CxlabError("common.unknown_language", language=lang, known=", ".join(LANGUAGES))
    return lang


def use_language(lang: str) -> None:
    """Let everything people read appear in this language: ``"en"`` or ``"vi"``. Column names never change.

    Examples
    --------
    >>> use_language("en")
    """
    _language.set(check_language(lang))


@contextmanager
def language(lang: str) -> Iterator[None]:
    """Use a language for the length of a ``with`` block.

    Examples
    --------
    >>> with language("vi"):
    ...     current_language()
    'vi'
    """
    token = _language.set(check_language(lang))
    try:
        yield
    finally:
        _language.reset(token)


def pick(text: str | Mapping[str, str], lang: Language | None = None) -> str:
    """One language of a bilingual text ``{"en": ..., "vi": ...}``; the other if that one is missing.

    Examples
    --------
    >>> pick({"en": "Image", "vi": "Hình ảnh"}, "vi")
    'Hình ảnh'
    """
    if isinstance(text, str):
        return text
    wanted = lang or current_language()
    return text.get(wanted) or next((t for t in text.values() if t), "")


def format_number(value: float, digits: int = 2, *, bounded: bool = False, lang: Language | None = None) -> str:
    """A number as a paper prints it: APA in English, decimal comma in Vietnamese.

    Parameters
    ----------
    value : float
        The number; not-a-number prints as an en dash.
    digits : int
        Digits after the decimal sign.
    bounded : bool
        True for statistics that cannot pass 1 (correlations, p, reliabilities): English then drops the leading zero.

    Examples
    --------
    >>> format_number(0.9557, 3, bounded=True, lang="en"), format_number(0.9557, 3, bounded=True, lang="vi")
    ('.956', '0,956')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    if (lang or current_language()) == "vi":
        return text.replace("-", "−").replace(".", ",")
    if bounded:
        text = text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text
    return text.replace("-", "−")


def format_p(value: float, lang: Language | None = None) -> str:
    """A p-value as APA asks: exact to three digits, or ``< .001``.

    Examples
    --------
    >>> format_p(0.00004, "en"), format_p(0.0421, "vi")
    ('< .001', '0,042')
    """
    if value is not None and not math.isnan(value) and value < 0.001:
        return "< " + format_number(0.001, 3, bounded=True, lang=lang)
    return format_number(value, 3, bounded=True, lang=lang)


def p_text(value: float, lang: Language | None = None) -> str:
    """A p-value in running text.

    Examples
    --------
    >>> p_text(0.00004, "en"), p_text(0.0421, "vi")
    ('p < .001', 'p = 0,042')
    """
    text = format_p(value, lang)
    return f"p {text}" if text.startswith("<") else f"p = {text}"
