"""Groups in PLS: are the composites the same (MICOM), and do paths differ (permutation test)?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.pls_flat import refuse_products
from cxlab.analyses.pls_groups_shown import (
    doubtful_groups,
    group_of,
    groups_head,
    groups_notices,
    label_of,
    pairs_named,
    path_columns,
    path_lines,
    with_groups,
)
from cxlab.analyses.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.analyses.sem_data import group_column, group_labels
from cxlab.errors import DataError, Notice
from cxlab.estimate.pls.composites import composites
from cxlab.i18n import Language, format_number, p_text, tr
from cxlab.resample.pls_groups import PermutedGroup, TwoGroups, two_groups
from cxlab.resample.request import given_seed
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

_FEWEST = 10
# Below this limit of c even composites of quite different weights pass step 2.
_POWERLESS = 0.8


@dataclass(frozen=True, repr=False, eq=False)
class PlsGroups(Result):
    """Paths of groups, compared by permutation.

    Attributes
    ----------
    table : DataFrame
        group_1, group_2, source, target, estimate_1, estimate_2, difference (first less second), pvalue (two-sided).
    sizes : dict of group to rows
    status : Series
        Counts over all pairs: permutations, used, not_converged, inadmissible.
    """

    table: pd.DataFrame
    sizes: Mapping[str, int]
    status: pd.Series
    seed: int
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("chin_dibbern_2010",)

    def summary(self, lang: Language | None = None) -> str:
        """Sizes and the paths of both groups with their difference."""
        lines = [groups_head("pls.groups_head", self, lang), *notices_text(self.warnings, lang)]
        return "\n".join([*lines, *path_lines(self.table, self.labels, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Paths of both groups, difference and p."""
        frame = pairs_named(self.table, self.labels, ("source", "target"))
        columns = {
            **path_columns(),
            "pvalue": Column("pls.col_p", "p"),
        }
        note = bilingual("pls.groups_note", n=int(self.status["used"]))
        return in_language(Table(frame, columns, "pls.title_groups", notes=(note,)), lang)


@dataclass(frozen=True, repr=False, eq=False)
class Micom(Result):
    """Measurement invariance of composites in three steps.

    Attributes
    ----------
    table : DataFrame
        group_1, group_2, construct, c (correlation of the scores by both groups' weights), c_limit (lower `alpha`
        quantile under permutation), c_pvalue, mean_difference, mean_lower, mean_upper, mean_pvalue, log_variance_ratio,
        variance_lower, variance_upper, variance_pvalue, invariance ("none", "partial", "full").
    sizes, status : as in `PlsGroups`
    """

    table: pd.DataFrame
    sizes: Mapping[str, int]
    status: pd.Series
    alpha: float
    seed: int
    warnings: tuple[Notice, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("henseler_2016_micom",)

    def summary(self, lang: Language | None = None) -> str:
        """Each construct's invariance, and what may be compared."""
        lines = [groups_head("pls.micom_head", self, lang), *notices_text(self.warnings, lang)]
        for row in self.table.itertuples():
            values = {"c": format_number(row.c, 3, bounded=True, lang=lang), "p": p_text(row.c_pvalue, lang)}
            verdict = tr(f"pls.micom_{row.invariance}", lang, **values)
            pair = " – ".join(group_of(self.labels, group, lang) for group in (row.group_1, row.group_2))
            lines.append(f"  {pair}, {label_of(self.labels, row.construct, lang)}: {verdict}")
        return "\n".join(lines)

    def apa(self, lang: Language | None = None) -> Table:
        """The three steps for each construct."""
        words = {name: bilingual(f"pls.micom_word_{name}") for name in ("none", "partial", "full")}
        frame = pairs_named(self.table, self.labels, ("construct",))
        frame["invariance"] = [words[name] for name in self.table["invariance"]]
        columns = {
            "pair": Column("pls.col_pair"),
            "construct": Column("pls_prediction.col_construct"),
            "c": Column("pls.col_c", "bounded", 3),
            "c_pvalue": Column("pls.col_p", "p"),
            "mean_difference": Column("pls.col_mean_difference", "number"),
            "mean_pvalue": Column("pls.col_p", "p"),
            "log_variance_ratio": Column("pls.col_variance_ratio", "number"),
            "variance_pvalue": Column("pls.col_p", "p"),
            "invariance": Column("pls.col_invariance"),
        }
        digits = 2 if round(self.alpha, 2) == self.alpha else 3
        alpha = each(lambda one: format_number(self.alpha, digits, bounded=True, lang=one))
        note = bilingual("pls.micom_note", n=int(self.status["used"]), alpha=alpha)
        return in_language(Table(frame, columns, "pls.title_micom", notes=(note,)), lang)


def pls_groups(fit: PlsFit, by: str, n: int = 1000, seed: int | None = None) -> PlsGroups:
    """Whether paths differ between groups, by dealing the labels anew.

    When to use it: after `micom` has found at least partial invariance; without it a difference in a path can be one of
    measurement.

    Parameters
    ----------
    fit : PlsFit
    by : str
        Column of the data with the groups; with more than two, every pair.
    n : int
        Permutations.
    seed : int, optional
        The same seed gives the same permutations.

    Returns
    -------
    PlsGroups

    Raises
    ------
    DataError
        Unknown column, one group, a group too small or in which an item does not vary.

    Notes
    -----
    p = (1 + permutations with a difference at least as large) / (1 + permutations). Source: Chin & Dibbern (2010). R:
    ``cSEM::testMGD(.approach_mgd = "Chin")``.

    Examples
    --------
    >>> import cxlab as cx
    >>> data = cx.load_dataset("ecsi_mobile").data.assign(half=["a", "b"] * 125)
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", data, modes="A")
    >>> fit.groups("half", n=99, seed=1).table["group_1"].tolist()
    ['a']
    """
    fit.need_rows(".groups()")
    design = fit.model.design
    parts = group_rows(fit, by)
    drawn = given_seed(seed)
    sources, targets = np.nonzero(design.paths)
    names = np.array(fit.model.constructs, dtype=object)
    tables, states = [], []
    improper: dict[str, bool] = {}
    for one, two in combinations(parts, 2):
        found, dealt, usable = _compare(fit, parts, (one, two), n, drawn)
        improper |= {one: not found.first.admissible[0], two: not found.second.admissible[0]}
        first, second = (part.paths[0, sources, targets] for part in (found.first, found.second))
        permuted = (dealt.first.paths - dealt.second.paths)[usable][:, sources, targets]
        pairs = {"group_1": one, "group_2": two, "source": names[sources], "target": names[targets]}
        numbers = {"estimate_1": first, "estimate_2": second, "difference": first - second}
        pvalue = _share(np.abs(permuted), np.abs(first - second))
        tables.append(pd.DataFrame({**pairs, **numbers, "pvalue": pvalue}))
        states.append(_status(dealt, usable))
    status = pd.concat(states, axis=1).sum(axis=1)
    sizes = {label: len(rows) for label, rows in parts.items()}
    table = pd.concat(tables, ignore_index=True)
    told = (*groups_notices(fit, by, status, seed, drawn), *doubtful_groups(table, improper))
    return PlsGroups(table, sizes, status, drawn, told, with_groups(fit, by, parts))


def pls_micom(fit: PlsFit, by: str, n: int = 1000, seed: int | None = None, alpha: float = 0.05) -> Micom:
    """Whether composites mean the same in groups: the three steps of MICOM.

    When to use it: before paths or means of groups are compared. Step 1, the same items, coding and algorithm, holds
    because one model is fitted to both. Step 2: scores by either group's weights correlate perfectly (partial
    invariance: paths may be compared). Step 3: equal means and variances too (full invariance: groups may be pooled).

    Parameters
    ----------
    fit : PlsFit
    by : str
        Column of the data with the groups; with more than two, every pair.
    n : int
        Permutations.
    seed : int, optional
    alpha : float
        Level of every test, between 0 and 1.

    Returns
    -------
    Micom

    Raises
    ------
    DataError
        As `pls_groups`.
    NotSupportedError
        Products together with higher-order constructs; a fit without complete rows.

    Notes
    -----
    c: both groups' weights applied to all rows, standardised together; of a higher-order construct the weights of both
    stages together. Products are left out: what matters is that their factors are the same. Means and variances: of the
    scores of a model of both groups, first group less second. Source: Henseler et al. (2016). R: ``cSEM::testMICOM``,
    whose version 0.6.1 applies the weights to answers that are not standardised, and in step 3 takes the first rows of
    the file for the first group; its numbers follow from ours with these two changes.

    Examples
    --------
    >>> import cxlab as cx
    >>> data = cx.load_dataset("ecsi_mobile").data.assign(half=["a", "b"] * 125)
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", data, modes="A")
    >>> fit.micom("half", n=99, seed=1).table["construct"].tolist()
    ['Image', 'CUSA1']
    """
    fit.need_rows(".micom()")
    made = composites(fit.model.design, fit.model.stages)
    if made.staged:
        refuse_products(fit.model, ".micom()")
    if not isinstance(alpha, int | float) or not 0 < alpha < 1:
        raise DataError("pls.alpha", alpha=alpha)
    parts = group_rows(fit, by)
    drawn = given_seed(seed)
    tables, states = [], []
    for one, two in combinations(parts, 2):
        found, dealt, usable = _compare(fit, parts, (one, two), n, drawn)
        table = _steps(found, dealt, usable, alpha)
        table.insert(0, "construct", [fit.model.constructs[place] for place in made.constructs])
        table.insert(0, "group_2", two)
        table.insert(0, "group_1", one)
        tables.append(table)
        states.append(_status(dealt, usable))
    status = pd.concat(states, axis=1).sum(axis=1)
    sizes = {label: len(rows) for label, rows in parts.items()}
    table = pd.concat(tables, ignore_index=True)
    told = groups_notices(fit, by, status, seed, drawn)
    factors = [name for name, flag in zip(fit.model.constructs, fit.model.design.corrected, strict=True) if flag]
    if fit.known is not None:
        factors = [name for name in fit.model.constructs if name not in fit.model.higher]
    weak = list(dict.fromkeys(table.loc[table["c_limit"] < _POWERLESS, "construct"]))
    if weak:
        told += (Notice("pls.micom_powerless", {"constructs": ", ".join(weak)}, serious=True),)
    if factors:
        told += (Notice("pls.micom_factors", {"constructs": ", ".join(factors)}, serious=True),)
    return Micom(table, sizes, status, alpha, drawn, told, with_groups(fit, by, parts))


def _steps(found: TwoGroups, dealt: TwoGroups, usable: np.ndarray, alpha: float) -> pd.DataFrame:
    """Steps 2 and 3 for every construct."""
    c, permuted = found.agreement[0], dealt.agreement[usable]
    # a single indicator agrees with itself, up to rounding
    table = pd.DataFrame({"c": c, "c_limit": np.quantile(permuted, alpha, axis=0)})
    table["c_pvalue"] = _share(-np.round(permuted, 10), -np.round(c, 10))
    for name, difference in (("mean", _mean_difference), ("variance", _variance_ratio)):
        own, others = difference(found)[0], difference(dealt)[usable]
        table["mean_difference" if name == "mean" else "log_variance_ratio"] = own
        table[f"{name}_lower"], table[f"{name}_upper"] = np.quantile(others, [alpha / 2, 1 - alpha / 2], axis=0)
        table[f"{name}_pvalue"] = _share(np.abs(others), np.abs(own))
    equal = (table["mean_pvalue"] > alpha) & (table["variance_pvalue"] > alpha)
    table["invariance"] = np.where(table["c_pvalue"] <= alpha, "none", np.where(equal, "full", "partial"))
    return table


def _mean_difference(found: TwoGroups) -> np.ndarray:
    return np.asarray(found.means[0] - found.means[1])


def _variance_ratio(found: TwoGroups) -> np.ndarray:
    return np.asarray(np.log(found.variances[0] / found.variances[1]))


def _share(permuted: np.ndarray, own: np.ndarray) -> np.ndarray:
    """p of values (k,) among permuted ones (R, k): the data are one of the permutations; nan where there is no value.

    Permutations without a value, as where a reliability is not positive, are no evidence either way.
    """
    p = (1 + (permuted >= own - 1e-12).sum(axis=0)) / (1 + np.isfinite(permuted).sum(axis=0))
    return np.where(np.isfinite(own), p, np.nan)


def group_rows(fit: PlsFit, by: str) -> dict[str, np.ndarray]:
    """Places of each group's rows, groups in the order of their first row."""
    labels = group_labels(fit.survey, by)
    if by in fit.model.answers:
        raise DataError("pls.group_is_item", column=by)
    column = group_column(fit.survey, by).reindex(fit.answers.index)
    parts = {label: np.flatnonzero((column == label).to_numpy()) for label in labels}
    sizes = zip(fit.model.design.sizes, fit.model.design.modes, strict=True)
    need = max([_FEWEST, *(size + 1 for size, mode in sizes if mode == "B")])
    for label, rows in parts.items():
        if len(rows) < need:
            raise DataError("pls.group_small", group=label, rows=len(rows), need=need)
        flat = fit.answers.iloc[rows].nunique() < 2
        if flat.any():
            raise DataError("pls.group_constant", group=label, items=", ".join(flat.index[flat][:5]))
    return parts


def _compare(
    fit: PlsFit, parts: Mapping[str, np.ndarray], pair: tuple[str, str], n: int, seed: int
) -> tuple[TwoGroups, TwoGroups, np.ndarray]:
    """Two groups as they are and dealt anew, and which deals can be used."""
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 19:
        raise DataError("pls.permutations", n=n)
    rows = np.concatenate([parts[one] for one in pair])
    member = np.arange(len(rows)) < len(parts[pair[0]])
    values = fit.answers.to_numpy()[rows]
    design, options = fit.model.design, (fit.scheme, fit.tolerance, fit.model.stages)
    found = two_groups(values, design, PermutedGroup(member, 0, seed), *options)
    for label, part in zip(pair, (found.first, found.second), strict=True):
        if not part.converged[0]:
            raise DataError("pls.group_not_converged", group=label)
    dealt = two_groups(values, design, PermutedGroup(member, n, seed), *options)
    return found, dealt, dealt.first.converged & dealt.second.converged


def _status(dealt: TwoGroups, usable: np.ndarray) -> pd.Series:
    admissible = dealt.first.admissible & dealt.second.admissible
    return pd.Series(
        {
            "permutations": len(usable),
            "used": int(usable.sum()),
            "not_converged": int((~usable).sum()),
            "inadmissible": int((usable & ~admissible).sum()),
        }
    )
