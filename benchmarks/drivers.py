"""LMG of 15 drivers with 1,000 bootstrap draws, against a loop over subsets. Writes build/benchmarks/drivers.json.

    python benchmarks/drivers.py [--repeats 3]

Simulated: 15 correlated predictors, n = 500. The loop solves one regression a subset (32,767 of them) from the same
covariance matrix with numpy, for one sample, and is scaled up to the sample and 1,000 draws. One BLAS thread.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from math import factorial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

from cxlab.analyses.drivers import drivers

DRIVERS, ROWS, DRAWS = 15, 500, 1000


def simulated() -> pd.DataFrame:
    """Fifteen predictors that share a common part, and an outcome."""
    rng = np.random.default_rng(1)
    predictors = rng.normal(size=(ROWS, 1)) + rng.normal(size=(ROWS, DRIVERS))
    outcome = predictors @ np.linspace(1, 0.1, DRIVERS) + 4 * rng.normal(size=ROWS)
    return pd.DataFrame(predictors, columns=[f"x{k}" for k in range(DRIVERS)]).assign(y=outcome)


def by_loop(cov: np.ndarray) -> np.ndarray:
    """LMG as its definition reads: R² of every subset by one solve each."""
    p = len(cov) - 1
    r2 = np.zeros(2**p)
    for subset in range(1, 2**p):
        own = [k for k in range(p) if subset >> k & 1]
        r2[subset] = cov[own, p] @ np.linalg.solve(cov[np.ix_(own, own)], cov[own, p]) / cov[p, p]
    size = np.array([subset.bit_count() for subset in range(2**p)])
    weight = np.array([factorial(s) * factorial(p - s - 1) / factorial(p) for s in range(p)])
    found = np.empty(p)
    for k in range(p):
        without = np.flatnonzero(np.arange(2**p) >> k & 1 == 0)
        found[k] = weight[size[without]] @ (r2[without | 1 << k] - r2[without])
    return found


def timed(call: Callable[[], object], repeats: int) -> list[float]:
    """Seconds of each of several calls."""
    found = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        found.append(time.perf_counter() - started)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    data = simulated()
    names = [f"x{k}" for k in range(DRIVERS)]
    runs = timed(lambda: drivers("y", names, data, n_boot=DRAWS), repeats)
    everything = timed(lambda: drivers("y", names, data, "all", n_boot=DRAWS), 1)
    cov = np.cov(data.to_numpy(), rowvar=False)
    started = time.perf_counter()
    expected = by_loop(cov)
    loop = time.perf_counter() - started
    found = drivers("y", names, data, n_boot=0).of("lmg").set_index("predictor").loc[names, "importance"]
    scaled = loop * (DRAWS + 1)
    print(f"LMG, {DRIVERS} drivers, {DRAWS} draws: median {statistics.median(runs):.1f} s "
          f"({min(runs):.1f} to {max(runs):.1f})")  # fmt: skip
    print(f"all methods: {everything[0]:.1f} s")
    print(f"loop over subsets, one sample: {loop:.2f} s; scaled to {DRAWS + 1}: {scaled:.0f} s, "
          f"{scaled / statistics.median(runs):.0f} times as long")  # fmt: skip
    print(f"largest difference: {np.abs(found.to_numpy() - expected).max():.1e}")
    folder = Path(__file__).parents[1] / "build" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {"lmg": runs, "all": everything, "loop_one_sample": loop}
    (folder / "drivers.json").write_text(json.dumps(numbers, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
