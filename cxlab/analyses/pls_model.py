"""From blocks and paths to a PLS design: constructs, indicators, modes, and what PLS cannot take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast, get_args

import numpy as np

from cxlab.analyses.pls_text import PlsText
from cxlab.codebook.text import did_you_mean
from cxlab.errors import ModelError, Notice
from cxlab.estimate.pls.design import Design, Mode
from cxlab.estimate.pls.stages import Stages
from cxlab.evaluate.pls import causal_order

Modes = Mode | Mapping[str, Mode]
Interaction = Literal["two_stage", "orthogonal", "product_indicator"]
HigherOrder = Literal["two_stage", "embedded", "repeated"]


@dataclass(frozen=True, eq=False)
class PlsSource:
    """A model text taken apart, and how it is to be read."""

    text: PlsText
    modes: Mapping[str, Mode]
    consistent: bool
    interaction: Interaction
    higher_order: HigherOrder

    def without(self, source: str, target: str) -> PlsSource | None:
        """The same without one path and without what is then in no path; None if no path is left."""
        text = self.text
        paths = tuple(path for path in text.paths if path != (source, target))
        crossed = tuple(path for path in text.product_paths if path != (source, target))
        if not paths and not crossed:
            return None
        products = {name: text.products[name] for name, _ in crossed}
        used = {name for path in (*paths, *crossed) for name in path}
        used |= {factor for factors in products.values() for factor in factors}
        used |= {part for name in used & set(text.higher) for part in text.blocks[name]}
        blocks = {name: block for name, block in text.blocks.items() if name in used}
        reflective = {name: text.reflective[name] for name in blocks}
        return replace(self, text=PlsText(blocks, reflective, paths, products, crossed))


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
    answers : tuple of str
        Columns of the data; the indicators, unless some of these are made of answers.
    products : dict of construct to its two factors
        Interactions and quadratic effects.
    higher : dict of construct to its components
        Constructs made of constructs.
    stages : Stages, optional
        How indicators that are no answers are made.
    first : PlsModel, optional
        The model whose scores they are made of.
    source : PlsSource, optional
        What it was read from.
    notices : tuple of Notice
        What the writer of the text should know.
    """

    constructs: tuple[str, ...]
    items: tuple[str, ...]
    reflective: tuple[bool, ...]
    design: Design
    answers: tuple[str, ...]
    products: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    higher: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stages: Stages | None = None
    first: PlsModel | None = None
    notices: tuple[Notice, ...] = ()
    source: PlsSource | None = None

    def block(self, construct: int) -> tuple[str, ...]:
        """Indicators of a construct."""
        return self.items[self.design.blocks[construct]]

    @property
    def repeated(self) -> tuple[str, ...]:
        """Constructs that have their components' indicators once more."""
        return tuple(name for name, parts in self.higher.items() if parts[0] in self.constructs)

    @property
    def compared(self) -> list[int]:
        """Constructs of several indicators of their own, which the heterotrait-monotrait ratio can compare."""
        beside = (*self.products, *self.repeated)
        sizes = zip(self.constructs, self.design.sizes, strict=True)
        return [place for place, (name, size) in enumerate(sizes) if size > 1 and name not in beside]


def plain_model(
    blocks: Mapping[str, Sequence[str]],
    reflective: Mapping[str, bool],
    paths: Sequence[tuple[str, str]],
    modes: Mapping[str, Mode],
    consistent: bool,
) -> PlsModel:
    """The design of blocks and paths, or an error that names the construct or indicator that stands in the way."""
    _check_blocks(blocks, paths)
    names = tuple(blocks)
    matrix = np.zeros((len(names), len(names)), dtype=bool)
    for source, target in paths:
        matrix[names.index(source), names.index(target)] = True
    if not causal_order(matrix):
        raise ModelError("pls.circle")
    corrected = tuple(consistent and reflective[name] and modes[name] == "A" for name in names)
    sizes = tuple(len(blocks[name]) for name in names)
    design = Design(sizes, tuple(modes[name] for name in names), corrected, matrix)
    items = tuple(item for name in names for item in blocks[name])
    return PlsModel(names, items, tuple(reflective[name] for name in names), design, items)


def _check_blocks(blocks: Mapping[str, Sequence[str]], paths: Sequence[tuple[str, str]]) -> None:
    if not paths:
        raise ModelError("pls.no_paths")
    owner: dict[str, str] = {}
    for construct, items in blocks.items():
        for item in items:
            if item in owner:
                raise ModelError("pls.item_twice", item=item, first=owner[item], second=construct)
            owner[item] = construct
    connected = {name for path in paths for name in path}
    isolated = [name for name in blocks if name not in connected]
    if isolated:
        raise ModelError("pls.isolated", constructs=", ".join(isolated))


def choose_modes(reflective: Mapping[str, bool], products: Sequence[str], modes: Modes | None) -> dict[str, Mode]:
    """Mode A for ``=~`` and products, B for ``<~``, unless said otherwise; one mode for all leaves products at A."""
    names = (*reflective, *products)
    given = dict.fromkeys(reflective, modes) if isinstance(modes, str) else dict(modes or {})
    for name, mode in given.items():
        if name not in names:
            hint = did_you_mean(name, names)
            raise ModelError("pls.unknown_construct", name=name, hint=hint, known=", ".join(names))
        if mode not in get_args(Mode):
            raise ModelError("pls.unknown_mode", value=mode, known=", ".join(get_args(Mode)))
    usual = {name: "A" if flag else "B" for name, flag in reflective.items()} | dict.fromkeys(products, "A")
    return {name: cast(Mode, given.get(name, usual[name])) for name in names}
