"""`cx.Moments`: a published covariance matrix as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.estimate.sem.moments import Moments as SampleMoments
from cxlab.estimate.sem.moments import check_positive_definite
from cxlab.i18n import format_number

# Printed matrices are rounded, so both halves may differ in the last digit.
_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Moments:
    """Covariances, and if known means, of a sample whose answers are not at hand: pass it to `sem` or `cfa` as data.

    When to use it: to check or extend a model from a paper that prints its covariance matrix. A correlation matrix
    with standard deviations is a covariance matrix: multiply both. From correlations alone the standard errors of
    unstandardised parameters are doubtful, which the result then says.

    Parameters
    ----------
    cov : DataFrame or array (p, p), or for several groups a mapping from group to matrix or a sequence of matrices
        Covariance matrix; its lower triangle is enough.
    n_obs : int, or for several groups a mapping or sequence of int
        Rows behind each matrix.
    means : Series or array (p,), optional, or for several groups a mapping or sequence of these
        Means, for models with intercepts.
    names : sequence of str, optional
        The items; not needed where `cov` is a DataFrame.
    divisor : {"n-1", "n"}
        What the sums of squares were divided by. Papers and most software print n - 1.

    Attributes
    ----------
    names : tuple of str
    groups : tuple of str
        Names of the groups; empty with one.
    cov : ndarray (groups, p, p)
        With divisor n.
    means : ndarray (groups, p) or None
    n_obs : ndarray (groups,)
    warnings : tuple of Notice
        What speaks against these numbers.

    Raises
    ------
    DataError
        Not square, not symmetric, not positive definite, a variance that is not positive, no names, names that do not
        match, too few rows.

    Notes
    -----
    Equals lavaan's ``sample.cov``, ``sample.nobs`` and ``sample.mean``.

    Examples
    --------
    >>> lower = [[1.0, 0, 0], [0.5, 1.2, 0], [0.4, 0.6, 0.9]]
    >>> published = Moments(lower, 240, names=["sat1", "sat2", "sat3"])
    >>> published.names, published.cov[0, 0, 1].round(3)
    (('sat1', 'sat2', 'sat3'), np.float64(0.498))
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    cov: np.ndarray
    means: np.ndarray | None
    n_obs: np.ndarray
    warnings: tuple[Notice, ...]

    def __init__(
        self,
        cov: Any,
        n_obs: Any,
        means: Any = None,
        names: Sequence[str] | None = None,
        *,
        divisor: Literal["n-1", "n"] = "n-1",
    ) -> None:
        if divisor not in ("n-1", "n"):
            raise DataError("sem.moments_divisor", divisor=divisor)
        labels, matrices = _by_group(cov)
        found = _names(matrices, names)
        counts = _matched(n_obs, labels, len(matrices), "n_obs", single=isinstance(n_obs, Integral | float))
        rows = np.array([_rows(count) for count in counts], dtype=int)
        covs = [_covariance(matrix, found) for matrix in matrices]
        for matrix, n, label in zip(covs, rows, labels or ("",), strict=True):
            _check_group(found, matrix, int(n), label)
        scale = np.ones(len(rows)) if divisor == "n" else (rows - 1) / rows
        values = {
            "names": found,
            "groups": labels,
            "cov": np.array(covs) * scale[:, None, None],
            "means": _all_means(means, labels, len(matrices), found),
            "n_obs": rows,
            "warnings": _notices(covs),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def total(self) -> int:
        """Rows of all groups."""
        return int(self.n_obs.sum())

    def __repr__(self) -> str:
        rows = ", ".join(map(str, self.n_obs))
        return f"Moments({len(self.names)} items, n = {rows})"


def _by_group(cov: Any) -> tuple[tuple[str, ...], list[Any]]:
    if isinstance(cov, Mapping):
        return tuple(nfc(str(label)) for label in cov), list(cov.values())
    if isinstance(cov, pd.DataFrame):
        return (), [cov]
    if isinstance(cov, list | tuple) and cov and isinstance(cov[0], pd.DataFrame):
        several = list(cov)
    else:
        several = list(_array(cov)) if _array(cov).ndim == 3 else [cov]
    if len(several) == 1:
        return (), several
    return tuple(f"Group {number}" for number in range(1, len(several) + 1)), several


def _array(cov: Any) -> np.ndarray:
    try:
        return np.asarray(cov, dtype=float)
    except (TypeError, ValueError) as error:
        raise DataError("sem.moments_not_numbers") from error


def _names(matrices: Sequence[Any], names: Sequence[str] | None) -> tuple[str, ...]:
    first = matrices[0]
    if names is None and isinstance(first, pd.DataFrame):
        names = [str(column) for column in first.columns]
    if names is None:
        raise DataError("sem.moments_names", size=len(first))
    found = tuple(nfc(str(name)) for name in names)
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise DataError("sem.moments_twice", names=", ".join(twice))
    return found


def _matched(value: Any, labels: tuple[str, ...], count: int, what: str, *, single: bool) -> list[Any]:
    """One value for each group, by the groups' names where they are given."""
    if isinstance(value, Mapping) and labels:
        own = {nfc(str(label)): one for label, one in value.items()}
        if set(own) != set(labels):
            raise DataError("sem.moments_groups", what=what, given=", ".join(own), groups=", ".join(labels))
        return [own[label] for label in labels]
    values = [value] if single or (count == 1 and not isinstance(value, list | tuple | np.ndarray)) else list(value)
    if len(values) != count:
        raise DataError("sem.moments_count", what=what, given=len(values), groups=count)
    return values


def _rows(count: Any) -> int:
    if isinstance(count, bool) or not isinstance(count, Integral | float) or int(count) != count or count < 2:
        raise DataError("sem.moments_rows", value=count)
    return int(count)


def _covariance(matrix: Any, names: tuple[str, ...]) -> np.ndarray:
    if isinstance(matrix, pd.DataFrame):
        matrix = _aligned(matrix, names)
    values = _array(matrix).copy()
    size = len(names)
    if values.shape != (size, size):
        shape = " × ".join(map(str, values.shape))
        raise DataError("sem.moments_shape", shape=shape, names=size)
    upper = values[np.triu_indices(size, 1)]
    if size > 1 and (np.isnan(upper) | (upper == 0)).all():
        values = np.tril(values) + np.tril(values, -1).T
    if not np.isfinite(values).all():
        raise DataError("sem.moments_not_finite")
    spread = np.sqrt(np.abs(np.diag(values)))
    gap = np.abs(values - values.T) - _ROUNDING * np.outer(spread, spread)
    if (gap > 0).any():
        row, column = np.unravel_index(int(np.argmax(gap)), gap.shape)
        one, other = format_number(values[row, column], 3), format_number(values[column, row], 3)
        raise DataError("sem.moments_asymmetric", first=names[row], second=names[column], one=one, other=other)
    return np.asarray((values + values.T) / 2)


def _aligned(matrix: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Columns in the order of the names; rows too, where they carry the same names."""
    own = matrix.set_axis([nfc(str(column)) for column in matrix.columns], axis=1)
    if set(own.columns) != set(names):
        missing = sorted(set(names) ^ set(own.columns))
        raise DataError("sem.moments_columns", names=", ".join(missing))
    rows = [nfc(str(row)) for row in own.index]
    if set(rows) == set(names):
        return own.set_axis(rows, axis=0).loc[list(names), list(names)]
    return own[list(names)]


def _all_means(means: Any, labels: tuple[str, ...], count: int, names: tuple[str, ...]) -> np.ndarray | None:
    if means is None:
        return None
    return np.array([_means(part, names) for part in _matched(means, labels, count, "means", single=not labels)])


def _means(part: Any, names: tuple[str, ...]) -> np.ndarray:
    if isinstance(part, pd.Series) and {nfc(str(label)) for label in part.index} == set(names):
        part = part.set_axis([nfc(str(label)) for label in part.index])[list(names)]
    values = _array(part)
    if values.shape != (len(names),) or not np.isfinite(values).all():
        raise DataError("sem.moments_means", names=len(names))
    return values


def _check_group(names: tuple[str, ...], matrix: np.ndarray, n_obs: int, label: str) -> None:
    try:
        _check(names, matrix, n_obs)
    except DataError as error:
        if not label:
            raise
        raise DataError("sem.in_group", group=label, problem=Notice(error.key, error.values)) from error


def _check(names: tuple[str, ...], matrix: np.ndarray, n_obs: int) -> None:
    variances = np.diag(matrix)
    if (variances <= 0).any():
        flat = ", ".join(name for name, value in zip(names, variances, strict=True) if value <= 0)
        raise DataError("sem.moments_variances", names=flat)
    if n_obs <= len(names):
        raise DataError("sem.too_few_rows", n=n_obs, items=len(names))
    spread = np.sqrt(variances)
    beyond = np.argwhere(np.triu(np.abs(matrix / np.outer(spread, spread)) > 1 + _ROUNDING, 1))
    if len(beyond):
        row, column = beyond[0]
        r = format_number(matrix[row, column] / (spread[row] * spread[column]), 3)
        raise DataError("sem.moments_beyond_one", first=names[row], second=names[column], r=r)
    check_positive_definite(SampleMoments(names, matrix, np.zeros(len(names)), n_obs))


def _notices(covs: Sequence[np.ndarray]) -> tuple[Notice, ...]:
    if all(np.allclose(np.diag(matrix), 1, atol=1e-6) for matrix in covs):
        return (Notice("sem.correlation_matrix", serious=True),)
    return ()
