"""Bytes become text: the encoding given, shown by the file, or guessed among those in use, and said so."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from cxlab.errors import FileError, Notice

# What survey files in Vietnam and Korea and Western exports come in when they are not Unicode.
CANDIDATES = ("utf-8", "cp1258", "cp949", "cp1252")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65536
# Bytes of UTF-8 taken for Western letters: "á»" and "áº" begin half of the Vietnamese vowels, "Ã¡" is á, "Æ°" is ư.
_TWICE = re.compile("\u00e1[\u00ba\u00bb]|\u00c3[\u00a0-\u00bd]|\u00c6[\u00a0\u00b0]|\u00c4[\u0090\u2018]")
# A letter that a program could not write: "ho?n to?n", or the replacement character.
_LOST = re.compile(r"(?<![\w/=&.?:-])(?:[^\W\d_]+\?+[^\W\d_]+|\?+[^\W\d_]{2,})(?![\w/=&.:-])|\ufffd")
_AROUND = re.compile(r"\w?\?+\w{1,2}")
# The longest Vietnamese syllable; longer is a sentence that goes on after its question mark: "ngon không?mình thích".
_SYLLABLE = 7


@dataclass(frozen=True)
class Decoded:
    """Text in composed form, with the encoding it came in and what the reader should know about it."""

    text: str
    encoding: str
    notices: tuple[Notice, ...] = ()


def decode(data: bytes, path: str, encoding: str | None = None) -> Decoded:
    """The text of a file, NFC, line ends as ``\\n``.

    Raises
    ------
    FileError
        If the bytes are not in the encoding given (naming the first bad byte), or in none that is tried.
    """
    if encoding is not None:
        return _as_told(data, path, encoding)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Decoded(_clean(_strict(data, path, name)), name)
    if wide := _utf16_without_mark(data):
        return Decoded(_clean(_strict(data, path, wide)), wide, (_guess_notice(path, wide),))
    try:
        return Decoded(_clean(data.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        return _guess(data, path)


def spoilt(text: str, path: str) -> tuple[Notice, ...]:
    """A warning about letters that were lost or changed before the file came here; nothing in it brings them back.

    Examples
    --------
    >>> [n.key for n in spoilt("ho?n to?n ??ng ý, r?t h?i lòng", "a.csv")], spoilt("Tại sao? Vì gần", "a.csv")
    (['readers.letters_lost'], ())
    """
    head = text[: 16 * _SAMPLE]
    for pattern, key in ((_TWICE, "letters_twice"), (_LOST, "letters_lost")):
        words = (match[0] for match in pattern.finditer(head))
        found = list(islice((word for word in words if len(word) <= _SYLLABLE), 50))
        if len(found) > 2 or "\ufffd" in found:
            # A few letters around the gap: whole words could be somebody's name.
            pieces = [match[0] if (match := _AROUND.search(word)) else word for word in found]
            shown = ", ".join(list(dict.fromkeys(pieces))[:4])
            return (Notice(f"readers.{key}", {"path": path, "examples": shown}, serious=True),)
    return ()


def _as_told(data: bytes, path: str, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
        if not isinstance("".encode(encoding), bytes):
            raise LookupError
    except (LookupError, TypeError):
        raise FileError("readers.unknown_encoding", encoding=encoding, known=", ".join(CANDIDATES)) from None
    text = _strict(data, path, encoding)
    fits = [] if data.isascii() else readable(data)
    if fits[:1] == ["utf-8"] and not name.startswith("utf"):
        return Decoded(
            _clean(text), encoding, (Notice("readers.looks_utf8", {"path": path, "encoding": encoding}, True),)
        )
    return Decoded(_clean(text), encoding)


def _strict(data: bytes, path: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        byte = getattr(error, "start", 0)
        line = data.count(b"\n", 0, byte) + 1
        known = ", ".join(name for name in readable(data) if name != encoding) or "–"
        raise FileError(
            "readers.wrong_encoding", path=path, encoding=encoding, byte=byte, line=line, known=known
        ) from None


def readable(data: bytes) -> list[str]:
    """The candidate encodings in which every byte means something."""
    found = []
    for name in CANDIDATES:
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        found.append(name)
    return found


def _guess(data: bytes, path: str) -> Decoded:
    """The likeliest of the candidates, judged on the lines that hold more than ASCII."""
    from charset_normalizer import from_bytes

    fits = readable(data)
    telling = b"\n".join(line for line in data[: 64 * _SAMPLE].split(b"\n") if not line.isascii())[:_SAMPLE]
    best = from_bytes(telling or data[-_SAMPLE:], cp_isolation=fits).best() if fits else None
    name = best.encoding if best is not None and best.encoding in fits else None
    if name is None:
        bad = _first_bad_byte(data)
        line = data.count(b"\n", 0, bad) + 1
        raise FileError("readers.no_encoding", path=path, byte=bad, line=line, known=", ".join(CANDIDATES))
    if name == "cp1252" and "cp1258" in fits and _is_vietnamese(telling.decode("cp1258", "replace")):
        name = "cp1258"
    return Decoded(_clean(data.decode(name)), name, (_guess_notice(path, name),))


def _is_vietnamese(text: str) -> bool:
    """True if tone marks stand alone in the bytes, as cp1258 writes them, and each finds its vowel."""
    composed = unicodedata.normalize("NFC", text)
    marks = sum(unicodedata.combining(c) > 0 for c in text)
    return marks > 0 and not any(unicodedata.combining(c) for c in composed)


def _guess_notice(path: str, name: str) -> Notice:
    return Notice("readers.guessed_encoding", {"path": path, "encoding": name})


def _first_bad_byte(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows itself by a zero in every second byte of what is mostly ASCII."""
    head = data[:4096]
    if len(head) < 4 or head.count(0) < len(head) // 4:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _clean(text: str) -> str:
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)
