"""Means and covariances of many replicates from one matrix product, and of samples drawn from a model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_ROWS = 4096


def weighted_moments(counts: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means (R, p) and covariances (R, p, p; divisor the number of rows) of rows counted as often as `counts` says.

    Parameters
    ----------
    counts : ndarray (R, n)
    values : ndarray (n, p)
        Complete rows.

    Examples
    --------
    >>> mean, cov = weighted_moments(np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0]]), np.array([[1.0], [3.0], [7.0]]))
    >>> mean.round(9).ravel().tolist(), cov.round(9).ravel().tolist()
    ([2.0, 5.0], [1.0, 4.0])
    """
    p = values.shape[1]
    row, column = np.tril_indices(p)
    centre = values.mean(axis=0)
    sums = np.zeros((len(counts), p + len(row)))
    for first in range(0, len(values), _ROWS):  # products of few rows at a time: n may be in millions
        deviations = values[first : first + _ROWS] - centre
        products = np.concatenate([deviations, deviations[:, row] * deviations[:, column]], axis=1)
        sums += counts[:, first : first + _ROWS] @ products
    sums /= counts.sum(axis=1, keepdims=True)
    mean = sums[:, :p]
    vech = sums[:, p:] - mean[:, row] * mean[:, column]
    cov = np.empty((len(counts), p, p))
    cov[:, row, column] = vech
    cov[:, column, row] = vech
    return mean + centre, cov


def normal_moments(
    random: np.random.Generator, n: int, mean: np.ndarray, root: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean (p,) and covariance matrix (p, p; divisor n) of n rows from a normal distribution, without the rows.

    The mean is normal with covariance Sigma/n, n times the covariance matrix is Wishart with n - 1 degrees of freedom,
    and they are independent; Bartlett's decomposition draws the latter from p² numbers.

    Parameters
    ----------
    random : Generator
    n : int
        More than p.
    mean : ndarray (p,)
    root : ndarray (p, p)
        Lower Cholesky factor of Sigma.
    """
    p = len(root)
    lower = np.tril(random.standard_normal((p, p)), -1)
    lower[np.arange(p), np.arange(p)] = np.sqrt(random.chisquare(n - 1 - np.arange(p)))
    factor = root @ lower
    return mean + root @ random.standard_normal(p) / np.sqrt(n), factor @ factor.T / n


def transformed_rows(
    values: Sequence[np.ndarray], cov: np.ndarray, implied_cov: np.ndarray, implied_mean: np.ndarray | None
) -> tuple[np.ndarray, ...]:
    """Rows in which the model holds exactly, else as they were: Bollen and Stine's (X - mean) S^(-1/2) Sigma^(1/2).

    Parameters
    ----------
    values : sequence of ndarray (n_g, p)
    cov, implied_cov : ndarray (G, p, p)
        S and Sigma.
    implied_mean : ndarray (G, p), optional
        New means; without, 0.
    """
    found = []
    for group, rows in enumerate(values):
        turn = _power(cov[group], -0.5) @ _power(implied_cov[group], 0.5)
        shift = 0.0 if implied_mean is None else implied_mean[group]
        found.append((rows - rows.mean(axis=0)) @ turn + shift)
    return tuple(found)


def _power(matrix: np.ndarray, exponent: float) -> np.ndarray:
    """The symmetric power of a positive definite matrix."""
    eigenvalues, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * eigenvalues**exponent) @ vectors.T)
