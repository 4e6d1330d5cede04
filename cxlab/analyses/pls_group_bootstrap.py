"""Do paths differ between groups? Each group resampled apart: Henseler's test, the parametric one and Welch's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.pls_groups import PlsGroups, group_rows, pls_groups
from cxlab.analyses.pls_groups_shown import (
    doubtful_groups,
    groups_notices,
    pairs_named,
    path_columns,
    path_lines,
    sizes_text,
    with_groups,
)
from cxlab.analyses.pls_replicates import status_of
from cxlab.analyses.result import Result, Text, bilingual, in_language, notices_text
from cxlab.errors import CxlabError, DataError, Notice
from cxlab.evaluate.group_difference import group_difference
from cxlab.i18n import Language, tr
from cxlab.resample.draws import Draws, GivenDraws, Indices, OfGroup, RandomDraws
from cxlab.resample.intervals import check_level, intervals
from cxlab.resample.pls import PlsReplicates, pls_replicates
from cxlab.resample.request import check_whole, given_seed
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

_FEWEST = 100


@dataclass(frozen=True, repr=False, eq=False)
class PlsGroupBootstrap(Result):
    """Paths of groups, compared by resamples of each.

    Attributes
    ----------
    table : DataFrame
        group_1, group_2, source, target, estimate_1, estimate_2, difference (first less second), se_1, se_2, ci_lower,
        ci_upper (of the difference, percentile), pvalue (Henseler's, two-sided), parametric_pvalue, welch_pvalue.
    replicates : dict of group to DataFrame
        One row a resample, one column a path.
    sizes : dict of group to rows
    status : Series
        Counts over all groups: replicates, used, not_converged, constant, inadmissible.
    """

    table: pd.DataFrame
    replicates: Mapping[str, pd.DataFrame] = field(repr=False)
    sizes: Mapping[str, int]
    status: pd.Series
    level: float
    seed: int | None
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("henseler_2009", "keil_2000", "sarstedt_2011_groups")

    def summary(self, lang: Language | None = None) -> str:
        """Sizes, and the paths of both groups with Henseler's p."""
        groups = sizes_text(self.sizes, self.labels, lang)
        counts = {"n": int(self.status["replicates"]), "used": int(self.status["used"])}
        lines = [tr("pls_checks.groups_head", lang, groups=groups, **counts), *notices_text(self.warnings, lang)]
        return "\n".join([*lines, *path_lines(self.table, self.labels, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Paths of both groups, difference with its interval, and p of the three tests."""
        columns = {
            **path_columns(),
            "interval": Column(
                bilingual("analyses.col_interval", level=f"{100 * self.level:g}"),
                "interval",
                parts=("ci_lower", "ci_upper"),
            ),
            "pvalue": Column("pls_checks.col_henseler", "p"),
            "parametric_pvalue": Column("pls_checks.col_parametric", "p"),
            "welch_pvalue": Column("pls_checks.col_welch", "p"),
        }
        frame = pairs_named(self.table, self.labels, ("source", "target"))
        note = bilingual("pls_checks.groups_note", n=int(self.status["replicates"]) // len(self.sizes))
        return in_language(Table(frame, columns, "pls.title_groups", notes=(note,)), lang)


def pls_group_bootstrap(
    fit: PlsFit,
    by: str,
    n: int = 1000,
    seed: int | None = None,
    level: float = 0.95,
    *,
    indices: Indices | None = None,
) -> PlsGroupBootstrap:
    """Whether paths differ between groups, from resamples of each group.

    When to use it: where a paper must print the tests of seminr and SmartPLS (PLS-MGA); otherwise the permutation test,
    ``fit.groups(by)``, keeps its level better. After `micom` either way.

    Parameters
    ----------
    fit : PlsFit
    by : str
        Column of the data with the groups; with more than two, every pair.
    n : int
        Resamples of each group, at least 100.
    seed : int, optional
        The same seed gives the same resamples.
    level : float
        Of the difference's percentile interval, between 0 and 1.
    indices : sequence of ndarray (B, n_g), optional
        Row numbers from 0 within each group, groups in the order of their first row.

    Returns
    -------
    PlsGroupBootstrap

    Raises
    ------
    CxlabError
        Fewer than 100 resamples, a level outside 0 to 1, indices of another shape.
    DataError
        Unknown column, one group, a group too small or in which an item does not vary.

    Notes
    -----
    See `cxlab.evaluate.group_difference`. R: ``seminr::estimate_pls_mga`` (its p is one-sided).

    Examples
    --------
    >>> import cxlab as cx
    >>> data = cx.load_dataset("ecsi_mobile").data.assign(half=["a", "b"] * 125)
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", data, modes="A")
    >>> found = fit.groups("half", n=200, seed=1, method="bootstrap")
    >>> bool(found.table["pvalue"].between(0, 1).all())
    True
    """
    check_level(level)
    fit.need_rows(".groups()")
    parts = group_rows(fit, by)
    sizes = tuple(len(rows) for rows in parts.values())
    drawn = given_seed(seed) if indices is None else None
    draws: Draws = RandomDraws(check_whole("n", n, _FEWEST), sizes, drawn or 0)
    if indices is not None:
        draws = GivenDraws.of(indices, sizes)
    own, drawn_paths, states = {}, {}, []
    improper: dict[str, bool] = {}
    for place, (label, rows) in enumerate(parts.items()):
        whole = _paths(fit, rows, GivenDraws.of(np.arange(len(rows))[None], (len(rows),)))
        if not whole.converged[0]:
            raise DataError("pls.group_not_converged", group=label)
        resampled = _paths(fit, rows, OfGroup(draws, place))
        own[label], drawn_paths[label] = _asked(fit, whole)[0], _asked(fit, resampled)
        states.append(status_of(resampled))
        improper[label] = not whole.admissible[0]
    table = pd.concat(
        [_compared(fit, pair, own, drawn_paths, parts, level) for pair in combinations(parts, 2)], ignore_index=True
    )
    status = pd.concat(states, axis=1).sum(axis=1)
    told = groups_notices(fit, by, status, seed if indices is None else 0, drawn or 0)
    told += doubtful_groups(table, improper)
    headings = [f"{row.source} → {row.target}" for row in _named(fit).itertuples()]
    replicates = {label: pd.DataFrame(values, columns=headings) for label, values in drawn_paths.items()}
    counted = {label: len(rows) for label, rows in parts.items()}
    return PlsGroupBootstrap(table, replicates, counted, status, level, drawn, told, with_groups(fit, by, parts))


def groups_by(
    fit: PlsFit, by: str, n: int, seed: int | None, method: str, **options: Any
) -> PlsGroups | PlsGroupBootstrap:
    """The test that `method` names.

    Raises
    ------
    CxlabError
        Another method.
    """
    if method == "bootstrap":
        return pls_group_bootstrap(fit, by, n, seed, **options)
    if method != "permutation":
        raise CxlabError("pls_checks.groups_method", value=method)
    if options:
        raise CxlabError("pls_checks.groups_option", option=next(iter(options)))
    return pls_groups(fit, by, n, seed)


def _paths(fit: PlsFit, rows: np.ndarray, draws: Draws) -> PlsReplicates:
    values = fit.answers.to_numpy()[rows]
    return pls_replicates(values, fit.model.design, draws, fit.scheme, fit.tolerance, stages=fit.model.stages)


def _asked(fit: PlsFit, found: PlsReplicates) -> np.ndarray:
    """Paths of the model (R, k), target by target."""
    targets, sources = np.nonzero(fit.model.design.paths.T)
    return found.paths[:, sources, targets]


def _named(fit: PlsFit) -> pd.DataFrame:
    targets, sources = np.nonzero(fit.model.design.paths.T)
    names = np.array(fit.model.constructs, dtype=object)
    return pd.DataFrame({"source": names[sources], "target": names[targets]})


def _compared(
    fit: PlsFit,
    pair: tuple[str, str],
    own: Mapping[str, np.ndarray],
    drawn: Mapping[str, np.ndarray],
    parts: Mapping[str, np.ndarray],
    level: float,
) -> pd.DataFrame:
    """Every path in two groups."""
    (one, two), (first, second) = (own[label] for label in pair), (drawn[label] for label in pair)
    difference = one - two
    tests = group_difference(first, second, difference, (len(parts[pair[0]]), len(parts[pair[1]])))
    ends = intervals(first - second, difference, "percentile", level)
    table = _named(fit)
    table.insert(0, "group_2", pair[1])
    table.insert(0, "group_1", pair[0])
    return table.assign(
        estimate_1=one,
        estimate_2=two,
        difference=difference,
        se_1=tests.se_1,
        se_2=tests.se_2,
        ci_lower=ends.lower,
        ci_upper=ends.upper,
        pvalue=tests.henseler,
        parametric_pvalue=tests.parametric,
        welch_pvalue=tests.welch,
    )
