"""Respondents who do not read: what they answer, which checks they fail, how long they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxlab.study.simulation.draw import Streams
from cxlab.study.simulation.options import KINDS, Careless

_FAILS = 0.02  # share of checks that an attentive respondent fails
_SPREAD = 0.3  # standard deviation of log speed between respondents
_HALF, _FIFTH = 0.5, 0.2


@dataclass(frozen=True, eq=False)
class Check:
    """An attention check: its column, ends of its scale, and the right answer."""

    name: str
    low: int
    high: int
    expected: int


def who(option: Careless | None, n: int, streams: Streams) -> np.ndarray:
    """What each respondent does (n,): "" for an attentive one, else the kind; exactly the shares asked for, rounded."""
    kinds = np.full(n, "", dtype=object)
    if option is None:
        return kinds
    order = streams.of("who").permutation(n)
    first = 0.0
    for kind in KINDS:
        last = first + getattr(option, kind)
        kinds[order[round(first * n) : round(last * n)]] = kind
        first = last
    return kinds


def answer_carelessly(
    answers: np.ndarray, ends: Sequence[tuple[int, int] | None], kinds: np.ndarray, streams: Streams
) -> np.ndarray:
    """The answers (n, p) with those of careless respondents in the place of their own.

    Parameters
    ----------
    answers : ndarray (n, p)
        As the questionnaire shows them, reversed items not turned.
    ends : sequence of (low, high) or None
        Scales; variables without one keep their values.
    kinds : ndarray (n,)
    """
    random = streams.of("careless")
    place, noise, coin = (random.random(shape) for shape in ((len(answers), 1), answers.shape, answers.shape))
    found = answers.copy()
    for column, scale in enumerate(ends):
        if scale is None:
            continue
        low, high = scale
        points = high - low + 1
        middle = np.where(coin[:, column] < _HALF, low + (points - 1) // 2, low + points // 2)
        instead = {
            "straight": low + np.floor(place[:, 0] * points),
            "random": low + np.floor(noise[:, column] * points),
            "midpoint": middle,
            "fast": np.where(coin[:, column] < _HALF, low + np.floor(noise[:, column] * points), answers[:, column]),
        }
        for kind, values in instead.items():
            found[:, column] = np.where(kinds == kind, values, found[:, column])
    return found


def answer_checks(checks: Sequence[Check], kinds: np.ndarray, streams: Streams) -> dict[str, np.ndarray]:
    """The answers to the attention checks, by column."""
    n = len(kinds)
    place = streams.of("careless").random((n, 1))[:, 0]  # the straight-liner's own point
    random = streams.of("careless", 1)
    found: dict[str, np.ndarray] = {}
    for check in checks:
        points = check.high - check.low + 1
        noise, luck = random.random(n), random.random(n)
        other = check.low + np.floor(noise * points)
        answers = np.where(luck < _FAILS, other, check.expected)
        answers = np.where(np.isin(kinds, ("random", "fast")), other, answers)
        answers = np.where(kinds == "straight", check.low + np.floor(place * points), answers)
        answers = np.where(kinds == "midpoint", check.low + (points - 1) // 2, answers)
        found[check.name] = answers.astype(int)
    return found


def durations(option: Careless, kinds: np.ndarray, items: int, streams: Streams) -> np.ndarray:
    """Seconds that each respondent took (n,), whole ones."""
    pace = np.exp(_SPREAD * streams.of("duration").standard_normal(len(kinds)))
    haste: Mapping[str, float] = {"": 1.0, "fast": _FIFTH}
    factor = np.array([haste.get(kind, _HALF) for kind in kinds])
    return np.maximum(np.round(option.seconds * items * pace * factor), 1).astype(int)
