"""Means and shares of events whose customers bring several each: standard errors clustered by customer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Means:
    """Means of k cells; each array has shape (k,).

    `n` rated events, `customers` behind them, `effective` (as many customers as theirs would tell as much without
    weights), `mean`, its clustered `se`, `difference` to the mean of all events and that difference's
    `se_difference`. Not-a-number where there are too few.
    """

    n: Ints
    customers: Ints
    effective: Floats
    mean: Floats
    se: Floats
    difference: Floats
    se_difference: Floats


def clustered_means(values: Floats, cells: Ints, customers: Ints, k: int, weights: Floats | None = None) -> Means:
    """Means by cell with standard errors clustered by customer.

    Parameters
    ----------
    values : (n,)
        Complete values.
    cells : (n,)
        Cell of each value, 0 to k - 1.
    customers : (n,)
        Customer of each value, from 0.
    k : int
    weights : (n,), optional
        The weight of each value's customer, above 0.

    Returns
    -------
    Means

    Notes
    -----
    With u_gc the sum over customer g's events in cell c of w (v - mean_c) and W_c that of w, se² =
    G_c/(G_c - 1) Σ_g u_gc² / W_c²: the cluster sandwich of a weighted regression on a constant. The difference to the
    overall mean has the influence u_gc/W_c - u_g/W and G/(G - 1) over all G customers, so that the cell's share in the
    overall mean is accounted for. R: ``sandwich::vcovCL(lm(v ~ 1), customer)`` in the cell, with weights
    ``survey::svymean(~v, svydesign(~customer, weights = ~w))``; ``survey::svycontrast`` for the difference.

    Examples
    --------
    >>> found = clustered_means(np.array([1.0, 2, 3, 6]), np.zeros(4, int), np.array([0, 0, 1, 1]), 1)
    >>> found.mean.tolist(), found.se.tolist()
    ([3.0], [1.5])
    """
    total = int(customers.max()) + 1 if len(customers) else 0
    w = np.ones(len(values)) if weights is None else weights
    n, size = np.bincount(cells, minlength=k), np.bincount(cells, w, minlength=k)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(cells, w * values, minlength=k) / size
    pairs, first, inverse = np.unique(cells.astype(np.int64) * total + customers, True, True)
    cell, owner = pairs // max(total, 1), pairs % max(total, 1)
    sums = np.bincount(inverse, w * (values - mean[cells]), minlength=len(pairs)) / size[cell]
    clusters = np.bincount(cell, minlength=k)
    square = np.bincount(cell, sums**2, minlength=k)
    overall = w @ values / w.sum() if len(values) else np.nan
    influence = np.bincount(customers, w * (values - overall), minlength=total) / (w.sum() or 1.0)
    cross = np.bincount(cell, sums * influence[owner], minlength=k)
    active = len(np.unique(customers))
    with np.errstate(invalid="ignore", divide="ignore"):
        effective = np.bincount(cell, w[first], minlength=k) ** 2 / np.bincount(cell, w[first] ** 2, minlength=k)
        se = np.sqrt(np.where(clusters > 1, clusters / (clusters - 1.0), np.nan) * square)
        spread = np.maximum(square - 2 * cross + (influence**2).sum(), 0.0)
        se_difference = np.sqrt(np.where(clusters > 1, active / max(active - 1.0, 1.0), np.nan) * spread)
    return Means(n, clusters, np.where(clusters > 0, effective, 0.0), mean, se, mean - overall, se_difference)


def effective_wilson(
    share: Floats, se: Floats, n: Ints, customers: Ints | Floats, level: float
) -> tuple[Floats, Floats]:
    """Wilson's interval on the effective number of events.

    The effective number is share (1 - share) / se², at most the number of events; where all or none have the mark, the
    spread between customers is unknown and the number of customers is taken (with weights Kish's effective one).

    Examples
    --------
    >>> low, high = effective_wilson(np.array([0.5]), np.array([0.05]), np.array([100]), np.array([100]), 0.95)
    >>> [round(float(one), 4) for one in (*low, *high)]
    [0.4038, 0.5962]
    """
    from statsmodels.stats.proportion import proportion_confint

    with np.errstate(invalid="ignore", divide="ignore"):
        effective = share * (1 - share) / se**2
        effective = np.where(np.isfinite(effective) & (share > 0) & (share < 1), effective, customers)
        effective = np.minimum(effective, n)
        usable = effective > 0
        safe = np.where(usable, effective, 1.0)
        filled = np.where(usable, share, 0.0)
        low, high = proportion_confint(np.minimum(filled * safe, safe), safe, alpha=1 - level, method="wilson")
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)
