"""How many factors: eigenvalues of full and reduced correlation matrices, and Velicer's minimum average partial."""

from __future__ import annotations

import numpy as np

from cxlab.estimate.factor.extraction import squared_multiple
from cxlab.estimate.factor.spectrum import Array


def component_eigenvalues(corr: Array) -> Array:
    """Eigenvalues (B, p), largest first, of correlation matrices (B, p, p): principal components."""
    return np.asarray(np.linalg.eigvalsh(corr)[:, ::-1])


def factor_eigenvalues(corr: Array) -> Array:
    """Eigenvalues (B, p), largest first, with squared multiple correlations on the diagonal: principal factors.

    R: ``psych::fa.parallel(x, SMC = TRUE)$fa.values``.
    """
    reduced = corr.copy()
    place = np.arange(corr.shape[-1])
    reduced[:, place, place] = squared_multiple(corr)
    return component_eigenvalues(reduced)


def average_partials(corr: Array) -> tuple[Array, Array]:
    """Mean squared and mean fourth-power partial correlations given the first 0, 1, ..., p - 2 components.

    nan from the first number of components that leaves an item without variance. The smallest mean tells how many
    components to keep. Source: Velicer (1976), fourth power Velicer, Eaton and Fava (2000). R: ``psych::VSS(R)$map``
    (from 1 component on).

    Parameters
    ----------
    corr : (p, p)

    Returns
    -------
    squares, fourth : (p - 1,) each

    Examples
    --------
    >>> corr = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    >>> average_partials(corr)[0][:2].round(4).tolist()
    [0.25, 0.1111]
    """
    size = len(corr)
    values, vectors = np.linalg.eigh(corr)
    parts = (vectors * np.sqrt(np.maximum(values, 0.0)))[:, ::-1]
    squares, fourth = np.full(size - 1, np.nan), np.full(size - 1, np.nan)
    off = ~np.eye(size, dtype=bool)
    for count in range(size - 1):
        left = corr - parts[:, :count] @ parts[:, :count].T
        variance = np.diag(left)
        if (variance < 1e-10).any():
            break
        partial = (left / np.sqrt(np.outer(variance, variance)))[off]
        squares[count], fourth[count] = np.mean(partial**2), np.mean(partial**4)
    return squares, fourth


def retained(observed: Array, reference: Array) -> int:
    """How many eigenvalues, counted from the first, lie above their reference before one does not.

    Examples
    --------
    >>> retained(np.array([3.0, 1.5, 0.9, 0.8]), np.array([1.4, 1.2, 1.0, 0.7]))
    2
    """
    above = observed > reference
    return int(len(above) if above.all() else np.argmin(above))
