"""Speed of the journey room: reading events, the map, funnel, transitions and summaries of 1,000,000 events.

python benchmarks/journey.py                 # 1,000,000 events of 100,000 customers; target for the map 10 s
python benchmarks/journey.py --events 100000
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

TARGETS = {"events_and_map": 10.0}


def make(events: int) -> Any:
    """A log in order of time: eight stages, forty touchpoints, ten events a customer, one rating in seven missing."""
    import numpy as np
    import pandas as pd

    from cxlab.theory.tables import theory_table

    rng = np.random.default_rng(20260101)
    stages = theory_table("stages8").table["key"].to_numpy(dtype=str)
    place = rng.integers(0, len(stages), events)
    customer = rng.integers(0, max(events // 10, 2), events)
    touchpoint = place * 5 + rng.integers(0, 5, events)
    mood = rng.normal(0, 0.6, customer.max() + 1)[customer]
    valence = np.clip(np.rint(1 + mood + rng.normal(0, 1, events)), -3, 3)
    valence[rng.random(events) < 1 / 7] = np.nan
    seconds = np.sort(rng.integers(0, 31_536_000, events))
    return pd.DataFrame(
        {
            "event": np.arange(events),
            "customer": np.char.add("C", customer.astype(str)),
            "time": pd.Timestamp("2024-01-01") + pd.to_timedelta(seconds, unit="s"),
            "stage": stages[place],
            "touchpoint": np.char.add("t", touchpoint.astype(str)),
            "owner": np.array(["brand", "partner", "customer", "social"])[touchpoint % 4],
            "channel": np.array(["web", "store", "phone"])[touchpoint % 3],
            "contact": np.array(["direct", "indirect"])[touchpoint % 2],
            "valence": valence,
            "overall": np.clip(np.rint(6 + 2 * mood), 0, 10),
        }
    )


def timed(action: Callable[[], Any]) -> tuple[Any, float]:
    """What an action gives, and its seconds."""
    start = time.perf_counter()
    found = action()
    return found, time.perf_counter() - start


def main() -> None:
    """Make the log, run the steps, print their seconds with what they ran on; a missed target ends in an error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    count = parser.parse_args().events
    from cxlab.journey.events import journey_events
    from cxlab.journey.funnel import funnel
    from cxlab.journey.map import journey_map
    from cxlab.journey.summaries import journey_summaries
    from cxlab.journey.transitions import transitions

    log = make(count)
    events, reading = timed(lambda: journey_events(log))
    found, mapping = timed(lambda: journey_map(events))
    seconds = {"journey_events": reading, "journey_map": mapping, "events_and_map": reading + mapping}
    seconds["plot"] = timed(found.plot)[1]
    seconds["funnel"] = timed(lambda: funnel(events))[1]
    seconds["transitions"] = timed(lambda: transitions(events))[1]
    seconds["journey_summaries"] = timed(lambda: journey_summaries(events, "overall", n_boot=200))[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
    machine = {"python": platform.python_version(), **{name: version(name) for name in ("numpy", "pandas")}}
    rounded = {name: round(value, 2) for name, value in seconds.items()}
    print(json.dumps({"events": count, "seconds": rounded, "peak_gib": round(peak, 2), "machine": machine}))
    missed = [name for name, target in TARGETS.items() if seconds[name] > target]
    if missed:
        sys.exit(f"slower than the target: {', '.join(missed)}")


if __name__ == "__main__":
    main()
