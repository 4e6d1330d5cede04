"""How names and words are compared: Unicode form, case and spaces do not matter; letters and accents do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from cxlab.i18n import tr

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_OUTER = " .,;:!?*\"'“”‘’«»"
# Both spellings of the tone mark are in use (hoà and hòa), and converters leave an Icelandic eth for đ.
_TONES = {
    f"{vowels[0]}{old}": f"{new}{vowels[1]}"
    for vowels, olds, news in (("oa", "àáảãạ", "òóỏõọ"), ("oe", "èéẻẽẹ", "òóỏõọ"), ("uy", "ỳýỷỹỵ", "ùúủũụ"))
    for old, new in zip(olds, news, strict=True)
}
_VIETNAMESE = frozenset("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")


def nfc(text: str) -> str:
    """The text in composed Unicode form, without zero-width characters and outer spaces."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE).strip()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """A key under which two spellings of one column name are the same: composed, one space, lower case.

    Examples
    --------
    >>> fold("  Hình   ẢNH ") == fold("hình ảnh")
    True
    """
    return " ".join(nfc(text).split()).casefold()


@lru_cache(maxsize=65536)
def fold_word(text: str) -> str:
    """A key under which two spellings of one answer are the same: as `fold`, without outer punctuation.

    Examples
    --------
    >>> fold_word("Trung hoà.") == fold_word("trung hòa")
    True
    """
    key = fold(text).strip(_OUTER).replace("ð", "đ")
    for old, new in _TONES.items():
        if old in key:
            key = key.replace(old, new)
    return key


def bare(text: str) -> str:
    """The folded text without accents, for guesses only."""
    parts = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def language_of(text: str) -> str:
    """``"vi"`` for a text with letters that only Vietnamese has, else ``"en"``."""
    return "vi" if _VIETNAMESE.intersection(nfc(text).casefold()) else "en"


def in_one_language(texts: Mapping[float, str]) -> dict[float, dict[str, str]]:
    """The labels of one scale, all in the language that any of them shows: "Hài lòng" alone could be French.

    Examples
    --------
    >>> in_one_language({1: "Không hài lòng", 2: "Rất hài lòng"})[1]
    {'vi': 'Không hài lòng'}
    """
    lang = language_of(" ".join(texts.values()))
    return {point: {lang: text} for point, text in texts.items()}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name closest to a mistyped one, else the first that begins with it, else None.

    Examples
    --------
    >>> nearest("sens4", ["sens1x", "sens_4", "age"])
    'sens_4'
    """
    names = {bare(name): name for name in known}
    asked = bare(word)
    close = get_close_matches(asked, names, n=1, cutoff=0.6)
    close += [name for name in names if len(asked) > 2 and name.startswith(asked)]
    return names[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that proposes the nearest name, with a space before it; empty when nothing is close."""
    name = nearest(word, known)
    return "" if name is None else " " + tr("codebook.did_you_mean", name=name)
