"""What a resample of a PLS model gives: paths, effects, routes, loadings, weights, R² and HTMT, in one order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from cxlab.errors import CxlabError
from cxlab.estimate.pls import Structure
from cxlab.estimate.pls.routes import along, routes
from cxlab.evaluate.htmt import htmt_ratios, pairs
from cxlab.resample.draws import Draws
from cxlab.resample.pls import Measure, PlsReplicates

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

Signs = Literal["none", "individual", "construct"]
SIGNS: tuple[Signs, ...] = get_args(Signs)
KINDS = ("path", "total", "indirect", "specific", "loading", "weight", "r2", "htmt")
ARROW = " → "


def quantities(fit: PlsFit, draws: Draws, signs: Signs = "none") -> tuple[np.ndarray, PlsReplicates]:
    """All quantities of each resample (R, k) in the order of `names`, and the resamples."""
    found = fit.replicates(draws, ratios(fit))
    if signs == "construct":
        found = with_signs_of_constructs(found, fit)
    found_columns = columns(fit, found)
    if signs == "individual":
        found_columns = with_own_signs(found_columns, fit)
    return found_columns, found


def check_signs(signs: str) -> None:
    """Raise if there is no such way of handling signs."""
    if signs not in SIGNS:
        raise CxlabError("pls_boot.unknown_signs", value=signs, known=", ".join(SIGNS))


def with_signs_of_constructs(found: PlsReplicates, fit: PlsFit) -> PlsReplicates:
    """Each construct turned round where its loadings are then nearer to the sample's.

    A construct's weights, loadings and all its paths change sign together, so that the model stays the same one, and so
    do the paths of a product of scores with each of its factors. R:
    ``semPLS::bootsempls(method = "ConstructLevelChanges")``.
    """
    design = fit.model.design
    own = fit.solved.loadings[:, 0]
    apart = np.add.reduceat(np.abs(own - found.loadings), design.starts, axis=1)
    turned = np.add.reduceat(np.abs(own + found.loadings), design.starts, axis=1)
    sign = np.where(turned < apart, -1.0, 1.0)
    of_item, called = sign[:, design.owner], fit.model.constructs
    for product, factors in fit.model.products.items():
        if product in fit.model.items:  # its own loading is 1, whichever way its factors point
            sign[:, called.index(product)] = np.prod(sign[:, [called.index(one) for one in factors]], axis=1)
    between = sign[:, :, None] * sign[:, None, :]
    return replace(
        found,
        paths=found.paths * between,
        total=found.total * between,
        loadings=found.loadings * of_item,
        weights=found.weights * of_item,
    )


def with_own_signs(found: np.ndarray, fit: PlsFit) -> np.ndarray:
    """Every path, effect, loading and weight with the sign it has in the sample, each on its own."""
    rows = names(fit)
    signed = rows["kind"].isin(["path", "total", "indirect", "specific", "loading", "weight"]).to_numpy()
    own = columns(fit, sample(fit))[0]
    return np.where(signed & (found * own < 0), -found, found)


def sample(fit: PlsFit) -> PlsReplicates:
    """The sample's own estimates in the same form, as one replicate."""
    yes = np.ones(1, dtype=bool)
    units = fit.units[:, None, None]
    effects = (fit.solved.paths / units, fit.solved.total / units)
    parts = (*effects, fit.solved.loadings, fit.weighting.weights, fit.solved.r2)
    paths, total, loadings, weights, r2 = (np.moveaxis(part, -1, 0) for part in parts)
    measured = ratios(fit)(fit.cor[:, :, None], fit.solved).T
    return PlsReplicates(paths, total, loadings, weights, r2, measured, ~yes, yes, yes)


def ratios(fit: PlsFit) -> Measure:
    """HTMT of each replicate (m, B), from its indicators' correlations."""
    design, several = fit.model.design, fit.model.compared
    blocks = [range(*design.blocks[place].indices(design.indicators)) for place in several]

    def measure(cor: np.ndarray, _: Structure) -> np.ndarray:
        if len(blocks) < 2:
            return np.empty((0, cor.shape[2]))
        return htmt_ratios(np.moveaxis(cor, -1, 0), blocks).T

    return measure


def columns(fit: PlsFit, found: PlsReplicates) -> np.ndarray:
    """All quantities (R, k) in the order of `names`."""
    design = fit.model.design
    sources, targets = np.nonzero(design.paths)
    reached, further = np.nonzero(fit._reaches()), _indirectly(fit)
    indirect = found.total - found.paths
    explained = [place for place, causes in enumerate(design.causes) if len(causes)]
    return np.concatenate(
        [
            found.paths[:, sources, targets],
            found.total[:, reached[0], reached[1]],
            indirect[:, further[0], further[1]],
            along(found.paths, routes(design.paths)),
            found.loadings,
            found.weights,
            found.r2[:, explained],
            found.measured,
        ],
        axis=1,
    )


def names(fit: PlsFit) -> pd.DataFrame:
    """What each quantity is: kind source target via, the last only of an effect along one route."""
    design, labels = fit.model.design, fit.model.constructs
    effects = (("total", np.nonzero(fit._reaches())), ("indirect", _indirectly(fit)))
    rows = [("path", labels[i], labels[j], "") for i, j in zip(*np.nonzero(design.paths), strict=True)]
    rows += [(kind, labels[i], labels[j], "") for kind, ends in effects for i, j in zip(*ends, strict=True)]
    rows += [("specific", labels[way[0]], labels[way[-1]], between(fit, way)) for way in routes(design.paths)]
    for kind in ("loading", "weight"):
        rows += [(kind, labels[own], item, "") for own, item in zip(design.owner, fit.model.items, strict=True)]
    rows += [("r2", "", labels[place], "") for place, causes in enumerate(design.causes) if len(causes)]
    several = fit.model.compared
    if len(several) > 1:
        compared = zip(*pairs(len(several)), strict=True)
        rows += [("htmt", labels[several[i]], labels[several[j]], "") for i, j in compared]
    return pd.DataFrame(rows, columns=["kind", "source", "target", "via"])


def _indirectly(fit: PlsFit) -> tuple[np.ndarray, ...]:
    """Sources and targets with at least one construct between them."""
    return np.nonzero(fit.model.design.paths @ fit._reaches())


def between(fit: PlsFit, way: tuple[int, ...]) -> str:
    """The constructs that a route passes, joined by an arrow."""
    return ARROW.join(fit.model.constructs[place] for place in way[1:-1])
