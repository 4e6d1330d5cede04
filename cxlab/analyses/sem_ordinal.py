"""Ordinal items of a model: which they are, how many thresholds they have, and the moments that stand for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cxlab.analyses.polychoric import moment_notices, ordinal_codes
from cxlab.analyses.sem_options import Options, listed
from cxlab.analyses.unpack import check_names
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, ModelError, Notice, NotSupportedError
from cxlab.estimate.polychoric import ordinal_moments
from cxlab.estimate.sem.sample import Sample
from cxlab.specify import Model
from cxlab.survey.survey import Survey


def ordinal_names(model: Model, survey: Survey, ordered: bool | Sequence[str]) -> tuple[str, ...]:
    """The model's ordinal items in its order; names that no column has are an error, others outside the model are left.

    Raises
    ------
    NotSupportedError
        Models that a two-step estimator of ordinal items does not serve here: observed covariates, ordinal items that
        explain something, ordinal items that are their construct's only indicator.
    """
    sets = model.variables
    if ordered is True:
        names = sets.ov
    else:
        check_names(survey.frame, list(ordered) if ordered else [])
        given = {nfc(str(name)) for name in ordered or ()}
        names = tuple(name for name in sets.ov if name in given)
        if not names:
            raise ModelError("ordinal.none_in_model", names=listed(sorted(given)))
    _refuse(model, set(names))
    return names


def _refuse(model: Model, names: set[str]) -> None:
    sets = model.variables
    if sets.ov_x:
        raise NotSupportedError("ordinal.covariates", names=listed(sets.ov_x))
    causes = {term.rhs for term in model.terms if term.op in ("~", "<~")}
    if causes & names:
        raise NotSupportedError("ordinal.predictor", names=listed(sorted(causes & names)))
    sizes = Counter(term.lhs for term in model.terms if term.op == "=~")
    alone = [term.rhs for term in model.terms if term.op == "=~" and sizes[term.lhs] == 1 and term.rhs in names]
    if alone:
        raise NotSupportedError("ordinal.single_indicator", names=listed(alone))


def threshold_counts(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, int]:
    """Number of thresholds of each ordinal item in the rows that are used."""
    return {name: int(frame[name].nunique()) - 1 for name in names}


def ordinal_sample(
    frames: Sequence[pd.DataFrame], ordered: Sequence[str], labels: Sequence[str], options: Options
) -> tuple[Sample, list[Notice]]:
    """Thresholds and correlations of each group, with what to know about them.

    Raises
    ------
    DataError
        An item with one category or very many, a copy of another item, or a group in which a category is missing.
    """
    names = [str(name) for name in frames[0].columns]
    flags = [name in ordered for name in names]
    codes = ordinal_codes(pd.concat(frames, ignore_index=True), flags)
    _check_copies(codes[:, flags], [name for name, flag in zip(names, flags, strict=True) if flag])
    parts = np.split(codes, np.cumsum([len(frame) for frame in frames])[:-1])
    for label, part in zip(labels, parts, strict=False):
        _check_categories(part, codes, names, flags, label)
    moments = [ordinal_moments(part, flags) for part in parts]
    notices: list[Notice] = []
    for one in moments:
        notices += [notice for notice in moment_notices(one, names, one.n_obs) if notice not in notices]
        if np.linalg.eigvalsh(one.corr)[0] <= 0:
            notices.append(Notice("ordinal.not_positive_model", serious=True))
    theta = options.parameterization == "theta"
    return Sample.of_ordinal(moments, names, theta=theta), notices


def _check_copies(codes: np.ndarray, names: Sequence[str]) -> None:
    """Raise if an item repeats another one, as it is or turned: their correlation would run to 1."""
    seen: dict[bytes, str] = {}
    for name, column in zip(names, codes.T, strict=True):
        for turned in (column, column.max() - column):
            if turned.tobytes() in seen:
                raise DataError("sem.duplicate_items", first=seen[turned.tobytes()], second=name)
        seen[column.tobytes()] = name


def _check_categories(
    part: np.ndarray, codes: np.ndarray, names: Sequence[str], flags: Sequence[bool], label: str
) -> None:
    for place, flag in enumerate(flags):
        missing = set(np.unique(codes[:, place])) - set(np.unique(part[:, place])) if flag else set()
        if missing:
            values = {"item": names[place], "group": label, "count": len(missing)}
            raise DataError("ordinal.group_category", **values)
