"""Choosing: which columns and rows of a survey to go on with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from cxlab.codebook import Codebook
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError
from cxlab.survey.step import Step

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey

Where: TypeAlias = "str | Callable[[pd.DataFrame], Any] | Sequence[bool] | pd.Series"


def check_columns(survey: Survey, names: str | Sequence[str]) -> list[str]:
    """The columns if the survey has them all, once each; an error that proposes the nearest names if not."""
    if not isinstance(names, Iterable):
        raise DataError("survey.names_form", value=repr(names))
    wanted = [nfc(str(name)) for name in ([names] if isinstance(names, str) else names)]
    known = [str(name) for name in survey.frame.columns]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        hint = did_you_mean(unknown[0], known)
        raise DataError("survey.unknown_columns", names=", ".join(unknown), hint=hint, known=", ".join(known[:40]))
    twice = sorted({name for name in wanted if wanted.count(name) > 1})
    if twice:
        raise DataError("survey.named_twice", names=", ".join(twice))
    if not wanted:
        raise DataError("survey.no_columns_named")
    return wanted


def check_constructs(survey: Survey, names: str | Sequence[str] | None) -> list[str]:
    """The constructs if the survey has items for them all; None means every construct."""
    known = survey.constructs
    if names is None:
        return list(known)
    if not isinstance(names, Iterable):
        raise DataError("survey.names_form", value=repr(names))
    wanted = [names] if isinstance(names, str) else [str(name) for name in dict.fromkeys(names)]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise unknown_constructs(unknown, known)
    if not wanted:
        raise DataError("survey.no_constructs_named", known=", ".join(known) or "–")
    return wanted


def check_numeric(survey: Survey, names: str | Sequence[str]) -> list[str]:
    """The columns as in `check_columns`, and an error if one of them holds text."""
    wanted = check_columns(survey, names)
    texts = [name for name in wanted if not pd.api.types.is_numeric_dtype(survey.frame[name])]
    if texts:
        raise DataError("survey.items_text", items=", ".join(texts))
    return wanted


def unknown_constructs(names: Sequence[str], known: Iterable[str]) -> DataError:
    """The error that says which constructs there are, nearest first."""
    known = list(known)
    hint = did_you_mean(names[0], known)
    return DataError("survey.unknown_constructs", names=", ".join(names), hint=hint, known=", ".join(known) or "–")


def keep_columns(survey: Survey, columns: Sequence[str], constructs: str | Sequence[str] | None) -> Survey:
    """The survey with only these columns and the items of these constructs, in the order of the file."""
    chosen = set(check_columns(survey, columns)) if columns else set()
    if constructs is not None:
        chosen |= {item for name in check_constructs(survey, constructs) for item in survey.constructs[name]}
    kept = [name for name in survey.frame if name in chosen]
    book = survey.codebook
    items = {name: item for name, item in book.items.items() if name in chosen}
    used = {item.construct for item in items.values()}
    concepts = {name: construct for name, construct in book.constructs.items() if name in used}
    slimmer: Codebook = replace(book, items=items, constructs=concepts)
    step = Step("select", count=len(kept), note=", ".join(kept))
    return survey.changed(lambda frame: frame[kept], step, codebook=slimmer)


def as_mask(survey: Survey, where: Where) -> np.ndarray:
    """One True or False per row from a condition: query text, function of the data, or booleans."""
    frame = survey.frame
    try:
        found = frame.query(where) if isinstance(where, str) else where(frame) if callable(where) else where
    except pd.errors.UndefinedVariableError as error:
        known = [str(name) for name in frame.columns]
        name = re.findall(r"'(.+)'", str(error))
        hint = did_you_mean(name[0], known) if name else ""
        names = name[0] if name else str(where)
        raise DataError("survey.unknown_columns", names=names, hint=hint, known=", ".join(known[:40])) from None
    except Exception as error:
        told = where if isinstance(where, str) else getattr(where, "__name__", type(where).__name__)
        reason = f"{type(error).__name__}: {error}"
        raise DataError("survey.condition_failed", condition=str(told), reason=reason) from error
    if isinstance(where, str):
        return frame.index.isin(found.index)
    mask = found.reindex(frame.index) if isinstance(found, pd.Series) else pd.Series(found, index=_fits(found, frame))
    if mask.isna().any():
        raise DataError("survey.condition_unknown", count=int(mask.isna().sum()))
    if not pd.api.types.is_bool_dtype(mask.infer_objects()):
        raise DataError("survey.condition_not_boolean", kind=str(mask.dtype))
    return mask.to_numpy(dtype=bool)


def _fits(values: Any, frame: pd.DataFrame) -> pd.Index:
    size = len(values) if hasattr(values, "__len__") and not isinstance(values, str) else 0
    if size != len(frame):
        raise DataError("survey.condition_length", found=size, rows=len(frame))
    return frame.index
