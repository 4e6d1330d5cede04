"""Polychoric correlations of all pairs of ordinal variables at once, by maximum likelihood given the thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.polychoric.bivariate import FAR, bivariate_cdf, bivariate_density, density_slope
from cxlab.estimate.polychoric.thresholds import Margins

Array = NDArray[np.float64]
Integers = NDArray[np.intp]
_MOST = 0.9999
_CHUNK = 4_000
_SMALLEST = 1e-300
# Below it a share is rounding error of the bivariate distribution.
_NOTICEABLE = 1e-12


@dataclass(frozen=True)
class Pairs:
    """Polychoric correlations of the pairs (i, j), i > j, in the order of the lower triangle, column by column.

    Attributes
    ----------
    first, second : (m,) the variables of each pair; `first` is the row, `second` the column of the triangle
    rho : (m,) correlations
    cells : (m, K, K) expected share of each cell, `first`'s category in the rows
    slopes : (m, K, K) derivative of each share by rho
    converged : (m,)
    empty : (m,) number of cells without an answer, among those of categories both variables have
    at_edge : (m,) True where the table allows only -1 or 1: the order of one answer settles that of the other
    """

    first: Integers
    second: Integers
    rho: Array
    cells: Array
    slopes: Array
    converged: NDArray[np.bool_]
    empty: Integers
    at_edge: NDArray[np.bool_]


def all_pairs(count: int) -> tuple[Integers, Integers]:
    """Row and column of every element below the diagonal, column by column."""
    column, row = np.triu_indices(count, 1)
    return row, column


def polychoric_pairs(margins: Margins, *, tolerance: float = 1e-10, most_steps: int = 100) -> Pairs:
    """Maximum-likelihood correlation of each pair, the thresholds held at their one-variable estimates.

    Newton steps on the log-likelihood of the two-way table (Fisher's information where the curvature is not negative),
    all pairs in one array. Source: Olsson (1979), two-step. R: ``lavaan::lavCor``; as there, a single empty cell of a
    table of two by two gets half an answer, the margins kept.
    """
    first, second = all_pairs(len(margins.counts))
    tables = two_way_tables(margins.codes, first, second, margins.cuts.shape[1] - 1)
    binary = (margins.categories[first] == 2) & (margins.categories[second] == 2)
    filled, edge = _fill_binary(tables, binary)
    edge[~binary] = _ordered_alike(tables[~binary])
    parts = [
        _solve(margins.cuts[first[part]], margins.cuts[second[part]], filled[part], edge[part], tolerance, most_steps)
        for part in _chunks(len(first), margins.cuts.shape[1] ** 2)
    ]
    rho, cells, slopes, converged = (np.concatenate(piece) for piece in zip(*parts, strict=True))
    size = margins.categories[first] * margins.categories[second]
    empty = size - (tables > 0).sum((1, 2))
    return Pairs(first, second, rho, cells, slopes, converged, empty, edge != 0)


def _chunks(count: int, cells: int) -> list[slice]:
    step = max(1, _CHUNK * 4 // cells)
    return [slice(start, start + step) for start in range(0, max(count, 1), step)]


def two_way_tables(codes: Integers, first: Integers, second: Integers, size: int) -> Array:
    """Number of cases in each cell of each pair's table, shape (m, size, size)."""
    marks = (codes[:, :, None] == np.arange(size)).astype(float)
    wide = marks.reshape(len(codes), -1)
    counts = (wide.T @ wide).reshape(codes.shape[1], size, codes.shape[1], size)
    return counts[first, :, second, :]


def _fill_binary(tables: Array, binary: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Half an answer in the one empty cell of a two by two table; the sign of rho where two cells are empty."""
    filled, edge = tables.copy(), np.zeros(len(tables))
    for number in np.flatnonzero(binary):
        table = tables[number, :2, :2]
        empty = table == 0
        if empty.sum() > 1:
            edge[number] = 1.0 if empty[0, 1] and empty[1, 0] else -1.0
        elif empty.any():
            sign = 1.0 if empty[0, 0] or empty[1, 1] else -1.0
            filled[number, :2, :2] += 0.5 * sign * np.array([[1.0, -1.0], [-1.0, 1.0]])
    return filled, edge


def _ordered_alike(tables: Array) -> Array:
    """1 where no two cases are ordered differently by the two items, -1 where none are ordered alike, else 0."""
    earlier = np.zeros_like(tables)
    earlier[:, 1:] = tables.cumsum(1)[:, :-1]
    alike, unlike = np.zeros_like(tables), np.zeros_like(tables)
    alike[:, :, 1:] = earlier.cumsum(2)[:, :, :-1]
    unlike[:, :, :-1] = earlier[:, :, ::-1].cumsum(2)[:, :, ::-1][:, :, 1:]
    some_alike, some_unlike = ((tables * one).sum((1, 2)) > 0 for one in (alike, unlike))
    return some_alike.astype(float) * ~some_unlike - some_unlike.astype(float) * ~some_alike


def _solve(
    rows: Array, columns: Array, tables: Array, edge: Array, tolerance: float, most_steps: int
) -> tuple[Array, ...]:
    rho, active = edge * _MOST, edge == 0
    rho[active] = np.clip(_product_moment(tables[active]), -0.9, 0.9)
    best = np.full(len(rho), -np.inf)
    step = np.zeros(len(rho))
    for _ in range(most_steps):
        at = np.flatnonzero(active)
        if not at.size:
            break
        value, slope, information = _likelihood(rows[at], columns[at], tables[at], rho[at])
        worse = value < best[at] - 1e-9 * np.abs(best[at])
        step[at] = np.where(worse, -0.5 * np.abs(step[at]) * np.sign(step[at]), _newton(slope, information, rho[at]))
        best[at] = np.where(worse, best[at], value)
        rho[at] = np.clip(rho[at] + step[at], -_MOST, _MOST)
        active[at] = np.abs(step[at]) > tolerance
    cells, slopes = cell_shares(rows, columns, rho)
    return rho, cells, slopes, ~active


def _newton(slope: Array, information: Array, rho: Array) -> Array:
    return np.clip(slope / information, -0.5 * (1 + rho), 0.5 * (1 - rho))


def _likelihood(rows: Array, columns: Array, tables: Array, rho: Array) -> tuple[Array, Array, Array]:
    """Log-likelihood, its slope, and minus its curvature (the expected one where that is not positive)."""
    cells, slopes = cell_shares(rows, columns, rho)
    bends = _differences(density_slope(rows[:, :, None], columns[:, None, :], rho[:, None, None]))
    # Cells without an answer add nothing, however small their share: leave them out before it is divided by.
    shares = np.where(tables > 0, cells, 1.0)
    ratio = slopes / shares
    observed = (tables * (ratio**2 - bends / shares)).sum((1, 2))
    expected = tables.sum((1, 2)) * (slopes**2 / np.maximum(cells, _NOTICEABLE)).sum((1, 2))
    value, slope = (tables * np.log(shares)).sum((1, 2)), (tables * ratio).sum((1, 2))
    return value, slope, np.where(observed > 0, observed, expected)


def cell_shares(rows: Array, columns: Array, rho: Array) -> tuple[Array, Array]:
    """Share of each cell and its derivative by rho, shape (m, K, K), from cuts of shape (m, K + 1)."""
    h, k, r = rows[:, :, None], columns[:, None, :], rho[:, None, None]
    inside = bivariate_cdf(np.clip(h, -FAR, FAR), np.clip(k, -FAR, FAR), r)
    cells = np.maximum(_differences(inside), _SMALLEST)
    return cells, _differences(bivariate_density(h, k, r))


def _differences(corners: Array) -> Array:
    return np.diff(np.diff(corners, axis=1), axis=2)


def _product_moment(tables: Array) -> Array:
    """Pearson's correlation of the category numbers, as a start."""
    scores = np.arange(tables.shape[1], dtype=float)
    total = tables.sum((1, 2))
    a = np.einsum("mab,a->m", tables, scores) / total
    b = np.einsum("mab,b->m", tables, scores) / total
    x, y = scores[None, :, None] - a[:, None, None], scores[None, None, :] - b[:, None, None]
    cov = (tables * x * y).sum((1, 2))
    return cov / np.sqrt((tables * x * x).sum((1, 2)) * (tables * y * y).sum((1, 2)))
