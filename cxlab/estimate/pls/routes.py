"""The routes by which one construct leads to another, and the effect that goes along each."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Route = tuple[int, ...]


def count_routes(paths: NDArray[np.bool_]) -> int:
    """How many routes (J, J paths without circles) pass at least one other construct.

    Examples
    --------
    >>> count_routes(np.triu(np.ones((4, 4), dtype=bool), 1))
    5
    """
    step = paths.astype(float)  # whole numbers would overflow where there are very many
    power, found = step @ step, 0.0
    while power.any():
        found += power.sum()
        power = power @ step
    return int(found)


def routes(paths: NDArray[np.bool_], most: int = 500) -> list[Route]:
    """Routes past at least one other construct, ordered by their ends; of very many the shortest, `most` of them.

    Examples
    --------
    >>> routes(np.triu(np.ones((4, 4), dtype=bool), 1))
    [(0, 1, 2), (0, 1, 3), (0, 2, 3), (0, 1, 2, 3), (1, 2, 3)]
    """
    found: list[Route] = []
    longest: list[Route] = [(int(source), int(target)) for source, target in zip(*np.nonzero(paths), strict=True)]
    while longest and len(found) < most:
        longest = [(*route, int(further)) for route in longest for further in np.flatnonzero(paths[route[-1]])]
        found += longest
    return sorted(found[:most], key=lambda route: (route[0], route[-1], len(route), route))


def along(paths: NDArray[np.float64], ways: list[Route]) -> NDArray[np.float64]:
    """The product of the paths along each of k routes (R, k), from paths (R, J, J) of R models.

    Examples
    --------
    >>> along(np.array([[[0.0, 0.5, 0.0], [0.0, 0.0, 0.4], [0.0, 0.0, 0.0]]]), [(0, 1, 2)]).tolist()
    [[0.2]]
    """
    found = np.ones((len(paths), len(ways)))
    for place, way in enumerate(ways):
        for source, target in pairwise(way):
            found[:, place] *= paths[:, source, target]
    return found
