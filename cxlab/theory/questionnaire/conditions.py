"""Who is asked what: conditions on earlier answers, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxlab.codebook.text import did_you_mean, fold_word
from cxlab.errors import CodebookError

_ENDS = ("min", "max")


@dataclass(frozen=True)
class Test:
    """The answer to a question is one of these values, or lies between two ends."""

    question: str
    values: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None

    __test__ = False  # not a case for pytest


@dataclass(frozen=True)
class Negation:
    """The condition does not hold."""

    part: Condition


@dataclass(frozen=True)
class Group:
    """All conditions hold, or at least one of them."""

    parts: tuple[Condition, ...]
    every: bool = True


Condition = Test | Negation | Group
# Points by folded word, for answers given in words; ends of the scale.
Answers = Mapping[str, tuple[Mapping[str, float], float | None, float | None]]


@dataclass(frozen=True)
class Style:
    """How a platform writes conditions."""

    test: Callable[[Test], str]
    both: str
    either: str
    negation: str


def parse_condition(data: Any, target: str, known: Answers) -> Condition:
    """A condition from data: ``{"scr1": 1}``, ``{"age": {"min": 18}}``, ``{"any": [...]}``, ``{"not": {...}}``.

    Parameters
    ----------
    data : mapping
        Questions with a value, a list of values (numbers or the words of the answers) or ``{"min": ..., "max": ...}``;
        several must hold together.
    target : str
        The block or question that depends on it, for the message.
    known : mapping
        The questions asked before, each with its words and the ends of its scale.

    Raises
    ------
    CodebookError
        For any other form, an unknown question, or an answer that the question does not have.
    """
    if not isinstance(data, Mapping) or not data:
        raise CodebookError("questionnaire.condition_form", target=target, value=repr(data))
    parts: list[Condition] = []
    for key, value in data.items():
        if key in ("any", "all"):
            if not isinstance(value, list | tuple) or not value:
                raise CodebookError("questionnaire.condition_form", target=target, value=repr({key: value}))
            parts.append(Group(tuple(parse_condition(v, target, known) for v in value), every=key == "all"))
        elif key == "not":
            parts.append(Negation(parse_condition(value, target, known)))
        else:
            parts.append(_test(str(key), value, target, known))
    return parts[0] if len(parts) == 1 else Group(tuple(parts))


def _test(name: str, value: Any, target: str, known: Answers) -> Test:
    if name not in known:
        hint, asked = did_you_mean(name, known), ", ".join(known) or "–"
        raise CodebookError("questionnaire.condition_unknown", target=target, question=name, hint=hint, known=asked)
    if not isinstance(value, Mapping):
        values = value if isinstance(value, list | tuple | set | frozenset) else (value,)
        found = tuple(_point(name, v, target, known) for v in values)
        if not found:
            raise CodebookError("questionnaire.condition_form", target=target, value=repr({name: value}))
        return Test(name, found)
    if not value or any(key not in _ENDS for key in value):
        raise CodebookError("questionnaire.condition_form", target=target, value=repr({name: dict(value)}))
    ends = {key: _point(name, value[key], target, known) for key in value}
    return Test(name, low=ends.get("min"), high=ends.get("max"))


def _point(name: str, value: Any, target: str, known: Answers) -> float:
    """An answer as a number that the question has."""
    words, low, high = known[name]
    if isinstance(value, str):
        point = words.get(fold_word(value))
    else:
        point = float(value) if isinstance(value, int | float) else None
    listed = sorted(set(words.values()))
    off = point is not None and ((low is not None and point < low) or (high is not None and point > high))
    if point is None or off or (listed and low is None and point not in listed):
        said = ", ".join(f"{p:g}" for p in listed) if listed and low is None else f"{low} – {high}"
        raise CodebookError(
            "questionnaire.condition_answer", target=target, question=name, value=repr(value), known=said
        )
    return point


def joined(*conditions: Condition | None) -> Condition | None:
    """All of the conditions that are there, as one; None if there is none."""
    parts = tuple(c for c in conditions if c is not None)
    return None if not parts else parts[0] if len(parts) == 1 else Group(parts)


def questions_in(condition: Condition | None) -> Iterator[str]:
    """Names of the questions that a condition looks at."""
    if isinstance(condition, Test):
        yield condition.question
    elif isinstance(condition, Negation):
        yield from questions_in(condition.part)
    elif isinstance(condition, Group):
        for part in condition.parts:
            yield from questions_in(part)


def written(condition: Condition, style: Style) -> str:
    """The condition in a platform's own language.

    Examples
    --------
    >>> style = Style(lambda test: f"{test.question} = {test.values[0]:g}", " and ", " or ", "not({})")
    >>> written(Group((Test("a", (1.0,)), Negation(Test("b", (2.0,))))), style)
    '(a = 1) and (not(b = 2))'
    """
    if isinstance(condition, Test):
        return style.test(condition)
    if isinstance(condition, Negation):
        return style.negation.format(written(condition.part, style))
    parts: Sequence[str] = [written(part, style) for part in condition.parts]
    return (
        parts[0]
        if len(parts) == 1
        else (style.both if condition.every else style.either).join(f"({part})" for part in parts)
    )
