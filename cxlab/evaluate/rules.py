"""Rules of thumb as cited data: what a number means by whose convention, and whether that was checked or recalled."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from cxlab.codebook.text import did_you_mean
from cxlab.errors import CxlabError
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.i18n.loading import read_yaml
from cxlab.references import Reference, cite

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["sourced", "memory"]
_COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
_UNBOUNDED = {"vif", "f2", "skewness", "kurtosis", "cooks_distance"}


@dataclass(frozen=True)
class Measure:
    """One measure of a rule: a limit that is met or not, or bands with names.

    Attributes
    ----------
    rule, name : str
        Keys of the rule and of the measure.
    limit : (operator, value) or None
    bands : tuple of (label key, lowest value)
        Ascending; empty if the measure has a limit.
    absolute : bool
        True judges the value without its sign.
    status : {"sourced", "memory"}
        Whether the cut-off was read in the work (or a quotation of it) or recalled.
    """

    rule: str
    name: str
    limit: tuple[str, float] | None
    bands: tuple[tuple[str, float], ...]
    absolute: bool
    status: Status


@dataclass(frozen=True)
class Rule:
    """A published convention: title, work, measures, and a caution where its authors gave one."""

    key: str
    title: Mapping[str, str]
    source: Reference
    measures: Mapping[str, Measure]
    note: Mapping[str, str]


@dataclass(frozen=True)
class Judgement:
    """What a rule says of one value.

    Attributes
    ----------
    value : float
    measure, rule : str
        Keys of the measure and the rule.
    label : str
        Catalogue key of the verdict: ``evaluate.met``, ``evaluate.not_met``, or the band, such as ``evaluate.medium``.
    met : bool or None
        True or False for a limit; None for bands, which describe and do not decide.
    limit : str
        The limit or the bands in words.
    source : Reference
    status : {"sourced", "memory"}
    """

    value: float
    measure: str
    rule: str
    label: str
    met: bool | None
    source: Reference
    status: Status

    def text(self, lang: Language | None = None) -> str:
        """The judgement in one sentence, with the rule, and a mark if the cut-off is from memory."""
        measure = _rule(self.rule).measures[self.measure]
        sentence = tr("evaluate.judgement", lang, measure=tr(f"evaluate.measure_{self.measure}", lang),
                      value=_number(self.value, self.measure, lang, self._digits(measure)), label=tr(self.label, lang),
                      limit=_limit(measure, lang), rule=pick(_rule(self.rule).title, lang))  # fmt: skip
        return sentence + (f" [{tr('common.from_memory', lang)}]" if self.status == "memory" else "")

    def __str__(self) -> str:
        return self.text()

    def _digits(self, measure: Measure) -> int:
        """Three, or as many as it takes to see that the limit is missed."""
        size = abs(self.value) if measure.absolute else self.value
        if self.met is not False or measure.limit is None or size == measure.limit[1]:
            return 3
        return next((digits for digits in range(3, 7) if round(size, digits) != measure.limit[1]), 6)


@overload
def interpret(value: float, rule: str, measure: str | None = None) -> Judgement: ...
@overload
def interpret(value: Mapping[str, float] | pd.Series, rule: str, measure: None = None) -> tuple[Judgement, ...]: ...


def interpret(value: Any, rule: str, measure: str | None = None) -> Judgement | tuple[Judgement, ...]:
    """What a published rule of thumb says of a number.

    When to use it: beside a reported value and its interval, never instead of them. Rules are conventions; the
    judgement names whose, and says if the cut-off was recalled and not checked.

    Parameters
    ----------
    value : float, or mapping or Series of floats by measure
        A number, or several by name, such as a fit's ``fit_measures``; of these the rule takes those it knows.
    rule : str
        Key of the rule, as listed by `rules_table`, for example ``"hu_bentler_1999"``; ``"hu_bentler_1999.cfi"`` names
        the measure as well.
    measure : str, optional
        Which measure of the rule the number is; needed only if the rule has several.

    Returns
    -------
    Judgement, or a tuple of them if several values were given
        With ``label``, ``met``, ``source``, ``status`` and ``text(lang)``.

    Raises
    ------
    CxlabError
        Unknown rule or measure (the message lists those there are), or a value that is not a number.

    Examples
    --------
    >>> print(interpret(0.962, rule="hu_bentler_1999", measure="cfi"))
    CFI = .962: met (≥ .95; Hu & Bentler (1999), fit of a covariance model)
    >>> [judgement.met for judgement in interpret({"cfi": 0.91, "srmr": 0.05, "df": 12}, "hu_bentler_1999")]
    [False, True]
    """
    key, _, named = rule.partition(".")
    found = _rule(key)
    if hasattr(value, "items"):
        known = {name: number for name, number in value.items() if name in found.measures}
        if not known:
            raise _unknown_measure(found, ", ".join(str(name) for name, _ in value.items()))
        return tuple(_judge(number, found.measures[name], found) for name, number in known.items())
    return _judge(value, _measure(found, measure or named or None), found)


def rules_table(lang: Language | None = None) -> pd.DataFrame:
    """Every rule of thumb that cxlab knows: rule, measure, limit, title, source, status.

    Examples
    --------
    >>> table = rules_table("en")
    >>> table.loc[table["measure"] == "srmr", ["rule", "limit", "status"]].to_numpy().tolist()
    [['hu_bentler_1999', '≤ .08', 'sourced']]
    """
    import pandas as pd

    rows = [
        {"rule": rule.key, "measure": name, "limit": _limit(measure, lang), "title": pick(rule.title, lang),
         "source": rule.source.text, "status": measure.status}
        for rule in _rules().values() for name, measure in rule.measures.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def rule_limit(rule: str, measure: str | None = None) -> float:
    """The cut-off of a rule, for a line in a figure; an error if the measure has bands instead.

    Examples
    --------
    >>> rule_limit("nunnally_1978")
    0.7
    """
    limit = _measure(_rule(rule), measure).limit
    if limit is None:
        raise CxlabError("evaluate.no_limit", rule=rule)
    return limit[1]


def rule_note(rule: str, lang: Language | None = None, measures: Sequence[str] | None = None) -> str:
    """The rule as a note under a table: what it asks, whose it is, and a mark if recalled.

    Examples
    --------
    >>> rule_note("nunnally_1978", "en")
    "Rule of thumb: Cronbach's α ≥ .70 (Nunnally (1978), reliability in basic research)."
    """
    found = _rule(rule)
    chosen = [_measure(found, name) for name in measures or found.measures]
    limits = "; ".join(f"{tr(f'evaluate.measure_{one.name}', lang)} {_limit(one, lang)}" for one in chosen)
    mark = f" [{tr('common.from_memory', lang)}]" if any(one.status == "memory" for one in chosen) else ""
    return tr("evaluate.rule_note", lang, limits=limits, rule=pick(found.title, lang)) + mark


@lru_cache(maxsize=1)
def _rules() -> dict[str, Rule]:
    raw = read_yaml(Path(__file__).parent / "rules.yaml")
    return {key: _build(key, entry) for key, entry in raw.items()}


def _build(key: str, entry: Mapping[str, Any]) -> Rule:
    measures = {
        name: Measure(
            rule=key,
            name=name,
            limit=(spec["limit"][0], float(spec["limit"][1])) if "limit" in spec else None,
            bands=tuple((label, float(start)) for label, start in spec.get("bands", ())),
            absolute=spec.get("abs", False),
            status=spec["status"],
        )
        for name, spec in entry["measures"].items()
    }
    return Rule(key, entry["title"], cite(entry["reference"])[0], measures, entry.get("note", {}))


def _rule(key: str) -> Rule:
    if key not in _rules():
        hint = did_you_mean(key, _rules())
        raise CxlabError("evaluate.unknown_rule", rule=key, hint=hint, known=", ".join(_rules()))
    return _rules()[key]


def _measure(rule: Rule, name: str | None) -> Measure:
    if name is None and len(rule.measures) > 1:
        first = next(iter(rule.measures))
        raise CxlabError("evaluate.which_measure", rule=rule.key, known=", ".join(rule.measures), first=first)
    wanted = name or next(iter(rule.measures))
    if wanted not in rule.measures:
        raise _unknown_measure(rule, wanted)
    return rule.measures[wanted]


def _unknown_measure(rule: Rule, name: str) -> CxlabError:
    return CxlabError("evaluate.unknown_measure", rule=rule.key, measure=name, known=", ".join(rule.measures))


def _judge(value: Any, measure: Measure, rule: Rule) -> Judgement:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number):
        raise CxlabError("evaluate.not_a_number", value=value, measure=measure.name)
    size = abs(number) if measure.absolute else number
    met = _COMPARE[measure.limit[0]](size, measure.limit[1]) if measure.limit else None
    label = [name for name, start in measure.bands if size >= start][-1] if measure.bands else _verdict(met)
    return Judgement(number, measure.name, rule.key, f"evaluate.{label}", met, rule.source, measure.status)


def _verdict(met: bool | None) -> str:
    return "met" if met else "not_met"


def _number(value: float, measure: str, lang: Language | None, digits: int = 3) -> str:
    return format_number(value, digits, bounded=measure not in _UNBOUNDED, lang=lang)


def _cut_off(value: float, measure: str, lang: Language | None) -> str:
    """The limit with the digits its authors gave: .95, .708, and 5."""
    if measure in _UNBOUNDED and value.is_integer():
        return _number(value, measure, lang, 0)
    return _number(value, measure, lang, 3 if round(value, 2) != value else 2)


def _limit(measure: Measure, lang: Language | None) -> str:
    if measure.limit:
        sign = measure.limit[0].replace(">=", "≥").replace("<=", "≤")
        size = tr("evaluate.absolute", lang) + " " if measure.absolute else ""
        return f"{size}{sign} {_cut_off(measure.limit[1], measure.name, lang)}"
    steps = [(label, start) for label, start in measure.bands if math.isfinite(start)]
    return ", ".join(
        f"{tr(f'evaluate.{label}', lang)} ≥ {_cut_off(start, measure.name, lang)}" for label, start in steps
    )
