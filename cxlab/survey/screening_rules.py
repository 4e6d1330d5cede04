"""The screening rules, one function each: answers and a setting in, an Outcome out. Nothing is excluded here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cxlab.errors import DataError
from cxlab.survey.screening_indices import (
    chi2_survival,
    dependent_columns,
    even_odd,
    longest_run,
    mahalanobis_squared,
    moments,
    response_sd,
    straight,
)
from cxlab.survey.screening_types import (
    Answers,
    Outcome,
    Rule,
    check_number,
    flags_of,
    has_scale,
    in_force,
    scale_ends,
    shown,
)

MEDIAN = re.compile(r"\s*median\s*/\s*(\d+(?:\.\d+)?)\s*")
PER_ITEM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*/\s*item\s*")
Blocks = Mapping[str, Sequence[str]]


def out_of_range(answers: Answers) -> Outcome:
    """Rows with an answer outside an item's scale; items without a scale in the codebook cannot be judged."""
    scaled = [name for name in answers.items if has_scale(answers.codebook, name)]
    low, high = np.array([scale_ends(answers.codebook, name) for name in scaled]).T
    count = np.zeros(len(answers))
    for rows, block in answers.chunks(scaled):
        count[rows] = ((block < low) | (block > high)).sum(axis=1)
    values = {"items": len(scaled)}
    rule = Rule("out_of_range", None, "survey.criterion_out_of_range", values, origin="survey.origin_codebook")
    return Outcome({"n_out_of_range": count}, rule, flags_of(count > 0))


def missing_share(answers: Answers, setting: float | bool | None) -> Outcome:
    """Rows in which more than this share of the items has no answer."""
    count = np.zeros(len(answers))
    for name in answers.items:
        count += answers.frame[name].isna().to_numpy()
    share = count / len(answers.items)
    if not in_force(setting):
        return Outcome({"missing_share": share})
    cut = 0.5 if setting is True else 0.0 if setting == 0 else check_number("missing", setting, 0, 1)
    values = {"percent": 100 * cut}
    rule = Rule("missing", cut, "survey.criterion_missing", values, origin="survey.origin_convention")
    return Outcome({"missing_share": share}, rule, flags_of(share > cut))


def duplicates(answers: Answers) -> Outcome:
    """Rows that repeat an earlier row in every item; rows without any answer cannot be judged."""
    part = answers.frame[list(answers.items)]
    answered = np.zeros(len(part), dtype=bool)
    for name in part.columns:
        answered |= part[name].notna().to_numpy()
    # Equal rows have equal hashes, so only the few rows that share a hash are compared in full.
    hashes = pd.util.hash_pandas_object(part, index=False)
    candidates = hashes.duplicated(keep=False).to_numpy() & answered
    repeated = np.zeros(len(part), dtype=bool)
    repeated[candidates] = part.loc[candidates].duplicated().to_numpy()
    values = {"items": len(answers.items)}
    rule = Rule("duplicates", None, "survey.criterion_duplicates", values, origin="survey.origin_convention")
    first = _first_like(hashes, repeated, candidates)
    return Outcome({"duplicate_of": first}, rule, flags_of(repeated, answered))


def speeders(answers: Answers, setting: float | str | None, column: str) -> Outcome:
    """Rows answered in less time than an absolute or a relative limit, in seconds."""
    seconds = answers.frame[column].to_numpy(dtype="float64", na_value=np.nan)
    if not in_force(setting):
        return Outcome({"seconds": seconds})
    cut, sources = _seconds(setting, seconds, len(answers.items))
    key = "survey.criterion_min_seconds" if sources else "survey.criterion_seconds"
    values = {"seconds": cut, "given": str(setting)}
    rule = Rule("min_seconds", cut, key, values, sources, "" if sources else "survey.origin_researcher")
    known = ~np.isnan(seconds)
    return Outcome({"seconds": seconds}, rule, flags_of(known & (seconds < cut), known))


def longstring(answers: Answers, setting: float | str | bool | None, blocks: Blocks) -> Outcome:
    """Rows whose longest run of identical neighbouring answers, as ticked, reaches the limit."""
    longest = np.full(len(answers), np.nan)
    for items in blocks.values():
        for rows, block in answers.chunks(items):
            longest[rows] = np.fmax(longest[rows], longest_run(block))
    if not in_force(setting):
        return Outcome({"longstring": longest})
    half = setting is True or setting == "half"
    widest = max(len(items) for items in blocks.values())
    cut = float(np.ceil(widest / 2)) if half else check_number("longstring", setting, 1, np.inf)
    sources = ("johnson_2005", "curran_2016") if half else ("johnson_2005",)
    rule = Rule("longstring", cut, "survey.criterion_longstring", {"run": cut}, sources)
    return Outcome({"longstring": longest}, rule, flags_of(longest >= cut, ~np.isnan(longest)))


def straightline(answers: Answers, blocks: Blocks) -> Outcome:
    """Rows with one and the same answer, as ticked, to all items (of every block, if blocks are given)."""
    hit, broken = np.ones(len(answers), dtype=bool), np.zeros(len(answers), dtype=bool)
    for items in blocks.values():
        for rows, block in answers.chunks(items):
            is_straight, known = straight(block)
            hit[rows] &= is_straight
            broken[rows] |= known & ~is_straight
    values = {"items": sum(len(items) for items in blocks.values()), "blocks": len(blocks)}
    key = "survey.criterion_straightline" if len(blocks) == 1 else "survey.criterion_straightline_blocks"
    return Outcome({}, Rule("straightline", None, key, values, ("leiner_2019",)), flags_of(hit, hit | broken))


def irv(answers: Answers, setting: float | bool | None) -> Outcome:
    """Rows whose answers, as ticked, vary no more than this standard deviation (scale points)."""
    spread = np.empty(len(answers))
    for rows, block in answers.chunks():
        spread[rows] = response_sd(block)
    if not in_force(setting):
        return Outcome({"irv": spread})
    if setting is True:
        raise DataError("survey.irv_needs_number")
    cut = 0.0 if setting == 0 else check_number("irv", setting, 0, np.inf)
    rule = Rule("irv", cut, "survey.criterion_irv", {"sd": cut}, ("dunn_2018",))
    return Outcome({"irv": spread}, rule, flags_of(spread <= cut, ~np.isnan(spread)))


def attention(answers: Answers, checks: Mapping[str, tuple[Any, ...]]) -> Outcome:
    """Rows with a wrong answer to an attention check; a check without an answer cannot be judged."""
    wrong, unanswered = np.zeros(len(answers)), np.zeros(len(answers), dtype=bool)
    for name, right in checks.items():
        column = answers.frame[name]
        missing, correct = column.isna().to_numpy(), column.isin(right).to_numpy()
        if not correct.any() and not missing.all():
            raise DataError("survey.attention_never_right", item=name, right=shown(right), found=_most_common(column))
        wrong += ~missing & ~correct
        unanswered |= missing
    said = "; ".join(f"{name} = {shown(right)}" for name, right in checks.items())
    rule = Rule("attention", dict(checks), "survey.criterion_attention", {"checks": said}, ("meade_craig_2012",))
    return Outcome({"attention_wrong": wrong}, rule, flags_of(wrong > 0, ~unanswered | (wrong > 0)))


def mahalanobis(answers: Answers, setting: float | bool | None) -> Outcome:
    """Rows whose answers are unlikely far from the centre: p of the squared Mahalanobis distance below the cut."""
    cut = 0.001 if setting is True else check_number("mahalanobis", setting, 0, 1)
    mean, cov = _complete_moments(answers)
    distance = np.empty(len(answers))
    for rows, block in answers.chunks():
        distance[rows] = mahalanobis_squared(block, mean, cov)
    p = chi2_survival(distance, len(answers.items))
    values = {"p": cut, "df": len(answers.items)}
    sources = ("meade_craig_2012", "tabachnick_fidell_2013") if cut == 0.001 else ("meade_craig_2012",)
    rule = Rule("mahalanobis", cut, "survey.criterion_mahalanobis", values, sources)
    return Outcome({"mahalanobis_d2": distance, "mahalanobis_p": p}, rule, flags_of(p < cut, ~np.isnan(p)))


def consistency(answers: Answers, setting: float | bool | None, constructs: Blocks) -> Outcome:
    """Rows whose odd and even half-scales agree too little over the constructs."""
    cut = 0.3 if setting is True else check_number("even_odd", setting, -1, 1)
    usable = {name: list(items) for name, items in constructs.items() if len(items) > 1}
    if len(usable) < 3:
        raise DataError("survey.even_odd_constructs", count=len(usable), names=", ".join(usable) or "–")
    value = np.empty(len(answers))
    names = [name for items in usable.values() for name in items]
    for rows, block in answers.chunks(names, turned=True):
        value[rows] = even_odd(*_halves(block, [len(items) for items in usable.values()]))
    sources = ("johnson_2005", "desimone_2015") if cut == 0.3 else ("johnson_2005",)
    rule = Rule("even_odd", cut, "survey.criterion_even_odd", {"r": cut, "constructs": len(usable)}, sources)
    return Outcome({"even_odd": value}, rule, flags_of(value < cut, ~np.isnan(value)))


def _first_like(hashes: pd.Series, repeated: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    first = np.full(len(hashes), np.nan)
    if repeated.any():
        same = hashes[candidates]
        earliest = same.index.to_series().groupby(same.to_numpy()).transform("min")
        first[candidates] = earliest.to_numpy(dtype="float64")
    first[~repeated] = np.nan
    return first


def _seconds(setting: float | str | None, seconds: np.ndarray, items: int) -> tuple[float, tuple[str, ...]]:
    if isinstance(setting, str):
        if (match := MEDIAN.fullmatch(setting)) and float(match[1]) > 0:
            if np.isnan(seconds).all():
                raise DataError("survey.no_seconds")
            return float(np.nanmedian(seconds)) / float(match[1]), ("leiner_2019",)
        if (match := PER_ITEM.fullmatch(setting)) and float(match[1]) > 0:
            return float(match[1]) * items, ("huang_2012",)
        raise DataError("survey.bad_seconds", value=setting)
    return check_number("min_seconds", setting, 0, np.inf), ()


def _most_common(column: pd.Series) -> str:
    return shown([value if isinstance(value, str) else float(value) for value in column.value_counts().index[:5]])


def _complete_moments(answers: Answers) -> tuple[np.ndarray, np.ndarray]:
    items = answers.items
    count, total, products, origin = 0, np.zeros(len(items)), np.zeros((len(items), len(items))), None
    for _, block in answers.chunks():
        complete = block[~np.isnan(block).any(axis=1)]
        if origin is None and len(complete):
            origin = complete.mean(axis=0)  # close to the mean, so that the cross-products do not cancel
        if origin is not None:
            centred = complete - origin
            count, total, products = count + len(centred), total + centred.sum(axis=0), products + centred.T @ centred
    if origin is None or count <= len(items):
        raise DataError("survey.mahalanobis_rows", complete=count, items=len(items))
    offset, cov = moments(total, products, count)
    flat, dependent = dependent_columns(cov)
    if flat or dependent:
        key = "survey.mahalanobis_constant" if flat else "survey.mahalanobis_collinear"
        raise DataError(key, items=", ".join(items[i] for i in (flat or dependent)))
    return origin + offset, cov


def _halves(block: np.ndarray, sizes: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    odd, even = np.empty((2, len(block), len(sizes)))
    start = 0
    for k, size in enumerate(sizes):
        scale = block[:, start : start + size]
        for half, items in ((odd, scale[:, ::2]), (even, scale[:, 1::2])):
            given = ~np.isnan(items)
            count = given.sum(axis=1)
            mean = np.where(given, items, 0.0).sum(axis=1) / np.maximum(count, 1)
            half[:, k] = np.where(count > 0, mean, np.nan)
        start += size
    return odd, even
