"""Events from a wide table: one row a customer, one column of ratings a touchpoint, in the order of the journey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_names, numeric_columns
from cxlab.errors import DataError
from cxlab.journey.coding import Coding, coding_of
from cxlab.journey.events_build import Options, Scale, finish, rating_problems, scale_of
from cxlab.journey.events_problems import Findings
from cxlab.journey.events_result import COLUMNS, Events
from cxlab.show.result import Text
from cxlab.survey.survey import Survey


def from_wide(
    survey: Survey,
    touchpoints: Sequence[str],
    stages: Mapping[str, str] | None,
    given: Mapping[str, str | None],
    options: Options,
) -> Events:
    """Events without time from ratings side by side."""
    stray = [role for role, name in given.items() if name is not None and role != "customer"]
    if stray:
        raise DataError("journey.wide_only", names=", ".join(f"{role}=" for role in stray))
    names = [touchpoints] if isinstance(touchpoints, str) else list(touchpoints)
    if len(names) < 2:
        raise DataError("journey.wide_one", names=", ".join(names) or "–")
    answers, _ = numeric_columns(survey, touchpoints, complete=False, constant="allow", min_rows=1)
    coding, place = _stages(survey, list(answers), stages, options)
    customer = given.get("customer")
    owners = pd.Series(answers.index, index=answers.index) if customer is None else _ids(survey, customer)
    found = Findings(numbers=np.repeat(answers.index.to_numpy(), len(answers.columns)))
    frame = _long(answers, owners, coding, place)
    scale = options.scale or _shared_scale(survey, list(answers))
    rating_problems(frame, scale, found)
    texts = {name: _label(survey, name) for name in answers}
    wide = replace(options, labels=texts | dict(options.labels))
    return finish(survey, frame, {"valence": "", "step": ""}, coding, scale, found, wide)


def _long(answers: pd.DataFrame, owners: pd.Series, coding: Coding, place: Mapping[str, str]) -> pd.DataFrame:
    """One row an event, a customer's events together."""
    k = len(answers.columns)
    frame = pd.DataFrame(
        {
            "customer": np.repeat(owners.to_numpy(), k),
            "time": np.nan,
            "stage": pd.Categorical(
                np.tile([place[name] for name in answers], len(answers)), list(coding.stages), ordered=True
            ),
            "touchpoint": np.tile(list(answers), len(answers)),
            "owner": None,
            "channel": None,
            "contact": None,
            "valence": answers.to_numpy().ravel(),
            "step": np.tile(np.arange(1.0, k + 1), len(answers)),
        }
    )
    return frame[list(COLUMNS)]


def _ids(survey: Survey, customer: str) -> pd.Series:
    ids = survey.frame[check_names(survey.frame, [customer])[customer]]
    if ids.isna().any() or ids.duplicated().any():
        bad = ids.index[ids.isna() | ids.duplicated()]
        rows = ", ".join(map(str, bad[:5])) + (", …" if len(bad) > 5 else "")
        raise DataError("journey.wide_customers", column=customer, count=len(bad), rows=rows)
    return ids


def _stages(
    survey: Survey, names: list[str], stages: Mapping[str, str] | None, options: Options
) -> tuple[Coding, dict[str, str]]:
    """The coding and each touchpoint's stage; without `stages` each touchpoint is a stage of its own."""
    if stages is None:
        return coding_of({name: _label(survey, name) for name in names}), {name: name for name in names}
    coding = coding_of(options.coding)
    lacking = [name for name in names if name not in stages]
    wrong = [str(stages[name]) for name in names if name in stages and coding.key_of(str(stages[name])) is None]
    if lacking or wrong:
        known = ", ".join(coding.stages)
        raise DataError(
            "journey.wide_stages", names=", ".join(lacking) or "–", wrong=", ".join(wrong) or "–", known=known
        )
    place = {name: str(coding.key_of(str(stages[name]))) for name in names}
    order = list(coding.stages)
    at = [order.index(place[name]) for name in names]
    if at != sorted(at):
        raise DataError("journey.wide_order", names=", ".join(names), stages=", ".join(place.values()))
    return coding, place


def _label(survey: Survey, name: str) -> Text:
    item = survey.codebook.items.get(name)
    return dict(item.label) if item is not None and item.label else {"en": name, "vi": name}


def _shared_scale(survey: Survey, names: list[str]) -> Scale:
    scales = {scale_of(survey, name) for name in names}
    if len(scales) > 1:
        raise DataError("journey.wide_scales", names=", ".join(names))
    return next(iter(scales))
