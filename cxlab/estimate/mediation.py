"""Mediation by regressions, from covariance matrices: all resamples at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# Of a column with variance 1 in the sample: one row drawn again and again leaves rounding only, of either sign.
_NOTHING = 1e-12


@dataclass(frozen=True)
class Places:
    """Where the variables stand among the columns: the cause, k mediators in order, covariates, the outcome."""

    cause: int
    mediators: tuple[int, ...]
    covariates: tuple[int, ...]
    outcome: int
    serial: bool = False

    @property
    def chains(self) -> tuple[tuple[int, ...], ...]:
        """Mediators (by number, from 0) of each specific indirect effect."""
        numbers = range(len(self.mediators))
        if not self.serial:
            return tuple((number,) for number in numbers)
        return tuple(chain for size in range(1, len(numbers) + 1) for chain in combinations(numbers, size))


@dataclass(frozen=True, eq=False)
class MediationPaths:
    """Coefficients of R replicates, k mediators.

    Attributes
    ----------
    a : (R, k)
        Of the cause in the regression of each mediator.
    d : (R, k, k)
        ``d[:, i, j]``: of mediator i in the regression of mediator j; 0 unless serial and i before j.
    b : (R, k)
        Of each mediator in the regression of the outcome.
    direct, total : (R,)
        Of the cause, with and without the mediators.
    indirect : (R, chains)
    """

    a: Array
    d: Array
    b: Array
    direct: Array
    total: Array
    indirect: Array


def mediation_paths(cov: Array, places: Places) -> MediationPaths:
    """Paths and indirect effects from covariances (R, q, q).

    Each equation is a least-squares regression; an indirect effect is the product of the paths along its chain. nan
    where the causes of an equation determine one another.

    Examples
    --------
    >>> cov = np.array([[[1.0, 0.5, 0.4], [0.5, 1.0, 0.6], [0.4, 0.6, 1.0]]])
    >>> found = mediation_paths(cov, Places(0, (1,), (), 2))
    >>> found.indirect.round(4).tolist(), (found.total - found.direct).round(4).tolist()
    ([[0.2667]], [0.2667])
    """
    replicates, k = len(cov), len(places.mediators)
    given = [places.cause, *places.covariates]
    a, d = np.empty((replicates, k)), np.zeros((replicates, k, k))
    for number, mediator in enumerate(places.mediators):
        before = places.mediators[:number] if places.serial else ()
        slopes = _slopes(cov, [*given, *before], mediator)
        a[:, number] = slopes[:, 0]
        d[:, : len(before), number] = slopes[:, len(given) :]
    slopes = _slopes(cov, [*given, *places.mediators], places.outcome)
    b, direct = slopes[:, len(given) :], slopes[:, 0]
    indirect = np.stack([_along(a, d, b, chain) for chain in places.chains], axis=1)
    return MediationPaths(a, d, b, direct, _slopes(cov, given, places.outcome)[:, 0], indirect)


def _along(a: Array, d: Array, b: Array, chain: Sequence[int]) -> Array:
    product = a[:, chain[0]] * b[:, chain[-1]]
    for one, other in pairwise(chain):
        product = product * d[:, one, other]
    return product


def _slopes(cov: Array, on: Sequence[int], target: int) -> Array:
    places = np.array(on)
    matrix = cov[:, places[:, None], places]
    variance = np.diagonal(matrix, axis1=1, axis2=2)
    spread = np.sqrt(np.where(variance > _NOTHING, variance, np.nan))
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = matrix / (spread[:, :, None] * spread[:, None, :])
        right = cov[:, places, target] / spread
    sound = np.isfinite(scaled).all(axis=(1, 2))
    sound[sound] = np.linalg.eigvalsh(scaled[sound])[:, 0] > 1e-10
    found = np.full(right.shape, np.nan)
    found[sound] = np.linalg.solve(scaled[sound], right[sound][..., None])[..., 0] / spread[sound]
    return found


def confounded_indirect(cov: Array, places: Places, rho: Array) -> Array:
    """The indirect effect (len(rho),) through one mediator if its residual correlates by rho with the outcome's.

    a (s1 / s2) (r - rho sqrt((1 - r^2) / (1 - rho^2))) with s1, s2 the residual standard deviations of the outcome
    (without the mediator) and of the mediator, and r their correlation: zero at rho = r. Imai, Keele & Yamamoto (2010).
    R: ``mediation::medsens``.

    Examples
    --------
    >>> cov = np.array([[1.0, 0.5, 0.4], [0.5, 1.0, 0.6], [0.4, 0.6, 1.0]])
    >>> confounded_indirect(cov, Places(0, (1,), (), 2), np.array([0.0])).round(4).tolist()
    [0.2667]
    """
    given = np.array([places.cause, *places.covariates])
    ends = np.array([places.mediators[0], places.outcome])
    between = cov[np.ix_(given, ends)]
    slopes = np.linalg.solve(cov[np.ix_(given, given)], between)
    left = cov[np.ix_(ends, ends)] - between.T @ slopes
    s2, s1 = np.sqrt(np.diag(left))
    r = left[0, 1] / (s1 * s2)
    return np.asarray(slopes[0, 0] * s1 / s2 * (r - rho * np.sqrt((1 - r**2) / (1 - rho**2))))


def residual_correlation(cov: Array, places: Places) -> float:
    """Correlation of the mediator's and the outcome's residuals given cause and covariates: where rho makes it zero."""
    given = np.array([places.cause, *places.covariates])
    ends = np.array([places.mediators[0], places.outcome])
    between = cov[np.ix_(given, ends)]
    left = cov[np.ix_(ends, ends)] - between.T @ np.linalg.solve(cov[np.ix_(given, given)], between)
    return float(left[0, 1] / np.sqrt(left[0, 0] * left[1, 1]))


def robustness_value(t: Array, df: float) -> Array:
    """Share of both residual variances that a confounder must explain to take a coefficient to zero.

    (sqrt(f^4 + 4 f^2) - f^2) / 2 with f = |t| / sqrt(df). Cinelli & Hazlett (2020). R: ``sensemakr::robustness_value``.

    Examples
    --------
    >>> robustness_value(np.array([2.0]), 100.0).round(4).tolist()
    [0.181]
    """
    f2 = t**2 / df
    return np.asarray((np.sqrt(f2**2 + 4 * f2) - f2) / 2)
