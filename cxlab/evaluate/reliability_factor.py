"""Reliability from the loadings on one factor: omega, composite reliability, variance extracted, coefficient H."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cxlab.estimate.factor.extraction import Extraction, Method, extract
from cxlab.evaluate.htmt import correlations
from cxlab.resample.blocks import in_threads
from cxlab.resample.draws import Draws
from cxlab.resample.moments import weighted_moments

Array = NDArray[np.float64]
Coefficient = Literal["omega_total", "composite_reliability", "ave", "h"]
COEFFICIENTS: tuple[Coefficient, ...] = get_args(Coefficient)
Trouble = Literal["", "two_items", "redundant", "not_converged", "heywood", "negative_loading"]
_SMALLEST = 1e-8
_BLOCK = 1024


@dataclass(frozen=True, eq=False)
class OneFactor:
    """One factor behind a scale.

    Attributes
    ----------
    loadings : (k,) standardised
    uniquenesses : (k,)
    trouble : why nothing should be computed from it: ``two_items`` (not identified), ``redundant`` (some items
        determine others, or there are fewer rows than items), ``not_converged``, ``heywood``,
        ``negative_loading``; else empty
    items : (k,) True for the items that cause the trouble
    srmr : standardised root mean square residual; how far one factor is from explaining the correlations
    """

    loadings: Array
    uniquenesses: Array
    trouble: Trouble
    items: NDArray[np.bool_]
    srmr: float


def one_factor(cor: Array, method: Method = "ml") -> OneFactor:
    """The one-factor solution of a correlation matrix of shape (k, k), and whether it can be used.

    Maximum likelihood of a correlation matrix gives the standardised solution of a confirmatory factor analysis of the
    covariances; minimum residual is unweighted least squares, for polychoric correlations. R: ``lavaan::cfa("f =~ x1 +
    x2 + x3", data)``.

    Examples
    --------
    >>> one_factor(np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]])).loadings.round(4).tolist()
    [0.8, 0.7, 0.6]
    """
    k, none = len(cor), np.zeros(len(cor), dtype=bool)
    empty = np.full(k, np.nan)
    if k < 3:
        return OneFactor(empty, empty, "two_items", none, float("nan"))
    # unweighted least squares needs no inverse
    if method == "ml" and np.linalg.eigvalsh(cor)[0] < _SMALLEST:
        return OneFactor(empty, empty, "redundant", determined_items(cor), float("nan"))
    found = extract(cor[None], 1, method)
    loadings = found.loadings[0, :, 0]
    left = cor - np.outer(loadings, loadings)
    np.fill_diagonal(left, 0.0)
    trouble, items = _trouble(found, loadings)
    return OneFactor(
        loadings, 1 - np.square(loadings), trouble, items, float(np.sqrt(np.square(left).sum() / (k * (k + 1))))
    )


def _trouble(found: Extraction, loadings: Array) -> tuple[Trouble, NDArray[np.bool_]]:
    if not found.converged[0]:
        return "not_converged", np.zeros(len(loadings), dtype=bool)
    if found.improper[0].any():
        return "heywood", found.improper[0]
    if (loadings < 0).any():
        return "negative_loading", loadings < 0
    return "", np.zeros(len(loadings), dtype=bool)


def determined_items(cor: Array) -> NDArray[np.bool_]:
    """Items (k,) with a part in a combination of items that does not vary; none if the matrix has an inverse.

    Examples
    --------
    >>> determined_items(np.array([[1, 1, 0.3], [1, 1, 0.3], [0.3, 0.3, 1]])).tolist()
    [True, True, False]
    """
    values, vectors = np.linalg.eigh(cor)
    return np.asarray((np.abs(vectors[:, values < _SMALLEST]) > 1e-3).any(axis=1))


def coefficients(loadings: Array, cov: Array) -> dict[Coefficient, Array]:
    """Coefficients of one factor. Batch-safe: loadings (..., k) and covariances (..., k, k) give arrays (...).

    Parameters
    ----------
    loadings : (..., k)
        Standardised.
    cov : (..., k, k)
        The items' covariances in the sample.

    Notes
    -----
    With standardised loadings l and standard deviations s: ``omega_total = (sum l s)^2 / sum of cov`` (McDonald, 1999;
    ``semTools::compRelSEM(fit)``); ``composite_reliability = (sum l)^2 / ((sum l)^2 + sum (1 - l^2))``, of the sum of
    standardised items (Jöreskog, 1971; Fornell & Larcker, 1981); ``ave`` = mean of l^2; ``h = 1 / (1 + 1 / sum(l^2 / (1
    - l^2)))``, of the best weighted sum (Hancock & Mueller, 2001). They are what `cxlab.convergent_validity` prints as
    omega, cr and ave of a fit of this scale alone.

    Examples
    --------
    >>> l = np.array([0.8, 0.7, 0.6])
    >>> found = coefficients(l, np.outer(l, l) + np.diag(1 - l**2))
    >>> [round(float(found[name]), 4) for name in COEFFICIENTS]
    [0.7449, 0.7449, 0.4967, 0.7675]
    """
    squares = np.square(loadings)
    total = np.square(loadings.sum(axis=-1))
    raw = loadings * np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "omega_total": np.square(raw.sum(axis=-1)) / cov.sum(axis=(-2, -1)),
            "composite_reliability": total / (total + (1 - squares).sum(axis=-1)),
            "ave": squares.mean(axis=-1),
            "h": 1 / (1 + 1 / (squares / (1 - squares)).sum(axis=-1)),
        }


def standard_errors(loadings: Array, values: Array) -> dict[Coefficient, float]:
    """Standard errors of `coefficients` that hold whatever the distribution of the answers.

    Parameters
    ----------
    loadings : (k,)
        Standardised, by maximum likelihood.
    values : (n, k)
        Complete rows.

    Notes
    -----
    Delta method: square root of the sum of squared influences over n, each row's influence on the loadings and error
    variances being the inverse expected information times its score. Equals lavaan's standard error of the same
    coefficient as a defined parameter under ``estimator = "MLM"``; the covariances in the denominator of omega vary
    along. Coefficient H likewise.
    """
    deviations = values - values.mean(axis=0)
    cov = deviations.T @ deviations / len(values)
    spread = np.sqrt(np.diag(cov))
    lam, psi = loadings * spread, (1 - np.square(loadings)) * spread**2
    change = _parameter_influences(lam, psi, cov, deviations)
    total = float(cov.sum())
    gradients = _gradients(loadings, lam, psi, total)
    found = {name: change @ gradient for name, gradient in gradients.items()}
    omega = float(lam.sum()) ** 2 / total
    found["omega_total"] -= omega / total * (np.square(deviations.sum(axis=1)) - total)
    return {name: float(np.sqrt(np.square(found[name]).sum())) / len(values) for name in COEFFICIENTS}


def _parameter_influences(lam: Array, psi: Array, cov: Array, deviations: Array) -> Array:
    """Each row's influence on loadings and error variances, (n, 2k)."""
    k = len(lam)
    inverse = np.linalg.inv(np.outer(lam, lam) + np.diag(psi))
    a = inverse @ lam
    information = np.empty((2 * k, 2 * k))
    information[:k, :k] = inverse * (lam @ a) + np.outer(a, a)
    information[:k, k:] = inverse * a
    information[k:, :k] = information[:k, k:].T
    information[k:, k:] = np.square(inverse) / 2
    turned = deviations @ inverse
    middle = inverse @ cov
    of_loadings = turned * (deviations @ a)[:, None] - middle @ a
    of_errors = (np.square(turned) - np.diag(middle @ inverse)) / 2
    return np.asarray(np.linalg.solve(information, np.column_stack([of_loadings, of_errors]).T).T)


def _gradients(l: Array, lam: Array, psi: Array, total: float) -> dict[Coefficient, Array]:  # noqa: E741 - the papers' l
    """Derivatives of the coefficients by loadings and error variances, (2k,) each."""
    variance = np.square(lam) + psi
    by_lam, by_psi = psi / variance**1.5, -lam / (2 * variance**1.5)
    whole = l.sum() ** 2 + (1 - np.square(l)).sum()
    odds = (np.square(l) / (1 - np.square(l))).sum()
    of_std: dict[Coefficient, Array] = {
        "composite_reliability": 2 * l.sum() / whole - l.sum() ** 2 / whole**2 * 2 * (l.sum() - l),
        "ave": 2 * l / len(l),
        "h": 2 * l / np.square(1 - np.square(l)) / np.square(1 + odds),
    }
    found: dict[Coefficient, Array] = {
        name: np.concatenate([slope * by_lam, slope * by_psi]) for name, slope in of_std.items()
    }
    found["omega_total"] = np.concatenate([np.full(len(l), 2 * lam.sum() / total), np.zeros(len(l))])
    return found


def logit_interval(estimate: float, se: float, level: float = 0.95) -> tuple[float, float]:
    """Interval of a coefficient between 0 and 1, symmetric in its log odds; nan for an estimate outside.

    Source: Raykov & Marcoulides (2011). ``logit(estimate) +- z se / (estimate (1 - estimate))``, turned back.

    Examples
    --------
    >>> low, high = logit_interval(0.8, 0.03)
    >>> round(low, 3), round(high, 3)
    (0.735, 0.852)
    """
    if not (0 < estimate < 1 and np.isfinite(se)):
        return float("nan"), float("nan")
    middle, half = np.log(estimate / (1 - estimate)), stats.norm.isf((1 - level) / 2) * se / (estimate * (1 - estimate))
    return float(1 / (1 + np.exp(half - middle))), float(1 / (1 + np.exp(-half - middle)))


def replicates(values: Array, draws: Draws, start: Array, workers: int = 1) -> Array:
    """`coefficients` in every resample of the rows, (R, 4) in the order of `COEFFICIENTS`, many fits at once.

    Parameters
    ----------
    values : (n, k)
        Complete rows.
    draws : Draws
        Which rows are in which resample.
    start : (k,)
        Uniquenesses of the sample, to start from.
    workers : int
        Threads; the answer does not depend on it.

    Returns
    -------
    ndarray (R, 4)
        nan where a resample does not identify the factor (a constant or redundant item) or the search did not end.

    Examples
    --------
    >>> from cxlab.resample.draws import RandomDraws
    >>> rows = np.random.default_rng(1).normal(size=(50, 1)) + np.random.default_rng(2).normal(size=(50, 3))
    >>> replicates(rows, RandomDraws(20, (50,), seed=1), np.full(3, 0.5)).shape
    (20, 4)
    """

    def work(first: int, last: int) -> Array:
        cov = weighted_moments(draws.counts(first, last)[0], values)[1]
        cor = correlations(cov)
        usable = np.isfinite(cor).all(axis=(1, 2))
        usable[usable] = np.linalg.eigvalsh(cor[usable])[:, 0] > _SMALLEST
        found = np.full((last - first, len(COEFFICIENTS)), np.nan)
        if usable.any():
            fits = extract(cor[usable], 1, "ml", start=start)
            numbers = np.column_stack(list(coefficients(fits.loadings[..., 0], cov[usable]).values()))
            found[usable] = np.where(fits.converged[:, None], numbers, np.nan)
        return found

    return np.concatenate(in_threads(work, draws.size, _BLOCK, workers))
