"""Probabilities of a cumulative link model, their averages and slopes, each with its derivative by the parameters."""

from __future__ import annotations

import numpy as np

from cxlab.estimate.ordinal import Array, interval_probability
from cxlab.estimate.ordinal_links import LINKS


def _edges(params: Array, x: Array, categories: int) -> Array:
    """The linear predictor at each threshold, infinite outside: (n, J + 1)."""
    inner = params[: categories - 1] - (x @ params[categories - 1 :])[:, None]
    outside = np.full((len(x), 1), np.inf)
    return np.hstack([-outside, inner, outside])


def probabilities(params: Array, x: Array, categories: int, link: str) -> Array:
    """Probability of each answer, (n, J).

    Examples
    --------
    >>> probabilities(np.array([0.0, 1.0]), np.zeros((1, 1)), 2, "logit")
    array([[0.5, 0.5]])
    """
    edges = _edges(params, x, categories)
    return interval_probability(edges[:, 1:], edges[:, :-1], LINKS[link])


def probability_errors(params: Array, cov: Array, x: Array, categories: int, link: str) -> Array:
    """Delta-method standard errors of `probabilities`, (n, J).

    Examples
    --------
    >>> probability_errors(np.array([0.0, 1.0]), np.eye(2), np.zeros((1, 1)), 2, "logit")
    array([[0.25, 0.25]])
    """
    density = LINKS[link].density(_edges(params, x, categories))
    errors = np.empty((len(x), categories))
    for j in range(categories):
        slope = _by_params(density[:, j + 1], density[:, j], x, j, categories)
        errors[:, j] = np.sqrt(np.einsum("np,pq,nq->n", slope, cov, slope))
    return errors


def mean_probabilities(params: Array, x: Array, weights: Array, categories: int, link: str) -> tuple[Array, Array]:
    """Average probability of each answer (J,), and its derivative by the parameters (J, p).

    Examples
    --------
    >>> mean_probabilities(np.array([0.0]), np.zeros((2, 0)), np.ones(2), 2, "logit")[1]
    array([[ 0.25],
           [-0.25]])
    """
    share = weights / weights.sum()
    density = LINKS[link].density(_edges(params, x, categories))
    weighted = share[:, None] * density
    slopes = [_summed(weighted[:, j + 1], weighted[:, j], x, j, categories) for j in range(categories)]
    return share @ probabilities(params, x, categories, link), np.array(slopes)


def mean_slopes(params: Array, x: Array, dx: Array, weights: Array, categories: int, link: str) -> tuple[Array, Array]:
    """Average slope of each probability along a predictor (J,), and its derivative by the parameters (J, p).

    Parameters
    ----------
    x : (n, q) array
        The design's columns.
    dx : (n, q) array
        Their derivatives by the predictor.
    weights : (n,) array
        What each row counts in the average.

    Examples
    --------
    >>> slopes, _ = mean_slopes(np.array([0.0, 1.0]), np.zeros((1, 1)), np.ones((1, 1)), np.ones(1), 2, "logit")
    >>> slopes  # of the lower answer and the upper one: minus and plus f(0) b
    array([-0.25,  0.25])
    """
    law, share = LINKS[link], weights / weights.sum()
    edges = _edges(params, x, categories)
    density, bend = law.density(edges), law.slope(edges)
    along = -(dx @ params[categories - 1 :])
    effects, slopes = [], []
    for j in range(categories):
        step = density[:, j + 1] - density[:, j]
        effects.append(share @ (step * along))
        through = _summed(share * bend[:, j + 1] * along, share * bend[:, j] * along, x, j, categories)
        through[categories - 1 :] -= (share * step) @ dx
        slopes.append(through)
    return np.array(effects), np.array(slopes)


def _by_params(upper: Array, lower: Array, x: Array, j: int, categories: int) -> Array:
    """Derivative of a function of the two edges of answer j, given its derivatives by them: (n, p)."""
    out = np.zeros((len(x), categories - 1 + x.shape[1]))
    if j < categories - 1:
        out[:, j] += upper
    if j > 0:
        out[:, j - 1] -= lower
    out[:, categories - 1 :] = -(upper - lower)[:, None] * x
    return out


def _summed(upper: Array, lower: Array, x: Array, j: int, categories: int) -> Array:
    """`_by_params` added up over the rows: (p,)."""
    out = np.zeros(categories - 1 + x.shape[1])
    if j < categories - 1:
        out[j] += upper.sum()
    if j > 0:
        out[j - 1] -= lower.sum()
    out[categories - 1 :] = -(upper - lower) @ x
    return out


def as_cumulative(params: Array, cov: Array, link: str) -> tuple[Array, Array, str]:
    """A binary model ``P(Y = 1) = G(x'b)``, intercept first, as the cumulative model of two answers.

    ``1 - F(theta - x'b)`` with theta minus the intercept; F is G mirrored, so that cloglog becomes loglog.

    Examples
    --------
    >>> as_cumulative(np.array([0.5, 2.0]), np.eye(2), "cloglog")[0]
    array([-0.5,  2. ])
    """
    turn = np.ones(len(params))
    turn[0] = -1
    return turn * params, cov * np.outer(turn, turn), _MIRRORED.get(link, link)


_MIRRORED = {"cloglog": "loglog", "loglog": "cloglog"}
