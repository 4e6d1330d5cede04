"""`cx.pls`: path models by partial least squares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.pls_model import PlsModel, read_pls_model
from cxlab.analyses.pls_result import PlsFit
from cxlab.analyses.unpack import numeric_columns, source_notices
from cxlab.errors import DataError, Notice
from cxlab.estimate.pls import Structure, Weighting, estimate_weights, structure
from cxlab.estimate.pls.design import Mode, Scheme
from cxlab.estimate.pls.structure import smallest_eigenvalue
from cxlab.evaluate.reliability import correlation
from cxlab.specify import Model
from cxlab.survey.survey import Survey, as_survey

Missing = Literal["listwise", "mean"]
_MOST = 3000


def pls(
    model: str | Model,
    data: Survey | pd.DataFrame,
    *,
    scheme: Scheme = "path",
    missing: Missing = "listwise",
    modes: Mode | Mapping[str, Mode] | None = None,
    consistent: bool = True,
    tolerance: float = 1e-10,
) -> PlsFit:
    """Fit a path model by partial least squares: composites, or common factors by consistent PLS.

    When to use it: composites and formative constructs; prediction of single respondents; as the sister of `sem` when a
    paper must speak to readers of SmartPLS. Small samples or skewed answers alone are no reason.

    Parameters
    ----------
    model : str or Model
        ``=~`` a common factor, estimated by mode A and corrected for attenuation (PLSc); ``<~`` a composite; ``~``
        paths. A column in a path is a construct with one indicator.
    data : Survey or DataFrame
        One row a respondent; indicators are standardised.
    scheme : {"path", "factorial", "centroid"}
        Inner weights.
    missing : {"listwise", "mean"}
        Complete rows, or missing answers replaced by the item's mean.
    modes : {"A", "B", "unit"} or mapping of construct to these, optional
        Outer weights; by default A for ``=~`` and B for ``<~``.
    consistent : bool
        False takes ``=~`` as a composite of mode A, as traditional PLS does.
    tolerance : float
        The weights' absolute changes must sum to less than this.

    Returns
    -------
    PlsFit
        ``.table`` (= ``.paths``: source target estimate f2 f2_reestimated vif), ``.loadings`` (construct item loading
        weight vif), ``.weights``, ``.cross_loadings``, ``.r2`` (construct r2 r2_adjusted), ``.reliability`` (construct
        items alpha rho_a rho_c ave), ``.htmt``, ``.fornell_larcker``, ``.f2``, ``.vif``, ``.total_effects`` (source
        target direct indirect total), ``.fit_measures`` (SRMR, d_ULS, d_G of the estimated and the saturated model),
        ``.scores``, ``.bootstrap(n, seed, ci=)``, ``.predict(folds, repeats, seed)``, ``.ipma(target)``.

    Raises
    ------
    ModelError, NotSupportedError
        An indicator twice, an isolated construct, no paths, paths in a circle, statements that PLS does not have.
    DataError
        Unknown, non-numeric or constant columns, too few rows, fewer rows than a block of mode B has indicators.

    Notes
    -----
    Wold (1982), Lohmöller (1989); PLSc by Dijkstra & Henseler (2015). Equals seminr's ``estimate_pls`` with
    ``stopCriterion = 12`` and cSEM's ``csem``.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> text = "Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5; Loyal =~ CUSL1 + CUSL2 + CUSL3; Loyal ~ Image"
    >>> fit = cx.pls(text, survey, consistent=False)
    >>> fit.paths[["source", "target", "estimate"]].round(3).to_numpy().tolist()
    [['Image', 'Loyal', 0.568]]
    """
    for option, value, known in (("scheme", scheme, get_args(Scheme)), ("missing", missing, get_args(Missing))):
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))
    survey = as_survey(data)
    read = read_pls_model(model, list(survey.frame.columns), modes, consistent)
    frame, told = numeric_columns(survey, read.items, complete=missing == "listwise", min_rows=3)
    frame, replaced = _filled(frame)
    _check_rows(read, len(frame))
    cor = correlation(np.cov(frame.to_numpy().T))
    weighting = estimate_weights(cor[:, :, None], read.design, scheme, tolerance, _MOST)
    solved = structure(cor[:, :, None], weighting, read.design)
    labels = {name: item.label for name, item in survey.codebook.items.items() if item.label}
    return PlsFit(
        model=read,
        frame=frame,
        cor=cor,
        weighting=weighting,
        solved=solved,
        scheme=scheme,
        missing=missing,
        tolerance=tolerance,
        warnings=(*source_notices(survey), *told, *replaced, *_doubts(read, weighting, solved)),
        ends=_ends(survey, read),
        labels=labels | {name: own.label for name, own in survey.codebook.constructs.items() if own.label},
        simulated=survey.simulated,
    )


def _ends(survey: Survey, model: PlsModel) -> dict[str, tuple[float, float]]:
    """Ends of the items' answer scales, where the codebook gives them."""
    known = ((name, survey.codebook.items.get(name)) for name in model.items)
    return {
        name: (float(item.min), float(item.max))
        for name, item in known
        if item is not None and item.min is not None and item.max is not None
    }


def _filled(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Notice]]:
    missing = int(frame.isna().to_numpy().sum())
    if not missing:
        return frame, []
    share = f"{100 * missing / frame.size:.1f}"
    return frame.fillna(frame.mean()), [Notice("pls.mean_replaced", {"count": missing, "share": share}, serious=True)]


def _check_rows(model: PlsModel, rows: int) -> None:
    for place, (name, size) in enumerate(zip(model.constructs, model.design.sizes, strict=True)):
        if model.design.modes[place] == "B" and rows <= size:
            raise DataError("pls.too_few_rows", rows=rows, construct=name, items=size)


def _doubts(model: PlsModel, weighting: Weighting, solved: Structure) -> list[Notice]:
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
        smallest = f"{smallest_eigenvalue(solved.correlations, np.ones(1, dtype=bool))[0]:.3f}"
        found.append(Notice("pls.not_positive_definite", {"value": smallest}, serious=True))
    negative = [item for item, loading in zip(model.items, solved.loadings[:, 0], strict=True) if loading < 0]
    reflective = [item for item in negative if model.reflective[model.design.owner[model.items.index(item)]]]
    if reflective:
        found.append(Notice("pls.negative_loading", {"items": ", ".join(reflective)}, serious=True))
    return found
