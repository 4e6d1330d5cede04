"""A data folder: ``datapackage.json``, ``codebook.yaml`` and the files they speak of, checked before use."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from cxlab.codebook import Codebook
from cxlab.codebook.text import did_you_mean
from cxlab.errors import FileError

DESCRIPTOR = "datapackage.json"
CODEBOOK = "codebook.yaml"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Resource:
    """One file of a data package.

    Attributes
    ----------
    name : str
        Its name in the package.
    path : Path
        Where it is: always inside the package's folder.
    bytes : int or None
        Its size, if the package states it.
    sha256 : str or None
        Its fingerprint, if the package states it.
    encoding : str or None
        Its encoding, if the package states it.
    """

    name: str
    path: Path
    bytes: int | None = None
    sha256: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class DataPackage:
    """A folder whose files are there and hold the bytes that ``datapackage.json`` says.

    Attributes
    ----------
    name, title : str
        As in the package.
    folder : Path
        Where it is.
    resources : tuple of Resource
        Its files.
    codebook : Codebook
        What its columns mean.
    descriptor : mapping
        All of ``datapackage.json``: licences, sources, schema.
    """

    name: str
    title: str
    folder: Path
    resources: tuple[Resource, ...]
    codebook: Codebook
    descriptor: Mapping[str, Any] = field(default_factory=dict)


def read_datapackage(folder: str | Path) -> DataPackage:
    """Check a data folder and read its description; use it for a folder of your own before `load_dataset`.

    The folder holds ``datapackage.json`` (Frictionless: at least ``name`` and ``resources`` with ``path``),
    ``codebook.yaml`` and the data. Nothing outside the folder is ever opened.

    Parameters
    ----------
    folder : str or Path
        The folder.

    Returns
    -------
    DataPackage
        Name, title, files with sizes and fingerprints, codebook.

    Raises
    ------
    FileError
        The folder or one of its files is missing, the description is not valid, a path leaves the folder, or a file
        does not hold the bytes the description states.
    CodebookError
        The codebook breaks a rule; the message names the line.

    Examples
    --------
    >>> from cxlab.survey.datasets.catalogue import data_folder
    >>> read_datapackage(data_folder() / "ecsi_mobile").resources[0].bytes
    13166
    """
    folder = Path(folder).expanduser()
    descriptor = _descriptor(folder)
    resources = tuple(_resource(folder, entry, number) for number, entry in enumerate(descriptor["resources"], start=1))
    if not (folder / CODEBOOK).is_file():
        raise FileError("datasets.no_codebook", folder=folder.name, file=CODEBOOK)
    return DataPackage(
        descriptor["name"],
        descriptor.get("title", ""),
        folder,
        resources,
        Codebook.from_yaml(inside(folder, CODEBOOK)),
        descriptor,
    )


def inside(folder: Path, path: str) -> Path:
    """The file's full path if it lies in the folder, also after symbolic links; an error if it does not.

    Examples
    --------
    >>> inside(Path("data"), "../secret.csv")
    Traceback (most recent call last):
    cxlab.errors.FileError: The path '../secret.csv' leaves the folder 'data'. ...
    """
    plain, windows = PurePosixPath(path), PureWindowsPath(path)
    leaves = not path or plain.is_absolute() or bool(windows.drive or windows.root) or ".." in windows.parts
    if leaves or not (folder / path).resolve().is_relative_to(folder.resolve()):
        raise FileError("datasets.outside", path=path, folder=folder.name)
    return folder / path


def sha256_of(path: Path) -> str:
    """Fingerprint of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _descriptor(folder: Path) -> Mapping[str, Any]:
    if not folder.is_dir():
        raise FileError("datasets.no_folder", folder=folder)
    path = folder / DESCRIPTOR
    if not path.is_file():
        names = sorted(p.name for p in folder.iterdir())
        hint = did_you_mean(DESCRIPTOR, names)
        shown = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
        place = {"folder": folder.name, "file": DESCRIPTOR}
        raise FileError("datasets.no_descriptor", hint=hint, names=shown or "–", **place)
    try:
        found = json.loads(inside(folder, DESCRIPTOR).read_bytes())
    except UnicodeDecodeError:
        raise FileError("datasets.descriptor_encoding", folder=folder.name, file=DESCRIPTOR) from None
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno, "problem": error.msg}
        raise FileError("datasets.not_json", folder=folder.name, file=DESCRIPTOR, **where) from None
    if not isinstance(found, dict):
        raise FileError("datasets.descriptor_key", folder=folder.name, file=DESCRIPTOR, entry="name")
    _check_keys(found, folder)
    return found


def _check_keys(found: Mapping[str, Any], folder: Path) -> None:
    """Name and resources are what every package needs; a resource needs a path."""
    place = {"folder": folder.name, "file": DESCRIPTOR}
    if not isinstance(found.get("name"), str) or not found["name"]:
        raise FileError("datasets.descriptor_key", entry="name", **place)
    resources = found.get("resources")
    if not isinstance(resources, list) or not resources or not all(isinstance(entry, dict) for entry in resources):
        raise FileError("datasets.descriptor_key", entry="resources", **place)
    for number, entry in enumerate(resources, start=1):
        if not isinstance(entry.get("path"), str):
            raise FileError("datasets.descriptor_key", entry=f"resources[{number}].path", **place)


def _resource(folder: Path, entry: Mapping[str, Any], number: int) -> Resource:
    path = inside(folder, entry["path"])
    if not path.is_file():
        names = sorted(p.name for p in folder.iterdir())
        hint = did_you_mean(entry["path"], names)
        raise FileError("datasets.no_resource", path=entry["path"], folder=folder.name, file=DESCRIPTOR, hint=hint)
    resource = Resource(
        str(entry.get("name", number)), path, entry.get("bytes"), _stated_hash(entry, folder), entry.get("encoding")
    )
    found = sha256_of(path)
    if resource.sha256 and found != resource.sha256:
        stated = {"found": found[:12], "stated": resource.sha256[:12]}
        raise FileError("datasets.changed", path=entry["path"], folder=folder.name, file=DESCRIPTOR, **stated)
    return resource


def _stated_hash(entry: Mapping[str, Any], folder: Path) -> str | None:
    """The SHA-256 without its prefix; Frictionless reads a hash without prefix as MD5, which proves too little."""
    stated = entry.get("hash")
    if stated is None:
        return None
    value = str(stated).lower().removeprefix("sha256:")
    if not _SHA256.fullmatch(value):
        raise FileError("datasets.hash_form", path=entry["path"], folder=folder.name, file=DESCRIPTOR, value=stated)
    return value
