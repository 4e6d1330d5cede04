"""A model as equations: measurement, structure and covariances, in the notation of papers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cxlab.specify.model import Model
    from cxlab.specify.partable import ParTable

_ESCAPED = {character: f"\\{character}" for character in "_#$%&{}"}
_ESCAPED |= {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def equations(model: Model) -> str:
    """The equations of a model's text in ``align*``; automatic variances and covariances are left out."""
    table = model.partable()
    rows = [row for row in range(len(table)) if table.is_parameter[row] and table.user[row] == 1]
    symbols = _Symbols(table)
    sums: dict[str, list[str]] = {}
    covariances = []
    for row in rows:
        lhs, op, rhs = table.lhs[row], table.op[row], table.rhs[row]
        if op == "=~":
            sums.setdefault(rhs, []).append(symbols.product(row, "lambda", lhs))
        elif op in ("~", "<~"):
            greek = "gamma" if rhs in table.variables.ov_x or rhs in table.variables.lv_x else "beta"
            sums.setdefault(lhs, []).append(symbols.product(row, "omega" if op == "<~" else greek, rhs))
        elif op == "~1":
            sums.setdefault(lhs, []).insert(0, symbols.coefficient(row, "alpha"))
        else:
            greek = "psi" if lhs in table.variables.lv else "theta"
            covariances.append((_covariance(lhs, rhs), symbols.coefficient(row, greek)))
    errors = {name: symbols.error(name) for name in sums}
    lines = [f"{_name(name)} &= {' + '.join([*terms, *errors[name]])}" for name, terms in sums.items()]
    lines += [f"{left} &= {right}" for left, right in covariances]
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}\n"


class _Symbols:
    """Greek letters with running numbers; the user's labels and fixed values where given."""

    def __init__(self, table: ParTable) -> None:
        self._table = table
        self._used: Counter[str] = Counter()

    def coefficient(self, row: int, greek: str) -> str:
        value, label = self._table.ustart[row], self._table.label[row]
        if not self._table.free[row] and not np.isnan(value):
            return f"{value:g}"
        if label and not label.startswith(".p"):
            return _name(label)
        return self._next(greek)

    def product(self, row: int, greek: str, name: str) -> str:
        coefficient = self.coefficient(row, greek)
        return _name(name) if coefficient == "1" else rf"{coefficient}\,{_name(name)}"

    def error(self, name: str) -> list[str]:
        """The error term of a left side; none where its variance is held at zero."""
        for row in np.flatnonzero(self._table.is_parameter):
            own = self._table.lhs[row] == self._table.rhs[row] == name and self._table.op[row] == "~~"
            if own and not self._table.free[row] and self._table.ustart[row] == 0:
                return []
        structural = (*self._table.variables.lv, *self._table.variables.eqs_y)
        return [self._next("zeta" if name in structural else "varepsilon")]

    def _next(self, greek: str) -> str:
        self._used[greek] += 1
        return rf"\{greek}_{{{self._used[greek]}}}"


def _covariance(lhs: str, rhs: str) -> str:
    if lhs == rhs:
        return rf"\operatorname{{var}}({_name(lhs)})"
    return rf"\operatorname{{cov}}({_name(lhs)}, {_name(rhs)})"


def _name(name: str) -> str:
    return rf"\text{{{''.join(_ESCAPED.get(character, character) for character in name)}}}"
