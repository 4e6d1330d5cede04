"""Multiple imputation by chained equations: each item regressed on all others, gaps filled from respondents like them.

All m completed data sets are made side by side, since each step is the same regression of other numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Added to the diagonal of X'X, relative to it: as much as mice adds, so that items that determine one another pass.
_RIDGE = 1e-5


@dataclass(frozen=True, eq=False)
class Chains:
    """What the chains left.

    Attributes
    ----------
    completed : ndarray (m, n, p)
    trace : ndarray (iterations, m, k)
        Mean of the filled-in answers of each of the k incomplete items, after every round.
    filled : int array (k,)
        Which items those are, in the order in which they were filled.
    """

    completed: np.ndarray
    trace: np.ndarray
    filled: np.ndarray


def chained_equations(
    values: np.ndarray, *, m: int, iterations: int, donors: int, seed: int, extra: np.ndarray | None = None
) -> Chains:
    """Fill in missing answers m times by predictive mean matching.

    Parameters
    ----------
    values : ndarray (n, p)
        Answers, nan where missing; no column constant, each with two answers more than there are predictors.
    m : int
        Completed data sets; the first ones do not depend on how many follow.
    iterations : int
        Rounds through the incomplete items.
    donors : int
        Respondents with the nearest predictions, of whom one lends the answer.
    seed : int
    extra : ndarray (n, q), optional
        Complete variables that help to predict and are not returned.

    Returns
    -------
    Chains

    Notes
    -----
    For each item in turn, b, s from least squares on the rows that have it; s*2 = RSS / chi2(df), b* = b + s* N(0,
    (X'X)^-1). A gap takes the answer of one of the `donors` rows whose x'b is nearest to its own x'b* (Little, 1988;
    type 1 matching of van Buuren, 2018). As R's ``mice(method = "pmm")``, other random numbers.

    Examples
    --------
    >>> values = np.array([[1.0, 2], [2, 1], [3, np.nan], [4, 5], [5, 4], [6, 7]])
    >>> made = chained_equations(values, m=3, iterations=2, donors=2, seed=1)
    >>> made.completed.shape, bool(np.isin(made.completed[:, 2, 1], [1, 2, 4, 5, 7]).all())
    ((3, 6, 2), True)
    """
    gone = np.isnan(values)
    filled = np.argsort(gone.sum(axis=0), kind="stable")
    filled = filled[gone.sum(axis=0)[filled] > 0]
    streams = [np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(m)]
    centre, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    work = np.repeat(((values - centre) / spread)[None], m, axis=0)
    beside = np.empty((len(values), 0)) if extra is None else _standard(extra)
    for copy, rng in zip(work, streams, strict=True):
        for item in filled:
            there = copy[~gone[:, item], item]
            copy[gone[:, item], item] = rng.choice(there, gone[:, item].sum())
    trace = np.empty((iterations, m, len(filled)))
    for round_ in range(iterations):
        for place, item in enumerate(filled):
            _fill(work, item, gone[:, item], beside, donors, streams)
            trace[round_, :, place] = work[:, gone[:, item], item].mean(axis=1) * spread[item] + centre[item]
    completed = np.where(gone, work * spread + centre, values)
    return Chains(_as_given(completed, values, gone), trace, filled)


def _standard(extra: np.ndarray) -> np.ndarray:
    return np.asarray((extra - extra.mean(axis=0)) / extra.std(axis=0))


def _fill(
    work: np.ndarray, item: int, gone: np.ndarray, beside: np.ndarray, donors: int, streams: list[np.random.Generator]
) -> None:
    """New answers for the gaps of one item, in every data set."""
    m, n, p = work.shape
    others = np.delete(np.arange(p), item)
    shared = np.broadcast_to(np.column_stack([np.ones(n), beside]), (m, n, 1 + beside.shape[1]))
    x = np.concatenate([shared, work[:, :, others]], axis=2)
    given, wanted, y = x[:, ~gone], x[:, gone], work[:, ~gone, item]
    cross = given.transpose(0, 2, 1) @ given
    cross *= 1 + _RIDGE * np.eye(cross.shape[1])
    root = np.linalg.cholesky(np.linalg.inv(cross))
    b = np.linalg.solve(cross, given.transpose(0, 2, 1) @ y[..., None])[..., 0]
    predicted = (given @ b[..., None])[..., 0]
    rest = ((y - predicted) ** 2).sum(axis=1)
    for copy, rng in enumerate(streams):
        sigma = np.sqrt(rest[copy] / rng.chisquare(given.shape[1] - given.shape[2]))
        drawn = b[copy] + sigma * root[copy] @ rng.standard_normal(b.shape[1])
        lenders = _donors(predicted[copy], wanted[copy] @ drawn, donors, rng)
        work[copy, gone, item] = y[copy, lenders]


def _donors(given: np.ndarray, wanted: np.ndarray, donors: int, rng: np.random.Generator) -> np.ndarray:
    """For each gap, the place of one of the rows with the nearest predictions; ties in random order."""
    mixed = rng.permutation(len(given))
    order = mixed[np.argsort(given[mixed], kind="stable")]
    sorted_ = given[order]
    donors = min(donors, len(given))
    start = np.searchsorted(sorted_, wanted)[:, None] + np.arange(-donors, donors)
    inside = (start >= 0) & (start < len(given))
    places = np.clip(start, 0, len(given) - 1)
    away = np.where(inside, np.abs(sorted_[places] - wanted[:, None]), np.inf)
    nearest = np.argsort(away, axis=1, kind="stable")[:, :donors]
    chosen = nearest[np.arange(len(wanted)), rng.integers(0, donors, len(wanted))]
    return np.asarray(order[places[np.arange(len(wanted)), chosen]])


def _as_given(completed: np.ndarray, values: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """Filled-in answers are answers somebody gave: the rounding of the change of units is taken away."""
    for item in np.flatnonzero(gone.any(axis=0)):
        known = np.unique(values[~gone[:, item], item])
        found = completed[:, gone[:, item], item]
        above = np.clip(np.searchsorted(known, found), 1, len(known) - 1)
        low, high = known[above - 1], known[above]
        completed[:, gone[:, item], item] = np.where(found - low <= high - found, low, high)
    return completed
