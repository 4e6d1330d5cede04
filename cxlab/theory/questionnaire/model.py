"""What a questionnaire is made of: choices, questions, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cxlab.codebook import Item, Text
from cxlab.i18n import Language
from cxlab.theory.questionnaire.conditions import Condition, Test, joined, questions_in

Kind = Literal["scale", "choice", "number", "text"]
PageKind = Literal["consent", "screener", "block", "background"]


@dataclass(frozen=True)
class Choice:
    """One answer: its number, its code where a platform takes letters and digits only, and its words."""

    point: float
    code: str
    text: Text


@dataclass(frozen=True)
class Question:
    """One question as it is asked.

    Attributes
    ----------
    item : Item
        What the codebook keeps of it, researcher's notes included.
    text : mapping of language to text
        What the respondent reads.
    kind : {"scale", "choice", "number", "text"}
        A row of a grid, one answer of a list, a whole number, or free text.
    code : str
        Letters and digits only: its name on platforms that take no others.
    choices : tuple of Choice
        The answers: of a scale lowest first, of a list in the codebook's order.
    required : bool
        True if the platform should insist on an answer.
    show_if : Condition or None
        Who is asked; None for everybody who sees the page.
    """

    item: Item
    text: Text
    kind: Kind
    code: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = True
    show_if: Condition | None = None

    @property
    def name(self) -> str:
        """The column's name in the survey that comes back."""
        return self.item.name

    @property
    def scale(self) -> tuple[tuple[float, tuple[tuple[str, str], ...]], ...]:
        """What two questions of one grid must share: points and words."""
        return tuple((choice.point, tuple(sorted(choice.text.items()))) for choice in self.choices)


@dataclass(frozen=True)
class Page:
    """Questions that are asked together.

    Attributes
    ----------
    key : str
        The construct, or what the page is for.
    kind : {"consent", "screener", "block", "background"}
        A block holds scales, and may be shuffled.
    questions : tuple of Question
        In the order of this version.
    title, intro : mapping of language to text
        What stands above the questions.
    show_if : Condition or None
        Who is asked this page, among those who take part.
    gate : Condition or None
        Who takes part at all: consent given, screeners passed.
    """

    key: str
    kind: PageKind
    questions: tuple[Question, ...]
    title: Text = field(default_factory=dict)
    intro: Text = field(default_factory=dict)
    show_if: Condition | None = None
    gate: Condition | None = None

    @property
    def relevance(self) -> Condition | None:
        """Who sees the page: those who take part and meet its condition."""
        return joined(self.gate, self.show_if)

    @property
    def passing(self) -> Condition | None:
        """The answers to this page that let somebody take part; None for a page that turns nobody away."""
        if self.kind not in ("consent", "screener"):
            return None
        asked = ((q.name, q.item.expected) for q in self.questions)
        return joined(*(Test(name, (float(right),)) for name, right in asked if right is not None))

    def grids(self) -> Iterator[tuple[Question, ...]]:
        """Neighbouring scale questions with the same answers together, every other question alone."""
        group: list[Question] = []
        for question in self.questions:
            if group and not (question.kind == group[-1].kind == "scale" and question.scale == group[-1].scale):
                yield tuple(group)
                group = []
            group.append(question)
        if group:
            yield tuple(group)


@dataclass(frozen=True)
class Form:
    """Everything that the files are written from.

    Attributes
    ----------
    name : str
        Id of the form on the platforms.
    title, thanks : mapping of language to text
        What stands above the first page and below the last.
    languages : tuple of Language
        The first is the one that platforms start with.
    pages : tuple of Page
        In the order of this version.
    shuffled : {"", "items", "blocks"}
        What a platform that can may shuffle anew for every respondent.
    version : int
        Number of this order, from 1.
    """

    name: str
    title: Text
    thanks: Text
    languages: tuple[Language, ...]
    pages: tuple[Page, ...]
    shuffled: Literal["", "items", "blocks"] = ""
    version: int = 1

    def questions(self) -> Iterator[tuple[Page, Question]]:
        """Every question with its page."""
        for page in self.pages:
            for question in page.questions:
                yield page, question

    def looks(self) -> frozenset[str]:
        """Names of the questions that the conditions of blocks, and of questions in them, look at."""
        blocks = [page for page in self.pages if page.kind == "block"]
        rules = [*(page.show_if for page in blocks), *(q.show_if for page in blocks for q in page.questions)]
        return frozenset(name for rule in rules for name in questions_in(rule))

    def by_name(self) -> Mapping[str, Question]:
        """Questions by name."""
        return {question.name: question for _, question in self.questions()}
