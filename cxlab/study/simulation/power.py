"""`cx.power`: what many simulated studies of a plan would find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest, norm

from cxlab.analyses.unpack import check_level
from cxlab.codebook import Codebook
from cxlab.errors import DataError, Notice
from cxlab.resample.sem import Outcome
from cxlab.specify import Model
from cxlab.study.simulation.power_result import Power
from cxlab.study.simulation.power_studies import Size, Studied, power_studies
from cxlab.study.simulation.target import misfit

_MISFIT = 0.01  # population RMSEA from which a fitted model counts as another one than the true one
_FEW = 200
_NO_EFFECT = 0.1  # of the estimates' spread: a truth nearer to 0 is no effect, and has no relative bias


def power(
    model: str | Model,
    n: Size | Sequence[Size],
    reps: int = 1000,
    seed: int | None = None,
    *,
    fit_model: str | Model | None = None,
    estimator: str = "ML",
    level: float = 0.95,
    std_lv: bool = False,
    group_equal: str | Iterable[str] = (),
    listwise: bool = True,
    workers: int = 1,
    standardized: bool = False,
    **options: Any,
) -> Power:
    """Simulate a study many times, fit it every time, and count: power, bias, coverage, convergence.

    When to use it: before collecting data, to choose n for the paths a hypothesis is about; after, to see what skewed
    answers, careless respondents or missing answers do to an estimator. For the power of the test of fit use
    `rmsea_power`.

    Parameters
    ----------
    model : str or Model
        The true model, every value stated, as for `simulate`.
    n : int, mapping of group to int, or a list of these
        Respondents of one study; a list gives a power curve.
    reps : int
        Simulated studies for each n. With 1,000 a power of .80 is known to about ±.025.
    seed : int
        0 or more; needed.
    fit_model : str or Model, optional
        What is fitted, in lavaan's syntax and with the rules of `sem`. Default: the true model with its values to be
        estimated, latent variables on the scale they have there.
    estimator : str
        As for `sem`. ML with complete answers is fitted for all studies at once; robust estimators one by one.
    level : float
        Of the intervals; a parameter counts as found when its interval leaves out 0.
    std_lv, group_equal
        As for `sem`; for `fit_model`.
    listwise : bool
        What happens to missing answers: True keeps complete rows, False uses full information.
    workers : int
        Threads or processes. The answer does not depend on it.
    standardized : bool
        As for `simulate`.
    **options
        Further options of `simulate`: ``points``, ``skew``, ``careless``, ``missing``, ``codebook``, ...

    Returns
    -------
    Power
        ``table``: a row for each n and parameter, with columns n, lhs, op, rhs, group, label, truth, mean, bias,
        relative_bias, empirical_se, mean_se, coverage, coverage_lower, coverage_upper, power, power_lower, power_upper,
        used; relative_bias is nan where the truth is 0 or next to it. ``studies``: a row for each n, with reps,
        converged, improper, rejected and its interval, chisq_mean, df.

    Raises
    ------
    DataError, ModelError, ModelSyntaxError
        As for `simulate`; fewer respondents than the model needs, fewer than 10 studies, a model that cannot be fitted
        to the population.

    Notes
    -----
    The truth of a parameter is its value when the fitted model is fitted to the moments of the whole population (of
    attentive respondents, without the method factor), so it is on the fitted model's own scale; for answers on points
    it is the value that Likert answers lead to. Improper solutions count, as they would in a study; those that did not
    converge do not. Intervals of shares are Wilson's. Muthén & Muthén (2002).

    Examples
    --------
    >>> truth = "SAT =~ 0.8*s1 + 0.7*s2 + 0.7*s3; LOY =~ 0.8*l1 + 0.7*l2 + 0.7*l3; LOY ~ 0.3*SAT"
    >>> found = power(truth, n=200, reps=200, seed=5, standardized=True)
    >>> row = found.table.query("op == '~'").iloc[0]
    >>> row["truth"].round(2), 0.8 < row["power"] < 1
    (np.float64(0.3), np.True_)
    """
    if seed is None:
        raise DataError("simulation.seed", value=seed)
    check_level(level)
    if isinstance(reps, bool) or not isinstance(reps, int) or reps < 10:
        raise DataError("simulation.reps_range", value=reps)
    sizes = list(n) if isinstance(n, Sequence) and not isinstance(n, str) else [n]
    if not sizes:
        raise DataError("simulation.n_range", value=n, group="", most="5,000,000")
    setting: dict[str, Any] = {
        "fit_model": fit_model,
        "estimator": estimator,
        "std_lv": std_lv,
        "group_equal": group_equal,
    }
    setting |= {"listwise": listwise, "workers": workers, "standardized": standardized, **options}
    found = [power_studies(model, size, reps, _seed(seed, k), **setting) for k, size in enumerate(sizes)]
    notices: list[Notice] = []
    for one in found:
        notices += [notice for notice in _notices(one) if notice not in notices]
    return Power(
        table=pd.concat([_parameters(one, level) for one in found], ignore_index=True),
        studies=pd.DataFrame([_run(one, 1 - level) for one in found]),
        truth=found[0].plan.population.truth,
        level=level,
        reps=reps,
        seed=seed,
        estimator=found[0].request.estimator,
        labels=_labels(found[0].plan.book),
        warnings=tuple(notices),
    )


def _labels(book: Codebook | None) -> dict[str, Mapping[str, str]]:
    """The codebook's words for constructs."""
    return {} if book is None else {name: one.label for name, one in book.constructs.items() if one.label}


def _seed(seed: int, position: int) -> int:
    """A seed for each n, so that the points of a power curve are independent; the first is the seed itself."""
    if position == 0:
        return int(seed)
    return int(np.random.SeedSequence(seed, spawn_key=(position,)).generate_state(1, np.uint64)[0])


def _parameters(studied: Studied, level: float) -> pd.DataFrame:
    table, rows, truth, made = studied.found.table, studied.rows, studied.truth, studied.made
    used = np.isfinite(made.values)
    count = used.sum(axis=0)
    reach = norm.ppf(0.5 + level / 2) * made.se
    inside = np.where(used, np.abs(made.values - truth) <= reach, False).sum(axis=0)
    hit = np.where(used, np.abs(made.values) > reach, False).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(made.values, axis=0) / count
        spread = np.sqrt(np.nansum((made.values - mean) ** 2, axis=0) / (count - 1))
        errors = np.nansum(made.se, axis=0) / count
        relative = np.where(np.abs(truth) > _NO_EFFECT * spread, (mean - truth) / truth, np.nan)
    frame = pd.DataFrame(
        {
            "n": studied.plan.n,
            "lhs": [table.lhs[row] for row in rows],
            "op": [table.op[row] for row in rows],
            "rhs": [table.rhs[row] for row in rows],
            "group": table.group[rows],
            "label": ["" if table.label[row].startswith(".p") else table.label[row] for row in rows],
            "truth": truth,
            "mean": mean,
            "bias": mean - truth,
            "relative_bias": relative,
            "empirical_se": spread,
            "mean_se": errors,
        }
    )
    return frame.assign(**_share("coverage", inside, count), **_share("power", hit, count), used=count)


def _share(name: str, hits: np.ndarray, count: np.ndarray) -> dict[str, np.ndarray]:
    """A share of the studies with Wilson's 95% interval; nan without studies."""
    found = [_wilson(int(hit), int(total)) for hit, total in zip(hits, count, strict=True)]
    columns = (name, f"{name}_lower", f"{name}_upper")
    return {column: np.array([one[k] for one in found]) for k, column in enumerate(columns)}


def _wilson(hits: int, total: int) -> tuple[float, float, float]:
    if not total:
        return (np.nan,) * 3
    interval = binomtest(hits, total).proportion_ci(method="wilson")
    return hits / total, float(interval.low), float(interval.high)


def _run(studied: Studied, alpha: float) -> dict[str, Any]:
    found, made = studied.found, studied.made
    counted = made.outcome <= Outcome.IMPROPER
    share, low, high = _wilson(int((made.pvalue[counted] < alpha).sum()), int(counted.sum()) if found.df else 0)
    return {
        "n": studied.plan.n,
        "reps": len(made.outcome),
        "converged": int(counted.sum()),
        "improper": int((made.outcome == Outcome.IMPROPER).sum()),
        "df": found.df,
        "chisq_mean": float(made.chisq[counted].mean()) if counted.any() else np.nan,
        "rejected": share,
        "rejected_lower": low,
        "rejected_upper": high,
        "rows_mean": float(made.n_obs.mean()),
        "population_rmsea": misfit(found),
    }


def _notices(studied: Studied) -> list[Notice]:
    plan, found, made = studied.plan, studied.found, studied.made
    notices = [Notice("simulation.power_simulated")]
    if misfit(found) > _MISFIT:
        notices.append(Notice("simulation.another_model", {"rmsea": f"{misfit(found):.3f}"}, serious=True))
    failed = int((made.outcome > Outcome.IMPROPER).sum())
    if failed:
        values = {"failed": failed, "reps": len(made.outcome), "n": plan.n}
        notices.append(Notice("simulation.studies_failed", values, serious=failed > 0.05 * len(made.outcome)))
    if plan.scales:
        notices.append(Notice("simulation.truth_on_points"))
    if len(made.outcome) < _FEW:
        notices.append(Notice("simulation.few_studies", {"reps": len(made.outcome)}))
    return notices
