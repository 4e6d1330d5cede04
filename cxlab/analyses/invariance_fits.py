"""The ladder of invariance: each level fitted, its fit beside the level before, what the rules say."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cxlab.analyses.compare import compare
from cxlab.analyses.invariance_ordinal import LEVELS as ORDINAL
from cxlab.analyses.invariance_ordinal import level_model
from cxlab.analyses.moments import Moments
from cxlab.analyses.sem import cfa
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.sem_text import reported
from cxlab.errors import CxlabError, EstimationError, IdentificationError, Notice
from cxlab.evaluate.invariance import judge_step
from cxlab.evaluate.rules import interpret
from cxlab.specify import Model
from cxlab.survey.survey import Survey

EQUAL: Mapping[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
LEVELS = tuple(EQUAL)
FIT = ("chisq", "df", "pvalue", "cfi", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr")
CHANGES = ("delta_cfi", "delta_rmsea", "delta_srmr")
COLUMNS = [
    "level", "partial", "n_free", *FIT, "chisq_diff", "df_diff", "p_diff", *CHANGES, "cheung_rensvold", "chen",
    "chen_rule", "verdict", "state", "reason",
]  # fmt: skip
FIT_RULE = "hu_bentler_1999"


@dataclass(frozen=True, eq=False)
class Setting:
    """What was asked: model, group column, estimator, levels, missing answers, whether answers are ordered."""

    model: Model
    group: str
    estimator: str
    levels: tuple[str, ...]
    missing: str
    std_lv: bool
    ordered: bool = False


@dataclass(frozen=True, eq=False)
class Level:
    """One level: its fit, or why there is none."""

    fit: SemFit | None
    state: str
    reasons: tuple[Notice, ...] = ()

    @property
    def solved(self) -> bool:
        """Whether the fit may be read at all."""
        return self.fit is not None and self.fit.converged


def fit_level(setting: Setting, data: Survey | Moments, level: str, freed: Sequence[str]) -> SemFit:
    """One level of the ladder."""
    if setting.ordered:
        return _ordered_level(setting, data, level, freed)
    return cfa(
        setting.model,
        data,
        estimator=setting.estimator,
        missing=setting.missing,
        group=setting.group,
        group_equal=EQUAL[level],
        group_partial=freed if level != "configural" else (),
        std_lv=setting.std_lv,
        meanstructure=True,
    )


def _ordered_level(setting: Setting, data: Survey | Moments, level: str, freed: Sequence[str]) -> SemFit:
    assert isinstance(data, Survey)  # noqa: S101 - `check_ordered` has refused published moments
    tied = level in ORDINAL[2:]
    return cfa(
        level_model(setting, data.frame, level, freed),
        data,
        estimator=setting.estimator,
        missing=setting.missing,
        group=setting.group,
        group_equal=("loadings",) if tied else (),
        group_partial=[one for one in freed if "=~" in one] if tied else (),
        std_lv=True,
        ordered=True,
        parameterization="theta",
    )


def fit_levels(setting: Setting, data: Survey | Moments, freed: Sequence[str]) -> dict[str, Level]:
    """Every level that was asked for; one that cannot be fitted keeps its reason.

    Raises
    ------
    DataError, ModelError
        What stands in the way of all levels.
    EstimationError
        No level could be fitted.
    """
    found: dict[str, Level] = {}
    for level in setting.levels:
        found[level] = _level(setting, data, level, freed)
    if not any(level.fit is not None for level in found.values()):
        why = "; ".join(str(notice) for level in found.values() for notice in level.reasons)
        raise EstimationError("invariance.no_level", why=why)
    return found


def _level(setting: Setting, data: Survey | Moments, level: str, freed: Sequence[str]) -> Level:
    try:
        fit = fit_level(setting, data, level, freed)
    except IdentificationError as error:
        return Level(None, "not_identified", (Notice(error.key, error.values, serious=True),))
    except EstimationError as error:
        return Level(None, "not_fitted", (Notice(error.key, error.values, serious=True),))
    if not fit.converged:
        return Level(fit, "not_converged", fit.warnings[:1])
    return Level(fit, "ok" if fit.admissible else "inadmissible", fit.admissibility)


def level_table(
    levels: Mapping[str, Level], setting: Setting, freed: Sequence[str]
) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """One row a level, and what is to be known of their tests."""
    rows: list[dict[str, Any]] = []
    notices: list[Notice] = []
    before: str | None = None
    for name, level in levels.items():
        row: dict[str, Any] = {"level": name, "partial": any(held_at(one) in reached(name) for one in freed)}
        row |= {"state": level.state, "reason": " ".join(notice.text() for notice in level.reasons)}
        row |= {"verdict": "not_fitted", "cheung_rensvold": "", "chen": "", "chen_rule": ""}
        if level.solved and level.fit is not None:
            row |= _fit_row(level.fit)
            if before is None:
                row["verdict"] = configural_verdict(row, level.fit.admissible)
            else:
                earlier = levels[before].fit
                assert earlier is not None  # noqa: S101 - only solved levels are compared
                more, told = _step_row(name, level.fit, earlier, before, rows)
                row |= more
                notices += told
            before = name
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS), (*notices, *_state_notices(levels))


def held_at(parameter: str) -> str:
    """The level from which a parameter is held equal.

    Examples
    --------
    >>> [held_at(one) for one in ("f=~x1", "x1~1", "x1~~x1")]
    ['metric', 'scalar', 'strict']
    """
    if "|" in parameter:
        return "thresholds"
    return "metric" if "=~" in parameter else "strict" if "~~" in parameter else "scalar"


def reached(level: str) -> tuple[str, ...]:
    """The constrained levels up to this one."""
    return ORDINAL[1 : ORDINAL.index(level) + 1]


def configural_verdict(row: Mapping[str, float], admissible: bool = True) -> str:
    """Whether the model fits all groups: CFI and SRMR, indices of different classes, as the rule asks."""
    known = {name: row[name] for name in ("cfi", "srmr") if not math.isnan(row[name])}
    if len(known) < 2:
        return "doubtful"
    met = [one.met for one in interpret(known, FIT_RULE)]
    return "holds" if all(met) and admissible else "doubtful" if any(met) else "fails"


def _fit_row(fit: SemFit) -> dict[str, Any]:
    measures = fit.fit_measures
    use = reported(measures)
    return (
        {"n_free": int(measures["npar"])}
        | {name: float(measures[use[name]]) for name in FIT}
        | {"df": int(measures["df"])}
    )


def _step_row(
    name: str, fit: SemFit, earlier: SemFit, before: str, rows: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[Notice]]:
    """Changes against the level before, the test of the difference, and the verdicts."""
    last = next(row for row in reversed(rows) if row["level"] == before)
    now = _fit_row(fit)
    changes = {change: now[change[6:]] - last[change[6:]] for change in CHANGES}
    row: dict[str, Any] = dict(changes)
    notices: list[Notice] = []
    try:
        comparison = compare(earlier, fit, names=[before, name])
        test = comparison.table.iloc[-1]
        row |= {
            "chisq_diff": float(test["chisq_diff"]),
            "df_diff": int(test["df_diff"]),
            "p_diff": float(test["pvalue"]),
        }
        notices += [one for one in comparison.warnings if one.key == "evaluation.negative_scaling"]
    except CxlabError as error:
        notices.append(Notice("invariance.no_test", {"level": name, "why": Notice(error.key, error.values)}))
    if any(math.isnan(value) for value in changes.values()):
        return row | {"verdict": "doubtful"}, notices
    step = judge_step(name, changes, fit.n_obs)
    row |= {"cheung_rensvold": step.cheung_rensvold, "chen": step.chen, "chen_rule": step.rule, "verdict": step.verdict}
    return row, notices


def _state_notices(levels: Mapping[str, Level]) -> tuple[Notice, ...]:
    found = []
    for name, level in levels.items():
        if level.state != "ok":
            why = level.reasons[0] if level.reasons else ""
            found.append(
                Notice(f"invariance.level_{level.state}", {"level": level_name(name), "why": why}, serious=True)
            )
    return tuple(found)


def level_name(level: str) -> Notice:
    """A level in words, in whatever language is in use."""
    return Notice(f"invariance.level_{level}")
