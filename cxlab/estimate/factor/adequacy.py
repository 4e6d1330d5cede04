"""Are these correlations worth a factor analysis? Sampling adequacy and Bartlett's test of sphericity."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from cxlab.estimate.factor.spectrum import Array


@dataclass(frozen=True, eq=False)
class Adequacy:
    """Kaiser-Meyer-Olkin measures of one correlation matrix.

    Attributes
    ----------
    overall : float
    items : (p,)
    anti_image : (p, p) partial correlations of each pair given all other items, sign turned; 1 on the diagonal
    """

    overall: float
    items: Array
    anti_image: Array


def sampling_adequacy(corr: Array) -> Adequacy:
    """Kaiser-Meyer-Olkin measure, overall and by item, of a positive definite correlation matrix (p, p).

    KMO = sum r^2 / (sum r^2 + sum q^2) over pairs, with anti-image correlations q. Source: Kaiser and Rice (1974).
    R: ``psych::KMO(R)``.

    Examples
    --------
    >>> corr = np.array([[1, 0.5, 0.4], [0.5, 1, 0.3], [0.4, 0.3, 1]])
    >>> round(sampling_adequacy(corr).overall, 4)
    0.6279
    """
    inverse = np.linalg.inv(corr)
    spread = np.sqrt(np.diag(inverse))
    image = inverse / np.outer(spread, spread)
    off = 1 - np.eye(len(corr))
    r, q = (corr * off) ** 2, (image * off) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        items = r.sum(axis=0) / (r.sum(axis=0) + q.sum(axis=0))
    return Adequacy(float(r.sum() / (r.sum() + q.sum())), items, image)


@dataclass(frozen=True)
class Sphericity:
    """Bartlett's test that all correlations are zero."""

    chisq: float
    df: int
    pvalue: float
    log_determinant: float


def sphericity(corr: Array, n_obs: float) -> Sphericity:
    """Bartlett's test: -(n - 1 - (2p + 5)/6) log|R| on p(p - 1)/2 degrees of freedom.

    Source: Bartlett (1951). R: ``psych::cortest.bartlett(R, n)``.

    Examples
    --------
    >>> found = sphericity(np.array([[1, 0.5], [0.5, 1]]), 101)
    >>> round(found.chisq, 3), found.df
    (28.337, 1)
    """
    size = len(corr)
    log_determinant = float(np.linalg.slogdet(corr)[1])
    chisq = -(n_obs - 1 - (2 * size + 5) / 6) * log_determinant
    df = size * (size - 1) // 2
    return Sphericity(chisq, df, float(chi2.sf(chisq, df)) if math.isfinite(chisq) else 0.0, log_determinant)
