"""What a necessity analysis looks at: columns or construct scores, complete rows, and the scope of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from cxlab.analyses.pls_flat import flat
from cxlab.analyses.pls_performance import Ends, doubts, performance_scores
from cxlab.analyses.pls_result import PlsFit
from cxlab.analyses.result import Text
from cxlab.analyses.sem_request import reversed_items
from cxlab.analyses.unpack import check_names, constant_columns, numeric_columns, outside_scale, source_notices
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, ModelError, Notice
from cxlab.estimate.ceiling import Scope
from cxlab.survey.survey import Survey, as_survey

Asked = Literal["empirical", "theoretical"] | Mapping[str, tuple[float, float]]


@dataclass(frozen=True, eq=False)
class CeilingData:
    """Outcome and conditions on complete rows.

    Attributes
    ----------
    frame : DataFrame (n, 1 + conditions)
        Index: the rows' numbers.
    known : dict of name to (lowest, highest) possible value
        Where these are known.
    ends : dict of name to (low, high)
        The scope in use.
    fixed : frozenset of str
        Columns whose ends are not those of the answers.
    """

    outcome: str
    conditions: tuple[str, ...]
    frame: pd.DataFrame
    known: Mapping[str, tuple[float, float]]
    ends: Mapping[str, tuple[float, float]]
    labels: Mapping[str, Text]
    notices: tuple[Notice, ...]
    fixed: frozenset[str] = frozenset()

    def scope(self, condition: str) -> Scope:
        """The rectangle of a condition and the outcome."""
        return Scope(*self.ends[condition], *self.ends[self.outcome])


def ceiling_data(
    outcome: str,
    conditions: str | Sequence[str] | None,
    data: Survey | pd.DataFrame | PlsFit,
    scope: Asked,
    pls_ends: Ends | None = None,
) -> CeilingData:
    """The columns or scores asked for, or an error that says what stands in the way."""
    names = [conditions] if isinstance(conditions, str) else list(conditions or ())
    names = [nfc(str(name)) for name in names]
    if outcome in names:
        raise DataError("nca.outcome_is_condition", name=outcome)
    if isinstance(data, PlsFit):
        found = _from_fit(nfc(outcome), names, data, pls_ends)
    else:
        if not names:
            raise DataError("nca.no_conditions")
        found = _from_survey(nfc(outcome), names, data)
    seen, given = seen_ends(found.frame), _given_ends(found, scope)
    for name, (low, high) in given.items():
        least, most = seen[name]
        if least < low - 1e-9 or most > high + 1e-9:
            raise DataError("nca.outside_scope", name=name, low=low, high=high, least=least, most=most)
    return replace(found, ends={**seen, **given}, fixed=frozenset(given))


def _from_survey(outcome: str, names: list[str], data: Survey | pd.DataFrame) -> CeilingData:
    survey = as_survey(data)
    own = [nfc(str(column)) for column in survey.frame.columns]
    scored = [name for name in (outcome, *names) if name not in own and name in survey.codebook.constructs]
    inside = {item for name in scored for item in survey.codebook.items_of(name)}
    shared = [name for name in (outcome, *names) if name in inside]
    if shared:
        raise DataError("nca.item_of_construct", items=", ".join(shared))
    wide = survey.with_scores(constructs=scored) if scored else survey
    frame, told = numeric_columns(wide, [outcome, *names])
    book = wide.codebook
    labels = {name: item.label for name, item in book.items.items() if item.label and name in frame}
    stated = isinstance(data, Survey)  # the codebook of a plain table is a guess
    ends = {name: _survey_ends(survey, name, name in scored) for name in frame if stated}
    known = {name: pair for name, pair in ends.items() if pair is not None}
    turned = reversed_items(survey, [name for name in frame if name not in scored])
    notices = (*source_notices(survey), *turned, *outside_scale(survey, frame), *told)
    return CeilingData(outcome, tuple(names), frame, known, {}, labels, notices)


def _survey_ends(survey: Survey, name: str, scored: bool) -> tuple[float, float] | None:
    """Ends of the answer scale by the codebook; of a mean score the mean of its items' ends."""
    parts = survey.codebook.items_of(name) if scored else [name]
    items = [survey.codebook.items.get(part) for part in parts]
    ends = [(item.min, item.max) for item in items if item is not None and item.min is not None]
    pairs = [(float(low), float(high)) for low, high in ends if low is not None and high is not None]
    if not pairs or len(pairs) < len(parts):
        return None
    low, high = np.mean(pairs, axis=0)
    return float(low), float(high)


def _from_fit(outcome: str, names: list[str], fit: PlsFit, pls_ends: Ends | None) -> CeilingData:
    fit.need_rows("cx.nca")
    fit = flat(fit, "cx.nca")
    known = [*fit.model.constructs, *(item for item in fit.model.items if item not in fit.model.constructs)]
    for name in (outcome, *names):
        if name not in known:
            hint = did_you_mean(str(name), known)
            raise ModelError("pls.unknown_target", name=name, hint=hint, known=", ".join(known))
    if not names:
        names = _leading_to(fit, outcome)
    found = performance_scores(fit, pls_ends)
    columns = pd.concat(
        [found.constructs, found.items.drop(columns=list(fit.model.constructs), errors="ignore")], axis=1
    )
    once = columns.loc[:, ~columns.columns.duplicated()]  # repeated indicators
    frame = once[list(check_names(once, [outcome, *names]))].copy()
    constant_columns(frame)
    ends = dict.fromkeys(frame, (0.0, 100.0)) if found.rescaled else {}
    places = np.array([fit.model.constructs.index(name) for name in frame if name in fit.model.constructs])
    notices = doubts(fit, found, places, pls_ends)
    return CeilingData(outcome, tuple(names), frame, ends, {}, fit.labels, tuple(notices))


def _leading_to(fit: PlsFit, outcome: str) -> list[str]:
    """The constructs with a route to the outcome."""
    places = fit.model.constructs
    reaches = fit._reaches()[:, places.index(outcome)] if outcome in places else np.zeros(0, dtype=bool)
    if not reaches.any():
        raise ModelError("nca.nothing_leads", name=outcome)
    return [places[source] for source in np.flatnonzero(reaches)]


def seen_ends(frame: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Lowest and highest value of each column.

    Examples
    --------
    >>> seen_ends(pd.DataFrame({"a": [3.0, 1.0]}))
    {'a': (1.0, 3.0)}
    """
    return {name: (float(frame[name].min()), float(frame[name].max())) for name in frame}


def _given_ends(data: CeilingData, scope: Asked) -> dict[str, tuple[float, float]]:
    """Ends that the codebook or the caller states."""
    if isinstance(scope, Mapping):
        unknown = [name for name in scope if name not in data.frame]
        if unknown:
            raise DataError("nca.scope_unknown", names=", ".join(unknown), known=", ".join(data.frame))
        return {name: _pair(name, ends) for name, ends in scope.items()}
    if scope == "empirical":
        return {}
    if scope != "theoretical":
        known = "empirical, theoretical, {name: (low, high)}"
        raise DataError("analyses.unknown_option", option="scope", value=scope, known=known)
    lacking = [name for name in data.frame if name not in data.known]
    if lacking:
        raise DataError("nca.scope_lacking", names=", ".join(lacking), example=lacking[0])
    return dict(data.known)


def _pair(name: str, ends: object) -> tuple[float, float]:
    try:
        low, high = (float(end) for end in ends)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise DataError("nca.scope_pair", name=name) from None
    if not low < high:
        raise DataError("nca.scope_pair", name=name)
    return low, high
