"""Score tests: which equality constraints, or which missing parameters, the data speak against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from cxlab.errors import ModelError, NotSupportedError
from cxlab.evaluate.candidates import extended
from cxlab.evaluate.derivatives import constrained_inverse, derivatives, null_basis
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.modification import left_over, varying
from cxlab.specify.partable import ParTable


@dataclass(frozen=True, eq=False)
class ScoreTest:
    """A test of several restrictions together, and of each by itself.

    Attributes
    ----------
    chisq, df, pvalue
        The joint test.
    table : DataFrame
        Each restriction by itself (columns in the functions' own words).
    """

    chisq: float
    df: int
    pvalue: float
    table: pd.DataFrame


def constraint_score_test(fitted: Fitted, release: Sequence[int] | None = None) -> ScoreTest:
    """Which equality constraints the data speak against.

    When to use it: after a model with equal loadings or intercepts (invariance across groups) fits worse than one
    without, to find the constraints to release.

    Parameters
    ----------
    fitted : Fitted
        A model with ``==`` rows (shared labels and `group_equal` make them), at its optimum.
    release : sequence of int, optional
        Numbers of the constraints, from 1 in the table's order, to release together. Default: all.

    Returns
    -------
    ScoreTest
        ``table``: number, lhs, rhs (the two sides in words), chisq, df, pvalue of releasing that constraint alone.

    Raises
    ------
    ModelError
        No equality constraint, a number that does not exist, or inequality constraints.

    Notes
    -----
    n s' J s with J the inverse information under the constraints that stay (Bentler & Chou, 1993). Equals
    ``lavaan::lavTestScore(fit)``.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("y ~ b*x; z ~ b*x; y ~~ 0*z").partable()
    >>> cov = np.array([[1.0, 0.0, 0.3], [0.0, 1.0, 0.1], [0.3, 0.1, 1.0]])
    >>> found = constraint_score_test(Fitted.of(table, [0.2, 0.2, 0.92, 1.0], cov, 100))
    >>> found.table[["lhs", "rhs"]].iloc[0].tolist(), found.df, round(found.chisq, 3)
    (['y~x', 'z~x'], 1, 2.087)
    """
    table = fitted.table
    if not table.functions.n_equalities:
        raise ModelError("evaluation.no_constraints")
    if table.functions.n_inequalities:
        raise ModelError("evaluation.inequalities")
    chosen = _chosen(table, release)
    at = derivatives(fitted)
    if at.spread is not None:
        raise NotSupportedError("evaluation.estimator", estimator=fitted.estimator)
    constraints = table.functions.equality_jacobian(fitted.theta) * at.factors

    def statistic(released: Sequence[int]) -> float:
        stay = np.delete(constraints, list(released), axis=0)
        inverse = constrained_inverse(at.information, null_basis(stay, len(at.score)))
        return float(fitted.total * at.score @ inverse @ at.score)

    single = np.array([statistic([one]) for one in chosen])
    words = _constraint_words(table)
    frame = pd.DataFrame([(one + 1, *words[one]) for one in chosen], columns=["number", "lhs", "rhs"])
    frame["chisq"], frame["df"], frame["pvalue"] = single, 1, chi2.sf(single, 1)
    joint = statistic(chosen)
    return ScoreTest(joint, len(chosen), float(chi2.sf(joint, len(chosen))), frame)


def parameter_score_test(fitted: Fitted, add: Sequence[str]) -> ScoreTest:
    """Whether several parameters should be added, together and one by one.

    When to use it: theory names more than one parameter that the model leaves out; modification indices judge each
    alone.

    Parameters
    ----------
    fitted : Fitted
        A model at its optimum.
    add : sequence of str
        Parameters among lavaan's candidates, as ``"visual =~ x9"`` or ``"x7 ~~ x8"``; with several groups each is
        added in all.

    Returns
    -------
    ScoreTest
        ``table``: lhs, op, rhs, group, chisq, df, pvalue, epc when added alone, epc_joint when all are added.

    Raises
    ------
    ModelError
        A parameter that is no candidate; the message says which are near.

    Notes
    -----
    Equals ``lavaan::lavTestScore(fit, add = ...)``.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2 + x3 + x4").partable(std_lv=True)
    >>> cov = np.full((4, 4), 0.25) + np.diag([0.75] * 4)
    >>> fitted = Fitted.of(table, [0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 0.75], cov, 100)
    >>> round(abs(parameter_score_test(fitted, ["x1 ~~ x2"]).chisq), 6)
    0.0
    """
    table, theta, added = extended(fitted)
    at = derivatives(fitted, table, theta)
    rows = np.flatnonzero(added)
    where = [position for name in add for position in _named(table, rows, name)]
    score, left = left_over(fitted, at, added)
    vary = left if at.spread is None else varying(fitted, at, added)
    score, left, vary = score[where], left[np.ix_(where, where)], vary[np.ix_(where, where)]
    every = np.eye(len(where))
    solved = constrained_inverse(left, every) @ score
    joint = float(fitted.total * score @ constrained_inverse(vary, every) @ score)
    single = fitted.total * score**2 / np.diag(vary)
    factors = at.factors[rows[where]]
    names = {column: [getattr(table, column)[row] for row in rows[where]] for column in ("lhs", "op", "rhs", "group")}
    frame = pd.DataFrame(names)
    frame["chisq"], frame["df"], frame["pvalue"] = single, 1, chi2.sf(single, 1)
    frame["epc"], frame["epc_joint"] = score / np.diag(left) * factors, solved * factors
    return ScoreTest(joint, len(where), float(chi2.sf(joint, len(where))), frame)


def _chosen(table: ParTable, release: Sequence[int] | None) -> list[int]:
    count = table.functions.n_equalities
    numbers = range(1, count + 1) if release is None else [int(one) for one in release]
    for number in numbers:
        if not 1 <= number <= count:
            raise ModelError("evaluation.no_such_constraint", number=number, count=count)
    return [number - 1 for number in numbers]


def _constraint_words(table: ParTable) -> list[tuple[str, str]]:
    """Both sides of every constraint, with parameters' own names for lavaan's ``.p2.``."""
    names = {}
    for row in np.flatnonzero(table.is_parameter):
        suffix = f".g{table.group[row]}" if table.group[row] > 1 else ""
        names[table.plabel[row]] = f"{table.lhs[row]}{table.op[row]}{table.rhs[row]}{suffix}"
    sides = zip(table.lhs, table.op, table.rhs, strict=True)
    return [(names.get(lhs, lhs), names.get(rhs, rhs)) for lhs, op, rhs in sides if op == "=="]


def _named(table: ParTable, rows: np.ndarray, name: str) -> list[int]:
    """Positions among `rows` of a parameter written ``lhs op rhs``; a covariance may be named in either order."""
    wanted = "".join(name.split())
    known: dict[str, list[int]] = {}
    for position, row in enumerate(rows):
        lhs, op, rhs = table.lhs[row], table.op[row], table.rhs[row]
        for written in {f"{lhs}{op}{rhs or 1}".replace("~11", "~1"), f"{rhs}{op}{lhs}" if op == "~~" else ""} - {""}:
            known.setdefault(written, []).append(position)
    if wanted not in known:
        from difflib import get_close_matches

        near = get_close_matches(wanted, list(known), 3, 0.4) or list(known)[:3]
        raise ModelError("evaluation.no_candidate", name=name, known=", ".join(near))
    return known[wanted]
