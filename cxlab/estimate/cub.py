"""CUB: ratings as a mixture of a feeling (shifted binomial) and an uncertainty (uniform), by EM and then Newton.

Piccolo (2003): ``P(R = r) = pi b_r(xi) + (1 - pi) / m`` with ``b_r = C(m-1, r-1) (1-xi)^(r-1) xi^(m-r)``. Extensions:
covariates of pi and xi by logits, a shelter answer that draws a share delta (Iannario, 2012), and a beta-binomial for
b_r with overdispersion phi (CUBE; Iannario, 2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.special import comb, expit, gammaln, logit

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
PI, XI, DELTA, PHI = range(4)
_EM_STEPS = 200
_NEWTON_STEPS = 200
# A logit beyond this is a share of 0 or 1 to ten digits: the maximum lies at the edge.
_EDGE = 25.0
_PINNED = 12.0
_STARTS = (0.1, 0.3, 0.5, 0.7, 0.9)


@dataclass(frozen=True, eq=False)
class CubProblem:
    """Ratings and what may move them.

    Attributes
    ----------
    ratings : (n,) int array
        1 .. m.
    points : int
        m.
    weights : (n,) array
        What each row counts.
    designs : tuple of four (n, k) arrays or None
        Of logit pi, logit xi, logit delta, log phi; None fixes pi = 1, delta = 0, phi = 0.
    shelter : int
        The rating that draws the share delta.
    """

    ratings: Codes
    points: int
    weights: Array
    designs: tuple[Array | None, Array, Array | None, Array | None]
    shelter: int = 1

    @property
    def active(self) -> tuple[int, ...]:
        """The parts that are estimated."""
        return tuple(part for part, design in enumerate(self.designs) if design is not None)

    @property
    def slices(self) -> dict[int, slice]:
        """Where each part's coefficients stand among the parameters."""
        found, start = {}, 0
        for part in self.active:
            width = _design(self, part).shape[1]
            found[part] = slice(start, start + width)
            start += width
        return found


@dataclass(frozen=True, eq=False)
class CubFit:
    """Parameters of the logits, their covariances (observed information; sandwich), and each row's `values` (n, 4).

    `information` is the smallest eigenvalue of the information a respondent: near zero at the edge of the parameters.
    `pinned` says that xi runs to 0 or 1 and is held there; its covariances are then missing.
    """

    params: Array
    cov: Array
    robust: Array
    loglik: float
    values: Array
    steps: int
    converged: bool
    information: float
    pinned: bool


def _design(problem: CubProblem, part: int) -> Array:
    design = problem.designs[part]
    if design is None:
        raise ValueError(part)
    return design


def feeling_probability(ratings: Codes, points: int, xi: Array, phi: Array) -> tuple[Array, Array, Array]:
    """The (beta-)binomial probability of each rating, and first (n, 2) and second (n, 2, 2) derivatives of its log.

    Derivatives are by xi and phi.

    Examples
    --------
    >>> feeling_probability(np.array([1, 2, 3]), 3, np.full(3, 0.5), np.zeros(3))[0]
    array([0.25, 0.5 , 0.25])
    """
    n = len(ratings)
    log, first, second = np.zeros(n), np.zeros((n, 2)), np.zeros((n, 2, 2))
    log += gammaln(points) - gammaln(ratings) - gammaln(points - ratings + 1)
    for k in range(points - 1):
        for inside, base, sign in ((k <= ratings - 2, 1 - xi, -1.0), (k <= points - ratings - 1, xi, 1.0)):
            term = np.where(inside, base + phi * k, 1.0)
            turn = np.array([sign, k])
            log += np.log(term)
            first += inside[:, None] * turn / term[:, None]
            second -= inside[:, None, None] * np.outer(turn, turn) / (term**2)[:, None, None]
        whole = 1 + phi * k
        log -= np.log(whole)
        first[:, 1] -= k / whole
        second[:, 1, 1] += k**2 / whole**2
    return np.exp(log), first, second


def row_values(problem: CubProblem, params: Array) -> Array:
    """Each row's pi, xi, delta and phi, (n, 4)."""
    values = np.tile(np.array([1.0, 0.5, 0.0, 0.0]), (len(problem.ratings), 1))
    for part, where in problem.slices.items():
        eta = _design(problem, part) @ params[where]
        values[:, part] = np.exp(np.clip(eta, -50, 50)) if part == PHI else expit(eta)
    return values


def rating_probabilities(values: Array, points: int, shelter: int) -> Array:
    """The probability of every rating for each row of pi, xi, delta, phi: (n, m).

    Examples
    --------
    >>> rating_probabilities(np.array([[0.0, 0.5, 0.0, 0.0]]), 4, 1)
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    columns = []
    for rating in range(1, points + 1):
        own = np.full(len(values), rating)
        feeling = feeling_probability(own, points, values[:, XI], values[:, PHI])[0]
        mixed = values[:, PI] * feeling + (1 - values[:, PI]) / points
        columns.append(values[:, DELTA] * (rating == shelter) + (1 - values[:, DELTA]) * mixed)
    return np.column_stack(columns)


def loglik(problem: CubProblem, params: Array) -> float:
    """The log-likelihood; minus infinity where a rating has probability zero."""
    chance = _chance(problem, row_values(problem, params))[0]
    return float(problem.weights @ np.log(chance)) if (chance > 0).all() else -np.inf


def _chance(problem: CubProblem, values: Array) -> tuple[Array, Array, Array, Array]:
    pi, delta = values[:, PI], values[:, DELTA]
    feeling, first, second = feeling_probability(problem.ratings, problem.points, values[:, XI], values[:, PHI])
    mixed = pi * feeling + (1 - pi) / problem.points
    return delta * (problem.ratings == problem.shelter) + (1 - delta) * mixed, feeling, first, second


def _by_values(problem: CubProblem, values: Array) -> tuple[Array, Array, Array]:
    """Each row's probability, and its first (n, 4) and second (n, 4, 4) derivatives by pi, xi, delta and phi."""
    chance, feeling, first, second = _chance(problem, values)
    pi, delta = values[:, PI], values[:, DELTA]
    gradient = np.zeros((len(chance), 4))
    bend = np.zeros((len(chance), 4, 4))
    slope = feeling[:, None] * first
    curve = feeling[:, None, None] * (second + first[:, :, None] * first[:, None, :])
    above = feeling - 1 / problem.points
    gradient[:, PI] = (1 - delta) * above
    gradient[:, DELTA] = (problem.ratings == problem.shelter) - pi * feeling - (1 - pi) / problem.points
    bend[:, PI, DELTA] = bend[:, DELTA, PI] = -above
    for i, part in enumerate((XI, PHI)):
        gradient[:, part] = (1 - delta) * pi * slope[:, i]
        bend[:, PI, part] = bend[:, part, PI] = (1 - delta) * slope[:, i]
        bend[:, DELTA, part] = bend[:, part, DELTA] = -pi * slope[:, i]
        for j, other in enumerate((XI, PHI)):
            bend[:, part, other] = (1 - delta) * pi * curve[:, i, j]
    return chance, gradient, bend


def derivatives(problem: CubProblem, params: Array) -> tuple[float, Array, Array]:
    """Log-likelihood, each row's score (n, p) before weighting, and the Hessian (p, p)."""
    values = row_values(problem, params)
    chance, gradient, bend = _by_values(problem, values)
    once = values * (1 - values)
    twice = once * (1 - 2 * values)
    once[:, PHI] = twice[:, PHI] = values[:, PHI]
    bend = bend * once[:, :, None] * once[:, None, :]
    bend[:, range(4), range(4)] += gradient * twice
    relative = gradient * once / chance[:, None]
    curve = bend / chance[:, None, None] - relative[:, :, None] * relative[:, None, :]
    slices = problem.slices
    scores = np.hstack([relative[:, part, None] * _design(problem, part) for part in slices])
    hessian = np.zeros((scores.shape[1],) * 2)
    for part, rows in slices.items():
        for other, columns in slices.items():
            middle = (problem.weights * curve[:, part, other])[:, None] * _design(problem, other)
            hessian[rows, columns] = _design(problem, part).T @ middle
    return float(problem.weights @ np.log(chance)), scores, hessian


def fit_cub(problem: CubProblem, counts: Array | None = None) -> CubFit:
    """Maximum likelihood: EM from the best of a grid, then Newton with the observed information.

    Parameters
    ----------
    problem : CubProblem
    counts : (n,) array, optional
        Respondents behind each row, for the sandwich of survey-weighted rows.

    Notes
    -----
    R: ``CUB::GEM(Formula(r ~ 0 | 0 | 0), family = "cub")``.

    Examples
    --------
    >>> ratings, ones = np.repeat([1, 2, 3, 4, 5], [2, 3, 10, 30, 20]), np.ones((65, 1))
    >>> fit = fit_cub(CubProblem(ratings, 5, np.ones(65), (ones, ones, None, None)))
    >>> fit.values[0, :2].round(3)  # pi and xi
    array([0.887, 0.224])
    """
    free = np.ones(max(where.stop for where in problem.slices.values()), dtype=bool)
    params, steps, converged = _newton(problem, _em(problem), free)
    at = problem.slices[XI]
    pinned = at.stop - at.start == 1 and abs(params[at.start]) > _PINNED
    if pinned:
        free[at.start] = False
        params[at.start] = np.copysign(_EDGE, params[at.start])
        params, steps, converged = _newton(problem, params, free)
    value, scores, hessian = derivatives(problem, params)
    counts = np.ones(len(scores)) if counts is None else counts
    meat = scores.T @ (scores * (problem.weights**2 / counts)[:, None])
    inside = np.ix_(free, free)
    inverse, robust = np.full_like(hessian, np.nan), np.full_like(hessian, np.nan)
    inverse[inside] = linalg.pinvh(-hessian[inside])
    robust[inside] = inverse[inside] @ meat[inside] @ inverse[inside]
    smallest = float(linalg.eigvalsh(-hessian[inside])[0] / problem.weights.sum()) if free.any() else 1.0
    values = row_values(problem, params)
    return CubFit(params, inverse, robust, value, values, steps, converged, smallest, bool(pinned))


def _em(problem: CubProblem) -> Array:
    """Intercepts by EM on the counts of ratings; covariates and overdispersion start from there."""
    counts = np.bincount(problem.ratings, problem.weights, problem.points + 1)[1:].astype(float)
    delta = 0.05 if DELTA in problem.active else 0.0
    grid = [(pi, xi) for pi in (_STARTS if PI in problem.active else (1.0,)) for xi in _STARTS]
    tried = sorted((_em_run(counts, pi, xi, delta, problem.shelter, 5) for pi, xi in grid), reverse=True)
    runs = [_em_run(counts, *start[1:], problem.shelter, _EM_STEPS) for start in tried[:2]]
    inner = [float(np.clip(value, 1e-6, 1 - 1e-6)) for value in max(runs)[1:]]
    params = np.zeros(max(where.stop for where in problem.slices.values()))
    for part, where in problem.slices.items():
        params[where.start] = np.log(0.05) if part == PHI else logit(inner[part])
    return params


def _em_run(
    counts: Array, pi: float, xi: float, delta: float, shelter: int, steps: int
) -> tuple[float, float, float, float]:
    """EM without covariates: log-likelihood, pi, xi, delta."""
    points, n = len(counts), counts.sum()
    ratings = np.arange(1, points + 1)
    binomial = comb(points - 1, ratings - 1)
    value = -np.inf
    for _ in range(steps):
        feeling = binomial * (1 - xi) ** (ratings - 1) * xi ** (points - ratings)
        mixed = pi * feeling + (1 - pi) / points
        chance = delta * (ratings == shelter) + (1 - delta) * mixed
        new = float(counts[counts > 0] @ np.log(chance[counts > 0]))
        if new - value < 1e-8 * abs(new):
            break
        value = new
        free = counts * (1 - delta) * mixed / chance
        felt = free * pi * feeling / mixed
        delta = delta and float(1 - free.sum() / n)
        pi = 1.0 if pi == 1 else float(felt.sum() / free.sum())
        xi = float(np.clip(felt @ (points - ratings) / max(felt.sum(), 1e-12) / (points - 1), 1e-9, 1 - 1e-9))
    return value, pi, xi, delta


def _newton(problem: CubProblem, params: Array, free: NDArray[np.bool_]) -> tuple[Array, int, bool]:
    params = params.copy()
    for step in range(_NEWTON_STEPS):
        value, scores, hessian = derivatives(problem, params)
        gradient = np.where(free, problem.weights @ scores, 0.0)
        move = np.zeros(len(params))
        if free.any():
            move[free] = _direction(-hessian[np.ix_(free, free)], gradient[free])
        if gradient @ move < 1e-14:
            return params, step, True
        for _ in range(40):
            if loglik(problem, params + move) >= value - 1e-13 * abs(value):
                break
            move = move / 2
        else:
            return params, step, bool(gradient @ move < 1e-8)
        params = params + move
        if np.abs(params[free]).max() > _EDGE:
            return params, step, False
    return params, _NEWTON_STEPS, False


def _direction(information: Array, gradient: Array) -> Array:
    """Newton's step, its curvatures made positive, so that it always climbs; at most two logits long."""
    values, vectors = linalg.eigh(information)
    size = np.maximum(np.abs(values), 1e-10 * np.abs(values).max() + 1e-12)
    move: Array = vectors @ ((vectors.T @ gradient) / size)
    return move * min(1.0, 2 / max(float(np.abs(move).max()), 1e-300))
