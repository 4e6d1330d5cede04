"""What may stand before a ``*``: numbers, ``NA``, labels, ``c()``, ``start()``, ``equal()``, ``label()``."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cxlab.specify.cursor import Cursor, read_expression, read_quotient
from cxlab.specify.expression import Name, evaluate, names_in
from cxlab.specify.source import Source
from cxlab.specify.statements import Modifiers
from cxlab.specify.tokens import Token

REFUSED = ("lower", "upper", "prior", "rv", "efa")


@dataclass(frozen=True)
class _Entry:
    """One argument: a number, ``NA`` (None) or a text, and whether the text stood in quotes."""

    value: float | str | None
    token: Token

    @property
    def bare(self) -> bool:
        return isinstance(self.value, str) and not self.token.quoted


def read_call(cursor: Cursor) -> Modifiers:
    """A modifier written as a function."""
    function = cursor.token
    if function.text in REFUSED:
        cursor.source.refuse("specify.modifier_not_supported", function.start, modifier=function.text)
    if function.text not in ("c", "start", "equal", "label"):
        return read_number(cursor)
    entries = _arguments(cursor)
    if function.text == "start":
        return Modifiers(start=tuple(_number(cursor.source, entry) for entry in entries))
    if function.text == "c":
        return _vector(cursor.source, entries)
    return Modifiers(label=tuple(_label(cursor.source, entry) for entry in entries))


def read_number(cursor: Cursor) -> Modifiers:
    """A fixed value, which may be arithmetic on numbers (``1/3``, ``sqrt(2)``)."""
    return Modifiers(fixed=(_constant(cursor, quotient=True),))


def merge(source: Source, first: Modifiers, second: Modifiers, at: int, name: str) -> Modifiers:
    """Both sets of modifiers of a term that is written twice, as ``0.5*x + a*x``; the same kind twice is an error."""
    for one, other in ((first.fixed, second.fixed), (first.start, second.start), (first.label, second.label)):
        if one and other and one != other:
            source.fail("specify.modifiers_conflict", at, name=name)
    return Modifiers(first.fixed or second.fixed, first.start or second.start, first.label or second.label)


def _arguments(cursor: Cursor) -> list[_Entry]:
    function = cursor.advance()
    opening = cursor.advance()
    if cursor.at(")"):
        cursor.source.fail("specify.empty_modifier", function.start, modifier=function.text)
    entries: list[_Entry] = []
    while True:
        nested = cursor.at_call() and cursor.token.text == "c" and function.text != "c"
        entries += _arguments(cursor) if nested else [_entry(cursor)]
        if not cursor.take(","):
            cursor.close(opening)
            return entries


def _entry(cursor: Cursor) -> _Entry:
    token = cursor.token
    if token.kind == "name" and not cursor.at_call():
        cursor.advance()
        return _Entry(None if token.text == "NA" and not token.quoted else token.text, token)
    if token.kind == "string":
        cursor.advance()
        return _Entry(token.text, token)
    return _Entry(_constant(cursor), token)


def _constant(cursor: Cursor, quotient: bool = False) -> float:
    at = cursor.token.start
    expression = read_quotient(cursor) if quotient else read_expression(cursor)
    label: Name | None = next(names_in(expression), None)
    if label is not None:
        key = "specify.computed_variable" if quotient else "specify.number_expected"
        cursor.source.fail(key, label.at, text=label.name)
    value = float(evaluate(expression, {}))
    if not math.isfinite(value):
        cursor.source.fail("specify.not_finite", at)
    return value


def _number(source: Source, entry: _Entry) -> float | None:
    if isinstance(entry.value, str):
        source.fail("specify.number_expected", entry.token.start, text=entry.value)
    return entry.value


def _label(source: Source, entry: _Entry) -> str:
    if isinstance(entry.value, float):
        source.fail("specify.label_expected", entry.token.start, text=entry.token.text)
    # "f =~ x1" names the parameter that lavaan's tables call "f=~x1"
    return "".join(entry.value.split()) if entry.value else ""


def _vector(source: Source, entries: list[_Entry]) -> Modifiers:
    """``c(...)``: numbers fix, texts label."""
    texts = [entry for entry in entries if isinstance(entry.value, str)]
    if not texts:
        return Modifiers(fixed=tuple(_number(source, entry) for entry in entries))
    if len(texts) < len(entries) and any(entry.bare for entry in texts):
        # lavaan drops the NA of c(a, NA) and gives the label to every group
        source.fail("specify.bare_label_with_na", entries[0].token.start)
    return Modifiers(label=tuple(_label(source, entry) for entry in entries))
