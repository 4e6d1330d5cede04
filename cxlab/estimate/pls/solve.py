"""Many small symmetric systems at once, replicates on the last axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# What is left of a diagonal element where the variables before it explain all but rounding.
_SINGULAR = 1e-10


def solve_many(matrix: Array, right: Array) -> Array:
    """Solutions (k, B) of B systems with matrices (k, k, B) and right sides (k, B).

    Elimination without exchanges, each step one operation over all replicates: for k up to a dozen this is far faster
    than a call for each replicate, and symmetric matrices near positive definite need no exchanges. A matrix that is
    singular up to rounding gives nan: its solutions would be rounding, made large.

    Examples
    --------
    >>> solve_many(np.array([[[2.0], [1.0]], [[1.0], [2.0]]]), np.array([[3.0], [3.0]])).ravel().tolist()
    [1.0, 1.0]
    >>> solve_many(np.array([[[1.0], [1.0]], [[1.0], [1.0 + 1e-14]]]), np.array([[3.0], [3.0]])).ravel().tolist()
    [nan, nan]
    """
    size = len(right)
    if size == 1:
        return right / matrix[0]
    joined = np.concatenate([matrix, right[:, None]], axis=1)
    every = np.arange(size)
    least = _SINGULAR * np.abs(joined[every, every])
    for pivot in range(size - 1):
        factor = joined[pivot + 1 :, pivot] / joined[pivot, pivot]
        joined[pivot + 1 :, pivot + 1 :] -= factor[:, None] * joined[pivot, pivot + 1 :]
    found = joined[:, size]
    for row in range(size - 1, -1, -1):
        if row + 1 < size:
            found[row] -= np.einsum("kb,kb->b", joined[row, row + 1 : size], found[row + 1 :])
        found[row] /= joined[row, row]
    singular = (np.abs(joined[every, every]) < least).any(axis=0)
    if singular.any():
        found[:, singular] = np.nan
    return np.ascontiguousarray(found)
