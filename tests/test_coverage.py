"""95% intervals cover the truth as often as they say (stored simulation: tests/oracles/coverage.py)."""

import importlib.util
import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "oracles"
STORED = json.loads((FOLDER / "coverage.json").read_text(encoding="utf-8"))


def test_intervals_cover_the_generating_values_at_the_nominal_rate():
    assert STORED["made_with"]["converged"] == STORED["made_with"]["replications"]
    assert all(0.935 <= share <= 0.965 for share in STORED["coverage"].values()), STORED["coverage"]


def test_the_stored_simulation_is_what_the_engine_still_gives():
    spec = importlib.util.spec_from_file_location("coverage_simulation", FOLDER / "coverage.py")
    simulation = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(simulation)
    names, hits, _ = simulation.covered(20)
    assert names == list(STORED["coverage"])
    np.testing.assert_array_equal(hits.astype(int), STORED["first"])
