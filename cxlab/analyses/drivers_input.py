"""From names of drivers to arrays: columns in order, what belongs together, weights, and every reason to refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.regression_checks import data_notices
from cxlab.analyses.regression_data import Variables, variables
from cxlab.analyses.regression_design import Design, build_design
from cxlab.analyses.regression_formula import Factor, Formula, parse_terms, term_key
from cxlab.analyses.regression_labels import term_labels
from cxlab.analyses.unpack import constant_columns
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, ModelSyntaxError, Notice
from cxlab.estimate.importance import smallest_root
from cxlab.i18n import LANGUAGES
from cxlab.resample.moments import weighted_moments
from cxlab.survey.survey import Survey, as_survey

Array = NDArray[np.float64]
Labels = dict[str, Mapping[str, str]]
# Correlations with a smaller root than this leave no digits for a driver's own part.
SINGULAR = 1e-9


@dataclass(frozen=True)
class DriverData:
    """Complete rows, ready for covariances.

    Attributes
    ----------
    values : (n, k) array
        Covariates, then the drivers' columns, then the outcome; centred and of standard deviation 1.
    weights : (n,) array
    covariates : int
        Columns of covariates.
    names : tuple of str
        Drivers, or the groups they form.
    sizes : tuple of int
        Columns of each.
    columns : tuple of str
        Names of the drivers' columns, in order.
    numeric : bool
        False where a driver is a category, of which only LMG's relatives and permutation make sense.
    raw : (n, columns) array
        The drivers' columns as they are.
    raw_outcome : (n,) array
    formula : Formula
        Outcome on covariates and drivers.
    outcome : str
    labels : mapping of name to bilingual text
    rows : Index
        Row numbers used.
    notices : tuple of Notice
    """

    values: Array
    weights: Array
    covariates: int
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    columns: tuple[str, ...]
    numeric: bool
    raw: Array
    raw_outcome: Array
    formula: Formula
    outcome: str
    labels: Labels
    rows: pd.Index
    notices: tuple[Notice, ...]

    @property
    def single(self) -> bool:
        """True if every driver is one column."""
        return all(size == 1 for size in self.sizes)

    @property
    def places(self) -> tuple[NDArray[np.int_], ...]:
        """Each driver's columns of `values`."""
        ends = self.covariates + np.cumsum(self.sizes)
        return tuple(np.arange(end - size, end) for end, size in zip(ends, self.sizes, strict=True))


def driver_data(
    outcome: str,
    predictors: Sequence[str],
    data: Survey | pd.DataFrame,
    *,
    covariates: Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
    weights: Weights | None = None,
    least: int = 2,
) -> DriverData:
    """Outcome, drivers (`least` or more) and covariates on the rows complete in all of them."""
    survey = as_survey(data)
    listed = (_names(predictors, "predictors"), _names(covariates, "covariates"))
    formula = _formula(survey, outcome, *listed, least)
    used, known, told = _weighted(survey, formula, weights, guessed=isinstance(data, pd.DataFrame))
    design = build_design(used, formula)
    ahead = len(listed[1])
    labels = term_labels(survey, formula, design)
    names, members = _grouped([str(term[0]) for term in formula.terms[ahead:]], groups, least)
    order, sizes = _arranged(design, ahead, members)
    covariate_columns = sum(0 <= owner < ahead for owner in design.term)
    kept = design.matrix[:, order]
    columns = tuple(design.names[place] for place in order)
    values = _standardised(kept, design.outcome, known, columns)
    return DriverData(
        values=values,
        weights=known,
        covariates=covariate_columns,
        names=tuple(names),
        sizes=sizes,
        columns=columns[covariate_columns:],
        numeric=_no_category(design, order[covariate_columns:]),
        raw=kept[:, covariate_columns:],
        raw_outcome=design.outcome,
        formula=formula,
        outcome=str(formula.outcome),
        labels=labels | _group_labels(survey, names, labels),
        rows=used.numeric.index,
        notices=(*used.notices, *_told(survey, used, formula, weights is not None), *told),
    )  # fmt: skip


def _names(given: Sequence[str], parameter: str) -> list[str]:
    names = [given] if isinstance(given, str) else list(given)
    if any(not isinstance(name, str) for name in names):
        raise DataError("drivers.not_names", parameter=parameter)
    return [nfc(name) for name in names]


def _formula(survey: Survey, outcome: str, predictors: list[str], covariates: list[str], least: int) -> Formula:
    """The regression of the outcome on covariates and drivers, covariates first."""
    if not isinstance(outcome, str):
        raise DataError("drivers.not_names", parameter="outcome")
    if len(predictors) < least:
        raise DataError("drivers.one_predictor" if least > 1 else "drivers.no_predictor", count=len(predictors))
    chosen = [_factor(survey, name) for name in (nfc(outcome), *covariates, *predictors)]
    keys = [factor.name for factor in chosen]
    twice = sorted({name for name in keys if keys.count(name) > 1})
    if twice:
        raise DataError("drivers.named_twice", names=", ".join(twice))
    text = f"{chosen[0]} ~ " + " + ".join(map(str, chosen[1:]))
    return Formula(text, chosen[0], tuple((factor,) for factor in chosen[1:]))


def _factor(survey: Survey, name: str) -> Factor:
    """A column or construct by its bare name, spaces and all; else one variable as a formula writes it."""
    own = [*map(str, survey.frame.columns), *survey.codebook.constructs]
    known = [nfc(text) for text in own]
    if name in known:
        return Factor(name)
    try:
        terms = parse_terms(name)
    except ModelSyntaxError:
        terms = ()
    if len(terms) == 1 and len(terms[0]) == 1 and terms[0][0].name in known and term_key(terms[0]):
        return terms[0][0]
    hint = did_you_mean(name, known)
    raise DataError("drivers.unknown", name=name, hint=hint, known=", ".join(dict.fromkeys(known[:15])))


def _weighted(
    survey: Survey, formula: Formula, weights: Weights | None, *, guessed: bool
) -> tuple[Variables, Array, tuple[Notice, ...]]:
    """The rows that count, their weights (1 without any), and what to say about the weights."""
    used = variables(survey, formula, guessed=guessed)
    weight, told = survey_weights(survey, weights, used.numeric.index)
    if weight is not None and (weight == 0).any():
        used, weight = _without_zeros(used, weight), weight[weight > 0]
    return used, np.ones(len(used.numeric)) if weight is None else weight, told


def _told(survey: Survey, used: Variables, formula: Formula, weighted: bool) -> list[Notice]:
    """What the variables are; that weights lie idle only where they do."""
    notices = data_notices(survey, used, formula)
    return [one for one in notices if not (weighted and one.key == "analyses.weights_unused")]


def _without_zeros(used: Variables, weight: Array) -> Variables:
    """The rows that count; what no longer varies among them is named."""
    numeric, categories = used.numeric[weight > 0], used.categories[weight > 0]
    constant_columns(numeric)
    if len(categories.columns):
        categories = categories.apply(lambda column: column.cat.remove_unused_categories())
        constant_columns(categories)
    return replace(used, numeric=numeric, categories=categories)


def _grouped(
    predictors: list[str], groups: Mapping[str, Sequence[str]] | None, least: int
) -> tuple[list[str], list[list[int]]]:
    """Names of drivers and the predictors in each; those that no group names stand alone, in their place."""
    if not groups:
        return predictors, [[place] for place in range(len(predictors))]
    if not isinstance(groups, Mapping):
        raise DataError("drivers.groups_not_mapping")
    owner: dict[str, str] = {}
    for group, members in groups.items():
        for member in _names(members, "groups"):
            if member not in predictors:
                hint, known = did_you_mean(member, predictors), ", ".join(predictors)
                raise DataError("drivers.group_unknown", group=group, name=member, hint=hint, known=known)
            if member in owner:
                raise DataError("drivers.group_twice", name=member, first=owner[member], second=group)
            owner[member] = str(group)
    names = list(dict.fromkeys(owner.get(name, name) for name in predictors))
    clash = [name for name in predictors if name not in owner and name in set(owner.values())]
    if clash:
        raise DataError("drivers.group_name_taken", names=", ".join(clash))
    if len(names) < least:
        raise DataError("drivers.one_predictor", count=len(names))
    return names, [[place for place, own in enumerate(predictors) if owner.get(own, own) == name] for name in names]


def _arranged(design: Design, ahead: int, members: Iterable[list[int]]) -> tuple[list[int], tuple[int, ...]]:
    """The design's columns, covariates first and each driver's side by side, and the drivers' sizes."""
    order = [place for place, owner in enumerate(design.term) if 0 <= owner < ahead]
    sizes = []
    for group in members:
        own = [place for member in group for place, owner in enumerate(design.term) if owner == ahead + member]
        order += own
        sizes.append(len(own))
    return order, tuple(sizes)


def _no_category(design: Design, places: list[int]) -> bool:
    return not any(piece.level is not None for place in places for piece in design.pieces[place])


def _standardised(matrix: Array, outcome: Array, weights: Array, columns: tuple[str, ...]) -> Array:
    values = np.column_stack([matrix, outcome])
    values = values - np.average(values, axis=0, weights=weights)
    values = values / np.sqrt(np.average(values**2, axis=0, weights=weights))
    cor = weighted_moments(weights[None], values)[1]
    if smallest_root(cor[:, :-1, :-1])[0] < SINGULAR:
        vector = np.abs(np.linalg.eigh(cor[0, :-1, :-1])[1][:, 0])
        involved = [name for name, size in zip(columns, vector, strict=True) if size > 0.01]
        raise DataError("analyses.collinear", columns=", ".join(involved))
    return np.asarray(values)


def _group_labels(survey: Survey, names: Iterable[str], labels: Labels) -> Labels:
    """Labels of groups: the construct's of that name, else the name."""
    found: Labels = {}
    for name in names:
        if name not in labels:
            construct = survey.codebook.constructs.get(name)
            text = construct.label if construct is not None else {}
            found[name] = {lang: text.get(lang) or name for lang in LANGUAGES}
    return found
