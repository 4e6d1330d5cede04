"""PLS models with products and with constructs made of constructs: which indicators they have and how to make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, product
from typing import Literal

import numpy as np

from cxlab.analyses.pls_model import Modes, PlsModel, choose_modes, plain_model
from cxlab.analyses.pls_text import PlsText, read_text
from cxlab.errors import NotSupportedError
from cxlab.estimate.pls.design import Mode
from cxlab.estimate.pls.stages import Made, Stages
from cxlab.specify import Model

Interaction = Literal["two_stage", "orthogonal", "product_indicator"]
HigherOrder = Literal["two_stage", "repeated"]


@dataclass(frozen=True)
class _Indicator:
    """An indicator by the names of the answers or first-stage constructs that it is made of."""

    kind: Literal["answer", "score", "score_product", "product", "residual"]
    parts: tuple[str, ...]
    given: tuple[str, ...] = ()


def read_pls_model(
    model: str | Model,
    columns: Sequence[str],
    modes: Modes | None,
    consistent: bool,
    interaction: Interaction = "two_stage",
    higher_order: HigherOrder = "two_stage",
) -> PlsModel:
    """The design of a model text, with the stages that products and higher-order constructs need."""
    text = read_text(model, columns)
    chosen = choose_modes(text.reflective, tuple(text.products), modes)
    if not text.products and not text.higher:
        return plain_model(text.blocks, text.reflective, text.paths, chosen, consistent)
    staged = higher_order == "two_stage"
    corrected = {name for name, flag in text.reflective.items() if consistent and flag and chosen[name] == "A"}
    _refuse(text, {name for name in corrected if len(text.blocks[name]) > 1}, staged)
    lower, made = _lower(text, staged)
    blocks = {name: list(block) for name, block in lower.items()}
    for name, factors in text.products.items():
        found = _product_indicators(name, factors, text.blocks, interaction)
        blocks[name] = list(found)
        made |= found
    reflective = {**text.reflective, **dict.fromkeys(text.products, False)}
    paths = [*text.paths, *text.product_paths, *([] if staged else _to_components(text))]
    final = plain_model(blocks, reflective, paths, chosen, consistent)
    needs_scores = any(one.kind.startswith("score") for one in made.values())
    first = _first(text, chosen, consistent, staged) if needs_scores else None
    return _with_stages(final, first, made, text)


def _refuse(text: PlsText, corrected: set[str], staged: bool) -> None:
    for name, factors in text.products.items():
        for factor in factors:
            if factor in text.higher or (staged and factor in text.components):
                raise NotSupportedError("pls.product_of_higher", product=name, factor=factor)
            if factor in corrected:
                raise NotSupportedError("pls.product_consistent", product=name, factor=factor)
    wrong = [part for part in text.components if part in corrected]
    wrong += [] if staged else [name for name in text.higher if name in corrected]
    if wrong:
        raise NotSupportedError("pls.higher_order_consistent", construct=wrong[0])
    used = {name for path in text.paths for name in path}
    inside = [part for part in text.components if part in used]
    if staged and inside:
        raise NotSupportedError("pls.component_in_path", component=inside[0])


def _lower(text: PlsText, staged: bool) -> tuple[dict[str, list[str]], dict[str, _Indicator]]:
    """Blocks of the final model before products, and what their indicators are."""
    blocks: dict[str, list[str]] = {}
    made: dict[str, _Indicator] = {}
    for name, block in text.blocks.items():
        if name in text.higher and staged:
            blocks[name] = list(block)
            made |= {part: _Indicator("score", (part,)) for part in block}
        elif name in text.higher:
            repeated = {f"{name}.{item}": item for part in block for item in text.blocks[part]}
            blocks[name] = list(repeated)
            made |= {column: _Indicator("answer", (item,)) for column, item in repeated.items()}
        elif not (staged and name in text.components):
            blocks[name] = list(block)
            made |= {item: _Indicator("answer", (item,)) for item in block}
    return blocks, made


def _to_components(text: PlsText) -> list[tuple[str, str]]:
    """Paths between a construct of repeated indicators and its components: from it if ``=~``, to it if ``<~``."""
    pairs = [(name, part) for name in text.higher for part in text.blocks[name]]
    return [(name, part) if text.reflective[name] else (part, name) for name, part in pairs]


def _product_indicators(
    name: str, factors: tuple[str, str], blocks: Mapping[str, Sequence[str]], interaction: Interaction
) -> dict[str, _Indicator]:
    if interaction == "two_stage":
        return {name: _Indicator("score_product", factors)}
    one, other = (blocks[factor] for factor in factors)
    crossed = combinations_with_replacement(one, 2) if factors[0] == factors[1] else product(one, other)
    if interaction == "product_indicator":
        return {f"{i}:{j}": _Indicator("product", (i, j)) for i, j in crossed}
    given = tuple(dict.fromkeys([*one, *other]))
    return {f"{i}:{j}": _Indicator("residual", (i, j), given) for i, j in crossed}


def _first(text: PlsText, modes: Mapping[str, Mode], consistent: bool, staged: bool) -> PlsModel:
    """The model whose scores are needed: without products, components in the place of what they make up."""
    if not staged:
        blocks, made = _lower(text, staged)
        paths = [*text.paths, *_to_components(text)]
        found = plain_model(blocks, text.reflective, paths, modes, consistent)
        answers = tuple(made[item].parts[0] for item in found.items)
        higher = {name: tuple(text.blocks[name]) for name in text.higher}
        return replace(found, answers=answers, higher=higher)
    blocks = {name: block for name, block in text.blocks.items() if name not in text.higher}
    apart = {name: text.blocks[name] if name in text.higher else [name] for name in text.blocks}
    crossed = [(one, other) for source, target in text.paths for one in apart[source] for other in apart[target]]
    return plain_model(blocks, text.reflective, crossed, modes, consistent)


def _with_stages(final: PlsModel, first: PlsModel | None, made: Mapping[str, _Indicator], text: PlsText) -> PlsModel:
    """Names become places: of answers, of first-stage constructs, of the products that are needed."""
    kept = [part for one in made.values() if not one.kind.startswith("score") for part in one.parts]
    answers = tuple(dict.fromkeys([*kept, *(first.answers if first else ())]))
    column = {name: place for place, name in enumerate(answers)}
    constructs = {name: place for place, name in enumerate(first.constructs)} if first else {}
    indicators, pairs = [], set()
    for item in final.items:
        one = made[item]
        known = constructs if one.kind.startswith("score") else column
        indicators.append(Made(one.kind, tuple(known[part] for part in one.parts), tuple(column[x] for x in one.given)))
        if one.kind == "score_product":
            pairs |= set(product(*(text.blocks[part] for part in one.parts)))
        elif one.kind in ("product", "residual"):
            pairs.add(one.parts)
    sorted_pairs = sorted({tuple(sorted((column[i], column[j]))) for i, j in pairs})
    stages = Stages(
        answers=len(answers),
        first=first.design if first else None,
        first_places=tuple(column[name] for name in first.answers) if first else (),
        pairs=np.array(sorted_pairs, dtype=np.intp).reshape(-1, 2),
        made=tuple(indicators),
        interactions=np.array([name in text.products for name in final.constructs]),
    )
    higher = {name: tuple(text.blocks[name]) for name in text.higher}
    return replace(final, answers=answers, products=text.products, higher=higher, stages=stages, first=first)
