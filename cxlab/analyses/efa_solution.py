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
from cxlab.i18n.shown import Shown

SALIENT = 0.30
"""From here on (a convention) a loading counts as one, in notices, summaries and printed tables."""
_LEAST_ITEMS = 3
# Other starts of the extraction, tried to see whether it has ended at a local minimum.
_TRIED = 10
_LOWER = 1e-5


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
        Starts of the rotation; above 1 also of the extraction, of which the lowest is kept.
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
class Lower:
    """What other starts of the extraction found below the usual one.

    Attributes
    ----------
    tried, count : int
        Starts, and how many of them ended lower than the usual one.
    usual, shown, lowest : float
        Of the criterion: from the usual start, of the solution shown, and the lowest of all.
    improper : ndarray (p,)
        Items without uniqueness in the lowest.
    """

    tried: int
    count: int
    usual: float
    shown: float
    lowest: float
    improper: np.ndarray


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
    lower : Lower or None
        If the usual start of the extraction is not the best.
    """

    loadings: np.ndarray
    correlations: np.ndarray
    communalities: np.ndarray
    extraction: Extraction
    rotation: Rotated
    lower: Lower | None = None

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
    found, lower = _extracted(corr, request)
    random = np.random.default_rng(np.random.SeedSequence(request.seed))
    rotated = rotate_from_many(found.loadings, how, request.starts, random)
    loadings, correlations = arranged(rotated.loadings[0], rotated.correlations[0])
    return Solution(loadings, correlations, found.communalities[0], found, rotated, lower)


def _extracted(corr: np.ndarray, request: Request) -> tuple[Extraction, Lower | None]:
    """The lowest of several starts; without a wish for `starts` an improper one does not take a proper one's place.

    Principal axis has one start.
    """
    m, method = request.factors, request.method
    usual = extract(corr[None], m, method, tolerance=request.tolerance, max_iter=request.max_iter)
    if method == "pa":
        return usual, None
    random = np.random.default_rng(np.random.SeedSequence([request.seed or 0, 1]))
    tried = max(request.starts - 1, _TRIED)
    others = extract(np.repeat(corr[None], tried, axis=0), m, method, start=random.uniform(0.05, 1, (tried, len(corr))))
    own, values = float(usual.value[0]), np.where(others.converged, others.value, np.inf)
    least = own - _LOWER * (1 + abs(own))
    count, best = int((values < least).sum()), int(values.argmin())
    if not count:
        return usual, None
    bad = others.improper.any(axis=1) & (request.starts == 1) & ~usual.improper.any()
    allowed = np.where(bad, np.inf, values)
    taken = int(allowed.argmin()) if allowed.min() < least else -1
    shown = usual if taken < 0 else others.one(taken)
    return shown, Lower(tried, count, own, float(shown.value[0]), float(values[best]), others.improper[best])


def solution_notices(sample: Sample, request: Request, found: Solution) -> list[Notice]:
    """Improper or unfinished solutions, thin factors, items without a factor or against it."""
    return [
        *_improper(sample, found),
        *_search(request, found),
        *_local(sample, found.lower),
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


def _local(sample: Sample, lower: Lower | None) -> list[Notice]:
    if lower is None:
        return []
    values = {
        "tried": lower.tried,
        "count": lower.count,
        "usual": Shown(lower.usual, 4),
        "shown": Shown(lower.shown, 4),
    }
    found = [Notice("factor.lower_taken", values)] if lower.shown < lower.usual else []
    if lower.lowest < lower.shown - _LOWER * (1 + abs(lower.shown)):
        bad = _listed(sample.names[place] for place in np.flatnonzero(lower.improper))
        values = values | {"lowest": Shown(lower.lowest, 4), "items": bad}
        found.append(Notice("factor.lower_improper", values, serious=True))
    return found


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
