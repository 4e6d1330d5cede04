"""lavaan's automatic rules for one group: which parameters a model has beyond its text, and which are held fixed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, combinations_with_replacement
from typing import Any, Literal, get_args

from cxlab.errors import ModelError
from cxlab.specify.statements import NO_MODIFIERS, Modifiers, Term
from cxlab.specify.variables import Variables, variables

Kind = Literal["sem", "cfa", "growth", "lavaan"]


@dataclass(frozen=True)
class Rules:
    """Switches, named as in lavaan with ``.`` as ``_``; and ordinal items with their numbers of thresholds.

    `theta` tells the theta from the delta parameterisation: residual variances at 1, or variances of the responses.
    """

    std_lv: bool = False
    orthogonal: bool = False
    meanstructure: bool = False
    fixed_x: bool = True
    int_ov_free: bool = False
    int_lv_free: bool = False
    auto_fix_first: bool = False
    auto_fix_single: bool = False
    auto_var: bool = False
    auto_cov_lv_x: bool = False
    auto_cov_y: bool = False
    ordered: tuple[tuple[str, int], ...] = ()
    theta: bool = False

    @property
    def ordinal(self) -> frozenset[str]:
        """Names of the ordinal items."""
        return frozenset(name for name, _ in self.ordered)


@dataclass
class Draft:
    """A row of the parameter table while it is being made."""

    lhs: str
    op: str
    rhs: str
    by_user: bool
    modifiers: Modifiers = NO_MODIFIERS
    at: int = 0
    group: int = 1
    free: bool = True
    ustart: float = math.nan
    exo: bool = False
    label: str = ""

    def fix(self, value: float) -> None:
        """Hold the parameter at a value; not-a-number stands for the sample's value."""
        self.free, self.ustart = False, value

    def release(self) -> None:
        self.free, self.ustart = True, math.nan

    @property
    def name(self) -> str:
        return f"{self.lhs}{self.op}{self.rhs}"

    @property
    def is_variance(self) -> bool:
        return self.op == "~~" and self.lhs == self.rhs


def rules_of(kind: str, std_lv: bool, switches: dict[str, bool | None]) -> Rules:
    """The switches of a lavaan function, with those that the caller set himself."""
    if kind not in get_args(Kind):
        raise ModelError("specify.unknown_kind", kind=kind, known=", ".join(get_args(Kind)))
    automatic = kind != "lavaan"
    rules = Rules(
        std_lv=std_lv,
        int_ov_free=automatic and kind != "growth",
        int_lv_free=kind == "growth",
        auto_fix_first=automatic and not std_lv,
        auto_fix_single=automatic,
        auto_var=automatic,
        auto_cov_lv_x=automatic,
        auto_cov_y=automatic,
    )
    chosen: dict[str, Any] = {name: value for name, value in switches.items() if value is not None}
    return replace(rules, **chosen)


def drafts(terms: Sequence[Term], rules: Rules) -> tuple[list[Draft], Variables]:
    """The rows of one group, the user's first, before modifiers are applied."""
    sets = variables(terms)
    rank = {name: position for position, name in enumerate([*sets.lv, *sets.ov])}
    rows = [_from_user(term, rank) for term in terms]
    stated = {(row.lhs, row.op, row.rhs) for row in rows}
    rows += [Draft(*key, by_user=False) for key in _defaults(sets, rules) if key not in stated]
    for rule in _RULES:
        rule(rows, sets, rules)
    return rows, sets


def _from_user(term: Term, rank: dict[str, int]) -> Draft:
    lhs, rhs = term.lhs, term.rhs
    if term.op == "~~" and rank[lhs] > rank[rhs]:
        lhs, rhs = rhs, lhs
    return Draft(lhs, term.op, rhs, by_user=True, modifiers=term.modifiers, at=term.rhs_at)


def _defaults(sets: Variables, rules: Rules) -> Iterator[tuple[str, str, str]]:
    for name, count in rules.ordered:
        for number in range(1, count + 1):
            yield name, "|", f"t{number}"
    pairs: list[tuple[str, str]] = [(name, name) for name in (*sets.ov_nox, *sets.lv)]
    if rules.auto_cov_lv_x:
        pairs += combinations(sets.lv_x, 2)
    if rules.auto_cov_y:
        pairs += combinations((*sets.lv_y, *sets.ov_y), 2)
    pairs += combinations_with_replacement(sets.ov_x, 2)
    for lhs, rhs in pairs:
        yield lhs, "~~", rhs
    for name, _ in rules.ordered:
        yield name, "~*~", name
    if rules.meanstructure:
        for name in (*sets.ov, *sets.lv):
            yield name, "~1", ""


def _variances(rows: list[Draft], sets: Variables, rules: Rules) -> None:
    for row in rows:
        composite = row.lhs in sets.lv_formative
        if row.is_variance and not row.by_user and (composite or not rules.auto_var):
            row.fix(0.0)


def _unit_variances(rows: list[Draft], sets: Variables, rules: Rules) -> None:
    if rules.std_lv:
        for row in rows:
            if row.is_variance and row.lhs in sets.lv:
                row.fix(1.0)


def _first_loadings(rows: list[Draft], sets: Variables, rules: Rules) -> None:
    if not rules.auto_fix_first:
        return
    seen: set[str] = set()
    for row in rows:
        if row.op == "=~" and row.lhs not in seen:
            seen.add(row.lhs)
            row.fix(1.0)


def _single_indicators(rows: list[Draft], sets: Variables, rules: Rules) -> None:
    if not (rules.auto_var and rules.auto_fix_single):
        return
    loadings = [row for row in rows if row.op == "=~"]
    per_factor = Counter(row.lhs for row in loadings)
    per_item = Counter(row.rhs for row in loadings)
    single = {row.rhs for row in loadings if per_factor[row.lhs] == 1 and per_item[row.rhs] == 1}
    for row in rows:
        if row.is_variance and not row.by_user and row.lhs in single:
            row.fix(0.0)


def _orthogonal(rows: list[Draft], sets: Variables, rules: Rules) -> None:
    if not rules.orthogonal:
        return
    for row in rows:
        between = row.op == "~~" and row.lhs != row.rhs and row.lhs in sets.lv and row.rhs in sets.lv
        if between and not row.by_user:
            row.fix(0.0)


def _means(rows: list[Draft], sets: Variables, rules: Rules) -> None:
    for row in rows:
        if row.op != "~1" or row.by_user:
            continue
        free = rules.int_lv_free if row.lhs in sets.lv else rules.int_ov_free
        if not free:
            row.fix(0.0)


def _exogenous(rows: list[Draft], sets: Variables, rules: Rules) -> None:
    if not rules.fixed_x:
        return
    exogenous = set(sets.ov_x)
    for row in rows:
        covaries = row.op == "~~" and row.lhs in exogenous and row.rhs in exogenous
        if not row.by_user and (covaries or (row.op == "~1" and row.lhs in exogenous)):
            row.fix(math.nan)
            row.exo = True


def _ordinal(rows: list[Draft], sets: Variables, rules: Rules) -> None:
    """A response has no unit of its own: its residual variance (or variance) and scale are 1, its intercept 0."""
    for row in rows:
        if row.by_user or row.lhs not in rules.ordinal:
            continue
        if row.is_variance or row.op == "~*~":
            row.fix(1.0)
        elif row.op == "~1":
            row.fix(0.0)


# In lavaan's order: a later rule may overrule an earlier one.
_RULES: tuple[Callable[[list[Draft], Variables, Rules], None], ...] = (
    _variances,
    _unit_variances,
    _first_loadings,
    _single_indicators,
    _orthogonal,
    _means,
    _exogenous,
    _ordinal,
)
