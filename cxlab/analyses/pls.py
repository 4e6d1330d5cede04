"""`cx.pls`: path models by partial least squares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.pls_made import check_products, higher_doubts, made_frame, product_labels, works
from cxlab.analyses.pls_model import Modes, PlsModel
from cxlab.analyses.pls_result import PlsFit
from cxlab.analyses.pls_stages import HigherOrder, Interaction, read_pls_model
from cxlab.analyses.sem_request import reversed_items
from cxlab.analyses.unpack import numeric_columns, source_notices
from cxlab.errors import DataError, Notice
from cxlab.estimate.pls import Structure, Weighting, estimate_weights, structure
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.stages import interaction_units
from cxlab.estimate.pls.structure import smallest_eigenvalue
from cxlab.i18n.shown import Shown
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
    modes: Modes | None = None,
    consistent: bool = True,
    interaction: Interaction = "two_stage",
    higher_order: HigherOrder = "two_stage",
    tolerance: float = 1e-10,
) -> PlsFit:
    """Fit a path model by partial least squares: composites, or common factors by consistent PLS.

    When to use it: composites and formative constructs; prediction of single respondents; as the sister of `sem` when a
    paper must speak to readers of SmartPLS. Small samples or skewed answers alone are no reason.

    Parameters
    ----------
    model : str or Model
        ``=~`` a common factor, estimated by mode A and corrected for attenuation (PLSc); ``<~`` a composite; ``~``
        paths. A column in a path is a construct with one indicator. ``Y ~ X + M + X:M`` has an interaction, ``Y ~ X +
        X:X`` a quadratic effect; a construct of constructs, ``H <~ F + G``, is of higher order.
    data : Survey or DataFrame
        One row a respondent; indicators are standardised.
    scheme : {"path", "factorial", "centroid"}
        Inner weights.
    missing : {"listwise", "mean"}
        Complete rows, or missing answers replaced by the item's mean.
    modes : {"A", "B", "unit"} or mapping of construct to these, optional
        Outer weights; by default A for ``=~`` and B for ``<~``.
    consistent : bool
        False takes ``=~`` as a composite of mode A, as traditional PLS does. Needed where factors of a product or
        components of a higher-order construct were written with ``=~``.
    interaction : {"two_stage", "orthogonal", "product_indicator"}
        Product of the scores of a model without it; products of all pairs of indicators, less what both constructs'
        indicators explain of them; these products as they are. The path is the change of the slope for one standard
        deviation of the moderator.
    higher_order : {"two_stage", "repeated"}
        Components' scores from a model in which they take the place of what they make up (disjoint two-stage approach);
        or all their indicators once more.
    tolerance : float
        The weights' absolute changes must sum to less than this.

    Returns
    -------
    PlsFit
        ``.table`` (= ``.paths``: source target estimate f2 f2_reestimated vif), ``.loadings`` (construct item loading
        weight vif), ``.weights``, ``.cross_loadings``, ``.r2`` (construct r2 r2_adjusted), ``.reliability`` (construct
        items alpha rho_a rho_c ave), ``.htmt``, ``.fornell_larcker``, ``.f2``, ``.vif``, ``.total_effects`` (source
        target direct indirect total), ``.fit_measures`` (SRMR, d_ULS, d_G of the estimated and the saturated model),
        ``.scores``, ``.bootstrap(n, seed, ci=)``, ``.predict(folds, repeats, seed)``, ``.ipma(target)``,
        ``.simple_slopes(product)``, ``.first_stage`` (the PlsFit whose scores a product or higher-order construct has),
        ``.micom(by, n, seed)``, ``.groups(by, n, seed)``.

    Raises
    ------
    ModelError, NotSupportedError
        An indicator twice, an isolated construct, no paths, paths in a circle, statements that PLS does not have, a
        product without its main effects.
    DataError
        Unknown, non-numeric or constant columns, too few rows, fewer rows than a block of mode B has indicators.

    Notes
    -----
    Wold (1982), Lohmöller (1989); PLSc by Dijkstra & Henseler (2015). Equals seminr's ``estimate_pls`` with
    ``stopCriterion = 12`` and cSEM's ``csem``. Interactions: Chin et al. (2003), Henseler & Chin (2010); equal to
    seminr's. Higher-order constructs: Sarstedt et al. (2019).

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> text = "Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5; Loyal =~ CUSL1 + CUSL2 + CUSL3; Loyal ~ Image"
    >>> fit = cx.pls(text, survey, consistent=False)
    >>> fit.paths[["source", "target", "estimate"]].round(3).to_numpy().tolist()
    [['Image', 'Loyal', 0.568]]
    """
    _check_options(scheme=scheme, missing=missing, interaction=interaction, higher_order=higher_order)
    survey = as_survey(data)
    read = read_pls_model(model, list(survey.frame.columns), modes, consistent, interaction, higher_order)
    frame, told = numeric_columns(survey, read.answers, complete=missing == "listwise", min_rows=3)
    frame, replaced = _filled(frame)
    labels = {name: item.label for name, item in survey.codebook.items.items() if item.label}
    labels |= {name: own.label for name, own in survey.codebook.constructs.items() if own.label}
    about: dict[str, Any] = {
        "scheme": scheme,
        "missing": missing,
        "tolerance": tolerance,
        "ends": _ends(survey, read),
        "labels": labels | product_labels(read, labels),
        "simulated": survey.simulated,
        "survey": survey,
    }
    return _fitted(read, frame, (*source_notices(survey), *reversed_items(survey, read.items), *told, *replaced), about)


def _fitted(read: PlsModel, answers: pd.DataFrame, told: tuple[Notice, ...], about: Mapping[str, Any]) -> PlsFit:
    """The model's estimates and, where its indicators are made of another model's scores, that model's."""
    first = None
    if read.first is not None:
        own = answers[list(read.first.answers)].set_axis(list(read.first.items), axis=1)
        first = _fitted(read.first, own, (), about)
    _check_rows(read, len(answers))
    made = made_frame(read, answers, about["scheme"], about["tolerance"], _MOST)
    weighting = estimate_weights(made.cor[:, :, None], read.design, about["scheme"], about["tolerance"], _MOST)
    solved = structure(made.cor[:, :, None], weighting, read.design)
    check_products(read, weighting)
    interactions = read.stages.interactions if read.stages else np.zeros(read.design.constructs, dtype=bool)
    return PlsFit(
        model=read,
        frame=made.frame,
        cor=made.cor,
        weighting=weighting,
        solved=solved,
        warnings=(*told, *(first.warnings if first else ()), *_doubts(read, weighting, solved), *higher_doubts(read)),
        answers=answers,
        units=interaction_units(solved.loadings, made.spread[:, None], read.design, interactions)[:, 0],
        first_stage=first,
        references=works(read),
        **about,
    )


def _check_options(**given: str) -> None:
    kinds = {"scheme": Scheme, "missing": Missing, "interaction": Interaction, "higher_order": HigherOrder}
    for option, value in given.items():
        known = get_args(kinds[option])
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))


def _ends(survey: Survey, model: PlsModel) -> dict[str, tuple[float, float]]:
    """Ends of the items' answer scales, where the codebook gives them."""
    known = ((name, survey.codebook.items.get(name)) for name in model.answers)
    return {
        name: (float(item.min), float(item.max))
        for name, item in known
        if item is not None and item.min is not None and item.max is not None
    }


def _filled(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Notice]]:
    missing = int(frame.isna().to_numpy().sum())
    if not missing:
        return frame, []
    share = Shown(100 * missing / frame.size, 1)
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
        smallest = Shown(float(smallest_eigenvalue(solved.correlations, np.ones(1, dtype=bool))[0]), 3)
        found.append(Notice("pls.not_positive_definite", {"value": smallest}, serious=True))
    negative = [item for item, loading in zip(model.items, solved.loadings[:, 0], strict=True) if loading < 0]
    reflective = [item for item in negative if model.reflective[model.design.owner[model.items.index(item)]]]
    if reflective:
        found.append(Notice("pls.negative_loading", {"items": ", ".join(reflective)}, serious=True))
    return found
