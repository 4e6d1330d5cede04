"""What lavaan wrote in tests/oracles/posthoc.json, as `Fitted` models at lavaan's own estimates."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from cxlab.evaluate.fitted import Fitted
from cxlab.specify import Model

ORACLES = Path(__file__).parents[1] / "oracles"


class Case(NamedTuple):
    """lavaan's numbers for one model, and the model for cxlab."""

    lavaan: dict[str, Any]
    fitted: Fitted


@cache
def read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ORACLES / "posthoc.json").read_text(encoding="utf-8"))
    return found


def numbers(values: Any) -> np.ndarray:
    """lavaan's numbers with nan for its NA."""
    return np.array([np.nan if value is None else value for value in np.ravel(np.array(values, dtype=object))], float)


def symmetric(lower: Any) -> np.ndarray:
    """A matrix from its lower triangle by rows."""
    values = numbers(lower)
    size = int((np.sqrt(8 * len(values) + 1) - 1) / 2)
    matrix = np.zeros((size, size))
    matrix[np.tril_indices(size)] = values
    return matrix + np.tril(matrix, -1).T


@cache
def build(name: str) -> Case:
    case = read()["cases"][name]
    args = {key.replace(".", "_"): value for key, value in (case["args"] or {}).items()}
    estimator, grouped, missing = args.pop("estimator", "ML"), args.pop("group", None), args.pop("missing", None)
    if missing:
        args["meanstructure"] = True
    table = Model.parse(case["text"]).partable(kind=case["fun"], n_groups=2 if grouped else 1, **args)
    theta = numbers(case["table"]["est"])[np.array(case["table"]["free"]) > 0]
    cov = np.array([symmetric(one) for one in case["cov"]])
    rows = [_missing_rows(case["names"])] if missing else None
    mean = np.array([numbers(one) for one in case["mean"]])
    vcov = symmetric(case["vcov"])
    return Case(case, Fitted.of(table, theta, cov, np.ravel(case["n_obs"]), mean, vcov, estimator, rows))


def _missing_rows(names: list[str]) -> np.ndarray:
    with (ORACLES / "data/engine_hs_missing.csv").open(encoding="utf-8") as file:
        rows = [
            [float("nan") if row[name] == "NA" else float(row[name]) for name in names] for row in csv.DictReader(file)
        ]
    return np.array(rows)


@pytest.fixture(scope="session")
def case() -> Callable[[str], Case]:
    """A model by its name in posthoc.R."""
    return build


@pytest.fixture(scope="session")
def oracle() -> dict[str, Any]:
    """The whole file."""
    return read()


@pytest.fixture(scope="session")
def values() -> Callable[[Any], np.ndarray]:
    """Turns lavaan's lists into arrays, NA into nan."""
    return numbers
