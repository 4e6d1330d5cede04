"""The bootstrap of structural models against lavaan's refits to stored resamples: tests/oracles/r/bootstrap.R."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxlab.analyses.bootstrap import bootstrap
from cxlab.analyses.bootstrap_result import SemBootstrap
from cxlab.estimate.sem.engine import Estimation, estimate
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.resample.sem import leave_one_out
from cxlab.specify import Model, ParTable

ROOT = Path(__file__).parents[1]
ORACLE: dict[str, Any] = json.loads((ROOT / "tests/oracles/bootstrap.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = ORACLE["cases"]
FILES = {
    "hs": "tests/oracles/data/engine_hs.csv",
    "hs_missing": "tests/oracles/data/engine_hs_missing.csv",
    "ecsi": "data/ecsi_mobile/mobi.csv",
}
# lavaan was carried to within 5e-7 standard errors of its optimum (`distance`); the bootstrap stops within 1e-5.
TOLERANCE = 1e-5


@cache
def frame(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / FILES[name])


@cache
def fitted(name: str) -> tuple[Estimation, Sample, Request, list[np.ndarray]]:
    """Our fit of a case, what it was fitted to, and R's rows from 0, as positions in each group."""
    case = CASES[name]
    args: dict[str, Any] = case["args"] if isinstance(case["args"], dict) else {}
    parts = list(case["rows"].values()) if isinstance(case["rows"], dict) else case["rows"]
    estimator = args.get("estimator", "ML")
    equal = args.get("group.equal", ())
    table: ParTable = Model.parse(case["text"]).partable(
        kind=case["fun"],
        meanstructure=True if args.get("missing") or args.get("meanstructure") else None,
        fixed_x=estimator == "ML",
        group_labels=list(case["rows"]) if "group" in args else (),
        group_equal=(equal,) if isinstance(equal, str) else tuple(equal),
    )
    names = list(table.variables.ov)
    values = [frame(case["data"])[names].to_numpy(float)[np.asarray(rows) - 1] for rows in parts]
    sample = Sample.of_values(values, names)
    request = Request(estimator=estimator, missing=args.get("missing", "listwise"))
    return estimate(table, sample, request), sample, request, [np.asarray(one) - 1 for one in index_of(case)]


def index_of(case: dict[str, Any]) -> list[Any]:
    index = case["index"]
    return list(index.values()) if isinstance(index, dict) else index


def booted(name: str, **settings: Any) -> SemBootstrap:
    estimation, sample, request, indices = fitted(name)
    given = indices if len(indices) > 1 else indices[0]
    kind = CASES[name]["kind"]
    return bootstrap(estimation, sample, request, indices=given, kind=kind, **({"workers": 1} | settings))


def in_lavaan_order(name: str) -> np.ndarray:
    """Rows of our table in the order of lavaan's rows."""
    lavaan, ours = CASES[name]["table"], fitted(name)[0].table
    keys = list(zip(ours.lhs, ours.op, ours.rhs, ours.group.tolist(), strict=True))
    rows = zip(lavaan["lhs"], lavaan["op"], lavaan["rhs"], lavaan["group"], strict=True)
    return np.array([keys.index(key) for key in rows if key[1] not in ("==", ":=")])


@pytest.mark.parametrize("name", CASES)
def test_replicates_are_lavaans_on_the_same_rows(name: str) -> None:
    case = CASES[name]
    full = case["full"]
    ours = booted(name)
    assert all(case["ok"])
    assert (ours.outcome.isin(["proper", "improper"])).all()
    table = fitted(name)[0].table
    rows = in_lavaan_order(name)
    free = np.array(
        [value for value, op in zip(case["table"]["free"], case["table"]["op"], strict=True) if op not in ("==", ":=")]
    )
    values = ours.replicates("est").to_numpy()[:, rows[free > 0]]
    theirs = np.array(case["theta"], dtype=float)
    assert np.array_equal(np.flatnonzero(table.free), np.sort(rows[free > 0]))
    se = np.array(full["se"])
    assert np.abs((values - theirs) / se).max() < TOLERANCE


@pytest.mark.parametrize("name", [name for name in CASES if name != "fiml"])
def test_chi_squares_are_lavaans(name: str) -> None:
    np.testing.assert_allclose(booted(name).chisq, CASES[name]["chisq"], rtol=1e-7, atol=1e-6)


@pytest.mark.parametrize("name", ["structural", "ecsi", "groups", "mimic", "gls", "fiml"])
def test_standardised_solutions_and_r2_are_lavaans(name: str) -> None:
    case, ours, rows = CASES[name], booted(name), in_lavaan_order(name)
    keep = [op not in ("==", ":=") for op in case["table"]["op"]]
    theirs = np.array(case["std_all"], dtype=float)[:, : len(keep)][:, keep]
    np.testing.assert_allclose(ours.replicates("std_all").to_numpy()[:, rows], theirs, rtol=1e-5, atol=2e-6)
    r2 = ours.replicates("r2").to_numpy()
    np.testing.assert_allclose(np.sort(r2, axis=1), np.sort(np.array(case["r2"], dtype=float), axis=1), atol=2e-6)


@pytest.mark.parametrize("position", range(6))
def test_intervals_are_lavaans(position: int) -> None:
    """Same replicates to 1e-5 se, so the same intervals to that; bias-corrected ones jump if a replicate crosses."""
    wanted = ORACLE["intervals"]
    ends = wanted["ends"][position]
    kind = {"perc": "percentile", "basic": "basic", "bca.simple": "bc"}[ends["type"]]
    ours = booted("structural", ci=kind, level=ends["level"]).table
    keys = list(zip(wanted["lhs"], wanted["op"], wanted["rhs"], strict=True))
    order = [keys.index(key) for key in zip(ours["lhs"], ours["op"], ours["rhs"], strict=True)]
    for column, side in (("ci_lower", "lower"), ("ci_upper", "upper")):
        np.testing.assert_allclose(ours[column], np.array(ends[side])[order], atol=3e-6)


def test_standard_errors_have_divisor_b_minus_1() -> None:
    ours, theta = booted("structural").table, np.array(CASES["structural"]["theta"])
    table = fitted("structural")[0].table
    free = np.array(CASES["structural"]["table"]["free"])
    se = ours["se"].to_numpy()[np.flatnonzero(table.free)]
    np.testing.assert_allclose(se, theta.std(axis=0, ddof=1)[free[free > 0] - 1], rtol=1e-5)


def test_bca_intervals_and_acceleration_are_boots() -> None:
    wanted = ORACLE["bca"]
    estimation, sample, request, _ = fitted("structural")
    jackknife = leave_one_out(estimation, sample, request)
    assert len(jackknife) == 1
    assert jackknife[0].used.sum() == 301
    table = booted("structural", ci="bca").table
    rows = np.flatnonzero(estimation.table.free)
    rows = np.append(rows, np.flatnonzero(table["op"] == ":="))
    np.testing.assert_allclose(table["est"].to_numpy()[rows], wanted["t0"], atol=1e-5)
    np.testing.assert_allclose(table["ci_lower"].to_numpy()[rows], wanted["lower"], atol=1e-5)
    np.testing.assert_allclose(table["ci_upper"].to_numpy()[rows], wanted["upper"], atol=1e-5)


@pytest.mark.parametrize("name", ["bollen_stine", "bollen_stine_groups"])
def test_bollen_stine_p_is_the_share_of_worse_replicates(name: str) -> None:
    assert booted(name).bollen_stine_p == pytest.approx(CASES[name]["bollen_stine_p"])
