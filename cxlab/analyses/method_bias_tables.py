"""Method bias as tables for a paper: all techniques, or one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.invariance_text import cells
from cxlab.analyses.method_bias_text import bounded, head, rules, technique
from cxlab.analyses.result import bilingual, each, in_language
from cxlab.i18n import Language, format_number, format_p
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.method_bias_result import MethodBias


def _overview(found: MethodBias, lang: Language | None) -> Table:
    rows = found.table
    frame = pd.DataFrame(
        {
            "technique": cells(rows["technique"], lambda one: each(lambda lang: technique(one, lang))),
            "statistic": cells(rows["statistic"], lambda one: bilingual(f"method_bias.statistic_{one}")),
            "value": [_value(row["statistic"], row["value"]) for row in rows.to_dict("records")],
            "sign": [_sign(row) for row in rows.to_dict("records")],
        }
    )
    columns = {
        "technique": Column("method_bias.col_technique"),
        "statistic": Column("method_bias.col_statistic"),
        "value": Column("method_bias.col_value"),
        "sign": Column("method_bias.col_sign"),
    }
    said = tuple(each(lambda lang, place=place: rules(found, lang)[place]) for place in range(len(rules(found, None))))  # type: ignore[misc]
    notes = (*_notes(found), bilingual("method_bias.note_overview"), *said)
    return in_language(Table(frame, columns, "method_bias.overview_title", notes=notes), lang)


def _value(statistic: str, value: float) -> Any:
    """A number with its own dress, in every language."""
    if pd.isna(value):
        return "–"
    if statistic.startswith("vif"):
        return each(lambda lang: format_number(value, 2, lang=lang))
    if statistic == "lost":
        return f"{value:.0f}"
    if statistic in ("p_diff", "method_c", "method_r"):
        return each(lambda lang: format_p(value, lang).replace(" ", "\u00a0"))  # "< .001" stays on one line
    return each(lambda lang: bounded(value, lang))


def _sign(row: Mapping[Any, Any]) -> Any:
    """Whether the technique gives a sign of bias; only what a rule or a test decides."""
    if row["met"] is None or pd.isna(row["met"]):
        return "–"
    key = "no" if row["met"] else "effect" if row["statistic"] == "method_c" else "yes"
    return bilingual(f"method_bias.sign_{key}")


def _harman(found: MethodBias, lang: Language | None) -> Table:
    frame = found.harman
    values = [
        f"{value:.0f}" if name == "eigenvalues" else _value("share", value)
        for name, value in zip(frame["statistic"], frame["value"], strict=True)
    ]
    frame = pd.DataFrame(
        {"statistic": [bilingual(f"method_bias.statistic_{one}") for one in frame["statistic"]], "value": values}
    )
    columns = {"statistic": Column("method_bias.col_statistic"), "value": Column("method_bias.col_value")}
    notes = (*_notes(found), bilingual("method_bias.note_harman"))
    return in_language(Table(frame, columns, "method_bias.harman_title", notes=notes), lang)


def _models(found: MethodBias, lang: Language | None) -> Table:
    notes = (*_notes(found), bilingual("method_bias.note_models"))
    return _model_table(found.models, "method_bias.models_title", notes, lang)


def _marker(found: MethodBias, lang: Language | None) -> Table:
    notes = (*_notes(found), bilingual("method_bias.note_marker"))
    return _model_table(found.marker_models, "method_bias.marker_title", notes, lang)


def _model_table(rows: pd.DataFrame, title: str, notes: tuple[Any, ...], lang: Language | None) -> Table:
    frame = rows.assign(
        model=[bilingual(f"method_bias.model_{one}") for one in rows["model"]],
        against=[bilingual(f"method_bias.model_{one}") if one else "–" for one in rows["against"]],
        state=["" if one == "ok" else bilingual(f"method_bias.short_{one}") for one in rows["state"]],
    )
    columns = {
        "model": Column("method_bias.col_model"),
        "chisq": Column("χ²", "number"),
        "df": Column("evaluation.col_df", "integer"),
        "cfi": Column("CFI", "bounded", digits=3),
        "rmsea": Column("RMSEA", "bounded", digits=3),
        "srmr": Column("SRMR", "bounded", digits=3),
        "against": Column("method_bias.col_against"),
        "chisq_diff": Column("Δχ²", "number"),
        "df_diff": Column("Δdf", "integer"),
        "p_diff": Column("evaluation.col_p", "p"),
        "method_share": Column("method_bias.col_share", "percent", digits=0),
        "loading_change": Column("method_bias.col_loading_change", "bounded"),
        "correlation_change": Column("method_bias.col_correlation_change", "bounded"),
    }
    if any(frame["state"].astype(bool)):
        columns["state"] = Column("validity.col_note")
    return in_language(Table(frame, columns, title, notes=notes), lang)


def _decomposition(found: MethodBias, lang: Language | None) -> Table:
    rows = found.decomposition
    frame = rows.assign(construct=[found.named(name) for name in rows["construct"]])
    columns = {
        "construct": Column("validity.col_construct"),
        "total": Column("method_bias.col_total", "bounded"),
        "substantive": Column("method_bias.col_substantive", "bounded"),
        "method": Column("method_bias.col_method", "bounded"),
        "percent": Column("method_bias.col_percent", "percent", digits=0),
    }
    model = bilingual(f"method_bias.model_{found.chosen}") if found.chosen else "–"
    notes = (*_notes(found), bilingual("method_bias.note_decomposition", model=model))
    return in_language(Table(frame, columns, "method_bias.decomposition_title", notes=notes), lang)


def _correlations(found: MethodBias, lang: Language | None) -> Table:
    rows = found.correlations
    pairs = [
        each(lambda lang, row=row: found.pair_name(row["first"], row["second"], lang))  # type: ignore[misc]
        for row in rows.to_dict("records")
    ]
    columns = {
        "pair": Column("validity.col_pair"),
        "r": Column("r", "bounded"),
        "pvalue": Column("evaluation.col_p", "p"),
        "r_adjusted": Column("method_bias.col_adjusted", "bounded"),
        "p_adjusted": Column("evaluation.col_p", "p"),
        "r_conservative": Column("method_bias.col_conservative", "bounded"),
        "p_conservative": Column("evaluation.col_p", "p"),
    }
    key = "note_correlations" if found.marker else "note_correlations_unmarked"
    first, second = (each(lambda lang, one=one: "–" if pd.isna(one) else bounded(one, lang)) for one in found.rates)  # type: ignore[misc]
    notes = (*_notes(found), bilingual(f"method_bias.{key}", first=first, second=second))
    return in_language(Table(rows.assign(pair=pairs), columns, "method_bias.correlations_title", notes=notes), lang)


def _collinearity(found: MethodBias, lang: Language | None) -> Table:
    rows = found.collinearity
    frame = rows.assign(construct=[found.named(name) for name in rows["construct"]])
    columns = {
        "construct": Column("validity.col_construct"),
        "vif_scores": Column("method_bias.col_vif_scores", "number"),
        "vif_factors": Column("method_bias.col_vif_factors", "number"),
    }
    notes = (*_notes(found), bilingual("method_bias.note_collinearity"))
    return in_language(Table(frame, columns, "method_bias.collinearity_title", notes=notes), lang)


MAKERS: Mapping[str, Callable[[Any, Language | None], Table]] = {
    "overview": _overview,
    "harman": _harman,
    "models": _models,
    "marker": _marker,
    "decomposition": _decomposition,
    "correlations": _correlations,
    "collinearity": _collinearity,
}


def _notes(found: MethodBias) -> tuple[Mapping[str, str], ...]:
    made = found.told() if not found.simulated else found.told()[1:]
    return (each(lambda lang: head(found, lang)), *made)
