"""From the answers of a Kano questionnaire to a category each, by a code that is stated and never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.unpack import check_names
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.i18n import pick
from cxlab.survey.survey import Survey

ANSWERS = ("like", "must_be", "neutral", "live_with", "dislike")
CATEGORIES = ("attractive", "one_dimensional", "must_be", "indifferent", "reverse", "questionable")
LETTERS = dict(zip(CATEGORIES, "AOMIRQ", strict=True))
# Rows: the attribute is there; columns: it is not; both in the order of ANSWERS.
EVALUATION = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
Codes = str | Mapping[object, str]
_ORDERS = {"like_first": range(1, 6), "like_last": range(5, 0, -1)}
_LIKE = re.compile(r"\b(like|enjoy|thích)\b", re.IGNORECASE)
_DISLIKE = re.compile(r"\b(dislike|do not like|don.t like|not like|không thích|ghét)\b", re.IGNORECASE)
_SHOWN = 5


def category_table() -> NDArray[np.int_]:
    """Places in `CATEGORIES` (5, 5): answer if the attribute is there by answer if it is not.

    Examples
    --------
    >>> "".join("AOMIRQ"[place] for place in category_table()[0])
    'QAAAO'
    """
    places = {letter: place for place, letter in enumerate("AOMIRQ")}
    return np.array([[places[letter] for letter in row] for row in EVALUATION])


def code_table(answers: Codes | None, survey: Survey, columns: Sequence[str]) -> dict[object, int]:
    """Code to place in `ANSWERS`; an error if the code is not stated, not complete, or against the codebook."""
    if answers is None:
        raise DataError("asymmetry.kano_no_order", labels=_scale_words(survey, columns))
    if isinstance(answers, str):
        if answers not in _ORDERS:
            known = ", ".join(_ORDERS)
            raise DataError("analyses.unknown_option", option="answers", value=answers, known=known)
        given: dict[object, str] = dict(zip(_ORDERS[answers], ANSWERS, strict=True))
    else:
        if not isinstance(answers, Mapping):
            known = ", ".join(_ORDERS)
            raise DataError("analyses.unknown_option", option="answers", value=answers, known=known)
        given = dict(answers)
    strange = sorted({str(word) for word in given.values() if word not in ANSWERS})
    lacking = [word for word in ANSWERS if word not in given.values()]
    if strange or lacking:
        values = {"strange": ", ".join(strange) or "–", "lacking": ", ".join(lacking) or "–"}
        raise DataError("asymmetry.kano_mapping", **values, known=", ".join(ANSWERS))
    table = {_plain(code): ANSWERS.index(word) for code, word in given.items()}
    _against_codebook(table, survey, columns)
    return table


def coded(survey: Survey, columns: Sequence[str], table: Mapping[object, int]) -> pd.DataFrame:
    """Places in `ANSWERS` as floats, nan without an answer; an error that names answers the code does not know."""
    own = check_names(survey.frame, columns)
    return pd.DataFrame({name: _one(survey.frame[column], name, table) for name, column in own.items()})


def categories(present: pd.DataFrame, absent: pd.DataFrame) -> NDArray[np.float64]:
    """Each respondent's category of each attribute (n, k) as a place in `CATEGORIES`; nan where an answer lacks."""
    there, gone = present.to_numpy(), absent.to_numpy()
    known = ~(np.isnan(there) | np.isnan(gone))
    found = category_table()[np.where(known, there, 0).astype(int), np.where(known, gone, 0).astype(int)]
    return np.where(known, found, np.nan)


def order_notice(places: NDArray[np.float64]) -> list[Notice]:
    """A serious notice if so many answers are reversed that the order of the code is in doubt."""
    known = places[~np.isnan(places)]
    share = float((known == CATEGORIES.index("reverse")).mean()) if len(known) else 0.0
    forward = float((known <= CATEGORIES.index("must_be")).mean()) if len(known) else 0.0
    if share <= forward:
        return []
    return [Notice("asymmetry.kano_reversed", {"share": f"{100 * share:.0f}"}, serious=True)]


def _one(column: pd.Series, name: str, table: Mapping[object, int]) -> pd.Series:
    plain = column.astype(object).map(_plain, na_action="ignore")
    found = plain.map(table, na_action="ignore")
    unknown = column[plain.notna() & found.isna()]
    if len(unknown):
        shown = ", ".join(map(_short, list(dict.fromkeys(unknown))[:_SHOWN]))
        rows = ", ".join(map(str, unknown.index[:_SHOWN])) + (", …" if len(unknown) > _SHOWN else "")
        known = ", ".join(map(_short, table))
        raise DataError("asymmetry.kano_unknown", name=name, count=len(unknown), answers=shown, rows=rows, known=known)
    if found.isna().all():
        raise DataError("analyses.all_missing", columns=f"'{name}'")
    return found.astype("float64")


def _plain(code: object) -> object:
    """A code as it is compared: 1.0 and "1" are 1, words without case and outer spaces."""
    if isinstance(code, str):
        text = nfc(code).strip().casefold()
        return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text
    return float(code) if isinstance(code, int | float | np.number) and not isinstance(code, bool) else code


def _short(code: object) -> str:
    return f"{code:g}" if isinstance(code, float) else str(code)


def _against_codebook(table: Mapping[object, int], survey: Survey, columns: Iterable[str]) -> None:
    """The trap of Kano data: the codebook's words for the points say the opposite of the code."""
    for name in columns:
        item = survey.codebook.items.get(name)
        for point, words in (item.labels if item is not None else {}).items():
            place = table.get(float(point))
            texts = [str(text) for text in words.values()]
            dislikes = any(_DISLIKE.search(text) for text in texts)
            likes = not dislikes and any(_LIKE.search(text) for text in texts)
            if (likes and place == ANSWERS.index("dislike")) or (dislikes and place == ANSWERS.index("like")):
                raise DataError("asymmetry.kano_against_labels", name=name, point=f"{point:g}", label=pick(words))


def _scale_words(survey: Survey, columns: Iterable[str]) -> str:
    """The codebook's words for the points, to help to state the order."""
    for name in columns:
        item = survey.codebook.items.get(name)
        if item is not None and item.labels:
            return "; ".join(f"{point:g} = {pick(words)}" for point, words in sorted(item.labels.items()))
    return "–"
