"""`cx.simulate`: a survey whose true model is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from cxlab.codebook import Codebook
from cxlab.i18n import tr
from cxlab.specify import Model
from cxlab.study.simulation.careless import answer_carelessly, answer_checks, durations, who
from cxlab.study.simulation.draw import Responses, Streams, respond
from cxlab.study.simulation.from_fit import population_of_fit, scales_of_fit
from cxlab.study.simulation.gaps import make_gaps
from cxlab.study.simulation.options import Careless, MethodFactor, Missing
from cxlab.study.simulation.plan import Plan, ends_of, read_plan
from cxlab.study.simulation.scales import Points
from cxlab.survey.step import Step
from cxlab.survey.survey import Survey

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit


def simulate(
    model: str | Model | SemFit,
    n: int | Mapping[str, int],
    seed: int,
    *,
    codebook: Codebook | None = None,
    standardized: bool = False,
    group: str = "group",
    points: Points | Mapping[str, Points] | None = None,
    thresholds: Sequence[float] | Mapping[str, Sequence[float]] | None = None,
    shares: Sequence[float] | Mapping[str, Sequence[float]] | None = None,
    skew: float | Mapping[str, float] = 0.0,
    nonnormal: tuple[float, float] | Mapping[str, tuple[float, float]] | None = None,
    method_factor: MethodFactor | Mapping[str, Any] | float | None = None,
    careless: Careless | Mapping[str, Any] | float | None = None,
    missing: Missing | Mapping[str, Any] | Sequence[Missing | Mapping[str, Any]] | float | None = None,
    decimals: int | None = None,
) -> Survey:
    """Make a survey from a model whose true values you state: to plan a study, to teach, to try a method.

    When to use it: whenever the question is what an analysis would say if you knew the answer. Everything shown of the
    survey says that it is simulated; ``survey.codebook.truth`` holds the true model, and `simulated_truth` the scores
    behind the answers and who answered carelessly.

    Parameters
    ----------
    model : str, Model or SemFit
        lavaan text in which every loading, path and variance has its value (``SAT =~ 0.8*sat1 + 0.7*sat2``); with
        groups ``c(0.8, 0.6)*sat1``. Covariances and intercepts that are not stated are 0. A fitted model simulates
        from its estimates, ordinal items (``ordered=``) with its thresholds unless `points` or the like are given.
    n : int or mapping of str to int
        Respondents; or respondents by group, ``{"online": 200, "store": 150}``, in the order of ``c(...)``.
    seed : int
        0 or more. The same seed gives the same respondents.
    codebook : Codebook, optional
        Scales, wordings and constructs of the items. Items that it calls reversed are turned: the model text speaks of
        answers after ``survey.reverse_scored()``. Its attention checks and its duration column are used if `careless`
        asks for such.
    standardized : bool
        Set the variances that the text does not state so that every variable has variance 1; loadings and paths are
        then standardised ones.
    group : str
        Name of the column with the groups.
    points : int, (low, high), or mapping by item, optional
        Points of the answer scales: 5 gives 1 to 5, ``(0, 10)`` gives 0 to 10. Variables without points and without a
        scale in the codebook are continuous, in the model's units.
    thresholds : sequence of float, or mapping by item, optional
        Where answers change, in z units of the latent response: standard deviations of the first group, counted from
        its mean at latent means of 0. One less than there are points, rising.
    shares : sequence of float, or mapping by item, optional
        The thresholds by the share of respondents who give each answer, lowest first; they add up to 1.
    skew : float or mapping by item
        Skewness of the answers, where neither thresholds nor shares are given: equally spaced thresholds are moved
        until the answers have it. Satisfaction items often show -0.5 to -1.
    nonnormal : (skewness, excess kurtosis), or mapping by item, optional
        Shape of continuous variables, by Fleishman's polynomials as Vale and Maurelli (1983) join them; covariances
        stay as the model implies. Latent scores are then unknown.
    method_factor : MethodFactor, mapping or float, optional
        A factor shared by how items are asked; a number is its share of every item's variance.
    careless : Careless, mapping or float, optional
        Respondents who do not read, by kind, with attention checks and a duration; a number is their share.
    missing : MCAR, MAR, Routing, mapping, a sequence of these, or float, optional
        Missing answers; mappings name their ``mechanism``: ``{"mechanism": "mar", "share": 0.1, "depends_on": "age"}``.
        A number is the share of each item's answers that are missing completely at random.
    decimals : int, optional
        Digits of continuous variables.

    Returns
    -------
    Survey
        One row a respondent, groups one after the other. Columns: group, items in the codebook's order (else the
        model's) with attention checks among them, duration. Its codebook has ``kind="simulated"``, ``truth`` and
        ``simulation``.

    Raises
    ------
    ModelSyntaxError
        A term without a value, with its line; ``c(...)`` of the wrong length.
    ModelError
        A variance without value or below 0, covariance matrices that no data can have, an item that the codebook does
        not know.
    DataError
        Shares outside 0 to 1, thresholds out of order, unknown items, kinds or mechanisms, n below 1.

    Notes
    -----
    y = nu + Lambda eta + eps with eta = (I - B)^-1 (alpha + zeta), zeta ~ N(0, Psi), eps ~ N(0, Theta), cut at the
    thresholds. Every ingredient has its own stream of ``SeedSequence(seed)``: adding careless respondents or missing
    answers leaves the others' answers as they were. Answers on scales are the same on every machine with the same
    release of numpy; continuous variables to about 12 digits (use `decimals`). Without missing answers and groups
    equals ``lavaan::simulateData`` in distribution.

    Examples
    --------
    >>> truth = "SAT =~ 0.8*sat1 + 0.7*sat2 + 0.75*sat3; LOY =~ 0.8*loy1 + 0.7*loy2 + 0.7*loy3; LOY ~ 0.6*SAT"
    >>> survey = simulate(truth, 300, seed=7, standardized=True, points=7, skew=-0.6)
    >>> survey.data.shape, survey.simulated
    ((300, 6), True)
    >>> print(survey.codebook.truth.splitlines()[-1])
    LOY ~~ 0.64*LOY
    """
    given = {key: value for key, value in locals().items() if key not in ("model", "n", "seed")}
    if not isinstance(model, str | Model):
        text = population_of_fit(model, n)
        asked = any(value is not None for value in (points, thresholds, shares))
        return run(read_plan(text, n, seed, **(given if asked else given | scales_of_fit(model))))
    return run(read_plan(model, n, seed, **given))


@dataclass(frozen=True, eq=False)
class Run:
    """Everything that one simulation made.

    Attributes
    ----------
    answers : DataFrame
        As attentive respondents would have answered, complete, reversed items as the questionnaire shows them.
    responses : Responses
        Behind them; variables in the population's order.
    kinds : ndarray (n,)
        What each respondent does; "" for reading.
    frame : DataFrame
        What the analyst sees.
    """

    answers: pd.DataFrame
    responses: Responses
    kinds: np.ndarray
    frame: pd.DataFrame


def run(plan: Plan) -> Survey:
    """The survey of a checked plan."""
    made = make(plan)
    book = plan.codebook
    source = {"kind": "simulated", "format": tr("simulation.format", "en"), "rows": plan.n, "seed": plan.given["seed"]}
    note = tr("simulation.step", n=plan.n, seed=plan.given["seed"])
    return Survey(made.frame, book, steps=(Step("simulate", count=plan.n, note=note),), source=source)


def make(plan: Plan) -> Run:
    """What the plan's own seed gives."""
    return make_with(plan, Streams(int(plan.given["seed"])))


def make_with(plan: Plan, streams: Streams) -> Run:
    """Draw, answer, spoil: in this order."""
    drawn = answers(plan, streams)
    index = pd.RangeIndex(1, plan.n + 1, name="row")
    honest, given = (_typed(plan, pd.DataFrame(one, index, list(plan.names))) for one in (drawn.honest, drawn.given))
    extra: dict[str, Any] = dict(answer_checks(plan.checks, drawn.kinds, streams))
    if plan.population.groups:
        extra[plan.group] = np.array(plan.population.groups, dtype=object)[drawn.responses.group]
    if plan.careless is not None and plan.duration:
        extra[plan.duration] = durations(plan.careless, drawn.kinds, len(plan.names) + len(plan.checks), streams)
    frame = given.assign(**extra)[list(plan.columns)]
    if plan.missing:
        frame = make_gaps(Survey(frame, plan.codebook), plan.missing, plan.names, streams)
    return Run(honest, drawn.responses, drawn.kinds, frame)


class Answers(NamedTuple):
    """Answers as arrays, variables in the order of ``plan.names``; see `Run`."""

    responses: Responses
    kinds: np.ndarray
    honest: np.ndarray
    given: np.ndarray


def answers(plan: Plan, streams: Streams) -> Answers:
    """Complete answers: of attentive respondents, and as given."""
    responses = respond(plan.population, plan.sizes, streams, plan.method_part, plan.shapes)
    honest = as_answered(plan, responses)
    kinds = who(plan.careless, plan.n, streams)
    given = honest if plan.careless is None else answer_carelessly(honest, ends_of(plan), kinds, streams)
    return Answers(responses, kinds, honest, given)


def as_answered(plan: Plan, responses: Responses) -> np.ndarray:
    """What the questionnaire would show (n, p): cut at the thresholds, reversed items turned."""
    found = np.empty((plan.n, len(plan.names)))
    for column, name in enumerate(plan.names):
        at = plan.population.names.index(name)
        values = responses.values[:, at]
        if name in plan.scales:
            scale = plan.scales[name]
            chosen = scale.answers((values - plan.population.location[at]) / plan.population.spread[at])
            values = scale.low + scale.high - chosen if name in plan.turned else chosen
        elif plan.decimals is not None:
            values = np.round(values, plan.decimals)
        found[:, column] = values
    return found


def _typed(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    """Answers on scales as whole numbers."""
    return frame.astype(dict.fromkeys((name for name in frame if name in plan.scales), "int64"))
