"""From a dataset's name, or a data folder, to a Survey."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxlab.codebook import Codebook
from cxlab.errors import DatasetError, Notice
from cxlab.i18n import pick, tr
from cxlab.survey.datasets.catalogue import Entry, dataset_folder, find_entry
from cxlab.survey.datasets.fetch import fetch_dataset
from cxlab.survey.datasets.package import CODEBOOK, DataPackage, inside, read_datapackage, sha256_of
from cxlab.survey.datasets.shapes import SHAPES, Shape, without
from cxlab.survey.step import Step

if TYPE_CHECKING:
    from cxlab.survey.survey import Survey


def load_dataset(name: str | Path, *, accept_terms: bool = False) -> Survey:
    """A dataset as a Survey: a shipped one, one on request, or a data folder of your own.

    Parameters
    ----------
    name : str or Path
        A name of `list_datasets`, or the path of a folder with ``datapackage.json`` and ``codebook.yaml``.
    accept_terms : bool
        For a set on request that has not been fetched yet: True if you accept its terms (see `fetch_dataset`).

    Returns
    -------
    Survey
        The answers under the names of the codebook. ``survey.source`` holds ``dataset`` (its name), ``kind``
        (``"real"`` or ``"simulated"``), and file name and SHA-256 of the raw data. What was left out or renamed
        on the way stands in ``survey.log``.

    Raises
    ------
    DatasetError
        Unknown name, a published matrix (which holds no answers), or what `fetch_dataset` raises.
    FileError, CodebookError
        A data folder that is not valid, or whose bytes were changed.

    Examples
    --------
    >>> survey = load_dataset("ecsi_mobile")
    >>> survey.data.shape, survey.source["dataset"]
    ((250, 24), 'ecsi_mobile')
    """
    if isinstance(name, Path) or (isinstance(name, str) and ("/" in name or os.sep in name)):
        return _from_package(read_datapackage(name))
    entry = find_entry(name)
    if entry.holds == "matrix":
        raise DatasetError("datasets.matrix", name=name, rows=entry.rows)
    if entry.kind == "on request":
        return _on_request(entry, accept_terms)
    return _from_package(read_datapackage(dataset_folder(name)))


def _from_package(package: DataPackage) -> Survey:
    resource = package.resources[0]
    own: Mapping[str, Any] = package.descriptor.get("cxlab") or {}
    drop: Sequence[str] = own.get("drop") or ()
    note = tr("datasets.left_out", count=len(drop), reason=pick(own.get("drop_reason") or ""))
    step = Step("leave_out", count=len(drop), note=note) if drop else None
    shape = without(drop) if drop else None
    survey = _read([resource.path], package.codebook, package.name, shape, step)
    return replace(survey, warnings=(*survey.warnings, *_many_rows(survey, own.get("asked_once"), package.name)))


def _on_request(entry: Entry, accept_terms: bool) -> Survey:
    found = fetch_dataset(entry.name, accept_terms=accept_terms)
    folder = found if len(entry.files) > 1 else found.parent
    files = [inside(folder, file.file) for file in entry.files]
    codebook = Codebook.from_yaml(dataset_folder(entry.name) / CODEBOOK)
    shape = SHAPES.get(entry.name)
    step = Step("arrange", note=tr(f"datasets.arranged_{entry.name}")) if shape else None
    return _read(files, codebook, entry.name, shape, step)


def _read(
    files: Sequence[Path],
    codebook: Codebook,
    name: str,
    shape: Shape | None,
    step: Step | None,
) -> Survey:
    """Read the raw file, or the table that its shape makes of it, and say where the answers come from."""
    from cxlab.survey.read import read_survey

    raw: dict[str, Any] = {"path": ", ".join(file.name for file in files)}
    if shape is None:
        survey = read_survey(files[0], codebook)
        told = dict(survey.source)
    else:
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / f"{files[0].name.split('.')[0]}.csv"
            shape(files).to_csv(table, index=False, encoding="utf-8")
            survey = read_survey(table, codebook, format="table", encoding="utf-8", delimiter=",", decimal=".")
        told = {"format": files[0].suffixes[0].lstrip("."), "rows": len(survey)}
    raw["sha256"] = sha256_of(files[0]) if len(files) == 1 else tuple(sha256_of(file) for file in files)
    source = {**told, **raw, "dataset": name, "kind": codebook.kind}
    steps = (*survey.steps, step) if step else survey.steps
    return replace(survey, source=source, steps=steps, warnings=(*survey.warnings, *_weighted(codebook, name)))


def _weighted(codebook: Codebook, name: str) -> tuple[Notice, ...]:
    """A warning where a row does not stand for one respondent: forgetting the weight is the easiest mistake."""
    columns = [item.name for item in codebook.items.values() if item.role == "weight"]
    return (
        (Notice("datasets.weighted", {"name": name, "columns": ", ".join(columns)}, serious=True),) if columns else ()
    )


def _many_rows(survey: Survey, once: Sequence[str] | None, name: str) -> tuple[Notice, ...]:
    """A warning where a person has several rows: what was asked once would count once for every row."""
    if not once or not set(once) <= set(survey.frame):
        return ()
    values = {"name": name, "rows": len(survey), "people": survey.frame[once[0]].nunique(), "columns": list(once)}
    return (Notice("datasets.many_rows", values, serious=True),)
