"""PLS-POS: segments whose own PLS models explain most, found by moving cases from one segment to another.

The objective is the sum of R² over the constructs of interest, segments weighted by their size, each segment's model
estimated from its own cases. A move is kept only if the objective, with both segments estimated again, rises. Which
moves are tried first follows from what they would bring if the weights of both segments stayed as they are. This is
hill climbing: it ends where no single move helps, which need not be the best partition there is.
Source: Becker, Rai, Ringle & Völckner (2013), whose order of candidates differs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.algorithm import estimate_weights
from cxlab.estimate.pls.design import Design, Scheme
from cxlab.estimate.pls.solve import solve_many
from cxlab.estimate.pls.structure import structure

Array = NDArray[np.float64]
Labels = NDArray[np.intp]
_TRIED = 96
_GAIN = 1e-7


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be divided, and what for.

    Attributes
    ----------
    rows : (n, p)
        Standardised indicators.
    design : Design
        Without correction for attenuation: R² of scores.
    goal : (J,)
        1 for constructs whose R² counts, else 0.
    segments, smallest : int
        How many, and the fewest cases of each.
    """

    rows: Array
    design: Design
    scheme: Scheme
    goal: Array
    segments: int
    smallest: int

    @property
    def n(self) -> int:
        """Cases."""
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class Moments:
    """Counts (B,), sums (p, B) and cross-products (p, p, B) of B groups of cases."""

    counts: Array
    sums: Array
    cross: Array

    def pick(self, places: Labels) -> Moments:
        """Some of the groups, some perhaps several times."""
        return Moments(self.counts[places], self.sums[:, places], self.cross[:, :, places])

    def changed(self, rows: Array, sign: float) -> Moments:
        """Each group with one case more (sign 1) or less (-1), rows (B, p)."""
        cross = self.cross + sign * rows.T[:, None] * rows.T[None]
        return Moments(self.counts + sign, self.sums + sign * rows.T, cross)

    def correlations(self) -> Array:
        """(p, p, B); nan where something does not vary."""
        mean = self.sums / self.counts
        cov = self.cross / self.counts - mean[:, None] * mean[None]
        places = np.arange(len(cov))
        variances = cov[places, places]
        spread = np.sqrt(np.where(variances > 1e-10, variances, np.nan))
        return np.asarray(cov / (spread[:, None] * spread[None]))


def moments_of(rows: Array, labels: Labels, segments: int) -> Moments:
    """Of every segment."""
    parts = [rows[labels == segment] for segment in range(segments)]
    counts = np.array([len(part) for part in parts], dtype=float)
    return Moments(
        counts,
        np.stack([part.sum(axis=0) for part in parts], axis=1),
        np.stack([part.T @ part for part in parts], axis=2),
    )


def segment_models(task: Task, moments: Moments, tolerance: float = 1e-7) -> tuple[Array, Array, Array]:
    """R² (J, B), weights (p, B) and paths (J, J, B) of each group's own model; R² nan where there is none."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        cor = moments.correlations()
        weighting = estimate_weights(cor, task.design, task.scheme, tolerance, 300)
        solved = structure(cor, weighting, task.design)
    usable = weighting.converged & np.isfinite(solved.r2).all(axis=0)
    return np.where(usable, solved.r2, np.nan), weighting.weights, solved.paths


def _worth(task: Task, r2: Array, counts: Array) -> Array:
    """What each group adds to the objective; -inf without a model or with too few cases."""
    worth = task.goal @ r2 * counts / task.n
    return np.where(np.isnan(worth) | (counts < task.smallest), -np.inf, worth)


@dataclass(frozen=True, eq=False)
class Climb:
    """Where a climb ended.

    Attributes
    ----------
    labels : (n,)
    objective : float
    rounds, moves : int
    settled : bool
        No single move raises the objective.
    """

    labels: Labels
    objective: float
    rounds: int
    moves: int
    settled: bool


def climb(task: Task, labels: Labels, most: int) -> Climb:
    """From a first partition (n,) to one that no single move improves, in at most so many rounds."""
    labels, moves = labels.copy(), 0
    for number in range(1, most + 1):
        moments = moments_of(task.rows, labels, task.segments)
        r2, weights, _ = segment_models(task, moments)
        worth = _worth(task, r2, moments.counts)
        found = _improving(task, labels, moments, worth, weights)
        if found is None:
            return Climb(labels, float(worth.sum()), number, moves, True)
        labels, count = found
        moves += count
    moments = moments_of(task.rows, labels, task.segments)
    objective = _worth(task, segment_models(task, moments)[0], moments.counts).sum()
    return Climb(labels, float(objective), most, moves, False)


def _improving(task: Task, labels: Labels, moments: Moments, worth: Array, weights: Array) -> tuple[Labels, int] | None:
    """A better partition, made of the most promising moves together, or None where no move helps."""
    guessed = _guessed_gains(task, labels, moments, worth, weights)
    order = np.argsort(-guessed, axis=None, kind="stable")
    order = order[np.isfinite(guessed.ravel()[order])]
    first, step = 0, _TRIED
    while first < len(order):
        cases, targets = np.divmod(order[first : first + step], task.segments)
        gains = _exact_gains(task, labels, moments, worth, cases, targets)
        better = np.flatnonzero(gains > _GAIN)
        if len(better):
            better = better[np.argsort(-gains[better], kind="stable")]
            _, once = np.unique(cases[better], return_index=True)
            better = better[np.sort(once)]
            return _together(task, labels, cases[better], targets[better], float(worth.sum()))
        first, step = first + step, 4 * step
    return None


def _guessed_gains(task: Task, labels: Labels, moments: Moments, worth: Array, weights: Array) -> Array:
    """Gain (n, segments) of moving each case to each segment if weights stayed; -inf for its own."""
    design, everyone = task.design, np.arange(task.n)
    spread = np.zeros((design.indicators, design.constructs, task.segments))
    spread[np.arange(design.indicators), design.owner] = weights
    scores = np.einsum("ip,pjk->kij", task.rows, spread)
    small = Moments(
        moments.counts,
        np.einsum("pk,pjk->jk", moments.sums, spread),
        np.einsum("pjk,pqk,qlk->jlk", spread, moments.cross, spread, optimize=True),
    )
    left = small.pick(labels).changed(scores[labels, everyone], -1.0)
    without = _score_worth(task, left) - worth[labels]
    gains = np.empty((task.n, task.segments))
    for segment in range(task.segments):
        joined = small.pick(np.full(task.n, segment)).changed(scores[segment], 1.0)
        gains[:, segment] = without + _score_worth(task, joined) - worth[segment]
    gains[everyone, labels] = -np.inf
    return np.where(np.isnan(gains), -np.inf, gains)


def _score_worth(task: Task, moments: Moments) -> Array:
    """As `_worth`, from moments of scores: regressions only."""
    r2 = np.zeros((task.design.constructs, len(moments.counts)))
    with np.errstate(invalid="ignore", divide="ignore"):
        between = moments.correlations()
        for place, causes in enumerate(task.design.causes):
            if len(causes) and task.goal[place]:
                slopes = solve_many(between[np.ix_(causes, causes)], between[causes, place])
                r2[place] = (slopes * between[causes, place]).sum(axis=0)
    return _worth(task, r2, moments.counts)


def _exact_gains(task: Task, labels: Labels, moments: Moments, worth: Array, cases: Labels, targets: Labels) -> Array:
    """Gains of single moves with both segments estimated again."""
    rows, sources = task.rows[cases], labels[cases]
    left, joined = moments.pick(sources).changed(rows, -1.0), moments.pick(targets).changed(rows, 1.0)
    both = Moments(
        np.concatenate([left.counts, joined.counts]),
        np.concatenate([left.sums, joined.sums], axis=1),
        np.concatenate([left.cross, joined.cross], axis=2),
    )
    fresh = _worth(task, segment_models(task, both)[0], both.counts).reshape(2, -1)
    return np.asarray(fresh.sum(axis=0) - worth[sources] - worth[targets])


def _together(task: Task, labels: Labels, cases: Labels, targets: Labels, objective: float) -> tuple[Labels, int]:
    """The best of the first 1, 2, 4, ... moves made at once; one alone is known to help."""
    sizes = [*(2**power for power in range(len(cases).bit_length() - 1)), len(cases)]
    sizes = sorted(set(sizes))
    tried = np.tile(labels, (len(sizes), 1))
    for row, size in enumerate(sizes):
        tried[row, cases[:size]] = targets[:size]
    parts = [moments_of(task.rows, one, task.segments) for one in tried]
    joined = Moments(
        np.concatenate([part.counts for part in parts]),
        np.concatenate([part.sums for part in parts], axis=1),
        np.concatenate([part.cross for part in parts], axis=2),
    )
    values = _worth(task, segment_models(task, joined)[0], joined.counts).reshape(len(sizes), -1).sum(axis=1)
    best = int(np.argmax(values)) if values.max() > objective + _GAIN else 0
    return tried[best], sizes[best]
