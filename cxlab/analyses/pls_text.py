"""What a PLS model text says: blocks, paths, products and constructs made of constructs, before any design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cxlab.errors import ModelError, Notice, NotSupportedError
from cxlab.specify import Model
from cxlab.specify.checks import check_variables
from cxlab.specify.statements import Term

_OPERATORS = ("=~", "<~", "~")
Path = tuple[str, str]


@dataclass(frozen=True, eq=False)
class PlsText:
    """Constructs and paths of a model text.

    Attributes
    ----------
    blocks : dict of construct to what stands on its right side
        Also observed variables in a path, each a construct of its own.
    reflective : dict of construct to bool
        Whether it was written with ``=~``.
    paths : tuple of (source, target)
    products : dict of name to its two factors
    product_paths : tuple of (product, target)
    notices : tuple of Notice
        What the writer should know, such as terms that stand twice.
    """

    blocks: dict[str, list[str]]
    reflective: dict[str, bool]
    paths: tuple[Path, ...]
    products: dict[str, tuple[str, str]]
    product_paths: tuple[Path, ...]
    notices: tuple[Notice, ...] = ()

    @cached_property
    def higher(self) -> tuple[str, ...]:
        """Constructs made of constructs."""
        return tuple(
            name
            for name, block in self.blocks.items()
            if any(part in self.blocks and self.blocks[part] != [part] for part in block)
        )

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Constructs that others are made of."""
        return tuple(part for name in self.higher for part in self.blocks[name])


def read_text(model: str | Model, columns: Sequence[str]) -> PlsText:
    """A model text taken apart, or an error that names the statement, name or construct that stands in the way."""
    parsed = model if isinstance(model, Model) else Model.parse(model, products=True)
    _refuse(parsed)
    check_variables(replace(parsed, terms=_factors_apart(parsed.terms)), columns)
    blocks, reflective = _blocks(parsed.terms)
    plain = [(term.rhs, term.lhs) for term in parsed.terms if term.op == "~" and not term.factors]
    crossed = [term for term in parsed.terms if term.factors]
    products = {term.rhs: term.factors for term in crossed}
    named = [name for path in plain for name in path] + [term.lhs for term in crossed]
    named += [name for factors in products.values() for name in factors]
    for name in dict.fromkeys(named):
        if name not in blocks:
            blocks[name], reflective[name] = [name], False
    pairs = {name: (one, other) for name, (one, other) in products.items()}
    aimed = tuple((term.rhs, term.lhs) for term in crossed)
    found = PlsText(blocks, reflective, tuple(plain), pairs, aimed, parsed.notices)
    _check_products(found)
    _check_higher(found)
    return found


def _refuse(model: Model) -> None:
    others = [f"{term.lhs} {term.op} {term.rhs}".rstrip() for term in model.terms if term.op not in _OPERATORS]
    others += [f"{item.lhs_text} {item.op} {item.rhs_text}" for item in model.constraints]
    if others:
        raise NotSupportedError("pls.statements", statements="; ".join(others[:3]))
    for term in model.terms:
        if term.modifiers.fixed or term.modifiers.start or term.modifiers.label:
            raise NotSupportedError("pls.modifiers", statement=f"{term.lhs} {term.op} {term.rhs}")


def _factors_apart(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Each product as its two factors, so that unknown names in it are found as others are."""
    found: list[Term] = []
    for term in terms:
        found += [replace(term, rhs=name, factors=()) for name in term.factors] or [term]
    return tuple(found)


def _blocks(terms: Sequence[Term]) -> tuple[dict[str, list[str]], dict[str, bool]]:
    blocks: dict[str, list[str]] = {}
    reflective: dict[str, bool] = {}
    for term in terms:
        if term.op == "~":
            continue
        if reflective.setdefault(term.lhs, term.op == "=~") != (term.op == "=~"):
            raise ModelError("pls.both_kinds", construct=term.lhs)
        blocks.setdefault(term.lhs, []).append(term.rhs)
    return blocks, reflective


def _check_products(text: PlsText) -> None:
    for name, target in text.product_paths:
        for factor in text.products[name]:
            if factor == target:
                raise ModelError("pls.product_of_target", product=name, target=target)
            if (factor, target) not in text.paths:
                raise ModelError("pls.main_effect_missing", product=name, factor=factor, target=target)
    seen: dict[tuple[str, ...], str] = {}
    for name, factors in text.products.items():
        first = seen.setdefault(tuple(sorted(factors)), name)
        if first != name:
            raise ModelError("pls.product_twice", product=name, first=first)


def _check_higher(text: PlsText) -> None:
    for name in text.higher:
        for part in text.blocks[name]:
            if part in text.higher:
                raise NotSupportedError("pls.third_order", construct=name, component=part)
            if part not in text.blocks or text.blocks[part] == [part]:
                raise ModelError("pls.mixed_block", construct=name, item=part)
    twice = [part for part in dict.fromkeys(text.components) if text.components.count(part) > 1]
    if twice:
        owners = [name for name in text.higher if twice[0] in text.blocks[name]]
        raise ModelError("pls.item_twice", item=twice[0], first=owners[0], second=owners[1])
