"""Models of a method that all items share: without a marker, and with one (Williams, Hartman & Cavazotte, 2010)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import ndtri

from cxlab.analyses.compare import compare
from cxlab.analyses.moments import Moments
from cxlab.analyses.sem import cfa
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.sem_text import reported
from cxlab.errors import CxlabError, EstimationError, IdentificationError, Notice
from cxlab.specify.write import quote_name
from cxlab.survey.survey import Survey

Blocks = Mapping[str, Sequence[str]]
# The level at which one model is said to fit better than another.
ALPHA = 0.05
METHOD = "common_method"
FIT = ("chisq", "df", "pvalue", "cfi", "rmsea", "srmr")
MODEL_COLUMNS = [
    "model", "n_free", *FIT, "against", "chisq_diff", "df_diff", "p_diff", "method_share", "loading_change",
    "correlation_change", "state", "reason",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Entry:
    """One model: its fit, or why there is none."""

    fit: SemFit | None
    state: str
    reasons: tuple[Notice, ...] = ()

    @property
    def solved(self) -> SemFit | None:
        """The fit, where it may be read."""
        return self.fit if self.fit is not None and self.fit.converged else None


@dataclass(frozen=True, eq=False)
class How:
    """What every model is fitted to, and how."""

    data: Survey | Moments
    estimator: str
    missing: str

    def fit(self, text: str) -> Entry:
        """The model fitted, or the reason why not."""
        try:
            fit = cfa(text, self.data, estimator=self.estimator, missing=self.missing, std_lv=True)
        except IdentificationError as error:
            return Entry(None, "not_identified", (Notice(error.key, error.values, serious=True),))
        except EstimationError as error:
            return Entry(None, "not_fitted", (Notice(error.key, error.values, serious=True),))
        if not fit.converged:
            return Entry(fit, "not_converged", fit.warnings[:1])
        return Entry(fit, "ok" if fit.admissible else "inadmissible", fit.admissibility)


def line(left: str, items: Sequence[str], prefix: str = "") -> str:
    """A ``=~`` line, with the same prefix before every item.

    Examples
    --------
    >>> line("f", ["x1", "x 2"], "1*")
    'f =~ 1*x1 + 1*`x 2`'
    """
    return f"{quote_name(left)} =~ {' + '.join(prefix + quote_name(item) for item in items)}"


def measured(blocks: Blocks) -> str:
    """The ``=~`` lines of the constructs."""
    return "\n".join(line(name, items) for name, items in blocks.items())


def apart(method: str, names: Sequence[str]) -> str:
    """Lines that hold the method factor uncorrelated with the constructs."""
    return "\n".join(f"{quote_name(method)} ~~ 0*{quote_name(name)}" for name in names)


def given(left: str, op: str, right: str, one: float) -> str:
    """A line that fixes a parameter, to the last digit."""
    return f"{quote_name(left)} {op} {float(one)!r}*{quote_name(right)}"


def method_name(blocks: Blocks) -> str:
    """A name for the method factor that nothing else has."""
    taken = {*blocks, *(item for items in blocks.values() for item in items)}
    name = METHOD
    while name in taken:
        name += "_"
    return name


def method_factor_entries(how: How, blocks: Blocks) -> dict[str, Entry]:
    """One factor, the constructs, and the constructs with a method factor of equal and of free loadings."""
    items = [item for own in blocks.values() for item in own]
    method, base = method_name(blocks), measured(blocks)
    orthogonal = apart(method, list(blocks))
    # with loadings of 1 the method's variance may come out negative, and say so, where equal loadings would end at 0
    equal = f"{line(method, items, '1*')}\n{method} ~~ NA*{method}"
    return {
        "one_factor": how.fit(line(method, items)),
        "constructs": how.fit(base),
        "method_equal": how.fit(f"{base}\n{equal}\n{orthogonal}"),
        "method_free": how.fit(f"{base}\n{line(method, items)}\n{orthogonal}"),
    }


def marker_entries(how: How, blocks: Blocks, marker: str, marker_items: Sequence[str]) -> dict[str, Entry]:
    """CFA, Baseline, Method-C, Method-U, Method-R and the two sensitivity models, as far as each can be fitted."""
    items = [item for own in blocks.values() for item in own]
    found = {"cfa": how.fit(f"{measured(blocks)}\n{line(marker, marker_items)}")}
    first = found["cfa"].solved
    if first is None:
        return found
    held = [given(marker, "=~", item, value(first, marker, "=~", item)) for item in marker_items]
    held += [given(item, "~~", item, value(first, item, "~~", item)) for item in marker_items]
    common = "\n".join([measured(blocks), *held, apart(marker, list(blocks))])
    found["baseline"] = how.fit(common)
    found["method_c"] = how.fit(f"{common}\n{line(marker, items, 'same*')}")
    found["method_u"] = how.fit(f"{common}\n{line(marker, items, 'NA*')}")
    baseline, chosen = found["baseline"].solved, chosen_model(found)
    if baseline is None or chosen is None:
        return found
    right = line(marker, items, "same*" if chosen == "method_c" else "NA*")
    pairs = [given(one, "~~", two, value(baseline, one, "~~", two)) for one, two in combinations(blocks, 2)]
    found["method_r"] = how.fit("\n".join([common, right, *pairs]))
    for level in (0.95, 0.99):
        upper = [given(marker, "=~", item, one) for item, one in _upper(found[chosen].solved, marker, items, level)]
        found[f"method_s{100 * level:.0f}"] = how.fit("\n".join([common, *upper]))
    return found


def chosen_model(found: Mapping[str, Entry]) -> str | None:
    """Method-U if it fits better than Method-C beyond chance and is admissible, else Method-C."""
    equal, free = (found[name].solved if name in found else None for name in ("method_c", "method_u"))
    if equal is None:
        return "method_u" if free is not None else None
    if free is not None and free.admissible:
        test = difference(free, equal)
        if test is not None and test["p_diff"] < ALPHA:
            return "method_u"
    return "method_c"


def _upper(fit: SemFit | None, marker: str, items: Sequence[str], level: float) -> list[tuple[str, float]]:
    """Method loadings at the end of their interval that lies away from 0."""
    assert fit is not None  # noqa: S101 - the chosen model is solved
    reach = float(ndtri(0.5 + level / 2))
    rows = fit.estimates[(fit.estimates["op"] == "=~") & (fit.estimates["lhs"] == marker)].set_index("rhs")
    return [
        (item, float(rows.loc[item, "est"]) + math.copysign(reach * float(rows.loc[item, "se"]), rows.loc[item, "est"]))
        for item in items
    ]


def value(fit: SemFit, lhs: str, op: str, rhs: str, column: str = "est") -> float:
    """One estimate; a covariance may stand in either order."""
    rows = fit.estimates
    named = (rows["lhs"] == lhs) & (rows["op"] == op) & (rows["rhs"] == rhs)
    if op == "~~":
        named |= (rows["lhs"] == rhs) & (rows["op"] == op) & (rows["rhs"] == lhs)
    return float(rows.loc[named, column].iloc[0])


def difference(free: SemFit, restricted: SemFit) -> dict[str, float] | None:
    """The test of a restriction; None where there is none."""
    try:
        row = compare(free, restricted, names=["a", "b"]).table.iloc[-1]
    except CxlabError:
        return None
    return {"chisq_diff": float(row["chisq_diff"]), "df_diff": float(row["df_diff"]), "p_diff": float(row["pvalue"])}


def model_row(name: str, entry: Entry, against: str, other: SemFit | None) -> dict[str, Any]:
    """A model's fit, and its test against another, whichever of the two is the freer."""
    row: dict[str, Any] = {"model": name, "state": entry.state, "against": ""}
    row["reason"] = " ".join(notice.text() for notice in entry.reasons)
    fit = entry.solved
    if fit is None:
        return row
    measures = fit.fit_measures
    use = reported(measures)
    row |= {"n_free": int(measures["npar"])} | {key: float(measures[use[key]]) for key in FIT}
    if other is not None:
        pair = sorted((fit, other), key=lambda one: float(one.fit_measures["df"]))
        row |= {"against": against} | (difference(*pair) or {})
    return row


def method_share(fit: SemFit, method: str, items: Sequence[str]) -> float:
    """Average share of the items' variance that the method factor takes; negative with a negative variance."""
    rows = fit.estimates
    table = rows[(rows["op"] == "=~") & (rows["lhs"] == method) & rows["rhs"].isin(items)]
    variance = value(fit, method, "~~", method)
    implied = fit.implied_cov
    spread = np.array([float(implied.loc[item, item]) for item in table["rhs"]])  # type: ignore[union-attr]
    return float(np.mean(table["est"].to_numpy() ** 2 * variance / spread))


def loading_change(fit: SemFit, base: SemFit, blocks: Blocks) -> float:
    """Largest change of a standardised loading on its construct."""
    return max(
        abs(value(fit, name, "=~", item, "std_all") - value(base, name, "=~", item, "std_all"))
        for name, items in blocks.items()
        for item in items
    )


def correlation_change(fit: SemFit, base: SemFit, blocks: Blocks) -> float:
    """Largest change of a correlation between constructs."""
    names = list(blocks)
    cor = [one.latent_cor.loc[names, names].to_numpy() for one in (fit, base)]  # type: ignore[union-attr]
    return float(np.nanmax(np.abs(cor[0] - cor[1])))
