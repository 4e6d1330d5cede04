"""What lies behind a simulated survey: scores, careless respondents, the answers before anything was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cxlab.codebook import Codebook, Item
from cxlab.errors import DataError
from cxlab.specify import Model
from cxlab.study.simulation.plan import OPTIONS, Plan, read_plan
from cxlab.study.simulation.simulate import make
from cxlab.survey.survey import Survey

DISTURBANCES = ("method_factor", "careless", "missing")


@dataclass(frozen=True, eq=False, repr=False)
class SimulatedTruth:
    """The truth behind a simulated survey, row by row; index ``row`` as in the survey.

    Attributes
    ----------
    model : str
        lavaan text with the true value of every parameter.
    options : mapping
        What else was simulated.
    scores : DataFrame or None
        True scores on the latent variables, in the model's units; None where the answers were not made from scores
        (``nonnormal``).
    method : Series or None
        Scores on the method factor.
    careless : Series of str
        What each respondent did instead of reading: "straight", "random", "midpoint", "fast", or "".
    answers : DataFrame
        Complete answers of attentive respondents, reversed items as the questionnaire shows them.
    """

    model: str
    options: Mapping[str, Any]
    scores: pd.DataFrame | None
    method: pd.Series | None
    careless: pd.Series
    answers: pd.DataFrame

    def __repr__(self) -> str:
        return self.model


def simulated_truth(survey: Survey) -> SimulatedTruth:
    """The truth behind a simulated survey, made again from its codebook.

    When to use it: to break the seal at the end of a lesson, to see whether screening found who was careless, to hold
    scores against true scores. The survey's own columns never hold any of it.

    Parameters
    ----------
    survey : Survey
        From `simulate`, or a simulated dataset with its codebook. Rows may be excluded, items turned, scores
        added; no item dropped.

    Returns
    -------
    SimulatedTruth
        ``model``, ``options``, ``scores``, ``method``, ``careless``, ``answers``.

    Raises
    ------
    DataError
        The survey is not simulated, its codebook does not say how, or its answers are not those that its codebook
        gives (changed by hand, or made by another release of numpy).

    Examples
    --------
    >>> from cxlab.study.simulation import simulate
    >>> survey = simulate("f =~ 0.8*a + 0.7*b + 0.6*c", 200, 3, standardized=True, points=5, careless=0.1)
    >>> truth = simulated_truth(survey)
    >>> int((truth.careless != "").sum()), list(truth.scores)
    (20, ['f'])
    """
    plan = plan_of(survey)
    made = make(plan)
    _check_same(survey, made.frame)
    rows, index = survey.frame.index, made.frame.index
    scores = made.responses.latent
    method = made.responses.method
    latent = list(plan.population.latent)
    return SimulatedTruth(
        model=plan.population.truth,
        options=dict(plan.given),
        scores=None if scores is None else pd.DataFrame(scores, columns=latent, index=index).loc[rows],
        method=None if method is None else pd.Series(method, index=index, name="method").loc[rows],
        careless=pd.Series(made.kinds, index=index, name="careless", dtype=object).loc[rows],
        answers=made.answers.loc[rows],
    )


def plan_of(survey: Survey, whole: bool = True) -> Plan:
    """The simulation that made a survey, from its codebook; entries that are no options of `simulate` are notes.

    Parameters
    ----------
    survey : Survey
    whole : bool
        True asks for every simulated item, as it takes to make the answers again. False is for moments of attentive
        answers: without what disturbs them, and items that were dropped do not matter.

    Raises
    ------
    DataError
        The survey is not simulated, its codebook does not say how, or items were dropped.
    """
    if not isinstance(survey, Survey) or not survey.simulated:
        raise DataError("simulation.not_simulated")
    book = survey.codebook
    if not book.truth or not {"n", "seed"} <= set(book.simulation):
        raise DataError("simulation.no_truth")
    model = Model.parse(book.truth)
    dropped = [name for name in model.variables.ov if name not in book.items]
    if dropped and whole:
        raise DataError("simulation.items_dropped", names=", ".join(dropped))
    options = {name: _kept(value, dropped) for name, value in book.simulation.items() if name in OPTIONS}
    if not whole:
        options = {name: value for name, value in options.items() if name not in DISTURBANCES}
    original = _original(survey, model.variables.lv, dropped)
    return read_plan(model, book.simulation["n"], book.simulation["seed"], codebook=original, **options)


def _kept(option: Any, dropped: Sequence[str]) -> Any:
    """An option by item, without the items that are gone."""
    if not dropped or not isinstance(option, Mapping):
        return option
    return {name: value for name, value in option.items() if name not in dropped}


def _original(survey: Survey, latent: Sequence[str], dropped: Sequence[str]) -> Codebook:
    """The codebook as it was: reversed items not yet turned, no construct scores among the columns."""
    book = survey.codebook
    items = {name: item for name, item in book.items.items() if name not in latent}
    items |= {name: replace(items[name], reversed=True) for name in survey.turned if name in items}
    items |= {name: Item(name) for name in dropped}
    return replace(book, items=items)


def _check_same(survey: Survey, frame: pd.DataFrame) -> None:
    """Raise a `DataError` if the survey holds other answers than its codebook's simulation gives."""
    own = survey.frame
    if not own.index.isin(frame.index).all():
        raise DataError("simulation.other_rows", rows=len(frame))
    for name in own.columns.intersection(frame.columns):
        one, other = own[name], frame.loc[own.index, name]
        if pd.api.types.is_numeric_dtype(one) and pd.api.types.is_numeric_dtype(other):
            item = survey.codebook.items[name]
            values = one.to_numpy(dtype=float, na_value=np.nan)
            if name in survey.turned and item.min is not None and item.max is not None:
                values = item.min + item.max - values
            same = np.allclose(values, other.to_numpy(dtype=float), rtol=1e-6, atol=1e-6, equal_nan=True)
        else:
            same = one.astype(str).tolist() == other.astype(str).tolist()
        if not same:
            raise DataError("simulation.other_answers", name=name)
