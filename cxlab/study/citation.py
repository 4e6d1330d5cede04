"""How to cite cxlab, from CITATION.cff."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cxlab
from cxlab.i18n import Language, tr
from cxlab.i18n.loading import read_yaml


def how_to_cite(root: Path, lang: Language) -> str:
    """The reference to cxlab in APA style, its version the installed one.

    Examples
    --------
    >>> how_to_cite(Path("nowhere"), "en").startswith("The cxlab authors.")
    True
    """
    known = _read(root / "CITATION.cff")
    authors = [_author(person) for person in known.get("authors", [])] or ["The cxlab authors"]
    year = str(known.get("date-released", ""))[:4]
    when = f" ({year})" if year else ""
    title = known.get("title", "cxlab")
    return tr("study.citation", lang, authors=", ".join(authors), when=when, title=title, version=cxlab.__version__)


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    known = read_yaml(path)
    return known if isinstance(known, dict) else {}


def _author(person: dict[str, str]) -> str:
    if "name" in person:
        return person["name"]
    initials = "".join(f" {word[0]}." for word in person.get("given-names", "").split())
    return f"{person.get('family-names', '')},{initials}".rstrip(",")
