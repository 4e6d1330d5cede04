"""A correlation matrix made positive definite."""

from __future__ import annotations

import numpy as np


def smoothed(corr: np.ndarray, smallest: float = 1e-8) -> np.ndarray:
    """The matrix with eigenvalues below `smallest` raised to it, and scaled back to a unit diagonal.

    When to use it: a polychoric or pairwise correlation matrix that no data could have produced, if a method needs a
    positive definite one. The correlations change; say so. R: ``psych::cor.smooth`` raises them to 100 times the
    machine's precision.

    Examples
    --------
    >>> matrix = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.9], [0.1, 0.9, 1.0]])
    >>> bool(np.linalg.eigvalsh(matrix)[0] < 0 < np.linalg.eigvalsh(smoothed(matrix))[0])
    True
    """
    values, vectors = np.linalg.eigh(corr)
    raised = vectors * np.maximum(values, smallest) @ vectors.T
    sd = np.sqrt(np.diag(raised))
    return np.asarray(raised / np.outer(sd, sd))
