"""Run one notebook: parameters in, cells executed, outputs cleaned, and a failure named by cell, line and error."""

from __future__ import annotations

import asyncio
import copy
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nbclient.exceptions import CellExecutionError, CellTimeoutError

from cxlab.errors import StudyError
from cxlab.i18n import Language, tr
from cxlab.study.pairs import Notebook, Pair, parameters, parameters_cell
from cxlab.study.translation import first_line

Status = Literal["done", "failed", "interrupted"]
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# The lookbehind keeps the search linear: without it a line of 200 000 letters takes minutes.
_TEMPORARY_CELL = re.compile(r"(?<!\S)\S*ipykernel_\d+[/\\]\d+\.py")
_MOST_TEXT = 20_000
_ERROR_LINES = 12


@dataclass(frozen=True)
class Failure:
    """Where a notebook stopped: code cell number (as in ``[5]``), its first line, the error, the line that failed."""

    cell: int
    line: str
    error: str
    at: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook."""

    pair: Pair
    status: Status
    seconds: float
    notebook: Notebook
    failure: Failure | None = None

    @property
    def name(self) -> str:
        """The notebook's name."""
        return self.pair.name

    @property
    def lang(self) -> Language:
        """The edition's language."""
        return self.pair.lang

    @property
    def seed(self) -> Any:
        """The seed in the notebook's parameters cell, or None."""
        return parameters(self.pair.notebook).get("seed")


class _Place:
    """Which code cell is running, and how many cells have been done."""

    def __init__(self, on_cell: Callable[[], None]) -> None:
        self.cell: Notebook | None = None
        self.number = 0
        self._on_cell = on_cell

    def start(self, cell: Notebook, cell_index: int) -> None:
        self.cell, self.number = cell, self.number + 1

    def done(self, cell: Notebook, cell_index: int, **_: Any) -> None:
        self._on_cell()


async def run_notebook(
    pair: Pair, cwd: Path, reports: str, *, timeout: int, on_cell: Callable[[], None] = lambda: None
) -> Outcome:
    """Execute a notebook in a kernel of its own; never raises for what the notebook does wrong.

    Parameters
    ----------
    pair : Pair
        The notebook.
    cwd : Path
        The kernel's working folder.
    reports : str
        Folder for the notebook's tables and figures, relative to `cwd`.
    timeout : int
        Seconds one cell may take.
    on_cell : callable
        Called after each code cell.
    """
    from cxlab.study.kernel import execute

    notebook = copy.deepcopy(pair.notebook)
    _inject(notebook, reports=reports, lang=pair.lang)
    place, began = _Place(on_cell), time.monotonic()
    failure: Failure | None = None
    try:
        await execute(notebook, cwd, timeout=timeout, on_cell_execute=place.start, on_cell_executed=place.done)
    except CellExecutionError as error:
        failure = _failure(place, *_from_output(place.cell, error))
    except (CellTimeoutError, TimeoutError):
        failure = _failure(place, tr("study.cell_timeout", seconds=timeout))
    except StudyError as error:
        failure = _failure(place, str(error))
    _restore(notebook, pair)
    _clean(notebook, pair.lang)
    return Outcome(pair, "failed" if failure else "done", time.monotonic() - began, notebook, failure)


def _inject(notebook: Notebook, **values: Any) -> None:
    """Set parameters at the end of the cell tagged ``parameters``, so that cells keep their numbers."""
    cell, known = parameters_cell(notebook), parameters(notebook)
    if cell is not None:
        cell.source += "".join(f"\n{name} = {value!r}" for name, value in values.items() if name in known)


def _restore(notebook: Notebook, pair: Pair) -> None:
    """Give the parameters cell its own text back: a page shows what the author wrote, and no folder of this machine."""
    for cell, original in zip(notebook.cells, pair.notebook.cells, strict=True):
        cell.source = original.source


def _failure(place: _Place, error: str, at: str = "") -> Failure:
    return Failure(place.number, first_line(place.cell.source) if place.cell else "", scrub(error), at)


def _from_output(cell: Notebook | None, error: CellExecutionError) -> tuple[str, str]:
    """The error's last lines and the line of the cell that raised it, from the cell's own record."""
    lines = f"{error.ename}: {error.evalue}".strip().splitlines()
    if len(lines) > _ERROR_LINES:
        lines = [lines[0], "…", *lines[2 - _ERROR_LINES :]]
    outputs = cell.outputs if cell is not None else []
    trace = next((plain("\n".join(o.traceback)) for o in outputs if o.output_type == "error"), "")
    found = re.search(r"^-+> *\d+ +(.+)$", trace, re.MULTILINE)
    return plain("\n".join(lines)), found[1].strip() if found else ""


def plain(text: str) -> str:
    """Text without the terminal's colour codes."""
    return _ANSI.sub("", text)


def scrub(text: str) -> str:
    """Text without this machine's folders: a page must read the same wherever it was made."""
    package = Path(__file__).resolve().parents[1]
    for folder, short in ((sys.prefix, "…"), (str(package.parent), "…"), (str(Path.home()), "~")):
        if len(folder) > 1:
            text = text.replace(folder, short)
    return _TEMPORARY_CELL.sub("<cell>", text)


def _clean(notebook: Notebook, lang: Language) -> None:
    """Take from the outputs what a page cannot hold: this machine's folders, scripts, controls that need a kernel."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text" in output:
                output.text = scrub(_shortened(output.text, lang))
            if "traceback" in output:
                output.traceback = [scrub(line) for line in output.traceback]
            if "data" in output:
                _clean_data(output.data, lang)


def _shortened(text: str, lang: Language) -> str:
    """Printed text without the middle of what nobody reads, with a line that says so."""
    if len(text) <= _MOST_TEXT:
        return text
    note = tr("study.text_left_out", lang, count=len(text) - _MOST_TEXT)
    return f"{text[: _MOST_TEXT // 2]}\n{note}\n{text[-_MOST_TEXT // 2 :]}"


def _clean_data(data: dict[str, Any], lang: Language) -> None:
    data.pop("application/javascript", None)
    if data.pop("application/vnd.jupyter.widget-view+json", None) is not None:
        data.pop("text/html", None)
        data["text/plain"] = tr("study.widget_needs_kernel", lang)
    for kind, value in data.items():
        if kind.startswith("text/") and isinstance(value, str):
            data[kind] = scrub(_shortened(value, lang) if kind == "text/plain" else value)


async def run_all(
    pairs: list[Pair], one: Callable[[Pair], Any], *, jobs: int, finished: Callable[[Outcome], Any]
) -> None:
    """Run notebooks, `jobs` at a time, handing over each outcome as it comes; cancelling stops every kernel."""
    gate, desk = asyncio.Semaphore(jobs), asyncio.Lock()

    async def guarded(pair: Pair) -> None:
        async with gate:
            outcome = await one(pair)
            async with desk:  # pages one after the other: matplotlib draws formulas on one thread only
                await asyncio.to_thread(finished, outcome)

    async with asyncio.TaskGroup() as group:
        for pair in pairs:
            group.create_task(guarded(pair))
