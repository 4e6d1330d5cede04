"""Questions with answers to open: each answer says why it is right or what it mixes up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from cxlab.errors import DataError
from cxlab.i18n import pick, tr

Text = str | Mapping[str, str]


@dataclass(frozen=True)
class Quiz:
    """Questions in order; in a notebook each answer opens with a click, on paper they stay closed."""

    questions: tuple[tuple[str, tuple[tuple[str, bool, str], ...]], ...]

    def __str__(self) -> str:
        lines = []
        for number, (question, answers) in enumerate(self.questions, start=1):
            lines.append(f"{number}. {question}")
            lines += [f"   {letter}) {text}" for letter, (text, _, _) in zip("abcdefgh", answers, strict=False)]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        items = "".join(
            f"<li><p>{escape(question)}</p>{''.join(_answer_html(*answer) for answer in answers)}</li>"
            for question, answers in self.questions
        )
        return f'<p><em>{escape(tr("teach.quiz_open"))}</em></p><ol class="cxlab-quiz">{items}</ol>'


def quiz(*questions: tuple[Text, Sequence[tuple[Text, bool, Text]]]) -> Quiz:
    """A few questions with answers to choose from.

    When to use it: the end of a notebook, to find out what stuck.

    Parameters
    ----------
    *questions : (question, answers)
        `answers` is a list of (answer, whether it is right, why). Texts may be bilingual, ``{"en": ..., "vi": ...}``;
        they are shown in the language in use.

    Returns
    -------
    Quiz

    Raises
    ------
    DataError
        A question without a right answer, or with fewer than two answers.

    Examples
    --------
    >>> print(quiz(("What does a loading say?", [("A correlation", True, "If standardised."), ("A mean", False, "")])))
    1. What does a loading say?
       a) A correlation
       b) A mean
    """
    return Quiz(tuple(_checked(pick(question), answers) for question, answers in questions))


def _checked(
    question: str, answers: Sequence[tuple[Text, bool, Text]]
) -> tuple[str, tuple[tuple[str, bool, str], ...]]:
    told = tuple((pick(text), bool(right), pick(why)) for text, right, why in answers)
    if len(told) < 2 or not any(right for _, right, _ in told):
        raise DataError("teach.quiz_incomplete", question=question)
    return question, told


def _answer_html(text: str, right: bool, why: str) -> str:
    mark = tr("teach.quiz_right" if right else "teach.quiz_wrong")
    return f"<details><summary>{escape(text)}</summary><p><strong>{escape(mark)}</strong> {escape(why)}</p></details>"
