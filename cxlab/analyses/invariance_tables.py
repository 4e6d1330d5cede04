"""Invariance as tables for a paper and as figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.invariance_fits import CHANGES
from cxlab.analyses.invariance_release import KINDS
from cxlab.analyses.invariance_text import cells, head, level_word, rules, verdict_word
from cxlab.analyses.result import bilingual, each, in_language
from cxlab.errors import EstimationError
from cxlab.evaluate.invariance import release_tests
from cxlab.evaluate.rules import rule_limit
from cxlab.i18n import Language
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.analyses.invariance_result import Invariance

_SHOWN = 10


def _levels_table(found: Invariance, lang: Language | None) -> Table:
    columns = {
        "level": Column("invariance.col_level"),
        "chisq": Column("χ²", "number"),
        "df": Column("evaluation.col_df", "integer"),
        "pvalue": Column("evaluation.col_p", "p"),
        "cfi": Column("CFI", "bounded", digits=3),
        "rmsea": Column("RMSEA", "bounded", digits=3),
        "rmsea_ci": Column("sem.col_ci90", "interval", 3, parts=("rmsea_ci_lower", "rmsea_ci_upper"), bounded=True),
        "srmr": Column("SRMR", "bounded", digits=3),
    }
    corrected = () if found.setting.estimator == "ML" else (bilingual("sem.note_corrected"),)
    notes = (*_notes(found), *corrected)
    return in_language(Table(_named(found), columns, "invariance.levels_title", notes=notes), lang)


def _changes_table(found: Invariance, lang: Language | None) -> Table:
    frame = _named(found)
    for name in ("cheung_rensvold", "chen", "verdict"):
        frame[name] = [each(lambda lang, one=one: verdict_word(one, lang)) if one else "–" for one in frame[name]]  # type: ignore[misc]
    columns = {
        "level": Column("invariance.col_level"),
        "chisq_diff": Column("Δχ²", "number"),
        "df_diff": Column("Δdf", "integer"),
        "p_diff": Column("evaluation.col_p", "p"),
        "delta_cfi": Column("ΔCFI", "bounded", digits=3),
        "delta_rmsea": Column("ΔRMSEA", "bounded", digits=3),
        "delta_srmr": Column("ΔSRMR", "bounded", digits=3),
        "cheung_rensvold": Column("Cheung & Rensvold"),
        "chen": Column("Chen"),
        "verdict": Column("invariance.col_verdict"),
    }
    said = tuple(each(lambda lang, place=place: rules(found, lang)[place]) for place in range(len(rules(found, None))))  # type: ignore[misc]
    notes = (*_notes(found), bilingual("invariance.note_changes"), *said)
    return in_language(Table(frame, columns, "invariance.changes_title", notes=notes), lang)


def _suggestions_table(found: Invariance, lang: Language | None) -> Table:
    frame = found.suggest(maximum_number=_SHOWN)
    shown = frame.assign(
        level=cells(frame["level"], lambda one: each(lambda lang: level_word(one, lang))),
        between=[_between(found, row["low_group"], row["high_group"]) for row in frame.to_dict("records")],
    )
    columns = {
        "parameter": Column("invariance.col_parameter"),
        "chisq": Column("χ²", "number"),
        "df": Column("evaluation.col_df", "integer"),
        "pvalue": Column("evaluation.col_p", "p"),
        "p_holm": Column("invariance.col_p_holm", "p"),
        "between": Column("invariance.col_groups"),
        "difference": Column("invariance.col_difference", "number"),
        "difference_sd": Column("invariance.col_sd", "number"),
    }
    notes = (*_notes(found), bilingual("invariance.note_suggestions"))
    return in_language(Table(shown, columns, "invariance.suggestions_title", notes=notes, group="level"), lang)


def _between(found: Invariance, low: str, high: str) -> Mapping[str, str]:
    return each(lambda lang: f"{found.group_name(low, lang)} < {found.group_name(high, lang)}")


MAKERS: Mapping[str, Callable[[Any, Language | None], Table]] = {
    "levels": _levels_table,
    "changes": _changes_table,
    "suggestions": _suggestions_table,
}


def _named(found: Invariance) -> pd.DataFrame:
    frame = found.table
    frame["level"] = [
        each(lambda lang, row=row: level_word(row["level"], lang, row["partial"]))  # type: ignore[misc]
        for row in frame.to_dict("records")
    ]
    return frame


def _notes(found: Invariance) -> tuple[Mapping[str, str], ...]:
    made = found.told() if not found.simulated else found.told()[1:]
    return (each(lambda lang: head(found, lang)), *made)


def fit_figure(found: Invariance, lang: Language | None = None) -> Figure:
    """Change of CFI, RMSEA and SRMR at each level against Chen's limits."""
    from cxlab.show.invariance import changes_figure

    rows = found.table.dropna(subset=["delta_cfi"])
    if rows.empty:
        raise EstimationError("invariance.nothing_to_plot")
    frame = rows[list(CHANGES)].assign(
        label=[level_word(row["level"], lang, row["partial"]) for row in rows.to_dict("records")],
        verdict=rows["verdict"],
        note=[verdict_word(one, lang) for one in rows["verdict"]],
    )
    for name in CHANGES:
        frame[f"{name}_limit"] = [rule_limit(rule, name) if rule else np.nan for rule in rows["chen_rule"]]
    return changes_figure(frame, title=_title(found, "invariance.changes_title"), lang=lang)


def items_figure(found: Invariance, lang: Language | None = None) -> Figure:
    """Each item's loading and intercept in every group, if it alone were free, against the common value."""
    from cxlab.show.invariance import deviations_figure

    frame = deviations(found)
    if frame.empty:
        raise EstimationError("invariance.nothing_to_plot")
    frame["label"] = [found.name(item, lang) for item in frame["item"]]
    frame["block"] = [found.name(construct, lang) for construct in frame["construct"]]
    frame["group"] = [found.group_name(group, lang) for group in frame["group"]]
    return deviations_figure(frame, title=_title(found, "invariance.items_title"), lang=lang)


def deviations(found: Invariance) -> pd.DataFrame:
    """Expected value of each loading and intercept by group once it is free, less the groups' mean, in item SDs."""
    rows = []
    for level in ("metric", "scalar"):
        if level not in found.solved:
            continue
        fit = found.fits[level]
        marked = found.suggest(level).set_index("item")
        for test in release_tests(fit.fitted, KINDS[level]).to_dict("records"):
            values = np.array([float(test[number]) for number in range(1, len(fit.groups) + 1)])
            line = marked.loc[test["item"]]
            scale = float(line["difference_sd"] / line["difference"]) if line["difference"] > 0 else 0.0
            middle = float(fit.fitted.shares @ values)
            for group, value in zip(fit.groups, values, strict=True):
                rows.append(
                    {
                        "kind": test["kind"],
                        "construct": line["construct"],
                        "item": test["item"],
                        "group": group,
                        "deviation": (value - middle) * scale,
                        "clear": bool(line["p_holm"] < 0.05),
                    }
                )
    return pd.DataFrame(rows, columns=["kind", "construct", "item", "group", "deviation", "clear"])


FIGURES: Mapping[str, Callable[[Any, Language | None], Any]] = {"fit": fit_figure, "items": items_figure}


def _title(found: Invariance, key: str) -> Any:
    return bilingual("validity.simulated_title", title=bilingual(key)) if found.simulated else key
