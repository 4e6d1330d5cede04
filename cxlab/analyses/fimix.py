"""`cx.fimix`: unseen segments whose paths differ, as a finite mixture on the scores of a PLS model."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from cxlab.analyses.fimix_result import Fimix, FimixSolution
from cxlab.analyses.fimix_segments import path_rows, r2_rows
from cxlab.analyses.pls_notices import carried
from cxlab.analyses.pls_result import PlsFit
from cxlab.errors import DataError, Notice, NotSupportedError
from cxlab.estimate.pls.segments import Equations, Mixture, best_mixture, equations, explained
from cxlab.estimate.pls.segments_criteria import criteria
from cxlab.resample.request import given_seed

_TOLERANCE, _MOST = 1e-6, 5000
# Log-likelihoods nearer than this are the same optimum.
_SAME = 0.01
_TINY_SHARE, _ROWS_PER_PATH = 0.05, 10


def fimix(
    fit: PlsFit,
    segments: int | Iterable[int] = range(1, 6),
    *,
    starts: int = 30,
    seed: int | None = None,
    intercepts: bool = False,
) -> Fimix:
    """Unseen segments in which a PLS model's paths differ (FIMIX-PLS), for one or several numbers of segments.

    When to use it: before paths of the whole sample are believed, to see whether they average over unlike customers;
    and after, to find who differs. Segments must then be described by something known of them (`.profile`).

    Parameters
    ----------
    fit : PlsFit
    segments : int or iterable of int
        Numbers of segments to try.
    starts : int
        Random starts for each; the best log-likelihood is kept.
    seed : int, optional
        The same seed gives the same starts.
    intercepts : bool
        True lets segments differ in the level of a construct too; False is what SmartPLS does.

    Returns
    -------
    Fimix
        ``.table``: segments log_likelihood parameters aic aic3 aic4 bic caic hq mdl5 en nfi nec smallest_share
        smallest_n optima (different ones found) starts_at_best degenerate (starts given up) status. ``.picks``:
        criterion best segments value. ``.suggested``, ``.solution(segments)``: a FimixSolution with ``.paths``,
        ``.r2``, ``.sizes``, ``.posterior``, ``.assignment``, ``.profile(column)``, ``.plot()``.

    Raises
    ------
    DataError
        Numbers that are not whole or too large for the rows.
    NotSupportedError
        Repeated indicators, whose construct its components explain without error.

    Notes
    -----
    Normal errors, independent between equations, given the scores of the whole sample; loadings and weights are the
    same in all segments. Paths are those between scores, without correction for attenuation. R² of a segment: error
    variance against the variance around the segment's own mean, so it falls below 0 where the segment's level differs
    and `intercepts` is False. Source: Hahn et al. (2002); criteria: Sarstedt et al. (2011). R: ``flexmix::flexmix``.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey, modes="A")
    >>> cx.fimix(fit, (1, 2), starts=5, seed=1).table["parameters"].tolist()
    [2, 5]
    """
    fit.need_rows("cx.fimix")
    numbers = _checked(fit, segments, starts)
    if fit.model.repeated:
        raise NotSupportedError("segments.repeated", constructs=", ".join(fit.model.repeated))
    drawn = given_seed(seed)
    model = equations(fit.scores.to_numpy() * fit.units, fit.model.design.paths, intercepts)
    _, whole = best_mixture(model, 1, 1, drawn, _TOLERANCE, _MOST)
    rows, solutions = [], {}
    for number in numbers:
        tried, best = best_mixture(model, number, 1 if number == 1 else starts, drawn, _TOLERANCE, _MOST)
        row = _row(model, tried, best, float(whole.likelihood[0]), len(fit.model.design.paths))
        rows.append(row)
        if row["status"] != "degenerate":
            solutions[number] = _solution(fit, model, best, whole, drawn, _doubts(fit, model, best, row))
    told = (
        *_sources(fit),
        *_overall(rows),
        *((Notice("resample.seed_drawn", {"seed": drawn}),) if seed is None else ()),
    )
    return Fimix(pd.DataFrame(rows), solutions, len(model.values), starts, drawn, intercepts, told)


def _checked(fit: PlsFit, segments: int | Iterable[int], starts: object) -> list[int]:
    """The numbers of segments in order, or an error that says why not."""
    try:
        numbers = [segments] if isinstance(segments, int) else sorted(set(segments))
    except TypeError:
        raise DataError("segments.numbers", given=segments) from None
    if not numbers or any(isinstance(one, bool) or not isinstance(one, int) or one < 1 for one in numbers):
        raise DataError("segments.numbers", given=segments)
    if isinstance(starts, bool) or not isinstance(starts, int) or starts < 1:
        raise DataError("segments.starts", starts=starts)
    need = numbers[-1] * (max(len(causes) for causes in fit.model.design.causes) + 2)
    if fit.n_obs < need:
        raise DataError("segments.too_many", segments=numbers[-1], rows=fit.n_obs, need=need)
    return numbers


def _row(model: Equations, tried: Mixture, best: Mixture, one_segment: float, constructs: int) -> dict[str, object]:
    """One line of the table."""
    segments, explained_constructs = best.shares.shape[1], len(model.causes)
    parameters = segments - 1 + segments * (model.slopes + explained_constructs)
    likelihood = float(best.likelihood[0])
    usable = np.sort(tried.likelihood[~tried.degenerate])
    modal = np.bincount(best.posterior[0].argmax(axis=0), minlength=segments)
    found: dict[str, object] = {"segments": segments, "log_likelihood": likelihood, "parameters": parameters}
    found |= criteria(likelihood, parameters, best.posterior[0], one_segment)
    found |= {"smallest_share": float(best.shares.min()), "smallest_n": int(modal.min())}
    found["optima"] = int((np.diff(usable) > _SAME).sum()) + 1 if len(usable) else 0
    found["starts_at_best"] = int((usable > usable[-1] - _SAME).sum()) if len(usable) else 0
    found["degenerate"] = int(tried.degenerate.sum())
    tiny = segments > 1 and (modal.min() < _TINY_SHARE * modal.sum() or modal.min() < _ROWS_PER_PATH * _widest(model))
    if best.degenerate[0]:
        return (
            dict.fromkeys(found, np.nan) | {k: found[k] for k in ("segments", "degenerate")} | {"status": "degenerate"}
        )
    return found | {"status": "not_converged" if not best.converged[0] else "tiny" if tiny else "ok"}


def _widest(model: Equations) -> int:
    return max(len(causes) for _, causes in model.causes)


def _solution(
    fit: PlsFit, model: Equations, best: Mixture, whole: Mixture, seed: int, told: tuple[Notice, ...]
) -> FimixSolution:
    """Tables of one number of segments."""
    names, paths = fit.model.constructs, fit.model.design.paths
    parts, shares, levels = [], [], []
    for segment, mixture, place in [(0, whole, 0), *((k + 1, best, k) for k in range(best.shares.shape[1]))]:
        matrix = mixture.coefficients[0, place]
        parts.append(path_rows(segment, matrix[:-1, :-1], paths, names))
        r2 = explained(model, mixture.posterior[0], mixture.variances[0])[place, :-1]
        shares.append(r2_rows(segment, r2, paths, names))
        levels.append(r2_rows(segment, matrix[-1, :-1], paths, names).rename(columns={"r2": "intercept"}))
    index, labels = fit.scores.index, np.arange(1, best.shares.shape[1] + 1)
    posterior = pd.DataFrame(best.posterior[0].T, index, labels)
    modal = pd.Series(labels[best.posterior[0].argmax(axis=0)], index, name="segment")
    counts = modal.value_counts().reindex(labels, fill_value=0).to_numpy()
    sizes = pd.DataFrame({"segment": labels, "share": best.shares[0], "n": counts})
    return FimixSolution(
        paths=pd.concat(parts, ignore_index=True), r2=pd.concat(shares, ignore_index=True), sizes=sizes,
        assignment=modal, seed=seed, survey=fit.survey, warnings=told, labels=fit.labels,
        references=("hahn_2002", "sarstedt_2011"), posterior=posterior,
        intercepts=pd.concat(levels, ignore_index=True), log_likelihood=float(best.likelihood[0]),
    )  # fmt: skip


def _sources(fit: PlsFit) -> list[Notice]:
    """What holds whatever the number of segments."""
    found = carried(fit, scores=True)
    corrected = fit.model.design.corrected
    factors = [name for name, flag in zip(fit.model.constructs, corrected, strict=True) if flag]
    return [*found, *([Notice("segments.not_corrected", {"constructs": ", ".join(factors)})] if factors else [])]


def _doubts(fit: PlsFit, model: Equations, best: Mixture, row: dict[str, object]) -> tuple[Notice, ...]:
    """What must be known before a solution's numbers."""
    told = _sources(fit)
    if row["status"] == "not_converged":
        told.append(Notice("segments.not_converged", {"iterations": int(best.iterations[0])}, serious=True))
    modal = np.bincount(best.posterior[0].argmax(axis=0), minlength=best.shares.shape[1])
    need = max(_TINY_SHARE * modal.sum(), _ROWS_PER_PATH * _widest(model))
    tiny = [f"{place + 1} (n = {count})" for place, count in enumerate(modal) if count < need and len(modal) > 1]
    if tiny:
        told.append(Notice("segments.tiny", {"segments": ", ".join(tiny), "need": int(np.ceil(need))}, serious=True))
    r2 = explained(model, best.posterior[0], best.variances[0])[:, [place for place, _ in model.causes]]
    if (r2 < -0.01).any():
        told.append(Notice("segments.negative_r2", {}, serious=True))
    return tuple(told)


def _overall(rows: list[dict[str, object]]) -> list[Notice]:
    """Numbers of segments that are doubtful, by the reason."""
    told = []
    for status in ("degenerate", "not_converged", "tiny"):
        numbers = [str(row["segments"]) for row in rows if row["status"] == status]
        if numbers:
            serious = status != "tiny"
            told.append(Notice(f"segments.status_{status}", {"numbers": ", ".join(numbers)}, serious=serious))
    once = [
        str(row["segments"])
        for row in rows
        if row["status"] != "degenerate" and row["segments"] != 1 and row["starts_at_best"] == 1
    ]
    if once:
        told.append(Notice("segments.found_once", {"numbers": ", ".join(once)}))
    return told
