"""Attitudes to channels as a structural model: which constructs, which items, lavaan text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from cxlab.codebook.text import nfc
from cxlab.errors import DataError
from cxlab.specify.statements import Modifiers, Term
from cxlab.specify.write import lavaan_text
from cxlab.survey.survey import Survey

Given: TypeAlias = Mapping[str, str | Sequence[str]]
_PREFIXES = {"search": ("search_",), "purchase": ("buy_", "purchase_")}
WORDING = "wording"


@dataclass(frozen=True)
class Channels:
    """Items of each channel for searching and for buying, covariates, and items that share a wording."""

    search: Mapping[str, tuple[str, ...]]
    purchase: Mapping[str, tuple[str, ...]]
    covariates: tuple[str, ...] = ()
    worded: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The channels."""
        return tuple(self.search)

    @property
    def items(self) -> list[str]:
        """Every item, each once."""
        return [item for part in (self.search, self.purchase) for items in part.values() for item in items]

    def variable(self, stage: str, channel: str) -> str:
        """The model's name of an attitude; a single item stands for itself."""
        items = (self.search if stage == "search" else self.purchase)[channel]
        return items[0] if len(items) == 1 else f"{'search' if stage == 'search' else 'buy'}_{channel}"


def read_channels(
    survey: Survey, search: Given | None, purchase: Given | None, covariates: Sequence[str], wording: bool
) -> Channels:
    """The items behind each channel, from the arguments or the codebook's constructs."""
    found = {
        "search": _stage(survey, "search", search),
        "purchase": _stage(survey, "purchase", purchase),
    }
    one, two = set(found["search"]), set(found["purchase"])
    if one != two:
        lacking = ", ".join(sorted(one ^ two))
        raise DataError("carry_over.channels_differ", channels=lacking)
    if len(one) < 2:
        raise DataError("carry_over.channels_two", found=", ".join(one) or "–")
    extra = (covariates,) if isinstance(covariates, str) else tuple(covariates)
    channels = Channels(found["search"], {name: found["purchase"][name] for name in found["search"]}, extra)
    twice = sorted({item for item in channels.items if channels.items.count(item) > 1})
    if twice:
        raise DataError("carry_over.item_twice", items=", ".join(twice))
    if not wording:
        return channels
    book = survey.codebook.items
    worded = tuple(item for item in channels.items if (item in book and book[item].reversed) or item in survey.turned)
    if len(worded) < 3:
        raise DataError("carry_over.wording_items", items=", ".join(worded) or "–")
    return Channels(channels.search, channels.purchase, extra, worded)


def _stage(survey: Survey, stage: str, given: Given | None) -> dict[str, tuple[str, ...]]:
    constructs = survey.constructs
    if given is None:
        found = {
            name.removeprefix(prefix): tuple(items)
            for prefix in _PREFIXES[stage]
            for name, items in constructs.items()
            if name.startswith(prefix)
        }
        if not found:
            raise DataError("carry_over.channels_unknown", option=stage, prefix=_PREFIXES[stage][0])
        return found
    if not isinstance(given, Mapping) or not given:
        raise DataError("carry_over.channels_unknown", option=stage, prefix=_PREFIXES[stage][0])
    found = {}
    for channel, one in given.items():
        parts = [one] if isinstance(one, str) else list(one)
        items = tuple(nfc(item) for part in parts for item in constructs.get(part, [part]))
        if not items or len(set(items)) < len(items):
            raise DataError("carry_over.measure_items", name=channel, items=", ".join(items) or "–")
        found[str(channel)] = items
    return found


def channel_text(channels: Channels, cross: bool = True) -> str:
    """The model in lavaan syntax: each attitude to buying on those to searching, in the same channel and across."""
    terms: list[Term] = []
    for stage, part in (("search", channels.search), ("purchase", channels.purchase)):
        for channel, items in part.items():
            if len(items) > 1:
                terms += [Term(channels.variable(stage, channel), "=~", item) for item in items]
    searching = [channels.variable("search", name) for name in channels.names]
    buying = [channels.variable("purchase", name) for name in channels.names]
    for place, outcome in enumerate(buying):
        kept = searching if cross else [searching[place]]
        terms += [Term(outcome, "~", cause) for cause in (*kept, *channels.covariates)]
    for outcome in searching if channels.covariates else ():
        terms += [Term(outcome, "~", cause) for cause in channels.covariates]
    terms += [Term(one, "~~", two) for group in (searching, buying) for one, two in combinations(group, 2)]
    if channels.worded:
        terms += [Term(WORDING, "=~", item) for item in channels.worded]
        terms += [Term(WORDING, "~~", name, Modifiers(fixed=(0.0,))) for name in (*searching, *buying)]
    return lavaan_text(terms, ()).strip()
