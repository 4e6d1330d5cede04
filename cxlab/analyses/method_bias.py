"""`cx.method_bias`: how much of the answers is the questionnaire and not the customer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.method_bias_models import (
    MODEL_COLUMNS,
    Entry,
    How,
    chosen_model,
    correlation_change,
    loading_change,
    marker_entries,
    method_factor_entries,
    method_name,
    method_share,
    model_row,
    value,
)
from cxlab.analyses.method_bias_result import MethodBias
from cxlab.analyses.moments import Moments
from cxlab.analyses.unpack import numeric_columns
from cxlab.analyses.validity_blocks import Blocks, Constructs, Measured, read_blocks
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, ModelError, Notice
from cxlab.evaluate.method_bias import (
    Array,
    correlation_p,
    decompose,
    full_collinearity,
    harman,
    marker_correlations,
    partialled,
    score_correlations,
)
from cxlab.evaluate.rules import interpret
from cxlab.i18n.shown import Shown
from cxlab.survey.survey import Survey, as_survey

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit

Marker = str | Sequence[str] | Mapping[str, Sequence[str]] | None
_SPREAD = 3.0
# A marker is meant to be unrelated: from a medium correlation on it takes matter out with the method.
_RELATED = ("evaluate.medium", "evaluate.large")
_AGAINST = {"one_factor": "constructs", "constructs": "", "method_equal": "constructs", "method_free": "constructs"}
_MARKER_AGAINST = {"cfa": "", "baseline": "", "method_c": "baseline", "method_u": "method_c", "method_r": "chosen",
                   "method_s95": "", "method_s99": ""}  # fmt: skip


def method_bias(
    data: Survey | pd.DataFrame | Moments,
    constructs: Constructs = None,
    *,
    marker: Marker = None,
    estimator: str | None = None,
    missing: str = "listwise",
) -> MethodBias:
    """Common method bias: what same people, same scale, same moment add to the correlations of a questionnaire.

    When to use it: causes and effects come from one questionnaire. Remedies of design come first (other sources, other
    times, other scales); these techniques say how much may be left. None of them proves that there is no bias, and
    Harman's test alone is not accepted.

    Parameters
    ----------
    data : Survey, DataFrame or Moments
        One row a respondent, or published moments. Reversed items of the codebook are turned.
    constructs : mapping of name to list of str, list of names, model text, or None
        The substantive constructs with their items; None takes all reflective ones of the codebook.
    marker : str, list of str, mapping of name to list of str, or None
        A construct or item that theory says has nothing to do with the others, asked in the same way. A construct or
        list of two or more items allows the CFA marker technique; a single item the correlations only.
    estimator : str, optional
        As in `cx.cfa`. Default "MLR"; "ML" for published moments.
    missing : {"listwise", "fiml"}
        As in `cx.cfa`; correlations of scores always use complete rows.

    Returns
    -------
    MethodBias
        ``.table``: technique statistic value rule met. ``.harman``: statistic value. ``.models``: one factor,
        constructs, method factor with equal and with free loadings: model n_free chisq df pvalue cfi rmsea srmr against
        chisq_diff df_diff p_diff method_share loading_change correlation_change state reason. ``.marker_models``: the
        same of the CFA marker technique. ``.decomposition``: construct total substantive method percent.
        ``.correlations``: first second r pvalue r_adjusted p_adjusted r_conservative p_conservative.
        ``.collinearity``: construct vif_scores vif_factors. ``.fits[name]``, ``.verdict``, ``.signs``, ``.reading()``.

    Raises
    ------
    DataError
        Fewer than two constructs, a marker that is not in the data, constant items, too few rows.
    ModelError
        A marker item that belongs to a construct as well.

    Notes
    -----
    Harman: first eigenvalue and one principal-axis factor. Method factor (Podsakoff et al., 2003): orthogonal to the
    constructs, loadings equal (in the items' units) or free; the test of equal loadings stands at a boundary and is
    conservative. CFA marker technique (Williams, Hartman & Cavazotte, 2010): marker loadings and errors held at their
    CFA values; Method-C equal, Method-U free method loadings, Method-R with the constructs' correlations of the
    Baseline model, Method-S with method loadings at the ends of their intervals. Correlations:
    (r - r_m) / (1 - r_m) with r_m the smallest positive correlation of the marker (Lindell & Whitney, 2001), without a
    marker among the constructs; conservative: the second smallest. Full collinearity (Kock, 2015) of mean scores and of
    the factors' correlations.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> tests = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
    >>> found = method_bias(get_data(), tests, estimator="ML")
    >>> found.harman.round(3).to_numpy().tolist()
    [['component', 0.357], ['factor', 0.292], ['eigenvalues', 3.0]]
    >>> found.collinearity.round(2).to_numpy().tolist()
    [['visual', 1.16, 1.51], ['textual', 1.14, 1.28], ['speed', 1.11, 1.29]]
    """
    found, name, items = _read(data, constructs, marker)
    blocks = {key: own for key, own in found.blocks.items() if key != name}
    cov, n, dropped = _moments(found, items)
    how = How(found.data, (estimator or ("ML" if found.survey is None else "MLR")).upper(), missing)
    entries = method_factor_entries(how, blocks)
    markers = marker_entries(how, blocks, name, items) if name and len(items) > 1 else {}
    order = [item for own in blocks.values() for item in own]
    correlations, rates = _correlations(cov, n, blocks, items)
    chosen = chosen_model(markers)
    return MethodBias(
        harman=_harman(cov.loc[order, order].to_numpy()),
        models=_models(entries, blocks),
        marker_models=_marker_models(markers, blocks, name, chosen),
        decomposition=_decomposition(markers, blocks, name, chosen),
        correlations=correlations,
        collinearity=_collinearity(cov, blocks, entries),
        fits={
            key: one.fit for key, one in (entries | {f"marker_{k}": v for k, v in markers.items()}).items() if one.fit
        },
        warnings=(
            *_of_rows((*found.notices, *dropped), entries["constructs"], n),
            *_notices(cov.loc[order, order], items, name, rates[0]),
            *_states(entries | markers),
        ),
        marker=name,
        marker_items=items,
        chosen=chosen,
        rates=rates,
        blocks=blocks,
        estimator=how.estimator,
        n_obs=n,
        labels=found.labels,
        simulated=found.simulated,
    )


def _read(data: Any, constructs: Constructs, marker: Marker) -> tuple[Measured, str, tuple[str, ...]]:
    """Constructs and marker with their items, reversed items turned; the marker's name and items ("" without)."""
    first = read_blocks(data, constructs, least=1)
    if marker is None:
        return (first, "", ()) if len(first.blocks) > 1 else (read_blocks(data, constructs), "", ())
    name, items = _marker(data, first, marker)
    rest = {key: own for key, own in first.blocks.items() if key != name}
    owner = {item: key for key, own in rest.items() for item in own}
    for item in items:
        if item in owner:
            raise ModelError("method_bias.marker_in_construct", item=item, construct=owner[item])
    if len(rest) < 2:
        raise DataError("method_bias.few_constructs", found=", ".join(rest) or "–", marker=name)
    whole = rest | ({name: items} if len(items) > 1 else {})
    again = read_blocks(data, whole)
    told = {notice.key for notice in again.notices}
    notices = (*(notice for notice in first.notices if notice.key not in told), *again.notices)
    return Measured(again.survey, again.moments, again.blocks, {}, again.labels, notices), name, items


def _marker(data: Any, first: Measured, marker: Marker) -> tuple[str, tuple[str, ...]]:
    """The marker's name and items, whichever way it was given."""
    if isinstance(marker, Mapping):
        if len(marker) != 1:
            raise ModelError("method_bias.one_marker", count=len(marker))
        name, items = next(iter(marker.items()))
        return nfc(str(name)), _columns(data, items)
    if isinstance(marker, str):
        name = nfc(marker)
        if name in first.blocks:
            return name, first.blocks[name]
        if not isinstance(data, Moments) and name in as_survey(data).constructs:
            return name, tuple(as_survey(data).constructs[name])
        return name, _columns(data, [name])
    return "marker", _columns(data, marker or ())


def _columns(data: Any, items: Sequence[str]) -> tuple[str, ...]:
    known = [str(one) for one in (data.names if isinstance(data, Moments) else as_survey(data).frame.columns)]
    names = tuple(nfc(str(item)) for item in items)
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        hint = did_you_mean(unknown[0], known) if unknown else ""
        raise DataError("method_bias.unknown_marker", marker=", ".join(unknown) or "–", hint=hint)
    return names


def _moments(found: Measured, marker_items: Sequence[str]) -> tuple[pd.DataFrame, int, tuple[Notice, ...]]:
    """Covariances of all items in complete rows, how many rows there are, and what is to be known of them."""
    names = list(dict.fromkeys([*found.items, *marker_items]))
    if found.moments is not None:
        at = [found.moments.names.index(name) for name in names]
        return pd.DataFrame(found.moments.cov[0][np.ix_(at, at)], names, names), found.moments.total, ()
    assert found.survey is not None  # noqa: S101 - one of the two is always there
    frame, dropped = numeric_columns(found.survey, names)
    if len(frame) <= len(names):
        raise DataError("sem.too_few_rows", n=len(frame), items=len(names))
    return frame.cov(), len(frame), dropped


def _harman(cov: Array) -> pd.DataFrame:
    spread = np.sqrt(np.diag(cov))
    shares = harman(cov / np.outer(spread, spread))
    rows = {"component": shares.component, "factor": shares.factor, "eigenvalues": float(shares.above_one)}
    return pd.DataFrame({"statistic": list(rows), "value": list(rows.values())})


def _models(entries: Mapping[str, Entry], blocks: Blocks) -> pd.DataFrame:
    base = entries["constructs"].solved
    rivals = {name: base if _AGAINST[name] else None for name in entries}
    return _table(entries, blocks, method_name(blocks), base, dict(_AGAINST), rivals)


def _marker_models(markers: Mapping[str, Entry], blocks: Blocks, marker: str, chosen: str | None) -> pd.DataFrame:
    base = markers["baseline"].solved if "baseline" in markers else None
    against = {name: (chosen or "") if _MARKER_AGAINST[name] == "chosen" else _MARKER_AGAINST[name] for name in markers}
    rivals = {name: markers[other].solved if other in markers else None for name, other in against.items()}
    return _table(markers, blocks, marker, base, against, rivals)


def _table(
    entries: Mapping[str, Entry],
    blocks: Blocks,
    method: str,
    base: SemFit | None,
    against: Mapping[str, str],
    rivals: Mapping[str, SemFit | None],
) -> pd.DataFrame:
    """A row for each model; what a method factor holds and changes, where there is one."""
    items, rows = [item for own in blocks.values() for item in own], []
    for name, entry in entries.items():
        row = model_row(name, entry, against[name], rivals[name])
        if entry.solved is not None and name.startswith("method"):
            row["method_share"] = method_share(entry.solved, method, items)
            if base is not None:
                row["loading_change"] = loading_change(entry.solved, base, blocks)
                row["correlation_change"] = correlation_change(entry.solved, base, blocks)
        rows.append(row)
    return pd.DataFrame(rows, columns=MODEL_COLUMNS)


def _decomposition(markers: Mapping[str, Entry], blocks: Blocks, marker: str, chosen: str | None) -> pd.DataFrame:
    """What each construct's score holds, by the chosen marker model."""
    columns = ["construct", "total", "substantive", "method", "percent"]
    fit = markers[chosen].solved if chosen else None
    if fit is None:
        return pd.DataFrame(columns=columns)
    rows = []
    for name, items in blocks.items():
        own, other, error = (
            np.array([value(fit, lhs or item, op, item, "std_all") for item in items])
            for lhs, op in ((name, "=~"), (marker, "=~"), ("", "~~"))
        )
        part = decompose(own, other, error)
        rows.append((name, *part, part.method / part.total))
    return pd.DataFrame(rows, columns=columns)


def _correlations(
    cov: pd.DataFrame, n: int, blocks: Blocks, marker_items: Sequence[str]
) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Correlations of scores before and after the marker's is taken out."""
    names, places = list(blocks), {item: place for place, item in enumerate(cov.columns)}
    groups = [[places[item] for item in own] for own in blocks.values()]
    groups += [[places[item] for item in marker_items]] if marker_items else []
    cor = score_correlations(cov.to_numpy(), groups)
    pairs = list(combinations(range(len(names)), 2))
    seen = cor[-1, : len(names)].tolist() if marker_items else [cor[i, j] for i, j in pairs]
    rates = marker_correlations(seen)
    rows = []
    for i, j in pairs:
        r = float(cor[i, j])
        row = {"first": names[i], "second": names[j], "r": r, "pvalue": correlation_p(r, n - 2)}
        for rate, tail in zip(rates, ("adjusted", "conservative"), strict=True):
            row[f"r_{tail}"], row[f"p_{tail}"] = (math.nan, math.nan) if math.isnan(rate) else partialled(r, rate, n)
        rows.append(row)
    return pd.DataFrame(rows), rates


def _collinearity(cov: pd.DataFrame, blocks: Blocks, entries: Mapping[str, Entry]) -> pd.DataFrame:
    names, places = list(blocks), {item: place for place, item in enumerate(cov.columns)}
    scores = score_correlations(cov.to_numpy(), [[places[item] for item in own] for own in blocks.values()])
    fit = entries["constructs"].solved
    factors = np.full(len(names), math.nan)
    if fit is not None and fit.admissible:
        factors = full_collinearity(fit.latent_cor.loc[names, names].to_numpy())  # type: ignore[union-attr]
    return pd.DataFrame({"construct": names, "vif_scores": full_collinearity(scores), "vif_factors": factors})


def _of_rows(told: Sequence[Notice], entry: Entry, n: int) -> list[Notice]:
    """What is to be known of the rows: what was said already, what the models add, and that they use other rows."""
    found = {notice.key: notice for notice in told}
    if entry.fit is None:
        return list(found.values())
    found = {notice.key: notice for notice in entry.fit.request.notices} | found
    if entry.fit.n_obs != n:
        values = {"models": entry.fit.n_obs, "scores": n}
        found["method_bias.rows_differ"] = Notice("method_bias.rows_differ", values, serious=True)
    return list(found.values())


def _notices(cov: pd.DataFrame, marker_items: Sequence[str], marker: str, rate: float) -> list[Notice]:
    found = []
    spread = np.sqrt(np.diag(cov.to_numpy()))
    if spread.max() > _SPREAD * spread.min():
        found.append(Notice("method_bias.scales_differ", {"ratio": f"{spread.max() / spread.min():.0f}"}, serious=True))
    if not marker:
        found.append(Notice("method_bias.no_marker"))
    elif len(marker_items) == 1:
        found.append(Notice("method_bias.single_marker", {"item": marker_items[0]}))
    if marker and rate > 0 and interpret(rate, "cohen_1988.r").label in _RELATED:
        related = {"marker": marker, "r": Shown(rate, 2, bounded=True)}
        found.append(Notice("method_bias.marker_related", related, serious=True))
    return found


def _states(entries: Mapping[str, Entry]) -> list[Notice]:
    """Models that cannot be read, with their reasons; the method factor of free loadings often is one."""
    found = []
    for name, entry in entries.items():
        if entry.state != "ok":
            why = entry.reasons[0] if entry.reasons else ""
            model = Notice(f"method_bias.model_{name}")
            found.append(Notice(f"method_bias.state_{entry.state}", {"model": model, "why": why}))
    return found
