"""A regression formula read as names, never run as code: ``outcome ~ a + b*c + C(group) + log(x) + I(x^2)``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from cxlab.codebook.text import nfc
from cxlab.errors import ModelSyntaxError

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<name>[^\W\d][\w.]*)|(?P<number>\d+(?:\.\d+)?)
    |(?P<quoted>`[^`]*`|"[^"]*"|'[^']*')|(?P<sign>\*\*|[~+\-*:(),=^])""",
    re.VERBOSE,
)
_FUNCTIONS = ("C", "I", "Q", "center", "log", "scale")


@dataclass(frozen=True)
class Factor:
    """One variable as a term uses it.

    Attributes
    ----------
    name : str
        Column or construct (NFC).
    function : str
        ``""``, ``"C"``, ``"log"``, ``"center"``, ``"scale"`` or ``"power"``.
    power : int
        Exponent of ``"power"``.
    reference : str or None
        Reference level of ``"C"``, as text.
    position : int
        Where the name stands in the formula, from 0; does not count when factors are compared.
    """

    name: str
    function: str = ""
    power: int = 1
    reference: str | None = None
    position: int = 0

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes two factors the same."""
        return self.name, self.function, self.power

    def __str__(self) -> str:
        if self.function == "power":
            return f"I({self.name}^{self.power})"
        return f"{self.function}({self.name})" if self.function not in ("", "C") else self.name


Term = tuple[Factor, ...]


@dataclass(frozen=True)
class Formula:
    """A parsed formula: the outcome, the terms (main effects first, as R orders them), the intercept."""

    text: str
    outcome: Factor
    terms: tuple[Term, ...]
    intercept: bool = True


def term_key(term: Term) -> frozenset[tuple[str, str, int]]:
    """What makes two terms the same: their factors, in any order."""
    return frozenset(factor.key for factor in term)


def ordered(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Terms without repetition, main effects before interactions."""
    unique: dict[frozenset[tuple[str, str, int]], Term] = {}
    for term in terms:
        unique.setdefault(term_key(term), term)
    return tuple(sorted(unique.values(), key=len))


def parse_formula(text: str) -> Formula:
    """Read a formula; anything but names and the few known signs and functions is refused, with its place.

    Examples
    --------
    >>> formula = parse_formula("loyalty ~ image * Q('hài lòng') - 1")
    >>> [":".join(map(str, term)) for term in formula.terms], formula.intercept
    (['image', 'hài lòng', 'image:hài lòng'], False)
    """
    reader = _Reader(text)
    outcome = reader.atom()
    reader.take("~")
    if outcome.function in ("C", "power"):
        reader.fail("analyses.formula_outcome", outcome.position)
    terms, intercept = reader.sum()
    if not terms and not intercept:
        reader.fail("analyses.formula_empty", outcome.position)
    return Formula(reader.text, outcome, ordered(terms), intercept)


def quoted_name(name: str) -> str:
    """A name as a formula takes it, with backticks unless it is a plain one.

    Examples
    --------
    >>> quoted_name("giá"), quoted_name("chất lượng")
    ('giá', '`chất lượng`')
    """
    return name if name.replace("_", "a").isalnum() and not name[0].isdigit() else f"`{name}`"


def parse_terms(text: str) -> tuple[Term, ...]:
    """The terms of a block such as ``"+ satisfaction"`` or ``"image * value"``.

    Examples
    --------
    >>> len(parse_terms("+ image * value"))
    3
    """
    reader = _Reader(text)
    terms, intercept = reader.sum()
    if not terms or not intercept:
        reader.fail("analyses.formula_block", 0)
    return ordered(terms)


class _Reader:
    """The tokens of a formula and how far they are read."""

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise ModelSyntaxError("analyses.formula_not_text", kind=type(text).__name__)
        self.text = " ".join(nfc(text).split())
        self.tokens = list(self._tokens())
        self.at = 0

    def _tokens(self) -> Iterable[tuple[str, str, int]]:
        place = 0
        while place < len(self.text):
            match = _TOKEN.match(self.text, place)
            if match is None:
                self.fail("analyses.formula_sign", place)
            if match.lastgroup != "space":
                yield str(match.lastgroup), match.group(), place
            place = match.end()
        yield "end", "", place

    def fail(self, key: str, place: int, **values: object) -> NoReturn:
        """Raise the error with the formula and a caret under the place."""
        found = self.text[place : place + 1]
        raise ModelSyntaxError(
            key, formula=self.text, column=place + 1, caret=" " * place + "^", found=found, **values
        )  # fmt: skip

    def peek(self) -> str:
        return self.tokens[self.at][1]

    def take(self, expected: str | None = None) -> tuple[str, str, int]:
        token = self.tokens[self.at]
        if expected is not None and token[1] != expected:
            key = "analyses.formula_ends" if token[0] == "end" else "analyses.formula_expected"
            self.fail(key, token[2], expected=expected)
        self.at += 1
        return token

    def sum(self) -> tuple[list[Term], bool]:
        """``[+-] product ([+-] product)*`` to the end of the text."""
        terms: list[Term] = []
        intercept = True
        sign = self.take()[1] if self.peek() in ("+", "-") else "+"
        while True:
            kind, text, place = self.tokens[self.at]
            if kind == "number" and text in ("0", "1"):
                self.take()
                intercept = (sign == "+") == (text == "1")
            elif sign == "-":
                self.fail("analyses.formula_minus", place)
            else:
                terms += self.product()
            kind, sign, place = self.take()
            if kind == "end":
                return terms, intercept
            if sign not in ("+", "-"):
                self.fail("analyses.formula_unexpected", place)

    def product(self) -> list[Term]:
        """``a * b`` as a, b and a:b."""
        found: list[Term] = [self.interaction()]
        while self.peek() == "*":
            self.take()
            other = self.interaction()
            found += [other, *(_joined(term, other) for term in found)]
        return found

    def interaction(self) -> Term:
        factors = [self.atom()]
        while self.peek() == ":":
            self.take()
            factors.append(self.atom())
        return _joined(tuple(factors), ())

    def atom(self) -> Factor:
        kind, text, place = self.take()
        if kind == "quoted" and text.startswith("`"):
            return Factor(nfc(text[1:-1]), position=place)
        if kind == "end":
            self.fail("analyses.formula_ends", place, expected="...")
        if kind != "name":
            self.fail("analyses.formula_unexpected", place)
        if self.peek() != "(":
            return Factor(text, position=place)
        if text not in _FUNCTIONS:
            self.fail("analyses.formula_function", place, name=text, known=", ".join(_FUNCTIONS))
        return self.call(text)

    def call(self, function: str) -> Factor:
        """What stands in the brackets of a known function."""
        self.take("(")
        if function == "Q":
            name, place = self.quoted(), self.tokens[self.at - 1][2]
            self.take(")")
            return Factor(name, position=place)
        inner = self.atom()
        if inner.function:
            self.fail("analyses.formula_nested", inner.position)
        power, reference = 1, None
        if function == "I":
            function, power = "power", self.exponent()
        if function == "C" and self.peek() == ",":
            reference = self.reference()
        self.take(")")
        return Factor(inner.name, function, power, reference, inner.position)

    def quoted(self) -> str:
        kind, text, place = self.take()
        if kind != "quoted":
            self.fail("analyses.formula_quotes", place)
        return nfc(text[1:-1])

    def exponent(self) -> int:
        if self.peek() not in ("^", "**"):
            self.fail("analyses.formula_power", self.tokens[self.at][2])
        self.take()
        _, text, place = self.take()
        if text not in ("2", "3", "4"):
            self.fail("analyses.formula_power", place)
        return int(text)

    def reference(self) -> str:
        """The reference level: ``C(group, "retail")`` or ``C(group, ref="retail")``."""
        self.take(",")
        if self.peek() == "ref":
            self.take()
            self.take("=")
        kind, text, place = self.take()
        if kind == "end":
            self.fail("analyses.formula_ends", place, expected=")")
        return nfc(text[1:-1]) if kind == "quoted" else text


def _joined(term: Term, other: Term) -> Term:
    """An interaction; a factor that stands twice in it counts once."""
    return tuple({factor.key: factor for factor in reversed((*term, *other))}.values())[::-1]
