"""Several groups: copies of the rows, what equality across groups sets free, and modifiers with a value per group."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cxlab.errors import ModelError, Notice
from cxlab.specify.automatic import Draft, Rules
from cxlab.specify.source import Source
from cxlab.specify.variables import Variables

GROUP_EQUAL = (
    "loadings",
    "intercepts",
    "thresholds",
    "means",
    "residuals",
    "residual.covariances",
    "lv.variances",
    "lv.covariances",
    "regressions",
    "composite.loadings",
)


def read_group_equal(group_equal: str | Iterable[str]) -> tuple[str, ...]:
    """The names of parameter sets, checked; ``lv_variances`` may stand for lavaan's ``lv.variances``."""
    given = (group_equal,) if isinstance(group_equal, str) else tuple(group_equal)
    names = tuple(name.strip().lower().replace("_", ".") for name in given)
    for written, name in zip(given, names, strict=True):
        if name not in GROUP_EQUAL:
            raise ModelError("specify.unknown_group_equal", name=written, known=", ".join(GROUP_EQUAL))
    return names


def copy_to_groups(
    rows: Sequence[Draft], sets: Variables, rules: Rules, n_groups: int, equal: tuple[str, ...]
) -> list[Draft]:
    """The rows of all groups; where the first group sets the scale, the others' means or variances become free."""
    free_means = not rules.int_lv_free and "intercepts" in equal and "means" not in equal
    free_scales = "thresholds" in equal
    free_variances = rules.std_lv and "loadings" in equal and "lv.variances" not in equal
    copies = list(rows)
    for group in range(2, n_groups + 1):
        for row in rows:
            copy = replace(row, group=group)
            scaled = not row.by_user and row.lhs in sets.lv
            if scaled and ((free_means and row.op == "~1") or (free_variances and row.is_variance)):
                copy.release()
            if free_scales and not row.by_user and _is_scale(row, rules, equal):
                copy.release()
            copies.append(copy)
    return copies


def _is_scale(row: Draft, rules: Rules, equal: tuple[str, ...]) -> bool:
    """Whether a row sets the unit of an ordinal item's response: its scale factor, or (theta) its residual variance."""
    if rules.theta:
        return row.is_variance and row.lhs in rules.ordinal and "residuals" not in equal
    return row.op == "~*~"


def apply_modifiers(rows: Sequence[Draft], n_groups: int, source: Source) -> None:
    """Values, starts and labels of the text; one entry serves all groups, several must be one per group."""
    for row in rows:
        given = row.modifiers
        for entries in (given.fixed, given.start, given.label):
            if len(entries) > 1 and len(entries) != n_groups:
                source.fail("specify.modifier_length", row.at, given=len(entries), groups=n_groups)
        if given.fixed:
            _fix(row, given.fixed[_entry(given.fixed, row.group)])
        if given.start:
            start = given.start[_entry(given.start, row.group)]
            row.ustart = math.nan if start is None else start
        if given.label:
            row.label = given.label[_entry(given.label, row.group)]


def _fix(row: Draft, value: float | None) -> None:
    if value is None:
        row.release()
    else:
        row.fix(value)


def _entry(entries: Sequence[object], group: int) -> int:
    return group - 1 if len(entries) > 1 else 0


def modifier_notices(rows: Sequence[Draft], n_groups: int, equal: tuple[str, ...], source: Source) -> list[Notice]:
    """What the modifiers do that their writer may not expect."""
    notices = []
    first_group = [row for row in rows if row.group == 1]
    shared = [row.label for row in first_group if n_groups > 1 and len(row.modifiers.label) == 1]
    if shared and not equal:
        notices.append(Notice("specify.label_shared_by_groups", {"labels": ", ".join(dict.fromkeys(shared))}))
    for row in first_group:
        if row.modifiers.start and not row.free and not row.modifiers.fixed:
            values = {"name": row.name, "value": row.ustart, "line": source.place(row.at)[0]}
            notices.append(Notice("specify.start_on_fixed", values))
    return notices


def shared_labels(
    rows: Sequence[Draft], sets: Variables, n_groups: int, equal: tuple[str, ...], partial: Iterable[str]
) -> list[str]:
    """A label per row, the same for rows that must be equal: the user's, else the parameter's name with its group."""
    released = _released(rows, partial)
    held = {row.name for row in rows if row.group == 1 and row.name not in released and _is_held(row, sets, equal)}
    labels = []
    for row in rows:
        own = row.name if row.group == 1 or row.name in held else f"{row.name}.g{row.group}"
        labels.append(row.label or own)
    return labels


def _letters(written: str) -> str:
    """A parameter's name without blanks and backticks, with which names that hold blanks are written."""
    return "".join(written.replace("`", "").split())


def _released(rows: Sequence[Draft], partial: Iterable[str]) -> set[str]:
    """Names of parameters that `group_partial` lets differ; a covariance may be named in either order."""
    known = {row.name: row.name for row in rows}
    known |= {f"{row.rhs}~~{row.lhs}": row.name for row in rows if row.op == "~~"}
    by_letters = {_letters(written): name for written, name in known.items()}
    released = set()
    for entry in (partial,) if isinstance(partial, str) else partial:
        name = known.get(entry) or by_letters.get(_letters(entry))
        if name is None:
            examples = ", ".join(list(known)[:4])
            raise ModelError("specify.unknown_group_partial", name=entry, known=examples)
        released.add(name)
    return released


def _is_held(row: Draft, sets: Variables, equal: tuple[str, ...]) -> bool:
    if row.op == "~~":
        own = "variances" if row.is_variance else "covariances"
        residual = "residuals" if row.is_variance else "residual.covariances"
        return (row.lhs in sets.lv and f"lv.{own}" in equal) or (row.lhs in sets.ov_nox and residual in equal)
    if row.op == "~1":
        return (row.lhs in sets.lv and "means" in equal) or (row.lhs in sets.ov_nox and "intercepts" in equal)
    sets_of = {"=~": "loadings", "~": "regressions", "<~": "composite.loadings", "|": "thresholds", "~*~": ""}
    return sets_of[row.op] in equal
