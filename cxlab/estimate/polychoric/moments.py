"""What a model for ordinal answers is fitted to: thresholds, means, variances, correlations, and their covariance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.polychoric.asymptotic import Scores, asymptotic_covariance
from cxlab.estimate.polychoric.mixed import (
    Numeric,
    PairScores,
    numeric,
    numeric_scores,
    polyserial,
    polyserial_scores,
    product_moment_scores,
)
from cxlab.estimate.polychoric.pairs import Pairs, all_pairs, polychoric_pairs
from cxlab.estimate.polychoric.scores import polychoric_scores
from cxlab.estimate.polychoric.thresholds import Margins, categories, margins, threshold_scores

Array = NDArray[np.float64]
Integers = NDArray[np.intp]


@dataclass(frozen=True)
class OrdinalMoments:
    """Moments of p variables, some of them ordinal; for an ordinal one mean 0 and variance 1 hold by definition.

    Attributes
    ----------
    ordinal : (p,) True for an ordinal variable
    thresholds : tuple of p arrays, in standard deviations; empty for a numeric variable
    means, variances : (p,) 0 and 1 for an ordinal variable; divisor n for a numeric one
    cov : (p, p) covariances of the responses; where both are ordinal, polychoric correlations
    acov : (q, q) n times the asymptotic covariance matrix of `vector`, or None if it was not asked for
    n_obs : number of cases
    converged, empty_cells, at_edge : (p, p) per pair
    """

    ordinal: NDArray[np.bool_]
    thresholds: tuple[Array, ...]
    means: Array
    variances: Array
    cov: Array
    acov: Array | None
    n_obs: int
    converged: NDArray[np.bool_]
    empty_cells: Integers
    at_edge: NDArray[np.bool_]

    @property
    def corr(self) -> Array:
        """Correlations of the responses, shape (p, p)."""
        sd = np.sqrt(self.variances)
        return self.cov / np.outer(sd, sd)

    @property
    def vector(self) -> Array:
        """Thresholds (minus the mean for a numeric variable) in order of the variables, variances of the numeric ones,
        covariances below the diagonal column by column: lavaan's ``WLS.obs``.
        """
        alone = [
            own if flag else [-mean] for flag, own, mean in zip(self.ordinal, self.thresholds, self.means, strict=True)
        ]
        rows, columns = all_pairs(len(self.ordinal))
        return np.concatenate([*alone, self.variances[~self.ordinal], self.cov[rows, columns]])


def ordinal_moments(values: Array | Integers, ordinal: Sequence[bool], *, acov: bool = True) -> OrdinalMoments:
    """Two-step estimates of thresholds and polychoric, polyserial and product-moment (co)variances.

    Parameters
    ----------
    values : (n, p) an ordinal column holds 0, 1, ... without gaps; complete, or -1 where an ordinal answer is missing
        (then without `acov`)
    ordinal : p flags
    acov : whether to compute the asymptotic covariance matrix as well

    Source: Muthén (1984). R: ``lavaan`` with ``ordered =`` (``lavInspect(fit, "sampstat")`` and ``"gamma"``).
    """
    flags = np.asarray(ordinal, dtype=bool)
    alone = margins(values[:, flags].astype(np.intp))
    measured = [numeric(column) for column in values[:, ~flags].T]
    parts = _Parts(flags, alone, measured, polychoric_pairs(alone))
    corr = _correlations(parts)
    sd, means = np.ones(len(flags)), np.zeros(len(flags))
    sd[~flags] = [np.sqrt(one.variance) for one in measured]
    means[~flags] = [one.mean for one in measured]
    given = iter(alone.thresholds)
    thresholds = tuple(next(given) if flag else np.empty(0) for flag in flags)
    gamma = asymptotic_covariance(_scores(parts, corr), corr, sd, flags) if acov else None
    cov = corr * np.outer(sd, sd)
    return OrdinalMoments(flags, thresholds, means, sd**2, cov, gamma, len(values), *_said(parts))


def polychoric(answers: Array, *, acov: bool = False) -> OrdinalMoments:
    """Thresholds and polychoric correlations of answers in any numbers, each pair from the cases that answered both.

    Parameters
    ----------
    answers : (n, p) ordered answers; NaN is missing
    acov : whether to compute the asymptotic covariance matrix (complete data only)

    R: ``lavaan::lavCor(data, ordered = names(data), missing = "pairwise")``.

    Examples
    --------
    >>> answers = np.array([[1, 1], [1, 1], [1, 2], [2, 1], [2, 2], [2, 2], [1, 1], [2, 2]], dtype=float)
    >>> polychoric(answers).corr[0, 1].round(3).item()
    0.707
    """
    codes, _ = categories(answers)
    return ordinal_moments(codes, [True] * answers.shape[1], acov=acov)


@dataclass(frozen=True)
class _Parts:
    """The variables, told apart: which are ordinal, what each says alone, and the pairs of ordinal ones."""

    flags: NDArray[np.bool_]
    alone: Margins
    measured: list[Numeric]
    pairs: Pairs

    @property
    def number(self) -> Integers:
        """Place of each variable among those of its own kind."""
        return np.where(self.flags, np.cumsum(self.flags), np.cumsum(~self.flags)) - 1

    def cuts(self, number: int) -> Array:
        return self.alone.cuts[number, : len(self.alone.counts[number]) + 1]


def _said(parts: _Parts) -> tuple[NDArray, NDArray, NDArray]:
    size, pairs = len(parts.flags), parts.pairs
    converged, empty, edge = np.ones((size, size), bool), np.zeros((size, size), np.intp), np.zeros((size, size), bool)
    place = np.flatnonzero(parts.flags)
    row, column = place[pairs.first], place[pairs.second]
    for matrix, own in ((converged, pairs.converged), (empty, pairs.empty), (edge, pairs.at_edge)):
        matrix[row, column] = matrix[column, row] = own
    return converged, empty, edge


def _correlations(parts: _Parts) -> Array:
    corr = np.eye(len(parts.flags))
    ordinal, other = np.flatnonzero(parts.flags), np.flatnonzero(~parts.flags)
    corr[ordinal[parts.pairs.first], ordinal[parts.pairs.second]] = parts.pairs.rho
    z = np.array([one.z for one in parts.measured])
    if len(other):
        corr[np.ix_(other, other)] = z @ z.T / z.shape[1]
    for place, own in zip(other, z, strict=True):
        for number, ordinal_place in enumerate(ordinal):
            rho = polyserial(own, parts.alone.codes[:, number], parts.cuts(number))
            corr[max(place, ordinal_place), min(place, ordinal_place)] = rho
    lower = np.tril(corr, -1)
    return lower + lower.T + np.eye(len(corr))


def _scores(parts: _Parts, corr: Array) -> Scores:
    number, alone = parts.number, parts.alone
    own = tuple(
        threshold_scores(alone.codes[:, k], alone.thresholds[k]) if flag else numeric_scores(parts.measured[k])
        for flag, k in zip(parts.flags, number, strict=True)
    )
    both = polychoric_scores(alone, parts.pairs)

    def pair(row: int, column: int) -> PairScores:
        first, second = number[row], number[column]
        kinds = parts.flags[row], parts.flags[column]
        if all(kinds):
            return both[first, second]
        if not any(kinds):
            return product_moment_scores(parts.measured[first], parts.measured[second], corr[row, column])
        if kinds[0]:
            turned = pair(column, row)
            return PairScores(turned.rho, turned.second, turned.first)
        cuts = parts.cuts(second)
        return polyserial_scores(parts.measured[first], alone.codes[:, second], cuts, corr[row, column])

    rows, columns = all_pairs(len(parts.flags))
    return Scores(own, rows, columns, [pair(i, j) for i, j in zip(rows, columns, strict=True)])
