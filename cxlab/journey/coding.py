"""Codings of a journey: which stages there are, in which order, and how one coding reads in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import pandas as pd

from cxlab.codebook.text import fold_word, nfc
from cxlab.errors import DataError
from cxlab.show.result import Text
from cxlab.theory.tables.rows import cells_of
from cxlab.theory.tables.topic import read_topic

CodingName = Literal["three", "seven", "eight"]
CODING_NAMES: tuple[CodingName, ...] = get_args(CodingName)
# The theory tables hold the stages, and which column of them the label of a stage.
_TOPICS: Mapping[str, tuple[str, str]] = {
    "three": ("stages3", "stage_label"),
    "seven": ("steps7", "step"),
    "eight": ("stages8", "stage_label"),
}
CUSTOM = "custom"
Stages = str | Sequence[str] | Mapping[str, "str | Text"]


@dataclass(frozen=True, eq=False)
class Coding:
    """The stages of a journey in order: a name (``"three"``, ``"seven"``, ``"eight"`` or ``"custom"``) and labels."""

    name: str
    stages: Mapping[str, Text]

    def key_of(self, text: str) -> str | None:
        """The stage behind a cell, which may hold its key or its label in either language; None if there is none."""
        return self._words().get(fold_word(text.replace("_", " ")))

    def _words(self) -> dict[str, str]:
        found = {fold_word(word): key for key, text in self.stages.items() for word in text.values()}
        return found | {fold_word(key.replace("_", " ")): key for key in self.stages}


@cache
def theory_coding(name: CodingName) -> Coding:
    """A coding that the theory tables hold.

    Examples
    --------
    >>> list(theory_coding("three").stages)
    ['pre_purchase', 'purchase', 'post_purchase']
    """
    topic, column = _TOPICS[name]
    cells = cells_of(read_topic(topic)).sort_values("position")
    return Coding(name, dict(zip(cells["key"], cells[column], strict=True)))


def coding_of(asked: Stages) -> Coding:
    """The coding that a user asks for: by name, as a list of stages in order, or as a mapping of stage to label.

    Raises
    ------
    DataError
        An unknown name, fewer than two stages, or a stage named twice.

    Examples
    --------
    >>> list(coding_of(["book", "fly", "complain"]).stages)
    ['book', 'fly', 'complain']
    """
    if isinstance(asked, str):
        for name in CODING_NAMES:
            if asked == name:
                return theory_coding(name)
        raise DataError("journey.unknown_coding", coding=asked, known=", ".join(CODING_NAMES))
    names = [nfc(str(name)) for name in asked]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or len(names) < 2:
        raise DataError("journey.coding_stages", count=len(names), names=", ".join(twice) or "–")
    labels = asked.values() if isinstance(asked, Mapping) else names
    texts = [{"en": text, "vi": text} if isinstance(text, str) else text for text in labels]
    return Coding(CUSTOM, dict(zip(names, texts, strict=True)))


def coding_for(values: pd.Index) -> CodingName | None:
    """The theory's coding that knows all these stages, if there is one; the coarsest first."""
    for name in CODING_NAMES:
        if len(values) and all(theory_coding(name).key_of(str(value)) for value in values):
            return name
    return None
