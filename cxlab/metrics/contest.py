"""`cx.compare_metrics`: which feedback metric, in which form, alone or with others, predicts an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level, numeric_columns, outside_scale, source_notices
from cxlab.analyses.validity_htmt import seed_of
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.i18n import LANGUAGES
from cxlab.metrics.answers import reversed_left
from cxlab.metrics.contest_design import TRANSFORMS, Contestant, Transform, contestants
from cxlab.metrics.contest_fit import Family, Losses, corrected_interval, fitted, out_of_sample, splits
from cxlab.metrics.contest_result import MetricContest
from cxlab.metrics.contest_verdicts import ROLES, Comparison, Role, conclusions
from cxlab.metrics.points import Scale
from cxlab.metrics.tally import FloatArray
from cxlab.survey.survey import Survey, as_survey

Metrics: TypeAlias = Sequence[str] | Mapping[str, str | Sequence[str]]
MODEL_COLUMNS = ["model", "metrics", "transform", "n_columns", "score", "ci_lower", "ci_upper", "loss", "auc", "r2",
                 "aic", "delta_aic"]  # fmt: skip
_WORDS: Mapping[str, Role] = {
    "csat": "csat", "satisfaction": "csat", "acsi": "csat", "nps": "nps", "recommend": "nps", "ces": "narrow",
    "effort": "narrow", "ease": "narrow", "narrow": "narrow", "complaints": "narrow",
}  # fmt: skip
_MIN_ROWS = 20


@dataclass(frozen=True, eq=False)
class Field:
    """What is compared: outcome (n,), metrics by name (n,), their scales and roles, weights (n,)."""

    outcome: FloatArray
    values: Mapping[str, FloatArray]
    scales: Mapping[str, Scale]
    roles: Mapping[str, Role]
    weights: FloatArray
    weighted: bool
    family: Family


def compare_metrics(
    outcome: str,
    metrics: Metrics,
    data: Survey | pd.DataFrame,
    *,
    transforms: Sequence[Transform] = TRANSFORMS,
    combinations: bool = True,
    roles: Mapping[str, Role] | None = None,
    top: int = 2,
    folds: int = 10,
    repeats: int = 10,
    seed: int | None = None,
    smallest: float = 0.02,
    weights: Weights | None = None,
    family: Literal["auto", "numeric", "binary"] = "auto",
    level: float = 0.95,
    assignment: np.ndarray | None = None,
) -> MetricContest:
    """Which metric or combination, as it is or transformed, predicts the outcome of customers not seen before?

    When to use it: an outcome that matters (retention, spending, at least an intention) and feedback metrics of the
    same customers. Answers of one questionnaire show the machinery and flatter whatever was asked alike.

    Parameters
    ----------
    outcome : str
        A column: numbers, or two values (then logistic regression and log loss).
    metrics : list of str, or mapping of name to column or columns
        The contestants. Several columns of one metric are averaged. The names csat, nps and ces (also satisfaction,
        recommend, effort, ease, complaints) say what a metric is; else say it with `roles`.
    data : Survey or DataFrame
        One row a customer; rows complete in all columns are used.
    transforms : sequence of {"linear", "top_box", "quadratic", "spline", "groups"}
        Forms of each metric: as it is; the `top` best answers against the rest; with its square; a restricted cubic
        spline; promoters, passives and detractors (for NPS alone).
    combinations : bool
        Also several metrics together.
    roles : mapping of metric to {"csat", "nps", "narrow", "other"}, optional
        What each metric is; the four conclusions need it.
    top : int
        Answers in the top box.
    folds, repeats : int
        Of the repeated cross-validation; the same parts for all contestants, by class for an outcome of two values.
    seed : int, optional
        Of the parts; without it one is drawn and reported.
    smallest : float
        The smallest difference of interest, as a share of the outcome's variation predicted: 0.02 means that two
        metrics closer than 2% of the variance (or log loss) count as equal.
    weights : column name or sequence, optional
        Survey weights, for fitting and for judging.
    family : {"auto", "numeric", "binary"}
        What the outcome is; by default binary if it has two values.
    level : float
        Confidence level, between 0 and 1.
    assignment : int array (repeats, n), optional
        Fold numbers from elsewhere, instead of random ones.

    Returns
    -------
    MetricContest
        ``.table`` (one row a contestant, best first): model metrics transform n_columns score (cross-validated R², or
        share of log loss removed) ci_lower ci_upper loss auc r2 (in sample) aic delta_aic. ``.differences`` from the
        best. ``.conclusions``: number conclusion first second difference ci_lower ci_upper smallest verdict. Also
        ``.difference(first, second)``.

    Raises
    ------
    DataError
        An outcome with one value, or too few of a class; the outcome among the metrics; constant, unknown or
        non-numeric columns; fewer than 20 rows; unknown options.

    Notes
    -----
    score = (loss of the training mean - loss) / mean loss of the training mean, split by split; differences likewise,
    with the corrected resampled t interval of Nadeau and Bengio (2003). A conclusion is "supported" where the
    interval lies beyond `smallest` (for the first: within ± `smallest`), "not supported" where it lies on the other
    side, else "undecided"; conclusion 2 looks at many transforms and so uses Bonferroni's level. AIC as R's
    ``AIC(lm(...))``, for unweighted data.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.compare_metrics("CUSL1", {"csat": "CUSA1", "nps": "CUSL3"}, cx.load_dataset("ecsi_mobile"),
    ...                         transforms=["linear"], combinations=False, repeats=2, seed=1)
    >>> found.table["model"].tolist()
    ['nps: linear', 'csat: linear']
    """
    check_level(level)
    forms = _forms(transforms)
    survey = as_survey(data)
    field, notices = _field(survey, outcome, metrics, roles, weights, family, isinstance(data, Survey))
    net = [name for name, role in field.roles.items() if role == "nps"]
    rivals, without = contestants(field.values, field.scales, forms, net, combinations, top)
    drawn = seed_of(seed)
    if seed is None and assignment is None:
        notices.append(Notice("resample.seed_drawn", {"seed": drawn}))
    parts = _assignments(field, folds, repeats, drawn, assignment)
    losses, scores = _scores(field, rivals, parts)
    comparison = Comparison(tuple(rivals), scores, 1 / int(parts.max()), level, smallest, field.roles)
    table = _table(field, rivals, losses, comparison)
    return MetricContest(
        table=table,
        differences=comparison.from_best(table["model"].iloc[0]),
        conclusions=conclusions(comparison),
        warnings=(*notices, *_left(without), *_notices(field)),
        comparison=comparison,
        outcome=nfc(outcome),
        family=field.family,
        n=len(field.outcome),
        folds=int(parts.max()) + 1,
        repeats=len(parts),
        seed=drawn if assignment is None else None,
        level=level,
        smallest=smallest,
        labels=_labels(survey, outcome, metrics),
    )


def _scores(field: Field, rivals: Sequence[Contestant], parts: np.ndarray) -> tuple[list[Losses], FloatArray]:
    """Losses of each contestant, and the share of the training mean's loss that it saves, split by split."""
    left = splits(parts)
    own = (field.outcome, left, field.weights, field.family)
    losses = [out_of_sample(one.columns, *own) for one in rivals]
    null = out_of_sample(np.empty((len(field.outcome), 0)), *own)
    return losses, np.array([(null.loss - one.loss) / null.loss.mean() for one in losses])


def _left(without: Sequence[tuple[str, Transform, str]]) -> list[Notice]:
    return [
        Notice("metrics.form_left", {"metric": name, "form": form, "why": Notice(f"metrics.why_{why}")})
        for name, form, why in without
    ]


def _forms(transforms: Sequence[str]) -> list[Transform]:
    forms = [transforms] if isinstance(transforms, str) else list(transforms)
    unknown = [form for form in forms if form not in TRANSFORMS]
    if unknown or not forms:
        known = ", ".join(TRANSFORMS)
        raise DataError("analyses.unknown_option", option="transforms", value=", ".join(map(str, unknown)), known=known)
    return ["linear", *(form for form in dict.fromkeys(forms) if form != "linear")]  # type: ignore[list-item]


def _field(
    survey: Survey, outcome: str, metrics: Metrics, roles: Any, weights: Weights | None, family: str, trusted: bool
) -> tuple[Field, list[Notice]]:
    columns = named_columns(metrics)
    outcome = nfc(str(outcome))
    if any(outcome in own for own in columns.values()):
        raise DataError("metrics.outcome_among", outcome=outcome)
    wanted = list(dict.fromkeys([outcome, *(name for own in columns.values() for name in own)]))
    frame, notices = numeric_columns(survey, wanted, constant="allow", min_rows=_MIN_ROWS)
    if frame[outcome].nunique() < 2:
        raise DataError("metrics.outcome_constant", outcome=outcome, n=len(frame))
    frame, _ = numeric_columns(survey, wanted, min_rows=_MIN_ROWS)
    mass, said = survey_weights(survey, weights, frame.index)
    if mass is not None and (mass == 0).any():
        frame, mass = frame[mass > 0], mass[mass > 0]
    y, kind = _outcome(frame[outcome].to_numpy(float), outcome, family)
    source = [one for one in source_notices(survey) if weights is None or one.key != "analyses.weights_unused"]
    field = Field(
        y,
        {name: frame[own].to_numpy(float).mean(axis=1) for name, own in columns.items()},
        {name: _scale(survey, frame, own, trusted) for name, own in columns.items()},
        _roles(columns, roles),
        np.ones(len(frame)) if mass is None else mass,
        mass is not None,
        kind,
    )
    told = [*outside_scale(survey, wanted), *reversed_left(survey, wanted)]
    return field, [*source, *told, *notices, *said]


def named_columns(metrics: Metrics) -> dict[str, list[str]]:
    """Columns of each metric by its name."""
    if isinstance(metrics, str):
        metrics = [metrics]
    items = metrics.items() if isinstance(metrics, Mapping) else [(name, name) for name in metrics]
    found = {nfc(str(name)): [nfc(str(one)) for one in ([own] if isinstance(own, str) else own)] for name, own in items}
    if not found or not all(found.values()):
        raise DataError("metrics.no_metrics")
    return found


def _outcome(values: FloatArray, name: str, family: str) -> tuple[FloatArray, Family]:
    if family not in ("auto", "numeric", "binary"):
        raise DataError("analyses.unknown_option", option="family", value=family, known="auto, numeric, binary")
    points = np.unique(values)
    if family == "numeric" or (family == "auto" and len(points) > 2):
        return values, "numeric"
    if len(points) != 2:
        raise DataError("metrics.outcome_not_binary", outcome=name, count=len(points))
    return (values == points[1]).astype(float), "binary"


def _scale(survey: Survey, frame: pd.DataFrame, columns: list[str], trusted: bool) -> Scale:
    book = survey.codebook.items
    ends = [(book[name].min, book[name].max) for name in columns if trusted and name in book]
    known = [(float(low), float(high)) for low, high in ends if low is not None and high is not None]
    own = frame[columns]
    return known[0] if known else (float(own.min().min()), float(own.max().max()))


def _roles(columns: Mapping[str, list[str]], given: Mapping[str, Role] | None) -> dict[str, Role]:
    found: dict[str, Role] = {name: _WORDS.get(name.casefold(), "other") for name in columns}
    for name, role in (given or {}).items():
        if nfc(str(name)) not in columns:
            raise DataError("metrics.role_of_nothing", metric=name, known=", ".join(columns))
        if role not in ROLES:
            raise DataError("analyses.unknown_option", option="roles", value=role, known=", ".join(ROLES))
        found[nfc(str(name))] = role
    return found


def _assignments(field: Field, folds: int, repeats: int, seed: int, given: np.ndarray | None) -> np.ndarray:
    rows = len(field.outcome)
    if given is not None:
        parts = np.atleast_2d(np.asarray(given))
        if parts.shape[1] != rows:
            raise DataError("pls.folds_length", given=parts.shape[1], rows=rows)
        return np.array([np.unique(own, return_inverse=True)[1] for own in parts])
    for name, value, least in (("folds", folds, 2), ("repeats", repeats, 1)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise DataError("resample.whole_number", name=name, value=value, least=least)
    fewest = rows // 2 if field.family == "numeric" else int(min(field.outcome.sum(), rows - field.outcome.sum()))
    if folds > fewest:
        key = "metrics.folds_many" if field.family == "numeric" else "metrics.rare_class"
        raise DataError(key, folds=folds, fewest=fewest)
    random = np.random.default_rng(seed)
    return np.array([_one_assignment(field, folds, random) for _ in range(repeats)])


def _one_assignment(field: Field, folds: int, random: np.random.Generator) -> np.ndarray:
    """Fold numbers of one repeat; both classes of a binary outcome are dealt out evenly."""
    if field.family == "numeric":
        return random.permutation(np.arange(len(field.outcome)) % folds)
    parts = np.empty(len(field.outcome), dtype=int)
    start = 0
    for value in (0.0, 1.0):
        rows = np.flatnonzero(field.outcome == value)
        parts[random.permutation(rows)] = (start + np.arange(len(rows))) % folds
        start += len(rows)
    return parts


def _table(
    field: Field, rivals: Sequence[Contestant], losses: Sequence[Losses], comparison: Comparison
) -> pd.DataFrame:
    rows = []
    for one, lost, own in zip(rivals, losses, comparison.scores, strict=True):
        score = corrected_interval(own, comparison.ratio, comparison.level)
        area = float(np.nanmean(lost.auc)) if field.family == "binary" else np.nan
        names = (one.name, " + ".join(one.metrics), one.transform, one.columns.shape[1])
        rows.append((*names, *score, float(lost.loss.mean()), area, *_in_sample(field, one), np.nan))
    table = pd.DataFrame(rows, columns=MODEL_COLUMNS).sort_values("score", ascending=False, ignore_index=True)
    return table.assign(delta_aic=table["aic"] - table["aic"].min())


def _in_sample(field: Field, one: Contestant) -> tuple[float, float]:
    """R² (or share of deviance) in the sample, and AIC without survey weights."""
    y, w = field.outcome, field.weights
    guess = fitted(one.columns, y, w, field.family)
    mean, n = np.average(y, weights=w), len(y)
    rank = np.linalg.matrix_rank(np.column_stack([np.ones(n), one.columns]))
    if field.family == "numeric":
        rss = float((w * (y - guess) ** 2).sum())
        aic = n * (np.log(2 * np.pi * rss / n) + 1) + 2 * (rank + 1)
        r2 = 1 - rss / float((w * (y - mean) ** 2).sum())
    else:
        guess = np.clip(guess, 1e-12, 1 - 1e-12)
        ll, null = (float((w * (y * np.log(g) + (1 - y) * np.log1p(-g))).sum()) for g in (guess, np.full(n, mean)))
        r2, aic = 1 - ll / null, -2 * ll + 2 * rank
    return r2, np.nan if field.weighted else float(aic)


def _notices(field: Field) -> list[Notice]:
    notices = [Notice("metrics.aic_weighted")] if field.weighted else []
    names = list(field.values)
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            if abs(np.corrcoef(field.values[first], field.values[second])[0, 1]) > 1 - 1e-9:
                notices.append(Notice("metrics.same_metric", {"first": first, "second": second}, serious=True))
    if len(field.outcome) < 100:
        notices.append(Notice("metrics.few_for_contest", {"n": len(field.outcome)}, serious=True))
    return notices


def _labels(survey: Survey, outcome: str, metrics: Metrics) -> dict[str, Any]:
    """The outcome's and each metric's question, or the columns it is made of."""
    book = survey.codebook.items
    found: dict[str, Any] = {}
    for name, own in [(nfc(str(outcome)), [nfc(str(outcome))]), *named_columns(metrics).items()]:
        label = book[own[0]].label if len(own) == 1 and own[0] in book else None
        found[name] = label or dict.fromkeys(LANGUAGES, ", ".join(own))
    return found
