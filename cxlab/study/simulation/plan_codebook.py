"""The codebook of a simulated survey: what was given or follows from the model, the columns added, and the truth."""

from __future__ import annotations

from dataclasses import replace

from cxlab.analyses.result import bilingual
from cxlab.codebook import Codebook, Construct, Item
from cxlab.study.simulation.plan import Plan


def make_codebook(plan: Plan) -> Codebook:
    """The codebook given, or one made from the model, with the truth and with the columns that were added."""
    book = plan.book or _from_model(plan)
    items: dict[str, Item] = {}
    for name in plan.columns:
        items[name] = book.items.get(name) or _added(plan, name)
        if name in plan.scales:
            scale = plan.scales[name]
            items[name] = _with_ends(items[name], scale.low, scale.high)
    used = {item.construct for item in items.values()}
    return Codebook(
        name=book.name,
        title=book.title or bilingual("simulation.title"),
        items=items,
        constructs={name: construct for name, construct in book.constructs.items() if name in used},
        citation=book.citation,
        kind="simulated",
        notes=book.notes,
        truth=plan.population.truth,
        simulation=plan.given,
    )


def _with_ends(item: Item, low: int, high: int) -> Item:
    return item if item.min is not None else replace(item, min=low, max=high)


def _from_model(plan: Plan) -> Codebook:
    """Items and constructs as the model's ``=~`` lines have them; an item of several belongs to the last named."""
    table = plan.population.table
    pairs = [(table.rhs[row], table.lhs[row]) for row, op in enumerate(table.op) if op == "=~"]
    # In a bifactor model the general factor comes first, and the items belong to what is more special.
    construct = {item: factor for item, factor in pairs if item in plan.population.names}
    asked = {*construct, *plan.scales}
    items = {
        name: Item(name, construct=construct.get(name), role="item" if name in asked else "other")
        for name in plan.population.names
    }
    return Codebook(items=items, constructs={name: Construct(name) for name in dict.fromkeys(construct.values())})


def _added(plan: Plan, name: str) -> Item:
    """The codebook's line for a column that the simulation adds."""
    if name == plan.duration:
        return Item(name, bilingual("simulation.label_duration"), role="duration")
    check = next((one for one in plan.checks if one.name == name), None)
    if check is not None:
        label = bilingual("simulation.label_check", point=check.expected)
        return Item(name, label, min=check.low, max=check.high, role="attention", expected=check.expected)
    return Item(name, bilingual("simulation.label_group"), role="group")
