"""The works that cxlab's methods, rules and datasets rest on, as data.

One YAML file a room: ``key: {text: APA reference, doi: ..., status: sourced|memory}``. ``memory`` means that the
details were recalled and not read; whoever shows such an entry says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cxlab.i18n import tr
from cxlab.i18n.loading import read_yaml


@dataclass(frozen=True)
class Reference:
    """One work: its key, the reference in APA style, its DOI or empty, and how sure we are of the details."""

    key: str
    text: str
    doi: str = ""
    status: str = "sourced"

    def __str__(self) -> str:
        mark = f" [{tr('common.from_memory')}]" if self.status == "memory" else ""
        return self.text + (f" doi:{self.doi}" if self.doi else "") + mark


@lru_cache(maxsize=1)
def all_references() -> dict[str, Reference]:
    """Every reference that cxlab knows, by key."""
    known: dict[str, Reference] = {}
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        entries = read_yaml(path) or {}
        known |= {key: Reference(key=key, **entry) for key, entry in entries.items()}
    return known


def cite(*keys: str) -> tuple[Reference, ...]:
    """The references behind these keys, in the order given; an unknown key is a programming error (`KeyError`)."""
    return tuple(all_references()[key] for key in keys)
