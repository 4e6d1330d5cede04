"""Where searches start: values made from the data where items measure one factor each, and what to try after these.

Communalities by Spearman's formula within each factor's items, covariances of factors from weighted sums of their items
(Guttman's multiple groups), and least squares for the paths between factors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from cxlab.estimate.sem.objective import GroupMoments, Objective
from cxlab.estimate.sem.problem import Problem
from cxlab.specify.matrix_map import BETA, LAMBDA, PSI, THETA

# Communalities are kept within these, so that no search starts at an improper point.
_LEAST, _MOST = 0.1, 0.9
_FEWEST_ITEMS = 3


def starts(
    problem: Problem,
    objective: Objective,
    inside: GroupMoments,
    begin: Callable[[], np.ndarray],
    more: int,
    seed: int,
) -> Iterator[np.ndarray]:
    """Points (r,) to start from: one made from the moments; the given one; it with other variances; plain ones; random.

    `more` is the number of random ones.
    """
    made = start_from_moments(problem, objective, inside)
    if made is not None:
        yield made
    yield begin()
    theta = problem.full(begin())
    variance, loading = np.zeros((2, problem.parameters), dtype=bool)
    for index in problem.index:
        variance[index.parameter] = index.s == 0.5
        loading[index.parameter] = index.matrix == LAMBDA
    for scale in (0.3, 1.6):
        yield problem.reduced(np.where(variance, scale * theta, theta))
    yield problem.reduced(np.where(variance, 0.5, np.where(loading, np.where(theta < 0, -0.7, 0.7), 0.0)))
    random = np.random.default_rng(seed)
    for _ in range(more):
        # residual variances alone can decide which of two items a misplaced equality is blamed on: spread them widely
        noise = np.where(variance, random.uniform(0.3, 1.8, theta.shape) ** 3, random.uniform(0.3, 1.8, theta.shape))
        yield problem.reduced(np.where(variance | loading, theta * noise, theta + random.normal(0, 0.5, theta.shape)))


def start_from_moments(problem: Problem, objective: Objective, inside: GroupMoments) -> np.ndarray | None:
    """Start values (r,) in natural units; None for other models, or where the user said where to start."""
    if problem.has_means or (problem.table.free[np.isfinite(problem.table.ustart)] > 0).any():
        return None
    theta = np.zeros(problem.parameters)
    for group in range(problem.groups):
        blocks = _blocks(problem, group)
        if blocks is None:
            return None
        _fill_group(problem, group, inside.cov[0, group], blocks, theta)
    made = problem.reduced(theta)
    value = objective.value(problem.full(made)[None], np.zeros(1, dtype=int))[0]
    return made if np.isfinite(value[0]) else None


def _blocks(problem: Problem, group: int) -> list[np.ndarray] | None:
    """The items of each inner variable; None unless each item loads on one alone and none has fewer than three."""
    places = problem.places
    rows = (places.matrix == LAMBDA) & (places.group == group)
    items, columns = places.row[rows], places.col[rows]
    if len(set(items.tolist())) < len(items) or not problem.diagonal_theta:
        return None
    blocks = [items[columns == column] for column in range(problem.inner)]
    return blocks if blocks and min(map(len, blocks)) >= _FEWEST_ITEMS else None


def _fill_group(problem: Problem, group: int, cov: np.ndarray, blocks: list[np.ndarray], theta: np.ndarray) -> None:
    """Loadings, residuals, latent covariances and paths of one group, written into theta (q,)."""
    loadings = np.zeros((problem.items, problem.inner))
    for column, items in enumerate(blocks):
        loadings[items, column] = _loadings(cov[np.ix_(items, items)])
    residual = np.diag(cov) - (loadings**2).sum(axis=1)
    weights = loadings / residual[:, None]
    weights /= (weights * loadings).sum(axis=0)
    latent = weights.T @ cov @ weights  # of factors with variance 1
    place = np.arange(len(latent))
    latent[place, place] = 1.0
    scale = _scales(problem, group, loadings)
    phi = latent * np.outer(scale, scale)
    beta, psi = _paths(problem, group, phi)
    filled = {LAMBDA: loadings / scale, THETA: np.diag(residual), BETA: beta, PSI: psi}
    for code, at in problem.index[group].places.items():
        if code in filled:
            theta[at.parameter] = filled[code][at.row, at.column]


def _loadings(cov: np.ndarray) -> np.ndarray:
    """Loadings on a factor with variance 1; signs by the covariance with the first item."""
    spread, sign = np.sqrt(np.diag(cov)), np.where(cov[0] < 0, -1.0, 1.0)
    r = cov / np.outer(spread, spread) * np.outer(sign, sign)
    r = r - np.diag(np.diag(r))
    sums, squares = r.sum(axis=0), (r**2).sum(axis=0)
    rest = r.sum() - 2 * sums
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(rest > 0, (sums**2 - squares) / rest, _LEAST)
    return np.asarray(sign * spread * np.sqrt(np.clip(share, _LEAST, _MOST)))


def _scales(problem: Problem, group: int, loadings: np.ndarray) -> np.ndarray:
    """What each factor is divided by to have the unit that a fixed loading, or its fixed variance, gives it."""
    places, scale = problem.places, np.ones(problem.inner)
    held = (places.group == group) & (places.free == 0) & (places.value != 0)
    for row in np.flatnonzero(held & (places.matrix == PSI) & (places.row == places.col)).tolist():
        scale[places.col[row]] = np.sqrt(abs(places.value[row]))
    for row in np.flatnonzero(held & (places.matrix == LAMBDA))[::-1].tolist():
        item, column = places.row[row], places.col[row]
        scale[column] = loadings[item, column] / places.value[row]  # below 0 turns the factor round
    return scale


def _paths(problem: Problem, group: int, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """B by least squares, and Psi that it leaves."""
    places = problem.places
    here = (places.matrix == BETA) & (places.group == group)
    beta = np.zeros_like(phi)
    for outcome in set(places.row[here].tolist()):
        sources = places.col[here & (places.row == outcome)]
        beta[outcome, sources] = np.linalg.lstsq(phi[np.ix_(sources, sources)], phi[sources, outcome], rcond=None)[0]
    left = np.eye(len(phi)) - beta
    psi = left @ phi @ left.T
    place = np.arange(len(psi))
    psi[place, place] = np.maximum(np.diag(psi), _LEAST * np.diag(phi))
    return beta, psi
