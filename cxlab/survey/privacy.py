"""Personal data: found by codebook, header and pattern; dropped or replaced by keyed hashes; kept out of reports."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.codebook.infer import is_personal
from cxlab.errors import DataError, PrivacyError
from cxlab.i18n import pick, tr
from cxlab.survey.privacy_patterns import EMAIL, MASK, PHONE, WHOLE, is_token, phone_numbers
from cxlab.survey.select import check_columns
from cxlab.survey.step import Step

if TYPE_CHECKING:
    from cxlab.codebook import Codebook
    from cxlab.survey.survey import Survey

_MANY = 0.5
_SAMPLE = 20_000
_COLUMNS = ["column", "why", "share"]


def find_identifiers(survey: Survey) -> pd.DataFrame:
    """Columns that point at persons, why, and the share of answers that do; see `Survey.identifiers`."""
    # Excluded rows can come back, and must then hold no more than the others.
    frame = survey.frame if survey.aside is None else pd.concat([survey.frame, survey.aside.frame])
    hashed = {step.rule for step in survey.steps if step.action == "deidentify" and step.threshold == "hash"}
    rows = [
        (name, tr(f"survey.why_{why}"), share)
        for name in frame
        if name not in hashed
        for why, share in [_why(frame[name], name, survey.codebook)]
        if why
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def deidentify(
    survey: Survey, method: Literal["drop", "hash"], key: str | bytes | None, columns: Sequence[str] | None
) -> Survey:
    """The survey without personal data; see `Survey.deidentify`."""
    if method not in ("drop", "hash"):
        raise DataError("survey.unknown_privacy_method", method=str(method))
    secret = _secret(key) if method == "hash" else b""
    names = survey.identifiers["column"].tolist() if columns is None else check_columns(survey, columns)
    for name in names:
        survey = _dropped(survey, name) if method == "drop" else _hashed(survey, name, secret)
    survey = _masked(survey, names)
    if names:
        return survey
    return survey.with_step(Step("deidentify", note=tr("survey.nothing_personal")))


def _masked(survey: Survey, gone: Sequence[str]) -> Survey:
    """The record without what was typed into other columns, rules and notes by hand: addresses and numbers."""
    problems = survey.problems[~survey.problems["column"].isin(gone)].reset_index(drop=True)
    problems["value"] = problems["value"].map(_mask)
    steps = tuple(replace(s, threshold=_mask(s.threshold), note=_mask(s.note)) for s in survey.steps)
    rules = tuple(replace(r, threshold=_mask(r.threshold), criterion=_mask(r.criterion)) for r in survey.rules)
    told = tuple(replace(n, values={k: _mask(v) for k, v in n.values.items()}) for n in survey.warnings)
    return replace(survey, problems=problems, steps=steps, rules=rules, warnings=told)


def _mask(value: Any) -> Any:
    return PHONE.sub(MASK, EMAIL.sub(MASK, value)) if isinstance(value, str) else value


def check_shareable(data: Any, survey: Survey | None = None) -> None:
    """Refuse anything that shows single respondents: what a report, table or export calls before it writes.

    Parameters
    ----------
    data : object
        A Survey or DataFrame is looked at; anything else passes.
    survey : Survey, optional
        The survey in use: a table with as many rows as it has respondents and columns of its own is refused too.

    Raises
    ------
    PrivacyError
        For a Survey, a table indexed by or holding row numbers of respondents, and cells with e-mail addresses,
        telephone numbers, IP addresses or coordinates.

    Examples
    --------
    >>> check_shareable(pd.DataFrame({"alpha": [0.82, 0.71]}, index=["image", "loyalty"]))
    >>> check_shareable(pd.DataFrame({"sat1": [4, 5]}, index=pd.RangeIndex(1, 3, name="row")))
    Traceback (most recent call last):
    cxlab.errors.PrivacyError: This table has one row per respondent...
    """
    if hasattr(data, "codebook") and hasattr(data, "frame"):
        raise PrivacyError("survey.rows_not_shared")
    if not isinstance(data, pd.DataFrame):
        return
    own = survey is not None and len(data) == len(survey) and any(name in survey.frame for name in data.columns)
    if "row" in data.index.names or "row" in data.columns or own:
        raise PrivacyError("survey.rows_not_shared")
    named = [(data.columns[i], data.iloc[:, i]) for i in range(data.shape[1])]
    # value_counts and groupby put the answers themselves into the index.
    levels = [data.index.get_level_values(i) for i in range(data.index.nlevels)]
    named += [("" if level.name is None else level.name, level.to_series(index=range(len(level)))) for level in levels]
    for name, column in named:
        if pd.api.types.is_numeric_dtype(column):
            continue
        why, _ = _pattern(column)
        if why in (*WHOLE, "inside"):
            raise PrivacyError("survey.cells_not_shared", column=name, why=tr(f"survey.why_{why}"))


def _why(column: pd.Series, name: str, codebook: Codebook) -> tuple[str, float]:
    """The reason's catalogue word and the share of answers, or an empty word."""
    item = codebook.items.get(name)
    given = float(column.notna().mean()) if len(column) else 0.0
    if item is not None and item.personal:
        return "codebook", given
    if item is not None and (item.construct or item.labels or item.role in ("attention", "duration", "weight")):
        return "", 0.0
    why, share = _pattern(column)
    if why in WHOLE:
        return why, share
    asked = pick(item.label) if item is not None and item.label else ""
    if is_personal(name, asked, column):
        return "header", given
    if item is not None and item.role == "time":
        return "", 0.0
    return why, share


def _pattern(column: pd.Series) -> tuple[str, float]:
    values = column.dropna()
    if values.empty or pd.api.types.is_bool_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return "", 0.0
    if pd.api.types.is_numeric_dtype(values):
        return _number_pattern(values)
    cells = values.iloc[:_SAMPLE].map(lambda cell: unicodedata.normalize("NFC", str(cell)))
    for why, is_one in WHOLE.items():
        share = float(cells.map(is_one).mean())
        if share >= _MANY:
            return why, share
    # The whole column, not the sample: one address in the last comment is one too many.
    inside = values.map(lambda cell: isinstance(cell, str) and bool(EMAIL.search(cell) or PHONE.search(cell)))
    if inside.any():
        return "inside", float(inside.mean())
    tokens = float(cells.map(is_token).mean())
    if tokens >= _MANY and cells.nunique() > 0.5 * len(cells):
        return "token", tokens
    return "", 0.0


def _number_pattern(values: pd.Series) -> tuple[str, float]:
    if values.iloc[:_SAMPLE].abs().max() < 1e8 or pd.api.types.is_complex_dtype(values):
        return "", 0.0
    head = values.iloc[:_SAMPLE].astype("float64")
    phones = float(phone_numbers(head).mean())
    if phones >= _MANY:
        return "phone", phones
    codes = (head >= 1e6) & (head % 1 == 0) & (head % 1000 != 0)  # round numbers are amounts of money
    distinct = head.nunique() > 0.9 * len(head) and len(head) > 5
    return ("token", float(codes.mean())) if distinct and codes.mean() > 0.9 else ("", 0.0)


def _secret(key: str | bytes | None) -> bytes:
    if not key or not isinstance(key, str | bytes):
        raise PrivacyError("survey.hash_needs_key")
    secret = key.encode("utf-8") if isinstance(key, str) else key
    if len(secret) < 8:
        raise PrivacyError("survey.key_short")
    return secret


def _dropped(survey: Survey, name: str) -> Survey:
    items = {key: item for key, item in survey.codebook.items.items() if key != name}
    count = int(survey.frame[name].notna().sum())
    step = Step("deidentify", name, "drop", count, note=tr("survey.dropped_note", column=name))
    book = replace(survey.codebook, items=items)
    return survey.changed(lambda frame: frame.drop(columns=name), step, codebook=book)


def _hashed(survey: Survey, name: str, secret: bytes) -> Survey:
    def keyed(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{name: frame[name].map(lambda cell: _digest(cell, secret)).astype(object)})

    items = dict(survey.codebook.items)
    if name in items:
        items[name] = replace(items[name], personal=False, role="id", min=None, max=None, labels={}, construct=None)
    count = int(survey.frame[name].notna().sum())
    step = Step("deidentify", name, "hash", count, note=tr("survey.hashed_note", column=name))
    return survey.changed(keyed, step, codebook=replace(survey.codebook, items=items))


def _digest(cell: Any, secret: bytes) -> Any:
    """Equal persons get equal codes in every wave: case, outer spaces and Unicode form do not count."""
    if pd.isna(cell):
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFC", str(cell)).strip().casefold()
    return hmac.new(secret, text.encode("utf-8"), hashlib.sha256).hexdigest()
