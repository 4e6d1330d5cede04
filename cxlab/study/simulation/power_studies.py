"""One plan's simulated studies: the model fitted to the population, then to every study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cxlab.analyses.sem_options import Options as SemOptions
from cxlab.analyses.sem_options import checked
from cxlab.errors import DataError, ModelError, NotSupportedError
from cxlab.estimate.sem.engine import Estimation
from cxlab.estimate.sem.request import ESTIMATORS, ORDINAL_ONLY, Request
from cxlab.specify import Model, ParTable
from cxlab.study.simulation.moments import measured_moments
from cxlab.study.simulation.plan import OPTIONS, Plan, read_plan
from cxlab.study.simulation.replicates import Studies, reported, studies
from cxlab.study.simulation.target import free_model, target

Size = int | Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Studied:
    """Simulated studies of one plan.

    Attributes
    ----------
    plan : Plan
    found : Estimation
        The fitted model at the population.
    request : Request
    made : Studies
    """

    plan: Plan
    found: Estimation
    request: Request
    made: Studies

    @cached_property
    def rows(self) -> np.ndarray:
        """The table's rows that the studies' columns stand for."""
        return reported(self.found)

    @property
    def truth(self) -> np.ndarray:
        """Values in the population, by column."""
        return np.asarray(self.found.values[self.rows])

    @property
    def names(self) -> list[str]:
        """What each column is, as lavaan writes it."""
        table = self.found.table
        suffix = {1: "", 0: ""}
        return [
            f"{table.lhs[row]}{table.op[row]}{table.rhs[row]}{suffix.get(group, f'.g{group}')}"
            for row, group in zip(self.rows, table.group[self.rows].tolist(), strict=True)
        ]


def power_studies(
    model: str | Model,
    n: Size,
    reps: int,
    seed: int,
    *,
    fit_model: str | Model | None = None,
    estimator: str = "ML",
    std_lv: bool = False,
    group_equal: str | Iterable[str] = (),
    listwise: bool = True,
    workers: int = 1,
    standardized: bool = False,
    **options: Any,
) -> Studied:
    """Simulate and fit the studies of one n; parameters as in `power`."""
    equal = (group_equal,) if isinstance(group_equal, str) else tuple(group_equal)
    unknown = [name for name in options if name not in ("codebook", *OPTIONS)]
    if unknown:
        raise DataError(
            "simulation.unknown_word", option="cx.power", value=unknown[0], known=", ".join(("codebook", *OPTIONS))
        )
    if str(estimator).upper() in ORDINAL_ONLY:  # before the advice to name ordinal items, which a study cannot have
        raise NotSupportedError("simulation.estimator_ordinal", value=estimator, known=", ".join(ESTIMATORS))
    read = checked(SemOptions(estimator=estimator, std_lv=std_lv, group_equal=equal), None)
    if read.estimator not in ESTIMATORS:
        raise NotSupportedError("simulation.estimator_ordinal", value=read.estimator, known=", ".join(ESTIMATORS))
    request = Request(estimator=read.estimator, missing="listwise" if listwise else "fiml", baseline=False)
    plan = read_plan(model, n, seed, standardized=standardized, **options)
    found = _target(plan, fit_model, read, listwise)
    return Studied(plan, found, request, studies(plan, found, request, reps, seed, workers))


def _target(plan: Plan, fit_model: str | Model | None, read: SemOptions, listwise: bool) -> Estimation:
    """The fitted model at the population, where every search starts."""
    found = plan.population
    fitted = free_model(found) if fit_model is None else fit_model
    parsed = fitted if isinstance(fitted, Model) else Model.parse(fitted)
    table: ParTable = parsed.partable(
        found.names,
        std_lv=read.std_lv,
        group_labels=found.groups,
        group_equal=read.group_equal,
        meanstructure=None if listwise else True,
        fixed_x=read.covariates_fixed,
    )
    cov, mean = measured_moments(plan)
    estimation = target(table, found.names, cov, mean, plan.sizes)
    small = min(plan.sizes)
    if small <= len(table.variables.ov):
        raise DataError("sem.too_few_rows", n=small, items=len(table.variables.ov))
    if table.n_free == 0:
        raise ModelError("simulation.nothing_free")
    return estimation
