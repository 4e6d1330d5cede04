"""Kano's classification of attributes from pairs of questions, with how sure each class is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxlab.analyses.asymmetry_data import labels_of, source_of
from cxlab.analyses.asymmetry_text import Named
from cxlab.analyses.kano_answers import ANSWERS, Codes, categories, code_table, coded, order_notice
from cxlab.analyses.kano_numbers import kano_table, resampled_columns
from cxlab.analyses.kano_result import Kano
from cxlab.analyses.unpack import check_level, check_names
from cxlab.analyses.validity_htmt import check_boot, seed_of
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.resample.draws import RandomDraws
from cxlab.resample.intervals import Interval, check_interval
from cxlab.survey.survey import Survey, as_survey

Array = NDArray[np.float64]
# Few respondents, and how many contradictory answers speak of a question that was misunderstood.
_FEW, _QUESTIONABLE = 30, 0.1


def kano(
    functional: str | Sequence[str],
    dysfunctional: str | Sequence[str],
    data: Survey | pd.DataFrame,
    *,
    answers: Codes | None = None,
    weights: Weights | None = None,
    n_boot: int = 1000,
    seed: int | None = None,
    ci: Interval = "percentile",
    level: float = 0.95,
) -> Kano:
    """Attractive, one-dimensional, must-be or indifferent: categories of attributes by Kano's evaluation table.

    When to use it: a Kano questionnaire, which asks of each attribute how one feels if it is there (functional) and if
    it is not (dysfunctional), with five answers: like, must be, neutral, live with, dislike.

    Parameters
    ----------
    functional, dysfunctional : str or sequence of str
        Columns of the two questions, attribute by attribute in the same order.
    data : Survey or DataFrame
        One row a respondent. An attribute uses the rows that have both its answers.
    answers : {"like_first", "like_last"} or mapping of code to answer
        What the codes mean; there is no default, because files differ and the wrong order turns delight into its
        opposite. ``"like_first"``: 1 like, 2 must_be, 3 neutral, 4 live_with, 5 dislike; ``"like_last"`` the other way
        round; or all five in a mapping such as ``{"tôi thích": "like", ...}``.
    weights : str, sequence of float or Series, optional
        Survey weights. Tests then use the effective sample size.
    n_boot : int
        Resamples of the rows for the intervals and the certainty of the category; 0 for none.
    seed : int, optional
        Of the resamples. Without it one is drawn and reported.
    ci : {"percentile", "basic", "bc", "bca"}
        Bootstrap interval.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Kano
        ``.table`` (one row an attribute): attribute dysfunctional n, share_ of attractive one_dimensional must_be
        indifferent reverse questionable, category second tied category_strength total_strength fong_z fong_pvalue
        pvalue better better_ci_lower better_ci_upper worse worse_ci_lower worse_ci_upper certainty. ``.counts``: the
        25 pairs of answers, functional in rows, attributes one below the other.

    Raises
    ------
    DataError
        `answers` not stated, incomplete or against the codebook's words for the points; an answer it does not know;
        lists of different length; the same column twice; an attribute that nobody answered on both sides.

    Notes
    -----
    Category: the most frequent one; ties go to must-be, one-dimensional, attractive, indifferent in this order (Berger
    et al., 1993). Category strength: largest share less the second, above .06 for a clear category; total strength: A +
    O + M (Lee & Newcomb, 1997). Fong (1996): ``z = |a - b| / sqrt((a + b)(2n - a - b) / (2n))``, clear above 1.65; it
    takes the two frequencies as independent, which those of one sample are not. ``pvalue`` is the exact test for
    frequencies of one sample: a of a + b with probability one half (R: ``binom.test(a, a + b)``). Both compare the two
    largest after seeing which they are, and so are too small; ``certainty`` is the share of resamples with the same
    category. Better = (A+O)/(A+O+M+I), worse = -(O+M)/(A+O+M+I) (Timko, in Berger et al., 1993).

    Examples
    --------
    >>> import cxlab as cx
    >>> feelings = pd.DataFrame({"có": [1, 1, 1, 2, 3, 1], "không": [3, 3, 4, 5, 3, 5]})
    >>> found = cx.kano("có", "không", feelings, answers="like_first", n_boot=0)
    >>> found.table[["category", "better", "worse"]].round(2).values.tolist()
    [['attractive', 0.67, -0.33]]
    """
    check_boot(n_boot, seed)
    check_interval(ci)
    check_level(level)
    survey = as_survey(data)
    there, gone = _pairs(survey, functional, dysfunctional)
    table = code_table(answers, survey, [*there, *gone])
    present, absent = coded(survey, there, table), coded(survey, gone, table)
    places = pd.DataFrame(categories(present, absent), survey.frame.index, there)
    _refuse_unpaired(places, gone)
    places, weight, told = _rows(survey, places, weights)
    names = pd.DataFrame({"attribute": there, "dysfunctional": gone})
    found = pd.concat([names, kano_table(places.to_numpy(), weight)], axis=1)
    drawn = seed_of(seed) if n_boot else None
    draws = None if drawn is None else RandomDraws(int(n_boot), (len(places),), drawn)
    more, lost = resampled_columns(places.to_numpy(), weight, found, draws, ci, level)
    drawn_here = [Notice("resample.seed_drawn", {"seed": drawn})] if n_boot and seed is None else []
    return Kano(
        table=pd.concat([found, more], axis=1),
        counts=_counts(present.loc[places.index], absent.loc[places.index]),
        warnings=(*source_of(survey, weights), *told, *_notices(places, found, lost, int(n_boot)), *drawn_here),
        level=level,
        n_boot=int(n_boot),
        seed=drawn,
        ci=ci,
        weighted=weight is not None,
        labels=labels_of(survey, there),
        simulated=survey.simulated,
    )


def _pairs(
    survey: Survey, functional: str | Sequence[str], dysfunctional: str | Sequence[str]
) -> tuple[list[str], ...]:
    """Both lists of columns, each column once."""
    sides = [[side] if isinstance(side, str) else list(side) for side in (functional, dysfunctional)]
    there, gone = ([nfc(str(name)) for name in side] for side in sides)
    if not there or len(there) != len(gone):
        raise DataError("asymmetry.pairs_differ", first=len(there), second=len(gone))
    check_names(survey.frame, [*there, *gone])
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    return there, gone


def _refuse_unpaired(places: pd.DataFrame, gone: Sequence[str]) -> None:
    for name, other in zip(places, gone, strict=True):
        if places[name].isna().all():
            raise DataError("asymmetry.kano_no_pair", first=name, second=other)


def _rows(
    survey: Survey, places: pd.DataFrame, weights: Weights | None
) -> tuple[pd.DataFrame, Array | None, list[Notice]]:
    """Rows with at least one pair of answers and a weight above zero; what was left out."""
    answered = places[places.notna().any(axis=1)]
    told = []
    gaps = int(places.isna().to_numpy().sum())
    if gaps:
        worst = places.isna().sum().idxmax()
        values = {"empty": len(places) - len(answered), "total": len(places), "name": worst}
        told.append(Notice("asymmetry.kano_gaps", values | {"count": int(places[worst].isna().sum())}))
    weight, notices = survey_weights(survey, weights, answered.index)
    if weight is not None:
        answered, weight = answered[weight > 0], weight[weight > 0]
        _refuse_unpaired(answered, list(answered))
    return answered, weight, [*told, *notices]


def _notices(places: pd.DataFrame, table: pd.DataFrame, lost: int, n_boot: int) -> list[Notice]:
    notices = order_notice(places.to_numpy())
    if len(places) < _FEW:
        notices.append(Notice("asymmetry.kano_few", {"n": len(places)}, serious=True))
    doubtful = table[table["share_questionable"] >= _QUESTIONABLE]
    if len(doubtful):
        shares = Named(tuple(zip(doubtful["attribute"], doubtful["share_questionable"], strict=True)), percent=True)
        notices.append(Notice("asymmetry.kano_questionable", {"names": shares}, serious=True))
    reversed_ = table[table["category"] == "reverse"]
    if len(reversed_):
        notices.append(Notice("asymmetry.kano_reverse", {"names": ", ".join(reversed_["attribute"])}, serious=True))
    nobody = table[table["better"].isna()]
    if len(nobody):
        notices.append(Notice("asymmetry.kano_no_base", {"names": ", ".join(nobody["attribute"])}, serious=True))
    if table["tied"].any():
        names = ", ".join(table.loc[table["tied"], "attribute"])
        notices.append(Notice("asymmetry.kano_tied", {"names": names}))
    if lost:
        values = {"lost": lost, "total": n_boot}
        notices.append(Notice("asymmetry.resamples_lost", values, serious=lost > n_boot / 20))
    return notices


def _counts(present: pd.DataFrame, absent: pd.DataFrame) -> pd.DataFrame:
    """The 25 pairs of answers of each attribute."""
    parts = []
    for name, other in zip(present, absent, strict=True):
        both = present[name].notna() & absent[other].notna()
        pair = present.loc[both, name].astype(int) * 5 + absent.loc[both, other].astype(int)
        square = np.bincount(pair, minlength=25).reshape(5, 5)
        parts.append(pd.DataFrame(square, columns=list(ANSWERS)).assign(attribute=name, functional=ANSWERS))
    return pd.concat(parts, ignore_index=True)[["attribute", "functional", *ANSWERS]]
