"""Order and sign of factors: as a program prints them, or as another solution has them."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from cxlab.estimate.factor.spectrum import Array


def factor_sums(loadings: Array, correlations: Array) -> Array:
    """Variance (m,) that each factor accounts for: the diagonal of Phi L'L, psych's "SS loadings".

    Examples
    --------
    >>> factor_sums(np.array([[0.8, 0.0], [0.0, 0.5]]), np.eye(2)).round(2).tolist()
    [0.64, 0.25]
    """
    return np.asarray(np.diag(correlations @ loadings.T @ loadings))


def arranged(loadings: Array, correlations: Array) -> tuple[Array, Array]:
    """Loadings (p, m) with positive sums, factors by the variance they account for, largest first; as psych prints.

    Examples
    --------
    >>> arranged(np.array([[0.0, -0.8], [0.5, 0.0]]), np.array([[1, 0.3], [0.3, 1]]))[0].tolist()
    [[0.8, 0.0], [-0.0, 0.5]]
    """
    sign = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    order = np.argsort(-factor_sums(loadings, correlations), kind="stable")
    return _placed(loadings, correlations, sign, order)


def matched(loadings: Array, correlations: Array, target: Array) -> tuple[Array, Array]:
    """Loadings (p, m) with factors reordered and turned to be most congruent with those of `target` (p, m).

    Pairs of factors are chosen so that the sum of Tucker's congruence coefficients, without their signs, is largest.

    Examples
    --------
    >>> target = np.array([[0.8, 0.0], [0.0, 0.5]])
    >>> matched(np.array([[0.0, -0.7], [0.6, 0.0]]), np.eye(2), target)[0].tolist()
    [[0.7, 0.0], [-0.0, 0.6]]
    """
    found = congruence(target, loadings)
    _, order = linear_sum_assignment(-np.abs(found))
    sign = np.ones(len(order))
    sign[order] = np.where(found[np.arange(len(order)), order] < 0, -1.0, 1.0)
    return _placed(loadings, correlations, sign, order)


def congruence(first: Array, second: Array) -> Array:
    """Tucker's congruence coefficients (m, k) between the columns of two loading matrices.

    Examples
    --------
    >>> congruence(np.array([[0.8], [0.6]]), np.array([[0.4], [0.3]])).round(6).tolist()
    [[1.0]]
    """
    lengths = [np.sqrt((one**2).sum(axis=0)) for one in (first, second)]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = first.T @ second / np.outer(*lengths)
    return np.asarray(np.where(np.isfinite(found), found, 0.0))


def towards(loadings: Array, target: Array) -> Array:
    """Orthogonal matrices (B, m, m) that turn loadings (B, p, m) closest to a target (p, m): Procrustes rotation."""
    left, _, right = np.linalg.svd(loadings.swapaxes(1, 2) @ target)
    return np.asarray(left @ right)


def _placed(loadings: Array, correlations: Array, sign: Array, order: np.ndarray) -> tuple[Array, Array]:
    turned = (loadings * sign)[:, order]
    return turned, (correlations * np.outer(sign, sign))[np.ix_(order, order)]
