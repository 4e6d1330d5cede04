"""The numbers behind the screening rules: arrays in, arrays out. Rows are respondents, columns items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_COLLINEAR = 1e-10


def longest_run(answers: Floats) -> Floats:
    """Length of the longest run of identical neighbouring answers, per row; a missing answer breaks a run.

    Equals ``max(rle(x)$lengths)`` in R (`careless::longstring`), but for rows without any answer, which get NaN.

    Examples
    --------
    >>> longest_run(np.array([[1, 1, 1, 2.0], [1, 2, 2, np.nan]]))
    array([3., 2.])
    """
    run = np.ones(len(answers))
    longest = np.ones(len(answers))
    for j in range(1, answers.shape[1]):
        run = np.where(answers[:, j] == answers[:, j - 1], run + 1, 1)
        np.maximum(longest, run, out=longest)
    longest[np.isnan(answers).all(axis=1)] = np.nan
    return longest


def response_sd(answers: Floats) -> Floats:
    """Standard deviation (n - 1) of each row's answers, missing ones left out; NaN below two answers.

    Equals ``apply(x, 1, sd, na.rm = TRUE)`` in R (`careless::irv`).

    Examples
    --------
    >>> response_sd(np.array([[1, 3.0], [4, np.nan]]))
    array([1.41421356,        nan])
    """
    given = ~np.isnan(answers)
    count = given.sum(axis=1)
    filled = np.where(given, answers, 0.0)
    mean = filled.sum(axis=1) / np.maximum(count, 1)
    squares = np.where(given, (filled - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)


def straight(answers: Floats) -> tuple[Bools, Bools]:
    """Whether each row gives one and the same answer everywhere, and whether that can be known.

    A row with a missing answer is known not to be straight as soon as two answers differ; else it cannot be known.

    Returns
    -------
    hit, known : bool arrays of length n

    Examples
    --------
    >>> hit, known = straight(np.array([[3, 3, 3.0], [3, 3, np.nan], [3, 4, np.nan]]))
    >>> hit.tolist(), known.tolist()
    ([True, False, False], [True, False, True])
    """
    missing = np.isnan(answers)
    low = np.where(missing, np.inf, answers).min(axis=1)
    high = np.where(missing, -np.inf, answers).max(axis=1)
    varies = low < high
    complete = ~missing.any(axis=1)
    return complete & ~varies, complete | varies


def even_odd(odd: Floats, even: Floats) -> Floats:
    """Even-odd consistency: correlation within a person of half-scale means over constructs, Spearman-Brown corrected.

    r over the constructs of which both halves were answered, then 2r / (1 + r), and not below -1, as in
    `careless::evenodd` before version 1.2 (later versions turn the sign). NaN where fewer than three constructs can
    be compared, because two points always correlate perfectly, or where one half does not vary.

    Parameters
    ----------
    odd, even : (n, constructs)
        Mean of the odd and of the even items of each construct, reversed items turned.

    Examples
    --------
    >>> even_odd(np.array([[1, 2, 3.0]]), np.array([[1, 2, 3.0]]))
    array([1.])
    """
    both = ~(np.isnan(odd) | np.isnan(even))
    pairs = both.sum(axis=1)
    count = np.maximum(pairs, 1)[:, None]
    centred = []
    for half in (odd, even):
        filled = np.where(both, half, 0.0)
        centred.append(np.where(both, filled - filled.sum(axis=1, keepdims=True) / count, 0.0))
    cross = (centred[0] * centred[1]).sum(axis=1)
    scale = np.sqrt((centred[0] ** 2).sum(axis=1) * (centred[1] ** 2).sum(axis=1))
    known = (pairs >= 3) & (scale > 1e-12)
    r = np.clip(cross / np.where(known, scale, 1.0), -1.0, 1.0)
    corrected = np.where(r > -1 / 3, 2 * r / np.maximum(1 + r, 0.5), -1.0)
    return np.where(known, corrected, np.nan)


def moments(total: Floats, products: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean and covariance (n - 1) from sums and cross-products of answers measured from a common origin."""
    mean = total / count
    return mean, (products - count * np.outer(mean, mean)) / (count - 1)


def dependent_columns(cov: Floats) -> tuple[list[int], list[int]]:
    """Positions of constant columns, and of columns that are a linear combination of others.

    The second list holds every column that takes part in an eigenvector of the correlation matrix with eigenvalue
    below 1e-10: leaving one of them out breaks the dependence.

    Examples
    --------
    >>> dependent_columns(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 2.0]]))
    ([], [0, 1])
    """
    sd = np.sqrt(np.diag(cov))
    flat = np.flatnonzero(sd <= 1e-12)
    moving = np.flatnonzero(sd > 1e-12)
    correlation = cov[np.ix_(moving, moving)] / np.outer(sd[moving], sd[moving])
    values, vectors = np.linalg.eigh(correlation)
    involved = np.abs(vectors[:, values < _COLLINEAR]).max(axis=1, initial=0.0) > 1e-6
    return flat.tolist(), moving[involved].tolist()


def mahalanobis_squared(answers: Floats, mean: Floats, cov: Floats) -> Floats:
    """Squared Mahalanobis distance of each row from `mean`; NaN for rows with a missing answer.

    Equals ``stats::mahalanobis(x, colMeans(x), cov(x))`` in R on the complete rows.

    Examples
    --------
    >>> mahalanobis_squared(np.array([[2.0, 0], [0, 1]]), np.zeros(2), np.eye(2))
    array([4., 1.])
    """
    root = linalg.cholesky(cov, lower=True)
    distance = np.full(len(answers), np.nan)
    complete = ~np.isnan(answers).any(axis=1)
    if complete.any():
        scaled = linalg.solve_triangular(root, (answers[complete] - mean).T, lower=True, check_finite=False)
        distance[complete] = np.einsum("ij,ij->j", scaled, scaled)
    return distance


def chi2_survival(distance: Floats, df: int) -> Floats:
    """Upper tail of the chi-square distribution, NaN kept: ``pchisq(x, df, lower.tail = FALSE)``."""
    return special.chdtrc(df, distance)
