"""From a fitted panel to tables of paths, and to the numbers a shock needs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import ndtri

from cxlab.analyses.sem_result import SemFit
from cxlab.journey.carry_over_model import paths, variable
from cxlab.journey.carry_over_plan import Plan
from cxlab.journey.carry_over_shocks import Dynamics

_VALUES = ["est", "se", "z", "pvalue"]
COLUMNS = ["outcome", "cause", "kind", "wave", *_VALUES, "ci_lower", "ci_upper", "std"]


def path_tables(plan: Plan, fit: SemFit, variant: str, apart: bool, level: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paths as reported (one row each where held equal), and every path of every wave."""
    estimates = fit.estimates
    known = estimates[estimates["op"] == "~"].set_index(["lhs", "rhs"])
    rows = []
    for path in paths(plan):
        for before, now in pairwise(plan.waves):
            cause = variable(plan, path.cause, before if path.lag else now, apart)
            row = known.loc[(variable(plan, path.outcome, now, apart), cause)]
            values = {name: float(row[name]) for name in _VALUES}
            rows.append(
                {"outcome": path.outcome, "cause": path.cause, "kind": path.kind, "wave": now, **values}
                | {"std": float(row["std_all"])}
            )
    by_wave = pd.DataFrame(rows)
    reach = float(ndtri(0.5 + level / 2)) * by_wave["se"]
    by_wave = by_wave.assign(ci_lower=by_wave["est"] - reach, ci_upper=by_wave["est"] + reach)[COLUMNS]
    if variant == "free":
        return by_wave, by_wave
    mean = by_wave.groupby(["outcome", "cause", "kind"], sort=False)["std"].transform("mean")
    table = by_wave.assign(std=mean, wave="").drop_duplicates(["outcome", "cause", "kind"])
    return table.reset_index(drop=True), by_wave


def dynamics(plan: Plan, fit: SemFit, apart: bool) -> Dynamics:
    """Equal paths, their covariances, and the measures' standard deviations in the waves after the first."""
    every = paths(plan)
    labels = [path.label for path in every]
    found = fit.estimates.drop_duplicates("label").set_index("label")["est"]
    names = np.array(fit.vcov.index)
    first = [int(np.flatnonzero(names == label)[0]) for label in labels]
    covariance = fit.vcov.to_numpy()[np.ix_(first, first)]
    variances = _variances(fit)
    sd = [
        np.sqrt(np.mean([variances[variable(plan, measure, wave, apart)] for wave in plan.waves[1:]]))
        for measure in plan.items
    ]
    values = np.array([found[label] for label in labels], dtype=float)
    return Dynamics(tuple(plan.items), every, values, covariance, np.array(sd))


def _variances(fit: SemFit) -> dict[str, float]:
    both = [fit.of_group(fit.implied_cov, 1), fit.of_group(fit.latent_cov, 1)]
    return {str(name): float(one.loc[name, name]) for one in both for name in one.index}
