"""Speed of the survey room: `import cxlab` cold, and reading and screening a large Likert file from Parquet.

    python benchmarks/survey.py                  # 1,000,000 x 40; targets 15 s, 3 GB, import 1.5 s
    python benchmarks/survey.py --rows 100000

The file is made in a temporary folder. Each measurement runs in a process of its own, whose peak memory it prints.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ITEMS, PER_CONSTRUCT = 40, 5
_MAKE = "import sys; sys.path.insert(0, sys.argv[1]); from survey import make; make(sys.argv[2], int(sys.argv[3]))"


def make(path: Path, rows: int) -> None:
    """Answers on 1 to 5 with eight constructs, some straight lines and duplicates, as unsigned bytes, and seconds."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(20260101)
    columns = {}
    for construct in range(ITEMS // PER_CONSTRUCT):
        trait = rng.standard_normal(rows, dtype=np.float32)
        for item in range(PER_CONSTRUCT):
            noise = rng.standard_normal(rows, dtype=np.float32)
            columns[f"c{construct + 1}_{item + 1}"] = np.clip(np.rint(3 + trait + noise), 1, 5).astype(np.uint8)
    frame = pd.DataFrame(columns)
    frame.iloc[: rows // 50] = 3
    frame["duration"] = rng.lognormal(5.5, 0.5, rows).astype(np.float32)
    frame.to_parquet(path, index=False)


def read_and_screen(path: Path) -> dict[str, float]:
    """Seconds for each step in this process, and its peak memory."""
    import cxlab as cx

    start = time.perf_counter()
    survey = cx.read_survey(path)
    read = time.perf_counter()
    screened = survey.screen(
        min_seconds="median/3",
        longstring="half",
        straightline=True,
        irv=0.3,
        mahalanobis=0.001,
        even_odd=0.3,
        duration="duration",
    )
    screen = time.perf_counter()
    table = screened.flags_table
    print(table[["rule", "flagged", "only_by_this_rule", "not_judged"]].to_string(index=False), file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
    return {"rows": len(survey), "read": read - start, "screen": screen - read, "peak_gib": peak}


def import_seconds(statement: str) -> float:
    """Median of five runs of an import, each in a new process."""
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    return sorted(float(run.stdout) for run in runs)[2]


def main() -> None:
    """Make the file, run the measurements, print them with what they ran on."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(read_and_screen(arguments.child)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "likert.parquet"
        maker = [sys.executable, "-c", _MAKE, str(Path(__file__).parent), str(path), str(arguments.rows)]
        subprocess.run(maker, check=True)
        command = [sys.executable, __file__, "--child", str(path)]
        child = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(child.stdout)
    packages = " ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "scipy", "pyarrow"))
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "default")
    print(f"Python {platform.python_version()}, {packages}; {os.cpu_count()} cores, BLAS threads: {threads}")
    print(f"import cxlab          {import_seconds('import cxlab'):6.2f} s   (target 1.5)")
    print(f"... and read_survey   {import_seconds('import cxlab; cxlab.read_survey'):6.2f} s")
    total = found["read"] + found["screen"]
    print(f"read                  {found['read']:6.2f} s   {found['rows']:,} rows x {ITEMS} items")
    print(f"screen, all rules     {found['screen']:6.2f} s")
    print(f"read + screen         {total:6.2f} s   (target 15)")
    print(f"peak memory           {found['peak_gib']:6.2f} GiB (target 2.79, which is 3 GB)")


if __name__ == "__main__":
    main()
