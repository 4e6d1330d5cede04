"""From the text's terms to the parameter table, step by step as lavaan builds it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from cxlab.errors import ModelError, Notice
from cxlab.specify.automatic import Draft, Rules, drafts
from cxlab.specify.groups import apply_modifiers, copy_to_groups, modifier_notices, shared_labels
from cxlab.specify.partable import ParTable
from cxlab.specify.source import Source
from cxlab.specify.statements import Constraint, Term

Extra = tuple[str, str, str, int]


def build(
    source: Source,
    terms: Sequence[Term],
    constraints: Sequence[Constraint],
    rules: Rules,
    n_groups: int = 1,
    group_labels: Sequence[str] = (),
    equal: tuple[str, ...] = (),
    partial: Iterable[str] = (),
) -> ParTable:
    """The parameter table of a model; see `Model.partable` for what each argument means."""
    if not terms:
        raise ModelError("specify.no_parameters")
    first, sets = drafts(terms, rules)
    rows = copy_to_groups(first, sets, rules, n_groups, equal)
    apply_modifiers(rows, n_groups, source)
    notices = modifier_notices(rows, n_groups, equal, source)
    if rules.fixed_x and sets.random_x:
        notices.append(Notice("specify.random_covariates", {"names": ", ".join(sets.random_x)}))
    labels = shared_labels(rows, sets, n_groups, equal, partial)
    _check_equal(rows, labels, source)
    equalities = _tie(rows, labels, notices)
    extra: list[Extra] = [(item.lhs_text, item.op, item.rhs_text, 1) for item in constraints]
    table = _table(rows, extra + equalities, tuple(group_labels))
    return replace(table, notices=tuple(notices))


def _check_equal(rows: Sequence[Draft], labels: Sequence[str], source: Source) -> None:
    """``equal("f=~x2")`` must name a parameter of the model."""
    counts = Counter(labels)
    for row in rows:
        if "~" in row.label and counts[row.label] == 1:
            source.fail("specify.unknown_equal", row.at, name=row.label)


def _tie(rows: Sequence[Draft], labels: Sequence[str], notices: list[Notice]) -> list[Extra]:
    """Rows that share a label: all fixed when one is, else tied to the first by ``==`` rows."""
    counts = Counter(labels)
    members: dict[str, list[int]] = {}
    order: list[str] = []
    for position, label in enumerate(labels):
        if counts[label] > 1:
            members.setdefault(label, []).append(position)
            if len(members[label]) == 2:
                order.append(label)
    ties: list[Extra] = []
    for label in order:
        ties += _tie_set(rows, label, members[label], notices)
    return ties


def _tie_set(rows: Sequence[Draft], label: str, positions: list[int], notices: list[Notice]) -> list[Extra]:
    fixed = [rows[position] for position in positions if not rows[position].free]
    if fixed:
        value = fixed[0].ustart
        if any(row.ustart != value for row in fixed if not (math.isnan(row.ustart) and math.isnan(value))):
            notices.append(Notice("specify.equal_but_fixed_apart", {"label": label, "value": value}, serious=True))
        for position in positions:
            rows[position].fix(value)
        return []
    reference = f".p{positions[0] + 1}."
    for position in positions:
        rows[position].label = rows[position].label or reference
    return [(reference, "==", f".p{position + 1}.", 2) for position in positions[1:]]


def _table(rows: Sequence[Draft], extra: Sequence[Extra], group_labels: tuple[str, ...]) -> ParTable:
    more = len(extra)
    free = np.array([row.free for row in rows], dtype=int)
    group = np.array([row.group for row in rows] + [0] * more, dtype=int)
    return ParTable(
        id=np.arange(1, len(rows) + more + 1),
        lhs=tuple([row.lhs for row in rows] + [lhs for lhs, _, _, _ in extra]),
        op=tuple([row.op for row in rows] + [op for _, op, _, _ in extra]),
        rhs=tuple([row.rhs for row in rows] + [rhs for _, _, rhs, _ in extra]),
        user=np.array([int(row.by_user) for row in rows] + [user for _, _, _, user in extra], dtype=int),
        block=group.copy(),
        group=group,
        free=np.concatenate([np.where(free == 1, np.cumsum(free), 0), np.zeros(more, dtype=int)]),
        ustart=np.array([row.ustart for row in rows] + [math.nan] * more, dtype=float),
        exo=np.array([int(row.exo) for row in rows] + [0] * more, dtype=int),
        label=tuple([row.label for row in rows] + [lhs if op == ":=" else "" for lhs, op, _, _ in extra]),
        plabel=tuple([f".p{position}." for position in range(1, len(rows) + 1)] + [""] * more),
        group_labels=group_labels,
    )
