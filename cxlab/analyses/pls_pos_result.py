"""The result of `cx.pls_pos`."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cxlab.analyses.fimix_segments import Segments
from cxlab.analyses.result import bilingual, each
from cxlab.i18n import Language, format_number, tr


@dataclass(frozen=True, repr=False, eq=False)
class PlsPos(Segments):
    """Segments with PLS models of their own; see `cxlab.pls_pos`.

    Attributes
    ----------
    weights : DataFrame
        segment (0: all rows together), construct, item, weight.
    objective, objective_all : float
        Sum of R², weighted by size, in segments and in all rows together.
    starts : DataFrame
        origin ("fimix", "random"), start, objective, rounds, moves, settled.
    chance : ndarray
        Objectives in samples without segments; empty unless asked for.
    goal : tuple of str
        Constructs whose R² counts.
    """

    weights: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    objective: float = float("nan")
    objective_all: float = float("nan")
    starts: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    chance: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)
    goal: tuple[str, ...] = ()
    references: tuple[str, ...] = ("becker_2013",)

    def head(self, lang: Language | None = None) -> str:
        """First line of the summary, and the comparison with chance."""
        numbers = {"before": _number(self.objective_all, lang), "after": _number(self.objective, lang)}
        line = tr("segments.pos_head", lang, segments=self.n_segments, n=len(self.assignment), **numbers)
        return "\n".join([line, *([self._against_chance(lang)] if len(self.chance) else [])])

    def notes(self) -> tuple[dict[str, str], ...]:
        """Notes below the table."""

        def first(lang: Language) -> str:
            numbers = {"before": _number(self.objective_all, lang), "after": _number(self.objective, lang)}
            names = ", ".join(self.label(name, lang) for name in self.goal)
            return tr("segments.pos_note", lang, n=len(self.assignment), constructs=names, **numbers)

        return (each(first), *([each(self._against_chance)] if len(self.chance) else []))

    def title(self) -> dict[str, str]:
        """Title of the table."""
        return bilingual("segments.title", segments=self.n_segments)

    def _against_chance(self, lang: Language | None) -> str:
        beaten = self.objective > self.chance.max()
        verdict = tr("segments.chance_beaten" if beaten else "segments.chance_not_beaten", lang)
        numbers = {"chance": _number(float(self.chance.mean()), lang), "high": _number(float(self.chance.max()), lang)}
        return tr("segments.pos_chance", lang, count=len(self.chance), verdict=verdict, **numbers)


def _number(value: float, lang: Language | None) -> str:
    return format_number(value, 2, lang=lang)
