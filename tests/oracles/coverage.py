"""Do 95% intervals cover the truth 95 times in 100? A stored simulation; the data are SIMULATED from known values.

Run from the repository's root: .venv/bin/python tests/oracles/coverage.py (about a minute; writes coverage.json
beside it).
"""

import json
from pathlib import Path

import numpy as np

from cxlab.estimate.sem.engine import estimate
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.specify import Model, matrices

TRUTH = """
    SEN =~ 1*s1 + 0.9*s2 + 0.8*s3
    EMO =~ 1*e1 + 1.1*e2 + 0.7*e3
    LOY =~ 1*l1 + 0.9*l2 + 1.2*l3
    LOY ~ 0.4*SEN + 0.3*EMO
    SEN ~~ 1*SEN + 0.5*EMO
    EMO ~~ 1*EMO
    LOY ~~ 0.6*LOY
    s1 ~~ 0.8*s1
    s2 ~~ 0.7*s2
    s3 ~~ 1*s3
    e1 ~~ 0.6*e1
    e2 ~~ 0.9*e2
    e3 ~~ 0.8*e3
    l1 ~~ 0.7*l1
    l2 ~~ 0.8*l2
    l3 ~~ 0.9*l3
"""
FREE = """
    SEN =~ s1 + s2 + s3
    EMO =~ e1 + e2 + e3
    LOY =~ l1 + l2 + l3
    LOY ~ SEN + EMO
"""
SEED, N, REPLICATIONS = 20261122, 300, 4000


def population() -> tuple[list[str], np.ndarray, dict[str, float]]:
    """Items, their covariance matrix under the true values, and the true values by parameter."""
    table = Model.parse(TRUTH).partable()
    places = matrices(table)
    lambda_, beta, psi, theta = (matrix[0] for matrix in places.assemble(np.zeros(0))[:4])
    total = np.linalg.inv(np.eye(len(beta)) - beta)
    cov = lambda_ @ total @ psi @ total.T @ lambda_.T + theta
    truth = {f"{a}{op}{b}": v for a, op, b, v in zip(table.lhs, table.op, table.rhs, table.ustart, strict=True)}
    return list(places.observed), cov, truth


def covered(replications: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names of the free parameters, and for each replication whether its interval holds the truth, and convergence."""
    items, cov, truth = population()
    table = Model.parse(FREE).partable(observed=items)
    free = np.flatnonzero(table.free)
    names = [f"{table.lhs[row]}{table.op[row]}{table.rhs[row]}" for row in free]
    true = np.array([truth[name] for name in names])
    root, hits, fine = np.linalg.cholesky(cov), [], []
    for child in np.random.SeedSequence(SEED).spawn(replications):
        rows = np.random.default_rng(child).standard_normal((N, len(items))) @ root.T
        fit = estimate(table, Sample.of_moments([np.cov(rows.T, bias=True)], [N], items), Request())
        hits.append(np.abs(fit.values[free] - true) <= 1.959964 * fit.se[free])
        fine.append(fit.converged)
    return names, np.array(hits), np.array(fine)


if __name__ == "__main__":
    names, hits, fine = covered(REPLICATIONS)
    result = {
        "made_with": {"seed": SEED, "n": N, "replications": REPLICATIONS, "converged": int(fine.sum())},
        "coverage": dict(zip(names, hits[fine].mean(axis=0).round(5).tolist(), strict=True)),
        "first": hits[:20].astype(int).tolist(),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n", encoding="utf-8")
    print(result["made_with"], min(result["coverage"].values()), max(result["coverage"].values()))
