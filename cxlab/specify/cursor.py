"""Reading tokens one by one, and arithmetic: the part of the grammar that constraints and modifiers share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from cxlab.errors import ModelError, ModelSyntaxError
from cxlab.specify.expression import FUNCTIONS, Binary, Call, Expression, Name, Negative, Number, Sign
from cxlab.specify.source import Source
from cxlab.specify.tokens import Kind, Token


class Cursor:
    """A place in a list of tokens; the last one stands for the end of the statement."""

    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        self.source = source
        end = tokens[-1].end if tokens else len(source.text)
        self._tokens = [*tokens, Token("end", "", end, end)]
        self._position = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._position]

    @property
    def following(self) -> Token:
        return self._tokens[min(self._position + 1, len(self._tokens) - 1)]

    @property
    def previous(self) -> Kind | None:
        """The kind of the token just read."""
        return self._tokens[self._position - 1].kind if self._position else None

    def advance(self) -> Token:
        token = self.token
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these signs or operators."""
        return self.token.kind in ("sign", "operator") and self.token.text in texts

    def take(self, text: str) -> bool:
        """Step over a sign if it comes next."""
        if self.at(text):
            self.advance()
            return True
        return False

    def at_call(self) -> bool:
        """Whether a function such as ``start(`` comes next."""
        token, following = self.token, self.following
        return token.kind == "name" and not token.quoted and following.kind == "sign" and following.text == "("

    def at_end(self) -> bool:
        return self.token.kind == "end"

    def unexpected(self) -> ModelError:
        """The error for a token that cannot stand here."""
        token, values = self.token, {}
        if token.kind == "end":
            key = "specify.unfinished"
        elif token.text == "," and self.following.kind == "number":
            key = "specify.decimal_comma"
        elif token.text == "-":
            key = "specify.unexpected_minus"
        elif token.kind in ("name", "string") and self.previous in ("name", "string"):
            key, values = "specify.two_names", {"text": token.text}
        else:
            key, values = "specify.unexpected", {"text": self.source.text[token.start : token.end]}
        return self.source.error(ModelSyntaxError, key, token.start, **values)

    def close(self, opening: Token) -> None:
        """Step over the closing parenthesis of `opening`, or say that it is missing."""
        if self.take(")"):
            return
        if self.at_end():
            self.source.fail("specify.open_parenthesis", opening.start)
        raise self.unexpected()


def read_expression(cursor: Cursor) -> Expression:
    """A sum of products, with R's precedence: ``^`` binds tightest, then unary minus, then ``* /``, then ``+ -``."""
    left = _product(cursor)
    while cursor.at("+", "-"):
        sign = cast(Sign, cursor.advance().text)
        left = Binary(sign, left, _product(cursor))
    return left


def read_quotient(cursor: Cursor) -> Expression:
    """A number before a ``*``, such as ``0.5``, ``-1`` or ``1/3``: a sum or product would end the modifier."""
    left = _unary(cursor)
    while cursor.take("/"):
        left = Binary("/", left, _unary(cursor))
    return left


def _product(cursor: Cursor) -> Expression:
    left = _unary(cursor)
    while cursor.at("*", "/"):
        sign = cast(Sign, cursor.advance().text)
        left = Binary(sign, left, _unary(cursor))
    return left


def _unary(cursor: Cursor) -> Expression:
    if cursor.take("-"):
        return Negative(_unary(cursor))
    if cursor.take("+"):
        return _unary(cursor)
    return _power(cursor)


def _power(cursor: Cursor) -> Expression:
    base = _atom(cursor)
    return Binary("^", base, _unary(cursor)) if cursor.take("^") else base


def _atom(cursor: Cursor) -> Expression:
    token = cursor.token
    if token.kind == "number":
        cursor.advance()
        return Number(float(token.text), token.text)
    if cursor.at_call():
        return _call(cursor)
    if token.kind in ("name", "string"):
        cursor.advance()
        return Name("".join(token.text.split()), token.start)
    if cursor.at("("):
        opening = cursor.advance()
        inside = read_expression(cursor)
        cursor.close(opening)
        return inside
    raise cursor.unexpected()


def _call(cursor: Cursor) -> Expression:
    function = cursor.advance()
    if function.text not in FUNCTIONS:
        cursor.source.fail(
            "specify.unknown_function", function.start, function=function.text, known=", ".join(FUNCTIONS)
        )
    opening = cursor.advance()
    inside = read_expression(cursor)
    cursor.close(opening)
    return Call(function.text, inside)
