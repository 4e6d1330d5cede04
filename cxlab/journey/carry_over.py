"""`cx.carry_over`: what experience leaves behind, from one wave to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.compare import compare
from cxlab.analyses.compare_result import Comparison
from cxlab.analyses.sem import sem
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.unpack import check_level, numeric_columns, source_notices
from cxlab.errors import CxlabError, DataError, EstimationError, ModelError, Notice
from cxlab.journey.carry_over_invariance import wave_invariance
from cxlab.journey.carry_over_labels import measure_labels
from cxlab.journey.carry_over_model import Variant, panel_text
from cxlab.journey.carry_over_plan import Measures, Plan, read_plan
from cxlab.journey.carry_over_result import CarryOver
from cxlab.journey.carry_over_scores import scored
from cxlab.journey.carry_over_shocks import Dynamics, lasting_table, shock_table
from cxlab.journey.carry_over_tables import dynamics, path_tables
from cxlab.survey.survey import Survey, as_survey

OverWaves = Literal["equal", "free"]
_ESTIMATORS = ("MLR", "ML")
_MISSING = ("fiml", "listwise")
# So many waves that a response has died out, unless it lasts for good.
_FAR = 50


@dataclass(frozen=True)
class _How:
    """What was asked, checked."""

    estimator: str
    missing: str
    apart: bool


def carry_over(
    data: Survey | pd.DataFrame,
    *,
    measures: Measures | None = None,
    waves: Sequence[object] | None = None,
    within: str | None = None,
    lagged: str | None = None,
    pattern: str = "{name}_w{wave}",
    over_waves: OverWaves = "equal",
    scores: bool = False,
    random_intercepts: bool = False,
    estimator: str = "MLR",
    missing: str = "fiml",
    horizon: int = 8,
    level: float = 0.95,
) -> CarryOver:
    """Cross-lagged panel model: how expectation, experience, satisfaction and use carry over to the next wave.

    When to use it: the same customers were asked the same questions two or more times. The model tells apart what
    stays as it is (stability), what passes from one thing to another a wave later (carry-over) and what happens inside
    a wave.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a customer; the wave stands in the columns' names. Reversed items of the codebook are turned.
    measures : mapping of name to stem, stems or construct, optional
        Stems are columns without their wave: ``{"satisfaction": ["sat1", "sat2"], "usage": "days"}``. One stem is an
        observed score, several a latent variable; the name of a construct stands for its items. A sequence of names
        does for constructs and single columns. Default: the codebook's constructs that carry a wave.
    waves : sequence, optional
        Which waves, in order. Default: all that the columns show.
    within, lagged : str, optional
        Paths in lavaan syntax with the measures' names: inside a wave (from the second on), and from a measure to
        another one a wave later. Stability paths are always there. Default, with measures named among expectation,
        experience, payment_equity, satisfaction, usage: experience ~ expectation; satisfaction ~ experience +
        expectation + payment_equity; and later expectation ~ experience; usage ~ satisfaction. With other names: no
        paths inside a wave, each measure on every other one a wave before.
    pattern : str
        How a column is made of stem and wave.
    over_waves : {"equal", "free"}
        Whether ``table`` shows paths held equal over waves, or one for each pair of waves.
    scores : bool
        True takes the mean of a measure's items (at least half of them answered) instead of a latent variable.
    random_intercepts : bool
        True takes a stable level of each customer out first, so that paths are about changes within customers; needs
        observed scores and three waves.
    estimator : {"MLR", "ML"}
    missing : {"fiml", "listwise"}
        As in `cx.sem`; "fiml" uses customers who missed a wave, if what they would have said depends on nothing beyond
        the answers there are.
    horizon : int
        How many waves a shock is followed, 1 to 50.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    CarryOver
        ``.table``: outcome cause kind ("stability", "carry_over", "within") wave (later wave; empty for all) est se z
        pvalue ci_lower ci_upper std (standardised; mean over waves where held equal). ``.by_wave``: the same for
        each wave of the figure. ``.comparison``: free, equal and no_carry_over models by `cx.compare`.
        ``.invariance``: configural, metric and scalar models of each latent measure over waves. ``.shocks``: shock
        response waves_later effect se ci_lower ci_upper (in SDs). ``.lasting``: shock response peak ci_lower ci_upper
        peak_at half_at tenth_at sure_until (within 50 waves). ``.fits``, ``.text``, ``.plot("paths"|"shocks")``.

    Raises
    ------
    DataError
        Columns that a wave lacks, unknown names, a single wave, text in an item.
    ModelError
        Paths that run in a circle inside a wave; random intercepts without scores or with two waves.
    EstimationError
        The model did not converge.

    Notes
    -----
    Latent measures have equal loadings (first 1); residuals of an item covary over waves; the first wave's measures
    covary freely; later disturbances of one wave covary where no path joins the measures. A shock of one SD in e:
    responses (I - B0)^-1 at once, A^k (I - B0)^-1 k waves later, A = (I - B0)^-1 B1, from the model with equal paths;
    errors by the delta method with SDs (pooled over waves after the first) taken as known. Random intercepts as in
    Hamaker, Kuiper & Grasman (2015). R: ``lavaan::sem(text, data, estimator = "MLR", missing = "fiml", fixed.x = F)``.

    Examples
    --------
    >>> import cxlab as cx
    >>> panel = cx.load_dataset("cx_panel")
    >>> found = cx.carry_over(panel, measures={"satisfaction": "satisfaction", "usage": "days"}, waves=[1, 2, 3])
    >>> found.table[["kind", "cause", "outcome", "std"]].round(2).to_numpy().tolist()
    [['stability', 'satisfaction', 'satisfaction', 0.46], ['stability', 'usage', 'usage', 0.56],
     ['carry_over', 'satisfaction', 'usage', 0.26]]
    """
    _check(over_waves, estimator, missing, horizon, level)
    survey, plan, told = _read(data, measures, waves, within, lagged, pattern, scores)
    _check_intercepts(plan, random_intercepts)
    how = _How(estimator, missing, random_intercepts)
    fits, lost = _fits(plan, survey, how)
    chosen: Variant = "free" if over_waves == "free" and "free" in fits else "equal"
    table, by_wave = path_tables(plan, fits[chosen], chosen, random_intercepts, level)
    moves = dynamics(plan, fits["equal"], random_intercepts)
    shocks = shock_table(moves, _FAR, level)
    held, more = wave_invariance(plan, survey, estimator, missing)
    comparison = _compared(fits)
    notices = (*told, *fits[chosen].warnings, *lost, *more, *_notices(plan, fits, comparison, moves, random_intercepts))
    return CarryOver(
        table=table,
        by_wave=by_wave,
        comparison=comparison,
        invariance=held,
        shocks=shocks[shocks["waves_later"] <= horizon].reset_index(drop=True),
        lasting=lasting_table(shocks),
        fits=fits,
        text=panel_text(plan, chosen, random_intercepts),
        plan=plan,
        variant=chosen,
        random_intercepts=random_intercepts,
        labels=measure_labels(survey, plan),
        level=level,
        warnings=_distinct((*source_notices(survey), *notices)),
    )


def _check(over_waves: str, estimator: str, missing: str, horizon: int, level: float) -> None:
    check_level(level)
    asked = {"over_waves": over_waves, "estimator": estimator, "missing": missing}
    known = {"over_waves": get_args(OverWaves), "estimator": _ESTIMATORS, "missing": _MISSING}
    for option, value in asked.items():
        if value not in known[option]:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known[option]))
    if isinstance(horizon, bool) or not isinstance(horizon, int) or not 1 <= horizon <= _FAR:
        raise DataError("carry_over.horizon", value=horizon)


def _read(
    data: Survey | pd.DataFrame, measures: Any, waves: Any, within: Any, lagged: Any, pattern: str, as_scores: bool
) -> tuple[Survey, Plan, tuple[Notice, ...]]:
    survey = as_survey(data)
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    plan = read_plan(survey, measures, waves, within, lagged, pattern)
    numeric_columns(survey, plan.used, complete=False)
    book = survey.codebook.items
    flagged = [name for name in plan.used if name in book and book[name].reversed]
    told = (Notice("analyses.reversed_turned", {"items": ", ".join(flagged)}),) if flagged else ()
    survey = survey.reverse_scored() if flagged else survey
    return (*(scored(survey, plan) if as_scores else (survey, plan)), told)


def _check_intercepts(plan: Plan, random_intercepts: bool) -> None:
    if not random_intercepts:
        return
    if plan.latent:
        raise ModelError("carry_over.intercepts_scores", measures=", ".join(plan.latent))
    if len(plan.waves) < 3:
        raise ModelError("carry_over.intercepts_waves", waves=len(plan.waves))


def _fits(plan: Plan, survey: Survey, how: _How) -> tuple[dict[str, SemFit], tuple[Notice, ...]]:
    """The model with equal paths, which must converge, and its rivals, which may fail."""
    variants: list[Variant] = ["equal"]
    variants += ["free"] if len(plan.waves) > 2 else []
    variants += ["no_carry_over"] if plan.lagged else []
    found: dict[str, SemFit] = {}
    lost = []
    for variant in variants:
        text = panel_text(plan, variant, how.apart)
        try:
            fit = sem(text, survey, estimator=how.estimator, missing=how.missing, fixed_x=False, meanstructure=True)
        except CxlabError as error:
            if variant == "equal":
                raise
            why: Notice = Notice(error.key, error.values)
            lost.append(Notice("carry_over.rival_failed", {"model": Notice(f"carry_over.model_{variant}"), "why": why}))
            continue
        if fit.converged:
            found[variant] = fit
        elif variant == "equal":
            raise EstimationError("carry_over.not_converged")
        else:
            why = Notice("carry_over.not_converged")
            lost.append(Notice("carry_over.rival_failed", {"model": Notice(f"carry_over.model_{variant}"), "why": why}))
    return found, tuple(lost)


def _compared(fits: Mapping[str, SemFit]) -> Comparison | None:
    return compare(*fits.values(), names=list(fits)) if len(fits) > 1 else None


def _notices(
    plan: Plan, fits: Mapping[str, SemFit], comparison: Comparison | None, moves: Dynamics, apart: bool
) -> list[Notice]:
    notices = [] if apart else [Notice("carry_over.between_customers")]
    if comparison is not None:
        notices += list(comparison.warnings)
        tests = comparison.table.set_index("model")["pvalue"]
        if "free" in fits and tests.get("equal", 1.0) < 0.05:
            notices.append(Notice("carry_over.not_equal", serious=True))
        if tests.get("no_carry_over", 0.0) >= 0.05:
            notices.append(Notice("carry_over.none_needed"))
    if spectral_radius(moves) >= 1:
        notices.append(Notice("carry_over.explosive", serious=True))
    return notices


def spectral_radius(moves: Dynamics) -> float:
    """The largest modulus of A's eigenvalues: below 1 shocks die out.

    Examples
    --------
    >>> from cxlab.journey.carry_over_model import Path
    >>> one = Dynamics(("a",), (Path("a", "a", "stability", "s_1"),), np.array([0.6]), np.eye(1), np.ones(1))
    >>> float(spectral_radius(one))
    0.6
    """
    place = {name: k for k, name in enumerate(moves.names)}
    b = np.zeros((2, len(place), len(place)))
    for path, value in zip(moves.paths, moves.values, strict=True):
        b[path.lag, place[path.outcome], place[path.cause]] = value
    return float(np.abs(np.linalg.eigvals(np.linalg.inv(np.eye(len(place)) - b[0]) @ b[1])).max())


def _distinct(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    return tuple({(one.key, str(one)): one for one in notices}.values())
