"""Arithmetic on parameter labels (``ind := a*b``), read into a tree and evaluated without Python's `eval`.

Everything works on arrays: a value may be a number, or an array with one entry per bootstrap draw. Derivatives are
exact (forward accumulation), for the delta method and for constrained estimation. Where the arithmetic has no
answer, such as a division by zero, the value is ``inf`` or ``nan`` and the caller says so; nothing is raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

Sign = Literal["+", "-", "*", "/", "^"]
Array: TypeAlias = np.ndarray
Dual: TypeAlias = tuple[Array, dict[str, Array]]


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: float
    text: str


@dataclass(frozen=True)
class Name:
    """A parameter label, or the name of a quantity defined before."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Negative:
    """Minus something."""

    inside: Expression


@dataclass(frozen=True)
class Binary:
    """Two expressions joined by + - * / or ^."""

    sign: Sign
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Call:
    """A function of one expression."""

    function: str
    inside: Expression


Expression: TypeAlias = Number | Name | Negative | Binary | Call
FUNCTIONS = ("exp", "log", "sqrt", "abs")


def names_in(expression: Expression) -> Iterator[Name]:
    """Every mention of a name, from left to right."""
    if isinstance(expression, Name):
        yield expression
    elif isinstance(expression, Negative | Call):
        yield from names_in(expression.inside)
    elif isinstance(expression, Binary):
        yield from names_in(expression.left)
        yield from names_in(expression.right)


def evaluate(expression: Expression, values: Mapping[str, Array | float]) -> Array:
    """The value of an expression; `values` gives each name a number or an array, all of shapes that broadcast."""
    return value_and_partials(expression, {name: np.asarray(value) for name, value in values.items()}, ())[0]


def value_and_partials(
    expression: Expression, values: Mapping[str, Array], wanted: tuple[str, ...] | None = None
) -> Dual:
    """The value, and its partial derivative with respect to each name in it (or to those in `wanted`)."""
    with np.errstate(all="ignore"):
        return _dual(expression, values, wanted)


def _dual(node: Expression, values: Mapping[str, Array], wanted: tuple[str, ...] | None) -> Dual:
    if isinstance(node, Number):
        return np.asarray(node.value), {}
    if isinstance(node, Name):
        value = np.asarray(values[node.name], dtype=float)
        is_wanted = wanted is None or node.name in wanted
        return value, {node.name: np.ones_like(value)} if is_wanted else {}
    if isinstance(node, Negative):
        value, partials = _dual(node.inside, values, wanted)
        return -value, {name: -slope for name, slope in partials.items()}
    if isinstance(node, Call):
        value, partials = _dual(node.inside, values, wanted)
        result, slope = _function(node.function, value)
        return result, {name: slope * inner for name, inner in partials.items()}
    return _binary(node.sign, _dual(node.left, values, wanted), _dual(node.right, values, wanted))


def _function(function: str, value: Array) -> tuple[Array, Array]:
    if function == "exp":
        return np.exp(value), np.exp(value)
    if function == "log":
        return np.log(value), 1 / value
    if function == "sqrt":
        return np.sqrt(value), 0.5 / np.sqrt(value)
    return np.abs(value), np.sign(value)


def _binary(sign: Sign, left: Dual, right: Dual) -> Dual:
    (a, da), (b, db) = left, right
    if sign == "+":
        return a + b, _combine(da, 1.0, db, 1.0)
    if sign == "-":
        return a - b, _combine(da, 1.0, db, -1.0)
    if sign == "*":
        return a * b, _combine(da, b, db, a)
    if sign == "/":
        quotient = np.divide(a, b)
        return quotient, _combine(da, np.divide(1.0, b), db, -np.divide(quotient, b))
    power = np.power(a.astype(float), b)
    slope_left = b * np.power(a.astype(float), b - 1) if da else 0.0
    slope_right = power * np.log(a) if db else 0.0
    return power, _combine(da, slope_left, db, slope_right)


def _combine(
    da: dict[str, Array], slope_a: Array | float, db: dict[str, Array], slope_b: Array | float
) -> dict[str, Array]:
    partials = {name: np.asarray(slope_a * inner) for name, inner in da.items()}
    for name, inner in db.items():
        more = np.asarray(slope_b * inner)
        partials[name] = partials[name] + more if name in partials else more
    return partials
