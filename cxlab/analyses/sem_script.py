"""The R script with which a reviewer checks a `SemFit`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from cxlab.i18n import tr
from cxlab.specify.write import lavaan_text

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit

_RESERVED = {"if", "else", "repeat", "while", "function", "for", "in", "next", "break"}
_RESERVED |= {"TRUE", "FALSE", "NULL", "Inf", "NaN", "NA"}


def lavaan_script(fit: SemFit) -> str:
    """R code: reads the items from a CSV, fits the same model with the same options, prints what cxlab prints."""
    items, latent = list(fit.implied_cov.index), list(fit.latent_cov.index)
    safe = safe_names([*items, *latent])
    terms = [replace(term, lhs=safe[term.lhs], rhs=safe.get(term.rhs, "")) for term in fit.model.terms]
    options = [f'estimator = "{fit.options.estimator}"', f'missing = "{fit.options.missing}"']
    options += [f"{name} = TRUE" for name in ("std.lv", "orthogonal") if getattr(fit.options, name.replace(".", "_"))]
    chisq, df = fit.fit_measures["chisq"], fit.fit_measures["df"]
    renamed = any(safe[name] != name for name in items)
    lines = [
        "# " + tr("sem.script_head", n=fit.n_obs, chisq=f"{chisq:.3f}", df=f"{df:.0f}"),
        "# " + tr("sem.script_data"),
        f'#   survey.data[[{", ".join(map(repr, items))}]].to_csv("data.csv", index=False)',
        "library(lavaan)",
        'data <- read.csv("data.csv", check.names = FALSE, fileEncoding = "UTF-8")',
        f"data <- data[, {_vector(items)}]",
        *([f"names(data) <- {_vector(safe[name] for name in items)}"] if renamed else []),
        "model <- '",
        lavaan_text(terms, fit.model.constraints).rstrip("\n"),
        "'",
        f"fit <- {fit.options.kind}(model, data = data, {', '.join(options)})",
        "summary(fit, fit.measures = TRUE, standardized = TRUE, rsquare = TRUE)",
        'lavInspect(fit, "cov.lv")',
    ]
    return "\n".join(lines) + "\n"


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """For each name one that lavaan's syntax in R takes: letters, digits, ``_`` and ``.``, no reserved word.

    Examples
    --------
    >>> safe_names(["giá", "hài lòng", "hài_lòng", "1st", "if"])
    {'giá': 'giá', 'hài lòng': 'hài_lòng_', 'hài_lòng': 'hài_lòng', '1st': 'v_1st', 'if': 'v_if'}
    """
    wanted = list(dict.fromkeys(names))
    safe = {name: name for name in wanted if re.fullmatch(r"[^\W\d_][\w.]*", name) and name not in _RESERVED}
    for name in wanted:
        if name in safe:
            continue
        changed = re.sub(r"[^\w.]", "_", name)
        if not re.match(r"[^\W\d_]", changed) or changed in _RESERVED:
            changed = f"v_{changed}"
        while changed in safe.values():
            changed += "_"
        safe[name] = changed
    return {name: safe[name] for name in wanted}


def _vector(names: Iterable[str]) -> str:
    escaped = (name.replace("\\", "\\\\").replace('"', '\\"') for name in names)
    return "c(" + ", ".join(f'"{name}"' for name in escaped) + ")"
