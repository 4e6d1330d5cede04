"""Words and signs of lavaan syntax, each with its place in the text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from cxlab.errors import ModelSyntaxError
from cxlab.specify.source import Source

Kind = Literal["name", "number", "string", "operator", "sign", "newline", "end"]

OPERATORS = ("~*~", "=~", "<~", "~~", ":=", "==", "~", "<", ">", "|", ":", "%")
SIGNS = "+-*/^(),?"

# Word processors replace these behind the writer's back.
_LOOKALIKES = str.maketrans({"˜": "~", "∼": "~", "～": "~", "−": "-", "–": "-", "“": '"', "”": '"', "„": '"', "×": "*"})
_BLANK = " \t\u00a0\u200b\ufeff\u202f\u3000"
_CLOSING = {'"': '"', "'": "'", "`": "`", "‘": "’"}


@dataclass(frozen=True)
class Token:
    """One word or sign. `quoted` tells a backticked name from a bare one; `factors` are the two names of ``x:z``."""

    kind: Kind
    text: str
    start: int
    end: int
    quoted: bool = False
    factors: tuple[str, ...] = ()


def tokenize(source: Source) -> list[Token]:
    """All tokens of a model, comments and blanks left out, names in Unicode's composed form (NFC)."""
    text = source.unix_text.translate(_LOOKALIKES)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character in _BLANK:
            position += 1
        elif character in "#!":
            position = _line_end(text, position)
        else:
            token = _token(source, text, position)
            tokens.append(token)
            position = token.end
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def is_plain_name(name: str) -> bool:
    """Whether a name can stand in model text without backticks."""
    if not name or not _starts_name(name, 0) or _starts_number(name, 0):
        return False
    return _name_end(name, 0) == len(name) and name not in ("NA", ".")


def _token(source: Source, text: str, start: int) -> Token:
    character = text[start]
    if character in "\n;":
        return Token("newline", character, start, start + 1)
    if character in _CLOSING:
        return _quoted(source, text, start)
    if _starts_number(text, start):
        return _number(source, text, start)
    if _starts_name(text, start):
        end = _name_end(text, start)
        return Token("name", unicodedata.normalize("NFC", text[start:end]), start, end)
    for operator in OPERATORS:
        if text.startswith(operator, start):
            return _operator(source, text, start, operator)
    if character in SIGNS:
        return _sign(source, text, start)
    key = "specify.single_equals" if character == "=" else "specify.unknown_character"
    raise source.error(ModelSyntaxError, key, start, character=source.text[start])


def _sign(source: Source, text: str, start: int) -> Token:
    if text.startswith("->", start):
        source.fail("specify.arrow", start, arrow="->")
    if text.startswith("**", start):
        return Token("sign", "^", start, start + 2)
    return Token("sign", text[start], start, start + 1)


def _operator(source: Source, text: str, start: int, operator: str) -> Token:
    end = start + len(operator)
    if operator in ("<", ">") and text.startswith("=", end):
        source.fail("specify.or_equal", start, operator=operator)
    if operator == "<" and text.startswith("-", end) and text[end + 1 : end + 2] not in "0123456789.":
        source.fail("specify.arrow", start, arrow="<-")
    return Token("operator", operator, start, end)


def _quoted(source: Source, text: str, start: int) -> Token:
    closing = _CLOSING[text[start]]
    end = text.find(closing, start + 1)
    if end < 0 or "\n" in text[start:end]:
        source.fail("specify.open_quote", start, quote=text[start])
    inside = unicodedata.normalize("NFC", source.text[start + 1 : end]).strip()
    if not inside:
        source.fail("specify.empty_quotes", start)
    kind: Kind = "name" if text[start] == "`" else "string"
    return Token(kind, inside, start, end + 1, quoted=True)


def _number(source: Source, text: str, start: int) -> Token:
    end = _digits_end(text, start)
    if text[end : end + 1] == ".":
        end = _digits_end(text, end + 1)
    if text[end : end + 1] in ("e", "E"):
        exponent = end + 1 + (text[end + 1 : end + 2] in ("+", "-"))
        stop = _digits_end(text, exponent)
        end = stop if stop > exponent else end
    if end < len(text) and _continues_name(text[end]):
        source.fail("specify.name_starts_with_digit", start, name=text[start : _name_end(text, end)])
    return Token("number", text[start:end], start, end)


def _digits_end(text: str, position: int) -> int:
    while position < len(text) and text[position] in "0123456789":
        position += 1
    return position


def _starts_number(text: str, start: int) -> bool:
    if text[start] == ".":
        return text[start + 1 : start + 2] in tuple("0123456789")
    return text[start] in "0123456789"


def _starts_name(text: str, start: int) -> bool:
    return text[start].isalpha() or text[start] in "._"


def _continues_name(character: str) -> bool:
    return character.isalnum() or character in "._" or unicodedata.category(character).startswith("M")


def _name_end(text: str, position: int) -> int:
    while position < len(text) and _continues_name(text[position]):
        position += 1
    return position


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
