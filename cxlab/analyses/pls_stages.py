"""PLS models with products and with constructs made of constructs: which indicators they have and how to make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, combinations_with_replacement, product
from typing import Literal

import numpy as np

from cxlab.analyses.pls_model import HigherOrder, Interaction, Modes, PlsModel, PlsSource, choose_modes, plain_model
from cxlab.analyses.pls_text import PlsText, read_text
from cxlab.errors import NotSupportedError
from cxlab.estimate.pls.design import Mode
from cxlab.estimate.pls.stages import Made, Stages
from cxlab.specify import Model

First = Literal["disjoint", "saturated", "whole"]


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
    return model_of(PlsSource(text, chosen, consistent, interaction, higher_order))


def model_of(source: PlsSource) -> PlsModel:
    """The model that a text taken apart says."""
    return replace(_model_of(source), notices=source.text.notices, source=source)


def _model_of(source: PlsSource) -> PlsModel:
    text, chosen, consistent = source.text, source.modes, source.consistent
    interaction, higher_order = source.interaction, source.higher_order
    if not text.products and not text.higher:
        return plain_model(text.blocks, text.reflective, text.paths, chosen, consistent)
    corrected = {name for name, flag in text.reflective.items() if consistent and flag and chosen[name] == "A"}
    corrected = {name for name in corrected if len(text.blocks[name]) > 1}
    carried = bool(corrected & set(text.components))
    _refuse(text, corrected, higher_order)
    scored = carried or (higher_order == "embedded" and bool(text.higher))
    lower, made = _repeated(text) if higher_order == "repeated" else _scored(text, alone=scored)
    blocks = {name: list(block) for name, block in lower.items()}
    for name, factors in text.products.items():
        found = _product_indicators(name, factors, text.blocks, interaction)
        blocks[name] = list(found)
        made |= found
    reflective = {**text.reflective, **dict.fromkeys(text.products, False)}
    paths = [*text.paths, *text.product_paths, *(_to_components(text) if higher_order == "repeated" else [])]
    final = plain_model(blocks, reflective, paths, chosen, consistent)
    first = None
    if any(one.kind.startswith("score") for one in made.values()):
        whole = higher_order in ("embedded", "repeated")
        first = _first(text, chosen, consistent, "saturated" if carried else "whole" if whole else "disjoint")
    return _with_stages(final, first, made, text, carried)


def _refuse(text: PlsText, corrected: set[str], higher_order: HigherOrder) -> None:
    staged = higher_order != "repeated"
    for name, factors in text.products.items():
        for factor in factors:
            if factor in text.higher or (staged and factor in text.components):
                raise NotSupportedError("pls.product_of_higher", product=name, factor=factor)
            if factor in corrected:
                raise NotSupportedError("pls.product_consistent", product=name, factor=factor)
    parts = [part for part in text.components if part in corrected]
    wholes = [name for name in text.higher if name in corrected]
    if parts and text.products:
        raise NotSupportedError("pls_input.product_beside_factors", product=next(iter(text.products)), part=parts[0])
    if (wholes and (parts or higher_order != "two_stage")) or (parts and higher_order != "two_stage"):
        raise NotSupportedError("pls.higher_order_consistent", construct=(wholes or parts)[0])
    used = {name for path in text.paths for name in path}
    inside = [part for part in text.components if part in used]
    if staged and inside:
        raise NotSupportedError("pls.component_in_path", component=inside[0])


def _repeated(text: PlsText) -> tuple[dict[str, list[str]], dict[str, _Indicator]]:
    """Blocks before products, higher-order constructs with their components' indicators once more."""
    blocks: dict[str, list[str]] = {}
    made: dict[str, _Indicator] = {}
    for name, block in text.blocks.items():
        own = {item: item for item in block}
        if name in text.higher:
            own = {f"{name}.{item}": item for part in block for item in text.blocks[part]}
        blocks[name] = list(own)
        made |= {column: _Indicator("answer", (item,)) for column, item in own.items()}
    return blocks, made


def _scored(text: PlsText, alone: bool) -> tuple[dict[str, list[str]], dict[str, _Indicator]]:
    """Blocks before products, higher-order constructs with their components' scores.

    If `alone`, all others have their own score in the place of their indicators; a single indicator is its own score.
    """
    blocks: dict[str, list[str]] = {}
    made: dict[str, _Indicator] = {}
    for name, block in text.blocks.items():
        if name in text.components:
            continue
        scores = block if name in text.higher else [name] if alone and len(block) > 1 else []
        blocks[name] = list(scores or block)
        kind: Literal["answer", "score"] = "score" if scores else "answer"
        made |= {item: _Indicator(kind, (item,)) for item in blocks[name]}
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


def _first(text: PlsText, modes: Mapping[str, Mode], consistent: bool, kind: First) -> PlsModel:
    """The model whose scores are needed, without products.

    "disjoint": components in the place of what they make up; "saturated": the same constructs, all correlated;
    "whole": with higher-order constructs of repeated indicators.
    """
    if kind == "whole":
        blocks, made = _repeated(text)
        found = plain_model(blocks, text.reflective, [*text.paths, *_to_components(text)], modes, consistent)
        answers = tuple(made[item].parts[0] for item in found.items)
        return replace(found, answers=answers, higher={name: tuple(text.blocks[name]) for name in text.higher})
    blocks = {name: block for name, block in text.blocks.items() if name not in text.higher}
    if kind == "saturated":
        return plain_model(blocks, text.reflective, list(combinations(blocks, 2)), modes, consistent)
    apart = {name: text.blocks[name] if name in text.higher else [name] for name in text.blocks}
    crossed = [(one, other) for source, target in text.paths for one in apart[source] for other in apart[target]]
    return plain_model(blocks, text.reflective, crossed, modes, consistent)


def _with_stages(
    final: PlsModel, first: PlsModel | None, made: Mapping[str, _Indicator], text: PlsText, carried: bool
) -> PlsModel:
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
        carried=carried,
    )
    higher = {name: tuple(text.blocks[name]) for name in text.higher}
    own = {"answers": answers, "products": text.products, "higher": higher}
    return replace(final, stages=stages, first=first, **own)  # type: ignore[arg-type]
