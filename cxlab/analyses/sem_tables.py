"""A `SemFit` as tables for a paper: paths, loadings, fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.result import bilingual, in_language
from cxlab.analyses.sem_text import RULE, fit_line, path_rows, reported, rows_key
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
_FIT = {
    "chisq": Column("χ²", "number"),
    "df": Column("sem.col_df", "integer"),
    "pvalue": Column("sem.col_p", "p"),
    "cfi": Column("CFI", "bounded", digits=3),
    "tli": Column("TLI", "bounded", digits=3),
    "rmsea": Column("RMSEA", "bounded", digits=3),
    "rmsea_ci": Column("sem.col_ci90", "interval", digits=3, parts=("rmsea_ci_lower", "rmsea_ci_upper"), bounded=True),
    "srmr": Column("SRMR", "bounded", digits=3),
    "aic": Column("AIC", "number", digits=1),
    "bic": Column("BIC", "number", digits=1),
}


def paths_table(fit: SemFit, lang: Language | None) -> Table:
    """Regressions by outcome, with R² of each, then means of latent variables and defined effects."""
    rows = path_rows(fit).reset_index(drop=True)
    order = rows["group"].where(rows["group"] > 0, rows["group"].max() + 1)
    rows = rows.loc[order.sort_values(kind="stable").index].reset_index(drop=True)
    panels = [_panel(fit, row) for row in rows.to_dict("records")]
    names = [_both(lambda lang, row=row: _path(fit, row, lang)) for row in rows.to_dict("records")]  # type: ignore[misc]
    frame = _blank_fixed(rows).assign(panel=_same_objects(panels), path=names)
    columns = {"path": Column("sem.col_path"), **_ESTIMATE}
    return in_language(
        Table(frame, columns, "sem.paths_title", notes=(*_fit_note(fit), *_notes(fit)), group="panel"), lang
    )


def loadings_table(fit: SemFit, lang: Language | None) -> Table:
    """Loadings by construct: estimate, interval, standardised, R² of the item."""
    rows = fit.estimates[fit.estimates["op"] == "=~"].reset_index(drop=True)
    records = rows.to_dict("records")
    frame = _blank_fixed(rows).assign(
        panel=_same_objects([_in_group(fit, row, fit.labels.get(row["lhs"], row["lhs"])) for row in records]),
        item=rows["rhs"],
        wording=[fit.labels.get(name, "") for name in rows["rhs"]],
        r2=[_r2(fit, row["group"], row["rhs"]) for row in records],
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
    use = reported(fit.fit_measures)
    values = {name: fit.fit_measures[use.get(name, name)] for name in (*use, "aic", "bic")}
    frame = pd.DataFrame([{"n": fit.n_obs, **values}])
    columns = {"n": Column("n", "integer"), **_FIT}
    if math.isnan(values["aic"]):
        columns = {name: column for name, column in columns.items() if name not in ("aic", "bic")}
    if values["df"] != round(values["df"]):
        columns["df"] = Column("sem.col_df", "number", digits=1)
    corrected = (bilingual("sem.note_corrected"),) if use["chisq"] != "chisq" or use["cfi"] != "cfi" else ()
    return in_language(Table(frame, columns, "sem.fit_title", notes=(*_notes(fit), *corrected, rule)), lang)


def _blank_fixed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as printed: a fixed parameter has neither standard error nor interval."""
    frame = rows.copy()
    frame.loc[frame["se"] == 0, ["se", "ci_lower", "ci_upper"]] = float("nan")
    return frame


def _panel(fit: SemFit, row: dict[Any, Any]) -> Any:
    """What heads a row: its outcome, or that it is a defined effect, a mean, a covariance."""
    heads = {":=": "sem.defined_effects", "~1": "sem.latent_means", "~~": "sem.covariances"}
    if row["op"] in heads:
        return _in_group(fit, row, bilingual(heads[row["op"]]))
    return _in_group(fit, row, _outcome(fit, str(row["lhs"]), int(row["group"])))


def _path(fit: SemFit, row: dict[Any, Any], lang: Language) -> str:
    lhs, rhs = str(row["lhs"]), str(row["rhs"])
    if row["op"] == ":=":
        return f"{lhs} := {rhs}"
    if row["op"] == "~1":
        return _in(fit, lhs, lang)
    sign = "↔" if row["op"] == "~~" else "→"
    first, second = (lhs, rhs) if row["op"] == "~~" else (rhs, lhs)
    return f"{_in(fit, first, lang)} {sign} {_in(fit, second, lang)}"


def _in_group(fit: SemFit, row: dict[Any, Any], text: Any) -> Any:
    """A heading with the group's name before it, where there are several."""
    if not fit.groups or not row["group"]:
        return text
    group = fit.groups[int(row["group"]) - 1]
    return _both(lambda lang: f"{group}: {pick(text, lang)}")


def _outcome(fit: SemFit, name: str, group: int) -> dict[str, str]:
    share = _r2(fit, group, name)
    if math.isnan(share):
        return _both(lambda lang: _in(fit, name, lang))
    return _both(lambda lang: tr("sem.outcome", lang, name=_in(fit, name, lang), r2=_bounded(share, lang)))


def _r2(fit: SemFit, group: int, name: str) -> float:
    return float(fit.of_group(fit.r2, group or 1).get(name, math.nan))


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
    groups = ", ".join(f"{group} {int(n)}" for group, n in zip(fit.groups, fit.fitted.n_obs, strict=False))
    method = bilingual(
        "sem.note_method",
        estimator=fit.options.estimator,
        n=f"{fit.n_obs} ({groups})" if groups else fit.n_obs,
        rows=bilingual(rows_key(fit)),
        total=fit.n_total,
        errors=bilingual(_errors_key(fit)),
    )
    checked = (bilingual("sem.note_semopy"),) if fit.options.engine == "semopy" else ()
    serious = tuple(_both(notice.text) for notice in fit.warnings if notice.serious)
    return (method, *checked, *serious)


def _errors_key(fit: SemFit) -> str:
    """Which text says where the standard errors come from."""
    request, robust = fit.options.engine_request(), {"MLR", "MLM", "MLMV", "MLMVS"}
    if request.se == "none":
        return "sem.errors_none"
    if fit.options.estimator == "MLF" or request.se == "first.order":
        return "sem.errors_first_order"
    if request.se not in (None, "standard") or (request.se is None and fit.options.estimator in robust):
        return "sem.errors_robust"
    observed = fit.options.information == "observed" or (fit.options.information is None and request.missing == "fiml")
    return "sem.errors_observed" if observed else "sem.errors_expected"


def _fit_note(fit: SemFit) -> tuple[Mapping[str, str], ...]:
    return (_both(lambda lang: fit_line(fit.fit_measures, lang) + "."),) if fit.converged else ()


def _both(text: Callable[[Language], str]) -> dict[str, str]:
    """A text in every language."""
    return {lang: text(lang) for lang in LANGUAGES}
