"""The choices of a specification curve: read, checked, and multiplied out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import CxlabError, DataError, ModelError, Notice
from cxlab.specify import Model
from cxlab.specify.write import lavaan_text
from cxlab.survey.screening_types import Rule
from cxlab.survey.survey import Survey

NONE = ""
_JOIN = " + "


@dataclass(frozen=True, eq=False)
class Choice:
    """One thing that could be done in several ways: its name, and the ways as the table's column spells them."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Specification:
    """One combination.

    Attributes
    ----------
    chosen : mapping of choice to option
    survey : Survey or None
        The rows; None where the choices leave nobody, with the reason.
    model : Model or None
    missing, estimator : str
    same : object
        Equal for specifications with the same rows, model and method.
    """

    chosen: Mapping[str, str]
    survey: Survey | None
    model: Model | None
    missing: str
    estimator: str
    same: Any
    reason: Notice | None = None


@dataclass(frozen=True, eq=False)
class Plan:
    """All combinations, the first of them the reference."""

    survey: Survey
    models: tuple[Model, ...]
    choices: tuple[Choice, ...]
    specifications: tuple[Specification, ...]
    notices: tuple[Notice, ...]

    @property
    def names(self) -> list[str]:
        """The choices' names, columns of the table."""
        return [choice.name for choice in self.choices]


def read_choices(survey: Survey, given: Mapping[str, Any], most: int) -> Plan:
    """Every combination of the choices, with its rows and model.

    Raises
    ------
    DataError
        Unknown rules or items, an empty choice, more than `most` combinations.
    ModelError
        A construct left without items.
    """
    models = _models(given["model"])
    sets = _rule_sets(survey, given["exclude"])
    survey, notices = _restored(survey, sets)
    drops = _drops(models, given["drop"])
    options: dict[str, dict[str, Any]] = {
        "model": models,
        "exclude": {_JOIN.join(rules): rules for rules in sets},
        "where": _conditions(given["where"]),
        "drop": drops,
        "missing": {name: name for name in _listed("missing", given["missing"])},
        "estimator": {name.upper(): name for name in _listed("estimator", given["estimator"])},
    }
    size = 1
    for ways in options.values():
        size *= len(ways)
    if size > most:
        counts = " × ".join(f"{len(ways)} {name}" for name, ways in options.items() if len(ways) > 1)
        raise DataError("curve.too_many", count=size, most=most, counts=counts)
    choices = tuple(Choice(name, tuple(ways)) for name, ways in options.items())
    return Plan(survey, tuple(models.values()), choices, _combine(survey, options), tuple(notices))


def _combine(survey: Survey, options: Mapping[str, Mapping[str, Any]]) -> tuple[Specification, ...]:
    rows = {
        (excluded, where): _rows_of(survey, rules, condition, where)
        for excluded, rules in options["exclude"].items()
        for where, condition in options["where"].items()
    }
    texts = {
        (name, dropped): _without(model, items)
        for name, model in options["model"].items()
        for dropped, items in options["drop"].items()
    }
    found = []
    for combination in product(*options.values()):
        chosen = dict(zip(options, combination, strict=True))
        kept, reason = rows[chosen["exclude"], chosen["where"]]
        model = texts[chosen["model"], chosen["drop"]]
        missing, estimator = options["missing"][chosen["missing"]], options["estimator"][chosen["estimator"]]
        index = None if kept is None else tuple(kept.frame.index)
        same = (index, model.text, missing, chosen["estimator"]) if kept is not None else (combination,)
        found.append(Specification(chosen, kept, model, missing, estimator, same, reason))
    return tuple(found)


def _rows_of(survey: Survey, rules: Sequence[str], where: Any, name: str) -> tuple[Survey | None, Notice | None]:
    """The survey without what the rules flag and of whom the condition holds, or why nobody is left."""
    try:
        kept = survey.exclude(*rules) if rules else survey
        return (kept if where is None else kept.select(where=where, reason=name)), None
    except CxlabError as error:
        if error.key != "survey.nobody_left":
            raise
        return None, Notice(error.key, error.values)


def _models(given: Any) -> dict[str, Model]:
    named = dict(given) if isinstance(given, Mapping) else {NONE: given}
    if not named:
        raise ModelError("curve.empty_choice", choice="model")
    return {str(name): one if isinstance(one, Model) else Model.parse(one) for name, one in named.items()}


def _listed(choice: str, given: Any) -> list[str]:
    ways = [given] if isinstance(given, str) else list(dict.fromkeys(given))
    if not ways:
        raise DataError("curve.empty_choice", choice=choice)
    return [str(way) for way in ways]


def _tuples(choice: str, given: Any) -> list[tuple[str, ...]]:
    """Each way as a tuple of names: ``"a"`` is ``("a",)``, None is ``()``."""
    if isinstance(given, str):
        given = [given]
    ways = [(way,) if isinstance(way, str) else tuple(way or ()) for way in given]
    if not ways:
        raise DataError("curve.empty_choice", choice=choice)
    return [tuple(nfc(str(name)) for name in way) for way in dict.fromkeys(ways)]


def _rule_sets(survey: Survey, given: Any) -> list[tuple[str, ...]]:
    known = [rule.name for rule in survey.rules]
    if given is None:
        flagging = [rule.name for rule in survey.rules if rule.flagged and not _is_selection(rule)]
        out = survey.aside.order if survey.aside else ()
        own = tuple(name for name in flagging if name in out)
        return list(dict.fromkeys([own, (), *((name,) for name in flagging), tuple(flagging)]))
    sets = _tuples("exclude", given)
    wanted = [name for rules in sets for name in rules]
    if wanted and not known:
        raise DataError("survey.not_screened")
    unknown = [name for name in wanted if name not in known]
    if unknown:
        hint = did_you_mean(unknown[0], known)
        raise DataError("curve.unknown_rule", names=", ".join(unknown), hint=hint, known=", ".join(known))
    return sets


def _is_selection(rule: Rule) -> bool:
    """True for rows set aside by `Survey.select`: that is whom the study is about, not a rule of screening."""
    return rule.criterion == "" or rule.criterion.startswith("not (")


def _restored(survey: Survey, sets: Sequence[tuple[str, ...]]) -> tuple[Survey, list[Notice]]:
    """The survey with the rows put back that the rules of the curve had excluded."""
    wanted = {name for rules in sets for name in rules}
    back = [name for name in (survey.aside.order if survey.aside else ()) if name in wanted]
    if not back:
        return survey, []
    whole = survey.restore(*back)
    values = {"rows": len(whole) - len(survey), "rules": ", ".join(back)}
    return whole, [Notice("curve.restored", values)]


def _conditions(given: Any) -> dict[str, Any]:
    if given is None:
        return {NONE: None}
    if isinstance(given, str):
        given = [given]
    named = dict(given) if isinstance(given, Mapping) else {NONE if one is None else str(one): one for one in given}
    if not named:
        raise DataError("curve.empty_choice", choice="where")
    return {str(name): condition for name, condition in named.items()}


def _drops(models: Mapping[str, Model], given: Any) -> dict[str, tuple[str, ...]]:
    sets = _tuples("drop", given)
    items = {term.rhs for model in models.values() for term in model.terms if term.op == "=~"}
    unknown = [name for names in sets for name in names if name not in items]
    if unknown:
        known = sorted(items)
        hint = did_you_mean(unknown[0], known)
        raise DataError("curve.unknown_item", names=", ".join(unknown), hint=hint, known=", ".join(known))
    for names in sets:
        for model in models.values():
            _check_left(model, names)
    return {_JOIN.join(names): names for names in sets}


def _check_left(model: Model, dropped: Sequence[str]) -> None:
    for construct in model.variables.lv:
        items = [term.rhs for term in model.terms if term.op == "=~" and term.lhs == construct]
        if items and not set(items) - set(dropped):
            raise ModelError("curve.no_item_left", construct=construct, items=", ".join(items))


def _without(model: Model, dropped: Sequence[str]) -> Model:
    """The model without these items and all that is said of them."""
    if not dropped:
        return model
    gone = set(dropped)
    terms = [term for term in model.terms if term.rhs not in gone and term.lhs not in gone]
    return Model.parse(lavaan_text(terms, model.constraints))
