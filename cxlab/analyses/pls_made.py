"""A PLS model's indicators from the answers, and what can go wrong when they are products or scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlab.analyses.pls_model import PlsModel
from cxlab.analyses.result import Text
from cxlab.errors import DataError, Notice, NotSupportedError
from cxlab.estimate.pls import Weighting
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.stages import make_indicators, with_products
from cxlab.evaluate.reliability import correlation
from cxlab.i18n import LANGUAGES, Language, pick

_WORKS = ("wold_1982", "lohmoeller_1989", "dijkstra_henseler_2015")


@dataclass(frozen=True)
class MadeFrame:
    """Indicators (n, k) of a model, their correlations, and deviations before standardising (1 for answers)."""

    frame: pd.DataFrame
    cor: np.ndarray
    spread: np.ndarray


def made_frame(model: PlsModel, answers: pd.DataFrame, scheme: Scheme, tolerance: float, most: int) -> MadeFrame:
    """Answers where an indicator is one; products and scores of standardised answers where it is made of them."""
    values = answers.to_numpy()
    if model.stages is None:
        frame = answers.set_axis(list(model.items), axis=1)
        return MadeFrame(frame, correlation(np.cov(values.T)), np.ones(len(model.items)))
    extended = with_products(values, model.stages.pairs)
    cov = np.cov(extended.T)[None]
    with np.errstate(invalid="ignore", divide="ignore"):
        made = make_indicators(cov, model.stages, scheme, tolerance, most)
    spread = made.spread[:, 0]
    bad = [name for name, one in zip(model.items, spread, strict=True) if not one > 1e-8]
    if bad:
        raise DataError("pls.product_constant", items=", ".join(bad[:3]), rows=len(answers))
    found = extended @ made.maps[0].T
    for place, one in enumerate(model.stages.made):
        if one.kind == "answer":
            found[:, place] = values[:, one.places[0]]
    return MadeFrame(pd.DataFrame(found, answers.index, model.items), made.correlations[:, :, 0], spread)


def check_products(model: PlsModel, weighting: Weighting) -> None:
    """Whether each product says something that the other causes of its target do not."""
    for name in model.products:
        place = model.constructs.index(name)
        for target in model.design.effects[place]:
            others = [one for one in model.design.causes[target] if one != place]
            between = weighting.correlations[:, :, 0]
            slopes = np.linalg.lstsq(between[np.ix_(others, others)], between[others, place], rcond=None)[0]
            if 1 - slopes @ between[others, place] < 1e-8:
                raise DataError("pls.product_collinear", product=name, target=model.constructs[target])


def higher_doubts(model: PlsModel) -> list[Notice]:
    """A formative construct of repeated indicators leaves nothing for causes other than its components."""
    explained = []
    for name in model.repeated:
        place = model.constructs.index(name)
        causes = {model.constructs[cause] for cause in model.design.causes[place]}
        if not model.reflective[place] and causes - set(model.higher[name]):
            explained.append(name)
    return [Notice("pls.repeated_explained", {"constructs": ", ".join(explained)}, serious=True)] if explained else []


def product_labels(model: PlsModel, labels: Mapping[str, Text]) -> dict[str, Text]:
    """Products are called by their factors' labels."""

    def called(name: str, lang: Language) -> str:
        return pick(labels[name], lang) if name in labels else name

    found: dict[str, Text] = {}
    for name, (one, other) in model.products.items():
        found[name] = {lang: f"{called(one, lang)} × {called(other, lang)}" for lang in LANGUAGES}
    return found


def works(model: PlsModel) -> tuple[str, ...]:
    """What a reader should be pointed to."""
    products = ("chin_2003", "henseler_chin_2010") if model.products else ()
    return (*_WORKS, *products, *(("sarstedt_2019",) if model.higher else ()))


def refuse_stages(model: PlsModel, what: str) -> None:
    """Some questions have no answer yet where indicators are made of the sample's scores."""
    if model.stages is not None:
        raise NotSupportedError("pls.staged", what=what)
