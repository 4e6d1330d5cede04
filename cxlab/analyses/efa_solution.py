"""One factor solution of one correlation matrix, and what must be known before it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cxlab.analyses.efa_input import Sample
from cxlab.errors import Notice
from cxlab.estimate.factor.arrange import arranged
from cxlab.estimate.factor.extraction import Extraction, Method, extract
from cxlab.estimate.factor.rotation import How, Rotated, rotate_from_many

SALIENT = 0.30
"""From here on (a convention) a loading counts as one, in notices, summaries and printed tables."""
_LEAST_ITEMS = 3


@dataclass(frozen=True, eq=False)
class Request:
    """What to extract and how to rotate it.

    Attributes
    ----------
    factors : int
    method : Method
    how : How
        The rotation and its constants.
    starts : int
        Starts of the rotation.
    tolerance, max_iter : float, int
        Of principal axis.
    seed : int or None
        Of the random starts.
    """

    factors: int
    method: Method
    how: How
    starts: int = 1
    tolerance: float = 0.001
    max_iter: int = 50
    seed: int | None = None


@dataclass(frozen=True, eq=False)
class Solution:
    """Pattern and factor correlations, factors by the variance they account for.

    Attributes
    ----------
    loadings : ndarray (p, m)
    correlations : ndarray (m, m)
    communalities : ndarray (p,)
    extraction : Extraction
    rotation : Rotated
        In the search's own order and signs.
    """

    loadings: np.ndarray
    correlations: np.ndarray
    communalities: np.ndarray
    extraction: Extraction
    rotation: Rotated

    @property
    def structure(self) -> np.ndarray:
        """Correlations (p, m) of items and factors."""
        return np.asarray(self.loadings @ self.correlations)

    @property
    def implied(self) -> np.ndarray:
        """Correlations that the factors reproduce, communalities on the diagonal."""
        return np.asarray(self.structure @ self.loadings.T)

    @property
    def complexity(self) -> np.ndarray:
        """Number of factors (p,) that an item needs (Hofmann, 1978): 1 for an item that loads on one alone."""
        squares = self.loadings**2
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(squares.sum(axis=1) ** 2 / (squares**2).sum(axis=1))

    @property
    def primary(self) -> np.ndarray:
        """Place (p,) of the factor on which an item loads most."""
        return np.asarray(np.abs(self.loadings).argmax(axis=1))


def solve(corr: np.ndarray, request: Request) -> Solution:
    """Extract, rotate and order."""
    how = request.how
    found = extract(corr[None], request.factors, request.method, tolerance=request.tolerance, max_iter=request.max_iter)
    random = np.random.default_rng(np.random.SeedSequence(request.seed))
    rotated = rotate_from_many(found.loadings, how, request.starts, random)
    loadings, correlations = arranged(rotated.loadings[0], rotated.correlations[0])
    return Solution(loadings, correlations, found.communalities[0], found, rotated)


def solution_notices(sample: Sample, request: Request, found: Solution) -> list[Notice]:
    """Improper or unfinished solutions, thin factors, items without a factor or against it."""
    return [
        *_improper(sample, found),
        *_search(request, found),
        *_items(sample, found),
        *_test(sample, request),
    ]


def _improper(sample: Sample, found: Solution) -> list[Notice]:
    bad = np.flatnonzero(found.extraction.improper[0])
    if not len(bad):
        return []
    return [Notice("factor.heywood", {"items": _listed(sample.names[place] for place in bad)}, serious=True)]


def _search(request: Request, found: Solution) -> list[Notice]:
    notices = []
    if not found.extraction.converged[0]:
        key = "factor.pa_stopped" if request.method == "pa" else "factor.not_converged"
        notices.append(Notice(key, {"rounds": int(found.extraction.iterations[0])}, serious=True))
    if not found.rotation.converged[0]:
        notices.append(Notice("factor.rotation_stopped", {"rotation": request.how.name}, serious=True))
    minima = found.rotation.minima
    ended = sum(count for _, count in minima)
    if request.starts > 1 and minima:
        values = {"starts": request.starts, "ended": ended, "minima": len(minima), "best": minima[0][1]}
        key = "factor.one_minimum" if len(minima) == 1 else "factor.local_minima"
        notices.append(Notice(key, values, serious=len(minima) > 1))
    return notices


def _items(sample: Sample, found: Solution) -> list[Notice]:
    size, primary = np.abs(found.loadings), found.primary
    homeless = [name for name, row in zip(sample.names, size, strict=True) if row.max() < SALIENT]
    notices = []
    for factor in range(found.loadings.shape[1]):
        own = [place for place in np.flatnonzero(primary == factor) if size[place, factor] >= SALIENT]
        name = f"F{factor + 1}"
        if len(own) < _LEAST_ITEMS:
            items = _listed(sample.names[place] for place in own) or "–"
            values = {"factor": name, "count": len(own), "items": items}
            notices.append(Notice("factor.thin", values, serious=len(own) < 2))
        against = [sample.names[place] for place in own if found.loadings[place, factor] < 0]
        fresh = [item for item in against if item not in sample.turned]
        if fresh:
            notices.append(Notice("factor.negative", {"factor": name, "items": _listed(fresh)}, serious=True))
        if len(fresh) < len(against):
            turned = _listed(item for item in against if item in sample.turned)
            notices.append(Notice("factor.turned_negative", {"factor": name, "items": turned}, serious=True))
    if homeless:
        notices.append(Notice("factor.homeless", {"items": _listed(homeless)}))
    return notices


def _test(sample: Sample, request: Request) -> list[Notice]:
    size = len(sample.names)
    notices = []
    if (size - request.factors) ** 2 == size + request.factors:
        notices.append(Notice("factor.saturated", {"factors": request.factors, "items": size}))
    elif sample.correlation in ("polychoric", "spearman"):
        notices.append(Notice("factor.rough_test", {"kind": Notice(f"factor.correlation_{sample.correlation}")}))
    return notices


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:8]) + (", …" if len(found) > 8 else "")
