"""Separation: directions in which the likelihood of a binary or ordered model rises for ever."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from cxlab.estimate.ordinal import Cells

Array = NDArray[np.float64]
_ZERO = 1e-6


def separation(rows: Cells) -> tuple[Literal["none", "quasi", "complete"], NDArray[np.bool_]]:
    """Whether the maximum lies at infinity, and which parameters run away (Albert & Anderson, 1984; Konis, 2007).

    A direction along which no row's interval ever narrows is looked for by linear programming: with one that widens
    some intervals the estimates are infinite (quasi-complete separation), with one that widens all it is complete.

    Returns
    -------
    kind : "none", "quasi" or "complete"
    involved : (p,) bool array
        Parameters that the direction moves.

    Examples
    --------
    >>> from cxlab.estimate.ordinal import cells
    >>> separation(cells(np.array([0, 0, 1, 1]), np.array([[1.0], [2], [3], [4]]), 2))[0]
    'complete'
    >>> separation(cells(np.array([0, 1, 0, 1]), np.array([[1.0], [2], [3], [4]]), 2))[0]
    'none'
    """
    widening = np.vstack([rows.upper[np.isfinite(rows.above)], -rows.lower[np.isfinite(rows.below)]])
    widening = np.unique(widening, axis=0)
    size = np.abs(widening).max(axis=0)
    used = size > 0
    scaled = widening[:, used] / size[used]
    q = scaled.shape[1]
    best = linprog(-scaled.sum(axis=0), A_ub=-scaled, b_ub=np.zeros(len(scaled)), bounds=[(-1, 1)] * q)
    involved = np.zeros(len(size), dtype=bool)
    if best.status != 0 or -best.fun < _ZERO:
        return "none", involved
    involved[used] = np.abs(best.x) > _ZERO
    strict = linprog(
        np.append(np.zeros(q), -1.0),
        A_ub=np.column_stack([-scaled, np.ones(len(scaled))]),
        b_ub=np.zeros(len(scaled)),
        bounds=[(-1, 1)] * q + [(None, 1)],
    )
    return ("complete" if strict.status == 0 and -strict.fun > _ZERO else "quasi"), involved
