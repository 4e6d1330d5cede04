"""Raising the predictors of a linear regression, respondent by respondent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.regression_data import Variables, variables, weighed
from cxlab.analyses.regression_design import Design, Piece, build_design, least_squares, standard_deviation
from cxlab.analyses.regression_formula import Formula, parse_formula
from cxlab.analyses.regression_result import Regression
from cxlab.analyses.weights import Weights
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, Notice
from cxlab.estimate.retention import Array
from cxlab.i18n import LANGUAGES, pick
from cxlab.journey.what_if import Scenario
from cxlab.journey.what_if_parts import held_back, mean_ends, raised_by, resampled_rows
from cxlab.survey.survey import Survey, as_survey

_BLOCK = 64


def regression_scenario(
    fit: Regression,
    asked: Mapping[str, float],
    target: str | None,
    data: Survey | pd.DataFrame,
    ends: Mapping[str, tuple[float, float]],
    n_boot: int,
    seed: int,
    weights: Weights | None = None,
) -> Scenario:
    """The mean change of the prediction if one variable is raised and the formula is evaluated again."""
    parsed = parse_formula(fit.formula)
    survey = as_survey(data)
    used = variables(survey, parsed, guessed=isinstance(data, pd.DataFrame))
    used, sampling, told = weighed(survey, used, weights)
    design = build_design(used, parsed, weights=sampling)
    _check(parsed, used, asked, target)
    _check_same(fit, used, parsed, design)
    moves, changed, tops = [], [], []
    for driver, points in asked.items():
        column = used.numeric[driver].to_numpy()
        low, high = scale_of(survey, used, driver, ends)
        moves.append(raised_by(column, points, low, high))
        changed.append(_changed(design, used, driver, column + moves[-1]))
        tops.append(high if points > 0 else low)
    rows = resampled_rows(len(design.outcome), n_boot, seed)
    counted = np.ones(len(design.outcome)) if sampling is None else sampling
    gain, raised = _gains(design, changed, np.column_stack(moves), rows, counted)
    target_top = scale_of(survey, used, parsed.outcome.name, ends)[1] if not parsed.outcome.function else np.nan
    capped = [held_back(move, points, sampling) for move, points in zip(moves, asked.values(), strict=True)]
    simulated = [notice for notice in fit.warnings if notice.key == "analyses.simulated"]
    return Scenario(
        tuple(asked), raised, gain,
        np.average(used.numeric[list(asked)].to_numpy(), axis=0, weights=sampling), np.array(tops), np.array(capped),
        str(parsed.outcome), float(np.average(design.outcome, weights=sampling)), target_top,
        {**_labels(survey, asked), **fit.labels},
        (*simulated, *told, *_curved(parsed)),
    )  # fmt: skip


def _check(parsed: Formula, used: Variables, asked: Mapping[str, float], target: str | None) -> None:
    if target is not None and nfc(target) not in (parsed.outcome.name, str(parsed.outcome)):
        raise DataError("management.other_target", target=target, outcome=str(parsed.outcome))
    known = list(dict.fromkeys(factor.name for term in parsed.terms for factor in term))
    for name in asked:
        if name not in known:
            hint = did_you_mean(name, known)
            raise DataError("management.unknown_driver", name=name, hint=hint, known=", ".join(known))
        if name in used.categories.columns:
            raise DataError("management.driver_category", name=name)


def _check_same(fit: Regression, used: Variables, parsed: Formula, design: Design) -> None:
    """An error unless these rows and weights give the coefficients of the fit, as they are or standardised."""
    given = fit.table["b"].to_numpy()
    for standardised in (False, True):
        own = build_design(used, parsed, standardise=True, weights=design.weights) if standardised else design
        found = own.back @ least_squares(own).params
        if len(found) == len(given) and np.allclose(found, given, rtol=1e-6, atol=1e-9):
            return
    raise DataError("management.other_data", n=int(fit.fit["n"]), rows=len(used.numeric))


def _labels(survey: Survey, names: Iterable[str]) -> dict[str, Mapping[str, str]]:
    """The codebook's words for variables, which the terms of a formula may hold within a function."""
    book = survey.codebook
    known = {name: book.items.get(name) or book.constructs.get(name) for name in names}
    found = {name: one.label for name, one in known.items() if one is not None and one.label}
    return {name: {lang: pick(text, lang) for lang in LANGUAGES} for name, text in found.items()}


def scale_of(
    survey: Survey, used: Variables, name: str, ends: Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    """The ends of a column's or score's scale; nan where nobody told."""
    if name in ends:
        return float(ends[name][0]), float(ends[name][1])
    book = survey.codebook
    scored = name in book.constructs and name not in map(str, survey.frame.columns)
    items: Sequence[str] = used.scored.get(name, ()) if scored else (name,)
    known = {
        key: (float(book.items[key].min), float(book.items[key].max))  # type: ignore[arg-type]
        for key in items
        if key in book.items and book.items[key].min is not None and book.items[key].max is not None
    }
    if not items:
        return np.nan, np.nan
    return mean_ends(items, np.full(len(items), 1 / len(items)), {**known, **ends})


def _changed(design: Design, used: Variables, driver: str, values: Array) -> Array:
    """The design's columns with one variable raised; what `center` and `scale` took away stays what it was."""
    columns = []
    for made_of, column in zip(design.pieces, design.matrix.T, strict=True):
        if not any(piece.factor.name == driver for piece in made_of):
            columns.append(column)
            continue
        parts = [_piece(piece, used, values if piece.factor.name == driver else None, design) for piece in made_of]
        columns.append(np.prod(parts, axis=0))
    return np.column_stack(columns)


def _piece(piece: Piece, used: Variables, values: Array | None, design: Design) -> Array:
    factor = piece.factor
    if piece.level is not None:
        return (used.categories[factor.name] == piece.level).to_numpy(dtype=float)
    column = used.numeric[factor.name]
    own = column.to_numpy() if values is None else values
    if factor.function == "log":
        if (own <= 0).any():
            raise DataError("management.log_below", name=factor.name)
        return np.log(own)
    if factor.function == "power":
        return np.asarray(own**factor.power)
    if factor.function in ("center", "scale"):
        own = own - np.average(column, weights=design.weights)
    return own / standard_deviation(column.to_numpy(), design.weights) if factor.function == "scale" else own


def _gains(
    design: Design, changed: list[Array], moves: Array, rows: NDArray[np.int64], weights: Array
) -> tuple[Array, Array]:
    """Mean change of the prediction, and mean raise, in the sample and in each resample: (1 + B, k) both."""
    matrix = (design.matrix - design.centre) / design.size
    shift = np.stack([(one - design.matrix) / design.size for one in changed], axis=1)  # (n, k, q)
    found, raised = [], []
    n, k, q = shift.shape
    products = np.einsum("ni,nj->nij", matrix, matrix).reshape(n, q * q)
    towards = matrix * design.outcome[:, None]
    counts = np.vstack([np.ones(n), *(np.bincount(one, minlength=n) for one in rows)]) * weights
    for first in range(0, len(counts), _BLOCK):
        part = counts[first : first + _BLOCK]
        share = part / part.sum(axis=1, keepdims=True)
        with np.errstate(all="ignore"):
            b = _solved((part @ products).reshape(-1, q, q), part @ towards)
        found.append(np.einsum("rkq,rq->rk", (share @ shift.reshape(n, k * q)).reshape(-1, k, q), b))
        raised.append(share @ moves)
    return np.vstack(found), np.vstack(raised)


def _solved(left: Array, right: Array) -> Array:
    """Coefficients of each resample; nan where a predictor does not vary in it."""
    singular = np.linalg.cond(left) > 1e12
    left = np.where(singular[:, None, None], np.eye(left.shape[1]), left)
    return np.where(singular[:, None], np.nan, np.linalg.solve(left, right[..., None])[..., 0])


def _curved(parsed: Formula) -> list[Notice]:
    """The outcome of a logarithm is not in points of the scale."""
    return [Notice("management.outcome_log", serious=True)] if parsed.outcome.function else []
