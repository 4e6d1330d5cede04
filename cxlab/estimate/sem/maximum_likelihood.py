"""Maximum likelihood for a covariance structure: whoever searches, the end point is judged here.

A search is believed when the gradient says that every estimate lies within a thousandth of its standard error of
the optimum, the information matrix has full rank (the solution is unique) and the curvature is
positive in every direction (a minimum, not a saddle).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cxlab.errors import EstimationError, IdentificationError
from cxlab.estimate.sem.likelihood import State, discrepancy, evaluate, expected_hessian, gradient, inner_cov
from cxlab.estimate.sem.moments import Moments
from cxlab.estimate.sem.structure import Structure, factors, in_units, natural_units

Minimiser = Callable[[Structure, np.ndarray, int, np.ndarray], np.ndarray | None]

# Distance to the optimum in standard errors; results are printed with fewer digits. Most searches come within 1e-5,
# but with n in the hundred thousands semopy's stopping rule is this coarse.
CLOSE_ENOUGH = 1e-3
# Where parameters hardly count, their standard errors are so wide that "close" must mean more.
CLOSE_ON_A_PLAIN = 1e-5
PLAIN = 1e-6
# Smallest eigenvalue of the information matrix in correlation form; identified models stay above 1e-6.
RANK_TOLERANCE = 1e-9
_DEFICIENT = "sem.not_identified_by_data"
_START_SCALES = (1.0, 0.3, 1.6)


@dataclass(frozen=True)
class Solution:
    """Where the search ended, in the data's units.

    Attributes
    ----------
    theta : ndarray (q,)
        Estimates.
    acov : ndarray (q, q)
        Their covariance matrix from the expected information; nan if not converged.
    discrepancy : float
        F_ML at the estimates; chi-square is n F.
    implied_cov : ndarray (p, p)
    inner_cov : ndarray (m, m)
        Covariance matrix of the inner variables.
    converged : bool
    distance : float
        How far the optimum is at most, in standard errors; inf if that cannot be said.
    reason : str
        Catalogue key that says why not converged, or an empty string.
    """

    theta: np.ndarray
    acov: np.ndarray
    discrepancy: float
    implied_cov: np.ndarray
    inner_cov: np.ndarray
    converged: bool
    distance: float
    reason: str


@dataclass(frozen=True)
class _End:
    """A search's end, in natural units."""

    theta: np.ndarray
    state: State
    hessian: np.ndarray
    distance: float
    reason: str


def fit(
    structure: Structure, moments: Moments, minimise: Minimiser, start: np.ndarray, names: Sequence[str]
) -> Solution:
    """Estimates of a structure from moments.

    Parameters
    ----------
    structure : Structure
        The model; items in the order of `moments`.
    moments : Moments
        Complete-data moments.
    minimise : callable
        The engine: takes structure, correlation matrix, n and start values, all in natural units.
    start : ndarray (q,)
        Where the search begins, in the data's units.
    names : sequence of str
        The parameters' names, for messages.

    Raises
    ------
    IdentificationError
        More parameters than moments, or parameters that cannot be told apart.
    EstimationError
        The search found no point at all.
    """
    units = natural_units(structure, moments.cov)
    inside, factor = in_units(structure, units), factors(structure, units)
    cov = moments.cov / np.outer(units.items, units.items)
    check_identified(inside, start / factor, names)
    end = _best_end(inside, cov, moments.n_obs, minimise, start / factor)
    if end is None:
        raise EstimationError("sem.no_solution")
    if end.reason == _DEFICIENT:
        _raise_deficient(end.hessian, names, _DEFICIENT)
    theta = end.theta * factor
    converged = not end.reason
    acov = np.full((len(theta), len(theta)), np.nan)
    if converged:
        acov = np.linalg.inv(moments.n_obs / 2 * end.hessian) * np.outer(factor, factor)
    return Solution(
        theta=theta,
        acov=acov,
        discrepancy=max(float(discrepancy(end.state, cov)), 0.0),
        implied_cov=end.state.sigma * np.outer(units.items, units.items),
        inner_cov=inner_cov(structure, theta),
        converged=converged,
        distance=end.distance,
        reason=end.reason,
    )


def check_identified(structure: Structure, start: np.ndarray, names: Sequence[str]) -> None:
    """Raise an `IdentificationError` unless Sigma can tell all parameters apart at an arbitrary point.

    The rank of dSigma/dtheta is the same almost everywhere, so one point off the beaten track (irrational steps from
    the start values) decides it.
    """
    moments = structure.items * (structure.items + 1) // 2
    if structure.parameters > moments:
        raise IdentificationError("sem.negative_df", parameters=structure.parameters, moments=moments)
    steps = np.modf(np.sqrt(2) * np.arange(1, len(start) + 1))[0]
    state = evaluate(structure, start + 0.2 * (steps - 0.5))
    state = state if state is not None else evaluate(structure, start)
    if state is None:
        return
    hessian = expected_hessian(structure, state)
    if _empty_directions(hessian).size:
        _raise_deficient(hessian, names, "sem.not_identified")


def _best_end(structure: Structure, cov: np.ndarray, n_obs: int, minimise: Minimiser, start: np.ndarray) -> _End | None:
    """The first search that ends at a minimum, from up to three starts; else the one that came nearest."""
    best: _End | None = None
    for scale in _START_SCALES:
        theta = minimise(structure, cov, n_obs, np.where(structure.is_variance, scale * start, start))
        end = None if theta is None else _judge(structure, cov, n_obs, theta)
        if end is not None and (best is None or end.distance < best.distance):
            best = end
        if best is not None and not best.reason:
            break
    return best


def _judge(structure: Structure, cov: np.ndarray, n_obs: int, theta: np.ndarray) -> _End | None:
    state = evaluate(structure, theta)
    if state is None:
        return None
    slope, hessian = gradient(structure, state, cov), expected_hessian(structure, state)
    step = np.linalg.lstsq(hessian, slope, rcond=1e-12)[0]
    distance = float(np.sqrt(n_obs / 2 * max(slope @ step, 0.0)))
    reason = ""
    if distance > (CLOSE_ON_A_PLAIN if np.linalg.eigvalsh(_equal_scale(hessian))[0] < PLAIN else CLOSE_ENOUGH):
        reason = "sem.not_converged"
    elif _empty_directions(hessian).size:
        reason = _DEFICIENT
    elif not _is_minimum(structure, cov, theta, hessian):
        reason = "sem.saddle_point"
    return _End(theta, state, hessian, distance, reason)


def _is_minimum(structure: Structure, cov: np.ndarray, theta: np.ndarray, expected: np.ndarray) -> bool:
    """Whether the observed curvature is nowhere negative, by central differences of the gradient."""
    step = 1e-5 * np.maximum(1.0, np.abs(theta))
    states = [evaluate(structure, theta + sign * np.diag(step)) for sign in (1, -1)]
    if states[0] is None or states[1] is None:
        return True
    up, down = (gradient(structure, state, cov) for state in states if state is not None)
    observed = (up - down) / (2 * step[:, None])
    scale = 1 / np.sqrt(np.diag(expected))
    eigenvalues = np.linalg.eigvalsh((observed + observed.T) / 2 * np.outer(scale, scale))
    return bool(eigenvalues[0] > -1e-6)


def _equal_scale(hessian: np.ndarray) -> np.ndarray:
    """The information matrix in correlation form."""
    diagonal = np.diag(hessian)
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    return np.asarray(hessian * np.outer(scale, scale))


def _empty_directions(hessian: np.ndarray) -> np.ndarray:
    """Directions (q, k), in parameters of equal scale, about which there is no information."""
    eigenvalues, vectors = np.linalg.eigh(_equal_scale(hessian))
    return np.asarray(vectors[:, eigenvalues < RANK_TOLERANCE])


def _raise_deficient(hessian: np.ndarray, names: Sequence[str], key: str) -> None:
    """Name the parameters that a direction without information moves."""
    weight = np.abs(_empty_directions(hessian)).max(axis=1)
    involved = [name for name, share in zip(names, weight, strict=True) if share > 0.1 * weight.max()]
    raise IdentificationError(key, parameters=", ".join(involved))
