"""What stands in the way of a PLS model, and what must be known before its numbers are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import get_args

import numpy as np
from scipy.stats import norm

from cxlab.analyses.efa_input import clashing
from cxlab.analyses.pls_input import Missing, PlsInput
from cxlab.analyses.pls_model import HigherOrder, Interaction, PlsModel
from cxlab.errors import DataError, ModelError, Notice
from cxlab.estimate.pls import Structure, Weighting, estimate_weights
from cxlab.estimate.pls.design import Mode, Scheme
from cxlab.estimate.pls.model import Estimates
from cxlab.estimate.pls.structure import smallest_eigenvalue
from cxlab.i18n.shown import Shown

_OPTIONS = {"scheme": Scheme, "missing": Missing, "interaction": Interaction, "higher_order": HigherOrder}
_LOOSEST, _SMALL = 0.01, 100


def check_options(**given: str) -> None:
    """Raise if an option has no such value.

    Examples
    --------
    >>> check_options(scheme="path")
    """
    for option, value in given.items():
        known = get_args(_OPTIONS[option])
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))


def check_numbers(modes: object, consistent: object, ordered: object, tolerance: object) -> None:
    """Raise if an option is of another kind than it must be.

    Examples
    --------
    >>> check_numbers(None, True, False, 1e-10)
    """
    if modes is not None and not isinstance(modes, str | Mapping):
        raise ModelError("pls_input.modes_form", value=modes, known=", ".join(get_args(Mode)), example="Image")
    if not isinstance(consistent, bool | np.bool_):
        raise DataError("pls_input.switch", option="consistent", value=consistent)
    if not isinstance(ordered, bool | str | Sequence):
        raise DataError("pls_input.ordered_form", value=ordered)
    small = isinstance(tolerance, Real) and not isinstance(tolerance, bool) and 0 < float(tolerance) <= _LOOSEST
    if not small:
        raise DataError("pls_input.tolerance", value=tolerance)


def check_formative(model: PlsModel, given: PlsInput) -> None:
    """Mode B is a regression on a block's indicators: it needs rows, and indicators that are no sums of each other."""
    for place, (name, size) in enumerate(zip(model.constructs, model.design.sizes, strict=True)):
        if model.design.modes[place] != "B" or size < 2:
            continue
        if given.n_obs <= size:
            raise DataError("pls.too_few_rows", rows=given.n_obs, construct=name, items=size)
        own = [given.names.index(item) for item in model.block(place) if item in given.names]
        bound = clashing(given.cor[np.ix_(own, own)], [given.names[one] for one in own]) if own else ""
        if bound:
            raise DataError("factor.collinear", items=bound)


def check_causes(model: PlsModel, found: Estimates, tolerance: float) -> None:
    """Causes that determine one another have no paths of their own."""
    between = found.weighting.correlations[:, :, 0]
    if not np.isfinite(between).all():  # path weighting regresses on causes and fails where they are copies
        between = estimate_weights(found.correlations, model.design, "centroid", tolerance).correlations[:, :, 0]
    if not np.isfinite(between).all():
        return
    several = ((target, causes) for target, causes in enumerate(model.design.causes) if len(causes) > 1)
    for target, causes in several:
        bound = clashing(between[np.ix_(causes, causes)], [model.constructs[cause] for cause in causes])
        if bound:
            raise DataError("pls.causes_collinear", target=model.constructs[target], constructs=bound)


def small_samples(model: PlsModel, given: PlsInput) -> list[Notice]:
    """What few rows allow."""
    told = []
    if given.n_obs <= len(given.names):
        values = {"rows": given.n_obs, "items": len(given.names)}
        told.append(Notice("pls.not_more_rows", values, serious=True))
    if given.n_obs < _SMALL and model.stages is None:
        least = Shown(min(1.0, float(norm.ppf(0.95) + norm.ppf(0.8)) / np.sqrt(given.n_obs)))
        told.append(Notice("pls.small_sample", {"rows": given.n_obs, "path": least}))
    return told


def copied_items(given: PlsInput) -> list[Notice]:
    """The same answers under two names count twice; mode B, where they have no weights at all, refuses them."""
    copies = [
        f"{given.names[j]} – {given.names[i]}"
        for i, j in zip(*np.tril_indices(len(given.cor), -1), strict=True)
        if abs(given.cor[i, j]) > 1 - 1e-9
    ]
    shown = ", ".join(copies[:5]) + (", …" if copies[5:] else "")
    return [Notice("pls.copied_items", {"pairs": shown}, serious=True)] if copies else []


def doubts(model: PlsModel, weighting: Weighting, solved: Structure) -> list[Notice]:
    """What must be known before the numbers: no convergence, impossible reliabilities, loadings, correlations."""
    found = []
    if not weighting.converged[0]:
        found.append(Notice("pls.not_converged", {"iterations": int(weighting.iterations[0])}, serious=True))
    bad = [name for name, rho in zip(model.constructs, solved.rho_a[:, 0], strict=True) if not rho > 0]
    if bad:
        found.append(Notice("pls.rho_not_positive", {"constructs": ", ".join(bad)}, serious=True))
    beyond = [item for item, loading in zip(model.items, solved.loadings[:, 0], strict=True) if abs(loading) > 1 + 1e-8]
    if beyond:
        found.append(Notice("pls.loading_beyond", {"items": ", ".join(beyond)}, serious=True))
    between = solved.correlations[:, :, 0]
    pairs = [
        f"{model.constructs[j]} – {model.constructs[i]}"
        for i, j in zip(*np.tril_indices(len(between), -1), strict=True)
        if abs(between[i, j]) > 1 + 1e-8
    ]
    if pairs:
        found.append(Notice("pls.correlation_beyond", {"pairs": ", ".join(pairs)}, serious=True))
    elif not bad and not beyond and not solved.admissible[0] and weighting.converged[0]:
        smallest = Shown(float(smallest_eigenvalue(solved.correlations, np.ones(1, dtype=bool))[0]), 3)
        found.append(Notice("pls.not_positive_definite", {"value": smallest}, serious=True))
    against = _against(model, solved)
    if against:
        found.append(Notice("pls.negative_loading", {"items": ", ".join(against)}, serious=True))
    return found


def _against(model: PlsModel, solved: Structure) -> list[str]:
    """Indicators that point the other way, where they should agree: in mode B and in products they need not."""
    owners = zip(model.items, solved.loadings[:, 0], model.design.owner, strict=True)
    return [
        item
        for item, loading, place in owners
        if loading < 0 and (model.reflective[place] or (model.design.modes[place] != "B" and item in model.answers))
    ]
