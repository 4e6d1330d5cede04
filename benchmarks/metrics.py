"""NPS by group on ten million rows of a file: seconds and peak memory. Results go to build/benchmarks/metrics.json.

    python benchmarks/metrics.py [--rows 10000000] [--groups 50]

A Parquet and a CSV file of simulated scores are written to a temporary folder; each is counted in a process of its own,
plain and with survey weights, so that the peak resident memory (Linux: VmHWM) is that of the question alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

CHILD = """
import json, sys, time
from pathlib import Path
import cxlab.metrics.nps as metric
path, weights = sys.argv[1], sys.argv[2] or None
started = time.perf_counter()
found = metric.nps("score", data=path, group="store", weights=weights)
seconds = time.perf_counter() - started
status = Path("/proc/self/status").read_text()  # getrusage would count the parent's pages of before the fork
peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
print(json.dumps({"seconds": seconds, "peak_bytes": peak, "n": found.n, "nps": found.estimate}))
"""
LIMIT_SECONDS, LIMIT_BYTES = 5.0, 10**9


def write(folder: Path, rows: int, groups: int) -> list[Path]:
    """The same simulated scores, stores and weights as Parquet and as CSV."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    random = np.random.default_rng(1)
    columns = {
        "score": random.choice(11, rows, p=np.array([3, 1, 1, 2, 2, 5, 6, 12, 24, 20, 24]) / 100).astype("int8"),
        "store": np.char.add("store ", random.integers(0, groups, rows).astype("U4")),
        "weight": random.uniform(0.4, 2.5, rows).round(3),
    }
    paths = [folder / "answers.parquet", folder / "answers.csv"]
    pd.DataFrame(columns).to_parquet(paths[0])
    arrow_csv.write_csv(pa.table(columns), paths[1])
    return paths


def measured(path: Path, weights: str) -> dict[str, float]:
    """Seconds and peak memory of one question, asked by a fresh process."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(path), weights], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def main() -> None:
    """Write the files, ask, print and store."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--groups", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = write(Path(folder), asked.rows, asked.groups)
        found = {
            f"{path.suffix[1:]}{' weighted' if weights else ''}": measured(path, weights)
            for path in paths
            for weights in ("", "weight")
        }
    for name, one in found.items():
        met = one["seconds"] <= LIMIT_SECONDS and one["peak_bytes"] < LIMIT_BYTES
        print(f"{name:<18} {one['seconds']:6.2f} s {one['peak_bytes'] / 1e6:7.0f} MB  {'ok' if met else 'MISSED'}")
    out = Path("build/benchmarks/metrics.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"rows": asked.rows, "groups": asked.groups, "found": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
