"""How unlike sequences are (optimal matching, common subsequence, Hamming), and groups around typical ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def padded(sequences: list[tuple[int, ...]]) -> tuple[Ints, Ints]:
    """Sequences as rows (U, L) filled up with -1, and their lengths (U,).

    Examples
    --------
    >>> padded([(0, 1), (2,)])[0].tolist()
    [[0, 1], [2, -1]]
    """
    lengths = np.array([len(one) for one in sequences], dtype=np.int64)
    table = np.full((len(sequences), int(lengths.max())), -1, dtype=np.int64)
    for row, one in enumerate(sequences):
        table[row, : len(one)] = one
    return table, lengths


def transition_costs(table: Ints, lengths: Ints, weights: Floats, k: int) -> Floats:
    """Costs (k, k) of taking one state for another: 2 - p(i to j) - p(j to i), 0 on the diagonal.

    States that often follow each other are alike. R: ``TraMineR::seqcost(method = "TRATE")``.

    Examples
    --------
    >>> transition_costs(np.array([[0, 1, 0]]), np.array([3]), np.ones(1), 2).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    inside = np.arange(1, table.shape[1]) < lengths[:, None]
    rows, columns = np.nonzero(inside)
    counts = np.zeros((k, k))
    np.add.at(counts, (table[rows, columns], table[rows, columns + 1]), weights[rows])
    total = counts.sum(axis=1, keepdims=True)
    rates = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    costs = 2 - rates - rates.T
    np.fill_diagonal(costs, 0.0)
    return costs


def edit_distances(one: Ints, others: Ints, lengths: Ints, costs: Floats, indel: float) -> Floats:
    """Least cost (B,) of turning one sequence into each of others (B, L) by substitutions, insertions and deletions.

    Needleman and Wunsch's recursion, all others at once; the step along a row is a running minimum, as an insertion
    costs the same everywhere.

    Examples
    --------
    >>> others, lengths = padded([(0, 1, 2), (2,)])
    >>> edit_distances(np.array([0, 2]), others, lengths, 2 - 2 * np.eye(3), 1.0).tolist()
    [1.0, 1.0]
    """
    along = indel * np.arange(others.shape[1] + 1)
    before = np.broadcast_to(along, (len(others), len(along)))
    for step, state in enumerate(one, start=1):
        now = np.empty(before.shape)
        now[:, 0] = indel * step
        np.minimum(before[:, 1:] + indel, before[:, :-1] + costs[state][others], out=now[:, 1:])
        now -= along
        np.minimum.accumulate(now, axis=1, out=now)
        before = now + along
    return np.asarray(before[np.arange(len(others)), lengths])


def distances(table: Ints, lengths: Ints, rows: Ints, *, costs: Floats | None, indel: float, normalise: bool) -> Floats:
    """Distances (len(rows), U) of some sequences to all.

    Parameters
    ----------
    costs : (k, k) or None
        Substitution costs; None counts places that differ (Hamming), an ended sequence being a state of its own.
    indel : float
    normalise : bool
        Divided by the largest distance two sequences of these lengths can have, so that it lies between 0 and 1.

    Examples
    --------
    >>> table, lengths = padded([(0, 1), (0,), (1, 1)])
    >>> distances(table, lengths, np.array([0]), costs=None, indel=1.0, normalise=False).tolist()
    [[0.0, 1.0, 1.0]]
    """
    found = np.empty((len(rows), len(table)))
    for place, row in enumerate(rows):
        one = table[row, : lengths[row]]
        if costs is None:
            found[place] = (table != table[row]).sum(axis=1)
        else:
            found[place] = edit_distances(one, table, lengths, costs, indel)
    if not normalise:
        return found
    longer = np.maximum(lengths[rows][:, None], lengths)
    if costs is None:
        return found / longer
    shorter = np.minimum(lengths[rows][:, None], lengths)
    most = (longer - shorter) * indel + shorter * min(float(costs.max()), 2 * indel)
    return np.divide(found, most, out=np.zeros_like(found), where=most > 0)


def all_distances(table: Ints, lengths: Ints, *, costs: Floats | None, indel: float, normalise: bool) -> Floats:
    """Distances (U, U) of all pairs; each pair once, against the sequences that are no longer.

    Examples
    --------
    >>> table, lengths = padded([(0, 1), (0,), (1, 1)])
    >>> all_distances(table, lengths, costs=2 - 2 * np.eye(2), indel=1.0, normalise=False).tolist()
    [[0.0, 1.0, 2.0], [1.0, 0.0, 3.0], [2.0, 3.0, 0.0]]
    """
    order = np.argsort(lengths, kind="stable")
    ordered, size = table[order], lengths[order]
    found = np.zeros((len(table), len(table)))
    for place in range(1, len(order)):
        part = slice(0, place + 1)
        row = distances(ordered[part, : size[place]], size[part], np.array([place]), costs=costs, indel=indel,
                        normalise=normalise)[0]  # fmt: skip
        found[order[place], order[part]] = found[order[part], order[place]] = row
    return found


def around_medoids(apart: Floats, weights: Floats, k: int, starts: int = 4, seed: int = 0) -> tuple[Ints, Ints]:
    """Partition around k medoids: the medoids (k,) and the group (U,) of each sequence.

    Kaufman and Rousseeuw's (1990) greedy start, then the best exchange of a medoid for another sequence until none
    lowers the weighted sum of distances to the nearest medoid; the same from random starts, and the best of all, as
    exchanges may end where only two at once would help. R: ``cluster::pam(..., diss = TRUE)``, from the first start.

    Examples
    --------
    >>> x = np.array([0.0, 1, 10, 11, 12])
    >>> around_medoids(np.abs(x[:, None] - x), np.ones(5), 2)[1].tolist()
    [1, 1, 0, 0, 0]
    """
    random = np.random.default_rng(np.random.SeedSequence(seed))
    first = [_greedy(apart, weights, k)]
    first += [list(map(int, random.choice(len(apart), k, replace=False))) for _ in range(starts)]
    found = [_exchanged(apart, weights, medoids) for medoids in first]
    costs = [float(apart[medoids].min(axis=0) @ weights) for medoids in found]
    best = next(i for i, cost in enumerate(costs) if cost <= min(costs) * (1 + 1e-12))  # ties go to the greedy start
    chosen = np.array(found[best], dtype=np.int64)
    return chosen, np.argmin(apart[chosen], axis=0).astype(np.int64)


def _greedy(apart: Floats, weights: Floats, k: int) -> list[int]:
    """The sequence nearest to all, then each that lowers the cost most."""
    medoids = [int(np.argmin(apart @ weights))]
    while len(medoids) < k:
        gain = np.maximum(apart[medoids].min(axis=0) - apart, 0) @ weights
        gain[medoids] = -1.0
        medoids.append(int(np.argmax(gain)))
    return medoids


def _exchanged(apart: Floats, weights: Floats, medoids: list[int]) -> list[int]:
    medoids = list(medoids)
    while (exchange := _best_exchange(apart, weights, medoids)) is not None:
        medoids[exchange[0]] = exchange[1]
    return medoids


def _best_exchange(apart: Floats, weights: Floats, medoids: list[int]) -> tuple[int, int] | None:
    """The place of a medoid and the sequence to put there that lower the cost most, if any do."""
    near = apart[medoids]
    ranked = np.sort(near, axis=0)
    first, second = ranked[0], ranked[1] if len(medoids) > 1 else np.full(apart.shape[0], np.inf)
    own = np.argmin(near, axis=0)
    closer = np.minimum(apart - first, 0.0)
    shared = closer @ weights
    best, found = -1e-9 * (1 + float(first @ weights)), None
    for place in range(len(medoids)):
        mine = own == place
        lost = np.minimum(apart[:, mine], second[mine]) - first[mine] - closer[:, mine]
        change = shared + lost @ weights[mine]
        change[medoids] = np.inf
        candidate = int(np.argmin(change))
        if change[candidate] < best:
            best, found = float(change[candidate]), (place, candidate)
    return found


def silhouettes(apart: Floats, weights: Floats, groups: Ints) -> Floats:
    """Silhouette width (U,) of each sequence, each counted as often as its weight says.

    (b - a) / max(a, b): a the mean distance to the others of its group, b to the nearest other group; 0 if alone.
    R: ``cluster::silhouette``; scikit-learn: ``silhouette_samples`` with the sequences repeated.

    Examples
    --------
    >>> x = np.array([0.0, 1, 10])
    >>> silhouettes(np.abs(x[:, None] - x), np.ones(3), np.array([0, 0, 1])).round(3).tolist()
    [0.9, 0.889, 0.0]
    """
    member = (groups[:, None] == np.arange(groups.max() + 1)) * weights[:, None]
    sums, sizes = apart @ member, member.sum(axis=0)
    rows = np.arange(len(groups))
    with np.errstate(invalid="ignore", divide="ignore"):
        within = sums[rows, groups] / (sizes[groups] - 1)
        means = sums / sizes
    means[rows, groups] = np.inf
    between = means.min(axis=1)
    larger = np.maximum(within, between)
    alone = sizes[groups] <= 1
    with np.errstate(invalid="ignore", divide="ignore"):
        widths = np.where(larger > 0, (between - within) / larger, 0.0)
    return np.where(alone, 0.0, widths)
