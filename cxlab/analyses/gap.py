"""Expectation and performance, item by item and by dimension: the gap, its tests, and how far a gap can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.asymmetry_data import (
    check_variables,
    common_scale,
    labels_of,
    source_of,
    turn_reversed,
    weighted_rows,
)
from cxlab.analyses.asymmetry_text import Named
from cxlab.analyses.gap_numbers import difference_reliability, paired, scale_alpha
from cxlab.analyses.gap_result import Gap
from cxlab.analyses.unpack import check_level, numeric_columns
from cxlab.analyses.weights import Weights
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.survey.survey import Survey, as_survey

Columns = str | Sequence[str] | Mapping[str, Sequence[str]]
Array = NDArray[np.float64]
ALL = "all"
# The usual floor for a reliability, and the share of answers at the top that leaves no room for expectations.
_RELIABLE, _CEILING = 0.7, 0.5
_FEW = 3


@dataclass(frozen=True, eq=False)
class _Pairs:
    """What is compared: dimension, expectation and perception column of each item, and all answers."""

    dimension: list[str]
    first: list[str]
    second: list[str]
    frame: pd.DataFrame
    weights: pd.Series | None


def gap(
    expectations: Columns,
    perceptions: Columns,
    data: Survey | pd.DataFrame,
    *,
    scale: tuple[float, float] | None = None,
    weights: Weights | None = None,
    level: float = 0.95,
) -> Gap:
    """Perception less expectation of each item and dimension, with paired tests and the reliability of the gap.

    When to use it: SERVQUAL and other questionnaires that ask the same thing twice, as expected and as perceived, on
    one scale. For what gaps do to an outcome take `cx.response_surface`: difference scores mislead there.

    Parameters
    ----------
    expectations, perceptions : str, sequence of str, or mapping of dimension to sequence of str
        Columns in the same order on both sides. Mappings name the dimensions, the same on both sides. Reversed items
        are turned first.
    data : Survey or DataFrame
        One row a respondent. An item uses the rows with both its answers, a dimension those with all of them.
    scale : (min, max), optional
        The scale of all items, where the codebook does not say it.
    weights : str, sequence of float or Series, optional
        Survey weights. The signed-rank test then has no value.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Gap
        ``.table`` (one row an item): dimension attribute expectation n mean_expectation sd_expectation mean_perception
        sd_perception r gap gap_sd se gap_ci_lower gap_ci_upper t df pvalue pvalue_holm wilcoxon_v wilcoxon_pvalue d_z
        d_av rank_biserial share_worse share_equal share_better expectation_at_top. ``.dimensions`` (one row a
        dimension, ``all`` for the mean of the dimensions): the same, and n_items alpha_expectation alpha_perception
        reliability_gap.

    Raises
    ------
    DataError
        Lists of different length, other dimensions on the two sides, unknown or repeated columns, a pair that fewer
        than three respondents answered.
    ScaleError
        Two scales in a pair, none known, or answers outside it.

    Notes
    -----
    ``gap = perception - expectation``, so that a negative gap disappoints (Parasuraman et al., 1988). ``d_z`` = gap
    over the standard deviation of the differences, ``d_av`` = over the mean of the two standard deviations. Reliability
    of the gap: ``(s1² a1 + s2² a2 - 2 r s1 s2) / (s1² + s2² - 2 r s1 s2)``: the higher the two correlate, the lower
    (Peter et al., 1993). R: ``t.test(p, e, paired = TRUE)``, ``wilcox.test(p, e, paired = TRUE, exact = FALSE)``.

    Examples
    --------
    >>> import cxlab as cx
    >>> answers = pd.DataFrame({"mong đợi": [7, 6, 7, 5, 6, 7], "cảm nhận": [5, 6, 5, 5, 4, 6]})
    >>> found = cx.gap("mong đợi", "cảm nhận", answers, scale=(1, 7))
    >>> found.table[["gap", "t", "pvalue"]].round(3).values.tolist()
    [[-1.167, -2.907, 0.034]]
    """
    check_level(level)
    survey, guessed = as_survey(data), isinstance(data, pd.DataFrame)
    dimension, first, second = _sides(expectations, perceptions)
    check_variables(survey, [*first, *second])
    survey, told = turn_reversed(survey, [*first, *second])
    ends = [common_scale(survey, e, p, scale, guessed) for e, p in zip(first, second, strict=True)]
    if guessed and scale is None:
        told.append(Notice("asymmetry.scale_guessed", serious=True))
    frame, _ = numeric_columns(survey, [*first, *second], complete=False, constant="allow", min_rows=1)
    frame, weight, more = weighted_rows(survey, frame[frame.notna().any(axis=1)], weights)
    kept = None if weight is None else pd.Series(weight, frame.index)
    pairs = _Pairs(dimension, first, second, frame, kept)
    table = _items(pairs, [top for _, top in ends], level)
    dimensions = _dimensions(pairs, level)
    return Gap(
        table=table,
        dimensions=dimensions,
        warnings=(*source_of(survey, weights), *told, *more, *_notices(pairs, table, dimensions)),
        level=level,
        weighted=weight is not None,
        labels=labels_of(survey, [*first, *second]) | _dimension_labels(survey, dimension),
        simulated=survey.simulated,
    )


def _sides(expectations: Columns, perceptions: Columns) -> tuple[list[str], list[str], list[str]]:
    """Dimension, expectation and perception of each item."""
    if isinstance(expectations, Mapping) != isinstance(perceptions, Mapping):
        raise DataError("asymmetry.one_mapping")
    one, other = (_by_dimension(side) for side in (expectations, perceptions))
    if list(one) != list(other) and set(one) == set(other):
        other = {name: other[name] for name in one}
    if list(one) != list(other):
        raise DataError("asymmetry.dimensions_differ", first=", ".join(one), second=", ".join(other))
    for name in one:
        if not one[name] or len(one[name]) != len(other[name]):
            raise DataError("asymmetry.pairs_differ", first=len(one[name]), second=len(other[name]))
    dimension = [name for name, own in one.items() for _ in own]
    return dimension, [e for own in one.values() for e in own], [p for own in other.values() for p in own]


def _by_dimension(side: Columns) -> dict[str, list[str]]:
    groups = side if isinstance(side, Mapping) else {ALL: [side] if isinstance(side, str) else side}
    return {
        nfc(str(name)): [nfc(str(column)) for column in ([own] if isinstance(own, str) else own)]
        for name, own in groups.items()
    }


def _dimension_labels(survey: Survey, dimension: Sequence[str]) -> dict[str, Mapping[str, str]]:
    known = survey.codebook.constructs
    return {name: known[name].label for name in dimension if name in known and known[name].label}


def _items(pairs: _Pairs, tops: Sequence[float], level: float) -> pd.DataFrame:
    rows = []
    for name, first, second, top in zip(pairs.dimension, pairs.first, pairs.second, tops, strict=True):
        own, weight = _complete(pairs, [first, second])
        if len(own) < _FEW:
            raise DataError("asymmetry.pair_few", first=first, second=second, n=len(own), needed=_FEW)
        row = paired(own[first].to_numpy(), own[second].to_numpy(), weight, level)
        at_top = np.average(own[first] >= top, weights=weight)
        rows.append(
            {"dimension": name, "attribute": second, "expectation": first} | row | {"expectation_at_top": at_top}
        )
    table = pd.DataFrame(rows)
    table.insert(table.columns.get_loc("pvalue") + 1, "pvalue_holm", _holm(table["pvalue"].to_numpy()))
    return table


def _holm(pvalues: Array) -> Array:
    """Holm's adjustment of those that have a value."""
    from statsmodels.stats.multitest import multipletests

    known = np.isfinite(pvalues)
    adjusted = np.full(len(pvalues), np.nan)
    if known.any():
        adjusted[known] = multipletests(pvalues[known], method="holm")[1]
    return adjusted


def _dimensions(pairs: _Pairs, level: float) -> pd.DataFrame:
    """One row a dimension, and the mean of the dimensions where there are several."""
    names = list(dict.fromkeys(pairs.dimension))
    rows = [_dimension(pairs, [name], level) for name in names]
    if len(names) > 1:
        rows.append(_dimension(pairs, names, level) | {"dimension": ALL})
    return pd.DataFrame(rows)


def _dimension(pairs: _Pairs, names: Sequence[str], level: float) -> dict[str, object]:
    members = {name: [i for i, own in enumerate(pairs.dimension) if own == name] for name in names}
    places = [i for own in members.values() for i in own]
    own, weight = _complete(pairs, [side[i] for side in (pairs.first, pairs.second) for i in places])
    row: dict[str, object] = {"dimension": names[0], "n_items": len(places)}
    if len(own) < _FEW:
        return row | {"n": len(own)}
    sides = [
        np.mean([own[[side[i] for i in group]].mean(axis=1) for group in members.values()], axis=0)
        for side in (pairs.first, pairs.second)
    ]
    row |= paired(sides[0], sides[1], weight, level)
    if len(names) > 1:
        return row
    alphas = [scale_alpha(own[[side[i] for i in places]].to_numpy(), weight) for side in (pairs.first, pairs.second)]
    spreads = [float(str(row[name])) for name in ("sd_expectation", "sd_perception", "r")]
    trust = difference_reliability(*alphas, *spreads)
    return row | {"alpha_expectation": alphas[0], "alpha_perception": alphas[1], "reliability_gap": trust}


def _complete(pairs: _Pairs, columns: Sequence[str]) -> tuple[pd.DataFrame, Array | None]:
    own = pairs.frame[list(columns)].dropna()
    return own, None if pairs.weights is None else pairs.weights[own.index].to_numpy()


def _notices(pairs: _Pairs, table: pd.DataFrame, dimensions: pd.DataFrame) -> list[Notice]:
    notices = []
    fewest, most = int(table["n"].min()), len(pairs.frame)
    if fewest < most:
        notices.append(Notice("asymmetry.gap_rows", {"total": most, "fewest": fewest, "most": int(table["n"].max())}))
    same = table[~(table["gap_sd"] > 0)]
    if len(same):
        notices.append(Notice("asymmetry.gap_constant", {"names": ", ".join(same["attribute"])}, serious=True))
    full = table[table["expectation_at_top"] >= _CEILING]
    if len(full):
        shares = Named(tuple(zip(full["expectation"], full["expectation_at_top"], strict=True)), percent=True)
        notices.append(Notice("asymmetry.gap_ceiling", {"names": shares}, serious=True))
    trust = dimensions["reliability_gap"] if "reliability_gap" in dimensions else pd.Series(dtype=float)
    weak = dimensions.loc[trust[trust < _RELIABLE].index]
    if len(weak):
        values = Named(tuple(zip(map(_said, weak["dimension"]), weak["reliability_gap"], strict=True)), bounded=True)
        notices.append(Notice("asymmetry.gap_unreliable", {"names": values}, serious=True))
    return [*notices, Notice("asymmetry.gap_misleads")]


def _said(dimension: str) -> Notice | str:
    """The dimension's name; of items that have none, what they are together."""
    return Notice("asymmetry.all_items") if dimension == ALL else dimension
