"""Brant's (1990) test: do binary models of "above threshold j" have the same coefficients?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cxlab.estimate.ordinal import Array, Codes, cells, fit_cumulative
from cxlab.estimate.ordinal_links import LINKS
from cxlab.estimate.separation import separation


@dataclass(frozen=True, eq=False)
class BinaryFits:
    """Coefficients of the binary models and their joint covariance.

    Attributes
    ----------
    slopes : (J - 1, q) array
        Of "above threshold j", for columns centred and of unit spread.
    cov : ((J - 1) q, (J - 1) q) array
    lost : (J - 1,) bool array
        Thresholds whose binary model has no finite estimate; then `cov` says nothing.
    """

    slopes: Array
    cov: Array
    lost: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Cut:
    """One binary model: its slopes, inverse information, chances and the weight of a residual in its score."""

    slopes: Array
    inverse: Array
    chance: Array
    ratio: Array
    lost: bool


def binary_fits(
    codes: Codes, x: Array, categories: int, link: str, counts: Array, sampling: Array | None = None
) -> BinaryFits:
    """The J - 1 binary models and the covariance of their coefficients.

    Without survey weights the scores' covariance at two thresholds is that of Brant's model; with them the rows' own.

    Parameters
    ----------
    codes, x, categories, link, counts, sampling
        As in `fit_cumulative`.

    Examples
    --------
    >>> y, x = np.array([0, 1, 2, 0, 1, 2, 1, 2]), np.array([[1.0], [2], [3], [2], [1], [2], [3], [1]])
    >>> binary_fits(y, x, 3, "logit", np.ones(8)).slopes.shape
    (2, 1)
    """
    weights = counts if sampling is None else counts * sampling
    x = (x - weights @ x / weights.sum()) / x.std(axis=0)
    design = np.column_stack([np.ones(len(x)), -x])
    cuts = [_cut((codes > j).astype(np.int64), x, design, link, counts, sampling) for j in range(categories - 1)]

    def block(m: int, j: int) -> Array:
        if sampling is None:  # of two indicators "above", the later one decides their product
            middle = counts * (cuts[max(m, j)].chance - cuts[m].chance * cuts[j].chance)
        else:
            middle = counts * sampling**2 * ((codes > m) - cuts[m].chance) * ((codes > j) - cuts[j].chance)
        scores = (design.T * (middle * cuts[m].ratio * cuts[j].ratio)) @ design
        return (cuts[m].inverse @ scores @ cuts[j].inverse)[1:, 1:]

    size = range(categories - 1)
    cov = np.block([[block(m, j) for j in size] for m in size])
    return BinaryFits(np.array([cut.slopes for cut in cuts]), cov, np.array([cut.lost for cut in cuts]))


def _cut(above: Codes, x: Array, design: Array, link: str, counts: Array, sampling: Array | None) -> _Cut:
    fit = fit_cumulative(above, x, 2, link, counts=counts, sampling=sampling)
    doubtful = not fit.converged or fit.information < 1e-6
    lost = not fit.converged or (doubtful and separation(cells(above, x, 2))[0] != "none")
    eta = design @ fit.params
    chance = LINKS[link].upper(eta)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(LINKS[link].density(eta) / (chance * LINKS[link].cdf(eta)))
    return _Cut(fit.params[1:], fit.cov, chance, ratio, lost)


def equal_slopes(fits: BinaryFits, columns: Sequence[int]) -> tuple[float, int, float]:
    """Wald test that the coefficients of these columns are the same at every threshold: chi-square, df, p.

    Notes
    -----
    R: ``brant::brant``, with the classical binary fits.

    Examples
    --------
    >>> fits = BinaryFits(np.array([[1.0], [2.0]]), np.eye(2) / 2, np.zeros(2, dtype=bool))
    >>> chisq, df, p = equal_slopes(fits, [0])
    >>> round(chisq, 6), df
    (1.0, 1)
    """
    cuts, q = fits.slopes.shape
    contrast = np.zeros(((cuts - 1) * len(columns), cuts * q))
    for row, (cut, column) in enumerate((cut, column) for cut in range(1, cuts) for column in columns):
        contrast[row, column] = 1
        contrast[row, cut * q + column] = -1
    difference = contrast @ fits.slopes.ravel()
    chisq = float(difference @ np.linalg.solve(contrast @ fits.cov @ contrast.T, difference))
    return chisq, len(contrast), float(stats.chi2.sf(chisq, len(contrast)))
