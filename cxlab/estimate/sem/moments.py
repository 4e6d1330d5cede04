"""Sample moments, and every reason why a covariance matrix cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxlab.errors import DataError

# Correlations carry about 16 digits; a matrix whose smallest eigenvalue falls below this has no usable inverse.
SMALLEST_EIGENVALUE = 1e-10


@dataclass(frozen=True)
class Moments:
    """Means and covariances of complete data.

    Attributes
    ----------
    names : tuple of str
        The p items.
    cov : ndarray (p, p)
        Covariance matrix with divisor n, as normal-theory maximum likelihood uses it.
    means : ndarray (p,)
        Means.
    n_obs : int
        Rows behind them.
    """

    names: tuple[str, ...]
    cov: np.ndarray
    means: np.ndarray
    n_obs: int


def sample_moments(values: np.ndarray, names: Sequence[str]) -> Moments:
    """Moments of an (n, p) array without missing values, once they can be inverted.

    Raises
    ------
    DataError
        No more rows than items, a constant item, items that are copies or sums of others.
    """
    n_obs, items = values.shape
    if n_obs <= items:
        raise DataError("sem.too_few_rows", n=n_obs, items=items)
    means = values.mean(axis=0)
    centred = values - means
    moments = Moments(tuple(names), centred.T @ centred / n_obs, means, n_obs)
    check_positive_definite(moments)
    return moments


def check_positive_definite(moments: Moments) -> None:
    """Raise a `DataError` that names the items if the covariance matrix has no inverse."""
    names, variances = moments.names, np.diag(moments.cov)
    # Relative to the mean square: an item coded 1e6 everywhere has a variance of rounding errors.
    flat = variances <= 1e-20 * (moments.means**2 + variances)
    if flat.any():
        raise DataError("sem.constant_items", items=_listed(names, flat), n=moments.n_obs)
    spread = np.sqrt(variances)
    correlations = moments.cov / np.outer(spread, spread)
    eigenvalues, vectors = np.linalg.eigh(correlations)
    if eigenvalues[0] >= SMALLEST_EIGENVALUE:
        return
    copies = np.argwhere(np.triu(np.abs(correlations) > 1 - SMALLEST_EIGENVALUE, 1))
    if len(copies):
        first, second = copies[0]
        raise DataError("sem.duplicate_items", first=names[first], second=names[second])
    if eigenvalues[0] < -SMALLEST_EIGENVALUE:
        raise DataError("sem.not_positive_definite", eigenvalue=f"{eigenvalues[0]:.3g}")
    weights = np.abs(vectors[:, 0])
    raise DataError("sem.collinear_items", items=_listed(names, weights > 0.05 * weights.max()))


def _listed(names: Sequence[str], chosen: np.ndarray) -> str:
    return ", ".join(f"'{name}'" for name, take in zip(names, chosen, strict=True) if take)
