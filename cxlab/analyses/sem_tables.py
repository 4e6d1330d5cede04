"""A `SemFit` as tables for a paper: paths, loadings, fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.result import bilingual, in_language
from cxlab.analyses.sem_text import RULE, fit_line
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import LANGUAGES, Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit

_ESTIMATE = {
    "est": Column("sem.col_est", "number"),
    "se": Column("sem.col_se", "number"),
    "ci": Column("sem.col_ci", "interval", parts=("ci_lower", "ci_upper")),
    "pvalue": Column("sem.col_p", "p"),
    "std_all": Column("sem.col_std", "bounded"),
}


def paths_table(fit: SemFit, lang: Language | None) -> Table:
    """Regressions by outcome, with R² of each, then defined effects."""
    rows = fit.estimates[fit.estimates["op"].isin(["~", ":="])].reset_index(drop=True)
    panels, names = [], []
    for row in rows.itertuples():
        if row.op == "~":
            panels.append(_outcome(fit, str(row.lhs)))
            names.append(
                {lang: f"{_in(fit, str(row.rhs), lang)} → {_in(fit, str(row.lhs), lang)}" for lang in LANGUAGES}
            )
        else:
            panels.append(bilingual("sem.defined_effects"))
            names.append(dict.fromkeys(LANGUAGES, f"{row.lhs} := {row.rhs}"))
    frame = _blank_fixed(rows).assign(panel=_same_objects(panels), path=names)
    columns = {"path": Column("sem.col_path"), **_ESTIMATE}
    return in_language(
        Table(frame, columns, "sem.paths_title", notes=(*_fit_note(fit), *_notes(fit)), group="panel"), lang
    )


def loadings_table(fit: SemFit, lang: Language | None) -> Table:
    """Loadings by construct: estimate, interval, standardised, R² of the item."""
    rows = fit.estimates[fit.estimates["op"] == "=~"].reset_index(drop=True)
    frame = _blank_fixed(rows).assign(
        panel=_same_objects([fit.labels.get(name, name) for name in rows["lhs"]]),
        item=rows["rhs"],
        wording=[fit.labels.get(name, "") for name in rows["rhs"]],
        r2=[fit.r2.get(name) for name in rows["rhs"]],
    )
    columns = {"item": Column("sem.col_item")}
    if any(frame["wording"]):
        columns["wording"] = Column("sem.col_wording")
    columns |= {**_ESTIMATE, "std_all": Column("sem.col_loading", "bounded"), "r2": Column("R²", "bounded")}
    return in_language(
        Table(frame, columns, "sem.loadings_title", notes=(*_fit_note(fit), *_notes(fit)), group="panel"), lang
    )


def fit_table(fit: SemFit, lang: Language | None) -> Table:
    """One row: the test, the indices that papers report, information criteria."""
    rule = _both(lambda language: rule_note(RULE, language))
    frame = fit.fit_measures.to_frame().T.reset_index(drop=True)
    columns = {
        "ntotal": Column("n", "integer"),
        "chisq": Column("χ²", "number"),
        "df": Column("sem.col_df", "integer"),
        "pvalue": Column("sem.col_p", "p"),
        "cfi": Column("CFI", "bounded", digits=3),
        "tli": Column("TLI", "bounded", digits=3),
        "rmsea": Column("RMSEA", "bounded", digits=3),
        "rmsea_ci": Column(
            "sem.col_ci90", "interval", digits=3, parts=("rmsea_ci_lower", "rmsea_ci_upper"), bounded=True
        ),
        "srmr": Column("SRMR", "bounded", digits=3),
        "aic": Column("AIC", "number", digits=1),
        "bic": Column("BIC", "number", digits=1),
    }
    return in_language(Table(frame, columns, "sem.fit_title", notes=(*_notes(fit), rule)), lang)


def _blank_fixed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as printed: a fixed parameter has neither standard error nor interval."""
    frame = rows.copy()
    frame.loc[frame["se"] == 0, ["se", "ci_lower", "ci_upper"]] = float("nan")
    return frame


def _arrow(fit: SemFit, source: str, target: str) -> dict[str, str]:
    return _both(lambda lang: f"{_in(fit, source, lang)} → {_in(fit, target, lang)}")


def _outcome(fit: SemFit, name: str) -> dict[str, str]:
    r2 = fit.r2.get(name)
    if r2 is None or pd.isna(r2):
        return _both(lambda lang: _in(fit, name, lang))
    share = float(r2)
    return _both(lambda lang: tr("sem.outcome", lang, name=_in(fit, name, lang), r2=_bounded(share, lang)))


def _bounded(value: float, lang: Language) -> str:
    return format_number(value, 2, bounded=True, lang=lang)


def _in(fit: SemFit, name: str, lang: Language) -> str:
    return pick(fit.labels[name], lang) if name in fit.labels else name


def _same_objects(panels: list[Any]) -> list[Any]:
    """Equal panel headings as one object, so that rows group whatever the grouping compares."""
    seen: list[Any] = []
    for panel in panels:
        if panel not in seen:
            seen.append(panel)
    return [seen[seen.index(panel)] for panel in panels]


def _notes(fit: SemFit) -> tuple[Mapping[str, str], ...]:
    """n, estimator, engine and rows, then what the reader must know before the numbers."""
    method = bilingual(
        "sem.note_method", estimator=fit.options.estimator, engine=fit.options.engine, n=fit.n_obs, total=fit.n_total
    )
    serious = tuple(_both(notice.text) for notice in fit.warnings if notice.serious)
    return method, *serious


def _fit_note(fit: SemFit) -> tuple[Mapping[str, str], ...]:
    return (_both(lambda lang: fit_line(fit.fit_measures, lang) + "."),) if fit.converged else ()


def _both(text: Callable[[Language], str]) -> dict[str, str]:
    """A text in every language."""
    return {lang: text(lang) for lang in LANGUAGES}
