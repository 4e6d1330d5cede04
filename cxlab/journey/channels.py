"""`cx.channel_attitudes`: lock-in, cross-channel effects and research shopping."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from cxlab.analyses.compare import compare
from cxlab.analyses.sem import sem
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.unpack import check_level, numeric_columns, source_notices
from cxlab.analyses.weights import Weights
from cxlab.errors import CxlabError, DataError, EstimationError, Notice
from cxlab.i18n import LANGUAGES, Language, catalogue, pick
from cxlab.journey.channels_model import Channels, Given, channel_text, read_channels
from cxlab.journey.channels_result import ChannelAttitudes
from cxlab.journey.channels_shares import Shares, research_shopping
from cxlab.survey.survey import Survey, as_survey

_VALUES = ["est", "se", "z", "pvalue"]


def channel_attitudes(
    data: Survey | pd.DataFrame,
    *,
    search: Given | None = None,
    purchase: Given | None = None,
    searched: str | None = None,
    bought: str | None = None,
    covariates: str | Sequence[str] = (),
    wording: bool = False,
    weights: Weights | None = None,
    estimator: str = "MLR",
    missing: str = "fiml",
    level: float = 0.95,
) -> ChannelAttitudes:
    """Attitudes to channels from searching to buying, and who searches in one channel and buys in another.

    When to use it: customers judged two or more channels for searching and for buying. Lock-in: who likes to search in
    a channel likes to buy in it. Cross-channel synergy: a channel good for searching makes another one more attractive
    for buying. Both together say which switch of channels to expect; the table of research shopping says which happens.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a customer. Reversed items of the codebook are turned.
    search, purchase : mapping of channel to construct or items, optional
        The same channels in both. Default: the codebook's constructs ``search_<channel>`` and ``buy_<channel>``.
    searched, bought : str, optional
        Columns with the channel searched in and bought in. Default: ``search_channel`` and ``purchase_channel`` if the
        data have them; without them there is no table of research shopping.
    covariates : str or sequence of str
        Numeric columns that all attitudes may depend on, such as age.
    wording : bool
        True adds a factor of the items that the codebook calls reversed, unrelated to all attitudes.
    weights : str or sequence of float, optional
        Survey weights, for the shares. The structural model stays unweighted.
    estimator : {"MLR", "ML"}
    missing : {"fiml", "listwise"}
        As in `cx.sem`.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    ChannelAttitudes
        ``.table``: search purchase kind ("lock_in", "cross_channel") est se z pvalue ci_lower ci_upper std verdict
        ("lock_in", "synergy", "dissynergy", "not_shown"). ``.differences``: of lock-in between channels: channel other
        difference se ci_lower ci_upper pvalue. ``.shares``: searched bought kind ("same", "switch") n share se
        ci_lower ci_upper row_share row_lower row_upper (of those who searched there). ``.shoppers``: share of research
        shoppers. ``.most_common``: the commonest switch against the next. ``.fit``, ``.comparison`` (with and without
        cross-channel paths), ``.text``, ``.plot("attitudes"|"switches")``.

    Raises
    ------
    DataError
        Channels that differ between the stages, a single channel, unknown columns, negative weights.
    EstimationError
        The model did not converge.

    Notes
    -----
    buy = B search + covariates + e, attitudes to searching correlated, disturbances of those to buying too (Verhoef,
    Neslin & Vroomen, 2007). Paths are unstandardised, each attitude in points of its first item. Shares: see
    ``survey::svymean``; intervals by Wilson on the effective sample size. R: ``lavaan::sem(fit.text, ...)``.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.channel_attitudes(cx.load_dataset("channel_attitudes"), weights="weight")
    >>> found.table.loc[found.table["kind"] == "lock_in", ["search", "std"]].round(2).to_numpy().tolist()
    [['store', 0.58], ['web', 0.37], ['app', 0.57]]
    >>> found.most_common[["searched", "bought", "verdict"]].tolist()
    ['web', 'store', 'clear']
    """
    check_level(level)
    survey = as_survey(data)
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    channels = read_channels(survey, search, purchase, covariates, wording)
    used = [*channels.items, *channels.covariates]
    numeric_columns(survey, used, complete=False)
    book = survey.codebook.items
    flagged = [name for name in channels.items if name in book and book[name].reversed]
    turned = survey.reverse_scored() if flagged else survey
    told = [Notice("analyses.reversed_turned", {"items": ", ".join(flagged)})] if flagged else []
    shares = _shares(survey, searched, bought, weights, level)
    fit, rival, lost = _fits(channels, turned, estimator, missing)
    table = _paths(channels, fit, level)
    comparison = compare(fit, rival, names=["cross", "no_cross"]) if rival is not None else None
    weighted = weights is not None
    notices = [*source_notices(survey, weighted=weighted), *told, *fit.warnings, *lost]
    return ChannelAttitudes(
        table=table,
        differences=_differences(channels, fit, level),
        shares=shares.table if shares is not None else None,
        shoppers=shares.shoppers if shares is not None else None,
        most_common=shares.first if shares is not None else None,
        fit=fit,
        comparison=comparison,
        text=channel_text(channels),
        labels=_labels(survey, channels, shares, searched, bought),
        weighted=weighted,
        level=level,
        warnings=_told(notices, shares, weighted),
    )


def _told(notices: list[Notice], shares: Shares | None, weighted: bool) -> tuple[Notice, ...]:
    """Each notice once, with those on shares and weights."""
    every = [*notices, *(shares.notices if shares is not None else [Notice("carry_over.no_shopping")])]
    if weighted:
        every = [one for one in (*every, Notice("carry_over.weights_shares")) if one.key != "analyses.weights_unused"]
    every.append(Notice("carry_over.same_survey"))
    return tuple({(one.key, str(one)): one for one in every}.values())


def _fits(
    channels: Channels, survey: Survey, estimator: str, missing: str
) -> tuple[SemFit, SemFit | None, list[Notice]]:
    def fitted(cross: bool) -> SemFit:
        return sem(channel_text(channels, cross), survey, estimator=estimator, missing=missing)

    fit = fitted(True)
    if not fit.converged:
        raise EstimationError("carry_over.not_converged")
    try:
        rival = fitted(False)
    except CxlabError as error:
        why = Notice(error.key, error.values)
        return (
            fit,
            None,
            [Notice("carry_over.rival_failed", {"model": Notice("carry_over.model_no_cross"), "why": why})],
        )
    return fit, rival if rival.converged else None, []


def _paths(channels: Channels, fit: SemFit, level: float) -> pd.DataFrame:
    """Lock-in first, then paths across channels."""
    estimates = fit.estimates
    known = estimates[estimates["op"] == "~"].set_index(["lhs", "rhs"])
    rows = []
    for one in channels.names:
        for two in channels.names:
            row = known.loc[(channels.variable("purchase", two), channels.variable("search", one))]
            kind = "lock_in" if one == two else "cross_channel"
            values = {name: float(row[name]) for name in _VALUES}
            rows.append({"search": one, "purchase": two, "kind": kind, **values, "std": float(row["std_all"])})
    table = pd.DataFrame(rows).sort_values("kind", ascending=False, kind="stable").reset_index(drop=True)
    reach = float(ndtri(0.5 + level / 2)) * table["se"]
    table = table.assign(ci_lower=table["est"] - reach, ci_upper=table["est"] + reach)
    verdict = [_verdict(*row) for row in table[["kind", "ci_lower", "ci_upper"]].itertuples(index=False)]
    return table.assign(verdict=verdict)[
        ["search", "purchase", "kind", *_VALUES, "ci_lower", "ci_upper", "std", "verdict"]
    ]


def _verdict(kind: str, low: float, high: float) -> str:
    if low > 0:
        return "lock_in" if kind == "lock_in" else "synergy"
    return "dissynergy" if high < 0 else "not_shown"


def _differences(channels: Channels, fit: SemFit, level: float) -> pd.DataFrame:
    """Lock-in of one channel less that of another."""
    paths = {
        name: f"{channels.variable('purchase', name)}~{channels.variable('search', name)}" for name in channels.names
    }
    known = fit.estimates.assign(name=lambda rows: rows["lhs"] + rows["op"] + rows["rhs"]).set_index("name")["est"]
    vcov = fit.vcov
    rows = []
    for one, two in combinations(channels.names, 2):
        a, b = paths[one], paths[two]
        difference = float(known[a] - known[b])
        se = float(np.sqrt(vcov.loc[a, a] + vcov.loc[b, b] - 2 * vcov.loc[a, b]))
        reach = float(ndtri(0.5 + level / 2)) * se
        rows.append(
            {"channel": one, "other": two, "difference": difference, "se": se}
            | {"ci_lower": difference - reach, "ci_upper": difference + reach}
            | {"pvalue": float(2 * ndtr(-abs(difference / se)))}
        )
    return pd.DataFrame(rows)


def _shares(
    survey: Survey, searched: str | None, bought: str | None, weights: Weights | None, level: float
) -> Shares | None:
    if searched is None and bought is None:
        if not {"search_channel", "purchase_channel"} <= set(survey.frame.columns):
            return None
        searched, bought = "search_channel", "purchase_channel"
    if searched is None or bought is None:
        raise DataError("carry_over.both_columns")
    return research_shopping(survey, searched, bought, weights, level)


def _labels(
    survey: Survey, channels: Channels, shares: Shares | None, searched: str | None, bought: str | None
) -> dict[str, Any]:
    """Channels in words: codes by the codebook, well-known channels by the catalogue, others by their own name."""
    names = [*channels.names, *(shares.table["bought"] if shares is not None else ())]
    labels = {name: {lang: _word(name, lang) for lang in LANGUAGES} for name in dict.fromkeys(names)}
    for column in (searched or "search_channel", bought or "purchase_channel"):
        item = survey.codebook.items.get(column)
        for value, text in (item.labels if item is not None else {}).items():
            labels[f"{value:g}"] = {lang: pick(text, lang) for lang in LANGUAGES}
    return labels


def _word(channel: str, lang: Language) -> str:
    return catalogue(lang, "touchpoint_words").get(f"channel_{channel}", channel.replace("_", " "))
