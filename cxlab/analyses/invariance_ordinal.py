"""Levels of invariance for ordered answers: thresholds first, as Wu and Estabrook (2016) identify them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.codebook.text import nfc
from cxlab.errors import ModelError, Notice, NotSupportedError
from cxlab.specify import Model
from cxlab.specify.write import quote_name
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from cxlab.analyses.invariance_fits import Setting
    from cxlab.analyses.sem_result import SemFit

LEVELS = ("configural", "thresholds", "metric", "scalar", "strict")
REFERENCES = ("wu_estabrook_2016", "svetina_2020", "sass_2014")


def wants_ordered(model: Model, ordered: object) -> bool:
    """Whether the items are ordered answers: all of them or none.

    Raises
    ------
    ModelError
        Some items only, names that the model does not have, or lines of the model that the levels set themselves.
    """
    if ordered is None or ordered is False:
        return False
    items = [term.rhs for term in model.terms if term.op == "=~"]
    if ordered is not True:
        if not isinstance(ordered, Iterable):
            raise ModelError("validity.switch", name="ordered", value=ordered)
        named = {nfc(str(name)) for name in ([ordered] if isinstance(ordered, str) else ordered)}
        if named and named != set(items):
            raise ModelError("invariance.ordered_some", items=", ".join(sorted(named ^ set(items))))
        if not named:
            return False
    for term in model.terms:
        if term.op in ("|", "~1", "~*~") or (term.op == "~~" and term.lhs == term.rhs):
            raise ModelError("invariance.ordered_lines", line=f"{term.lhs} {term.op} {term.rhs}".strip())
    return True


def check_ordered(setting: Setting, data: Any) -> None:
    """Raise if an item cannot go through the levels one by one."""
    if not isinstance(data, Survey):
        raise NotSupportedError("invariance.ordered_moments")
    if not setting.std_lv:
        raise ModelError("invariance.ordered_std_lv")
    few = [item for item, count in counts(setting, data.frame).items() if count == 1]
    if few:
        raise NotSupportedError("invariance.ordered_binary", items=", ".join(few))


def counts(setting: Setting, frame: pd.DataFrame) -> dict[str, int]:
    """Thresholds of each item in the complete rows; nothing of items that the data do not have."""
    items = dict.fromkeys(term.rhs for term in setting.model.terms if term.op == "=~")
    known = [item for item in items if item in frame]
    rows = _complete(setting, frame, known)
    return {item: int(rows[item].nunique()) - 1 for item in known}


def group_count(setting: Setting, frame: pd.DataFrame) -> int:
    """Groups with complete rows; 0 without the column."""
    items = dict.fromkeys(term.rhs for term in setting.model.terms if term.op == "=~")
    if setting.group not in frame:
        return 0
    return int(_complete(setting, frame, [item for item in items if item in frame])[setting.group].nunique())


def _complete(setting: Setting, frame: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    return frame[list(dict.fromkeys([*items, *([setting.group] if setting.group in frame else [])]))].dropna()


def level_model(setting: Setting, frame: pd.DataFrame, level: str, freed: Sequence[str]) -> str:
    """The model text of one level, loadings left to ``group_equal``.

    Notes
    -----
    Residual variances of 1 and intercepts of 0 in the first group throughout (theta). "thresholds" holds thresholds
    equal and frees both in the other groups; "metric" adds loadings and frees latent variances; "scalar" sets all
    intercepts to 0 and frees latent means; "strict" sets all residual variances to 1. R:
    ``semTools::measEq.syntax(..., ID.cat = "Wu.Estabrook.2016", parameterization = "theta")``.
    """
    at, names, groups = LEVELS.index(level), quote_name, max(group_count(setting, frame), 1)
    lines = [setting.model.text.rstrip().rstrip(";")]
    for place, (item, count) in enumerate(counts(setting, frame).items()):
        cuts = []
        for number in range(1, count + 1):
            label = ", ".join([f"thr{place}.{number}"] * groups)
            tied = at >= 1 and f"{item}|t{number}" not in freed
            cuts.append(f"c({label})*t{number}" if tied else f"t{number}")
        # an item with one answer only has none, and is refused when it is fitted
        lines += [f"{names(item)} | {' + '.join(cuts)}"] if cuts else []
        intercept = at in (1, 2) or (at >= 3 and f"{item}~1" in freed)
        residual = 1 <= at < 4 or (at == 4 and f"{item}~~{item}" in freed)
        lines += [
            f"{names(item)} ~ {_first('0', intercept, groups)}*1",
            f"{names(item)} ~~ {_first('1', residual, groups)}*{names(item)}",
        ]
    factors = dict.fromkeys(term.lhs for term in setting.model.terms if term.op == "=~")
    lines += [f"{names(factor)} ~ {_first('0', at >= 3, groups)}*1" for factor in factors]
    return "\n".join(lines)


def _first(value: str, free: bool, groups: int) -> str:
    """A value in the first group, and free or the same in the others."""
    return "c(" + ", ".join([value, *(["NA" if free else value] * (groups - 1))]) + ")"


def ordered_notices(fit: SemFit) -> tuple[Notice, ...]:
    """That the rules' limits come from models of numeric answers; that three categories do not test thresholds."""
    table = fit.fitted.table
    rows = [name for name, op, group in zip(table.lhs, table.op, table.group, strict=True) if op == "|" and group == 1]
    three = [name for name in table.ordered if rows.count(name) == 2]
    found = [Notice("invariance.ordered_rules")]
    if three:
        found.append(Notice("invariance.ordered_three", {"items": ", ".join(three)}))
    return tuple(found)
