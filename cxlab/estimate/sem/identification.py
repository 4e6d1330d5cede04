"""Whether the parameters can be told apart, by the rank of the expected information."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxlab.errors import IdentificationError
from cxlab.estimate.sem.implied import Filler, expected, gram
from cxlab.estimate.sem.inverses import inverse_and_log_det
from cxlab.estimate.sem.objective import GroupMoments
from cxlab.estimate.sem.problem import Problem

# Smallest eigenvalue of the information matrix in correlation form; identified models stay above 1e-6.
RANK_TOLERANCE = 1e-9


def check_degrees(problem: Problem) -> None:
    """Raise an `IdentificationError` if the model has more parameters than there are moments."""
    table = problem.table
    if table.df < 0:
        raise IdentificationError(
            "engine.negative_df", parameters=table.n_free - table.n_equalities, moments=table.n_moments
        )


def check_identified(problem: Problem, inside: GroupMoments, x: np.ndarray) -> None:
    """Raise an `IdentificationError` if moments cannot tell the parameters apart at an arbitrary point.

    The rank of the moments' derivatives is the same almost everywhere, so one point off the beaten track (irrational
    steps from the start values) decides it.

    Parameters
    ----------
    problem : Problem
    inside : GroupMoments
        In natural units.
    x : ndarray (r,)
        Start values.
    """
    steps = np.modf(np.sqrt(2) * np.arange(1, len(x) + 1))[0]
    filler = Filler(problem, inside.cov[:1], None if inside.mean is None else inside.mean[:1])
    for point in (x + 0.2 * (steps - 0.5), x):
        implied = filler.implied(problem.full(point[None]))
        inverse, log_det = inverse_and_log_det(implied.sigma)
        if np.isfinite(log_det).all() and np.isfinite(inverse).all():
            metric = expected(problem, gram(problem, implied, inverse), inside.shares)[0]
            check_information(problem, metric, "engine.not_identified")
            return


def check_information(problem: Problem, metric: np.ndarray, key: str) -> None:
    """Raise an `IdentificationError` that names the parameters along which an expected Hessian (q, q) is empty."""
    missing, involved = deficient(problem, metric)
    if missing:
        raise IdentificationError(key, parameters=", ".join(involved), missing=missing)


def deficient(problem: Problem, metric: np.ndarray) -> tuple[int, Sequence[str]]:
    """How many directions have no information, and the names of the parameters that they move."""
    basis = problem.basis
    reduced = basis.T @ metric @ basis
    if problem.nonlinear and problem.table.functions.n_equalities:
        return 0, ()
    diagonal = np.diag(reduced)
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    eigenvalues, vectors = np.linalg.eigh(reduced * np.outer(scale, scale))
    empty = eigenvalues < RANK_TOLERANCE
    if not empty.any():
        return 0, ()
    weight = np.abs(basis @ vectors[:, empty]).max(axis=1)
    names = [name for name, share in zip(problem.table.names, weight, strict=True) if share > 0.1 * weight.max()]
    return int(empty.sum()), tuple(dict.fromkeys(names))
