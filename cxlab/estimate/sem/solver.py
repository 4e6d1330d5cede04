"""The search: scoring with the expected Hessian, sharpened by BFGS pairs, for many samples at once.

Far from the optimum the expected Hessian is computed anew at each step. Within a standard error of it, it stays as it
is, and what the observed Hessian adds is learnt from the gradients (limited-memory BFGS). Each sample has its own step
length, its own stop and its own status.
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
        basis: tuple[np.ndarray, np.ndarray] | None,
        metric: np.ndarray | None,
    ) -> None:
        self.deadline = deadline
        self.objective, self.basis, self.control, self.half_n = objective, basis, control, half_n
        self.end, self.rows, self.x = end, rows, end.x[rows]
        self.value, self.parts = objective.value(self._full(self.x), rows)
        self.slope = np.empty_like(self.x)
        self.own = np.zeros(len(rows), dtype=int)
        self.inverse = np.empty((*self.x.shape, self.x.shape[1]))
        self.shared = metric is not None
        if metric is not None:
            self.inverse[:] = metric
        self.pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def run(self) -> None:
        """Until every sample has ended, or a limit is reached."""
        self._leave(~np.isfinite(self.value), Status.NO_START)
        if len(self.rows):
            self.slope = self._gradient(self.parts, self.rows)
        if not self.shared:
            self._refresh(np.ones(len(self.rows), dtype=bool))
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
        self.inverse[which] = inverse_metric(metric)
        self.own[which] = 1
        for _, _, rho in self.pairs:
            rho[which] = 0.0

    def _direction(self) -> np.ndarray:
        """The two loops of L-BFGS, all samples at once."""
        r = self.slope.copy()
        alphas = []
        for s, y, rho in reversed(self.pairs):
            alpha = rho * (s * r).sum(1)
            alphas.append(alpha)
            r -= alpha[:, None] * y
        r = (self.inverse @ r[:, :, None])[:, :, 0]
        for (s, y, rho), alpha in zip(self.pairs, reversed(alphas), strict=True):
            r += (alpha - rho * (y * r).sum(1))[:, None] * s
        return r

    def _step(self, step: int) -> None:
        direction = self._direction()
        decrement = (self.slope * direction).sum(1)
        uphill = ~(decrement >= 0)
        if uphill.any():
            for _, _, rho in self.pairs:
                rho[uphill] = 0.0
            direction[uphill] = (self.inverse[uphill] @ self.slope[uphill, :, None])[:, :, 0]
            decrement[uphill] = (self.slope[uphill] * direction[uphill]).sum(1)
        distance = np.sqrt(self.half_n * np.abs(decrement))
        x, value, parts, moved = self._line(direction, decrement)
        arrived = moved & (self.own > 0) & (distance <= self.control.distance)
        slope = self._gradient(parts, self.rows)
        self._remember(x - self.x, slope - self.slope)
        self.x, self.value, self.parts, self.slope = x, value, parts, slope
        self.end.iterations[self.rows] = step
        self.end.distance[self.rows] = distance
        tired = ~moved & (self.own == 1) & (step > 1)
        self.own = np.where(self.own > 0, self.own + 1, 0)
        far = (distance > self.control.refresh) & (step > 1 or not self.shared) & (step <= _EARLY)
        near = (self.own == 0) & (distance < 0.1 * self.control.refresh)
        needs = ~arrived & (far | (self.own > _STALE) | ~moved | near)
        self._refresh(needs & ~tired)
        status = np.where(arrived, Status.CONVERGED, np.where(tired, Status.STUCK, -1))
        self._leave(status >= 0, status)

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
        sy = (s * y).sum(1)
        usable = sy > 1e-12 * np.sqrt((s**2).sum(1) * (y**2).sum(1))
        rho = np.where(usable, 1 / np.where(usable, sy, 1.0), 0.0)
        self.pairs.append((s, y, rho))
        if len(self.pairs) > _MEMORY:
            self.pairs.pop(0)

    def _leave(self, which: np.ndarray, status: np.ndarray | Status) -> None:
        """Write down samples that have ended, and go on with the others."""
        if not which.any():
            return
        rows = self.rows[which]
        self.end.x[rows], self.end.value[rows] = self.x[which], self.value[which]
        self.end.status[rows] = status[which] if isinstance(status, np.ndarray) else int(status)
        stay = ~which
        self.rows, self.x, self.value = self.rows[stay], self.x[stay], self.value[stay]
        self.slope, self.own, self.inverse = self.slope[stay], self.own[stay], self.inverse[stay]
        self.parts = tuple(part[stay] for part in self.parts)
        self.pairs = [(s[stay], y[stay], rho[stay]) for s, y, rho in self.pairs]


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
