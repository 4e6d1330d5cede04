"""Little's test of answers missing completely at random, on the maximum likelihood moments of all answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.stats import chi2

from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.saturated import saturated_moments

Reason = Literal["", "nothing_missing", "one_item", "few_rows", "never_together", "dependent", "no_optimum"]
_ITERATIONS = 20_000
_SINGULAR = 1e-8


@dataclass(frozen=True, eq=False)
class Little:
    """Little's test, or why there is none.

    Attributes
    ----------
    statistic, df, pvalue : float
        nan where `reason` is not empty.
    patterns, rows : int
        Patterns with at least one answer, and their rows.
    reason : str
        ``nothing_missing``, ``one_item``, ``few_rows`` (no more rows than items), ``never_together`` (two items no row
        has both of), ``dependent`` (items that determine one another) or ``no_optimum`` (the moments were not found).
    pair : tuple of int
        The two items of ``never_together``.
    """

    statistic: float = float("nan")
    df: float = float("nan")
    pvalue: float = float("nan")
    patterns: int = 0
    rows: int = 0
    reason: Reason = ""
    pair: tuple[int, int] = (-1, -1)


def little(values: np.ndarray) -> Little:
    """Little's chi-square: do respondents with different gaps have different means in what they did answer?

    Parameters
    ----------
    values : ndarray (n, p)
        Answers, nan where missing; no column empty or constant. Rows without any answer are left out.

    Returns
    -------
    Little

    Notes
    -----
    d2 = sum over patterns j of n_j (m_j - mu)' S_j^-1 (m_j - mu), with mu and S the maximum likelihood moments; df =
    the number of answered items summed over patterns, less p (Little, 1988). As in R's ``naniar::mcar_test``, S has
    the divisor n.

    Examples
    --------
    >>> values = np.array([[1, 2.0], [2, np.nan], [3, 5], [4, np.nan], [5, 4], [6, 7]])
    >>> test = little(values)
    >>> test.patterns, test.df, 0 < test.pvalue < 1
    (2, 1.0, True)
    """
    found = Patterns.of(values)
    none = Little(patterns=len(found.mask), rows=found.rows)
    reason, pair = _unfit(found)
    if reason:
        return replace(none, reason=reason, pair=pair)
    try:
        with np.errstate(all="ignore"):  # where items determine one another the search runs to the edge
            moments = saturated_moments(found, iterations=_ITERATIONS)
    except np.linalg.LinAlgError:
        return replace(none, reason="dependent")
    spread = np.sqrt(np.maximum(np.diag(moments.cov), np.finfo(float).tiny))
    cor = moments.cov / np.outer(spread, spread)
    if not np.isfinite(cor).all() or np.linalg.eigvalsh(cor)[0] < _SINGULAR:
        return replace(none, reason="dependent")
    if not moments.converged:
        return replace(none, reason="no_optimum")
    statistic = sum(
        float(count) * _distance((mean - moments.mean)[there] / spread[there], cor[np.ix_(there, there)])
        for count, mean, there in zip(found.count[0], found.mean[0], found.mask > 0, strict=True)
    )
    df = float(found.mask.sum() - values.shape[1])
    return replace(none, statistic=statistic, df=df, pvalue=float(chi2.sf(statistic, df)))


def _distance(away: np.ndarray, cor: np.ndarray) -> float:
    return float(away @ cho_solve(cho_factor(cor), away))


def _determined(rows: np.ndarray) -> bool:
    """Whether items determine one another in complete rows; an item that is constant there says nothing of it."""
    varies = rows.std(axis=0) > 0
    return bool(varies.sum() > 1 and np.linalg.eigvalsh(np.corrcoef(rows[:, varies], rowvar=False))[0] < _SINGULAR)


def _unfit(found: Patterns) -> tuple[Reason, tuple[int, int]]:
    """Why the test cannot be made, before anything is estimated."""
    nobody = (-1, -1)
    p = found.mask.shape[1]
    if p < 2:
        return "one_item", nobody
    if len(found.mask) < 2:
        return "nothing_missing", nobody
    if found.rows <= p:
        return "few_rows", nobody
    whole = found.values[~np.isnan(found.values).any(axis=1)]
    if len(whole) > p and _determined(whole):
        return "dependent", nobody
    apart = np.argwhere(np.triu(found.coverage == 0, 1))
    if len(apart):
        return "never_together", (int(apart[0, 0]), int(apart[0, 1]))
    return "", nobody
