"""Exercises that check themselves: compare an answer with what the data give, and name the slip behind a wrong one."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from cxlab.errors import DataError
from cxlab.i18n import format_number, tr


@dataclass(frozen=True)
class Feedback:
    """What an exercise says to an answer: right or not, and a sentence that helps."""

    right: bool
    message: str

    def __str__(self) -> str:
        return self.message

    __repr__ = __str__

    def _repr_html_(self) -> str:
        mark = "✓" if self.right else "→"
        return f"<p><strong>{mark}</strong> {escape(self.message)}</p>"


def check_answer(
    answer: float | None, expected: float, *, tolerance: float = 0.005, slips: Mapping[str, float] | None = None
) -> Feedback:
    """Check a learner's number against the computed one, and recognise the usual slips.

    Parameters
    ----------
    answer : float or None
        What the learner found; None while the exercise is open.
    expected : float
        The computed answer.
    tolerance : float
        How far an answer may be off and still count, in the answer's unit.
    slips : mapping of hint to float, optional
        Numbers that a known mistake leads to, with the hint to give for each.

    Returns
    -------
    Feedback
        `right` and a `message` in the language in use.

    Raises
    ------
    DataError
        If the answer is not a number.

    Examples
    --------
    >>> check_answer(0.714, 0.7143, slips={"That is the standardised alpha.": 0.723}).right
    True
    >>> check_answer(0.723, 0.7143, slips={"That is the standardised alpha.": 0.723})
    Not yet. That is the standardised alpha.
    """
    if answer is None:
        return Feedback(False, tr("teach.open"))
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real) or math.isnan(answer):
        raise DataError("teach.not_a_number", answer=repr(answer))
    if abs(answer - expected) <= tolerance:
        digits = 0 if float(expected).is_integer() else 3
        return Feedback(True, tr("teach.right", answer=format_number(float(expected), digits)))
    for hint, value in (slips or {}).items():
        if abs(answer - value) <= tolerance:
            return Feedback(False, tr("teach.slip", hint=hint))
    return Feedback(False, tr("teach.higher" if answer < expected else "teach.lower"))
