"""Where hubs stand: from the theory's columns to places without overlap and with few crossings.

A local search that always gives the same answer: each hub in turn tries other heights (and, in long chains, other
columns), and keeps the cheapest; then neighbours in a column try to swap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cxlab.show.path.arms import SIDES, Arm, arm
from cxlab.show.path.cost import Problem, cost
from cxlab.show.path.layers import layers, structure
from cxlab.show.path.model import Model
from cxlab.show.path.shapes import Point

_GAP, _WIDE_GAP, _TALL = 1.05, 2.2, 4.0
_LONG = 5
_SWEEPS = 8
_TIGHT = 0.2
_WIDTH = 1.1
_WORTH = 2.5  # what moving one hub out of an even stack must gain


@dataclass(frozen=True)
class Places:
    """The centre of each hub, and its arm of items."""

    centres: Mapping[str, Point]
    arms: Mapping[str, Arm]


@dataclass
class _State:
    """One placement while the search runs."""

    column: np.ndarray
    y: np.ndarray
    side: np.ndarray
    cost: float = np.inf


def place_hubs(model: Model) -> Places:
    """Place the hubs of a model whose hubs are joined by paths."""
    level = np.array([layers(model)[hub] for hub in model.hubs])
    depth = int(level.max()) + 1
    starts = [(level, depth)]
    near = _near_their_effects(model, level)
    if (near != level).any():
        starts.append((near, depth))
    if depth >= _LONG:
        starts += [(level * columns // depth, columns) for columns in (3, 4)]
    finished = [
        _search(model, column, columns, free=columns < depth, wide=wide)
        for column, columns in starts
        for wide in ((False, True) if columns == depth else (False,))
    ]
    state, pitch, room = min(
        finished, key=lambda found: found[0].cost + _WIDTH * found[1] * found[0].column.max() + _unevenness(found[0])
    )
    arms = {
        hub: arm(model, hub, SIDES[int(k)], float(more) if k < 2 else 0.0)
        for hub, k, more in zip(model.hubs, state.side, room, strict=True)
    }
    centres = {hub: (float(c * pitch), float(y)) for hub, c, y in zip(model.hubs, state.column, state.y, strict=True)}
    return Places(centres, arms)


def _unevenness(state: _State) -> float:
    """What it costs that the distances of neighbours differ in a column of more than two."""
    heights = (np.sort(state.y[state.column == c]) for c in np.unique(state.column))
    return 5 * float(sum(np.ptp(np.diff(y)) for y in heights if len(y) > 2))


def _near_their_effects(model: Model, level: np.ndarray) -> np.ndarray:
    """The columns with each exogenous hub moved next to the first that it explains."""
    place = {hub: i for i, hub in enumerate(model.hubs)}
    pairs = [(place[left], place[right]) for left, right in structure(model)]
    near = level.copy()
    for i in {left for left, _ in pairs} - {right for _, right in pairs}:
        near[i] = min(level[right] for left, right in pairs if left == i) - 1
    return near


def curve_room(model: Model, column: np.ndarray) -> np.ndarray:
    """Room beside each hub for the curves between hubs of its column."""
    place = {hub: i for i, hub in enumerate(model.hubs)}
    room = np.zeros(len(column))
    for edge in model.between_hubs("covariance"):
        a, b = sorted((place[edge.source], place[edge.target]))
        if column[a] == column[b]:
            span = int((column[a:b] == column[a]).sum())
            room[column == column[a]] = np.maximum(room[column == column[a]], hub_curve_reach(span) - 0.3)
    return room


def hub_curve_reach(span: int) -> float:
    """How far a curve between hubs that many places apart leaves their column."""
    return 0.42 + 0.4 * (span - 1)


def _problem(model: Model, room: np.ndarray) -> Problem:
    """The model as arrays."""
    place = {hub: i for i, hub in enumerate(model.hubs)}
    arms = [
        [arm(model, hub, side, float(more) if k < 2 else 0.0) for k, side in enumerate(SIDES)]
        for hub, more in zip(model.hubs, room, strict=True)
    ]
    theory = set(structure(model))
    joined = [(edge.source, edge.target) for edge in model.between_hubs("regression", "loading")]
    pairs = [pair if pair in theory or pair[::-1] not in theory else pair[::-1] for pair in dict.fromkeys(joined)]
    return Problem(
        sizes=np.array([(model.nodes[hub].width, model.nodes[hub].height) for hub in model.hubs]),
        spans=np.array([[a.span for a in row] for row in arms]),
        depths=np.array([[a.depth for a in row] for row in arms]),
        edges=np.array([(place[s], place[t]) for s, t in pairs], dtype=int).reshape(-1, 2),
        ordered=np.array([pair in theory for pair in pairs], dtype=bool),
        clearance=0.14 if not any(edge.kind == "residual" for edge in model.edges) else 0.24,
    )


def _search(
    model: Model, column: np.ndarray, columns: int, *, free: bool, wide: bool
) -> tuple[_State, float, np.ndarray]:
    """Improve a start until nothing helps; returns it, the distance of columns, and the room for curves."""
    room = curve_room(model, column)
    problem = _problem(model, room)
    state = _start(problem, column.copy(), columns)
    tall = float(np.ptp(state.y))
    widest = _WIDE_GAP if columns <= 3 else 1.5
    pitch = float(problem.sizes[:, 0].max() + (np.clip(0.3 * tall, _GAP, widest) if wide else _GAP))
    if wide and (tall < _TALL or columns > 4):
        return state, pitch, room  # its cost is infinite: arrows are not steep enough to need a wide gap
    state.cost = float(cost(problem, state.column[None] * pitch, state.y[None], state.side[None])[0])
    for sweep in range(_SWEEPS):
        before, first = state.cost, sweep == 0
        for c in range(columns):
            _restack(problem, pitch, state, c, reorder=not first)
        for i in range(len(column)):
            if not (first and _stacked(state, i)):  # the table's order stands until nothing else helps
                _move(problem, pitch, state, i, columns, free)
        if state.cost > before - 1e-6 and not first:
            break
    return state, pitch, room


def _start(problem: Problem, column: np.ndarray, columns: int) -> _State:
    """Each column stacked around the middle, in the order of its neighbours to the left."""
    side = _sides(column, columns)
    y = np.zeros(len(column))
    for c in range(columns):
        members = np.flatnonzero(column == c)
        weight = [_barycentre(problem.edges, y, int(i), column < c) for i in members]
        order = members[np.argsort([-w for w in weight], kind="stable")]
        y[order] = _stack(_needs(problem, order, side), 0.25)
    return _State(column, y, side)


def _sides(column: np.ndarray, columns: int) -> np.ndarray:
    """Items to the left of the first column, to the right of the last, above between."""
    return np.where(column == columns - 1, 1, np.where(column == 0, 0, 2))


def _barycentre(edges: np.ndarray, y: np.ndarray, i: int, placed: np.ndarray) -> float:
    """The mean height of a hub's neighbours that are placed."""
    others = [b if a == i else a for a, b in edges if i in (a, b)]
    heights = [y[k] for k in others if placed[k]]
    return float(np.mean(heights)) if heights else 0.0


def _needs(problem: Problem, members: np.ndarray, side: np.ndarray) -> np.ndarray:
    """The height that each hub of a column takes with its items, above and below its centre: (k, 2)."""
    half = problem.sizes[members, 1] / 2
    beside = np.where(side[members] < 2, problem.spans[members, side[members]] / 2, 0.0)
    depth = problem.depths[members, side[members]]
    half = np.maximum(half, beside)
    return np.column_stack([half + depth * (side[members] == 2), half + depth * (side[members] == 3)])


def _stack(needs: np.ndarray, gap: float) -> np.ndarray:
    """Heights of centres stacked from the top with equal gaps, around zero."""
    ends = np.cumsum(needs.sum(axis=1) + gap)
    tops = np.concatenate([[0.0], ends[:-1]])
    return (ends[-1] - gap) / 2 - tops - needs[:, 0] if len(ends) else ends


def _stacked(state: _State, i: int) -> bool:
    """True for a hub whose column holds more than two."""
    return int((state.column == state.column[i]).sum()) > 2


def _restack(problem: Problem, pitch: float, state: _State, c: int, *, reorder: bool) -> None:
    """Stack a column anew with equal gaps: in its order, or with one hub elsewhere in it."""
    members = np.flatnonzero(state.column == c)
    if len(members) < 2:
        return
    order = members[np.argsort(-state.y[members], kind="stable")]
    places = range(len(order)) if reorder else ()
    orders = [np.insert(np.delete(order, i), k, order[i]) for i in places for k in places]
    orders = [np.array(o) for o in dict.fromkeys(map(tuple, [order, *orders]))]
    middle = (state.y.max() + state.y.min()) / 2
    own = (state.y[members].max() + state.y[members].min()) / 2
    offsets = np.unique(np.round([own, middle, *(middle + np.linspace(-1.5, 1.5, 7))], 4))
    rows = []
    for new in orders:
        needs = _needs(problem, new, state.side)
        for gap in (_TIGHT, 0.3, 0.4, 0.5, 0.7, 0.9):
            y = np.repeat(state.y[None], len(offsets), axis=0)
            y[:, new] = _stack(needs, gap) + offsets[:, None]
            rows += [y, _centred(state, y, c, offsets)] if new is orders[0] else [y]
    y = np.concatenate(rows)
    column, side = (np.repeat(v[None], len(y), axis=0) for v in (state.column, state.side))
    _keep_best(problem, pitch, state, column, y, side)


def _centred(state: _State, y: np.ndarray, c: int, offsets: np.ndarray) -> np.ndarray:
    """The same tries with every other column moved as a whole to the middle of column `c`."""
    moved = y.copy()
    for other in np.unique(state.column[state.column != c]):
        members = np.flatnonzero(state.column == other)
        moved[:, members] += offsets[:, None] - (state.y[members].max() + state.y[members].min()) / 2
    return moved


def _move(problem: Problem, pitch: float, state: _State, i: int, columns: int, free: bool) -> None:
    """Let one hub try other heights, sides and, if free, columns."""
    heights = _heights(problem, state, i)
    choices = range(columns) if free else [int(state.column[i])]
    grid = []
    for c in choices:
        sides = [1] if c == columns - 1 else [0] if c == 0 else [2, 3] if problem.depths[i, 2] > 0 else [2]
        grid += [(c, h, s) for s in sides for h in heights]
    tries = np.array(grid)
    column, y, side = (np.repeat(v[None], len(tries), axis=0) for v in (state.column, state.y, state.side))
    column[:, i], y[:, i], side[:, i] = tries[:, 0], tries[:, 1], tries[:, 2]
    _keep_best(problem, pitch, state, column, y, side, gain=_WORTH if _stacked(state, i) else 1e-6, focus=i)


def _heights(problem: Problem, state: _State, i: int) -> np.ndarray:
    """Heights worth trying: a grid, nearby steps, the middle of the neighbours, and touching each other hub."""
    reach = 0.5 * (state.y.max() - state.y.min()) + 2.0
    middle = 0.5 * (state.y.max() + state.y.min())
    others = [b if a == i else a for a, b in problem.edges if i in (a, b)]
    grid = middle + np.linspace(-reach, reach, 25)
    near = state.y[i] + np.array([-0.3, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3])
    tall = np.maximum(problem.sizes[:, 1], np.where(state.side < 2, problem.spans[:, 0], 0.0))
    touch = (tall + tall[i]) / 2 + 0.2
    means = [float(np.mean(state.y[others])), *state.y[others]] if others else []
    return np.unique(np.round(np.concatenate([grid, near, state.y + touch, state.y - touch, means]), 4))


def _keep_best(
    problem: Problem,
    pitch: float,
    state: _State,
    column: np.ndarray,
    y: np.ndarray,
    side: np.ndarray,
    gain: float = 1e-6,
    focus: int | None = None,
) -> None:
    """Take the cheapest of the tries if that gains enough."""
    column, y, side = (
        np.concatenate([now[None], tries]) for now, tries in ((state.column, column), (state.y, y), (state.side, side))
    )
    costs = np.round(cost(problem, column * pitch, y, side, focus), 6)
    best = int(np.argmin(costs))
    if costs[0] - costs[best] > gain:
        state.column, state.y, state.side = column[best], y[best], side[best]
        state.cost += float(costs[best] - costs[0])
