"""From lavaan-style text to a PLS design: constructs, blocks, modes, paths, and what PLS cannot take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

import numpy as np

from cxlab.codebook.text import did_you_mean
from cxlab.errors import ModelError, NotSupportedError
from cxlab.estimate.pls.design import Design, Mode
from cxlab.evaluate.pls import causal_order
from cxlab.specify import Model
from cxlab.specify.checks import check_variables
from cxlab.specify.statements import Term

_OPERATORS = ("=~", "<~", "~")


@dataclass(frozen=True, eq=False)
class PlsModel:
    """A path model read from text.

    Attributes
    ----------
    constructs : tuple of str
        In the order of the text; an observed variable in a path is a construct with one indicator.
    items : tuple of str
        Indicators, block after block.
    reflective : tuple of bool
        Which constructs were written with ``=~``.
    design : Design
    """

    constructs: tuple[str, ...]
    items: tuple[str, ...]
    reflective: tuple[bool, ...]
    design: Design

    def block(self, construct: int) -> tuple[str, ...]:
        """Indicators of a construct."""
        return self.items[self.design.blocks[construct]]


def read_pls_model(
    model: str | Model, columns: Sequence[str], modes: Mode | Mapping[str, Mode] | None, consistent: bool
) -> PlsModel:
    """The design of a model text, or an error that names the construct or indicator that stands in the way."""
    parsed = model if isinstance(model, Model) else Model.parse(model)
    _refuse(parsed)
    check_variables(parsed, columns)
    blocks, reflective = _blocks(parsed.terms)
    paths = [(term.rhs, term.lhs) for term in parsed.terms if term.op == "~"]
    for name in dict.fromkeys(name for path in paths for name in path):
        if name not in blocks:
            blocks[name], reflective[name] = [name], False
    _check_blocks(blocks, paths)
    names = tuple(blocks)
    matrix = np.zeros((len(names), len(names)), dtype=bool)
    for source, target in paths:
        matrix[names.index(source), names.index(target)] = True
    if not causal_order(matrix):
        raise ModelError("pls.circle")
    chosen = _modes(names, reflective, modes)
    corrected = tuple(consistent and reflective[name] and chosen[name] == "A" for name in names)
    sizes = tuple(len(blocks[name]) for name in names)
    design = Design(sizes, tuple(chosen[name] for name in names), corrected, matrix)
    items = tuple(item for name in names for item in blocks[name])
    return PlsModel(names, items, tuple(reflective[name] for name in names), design)


def _refuse(model: Model) -> None:
    others = [f"{term.lhs} {term.op} {term.rhs}".rstrip() for term in model.terms if term.op not in _OPERATORS]
    others += [f"{item.lhs_text} {item.op} {item.rhs_text}" for item in model.constraints]
    if others:
        raise NotSupportedError("pls.statements", statements="; ".join(others[:3]))
    for term in model.terms:
        if term.modifiers.fixed or term.modifiers.start or term.modifiers.label:
            raise NotSupportedError("pls.modifiers", statement=f"{term.lhs} {term.op} {term.rhs}")


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


def _check_blocks(blocks: Mapping[str, Sequence[str]], paths: Sequence[tuple[str, str]]) -> None:
    if not paths:
        raise ModelError("pls.no_paths")
    owner: dict[str, str] = {}
    for construct, items in blocks.items():
        for item in items:
            if item in blocks and items != [item]:
                raise NotSupportedError("pls.higher_order", construct=construct, component=item)
            if item in owner:
                raise ModelError("pls.item_twice", item=item, first=owner[item], second=construct)
            owner[item] = construct
    connected = {name for path in paths for name in path}
    isolated = [name for name in blocks if name not in connected]
    if isolated:
        raise ModelError("pls.isolated", constructs=", ".join(isolated))


def _modes(
    names: Sequence[str], reflective: Mapping[str, bool], modes: Mode | Mapping[str, Mode] | None
) -> dict[str, Mode]:
    """Mode A for ``=~``, B for ``<~``, unless said otherwise."""
    given = dict.fromkeys(names, modes) if isinstance(modes, str) else dict(modes or {})
    for name, mode in given.items():
        if name not in names:
            hint = did_you_mean(name, names)
            raise ModelError("pls.unknown_construct", name=name, hint=hint, known=", ".join(names))
        if mode not in get_args(Mode):
            raise ModelError("pls.unknown_mode", value=mode, known=", ".join(get_args(Mode)))
    return {name: cast(Mode, given.get(name, "A" if reflective[name] else "B")) for name in names}
