"""What the answers of the checklist share: the results at hand, and a sentence with its state and number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Any, Literal

from cxlab.analyses.missing_data_text import percent
from cxlab.analyses.result import bilingual, each
from cxlab.evaluate.checklist import Line
from cxlab.i18n import Language, format_number, pick, tr

State = Literal["met", "not_met", "reported", "to_write", "open", "not_needed"]
STATES: tuple[State, ...] = ("met", "not_met", "reported", "to_write", "open", "not_needed")
Value = Callable[[Language], str]


@dataclass(frozen=True, eq=False)
class Answer:
    """One line's answer.

    Attributes
    ----------
    state : State
    text : mapping of language to text
    value : float
        The number that was judged; nan without one.
    measures : tuple of str
        The measures of the line's rule that were used; empty for all.
    """

    state: State
    text: Mapping[str, str]
    value: float = nan
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Results:
    """The results at hand by their words; None for one that is not there."""

    given: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.given.get(name)

    @property
    def fit(self) -> Any:
        """The fit if it converged."""
        fit = self.given.get("fit")
        return fit if fit is not None and fit.converged else None

    @property
    def latent(self) -> Any:
        """The fit if it converged and measures something."""
        fit = self.fit
        return fit if fit is not None and fit.fitted.table.variables.lv else None

    def groups(self) -> range:
        """Numbers of the fit's groups, from 1."""
        return range(1, len(self.fit.groups) + 1) if self.fit.groups else range(1, 2)

    def name(self, key: str, holder: Any = None) -> Value:
        """A construct in the codebook's words."""
        labels = getattr(holder if holder is not None else self.given.get("fit"), "labels", {})
        return lambda lang: pick(labels[key], lang) if key in labels else str(key)


Makers = Mapping[str, Callable[[Results], Answer | None]]


def answered(line: Line, results: Results, makers: Makers) -> tuple[Line, Answer]:
    """A line with its answer: computed, or to be written, or open with what would answer it."""
    maker = makers.get(line.key)
    found = None if maker is None else maker(results)
    if found is not None:
        return line, found
    if not line.slot:
        return line, Answer("to_write", line.advice)
    return line, Answer("open", bilingual("checklist.open", call=line.call))


def said(key: str, **values: Any) -> Mapping[str, str]:
    """A text of the catalogue in every language; values may be functions of the language."""

    def text(lang: Language) -> str:
        shown = {name: value(lang) if callable(value) else value for name, value in values.items()}
        return tr(f"checklist.{key}", lang, **shown)

    return each(text)


def bounded(value: float, digits: int = 2) -> Value:
    """A statistic that cannot pass 1."""
    return lambda lang: format_number(float(value), digits, bounded=True, lang=lang)


def number(value: float, digits: int = 2) -> Value:
    """Any other number."""
    return lambda lang: format_number(float(value), digits, lang=lang)


def share(value: float) -> Value:
    """A share in percent."""
    return lambda lang: percent(float(value), lang) + "%"


def judged(met: bool) -> State:
    """``met`` or ``not_met``."""
    return "met" if met else "not_met"
