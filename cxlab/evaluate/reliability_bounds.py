"""How reliable a sum of items is at least: Guttman's lambdas, split halves, the greatest lower bound."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MOST_ITEMS = 16
"""Up to this many items all halves are formed (6,435 of them)."""
_SMALLEST = 1e-10
_STEPS = 300
_CENTRED = 1e-10


@dataclass(frozen=True)
class Guttman:
    """Lower bounds to the reliability of the sum; nan where one is not defined.

    Attributes
    ----------
    lambda1, lambda2, lambda3, lambda5, lambda6 : lambda3 is Cronbach's alpha
    lambda4 : the best split into two halves; nan beyond `MOST_ITEMS` items
    split_mean, split_min : of all splits into halves
    """

    lambda1: float
    lambda2: float
    lambda3: float
    lambda4: float
    lambda5: float
    lambda6: float
    split_mean: float
    split_min: float


def guttman(cov: Array) -> Guttman:
    """Guttman's six lower bounds from a covariance matrix S of shape (k, k), k >= 2; of a correlation matrix as psych.

    Notes
    -----
    With V the sum of S: ``lambda1 = 1 - tr S / V``; ``lambda2 = lambda1 + sqrt(k/(k-1) C) / V``, C the sum of squared
    covariances; ``lambda3 = k/(k-1) lambda1``; ``lambda5 = lambda1 + 2 sqrt(max_j C_j) / V``, C_j the sum of an item's
    squared covariances; ``lambda6 = 1 - sum of residual variances / V``, of each item given the others; lambda4 as in
    `split_halves`. Source: Guttman (1945). R: ``psych::guttman(R)``, ``psych::splitHalf(S, covar = TRUE)``.

    Examples
    --------
    >>> found = guttman(np.array([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]]))
    >>> round(found.lambda2, 4), round(found.lambda3, 4), round(found.lambda6, 4)
    (0.6712, 0.6667, 0.5841)
    """
    k, total = len(cov), float(cov.sum())
    if total <= 1e-12 * np.trace(cov):
        return Guttman(*[float("nan")] * 8)
    squares = np.square(cov - np.diag(np.diag(cov))).sum(axis=0)
    first = 1 - np.trace(cov) / total
    splits = split_halves(cov)
    known = splits.size > 0
    return Guttman(
        lambda1=float(first),
        lambda2=float(first + np.sqrt(k / (k - 1) * squares.sum()) / total),
        lambda3=float(k / (k - 1) * first),
        lambda4=float(splits.max()) if known else float("nan"),
        lambda5=float(first + 2 * np.sqrt(squares.max()) / total),
        lambda6=1 - float(_residual_variances(cov).sum()) / total,
        split_mean=float(splits.mean()) if known else float("nan"),
        split_min=float(splits.min()) if known else float("nan"),
    )


def split_halves(cov: Array) -> Array:
    """Reliability of the sum from each split into two halves (sizes differ by one where k is odd); none if k > 16.

    ``4 C / V``: C the covariance of the two halves, V the variance of the sum; no equal spread of the halves is assumed
    (Flanagan-Rulon, Guttman's lambda4). R: ``psych::splitHalf(S, covar = TRUE, raw = TRUE)``, which for odd k leaves
    splits out.

    Examples
    --------
    >>> split_halves(np.array([[1, 0.5], [0.5, 1]])).round(4).tolist()
    [0.6667]
    """
    k = len(cov)
    if k > MOST_ITEMS:
        return np.empty(0)
    halves = np.array(list(combinations(range(k), k // 2)))
    if k % 2 == 0:
        halves = halves[halves[:, 0] == 0]  # the rest are the same splits, named by their other half
    sign = np.full((len(halves), k), -1.0)
    np.put_along_axis(sign, halves, 1.0, axis=1)
    return np.asarray(1 - ((sign @ cov) * sign).sum(axis=1) / cov.sum())


def _residual_variances(cov: Array) -> Array:
    """What is left of each item's variance given the others; 0 where they determine it."""
    spread = np.sqrt(np.diag(cov))
    cor = cov / np.outer(spread, spread)
    if np.linalg.eigvalsh(cor)[0] < _SMALLEST:
        left = [_left(cor, place) for place in range(len(cor))]
    else:
        left = list(1 / np.diag(np.linalg.inv(cor)))
    return np.asarray(np.array(left) * spread**2)


def _left(cor: Array, place: int) -> float:
    others = np.delete(np.arange(len(cor)), place)
    slopes = np.linalg.lstsq(cor[np.ix_(others, others)], cor[others, place], rcond=None)[0]
    return max(float(1 - cor[place, others] @ slopes), 0.0)


@dataclass(frozen=True, eq=False)
class LowerBound:
    """The greatest lower bound, and what proves it.

    Attributes
    ----------
    glb : float
    errors : (k,) the largest error variances in sum that leave a covariance matrix of true scores
    certificate : (k, k) X, positive semidefinite with a diagonal of 1 or more: no errors can sum to more than tr(S X)
    gap : tr(S X) less the sum of `errors`, over the sum of S: the most by which `glb` can be too high
    """

    glb: float
    errors: Array
    certificate: Array
    gap: float


def greatest_lower_bound(cov: Array, tolerance: float = 1e-8) -> LowerBound:
    """The smallest reliability of the sum that a covariance matrix S of shape (k, k), positive definite, allows.

    Parameters
    ----------
    cov : (k, k)
    tolerance : the gap to reach

    Notes
    -----
    ``glb = 1 - max sum(e) / sum(S)`` over error variances e >= 0 with S - diag(e) positive semidefinite. Newton steps
    on the sum of e plus m (log det(S - diag(e)) + sum log e), m falling to 0; then ``X = m (S - diag(e))^-1``. In
    small samples it is too high (ten Berge & Sočan, 2004). Source: Jackson & Agunwamba (1977).
    R: ``psych::glb.algebraic(S)$glb``; ``psych::glb.fa`` is an approximation by factor analysis.

    Examples
    --------
    >>> found = greatest_lower_bound(np.array([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]]))
    >>> round(found.glb, 4), found.gap < 1e-7
    (0.6818, True)
    """
    spread = np.sqrt(np.diag(cov))
    cor = cov / np.outer(spread, spread)
    weight = spread**2 / np.mean(spread**2)
    k, total = len(cov), float(cov.sum())
    errors = np.full(k, 0.5 * float(np.linalg.eigvalsh(cor)[0]))
    barrier = 1.0
    for _ in range(_STEPS):
        inverse = np.linalg.inv(cor - np.diag(errors))
        slope = weight - barrier * (np.diag(inverse) - 1 / errors)
        curvature = barrier * (np.square(inverse) + np.diag(1 / errors**2))
        step = np.linalg.solve(curvature, slope)
        decrement = float(slope @ step) / barrier
        errors = _inside(cor, errors, step, decrement)
        if decrement < _CENTRED:
            if 2 * k * barrier * np.mean(spread**2) / total < tolerance:
                break
            barrier /= 10
    x = barrier * np.linalg.inv(cor - np.diag(errors)) / np.sqrt(np.outer(weight, weight))
    x /= min(1.0, float(np.diag(x).min()))
    found = errors * spread**2
    return LowerBound(1 - float(found.sum()) / total, found, x, float(np.sum(cov * x) - found.sum()) / total)


def _inside(cor: Array, errors: Array, step: Array, decrement: float) -> Array:
    """A damped Newton step that leaves the matrix positive definite; full next to the centre."""
    size = 1.0 if decrement < 0.25 else 1 / (1 + np.sqrt(decrement))
    for _ in range(60):
        tried = errors + size * step
        if tried.min() > 0 and np.linalg.eigvalsh(cor - np.diag(tried))[0] > 0:
            return np.asarray(tried)
        size /= 2
    return errors
