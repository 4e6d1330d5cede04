"""`cx.service_recovery`: is a failure put right better than none? The service recovery paradox, tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
from scipy.stats import t as student

from cxlab.analyses.regression import regress
from cxlab.analyses.regression_result import Regression
from cxlab.analyses.unpack import check_level, source_notices
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.errors import DataError, Notice
from cxlab.estimate.change import level_of, mean_change
from cxlab.i18n.shown import Shown
from cxlab.journey.events_result import Events
from cxlab.journey.recovery_data import GROUPS, Cases, from_events, from_survey, justice_columns
from cxlab.journey.recovery_result import ServiceRecovery
from cxlab.survey.survey import Survey, as_survey

_CONTRASTS = (("recovered", "no_failure"), ("not_recovered", "no_failure"), ("recovered", "not_recovered"))
_FEW = 20
_MARGIN = 0.2


def service_recovery(
    data: Survey | pd.DataFrame | Events,
    *,
    outcome: str,
    failure: str | float,
    recovery: str,
    recovered: float | None = None,
    justice: str | Sequence[str] = (),
    margin: float | None = None,
    weights: Weights | None = None,
    level: float = 0.95,
) -> ServiceRecovery:
    """Customers after a failure put right, after one not put right, and without a failure: contrasts and a verdict.

    When to use it: to see whether a good recovery brings customers back to where those without a failure stand, or even
    above them (the service recovery paradox), and what in the recovery does it.

    Parameters
    ----------
    data : Survey, DataFrame or Events
        One row a customer; or events from `cx.journey_events`.
    outcome : str
        Column of satisfaction, loyalty, or the like; with events one value a customer.
    failure : str or float
        Column with 1 for customers who had a failure, 0 for others. With events: a valence; an event felt as badly or
        worse, outside the stage `recovery`, is a failure.
    recovery : str
        Column with 1 for a failure put right and 0 for one that was not, or a rating of the recovery; empty for
        customers without a failure. With events: the stage in which failures are put right; the mean valence there
        after the first failure counts.
    recovered : float, optional
        From which rating (or valence) on a failure counts as put right. Needed unless `recovery` is 0/1.
    justice : str or sequence of str
        Columns or constructs of perceived justice (distributive, procedural, interactional): the outcome of those with
        a failure is regressed on them. Not with events.
    margin : float, optional
        Differences up to this many points of the outcome count as none. Default: 0.2 standard deviations of those
        without a failure.
    weights : str or sequence of float, optional
        Survey weights. Not with events.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    ServiceRecovery
        ``.table``: contrast ("recovered - no_failure", ...) group against mean mean_against difference se df pvalue
        ci_lower ci_upper d p_equivalent (two one-sided tests) verdict ("higher", "equivalent", "lower", "unclear").
        ``.groups``: group n mean sd ci_lower ci_upper. ``.verdict``: "paradox", "restored", "worse", "unclear".
        ``.justice``: a Regression or None. ``.plot()``.

    Raises
    ------
    DataError
        Unknown columns, failures that are not 0/1, a group without two customers, a rating without `recovered`.

    Notes
    -----
    Welch's test and interval; weighted means by linearisation. Verdict of a contrast: "higher" or "lower" if the
    interval excludes 0; else "equivalent" if both one-sided tests against the margin reject at 1 - level; else
    "unclear". Paradox: recovered above no failure. R: ``t.test``, ``TOSTER::tsum_TOST``; ``lm`` with HC3.

    Examples
    --------
    >>> import cxlab as cx
    >>> rng = np.random.default_rng(1)
    >>> failed = np.repeat([0, 1], [300, 200])
    >>> put_right = np.where(failed == 1, np.tile([1, 0], 250), np.nan)
    >>> score = 5 + 0.5 * (put_right == 1) - 1.5 * (put_right == 0) + rng.normal(0, 1, 500)
    >>> found = cx.service_recovery(pd.DataFrame({"failed": failed, "put_right": put_right, "score": score}),
    ...                          outcome="score", failure="failed", recovery="put_right")
    >>> found.verdict, found.table["difference"].round(1).tolist()
    ('paradox', [0.7, -1.3, 2.0])
    """
    check_level(level)
    if margin is not None and not (np.isfinite(margin) and margin > 0):
        raise DataError("carry_over.margin", value=margin)
    names = [justice] if isinstance(justice, str) else list(justice)
    if isinstance(data, Events):
        if names or weights is not None:
            raise DataError("carry_over.events_options")
        cases, scale, told, model = from_events(data, outcome, failure, recovery, recovered), None, [], None
    else:
        survey = as_survey(data)
        if survey.frame.empty:
            raise DataError("analyses.no_rows")
        cases = from_survey(survey, outcome, failure, recovery, recovered)
        scale, more = survey_weights(survey, weights, cases.frame.index)
        told = [*source_notices(survey, weighted=weights is not None), *more]
        model = _justice(survey, cases, outcome, names, weights, level) if names else None
    groups = _groups(cases, scale, level)
    known = _margin(cases, scale, margin)
    table = _contrasts(cases, scale, known, level)
    return ServiceRecovery(
        table=table,
        groups=groups,
        justice=model,
        outcome=outcome,
        margin=known,
        rule=cases.rule,
        level=level,
        simulated=any(one.key == "analyses.simulated" for one in (*told, *cases.notices)),
        warnings=(*told, *cases.notices, *_notices(groups, known, margin is None, model)),
    )


def _part(cases: Cases, scale: np.ndarray | None, group: str) -> tuple[np.ndarray, np.ndarray | None]:
    rows = (cases.frame["group"] == group).to_numpy()
    return cases.frame["outcome"].to_numpy(float)[rows], None if scale is None else scale[rows]


def _groups(cases: Cases, scale: np.ndarray | None, level: float) -> pd.DataFrame:
    rows = []
    for group in GROUPS:
        values, w = _part(cases, scale, group)
        used = len(values) if w is None else int((w > 0).sum())
        if used < 2:
            if group == "unknown":
                continue
            raise DataError("carry_over.empty_group", group=Notice(f"carry_over.group_{group}"), n=used)
        found = level_of(values, w)
        reach = float(student.ppf(0.5 + level / 2, found.n - 1)) * np.sqrt(found.variance)
        ends = {"ci_lower": found.mean - reach, "ci_upper": found.mean + reach}
        rows.append({"group": group, "n": found.n, "mean": found.mean, "sd": np.sqrt(found.spread), **ends})
    table = pd.DataFrame(rows)
    flat = table[(table["sd"] == 0) & (table["group"] != "unknown")]
    if len(flat) > 1:
        raise DataError("carry_over.flat_groups", count=len(flat))
    return table


def _margin(cases: Cases, scale: np.ndarray | None, margin: float | None) -> float:
    if margin is not None:
        return float(margin)
    values, w = _part(cases, scale, "no_failure")
    return _MARGIN * float(np.sqrt(level_of(values, w).spread))


def _contrasts(cases: Cases, scale: np.ndarray | None, margin: float, level: float) -> pd.DataFrame:
    rows = []
    for group, against in _CONTRASTS:
        found = asdict(
            mean_change(level_of(*_part(cases, scale, against)), level_of(*_part(cases, scale, group)), level)
        )
        p = _equivalence(found["change"], found["se"], found["df"], margin)
        rows.append(
            {
                "contrast": f"{group} - {against}", "group": group, "against": against, "mean": found["after"],
                "mean_against": found["before"], "difference": found["change"],
                **{name: found[name] for name in ("se", "df", "pvalue", "ci_lower", "ci_upper", "d")},
                "p_equivalent": p, "verdict": _verdict(found["ci_lower"], found["ci_upper"], p, level),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _equivalence(difference: float, se: float, df: float, margin: float) -> float:
    """The larger p of two one-sided tests that the difference lies beyond the margin."""
    return float(max(student.sf((difference + margin) / se, df), student.cdf((difference - margin) / se, df)))


def _verdict(low: float, high: float, p: float, level: float) -> str:
    if low > 0 or high < 0:
        return "higher" if low > 0 else "lower"
    return "equivalent" if p < 1 - level else "unclear"


def _justice(
    survey: Survey, cases: Cases, outcome: str, names: list[str], weights: Weights | None, level: float
) -> Regression:
    """The outcome of those with a failure on the dimensions of justice, with HC3 errors."""
    rows = cases.frame.index[cases.frame["group"] != "no_failure"]
    wanted = justice_columns(survey, names)
    quoted = [f"`{name}`" for name in (outcome, *wanted)]
    failed = replace(survey, frame=survey.frame.loc[rows])
    given = weights
    if weights is not None and not isinstance(weights, str):
        given = list(pd.Series(np.asarray(weights, float), index=survey.frame.index).loc[rows])
    return regress(f"{quoted[0]} ~ {' + '.join(quoted[1:])}", failed, weights=given, level=level)


def _notices(groups: pd.DataFrame, margin: float, guessed: bool, model: Regression | None) -> list[Notice]:
    notices = [Notice("carry_over.recovery_causal", serious=True)]
    if guessed:
        notices.append(Notice("carry_over.margin_guessed", {"margin": Shown(margin, 2)}))
    small = groups[groups["n"] < _FEW]
    if len(small):
        least = int(small["n"].min())
        notices.append(Notice("carry_over.few_in_group", {"count": len(small), "few": _FEW, "least": least}))
    if model is not None:
        notices += [one for one in model.warnings if one.serious and one.key != "analyses.weights_unused"]
    return notices
