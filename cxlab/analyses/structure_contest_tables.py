"""A contest of structures as tables for a paper and as a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.result import bilingual, each, in_language
from cxlab.analyses.structure_contest_text import rules, structure_name
from cxlab.evaluate.rules import rule_limit, rule_note
from cxlab.i18n import Language, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.structure_contest_result import StructureContest


def _fit_table(contest: StructureContest, lang: Language | None) -> Table:
    """Fit of all structures; those that could not be read keep their reason in the notes."""
    rows = contest.table
    frame = rows.assign(structure=_names_with_states(rows["structure"], rows["state"]))
    columns = {
        "structure": Column("validity.col_structure"),
        "chisq": Column("χ²", "number", digits=1),
        "df": Column("evaluation.col_df", "integer"),
        "pvalue": Column("evaluation.col_p", "p"),
        "cfi": Column("CFI", "bounded", digits=3),
        "tli": Column("TLI", "bounded", digits=3),
        "rmsea": Column("RMSEA", "bounded", digits=3),
        "rmsea_ci": Column("sem.col_ci90", "interval", 3, parts=("rmsea_ci_lower", "rmsea_ci_upper"), bounded=True),
        "srmr": Column("SRMR", "bounded", digits=3),
        "aic": Column("AIC", "integer"),
        "bic": Column("BIC", "integer"),
    }
    columns = {name: own for name, own in columns.items() if name not in ("aic", "bic") or rows[name].notna().any()}
    why = tuple(
        each(lambda lang, name=name: _reason(contest, name, lang))  # type: ignore[misc]
        for name, reasons in contest.reasons.items()
        if reasons
    )
    corrected = (bilingual("sem.note_corrected"),) if contest.estimator != "ML" else ()
    rule = each(lambda lang: rule_note("hu_bentler_1999", lang))
    notes = (*_notes(contest), *corrected, *why, rule)
    return in_language(Table(frame, columns, "validity.contest_title", notes=notes), lang)


def _general_table(contest: StructureContest, lang: Language | None) -> Table:
    frame = contest.general.assign(structure=_names(contest.general["structure"]))
    columns = {
        "structure": Column("validity.col_structure"),
        "omega_total": Column("ω", "bounded"),
        "omega_h": Column("ωh", "bounded"),
        "ecv": Column("ECV", "bounded"),
        "puc": Column("PUC", "bounded"),
        "h": Column("H", "bounded"),
        "determinacy": Column("validity.col_determinacy", "bounded"),
    }
    notes = (*_notes(contest), bilingual("validity.note_general"), *_rules())
    return in_language(Table(frame, columns, "validity.general_title", notes=notes), lang)


def _group_table(contest: StructureContest, lang: Language | None) -> Table:
    rows = contest.groups
    named = _names(rows["structure"])
    frame = rows.assign(structure=named, construct=[contest.named(name) for name in rows["construct"]])
    columns = {
        "construct": Column("validity.col_construct"),
        "n_items": Column("validity.col_items", "integer"),
        "loading": Column("validity.col_second", "bounded"),
        "omega_s": Column("ωs", "bounded"),
        "omega_hs": Column("ωhs", "bounded"),
        "ecv": Column("ECV", "bounded"),
        "h": Column("H", "bounded"),
        "determinacy": Column("validity.col_determinacy", "bounded"),
    }
    notes = (*_notes(contest), bilingual("validity.note_groups"), *_rules())
    table = Table(frame, columns, "validity.groups_title", notes=notes, group="structure")
    return in_language(table, lang)


def _test_table(contest: StructureContest, lang: Language | None) -> Table:
    rows = contest.tests
    doubt = ["" if sound else bilingual("validity.state_one_inadmissible") for sound in rows["admissible"]]
    frame = rows.assign(restricted=_names(rows["restricted"]), free=_names(rows["free"]), doubt=doubt)
    columns = {
        "restricted": Column("validity.col_restricted"),
        "free": Column("validity.col_free"),
        "chisq_diff": Column("Δχ²", "number"),
        "df_diff": Column("Δdf", "integer"),
        "pvalue": Column("evaluation.col_p", "p"),
    }
    if any(doubt):
        columns["doubt"] = Column("validity.col_note")
    notes = (*_notes(contest), bilingual("validity.note_contest_tests"))
    return in_language(Table(frame, columns, "validity.contest_tests_title", notes=notes), lang)


MAKERS: Mapping[str, Callable[[Any, Language | None], Table]] = {
    "fit": _fit_table,
    "general": _general_table,
    "groups": _group_table,
    "tests": _test_table,
}


def figure(contest: StructureContest, lang: Language | None = None) -> Figure:
    """Fit as dots against the rule's limits, and the parts of each score as bars."""
    from cxlab.show.contest import contest_figure

    fits = contest.table.assign(
        label=[structure_name(name, lang) for name in contest.table["structure"]],
        note=["" if state == "ok" else tr(f"validity.state_{state}", lang) for state in contest.table["state"]],
    )
    limits = {name: rule_limit("hu_bentler_1999", name) for name in ("cfi", "rmsea", "srmr")}
    scores = _scores(contest, lang)
    title = bilingual("validity.simulated_title", title=bilingual("validity.contest_title"))
    source = contest.judged
    heading = tr("validity.scores_heading", lang, structure=structure_name(source, lang)) if source else ""
    return contest_figure(fits, limits, scores, heading=heading, title=title if contest.simulated else None, lang=lang)


def _scores(contest: StructureContest, lang: Language | None) -> pd.DataFrame:
    """Shares of the total score and of each component's: general factor, components, the rest."""
    columns = ["label", "general", "own", "rest"]
    if contest.judged is None:
        return pd.DataFrame(columns=columns)
    row = contest.general_row(contest.judged)
    total = tr("validity.total_score", lang)
    found = [(total, row["omega_h"], row["omega_total"] - row["omega_h"], 1 - row["omega_total"])]
    for one in contest.groups[contest.groups["structure"] == contest.judged].to_dict("records"):
        general = one["omega_s"] - one["omega_hs"]
        found.append((contest.name(one["construct"], lang), general, one["omega_hs"], 1 - one["omega_s"]))
    return pd.DataFrame(found, columns=columns).replace([np.inf, -np.inf], np.nan).dropna()


def _names(names: pd.Series) -> list[Mapping[str, str]]:
    """The structures in words; one object a structure, so that rows group by it."""
    held = {name: each(lambda lang, name=name: structure_name(name, lang)) for name in dict.fromkeys(names)}  # type: ignore[misc]
    return [held[name] for name in names]


def _names_with_states(names: pd.Series, states: pd.Series) -> list[Mapping[str, str]]:
    """The structures in words, with what keeps one from being read."""
    return [
        each(lambda lang, name=name, state=state: _name_with_state(name, state, lang))  # type: ignore[misc]
        for name, state in zip(names, states, strict=True)
    ]


def _name_with_state(name: str, state: str, lang: Language | None) -> str:
    text = structure_name(name, lang)
    return text if state == "ok" else f"{text} ({tr(f'validity.state_{state}', lang)})"


def _reason(contest: StructureContest, name: str, lang: Language | None) -> str:
    return f"{structure_name(name, lang)}: " + " ".join(one.text(lang) for one in contest.reasons[name])


def _notes(contest: StructureContest) -> tuple[Mapping[str, str], ...]:
    note = bilingual("validity.note_contest", n=contest.n_obs, estimator=contest.estimator)
    return (note, *contest.told())


def _rules() -> tuple[Mapping[str, str], ...]:
    return tuple(each(lambda lang, place=place: rules(lang)[place]) for place in range(2))  # type: ignore[misc]
