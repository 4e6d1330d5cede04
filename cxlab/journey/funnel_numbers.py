"""The numbers of a funnel: who reached which stage, shares with their intervals, tests between groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.weights import effective_n
from cxlab.journey.cluster import effective_wilson

Floats = NDArray[np.float64]
_COLUMNS = ["stage", "chi2", "df", "p", "p_adjusted"]
_WEIGHTED = ["stage", "f", "df1", "df2", "p", "p_adjusted"]


class Visits:
    """For each customer and stage: an event there, the stage or a later one reached, and when.

    `places` (n,) is the stage of each event among those shown, `far` (n,) the last of those shown that the event lies
    at or beyond (-1: before the first).
    """

    def __init__(
        self, customers: np.ndarray, places: np.ndarray, far: np.ndarray, times: np.ndarray, total: int, k: int
    ) -> None:
        here = places >= 0
        self.visited = np.zeros((total, k), dtype=bool)
        self.visited[customers[here], places[here]] = True
        beyond = far >= 0
        customers, far, times = customers[beyond], far[beyond], times[beyond]
        furthest = np.zeros((total, k), dtype=bool)
        furthest[customers, far] = True
        first = np.full((total, k), np.inf)
        np.minimum.at(first, (customers, far), np.where(np.isnan(times), np.inf, times))
        self.reached = np.maximum.accumulate(furthest[:, ::-1], axis=1)[:, ::-1]
        self.when = np.minimum.accumulate(first[:, ::-1], axis=1)[:, ::-1]


def one_funnel(
    visits: Visits, who: np.ndarray, chosen: Sequence[str], still: np.ndarray, weights: Floats | None, level: float
) -> pd.DataFrame:
    """The funnel of some customers."""
    reached, when = visits.reached[who], visits.when[who]
    w = np.ones(len(reached)) if weights is None else weights[who]
    n = reached.sum(axis=0)
    table = pd.DataFrame({"stage": list(chosen), "visited": visits.visited[who].sum(axis=0), "reached": n})
    before = np.column_stack([np.zeros(len(reached), bool), reached[:, :-1]])
    ends: Mapping[str, np.ndarray] = {"share": np.repeat(reached[:, :1], len(chosen), axis=1), "conversion": before}
    for name, of in ends.items():
        prefix = "share" if name == "share" else "ci"
        parts = [_share(reached[:, k], of[:, k], w, weights is not None, level) for k in range(len(chosen))]
        table[name], table[f"{prefix}_lower"], table[f"{prefix}_upper"] = (
            list(one) for one in zip(*parts, strict=True)
        )
    open_ = before & ~reached & still[who][:, None]
    table["under_way"] = open_.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        table["conversion_if_all_go_on"] = (w @ (before & (reached | open_))) / (w @ before)
    table["median_wait"] = [np.nan, *(median_wait(when[:, k], when[:, k + 1], w) for k in range(len(chosen) - 1))]
    names = ["stage", "visited", "reached", "share", "share_lower", "share_upper", "conversion", "ci_lower", "ci_upper"]
    return table[[*names, "under_way", "conversion_if_all_go_on", "median_wait"]]


def _share(marked: np.ndarray, of: np.ndarray, w: Floats, weighted: bool, level: float) -> tuple[float, float, float]:
    """Share of the customers `of` who are `marked`, with Wilson's interval; with weights on their effective number.

    That number is share (1 - share) / (Σ w² (y - share)² / (Σ w)²): the linearised variance without n/(n - 1), so that
    weights of 1 change nothing. Where all or nobody is marked it is Kish's.
    """
    from statsmodels.stats.proportion import proportion_confint

    y, w = marked[of].astype(float), w[of]
    if not len(y):
        return np.nan, np.nan, np.nan
    share = float(np.clip(w @ y / w.sum(), 0, 1))
    if not weighted:
        low, high = proportion_confint(y.sum(), len(y), alpha=1 - level, method="wilson")
        return share, float(low), float(high)
    se = np.sqrt(((w * (y - share)) ** 2).sum()) / w.sum()
    sizes = np.array([share]), np.array([se]), np.array([len(y)]), np.array([effective_n(w)])
    ends = effective_wilson(*sizes, level)
    return share, float(ends[0][0]), float(ends[1][0])


def median_wait(before: Floats, after: Floats, weights: Floats) -> float:
    """Weighted median of the waits that were seen: where two values halve the weight, the mean of both.

    Examples
    --------
    >>> median_wait(np.zeros(4), np.array([1.0, 2.0, 4.0, np.inf]), np.array([1.0, 1.0, 2.0, 1.0]))
    3.0
    """
    both = np.isfinite(before) & np.isfinite(after)
    if not both.any():
        return np.nan
    waits, w = after[both] - before[both], weights[both]
    order = np.argsort(waits, kind="stable")
    waits, sums = waits[order], np.cumsum(w[order])
    half = sums[-1] / 2
    first = int(np.searchsorted(sums, half * (1 - 1e-12)))
    second = int(np.searchsorted(sums, half * (1 + 1e-12)))
    return float((waits[first] + waits[second]) / 2)


def group_tests(
    visits: Visits, groups: Mapping[object, np.ndarray], chosen: Sequence[str], weights: Floats | None
) -> pd.DataFrame:
    """At each step: do the groups go on equally often?"""
    from statsmodels.stats.multitest import multipletests

    columns = _COLUMNS if weights is None else _WEIGHTED
    if len(groups) < 2:
        return pd.DataFrame(columns=columns)
    member = np.column_stack(list(groups.values()))
    rows = []
    for k, (_, stage) in enumerate(pairwise(chosen)):
        here = visits.reached[:, k] & member.any(axis=1)
        on, group = visits.reached[here, k + 1], member[here].argmax(axis=1)
        found = _chi_square(on, group) if weights is None else rao_scott(on, group, weights[here])
        rows.append((stage, *found))
    tests = pd.DataFrame(rows, columns=columns[:-1]).assign(p_adjusted=np.nan)
    known = tests["p"].notna()
    if known.any():
        tests.loc[known, "p_adjusted"] = multipletests(tests.loc[known, "p"], method="holm")[1]
    return tests


def _chi_square(on: np.ndarray, group: np.ndarray) -> tuple[float, float, float]:
    """Pearson's chi-square without correction, its df and p; missing where nothing can be compared."""
    from scipy.stats import chi2_contingency

    size = int(group.max()) + 1 if len(group) else 0
    counts = np.array([np.bincount(group[on == one], minlength=size) for one in (True, False)])
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2 or (counts.sum(axis=1) == 0).any():
        return np.nan, np.nan, np.nan
    found = chi2_contingency(counts, correction=False)
    return float(found.statistic), float(found.dof), float(found.pvalue)


def rao_scott(on: np.ndarray, group: np.ndarray, weights: Floats) -> tuple[float, float, float, float]:
    """Rao and Scott's (1984) test of independence with their second-order correction: F, its two df, and p.

    R: ``survey::svychisq(~on + group, svydesign(~1, weights = ~w))``.

    Examples
    --------
    >>> on, group = np.array([1, 0, 1, 0, 1, 1] * 5, bool), np.array([0, 0, 0, 1, 1, 1] * 5)
    >>> [round(one, 3) for one in rao_scott(on, group, np.ones(30))]
    [0.0, 1.0, 29.0, 1.0]
    """
    from scipy.stats import f as fisher

    n, group = len(on), np.unique(group, return_inverse=True)[1]
    size = int(group.max()) + 1 if n else 0
    if size < 2 or on.all() or not on.any():
        return np.nan, np.nan, np.nan, np.nan
    cells = np.eye(2 * size)[group * 2 + on.astype(int)]
    p = weights @ cells / weights.sum()
    scores = weights[:, None] * (cells - p) / weights.sum()
    covariance = n / (n - 1) * scores.T @ scores
    table = p.reshape(size, 2)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0)
    pearson = n * float(((table - expected) ** 2 / expected).sum())
    # The contrasts of interaction, which independence sets to zero; empty cells tell nothing of the covariance.
    seen = p > 0
    inverse = np.where(seen, 1 / np.where(seen, p, 1.0), 0.0)
    rows = np.repeat(np.eye(size), 2, axis=0)
    marginal = np.column_stack([rows, np.tile([0.0, 1.0], size)])
    mixed = rows[:, 1:] * np.tile([0.0, 1.0], size)[:, None]
    contrast = mixed - marginal @ np.linalg.lstsq(marginal, mixed, rcond=None)[0]
    scaled = contrast * inverse[:, None]
    delta = np.linalg.solve(contrast.T @ scaled / n, scaled.T @ covariance @ scaled)
    trace = float(np.trace(delta))
    df = trace**2 / float(np.trace(delta @ delta))
    statistic, below = pearson / trace, df * (n - 1)
    return statistic, df, below, float(fisher.sf(statistic, df, below))
