"""Bootstrap of PLS path models: standard errors and intervals of paths, loadings, weights, effects, R² and HTMT."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import Notice
from cxlab.evaluate.htmt import htmt_ratios, pairs
from cxlab.i18n import Language, format_number, tr
from cxlab.resample.draws import GivenDraws, Indices, LeaveOneOut, RandomDraws
from cxlab.resample.intervals import Interval, acceleration, check_interval, check_level, intervals
from cxlab.resample.pls import PlsReplicates, pls_replicates
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cxlab.analyses.pls_result import PlsFit


@dataclass(frozen=True, repr=False, eq=False)
class PlsBootstrap(Result):
    """Resamples of a PLS path model.

    Attributes
    ----------
    table : DataFrame
        kind ("path", "total", "indirect", "loading", "weight", "r2", "htmt"), source, target, estimate, mean, se, t,
        pvalue (normal), ci_lower, ci_upper.
    replicates : DataFrame
        One row a resample, one column a row of `table`.
    status : Series
        Counts: replicates, used, not_converged, constant, inadmissible.
    """

    table: pd.DataFrame
    replicates: pd.DataFrame = field(repr=False)
    status: pd.Series
    ci: Interval
    level: float
    seed: int | None
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("efron_1987", "davison_hinkley_1997")

    def of(self, kind: str) -> pd.DataFrame:
        """The rows of one kind."""
        return self.table[self.table["kind"] == kind].reset_index(drop=True)

    def summary(self, lang: Language | None = None) -> str:
        """How many resamples count, and the paths with their intervals."""
        head = tr("pls.boot_head", lang, n=int(self.status["replicates"]), used=int(self.status["used"]), ci=self.ci)
        lines = [head, *notices_text(self.warnings, lang)]
        for row in self.of("path").itertuples():
            numbers = [format_number(v, 2, bounded=True, lang=lang) for v in (row.estimate, row.ci_lower, row.ci_upper)]
            lines.append(f"  {row.source} → {row.target}  {numbers[0]} [{numbers[1]}; {numbers[2]}]")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None, kind: str = "path") -> Table:
        """Estimates of one kind with standard errors and intervals."""
        frame = self.of(kind)
        frame = frame.assign(
            source=[self.labels.get(name, name) for name in frame["source"]],
            target=[self.labels.get(name, name) for name in frame["target"]],
        )
        columns = {
            "source": Column("pls.col_source"),
            "target": Column("pls.col_target"),
            "estimate": Column("pls.col_estimate", "number"),
            "se": Column("pls.col_se", "number"),
            "interval": Column(
                bilingual("analyses.col_interval", level=f"{100 * self.level:g}"),
                "interval",
                parts=("ci_lower", "ci_upper"),
            ),
            "pvalue": Column("pls.col_p", "p"),
        }
        note = bilingual("pls.boot_note", n=int(self.status["used"]), ci=self.ci)
        return in_language(Table(frame, columns, "pls.title_bootstrap", notes=(note,)), lang)


def pls_bootstrap(
    fit: PlsFit,
    n: int = 5000,
    seed: int | None = None,
    *,
    ci: Interval = "percentile",
    level: float = 0.95,
    indices: Indices | None = None,
) -> PlsBootstrap:
    """Resamples of the respondents with the whole model estimated in each.

    Parameters
    ----------
    fit : PlsFit
    n : int
        Resamples, unless `indices` are given.
    seed : int, optional
        The same seed gives the same resamples.
    ci : {"percentile", "basic", "bc", "bca"}
        Kind of interval; "bca" adds a jackknife of n more estimates.
    level : float
        Between 0 and 1.
    indices : ndarray (B, n_obs), optional
        Row numbers from 0, to repeat another program's resamples.

    Returns
    -------
    PlsBootstrap

    Raises
    ------
    CxlabError
        Unknown interval, level outside 0 to 1, indices of another shape.

    Notes
    -----
    No sign is changed: each resample starts from weights of 1 as the sample does ("no sign change" of SmartPLS).
    Quantiles are boot's (R + 1); seminr takes R's type 7, which differs by less than one rank. Resamples that do not
    converge or in which an indicator does not vary are left out and counted; inadmissible ones are kept and counted.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey)
    >>> int(fit.bootstrap(200, seed=1).status["used"])
    200
    """
    check_interval(ci)
    check_level(level)
    values, design, stages = fit.answers.to_numpy(), fit.model.design, fit.model.stages
    seed = seed if seed is not None or indices is not None else int(np.random.SeedSequence().generate_state(1)[0])
    draws = GivenDraws.of(indices, [len(values)]) if indices is not None else RandomDraws(n, (len(values),), seed or 0)
    found = pls_replicates(values, design, draws, fit.scheme, fit.tolerance, stages=stages)
    names = _names(fit)
    columns = _columns(fit, found)
    estimate = _columns(fit, _sample(fit))[0]
    shape = None
    if ci == "bca":
        jackknife = LeaveOneOut((len(values),), 0)
        left_out = pls_replicates(values, design, jackknife, fit.scheme, fit.tolerance, stages=stages)
        shape = acceleration([_columns(fit, left_out)])
    ends = intervals(columns, estimate, ci, level, shape)
    table = names.assign(estimate=estimate, **_spread(columns, estimate), ci_lower=ends.lower, ci_upper=ends.upper)
    status = pd.Series(
        {
            "replicates": draws.size,
            "used": int(found.converged.sum()),
            "not_converged": int((~found.converged & ~found.constant).sum()),
            "constant": int(found.constant.sum()),
            "inadmissible": int((found.converged & ~found.admissible).sum()),
        }
    )
    labelled = [f"{row.kind}: {row.source} → {row.target}" for row in names.itertuples()]
    replicates = pd.DataFrame(columns, columns=labelled)
    return PlsBootstrap(table, replicates, status, ci, level, seed, _notices(fit, status), fit.labels)


def _notices(fit: PlsFit, status: pd.Series) -> tuple[Notice, ...]:
    found = []
    for key in ("not_converged", "constant", "inadmissible"):
        if status[key]:
            values = {"count": int(status[key]), "total": int(status["replicates"])}
            found.append(Notice(f"pls.boot_{key}", values, serious=status[key] > 0.05 * status["replicates"]))
    return (*([Notice("analyses.simulated")] if fit.simulated else []), *found)


def _spread(columns: np.ndarray, estimate: np.ndarray) -> dict[str, np.ndarray]:
    counted = np.isfinite(columns).sum(axis=0)
    mean = np.where(counted > 0, np.nansum(columns, axis=0) / np.maximum(counted, 1), np.nan)
    square = np.nansum((columns - mean) ** 2, axis=0)
    se = np.sqrt(np.where(counted > 1, square / np.maximum(counted - 1, 1), np.nan))
    se = np.where(se < 1e-12, 0.0, se)
    t = np.divide(estimate, se, out=np.full(len(se), np.nan), where=se > 0)
    return {"mean": mean, "se": se, "t": t, "pvalue": 2 * norm.sf(np.abs(t))}


def _sample(fit: PlsFit) -> PlsReplicates:
    """The sample's own estimates in the same form, as one replicate."""
    yes = np.ones(1, dtype=bool)
    units = fit.units[:, None, None]
    effects = (fit.solved.paths / units, fit.solved.total / units)
    parts = (*effects, fit.solved.loadings, fit.weighting.weights, fit.solved.r2)
    paths, total, loadings, weights, r2 = (np.moveaxis(part, -1, 0) for part in parts)
    return PlsReplicates(paths, total, loadings, weights, r2, fit.cor[None], ~yes, yes, yes)


def _columns(fit: PlsFit, found: PlsReplicates) -> np.ndarray:
    """All quantities (R, k) in the order of `_names`."""
    design = fit.model.design
    sources, targets = np.nonzero(design.paths)
    routes = np.nonzero(fit._reaches())
    indirect = found.total - found.paths
    explained = [place for place, causes in enumerate(design.causes) if len(causes)]
    several = fit.model.compared
    ratios = np.empty((len(found.r2), 0))
    if len(several) > 1:
        blocks = [range(*design.blocks[place].indices(design.indicators)) for place in several]
        ratios = np.where(found.converged[:, None], htmt_ratios(found.correlations, blocks), np.nan)
    return np.concatenate(
        [
            found.paths[:, sources, targets],
            found.total[:, routes[0], routes[1]],
            indirect[:, routes[0], routes[1]],
            found.loadings,
            found.weights,
            found.r2[:, explained],
            ratios,
        ],
        axis=1,
    )


def _names(fit: PlsFit) -> pd.DataFrame:
    design, names = fit.model.design, fit.model.constructs
    routes = list(zip(*np.nonzero(fit._reaches()), strict=True))
    rows = [("path", names[i], names[j]) for i, j in zip(*np.nonzero(design.paths), strict=True)]
    rows += [(kind, names[i], names[j]) for kind in ("total", "indirect") for i, j in routes]
    for kind in ("loading", "weight"):
        rows += [(kind, names[own], item) for own, item in zip(design.owner, fit.model.items, strict=True)]
    rows += [("r2", "", names[place]) for place, causes in enumerate(design.causes) if len(causes)]
    several = fit.model.compared
    if len(several) > 1:
        rows += [("htmt", names[several[i]], names[several[j]]) for i, j in zip(*pairs(len(several)), strict=True)]
    return pd.DataFrame(rows, columns=["kind", "source", "target"])
