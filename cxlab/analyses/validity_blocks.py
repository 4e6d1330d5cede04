"""Which items measure which construct: from a codebook, a mapping, model text or a fitted model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cxlab.analyses.moments import Moments
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.unpack import outside_scale, source_notices
from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import DataError, ModelError, Notice
from cxlab.specify import Model
from cxlab.survey.survey import Survey, as_survey

Constructs = Mapping[str, Sequence[str]] | Sequence[str] | str | Model | None
Blocks = dict[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Measured:
    """Constructs with their items, and the answers to these.

    Attributes
    ----------
    survey : Survey or None
        The answers, reversed items turned; None for published moments.
    moments : Moments or None
    blocks : dict of str to tuple of str
        Items by construct, two or more each.
    left_out : dict of str to str
        Constructs that are not used, with the reason: ``single_item`` or ``composite``.
    labels : dict of str to text
        Of constructs and items, from the codebook.
    notices : tuple of Notice
    """

    survey: Survey | None
    moments: Moments | None
    blocks: Blocks
    left_out: dict[str, str]
    labels: dict[str, Mapping[str, str]]
    notices: tuple[Notice, ...]

    @property
    def items(self) -> list[str]:
        """All items, construct by construct."""
        return [item for items in self.blocks.values() for item in items]

    @property
    def data(self) -> Survey | Moments:
        """What a model is fitted to."""
        found = self.moments if self.survey is None else self.survey
        assert found is not None  # noqa: S101 - one of the two is always there
        return found

    @property
    def simulated(self) -> bool:
        """Whether the answers were made by a simulation."""
        return self.survey is not None and self.survey.simulated


def read_blocks(data: Survey | pd.DataFrame | Moments, constructs: Constructs = None, *, least: int = 2) -> Measured:
    """The constructs asked for, or those of the codebook, with what must be known about them.

    Parameters
    ----------
    data : Survey, DataFrame or Moments
    constructs : mapping, sequence of names, model text, or None
        Items by construct; names of the codebook's constructs; the ``=~`` lines of a model; None for every reflective
        construct of the codebook.
    least : int
        Fewest constructs with two items or more.

    Raises
    ------
    DataError
        Unknown constructs, too few of them.
    ModelError
        An item in two constructs, a construct that other constructs measure.
    """
    survey = None if isinstance(data, Moments) else as_survey(data)
    if survey is not None and survey.frame.empty:
        raise DataError("analyses.no_rows")
    blocks, measurement = _asked(survey, data, constructs)
    _once(blocks)
    left_out = {name: "composite" for name, kind in measurement.items() if kind == "composite" and constructs is None}
    left_out |= {name: "single_item" for name, items in blocks.items() if len(items) < 2}
    used = {name: items for name, items in blocks.items() if name not in left_out}
    if not blocks:
        raise DataError("validity.no_constructs")
    if len(used) < least:
        raise _too_few(used, left_out, least)
    notices = _told(survey, data, constructs, measurement, used, left_out)
    labels: dict[str, Mapping[str, str]] = {}
    if survey is not None:
        survey, turned = _turned(survey, [item for items in used.values() for item in items])
        notices += turned
        book = survey.codebook
        labels = {name: book.items[name].label for items in used.values() for name in items if name in book.items}
        labels |= {name: one.label for name, one in book.constructs.items()}
    labels = {name: label for name, label in labels.items() if label}
    return Measured(survey, data if isinstance(data, Moments) else None, used, left_out, labels, tuple(notices))


def blocks_of_text(model: str | Model) -> Blocks:
    """Observed items of each latent variable of a model text.

    Examples
    --------
    >>> blocks_of_text("sat =~ s1 + s2 + s3; loy =~ l1 + l2; loy ~ sat")
    {'sat': ('s1', 's2', 's3'), 'loy': ('l1', 'l2')}
    """
    parsed = model if isinstance(model, Model) else Model.parse(model)
    latent = set(parsed.variables.lv)
    blocks: dict[str, list[str]] = {}
    for term in parsed.terms:
        if term.op == "=~":
            if term.rhs in latent:
                raise ModelError("validity.higher_order", construct=term.lhs, part=term.rhs)
            own = blocks.setdefault(term.lhs, [])
            own += [term.rhs] if term.rhs not in own else []
    if not blocks:
        raise ModelError("validity.no_measurement")
    return {name: tuple(items) for name, items in blocks.items()}


def _asked(survey: Survey | None, data: Any, constructs: Constructs) -> tuple[Blocks, dict[str, str]]:
    """Items by construct, and how the codebook says each is measured."""
    if isinstance(constructs, Model) or (isinstance(constructs, str) and "=~" in constructs):
        return blocks_of_text(constructs), {}
    if isinstance(constructs, Mapping):
        return _given(constructs), {}
    if survey is None:
        raise DataError("validity.moments_need_constructs")
    known = survey.constructs
    wanted = list(known) if constructs is None else [constructs] if isinstance(constructs, str) else list(constructs)
    unknown = [str(name) for name in wanted if name not in known]
    if unknown:
        hint = did_you_mean(unknown[0], known)
        names = ", ".join(known) or "–"
        raise DataError("validity.unknown_constructs", names=", ".join(unknown), hint=hint, known=names)
    book = survey.codebook.constructs
    return {name: tuple(known[name]) for name in wanted}, {name: book[name].measurement for name in wanted}


def _given(constructs: Mapping[str, Sequence[str]]) -> Blocks:
    found = {}
    for name, items in constructs.items():
        if isinstance(items, str) or not isinstance(items, Sequence):
            raise DataError("validity.items_not_list", construct=name)
        if not items:
            raise DataError("validity.no_items", construct=name)
        found[nfc(str(name))] = tuple(nfc(str(item)) for item in items)
    return found


def _once(blocks: Blocks) -> None:
    """Raise if an item stands in two constructs, or twice in one."""
    owners: dict[str, str] = {}
    for name, items in blocks.items():
        for item in items:
            if item in owners:
                raise ModelError("validity.item_twice", item=item, first=owners[item], second=name)
            owners[item] = name


def _too_few(used: Blocks, left_out: Mapping[str, str], least: int) -> DataError:
    why = "; ".join(f"{name}: {Notice(f'validity.reason_{reason}')}" for name, reason in left_out.items()) or "–"
    return DataError("validity.few_constructs", least=least, found=", ".join(used) or "–", left_out=why)


def _told(
    survey: Survey | None,
    data: Any,
    constructs: Constructs,
    measurement: Mapping[str, str],
    used: Blocks,
    left_out: Mapping[str, str],
) -> list[Notice]:
    items = [item for own in used.values() for item in own]
    notices = [] if survey is None else [*source_notices(survey), *outside_scale(survey, items)]
    if isinstance(data, Moments):
        notices += data.warnings
    if constructs is None and isinstance(data, pd.DataFrame):
        notices.append(Notice("validity.guessed", {"constructs": ", ".join(used)}))
        notices += [] if survey is None else _loose(survey)
    for reason in dict.fromkeys(left_out.values()):
        names = ", ".join(name for name, why in left_out.items() if why == reason)
        notices.append(Notice(f"validity.left_out_{reason}", {"constructs": names}))
    formed = [name for name in used if measurement.get(name) == "composite"]
    if formed:
        notices.append(Notice("validity.composite_named", {"constructs": ", ".join(formed)}, serious=True))
    return notices


def _loose(survey: Survey) -> list[Notice]:
    """Items whose names show no construct."""
    loose = [name for name in survey.items() if not survey.codebook.items[name].construct]
    shown = ", ".join(loose[:8]) + (", …" if len(loose) > 8 else "")
    return [Notice("validity.guessed_left_out", {"items": shown})] if loose else []


def _turned(survey: Survey, items: Sequence[str]) -> tuple[Survey, list[Notice]]:
    book = survey.codebook.items
    flagged = [item for item in items if item in book and book[item].reversed]
    if not flagged:
        return survey, []
    return survey.reverse_scored(), [Notice("analyses.reversed_turned", {"items": ", ".join(flagged)})]


def of_fit(fit: SemFit) -> Blocks:
    """Observed items of each latent variable of a fitted model."""
    latent = set(fit.fitted.table.variables.lv)
    rows = fit.estimates[(fit.estimates["op"] == "=~") & (fit.estimates["group"] == 1)]
    found: dict[str, list[str]] = {}
    for lhs, rhs in zip(rows["lhs"], rows["rhs"], strict=True):
        found.setdefault(lhs, [])
        found[lhs] += [rhs] if rhs not in latent else []
    return {name: tuple(items) for name, items in found.items()}
