"""Survey weights were made for the respondents there were; a word when exclusion takes some of them away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.errors import Notice

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey

_KEY = "survey.weights_screened"


def with_weight_notice(survey: Survey) -> Survey:
    """The survey with a notice for each column of weights from which rules took respondents, and without older ones.

    Rows left out by `select` do not count: within a group that was chosen the weights stay what they are.
    """
    kept = tuple(notice for notice in survey.warnings if notice.key != _KEY)
    return replace(survey, warnings=(*kept, *_notices(survey)))


def _notices(survey: Survey) -> tuple[Notice, ...]:
    aside = survey.aside
    if aside is None:
        return ()
    chosen = {rule.name for rule in survey.rules if rule.criterion in ("", f"not ({rule.threshold})")}
    out = aside.frame[~aside.rule.isin(chosen)]
    if out.empty:
        return ()
    items = survey.codebook.items
    names = [n for n in survey.frame if n in items and items[n].role == "weight" and n in out]
    numeric = [n for n in names if pd.api.types.is_numeric_dtype(survey.frame[n])]
    return tuple(_notice(name, survey.frame[name], out[name]) for name in numeric)


def _notice(name: str, kept: pd.Series, gone: pd.Series) -> Notice:
    whole = float(kept.sum() + gone.sum())
    share = 100 * float(gone.sum()) / whole if whole else 0.0
    return Notice(_KEY, {"name": name, "count": len(gone), "share": share}, serious=True)
