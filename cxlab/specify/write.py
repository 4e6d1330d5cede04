"""A model back to lavaan text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from cxlab.specify.statements import Constraint, Modifiers, Term, Values
from cxlab.specify.tokens import is_plain_name

_WIDTH = 100


def lavaan_text(terms: Sequence[Term], constraints: Sequence[Constraint]) -> str:
    """Terms with a common left side on one line, wrapped; then constraints and definitions."""
    lines = []
    for (lhs, op), group in groupby(terms, key=lambda term: (term.lhs, term.op)):
        written = [piece for term in group for piece in _pieces(term)]
        lines.append(_wrapped(f"{quote_name(lhs)} {op.rstrip('1')} ", written))
    lines += [f"{item.lhs_text} {item.op} {item.rhs_text}" for item in constraints]
    return "\n".join(lines) + "\n"


def quote_name(name: str) -> str:
    """A variable's name as it can stand in model text."""
    return name if is_plain_name(name) else _quoted(name, "`\"'")


def _wrapped(head: str, pieces: Iterable[str]) -> str:
    lines = [head]
    for position, piece in enumerate(pieces):
        joined = piece if position == 0 else f" + {piece}"
        if position and len(lines[-1]) + len(joined) > _WIDTH:
            lines[-1] += " +"
            lines.append(" " * len(head) + piece)
        else:
            lines[-1] += joined
    return "\n".join(lines)


def _pieces(term: Term) -> list[str]:
    """The term once per modifier: lavaan reads only one before each ``*``."""
    target = ":".join(map(quote_name, term.factors or (term.rhs,))) if term.rhs else "1"
    return [f"{modifier}*{target}" for modifier in _written(term.modifiers)] or [target]


def _written(modifiers: Modifiers) -> list[str]:
    written = []
    if modifiers.fixed:
        written.append(_vector(modifiers.fixed))
    if modifiers.start:
        written.append(f"start({', '.join(map(_number, modifiers.start))})")
    if modifiers.label:
        written.append(_labels(modifiers.label))
    return written


def _vector(values: Values) -> str:
    numbers = [_number(value) for value in values]
    return numbers[0] if len(numbers) == 1 else f"c({', '.join(numbers)})"


def _number(value: float | None) -> str:
    if value is None:
        return "NA"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _labels(labels: tuple[str, ...]) -> str:
    if len(labels) == 1:
        return labels[0] if is_plain_name(labels[0]) else f"label({_quoted(labels[0])})"
    return f"c({', '.join(_label(label) for label in labels)})"


def _label(label: str) -> str:
    # quoted, because lavaan reads a bare c(a, NA) as one label for every group
    return _quoted(label) if label else "NA"


def _quoted(text: str, quotes: str = "\"'") -> str:
    """The text between the first quotes that it does not hold itself."""
    quote = next((quote for quote in quotes if quote not in text), quotes[0])
    return f"{quote}{text}{quote}"
