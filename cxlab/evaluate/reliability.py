"""Internal consistency from a covariance matrix: Cronbach's alpha, its intervals, and what each item adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
Interval = Literal["feldt", "duhachek"]


@dataclass(frozen=True)
class ItemStatistics:
    """One number an item, each of shape (k,).

    Attributes
    ----------
    r_drop : correlation of the item with the sum of the others (corrected item-total correlation)
    r_cor : item-total correlation corrected for overlap and reliability (psych's r.cor); NaN if items are redundant
    alpha_if_dropped : alpha of the scale without the item; NaN for two items, where one would be left
    """

    r_drop: Array
    r_cor: Array
    alpha_if_dropped: Array


def cronbach_alpha(cov: Array) -> float:
    """Cronbach's alpha, ``k/(k-1) * (1 - trace(S)/sum(S))``, of a covariance matrix S of shape (k, k), k >= 2.

    With a correlation matrix it is the standardised alpha. NaN if the sum of the items does not vary.
    Source: Cronbach (1951). R: ``psych::alpha(x)$total$raw_alpha``.

    Examples
    --------
    >>> round(cronbach_alpha(np.array([[1.0, 0.5], [0.5, 1.0]])), 6)
    0.666667
    """
    k, total = len(cov), cov.sum()
    if total <= 1e-12 * np.trace(cov):
        return float("nan")
    return float(k / (k - 1) * (1 - np.trace(cov) / total))


def correlation(cov: Array) -> Array:
    """Correlations of a covariance matrix.

    Examples
    --------
    >>> correlation(np.array([[4.0, 1.0], [1.0, 1.0]]))[0, 1].item()
    0.5
    """
    sd = np.sqrt(np.diag(cov))
    return cov / np.outer(sd, sd)


def average_correlation(cov: Array) -> float:
    """Mean of the correlations between different items; R: ``psych::alpha(x)$total$average_r``."""
    k = len(cov)
    return float((correlation(cov).sum() - k) / (k * (k - 1)))


def alpha_standard_error(cov: Array, n: int) -> float:
    """Asymptotic standard error of alpha under normality.

    Formula: ``Var = 2 k^2 / ((k-1)^2 (1'S1)^3) * [1'S1 (tr S^2 + (tr S)^2) - 2 tr S (1'S^2 1)] / n``.
    Source: van Zyl, Neudecker & Nel (2000); Duhachek & Iacobucci (2004). R: ``psych::alpha(x)$total$ase``.
    """
    k, total, trace, square = len(cov), cov.sum(), np.trace(cov), cov @ cov
    spread = total * (np.trace(square) + trace**2) - 2 * trace * square.sum()
    return float(np.sqrt(2 * k**2 / ((k - 1) ** 2 * total**3) * spread / n))


def alpha_interval(
    cov: Array, n: int, level: float = 0.95, method: Interval = "feldt", *, standardised: bool = False
) -> tuple[float, float]:
    """Interval of alpha at confidence `level`: Feldt's from the F distribution, or normal with `alpha_standard_error`.

    Formula (Feldt): ``1 - (1 - alpha) F(1 - tail)`` and ``1 - (1 - alpha) F(tail)``, F with ``n-1`` and ``(n-1)(k-1)``
    degrees of freedom. It assumes parallel normal items; the other assumes normal items only.
    Source: Feldt, Woodruff & Salih (1987); Duhachek & Iacobucci (2004). R: ``psych::alpha.ci(alpha, n, k)``.

    Examples
    --------
    >>> low, high = alpha_interval(np.array([[1.0, 0.5], [0.5, 1.0]]), n=100)
    >>> round(low, 3), round(high, 3)
    (0.505, 0.776)
    """
    matrix = correlation(cov) if standardised else cov
    alpha, k, tail = cronbach_alpha(matrix), len(cov), (1 - level) / 2
    if method == "duhachek":
        half = stats.norm.isf(tail) * alpha_standard_error(matrix, n)
        return float(alpha - half), float(alpha + half)
    f = stats.f(n - 1, (n - 1) * (k - 1))
    return float(1 - (1 - alpha) * f.isf(tail)), float(1 - (1 - alpha) * f.ppf(tail))


def item_statistics(cov: Array) -> ItemStatistics:
    """What each item adds to the scale, from the covariance matrix of shape (k, k).

    Source of r_cor: Revelle's psych, ``colSums(R*) / sqrt(sum(R*))``, R* with squared multiple correlations on the
    diagonal. R: ``psych::alpha(x)$item.stats`` and ``$alpha.drop``.
    """
    k = len(cov)
    rest = [np.delete(np.arange(k), i) for i in range(k)]
    without = [cov[np.ix_(others, others)] for others in rest]
    with np.errstate(invalid="ignore", divide="ignore"):
        r_drop = [cov[i, rest[i]].sum() / np.sqrt(cov[i, i] * without[i].sum()) for i in range(k)]
    dropped = [cronbach_alpha(part) if k > 2 else np.nan for part in without]
    return ItemStatistics(np.array(r_drop), _overlap_corrected(correlation(cov)), np.array(dropped))


def _overlap_corrected(cor: Array) -> Array:
    if np.linalg.cond(cor) > 1e12:
        return np.full(len(cor), np.nan)
    shared = cor.copy()
    np.fill_diagonal(shared, 1 - 1 / np.diag(np.linalg.inv(cor)))
    total = shared.sum()
    return shared.sum(axis=0) / np.sqrt(total) if total > 0 else np.full(len(cor), np.nan)
