"""The four ways in which several components can make one experience, as lavaan text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from string import ascii_lowercase
from typing import Literal, get_args

from cxlab.codebook.text import did_you_mean
from cxlab.errors import ModelError
from cxlab.i18n import Language, pick, tr

Structure = Literal["one_factor", "correlated", "second_order", "bifactor"]
STRUCTURES: tuple[Structure, ...] = get_args(Structure)
Blocks = Mapping[str, Sequence[str]]

_SYNTACTIC = re.compile(r"[^\W\d_][\w.]*")
# Words that R's formula language keeps for itself; lavaan refuses them as names.
_RESERVED = frozenset(
    ("if", "else", "for", "in", "while", "repeat", "function", "next", "break", "TRUE", "FALSE", "NA")
)
_WIDTH = 100


def structure_text(
    constructs: Blocks,
    structure: Structure | str = "correlated",
    paths: Blocks | None = None,
    *,
    outcomes: Blocks | None = None,
    general: str = "experience",
    labels: Mapping[str, str | Mapping[str, str]] | None = None,
    reversed_items: Iterable[str] = (),
    comments: bool = True,
    lang: Language | None = None,
) -> str:
    """Write the model in which these items have one factor, correlated factors, a second order, or a general factor.

    Use it to hold rival structures of one questionnaire against each other, and to write the structural model of a
    study: components or the general factor to satisfaction to loyalty.

    Parameters
    ----------
    constructs : mapping of str to sequence of str
        Items by construct, each item once. The first item of a construct sets its scale (loading 1), so let it be one
        that is not reversed.
    structure : {"one_factor", "correlated", "second_order", "bifactor"}
        ``one_factor``: all items measure `general`. ``correlated``: a factor for each construct, all correlated.
        ``second_order``: `general` is measured by the constructs (three or more). ``bifactor``: `general` is measured
        by all items, the constructs take what is left; all factors uncorrelated, with variance 1 and every loading
        free, as in R's ``cfa(..., std.lv = TRUE, orthogonal = TRUE)``. A construct of two items gets two equal
        loadings there, as it could not be identified otherwise.
    paths : mapping of str to sequence of str, optional
        Predictors by outcome, in the order of the hypotheses: ``{"satisfaction": ["experience"], "loyalty":
        ["satisfaction"]}``. Each becomes a line of its own with its hypothesis, H1a, H1b, H2, ...
    outcomes : mapping of str to sequence of str, optional
        Items by outcome: constructs outside the experience.
    general : str
        Name of the general factor.
    labels : mapping of str to text, optional
        What constructs are called in comments, as text or ``{"en": ..., "vi": ...}``.
    reversed_items : iterable of str
        Items that must be turned before the model is estimated; a comment says so.
    comments : bool
        False leaves all comments out.
    lang : {"en", "vi"}, optional
        Language of the comments, by default the one in use.

    Returns
    -------
    str
        lavaan model text for ``cx.sem`` or R; it needs no options.

    Raises
    ------
    ModelError
        For an unknown structure, no constructs, too few items or constructs for the structure, an item in two places,
        a name that stands for two things, or a path between names that the model does not have.

    References
    ----------
    Second-order and bifactor models: Reise (2012); Chen, West & Sousa (2006).

    Examples
    --------
    >>> blocks = {"sense": ["s1", "s2", "s3"], "feel": ["f1", "f2", "f3"]}
    >>> print(structure_text(blocks, "correlated", {"loyalty": ["sense", "feel"]},
    ...                      outcomes={"loyalty": ["l1", "l2", "l3"]}, comments=False))
    sense =~ s1 + s2 + s3
    feel =~ f1 + f2 + f3
    loyalty =~ l1 + l2 + l3
    loyalty ~ sense
    loyalty ~ feel
    """
    kind = check_structure(structure)
    outcomes, paths = outcomes or {}, paths or {}
    _check(constructs, kind, outcomes, paths, general)
    writer = {
        "one_factor": _one_factor,
        "correlated": _correlated,
        "second_order": _second_order,
        "bifactor": _bifactor,
    }
    turned = [name for name in reversed_items if name in set(chain(*constructs.values(), *outcomes.values()))]
    lines = [f"# {_say('text_reversed', lang, items=', '.join(turned))}"] if turned else []
    lines += [f"# {_say(f'text_{kind}', lang)}", *writer[kind](constructs, general)]
    if outcomes:
        lines += [f"# {_say('text_outcomes', lang)}", *_measured(outcomes)]
    if paths:
        lines += [f"# {_say('text_paths', lang)}", *_regressions(paths, labels or {}, general, lang)]
    if not comments:
        lines = [line.split("  # ")[0].rstrip() for line in lines if not line.startswith("# ")]
    return "\n".join(lines)


def check_structure(structure: str) -> Structure:
    """The structure if there is one of this name, else an error that lists them.

    Examples
    --------
    >>> check_structure("bifactor")
    'bifactor'
    """
    if structure not in STRUCTURES:
        hint = did_you_mean(str(structure), STRUCTURES)
        raise ModelError("frameworks.unknown_structure", name=structure, hint=hint, known=", ".join(STRUCTURES))
    return structure


def _say(key: str, lang: Language | None, **values: str) -> str:
    return tr(f"frameworks.{key}", lang, **values)


def quoted(name: str) -> str:
    """The name as lavaan text carries it: in backticks where it holds blanks or signs.

    Examples
    --------
    >>> quoted("cảm_xúc"), quoted("cảm xúc")
    ('cảm_xúc', '`cảm xúc`')
    """
    return name if _SYNTACTIC.fullmatch(name) and name not in _RESERVED else f"`{name}`"


def _one_factor(constructs: Blocks, general: str) -> list[str]:
    return [_line(general, "=~", chain(*constructs.values()))]


def _correlated(constructs: Blocks, general: str) -> list[str]:
    return _measured(constructs)


def _second_order(constructs: Blocks, general: str) -> list[str]:
    return [*_measured(constructs), _line(general, "=~", constructs)]


def _bifactor(constructs: Blocks, general: str) -> list[str]:
    items = list(chain(*constructs.values()))
    lines = [_line(general, "=~", items, first="NA*")]
    for name, own in constructs.items():
        if len(own) == 2:
            label = re.sub(r"\W", "_", name) + "_equal"
            lines.append(f"{quoted(name)} =~ NA*{quoted(own[0])} + {label}*{quoted(own[0])} + {label}*{quoted(own[1])}")
        else:
            lines.append(_line(name, "=~", own, first="NA*"))
    factors = [general, *constructs]
    lines += [f"{quoted(name)} ~~ 1*{quoted(name)}" for name in factors]
    return lines + [_line(name, "~~", factors[i + 1 :], every="0*") for i, name in enumerate(factors[:-1])]


def _measured(blocks: Blocks) -> list[str]:
    return [_line(name, "=~", items) for name, items in blocks.items()]


def _line(left: str, operator: str, right: Iterable[str], *, first: str = "", every: str = "") -> str:
    """One statement; a long one goes on under its operator, as both lavaan and cxlab read it."""
    terms = [f"{every}{quoted(name)}" for name in right]
    terms[0] = first + terms[0]
    head = f"{quoted(left)} {operator} "
    rows, row = [], head + terms[0]
    for term in terms[1:]:
        if len(row) + len(term) + 3 > _WIDTH:
            rows.append(row + " +")
            row = " " * len(head) + term
        else:
            row += f" + {term}"
    return "\n".join([*rows, row])


def _regressions(
    paths: Blocks, labels: Mapping[str, str | Mapping[str, str]], general: str, lang: Language | None
) -> list[str]:
    """A line a hypothesis: H1a, H1b, ... for one outcome, then H2."""
    named = {general: _say("general_label", lang), **{name: pick(text, lang) for name, text in labels.items()}}
    pairs = [(hypothesis, y, x) for hypothesis, y, x in hypotheses(paths)]
    width = max(len(f"{quoted(y)} ~ {quoted(x)}") for _, y, x in pairs)
    return [
        f"{f'{quoted(y)} ~ {quoted(x)}':<{width}}  # {hypothesis}: {named.get(x, x)} → {named.get(y, y)}"
        for hypothesis, y, x in pairs
    ]


def hypotheses(paths: Blocks) -> list[tuple[str, str, str]]:
    """Each path as (hypothesis, outcome, predictor): H1a, H1b for an outcome with several predictors, else H2.

    Examples
    --------
    >>> hypotheses({"satisfaction": ["sense", "feel"], "loyalty": ["satisfaction"]})
    [('H1a', 'satisfaction', 'sense'), ('H1b', 'satisfaction', 'feel'), ('H2', 'loyalty', 'satisfaction')]
    """
    found = []
    for number, (outcome, predictors) in enumerate(paths.items(), 1):
        for place, predictor in enumerate(predictors):
            letter = "" if len(predictors) == 1 else _letters(place)
            found.append((f"H{number}{letter}", outcome, predictor))
    return found


def _letters(place: int) -> str:
    """a to z, then aa, ab, ..."""
    tens, ones = divmod(place, 26)
    return (_letters(tens - 1) if tens else "") + ascii_lowercase[ones]


def _check(constructs: Blocks, kind: Structure, outcomes: Blocks, paths: Blocks, general: str) -> None:
    if not constructs:
        raise ModelError("frameworks.no_constructs")
    _check_blocks({**constructs, **outcomes}, constructs, outcomes)
    least = {"one_factor": 1, "correlated": 1, "second_order": 3, "bifactor": 2}[kind]
    if len(constructs) < least:
        raise ModelError("frameworks.few_constructs", structure=kind, least=least, names=", ".join(constructs))
    if kind == "bifactor":
        single = [name for name, items in constructs.items() if len(items) < 2]
        if single:
            raise ModelError("frameworks.bifactor_single_item", names=", ".join(single))
    factors = [*outcomes]
    factors += [] if kind == "one_factor" else [*constructs]
    factors += [] if kind == "correlated" else [general]
    items = list(chain(*constructs.values(), *outcomes.values()))
    twice = sorted({name for name in (*factors, *items) if (*factors, *items).count(name) > 1})
    if twice:
        raise ModelError("frameworks.name_twice", names=", ".join(twice))
    for name in (*factors, *items):
        if not name or "`" in name or "\n" in name:
            raise ModelError("frameworks.bad_name", name=name)
    _check_paths(paths, factors, kind)


def _check_blocks(blocks: Blocks, constructs: Blocks, outcomes: Blocks) -> None:
    both = [name for name in constructs if name in outcomes]
    if both:
        raise ModelError("frameworks.name_twice", names=", ".join(both))
    for name, items in blocks.items():
        if isinstance(items, str) or not items:
            raise ModelError("frameworks.no_items_of", name=name)


def _check_paths(paths: Blocks, factors: Sequence[str], kind: Structure) -> None:
    for outcome, predictors in paths.items():
        if isinstance(predictors, str) or not predictors:
            raise ModelError("frameworks.no_predictors", name=outcome)
        for name in (outcome, *predictors):
            if name not in factors:
                hint = did_you_mean(name, factors)
                known = ", ".join(factors)
                raise ModelError("frameworks.unknown_path", name=name, structure=kind, hint=hint, known=known)
        if outcome in predictors:
            raise ModelError("frameworks.path_to_itself", name=outcome)
