"""Every statistic of a metric, overall and by group, with its interval."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.analyses.validity_htmt import check_boot, seed_of
from cxlab.errors import DataError, Notice
from cxlab.metrics.answers import Answers
from cxlab.metrics.change import independent
from cxlab.metrics.points import Scale
from cxlab.metrics.tally import (
    ALL,
    Cells,
    Estimate,
    FloatArray,
    Score,
    adjusted_net,
    cells_score,
    design_n,
    estimate,
    score_net,
    student,
    wald,
    wilson,
)
from cxlab.resample.intervals import intervals
from cxlab.resample.seeds import generators

NetMethod = Literal["wald", "adjusted", "score", "bootstrap"]
RatingMethod = Literal["standard", "bootstrap"]
COLUMNS = ["group", "statistic", "estimate", "se", "ci_lower", "ci_upper", "n", "n_effective"]
DIFFERENCE_COLUMNS = ["group_1", "group_2", "difference", "se", "ci_lower", "ci_upper", "statistic", "df", "pvalue",
                      "pvalue_holm"]  # fmt: skip
_FEW = 30
_MOST_PAIRED = 20


@dataclass(frozen=True)
class Metric:
    """What a metric is: its statistics, the one that stands for it, and which way is good."""

    name: str
    scores: tuple[Score, ...]
    headline: str
    better: Literal["higher", "lower"]
    scale: Scale
    top: int = 0
    bottom: int = 0
    version: int = 0
    references: tuple[str, ...] = ()

    def score(self, name: str | None) -> Score:
        """A statistic by name, by default the headline."""
        known = {one.name: one for one in self.scores}
        if name is not None and name not in known:
            raise DataError("analyses.unknown_option", option="statistic", value=name, known=", ".join(known))
        return known[name or self.headline]


@dataclass(frozen=True)
class How:
    """Options of an interval."""

    level: float
    method: str
    n_boot: int
    seed: int


@dataclass(frozen=True, eq=False)
class Measured:
    """Tables of a metric, and what to know of them."""

    table: pd.DataFrame
    differences: pd.DataFrame
    notices: list[Notice] = field(default_factory=list)


def options(level: float, method: str, known: object, n_boot: int, seed: int | None) -> How:
    """The options of an interval, checked."""
    names = get_args(known)
    if method not in names:
        raise DataError("analyses.unknown_option", option="method", value=method, known=", ".join(names))
    check_level(level)
    check_boot(n_boot, seed)
    if method == "bootstrap" and n_boot < 100:
        raise DataError("metrics.few_draws", n_boot=n_boot)
    return How(level, method, n_boot, seed_of(seed))


def measure(metric: Metric, answers: Answers, how: How, drawn: Mapping[Hashable, FloatArray] | None = None) -> Measured:
    """Estimates, intervals and differences of groups; `drawn` are replicates made elsewhere."""
    if answers.whole.size < 2:
        raise DataError("analyses.too_few_rows", rows=answers.whole.size, needed=2, total=answers.whole.size, where="")
    if drawn is None:
        drawn = _replicates(metric, answers, how) if how.method == "bootstrap" else {}
    rows = []
    for key, cells in answers.parts.items():
        for place, score in enumerate(metric.scores):
            found = estimate(cells, score)
            draws = drawn[key][:, place] if key in drawn else None
            low, high = _interval(cells, found, score, how, draws)
            se = found.se if draws is None else float(np.nanstd(draws, ddof=1))
            rows.append((key, score.name, found.value, se, low, high, found.n, found.effective))
    table = pd.DataFrame(rows, columns=COLUMNS)
    groups = [key for key in answers.parts if key != ALL]
    notices = _notices(metric, answers, how, table)
    if len(groups) > _MOST_PAIRED:
        notices.append(Notice("metrics.many_groups", {"count": len(groups), "most": _MOST_PAIRED}))
        groups = []
    return Measured(table, pairwise(metric, answers, groups, how.level), notices)


def pairwise(
    metric: Metric, answers: Answers, groups: Sequence[Hashable], level: float, statistic: str | None = None
) -> pd.DataFrame:
    """Differences of all pairs of groups, with p-values as they are and by Holm."""
    score = metric.score(statistic)
    rows = []
    for first, second in combinations(groups, 2):
        found = independent(answers.parts[first], answers.parts[second], score, level)
        rows.append((first, second, *(getattr(found, name) for name in _PARTS)))
    table = pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS[:-1])
    return table.assign(pvalue_holm=_holm(table["pvalue"].to_numpy(float)))


_PARTS = ("value", "se", "ci_lower", "ci_upper", "statistic", "df", "pvalue")


def _holm(pvalues: FloatArray) -> FloatArray:
    from statsmodels.stats.multitest import multipletests

    held = np.full(len(pvalues), np.nan)
    known = np.isfinite(pvalues)
    if known.any():
        held[known] = multipletests(pvalues[known], method="holm")[1]
    return held


def _interval(cells: Cells, found: Estimate, score: Score, how: How, draws: FloatArray | None) -> tuple[float, float]:
    if draws is not None:
        ends = intervals(draws[:, None], np.array([found.value]), "percentile", how.level)
        return float(ends.lower[0]), float(ends.upper[0])
    if score.kind == "mean":
        return student(found, how.level)
    n = design_n(cells, found, score)
    if score.kind == "share":
        return wilson(found, n, how.level)
    if how.method == "wald":
        low, high = wald(found, how.level)
        return max(low, -score.scale), min(high, score.scale)
    y, w = cells_score(cells, score), cells.w / cells.w.sum()
    for_, against = float(w[y > 0].sum()), float(w[y < 0].sum())
    own = adjusted_net if how.method == "adjusted" else score_net
    low, high = own(for_, against, n, how.level)
    return score.scale * low, score.scale * high


def _replicates(metric: Metric, answers: Answers, how: How) -> dict[Hashable, FloatArray]:
    """Resampled respondents of each group, as counts of its cells: (n_boot, statistics) by group."""
    alike = [cells for cells in answers.parts.values() if not cells.alike]
    if alike:
        raise DataError("metrics.bootstrap_of_file")
    streams = list(generators(how.seed, 0, how.n_boot))
    found = {}
    for key, cells in answers.parts.items():
        y = np.column_stack([cells_score(cells, score) for score in metric.scores])
        weight, chance = cells.w / cells.n, cells.n / cells.n.sum()
        counts = np.array([random.multinomial(cells.size, chance) for random in streams]) * weight
        found[key] = counts @ y / counts.sum(axis=1, keepdims=True)
    return found


def _notices(metric: Metric, answers: Answers, how: How, table: pd.DataFrame) -> list[Notice]:
    own = table[table["statistic"] == metric.headline]
    small = own[own["n"] < _FEW]
    notices = []
    if len(small):
        groups = [str(key) for key in small["group"] if key != ALL]
        if answers.whole.size < _FEW:
            notices.append(Notice("metrics.few_answers", {"n": answers.whole.size}, serious=True))
        elif groups:
            shown = ", ".join(groups[:5]) + (", …" if len(groups) > 5 else "")
            notices.append(Notice("metrics.few_in_groups", {"groups": shown, "fewest": _FEW}, serious=True))
    flat = own["se"] == 0
    if flat.any():
        key = "metrics.no_spread_net" if metric.name == "nps" and how.method == "wald" else "metrics.no_spread"
        notices.append(Notice(key, serious=True))
    elif notices and metric.name == "nps" and how.method == "wald":
        notices.append(Notice("metrics.small_sample_method"))
    return notices


def measure_options(level: float, method: str, n_boot: int, seed: int | None) -> How:
    """The options of a rating's interval, checked."""
    return options(level, method, RatingMethod, n_boot, seed)
