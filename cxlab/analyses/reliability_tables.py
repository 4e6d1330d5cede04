"""The tables of `cx.reliability` as a paper prints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.reliability_result import reason_text
from cxlab.analyses.result import bilingual, each, in_language
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, format_number, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.reliability_result import Reliability

Text = Mapping[str, str]
_ORDINAL = ("alpha_ordinal", "omega_ordinal", "omega_categorical")
_OTHERS = ("alpha_std", "average_r", "h", "omega_h", "rho_a")


def main_table(result: Reliability, lang: Language | None = None) -> Table:
    """Alpha and omega with intervals, CR, AVE; then the item to look at, or the coefficients of ordered answers."""
    frame = result.table.assign(
        construct=result.names(result.table["construct"]),
        look=[look_cell(row) for row in result.table.to_dict("records")],
    )
    columns = {
        "construct": Column("analyses.col_construct"),
        "n_items": Column("analyses.col_items", "integer"),
        "n": Column("analyses.col_n", "integer"),
        "alpha": Column("analyses.col_alpha", "bounded"),
        "alpha_ci": _interval("alpha", result.level),
        "omega_total": Column("ω", "bounded"),
        "omega_ci": _interval("omega_total", result.level),
        "composite_reliability": Column("reliability.col_cr", "bounded"),
        "ave": Column("AVE", "bounded"),
    }
    spanners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    if result.ordinal:
        columns |= {name: Column(f"reliability.col_{name}", "bounded") for name in _ORDINAL}
        spanners = (("reliability.spanner_ordinal", _ORDINAL),)
    # Beside the ordinal columns there is no room for it on a page; the items have their own table.
    if any(frame["look"]) and not result.ordinal:
        columns["look"] = Column("reliability.col_look")
    shown = ["omega_total", "composite_reliability", "ave", *(_ORDINAL if result.ordinal else ())]
    notes = [_method_note(result), *_unused_notes(result), *_reason_notes(result, shown)]
    notes += [bilingual("reliability.note_look")] if "look" in columns else []
    notes += [bilingual("reliability.note_ordinal")] if result.ordinal else []
    table = Table(frame, columns, "reliability.title", notes=(*notes, *_rules()), spanners=spanners)
    return in_language(table, lang)


def bounds_table(result: Reliability, lang: Language | None = None) -> Table:
    """Lower bounds of the raw sum's reliability, and other coefficients."""
    frame = result.table.assign(construct=result.names(result.table["construct"]))
    bounds = {f"lambda{number}": Column(f"λ{number}", "bounded") for number in range(1, 7)}
    bounds |= {"glb": Column("glb", "bounded"), "split_mean": Column("reliability.col_split_mean", "bounded")}
    bounds["split_min"] = Column("reliability.col_split_min", "bounded")
    others = {name: Column(f"reliability.col_{name}", "bounded") for name in _OTHERS if frame[name].notna().any()}
    columns = {"construct": Column("analyses.col_construct"), **bounds, **others}
    spanners = (("reliability.spanner_bounds", tuple(bounds)),)
    small = set(result.reasons.loc[result.reasons["statistic"] == "omega_h", "reason"]) == {"few_items"}
    explained = [*bounds, "h", "rho_a", *(() if small and "omega_h" not in others else ("omega_h",))]
    notes = [bilingual("reliability.note_bounds"), *_reason_notes(result, explained)]
    if small or "omega_h" in others:
        key = "reliability.note_omega_h" if "omega_h" in others else "reliability.note_no_omega_h"
        notes.append(bilingual(key, groups=result.group_factors))
    if "rho_a" in others:
        notes.append(bilingual("reliability.note_rho_a"))
    return in_language(Table(frame, columns, "reliability.bounds_title", notes=tuple(notes), spanners=spanners), lang)


def item_table(result: Reliability, lang: Language | None = None) -> Table:
    """Items with mean, spread, item-total correlations, alpha without the item, loading."""
    items = result.items
    frame = items.assign(construct=result.names(items["construct"]), label=result.names(items["item"], ""))
    columns = {
        "item": Column("analyses.col_item"),
        "label": Column("analyses.col_label"),
        "n": Column("analyses.col_n", "integer"),
        "mean": Column("analyses.col_mean", "number"),
        "sd": Column("analyses.col_sd", "number"),
        "r_total": Column("analyses.col_r_total", "bounded"),
        "r_drop": Column("analyses.col_r_drop", "bounded"),
        "alpha_if_dropped": Column("analyses.col_alpha_if_dropped", "bounded"),
        "loading": Column("reliability.col_loading", "bounded"),
    }
    if not any(frame["label"]):
        del columns["label"]
    rules = (("field_2009", "r_drop"), ("hair_2019_loadings", "loading"))
    notes = (bilingual("reliability.note_items", missing=_missing(result)), *(_rule(*rule) for rule in rules))
    return in_language(Table(frame, columns, "analyses.item_total_title", notes=notes, group="construct"), lang)


def look_cell(row: Mapping[Any, Any]) -> Text | str:
    """The weakest item with its corrected correlation and loading, and alpha without it where that is higher."""
    if pd.isna(row["weakest"]) or not row["weakest"]:
        return ""
    return each(lambda lang: look_text(row, lang).replace(" = ", "\u00a0=\u00a0"))


def look_text(row: Mapping[Any, Any], lang: Language | None = None) -> str:
    """The same in one language; empty without such an item."""
    if pd.isna(row["weakest"]) or not row["weakest"]:
        return ""

    def shown(value: float) -> str:
        return format_number(value, 2, bounded=True, lang=lang)

    text = f"{row['weakest']} (r = {shown(row['weakest_r_drop'])}"
    if not pd.isna(row["weakest_loading"]):
        text += f"; λ = {shown(row['weakest_loading'])}"
    if row["look_at"] == row["weakest"]:
        text += "; " + tr("reliability.alpha_without", lang, alpha=shown(row["alpha_without"]))
    return text + ")"


def _interval(name: str, level: float) -> Column:
    head = bilingual("analyses.col_interval", level=f"{100 * level:g}")
    return Column(head, "interval", parts=(f"{name}_ci_lower", f"{name}_ci_upper"), bounded=True)


def _missing(result: Reliability) -> Text:
    return bilingual(f"analyses.missing_{result.missing}")


def _method_note(result: Reliability) -> Text:
    how = bilingual("reliability.by_delta")
    if result.n_boot:
        kind = bilingual(f"reliability.ci_{result.ci}")
        how = bilingual("reliability.by_bootstrap", count=result.n_boot, kind=kind, seed=result.seed)
    interval = bilingual(f"analyses.interval_{result.interval}")
    return bilingual("reliability.note", missing=_missing(result), alpha=interval, omega=how)


def _rules() -> tuple[Text, ...]:
    names = (("nunnally_1978", "alpha"), ("hair_2019_reliability", "composite_reliability"))
    return tuple(_rule(rule, measure) for rule, measure in (*names, ("fornell_larcker_1981", "ave")))


def _rule(rule: str, measure: str) -> Text:
    return each(lambda lang: rule_note(rule, lang, [measure]))


def _unused_notes(result: Reliability) -> list[Text]:
    """One note for each scale that has no alpha."""
    rows = result.table[result.table["reason"] != ""]
    return [_unused_note(result, name, why) for name, why in zip(rows["construct"], rows["reason"], strict=True)]


def _unused_note(result: Reliability, name: str, why: str) -> Text:
    return each(lambda lang: f"{result.name(name, lang)}: {tr(f'analyses.reason_{why}', lang)}.")


def _reason_notes(result: Reliability, statistics: Sequence[str]) -> list[Text]:
    """One note for each reason, with the scales and statistics that it concerns."""
    own = result.reasons[result.reasons["statistic"].isin(statistics)]
    return [_reason_note(result, rows) for _, rows in own.groupby(["reason", "items"], sort=False)]


def _reason_note(result: Reliability, rows: pd.DataFrame) -> Text:
    def text(lang: Language) -> str:
        names = ", ".join(result.name(scale, lang) for scale in rows["construct"].unique())
        signs = ", ".join(tr(f"reliability.sign_{one}", lang) for one in rows["statistic"].unique())
        why = reason_text(rows["reason"].iloc[0], rows["items"].iloc[0], lang)
        return tr("reliability.no_value", lang, scales=names, statistics=signs, why=why)

    return each(text)
