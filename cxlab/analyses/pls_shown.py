"""A PLS fit in words and printed tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxlab.analyses.result import bilingual, each, in_language, notices_text
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit


def summary(fit: PlsFit, lang: Language | None) -> str:
    """Sizes, fit, explained variance and paths, then what to know before reading them."""
    distance = fit.fit_measures.iloc[0]
    head = tr(
        "pls.head",
        lang,
        scheme=tr(f"pls.scheme_{fit.scheme}", lang),
        n=fit.n_obs,
        iterations=int(fit.weighting.iterations[0]),
        srmr=format_number(distance["srmr"], 3, bounded=True, lang=lang),
    )
    lines = [head, *notices_text(fit.warnings, lang)]
    r2 = dict(fit.r2[["construct", "r2"]].itertuples(index=False))
    for target in r2:
        rows = fit.paths[fit.paths["target"] == target]
        parts = [
            f"{_label(fit, row.source, lang)} {format_number(row.estimate, 2, bounded=True, lang=lang)}"
            for row in rows.itertuples()
        ]
        share = format_number(r2[target], 2, bounded=True, lang=lang)
        lines.append(f"  {_label(fit, target, lang)} (R² {share}) ← {', '.join(parts)}")
    return "\n".join(lines)


def paths(fit: PlsFit, lang: Language | None) -> Table:
    """Paths with effect sizes and collinearity."""
    frame = fit.paths.assign(
        source=[fit.labels.get(name, name) for name in fit.paths["source"]],
        target=[fit.labels.get(name, name) for name in fit.paths["target"]],
    )
    columns = {
        "source": Column("pls.col_source"),
        "target": Column("pls.col_target"),
        "estimate": Column("pls.col_path", "bounded"),
        "f2": Column("pls.col_f2", "number"),
        "vif": Column("pls.col_vif", "number"),
    }
    how = bilingual("pls.note", n=fit.n_obs, scheme=bilingual(f"pls.scheme_{fit.scheme}"))
    notes = (how, each(lambda one: rule_note("hair_2019_vif", one)))
    return in_language(Table(frame, columns, "pls.title_paths", notes=notes), lang)


def measurement(fit: PlsFit, lang: Language | None) -> Table:
    """Reliability and convergent validity of the constructs."""
    why = [bilingual(f"pls.reason_{reason}") if reason else "" for reason in fit.reliability["reason"]]
    frame = fit.reliability.assign(construct=[fit.labels.get(name, name) for name in fit.model.constructs], reason=why)
    columns = {
        "construct": Column("pls_prediction.col_construct"),
        "items": Column("analyses.col_items", "integer"),
        "alpha": Column("analyses.col_alpha", "bounded"),
        "rho_a": Column("pls.col_rho_a", "bounded"),
        "rho_c": Column("pls.col_rho_c", "bounded"),
        "ave": Column("pls.col_ave", "bounded"),
        "reason": Column("analyses.col_reason"),
    }
    if not any(why):
        del columns["reason"]
    notes = (each(lambda one: rule_note("hair_2019_reliability", one)),)
    return in_language(Table(frame, columns, "pls.title_measurement", notes=notes), lang)


def _label(fit: PlsFit, name: str, lang: Language | None) -> str:
    return pick(fit.labels[name], lang) if name in fit.labels else name
