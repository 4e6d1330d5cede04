"""A `SemFit` in words: the state of the solution first, then fit, then what was estimated."""

from __future__ import annotations

import math
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
    parts = [
        "SemFit",
        tr("sem.head_method", lang, estimator=fit.options.estimator, engine=fit.options.engine),
        f"n = {fit.n_obs}",
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


def fit_line(measures: pd.Series, lang: Language | None) -> str:
    """χ² with df and p, CFI, TLI, RMSEA with its interval, SRMR."""

    def bounded(name: str) -> str:
        return format_number(float(measures[name]), 3, bounded=True, lang=lang)

    chisq = format_number(float(measures["chisq"]), 2, lang=lang)
    p = format_p(float(measures["pvalue"]), lang)
    test = f"χ²({measures['df']:.0f}) = {chisq}" + (
        f", p {p if p.startswith('<') else '= ' + p}" if measures["df"] else ""
    )
    if not measures["df"]:
        return test
    interval = _interval(bounded("rmsea_ci_lower"), bounded("rmsea_ci_upper"), lang)
    return (
        f"{test} · CFI {bounded('cfi')} · TLI {bounded('tli')} · RMSEA {bounded('rmsea')} {interval}"
        f" · SRMR {bounded('srmr')}"
    )


def path_lines(fit: SemFit, lang: Language | None) -> list[str]:
    """One line a regression or defined effect: standardised estimate, estimate with interval."""
    rows = fit.estimates[fit.estimates["op"].isin(["~", ":="])]
    names = [f"{row.rhs} → {row.lhs}" if row.op == "~" else f"{row.lhs} := {row.rhs}" for row in rows.itertuples()]
    width = max(map(len, names))
    lines = []
    for name, row in zip(names, rows.itertuples(), strict=True):
        std = format_number(float(row.std_all), 2, bounded=True, lang=lang)
        est, low, high = (format_number(float(v), 2, lang=lang) for v in (row.est, row.ci_lower, row.ci_upper))
        interval = " " + _interval(low, high, lang) if row.se and not math.isnan(row.se) else ""
        lines.append(f"{name:<{width}}  β = {std:>5}  B = {est}{interval}")
    return _shortened(lines, lang)


def loading_lines(fit: SemFit, lang: Language | None) -> list[str]:
    """One line a construct: its items with standardised loadings."""
    rows = fit.estimates[fit.estimates["op"] == "=~"]
    lines = []
    for construct, items in rows.groupby("lhs", sort=False):
        shown = [
            f"{row.rhs} {format_number(float(row.std_all), 2, bounded=True, lang=lang)}" for row in items.itertuples()
        ]
        lines.append(f"{construct}: " + ", ".join(shown))
    return _shortened(lines, lang)


def _rule_line(fit: SemFit, lang: Language | None) -> list[str]:
    if not fit.converged or not fit.fit_measures["df"]:
        return []
    judged = interpret(fit.fit_measures[["cfi", "tli", "rmsea", "srmr"]].dropna(), RULE)
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
