"""Notebook pairs: the py:percent source that people edit, and the .ipynb without outputs that JupyterLab opens."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from cxlab.errors import FileError, StudyError
from cxlab.i18n import Language, tr

Notebook = nbformat.NotebookNode
NAME = re.compile(r"\d\d_\w+")
_REPORT = re.compile(r"""\bReport\(\s*["']([^"']+)["']""")
_METADATA = {
    "jupytext": {"formats": "ipynb,source//py:percent"},
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_KEPT_CELL_METADATA = ("tags", "en_hash")


@dataclass(frozen=True)
class Pair:
    """One notebook in one language: its name, its source and its .ipynb (one of the two may be missing)."""

    name: str
    lang: Language
    source: Path
    ipynb: Path

    @cached_property
    def notebook(self) -> Notebook:
        """The notebook as it should be: from the source if there is one, without outputs, with stable cell ids."""
        return read_notebook(self.source if self.source.exists() else self.ipynb)

    @property
    def title(self) -> str:
        """The first heading, or the name."""
        return title_of(self.notebook) or self.name


def find_root(start: Path | None = None) -> Path:
    """The folder that holds ``notebooks/source``: this one, one above it, or the one cxlab was installed from."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (folder / "notebooks" / "source").is_dir():
            return folder
    raise FileError("study.no_notebooks", folder=here.name)


def find_pairs(notebooks: Path, lang: Language = "en") -> list[Pair]:
    """Every notebook called ``NN_topic`` in one language, in order of its number."""
    folder = notebooks if lang == "en" else notebooks / lang
    found = {p.stem for p in (*folder.glob("source/*.py"), *folder.glob("*.ipynb")) if NAME.fullmatch(p.stem)}
    return [Pair(name, lang, folder / "source" / f"{name}.py", folder / f"{name}.ipynb") for name in sorted(found)]


def read_notebook(path: Path) -> Notebook:
    """A source or .ipynb as a clean notebook: no outputs, no counters, stable ids, the same metadata everywhere."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = jupytext.reads(text, fmt="py:percent") if path.suffix == ".py" else nbformat.reads(text, as_version=4)
    except (OSError, ValueError, nbformat.validator.ValidationError, nbformat.reader.NotJSONError) as error:
        raise StudyError("study.unreadable", name=path.name, reason=str(error).splitlines()[0]) from error
    cells = [_clean_cell(cell, cell_id) for cell, cell_id in zip(raw.cells, _ids(raw.cells), strict=True)]
    return nbformat.from_dict({"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5})


def _clean_cell(cell: Notebook, cell_id: str) -> dict[str, Any]:
    kept = {key: cell.metadata[key] for key in _KEPT_CELL_METADATA if cell.metadata.get(key)}
    clean: dict[str, Any] = {"cell_type": cell.cell_type, "id": cell_id, "metadata": kept, "source": cell.source}
    if cell.cell_type == "code":
        clean |= {"execution_count": None, "outputs": []}
    return clean


def _ids(cells: list[Notebook]) -> Iterator[str]:
    """Ids that follow a cell's text, not its place: inserting a cell leaves the others' ids alone."""
    seen: dict[str, int] = {}
    for cell in cells:
        base = f"{cell.cell_type}-{text_hash(cell.source)}"
        seen[base] = seen.get(base, 0) + 1
        yield base if seen[base] == 1 else f"{base}-{seen[base]}"


def text_hash(text: str) -> str:
    """Ten hexadecimal digits that change when the text changes (trailing blanks aside).

    Examples
    --------
    >>> text_hash("# Goals") == text_hash("# Goals  ")
    True
    """
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return hashlib.sha256(lines.encode()).hexdigest()[:10]


def title_of(notebook: Notebook) -> str:
    """The text of the first level-one heading, or an empty string."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.search(r"^# +(.+?) *#*$", cell.source, re.MULTILINE)):
            return re.sub(r"[*_`]", "", found[1])
    return ""


def ipynb_text(notebook: Notebook) -> str:
    """The .ipynb file's text: the same bytes for the same cells."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def parameters(notebook: Notebook) -> Mapping[str, Any]:
    """The plain values set in the cell tagged ``parameters``: ``{"seed": 11, "lang": "en", "reports": None}``."""
    cell = parameters_cell(notebook)
    values: dict[str, Any] = {}
    try:
        body = ast.parse(cell.source).body if cell else []
    except SyntaxError:  # running the cell will say so, with its place
        return values
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            try:
                values[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return values


def parameters_cell(notebook: Notebook) -> Notebook | None:
    """The code cell tagged ``parameters``, or None."""
    return next(
        (c for c in notebook.cells if c.cell_type == "code" and "parameters" in c.metadata.get("tags", [])), None
    )


def report_names(notebook: Notebook) -> list[str]:
    """The names given to `cx.Report` in the notebook's code, as far as they are written out."""
    found = (_REPORT.findall(cell.source) for cell in notebook.cells if cell.cell_type == "code")
    return [name for names in found for name in names]


def contract_problems(pair: Pair) -> list[str]:
    """What a curated notebook lacks: a parameters cell with seed, lang and reports; a Report under its own name."""
    missing = [name for name in ("seed", "lang", "reports") if name not in parameters(pair.notebook)]
    problems = [tr("study.no_parameters", name=pair.name, missing=", ".join(missing))] if missing else []
    names = report_names(pair.notebook)
    return problems + [tr("study.report_misnamed", name=pair.name, used=used) for used in names if used != pair.name]


def difference(pair: Pair) -> str:
    """What is wrong with a pair in one sentence (a part missing, cells that differ, outputs kept), or nothing."""
    if not pair.source.exists():
        return tr("study.pair_no_source", name=pair.name)
    if not pair.ipynb.exists():
        return tr("study.pair_no_ipynb", name=pair.name)
    if pair.ipynb.read_text(encoding="utf-8") == ipynb_text(pair.notebook):
        return ""
    cells = differing_cells(pair)
    if cells:
        return tr("study.pair_differs", name=pair.name, cells=", ".join(map(str, cells)))
    return tr("study.pair_outputs" if _has_outputs(pair.ipynb) else "study.pair_metadata", name=pair.name)


def differing_cells(pair: Pair) -> list[int]:
    """Numbers, from 1, of the cells in which the source and the .ipynb do not say the same; empty without a pair."""
    if not (pair.source.exists() and pair.ipynb.exists()):
        return []
    ours, theirs = pair.notebook.cells, read_notebook(pair.ipynb).cells
    short = min(len(ours), len(theirs))
    places = [i for i in range(short) if _meaning(ours[i]) != _meaning(theirs[i])]
    return [i + 1 for i in (*places, *range(short, max(len(ours), len(theirs))))]


def _meaning(cell: Notebook) -> tuple[str, str, str]:
    return cell.cell_type, text_hash(cell.source), json.dumps(cell.metadata, sort_keys=True)


def _has_outputs(ipynb: Path) -> bool:
    raw = nbformat.read(ipynb, as_version=4)
    return any(cell.get("outputs") or cell.get("execution_count") for cell in raw.cells)


def write_ipynb(pair: Pair, *, force: bool = False) -> bool:
    """Write the .ipynb of a source; True if the file changed.

    An .ipynb that was edited after its source (it is newer and its cells differ) is not overwritten without
    `force`: somebody's work may be in it.
    """
    if not pair.source.exists():
        raise FileError("study.pair_no_source", name=pair.name)
    text = ipynb_text(pair.notebook)
    if pair.ipynb.exists():
        if pair.ipynb.read_text(encoding="utf-8") == text:
            return False
        newer = pair.ipynb.stat().st_mtime > pair.source.stat().st_mtime
        if newer and not force and (cells := differing_cells(pair)):
            raise StudyError("study.pair_newer", name=pair.name, cells=", ".join(map(str, cells)))
    pair.ipynb.write_text(text, encoding="utf-8")
    return True
