"""Do 95% intervals hold the values that made the data, survey by survey? A stored simulation; all data are SIMULATED.

Run from the repository's root: .venv/bin/python tests/oracles/recovery.py (some minutes; writes recovery.json beside
it). Each case is a survey as `cx.simulate` makes it and as a researcher would fit it.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from cxlab.study.simulation import MAR
from cxlab.study.simulation.power import Studied, power_studies

TRUTH = """
    SEN =~ 0.8*sen1 + 0.7*sen2 + 0.75*sen3
    EMO =~ 0.85*emo1 + 0.7*emo2 + 0.6*emo3
    SAT =~ 0.8*sat1 + 0.75*sat2 + 0.7*sat3
    SEN ~~ 0.5*EMO
    SAT ~ 0.3*SEN + 0.4*EMO
"""
SEED, REPLICATIONS = 20261122, 2000
CASES: dict[str, dict[str, Any]] = {
    "continuous": {"n": 300},
    "seven_points": {"n": 300, "points": 7},
    "skewed_robust": {"n": 500, "points": 5, "skew": -0.8, "estimator": "MLR"},
    "missing_at_random": {
        "n": 400,
        "missing": MAR(0.2, "sen1", ("sat1", "sat2", "sat3"), slope=1.5),
        "listwise": False,
    },
    "groups": {"n": {"online": 250, "store": 250}},
}


def study(case: str, replications: int, workers: int = 1) -> Studied:
    """The simulated studies of one case."""
    options = {**CASES[case], "standardized": True, "workers": workers}
    return power_studies(TRUTH, options.pop("n"), replications, SEED, **options)


def hits(found: Studied) -> np.ndarray:
    """Whether each study's intervals hold the truth (R, parameters); nan in studies that did not converge."""
    inside = np.abs(found.made.values - found.truth) <= 1.959964 * found.made.se
    return np.where(np.isfinite(found.made.values), inside.astype(float), np.nan)


if __name__ == "__main__":
    stored: dict[str, Any] = {"made_with": {"seed": SEED, "replications": REPLICATIONS}}
    for case in CASES:
        found = study(case, REPLICATIONS, workers=2)
        inside = hits(found)
        stored[case] = {
            "converged": int(np.isfinite(inside).all(axis=1).sum()),
            "coverage": dict(zip(found.names, np.nanmean(inside, axis=0).round(5).tolist(), strict=True)),
            "first": inside[:5].astype(int).tolist(),
        }
        print(case, stored[case]["converged"], np.round([np.nanmin(inside.mean(0)), np.nanmax(inside.mean(0))], 4))
    Path(__file__).with_suffix(".json").write_text(json.dumps(stored) + "\n", encoding="utf-8")
