"""semopy as the optimiser: it gets our matrices under safe names, in natural units, with nothing left to its defaults.

semopy's own rules differ from lavaan's (no residual covariances between outcomes, for one), its parser evaluates
text, its start values can loop for ever and its variances stop at zero. So the model goes in as matrices, every
parameter named, started and unbounded, and what comes out is judged by `maximum_likelihood`, not by semopy's flag.
"""

from __future__ import annotations

import logging
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from cxlab.estimate.sem.structure import Structure
from cxlab.specify.matrix_map import BETA, LAMBDA, PSI, THETA

OPTIONS = {"ftol": 1e-13, "maxiter": 5000}
# Evaluations of F for one start. The largest models in the tests need 200; this ends a search that leads nowhere.
MOST_EVALUATIONS = 2_000
# SLSQP forgets its curvature when it starts again, which often gains the last digits.
MOST_RESTARTS = 4


class _GivenUpError(Exception):
    """The budget of evaluations is spent."""


@dataclass
class _Search:
    """What one start may still spend, and the best point it has seen (in semopy's order of parameters)."""

    left: int
    best: np.ndarray | None = None
    loss: float = np.inf

    def watch(self, fun: Callable[[np.ndarray], float]) -> Callable[[np.ndarray], float]:
        """F, counted."""

        def watched(x: np.ndarray) -> float:
            self.left -= 1
            if self.left < 0:
                raise _GivenUpError
            loss = float(fun(x))
            if loss < self.loss:
                self.best, self.loss = x.copy(), loss
            return loss

        return watched


def minimise(structure: Structure, cov: np.ndarray, n_obs: int, start: np.ndarray) -> np.ndarray | None:
    """Parameters (q,) at the least F_ML that semopy's search has seen, or None if it has seen none.

    The first run keeps variances at or above zero, which guides it when it begins far away. Later ones are unbounded,
    as lavaan's is, so that a negative variance can show itself.
    """
    search = _Search(MOST_EVALUATIONS)
    theta = _run(structure, cov, n_obs, start, search, bounded=True)
    for _ in range(MOST_RESTARTS):
        before = search.loss
        theta = _run(structure, cov, n_obs, theta, search, bounded=False)
        if search.left < 0 or before - search.loss < 1e-14:
            break
    return theta if np.isfinite(search.loss) else None


def _run(
    structure: Structure, cov: np.ndarray, n_obs: int, start: np.ndarray, search: _Search, *, bounded: bool
) -> np.ndarray:
    """One run of semopy: the best point seen so far, or the start if there is none."""
    # semopy is slow to import, and takes its covariance matrix as a DataFrame only.
    import pandas as pd
    from semopy import Model
    from semopy.parser import Operation
    from threadpoolctl import threadpool_limits

    items = [_item(i) for i in range(structure.items)]
    # On matrices of this size a second BLAS thread costs more than it brings.
    with _quiet(), threadpool_limits(1, user_api="blas"):
        model = Model(_description(structure, Operation), cov_diag=True)
        for number, value in enumerate(start):
            parameter = model.parameters[_parameter(number)]
            parameter.start = float(value)
            parameter.bound = (0, None) if bounded and structure.is_variance[number] else (None, None)
        fun, grad = model.objectives["MLW"]
        model.objectives["MLW"] = (search.watch(fun), grad)
        # SLSQP refuses points without a finite F or gradient in several ways; the best point seen is what counts.
        with suppress(_GivenUpError, np.linalg.LinAlgError, ValueError):
            model.fit(cov=pd.DataFrame(cov, items, items), n_samples=n_obs, options=dict(OPTIONS))
    if search.best is None:
        return start
    order = [name for name, parameter in model.parameters.items() if parameter.active]
    found = dict(zip(order, search.best, strict=True))
    return np.array([found[_parameter(number)] for number in range(structure.parameters)])


def _description(structure: Structure, operation: Any) -> tuple[Any, Any]:
    """semopy's parsed form of the model: operator -> left -> right -> name or value."""
    effects: Any = defaultdict(lambda: defaultdict(dict))
    for matrix, row, column, value in _entries(structure):
        left = _inner(row) if matrix in (BETA, PSI) else _item(row)
        right = _item(column) if matrix == THETA else _inner(column)
        effects["~" if matrix in (LAMBDA, BETA) else "~~"][left][right] = value
    operations = defaultdict(list)
    operations["DEFINE"] = [operation("DEFINE", ["latent"], [_inner(j) for j in range(structure.inner)])]
    return effects, operations


def _entries(structure: Structure) -> Iterator[tuple[int, int, int, float | str]]:
    """Every entry that is fixed at another value than 0 or free, and all variances (0 must be said aloud)."""
    free = {
        key: _parameter(k) for k, key in enumerate(zip(structure.matrix, structure.row, structure.column, strict=True))
    }
    for matrix, fixed in zip((LAMBDA, BETA, PSI, THETA), structure.fixed[:4], strict=True):
        symmetric = matrix in (PSI, THETA)
        wanted = fixed != 0
        if symmetric:
            wanted = np.tril(wanted | np.eye(len(fixed), dtype=bool))
        for row, column in np.argwhere(wanted):
            if (matrix, row, column) not in free:
                yield matrix, row, column, float(fixed[row, column])
    # semopy forgets items that no arrow reaches and latent variables that send none: an arrow of 0 keeps them.
    arrows = {(row, column) for matrix, row, column in free if matrix == LAMBDA} | set(
        zip(*np.nonzero(structure.fixed.lambda_), strict=True)
    )
    for item in set(range(structure.items)) - {row for row, _ in arrows}:
        yield LAMBDA, item, 0, 0.0
    for inner in set(range(structure.inner)) - {column for _, column in arrows}:
        yield LAMBDA, 0, inner, 0.0
    for (matrix, row, column), name in free.items():
        yield matrix, row, column, name


def _item(number: int) -> str:
    return f"x{number:04d}"


def _inner(number: int) -> str:
    return f"f{number:04d}"


def _parameter(number: int) -> str:
    return f"p{number:04d}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep semopy's remarks from the user: it logs to the root logger and divides infinities during line search.

    Nothing is lost by it, because the result is judged here by its gradient and curvature.
    """
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    finally:
        logging.disable(disabled)
