"""The search: scoring with the expected Hessian, sharpened by BFGS pairs, for many samples at once.

Far from the optimum the expected Hessian is computed anew at each step. Within a standard error of it, it stays as it
is, and what the observed Hessian adds is learnt from the gradients (limited-memory BFGS). Replicates of one sample
share that sample's inverse Hessian, brought to the scale of each one's own diagonal after the first step. Each sample
has its own step length, its own stop and its own status.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from cxlab.estimate.sem.objective import Objective


class Status(IntEnum):
    """How a search ended."""

    CONVERGED = 0
    ITERATION_LIMIT = 1
    STUCK = 2
    NOT_POSITIVE_DEFINITE = 3
    NO_START = 4
    TIME_LIMIT = 5
    SADDLE = 6


@dataclass(frozen=True)
class Control:
    """When a search stops.

    Attributes
    ----------
    distance : float
        Distance to the optimum, in standard errors, at which a last step is taken.
    iterations : int
        Limit on steps.
    seconds : float
        Limit on time for one sample; many together have a twentieth of it each.
    refresh : float
        Distance in standard errors beyond which the expected Hessian is computed anew at each step.
    """

    distance: float = 2e-6
    iterations: int = 200
    seconds: float = 60.0
    refresh: float = 1.0


@dataclass(frozen=True, eq=False)
class End:
    """Where searches ended: arrays with leading axis R; x is (R, r), distance that before the last step."""

    x: np.ndarray
    value: np.ndarray
    status: np.ndarray
    iterations: np.ndarray
    distance: np.ndarray

    def replace(self, rows: np.ndarray, other: End) -> None:
        """Take some samples' ends from another search."""
        for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True):
            mine[rows] = theirs[rows]


def blank_end(start: np.ndarray, status: Status) -> End:
    """What is filled in by searches: all samples at their start (R, r), with the status of those never searched."""
    n = len(start)
    infinite = np.full(n, np.inf)
    return End(start, infinite.copy(), np.full(n, int(status)), np.zeros(n, dtype=int), infinite)


_MEMORY = 20
_HALVINGS = 30
_STALE = 25
_EARLY = 6


class Preconditioner:
    """An inverse Hessian for each of n samples: its own, or one that all share, on each one's own scale.

    Parameters
    ----------
    shape : (n, r)
    common : ndarray (r, r), optional
        Shared by those without their own.
    """

    def __init__(self, shape: tuple[int, ...], common: np.ndarray | None) -> None:
        self.common, self.ratio = common, np.ones(shape)
        self.each = np.empty((0, shape[1], shape[1]))
        self.place = np.full(shape[0], -1)  # of each sample's own in `each`

    def replace(self, which: np.ndarray, inverse: np.ndarray) -> None:
        """Give some samples (n,) their own inverse Hessian."""
        if which.all():
            self.each, self.place = inverse, np.arange(len(inverse))
            return
        self.place[which] = len(self.each) + np.arange(len(inverse))
        self.each = np.concatenate([self.each, inverse])

    def times(self, vectors: np.ndarray) -> np.ndarray:
        """Each one's inverse Hessian times its vector (n, r)."""
        own = np.flatnonzero(self.place >= 0)
        found = np.empty_like(vectors)
        if self.common is not None and len(own) < len(vectors):
            found = (vectors / self.ratio) @ self.common / self.ratio
        if len(own):
            found[own] = (self.each[self.place[own]] @ vectors[own, :, None])[:, :, 0]
        return found

    def keep(self, which: np.ndarray) -> None:
        """Go on with some of the samples."""
        self.ratio, self.place = self.ratio[which], self.place[which]


class Search:
    """One batch on its way; see `search`."""

    def __init__(
        self,
        objective: Objective,
        end: End,
        rows: np.ndarray,
        half_n: float,
        control: Control,
        deadline: float,
        basis: tuple[np.ndarray, np.ndarray] | None = None,
        metric: np.ndarray | None = None,
    ) -> None:
        self.deadline = deadline
        self.objective, self.basis, self.control, self.half_n = objective, basis, control, half_n
        self.end, self.rows, self.x = end, rows, end.x[rows]
        self.value, self.parts = objective.value(self._full(self.x), rows)
        self.slope = np.empty_like(self.x)
        self.own = np.zeros(len(rows), dtype=int)
        self.shared, self.inverse = metric is not None, Preconditioner(self.x.shape, metric)
        self.trace = np.full(len(rows), np.inf)
        self.pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        # the least share of an own direction's information that the others leave is above 1 / trace
        self._leave(~np.isfinite(self.value), Status.NO_START)
        if len(self.rows):
            self.slope = self._gradient(self.parts, self.rows)
            if metric is None:
                self._refresh(np.ones(len(self.rows), dtype=bool))

    def run(self) -> None:
        """Until every sample has ended, or a limit is reached."""
        for step in range(1, self.control.iterations + 1):
            if not len(self.rows):
                break
            self._step(step)
            if time.monotonic() > self.deadline:
                self._leave(np.ones(len(self.rows), dtype=bool), Status.TIME_LIMIT)
        if len(self.rows):
            self._leave(np.ones(len(self.rows), dtype=bool), Status.ITERATION_LIMIT)

    def _full(self, x: np.ndarray) -> np.ndarray:
        return x if self.basis is None else self.basis[1] + x @ self.basis[0].T

    def _gradient(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray:
        slope = self.objective.gradient(parts, rows)
        return slope if self.basis is None else slope @ self.basis[0]

    def _refresh(self, which: np.ndarray) -> None:
        """The expected Hessian at the present points of some samples, inverted; their BFGS pairs are forgotten."""
        if not which.any():
            return
        everything = bool(which.all())
        parts = self.parts if everything else tuple(part[which] for part in self.parts)
        metric = self.objective.metric(parts, self.rows[which])
        if self.basis is not None:
            metric = self.basis[0].T @ metric @ self.basis[0]
        inverse = inverse_metric(metric)
        self.inverse.replace(which, inverse)
        self.trace[which] = np.einsum("nii,nii->n", inverse, metric)
        self.own[which] = 1
        for _, _, rho in self.pairs:
            rho[which] = 0.0

    def _rescale(self, before: np.ndarray | None) -> None:
        """The shared inverse on the scale of each sample's own expected Hessian, as it has moved since the start."""
        after = self._scale(self.parts, self.rows)
        if before is None or after is None:
            self._refresh(np.ones(len(self.rows), dtype=bool))
            return
        known = (before > 0) & (after > 0)
        self.inverse.ratio = np.sqrt(np.where(known, after, 1.0) / np.where(known, before, 1.0))
        self.own[:] = 1

    def _scale(self, parts: tuple[np.ndarray, ...], rows: np.ndarray) -> np.ndarray | None:
        """Diagonal of the expected Hessian in the unconstrained parameters, but for terms between two of the others."""
        found = self.objective.metric_diagonal(parts, rows)
        return found if found is None or self.basis is None else found @ self.basis[0] ** 2

    def _direction(self) -> np.ndarray:
        """The two loops of L-BFGS, all samples at once."""
        r = self.slope.copy()
        alphas = []
        for s, y, rho in reversed(self.pairs):
            alpha = rho * _dot(s, r)
            alphas.append(alpha)
            r -= alpha[:, None] * y
        r = self.inverse.times(r)
        for (s, y, rho), alpha in zip(self.pairs, reversed(alphas), strict=True):
            r += (alpha - rho * _dot(y, r))[:, None] * s
        return r

    def _step(self, step: int) -> None:
        direction = self._direction()
        decrement = _dot(self.slope, direction)
        uphill = ~(decrement >= 0)
        if uphill.any():
            for _, _, rho in self.pairs:
                rho[uphill] = 0.0
            direction[uphill] = self.inverse.times(self.slope)[uphill]
            decrement[uphill] = (self.slope[uphill] * direction[uphill]).sum(1)
        distance = np.sqrt(self.half_n * np.abs(decrement))
        self.end.iterations[self.rows], self.end.distance[self.rows] = step, distance
        arrived = (self.own > 0) & (distance <= self.control.distance)
        if arrived.any():  # a step this short needs no look at where it leads
            self.x[arrived] -= direction[arrived]
            self.value[arrived] -= decrement[arrived] / 2
            self._leave(arrived, Status.CONVERGED)
            if not len(self.rows):
                return
            direction, decrement, distance = direction[~arrived], decrement[~arrived], distance[~arrived]
        x, value, parts, moved = self._line(direction, decrement)
        slope = self._gradient(parts, self.rows)
        self._remember(x - self.x, slope - self.slope)
        before = self._scale(self.parts, self.rows) if self.shared and step == 1 else None
        self.x, self.value, self.parts, self.slope = x, value, parts, slope
        tired = ~moved & (self.own == 1) & (step > 1)
        self.own = np.where(self.own > 0, self.own + 1, 0)
        if self.shared and step == 1:
            self._rescale(before)
        far = (distance > self.control.refresh) & (step > (2 if self.shared else 0)) & (step <= _EARLY)
        self._refresh((far | (self.own > _STALE) | ~moved) & ~tired)
        self._leave(tired, Status.STUCK)

    def _line(
        self, direction: np.ndarray, decrement: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...], np.ndarray]:
        """Step halving where F does not fall. Differences of F below its own rounding error count as none."""
        length = np.ones(len(self.rows))
        x = self.x - direction
        value, parts = self.objective.value(self._full(x), self.rows)
        noise = 1e-13 * (1 + np.abs(self.value))
        for _ in range(_HALVINGS):
            again = np.flatnonzero(~(value <= self.value - 1e-4 * length * decrement + noise))
            if not len(again):
                break
            length[again] *= 0.5
            x[again] = self.x[again] - length[again, None] * direction[again]
            new_value, new_parts = self.objective.value(self._full(x[again]), self.rows[again])
            value[again] = new_value
            for part, new in zip(parts, new_parts, strict=True):
                part[again] = new
        failed = ~(value <= self.value + noise)
        if failed.any():
            x[failed], value[failed] = self.x[failed], self.value[failed]
            for part, old in zip(parts, self.parts, strict=True):
                part[failed] = old[failed]
        return x, value, parts, ~failed

    def _remember(self, s: np.ndarray, y: np.ndarray) -> None:
        sy = _dot(s, y)
        usable = sy > 1e-12 * np.sqrt(_dot(s, s) * _dot(y, y))
        rho = np.where(usable, 1 / np.where(usable, sy, 1.0), 0.0)
        self.pairs.append((s, y, rho))
        if len(self.pairs) > _MEMORY:
            self.pairs.pop(0)

    def _leave(self, which: np.ndarray, status: Status) -> None:
        """Write down samples that have ended, and go on with the others."""
        if not which.any():
            return
        rows = self.rows[which]
        self.end.x[rows], self.end.value[rows] = self.x[which], self.value[which]
        self.end.status[rows] = int(status)
        stay = ~which
        self.rows, self.x, self.value = self.rows[stay], self.x[stay], self.value[stay]
        self.slope, self.own, self.trace = self.slope[stay], self.own[stay], self.trace[stay]
        self.inverse.keep(stay)
        self.parts = tuple(part[stay] for part in self.parts)
        self.pairs = [(s[stay], y[stay], rho[stay]) for s, y, rho in self.pairs]


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Products of the rows of two arrays (n, r)."""
    return np.asarray(np.einsum("ij,ij->i", one, other))


def inverse_metric(metric: np.ndarray) -> np.ndarray:
    """Inverse of each expected Hessian (n, r, r); directions without information get a long but finite step."""
    diagonal = np.diagonal(metric, axis1=-2, axis2=-1)
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    both = scale[:, :, None] * scale[:, None, :]
    correlations = metric * both
    place = np.arange(metric.shape[-1])
    correlations[:, place, place] = np.where(diagonal > 0, 1.0 + 1e-11, 1.0)
    return np.asarray(np.linalg.inv(correlations) * both)


def search(
    objective: Objective,
    end: End,
    rows: np.ndarray,
    half_n: float,
    control: Control,
    deadline: float,
    basis: tuple[np.ndarray, np.ndarray] | None = None,
    metric: np.ndarray | None = None,
) -> None:
    """Minimise for many samples at once, from ``end.x``; `end` is filled in.

    Parameters
    ----------
    objective : Objective
    end : End
        See `blank_end`.
    rows : int array
        Which samples.
    half_n : float
        n/2, which turns the Newton decrement into squared standard errors.
    control : Control
    deadline : float
        When `time.monotonic` says stop.
    basis : (basis, offset), optional
        ``theta = offset + basis @ x``; identity when absent.
    metric : ndarray (r, r), optional
        An inverse Hessian for the first steps, shared by all.
    """
    if len(rows):
        Search(objective, end, rows, half_n, control, deadline, basis, metric).run()
