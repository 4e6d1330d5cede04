"""Speed of structural models against lavaan (Rscript) and semopy, in one run: fit, bootstrap, FIML, and cost curves.

    python benchmarks/sem.py                # some ten minutes, most of it lavaan's and semopy's
    python benchmarks/sem.py --repeats 3 --replicates 20 --no-curves

30 items in six factors with five paths between them, n = 500, simulated. One BLAS thread and one worker everywhere,
but where more are named. Rivals take turns, so that a busy machine slows all of them; medians and ranges are printed.
lavaan and semopy bootstrap only `--replicates` samples; their time for 1,000 is scaled up, which is said.
Writes build/benchmarks/sem.csv, sem_curves.csv and sem_curves.png.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_info, threadpool_limits

HERE = Path(__file__).parent
OUT = HERE.parent / "build" / "benchmarks"
FACTORS, EACH, ROWS = 6, 5, 500
PATHS = "f3 ~ f1 + f2\nf4 ~ f3\nf5 ~ f3 + f4\nf6 ~ f5 + f1"
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
R = ("Rscript", "--vanilla", str(HERE / "sem.R"))
Times = dict[str, list[float]]


def model_text(each: int = EACH) -> str:
    """Six factors with `each` items, and the paths between them."""
    loads = [
        f"f{factor + 1} =~ " + " + ".join(f"x{factor * each + item + 1}" for item in range(each))
        for factor in range(FACTORS)
    ]
    return "\n".join([*loads, PATHS]) + "\n"


def simulated(rows: int = ROWS, each: int = EACH, seed: int = 20261122) -> pd.DataFrame:
    """Normal data from the model: loadings between .5 and .9, paths between .2 and .5."""
    random = np.random.default_rng(seed)
    beta = np.zeros((FACTORS, FACTORS))
    for target, source, value in (
        (2, 0, 0.4),
        (2, 1, 0.3),
        (3, 2, 0.5),
        (4, 2, 0.3),
        (4, 3, 0.3),
        (5, 4, 0.5),
        (5, 0, 0.2),
    ):
        beta[target, source] = value
    disturbances = random.normal(size=(rows, FACTORS)) * 0.85
    disturbances[:, 1] = 0.4 * disturbances[:, 0] + 0.9 * disturbances[:, 1]
    factors = disturbances @ np.linalg.inv(np.eye(FACTORS) - beta).T
    loadings = random.uniform(0.5, 0.9, FACTORS * each)
    items = np.repeat(factors, each, axis=1) * loadings + random.normal(size=(rows, FACTORS * each)) * 0.7
    return pd.DataFrame(items, columns=[f"x{item + 1}" for item in range(FACTORS * each)])


def with_holes(data: pd.DataFrame, share: float = 0.0502) -> pd.DataFrame:
    """Answers missing completely at random: 234 patterns."""
    return data.mask(np.random.default_rng(7).random(data.shape) < share)


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def by_cxlab(data: pd.DataFrame, missing: str = "listwise") -> float:
    """Fit, estimates with standard errors and standardised solutions, fit measures."""
    import cxlab as cx

    def work() -> None:
        fit = cx.sem(model_text(), data, missing=missing, meanstructure=missing == "fiml" or None)
        _ = fit.estimates, fit.fit_measures  # made when first looked at

    return timed(work)


def by_semopy(data: pd.DataFrame) -> float:
    """Fit, estimates with standard errors and standardised solution, fit measures."""
    import semopy

    def work() -> None:
        model = semopy.Model(model_text())
        model.fit(data)
        model.inspect(std_est=True)
        semopy.calc_stats(model)

    return timed(work)


def by_lavaan(what: str, data: Path, *more: str) -> dict[str, float]:
    """One measurement in R; its own seconds, without starting R."""
    found: dict[str, float] = json.loads(output_of(*R, what, str(OUT / "model.txt"), str(data), *more))
    return found


def output_of(*command: str) -> str:
    """The last line that a command prints, run with one thread for matrix products."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | ONE_THREAD)
    return done.stdout.strip().splitlines()[-1]


def compare_fits(data: pd.DataFrame, path: Path, repeats: int) -> Times:
    """Seconds for one full fit with report."""
    by_cxlab(data), by_semopy(data)  # imports are not counted
    times: Times = {"cxlab": [], "lavaan": [], "semopy": []}
    for _ in range(repeats):
        times["cxlab"].append(median(by_cxlab(data) for _ in range(5)))
        times["lavaan"].append(by_lavaan("fit", path)["seconds"])
        times["semopy"].append(by_semopy(data))
    return times


def compare_bootstraps(data: pd.DataFrame, path: Path, repeats: int, replicates: int) -> Times:
    """Seconds for 1,000 replicates; lavaan's and semopy's from `replicates`, scaled."""
    import semopy

    import cxlab as cx

    fit = cx.sem(model_text(), data)
    times: Times = {"cxlab": [], "lavaan": [], "semopy": []}
    random = np.random.default_rng(1)
    for _ in range(repeats):
        times["cxlab"].append(timed(lambda: fit.bootstrap(1000, seed=1, workers=1)))
        taken = by_lavaan("bootstrap", path, str(replicates))
        times["lavaan"].append(taken["seconds"] * 1000 / replicates)
        picks = random.integers(0, ROWS, (max(5, replicates // 5), ROWS))
        drawn = [data.iloc[pick].reset_index(drop=True) for pick in picks]

        def refit(samples: Iterable[pd.DataFrame] = drawn) -> None:
            for sample in samples:
                semopy.Model(model_text()).fit(sample)

        times["semopy"].append(timed(refit) * 1000 / len(drawn))
    return times


def compare_fiml(data: pd.DataFrame, path: Path, repeats: int) -> Times | None:
    """Seconds for one full fit with report on rows with missing answers; None where the engine has no FIML."""
    from cxlab.errors import CxlabError

    try:
        by_cxlab(data, "fiml")
    except CxlabError as error:
        print(f"FIML skipped: {error}")
        return None
    times: Times = {"cxlab": [], "lavaan": []}
    for _ in range(repeats):
        times["cxlab"].append(by_cxlab(data, "fiml"))
        times["lavaan"].append(by_lavaan("fiml", path)["seconds"])
    return times


def large_bootstrap(workers: int) -> dict[str, float]:
    """5,000 replicates in this process: seconds, and its peak memory with everything loaded."""
    import cxlab as cx

    fit = cx.sem(model_text(), simulated())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = timed(lambda: fit.bootstrap(5000, seed=1, workers=workers))
    unit = 2**30 if sys.platform == "darwin" else 2**20
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": taken, "peak_gib": after / unit, "more_gib": (after - before) / unit}


def curves() -> pd.DataFrame:
    """Cost against items, rows and replicates, one at a time: seconds for a fit and for 1,000 replicates, or B."""
    import cxlab as cx

    rows = []
    plans = [("items", FACTORS * each, each, ROWS, 1000) for each in (3, 5, 8, 12, 16)]
    plans += [("n", n, EACH, n, 1000) for n in (200, 500, 2000, 10_000, 50_000)]
    plans += [("B", b, EACH, ROWS, b) for b in (100, 500, 1000, 5000, 10_000)]
    for axis, value, each, n, replicates in plans:
        data = simulated(n, each)
        fit = cx.sem(model_text(each), data)
        fitting = [timed(lambda d=data, e=each: cx.sem(model_text(e), d)) for _ in range(3)]
        booting = [timed(lambda f=fit, b=replicates: f.bootstrap(b, seed=1, workers=1)) for _ in range(3)]
        fits, boots = median(fitting), median(booting)
        rows.append({"axis": axis, "value": value, "fit": fits, "bootstrap": boots, "B": replicates})
        print(f"  {axis:>5} = {value:<6}  fit {fits:.3f} s, bootstrap (B = {replicates}) {boots:.2f} s")
    return pd.DataFrame(rows)


def draw(frame: pd.DataFrame, path: Path) -> None:
    """Three panels on logarithmic axes."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, NullFormatter

    from cxlab.show.style import figure_style

    titles = {"items": "Items (six factors)", "n": "Rows", "B": "Replicates"}
    plain = FuncFormatter(lambda value, _: f"{value:,g}")
    with figure_style():
        figure = Figure(figsize=(7.6, 3.0), layout="constrained")
        for axes, (axis, title) in zip(figure.subplots(1, 3, sharey=True), titles.items(), strict=True):
            part = frame[frame["axis"] == axis]
            axes.plot(
                part["value"], part["bootstrap"], "o-", color="#225FC2", label="bootstrap (B = 1,000, or as shown)"
            )
            if axis != "B":
                axes.plot(part["value"], part["fit"], "s-", color="#B5650D", label="fit with report")
            axes.set(xscale="log", yscale="log", xlabel=title)
            axes.set_xticks(part["value"].iloc[::2])
            axes.xaxis.set_major_formatter(plain)
            axes.yaxis.set_major_formatter(plain)
            axes.xaxis.set_minor_formatter(NullFormatter())
            axes.yaxis.set_minor_formatter(NullFormatter())
        figure.axes[0].set_ylabel("Seconds, one thread")
        figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
        figure.savefig(path, dpi=150)


def measured(values: list[float]) -> dict[str, float]:
    """Median and range, for the CSV."""
    return {"median": median(values), "min": min(values), "max": max(values)}


def spread(values: list[float]) -> str:
    """Median and range."""
    return f"{median(values):9.3f} s  ({min(values):.3f} to {max(values):.3f})"


def report(title: str, times: Times, goals: dict[str, float], scaled: str = "") -> list[dict[str, object]]:
    """Print a comparison; rows for the CSV. A machine that changes its pace changes it for both sides of a turn."""
    print(title)
    rows: list[dict[str, object]] = []
    for name, values in times.items():
        pairs = [other / mine for other, mine in zip(values, times["cxlab"], strict=True)]
        ratio = median(pairs)
        line = f"  {name:<7} {spread(values)}"
        if name != "cxlab":
            line += f"   {ratio:7.1f}x ({min(pairs):.1f} to {max(pairs):.1f})"
            if name in goals:
                line += f"   goal {goals[name]:g}x: {'met' if ratio >= goals[name] else 'MISSED'}"
            line += scaled
        print(line)
        rows.append({"what": title, "who": name, **measured(values), "ratio": ratio})
    return rows


def machine() -> None:
    """What it ran on."""
    names = ("numpy", "scipy", "pandas", "semopy")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in names))
    print("R and lavaan:", output_of(*R, "version"))
    threads = ", ".join(f"{one['internal_api']} {one['num_threads']}" for one in threadpool_info())
    print(f"{os.cpu_count()} cores, load {load:.2f} (others are at work if above 0.3), BLAS threads: {threads}")


def main() -> None:
    """Run everything and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="turns of each rival")
    parser.add_argument("--replicates", type=int, default=50, help="lavaan's bootstrap replicates before scaling")
    parser.add_argument("--no-curves", action="store_true", help="leave out cost against items, rows and replicates")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.update(ONE_THREAD)  # for what is loaded from here on
    threadpool_limits(1)  # for numpy, which is there already
    if arguments.child:
        print(json.dumps(large_bootstrap(arguments.child)))
        return
    if not shutil.which("Rscript"):
        sys.exit("Rscript is not on the path. On Debian and Ubuntu: apt install r-cran-lavaan")
    OUT.mkdir(parents=True, exist_ok=True)
    data, holes = simulated(), with_holes(simulated())
    paths = {"full": OUT / "full.csv", "holes": OUT / "holes.csv"}
    data.to_csv(paths["full"], index=False)
    holes.to_csv(paths["holes"], index=False, na_rep="NA")
    (OUT / "model.txt").write_text(model_text(), encoding="utf-8")
    machine()
    rows = compared(data, holes, paths, arguments.repeats, arguments.replicates)
    rows += large(arguments.repeats)
    pd.DataFrame(rows).to_csv(OUT / "sem.csv", index=False)
    if not arguments.no_curves:
        print("Cost curves")
        frame = curves()
        frame.to_csv(OUT / "sem_curves.csv", index=False)
        draw(frame, OUT / "sem_curves.png")
    print(f"written to {OUT.relative_to(HERE.parent)}")


def compared(
    data: pd.DataFrame, holes: pd.DataFrame, paths: dict[str, Path], repeats: int, replicates: int
) -> list[dict[str, object]]:
    """The three comparisons."""
    title = f"Fit with report, {data.shape[1]} items, n = {len(data)}"
    rows = report(title, compare_fits(data, paths["full"], repeats), {"lavaan": 8})
    booted = compare_bootstraps(data, paths["full"], repeats, replicates)
    note = f"   scaled from {replicates} (semopy {max(5, replicates // 5)}) replicates"
    rows += report("Bootstrap, B = 1,000, one worker", booted, {"lavaan": 80, "semopy": 140}, note)
    patterns = len(np.unique(holes.isna(), axis=0))
    missing = compare_fiml(holes, paths["holes"], repeats)
    if missing is not None:
        rows += report(f"FIML with report, {patterns} patterns", missing, {"lavaan": 5})
    return rows


def large(repeats: int) -> list[dict[str, object]]:
    """5,000 replicates in processes of their own, by one worker and by one a core."""
    rows: list[dict[str, object]] = []
    for workers in sorted({1, os.cpu_count() or 1}):
        found = [json.loads(output_of(sys.executable, __file__, "--child", str(workers))) for _ in range(repeats)]
        seconds, peak = [one["seconds"] for one in found], max(one["peak_gib"] for one in found)
        met = "met" if median(seconds) <= 5 and peak <= 0.931 else "MISSED"
        print(f"Bootstrap, B = 5,000, {workers} worker(s)")
        print(f"  cxlab   {spread(seconds)}   peak {peak:.2f} GiB   goal 5 s, 1 GB: {met}")
        rows.append({"what": "B = 5,000", "who": f"cxlab, {workers}", **measured(seconds), "peak_gib": peak})
    return rows


if __name__ == "__main__":
    main()
