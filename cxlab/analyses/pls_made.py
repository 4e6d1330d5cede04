"""A PLS model's indicators from the answers, and what can go wrong when they are products or scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlab.analyses.pls_input import PlsInput
from cxlab.analyses.pls_model import PlsModel
from cxlab.analyses.result import Text
from cxlab.errors import DataError, Notice, NotSupportedError
from cxlab.estimate.pls import Weighting
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.model import Estimates, estimate_model
from cxlab.estimate.pls.stages import with_products
from cxlab.i18n import LANGUAGES, Language, pick

_WORKS = ("wold_1982", "lohmoeller_1989", "dijkstra_henseler_2015")


@dataclass(frozen=True)
class MadeFrame:
    """Indicators (n, k) of a model: of complete rows as they are, and standardised; None where there are no rows."""

    frame: pd.DataFrame | None
    standard: pd.DataFrame | None


def estimated(model: PlsModel, given: PlsInput, scheme: Scheme, tolerance: float, most: int) -> Estimates:
    """The model at the correlations of the answers, with their products where these are needed."""
    cov = given.cor[None]
    if model.stages is not None and len(model.stages.pairs):
        cov = np.cov(with_products(_values(given), model.stages.pairs).T)[None]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = estimate_model(cov, model.design, model.stages, scheme, tolerance, most)
    spread = found.made.spread[:, 0] if found.made is not None else np.ones(len(model.items))
    bad = [name for name, one in zip(model.items, spread, strict=True) if not one > 1e-8]
    if bad:
        raise DataError("pls.product_constant", items=", ".join(bad[:3]), rows=given.n_obs)
    return found


def made_frame(model: PlsModel, given: PlsInput, found: Estimates) -> MadeFrame:
    """Answers where an indicator is one; products and scores of standardised answers where it is made of them."""
    names = list(model.items)
    if given.standard is None:
        return MadeFrame(None, None)
    if model.stages is None or found.made is None:
        rows = None if given.kind != "rows" else _frame(_values(given), given, names)
        return MadeFrame(rows, given.standard.set_axis(names, axis=1))
    maps = found.made.maps[0]
    if given.kind != "rows":
        values = given.standard.to_numpy() @ maps.T / found.made.spread[:, 0]
        return MadeFrame(None, _frame(values, given, names))
    values = with_products(_values(given), model.stages.pairs) @ maps.T
    standard = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    for place, one in enumerate(model.stages.made):
        if one.kind == "answer":
            values[:, place] = _values(given)[:, one.places[0]]
    return MadeFrame(_frame(values, given, names), _frame(standard, given, names))


def _values(given: PlsInput) -> np.ndarray:
    return pd.DataFrame(given.answers).to_numpy()


def _frame(values: np.ndarray, given: PlsInput, names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(values, pd.DataFrame(given.standard).index, names)


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


def works(model: PlsModel, given: PlsInput) -> tuple[str, ...]:
    """What a reader should be pointed to."""
    products = ("chin_2003", "henseler_chin_2010") if model.products else ()
    higher: tuple[str, ...] = ("sarstedt_2019",) if model.higher else ()
    if model.stages is not None and model.stages.carried:
        higher = ("van_riel_2017", "schuberth_2020_second_order")
    ordered = ("cantaluppi_2012", "schuberth_2018_ordinal") if given.kind == "ordinal" else ()
    return (*_WORKS, *products, *higher, *ordered)


def refuse_stages(model: PlsModel, what: str) -> None:
    """Some questions have no answer yet where indicators are made of the sample's scores."""
    if model.stages is not None:
        raise NotSupportedError("pls.staged", what=what)
