"""`cx.structure_contest`: one factor, correlated factors, a second order or a general factor, in one table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from cxlab.analyses.moments import Moments
from cxlab.analyses.sem import cfa
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.sem_text import reported
from cxlab.analyses.structure_contest_indices import general_table, group_table, item_table
from cxlab.analyses.structure_contest_result import StructureContest
from cxlab.analyses.validity_blocks import Blocks, Constructs, Measured, read_blocks
from cxlab.analyses.validity_difference import difference
from cxlab.errors import DataError, EstimationError, IdentificationError, ModelError, Notice
from cxlab.survey.survey import Survey
from cxlab.theory.structures import STRUCTURES, Structure, check_structure, structure_text

FIT_COLUMNS = [
    "structure", "n_free", "chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr",
    "aic", "bic", "converged", "admissible", "state", "reason",
]  # fmt: skip
TEST_COLUMNS = ["restricted", "free", "chisq_diff", "df_diff", "pvalue", "admissible"]
_NESTED = (("one_factor", "correlated"), ("second_order", "correlated"), ("second_order", "bifactor"))
# Whatever the structure, these stand in the way of all of them.
_FATAL = (DataError,)


@dataclass(frozen=True, eq=False)
class Entry:
    """One structure: its fit, or why there is none."""

    fit: SemFit | None
    state: str
    reasons: tuple[Notice, ...]


def structure_contest(
    data: Survey | pd.DataFrame | Moments,
    constructs: Constructs = None,
    structures: Sequence[str] = STRUCTURES,
    *,
    estimator: str | None = None,
    missing: str = "listwise",
    ordered: object = None,
    general: str = "general",
) -> StructureContest:
    """Components in theory, one feeling in the customer? Rival structures of a questionnaire, held to the same answers.

    When to use it: an experience that theory divides into components (Gentile's six, Schmitt's five), before its scores
    are added up or kept apart. Fit alone cannot decide: a bifactor model nearly always fits best, so read what the
    general factor and each component carry.

    Parameters
    ----------
    data : Survey, DataFrame or Moments
        One row a respondent. Reversed items of the codebook are turned.
    constructs : mapping of name to list of str, list of names, model text, or None
        The components with their items; None takes all reflective constructs of the codebook with two items or more.
        Leave outcomes such as satisfaction out: they are no part of the experience.
    structures : sequence of {"one_factor", "correlated", "second_order", "bifactor"}
        Which to fit.
    estimator : str, optional
        As in `cx.cfa`. Default "MLR"; "ML" for published moments, "WLSMV" with ordinal items.
    missing : {"listwise", "fiml"}
        As in `cx.cfa`.
    ordered : bool or sequence of str, optional
        Ordinal items, as in `cx.cfa`. There is then no AIC and BIC, and omegas are those of the responses behind the
        answers.
    general : str
        Name of the general factor in the model texts.

    Returns
    -------
    StructureContest
        ``.table``, one row a structure: structure n_free chisq df pvalue cfi tli rmsea rmsea_ci_lower rmsea_ci_upper
        srmr aic bic converged admissible state reason; test and indices are the robust ones where the estimator has
        them. ``state``: ``ok``, ``inadmissible``, ``not_converged``, ``not_identified``, ``not_fitted``; ``reason`` in
        words. ``.tests``: restricted free chisq_diff df_diff pvalue admissible (whether both are). ``.general``:
        structure omega_total omega_h ecv puc h determinacy. ``.groups``: structure construct n_items loading omega_s
        omega_hs ecv h determinacy. ``.items``: structure construct item general group item_ecv. ``.fits[name]``: the
        fits. ``.verdict`` and ``.reading(lang)``: the answer in words.

    Raises
    ------
    DataError
        Unknown constructs or items, fewer than two constructs with two items or more, too few rows, constant items.
    ModelError
        An item in two constructs, an unknown structure, a name that stands for two things.

    Notes
    -----
    One factor is nested in correlated factors, a second order in correlated factors (with three constructs they are the
    same model, with two it is not identified), and a second order in a bifactor model (Yung et al., 1999), unless a
    construct has two items, whose loadings are then held equal. Correlated factors and bifactor are not nested:
    compare AIC and BIC. Omegas, ECV, PUC, H and determinacy as in `cxlab.evaluate.omega`; those of the second order
    after Schmid and Leiman (1957). ``omega_h`` of it equals ``semTools::reliabilityL2(fit)["omegaL1"]`` of standardised
    answers; ``psych::omegaFromSem`` divides by the sample's correlations and so differs in the third decimal.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> tests = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
    >>> contest = structure_contest(get_data(), tests)
    >>> contest.table[["structure", "chisq", "df", "state"]].round(1).to_numpy().tolist()
    [['one_factor', 315.8, 27, 'ok'], ['correlated', 87.1, 24, 'ok'],
     ['second_order', 87.1, 24, 'ok'], ['bifactor', 37.8, 18, 'inadmissible']]
    >>> contest.verdict
    'components'
    """
    names = _structures(structures)
    found = read_blocks(data, constructs)
    how = estimator or ("WLSMV" if ordered else "ML" if found.survey is None else "MLR")
    options = {"estimator": how, "missing": missing, "ordered": ordered}
    entries: dict[str, Entry] = {name: _entry(name, found, general, options) for name in names}
    fits = {name: entry.fit for name, entry in entries.items() if entry.fit is not None}
    if not fits:
        raise EstimationError("validity.no_structure", why="; ".join(str(one) for one in _reasons(entries)))
    tests, told = _tests(fits, found.blocks)
    return StructureContest(
        table=pd.DataFrame([_row(name, entry) for name, entry in entries.items()], columns=FIT_COLUMNS),
        tests=tests,
        general=general_table(fits, found.blocks, general),
        groups=group_table(fits, found.blocks, general),
        items=item_table(fits, found.blocks, general),
        fits=fits,
        reasons={name: entry.reasons for name, entry in entries.items()},
        blocks=found.blocks,
        warnings=(*found.notices, *_row_notices(fits, found.notices), *_notes(found.blocks, names), *told),
        estimator=how,
        n_obs=next(iter(fits.values())).n_obs,
        labels=found.labels,
        simulated=found.simulated,
    )


def _structures(structures: Sequence[str]) -> list[Structure]:
    wanted = [structures] if isinstance(structures, str) else list(structures)
    if not wanted:
        raise ModelError("validity.no_structures", known=", ".join(STRUCTURES))
    return [check_structure(name) for name in dict.fromkeys(wanted)]


def _entry(name: Structure, found: Measured, general: str, options: dict[str, Any]) -> Entry:
    """The structure fitted, or the reason why not."""
    if name == "second_order" and len(found.blocks) == 2:
        return Entry(None, "not_identified", (Notice("validity.second_of_two", serious=True),))
    text = structure_text(found.blocks, name, general=general, comments=False)
    try:
        fit = cfa(text, found.data, **options)
    except _FATAL:
        raise
    except IdentificationError as error:
        of_two = name == "bifactor" and len(found.blocks) == 2
        why = Notice("validity.bifactor_of_two") if of_two else Notice(error.key, error.values)
        return Entry(None, "not_identified", (replace(why, serious=True),))
    except EstimationError as error:
        return Entry(None, "not_fitted", (Notice(error.key, error.values, serious=True),))
    if not fit.converged:
        return Entry(fit, "not_converged", fit.warnings[:1])
    return Entry(fit, "ok" if fit.admissible else "inadmissible", fit.admissibility)


def _row(name: str, entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"structure": name, "state": entry.state, "converged": False, "admissible": False}
    row["reason"] = " ".join(notice.text() for notice in entry.reasons)
    if entry.fit is None or not entry.fit.converged:
        return row
    measures = entry.fit.fit_measures
    row |= {key: float(measures[source]) for key, source in reported(measures).items()}
    row |= {key: float(measures.get(key, math.nan)) for key in ("aic", "bic")}
    row |= {"n_free": int(measures["npar"]), "df": int(measures["df"])}
    return row | {"converged": True, "admissible": entry.fit.admissible}


def _tests(fits: dict[str, SemFit], blocks: Blocks) -> tuple[pd.DataFrame, list[Notice]]:
    """Chi-square differences of the nested structures that converged."""
    rows: list[dict[str, Any]] = []
    notices: list[Notice] = []
    for restricted, free in _NESTED:
        if not (_solved(fits, restricted) and _solved(fits, free)) or not _nested(restricted, free, blocks):
            continue
        row: dict[str, Any] = {"restricted": restricted, "free": free}
        row["admissible"] = fits[restricted].admissible and fits[free].admissible
        found = difference(fits[free], fits[restricted], f"{restricted} – {free}")
        rows.append(row | {"chisq_diff": found.chisq, "df_diff": found.df, "pvalue": found.p})
        notices += found.notices
    return pd.DataFrame(rows, columns=TEST_COLUMNS).astype({"admissible": bool}), notices


def _solved(fits: dict[str, SemFit], name: str) -> bool:
    return name in fits and fits[name].converged


def _nested(restricted: str, free: str, blocks: Blocks) -> bool:
    """Whether the first really is a restriction of the second for these constructs."""
    if free == "correlated":
        return restricted == "one_factor" or len(blocks) > 3
    return all(len(items) > 2 for items in blocks.values())


def _row_notices(fits: dict[str, SemFit], told: Sequence[Notice]) -> list[Notice]:
    """What the fits say of the rows they used; the largest model's words where several say the same."""
    known = {notice.key for notice in told}
    by_key = {notice.key: notice for fit in fits.values() for notice in fit.request.notices}
    return [notice for key, notice in by_key.items() if key not in known]


def _notes(blocks: Blocks, names: Sequence[str]) -> list[Notice]:
    notices = []
    short = [name for name, items in blocks.items() if len(items) == 2]
    if "bifactor" in names and short:
        notices.append(Notice("validity.bifactor_two_items", {"constructs": ", ".join(short)}))
    if {"second_order", "correlated"} <= set(names) and len(blocks) == 3:
        notices.append(Notice("validity.second_of_three"))
    return notices


def _reasons(entries: dict[str, Entry]) -> list[Notice]:
    return [notice for entry in entries.values() for notice in entry.reasons]
