"""A `SemFit` in words: the state of the solution first, then fit, then what was estimated."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.result import notices_html, notices_text
from cxlab.evaluate.rules import interpret
from cxlab.i18n import Language, current_language, format_number, format_p, tr

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit

RULE = "hu_bentler_1999"
_MOST_LINES = 15
_INDICES = ("cfi", "tli", "rmsea", "srmr")


def summary(fit: SemFit, lang: Language | None = None) -> str:
    """State, fit with the rule's marks, notices, then paths (or loadings of a measurement model)."""
    body = path_lines(fit, lang) if fit.has_paths else loading_lines(fit, lang)
    lines = [*head_lines(fit, lang), *(f"  {line}" for line in notices_text(fit.warnings, lang))]
    return "\n".join([*lines, *(f"  {line}" for line in body)])


def html(fit: SemFit, lang: Language) -> str:
    """The same for a notebook: state and fit as text, notices as a list, paths or loadings as a table."""
    head = "<br>".join(escape(line.strip()) for line in head_lines(fit, lang))
    return f'<p class="cxlab-head">{head}</p>' + notices_html(fit.warnings, lang) + fit.apa(lang).to_html(lang)


def head_lines(fit: SemFit, lang: Language | None) -> list[str]:
    """What was done and whether it worked; the fit; the rule."""
    method = tr("sem.head_semopy", lang, estimator=fit.options.estimator)
    parts = [
        "SemFit",
        (method if fit.options.engine == "semopy" else fit.options.estimator) + ", " + tr(rows_key(fit), lang),
        f"n = {fit.n_obs}",
        *([_group_sizes(fit)] if fit.groups else []),
        tr("sem.converged_yes" if fit.converged else "sem.converged_no", lang),
    ]
    if fit.converged:
        parts.append(tr("sem.admissible_yes" if fit.admissible else "sem.admissible_no", lang))
    if fit.simulated:
        parts.append(tr("sem.simulated", lang))
    return [
        " · ".join(parts),
        *(["  " + fit_line(fit.fit_measures, lang)] if fit.converged else []),
        *_rule_line(fit, lang),
    ]


def rows_key(fit: SemFit) -> str:
    """Which text says what rows were used."""
    if fit.request.survey is None:
        return "sem.rows_moments"
    return "sem.rows_fiml" if fit.options.missing == "fiml" else "sem.rows_complete"


def _group_sizes(fit: SemFit) -> str:
    sizes = zip(fit.groups, fit.fitted.n_obs, strict=True)
    return ", ".join(f"{group} {int(n)}" for group, n in sizes)


def reported(measures: pd.Series) -> dict[str, str]:
    """Which version of each measure is read: the corrected one where there is one."""
    chosen = {name: name for name in ("chisq", "df", "pvalue", *_INDICES, "rmsea_ci_lower", "rmsea_ci_upper")}
    if not pd.isna(measures.get("chisq_scaled", math.nan)):
        chosen |= {name: f"{name}_scaled" for name in ("chisq", "df", "pvalue")}
    indices = ("cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper")
    for kind in ("robust", "scaled"):
        # all of a kind or none
        if all(not pd.isna(measures.get(f"{name}_{kind}", math.nan)) for name in indices):
            return chosen | {name: f"{name}_{kind}" for name in indices}
    return chosen


def fit_line(measures: pd.Series, lang: Language | None) -> str:
    """χ² with df and p, CFI, TLI, RMSEA with its interval, SRMR; corrected versions, so named, where there are any."""
    use = reported(measures)

    def bounded(name: str) -> str:
        return format_number(float(measures[use[name]]), 3, bounded=True, lang=lang)

    chisq = format_number(float(measures[use["chisq"]]), 2, lang=lang)
    p = format_p(float(measures[use["pvalue"]]), lang)
    df = float(measures[use["df"]])
    shown = f"{df:.0f}" if df == round(df) else format_number(df, 1, lang=lang)
    statistic = f"χ²({shown})"
    if use["chisq"] != "chisq":
        statistic = tr("sem.scaled", lang, name=statistic)
    tested = measures["df"] and not pd.isna(measures[use["pvalue"]])
    test = f"{statistic} = {chisq}" + (f", p {p if p.startswith('<') else '= ' + p}" if tested else "")
    if not measures["df"]:
        return test
    interval = _interval(bounded("rmsea_ci_lower"), bounded("rmsea_ci_upper"), lang)
    indices = f"CFI {bounded('cfi')} · TLI {bounded('tli')} · RMSEA {bounded('rmsea')} {interval}"
    corrected = {"cfi_robust": "sem.robust", "cfi_scaled": "sem.scaled"}.get(use["cfi"])
    if corrected:
        indices = tr(corrected, lang, name=indices)
    return f"{test} · {indices} · SRMR {bounded('srmr')}"


def path_rows(fit: SemFit) -> pd.DataFrame:
    """Regressions, composites' weights and defined effects; means of latent variables where they are estimated."""
    rows = fit.estimates
    latent = rows["lhs"].isin(fit.fitted.table.variables.lv)
    means = (rows["op"] == "~1") & latent & (rows["se"] != 0)
    chosen = rows["op"].isin(["~", "<~", ":="]) | means
    if not chosen.any():
        chosen = rows["op"] == "~~"
    return rows[chosen]


def path_name(lhs: str, op: str, rhs: str, lang: Language | None) -> str:
    """One parameter of a path table in words."""
    if op in ("~", "<~"):
        return f"{rhs} → {lhs}"
    if op == "~1":
        return tr("sem.mean_of", lang, name=lhs)
    return f"{lhs} {op} {rhs}" if op == ":=" else f"{lhs} ↔ {rhs}"


def path_lines(fit: SemFit, lang: Language | None) -> list[str]:
    """One line a regression or defined effect: standardised estimate, estimate with interval."""
    lines = []
    for head, rows in _by_group(fit, path_rows(fit)):
        names = [path_name(str(row.lhs), str(row.op), str(row.rhs), lang) for row in rows.itertuples()]
        width = max(map(len, names))
        lines += [head] if head else []
        for name, row in zip(names, rows.itertuples(), strict=True):
            std = format_number(float(row.std_all), 2, bounded=True, lang=lang)
            est, low, high = (format_number(float(v), 2, lang=lang) for v in (row.est, row.ci_lower, row.ci_upper))
            interval = " " + _interval(low, high, lang) if row.se and not math.isnan(row.se) else ""
            lines.append(f"{name:<{width}}  β = {std:>5}  B = {est}{interval}")
    return _shortened(lines, lang)


def loading_lines(fit: SemFit, lang: Language | None) -> list[str]:
    """One line a construct: its items with standardised loadings."""
    lines = []
    for head, rows in _by_group(fit, fit.estimates[fit.estimates["op"] == "=~"]):
        lines += [head] if head else []
        for construct, items in rows.groupby("lhs", sort=False):
            shown = [
                f"{row.rhs} {format_number(float(row.std_all), 2, bounded=True, lang=lang)}"
                for row in items.itertuples()
            ]
            lines.append(f"{construct}: " + ", ".join(shown))
    return _shortened(lines, lang)


def _by_group(fit: SemFit, rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each group under its name; defined effects, which belong to no group, last."""
    if not fit.groups:
        yield "", rows
        return
    for number, group in [*enumerate(fit.groups, start=1), (0, "")]:
        own = rows[rows["group"] == number]
        if len(own):
            yield f"[{group}]" if group else "", own


def references(fit: SemFit) -> tuple[str, ...]:
    """Keys of the works behind a fit's method."""
    found = ["joreskog_1969", "rosseel_2012"]
    if fit.options.engine == "semopy":
        found.append("semopy")
    if fit.options.family != "ML":
        found.append("browne_1984")
    if "chisq_scaled" in fit.fit_measures:
        mplus = "scaling_factor_h0" in fit.fit_measures
        found.append("yuan_bentler_2000" if mplus else "satorra_bentler_1994")
    if "cfi_robust" in fit.fit_measures:
        found.append("zhang_savalei_2023" if fit.options.missing == "fiml" else "brosseau_liard_savalei_2014")
    return (*found, "hu_bentler_1999", "steiger_1990", "bentler_1990")


def _rule_line(fit: SemFit, lang: Language | None) -> list[str]:
    measures = fit.fit_measures
    if not fit.converged or not measures["df"]:
        return []
    use = reported(measures)
    judged = interpret(pd.Series({name: measures[use[name]] for name in _INDICES}).dropna(), RULE)
    if not judged:
        return []
    marks = "  ".join(f"{one.measure.upper()} {'✓' if one.met else '✗'}" for one in judged)
    return ["  " + tr("sem.rule_line", lang, marks=marks)]


def _interval(low: str, high: str, lang: Language | None) -> str:
    """Both ends in brackets; where the comma is the decimal sign, a semicolon parts them."""
    return f"[{low}{';' if (lang or current_language()) == 'vi' else ','} {high}]"


def _shortened(lines: list[str], lang: Language | None) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[:_MOST_LINES], tr("sem.more_lines", lang, count=len(lines) - _MOST_LINES)]
