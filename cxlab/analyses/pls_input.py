"""What a PLS model is estimated from: complete rows, rows with gaps, ordered answers, or a published matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.analyses.efa_input import clashing, correlate
from cxlab.analyses.moments import Moments
from cxlab.analyses.unpack import check_names, numeric_columns
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice, NotSupportedError
from cxlab.estimate.sem.patterns import Patterns
from cxlab.estimate.sem.saturated import saturated_moments
from cxlab.evaluate.reliability import correlation
from cxlab.i18n.shown import Shown
from cxlab.survey.survey import Survey

Missing = Literal["listwise", "mean", "median", "pairwise", "em"]
Kind = Literal["rows", "pairwise", "em", "ordinal", "moments"]


@dataclass(frozen=True, eq=False)
class PlsInput:
    """Correlations of p answers, and what they were computed from.

    Attributes
    ----------
    kind : {"rows", "pairwise", "em", "ordinal", "moments"}
        Complete rows; rows with gaps, by pairs or by the EM algorithm; ordered categories; a matrix without rows.
    names : tuple of str
    cor : ndarray (p, p)
        Positive definite unless `kind` is "rows".
    n_obs : int
    answers : DataFrame (n, p) or None
        Numbers as they were given: complete for "rows", else nan where one is missing.
    standard : DataFrame (n, p) or None
        What scores are made of: standardised answers, expected values in their gaps or of their categories.
    ordinal : tuple of bool (p,)
    """

    kind: Kind
    names: tuple[str, ...]
    cor: np.ndarray
    n_obs: int
    answers: pd.DataFrame | None
    standard: pd.DataFrame | None
    ordinal: tuple[bool, ...]

    def taken(self, names: Sequence[str], called: Sequence[str]) -> PlsInput:
        """Some of the answers, some perhaps twice, under other names."""
        at = [self.names.index(name) for name in names]
        frames = [None if part is None else _renamed(part, at, called) for part in (self.answers, self.standard)]
        flags = tuple(self.ordinal[place] for place in at)
        return replace(
            self,
            names=tuple(called),
            cor=self.cor[np.ix_(at, at)],
            answers=frames[0],
            standard=frames[1],
            ordinal=flags,
        )


def _renamed(frame: pd.DataFrame, at: list[int], called: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(frame.to_numpy()[:, at], frame.index, list(called))


def of_moments(moments: Moments, names: Sequence[str]) -> tuple[PlsInput, tuple[Notice, ...]]:
    """The model's part of a published matrix; PLS needs no more than its correlations."""
    if len(moments.cov) > 1:
        raise DataError("pls_input.moments_groups", groups=", ".join(moments.groups))
    check_names(pd.DataFrame(columns=list(moments.names)), names)
    at = [moments.names.index(nfc(name)) for name in names]
    cor = correlation(moments.cov[0][np.ix_(at, at)])
    given = PlsInput("moments", tuple(names), cor, moments.total, None, None, (False,) * len(names))
    # standard errors of unstandardised parameters are no question of PLS
    told = tuple(one for one in moments.warnings if one.key != "sem.correlation_matrix")
    return given, (*told, Notice("pls_input.moments_used"))


def of_survey(
    survey: Survey, names: Sequence[str], missing: Missing, ordered: bool | Sequence[str]
) -> tuple[PlsInput, tuple[Notice, ...]]:
    """Answers to the items of a model, with whatever their gaps or categories make of their correlations."""
    flags = _flags(survey, names, ordered)
    if any(flags):
        return _ordinal(survey, names, missing, flags)
    whole = missing == "listwise"
    frame, told = numeric_columns(survey, names, complete=whole, min_rows=3)
    if missing in ("pairwise", "em"):
        frame, dropped = _answered(frame)
        made, more = (_pairwise if missing == "pairwise" else _em)(frame)
        return made, (*told, *dropped, *more)
    frame, filled = _filled(frame, missing)
    values = frame.to_numpy()
    spread = values.std(axis=0, ddof=1)
    standard = pd.DataFrame((values - values.mean(axis=0)) / spread, frame.index, list(names))
    cor = correlation(np.atleast_2d(np.cov(values.T)))
    return PlsInput("rows", tuple(names), cor, len(frame), frame, standard, flags), (*told, *filled)


def _flags(survey: Survey, names: Sequence[str], ordered: bool | Sequence[str]) -> tuple[bool, ...]:
    """Which of the model's answers are ordered categories."""
    if isinstance(ordered, bool):
        return (ordered,) * len(names)
    asked = [ordered] if isinstance(ordered, str) else list(ordered)
    if not asked:
        return (False,) * len(names)
    known = set(check_names(survey.frame, asked))
    if not known & set(names):
        raise DataError("pls_input.ordered_outside", names=", ".join(sorted(known)))
    return tuple(name in known for name in names)


def _answered(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Notice]]:
    """Rows with an answer to any item."""
    kept = frame.dropna(how="all")
    lost = len(frame) - len(kept)
    return kept, [Notice("sem.rows_without_answers", {"count": lost, "total": len(frame)})] if lost else []


def _filled(frame: pd.DataFrame, missing: Missing) -> tuple[pd.DataFrame, list[Notice]]:
    """Gaps filled with the item's mean or median: once, before anything is resampled."""
    count = int(frame.isna().to_numpy().sum())
    if not count:
        return frame, []
    key = "pls_input.median_replaced" if missing == "median" else "pls.mean_replaced"
    values = {"count": count, "share": Shown(100 * count / frame.size, 1)}
    full = frame.fillna(frame.median() if missing == "median" else frame.mean())
    flat = [str(name) for name in full if full[name].nunique() < 2]
    if flat:
        raise DataError("analyses.constant_columns", columns=", ".join(flat), n=len(full))
    return full, [Notice(key, values, serious=True)]


def _pairwise(frame: pd.DataFrame) -> tuple[PlsInput, list[Notice]]:
    cor, told = correlate(frame, "pearson")
    bound = clashing(cor, [str(name) for name in frame])
    if bound:
        raise DataError("pls_input.pairwise_not_positive", items=bound)
    return _with_gaps("pairwise", frame, cor, frame.mean().to_numpy(), frame.std().to_numpy()), [
        *told,
        *_gaps(frame, "pls_input.pairwise_used"),
    ]


def _em(frame: pd.DataFrame) -> tuple[PlsInput, list[Notice]]:
    """Maximum likelihood means and covariances, answers missing at random."""
    names = tuple(str(name) for name in frame)
    if len(frame) <= len(names):
        raise DataError("sem.too_few_rows", n=len(frame), items=len(names))
    paired, _ = correlate(frame, "pearson")  # a pair that nobody answered has no likelihood either
    if np.abs(np.linalg.eigvalsh(paired)).min() < 1e-8:  # copies and sums, for which the algorithm has no answer
        raise DataError("factor.collinear", items=clashing(paired, names))
    found = saturated_moments(Patterns.of(frame.to_numpy(), names))
    cor = correlation(found.cov)
    bound = clashing(cor, names)
    if bound:
        raise DataError("factor.collinear", items=bound)
    told = [] if found.converged else [Notice("pls_input.em_not_converged", serious=True)]
    made = _with_gaps("em", frame, cor, found.mean, np.sqrt(np.diag(found.cov)))
    return made, [*told, *_gaps(frame, "pls_input.em_used")]


def _gaps(frame: pd.DataFrame, key: str) -> list[Notice]:
    """How many rows have a gap, and how scores are made then."""
    count = int(frame.isna().any(axis=1).sum())
    if not count:
        return [Notice("sem.nothing_missing")]
    return [Notice(key, {"count": count, "total": len(frame)}), Notice("pls_input.scores_expected")]


def _with_gaps(kind: Kind, frame: pd.DataFrame, cor: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> PlsInput:
    values = expected_answers((frame.to_numpy() - mean) / sd, cor)
    standard = pd.DataFrame(values, frame.index, list(frame))
    return PlsInput(kind, tuple(map(str, frame)), cor, len(frame), frame, standard, (False,) * len(cor))


def expected_answers(standard: np.ndarray, cor: np.ndarray) -> np.ndarray:
    """Standardised answers (n, p) with each gap filled by its expectation given the row's other answers.

    R_mo R_oo^-1 z_o, from the correlations (p, p).

    Examples
    --------
    >>> expected_answers(np.array([[2.0, np.nan]]), np.array([[1.0, 0.5], [0.5, 1.0]])).tolist()
    [[2.0, 1.0]]
    """
    found = standard.copy()
    there = ~np.isnan(standard)
    for pattern in np.unique(there, axis=0):
        if pattern.all() or not pattern.any():
            continue
        rows = (there == pattern).all(axis=1)
        known = standard[np.ix_(rows, pattern)]
        slopes = np.linalg.solve(cor[np.ix_(pattern, pattern)], cor[np.ix_(pattern, ~pattern)])
        found[np.ix_(rows, ~pattern)] = known @ slopes
    return found


def _ordinal(
    survey: Survey, names: Sequence[str], missing: Missing, flags: tuple[bool, ...]
) -> tuple[PlsInput, tuple[Notice, ...]]:
    """Polychoric correlations, polyserial ones with measured answers."""
    from cxlab.analyses.polychoric import moment_notices
    from cxlab.estimate.polychoric import ordinal_moments

    if missing not in ("listwise", "pairwise"):
        raise NotSupportedError("pls_input.ordered_missing", missing=missing)
    if missing == "pairwise" and not all(flags):
        raise DataError("ordinal.pairwise_numeric")
    frame, told = numeric_columns(survey, names, complete=missing == "listwise", constant="allow", min_rows=3)
    measured = frame.loc[:, [not flag for flag in flags]]
    flat = [str(name) for name in measured if measured[name].nunique() < 2]
    if flat:
        raise DataError("analyses.constant_columns", columns=", ".join(flat), n=len(frame))
    frame, dropped = _answered(frame)
    codes = _codes(frame, flags)
    moments = ordinal_moments(codes, flags, acov=False)
    bound = clashing(moments.corr, list(names))
    if bound:
        raise DataError("pls_input.ordered_not_positive", items=bound)
    standard = _category_means(codes, moments.thresholds, moments.means, np.sqrt(moments.variances))
    if np.isnan(standard).any():
        standard = expected_answers(standard, moments.corr)
    scored = pd.DataFrame(standard, frame.index, list(names))
    given = PlsInput("ordinal", tuple(names), moments.corr, len(frame), frame, scored, flags)
    notices = (*moment_notices(moments, names, len(frame)), Notice("pls_input.scores_ordinal"))
    return given, (*told, *dropped, *notices)


def _codes(frame: pd.DataFrame, flags: tuple[bool, ...]) -> np.ndarray:
    from cxlab.analyses.polychoric import ordinal_codes

    try:
        return ordinal_codes(frame, flags)
    except DataError as error:
        if error.key != "ordinal.many_categories":
            raise
        raise DataError("pls_input.ordered_many", **error.values) from error


def _category_means(
    codes: np.ndarray, thresholds: Sequence[np.ndarray], means: np.ndarray, sd: np.ndarray
) -> np.ndarray:
    """Means of a standard normal response between its thresholds; measured answers standardised; nan if missing."""
    found = np.full(codes.shape, np.nan)
    for place, cuts in enumerate(thresholds):
        own = codes[:, place]
        if not len(cuts):
            found[:, place] = (own - means[place]) / sd[place]
            continue
        ends = np.concatenate([[-np.inf], cuts, [np.inf]])
        middle = -np.diff(norm.pdf(ends)) / np.diff(norm.cdf(ends))
        given = own >= 0
        found[given, place] = middle[own[given].astype(int)]
    return found


def refuse_without_rows(given: PlsInput, what: str | None = None) -> None:
    """Some questions are about respondents: they need the answers that correlations leave behind."""
    if given.kind != "rows":
        named = what or Notice("pls_input.this_question")
        raise NotSupportedError("pls_input.needs_rows", what=named, why=Notice(f"pls_input.why_{given.kind}"))
