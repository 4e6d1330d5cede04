"""Modification indices: by how much chi-square would fall if one more parameter were free, and what it would become."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cxlab.estimate.sem.constrained import active_constraints
from cxlab.estimate.sem.problem import Problem
from cxlab.evaluate.candidates import extended
from cxlab.evaluate.derivatives import Derivatives, constrained_inverse, derivatives, null_basis
from cxlab.evaluate.fitted import Fitted, free_rows
from cxlab.evaluate.spreads import Spreads, powers
from cxlab.specify.matrix_map import matrices
from cxlab.specify.partable import ParTable

# A candidate that the free parameters already account for: what is left of its information is rounding.
_NOTHING_LEFT = 1e-9
COLUMNS = ("lhs", "op", "rhs", "group", "mi", "epc", "sepc_lv", "sepc_all", "sepc_nox")


def modification_indices(
    fitted: Fitted,
    *,
    sort: bool = True,
    minimum: float = 0.0,
    maximum_number: int | None = None,
    op: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Modification indices of every parameter that the model fixes or leaves out.

    When to use it: to find where a model misfits. An index above 3.84 would be significant at 5% by itself, but a
    large model has hundreds of them; change what theory explains, one at a time, and check the change in new data.

    Parameters
    ----------
    fitted : Fitted
        A model at its optimum.
    sort : bool
        Largest first (by ``mi_robust`` where there is one); otherwise in lavaan's order.
    minimum : float
        Only indices above this value.
    maximum_number : int, optional
        At most so many rows.
    op : str or iterable of str, optional
        Only these operators: ``"=~"``, ``"~~"``, ``"~"``, ``"~1"``.

    Returns
    -------
    DataFrame
        lhs, op, rhs, group, mi (chi-square with one degree of freedom), epc (expected change of the parameter, in the
        data's units), sepc_lv, sepc_all, sepc_nox (the change with latent variables, all variables, all but fixed
        covariates standardised). Parameters that cannot be identified beside the others are left out. After ULS and
        DWLS (ordinal items) `mi` is no chi-square: there ``mi_robust`` is, and is what to judge by.

    Raises
    ------
    NotSupportedError
        Least squares of an engine that does not say what it minimised.

    Notes
    -----
    mi = n s^2 / v and epc = s / v, with s the score of the added parameter and v what is left of its information when
    the free parameters and the constraints have taken theirs (Sörbom, 1989). Equals ``lavaan::modindices(fit)`` but for
    four things: a path *into* a fixed covariate is judged as with ``fixed.x = FALSE``, since equivalent models must
    have equal indices; the change of a variance is standardised as it is (lavaan standardises the variance's
    estimate); whether a parameter is identified does not depend on the items' units; and with least squares the index
    is in the units of chi-square, (n - 1) F (lavaan's is smaller by the factor 1 - 1/n, and with weights of their own
    its change too). ``mi_robust`` divides the squared score by the variance it has under the sampling of the moments
    (Satorra, 1989); lavaan has no such column.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2 + x3 + x4").partable(std_lv=True)
    >>> cov = np.full((4, 4), 0.25) + np.diag([0.75] * 4)
    >>> cov[0, 1] = cov[1, 0] = 0.45
    >>> theta = [0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 0.75]
    >>> modification_indices(Fitted.of(table, theta, cov, 100), maximum_number=1)[["lhs", "op", "rhs"]].iloc[0].tolist()
    ['x1', '~~', 'x2']
    """
    table, theta, added = extended(fitted)
    at = derivatives(fitted, table, theta)
    mi, epc = single_tests(fitted, at, added)
    frame = pd.DataFrame(
        {"lhs": table.lhs, "op": table.op, "rhs": table.rhs, "group": table.group, "mi": mi, "epc": epc}
    )
    columns = list(COLUMNS)
    if at.spread is not None:
        frame["mi_robust"] = np.where(np.isfinite(mi), _robust(fitted, at, added), np.nan)
        columns.insert(columns.index("mi") + 1, "mi_robust")
    for kind in ("lv", "all", "nox"):
        frame[f"sepc_{kind}"] = epc * _scales(fitted, table, theta, f"std_{kind}")
    judged = "mi" if at.spread is None else "mi_robust"
    keep = added & np.isfinite(mi) & (frame[judged].to_numpy() >= minimum)
    if op is not None:
        keep &= frame["op"].isin([op] if isinstance(op, str) else list(op)).to_numpy()
    frame = frame.loc[keep, columns]
    if sort:
        frame = frame.sort_values(judged, ascending=False, kind="stable")
    return frame.head(len(frame) if maximum_number is None else maximum_number).reset_index(drop=True)


def single_tests(fitted: Fitted, at: Derivatives, added: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score statistic and expected change of each added parameter by itself, nan for the model's own (rows,)."""
    score, left = left_over(fitted, at, added)
    remaining = np.diag(left)
    whole = np.diag(at.information)[added]
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.where(remaining > _NOTHING_LEFT * whole, score / remaining, np.nan)
    mi, epc = np.full(len(added), np.nan), np.full(len(added), np.nan)
    mi[added] = fitted.total * score * change
    epc[added] = change * at.factors[added]
    return mi, epc


def _robust(fitted: Fitted, at: Derivatives, added: np.ndarray) -> np.ndarray:
    """Score statistics over what the scores vary by, where the information does not say it (rows,)."""
    found = np.full(len(added), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        found[added] = fitted.total * at.score[added] ** 2 / np.diag(varying(fitted, at, added))
    return found


def varying(fitted: Fitted, at: Derivatives, added: np.ndarray) -> np.ndarray:
    """n times the covariance matrix of the added parameters' scores, as the model's own parameters follow the sample.

    With maximum likelihood and WLS it is the information that is left over. Source: Satorra (1989).
    """
    if at.spread is None:
        return left_over(fitted, at, added)[1]
    own = np.flatnonzero(~added)
    across = at.information[np.ix_(added, own)] @ _own_inverse(fitted, at, own)
    crossed = across @ at.spread[np.ix_(own, added)]
    inside = across @ at.spread[np.ix_(own, own)] @ across.T
    return np.asarray(at.spread[np.ix_(added, added)] - crossed - crossed.T + inside)


def _own_inverse(fitted: Fitted, at: Derivatives, own: np.ndarray) -> np.ndarray:
    """Inverse of the information of the model's own parameters under its constraints."""
    constraints = _constraints(fitted) * at.factors[own]
    return constrained_inverse(at.information[np.ix_(own, own)], null_basis(constraints, len(own)))


def left_over(fitted: Fitted, at: Derivatives, added: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score of the added parameters, and their information after the model's own parameters took theirs."""
    own = np.flatnonzero(~added)
    inverse = _own_inverse(fitted, at, own)
    across = at.information[np.ix_(added, own)]
    left = at.information[np.ix_(added, added)] - across @ inverse @ across.T
    return at.score[added], left


def _constraints(fitted: Fitted) -> np.ndarray:
    """Derivatives of the constraints that hold by the model's own rows: its free parameters and covariates' moments."""
    table, held = fitted.table, np.zeros((0, len(fitted.theta)))
    if table.functions.n_equalities or table.functions.n_inequalities:
        factors = Problem.of(table, fitted.cov).factors
        found = active_constraints(table, fitted.theta, factors)
        held = held if found is None else found / factors
    slopes = np.zeros((len(held), len(table)))
    slopes[:, free_rows(table)] = held
    return slopes[:, (table.free > 0) | (table.exo > 0)]


def _scales(fitted: Fitted, table: ParTable, theta: np.ndarray, kind: str) -> np.ndarray:
    """What each row of the extended table is multiplied by to be standardised; nan where that is not a number."""
    places = matrices(table)
    unscaled = {"std_all": (), "std_lv": places.observed, "std_nox": fitted.table.variables.ov_x}[kind]
    scale = powers(places, frozenset(unscaled)).scales(Spreads.of(places, theta))
    return np.where(np.isfinite(scale), scale, np.nan)
