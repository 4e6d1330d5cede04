"""From a Survey, DataFrame or published moments to the sample that a model is to explain."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlab.analyses.moments import Moments
from cxlab.analyses.sem_options import Options, listed
from cxlab.analyses.sem_ordinal import ordinal_sample
from cxlab.analyses.unpack import check_names, complete_rows, is_private, numeric_columns, weight_notices
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, ModelError, Notice, NotSupportedError, PrivacyError
from cxlab.estimate.sem.moments import Moments as SampleMoments
from cxlab.estimate.sem.moments import check_positive_definite
from cxlab.estimate.sem.sample import Sample
from cxlab.specify import ParTable
from cxlab.survey.survey import Survey

# Fewer answer points than this are usually estimated as ordinal.
_FEWEST_POINTS = 5
_MOST_GROUPS = 30


@dataclass(frozen=True, eq=False)
class ModelData:
    """The rows or moments of a model's items.

    Attributes
    ----------
    sample : Sample
    rows : tuple of Index
        Row numbers of each group's rows; empty for published moments.
    n_total : int
        Rows in the data.
    notices : tuple of Notice
        What to know about them.
    """

    sample: Sample
    rows: tuple[pd.Index, ...]
    n_total: int
    notices: tuple[Notice, ...]


def group_labels(survey: Survey, group: str) -> tuple[str, ...]:
    """The groups in the order of their first row, as lavaan has them.

    Raises
    ------
    DataError
        Unknown column, no values, one group only, more groups than a model can compare.
    PrivacyError
        A column of personal data: its values would stand in every table.
    """
    column = group_column(survey, group)
    if is_private(survey, group):
        raise PrivacyError("sem.group_private", column=group)
    labels = tuple(dict.fromkeys(column.dropna()))
    if len(labels) < 2:
        raise DataError("sem.single_group", column=group, groups=listed(labels) or "–")
    if len(labels) > _MOST_GROUPS:
        raise DataError("sem.many_groups", column=group, count=len(labels))
    return labels


def group_column(survey: Survey, group: str) -> pd.Series:
    """The group of each row as text, missing where it is missing or blank."""
    column = survey.frame[check_names(survey.frame, [group])[group]]
    return column.astype(object).map(_as_label, na_action="ignore")


def _unused(survey: Survey, group: str) -> list[Notice]:
    """Groups that the column declares but no row has."""
    column = survey.frame[check_names(survey.frame, [group])[group]]
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return []
    empty = column.cat.categories.difference(column.dropna().unique(), sort=False)
    return [Notice("sem.group_unused", {"column": group, "groups": listed(empty)}, serious=True)] if len(empty) else []


def _as_label(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return nfc(str(value)).strip() or None


def of_survey(survey: Survey, table: ParTable, options: Options, labels: tuple[str, ...]) -> ModelData:
    """Rows with an answer to every item (FIML: to any item and all fixed covariates), by group."""
    names = list(table.variables.ov)
    if options.group in names:
        raise ModelError("sem.group_is_item", column=options.group)
    if options.missing == "listwise" and not labels:
        frame, found = numeric_columns(survey, names)
        frames, notices = [frame], list(found)
    else:
        given = {name for name, exogenous in zip(table.lhs, table.exo, strict=True) if exogenous}
        frames, notices = _parts(survey, names, options, labels, sorted(given))
    for label, part in zip(labels or ("",), frames, strict=True):
        _check_group(part, label, set(table.ordered))
    if table.ordered:
        sample, told = ordinal_sample(frames, table.ordered, labels, options)
        notices += [*told, *weight_notices(survey)]
        return ModelData(sample, tuple(part.index for part in frames), len(survey.frame), tuple(notices))
    values = [part.to_numpy() for part in frames]
    notices += [*_few_points(names, np.concatenate(values)), *weight_notices(survey)]
    notices += _missing_notices(frames, options)
    sample = Sample.of_values(values, names)
    return ModelData(sample, tuple(part.index for part in frames), len(survey.frame), tuple(notices))


def _parts(
    survey: Survey, names: Sequence[str], options: Options, labels: tuple[str, ...], given: list[str]
) -> tuple[list[pd.DataFrame], list[Notice]]:
    frame, first = numeric_columns(survey, names, complete=False)
    notices = list(first)
    groups = pd.Series("", index=frame.index)
    if options.group is not None:
        groups = group_column(survey, options.group)
        notices += _unused(survey, options.group)
        lost = int(groups.isna().sum())
        if lost:
            notices.append(Notice("sem.group_missing", {"column": options.group, "count": lost}))
        frame = frame[groups.notna()]
    if options.missing == "listwise":
        frame, dropped = complete_rows(frame)
        notices += dropped
    else:
        frame, dropped = _answering(frame, given)
        notices += dropped
    own = groups[frame.index]
    empty = [label for label in labels if not (own == label).any()]
    if empty:
        raise DataError("sem.empty_groups", groups=listed(empty), column=options.group)
    return [frame[own == label] for label in labels or ("",)], notices


def _answering(frame: pd.DataFrame, given: list[str]) -> tuple[pd.DataFrame, list[Notice]]:
    """Rows for full information: with any answer, and with all of the covariates that are taken as given."""
    notices = []
    kept = frame.dropna(how="all")
    if len(kept) < len(frame):
        notices.append(Notice("sem.rows_without_answers", {"count": len(frame) - len(kept), "total": len(frame)}))
    whole = kept.dropna(subset=given) if given else kept
    if len(whole) < len(kept):
        values = {"count": len(kept) - len(whole), "names": ", ".join(given)}
        notices.append(Notice("sem.covariate_rows", values, serious=len(whole) < 0.8 * len(kept)))
    return whole, notices


def _missing_notices(frames: Sequence[pd.DataFrame], options: Options) -> list[Notice]:
    if options.missing != "fiml":
        return []
    missing = sum(int(part.isna().any(axis=1).sum()) for part in frames)
    total = sum(map(len, frames))
    if not missing:
        return [Notice("sem.nothing_missing")]
    return [Notice("sem.incomplete_used", {"count": missing, "total": total})]


def used_rows(survey: Survey, names: Sequence[str], options: Options) -> pd.DataFrame:
    """The rows that a model of these items uses, all groups together."""
    if not options.group:
        return numeric_columns(survey, names, constant="allow")[0]
    return pd.concat(_parts(survey, names, options, group_labels(survey, options.group), [])[0])


def _check_group(frame: pd.DataFrame, label: str, ordered: Set[str]) -> None:
    """Raise a `DataError` that names the group and the items that stand in the way."""
    try:
        _check_items(frame, ordered)
    except DataError as error:
        if not label:
            raise
        raise DataError("sem.in_group", group=label, problem=Notice(error.key, error.values)) from error


def _check_items(frame: pd.DataFrame, ordered: Set[str]) -> None:
    names, n = tuple(map(str, frame.columns)), len(frame)
    if n <= len(names):
        raise DataError("sem.too_few_rows", n=n, items=len(names))
    values = frame.to_numpy()
    never = [name for name, nothing in zip(names, np.isnan(values).all(axis=0), strict=True) if nothing]
    if never:
        raise DataError("engine.never_observed", items=listed(never))
    flat = [name for name, size in zip(names, _ranges(values), strict=True) if not size > 0]
    if flat:
        raise DataError("sem.constant_items", items=listed(flat), n=n)
    if ordered:
        return
    values = values[~np.isnan(values).any(axis=1)]
    # among incomplete rows a sum or copy of other items shows in the complete ones
    if len(values) == n or (len(values) > len(names) and (_ranges(values) > 0).all()):
        mean = values.mean(axis=0)
        cov = (values - mean).T @ (values - mean) / len(values)
        check_positive_definite(SampleMoments(names, cov, mean, len(values)))


def of_moments(moments: Moments, names: Sequence[str], options: Options, means: bool) -> ModelData:
    """The model's part of published moments."""
    if options.missing == "fiml":
        raise NotSupportedError("sem.moments_fiml")
    if means and moments.means is None:
        raise DataError("engine.needs_means")
    at = [moments.names.index(name) for name in names]
    cov = moments.cov[:, at][:, :, at]
    mean = None if moments.means is None else moments.means[:, at]
    sample = Sample.of_moments(cov, moments.n_obs.tolist(), names, mean)
    return ModelData(sample, (), moments.total, moments.warnings)


def _ranges(values: np.ndarray) -> np.ndarray:
    """Largest less smallest answer of each item (p,)."""
    return np.asarray(np.nanmax(values, axis=0) - np.nanmin(values, axis=0))


def _few_points(names: Sequence[str], values: np.ndarray) -> list[Notice]:
    ordered = np.sort(values, axis=0)
    points = 1 + (np.diff(ordered, axis=0) > 0).sum(axis=0)
    few = [name for name, count in zip(names, points, strict=True) if count < _FEWEST_POINTS]
    return [Notice("sem.few_points", {"items": listed(few)}, serious=bool((points == 2).any()))] if few else []
