"""`cx.pls`: path models by partial least squares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cxlab.analyses.moments import Moments
from cxlab.analyses.pls_checks import (
    check_causes,
    check_formative,
    check_numbers,
    check_options,
    copied_items,
    doubts,
    small_samples,
)
from cxlab.analyses.pls_input import Missing, PlsInput, of_moments, of_survey
from cxlab.analyses.pls_made import check_products, estimated, higher_doubts, made_frame, product_labels, works
from cxlab.analyses.pls_model import HigherOrder, Interaction, Modes, PlsModel
from cxlab.analyses.pls_result import PlsFit
from cxlab.analyses.pls_stages import read_pls_model
from cxlab.analyses.result import Text
from cxlab.analyses.sem_request import reversed_items
from cxlab.analyses.unpack import outside_scale, source_notices
from cxlab.errors import Notice, NotSupportedError
from cxlab.estimate.pls.algorithm import MOST
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.stages import first_scheme
from cxlab.specify import Model
from cxlab.survey.survey import Survey, as_survey


def pls(
    model: str | Model,
    data: Survey | pd.DataFrame | Moments,
    *,
    scheme: Scheme = "path",
    missing: Missing = "listwise",
    ordered: bool | Sequence[str] = False,
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
    data : Survey, DataFrame or Moments
        One row a respondent; indicators are standardised. A published matrix (`cxlab.Moments`) gives estimates, but no
        scores, resamples or predictions.
    scheme : {"path", "factorial", "centroid"}
        Inner weights.
    missing : {"listwise", "mean", "median", "pairwise", "em"}
        Complete rows; missing answers replaced, once, by the item's mean or median; correlations of the rows that have
        both answers; correlations by maximum likelihood (EM algorithm; answers missing at random).
    ordered : bool or sequence of str
        Items whose answers are ordered categories, True for all: polychoric correlations (ordinal PLS).
    modes : {"A", "B", "unit"} or mapping of construct to these, optional
        Outer weights; by default A for ``=~`` and B for ``<~``.
    consistent : bool
        False takes ``=~`` as a composite of mode A, as traditional PLS does. Needed where factors of a product, or a
        higher-order construct and its components, were written with ``=~``.
    interaction : {"two_stage", "orthogonal", "product_indicator"}
        Product of the scores of a model without it; products of all pairs of indicators, less what both constructs'
        indicators explain of them; these products as they are. The path is the change of the slope for one standard
        deviation of the moderator.
    higher_order : {"two_stage", "embedded", "repeated"}
        Components' scores from a model in which they take the place of what they make up (disjoint two-stage approach);
        from a model with repeated indicators, all other constructs then being their scores too (embedded two-stage);
        all their indicators once more. A composite ``<~`` of common factors ``=~`` is corrected for the reliabilities
        of a first stage in which all constructs are correlated.
    tolerance : float
        The weights' absolute changes must sum to less than this.

    Returns
    -------
    PlsFit
        ``.table`` (= ``.paths``: source target estimate f2 f2_reestimated vif), ``.loadings`` (construct item loading
        weight vif), ``.weights``, ``.cross_loadings``, ``.r2`` (construct r2 r2_adjusted), ``.reliability`` (construct
        items alpha rho_a rho_c ave), ``.htmt``, ``.htmt2``, ``.fornell_larcker``, ``.f2``, ``.vif``,
        ``.total_effects`` (source target direct indirect total), ``.effects(source, target)`` (the same, and the effect
        along each route), ``.fit_measures`` (SRMR, d_ULS, d_G of the estimated and the saturated model), ``.scores``,
        ``.bootstrap(n, seed, ci=)``, ``.jackknife()``, ``.exact_fit(n, seed)``, ``.predict(folds, repeats, seed)``,
        ``.blindfold(omission)``, ``.ipma(target)``, ``.nca(outcome)``, ``.simple_slopes(product)``,
        ``.micom(by, n, seed)``, ``.groups(by, n, seed)``, ``.first_stage`` (the PlsFit whose scores a product or
        higher-order construct has).

    Raises
    ------
    ModelError, NotSupportedError
        An indicator twice, an isolated construct, no paths, paths in a circle, statements that PLS does not have, a
        product without its main effects.
    DataError
        Unknown, non-numeric or constant columns, too few rows, fewer rows than a block of mode B has indicators,
        pairwise or polychoric correlations that do not fit together, causes that determine one another, unknown
        options.

    Notes
    -----
    Wold (1982), Lohmöller (1989); PLSc by Dijkstra & Henseler (2015). Equals seminr's ``estimate_pls`` with
    ``stopCriterion = 12`` and cSEM's ``csem``. Interactions: Chin et al. (2003), Henseler & Chin (2010); equal to
    seminr's. Higher-order constructs: Sarstedt et al. (2019); composites of common factors: van Riel et al. (2017),
    equal to cSEM's. Ordinal: Cantaluppi (2012), Schuberth et al. (2018). Bootstraps find pairwise, EM and polychoric
    correlations again in each resample, the last two at a hundredth of a second or more each. `cxlab.pls_differences`
    lists where programs differ.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> text = "Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5; Loyal =~ CUSL1 + CUSL2 + CUSL3; Loyal ~ Image"
    >>> fit = cx.pls(text, survey, consistent=False)
    >>> fit.paths[["source", "target", "estimate"]].round(3).to_numpy().tolist()
    [['Image', 'Loyal', 0.568]]
    """
    check_options(scheme=scheme, missing=missing, interaction=interaction, higher_order=higher_order)
    check_numbers(modes, consistent, ordered, tolerance)
    survey = None if isinstance(data, Moments) else as_survey(data)
    columns = list(data.names) if isinstance(data, Moments) else list(as_survey(data).frame.columns)
    read = read_pls_model(model, columns, modes, consistent, interaction, higher_order)
    given, told = _input(read, data, survey, missing, ordered)
    labels = _labels(survey)
    about: dict[str, Any] = {
        "scheme": scheme,
        "missing": missing,
        "tolerance": tolerance,
        "ends": _ends(survey, read),
        "labels": labels | product_labels(read, labels),
        "simulated": survey is not None and survey.simulated,
        "source": survey,
    }
    return _fitted(read, given, (*read.notices, *told), about)


def _input(
    read: PlsModel,
    data: Survey | pd.DataFrame | Moments,
    survey: Survey | None,
    missing: Missing,
    ordered: bool | Sequence[str],
) -> tuple[PlsInput, tuple[Notice, ...]]:
    """The answers to the model's items, or a published matrix of them, with what must be said of them."""
    if isinstance(data, Moments) or survey is None:
        if missing != "listwise" or ordered:
            raise NotSupportedError("pls_input.moments_options")
        given, told = of_moments(data, read.answers)  # type: ignore[arg-type]
    else:
        given, found = of_survey(survey, read.answers, missing, ordered)
        doubtful = (*reversed_items(survey, read.answers), *outside_scale(survey, read.answers))
        told = (*source_notices(survey), *doubtful, *found)
    if read.products and given.kind != "rows":
        why = Notice(f"pls_input.why_{given.kind}")
        raise NotSupportedError("pls_input.products_need_rows", product=next(iter(read.products)), why=why)
    return given, (*told, *copied_items(given))


def _fitted(read: PlsModel, given: PlsInput, told: tuple[Notice, ...], about: Mapping[str, Any]) -> PlsFit:
    """The model's estimates and, where its indicators are made of another model's scores, that model's."""
    first = None
    if read.first is not None and read.stages is not None:
        own = dict(about, scheme=first_scheme(read.stages, about["scheme"]))
        said = (Notice("pls_input.first_correlated"),) if read.stages.carried else ()
        first = _fitted(read.first, given.taken(read.first.answers, read.first.items), said, own)
    check_formative(read, given)
    found = estimated(read, given, about["scheme"], about["tolerance"], MOST)
    check_products(read, found.weighting)
    check_causes(read, found, about["tolerance"])
    made = made_frame(read, given, found)
    own_doubts = (*small_samples(read, given), *doubts(read, found.weighting, found.solved), *higher_doubts(read))
    return PlsFit(
        model=read,
        given=given,
        cor=found.correlations[:, :, 0],
        weighting=found.weighting,
        solved=found.solved,
        warnings=(*told, *(first.warnings if first else ()), *own_doubts),
        indicators=made.frame,
        standard=made.standard,
        units=found.units[:, 0],
        known=None if found.made is None else found.made.known,
        maps=None if found.made is None else found.made.maps[0],
        first_stage=first,
        references=works(read, given),
        **about,
    )


def _labels(survey: Survey | None) -> dict[str, Text]:
    if survey is None:
        return {}
    labels = {name: item.label for name, item in survey.codebook.items.items() if item.label}
    return labels | {name: own.label for name, own in survey.codebook.constructs.items() if own.label}


def _ends(survey: Survey | None, model: PlsModel) -> dict[str, tuple[float, float]]:
    """Ends of the items' answer scales, where the codebook gives them."""
    book = {} if survey is None else survey.codebook.items
    known = ((name, book.get(name)) for name in model.answers)
    return {
        name: (float(item.min), float(item.max))
        for name, item in known
        if item is not None and item.min is not None and item.max is not None
    }
