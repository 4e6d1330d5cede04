"""Method bias in numbers: one factor's share, correlations less a marker's, full collinearity, what scores hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from cxlab.estimate.factor.extraction import extract

Array = NDArray[np.float64]
_TIGHT = 1e-9
_MOST = 5000


class Shares(NamedTuple):
    """Share of all variance of the first principal component and of one common factor, and eigenvalues above 1."""

    component: float
    factor: float
    above_one: int


class Decomposition(NamedTuple):
    """What a construct's score holds: reliable variance in all, of the construct, of the method."""

    total: float
    substantive: float
    method: float


def harman(correlations: Array) -> Shares:
    """Harman's single factor: how much of the items' variance one unrotated factor takes.

    Parameters
    ----------
    correlations : (p, p) array

    Notes
    -----
    First eigenvalue / p; sum of squared loadings of one principal-axis factor / p. Equals
    ``psych::principal(r, 1)`` and ``psych::fa(r, 1, fm = "pa")``.

    Examples
    --------
    >>> shares = harman(np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, 0.5, 1.0]]))
    >>> round(shares.component, 3), round(shares.factor, 3)
    (0.667, 0.5)
    """
    values = np.linalg.eigvalsh(correlations)[::-1]
    found = extract(correlations[None], 1, "pa", tolerance=_TIGHT, max_iter=_MOST)
    p = len(correlations)
    return Shares(float(values[0] / p), float(found.communalities.sum() / p), int((values > 1).sum()))


def score_correlations(cov: Array, blocks: Sequence[Sequence[int]]) -> Array:
    """Correlations of the constructs' mean scores, from the items' covariances.

    Examples
    --------
    >>> score_correlations(np.array([[1.0, 0.2], [0.2, 1.0]]), [[0], [1]]).round(2).tolist()
    [[1.0, 0.2], [0.2, 1.0]]
    """
    weights = np.zeros((len(cov), len(blocks)))
    for column, items in enumerate(blocks):
        weights[list(items), column] = 1 / len(items)
    scores = weights.T @ cov @ weights
    spread = np.sqrt(np.diag(scores))
    return np.asarray(scores / np.outer(spread, spread))


def full_collinearity(correlations: Array) -> Array:
    """Variance inflation of each variable predicted by all others (k,): the diagonal of the inverse.

    Examples
    --------
    >>> full_collinearity(np.array([[1.0, 0.6], [0.6, 1.0]])).round(4).tolist()
    [1.5625, 1.5625]
    """
    if np.linalg.eigvalsh(correlations)[0] < 1e-10:
        return np.full(len(correlations), math.inf)
    return np.asarray(np.diag(np.linalg.inv(correlations)))


def partialled(r: float, marker: float, n: int) -> tuple[float, float]:
    """A correlation less the marker's, and its p-value with n - 3 degrees of freedom.

    Notes
    -----
    r_a = (r - r_m) / (1 - r_m), t = r_a / sqrt((1 - r_a^2) / (n - 3)) (Lindell & Whitney, 2001).

    Examples
    --------
    >>> [round(value, 4) for value in partialled(0.4, 0.1, 103)]
    [0.3333, 0.0006]
    """
    adjusted = (r - marker) / (1 - marker)
    return adjusted, correlation_p(adjusted, n - 3)


def correlation_p(r: float, df: int) -> float:
    """Two-sided p-value of a correlation."""
    if df < 1 or abs(r) >= 1:
        return math.nan
    return float(2 * student.sf(abs(r) * math.sqrt(df / (1 - r * r)), df))


def decompose(substantive: Array, method: Array, errors: Array) -> Decomposition:
    """Reliability of a construct's unit-weighted score, divided between the construct and the method.

    Parameters
    ----------
    substantive, method, errors : (p,) arrays
        Standardised loadings on the construct and on the method factor, and error variances.

    Notes
    -----
    (sum l_s)^2 / V and (sum l_m)^2 / V with V = (sum l_s)^2 + (sum l_m)^2 + sum of errors (Williams, Hartman &
    Cavazotte, 2010).

    Examples
    --------
    >>> found = decompose(np.array([0.8, 0.8]), np.array([0.3, 0.3]), np.array([0.27, 0.27]))
    >>> [round(part, 3) for part in found]
    [0.844, 0.74, 0.104]
    """
    own, other = float(substantive.sum()) ** 2, float(method.sum()) ** 2
    whole = own + other + float(errors.sum())
    return Decomposition((own + other) / whole, own / whole, other / whole)


def marker_correlations(values: Sequence[float]) -> tuple[float, float]:
    """The smallest and the second smallest positive correlation, nan where there is none.

    Examples
    --------
    >>> marker_correlations([0.3, -0.1, 0.05])
    (0.05, 0.3)
    """
    positive = sorted(value for value in values if value > 0)
    return (positive[0] if positive else math.nan), (positive[1] if len(positive) > 1 else math.nan)
