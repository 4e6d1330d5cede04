"""What a model's names must satisfy: labels that exist, variables that the data have, circles that are named."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, NoReturn

from cxlab.errors import Notice
from cxlab.specify.expression import names_in
from cxlab.specify.source import Source
from cxlab.specify.statements import Constraint, Term

if TYPE_CHECKING:
    from cxlab.specify.model import Model

_SHOWN = 12
_DID_YOU_MEAN = {
    "specify.unknown_label": "specify.unknown_label_did_you_mean",
    "specify.unknown_variable": "specify.unknown_variable_did_you_mean",
    "specify.unknown_factor": "specify.unknown_factor_did_you_mean",
}


def check_labels(source: Source, terms: Sequence[Term], constraints: Sequence[Constraint]) -> None:
    """Every label in a constraint or definition must exist; a definition may use those above it."""
    labels = {label for term in terms for label in term.modifiers.label if label}
    defined_at = {item.defined: item.at for item in constraints if item.defined}
    for name, at in defined_at.items():
        if name in labels:
            source.fail("specify.defined_is_label", at, name=name)
    above: set[str] = set()
    for item in constraints:
        known = labels | (above if item.defined else set(defined_at))
        for mention in names_in(item.rhs) if item.defined else (*names_in(item.lhs), *names_in(item.rhs)):
            if mention.name in known or _is_plabel(mention.name):
                continue
            if mention.name in defined_at:
                line = source.place(defined_at[mention.name])[0]
                source.fail("specify.defined_below", mention.at, name=mention.name, below=line)
            _fail_unknown(source, "specify.unknown_label", mention.at, mention.name, sorted(known))
        above.add(item.defined or "")


def check_variables(model: Model, available: Iterable[str]) -> dict[str, str]:
    """Whether the data hold what the model observes.

    Parameters
    ----------
    model : Model
        The model.
    available : iterable of str
        Columns of the data. Letters may be composed or decomposed (NFC, NFD).

    Returns
    -------
    dict
        Each observed variable of the model, in the model's order, with its column as the data spell it.

    Raises
    ------
    ModelSyntaxError
        A variable is no column (the message shows the line and the nearest name), or a factor has a column's name.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> check_variables(Model.parse("f =~ x1 + x2 + x3"), ["id", "x1", "x2", "x3"])
    {'x1': 'x1', 'x2': 'x2', 'x3': 'x3'}
    """
    columns = {unicodedata.normalize("NFC", name): name for name in available if isinstance(name, str)}
    sets = model.variables
    for name in sets.lv:
        if name in columns:
            model.source.fail("specify.factor_is_column", _first_mention(model, name), name=name)
    unknown = [name for name in sets.ov if name not in columns]
    if unknown:
        _fail_variables(model, unknown, list(columns))
    return {name: columns[name] for name in sets.ov}


def check_ordered(model: Model, ordered: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Ordinal items in the model's order with their numbers of thresholds; lines on thresholds must be about them."""
    for term in model.terms:
        if term.op not in ("|", "~*~"):
            continue
        if term.lhs not in ordered:
            model.source.fail("specify.not_ordered", term.lhs_at, name=term.lhs)
        if term.op == "|" and int(term.rhs[1:]) > ordered[term.lhs]:
            values = {"name": term.lhs, "threshold": term.rhs, "count": ordered[term.lhs]}
            model.source.fail("specify.too_many_thresholds", term.rhs_at, **values)
    return tuple((name, ordered[name]) for name in model.variables.ov if name in ordered)


def label_notices(model: Model, available: Iterable[str]) -> Iterator[Notice]:
    """A notice for each label that is a variable's name: ``y ~ x*z`` labels z and is no product of x and z."""
    known = {*model.variables.ov, *model.variables.lv, *available}
    for term in model.terms:
        for label in term.modifiers.label:
            if label in known:
                values = {"label": label, "name": term.rhs or "1", "line": model.source.place(term.rhs_at)[0]}
                yield Notice("specify.label_is_variable", values, serious=True)


def _fail_variables(model: Model, unknown: list[str], columns: list[str]) -> NoReturn:
    mentions = {name: _first_mention(model, name) for name in unknown}
    name = min(unknown, key=mentions.__getitem__)
    if len(unknown) > 1:
        names = ", ".join(_with_nearest(other, columns) for other in sorted(unknown, key=mentions.__getitem__))
        model.source.fail("specify.unknown_variables", mentions[name], names=names, known=_listed(columns))
    measured = {term.rhs for term in model.terms if term.op in ("=~", "<~")}
    if name in measured:
        _fail_unknown(model.source, "specify.unknown_variable", mentions[name], name, columns)
    _fail_unknown(model.source, "specify.unknown_factor", mentions[name], name, [*model.variables.lv, *columns])


def _with_nearest(name: str, columns: list[str]) -> str:
    nearest = closest(name, columns)
    return f"'{name}' (→ '{nearest}'?)" if nearest else f"'{name}'"


def _first_mention(model: Model, name: str) -> int:
    return min(
        at for term in model.terms for text, at in ((term.lhs, term.lhs_at), (term.rhs, term.rhs_at)) if text == name
    )


def _fail_unknown(source: Source, key: str, at: int, name: str, known: Sequence[str]) -> NoReturn:
    nearest = closest(name, known)
    listed = _listed(known)
    if nearest is None:
        source.fail(key, at, name=name, known=listed)
    source.fail(_DID_YOU_MEAN[key], at, name=name, known=listed, nearest=nearest)


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`, without regard to case, accents and separators; None if none does."""
    plain: dict[str, str] = {}
    for candidate in known:
        plain.setdefault(_plain(candidate), candidate)
    found = get_close_matches(_plain(name), list(plain), n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(character for character in decomposed if character.isalnum())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "") if names else "–"


def _is_plabel(name: str) -> bool:
    return name.startswith(".p") and name.endswith(".") and name[2:-1].isdigit()


def circles(terms: Sequence[Term]) -> Iterator[Notice]:
    """A notice when the arrows form a circle: allowed, but seldom meant, and often not identified."""
    causes: dict[str, list[str]] = {}
    for term in terms:
        if term.op in ("=~", "~", "<~"):
            cause, effect = (term.lhs, term.rhs) if term.op == "=~" else (term.rhs, term.lhs)
            causes.setdefault(effect, []).append(cause)
    try:
        TopologicalSorter(causes).prepare()
    except CycleError as error:
        circle = error.args[1][:-1]
        first = min(range(len(circle)), key=lambda position: list(causes).index(circle[position]))
        path = [*circle[first:], *circle[: first + 1]]
        yield Notice("specify.circular", {"path": " → ".join(path)}, serious=True)
