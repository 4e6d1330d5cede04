"""What is to be simulated, checked: model, scales, groups, and everything that disturbs the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cxlab.codebook import Codebook, Item
from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, ModelError, NotSupportedError
from cxlab.specify import Model
from cxlab.study.simulation.careless import Check
from cxlab.study.simulation.draw import MethodPart, method_part
from cxlab.study.simulation.gaps import check_missing
from cxlab.study.simulation.nonnormal import Shape, read_shapes
from cxlab.study.simulation.options import (
    Careless,
    MethodFactor,
    Missing,
    plain,
    read_careless,
    read_method_factor,
    read_missing,
)
from cxlab.study.simulation.population import Population, population
from cxlab.study.simulation.scales import Scale, scales

_MOST_ROWS = 5_000_000
# What a codebook can hold of a simulation, besides n and seed.
OPTIONS = (
    *("group", "points", "thresholds", "shares", "skew", "nonnormal"),
    *("method_factor", "careless", "missing", "decimals"),
)


@dataclass(frozen=True, eq=False)
class Plan:
    """A checked simulation; make it with `read_plan`.

    Attributes
    ----------
    population : Population
    sizes : tuple of int
        Respondents of each group.
    group : str
        Column of the groups' names.
    scales : mapping of str to Scale
        Of the items that have one; the other variables are continuous.
    shapes : tuple of (skewness, excess kurtosis), or None
    method, careless, missing
        What disturbs the answers.
    decimals : int or None
        Rounding of continuous variables.
    book : Codebook or None
        As given.
    given : mapping
        The options as a codebook holds them.
    """

    population: Population
    sizes: tuple[int, ...]
    group: str
    scales: Mapping[str, Scale]
    shapes: tuple[Shape, ...] | None
    method: MethodFactor | None
    careless: Careless | None
    missing: tuple[Missing, ...]
    decimals: int | None
    book: Codebook | None
    given: Mapping[str, Any]

    @property
    def n(self) -> int:
        """All respondents."""
        return sum(self.sizes)

    @property
    def names(self) -> tuple[str, ...]:
        """The simulated variables, in the codebook's order if there is one."""
        names = self.population.names
        return names if self.book is None else tuple(name for name in self.book.items if name in names)

    @cached_property
    def turned(self) -> tuple[str, ...]:
        """Reversed items."""
        return reversed_items(self.population, self.book)

    @cached_property
    def method_part(self) -> MethodPart | None:
        """The method factor's loadings."""
        return method_part(self.population, self.method, self.turned)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The attention checks: the codebook's, else those that `careless` asks for."""
        if self.careless is None:
            return ()
        own = [] if self.book is None else [item for item in self.book.items.values() if item.role == "attention"]
        if own:
            return tuple(_own_check(item) for item in own)
        ends = next(iter(self.scales.values()))
        right = max(ends.low, ends.high - 1)
        return tuple(Check(f"att{k}", ends.low, ends.high, right) for k in range(1, self.careless.checks + 1))

    @cached_property
    def duration(self) -> str:
        """Column of the seconds taken; empty if there is none."""
        if self.careless is None or not self.careless.seconds:
            return ""
        own = [] if self.book is None else [name for name, item in self.book.items.items() if item.role == "duration"]
        return own[0] if own else "duration"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns, in the survey's order: group, items with the checks among them, seconds."""
        found = [*([self.group] if self.population.groups else []), *self.names]
        first = len(found) - len(self.names)
        for k, check in enumerate(self.checks):
            found.insert(first + round((k + 1) * len(self.names) / (len(self.checks) + 1)) + k, check.name)
        return (*found, *([self.duration] if self.duration else []))

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook of the simulated survey."""
        from cxlab.study.simulation.plan_codebook import make_codebook

        return make_codebook(self)


def read_plan(
    model: str | Model,
    n: int | Mapping[str, int],
    seed: int,
    *,
    codebook: Codebook | None = None,
    standardized: bool = False,
    group: str = "group",
    points: Any = None,
    thresholds: Any = None,
    shares: Any = None,
    skew: Any = 0.0,
    nonnormal: Any = None,
    method_factor: Any = None,
    careless: Any = None,
    missing: Any = None,
    decimals: int | None = None,
) -> Plan:
    """Everything checked that can be checked before a number is drawn; parameters as in `simulate`."""
    given = {key: plain(value) for key, value in locals().items() if key not in ("model", "codebook", "standardized")}
    _check_seed(seed)
    labels, sizes = _sizes(n)
    found = population(model, labels, standardized)
    _check_codebook(found, codebook)
    plan = Plan(
        population=found,
        sizes=sizes,
        group=group,
        scales=scales(found.names, codebook, points, thresholds, shares, skew),
        shapes=read_shapes(nonnormal, found.names),
        method=read_method_factor(method_factor),
        careless=read_careless(careless),
        missing=read_missing(missing),
        decimals=decimals,
        book=codebook,
        given={"n": given.pop("n"), "seed": given.pop("seed"), **_not_default(given)},
    )
    _check_plan(plan)
    return plan


def _not_default(given: Mapping[str, Any]) -> dict[str, Any]:
    default = {"group": "group", "skew": 0.0}
    return {key: value for key, value in given.items() if value is not None and value != default.get(key)}


def _check_seed(seed: object) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise DataError("simulation.seed", value=seed)


def _sizes(n: int | Mapping[str, int]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names and sizes of the groups; no names for a single one."""
    if isinstance(n, Mapping):
        if len(n) < 2:
            raise DataError("simulation.one_group", value=dict(n))
        return tuple(str(name) for name in n), tuple(_size(size, str(name)) for name, size in n.items())
    return (), (_size(n, ""),)


def _size(n: object, group: str) -> int:
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or not 1 <= n <= _MOST_ROWS:
        shown = repr(n) if isinstance(n, str) else n
        raise DataError("simulation.n_range", value=shown, group=f" ({group})" if group else "", most=f"{_MOST_ROWS:,}")
    return int(n)


def reversed_items(found: Population, book: Codebook | None) -> tuple[str, ...]:
    """The items that the codebook calls reversed; their loadings must be positive, as those of turned items are.

    Raises
    ------
    ModelError
        A reversed item with a negative loading: its answers would be turned twice.
    """
    if book is None:
        return ()
    turned = tuple(name for name in found.names if book.items[name].reversed)
    table = found.table
    for row, op in enumerate(table.op):
        if op == "=~" and table.rhs[row] in turned and found.values[row] < 0:
            raise ModelError("simulation.reversed_negative", name=table.rhs[row], factor=table.lhs[row])
    return turned


def _check_codebook(found: Population, book: Codebook | None) -> None:
    if book is None:
        return
    if not isinstance(book, Codebook):
        raise DataError("simulation.no_codebook", kind=type(book).__name__)
    for name in found.names:
        if name not in book.items:
            hint, known = did_you_mean(name, book.items), ", ".join(book.items)
            raise ModelError("simulation.not_in_codebook", name=name, hint=hint, known=known)
    taken = [name for name in found.latent if name in book.items]
    if taken:
        raise ModelError("simulation.latent_is_item", name=taken[0])


def _check_plan(plan: Plan) -> None:
    names = plan.population.names
    for name in (*plan.scales, *plan.names):
        if name in plan.scales and plan.shapes is not None and plan.shapes[names.index(name)] != (0.0, 0.0):
            raise DataError("simulation.shape_of_ordinal", name=name)
    if plan.shapes is not None and plan.method is not None:
        raise NotSupportedError("simulation.shapes_with_method")
    if plan.careless is not None and not plan.scales:
        raise DataError("simulation.careless_needs_points")
    if plan.decimals is not None and (not isinstance(plan.decimals, int) or not 0 <= plan.decimals <= 15):
        raise DataError("simulation.decimals", value=plan.decimals)
    plan.method_part  # noqa: B018 - its checks name the item
    columns = plan.columns
    twice = [name for name in columns if columns.count(name) > 1]
    if twice:
        raise DataError("simulation.column_twice", name=twice[0])
    check_missing(plan.missing, plan.names, columns)


def _own_check(item: Item) -> Check:
    if item.min is None or item.max is None or item.expected is None:
        raise DataError("simulation.check_without_scale", name=item.name)
    return Check(item.name, int(item.min), int(item.max), int(item.expected))


def ends_of(plan: Plan) -> Sequence[tuple[int, int] | None]:
    """Lowest and highest answer of each variable, in the plan's order."""
    return [(plan.scales[n].low, plan.scales[n].high) if n in plan.scales else None for n in plan.names]
