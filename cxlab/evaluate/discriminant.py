"""Two constructs or one: what each criterion says, and the verdict that follows from all of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from cxlab.evaluate.rules import interpret, rule_limit

Verdict = Literal["distinct", "doubtful", "not_distinct", "unknown"]
Criterion = Literal["interval", "one", "merged", "htmt", "htmt_interval", "inadmissible", "fornell_larcker"]
SYSTEM = "ronkko_cho_2022"
_HTMT = "henseler_2015"
_NONE = "no_problem"
_SEVERE = "severe_problem"
_MODERATE = "moderate_problem"
# Criteria that by themselves say that two constructs are not told apart; the others only raise doubt.
_DECISIVE: tuple[Criterion, ...] = ("one", "merged")


@dataclass(frozen=True)
class Evidence:
    """What is known of one pair; nan where a number is missing.

    Attributes
    ----------
    r, lower, upper : float
        Correlation of the constructs and its interval.
    htmt, htmt_upper : float
    one_p, merged_p : float
        Tests that the correlation is 1, and that one merged factor does as well.
    fl_met : bool or None
        Fornell and Larcker's criterion; None where it does not apply.
    admissible : bool
        Whether the model's solution is.
    level : float
        Confidence level; 1 - level is the level of the tests.
    """

    r: float
    lower: float
    upper: float
    htmt: float
    htmt_upper: float
    one_p: float
    merged_p: float
    fl_met: bool | None
    admissible: bool
    level: float = 0.95

    @property
    def reach(self) -> float:
        """The end of the correlation's interval that is farther from 0, without its sign."""
        return max(abs(self.lower), abs(self.upper))

    @property
    def wide(self) -> bool:
        """Whether the interval runs from correlations without a problem to the worst."""
        near = 0.0 if self.lower * self.upper < 0 else min(abs(self.lower), abs(self.upper))
        return problem_of(self.reach) == _SEVERE and problem_of(near) == _NONE

    @property
    def rejected(self) -> bool:
        """Whether both tests reject one construct; a missing test of the merged factor is none against it."""
        alpha = round(1 - self.level, 12)
        return self.one_p < alpha and not self.merged_p >= alpha


def problem_of(reach: float) -> str:
    """The class of a correlation by the far end of its interval, or "" without one.

    Examples
    --------
    >>> problem_of(0.75), problem_of(0.93), problem_of(1.02)
    ('no_problem', 'moderate_problem', 'severe_problem')
    """
    return "" if math.isnan(reach) else interpret(reach, SYSTEM).label.removeprefix("evaluate.")


def against(evidence: Evidence) -> tuple[Criterion, ...]:
    """Which criteria speak against two distinct constructs."""
    alpha, limit = round(1 - evidence.level, 12), rule_limit(_HTMT)
    says: dict[Criterion, bool] = {
        "interval": problem_of(evidence.reach) in (_MODERATE, _SEVERE),
        "one": evidence.one_p >= alpha,
        "merged": evidence.merged_p >= alpha,
        "htmt": evidence.htmt >= limit,
        "htmt_interval": evidence.htmt_upper >= 1,
        "inadmissible": not evidence.admissible,
        "fornell_larcker": evidence.fl_met is False,
    }
    return tuple(name for name, spoken in says.items() if spoken)


def verdict_of(evidence: Evidence) -> Verdict:
    """The verdict: not told apart if the interval reaches 1 or a test cannot reject one construct; else doubt or none.

    An interval so wide that it reaches 1 and holds correlations without a problem as well says little; if both tests
    reject one construct it leaves doubt.

    Examples
    --------
    >>> clear = Evidence(0.6, 0.5, 0.7, 0.61, 0.72, 1e-9, 1e-9, True, True)
    >>> close = Evidence(0.88, 0.8, 0.96, 0.89, 0.97, 0.003, 0.001, False, True)
    >>> wide = Evidence(0.65, 0.29, 1.01, 0.59, 0.94, 1e-6, 1e-4, True, True)
    >>> verdict_of(clear), verdict_of(close), verdict_of(wide)
    ('distinct', 'doubtful', 'doubtful')
    """
    if math.isnan(evidence.r):
        return "unknown"
    spoken = against(evidence)
    unsettled = evidence.wide and evidence.rejected
    if (problem_of(evidence.reach) == _SEVERE and not unsettled) or any(name in spoken for name in _DECISIVE):
        return "not_distinct"
    # a supplement: it is shown and does not decide
    return "doubtful" if set(spoken) - {"fornell_larcker"} else "distinct"
