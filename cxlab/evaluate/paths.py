"""Which effects a model's arrows transport: every route from one variable to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cxlab.specify.matrix_map import BETA, Matrices


@dataclass(frozen=True)
class Effect:
    """One effect, by places among the inner variables.

    Attributes
    ----------
    source, target : int
    kind : str
        ``"direct"``, ``"indirect"`` (one route), ``"total_indirect"`` or ``"total"``.
    route : tuple of int
        The variables on the way, both ends included; empty for sums of routes.
    """

    source: int
    target: int
    kind: str
    route: tuple[int, ...] = ()


@dataclass(frozen=True)
class EffectPlan:
    """All effects of a model in the order in which they are listed.

    Attributes
    ----------
    effects : tuple of Effect
    circular : bool
        Whether some variable affects itself: then routes have no end, and only direct and total effects are listed.
    omitted : int
        Routes left out because there were more than asked for; they still count in the sums.
    """

    effects: tuple[Effect, ...]
    circular: bool
    omitted: int


def effect_plan(places: Matrices, most_routes: int = 500) -> EffectPlan:
    """The effects of a model, by source and target in the order of its variables.

    Parameters
    ----------
    places : Matrices
    most_routes : int
        At most so many indirect routes are listed one by one.
    """
    arrows = _arrows(places)
    size = len(places.latent)
    reach = _reachable(arrows, size)
    circular = any(reach[one, one] for one in range(size))
    effects: list[Effect] = []
    listed = omitted = 0
    for source in range(size):
        for target in range(size):
            if source == target or not reach[source, target]:
                continue
            routes = [] if circular else [route for route in _routes(arrows, (source,), target) if len(route) > 2]
            kept = routes[: max(most_routes - listed, 0)]
            listed, omitted = listed + len(kept), omitted + len(routes) - len(kept)
            effects += _of_pair(source, target, target in arrows[source], kept, circular or len(routes) > 1)
    return EffectPlan(tuple(effects), circular, omitted)


def _of_pair(source: int, target: int, direct: bool, routes: list[tuple[int, ...]], sums: bool) -> Iterator[Effect]:
    if direct:
        yield Effect(source, target, "direct", (source, target))
    for route in routes:
        yield Effect(source, target, "indirect", route)
    if sums:
        yield Effect(source, target, "total_indirect")
    yield Effect(source, target, "total")


def _arrows(places: Matrices) -> list[list[int]]:
    """For each variable those that it points to; a path fixed at zero is none."""
    arrows: list[list[int]] = [[] for _ in places.latent]
    for row in np.flatnonzero(places.matrix == BETA):
        if places.free[row] or places.value[row] != 0:
            source, target = int(places.col[row]), int(places.row[row])
            if target not in arrows[source]:
                arrows[source].append(target)
    return [sorted(targets) for targets in arrows]


def _reachable(arrows: list[list[int]], size: int) -> np.ndarray:
    reach = np.zeros((size, size), dtype=bool)
    for source, targets in enumerate(arrows):
        reach[source, targets] = True
    for middle in range(size):
        reach |= reach[:, middle : middle + 1] & reach[middle : middle + 1]
    return reach


def _routes(arrows: list[list[int]], route: tuple[int, ...], target: int) -> Iterator[tuple[int, ...]]:
    for step in arrows[route[-1]]:
        if step == target:
            yield (*route, step)
        else:
            yield from _routes(arrows, (*route, step), target)
