"""The reviewer's checklist as data: what is asked, which result answers, by which rule and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from cxlab.i18n.loading import read_yaml
from cxlab.references import Reference, cite

Part = Literal["before", "measurement", "reflective", "formative", "structure", "robustness", "openness"]


@dataclass(frozen=True)
class Line:
    """One thing a reviewer asks.

    Attributes
    ----------
    key : str
    part : {"before", "measurement", "reflective", "formative", "structure", "robustness", "openness"}
    ask, advice : mapping of language to text
        The question, and what an answer holds.
    slot : str
        The result that answers; empty where words must.
    call : str
        What makes that result.
    rule : str
        Key of the rule of thumb, or empty.
    sources : tuple of Reference
    status : {"sourced", "memory"}
        Whether the demand was read in the source or recalled.
    """

    key: str
    part: Part
    ask: Mapping[str, str]
    advice: Mapping[str, str]
    slot: str
    call: str
    rule: str
    sources: tuple[Reference, ...]
    status: str


@lru_cache(maxsize=2)
def checklist(kind: Literal["sem", "pls"] = "sem") -> tuple[Line, ...]:
    """All lines for a covariance model or for PLS, in the order in which a paper answers them.

    Examples
    --------
    >>> [line.key for line in checklist() if line.part == "openness"]
    ['openness']
    """
    raw = read_yaml(Path(__file__).parent / ("checklist.yaml" if kind == "sem" else "checklist_pls.yaml"))
    return tuple(Line(**{**entry, "sources": cite(*entry["sources"])}) for entry in raw)
