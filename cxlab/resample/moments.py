"""Means and covariances of many replicates from one matrix product, and of samples drawn from a model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_ROWS = 4096
# Products of rows are kept from block to block of replicates up to this many numbers (128 MB).
_KEPT = 1 << 24


class RowProducts:
    """Rows and the products of their columns, from which any replicate's moments are one matrix product away.

    Parameters
    ----------
    values : ndarray (n, p)
        Complete rows.
    """

    def __init__(self, values: np.ndarray) -> None:
        self.row, self.column = np.tril_indices(values.shape[1])
        self.centre = values.mean(axis=0)
        self._deviations = values - self.centre
        size = len(values) * (values.shape[1] + len(self.row))
        self._kept = self._products(slice(None)) if size <= _KEPT else None

    def moments(self, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Means (p, R) and covariances (p (p + 1) / 2, R; divisor the number of rows) of places `row`, `column`."""
        p, n = self._deviations.shape[1], len(self._deviations)
        if self._kept is not None:
            sums = self._kept @ counts.T
        else:  # products of few rows at a time: n may be in millions
            sums = np.zeros((p + len(self.row), len(counts)))
            for first in range(0, n, _ROWS):
                rows = slice(first, first + _ROWS)
                sums += self._products(rows) @ counts[:, rows].T
        sums /= counts.sum(axis=1)
        mean = sums[:p]
        return mean + self.centre[:, None], sums[p:] - mean[self.row] * mean[self.column]

    def _products(self, rows: slice) -> np.ndarray:
        found = self._deviations[rows].T
        return np.concatenate([found, found[self.row] * found[self.column]])


def weighted_moments(counts: np.ndarray, values: np.ndarray | RowProducts) -> tuple[np.ndarray, np.ndarray]:
    """Means (R, p) and covariances (R, p, p; divisor the number of rows) of rows counted as often as `counts` says.

    Parameters
    ----------
    counts : ndarray (R, n)
    values : ndarray (n, p) or RowProducts
        Complete rows; `RowProducts` where several blocks of replicates take the same.

    Examples
    --------
    >>> mean, cov = weighted_moments(np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0]]), np.array([[1.0], [3.0], [7.0]]))
    >>> mean.round(9).ravel().tolist(), cov.round(9).ravel().tolist()
    ([2.0, 5.0], [1.0, 4.0])
    """
    products = values if isinstance(values, RowProducts) else RowProducts(values)
    mean, vech = products.moments(counts)
    p = len(mean)
    cov = np.empty((len(counts), p, p))
    cov[:, products.row, products.column] = vech.T
    cov[:, products.column, products.row] = vech.T
    return np.ascontiguousarray(mean.T), cov


def weighted_correlations(counts: np.ndarray, products: RowProducts) -> tuple[np.ndarray, np.ndarray]:
    """Correlations with the replicates last (p, p, R), nan where a column does not vary, and variances (p, R).

    Examples
    --------
    >>> rows = RowProducts(np.array([[1.0, 1.0], [3.0, 2.0], [7.0, 4.0]]))
    >>> weighted_correlations(np.ones((1, 3)), rows)[0].round(9).ravel().tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    mean, vech = products.moments(counts)
    row, column = products.row, products.column
    variances = vech[row == column]
    with np.errstate(divide="ignore"):
        inverse = np.where(variances < 1e-12, np.nan, 1 / np.sqrt(np.maximum(variances, 0.0)))
    vech *= inverse[row]
    vech *= inverse[column]
    found = np.empty((len(mean), len(mean), len(counts)))
    found[row, column] = vech
    found[column, row] = vech
    return found, variances


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
