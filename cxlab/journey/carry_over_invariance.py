"""Does each measure mean the same in every wave? Configural, metric and scalar models over waves."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pandas as pd

from cxlab.analyses.compare import compare
from cxlab.analyses.sem import sem
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.sem_text import reported
from cxlab.errors import CxlabError, IdentificationError, Notice
from cxlab.evaluate.invariance import judge_step
from cxlab.journey.carry_over_model import measure_text
from cxlab.journey.carry_over_plan import Plan
from cxlab.survey.survey import Survey

LEVELS = ("configural", "metric", "scalar")
_FIT = ("chisq", "df", "pvalue", "cfi", "rmsea", "srmr")
COLUMNS = [
    "measure", "level", *_FIT, "chisq_diff", "df_diff", "p_diff", "delta_cfi", "delta_rmsea", "delta_srmr", "verdict",
]  # fmt: skip


def wave_invariance(
    plan: Plan, survey: Survey, estimator: str, missing: str
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """One row a latent measure and level; what could not be fitted is told."""
    rows: list[dict[str, Any]] = []
    told: list[Notice] = []
    for measure in plan.latent:
        fits, notices = _fits(plan, survey, measure, estimator, missing)
        told += notices
        rows += [{"measure": measure, "level": level, **_numbers(fit)} for level, fit in fits.items()]
        for (one, freer), (two, fit) in pairwise(fits.items()):
            rows[-len(fits) + list(fits).index(two)] |= _step(one, freer, two, fit)
    table = pd.DataFrame(rows, columns=COLUMNS)
    broken = table[(table["level"] == "metric") & (table["verdict"] == "fails")]
    if len(broken):
        told.append(Notice("carry_over.metric_fails", {"measures": ", ".join(broken["measure"])}, serious=True))
    return table, tuple(told)


def _fits(
    plan: Plan, survey: Survey, measure: str, estimator: str, missing: str
) -> tuple[dict[str, SemFit], list[Notice]]:
    found: dict[str, SemFit] = {}
    for level in LEVELS:
        try:
            text = measure_text(plan, measure, level)
            fit = sem(text, survey, estimator=estimator, missing=missing, meanstructure=True)
        except CxlabError as error:
            unknown = isinstance(error, IdentificationError)
            why = Notice("carry_over.not_identified") if unknown else Notice(error.key, error.values)
            return found, [Notice("carry_over.level_failed", {"measure": measure, "level": level, "why": why})]
        if not fit.converged:
            why = Notice("carry_over.not_converged")
            return found, [Notice("carry_over.level_failed", {"measure": measure, "level": level, "why": why})]
        found[level] = fit
    return found, []


def _numbers(fit: SemFit) -> dict[str, Any]:
    use, measures = reported(fit.fit_measures), fit.fit_measures
    numbers = {name: float(measures[use.get(name, name)]) for name in _FIT}
    return numbers | {"df": int(measures["df"]), "verdict": "" if fit.admissible else "inadmissible"}


def _step(one: str, freer: SemFit, two: str, fit: SemFit) -> dict[str, Any]:
    before, now = _numbers(freer), _numbers(fit)
    changes = {f"delta_{name}": now[name] - before[name] for name in ("cfi", "rmsea", "srmr")}
    row: dict[str, Any] = dict(changes)
    try:
        test = compare(freer, fit, names=[one, two]).table.iloc[-1]
        row |= {"chisq_diff": test["chisq_diff"], "df_diff": test["df_diff"], "p_diff": test["pvalue"]}
    except CxlabError:
        row |= {"chisq_diff": math.nan, "df_diff": math.nan, "p_diff": math.nan}
    if not fit.admissible:
        return row | {"verdict": "inadmissible"}
    if any(math.isnan(value) for value in changes.values()):
        return row | {"verdict": "doubtful"}
    return row | {"verdict": judge_step(two, changes, fit.n_obs).verdict}
