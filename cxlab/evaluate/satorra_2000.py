"""Satorra's (2000) difference test: how a restriction's statistic is distributed when answers are not normal.

With Delta the derivatives of the moments, V their weight, Gamma their sampling covariance and P the unit information,
all of the freer model, and A the directions that the restricted model forbids,

    X = P^-1 A' (A P^-1 A')^+ A P^-1,    M = sum over groups of share Delta'V Gamma V Delta,

the difference is a mixture of chi-squares with mean tr(X M) and variance 2 tr(X M X M).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import null_space

from cxlab.estimate.sem.information import covariance
from cxlab.estimate.sem.information import null_space as free_directions
from cxlab.estimate.sem.ordinal import OrdinalResiduals
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.weights import gamma, moment_units, normal_weight
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.residual_tests import moment_slopes

# Least squares weigh moments by the data's units, as in lavaan; an item in millions would leave nothing of the others.
_FAR = 100.0


def restriction_traces(
    large: Fitted, small: Fitted, information: np.ndarray, values: Sequence[np.ndarray]
) -> tuple[float, float]:
    """tr(X M) and tr(X M X M) of a model and a restricted one.

    Parameters
    ----------
    large, small : Fitted
        The freer and the restricted model, of the same complete data.
    information : ndarray (q, q)
        Unit information of the freer model, in the data's units.
    values : sequence of ndarray (n_g, p)
        Each group's rows, items in the freer model's order.

    Notes
    -----
    A is found as lavaan finds it by default (``A.method = "delta"``): the directions of the freer model's parameters
    that are orthogonal to the least-squares image of the restricted one's derivatives. That image depends a little on
    the items' units; where one has a standard deviation below 0.01 or above 100, all are taken in standard deviations.
    """
    own, other = _slopes(large), _slopes(small)[:, _moment_order(large, small)]
    spread = np.array([moment_units(np.sqrt(np.diag(cov)), large.table.meanstructure) for cov in large.cov])
    return _traces(large, small, own, other, information, _meat(large, own, values), spread)


def ordinal_traces(
    large: Fitted, small: Fitted, information: np.ndarray, own: OrdinalResiduals, other: OrdinalResiduals
) -> tuple[float, float]:
    """The same for models of ordinal items, in the same order in both; `own` belongs to the freer model."""
    meat = np.zeros_like(information)
    for share, slope, weight, spread in zip(large.shares, own.slopes, own.weight, own.gamma, strict=True):
        weighted = weight[:, None] * slope if weight.ndim == 1 else weight @ slope
        meat += share * weighted.T @ spread @ weighted
    spread = np.array([np.sqrt(np.diag(group)) for group in own.gamma])
    return _traces(large, small, own.slopes, other.slopes, information, meat, np.where(spread > 0, spread, 1.0))


def _traces(
    large: Fitted,
    small: Fitted,
    own: np.ndarray,
    other: np.ndarray,
    information: np.ndarray,
    m: np.ndarray,
    spread: np.ndarray,
) -> tuple[float, float]:
    """Moments are taken in units of their `spread` (groups, moments) where the data's units are far from these."""
    deviations = np.sqrt(np.diagonal(large.cov, axis1=1, axis2=2))
    if deviations.min() < 1 / _FAR or deviations.max() > _FAR:
        own, other = own / spread[..., None], other / spread[..., None]
    factor, other_factor = 1 / _lengths(own), 1 / _lengths(other)
    information, m = information * np.outer(factor, factor), m * np.outer(factor, factor)
    constraints = large.table.functions.equality_jacobian(large.theta) * factor
    restrictions = small.table.functions.equality_jacobian(small.theta) * other_factor
    basis = free_directions(constraints, own.shape[-1])
    image = _stacked(other * other_factor) @ free_directions(restrictions, other.shape[-1])
    reached = np.linalg.pinv(_stacked(own * factor) @ basis) @ image
    forbidden = null_space(reached.T).T @ basis.T
    inverse = covariance(information, constraints if len(constraints) else None)
    middle = np.linalg.pinv(forbidden @ inverse @ forbidden.T, hermitian=True)
    x = inverse @ forbidden.T @ middle @ forbidden @ inverse
    return float((x * m).sum()), float(np.trace(x @ m @ x @ m))


def _lengths(slopes: np.ndarray) -> np.ndarray:
    """By how much each parameter moves all moments together; 1 where it moves none."""
    length = np.linalg.norm(_stacked(slopes), axis=0)
    return np.asarray(np.where(length > 0, length, 1.0))


def _slopes(fitted: Fitted) -> np.ndarray:
    """Derivatives of each group's moments in the data's units (groups, moments, q)."""
    return moment_slopes(fitted, Problem.of(fitted.table, fitted.cov))


def _stacked(slopes: np.ndarray) -> np.ndarray:
    return slopes.reshape(-1, slopes.shape[-1])


def _moment_order(large: Fitted, small: Fitted) -> np.ndarray:
    """Where the freer model's moments stand among the restricted one's, whose items may be in another order."""
    names, p = small.table.variables.ov, len(small.table.variables.ov)
    at = np.array([names.index(name) for name in large.table.variables.ov])
    row, column = np.tril_indices(p)
    first, second = np.maximum(at[row], at[column]), np.minimum(at[row], at[column])
    pairs = first * (first + 1) // 2 + second
    return np.concatenate([at, p + pairs]) if large.table.meanstructure else pairs


def _meat(fitted: Fitted, slopes: np.ndarray, values: Sequence[np.ndarray]) -> np.ndarray:
    table, total = fitted.table, np.zeros((slopes.shape[-1],) * 2)
    held = table.variables.ov_x if table.fixed_x else ()
    exogenous = np.array([table.variables.ov.index(name) for name in held], dtype=int)
    for share, slope, cov, rows in zip(fitted.shares, slopes, fitted.implied[0], values, strict=True):
        weighted = normal_weight(np.linalg.inv(cov), table.meanstructure, exogenous) @ slope
        total += share * weighted.T @ gamma(rows, table.meanstructure, exogenous) @ weighted
    return total
