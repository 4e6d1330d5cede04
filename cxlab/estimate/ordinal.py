"""Cumulative link models by Newton's method: proportional, or with coefficients that differ by threshold.

statsmodels' OrderedModel takes neither frequencies nor survey weights, has no robust errors for them, and no
non-proportional coefficients to test against; hence an engine of its own. McCullagh (1980):
``P(Y <= j) = F(theta_j - x'b)``, j = 1 .. J - 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from cxlab.estimate.ordinal_links import LINKS, Link

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
_ITERATIONS = 100
_HALVINGS = 40


@dataclass(frozen=True, eq=False)
class CumulativeFit:
    """What a cumulative link model gives.

    Attributes
    ----------
    params : (p,) array
        J - 1 thresholds, q coefficients, then for each threshold from the second on what its coefficients of the
        free columns add to those of the first.
    cov : (p, p) array
        Inverse of the observed information.
    robust : (p, p) array
        Sandwich of the rows' scores, without a small-sample factor.
    loglik : float
    iterations : int
    converged : bool
    information : float
        Smallest eigenvalue of the information a respondent, of centred and scaled columns: near zero where the
        likelihood has no maximum.
    """

    params: Array
    cov: Array
    robust: Array
    loglik: float
    iterations: int
    converged: bool
    information: float


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows of the linear predictors above and below each answer, with offsets of infinity at the ends."""

    upper: Array
    lower: Array
    above: Array
    below: Array


def cells(codes: Codes, x: Array, categories: int, free: NDArray[np.bool_] | None = None) -> Cells:
    """The rows ``Z`` of ``eta = Z params`` at the threshold above and below each answer.

    Parameters
    ----------
    codes : (n,) int array
        Answers as 0 .. J - 1.
    x : (n, q) array
    categories : int
        J.
    free : (q,) bool array, optional
        Columns whose coefficients differ by threshold.

    Examples
    --------
    >>> cells(np.array([0, 1, 2]), np.array([[5.0], [6.0], [7.0]]), 3).upper
    array([[ 1.,  0., -5.],
           [ 0.,  1., -6.],
           [ 0.,  0.,  0.]])
    """
    last = categories - 1
    at_top, at_bottom = codes == last, codes == 0
    return Cells(
        _rows(np.where(at_top, -1, codes), x, last, free),
        _rows(np.where(at_bottom, -1, codes - 1), x, last, free),
        np.where(at_top, np.inf, 0.0),
        np.where(at_bottom, -np.inf, 0.0),
    )


def _rows(threshold: Codes, x: Array, thresholds: int, free: NDArray[np.bool_] | None) -> Array:
    n, q = x.shape
    loose = np.zeros((n, 0)) if free is None else x[:, free]
    extra = loose.shape[1]
    rows = np.zeros((n, thresholds + q + (thresholds - 1) * extra))
    inside = np.flatnonzero(threshold >= 0)
    rows[inside, threshold[inside]] = 1
    rows[inside, thresholds : thresholds + q] = -x[inside]
    for j in range(1, thresholds):
        hit = threshold == j
        start = thresholds + q + (j - 1) * extra
        rows[hit, start : start + extra] = -loose[hit]
    return rows


def fit_cumulative(
    codes: Codes,
    x: Array,
    categories: int,
    link: str = "logit",
    *,
    counts: Array | None = None,
    sampling: Array | None = None,
    free: NDArray[np.bool_] | None = None,
) -> CumulativeFit:
    """Maximum likelihood of a cumulative link model.

    Parameters
    ----------
    codes : (n,) int array
        Answers as 0 .. J - 1, each of them present.
    x : (n, q) array
        Predictors without an intercept.
    categories : int
        J, at least 2.
    link : str
        A key of `LINKS`.
    counts : (n,) array, optional
        Respondents behind each row.
    sampling : (n,) array, optional
        Survey weights. They enter the pseudo-likelihood once and the sandwich twice.
    free : (q,) bool array, optional
        Columns with coefficients by threshold (partial proportional odds).

    Notes
    -----
    R: ``ordinal::clm(y ~ x, weights = , link = , nominal = )``.

    Examples
    --------
    >>> fit = fit_cumulative(np.array([0, 0, 1, 1, 2]), np.zeros((5, 0)), 3)
    >>> fit.params.round(3)  # log odds of 2 to 3 and of 4 to 1
    array([-0.405,  1.386])
    """
    counts = np.ones(len(codes)) if counts is None else counts
    weights = counts if sampling is None else counts * sampling
    back, scaled = _scaling(x, weights, categories - 1, free)
    law, sorted_rows = LINKS[link], _sorted(codes, scaled, weights, categories, free)
    start = _start(codes, weights, categories, law, len(back))
    params, steps, converged = _newton(start, sorted_rows, law)
    loglik, _, hessian = _derivatives(params, sorted_rows, law)
    inverse = linalg.pinvh(-hessian)
    scores = _scores(params, cells(codes, scaled, categories, free), law)
    meat = scores.T @ (scores * (weights**2 / counts)[:, None])
    smallest = float(linalg.eigvalsh(-hessian)[0] / weights.sum())
    return CumulativeFit(
        params=back @ params,
        cov=back @ inverse @ back.T,
        robust=back @ inverse @ meat @ inverse @ back.T,
        loglik=loglik,
        iterations=steps,
        converged=converged,
        information=smallest,
    )


@dataclass(frozen=True, eq=False)
class _Sorted:
    """Rows in the order of their answers, so that each answer's are a slice and share their two thresholds.

    `beside` (n, 1 + k) is what a threshold's own parameters multiply: 1, and minus the free columns.
    """

    x: Array
    beside: Array
    weights: Array
    ends: list[int]

    @property
    def thresholds(self) -> int:
        return len(self.ends) - 2

    def own(self, threshold: int) -> Codes:
        """Where the parameters of one threshold stand; the first has no coefficients to add to."""
        extra = self.beside.shape[1] - 1
        start = self.thresholds + self.x.shape[1] + (threshold - 1) * extra
        return np.array([threshold, *(range(start, start + extra) if threshold else [])])

    def edge(self, params: Array, threshold: int, rows: slice) -> Array:
        """The linear predictor of some rows at a threshold; infinite beyond the first and the last."""
        if not 0 <= threshold < self.thresholds:
            return np.full(rows.stop - rows.start, np.inf if threshold >= 0 else -np.inf)
        own = self.own(threshold)
        common = self.x[rows] @ params[self.thresholds : self.thresholds + self.x.shape[1]]
        eta: Array = self.beside[rows, : len(own)] @ params[own] - common
        return eta


def _sorted(codes: Codes, x: Array, weights: Array, categories: int, free: NDArray[np.bool_] | None) -> _Sorted:
    order = np.argsort(codes, kind="stable")
    ends = [0, *np.bincount(codes, minlength=categories).cumsum().tolist()]
    loose = np.zeros((len(x), 0)) if free is None else x[:, free]
    beside = np.hstack([np.ones((len(x), 1)), -loose])
    return _Sorted(np.ascontiguousarray(x[order]), beside[order], weights[order], ends)


def _scaling(x: Array, weights: Array, thresholds: int, free: NDArray[np.bool_] | None) -> tuple[Array, Array]:
    """Centred columns of unit spread, and the matrix that takes their parameters back to the columns as they are."""
    q = x.shape[1]
    middle = weights @ x / weights.sum()
    spread = np.sqrt(weights @ (x - middle) ** 2 / weights.sum())
    spread = np.where(spread > 0, spread, 1.0)
    loose = np.flatnonzero(np.zeros(q, dtype=bool) if free is None else free)
    size = thresholds + q + (thresholds - 1) * len(loose)
    back = np.eye(size)
    slopes = np.arange(thresholds, thresholds + q)
    back[slopes, slopes] = 1 / spread
    back[np.ix_(np.arange(thresholds), slopes)] = middle / spread
    for j in range(1, thresholds):
        own = np.arange(len(loose)) + thresholds + q + (j - 1) * len(loose)
        back[own, own] = 1 / spread[loose]
        back[j, own] = (middle / spread)[loose]
    return back, (x - middle) / spread


def _start(codes: Codes, weights: Array, categories: int, link: Link, size: int) -> Array:
    shares = np.bincount(codes, weights, categories).cumsum()[:-1] / weights.sum()
    return np.concatenate([link.quantile(shares), np.zeros(size - categories + 1)])


def interval_probability(upper: Array, lower: Array, link: Link) -> Array:
    """F(upper) - F(lower), from the upper tail where that keeps more digits.

    Examples
    --------
    >>> float(interval_probability(np.array([np.inf]), np.array([40.0]), LINKS["logit"])[0]) > 0
    True
    """
    return np.where(lower > 0, link.upper(lower) - link.upper(upper), link.cdf(upper) - link.cdf(lower))


def _loglik(params: Array, rows: _Sorted, link: Link) -> float:
    total = 0.0
    for code, part in enumerate(_slices(rows)):
        chance = interval_probability(rows.edge(params, code, part), rows.edge(params, code - 1, part), link)
        if not (chance > 0).all():
            return -np.inf
        total += float(rows.weights[part] @ np.log(chance))
    return total


def _slices(rows: _Sorted) -> list[slice]:
    return [slice(first, last) for first, last in pairwise(rows.ends)]


def _scores(params: Array, rows: Cells, link: Link) -> Array:
    """Each row's score (n, p), before weighting."""
    upper, lower = rows.upper @ params + rows.above, rows.lower @ params + rows.below
    chance = interval_probability(upper, lower, link)
    high, low = (link.density(eta) / chance for eta in (upper, lower))
    return np.asarray(high[:, None] * rows.upper - low[:, None] * rows.lower)


def _derivatives(params: Array, rows: _Sorted, link: Link) -> tuple[float, Array, Array]:
    """Log-likelihood, gradient (p,) and Hessian (p, p), answer by answer."""
    gradient, hessian = np.zeros(len(params)), np.zeros((len(params), len(params)))
    total = 0.0
    common = np.arange(rows.thresholds, rows.thresholds + rows.x.shape[1])
    for code, part in enumerate(_slices(rows)):
        x, beside, weights = rows.x[part], rows.beside[part], rows.weights[part]
        edges = [rows.edge(params, threshold, part) for threshold in (code, code - 1)]
        chance = interval_probability(edges[0], edges[1], link)
        total += float(weights @ np.log(chance))
        high, low = (link.density(eta) / chance for eta in edges)
        bends = [link.slope(eta) / chance for eta in edges]
        both = weights * high * low
        selves = [weights * (bends[0] - high**2), weights * (-bends[1] - low**2)]
        gradient[common] -= (weights * (high - low)) @ x
        hessian[np.ix_(common, common)] += (x.T * (selves[0] + selves[1] + 2 * both)) @ x
        for threshold, alone, pull in ((code, selves[0], high), (code - 1, selves[1], -low)):
            if 0 <= threshold < rows.thresholds:
                own = rows.own(threshold)
                made = beside[:, : len(own)]
                gradient[own] += (weights * pull) @ made
                hessian[np.ix_(own, own)] += (made.T * alone) @ made
                mixed = (made.T * (alone + both)) @ x
                hessian[np.ix_(own, common)] -= mixed
                hessian[np.ix_(common, own)] -= mixed.T
        if 0 < code < rows.thresholds:
            above, below = rows.own(code), rows.own(code - 1)
            crossed = (beside[:, : len(above)].T * both) @ beside[:, : len(below)]
            hessian[np.ix_(above, below)] += crossed
            hessian[np.ix_(below, above)] += crossed.T
    return total, gradient, hessian


def _newton(params: Array, rows: _Sorted, link: Link) -> tuple[Array, int, bool]:
    enough = 1e-16 * max(1.0, rows.weights.sum() * 1e-3)
    for step in range(_ITERATIONS):
        loglik, gradient, hessian = _derivatives(params, rows, link)
        move = _direction(-hessian, gradient)
        if gradient @ move < enough:
            return params, step, True
        params, moved = _search(params, move, loglik, rows, link)
        if not moved:
            return params, step, bool(gradient @ move < 1e-8)
    return params, _ITERATIONS, False


def _direction(information: Array, gradient: Array) -> Array:
    """Newton's step; where the information is not positive definite, one along a matrix made so."""
    ridge, size = 0.0, float(np.abs(np.diag(information)).max())
    for _ in range(30):
        try:
            factor = linalg.cho_factor(information + ridge * np.eye(len(gradient)))
            return linalg.cho_solve(factor, gradient)
        except linalg.LinAlgError:
            ridge = max(10 * ridge, 1e-10 * size)
    return gradient / size


def _search(params: Array, move: Array, loglik: float, rows: _Sorted, link: Link) -> tuple[Array, bool]:
    """The longest step of 1, 1/2, 1/4 ... that does not make the likelihood worse."""
    noise = 1e-13 * abs(loglik)
    for _ in range(_HALVINGS):
        trial = params + move
        if _loglik(trial, rows, link) >= loglik - noise:
            return trial, True
        move = move / 2
    return params, False
