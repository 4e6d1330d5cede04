"""Reliability of the sum of ordered answers, when their factor model is one of the responses behind them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from cxlab.estimate.polychoric.bivariate import bivariate_cdf

Array = NDArray[np.float64]
# next to 1 the quadrature is poor, while the limit is known
_ONE = 1 - 1e-9


def categorical_omega(loadings: Array, thresholds: Sequence[Array], cor: Array) -> float:
    """Reliability of the sum of category numbers (Green & Yang's nonlinear omega).

    When to use it: a sum or mean score of Likert items whose one-factor model rests on polychoric correlations. Ordinal
    alpha and omega are of the unobserved responses and say nothing of the score that is used.

    Parameters
    ----------
    loadings : (k,)
        Standardised, of the responses.
    thresholds : k arrays
        In standard deviations.
    cor : (k, k)
        Polychoric correlations.

    Notes
    -----
    Sum over pairs of items and of their thresholds of ``Phi2(t, t'; r) - Phi(t) Phi(t')``, with r = l l' in the
    numerator (also for an item with itself) and the polychoric correlation in the denominator. Source: Green & Yang
    (2009). R: ``semTools::compRelSEM(cfa(model, data, ordered = items, estimator = "ULSMV"))``.

    Examples
    --------
    >>> l = np.array([0.8, 0.7, 0.6])
    >>> cor = np.outer(l, l) + np.diag(1 - l**2)
    >>> round(categorical_omega(l, [np.array([-1.0, 0.0, 1.0])] * 3, cor), 4)
    0.7008
    """
    owner = np.repeat(np.arange(len(loadings)), [len(own) for own in thresholds])
    cuts = np.concatenate(list(thresholds))
    apart = np.outer(ndtr(cuts), ndtr(cuts))
    true = np.outer(loadings, loadings)[np.ix_(owner, owner)]
    seen = np.array(cor[np.ix_(owner, owner)])
    same = owner[:, None] == owner[None, :]
    seen[same] = 0.0
    together = np.where(same, ndtr(np.minimum(cuts[:, None], cuts[None, :])), _both(cuts, seen))
    return float((_both(cuts, true) - apart).sum() / (together - apart).sum())


def _both(cuts: Array, rho: Array) -> Array:
    return np.asarray(bivariate_cdf(cuts[:, None], cuts[None, :], np.clip(rho, -_ONE, _ONE)))
