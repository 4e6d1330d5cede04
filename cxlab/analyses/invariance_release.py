"""Guided release: which parameters are held equal against the data, and the ladder with some of them free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.invariance_fits import Setting, held_at
from cxlab.analyses.invariance_ordinal import counts
from cxlab.analyses.moments import Moments
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import EstimationError, ModelError, Notice, NotSupportedError
from cxlab.evaluate.invariance import Kind, release_tests
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from cxlab.analyses.invariance_result import Invariance
    from cxlab.analyses.sem_result import SemFit

KINDS: dict[str, Kind] = {"metric": "loading", "scalar": "intercept", "strict": "residual"}
COLUMNS = [
    "level", "parameter", "kind", "construct", "item", "chisq", "df", "pvalue", "p_holm", "low_group", "high_group",
    "difference", "difference_sd",
]  # fmt: skip


def suggestions(found: Invariance, level: str) -> pd.DataFrame:
    """The parameters held equal at a level, the one whose release would help most first."""
    if found.setting.ordered:
        raise NotSupportedError("invariance.ordered_suggest")
    if level not in KINDS:
        raise ModelError("invariance.suggest_level", level=level, known=", ".join(KINDS))
    if level not in found.fits or not found.fits[level].converged:
        raise EstimationError("invariance.level_missing", level=level, known=", ".join(found.solved))
    fit = found.fits[level]
    tests = release_tests(fit.fitted, KINDS[level])
    groups = list(range(1, len(found.groups) + 1))
    rows = [_row(dict(row), fit, level, groups) for row in tests.to_dict("records")]
    frame = pd.DataFrame(rows, columns=COLUMNS).sort_values("chisq", ascending=False, kind="stable")
    frame["p_holm"] = holm(frame["pvalue"].to_numpy(dtype=float))
    return frame.reset_index(drop=True)


def holm(pvalues: np.ndarray) -> np.ndarray:
    """Holm's adjusted p-values.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(pvalues, kind="stable")
    steps = pvalues[order] * np.arange(len(pvalues), 0, -1)
    adjusted = np.empty(len(pvalues))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def _row(test: dict[object, object], fit: SemFit, level: str, groups: list[int]) -> dict[str, object]:
    name, item = str(test["parameter"]), str(test["item"])
    values = np.array([float(test[group]) for group in groups])  # type: ignore[arg-type]
    construct = _construct(fit, name, item)
    size = float(np.ptp(values))
    return {
        "level": level,
        "parameter": written(name),
        "construct": construct,
        "low_group": fit.groups[int(values.argmin())],
        "high_group": fit.groups[int(values.argmax())],
        "difference": size,
        "difference_sd": size * _scale(fit, name, construct, item),
    } | {key: test[key] for key in ("kind", "item", "chisq", "df", "pvalue")}


def _construct(fit: SemFit, name: str, item: str) -> str:
    if "=~" in name:
        return name.split("=~")[0]
    rows = fit.estimates
    own = rows[(rows["op"] == "=~") & (rows["rhs"] == item)]["lhs"]
    return str(own.iloc[0]) if len(own) else ""


def _scale(fit: SemFit, name: str, construct: str, item: str) -> float:
    """What turns a difference into the item's pooled standard deviations (a loading's at one SD of the construct)."""
    fitted, weights = fit.fitted, fit.fitted.shares
    place = list(fitted.table.variables.ov).index(item)
    variance = float(weights @ fitted.cov[:, place, place])
    if "~~" in name:
        return 1 / variance
    if "=~" not in name:
        return 1 / float(np.sqrt(variance))
    factor = list(fitted.table.variables.lv).index(construct)
    spread = float(weights @ fit.outcome.latent[0][:, factor, factor])
    return float(np.sqrt(max(spread, 0.0) / variance))


def written(name: str) -> str:
    """A parameter as a reader writes it.

    Examples
    --------
    >>> [written(one) for one in ("f=~x1", "x1~1", "x1~~x1")]
    ['f =~ x1', 'x1 ~1', 'x1 ~~ x1']
    """
    for op in ("=~", "~~", "|"):
        if op in name:
            return f" {op} ".join(name.split(op))
    return f"{name.removesuffix('~1')} ~1"


def checked_release(setting: Setting, data: Survey | Moments, release: Sequence[str]) -> tuple[str, ...]:
    """The parameters to free, as `group_partial` writes them, without repetition.

    Raises
    ------
    ModelError
        A parameter that no level holds equal, or that would leave a construct without an invariant item.
    """
    loadings = {term.rhs: term.lhs for term in setting.model.terms if term.op == "=~"}
    known = {f"{lhs}=~{rhs}": f"{lhs}=~{rhs}" for rhs, lhs in loadings.items()}
    known |= {f"{item}~1": f"{item}~1" for item in loadings} | {
        f"{item}~~{item}": f"{item}~~{item}" for item in loadings
    }
    if setting.ordered and isinstance(data, Survey):
        held = [f"{item}|t{k + 1}" for item, count in counts(setting, data.frame).items() for k in range(count)]
        known |= dict(zip(held, held, strict=True))
    freed: list[str] = []
    for one in release:
        name = "".join(nfc(str(one)).replace("`", "").split())
        match = next((key for key in known if "".join(key.split()) == name), None)
        if match is None:
            hint = did_you_mean(str(one), [written(key) for key in known])
            examples = ", ".join(written(key) for key in list(known)[:: max(len(known) // 3, 1)][:3])
            raise ModelError("invariance.unknown_parameter", parameter=one, hint=hint, examples=examples)
        if held_at(match) not in setting.levels:
            raise ModelError("invariance.release_level", parameter=written(match), level=held_at(match))
        freed += [match] if match not in freed else []
    if not setting.std_lv:
        _markers(setting, freed)
    for construct, left in invariant_items(setting, freed).items():
        if not left:
            raise ModelError("invariance.release_all", construct=construct)
    return tuple(freed)


def _markers(setting: Setting, freed: Sequence[str]) -> None:
    """First loadings are fixed at 1 in every group: they cannot be released."""
    first: dict[str, str] = {}
    for term in setting.model.terms:
        if term.op == "=~":
            first.setdefault(term.lhs, term.rhs)
    for construct, item in first.items():
        if f"{construct}=~{item}" in freed:
            raise ModelError("invariance.release_marker", parameter=f"{construct} =~ {item}")


def invariant_items(setting: Setting, freed: Sequence[str]) -> dict[str, list[str]]:
    """By construct the items whose loading and intercept are both held equal."""
    found: dict[str, list[str]] = {}
    for term in setting.model.terms:
        if term.op == "=~":
            own = found.setdefault(term.lhs, [])
            free = {f"{term.lhs}=~{term.rhs}", f"{term.rhs}~1"} & set(freed)
            own += [] if free else [term.rhs]
    return found


def release_notices(setting: Setting, freed: Sequence[str]) -> tuple[Notice, ...]:
    """What a partial ladder rests on: constructs with one invariant item, intercepts held beside free loadings."""
    if not freed:
        return ()
    found = []
    single = {name: left[0] for name, left in invariant_items(setting, freed).items() if len(left) == 1}
    touched = {name for name in single if any(_of(setting, name, one) for one in freed)}
    if touched:
        values = {"constructs": ", ".join(f"{name} ({single[name]})" for name in single if name in touched)}
        found.append(Notice("invariance.one_invariant_item", values, serious=True))
    held = [one.split("=~")[1] for one in freed if "=~" in one and f"{one.split('=~')[1]}~1" not in freed]
    if held and "scalar" in setting.levels:
        values = {"items": ", ".join(held), "release": ", ".join(f'"{item} ~1"' for item in held)}
        found.append(Notice("invariance.intercept_still_held", values))
    return tuple(found)


def _of(setting: Setting, construct: str, parameter: str) -> bool:
    items = {term.rhs for term in setting.model.terms if term.op == "=~" and term.lhs == construct}
    item = parameter.split("=~")[-1].split("~~")[0].split("|")[0].removesuffix("~1")
    return item in items
