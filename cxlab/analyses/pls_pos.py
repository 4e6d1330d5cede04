"""`cx.pls_pos`: unseen segments whose own PLS models explain most (prediction-oriented segmentation)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from cxlab.analyses.fimix_segments import path_rows, r2_rows
from cxlab.analyses.pls_made import refuse_stages
from cxlab.analyses.pls_notices import carried
from cxlab.analyses.pls_pos_result import PlsPos
from cxlab.analyses.pls_result import PlsFit
from cxlab.errors import DataError, EstimationError, ModelError, Notice
from cxlab.estimate.pls.design import Design
from cxlab.estimate.pls.segments import best_mixture, equations
from cxlab.estimate.pls.segments_pos import Climb, Labels, Task, climb, moments_of, segment_models
from cxlab.i18n.shown import Shown
from cxlab.resample.request import given_seed

_ROWS_PER_PATH, _FEWEST = 10, 5
_SAME = 1e-4


def pls_pos(
    fit: PlsFit,
    segments: int,
    *,
    target: str | None = None,
    starts: int = 10,
    smallest: int | None = None,
    iterations: int = 500,
    chance: int = 0,
    seed: int | None = None,
) -> PlsPos:
    """Unseen segments whose own PLS models, weights included, explain most of the constructs' variance (PLS-POS).

    When to use it: where segments may differ in how constructs are formed, not only in paths, or where FIMIX-PLS finds
    nothing clear. It always finds segments: ask with ``chance=20`` what it finds where there are none.

    Parameters
    ----------
    fit : PlsFit
        Of complete rows, without products and higher-order constructs.
    segments : int
        At least 2; `fimix` helps to choose.
    target : str, optional
        Whose R² counts; by default every explained construct's.
    starts : int
        First partitions: one by FIMIX-PLS, the others at random.
    smallest : int, optional
        The fewest rows of a segment; by default ten for each path into a construct, or half of an equal share.
    iterations : int
        Rounds of one climb at most.
    chance : int
        Samples without segments, of the same correlations and normal, that are searched likewise; each takes as long as
        the search itself.
    seed : int, optional
        The same seed gives the same segments.

    Returns
    -------
    PlsPos
        ``.paths``, ``.r2``, ``.weights``, ``.sizes``, ``.assignment``, ``.objective``, ``.objective_all``, ``.starts``:
        start origin objective rounds moves settled, ``.chance``, ``.profile(column)``.

    Raises
    ------
    DataError, ModelError, NotSupportedError, EstimationError
        Options that do not fit the rows; a target that nothing explains; no start with a usable model.

    Notes
    -----
    Hill climbing on the sum of R², segments weighted by size. Moves of rows are tried in the order of what they would
    bring with weights kept, judged with both segments estimated again, and the best run of them is made at once; it
    ends when no single move helps. Becker et al. (2013) order by distances and move one row at a time. Common factors
    count as scores, without correction for attenuation.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey, modes="A")
    >>> found = cx.pls_pos(fit, 2, starts=2, seed=1)
    >>> found.objective > found.objective_all
    True
    """
    fit.need_rows("cx.pls_pos")
    refuse_stages(fit.model, "cx.pls_pos")
    task = _task(fit, segments, target, smallest)
    for option, value in (("starts", starts), ("iterations", iterations)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise DataError(f"segments.{option}", **{option: value})
    if isinstance(chance, bool) or not isinstance(chance, int) or chance < 0:
        raise DataError("segments.chance", chance=chance)
    drawn = given_seed(seed)
    climbs = _climbs(task, starts, iterations, drawn)
    best = max(climbs.values(), key=lambda one: one.objective)
    if not np.isfinite(best.objective):
        raise EstimationError("segments.no_usable_start", segments=segments)
    by_chance = np.array([_without_segments(task, fit.cor, starts, iterations, (drawn, one)) for one in range(chance)])
    told = (
        *_notices(fit, climbs, best, chance),
        *((Notice("resample.seed_drawn", {"seed": drawn}),) if seed is None else ()),
    )
    return replace(_result(fit, task, climbs, best, by_chance, drawn), warnings=told)


def _task(fit: PlsFit, segments: int, target: str | None, smallest: int | None) -> Task:
    """What is to be divided, or an error that says why it cannot be."""
    if isinstance(segments, bool) or not isinstance(segments, int) or segments < 2:
        raise DataError("segments.pos_numbers", given=segments)
    design = replace(fit.model.design, consistent=(False,) * fit.model.design.constructs)
    names = fit.model.constructs
    explained = [name for name, causes in zip(names, design.causes, strict=True) if len(causes)]
    if target is not None and target not in explained:
        raise ModelError("segments.target_unexplained", name=target, known=", ".join(explained))
    goal = np.array([float(name == target if target else name in explained) for name in names])
    values = fit.frame.to_numpy()
    need = _needed(design)
    if smallest is None:
        widest = max(len(causes) for causes in design.causes)
        smallest = max(need, min(_ROWS_PER_PATH * widest, len(values) // (2 * segments)))
    if (
        isinstance(smallest, bool)
        or not isinstance(smallest, int)
        or smallest < need
        or smallest * segments > len(values)
    ):
        raise DataError("segments.smallest", smallest=smallest, need=need, segments=segments, rows=len(values))
    rows = (values - values.mean(axis=0)) / values.std(axis=0, ddof=1)
    return Task(rows, design, fit.scheme, goal, segments, smallest)


def _needed(design: Design) -> int:
    """Fewest rows with which every segment's model can be estimated."""
    blocks = [size for size, mode in zip(design.sizes, design.modes, strict=True) if mode == "B"]
    return max([_FEWEST, *(size + 2 for size in blocks), *(len(causes) + 2 for causes in design.causes)])


def _climbs(task: Task, starts: int, iterations: int, seed: int | tuple[int, int]) -> dict[str, Climb]:
    """A climb from every first partition, by its origin."""
    found = {}
    first = _by_mixture(task)
    for start in range(starts):
        random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(start,)))
        labels = random.permutation(task.n) % task.segments
        origin = "random"
        if start == 0 and first is not None:
            origin, labels = "fimix", first
        found[f"{origin} {start + 1}"] = climb(task, labels, iterations)
    return found


def _by_mixture(task: Task) -> Labels | None:
    """Most probable segments of FIMIX-PLS on the scores of all rows; None where one is too small."""
    everyone = moments_of(task.rows, np.zeros(task.n, dtype=np.intp), 1)
    weights = segment_models(task, everyone)[1][:, 0]
    scores = np.add.reduceat(task.rows * weights, task.design.starts, axis=1)
    model = equations(scores, task.design.paths, intercepts=False)
    best = best_mixture(model, task.segments, 5, 0, 1e-4, 500)[1]
    labels = best.posterior[0].argmax(axis=0)
    small = np.bincount(labels, minlength=task.segments).min() < task.smallest
    return None if small or best.degenerate[0] else labels.astype(np.intp)


def _without_segments(task: Task, cor: np.ndarray, starts: int, iterations: int, seed: tuple[int, int]) -> float:
    """The best objective in a sample of one normal population with these correlations."""
    random = np.random.default_rng(np.random.SeedSequence(seed))
    values, vectors = np.linalg.eigh(cor)
    root = vectors * np.sqrt(np.maximum(values, 0))
    drawn = random.standard_normal((task.n, len(cor))) @ root.T
    rows = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0, ddof=1)
    return max(one.objective for one in _climbs(replace(task, rows=rows), starts, iterations, seed).values())


def _result(fit: PlsFit, task: Task, climbs: dict[str, Climb], best: Climb, by_chance: np.ndarray, seed: int) -> PlsPos:
    """Tables of the best partition, segments from the largest to the smallest."""
    order = np.argsort(-np.bincount(best.labels, minlength=task.segments), kind="stable")
    labels = np.argsort(order)[best.labels]
    whole = segment_models(task, moments_of(task.rows, np.zeros(task.n, dtype=np.intp), 1), 1e-10)
    parts = segment_models(task, moments_of(task.rows, labels, task.segments), 1e-10)
    r2, weights, paths = (np.concatenate(pair, axis=-1) for pair in zip(whole, parts, strict=True))
    names, design, numbers = fit.model.constructs, task.design, np.arange(1, task.segments + 1)
    counts = np.bincount(labels, minlength=task.segments)
    tables = [
        pd.concat([make(k, array[..., k], design.paths, names) for k in range(task.segments + 1)], ignore_index=True)
        for make, array in ((path_rows, paths), (r2_rows, r2))
    ]
    rows = [(*name.split(), one.objective, one.rounds, one.moves, one.settled) for name, one in climbs.items()]
    starts = pd.DataFrame(rows, columns=["origin", "start", "objective", "rounds", "moves", "settled"])
    return PlsPos(
        paths=tables[0], r2=tables[1], sizes=pd.DataFrame({"segment": numbers, "share": counts / task.n, "n": counts}),
        assignment=pd.Series(labels + 1, fit.frame.index, name="segment"), seed=seed, survey=fit.survey,
        labels=fit.labels, weights=_weights(fit, weights),
        objective=best.objective, objective_all=float(task.goal @ whole[0][:, 0]), starts=starts, chance=by_chance,
        goal=tuple(name for name, flag in zip(names, task.goal, strict=True) if flag),
    )  # fmt: skip


def _weights(fit: PlsFit, weights: np.ndarray) -> pd.DataFrame:
    """Outer weights (p, 1 + segments) as a table, 0 for all rows."""
    owners = np.array(fit.model.constructs, dtype=object)[fit.model.design.owner]
    parts = [
        pd.DataFrame({"segment": k, "construct": owners, "item": fit.model.items, "weight": weights[:, k]})
        for k in range(weights.shape[1])
    ]
    return pd.concat(parts, ignore_index=True)


def _notices(fit: PlsFit, climbs: dict[str, Climb], best: Climb, chance: int) -> tuple[Notice, ...]:
    told = carried(fit, scores=True)
    factors = [n for n, flag in zip(fit.model.constructs, fit.model.design.corrected, strict=True) if flag]
    if factors:
        told.append(Notice("segments.not_corrected", {"constructs": ", ".join(factors)}))
    if not chance:
        told.append(Notice("segments.pos_heuristic", {}, serious=True))
    reached = np.array([one.objective for one in climbs.values()])
    failed = int((~np.isfinite(reached)).sum())
    if failed:
        told.append(Notice("segments.pos_failed", {"count": failed, "starts": len(climbs)}))
    usable = reached[np.isfinite(reached)]
    if len(usable) > 1 and (usable > best.objective - _SAME).sum() == 1:
        gap = Shown(float(best.objective - usable.min()), 3)
        told.append(Notice("segments.pos_once", {"starts": len(climbs), "gap": gap}))
    if not best.settled:
        told.append(Notice("segments.pos_limit", {"rounds": best.rounds}, serious=True))
    return tuple(told)
