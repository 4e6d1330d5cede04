"""Correlations to factor: from a survey, a table of answers, published moments or a correlation matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.items import chosen_items
from cxlab.analyses.moments import Moments
from cxlab.analyses.unpack import numeric_columns, outside_scale, source_notices
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, Notice
from cxlab.evaluate.smooth import smoothed
from cxlab.resample.request import check_whole
from cxlab.survey.survey import Survey, as_survey

Correlation = Literal["pearson", "polychoric", "spearman"]
Missing = Literal["listwise", "pairwise"]
Data: TypeAlias = Survey | pd.DataFrame | Moments
Items: TypeAlias = str | Sequence[str] | None
_SINGULAR = 1e-8
# Gorsuch (1983): five respondents an item, and no fewer than a hundred.
_PER_ITEM, _FEWEST = 5, 100


@dataclass(frozen=True, eq=False)
class Sample:
    """Correlations of p items, and what they were computed from.

    Attributes
    ----------
    names : tuple of str
        The items.
    corr : ndarray (p, p)
        Positive definite.
    values : ndarray (n, p) or None
        The answers, nan where one is missing; None if only correlations are known.
    index : Index
        Row numbers of the answers.
    n_obs : int or None
        Rows that tests count; with pairwise deletion the harmonic mean over pairs; None if not known.
    correlation, missing : str
        How the correlations were computed; ``"given"`` for a matrix.
    notices : tuple of Notice
    labels : mapping of item or construct to bilingual text
    constructs : mapping of item to construct
    turned : tuple of str
        Reversed items, turned first.
    simulated : bool
    """

    names: tuple[str, ...]
    corr: np.ndarray
    values: np.ndarray | None
    index: pd.Index
    n_obs: int | None
    correlation: str
    missing: str
    notices: tuple[Notice, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constructs: Mapping[str, str] = field(default_factory=dict)
    turned: tuple[str, ...] = ()
    simulated: bool = False

    def frame(self, matrix: np.ndarray) -> pd.DataFrame:
        """A (p, p) matrix with the items' names."""
        return pd.DataFrame(matrix, list(self.names), list(self.names))


def check_choice(option: str, value: object, known: Sequence[str]) -> None:
    """Raise if an option has no such value.

    Examples
    --------
    >>> check_choice("missing", "listwise", ("listwise", "pairwise"))
    """
    if value not in known:
        raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))


def read_sample(
    data: Data,
    items: Items = None,
    *,
    correlation: str = "pearson",
    missing: str = "listwise",
    n_obs: int | None = None,
    smooth: bool = False,
    least: int = 3,
) -> Sample:
    """The correlations of the items asked for, or an error that names what stands in the way.

    Parameters
    ----------
    data : Survey, DataFrame or Moments
        Answers, or a square DataFrame with the same names in rows and columns: a correlation or covariance matrix.
    items : list of items or constructs, optional
        By default the items of the codebook's constructs, or all numeric columns.
    correlation : {"pearson", "polychoric", "spearman"}
    missing : {"listwise", "pairwise"}
    n_obs : int, optional
        Rows behind a correlation matrix.
    smooth : bool
        Whether a matrix that is not positive definite is replaced by a near one that is.
    least : int
        Fewest items.
    """
    check_choice("correlation", correlation, get_args(Correlation))
    check_choice("missing", missing, get_args(Missing))
    if isinstance(data, Moments) or is_matrix(data):
        sample = _given(data, items, n_obs, smooth)
    elif n_obs is not None:
        raise DataError("factor.n_obs_with_rows")
    else:
        sample = _computed(data, items, correlation, missing, smooth, least)
    if len(sample.names) < least:
        raise DataError("factor.too_few_items", count=len(sample.names), least=least, items=", ".join(sample.names))
    return sample


def is_matrix(data: object) -> bool:
    """True for a square DataFrame whose rows and columns carry the same names: correlations, not answers.

    Examples
    --------
    >>> is_matrix(pd.DataFrame([[1, 0.5], [0.5, 1]], index=["a", "b"], columns=["a", "b"]))
    True
    """
    if not isinstance(data, pd.DataFrame) or data.shape[0] != data.shape[1] or data.shape[0] < 2:
        return False
    return [str(row) for row in data.index] == [str(column) for column in data.columns]


def _given(data: Data, items: Items, n_obs: int | None, smooth: bool) -> Sample:
    known, notices = True, list[Notice]()
    if isinstance(data, Moments):
        moments = data
        if n_obs is not None:
            raise DataError("factor.n_obs_twice")
        if len(moments.cov) > 1:
            raise DataError("factor.moments_groups")
    else:
        assert isinstance(data, pd.DataFrame)  # noqa: S101 - the caller has looked
        known = n_obs is not None
        rows = check_whole("n_obs", n_obs, 3) if known else len(data) + 2
        data, notices = _repaired(data, smooth)
        moments = Moments(data, rows)
    names = (
        list(moments.names)
        if items is None
        else [nfc(str(item)) for item in ([items] if isinstance(items, str) else items)]
    )
    unknown = [name for name in names if name not in moments.names]
    if unknown:
        hint = did_you_mean(unknown[0], moments.names)
        raise DataError("factor.unknown_items", items=", ".join(unknown), hint=hint, known=", ".join(moments.names))
    at = [moments.names.index(name) for name in names]
    cov = moments.cov[0][np.ix_(at, at)]
    spread = np.sqrt(np.diag(cov))
    if not known:
        notices.append(Notice("factor.no_n", serious=True))
    rows = moments.total
    corr = cov / np.outer(spread, spread)
    return Sample(tuple(names), corr, None, pd.RangeIndex(0), rows if known else None, "given", "given", tuple(notices))


def _repaired(data: pd.DataFrame, smooth: bool) -> tuple[pd.DataFrame, list[Notice]]:
    """The matrix if it is positive definite, or on request made so; other faults are for `Moments` to name."""
    values = np.asarray(data.apply(pd.to_numeric, errors="coerce"), dtype=float)
    spread = np.sqrt(np.abs(np.diag(values)))
    whole = np.isfinite(values).all() and (spread > 0).all() and np.allclose(values, values.T, atol=1e-6)
    if not whole or (np.abs(values / np.outer(spread, spread)) > 1 + 1e-6).any():
        return data, []
    corr = values / np.outer(spread, spread)
    bound = clashing(corr, [str(name) for name in data])
    if not bound:
        return data, []
    if not smooth:
        raise DataError("factor.matrix_not_positive", items=bound)
    return pd.DataFrame(smoothed(corr), data.index, data.columns), [
        Notice("factor.smoothed", {"items": bound}, serious=True)
    ]


def clashing(corr: np.ndarray, names: Sequence[str]) -> str:
    """The items behind eigenvalues of zero or less, or nothing.

    Examples
    --------
    >>> clashing(np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), ["a", "b", "c"])
    'a, b'
    """
    values, vectors = np.linalg.eigh(corr)
    if values[0] > _SINGULAR:
        return ""
    weights = np.abs(vectors[:, values <= _SINGULAR]).max(axis=1)
    bound = [name for name, weight in zip(names, weights, strict=True) if weight > 0.2 * weights.max()]
    return ", ".join(bound[:8]) + (", …" if len(bound) > 8 else "")


def _computed(data: Data, items: Items, correlation: str, missing: str, smooth: bool, least: int) -> Sample:
    assert not isinstance(data, Moments)  # noqa: S101 - the caller has looked
    survey = as_survey(data)
    names, left = _names(survey, items, guessed=isinstance(data, pd.DataFrame))
    if len(names) < least:
        raise DataError("factor.too_few_items", count=len(names), least=least, items=", ".join(names))
    book = survey.codebook.items
    turned = [name for name in names if name in book and book[name].reversed]
    survey = survey.reverse_scored() if turned else survey
    frame, told = numeric_columns(survey, names, complete=missing == "listwise", min_rows=3)
    frame = frame.dropna(how="all")
    if missing == "listwise" and len(frame) <= len(names) and correlation != "polychoric":
        raise DataError("factor.rows_not_more", n=len(frame), items=len(names), needed=len(names) + 1)
    corr, more = correlate(frame, correlation)
    corr, repaired = _positive(corr, frame, correlation, missing, smooth)
    n_obs, counted = _rows(frame, len(names))
    notices = [*source_notices(survey), *left, *_formed(survey, names), *told, *more, *repaired, *counted]
    notices += outside_scale(survey, names)
    if turned:
        notices.append(Notice("analyses.reversed_turned", {"items": ", ".join(turned)}))
    labels, constructs = _described(survey, names)
    return Sample(
        tuple(names),
        corr,
        frame.to_numpy(),
        frame.index,
        n_obs,
        correlation,
        missing,
        tuple(notices),
        labels,
        constructs,
        tuple(turned),
        survey.simulated,
    )


def _names(survey: Survey, items: Items, guessed: bool) -> tuple[list[str], list[Notice]]:
    """Items named, constructs' names replaced by their items; by default the items of all constructs."""
    constructs = survey.constructs
    if items is None:
        measured = [name for own in constructs.values() for name in own]
        if measured and not guessed:
            return [name for name in survey.items() if name in measured], []
        return chosen_items(survey, None, guessed)
    asked = [nfc(str(item)) for item in ([items] if isinstance(items, str) else items)]
    columns = [nfc(str(column)) for column in survey.frame]
    unknown = [name for name in asked if name not in columns and name not in constructs]
    if unknown and constructs:
        hint = did_you_mean(unknown[0], [*constructs, *columns])
        values = {"items": ", ".join(unknown), "hint": hint, "constructs": ", ".join(constructs)}
        raise DataError("factor.unknown_names", **values)
    spread = [constructs[name] if name in constructs and name not in columns else [name] for name in asked]
    return [one for own in spread for one in own], []


def _formed(survey: Survey, names: Sequence[str]) -> list[Notice]:
    """A notice on items that form their construct and need not go together."""
    book = survey.codebook
    owners = dict.fromkeys(book.items[name].construct for name in names if name in book.items)
    formed = [one for one in owners if one and book.constructs[one].measurement == "composite"]
    return [Notice("factor.composites", {"constructs": ", ".join(formed)})] if formed else []


def correlate(frame: pd.DataFrame, correlation: str) -> tuple[np.ndarray, list[Notice]]:
    """Correlations (p, p) of the columns, from the rows that have both; with notices on polychoric ones."""
    if correlation == "polychoric":
        from cxlab.analyses.polychoric import moment_notices, ordinal_codes
        from cxlab.estimate.polychoric import ordinal_moments

        ordinal = [True] * frame.shape[1]
        moments = ordinal_moments(ordinal_codes(frame, ordinal), ordinal, acov=False)
        return moments.corr, moment_notices(moments, list(frame), len(frame))
    if correlation == "pearson" and not frame.isna().to_numpy().any():
        return np.corrcoef(frame.to_numpy().T), []
    table = frame.corr(method="spearman" if correlation == "spearman" else "pearson", min_periods=3)
    if table.isna().to_numpy().any():
        first, second = table.isna().stack().idxmax()
        raise DataError("factor.pair_unknown", first=first, second=second)
    return table.to_numpy(), []


def _positive(
    corr: np.ndarray, frame: pd.DataFrame, correlation: str, missing: str, smooth: bool
) -> tuple[np.ndarray, list[Notice]]:
    """The matrix if it is positive definite, or on request made so; else an error that names the items."""
    bound = clashing(corr, list(frame))
    if not bound:
        return corr, []
    if smooth:
        return smoothed(corr), [Notice("factor.smoothed", {"items": bound}, serious=True)]
    if correlation == "pearson" and missing == "listwise":
        raise DataError("factor.collinear", items=bound)
    raise DataError("factor.not_positive", items=bound)


def _rows(frame: pd.DataFrame, items: int) -> tuple[int, list[Notice]]:
    """Rows that tests may count, with a notice where pairs differ or rows are few."""
    given = frame.notna().to_numpy(dtype=float)
    pairs = (given.T @ given)[np.tril_indices(frame.shape[1], -1)]
    rows, notices = int(len(pairs) / (1 / pairs).sum()), []
    if pairs.min() == pairs.max():
        rows = int(pairs.min())
    else:
        values = {"fewest": int(pairs.min()), "most": int(pairs.max()), "n": rows}
        notices.append(Notice("factor.pairwise", values, serious=pairs.min() < 0.8 * pairs.max()))
    if rows < max(_FEWEST, _PER_ITEM * items):
        serious = rows < _FEWEST // 2 or rows < 3 * items
        notices.append(Notice("factor.few_rows", {"n": rows, "items": items}, serious=serious))
    return rows, notices


def _described(survey: Survey, names: Sequence[str]) -> tuple[dict[str, Mapping[str, str]], dict[str, str]]:
    """Questions of the items and labels of constructs; the construct of each item."""
    book = survey.codebook
    own = {name: book.items[name] for name in names if name in book.items}
    labels = {key: one.label for key, one in book.constructs.items() if one.label}
    labels |= {name: item.label for name, item in own.items() if item.label}
    return labels, {name: item.construct for name, item in own.items() if item.construct}
