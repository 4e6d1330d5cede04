"""Which frameworks there are, and one by its name."""

from __future__ import annotations

from functools import cache

import pandas as pd

from cxlab.codebook.text import did_you_mean
from cxlab.errors import CxlabError
from cxlab.i18n import pick
from cxlab.theory.frameworks.facts import read_facts
from cxlab.theory.frameworks.framework import Framework

NAMES = ("gentile", "schmitt", "brakus", "total_cx", "servqual", "journey", "outcomes")


def framework(name: str) -> Framework:
    """A framework of customer experience by its name: constructs, items, codebook, questionnaire and model.

    Use it to begin a study from theory: read what the constructs are, field the questionnaire, fit the model.

    Parameters
    ----------
    name : str
        ``"gentile"`` (six components), ``"schmitt"`` (five modules), ``"brakus"`` (brand experience), ``"total_cx"``
        (six P's), ``"servqual"``, ``"journey"`` (stages) or ``"outcomes"``; see `list_frameworks`.

    Returns
    -------
    Framework

    Raises
    ------
    CxlabError
        For an unknown name; the message lists those there are.

    Examples
    --------
    >>> framework("gentile").constructs["construct"].tolist()
    ['sensorial', 'emotional', 'cognitive', 'pragmatic', 'lifestyle', 'relational']
    """
    key = str(name).strip().lower().replace("-", "_").replace(" ", "_")
    if key not in NAMES:
        raise CxlabError(
            "frameworks.unknown_framework", name=name, hint=did_you_mean(key, NAMES), known=", ".join(NAMES)
        )
    return _read(key)


@cache
def _read(name: str) -> Framework:
    return Framework(**read_facts(name))


def list_frameworks() -> pd.DataFrame:
    """The frameworks that cxlab knows, one a row.

    Returns
    -------
    DataFrame
        ``name``; ``title`` in the language in use; ``n_constructs``; ``n_items``; ``wording``: ``"own"`` (our items,
        free to use), ``"paraphrase"`` (of a published scale whose wording needs permission) or ``"none"``; ``source``,
        the first reference.

    Examples
    --------
    >>> known = list_frameworks().set_index("name")
    >>> int(known.loc["gentile", "n_items"]), known.loc["gentile", "wording"]
    (24, 'own')
    """
    rows = [
        {
            "name": one.name,
            "title": pick(one.title),
            "n_constructs": len(one.parts),
            "n_items": len(one.wordings),
            "wording": one.wording,
            "source": one.cite()[0].text,
        }
        for one in map(framework, NAMES)
    ]
    return pd.DataFrame(rows)
