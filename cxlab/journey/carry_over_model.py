"""The panel as lavaan text: measurement, first wave, stability, carry-over, paths inside a wave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

from cxlab.journey.carry_over_plan import Plan, named
from cxlab.specify.statements import Modifiers, Term
from cxlab.specify.write import lavaan_text

Kind = Literal["stability", "carry_over", "within"]
Variant = Literal["free", "equal", "no_carry_over"]


@dataclass(frozen=True)
class Path:
    """One path over all waves: outcome, cause, kind, and its label where it is held equal."""

    outcome: str
    cause: str
    kind: Kind
    label: str

    @property
    def lag(self) -> int:
        """Waves between cause and outcome."""
        return 0 if self.kind == "within" else 1


def paths(plan: Plan) -> tuple[Path, ...]:
    """Every path of the model: each measure's own, those to other measures, those inside a wave.

    Examples
    --------
    >>> plan = Plan(("1", "2"), {"a": ("a",), "b": ("b",)}, {}, (("b", "a"),), (("a", "b"),), "{name}_w{wave}")
    >>> [(one.kind, one.cause, one.outcome) for one in paths(plan)]
    [('stability', 'a', 'a'), ('stability', 'b', 'b'), ('carry_over', 'b', 'a'), ('within', 'a', 'b')]
    """
    found = [Path(name, name, "stability", f"s_{k}") for k, name in enumerate(plan.items, 1)]
    found += [Path(one, two, "carry_over", f"c_{k}") for k, (one, two) in enumerate(plan.lagged, 1)]
    found += [Path(one, two, "within", f"p_{k}") for k, (one, two) in enumerate(plan.within, 1)]
    return tuple(found)


def variable(plan: Plan, measure: str, wave: str, apart: bool = False) -> str:
    """The model's name of a measure in a wave; `apart` where a random intercept is taken out of it.

    Examples
    --------
    >>> plan = Plan(("1",), {"a": ("a1",)}, {("a1", "1"): "a1_w1"}, (), (), "{name}_w{wave}")
    >>> variable(plan, "a", "1"), variable(plan, "a", "1", apart=True)
    ('a1_w1', 'a_w1_within')
    """
    name = named(measure, wave, plan.pattern)
    if apart:
        return f"{name}_within"
    if len(plan.items[measure]) == 1:
        return plan.columns[plan.items[measure][0], wave]
    return f"{name}_latent" if name in plan.columns.values() else name


def panel_text(plan: Plan, variant: Variant = "equal", random_intercepts: bool = False) -> str:
    """The model in lavaan syntax.

    First loadings are 1, loadings equal over waves; residuals of an item covary over waves. In the first wave all
    measures covary; later, disturbances of one wave covary wherever no path joins the two measures.
    """
    terms = [*_measured(plan), *(_intercepts(plan) if random_intercepts else ())]
    terms += _first_wave(plan, random_intercepts)
    for before, now in pairwise(plan.waves):
        terms += _wave(plan, variant, before, now, random_intercepts)
    return lavaan_text(terms, ()).strip()


def measure_text(plan: Plan, measure: str, level: str) -> str:
    """The measurement model of one latent measure over waves: configural, metric or scalar."""
    stems = plan.items[measure]
    terms: list[Term] = []
    for wave in plan.waves:
        factor = variable(plan, measure, wave)
        terms += _loadings(plan, measure, wave, equal=level != "configural")
        if level == "scalar":
            terms += [
                Term(plan.columns[stem, wave], "~1", "", Modifiers(label=(f"i_{k}",))) for k, stem in enumerate(stems)
            ]
            first = wave == plan.waves[0]
            terms.append(Term(factor, "~1", "", Modifiers(fixed=(0.0 if first else None,))))
    terms += _item_residuals(plan, measure, next_only=len(stems) == 2)
    factors = [variable(plan, measure, wave) for wave in plan.waves]
    terms += [Term(one, "~~", two) for one, two in combinations(factors, 2)]
    return lavaan_text(terms, ()).strip()


def _measured(plan: Plan) -> Iterator[Term]:
    for measure in plan.latent:
        for wave in plan.waves:
            yield from _loadings(plan, measure, wave, equal=True)
        yield from _item_residuals(plan, measure)


def _loadings(plan: Plan, measure: str, wave: str, equal: bool) -> Iterator[Term]:
    factor, number = variable(plan, measure, wave), list(plan.items).index(measure) + 1
    for k, stem in enumerate(plan.items[measure]):
        said = Modifiers(fixed=(1.0,)) if k == 0 else Modifiers(label=(f"l_{number}_{k + 1}",) if equal else ())
        yield Term(factor, "=~", plan.columns[stem, wave], said)


def _item_residuals(plan: Plan, measure: str, next_only: bool = False) -> Iterator[Term]:
    """What an item keeps to itself may last; with two items alone only to the next wave can be told apart."""
    pairs = pairwise(plan.waves) if next_only else combinations(plan.waves, 2)
    for one, two in list(pairs):
        for stem in plan.items[measure]:
            yield Term(plan.columns[stem, one], "~~", plan.columns[stem, two])


def _intercepts(plan: Plan) -> Iterator[Term]:
    """Hamaker, Kuiper & Grasman (2015): a stable level of each customer, and what departs from it."""
    between = {measure: f"{measure}_between" for measure in plan.items}
    for measure, (stem,) in plan.items.items():
        for wave in plan.waves:
            yield Term(between[measure], "=~", plan.columns[stem, wave], Modifiers(fixed=(1.0,)))
        for wave in plan.waves:
            yield Term(variable(plan, measure, wave, True), "=~", plan.columns[stem, wave], Modifiers(fixed=(1.0,)))
            yield Term(plan.columns[stem, wave], "~~", plan.columns[stem, wave], Modifiers(fixed=(0.0,)))
    for one, two in combinations(between.values(), 2):
        yield Term(one, "~~", two)
    for level in between.values():
        for measure in plan.items:
            yield Term(level, "~~", variable(plan, measure, plan.waves[0], True), Modifiers(fixed=(0.0,)))


def _first_wave(plan: Plan, apart: bool) -> Iterator[Term]:
    names = [variable(plan, measure, plan.waves[0], apart) for measure in plan.items]
    for one, two in combinations(names, 2):
        yield Term(one, "~~", two)


def _wave(plan: Plan, variant: Variant, before: str, now: str, apart: bool) -> Iterator[Term]:
    for path in paths(plan):
        if variant == "no_carry_over" and path.kind == "carry_over":
            continue
        said = Modifiers() if variant == "free" else Modifiers(label=(path.label,))
        cause = variable(plan, path.cause, before if path.lag else now, apart)
        yield Term(variable(plan, path.outcome, now, apart), "~", cause, said)
    joined = {frozenset(pair) for pair in plan.within}
    for one, two in combinations(plan.items, 2):
        if frozenset((one, two)) not in joined:
            yield Term(variable(plan, one, now, apart), "~~", variable(plan, two, now, apart))
