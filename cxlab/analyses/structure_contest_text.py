"""A contest of structures in words: the answer first, then what it rests on, all computed from the numbers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.result import notices_text
from cxlab.evaluate.dimensionality import ESSENTIAL, PRIMARY, scored_alone
from cxlab.evaluate.rules import rule_limit, rule_note
from cxlab.i18n import Language, format_number, format_p, tr

# Level of the tests between nested structures.
ALPHA = 0.05

if TYPE_CHECKING:
    from cxlab.analyses.structure_contest_result import StructureContest


def summary(contest: StructureContest, lang: Language | None = None) -> str:
    """Head, a line a structure, the reading, the notices, the rules."""
    lines = [head(contest, lang), *(_line(contest, row, lang) for row in contest.table.to_dict("records"))]
    lines += [f"→ {text}" for text in reading(contest, lang)]
    return "\n".join([*lines, *notices_text(contest.warnings, lang), *rules(lang)])


def head(contest: StructureContest, lang: Language | None) -> str:
    """What was compared, on how many rows."""
    values = {"n": contest.n_obs, "estimator": contest.estimator, "constructs": len(contest.blocks)}
    items = sum(map(len, contest.blocks.values()))
    text = tr("validity.contest_head", lang, items=items, **values)
    return text + (" · " + tr("analyses.simulated", lang) if contest.simulated else "")


def head_html(contest: StructureContest, lang: Language) -> str:
    """Head and reading for a notebook."""
    rows = "".join(f"<li>{escape(text)}</li>" for text in reading(contest, lang))
    return f'<p class="cxlab-head">{escape(head(contest, lang))}</p><ul class="cxlab-reading">{rows}</ul>'


def rules(lang: Language | None) -> list[str]:
    """The rules that the reading used."""
    return [rule_note(PRIMARY, lang), rule_note(ESSENTIAL, lang), rule_note("hu_bentler_1999", lang, ["cfi", "srmr"])]


def reading(contest: StructureContest, lang: Language | None = None) -> tuple[str, ...]:
    """Sentences: the answer, fit, tests, correlations, the general factor, the components, cautions."""
    found = [tr(f"validity.answer_{contest.verdict}", lang)]
    found += [*_fit(contest, lang), *_tests(contest, lang), *_correlations(contest, lang)]
    found += [*_general(contest, lang), *_groups(contest, lang), *_cautions(contest, lang)]
    return tuple(text[:1].upper() + text[1:] for text in found)


def structure_name(name: str, lang: Language | None = None) -> str:
    """A structure in words."""
    return tr(f"validity.structure_{name}", lang)


def bounded(value: float, lang: Language | None, digits: int = 2) -> str:
    """A bounded number as papers print it."""
    return format_number(value, digits, bounded=True, lang=lang)


def _line(contest: StructureContest, row: dict[Any, Any], lang: Language | None) -> str:
    width = max(len(structure_name(name, lang)) for name in contest.table["structure"])
    start = f"  {structure_name(row['structure'], lang):<{width}}"
    if not row["converged"]:
        why = " ".join(notice.text(lang) for notice in contest.reasons[row["structure"]])
        return f"{start}  {tr('validity.state_' + row['state'], lang)}: {why}"
    chisq = format_number(row["chisq"], 1, lang=lang)
    texts = [f"χ²({row['df']:.0f}) = {chisq}"]
    texts += [f"{name.upper()} {bounded(row[name], lang, 3)}" for name in ("cfi", "rmsea", "srmr")]
    texts += [] if pd.isna(row["bic"]) else [f"BIC {format_number(row['bic'], 0, lang=lang)}"]
    general = contest.general_row(row["structure"])
    for key, text in (("omega_h", "ωh"), ("ecv", "ECV")):
        texts += [f"{text} {bounded(general[key], lang)}"] if not pd.isna(general[key]) else []
    texts += [] if row["state"] == "ok" else [tr("validity.state_inadmissible", lang)]
    return f"{start}  " + "  ".join(texts)


def _listed(names: list[str], lang: Language | None) -> str:
    return ", ".join(structure_name(name, lang) for name in names)


def _fit(contest: StructureContest, lang: Language | None) -> list[str]:
    fitting = contest.fitting()
    solved = list(contest.table.loc[contest.table["state"] == "ok", "structure"])
    others = [name for name in solved if name not in fitting]
    found = []
    if fitting:
        found.append(tr("validity.reading_fits", lang, structures=_listed(fitting, lang)))
    if others:
        key = "reading_fits_not" if fitting else "reading_none_fits"
        found.append(tr(f"validity.{key}", lang, structures=_listed(others, lang)))
    if contest.judged in others:
        found.append(tr("validity.reading_provisional", lang, structure=structure_name(str(contest.judged), lang)))
    for name in contest.table.loc[contest.table["state"] != "ok", "structure"]:
        why = " ".join(notice.text(lang) for notice in contest.reasons[name])
        values = {"structure": structure_name(name, lang), "why": why}
        found.append(tr("validity.reading_out", lang, **values))
    return found


def _tests(contest: StructureContest, lang: Language | None) -> list[str]:
    found = []
    usable = contest.tests[contest.tests["admissible"]].dropna(subset="pvalue")
    for row in usable.to_dict("records"):
        p = format_p(row["pvalue"], lang)
        chisq = format_number(row["chisq_diff"], 1, lang=lang)
        test = f"Δχ²({row['df_diff']:.0f}) = {chisq}, p {p if p.startswith('<') else '= ' + p}"
        values = {"restricted": structure_name(row["restricted"], lang), "free": structure_name(row["free"], lang)}
        key = "validity.reading_worse" if row["pvalue"] < ALPHA else "validity.reading_no_worse"
        found.append(tr(key, lang, test=test, **values))
    return found


def _correlations(contest: StructureContest, lang: Language | None) -> list[str]:
    """Range of the correlations between components, where that model can be read."""
    if not _ok(contest, "correlated"):
        return []
    names = list(contest.blocks)
    cor = contest.fits["correlated"].latent_cor.loc[names, names].to_numpy()  # type: ignore[union-attr]
    values = cor[np.tril_indices(len(names), -1)]
    limit = rule_limit("henseler_2015")
    if len(values) == 1:
        found = [tr("validity.reading_correlation", lang, r=bounded(float(values[0]), lang))]
    else:
        low, middle, high = (bounded(float(one), lang) for one in (values.min(), np.median(values), values.max()))
        found = [tr("validity.reading_correlations", lang, low=low, middle=middle, high=high)]
    if np.abs(values).max() >= limit:
        found.append(tr("validity.reading_close", lang, limit=bounded(limit, lang)))
    opposed = [contest.name(name, lang) for name in _opposed(names, cor)]
    if opposed:
        found.append(tr("validity.reading_opposed", lang, constructs=", ".join(opposed)))
    return found


def _opposed(names: list[str], cor: np.ndarray) -> list[str]:
    """Components on the smaller side of the first dimension whose correlations with the others are mostly negative."""
    side = np.linalg.eigh(cor)[1][:, -1]
    side = side * (np.sign(np.sign(side).sum()) or np.sign(side[0]))
    middle = np.nanmedian(np.where(np.eye(len(names), dtype=bool), np.nan, cor), axis=1)
    return [name for name, own, typical in zip(names, side, middle, strict=True) if own < 0 and typical < 0]


def _general(contest: StructureContest, lang: Language | None) -> list[str]:
    if contest.judged is None:
        return [tr("validity.reading_no_general", lang)] if len(contest.general) else []
    row = contest.general_row(contest.judged)
    values = {key: bounded(float(row[key]), lang) for key in ("omega_h", "omega_total", "puc", "h", "determinacy")}
    values["ecv"] = format_number(100 * float(row["ecv"]), 0, lang=lang)
    return [tr("validity.reading_general", lang, structure=structure_name(contest.judged, lang), **values)]


def _groups(contest: StructureContest, lang: Language | None) -> list[str]:
    if contest.judged is None:
        return []
    rows = contest.groups[contest.groups["structure"] == contest.judged]
    shown = [(contest.name(row["construct"], lang), float(row["omega_hs"])) for row in rows.to_dict("records")]
    alone = [(name, value) for name, value in shown if scored_alone(value)]
    limit = bounded(rule_limit(ESSENTIAL, "omega_hs"), lang)
    if alone:
        texts = ", ".join(f"{name} ({bounded(value, lang)})" for name, value in alone)
        return [tr("validity.reading_alone", lang, constructs=texts, limit=limit)]
    known = [(name, value) for name, value in shown if not np.isnan(value)]
    if not known:
        return []
    name, value = max(known, key=lambda one: one[1])
    return [tr("validity.reading_none_alone", lang, construct=name, value=bounded(value, lang), limit=limit)]


def _cautions(contest: StructureContest, lang: Language | None) -> list[str]:
    """What the numbers cannot decide."""
    found = []
    usable = contest.table[contest.table["state"] == "ok"].dropna(subset="bic")
    if len(contest.blocks) == 3 and _ok(contest, "correlated"):
        usable = usable[usable["structure"] != "second_order"]  # the same model: rounding would choose
    if len(usable) > 1:
        best = {key: usable.loc[usable[key].idxmin(), "structure"] for key in ("aic", "bic")}
        names = {key: structure_name(name, lang) for key, name in best.items()}
        key = "reading_criteria" if best["aic"] != best["bic"] else "reading_criterion"
        found.append(tr(f"validity.{key}", lang, **names))
    if _ok(contest, "bifactor"):
        found.append(tr("validity.reading_bifactor", lang))
        crossed = _crossed(contest, lang)
        found += [tr("validity.reading_crossed", lang, constructs=crossed)] if crossed else []
    return found


def _crossed(contest: StructureContest, lang: Language | None) -> str:
    """Components whose own factor loads with both signs in the bifactor model."""
    rows = contest.items[contest.items["structure"] == "bifactor"]
    mixed = [name for name, own in rows.groupby("construct", sort=False) if (own["group"] < 0).any()]
    return ", ".join(contest.name(str(name), lang) for name in mixed)


def _ok(contest: StructureContest, structure: str) -> bool:
    return bool((contest.table.loc[contest.table["structure"] == structure, "state"] == "ok").any())
