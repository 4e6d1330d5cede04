"""The words and tables of a factor solution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.efa_solution import SALIENT
from cxlab.analyses.result import bilingual, each, notices_text
from cxlab.i18n import Language, format_number, format_p, pick, tr
from cxlab.show.cells import interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.efa_result import EFA

_BOUNDED = Column("", "bounded")


def method_text(result: EFA, lang: Language | None = None) -> str:
    """Extraction, rotation and correlations in words."""
    request = result.request
    rotation = request.how.name if result.n_factors > 1 else "none"
    words = tr(f"factor.rotation_{rotation}", lang)
    if rotation == "oblimin" and request.how.gamma:
        words += f" (γ = {format_number(request.how.gamma, 2, lang=lang)})"
    if rotation == "promax":
        words += f" ({format_number(request.how.power, 0, lang=lang)})"
    if rotation != "none" and request.how.normalised:
        words += tr("factor.with_kaiser", lang)
    kind = tr(f"factor.correlation_{result.sample.correlation}", lang)
    return tr("factor.method", lang, method=tr(f"factor.method_{request.method}", lang), rotation=words, kind=kind)


def fit_text(result: EFA, lang: Language | None = None) -> str:
    """The fit in one line, as far as there is one."""
    fit = result.fit_measures
    rmsr = format_number(fit["rmsr"], 3, bounded=True, lang=lang)
    if fit["df"] == 0 or np.isnan(fit["pvalue"]):
        return tr("factor.fit_short", lang, rmsr=rmsr)
    p = format_p(fit["pvalue"], lang)
    rmsea = format_number(fit["rmsea"], 3, bounded=True, lang=lang)
    ends = interval_text(fit["rmsea_ci_lower"], fit["rmsea_ci_upper"], Column("", "bounded", 3), lang)
    return tr(
        "factor.fit",
        lang,
        df=int(fit["df"]),
        chisq=format_number(fit["chisq"], 2, lang=lang),
        p=p if p.startswith("<") else f"= {p}",
        rmsea=f"{rmsea} {ends}",
        tli=format_number(fit["tli"], 3, bounded=True, lang=lang),
        rmsr=rmsr,
        bic=format_number(fit["bic"], 1, lang=lang),
    )


def summary_text(result: EFA, lang: Language | None = None) -> str:
    """See `EFA.summary`."""
    n = "–" if result.n_obs is None else result.n_obs
    values = {"n": n, "items": len(result.sample.names), "factors": result.n_factors}
    head = tr("factor.efa_head", lang, **values, method=method_text(result, lang))
    lines = [f"  {line}" for line in (*_factor_lines(result, lang), *_correlation_line(result, lang))]
    return "\n".join([head, *lines, f"  {fit_text(result, lang)}", *notices_text(result.warnings, lang)])


def _factor_lines(result: EFA, lang: Language | None) -> list[str]:
    loadings, variance, primary = result.loadings, result.variance, result.solution.primary
    lines = []
    for place, factor in enumerate(loadings):
        own = [name for name in result.item_order() if primary[loadings.index.get_loc(name)] == place]
        own = [name for name in own if abs(loadings.loc[name, factor]) >= SALIENT]
        shown = [f"{name} {_number(loadings.loc[name, factor], lang)}" for name in own[:8]]
        more = [tr("factor.more", lang, count=len(own) - 8)] if len(own) > 8 else []
        share = format_number(100 * variance.loc[factor, "proportion"], 1, lang=lang)
        lines.append(f"{factor}  {share}%  {_join([*shown, *more], lang)}")
    return lines


def _correlation_line(result: EFA, lang: Language | None) -> list[str]:
    if not result.request.how.oblique or result.n_factors == 1:
        return []
    frame = result.factor_correlations
    pairs = [(a, b) for i, a in enumerate(frame) for b in list(frame)[i + 1 :]]
    shown = [f"{a}–{b} {_number(frame.loc[a, b], lang)}" for a, b in pairs[:10]]
    shown += [tr("factor.more", lang, count=len(pairs) - 10)] if len(pairs) > 10 else []
    return [tr("factor.correlations_line", lang, pairs=_join(shown, lang))]


def loadings_table(result: EFA, cut: float, small: str, sort: bool, lang: Language | None) -> Table:
    """See `EFA.apa`."""
    order = result.item_order() if sort else list(result.sample.names)
    factors = list(result.loadings)
    frame = result.loadings.loc[order].reset_index(names="item")
    frame["communality"] = result.communalities[order].to_numpy()
    frame["complexity"] = pd.Series(result.solution.complexity, list(result.sample.names))[order].to_numpy()
    if small != "show":
        for factor in factors:
            frame[factor] = pd.Series([_cell(value, cut, small, lang) for value in frame[factor]], dtype=object)
    frame["label"] = [result.sample.labels.get(name, "") for name in order]
    columns = {"item": Column("analyses.col_item"), "label": Column("analyses.col_label")}
    if not any(frame["label"]):
        del columns["label"]
    columns |= {factor: Column(factor, "bounded") for factor in factors}
    columns["communality"] = Column("h²", "bounded")
    if len(factors) > 1:
        columns["complexity"] = Column("factor.col_complexity", "number", 1)
    spanners = ((bilingual("factor.col_loadings"), tuple(factors)),) if len(factors) > 1 else ()
    notes = _notes(result, cut, small)
    return Table(frame, columns, bilingual("factor.title", factors=len(factors)), notes=notes, spanners=spanners)


def factors_table(result: EFA) -> Table:
    """See `EFA.apa_factors`."""
    frame = result.variance.reset_index(names="factor")
    factors = list(result.loadings)
    columns = {
        "factor": Column("factor.col_factor"),
        "ss_loadings": Column("factor.col_ss", "number"),
        "proportion": Column("factor.col_proportion", "percent", 1),
        "cumulative": Column("factor.col_cumulative", "percent", 1),
        "determinacy": Column("factor.col_determinacy", "bounded"),
    }
    if result.request.how.oblique and len(factors) > 1:
        lower = result.factor_correlations.to_numpy().astype(object)
        lower[np.triu_indices(len(factors))] = ""
        for place, factor in enumerate(factors[:-1]):
            frame[factor] = pd.Series(lower[:, place], dtype=object)
            columns[factor] = Column(factor, "bounded")
    return Table(frame, columns, "factor.title_factors", notes=(_method_note(result), bilingual("factor.note_factors")))


def _cell(value: float, cut: float, small: str, lang: Language | None) -> Any:
    if abs(value) >= cut:
        return value
    return "" if small == "blank" else each(lambda lang: f"({_number(value, lang)})")


def _notes(result: EFA, cut: float, small: str) -> tuple[Mapping[str, str], ...]:
    notes = [_method_note(result), each(lambda lang: fit_text(result, lang))]
    if small != "show":
        key = f"factor.note_{small}"
        notes.append(each(lambda lang: tr(key, lang, cut=format_number(cut, 2, bounded=True, lang=lang))))
    notes += [bilingual("analyses.simulated")] if result.sample.simulated else []
    return (*notes, *(each(notice.text) for notice in result.warnings if notice.serious))


def _method_note(result: EFA) -> Mapping[str, str]:
    n = "–" if result.n_obs is None else result.n_obs
    return each(lambda lang: tr("factor.note_method", lang, method=method_text(result, lang), n=n))


def _join(parts: list[str], lang: Language | None) -> str:
    """Parts in a row; Vietnamese numbers have a comma inside, so a semicolon parts them."""
    return pick({"en": ", ", "vi": "; "}, lang).join(parts)


def _number(value: float, lang: Language | None) -> str:
    return format_number(float(value), 2, bounded=True, lang=lang)
