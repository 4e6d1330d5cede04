"""Which parameter a reader means by ``image -> loyalty``, ``loyalty ~ image``, a label, or a defined effect's name."""

from __future__ import annotations

import re

import pandas as pd

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import ModelError

_ARROW = re.compile(r"\s*(?:->|→|⟶)\s*")
_OPERATOR = re.compile(r"\s*(=~|~~|<~|~)\s*")


def find_parameter(estimates: pd.DataFrame, target: str, group: int = 1) -> pd.Series:
    """The row of a fit's estimates that a text means.

    Parameters
    ----------
    estimates : DataFrame
        lhs, op, rhs, label, group, ... as of a `SemFit`.
    target : str
        ``"image -> loyalty"`` (from, to), lavaan's ``"loyalty ~ image"``, ``"image =~ IMAG1"``, ``"a ~~ b"`` in either
        order, the label of a parameter, or the name of a defined effect.
    group : int
        Group's number, from 1.

    Raises
    ------
    ModelError
        Nothing, or nothing that was estimated, has this name; the message lists what there is.

    Examples
    --------
    >>> rows = pd.DataFrame({"lhs": ["y"], "op": ["~"], "rhs": ["x"], "label": ["b"], "group": [1]})
    >>> find_parameter(rows, "x -> y")["label"], find_parameter(rows, "b")["rhs"]
    ('b', 'x')
    """
    if not isinstance(target, str) or not target.strip():
        raise ModelError("curve.target_form", target=target)
    rows = estimates[estimates["group"].isin([group, 0]) | (estimates["op"] == ":=")]
    keys = _keys(nfc(target.strip()))
    found = [row for _, row in rows.iterrows() if (row["lhs"], row["op"], row["rhs"]) in keys]
    name = nfc(target.strip())
    found = found or [row for _, row in rows.iterrows() if row["op"] == ":=" and row["lhs"] == name]
    found = found or [row for _, row in rows.iterrows() if row["label"] == name]
    if found:
        return found[0]
    known = known_parameters(rows)
    hint = did_you_mean(name, known)
    raise ModelError("curve.unknown_target", target=target, hint=hint, known=", ".join(known[:20]) or "–")


def known_parameters(estimates: pd.DataFrame) -> list[str]:
    """Paths as arrows, defined effects, labels; loadings where there is nothing else."""
    paths = [f"{row.rhs} -> {row.lhs}" for row in estimates.itertuples() if row.op == "~"]
    defined = [row.lhs for row in estimates.itertuples() if row.op == ":="]
    labels = [row.label for row in estimates.itertuples() if row.label and row.op != ":="]
    loadings = [f"{row.lhs} =~ {row.rhs}" for row in estimates.itertuples() if row.op == "=~"]
    return list(dict.fromkeys([*paths, *defined, *labels])) or loadings


def _keys(text: str) -> set[tuple[str, str, str]]:
    """Left side, operator and right side that the text may stand for."""
    arrow = _ARROW.split(text)
    if len(arrow) == 2:
        return {(_bare(arrow[1]), "~", _bare(arrow[0]))}
    parts = _OPERATOR.split(text)
    if len(parts) != 3:
        return set()
    left, op, right = _bare(parts[0]), parts[1], _bare(parts[2])
    if op == "~~":
        return {(left, op, right), (right, op, left)}
    return {(left, "~1", "")} if (op, right) == ("~", "1") else {(left, op, right)}


def _bare(name: str) -> str:
    return name.strip().strip("`\"'")
