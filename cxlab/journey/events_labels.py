"""How touchpoints, owners, channels and contacts are printed: as the user says, as theory says, or their own name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cxlab.codebook.text import nfc
from cxlab.i18n import LANGUAGES, catalogue
from cxlab.show.result import Text
from cxlab.theory.tables.topic import read_topic

_TOPICS = {"touchpoint": "touchpoints", "owner": "touchpoint_owners", "contact": "contact_types"}


def labels_of(frame: pd.DataFrame, own: Mapping[str, str | Text]) -> dict[str, Text]:
    """The label of each value that stands in the columns touchpoint, owner, channel and contact.

    Examples
    --------
    >>> columns = {"touchpoint": ["own_use"], "owner": ["brand"], "channel": [None], "contact": [None]}
    >>> labels_of(pd.DataFrame(columns), {})["brand"]
    {'en': 'brand-owned', 'vi': 'do thương hiệu sở hữu'}
    """
    found: dict[str, Text] = {}
    for role in ("touchpoint", "owner", "channel", "contact"):
        topic = _topic(role)
        for value in frame[role].dropna().unique():
            found.setdefault(value, _catalogued(role, value, topic.get(value)))
    return found | {
        nfc(name): {"en": text, "vi": text} if isinstance(text, str) else text for name, text in own.items()
    }


def _topic(role: str) -> dict[str, Text]:
    if role not in _TOPICS:
        return {}
    return {row["key"]: row[role] for row in read_topic(_TOPICS[role]).rows}


def _catalogued(role: str, value: str, theory: Text | None) -> Text:
    """The short words of the catalogue, else those of theory, else the value itself without underscores."""
    plain = theory or dict.fromkeys(LANGUAGES, value.replace("_", " "))
    return {lang: catalogue(lang, "touchpoint_words").get(f"{role}_{value}", plain[lang]) for lang in LANGUAGES}
