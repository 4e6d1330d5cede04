"""What datasets there are, from ``data/*/datapackage.json`` and ``registry.yaml``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cxlab.codebook.text import did_you_mean
from cxlab.errors import DatasetError
from cxlab.i18n import pick
from cxlab.i18n.loading import read_yaml
from cxlab.survey.datasets.package import DESCRIPTOR, inside

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["embedded", "on request", "simulated"]
Holds = Literal["survey", "matrix"]
Text = Mapping[str, str]

_REGISTRY = Path(__file__).parent.parent / "registry.yaml"


@dataclass(frozen=True)
class RemoteFile:
    """A file fetched on request: its name, fingerprint and size, and its path in the repository if that is pinned."""

    file: str
    sha256: str
    bytes: int
    path: str | None = None


@dataclass(frozen=True)
class Entry:
    """One dataset of the catalogue.

    Attributes
    ----------
    name, title, about, citation, licence : str or bilingual text
        What it is, and on what terms.
    kind : {"embedded", "on request", "simulated"}
        Ships with cxlab, is fetched by the user, or was made by a simulation.
    rows, items : int
        Respondents (or table rows), and columns of answers and attributes.
    scale : str
        The answers' scale.
    holds : {"survey", "matrix"}
        Rows of answers, or a published correlation matrix.
    files : tuple of RemoteFile
        For sets on request.
    repository, commit : str or None
        The pinned original; None where only a mirror folder serves the file.
    original : bilingual text
        Where the data come from if nothing is pinned.
    terms, traps : bilingual text
        What one must accept before the first fetch, and what goes wrong most easily.
    not_kept : tuple of int
        Rows that the authors left out by hand.
    """

    name: str
    title: Text
    kind: Kind
    about: Text
    rows: int
    items: int
    scale: str
    licence: str
    citation: str
    holds: Holds = "survey"
    files: tuple[RemoteFile, ...] = ()
    repository: str | None = None
    commit: str | None = None
    original: Text = field(default_factory=dict)
    terms: Text = field(default_factory=dict)
    traps: Text = field(default_factory=dict)
    not_kept: tuple[int, ...] = ()

    def address(self, file: RemoteFile) -> str | None:
        """The pinned public address of a file; None if the original is not pinned."""
        if self.repository is None or self.commit is None or file.path is None:
            return None
        return f"https://raw.githubusercontent.com/{self.repository}/{self.commit}/{file.path}"


def list_datasets() -> pd.DataFrame:
    """The datasets cxlab knows: real ones shipped with it (embedded), simulated ones, and real ones fetched on request.

    Returns
    -------
    DataFrame
        One row a dataset: ``name`` (for `load_dataset`), ``title`` and ``about`` (in the language in use), ``kind``
        (``"embedded"``, ``"simulated"``, ``"on request"``), ``rows``, ``items`` (columns of answers and attributes),
        ``scale``, ``licence``, ``citation``.

    Examples
    --------
    >>> list_datasets().query("kind == 'embedded'")["name"].tolist()[:3]
    ['ecsi_mobile', 'corporate_reputation', 'airline_journey']
    """
    import pandas as pd

    plain = ("kind", "rows", "items", "scale", "licence", "citation")
    return pd.DataFrame(
        {"name": entry.name, "title": pick(entry.title)}
        | {key: getattr(entry, key) for key in plain}
        | {"about": pick(entry.about)}
        for entry in entries().values()
    )


@cache
def entries() -> Mapping[str, Entry]:
    """Every dataset by name, in the order in which the registry has them."""
    registry = read_yaml(_REGISTRY)
    shipped = {name: _shipped(name) for name in (*registry["embedded"], *registry["simulated"])}
    return shipped | {name: _on_request(name, entry) for name, entry in registry["on_request"].items()}


def find_entry(name: str) -> Entry:
    """The dataset of this name, or an error that proposes the nearest and lists all."""
    known = entries()
    if isinstance(name, str) and name in known:
        return known[name]
    raise DatasetError("datasets.unknown", name=name, hint=did_you_mean(str(name), known), known=", ".join(known))


def data_folder() -> Path:
    """The folder with the shipped datasets: ``cxlab/_data`` when installed, ``data`` in a working copy."""
    home = Path(__file__).parents[2]
    for folder in (home / "_data", home.parent / "data"):
        if (folder / "ecsi_mobile" / DESCRIPTOR).is_file():
            return folder
    raise DatasetError("datasets.data_missing", folder="data")


def dataset_folder(name: str) -> Path:
    """The folder that holds a dataset's codebook, and its data if it is shipped."""
    return inside(data_folder(), name)


def _shipped(name: str) -> Entry:
    described = json.loads((dataset_folder(name) / DESCRIPTOR).read_bytes())["cxlab"]
    known = {key: described[key] for key in ("title", "kind", "about", "rows", "items", "scale", "licence", "citation")}
    return Entry(name=name, **known)


def _on_request(name: str, entry: Mapping[str, Any]) -> Entry:
    files = tuple(RemoteFile(**file) for file in entry["files"])
    not_kept = tuple(entry.get("not_kept", ()))
    rest = {key: value for key, value in entry.items() if key not in ("files", "not_kept")}
    return Entry(name=name, kind="on request", files=files, not_kept=not_kept, **rest)
