"""A chi-square difference that always says something: the usual scaled one, or one that cannot come out negative."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from cxlab.analyses.compare import compare
from cxlab.analyses.sem_result import SemFit
from cxlab.errors import CxlabError, Notice
from cxlab.i18n.shown import Shown

# Restricted by construction, though their parameters may have other names; admissibility is judged elsewhere.
_EXPECTED = ("evaluation.perhaps_not_nested", "evaluation.inadmissible", "evaluation.negative_scaling")
# A scaling factor so far below the freer model's own makes the scaled difference far too large.
_TINY = 1 / 3


class DifferenceTest(NamedTuple):
    """Chi-square difference, its degrees of freedom and p; nan without an answer. What to know about it."""

    chisq: float
    df: float
    p: float
    notices: tuple[Notice, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is an answer."""
        return not math.isnan(self.chisq)


def difference(free: SemFit, restricted: SemFit, label: str) -> DifferenceTest:
    """The restricted model against the freer one.

    The scaled difference of Satorra and Bentler (2001), as `cx.compare` and lavaan have it; where its scaling factor is
    not positive, or less than a third of the freer model's own, that of Satorra (2000), with a notice.
    """
    try:
        found = compare(free, restricted, names=["free", label])
    except CxlabError as error:
        return failed(label, error)
    told = tuple(notice for notice in found.warnings if notice.key not in _EXPECTED)
    usual = _read(found.table.iloc[-1], told)
    if not _unstable(usual.chisq, free, restricted):
        return usual
    shown = {"model": label, "plain": Shown(_plain(free, restricted))}
    try:
        other = compare(free, restricted, names=["free", label], method="satorra.2000")
    except CxlabError:  # rows with missing answers, say
        return DifferenceTest(math.nan, usual.df, math.nan, (Notice("validity.test_unstable", shown, serious=True),))
    return _read(other.table.iloc[-1], (*told, Notice("validity.test_satorra_2000", shown)))


def failed(label: str, error: CxlabError) -> DifferenceTest:
    """No answer, and why."""
    why = Notice(error.key, error.values)
    told = Notice("validity.test_failed", {"model": label, "why": why}, serious=True)
    return DifferenceTest(math.nan, math.nan, math.nan, (told,))


def _read(row: Any, told: tuple[Notice, ...]) -> DifferenceTest:
    return DifferenceTest(float(row["chisq_diff"]), float(row["df_diff"]), float(row["pvalue"]), told)


def _plain(free: SemFit, restricted: SemFit) -> float:
    return float(restricted.fit_measures["chisq"] - free.fit_measures["chisq"])


def _unstable(chisq: float, free: SemFit, restricted: SemFit) -> bool:
    """Whether a scaled difference has no value, or rests on a scaling factor that chance made tiny."""
    own = float(free.fit_measures.get("chisq_scaling_factor", math.nan))
    return not math.isnan(own) and (math.isnan(chisq) or _plain(free, restricted) < _TINY * own * chisq)
