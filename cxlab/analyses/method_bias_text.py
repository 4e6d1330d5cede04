"""Method bias in words: the answer first, then what each technique says, all computed from the numbers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.analyses.method_bias_models import ALPHA
from cxlab.analyses.result import notices_text
from cxlab.evaluate.rules import rule_limit, rule_note
from cxlab.i18n import Language, format_number, format_p, tr

if TYPE_CHECKING:
    from cxlab.analyses.method_bias_result import MethodBias


def summary(found: MethodBias, lang: Language | None = None) -> str:
    """Head, reading, notices, rules."""
    lines = [head(found, lang), *(f"→ {text}" for text in reading(found, lang))]
    return "\n".join([*lines, *notices_text(found.warnings, lang), *rules(found, lang)])


def head(found: MethodBias, lang: Language | None) -> str:
    """What was judged, on how many rows, with which marker."""
    constructs = ", ".join(found.name(name, lang) for name in found.blocks)
    marker = found.name(found.marker, lang) if found.marker else tr("method_bias.without", lang)
    if found.marker and found.marker not in found.labels and len(found.marker_items) > 1:
        marker = f"{marker} ({', '.join(found.marker_items)})"
    text = tr("method_bias.head", lang, constructs=constructs, marker=marker, n=found.n_obs, estimator=found.estimator)
    return text + (" · " + tr("analyses.simulated", lang) if found.simulated else "")


def head_html(found: MethodBias, lang: Language) -> str:
    """Head and reading for a notebook."""
    rows = "".join(f"<li>{escape(text)}</li>" for text in reading(found, lang))
    return f'<p class="cxlab-head">{escape(head(found, lang))}</p><ul class="cxlab-reading">{rows}</ul>'


def rules(found: MethodBias, lang: Language | None) -> list[str]:
    """The rules that the reading used."""
    used = dict.fromkeys(rule for rule in found.table["rule"] if rule)
    return [rule_note(rule, lang) for rule in used]


def technique(name: str, lang: Language | None) -> str:
    """A technique in words."""
    return tr(f"method_bias.technique_{name}", lang)


def reading(found: MethodBias, lang: Language | None = None) -> tuple[str, ...]:
    """The answer, then a sentence a technique."""
    signs = ", ".join(technique(name, lang) for name in found.signs)
    texts = [tr(f"method_bias.answer_{found.verdict}", lang, signs=signs)]
    texts += [_harman(found, lang), *_collinearity(found, lang), _factor(found, lang), *_free(found, lang)]
    texts += [*_marker(found, lang), *_correlations(found, lang)]
    return tuple(text[:1].upper() + text[1:] for text in texts if text)


def _harman(found: MethodBias, lang: Language | None) -> str:
    shares = found.harman.set_index("statistic")["value"]
    values = {name: percent(float(shares[name]), lang) for name in ("component", "factor")}
    return tr("method_bias.reading_harman", lang, **values)


def _collinearity(found: MethodBias, lang: Language | None) -> list[str]:
    """The largest inflation of scores, and of factors where the model of the constructs may be read."""
    rows, texts = found.collinearity, []
    for column, rule in (("vif_scores", "kock_2015"), ("vif_factors", "kock_2015_factors")):
        if rows[column].isna().all():
            continue
        top, limit = rows.loc[rows[column].idxmax()], rule_limit(rule)
        key = f"{column}_{'high' if float(top[column]) > limit else 'low'}"
        values = {"construct": found.name(str(top["construct"]), lang), "vif": number(float(top[column]), lang)}
        texts.append(tr(f"method_bias.reading_{key}", lang, limit=number(limit, lang, 1), **values))
    return texts


def _factor(found: MethodBias, lang: Language | None) -> str:
    share = float(found.model("method_equal", "method_share"))
    if pd.isna(share):
        return ""
    if share < 0:
        return tr("method_bias.reading_factor_negative", lang)
    if found.model("method_equal", "state") != "ok":
        return ""
    p = _p(float(found.model("method_equal", "p_diff")), lang)
    change = bounded(float(found.model("method_equal", "correlation_change")), lang)
    loading = bounded(float(found.model("method_equal", "loading_change")), lang)
    values = {"share": percent(share, lang), "p": p, "change": change, "loading": loading}
    return tr("method_bias.reading_factor", lang, **values)


def _free(found: MethodBias, lang: Language | None) -> list[str]:
    if found.model("method_free", "state") != "ok":
        return []
    values = {
        "share": percent(float(found.model("method_free", "method_share")), lang),
        "p": _p(float(found.model("method_free", "p_diff")), lang),
        "change": bounded(float(found.model("method_free", "correlation_change")), lang),
    }
    return [tr("method_bias.reading_free", lang, **values)]


def _marker(found: MethodBias, lang: Language | None) -> list[str]:
    if not len(found.marker_models):
        return []
    tests = {name: float(found.model(name, "p_diff", marker=True)) for name in ("method_c", "method_u", "method_r")}
    texts = []
    if not pd.isna(tests["method_c"]):
        key = "loads" if tests["method_c"] < ALPHA else "loads_not"
        texts.append(tr(f"method_bias.reading_marker_{key}", lang, p=_p(tests["method_c"], lang)))
    if not pd.isna(tests["method_u"]):
        key = "unequal" if tests["method_u"] < ALPHA else "equal"
        texts.append(tr(f"method_bias.reading_marker_{key}", lang, p=_p(tests["method_u"], lang)))
    if not pd.isna(tests["method_r"]) and found.chosen:
        key = "biases" if tests["method_r"] < ALPHA else "biases_not"
        change = bounded(float(found.model(found.chosen, "correlation_change", marker=True)), lang)
        texts.append(tr(f"method_bias.reading_marker_{key}", lang, p=_p(tests["method_r"], lang), change=change))
    if len(found.decomposition):
        share = percent(float(found.decomposition["percent"].max()), lang)
        texts.append(tr("method_bias.reading_decomposition", lang, share=share))
    return texts or [tr("method_bias.reading_marker_none", lang)]


def _correlations(found: MethodBias, lang: Language | None) -> list[str]:
    rate = found.rates[0]
    if pd.isna(rate):
        return [tr("method_bias.reading_no_rate", lang)]
    if not found.marker:
        return []
    rows = found.correlations
    lost = rows[(rows["pvalue"] < ALPHA) & (rows["p_adjusted"] >= ALPHA)]
    if lost.empty:
        return [tr("method_bias.reading_kept", lang, rate=bounded(rate, lang))]
    pairs = "; ".join(found.pair_name(row["first"], row["second"], lang) for row in lost.to_dict("records"))
    return [tr("method_bias.reading_lost", lang, rate=bounded(rate, lang), pairs=pairs)]


def percent(share: float, lang: Language | None) -> str:
    """A share in percent, without the sign."""
    return format_number(100 * share, 0, lang=lang)


def bounded(value: float, lang: Language | None) -> str:
    """A number that cannot pass 1."""
    return format_number(value, 2, bounded=True, lang=lang)


def number(value: float, lang: Language | None, digits: int = 2) -> str:
    """A number as papers print it."""
    return format_number(value, digits, lang=lang)


def _p(value: float, lang: Language | None) -> str:
    if pd.isna(value):
        return "p –"
    p = format_p(value, lang)
    return f"p {p if p.startswith('<') else '= ' + p}"
