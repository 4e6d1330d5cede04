"""`cx.reviewer_checklist`: what a reviewer asks, answered by the results at hand, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cxlab.analyses.describe import describe
from cxlab.analyses.missing_data import missing_data
from cxlab.analyses.pls_checklist import pls_checklist
from cxlab.analyses.pls_result import PlsFit
from cxlab.analyses.reliability import reliability as reliability_of
from cxlab.analyses.reviewer_checklist_base import Results, answered
from cxlab.analyses.reviewer_checklist_before import BEFORE
from cxlab.analyses.reviewer_checklist_measurement import MEASUREMENT
from cxlab.analyses.reviewer_checklist_result import ReviewerChecklist
from cxlab.analyses.reviewer_checklist_structure import STRUCTURE
from cxlab.analyses.sem import sem
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.unpack import source_notices
from cxlab.analyses.validity import htmt as htmt_of
from cxlab.analyses.validity_blocks import of_fit
from cxlab.errors import CxlabError, ModelError, Notice
from cxlab.evaluate.checklist import checklist
from cxlab.specify import Model
from cxlab.survey.survey import Survey, as_survey

_ANSWERS = {**BEFORE, **MEASUREMENT, **STRUCTURE}
# What each word takes: the names of the result classes.
SLOTS: Mapping[str, tuple[str, ...]] = {
    "fit": ("SemFit",),
    "survey": ("Survey",),
    "missing": ("MissingData", "MissingComparison"),
    "describe": ("Description",),
    "method_bias": ("MethodBias",),
    "reliability": ("Reliability",),
    "htmt": ("Htmt",),
    "invariance": ("Invariance",),
    "bootstrap": ("SemBootstrap",),
    "rivals": ("StructureContest", "Comparison"),
    "curve": ("SpecificationCurve",),
    "power": ("Power",),
}


def reviewer_checklist(
    fit: SemFit | PlsFit | None = None,
    *,
    survey: Survey | None = None,
    missing: Any = None,
    describe: Any = None,
    method_bias: Any = None,
    reliability: Any = None,
    htmt: Any = None,
    invariance: Any = None,
    bootstrap: Any = None,
    rivals: Any = None,
    curve: Any = None,
    power: Any = None,
) -> ReviewerChecklist:
    """What reviewers ask of a survey study, with the number, the rule and its source for each line.

    When to use it: before a paper is sent off. A line without a result says what would make it; a line that numbers
    cannot answer says what to write. Rules are conventions: report the value with its interval, then the rule.

    Parameters
    ----------
    fit : SemFit or PlsFit, optional
        A result of `cx.sem` or `cx.cfa`: loadings, convergence, fit, local fit, paths, R², collinearity. For one of
        `cx.pls` there is another list, which takes other results: ``fit.checklist(bootstrap=..., prediction=...)``.
    survey : Survey, optional
        With its record of screening and exclusions. Default: the survey behind `fit`.
    missing : MissingData or MissingComparison, optional
    describe : Description, optional
    method_bias : MethodBias, optional
    reliability : Reliability, optional
    htmt : Htmt, optional
    invariance : Invariance, optional
    bootstrap : SemBootstrap, optional
    rivals : StructureContest or Comparison, optional
    curve : SpecificationCurve, optional
    power : Power, optional
        Results of the functions of these names.

    Returns
    -------
    ReviewerChecklist
        ``.table``: line, part, ask, state (``met``, ``not_met``, ``reported``: no cut-off exists, ``to_write``,
        ``open``: no result yet, ``not_needed``), value, answer, rule, source, status, call. ``.open``: the lines
        without a result.

    Raises
    ------
    ModelError
        A result of another kind than its word says.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> from cxlab.analyses.sem import cfa
    >>> found = reviewer_checklist(cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", get_data()))
    >>> rows = found.table.set_index("line")
    >>> rows.loc[["convergent", "fit", "reliability"], "state"].tolist()
    ['not_met', 'not_met', 'open']
    """
    given = {name: value for name, value in locals().items() if value is not None}
    if isinstance(fit, PlsFit):
        return pls_checklist(**given)
    for name, value in given.items():
        kinds = {one.__name__ for one in type(value).__mro__}
        if not kinds & set(SLOTS[name]):
            wanted = " / ".join(SLOTS[name])
            raise ModelError("checklist.wrong_result", name=name, given=type(value).__name__, wanted=wanted)
    if fit is not None and survey is None and fit.request.survey is not None:
        given["survey"] = fit.request.survey
    results = Results(given)
    lines = tuple(answered(line, results, _ANSWERS) for line in checklist())
    simulated = any(bool(getattr(value, "simulated", False)) for value in given.values())
    notices = [] if "survey" not in given else source_notices(given["survey"])
    return ReviewerChecklist(lines=lines, warnings=tuple(notices), simulated=simulated)


def measurement_report(
    model: str | Model, data: Survey | pd.DataFrame, *, seed: int, n_boot: int = 1000, **options: Any
) -> ReviewerChecklist:
    """The checklist with all that a model and its data can answer at once: the short way for a first look.

    Parameters
    ----------
    model : str or Model
        lavaan syntax.
    data : Survey or DataFrame
        One row a respondent.
    seed : int
        For the intervals of HTMT.
    n_boot : int
        Resamples behind them; 5000 for a paper.
    **options
        For `cx.sem`; the estimator is MLR unless named.

    Returns
    -------
    ReviewerChecklist
        With the results behind it in ``.results``.

    Raises
    ------
    DataError, ModelError, ModelSyntaxError
        As in `cx.sem`.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> found = measurement_report("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", get_data(), seed=1, n_boot=200)
    >>> rows = found.table.set_index("line")
    >>> rows.loc[["missing", "reliability", "discriminant"], "state"].tolist()
    ['met', 'not_met', 'met']
    """
    from dataclasses import replace

    survey = as_survey(data)
    fit = sem(model, survey, **{"estimator": "MLR", **options})
    items = list(dict.fromkeys(fit.partable.variables.ov))
    blocks = {name: list(own) for name, own in of_fit(fit).items() if len(own) > 1}
    makers: dict[str, Any] = {
        "missing": lambda: missing_data(survey, items),
        "describe": lambda: describe(survey, items),
        "reliability": lambda: reliability_of(survey, blocks),
        "htmt": lambda: htmt_of(survey, blocks, n_boot=n_boot, seed=seed),
    }
    made: dict[str, Any] = {}
    notices: list[Notice] = []
    for name, maker in makers.items():
        try:
            made[name] = maker()
        except CxlabError as error:
            notices.append(Notice("checklist.failed", {"name": name, "why": Notice(error.key, error.values)}, True))
    found = reviewer_checklist(fit, survey=survey, **made)
    return replace(found, results={"fit": fit, **made}, warnings=(*notices, *found.warnings))
