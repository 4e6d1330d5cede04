"""`cx.acsi`: a satisfaction index from 0 to 100, of the type of the American Customer Satisfaction Index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from cxlab.analyses.items import chosen_items
from cxlab.analyses.pls_result import PlsFit
from cxlab.analyses.unpack import numeric_columns
from cxlab.analyses.weights import Weights
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice, ScaleError
from cxlab.i18n import LANGUAGES, pick
from cxlab.i18n.shown import Shown
from cxlab.metrics.answers import Answers, rows_used, source_told
from cxlab.metrics.measure import How, Metric, RatingMethod, measure, measure_options
from cxlab.metrics.points import Scale, asked_scale
from cxlab.metrics.result import MetricResult
from cxlab.metrics.tally import FloatArray, Score
from cxlab.survey.survey import Survey, as_survey

ItemWeights: TypeAlias = str | Mapping[str, float] | Sequence[float] | PlsFit


def acsi(
    items: str | Sequence[str] | None = None,
    *,
    data: Survey | pd.DataFrame,
    item_weights: ItemWeights = "equal",
    outcome: str | None = None,
    group: str | None = None,
    weights: Weights | None = None,
    level: float = 0.95,
    method: RatingMethod = "standard",
    scale: Sequence[float] | None = None,
    n_boot: int = 2000,
    seed: int | None = None,
) -> MetricResult:
    """An index from 0 to 100 of several satisfaction questions, as the American Customer Satisfaction Index forms it.

    When to use it: overall satisfaction, expectations met and nearness to the ideal, each from 1 to 10. The published
    index takes its weights from a model of causes and consequences; with equal weights it is the simple version.

    Parameters
    ----------
    items : construct's name or list of str
        The questions, high answers being good; by default the items of the construct called satisfaction.
    data : Survey or DataFrame
        One row a respondent; rows complete in all items are used.
    item_weights : "equal", "regression", mapping, list or PlsFit
        What each question counts: the same; its coefficient in a regression of `outcome` on all of them; numbers of
        yours; or the outer weights of a fitted path model in which they are indicators of one construct.
    outcome : str, optional
        For ``"regression"``: the column to predict, such as the intention to stay.
    group, weights, level
        As for `nps`; `weights` are survey weights.
    method : {"standard", "bootstrap"}
        t interval with the item weights taken as known; or percentile bootstrap of the respondents, which estimates
        regression weights anew each time.
    scale : (low, high), optional
        Ends of the questions' scale; by default the codebook's.
    n_boot, seed : int
        Of the bootstrap.

    Returns
    -------
    MetricResult
        As `nps`, with the row index. ``.item_weights`` holds the weights, which sum to one.

    Raises
    ------
    DataError
        Unknown or constant columns, fewer than two items, weights that are negative, of another number or unknown, a
        regression without an outcome.
    ScaleError
        Items without a known scale, on different scales, or answers outside it.

    Notes
    -----
    ``100 (Σ w x̄ - Σ w min) / Σ w (max - min)`` (Fornell et al., 1996). Weights of a path model are divided by the
    items' standard deviations, because they belong to standardised items.

    Examples
    --------
    >>> import cxlab as cx
    >>> round(cx.acsi(["CUSA1", "CUSA2", "CUSA3"], data=cx.load_dataset("ecsi_mobile")).estimate, 2)
    71.97
    """
    if isinstance(weights, str | Mapping) and (isinstance(weights, Mapping) or weights in ("equal", "regression")):
        raise DataError("metrics.acsi_weights")
    how = measure_options(level, method, n_boot, seed)
    survey = as_survey(data)
    names, turned = _items(survey, items)
    if turned:
        survey = survey.reverse_scored()
    wanted = [*names, outcome] if item_weights == "regression" and outcome else names
    frame, notices = numeric_columns(survey, wanted)
    ends = _ends(survey, names, frame, scale, isinstance(data, Survey))
    used = rows_used(survey, frame, weights, group)
    told = [*source_told(survey, weights), *notices, *used.notices]
    if turned:
        told.append(Notice("analyses.reversed_turned", {"items": ", ".join(turned)}))
    told += _against(used.frame[names])
    share, fixed = _shares(item_weights, used.frame, names, outcome, used.weights)
    index = 100 * (used.frame[names].to_numpy() @ share - ends[0]) / (ends[1] - ends[0])
    rows = pd.Series(np.round(index, 10), used.frame.index)
    answers = used.answers(survey, rows, ", ".join(names), tuple(told), group)
    works = ("fornell_1996", *(("davison_hinkley_1997",) if method == "bootstrap" else ()))
    metric = Metric("acsi", _SCORES, "index", "higher", (0.0, 100.0), references=works)
    redo = None if fixed else (used.frame, names, ends)
    return _finished(metric, answers, how, pd.Series(share, names, name="weight"), redo, _label(survey, names))


_SCORES = (Score("index", "mean", lambda value: value),)


def _items(survey: Survey, items: str | Sequence[str] | None) -> tuple[list[str], list[str]]:
    """The questions, and those among them that the codebook calls reversed."""
    book = survey.codebook
    asked = "satisfaction" if items is None and "satisfaction" in book.constructs else items
    names = list(book.items_of(asked)) if isinstance(asked, str) and asked in book.constructs else None
    if names is None:
        if asked is None:
            raise DataError("metrics.acsi_items")
        names = [nfc(str(name)) for name in chosen_items(survey, asked, guessed=False)[0]]
    if len(names) < 2:
        raise DataError("metrics.acsi_one", items=", ".join(names))
    return names, [name for name in names if name in book.items and book.items[name].reversed]


def _ends(survey: Survey, names: list[str], frame: pd.DataFrame, scale: Sequence[float] | None, trusted: bool) -> Scale:
    ends = asked_scale(scale)
    if ends is None:
        book = survey.codebook.items
        known = {(book[name].min, book[name].max) for name in names if trusted and name in book}
        if len(known) > 1:
            raise ScaleError("metrics.acsi_scales", items=", ".join(names))
        low, high = next(iter(known), (None, None))
        if low is None or high is None:
            raise ScaleError("metrics.acsi_no_scale", items=", ".join(names))
        ends = float(low), float(high)
    outside = frame[names].lt(ends[0]) | frame[names].gt(ends[1])
    if outside.to_numpy().any():
        item = outside.any().idxmax()
        rows = ", ".join(str(row) for row in outside.index[outside[item]][:3])
        values = {"column": item, "count": int(outside[item].sum()), "where": f"{Notice('analyses.row')} {rows}"}
        raise ScaleError("metrics.outside_scale", low=Shown(ends[0], 0), high=Shown(ends[1], 0), **values)
    return ends


def _shares(
    item_weights: Any, frame: pd.DataFrame, names: list[str], outcome: str | None, mass: FloatArray | None
) -> tuple[FloatArray, bool]:
    """Weights that sum to one, and whether they are fixed rather than estimated here."""
    if isinstance(item_weights, str):
        if item_weights == "equal":
            return np.full(len(names), 1 / len(names)), True
        if item_weights != "regression":
            known = "equal, regression"
            raise DataError("analyses.unknown_option", option="item_weights", value=item_weights, known=known)
        if outcome is None or outcome in names:
            raise DataError("metrics.acsi_outcome")
        return _positive(_slopes(frame[names].to_numpy(), frame.iloc[:, -1].to_numpy(), mass), names), False
    if isinstance(item_weights, PlsFit):
        return _positive(_outer(item_weights, frame, names), names), True
    if isinstance(item_weights, Mapping):
        lacking = [name for name in names if name not in item_weights]
        if lacking or len(item_weights) != len(names):
            raise DataError("metrics.acsi_named", items=", ".join(names))
        item_weights = [item_weights[name] for name in names]
    try:
        given = np.asarray(list(item_weights), dtype=float)
    except (TypeError, ValueError):
        raise DataError("metrics.acsi_number", given="–", items=len(names)) from None
    if given.shape != (len(names),):
        raise DataError("metrics.acsi_number", given=len(given), items=len(names))
    return _positive(given, names), True


def _positive(given: FloatArray, names: list[str]) -> FloatArray:
    if not np.isfinite(given).all() or (given < 0).any() or not given.sum() > 0:
        bad = [f"{name} ({value:.3g})" for name, value in zip(names, given, strict=True) if not value >= 0]
        raise DataError("metrics.acsi_negative", items=", ".join(bad) or ", ".join(names))
    return given / given.sum()


def _slopes(x: FloatArray, y: FloatArray, mass: FloatArray | None) -> FloatArray:
    """Coefficients of a linear regression with intercept."""
    root = np.ones(len(y)) if mass is None else np.sqrt(mass)
    design = np.column_stack([np.ones(len(y)), x]) * root[:, None]
    return np.asarray(np.linalg.lstsq(design, y * root, rcond=None)[0][1:])


def _outer(fit: PlsFit, frame: pd.DataFrame, names: list[str]) -> FloatArray:
    table = fit.weights
    own = table[table["item"].isin(names)]
    constructs = list(dict.fromkeys(own["construct"]))
    if len(constructs) != 1 or set(own["item"]) != set(names):
        raise DataError("metrics.acsi_pls", items=", ".join(names))
    weight = own.set_index("item")["weight"].loc[names].to_numpy(float)
    return np.asarray(weight / frame[names].std().to_numpy())


def _against(frame: pd.DataFrame) -> list[Notice]:
    """Told of questions that run against the others: an index of them cancels out what it should measure."""
    found = []
    for name in frame:
        others = frame.drop(columns=name).mean(axis=1)
        r = float(np.corrcoef(frame[name], others)[0, 1]) if np.ptp(frame[name]) and np.ptp(others) else 0.0
        if r < 0:
            values = {"item": name, "r": Shown(r, 2, bounded=True)}
            found.append(Notice("metrics.acsi_against", values, serious=True))
    return found[:1] if frame.shape[1] == 2 else found


def _label(survey: Survey, names: list[str]) -> dict[str, str]:
    book = survey.codebook
    owners = {book.items[name].construct if name in book.items else None for name in names}
    owner = next(iter(owners))
    label = book.constructs[owner].label if len(owners) == 1 and owner and owner in book.constructs else None
    return {lang: pick(label, lang) if label else ", ".join(names) for lang in LANGUAGES}


def _finished(
    metric: Metric, answers: Answers, how: How, share: pd.Series, redo: Any, label: Mapping[str, str]
) -> MetricResult:
    drawn = None if redo is None or how.method != "bootstrap" else _redone(answers, how, *redo)
    found = measure(metric, answers, how, drawn)
    notices = list(found.notices)
    if redo is not None and drawn is None:
        notices.append(Notice("metrics.acsi_known_weights", serious=True))
    return MetricResult(
        table=found.table,
        differences=found.differences,
        counts=pd.DataFrame(),
        warnings=(*answers.notices, *notices),
        metric=metric,
        answers=answers,
        how=how,
        label=label,
        item_weights=share,
        references=metric.references,
    )


def _redone(answers: Answers, how: How, frame: pd.DataFrame, names: list[str], ends: Scale) -> dict[Any, FloatArray]:
    """The index of resampled respondents, with weights estimated anew from all of them."""
    from cxlab.resample.draws import RandomDraws

    x, y = frame[names].to_numpy(), frame.iloc[:, -1].to_numpy()
    mass = np.ones(len(frame)) if answers.weights is None else answers.weights.to_numpy()
    member = {key: np.ones(len(frame)) if key == "" else (answers.groups == key).to_numpy(float)  # type: ignore[union-attr]
              for key in answers.parts}  # fmt: skip
    found: dict[Any, list[list[float]]] = {key: [] for key in member}
    draws = RandomDraws(how.n_boot, (len(frame),), how.seed)
    for place in range(how.n_boot):
        weight = draws.counts(place, place + 1)[0][0] * mass
        slopes = _slopes(x, y, weight)
        share = slopes / slopes.sum()
        index = 100 * (x @ share - ends[0]) / (ends[1] - ends[0])
        for key, own in member.items():
            total = float((weight * own).sum())
            found[key].append([float((weight * own) @ index / total) if total > 0 else np.nan])
    return {key: np.array(values) for key, values in found.items()}
