"""What the validity results share: names in words, notes under a table, what a fit must be."""

from __future__ import annotations

from collections.abc import Mapping

from cxlab.analyses.result import Result, bilingual, each
from cxlab.analyses.sem_result import SemFit
from cxlab.errors import EstimationError, ModelError, Notice
from cxlab.i18n import Language, pick
from cxlab.show.cells import interval_text
from cxlab.show.table import Column

_BOUNDED = Column("", "bounded")


class Labelled(Result):
    """A result whose constructs and items have labels in the codebook."""

    labels: Mapping[str, Mapping[str, str]]
    simulated: bool

    def name(self, key: str, lang: Language | None = None) -> str:
        """A construct's or item's label, else its name."""
        return pick(self.labels[key], lang) if key in self.labels else key

    def named(self, key: str) -> Mapping[str, str]:
        """The same in every language, for a table's cell."""
        return each(lambda lang: self.name(key, lang))

    def pair_name(self, first: str, second: str, lang: Language | None = None) -> str:
        """Two constructs side by side."""
        return f"{self.name(first, lang)} – {self.name(second, lang)}"

    def told(self) -> tuple[Mapping[str, str], ...]:
        """Notes on where the data come from, and the serious warnings."""
        made = (bilingual("analyses.simulated"),) if self.simulated else ()
        return (*made, *(each(notice.text) for notice in self.warnings if notice.serious))


def interval(low: float, high: float, lang: Language | None) -> str:
    """Both ends of an interval of a bounded statistic, two digits.

    Examples
    --------
    >>> interval(0.2, 0.51, "vi")
    '[0,20; 0,51]'
    """
    return interval_text(low, high, _BOUNDED, lang)


def checked_fit(fit: object) -> SemFit:
    """The fit if it is one that judgements can rest on."""
    if not isinstance(fit, SemFit):
        raise ModelError("validity.not_a_fit", type=type(fit).__name__)
    if not fit.converged:
        raise EstimationError("sem.needs_convergence")
    if not fit.fitted.table.variables.lv:
        raise ModelError("validity.no_measurement")
    return fit


def fit_notices(fit: SemFit) -> list[Notice]:
    """That the solution is not admissible, and why."""
    return [Notice("validity.inadmissible", {"why": why}, serious=True) for why in fit.admissibility]
