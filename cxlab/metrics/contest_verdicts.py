"""The four conclusions of the literature on feedback metrics, each held against an interval from the data at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.errors import DataError
from cxlab.metrics.contest_design import Contestant
from cxlab.metrics.contest_fit import corrected_interval
from cxlab.metrics.tally import FloatArray

Role = Literal["csat", "nps", "narrow", "other"]
ROLES: tuple[Role, ...] = get_args(Role)
Verdict = Literal["supported", "not_supported", "undecided", "not_tested"]
COLUMNS = ["number", "conclusion", "first", "second", "difference", "ci_lower", "ci_upper", "level", "smallest",
           "verdict", "reason"]  # fmt: skip
DIFFERENCE_COLUMNS = ["first", "second", "difference", "ci_lower", "ci_upper"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scores (contestants, splits) and how to compare them."""

    rivals: tuple[Contestant, ...]
    scores: FloatArray
    ratio: float
    level: float
    smallest: float
    roles: Mapping[str, Role]

    def __post_init__(self) -> None:
        good = isinstance(self.smallest, int | float | np.floating) and not isinstance(self.smallest, bool)
        if not good or not 0 <= self.smallest < 1:
            raise DataError("metrics.smallest_form", value=self.smallest)

    def difference(self, first: str, second: str, level: float | None = None) -> tuple[float, float, float]:
        """Score of the first less that of the second, with the corrected interval."""
        gap = self.scores[self._place(first)] - self.scores[self._place(second)]
        return corrected_interval(gap, self.ratio, self.level if level is None else level)

    def from_best(self, best: str) -> pd.DataFrame:
        """Every other contestant less the best one."""
        rows = [(one.name, best, *self.difference(one.name, best)) for one in self.rivals if one.name != best]
        table = pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS)
        return table.sort_values("difference", ascending=False, ignore_index=True)

    def single(self, *roles: Role) -> list[str]:
        """Contestants of one metric as it is, of these roles (any if none is named)."""
        return [
            one.name
            for one in self.rivals
            if len(one.metrics) == 1
            and one.transform == "linear"
            and (not roles or self.roles[one.metrics[0]] in roles)
        ]

    def _place(self, name: str) -> int:
        known = [one.name for one in self.rivals]
        if name not in known:
            raise DataError("metrics.unknown_model", model=name, known="; ".join(known))
        return known.index(name)


def conclusions(comparison: Comparison) -> pd.DataFrame:
    """One row a conclusion, with the comparison that decides it."""
    rows = [_equal(comparison), _transforms(comparison), _narrow(comparison), _combine(comparison)]
    return pd.DataFrame([{"number": place, **row} for place, row in enumerate(rows, start=1)], columns=COLUMNS)


Row = dict[str, object]
Pair = tuple[str, str, float, float, float]


def _equal(of: Comparison) -> Row:
    """CSAT and NPS do about equally well: every pair within ± smallest."""
    pairs = _pairs(of, [(csat, nps) for csat in of.single("csat") for nps in of.single("nps")], of.level)
    if not pairs:
        return _untested(of, "equal", "needs_csat_nps")
    inside = [-of.smallest <= low and high <= of.smallest for *_, low, high in pairs]
    beyond = [low > of.smallest or high < -of.smallest for *_, low, high in pairs]
    verdict: Verdict = "supported" if all(inside) else "not_supported" if any(beyond) else "undecided"
    return _row(of, "equal", max(pairs, key=lambda pair: abs(pair[2])), verdict, of.level)


def _transforms(of: Comparison) -> Row:
    """Transformations help: some form of some metric beats the metric as it is by more than smallest."""
    tried = [
        (one.name, f"{one.metrics[0]}: linear")
        for one in of.rivals
        if len(one.metrics) == 1 and one.transform != "linear"
    ]
    if not tried:
        return _untested(of, "transforms", "needs_transforms")
    level = 1 - (1 - of.level) / len(tried)
    pairs = _pairs(of, tried, level)
    helps = any(low > of.smallest for *_, low, _ in pairs)
    never = all(high < of.smallest for *_, high in pairs)
    verdict: Verdict = "supported" if helps else "not_supported" if never else "undecided"
    return _row(of, "transforms", max(pairs, key=lambda pair: pair[3] if helps else pair[2]), verdict, level)


def _narrow(of: Comparison) -> Row:
    """Metrics of a narrow domain are weak: every broad metric beats every narrow one by more than smallest."""
    tried = [(broad, narrow) for broad in of.single("csat", "nps") for narrow in of.single("narrow")]
    if not tried:
        return _untested(of, "narrow", "needs_narrow")
    return _all_beyond(of, "narrow", tried)


def _combine(of: Comparison) -> Row:
    """Several metrics predict better: all of them together beat each alone by more than smallest."""
    several = [one for one in of.rivals if len(one.metrics) == len(of.roles) > 1 and one.transform == "linear"]
    if not several:
        return _untested(of, "combine", "needs_combinations")
    return _all_beyond(of, "combine", [(several[0].name, single) for single in of.single()])


def _all_beyond(of: Comparison, conclusion: str, tried: Sequence[tuple[str, str]]) -> Row:
    pairs = _pairs(of, tried, of.level)
    every = all(low > of.smallest for *_, low, _ in pairs)
    fails = any(high < of.smallest for *_, high in pairs)
    verdict: Verdict = "supported" if every else "not_supported" if fails else "undecided"
    return _row(of, conclusion, min(pairs, key=lambda pair: pair[4] if fails else pair[2]), verdict, of.level)


def _pairs(of: Comparison, tried: Sequence[tuple[str, str]], level: float) -> list[Pair]:
    return [(first, second, *of.difference(first, second, level)) for first, second in tried]


def _row(of: Comparison, conclusion: str, pair: Pair, verdict: Verdict, level: float) -> Row:
    named = dict(zip(DIFFERENCE_COLUMNS, pair, strict=True))
    return {
        "conclusion": conclusion,
        **named,
        "level": level,
        "smallest": of.smallest,
        "verdict": verdict,
        "reason": "",
    }


def _untested(of: Comparison, conclusion: str, reason: str) -> Row:
    gaps = dict.fromkeys(("difference", "ci_lower", "ci_upper"), np.nan)
    return {"conclusion": conclusion, "first": "", "second": "", **gaps, "level": of.level, "smallest": of.smallest,
            "verdict": "not_tested", "reason": reason}  # fmt: skip
