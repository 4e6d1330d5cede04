"""Two crossed random intercepts (a customer's, a touchpoint's) by restricted maximum likelihood, exact and fast.

The larger factor is absorbed: its levels enter only through how many rows they have, so that one evaluation of the
criterion costs nothing that grows with rows or customers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, sparse, stats

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]
PARTS = ("customer", "touchpoint", "residual")
_EDGE = 1e-7
# Shares that are tried at least: with less residual than that, ratios to it swamp balanced tables' last digits.
_LEAST = np.array([1e-12, 1e-12, _EDGE])


@dataclass(frozen=True, eq=False)
class Moments:
    """All the criterion needs of the data, for W = [touchpoints (k), X (p), y], q = k + p + 1.

    `n` rows, `k`, `p`; `base` (q, q) is W'W; `sizes` (s,) the distinct numbers of rows a customer has, `counts` (s,)
    how many customers have as many, `within` (s, q, q) the sum over those of c c' with c = W' 1 of the customer.
    """

    n: int
    k: int
    p: int
    base: Floats
    sizes: Floats
    counts: Floats
    within: Floats


@dataclass(frozen=True, eq=False)
class Crossed:
    """An optimum: `shares` (3,) of customer, touchpoint and residual in the `total` variance; the `criterion`, -2 log
    restricted likelihood; `effects` (k,) of the touchpoints, `coefficients` (p,), and `covariance` (k + p, k + p) of
    the effects' errors and the coefficients together."""

    shares: Floats
    total: float
    criterion: float
    effects: Floats
    coefficients: Floats
    covariance: Floats

    @property
    def variances(self) -> Floats:
        """Of customer, touchpoint, residual."""
        return self.shares * self.total


def moments(y: Floats, x: Floats, customers: Ints, touchpoints: Ints, k: int) -> Moments:
    """Cross-products of the data.

    Parameters
    ----------
    y : (n,)
    x : (n, p)
        Fixed effects, the constant among them, of full rank.
    customers, touchpoints : (n,)
        Levels from 0; `k` touchpoints.

    Examples
    --------
    >>> found = moments(np.array([1.0, 2, 4]), np.ones((3, 1)), np.array([0, 0, 1]), np.array([0, 1, 0]), 2)
    >>> found.base.tolist()[0], found.sizes.tolist()
    ([2.0, 0.0, 2.0, 5.0], [1.0, 2.0])
    """
    n, p = x.shape
    z = sparse.csr_array((np.ones(n), (np.arange(n), touchpoints)), shape=(n, k))
    table = sparse.csr_array(sparse.hstack([z, sparse.csr_array(x), sparse.csr_array(y[:, None])]))
    owner = sparse.csr_array((np.ones(n), (customers, np.arange(n))), shape=(int(customers.max()) + 1, n))
    sums, rows = sparse.csr_array(owner @ table), np.bincount(customers)
    sizes, counts = np.unique(rows, return_counts=True)
    within = np.array([(part.T @ part).toarray() for part in (sums[np.flatnonzero(rows == size)] for size in sizes)])
    return Moments(n, k, p, (table.T @ table).toarray(), sizes.astype(float), counts.astype(float), within)


def _solved(data: Moments, ratios: Floats) -> tuple[float, float, Floats, Floats]:
    """Log determinant, residual sum of squares, Cholesky factor and solution at variance ratios to the residual's."""
    k, customer, touchpoint = data.k, ratios[0], np.sqrt(ratios[1])
    absorbed = data.base - np.tensordot(customer / (1 + customer * data.sizes), data.within, 1)
    scale = np.r_[np.full(k, touchpoint), np.ones(data.p)]
    matrix = absorbed[:-1, :-1] * np.outer(scale, scale)
    matrix[np.arange(k), np.arange(k)] += 1
    right = absorbed[:-1, -1] * scale
    lower = np.linalg.cholesky(matrix)
    half = linalg.solve_triangular(lower, right, lower=True)
    determinant = float(data.counts @ np.log1p(customer * data.sizes)) + 2 * float(np.log(np.diag(lower)).sum())
    return determinant, float(absorbed[-1, -1] - half @ half), lower, half


def criterion(data: Moments, variances: Floats) -> float:
    """-2 log restricted likelihood at the variances of customer, touchpoint and residual (lme4's REML criterion).

    Examples
    --------
    >>> data = moments(np.array([1.0, 2, 4]), np.ones((3, 1)), np.array([0, 0, 1]), np.array([0, 1, 0]), 2)
    >>> round(criterion(data, np.array([0.0, 0.0, 1.0])), 4)
    9.441
    """
    determinant, rss, *_ = _solved(data, variances[:2] / variances[2])
    return determinant + (data.n - data.p) * float(np.log(2 * np.pi * variances[2])) + rss / float(variances[2])


def _profiled(data: Moments, shares: Floats) -> float:
    """The criterion at these shares of the variance, at the total variance that suits them best."""
    determinant, rss, *_ = _solved(data, shares[:2] / shares[2])
    free = data.n - data.p
    return determinant + free * float(1 + np.log(2 * np.pi * max(rss, 1e-300) / free))


def fit(data: Moments, without: tuple[int, ...] = ()) -> Crossed:
    """The shares that minimise the criterion; parts in `without` (0 customer, 1 touchpoint) are held at nothing.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> customers, touchpoints = np.repeat(np.arange(200), 5), np.tile(np.arange(5), 200)
    >>> y = rng.normal(size=200)[customers] + rng.normal(size=1000)
    >>> found = fit(moments(y, np.ones((1000, 1)), customers, touchpoints, 5))
    >>> bool(0.4 < found.shares[0] < 0.6)
    True
    """
    free = [i for i in (0, 1) if i not in without]

    def shares(roots: Floats) -> Floats:
        ratios = np.zeros(3)
        ratios[free], ratios[2] = np.square(roots), 1.0
        return ratios / ratios.sum()

    best = shares(np.zeros(len(free)))
    if free:
        starts = [np.full(len(free), value) for value in (0.3, 1.5)]
        runs = [_minimised(lambda roots: _profiled(data, shares(roots)), start) for start in starts]
        best = shares(min(runs, key=lambda run: run[1])[0])
    best = np.where(best < _EDGE, 0.0, best)
    return _at(data, best / best.sum())


def _minimised(value: Callable[[Floats], float], start: Floats) -> tuple[Floats, float]:
    options = {"xatol": 1e-9, "fatol": 1e-10, "maxiter": 2000, "maxfev": 2000}
    found = optimize.minimize(value, start, method="Nelder-Mead", options=options)
    return np.asarray(found.x), float(found.fun)


def _at(data: Moments, shares: Floats) -> Crossed:
    ratios = shares[:2] / shares[2]
    _, rss, lower, half = _solved(data, ratios)
    residual = max(rss, 0.0) / (data.n - data.p)
    scale = np.r_[np.full(data.k, np.sqrt(ratios[1])), np.ones(data.p)]
    solution = scale * linalg.solve_triangular(lower.T, half, lower=False)
    covariance = residual * linalg.cho_solve((lower, True), np.eye(len(scale))) * np.outer(scale, scale)
    value = _profiled(data, shares)
    return Crossed(shares, residual / shares[2], value, solution[: data.k], solution[data.k :], covariance)


def share_interval(data: Moments, best: Crossed, part: int, level: float = 0.95) -> tuple[float, float]:
    """Profile likelihood interval of one part's share of the variance (0 customer, 1 touchpoint, 2 residual).

    All shares at which the criterion, minimised over the others, lies at most a chi-square quantile above its minimum.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> customers, touchpoints = np.repeat(np.arange(200), 5), np.tile(np.arange(5), 200)
    >>> y = rng.normal(size=200)[customers] + rng.normal(size=1000)
    >>> data = moments(y, np.ones((1000, 1)), customers, touchpoints, 5)
    >>> low, high = share_interval(data, fit(data), 0)
    >>> bool(low < 0.5 < high)
    True
    """
    limit = best.criterion + float(stats.chi2.ppf(level, 1))
    others = [i for i in range(3) if i != part]

    def gap(share: float) -> float:
        def value(split: float) -> float:
            shares = np.empty(3)
            shares[part], shares[others] = share, (1 - share) * np.array([1 - split, split])
            return _profiled(data, np.maximum(shares, _LEAST))

        # both ends too: with the other part at nothing the minimum lies on the edge
        inner = optimize.minimize_scalar(value, bounds=(0, 1), method="bounded", options={"xatol": 1e-7})
        return min(float(inner.fun), value(0.0), value(1.0)) - limit

    estimate = float(np.clip(best.shares[part], _EDGE, 1 - _EDGE))
    low = 0.0 if gap(_EDGE) <= 0 else float(optimize.brentq(gap, _EDGE, estimate, xtol=1e-7))
    high = 1.0 if gap(1 - _EDGE) <= 0 else float(optimize.brentq(gap, estimate, 1 - _EDGE, xtol=1e-7))
    return low, high


def satterthwaite(data: Moments, best: Crossed, weights: Floats) -> float:
    """Satterthwaite's degrees of freedom of a combination (p,) of the coefficients.

    2 v² / (g' A g): v the combination's variance, g its gradient by the variances, A their asymptotic covariance (twice
    the inverse Hessian of the criterion). Variances estimated as nothing are held there; nan where the data hardly tell
    the variances apart.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> customers, touchpoints = np.repeat(np.arange(50), 4), np.tile(np.arange(4), 50)
    >>> y = rng.normal(size=50)[customers] + rng.normal(size=200)
    >>> data = moments(y, np.ones((200, 1)), customers, touchpoints, 4)
    >>> round(satterthwaite(data, fit(data, without=(1,)), np.ones(1)))
    49
    """
    at, k = best.variances, data.k
    free = np.flatnonzero(at > 0)

    def moved(step: Floats) -> Floats:
        variances = at.copy()
        variances[free] *= np.exp(step)
        return variances

    def variance(step: Floats) -> float:
        now = moved(step)
        lower = _solved(data, now[:2] / now[2])[2]
        inverse = linalg.cho_solve((lower, True), np.eye(k + data.p))[k:, k:]
        return float(now[2] * (weights @ inverse @ weights))

    gradient = _gradient(variance, len(free))
    hessian = _hessian(lambda step: criterion(data, moved(step)), len(free))
    values, vectors = np.linalg.eigh(hessian)
    if values.min() <= 1e-8 * values.max():
        return float("nan")
    spread = 2 * float((np.square(vectors.T @ gradient) / values).sum())
    return 2 * variance(np.zeros(len(free))) ** 2 / spread if spread > 0 else float("nan")


def _gradient(value: Callable[[Floats], float], size: int, step: float = 1e-4) -> Floats:
    unit = np.eye(size) * step
    return np.array([(value(one) - value(-one)) / (2 * step) for one in unit])


def _hessian(value: Callable[[Floats], float], size: int, step: float = 1e-2) -> Floats:
    """Central differences, extrapolated once (Richardson), on the log scale of the variances."""

    def raw(width: float) -> Floats:
        unit = np.eye(size) * width
        found = np.empty((size, size))
        for i in range(size):
            for j in range(size):
                a, b = unit[i], unit[j]
                found[i, j] = (value(a + b) - value(a - b) - value(b - a) + value(-a - b)) / (4 * width**2)
        return found

    return (4 * raw(step / 2) - raw(step)) / 3
