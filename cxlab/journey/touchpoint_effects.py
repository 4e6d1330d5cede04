"""Which touchpoints change a brand's standing: by being met often, or by being felt as good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.evaluate.wald import wald_f
from cxlab.i18n import LANGUAGES, catalogue
from cxlab.journey.events_labels import labels_of
from cxlab.journey.touchpoint_effects_data import FREQUENCY, POSITIVITY, Columns, Pairs, few_notices, pairs_of
from cxlab.journey.touchpoint_effects_result import TouchpointEffects
from cxlab.show.result import Text
from cxlab.survey.survey import Survey, as_survey

__all__ = ["TouchpointEffects", "touchpoint_effects"]

MODELS = ("with_before", "without_before", "change_score")
_FEW_RESPONDENTS = 40


def touchpoint_effects(
    diary: Survey | pd.DataFrame,
    outcome_before: str,
    outcome_after: str,
    *,
    respondent: str = "respondent",
    brand: str | None = "brand",
    touchpoint: str = "touchpoint_type",
    positivity: str = "positivity",
    none: str | Sequence[str] = "none",
    neutral: float | None = None,
    labels: Mapping[str, str | Text] | None = None,
    level: float = 0.95,
) -> TouchpointEffects:
    """Explain the change of brand consideration by how often each touchpoint was met and how positively.

    When to use it: with a diary of touchpoints (real-time experience tracking) and a score of each brand before and
    after; to weigh touchpoints of the brand, the retailer and of others against each other.

    Parameters
    ----------
    diary : Survey or DataFrame
        One row an episode. A respondent who did not meet a brand has one row with `none` as touchpoint, so that the
        pair counts with frequency 0.
    outcome_before, outcome_after : str
        Columns of the score before and after, the same on every row of a respondent and brand.
    respondent, brand, touchpoint, positivity : str
        Columns: who; which brand (None if there is one only); the kind of touchpoint; how positive, a number.
    none : str or sequence of str
        What stands for "no episode"; missing means that too.
    neutral : float, optional
        The point of the positivity scale that is neither good nor bad; by default the middle of a Survey's scale.
        A DataFrame has none that is known.
    labels : mapping of touchpoint to str or bilingual text, optional
        How touchpoints are printed.
    level : float
        Confidence level.

    Returns
    -------
    TouchpointEffects
        ``.table``, two rows a touchpoint: ``touchpoint``, ``measure`` (``"frequency"``, ``"positivity"``),
        ``episodes``, ``pairs`` (respondents and brands that met it), ``estimate``, ``se``, ``t``, ``pvalue``,
        ``ci_lower``, ``ci_upper``, ``beta`` (standardised), ``without_before`` and its ends ``without_lower``,
        ``without_upper``, ``change_score``. ``.models``: every coefficient of the three models (``model``, ``term``,
        ``estimate``, ``se``, ``t``, ``pvalue``, ``ci_lower``, ``ci_upper``). ``.fit``: ``model``, ``n``,
        ``respondents``, ``r2``, ``adj_r2``. ``.tests``: are all frequencies, all positivities nothing? ``.pairs``: the
        data behind. ``.plot()`` (kind ``"map"`` or ``"before"``).

    Raises
    ------
    DataError
        Unknown columns; no episodes; a score that varies within a respondent and brand; no neutral point; a touchpoint
        nobody rated or that all met alike; too few pairs; collinear touchpoints.

    Notes
    -----
    after = b0 + b1 before + Σ f_j ln(1 + n_j) + Σ p_j (mean positivity_j - neutral) + brand, by least squares; the
    positivity of what was not met is 0, so f_j speaks of neutral episodes. Errors are clustered by respondent (HC1 with
    the factor G/(G - 1)), t with G - 1 degrees of freedom. With the score before in the model, `after` and the change
    as outcome give the same effects. ``without_before`` leaves that score out: those who consider a brand already meet
    it more often and see it more kindly, so effects swell. ``change_score`` takes the change as outcome without it:
    high scores fall back towards the mean, which biases the other way (Lord, 1967). After Baxendale, Macdonald and
    Wilson (2015), whose exact specification is not reproduced. R: ``lm`` with
    ``sandwich::vcovCL(m, cluster = ~respondent, type = "HC1")``.

    Examples
    --------
    >>> import cxlab as cx
    >>> diary = cx.load_dataset("touchpoint_diary")
    >>> found = cx.touchpoint_effects(diary, "consideration_before", "consideration_after")
    >>> row = found.table.set_index(["touchpoint", "measure"]).loc[("in_store", "positivity")]
    >>> bool(row["ci_lower"] < 0.45 < row["ci_upper"])
    True
    """
    check_level(level)
    survey = as_survey(diary)
    if nfc(str(outcome_before)) == nfc(str(outcome_after)):
        raise DataError("touchpoints.effects_same_outcome", column=outcome_after)
    time = next((n for n, item in survey.codebook.items.items() if item.role == "time" and n in survey.frame), None)
    columns = Columns(respondent, brand, touchpoint, positivity, outcome_before, outcome_after, time)
    absent = [none] if isinstance(none, str) else list(none)
    data = pairs_of(survey, columns, absent, neutral, guessed=isinstance(diary, pd.DataFrame))
    fits = {model: _fit(data, model) for model in MODELS}
    respondents = int(data.frame["respondent"].nunique())
    notices = [*data.notices, *few_notices(data.counts)]
    if respondents < _FEW_RESPONDENTS:
        notices.append(Notice("touchpoints.effects_few", {"count": respondents}, serious=True))
    notices.append(Notice("touchpoints.effects_not_causal"))
    models = pd.concat([_coefficients(one, model, level) for model, one in fits.items()], ignore_index=True)
    return TouchpointEffects(
        table=_table(data, models),
        models=models,
        fit=_fit_numbers(fits, respondents),
        tests=_tests(fits["with_before"], respondents),
        pairs=data.frame,
        warnings=tuple(notices),
        labels=_labels(data.types, labels or {}),
        outcomes=(outcome_before, outcome_after),
        level=level,
        simulated=survey.simulated,
    )


def _design(data: Pairs, model: str) -> tuple[pd.Series, pd.DataFrame]:
    frame = data.frame
    terms = [f"{measure}_{name}" for name in data.types for measure in (FREQUENCY, POSITIVITY)]
    brands = sorted(frame["brand"].unique(), key=str)
    columns = {"intercept": np.ones(len(frame))}
    columns |= {"before": frame["before"]} if model == "with_before" else {}
    columns |= {f"brand[{name}]": (frame["brand"] == name).astype(float) for name in brands[1:]}
    outcome = frame["after"] - frame["before"] if model == "change_score" else frame["after"]
    return outcome, pd.DataFrame(columns, index=frame.index).join(frame[terms])


def _fit(data: Pairs, model: str) -> Any:
    """Least squares with errors clustered by respondent."""
    from statsmodels.regression.linear_model import OLS

    outcome, design = _design(data, model)
    clusters = pd.factorize(data.frame["respondent"])[0]
    groups = int(clusters.max()) + 1 if len(clusters) else 0
    if len(design) < 2 * design.shape[1] or groups < 10:
        raise DataError("touchpoints.effects_too_few", n=len(design), groups=groups, needed=2 * design.shape[1])
    if np.ptp(outcome.to_numpy()) == 0:
        raise DataError("touchpoints.effects_flat_outcome", model=Notice(f"touchpoints.model_{model}"))
    _refuse_collinear(design)
    settings = {"groups": clusters, "use_correction": True, "df_correction": True}
    return OLS(outcome, design).fit(cov_type="cluster", cov_kwds=settings, use_t=True)


def _refuse_collinear(design: pd.DataFrame) -> None:
    scaled = design.to_numpy() / np.linalg.norm(design.to_numpy(), axis=0)
    if np.linalg.matrix_rank(scaled, tol=1e-9 * np.sqrt(len(design))) == design.shape[1]:
        return
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    part = np.abs(vectors[:, np.argmin(values)]) > 1e-6
    raise DataError("touchpoints.effects_collinear", names=", ".join(design.columns[part]))


def _coefficients(found: Any, model: str, level: float) -> pd.DataFrame:
    ends = found.conf_int(alpha=1 - level)
    columns = {"estimate": found.params, "se": found.bse, "t": found.tvalues, "pvalue": found.pvalues}
    table = pd.DataFrame(columns | {"ci_lower": ends[0], "ci_upper": ends[1]})
    return table.rename_axis("term").reset_index().assign(model=model)[["model", "term", *table.columns]]


def _table(data: Pairs, models: pd.DataFrame) -> pd.DataFrame:
    """Frequency and positivity of each touchpoint, with what they would be without the score before."""
    by = {model: models[models["model"] == model].set_index("term") for model in MODELS}
    counts, frame = data.counts.set_index("touchpoint"), data.frame
    rows = []
    for name in data.types:
        for measure in (FREQUENCY, POSITIVITY):
            term = f"{measure}_{name}"
            main, bare = by["with_before"].loc[term], by["without_before"].loc[term]
            rows.append(
                {"touchpoint": name, "measure": measure, **counts.loc[name, ["episodes", "pairs"]]}
                | main.drop("model").to_dict()
                | {"beta": main["estimate"] * frame[term].std() / frame["after"].std()}
                | {"without_before": bare["estimate"], "without_lower": bare["ci_lower"]}
                | {"without_upper": bare["ci_upper"], "change_score": by["change_score"].loc[term, "estimate"]}
            )
    return pd.DataFrame(rows)


def _fit_numbers(fits: Mapping[str, Any], respondents: int) -> pd.DataFrame:
    rows = [(name, int(one.nobs), respondents, one.rsquared, one.rsquared_adj) for name, one in fits.items()]
    return pd.DataFrame(rows, columns=["model", "n", "respondents", "r2", "adj_r2"])


def _tests(found: Any, respondents: int) -> pd.DataFrame:
    """Joint tests with the clustered covariance."""
    rows = []
    for measure in (FREQUENCY, POSITIVITY):
        own = [term for term in found.params.index if term.startswith(f"{measure}_")]
        f, p = wald_f(found.params[own].to_numpy(), found.cov_params().loc[own, own].to_numpy(), respondents - 1)
        rows.append((measure, f, len(own), respondents - 1, p))
    return pd.DataFrame(rows, columns=["test", "f", "df1", "df2", "pvalue"])


def _labels(types: Sequence[str], own: Mapping[str, str | Text]) -> dict[str, Text]:
    """As told, else the words of this catalogue, else those of touchpoints elsewhere."""
    roles = {"touchpoint": list(types), "owner": None, "channel": None, "contact": None}
    known = labels_of(pd.DataFrame(roles), {})
    for name in types:
        texts: Text = {lang: catalogue(lang, "touchpoints").get(f"type_{name}", "") for lang in LANGUAGES}
        known |= {name: texts} if all(texts.values()) else {}
    return known | {name: {"en": text, "vi": text} if isinstance(text, str) else text for name, text in own.items()}
