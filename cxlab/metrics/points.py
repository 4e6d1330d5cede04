"""The points of a scale: are these answers on it, and is it the one the metric is made for?"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real

import numpy as np

from cxlab.errors import DataError, Notice, ScaleError
from cxlab.i18n.shown import Shown
from cxlab.metrics.answers import Answers

Scale = tuple[float, float]
_USUAL: tuple[Scale, ...] = ((1, 5), (1, 7), (1, 10))
_ENOUGH = 10


def asked_scale(scale: Sequence[float] | None) -> Scale | None:
    """The scale that the caller names, as two numbers, the lower first.

    Examples
    --------
    >>> asked_scale((1, 10))
    (1.0, 10.0)
    """
    if scale is None:
        return None
    ends = list(scale) if isinstance(scale, Sequence) and not isinstance(scale, str) else []
    real = len(ends) == 2 and all(isinstance(end, Real) and not isinstance(end, bool) for end in ends)
    if not real or not all(np.isfinite(end) and float(end).is_integer() for end in ends) or ends[0] >= ends[1]:
        raise DataError("metrics.scale_form", value=scale)
    return float(ends[0]), float(ends[1])


def codebook_scale(answers: Answers) -> Scale | None:
    """The scale that a codebook gives the question, if somebody wrote it."""
    item = answers.item
    if not answers.trusted or item is None or item.min is None or item.max is None:
        return None
    return float(item.min), float(item.max)


def check_points(answers: Answers, scale: Scale) -> None:
    """An error unless every answer is a point of the scale."""
    value, n = answers.whole.value, answers.whole.n
    low, high = scale
    for key, bad in (("not_points", value % 1 != 0), ("outside_scale", (value < low) | (value > high))):
        if bad.any():
            raise ScaleError(
                f"metrics.{key}",
                column=answers.column,
                count=int(n[bad].sum()),
                low=Shown(low, 0),
                high=Shown(high, 0),
                where=_where(answers, value[bad]),
            )


def _where(answers: Answers, values: np.ndarray) -> str:
    """Some of the values, with their rows where the rows are known."""
    some = np.unique(values)[:3]
    shown = [f"{value:g}" for value in some]
    if answers.rows is not None:
        first = [answers.rows.index[answers.rows.to_numpy() == value][0] for value in some]
        shown = [f"{value} ({Notice('analyses.row')} {row})" for value, row in zip(shown, first, strict=True)]
    return ", ".join(shown) + (", …" if len(np.unique(values)) > len(some) else "")


def nps_scale(answers: Answers, scale: Sequence[float] | None) -> tuple[Scale, list[Notice]]:
    """0 to 10, or 1 to 10 where the caller says so; other scales have no promoters and detractors."""
    asked, known = asked_scale(scale), codebook_scale(answers)
    if asked is not None and asked not in ((0, 10), (1, 10)):
        raise ScaleError("metrics.nps_other_scale", low=Shown(asked[0], 0), high=Shown(asked[1], 0))
    if asked is not None:
        check_points(answers, asked)
        against = known is not None and known != asked
        return asked, [Notice("metrics.scale_contradicts", _ends(known, asked), serious=True)] if against else []
    if known is not None and known != (0, 10):
        key = "metrics.nps_one_to_ten" if known == (1, 10) else "metrics.nps_other_scale"
        raise ScaleError(key, column=answers.column, low=Shown(known[0], 0), high=Shown(known[1], 0))
    check_points(answers, (0.0, 10.0))
    return (0.0, 10.0), _doubts(answers, known is not None)


def _ends(known: Scale | None, asked: Scale) -> dict[str, object]:
    low, high = known or asked
    return {"low": Shown(low, 0), "high": Shown(high, 0), "asked": f"{asked[0]:g}-{asked[1]:g}"}


def _doubts(answers: Answers, known: bool) -> list[Notice]:
    """Answers that would fit a shorter scale: refused if it is likely, told if it makes no difference."""
    value = answers.whole.value
    if known or answers.whole.size < _ENOUGH or value.min() < 1:
        return []
    if value.max() <= 7:
        high = 5 if value.max() <= 5 else 7
        raise ScaleError("metrics.nps_looks_short", column=answers.column, high=Shown(value.max(), 0), guess=high)
    return [Notice("metrics.nps_no_zero")] if answers.whole.size >= 10 * _ENOUGH else []


def rating_scale(answers: Answers, scale: Sequence[float] | None) -> tuple[Scale, list[Notice]]:
    """The scale named, else the codebook's, else the usual one whose top answer was given; all answers are on it."""
    asked, known = asked_scale(scale), codebook_scale(answers)
    if asked is not None:
        check_points(answers, asked)
        against = known is not None and known != asked
        return asked, [Notice("metrics.scale_contradicts", _ends(known, asked), serious=True)] if against else []
    if known is not None:
        check_points(answers, known)
        return known, []
    value = answers.whole.value
    check_points(answers, (value.min() if value.min() < 0 else 0.0, max(float(value.max()), 10.0)))
    fits = [one for one in _USUAL if value.min() >= one[0] and value.max() == one[1]]
    if value.min() == 0 and value.max() == 10:
        fits = [(0.0, 10.0)]
    if not fits:
        ends = {"low": Shown(value.min(), 0), "high": Shown(value.max(), 0)}
        raise ScaleError("metrics.scale_unknown", column=answers.column, **ends)
    guess = fits[0]
    notice = Notice("metrics.scale_guessed", {"low": Shown(guess[0], 0), "high": Shown(guess[1], 0)})
    return guess, [notice]


def ces_scale(answers: Answers, version: int, scale: Sequence[float] | None) -> tuple[Scale, list[Notice]]:
    """1 to 5 in version 1, 1 to 7 in version 2, unless the caller names another; the codebook may contradict."""
    usual = {1: (1.0, 5.0), 2: (1.0, 7.0)}[version]
    asked, known = asked_scale(scale), codebook_scale(answers)
    if asked is None and known is not None and known != usual:
        raise ScaleError("metrics.ces_scale", version=version, column=answers.column, **_pair(known, usual))
    chosen = asked or usual
    value = answers.whole.value
    if asked is None and version == 1 and value.max() > 5 and value.max() <= 7 and value.min() >= 1:
        raise ScaleError("metrics.ces_looks_like_two", column=answers.column, high=Shown(value.max(), 0))
    check_points(answers, chosen)
    short = version == 2 and asked is None and known is None and value.max() <= 5 and answers.whole.size >= _ENOUGH
    return chosen, [Notice("metrics.ces_looks_like_one", serious=True)] if short else []


def _pair(known: Scale, usual: Scale) -> dict[str, str]:
    return {"known": f"{known[0]:g}-{known[1]:g}", "usual": f"{usual[0]:g}-{usual[1]:g}"}
