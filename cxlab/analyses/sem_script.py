"""The R script with which a reviewer checks a `SemFit`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from cxlab.i18n import tr
from cxlab.specify.statements import Term
from cxlab.specify.write import lavaan_text

if TYPE_CHECKING:
    from cxlab.analyses.sem_result import SemFit

_RESERVED = {"if", "else", "repeat", "while", "function", "for", "in", "next", "break"}
_RESERVED |= {"TRUE", "FALSE", "NULL", "Inf", "NaN", "NA"}


def lavaan_script(fit: SemFit) -> str:
    """R code: reads the items from a CSV, fits the same model with the same options, prints what cxlab prints."""
    items, latent = list(fit.fitted.table.variables.ov), list(fit.fitted.table.variables.lv)
    group = fit.options.group
    safe = safe_names([*items, *latent, *([group] if group else [])])
    terms = [_named(term, safe) for term in fit.model.terms]
    chisq, df = fit.fit_measures["chisq"], fit.fit_measures["df"]
    moments = fit.request.survey is None
    reading = _moments_lines(fit, safe) if moments else _data_lines(fit, items, safe)
    source = "sample.cov = covariances, sample.nobs = rows" if moments else "data = data"
    if moments and fit.sample.mean is not None:
        source += ", sample.mean = means"
    lines = [
        "# " + tr("sem.script_head", n=fit.n_obs, chisq=f"{chisq:.3f}", df=f"{df:.0f}"),
        *reading,
        "model <- '",
        lavaan_text(terms, fit.model.constraints).rstrip("\n"),
        "'",
        f"fit <- {fit.options.kind}(model, {source}, {', '.join(_options(fit, safe))})",
        "summary(fit, fit.measures = TRUE, standardized = TRUE, rsquare = TRUE)",
        *(['lavInspect(fit, "cov.lv")'] if latent else []),
    ]
    return "\n".join(lines) + "\n"


def _named(term: Term, safe: dict[str, str]) -> Term:
    """The term in names that R can read; thresholds keep theirs."""
    rhs = term.rhs if term.op == "|" else safe.get(term.rhs, "")
    return replace(term, lhs=safe[term.lhs], rhs=rhs)


def _data_lines(fit: SemFit, items: list[str], safe: dict[str, str]) -> list[str]:
    columns = [*items, *([fit.options.group] if fit.options.group else [])]
    new = [safe[name] for name in columns]
    return [
        "# " + tr("sem.script_data"),
        f'#   survey.data[[{", ".join(map(repr, columns))}]].to_csv("data.csv", index=False)',
        "library(lavaan)",
        'data <- read.csv("data.csv", check.names = FALSE, fileEncoding = "UTF-8")',
        f"data <- data[, {_vector(columns)}]",
        *([f"names(data) <- {_vector(new)}"] if new != columns else []),
    ]


def _moments_lines(fit: SemFit, safe: dict[str, str]) -> list[str]:
    """The matrices themselves, as printed with divisor n - 1."""
    sample, labels = fit.sample, fit.groups or ("",)
    names = _vector(safe[name] for name in sample.names)
    matrices, means = [], []
    for group, n in enumerate(sample.n_obs):
        cov = sample.cov[group] * n / (n - 1)
        values = ", ".join(f"{value:.10g}" for value in cov.ravel())
        matrices.append(f"matrix(c({values}), {len(cov)}, dimnames = list({names}, {names}))")
        if sample.mean is not None:
            means.append("c(" + ", ".join(f"{value:.10g}" for value in sample.mean[group]) + ")")
    found = ["library(lavaan)", f"covariances <- {_list(matrices, labels)}"]
    found.append("rows <- " + _list([str(int(n)) for n in sample.n_obs], labels))
    return [*found, *([f"means <- {_list(means, labels)}"] if means else [])]


def _list(values: list[str], labels: Iterable[str]) -> str:
    if len(values) == 1:
        return values[0]
    return "list(" + ", ".join(f'"{label}" = {value}' for label, value in zip(labels, values, strict=True)) + ")"


def _options(fit: SemFit, safe: dict[str, str]) -> list[str]:
    """The call's settings; those that the estimator implies are left to it."""
    use = fit.options
    found = [f'estimator = "{use.estimator}"']
    if fit.request.survey is not None:
        found.append(f'missing = "{use.missing}"')
    if fit.fitted.table.ordered:
        found.append(f"ordered = {_vector(safe[name] for name in fit.fitted.table.ordered)}")
        found.append(f'parameterization = "{use.parameterization}"')
    if use.se != "standard":
        found.append(f'se = "{use.engine_request().se}"')
    for name in ("test", "information"):
        if getattr(use, name) is not None:
            found.append(f'{name} = "{getattr(use, name)}"')
    found += [f"{name} = TRUE" for name in ("std.lv", "orthogonal") if getattr(use, name.replace(".", "_"))]
    for name in ("meanstructure", "fixed.x"):
        value = getattr(use, name.replace(".", "_"))
        if value is not None:
            found.append(f"{name} = {'TRUE' if value else 'FALSE'}")
    if use.group is not None and fit.request.survey is not None:
        found.append(f'group = "{safe[use.group]}"')
    if use.group_equal:
        found.append(f"group.equal = {_vector(use.group_equal)}")
    if use.group_partial:
        found.append(f"group.partial = {_vector(_renamed(part, safe) for part in use.group_partial)}")
    return found


def _renamed(parameter: str, safe: dict[str, str]) -> str:
    """``f=~x`` with the script's names."""
    parts = re.split(r"(=~|~~|~1|<~|~)", parameter, maxsplit=1)
    return "".join(safe.get(part.strip(), part.strip()) for part in parts)


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
