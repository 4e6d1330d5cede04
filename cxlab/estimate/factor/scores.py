"""Factor scores: weights of the items, and how surely the scores place a respondent."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from cxlab.estimate.factor.spectrum import Array

ScoreMethod = Literal["regression", "tenberge", "bartlett"]
SCORE_METHODS: tuple[ScoreMethod, ...] = get_args(ScoreMethod)


def score_weights(corr: Array, loadings: Array, correlations: Array, method: ScoreMethod = "regression") -> Array:
    """Weights (p, m) of the standardised items.

    Parameters
    ----------
    corr : (p, p) positive definite
    loadings : (p, m) pattern
    correlations : (m, m) of the factors
    method : ``"regression"`` (Thurstone: best guess of each factor), ``"tenberge"`` (scores that correlate as
        the factors do), or ``"bartlett"`` (unbiased; nan if an item has no uniqueness)

    Notes
    -----
    R: ``psych::factor.scores(x, loadings, method = "Thurstone" | "tenBerge" | "Bartlett")``; given a fit of one factor
    psych takes Thurstone's whatever is asked for. Source: Grice (2001), ten Berge et al. (1999).

    Examples
    --------
    >>> corr = np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]])
    >>> score_weights(corr, np.array([[0.8], [0.7], [0.6]]), np.eye(1)).round(3).ravel().tolist()
    [0.517, 0.319, 0.218]
    """
    structure = loadings @ correlations
    if method == "regression":
        return np.asarray(np.linalg.solve(corr, structure))
    if method == "tenberge":
        root = power(corr, -0.5)
        between = power(correlations, 0.5)
        turned = loadings @ between
        inner = power(turned.T @ np.linalg.solve(corr, turned), -0.5)
        return np.asarray(root @ (root @ turned @ inner) @ between)
    unique = 1 - (loadings * structure).sum(axis=1)
    if (unique <= 0).any():
        return np.full(loadings.shape, np.nan)
    scaled = loadings / unique[:, None]
    return np.asarray(np.linalg.solve(scaled.T @ loadings, scaled.T).T)


def determinacy(corr: Array, loadings: Array, correlations: Array) -> Array:
    """Correlation (m,) of each factor with its regression scores: the multiple correlation of items and factor."""
    structure = loadings @ correlations
    squared = (structure * np.linalg.solve(corr, structure)).sum(axis=0)
    return np.asarray(np.sqrt(np.where(squared >= 0, squared, np.nan)))


def power(matrix: Array, exponent: float) -> Array:
    """A symmetric power of a positive definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    values = np.where(values > 0, values, np.nan)
    return np.asarray((vectors * values**exponent) @ vectors.T)
