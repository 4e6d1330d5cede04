"""Ratings as feeling and uncertainty: CUB models of items and groups, with covariates, shelter, overdispersion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit

from cxlab.analyses.asymmetry_text import Named
from cxlab.analyses.choice_data import Frequencies
from cxlab.analyses.choice_model import coefficient_table, small_sample
from cxlab.analyses.cub_data import CubData, cub_data, cub_request, scale_ends, split
from cxlab.analyses.cub_result import CubModel
from cxlab.analyses.regression_design import INTERCEPT
from cxlab.analyses.regression_labels import term_labels
from cxlab.analyses.unpack import check_level
from cxlab.analyses.weights import Weights
from cxlab.errors import DataError, EstimationError, Notice
from cxlab.estimate.cub import DELTA, PHI, PI, XI, CubFit, CubProblem, fit_cub, rating_probabilities
from cxlab.survey.survey import Survey, as_survey

Array = NDArray[np.float64]
_NAMES = {PI: "pi", XI: "xi", DELTA: "shelter", PHI: "overdispersion"}
# So much of the log-likelihood is not worth a parameter at the edge of its range.
_NOTHING = 1e-3
_FLAT = 1e-9
# From where a misfit is said: the share of answers it moves, and the level of its test.
_OFF, _CHANCE = 0.1, 0.05
# What has no meaning, or no error, where everything is uncertainty.
_OF_FEELING = ("xi", "se_xi", "feeling", "feeling_lower", "feeling_upper", "se_pi", "uncertainty_lower",
               "uncertainty_upper")  # fmt: skip


@dataclass(frozen=True, eq=False)
class _One:
    """The model of one item in one group: rows of the result's tables."""

    row: dict[str, object]
    coefficients: pd.DataFrame
    fitted: pd.DataFrame
    notices: list[Notice]


def cub(
    scores: str | Sequence[str],
    data: Survey | pd.DataFrame,
    *,
    uncertainty: str | None = None,
    feeling: str | None = None,
    by: str | None = None,
    shelter: int | None = None,
    overdispersion: bool = False,
    scale: tuple[int, int] | None = None,
    weights: Weights | None = None,
    frequencies: Frequencies | None = None,
    level: float = 0.95,
) -> CubModel:
    """CUB mixture: how much of a rating is feeling, how much is uncertainty, for items, groups and covariates.

    When to use it: ratings on 4 to 11 points, where two items with the same mean may differ in how sure people are.
    Uncertainty (1 - pi) is the share that answers as if by chance, feeling (1 - xi) how far up the scale the others
    lean.

    Parameters
    ----------
    scores : str, sequence of str, or formula
        One item or several; or ``"item ~ age | image"``: left of the bar what moves uncertainty, right of it what moves
        feeling (``0`` or ``1`` for nothing).
    data : Survey or DataFrame
        Whole-number ratings, a higher number meaning more of what is rated.
    uncertainty, feeling : str, optional
        The same covariates for every item, as terms of `cxlab.regress`' formulas: ``"age + C(channel)"``.
    by : str, optional
        A column whose groups are estimated apart, to be compared in the plane.
    shelter : int, optional
        A point of the scale that draws answers of its own (a comfortable middle); its share is delta.
    overdispersion : bool
        True takes a beta-binomial for the feeling (CUBE), with parameter phi.
    scale : (first, last), optional
        Ends of the scale, by default the codebook's.
    weights : str or sequence of float, optional
        Survey weights; errors are then robust.
    frequencies : str or sequence of int, optional
        How many respondents each row stands for.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    CubModel
        ``.table``: item group n points pi se_pi xi se_xi uncertainty uncertainty_lower uncertainty_upper feeling
        feeling_lower feeling_upper shelter se_shelter overdispersion log_likelihood log_likelihood_uniform
        log_likelihood_saturated aic bic dissimilarity reason. With covariates pi and xi are the respondents' means
        and have no errors. ``.coefficients``: item group part term b se z pvalue ci_lower ci_upper (logits of pi, xi,
        delta; log of phi). ``.fitted``: item group rating observed fitted. ``.plot()`` draws the plane of uncertainty
        and feeling for several items or groups, else fitted against observed shares.

    Raises
    ------
    DataError
        Unknown columns, words without an order, fewer than four points (five with `shelter` or `overdispersion`), one
        answer only, fewer respondents than parameters.
    ScaleError
        Ratings outside the scale.
    EstimationError
        No maximum inside the parameters' range, with covariates.

    Notes
    -----
    R: ``CUB::GEM(Formula(item ~ Y | W | 0), family = "cub")``. Intervals of shares on the logit scale. Dissimilarity is
    the share of answers that would have to move for a perfect fit. Piccolo (2003); D'Elia & Piccolo (2005).

    Examples
    --------
    >>> import cxlab as cx
    >>> desk = pd.DataFrame({"rating": [1, 2, 3, 4, 5, 6, 7], "n": [9, 7, 15, 24, 60, 90, 45]})
    >>> cx.cub("rating", desk, scale=(1, 7), frequencies="n").table[["pi", "xi"]].round(3).to_dict("list")
    {'pi': [0.778], 'xi': [0.224]}
    """
    check_level(level)
    request = cub_request(scores, uncertainty, feeling)
    survey = as_survey(data)
    asked = (shelter, overdispersion, level)
    found: list[_One] = []
    ready = None
    guessed = isinstance(data, pd.DataFrame)
    groups = split(survey, by, weights, frequencies)
    for item in request.items:
        ends = scale_ends(survey, item, scale, guessed=guessed)
        for group, part, (own_weights, own_frequencies) in groups:
            ready = cub_data(request, item, group, part, ends, own_weights, own_frequencies, guessed=guessed)
            found.append(_one(ready, *asked))
    if ready is None:
        raise DataError("analyses.no_columns")
    return CubModel(
        table=pd.DataFrame([one.row for one in found]),
        coefficients=pd.concat([one.coefficients for one in found], ignore_index=True),
        fitted=pd.concat([one.fitted for one in found], ignore_index=True),
        warnings=_unique([*(notice for one in found for notice in one.notices), *_misfit(found)]),
        level=level,
        by=by,
        weighted=weights is not None,
        labels=_labels(survey, request.items, by),
        term_labels=term_labels(survey, ready.ready.formula, ready.ready.design),
    )


def _one(data: CubData, shelter: int | None, overdispersion: bool, level: float) -> _One:
    problem = _problem(data, shelter, overdispersion)
    problem, fit, reason = _settled(data, problem)
    chances = rating_probabilities(fit.values, data.points, problem.shelter)
    cov = fit.cov if data.ready.sampling is None else fit.robust * small_sample(data.ready)
    weights = data.ready.weights
    observed = np.bincount(data.ratings, weights, data.points + 1)[1:] / weights.sum()
    fitted = np.average(chances, axis=0, weights=weights)
    row = _row(data, problem, fit, cov, level, observed, fitted) | {"reason": reason}
    if reason == "only_uncertainty":
        row |= dict.fromkeys(_OF_FEELING, np.nan)
    shares = pd.DataFrame(
        {
            "item": data.item,
            "group": data.group,
            "rating": np.arange(data.low, data.low + data.points),
            "observed": observed,
            "fitted": fitted,
        }
    )
    notices = [*data.notices]
    if reason:
        notices.append(Notice(f"choice.cub_edge_{reason}", {"item": _where(data)}, serious=True))
    return _One(row, _coefficients(data, problem, fit, cov, level), shares, notices)


def _problem(data: CubData, shelter: int | None, overdispersion: bool) -> CubProblem:
    if not isinstance(overdispersion, bool):
        raise DataError("analyses.unknown_option", option="overdispersion", value=overdispersion, known="True, False")
    extra = shelter is not None or overdispersion
    if data.points < 4 + extra:
        raise DataError("choice.cub_points_more", column=data.item, points=data.points)
    if shelter is not None and (isinstance(shelter, bool) or not isinstance(shelter, int | np.integer)):
        raise DataError("choice.cub_shelter", shelter=shelter, low=data.low, high=data.low + data.points - 1)
    if shelter is not None and not data.low <= shelter < data.low + data.points:
        raise DataError("choice.cub_shelter", shelter=shelter, low=data.low, high=data.low + data.points - 1)
    x = data.ready.x
    ones = np.ones((len(x), 1))
    middle, spread = x.mean(axis=0), np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    scaled = (x - middle) / spread
    problem = CubProblem(
        ratings=data.ratings,
        points=data.points,
        weights=data.ready.weights,
        designs=(
            np.hstack([ones, scaled[:, data.uncertainty]]),
            np.hstack([ones, scaled[:, data.feeling]]),
            ones if shelter is not None else None,
            ones if overdispersion else None,
        ),
        shelter=1 if shelter is None else int(shelter) - data.low + 1,
    )
    parameters = max(where.stop for where in problem.slices.values())
    n = int(data.ready.counts.sum())
    if n <= parameters:
        raise DataError("choice.too_few", n=n, parameters=parameters, needed=parameters + 1)
    return problem


def _settled(data: CubData, problem: CubProblem) -> tuple[CubProblem, CubFit, str]:
    """The fit, without parameters whose maximum lies at the edge of their range."""
    counts = data.ready.counts
    fit = fit_cub(problem, counts)
    reasons: list[str] = []
    if fit.loglik <= _by_chance(problem) + _NOTHING and not data.uncertainty:
        return problem, fit, "only_uncertainty"
    edges: tuple[tuple[int, str, list[int]], ...] = (
        (PI, "no_uncertainty", data.uncertainty),
        (DELTA, "no_shelter", []),
        (PHI, "no_overdispersion", []),
    )
    for part, reason, covariates in edges:
        if covariates or problem.designs[part] is None:
            continue
        designs = tuple(None if i == part else design for i, design in enumerate(problem.designs))
        smaller = replace(problem, designs=designs)  # type: ignore[arg-type]
        rival = fit_cub(smaller, counts)
        if rival.converged and rival.loglik >= fit.loglik - _NOTHING:
            problem, fit, reasons = smaller, rival, [*reasons, reason]
    if not fit.converged or fit.information < _FLAT:
        raise EstimationError("choice.cub_no_maximum", item=_where(data))
    reasons += ["extreme_feeling"] if fit.pinned else []
    return problem, fit, reasons[0] if reasons else ""


def _by_chance(problem: CubProblem) -> float:
    """The log-likelihood of ratings that are uniform, but for the shelter answer."""
    n, points = float(problem.weights.sum()), problem.points
    share = float(problem.weights[problem.ratings == problem.shelter].sum()) / n
    if problem.designs[DELTA] is None or share <= 1 / points:
        return -n * np.log(points)
    return n * (share * np.log(share) + (1 - share) * np.log((1 - share) / (points - 1)))


def _misfit(found: list[_One]) -> list[Notice]:
    """Models that miss more than a tenth of the answers, and more than chance does (deviance, without covariates)."""
    bad = []
    for row in (one.row for one in found):
        off, loglik, full, aic = (
            float(str(row[name])) for name in ("dissimilarity", "log_likelihood", "log_likelihood_saturated", "aic")
        )
        df = int(str(row["points"])) - 1 - (aic / 2 + loglik)
        if off > _OFF and df > 0 and stats.chi2.sf(2 * (full - loglik), df) < _CHANCE:
            name = f"{row['item']} ({row['group']})" if row["group"] else str(row["item"])
            bad.append((name, off))
    return [Notice("choice.cub_misfit", {"names": Named(tuple(bad), percent=True)}, serious=True)] if bad else []


def _where(data: CubData) -> str:
    return f"{data.item} ({data.group})" if data.group else data.item


def _row(
    data: CubData, problem: CubProblem, fit: CubFit, cov: Array, level: float, observed: Array, fitted: Array
) -> dict[str, object]:
    n, weights = float(data.ready.counts.sum()), problem.weights
    shares = {part: float(np.average(fit.values[:, part], weights=weights)) for part in _NAMES}
    plain = {PI: not data.uncertainty, XI: not data.feeling, DELTA: True}
    errors = {part: _share_error(problem, fit, cov, part) if plain[part] else (np.nan,) * 2 for part in plain}
    ends = {part: _ends(shares[part], errors[part][1], level) for part in (PI, XI)}
    parameters = len(fit.params)
    counts = observed * weights.sum()
    saturated = float(counts[counts > 0] @ np.log(observed[counts > 0]))
    covered = bool(data.uncertainty or data.feeling)
    likelihood = data.ready.sampling is None
    return {
        "item": data.item,
        "group": data.group,
        "n": n,
        "points": data.points,
        "pi": shares[PI],
        "se_pi": errors[PI][0],
        "xi": shares[XI],
        "se_xi": errors[XI][0],
        "uncertainty": 1 - shares[PI],
        "uncertainty_lower": 1 - ends[PI][1],
        "uncertainty_upper": 1 - ends[PI][0],
        "feeling": 1 - shares[XI],
        "feeling_lower": 1 - ends[XI][1],
        "feeling_upper": 1 - ends[XI][0],
        "shelter": shares[DELTA] if problem.designs[DELTA] is not None else np.nan,
        "se_shelter": errors[DELTA][0],
        "overdispersion": shares[PHI] if problem.designs[PHI] is not None else np.nan,
        "log_likelihood": fit.loglik,
        "log_likelihood_uniform": -float(weights.sum()) * np.log(data.points),
        "log_likelihood_saturated": np.nan if covered else saturated,
        "aic": 2 * parameters - 2 * fit.loglik if likelihood else np.nan,
        "bic": np.log(n) * parameters - 2 * fit.loglik if likelihood else np.nan,
        "dissimilarity": float(np.abs(observed - fitted).sum() / 2),
    }


def _share_error(problem: CubProblem, fit: CubFit, cov: Array, part: int) -> tuple[float, float]:
    """Standard error of a share, and of its logit; missing for a share that is fixed."""
    if problem.designs[part] is None:
        return np.nan, np.nan
    at = problem.slices[part].start
    share, error = float(expit(fit.params[at])), float(np.sqrt(cov[at, at]))
    return share * (1 - share) * error, error


def _ends(share: float, error: float, level: float) -> tuple[float, float]:
    if not np.isfinite(error):
        return np.nan, np.nan
    middle, half = np.log(share / (1 - share)), stats.norm.isf((1 - level) / 2) * error
    return float(expit(middle - half)), float(expit(middle + half))


def _coefficients(data: CubData, problem: CubProblem, fit: CubFit, cov: Array, level: float) -> pd.DataFrame:
    """Logits in the covariates' own units, part by part."""
    x = data.ready.x
    middle, spread = x.mean(axis=0), np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    tables = []
    for part, where in problem.slices.items():
        columns = {PI: data.uncertainty, XI: data.feeling}.get(part, [])
        back = np.eye(len(columns) + 1)
        back[0, 1:] = -(middle / spread)[columns]
        back[range(1, len(columns) + 1), range(1, len(columns) + 1)] = 1 / spread[columns]
        names = [INTERCEPT, *(data.ready.design.names[1 + column] for column in columns)]
        own = back @ cov[where, where] @ back.T
        table = coefficient_table(names, back @ fit.params[where], own, level, odds=False).iloc[:, :7]
        table.insert(0, "part", _NAMES[part])
        tables.append(table)
    found = pd.concat(tables, ignore_index=True)
    found.insert(0, "group", data.group)
    found.insert(0, "item", data.item)
    return found


def _labels(survey: Survey, items: Sequence[str], by: str | None) -> dict[str, Any]:
    book = survey.codebook.items
    names = {item: dict(book[item].label) for item in items if item in book and book[item].label}
    if by is not None and by in book:
        names |= {f"group:{point}": dict(words) for point, words in book[by].labels.items()}
    return names


def _unique(notices: list[Notice]) -> tuple[Notice, ...]:
    kept: dict[str, Notice] = {}
    for notice in notices:
        kept.setdefault(f"{notice.key} {notice.values}", notice)
    return tuple(kept.values())
