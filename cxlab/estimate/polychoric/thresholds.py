"""Thresholds: where the normal distribution behind an ordinal answer is cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from cxlab.estimate.polychoric.bivariate import normal_density

Array = NDArray[np.float64]
Integers = NDArray[np.intp]


@dataclass(frozen=True)
class Margins:
    """What each of p ordinal variables says alone.

    Attributes
    ----------
    codes : (n, p) categories counted from 0, without gaps; -1 where an answer is missing
    counts : tuple of p arrays, answers per category
    thresholds : tuple of p arrays, one fewer than categories, ascending, in standard deviations
    cuts : (p, K + 1) thresholds between minus and plus infinity, K the most categories; padded with plus infinity
    """

    codes: Integers
    counts: tuple[Integers, ...]
    thresholds: tuple[Array, ...]
    cuts: Array

    @property
    def categories(self) -> Integers:
        """Number of categories of each variable, shape (p,)."""
        return np.array([len(count) for count in self.counts])


def margins(codes: Integers) -> Margins:
    """Counts and thresholds ``Phi^-1(cumulated share)`` of each column of `codes` (0, 1, ... without gaps; -1 missing).

    R: ``lavaan::lavCor(data, ordered = names, output = "th")``.

    Examples
    --------
    >>> margins(np.array([[0], [0], [1], [1]])).thresholds[0].round(3).tolist()
    [0.0]
    """
    counts = tuple(np.bincount(column[column >= 0]) for column in codes.T)
    thresholds = tuple(ndtri(np.cumsum(count)[:-1] / count.sum()) for count in counts)
    widest = max((len(count) for count in counts), default=1)
    cuts = np.full((len(counts), widest + 1), np.inf)
    cuts[:, 0] = -np.inf
    for row, own in zip(cuts, thresholds, strict=True):
        row[1 : len(own) + 1] = own
    return Margins(codes, counts, thresholds, cuts)


def categories(values: Array) -> tuple[Integers, tuple[Array, ...]]:
    """Codes 0, 1, ... of the distinct values in each column, -1 where one is missing, and those values in order.

    Examples
    --------
    >>> codes, levels = categories(np.array([[1.0], [7.0], [np.nan], [1.0]]))
    >>> codes[:, 0].tolist(), levels[0].tolist()
    ([0, 1, -1, 0], [1.0, 7.0])
    """
    codes, levels = np.full(values.shape, -1, dtype=np.intp), []
    for place, column in enumerate(values.T):
        given = ~np.isnan(column)
        found, codes[given, place] = np.unique(column[given], return_inverse=True)
        levels.append(found)
    return codes, tuple(levels)


def threshold_scores(column: Integers, thresholds: Array) -> Array:
    """Derivative of each case's log-likelihood by its variable's thresholds, shape (n, K - 1)."""
    density = normal_density(thresholds)
    shares = np.bincount(column, minlength=len(thresholds) + 1) / len(column)
    by_category = np.zeros((len(thresholds) + 1, len(thresholds)))
    places = np.arange(len(thresholds))
    by_category[places, places] = density / shares[:-1]
    by_category[places + 1, places] = -density / shares[1:]
    return by_category[column]
