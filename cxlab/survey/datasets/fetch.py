"""Fetching a dataset on request: terms first, then pinned bytes from the public address or a mirror folder."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxlab.errors import DatasetError
from cxlab.i18n import pick, tr
from cxlab.survey.datasets.catalogue import Entry, RemoteFile, dataset_folder, find_entry
from cxlab.survey.datasets.package import inside, read_datapackage, sha256_of

if TYPE_CHECKING:
    from logging import Logger

_YES = frozenset({"y", "yes", "c", "có", "co", "đồng ý"})
_TIMEOUT = 60


def fetch_dataset(name: str, *, accept_terms: bool = False) -> Path:
    """Where the file of a dataset is on this machine; fetches it on request, once.

    Shipped datasets are there already. Others come from their pinned public address (or from the folder that the
    environment variable ``CXLAB_MIRROR`` names, as ``<mirror>/<name>/<file>``), their SHA-256 is checked, and they
    stay in a cache (``CXLAB_CACHE`` moves it). Before the first fetch their terms are shown and must be accepted.

    Parameters
    ----------
    name : str
        A name of `list_datasets`.
    accept_terms : bool
        True if you accept the terms. Without it, a terminal asks; a notebook gets an error that shows the terms.

    Returns
    -------
    Path
        The file; for a dataset of several files, their folder.

    Raises
    ------
    DatasetError
        Unknown name, terms not accepted, no connection, bytes that are not the registered ones, or a dataset whose
        original is not pinned and that no mirror serves.

    Examples
    --------
    >>> fetch_dataset("ecsi_mobile").name
    'mobi.csv'
    """
    entry = find_entry(name)
    if entry.kind != "on request":
        return read_datapackage(dataset_folder(name)).resources[0].path
    folder = cache_folder() / name
    missing = [file for file in entry.files if not _is_registered(inside(folder, file.file), file)]
    sources = [(file, _source(entry, file)) for file in missing]
    if missing:
        _ask_for_terms(entry, accept_terms)
    for file, (address, get) in sources:
        _retrieve(entry, file, folder, address, get)
    return folder / entry.files[0].file if len(entry.files) == 1 else folder


def cache_folder() -> Path:
    """Where fetched datasets are kept: ``CXLAB_CACHE``, else the user's cache folder."""
    import pooch

    return Path(os.environ.get("CXLAB_CACHE") or pooch.os_cache("cxlab")).expanduser() / "datasets"


def _is_registered(path: Path, file: RemoteFile) -> bool:
    return path.is_file() and path.stat().st_size == file.bytes and sha256_of(path) == file.sha256


def _source(entry: Entry, file: RemoteFile) -> tuple[str, Callable[..., Any]]:
    """The address to fetch from and what fetches it; an error if there is neither mirror nor pinned original."""
    import pooch

    mirror = os.environ.get("CXLAB_MIRROR")
    if mirror:
        path = inside(Path(mirror).expanduser(), f"{entry.name}/{file.file}")
        if not path.is_file():
            raise DatasetError("datasets.mirror_lacks", name=entry.name, file=f"{entry.name}/{file.file}")
        return f"{entry.name}/{file.file}", lambda url, output, pooch: shutil.copyfile(path, output)
    address = entry.address(file)
    if address is None:
        raise DatasetError("datasets.mirror_only", name=entry.name, original=pick(entry.original), file=file.file)
    return address, pooch.HTTPDownloader(timeout=_TIMEOUT)


def _ask_for_terms(entry: Entry, accepted: bool) -> None:
    """Show what the user agrees to, and go on only with a yes."""
    shown = tr(
        "datasets.terms",
        title=pick(entry.title),
        licence=entry.licence,
        terms=pick(entry.terms),
        citation=entry.citation,
        traps=pick(entry.traps),
        size=f"{sum(file.bytes for file in entry.files) / 1000:.0f}",
    )
    if accepted:
        sys.stderr.write(shown + "\n")
    elif not sys.stdin.isatty():
        raise DatasetError("datasets.terms_first", name=entry.name, terms=shown)
    elif input(f"{shown}\n{tr('datasets.question')} ").strip().lower() not in _YES:
        raise DatasetError("datasets.declined", name=entry.name)


def _retrieve(entry: Entry, file: RemoteFile, folder: Path, address: str, get: Callable[..., Any]) -> None:
    """One file into the cache. pooch writes it aside, checks it, and moves it only if its bytes are right."""
    import pooch

    logger: Logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")
    try:
        pooch.retrieve(address, f"sha256:{file.sha256}", fname=file.file, path=folder, downloader=get)
    except PermissionError as error:
        raise DatasetError("datasets.cache_closed", name=entry.name, folder=folder) from error
    except OSError as error:
        where = {"address": address, "file": f"{entry.name}/{file.file}", "problem": _short(error)}
        raise DatasetError("datasets.not_reached", name=entry.name, **where) from error
    except ValueError as error:
        (folder / file.file).unlink(missing_ok=True)
        raise DatasetError("datasets.wrong_bytes", name=entry.name, address=address, sha256=file.sha256[:12]) from error
    finally:
        logger.setLevel(level)


def _short(error: Exception) -> str:
    """The kind of a network error; its text is long and names addresses inside the library."""
    return type(error).__name__
