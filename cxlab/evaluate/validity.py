"""Validity of a fitted measurement model: variance extracted, composite reliability, items against all constructs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxlab.evaluate.fitted import Fitted


def average_variance_extracted(loadings: np.ndarray) -> float:
    """Mean share of the items' variance that the construct explains: the mean of squared standardised loadings.

    Source: Fornell & Larcker (1981), for standardised items. R: ``semTools::AVE(fit)`` of standardised answers; on raw
    answers that function weighs items by their variance, see `raw_variance_extracted`.

    Examples
    --------
    >>> round(average_variance_extracted(np.array([0.8, 0.7, 0.6])), 4)
    0.4967
    """
    return float(np.mean(np.square(loadings)))


def composite_reliability(loadings: np.ndarray, cor: np.ndarray) -> float:
    """Reliability of the sum of standardised items: (sum of loadings)^2 over the implied variance of that sum.

    Parameters
    ----------
    loadings : ndarray (k,)
        Standardised loadings on the construct.
    cor : ndarray (k, k)
        Correlations of the items that the model implies. Errors that covary are in them, so they stand in the
        denominator, as 2 times their covariances (Raykov, 2001), and do not count as reliable.

    Notes
    -----
    Without covarying errors and cross-loadings this is (sum l)^2 / ((sum l)^2 + sum (1 - l^2)) of Fornell & Larcker
    (1981). R: ``semTools::compRelSEM(fit, obs.var = FALSE)`` of standardised answers.

    Examples
    --------
    >>> loadings = np.array([0.8, 0.7, 0.6])
    >>> cor = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> round(composite_reliability(loadings, cor), 4)
    0.7449
    """
    total = float(np.sum(cor))
    return float(np.sum(loadings) ** 2 / total) if total > 0 else float("nan")


def raw_variance_extracted(loadings: np.ndarray, variance: float, cov: np.ndarray) -> float:
    """Variance extracted from raw items: the construct's part of their variances, summed, over those variances.

    Parameters
    ----------
    loadings : ndarray (k,)
        Unstandardised loadings.
    variance : float
        The construct's variance.
    cov : ndarray (k, k)
        The items' covariances; only the variances count.

    Notes
    -----
    R: ``semTools::AVE(fit)``.

    Examples
    --------
    >>> raw_variance_extracted(np.array([1.0, 1.0]), 1.0, np.diag([2.0, 2.0]))
    0.5
    """
    return float(np.sum(np.square(loadings)) * variance / np.trace(cov))


def raw_composite_reliability(loadings: np.ndarray, variance: float, cov: np.ndarray) -> float:
    """Omega: (sum of loadings)^2 times the construct's variance, over the variance of the sum of the raw items.

    Parameters
    ----------
    loadings, variance
        As in `raw_variance_extracted`.
    cov : ndarray (k, k)
        Covariances of the items, of the sample or of the model.

    Notes
    -----
    R: ``semTools::compRelSEM(fit)`` with the sample's covariances (``obs.var = TRUE``, its default).

    Examples
    --------
    >>> raw_composite_reliability(np.array([1.0, 1.0]), 1.0, np.array([[2.0, 1.0], [1.0, 2.0]])).__round__(4)
    0.6667
    """
    total = float(np.sum(cov))
    return float(np.sum(loadings) ** 2 * variance / total) if total > 0 else float("nan")


def structure_coefficients(fitted: Fitted, group: int = 0) -> np.ndarray:
    """Correlations of the items with the latent variables that a model implies (p, latent variables).

    Items in the order of ``table.variables.ov``, latent variables in that of ``table.variables.lv``; with correlated
    constructs an item correlates also with those on which it does not load. Lambda Cov(eta), each cell over the two
    standard deviations.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ a + b; g =~ c + d").partable(std_lv=True)
    >>> cov = np.eye(4)
    >>> fitted = Fitted.of(table, [0.8, 0.6, 0.7, 0.5, 0.36, 0.64, 0.51, 0.75, 0.5], cov, 100)
    >>> structure_coefficients(fitted).round(2).tolist()
    [[0.8, 0.4], [0.6, 0.3], [0.35, 0.7], [0.25, 0.5]]
    """
    at, places, names = fitted.matrices, fitted.places, fitted.table.variables.lv
    total = np.linalg.inv(np.eye(at.beta.shape[-1]) - at.beta[group])
    inner = total @ at.psi[group] @ total.T
    take = [places.latent.index(name) for name in names]
    spread = np.sqrt(np.diag(inner))[take]
    items = np.sqrt(np.diag(fitted.implied[0][group]))
    order = [places.observed.index(item) for item in fitted.table.variables.ov]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((at.lambda_[group] @ inner[:, take])[order] / np.outer(items[order], spread))


def composite_correlations(cov: np.ndarray, blocks: Sequence[Sequence[int]]) -> np.ndarray:
    """Correlations of items with the mean scores of blocks (p, blocks); of an item's own block it is itself left out.

    Parameters
    ----------
    cov : ndarray (p, p)
        Covariances of the items.
    blocks : sequence of sequences of int
        Places of each construct's items.

    Examples
    --------
    >>> cov = np.array([[1, 0.6, 0.3], [0.6, 1, 0.2], [0.3, 0.2, 1]])
    >>> composite_correlations(cov, [[0, 1], [2]]).round(2).tolist()
    [[0.6, 0.3], [0.6, 0.2], [0.28, nan]]
    """
    found = np.full((len(cov), len(blocks)), np.nan)
    for item in range(len(cov)):
        for place, block in enumerate(blocks):
            others = [one for one in block if one != item]
            spread = cov[item, item] * cov[np.ix_(others, others)].sum()
            if others and spread > 0:
                found[item, place] = cov[item, others].sum() / np.sqrt(spread)
    return found
