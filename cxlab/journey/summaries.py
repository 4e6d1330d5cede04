"""How a journey becomes one judgement: mean, last, worst, peak and end as rivals for an overall score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level, numeric_columns, source_notices
from cxlab.errors import DataError, Notice
from cxlab.journey.contest import Line, bootstrap_r2, cross_validated_r2, line
from cxlab.journey.events_names import customer_names
from cxlab.journey.events_result import Events
from cxlab.journey.map import check_draws, check_events, neutral_of
from cxlab.journey.rules import NEEDS_NEUTRAL, PREDICTORS, RULES, Rated, aggregates
from cxlab.journey.summaries_result import JourneySummaries
from cxlab.resample.intervals import intervals
from cxlab.survey.survey import Survey, as_survey

__all__ = ["JourneySummaries", "journey_summaries"]

_DEFAULT = ("mean", "last", "minimum", "maximum", "peak", "peak_end", "trend")
_LEAST = 30


def journey_summaries(
    events: Events,
    outcome: str,
    data: Survey | pd.DataFrame | None = None,
    *,
    rules: Sequence[str] = _DEFAULT,
    against: str | None = None,
    neutral: float | None = None,
    level: float = 0.95,
    n_boot: int = 1000,
    folds: int = 10,
    repeats: int = 5,
    seed: int = 0,
) -> JourneySummaries:
    """Let rules of aggregation compete in explaining a score of the whole journey.

    When to use it: to ask whether a good journey is a good average, a good end, the absence of a bad moment, or peak
    and end; and whether a single episode says as much as the journey.

    Parameters
    ----------
    events : Events
        From `journey_events`, with ratings.
    outcome : str
        The overall score: a column of the events' source with one value a customer, or of `data`.
    data : Survey or DataFrame, optional
        One row a customer, with the column that identifies customers named as in the events' source.
    rules : sequence of str
        Of ``"mean"``, ``"first"``, ``"last"``, ``"minimum"``, ``"maximum"``, ``"peak"`` (farthest from neutral; of two
        equally far ones the negative one), ``"peak_end"`` (peak and last together), ``"trend"`` (slope over the rated
        events), ``"mean_trend"``, ``"share_negative"``.
    against : str, optional
        The rule that differences are taken from; the first by default.
    neutral : float, optional
        Where peaks are counted from; by default the middle of the scale, or 0 if ratings go below 0.
    level : float
        Confidence level.
    n_boot, seed : int
        Bootstrap samples of customers, and the seed of these and of the folds.
    folds, repeats : int
        Of the cross-validation.

    Returns
    -------
    JourneySummaries
        ``.table``, one row a rule, best out of sample first: ``rule``, ``predictors``, ``n``, ``r2``, ``r2_lower``,
        ``r2_upper``, ``adjusted_r2``, ``aic``, ``bic``, ``cv_r2``, ``difference`` (R² less that of `against`),
        ``diff_lower``, ``diff_upper``. ``.coefficients`` (``rule``, ``term``, ``estimate``, ``se``, ``ci_lower``,
        ``ci_upper``), ``.customers``, ``.plot()``.

    Raises
    ------
    DataError
        Unknown rule or column; no neutral point for peaks; a constant outcome or summary; fewer than 30 customers.

    Notes
    -----
    All rules are fitted on the same customers: those with the outcome and every summary (a trend needs two ratings).
    Least squares, standard errors HC3; percentile intervals over customers. Peak-end after Fredrickson and Kahneman
    (1993). Ratings missing at random attenuate every rule, the end most, as the last rated event may not be the last
    one. R: ``lm``, ``AIC``, ``summary(...)$r.squared``, ``sandwich::vcovHC``.

    Examples
    --------
    >>> import cxlab as cx
    >>> events = cx.journey_events(cx.load_dataset("journey_events"), on_problem="drop")
    >>> cx.journey_summaries(events, "overall", n_boot=50).table["rule"].tolist()[0]
    'peak_end'
    """
    check_events(events)
    check_level(level)
    check_draws(n_boot)
    _check_folds(folds, repeats)
    chosen = _chosen(rules, against)
    middle = neutral if neutral is not None else neutral_of(events)
    if middle is None and set(chosen) & set(NEEDS_NEUTRAL):
        raise DataError("journey.no_neutral")
    terms = list(dict.fromkeys(term for rule in chosen for term in PREDICTORS[rule]))
    frame, notices = _sample(events, outcome, data, terms, middle)
    y = frame[outcome].to_numpy()
    parts = [frame[list(PREDICTORS[rule])].to_numpy() for rule in chosen]
    lines = [line(y, x) for x in parts]
    base = chosen.index(against) if against is not None else 0
    models = [[terms.index(term) for term in PREDICTORS[rule]] for rule in chosen]
    drawn = bootstrap_r2(y, frame[terms].to_numpy(), models, n_boot, seed)
    outside = [cross_validated_r2(y, x, folds, repeats, seed) for x in parts]
    return JourneySummaries(
        table=_table(chosen, lines, outside, drawn, base, level, len(y)),
        coefficients=_coefficients(chosen, lines, level, len(y)),
        customers=frame,
        events=events,
        outcome=outcome,
        against=chosen[base],
        level=level,
        n_boot=n_boot,
        warnings=(*events.warnings, *notices),
    )


def _check_folds(folds: object, repeats: object) -> None:
    for name, value, least in (("folds", folds, 2), ("repeats", repeats, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise DataError("journey.whole", option=name, value=value, least=least)


def _chosen(rules: Sequence[str], against: str | None) -> list[str]:
    chosen = list(dict.fromkeys([rules] if isinstance(rules, str) else rules))
    for option, names in (("rules", chosen), ("against", [against] if against is not None else [])):
        for name in names:
            if name not in RULES:
                raise DataError("analyses.unknown_option", option=option, value=name, known=", ".join(RULES))
    if not chosen:
        raise DataError("analyses.unknown_option", option="rules", value="()", known=", ".join(RULES))
    if against is not None and against not in chosen:
        raise DataError("analyses.unknown_option", option="against", value=against, known=", ".join(chosen))
    return chosen


def _sample(
    events: Events, outcome: str, data: Survey | pd.DataFrame | None, terms: list[str], neutral: float | None
) -> tuple[pd.DataFrame, list[Notice]]:
    """Outcome and summaries of the customers who have all of them; index customer."""
    frame = events.frame
    rated = frame[frame["valence"].notna()]
    if rated.empty:
        raise DataError("journey.map_no_ratings")
    codes, ids = pd.factorize(rated["customer"])
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    found = aggregates(Rated(rated["valence"].to_numpy(), starts, neutral), terms).set_axis(ids, axis=0)
    scores, notices = _outcome(events, outcome, data)
    if outcome in terms:
        raise DataError("journey.outcome_name", name=outcome)
    complete = found.join(scores.rename(outcome), how="inner").dropna()
    facts = {"n": len(complete), "total": events.n_customers}
    if len(complete) < _LEAST:
        raise DataError(
            "journey.few_complete_trend" if "trend" in terms else "journey.few_complete", **facts, least=_LEAST
        )
    flat = [name for name in complete if np.ptp(complete[name].to_numpy(dtype=float)) == 0]
    if flat:
        raise DataError("journey.flat", names=", ".join(flat))
    if len(complete) < events.n_customers:
        notices.append(Notice("journey.complete_customers", facts, serious=len(complete) < 0.5 * events.n_customers))
    last = frame.drop_duplicates("customer", keep="last").set_index("customer")["valence"]
    hidden = int(last.reindex(complete.index).isna().sum())
    if hidden and "last" in terms:
        notices.append(Notice("journey.end_unrated", {"count": hidden, "n": len(complete)}))
    return complete.astype(float).rename_axis("customer"), notices


def _outcome(events: Events, outcome: str, data: Survey | pd.DataFrame | None) -> tuple[pd.Series, list[Notice]]:
    """The overall score of each customer."""
    if data is None:
        scores = events.per_customer(outcome)
        numbers, _ = numeric_columns(
            scores.reset_index(drop=True), [outcome], complete=False, constant="allow", min_rows=1
        )
        return pd.Series(numbers[outcome].to_numpy(), index=scores.index), []
    survey = as_survey(data)
    key = events.columns.get("customer", "customer")
    if key not in survey.frame:
        raise DataError("journey.no_key", column=key)
    numbers, notices = numeric_columns(survey, [outcome], complete=False, constant="allow", min_rows=1)
    ids = customer_names(survey.frame[key])
    if ids.duplicated().any():
        raise DataError("journey.key_twice", column=key, count=int(ids.duplicated().sum()))
    scores = pd.Series(numbers[outcome].to_numpy(), index=pd.Index(ids))
    unknown = int((~scores.index.isin(events.frame["customer"])).sum())
    found: list[Notice] = [*source_notices(survey), *notices]
    if unknown:
        found.append(Notice("journey.unknown_customers", {"count": unknown}))
    return scores, [one for one in found if one not in events.warnings]


def _table(
    chosen: list[str],
    lines: list[Line],
    outside: list[float],
    drawn: np.ndarray,
    base: int,
    level: float,
    n: int,
) -> pd.DataFrame:
    """One row a rule, the best out of sample first."""
    r2 = np.array([one.r2 for one in lines])
    own = intervals(drawn, r2, "percentile", level)
    apart = intervals(drawn - drawn[:, [base]], r2 - r2[base], "percentile", level)
    rows: dict[str, Any] = {
        "rule": chosen,
        "predictors": [", ".join(PREDICTORS[rule]) for rule in chosen],
        "n": n,
        "r2": r2,
        "r2_lower": own.lower,
        "r2_upper": own.upper,
        "adjusted_r2": [one.adjusted for one in lines],
        "aic": [one.aic for one in lines],
        "bic": [one.bic for one in lines],
        "cv_r2": outside,
        "difference": r2 - r2[base],
        "diff_lower": apart.lower,
        "diff_upper": apart.upper,
    }
    table = pd.DataFrame(rows)
    table.loc[base, ["diff_lower", "diff_upper"]] = np.nan
    return table.sort_values("cv_r2", ascending=False, kind="stable", ignore_index=True)


def _coefficients(chosen: list[str], lines: list[Line], level: float, n: int) -> pd.DataFrame:
    from scipy import stats

    rows = []
    for rule, one in zip(chosen, lines, strict=True):
        quantile = stats.t.ppf((1 + level) / 2, n - len(one.coefficients))
        for term, estimate, se in zip(("intercept", *PREDICTORS[rule]), one.coefficients, one.se, strict=True):
            rows.append((rule, term, estimate, se, estimate - quantile * se, estimate + quantile * se))
    return pd.DataFrame(rows, columns=["rule", "term", "estimate", "se", "ci_lower", "ci_upper"])
