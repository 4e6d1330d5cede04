"""What a panel holds: measures, waves, the columns of each, and which path leads where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, ModelError
from cxlab.specify import Model
from cxlab.survey.survey import Survey

Pair: TypeAlias = tuple[str, str]
Measures: TypeAlias = Mapping[str, str | Sequence[str]] | Sequence[str]

# Bolton & Lemon (1999) and Lervik-Olsen et al. (2015) in one: outcome, then its causes.
THEORY_WITHIN: tuple[Pair, ...] = (
    ("experience", "expectation"),
    ("satisfaction", "experience"),
    ("satisfaction", "expectation"),
    ("satisfaction", "payment_equity"),
)
THEORY_LAGGED: tuple[Pair, ...] = (("expectation", "experience"), ("usage", "satisfaction"))
ROLES = ("expectation", "experience", "payment_equity", "satisfaction", "usage")


@dataclass(frozen=True)
class Plan:
    """A panel read from the user's words.

    Attributes
    ----------
    waves : tuple of str
        In order of time.
    items : mapping of measure to tuple of stems
        One stem: an observed score. Several: a latent variable.
    columns : mapping of (stem, wave) to column
    within, lagged : tuple of (outcome, cause)
        Paths inside a wave from the second on; paths to the next wave besides each measure's own.
    pattern : str
    """

    waves: tuple[str, ...]
    items: Mapping[str, tuple[str, ...]]
    columns: Mapping[tuple[str, str], str]
    within: tuple[Pair, ...]
    lagged: tuple[Pair, ...]
    pattern: str

    @property
    def latent(self) -> tuple[str, ...]:
        """Measures with several items."""
        return tuple(name for name, stems in self.items.items() if len(stems) > 1)

    @property
    def used(self) -> list[str]:
        """Every column of the model."""
        return list(dict.fromkeys(self.columns.values()))


def read_plan(
    survey: Survey,
    measures: Measures | None,
    waves: Sequence[object] | None,
    within: str | None,
    lagged: str | None,
    pattern: str,
) -> Plan:
    """The plan behind the arguments of `carry_over`, or an error that says what is missing where."""
    if "{name}" not in pattern or "{wave}" not in pattern:
        raise DataError("carry_over.pattern", pattern=pattern)
    asked = tuple(dict.fromkeys(str(wave) for wave in waves)) if waves is not None else None
    stems = _stems(survey, measures, pattern)
    known = [nfc(str(column)) for column in survey.frame.columns]
    found = asked or _waves_of(stems, known, pattern)
    columns = _columns(stems, found, known, pattern)
    if len(found) < 2:
        raise DataError("carry_over.two_waves", found=", ".join(found) or "–", example=named("sat1", "1", pattern))
    theory = set(stems) <= set(ROLES)
    if within is None:
        inside: Iterable[Pair] = THEORY_WITHIN if theory else ()
    else:
        inside = _pairs(within, stems, "within")
    if lagged is not None:
        later: Iterable[Pair] = _pairs(lagged, stems, "lagged")
    else:
        later = THEORY_LAGGED if theory else [(one, two) for one in stems for two in stems]
    kept = tuple((one, two) for one, two in inside if one in stems and two in stems)
    _refuse_loops(kept)
    across = tuple((one, two) for one, two in later if one != two and one in stems and two in stems)
    return Plan(found, stems, columns, kept, across, pattern)


def named(stem: str, wave: str, pattern: str) -> str:
    """A column's name from its stem and wave.

    Examples
    --------
    >>> named("sat1", "2", "{name}_w{wave}")
    'sat1_w2'
    """
    return pattern.replace("{name}", stem).replace("{wave}", wave)


def stem_of(column: str, pattern: str) -> tuple[str, str] | None:
    """Stem and wave of a column, or None.

    Examples
    --------
    >>> stem_of("sat1_w2", "{name}_w{wave}"), stem_of("age", "{name}_w{wave}")
    (('sat1', '2'), None)
    """
    text = re.escape(pattern).replace(r"\{name\}", "(?P<name>.+)").replace(r"\{wave\}", "(?P<wave>[^_]+)")
    found = re.fullmatch(text, column)
    return (found["name"], found["wave"]) if found else None


def _stems(survey: Survey, measures: Measures | None, pattern: str) -> dict[str, tuple[str, ...]]:
    """Each measure's items without their wave."""
    book = _of_codebook(survey, pattern)
    if measures is None:
        if not book:
            raise DataError("carry_over.no_constructs", example=named("satisfaction", "1", pattern))
        return book
    if isinstance(measures, str):
        measures = [measures]
    asked = measures if isinstance(measures, Mapping) else {str(name): str(name) for name in measures}
    if not asked:
        raise DataError("carry_over.no_measures")
    found = {}
    for name, given in asked.items():
        parts = [given] if isinstance(given, str) else [str(one) for one in given]
        stems = tuple(nfc(stem) for part in parts for stem in book.get(part, (part,)))
        if not stems or len(set(stems)) < len(stems):
            raise DataError("carry_over.measure_items", name=name, items=", ".join(stems) or "–")
        found[nfc(str(name))] = stems
    every = [stem for stems in found.values() for stem in stems]
    twice = sorted({stem for stem in every if every.count(stem) > 1})
    if twice:
        raise DataError("carry_over.item_twice", items=", ".join(twice))
    return found


def _of_codebook(survey: Survey, pattern: str) -> dict[str, tuple[str, ...]]:
    """Constructs of the codebook that carry a wave in their name, with their items' stems."""
    found: dict[str, list[str]] = {}
    for construct, items in survey.constructs.items():
        split = stem_of(construct, pattern)
        for item in items if split else ():
            own = stem_of(item, pattern)
            if split and own and own[1] == split[1] and own[0] not in found.setdefault(split[0], []):
                found[split[0]].append(own[0])
    return {name: tuple(stems) for name, stems in found.items() if stems}


def _waves_of(stems: Mapping[str, Sequence[str]], known: Sequence[str], pattern: str) -> tuple[str, ...]:
    wanted = {stem for group in stems.values() for stem in group}
    found = {split[1] for column in known if (split := stem_of(column, pattern)) and split[0] in wanted}
    return tuple(sorted(found, key=_order))


def _order(wave: str) -> tuple[int, float, str]:
    return (0, float(wave), "") if re.fullmatch(r"\d+(\.\d+)?", wave) else (1, 0.0, wave)


def _columns(
    stems: Mapping[str, Sequence[str]], waves: Sequence[str], known: Sequence[str], pattern: str
) -> dict[tuple[str, str], str]:
    """The column of each stem in each wave; an error that says which are absent, and where."""
    found = {(stem, wave): named(stem, wave, pattern) for group in stems.values() for stem in group for wave in waves}
    here = set(known)
    for stem in dict.fromkeys(stem for stem, _ in found):
        absent = [wave for wave in waves if found[stem, wave] not in here]
        if absent and len(absent) == len(waves):
            own = sorted({split[0] for column in known if (split := stem_of(column, pattern))})
            hint, listed = did_you_mean(stem, own), ", ".join(own[:12]) or "–"
            example = named(stem, waves[0] if waves else "1", pattern)
            raise DataError("carry_over.unknown_stem", stem=stem, example=example, hint=hint, known=listed)
    lacking = [column for column in found.values() if column not in here]
    if lacking:
        shown = ", ".join(lacking[:8]) + (", …" if len(lacking) > 8 else "")
        raise DataError("carry_over.wave_lacks", columns=shown, waves=", ".join(waves))
    if not found:
        example = named("sat1", "1", pattern)
        raise DataError("carry_over.two_waves", found="–", example=example)
    return found


def _pairs(text: str, stems: Mapping[str, object], option: str) -> list[Pair]:
    """``outcome ~ cause + cause`` as pairs."""
    pairs = []
    for term in Model.parse(text).terms if text.strip() else ():
        if term.op != "~" or term.modifiers:
            raise ModelError("carry_over.only_paths", option=option)
        for name in (term.lhs, term.rhs):
            if name not in stems:
                hint, known = did_you_mean(name, list(stems)), ", ".join(stems)
                raise ModelError("carry_over.unknown_measure", option=option, name=name, hint=hint, known=known)
        pairs.append((term.lhs, term.rhs))
    return list(dict.fromkeys(pairs))


def _refuse_loops(within: Sequence[Pair]) -> None:
    """Inside a wave an effect must not come back to its cause."""
    left = list(within)
    while left:
        outcomes = {outcome for outcome, _ in left}
        kept = [(outcome, cause) for outcome, cause in left if cause in outcomes]
        if len(kept) == len(left):
            raise ModelError("carry_over.loop", paths=", ".join(f"{cause} → {outcome}" for outcome, cause in kept))
        left = kept
