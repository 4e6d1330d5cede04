"""`cxlab reproduce`: run the curated notebooks and write the report."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO

import cxlab
from cxlab.errors import CxlabError, StudyError
from cxlab.i18n import LANGUAGES, Language, tr
from cxlab.study.citation import how_to_cite
from cxlab.study.edition import Edition, stopped_before
from cxlab.study.manifest import entry, environment, remove_earlier, write_manifest
from cxlab.study.pairs import Pair, differing_cells, find_pairs, find_root, report_names
from cxlab.study.progress import Progress
from cxlab.study.run import Failure, Outcome, run_all, run_notebook, scrub

Choice = Literal["en", "vi", "both"]


@dataclass
class Run:
    """One run: its notebooks, and what became of them so far."""

    root: Path
    reports: Path
    pairs: list[Pair]
    timeout: int
    progress: Progress
    outcomes: list[Outcome] = field(default_factory=list)
    interrupted: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> list[Outcome]:
        """The notebooks that failed, in order."""
        return [outcome for outcome in self.sorted() if outcome.failure]

    @property
    def waiting(self) -> list[Pair]:
        """The notebooks that an interrupted run did not finish."""
        done = {(o.lang, o.name) for o in self.outcomes}
        return [pair for pair in self.pairs if (pair.lang, pair.name) not in done]

    @property
    def first_page(self) -> Path:
        """Where a reader begins."""
        return self.edition(self.pairs[0].lang).folder / "index.html"

    def sorted(self) -> list[Outcome]:
        """The outcomes in the order of the course, English first."""
        return sorted(self.outcomes, key=lambda o: (LANGUAGES.index(o.lang), o.name))

    def edition(self, lang: Language) -> Edition:
        """The pages of one language."""
        return Edition(self.reports, lang, tuple(dict.fromkeys(p.lang for p in self.pairs)), cxlab.__version__)

    async def one(self, pair: Pair) -> Outcome:
        """Run one notebook, unless its files contradict each other."""
        self.progress.start(pair)
        reason = contradiction(pair)
        if reason:
            return stopped_before(pair, reason)
        cwd = pair.ipynb.parent
        folder = os.path.relpath(self.edition(pair.lang).folder, cwd)
        return await run_notebook(pair, cwd, folder, timeout=self.timeout, on_cell=self.progress.cell)

    def finished(self, outcome: Outcome) -> None:
        """Write the page of a notebook that ended, and the manifest as it now stands."""
        try:
            languages = [pair.lang for pair in self.pairs if pair.name == outcome.name]
            self.edition(outcome.lang).write_page(outcome, languages)
        except Exception as error:  # a page that cannot be written must not end the other notebooks
            said = str(error) if isinstance(error, CxlabError) else f"{type(error).__name__}: {error}"
            outcome = replace(outcome, status="failed", failure=outcome.failure or Failure(0, "", scrub(said)))
        self.outcomes.append(outcome)
        self.write_manifest("running")
        self.progress.finish(outcome)

    def write_indexes(self) -> None:
        """Write the first page of each language."""
        for lang in dict.fromkeys(pair.lang for pair in self.pairs):
            ours = [outcome for outcome in self.sorted() if outcome.lang == lang]
            waiting = [pair for pair in self.waiting if pair.lang == lang]
            self.edition(lang).write_index(ours, self.facts, waiting, how_to_cite(self.root, lang))

    def write_manifest(self, status: str) -> None:
        """Write `manifest.json` for what has been done so far."""
        self.facts["status"] = status
        self.facts["notebooks"] = [entry(o, self.edition(o.lang).record(o.name)) for o in self.sorted()]
        files = [path for pair in self.pairs for path in self.edition(pair.lang).files(pair.name)]
        indexes = [f"{self.edition(pair.lang).prefix}index.html" for pair in self.pairs]
        write_manifest(self.reports, self.facts, [*files, *indexes])


def reproduce(
    *,
    only: Sequence[str] = (),
    lang: Choice = "both",
    reports: Path | None = None,
    jobs: int = 2,
    timeout: int = 900,
    root: Path | None = None,
    out: TextIO | None = None,
) -> Run:
    """Run the notebooks, each in a kernel of its own, and write the report's pages.

    Parameters
    ----------
    only : sequence of str
        Run only notebooks whose names begin so, for example ``["08"]``; all if empty.
    lang : "en", "vi" or "both"
        Which editions.
    reports : Path, optional
        Where to write, by default ``reports`` beside the notebooks. What an earlier run wrote there is removed.
    jobs : int
        How many notebooks run at once.
    timeout : int
        Seconds one cell may take.
    root : Path, optional
        The folder that holds ``notebooks``.
    out : text stream, optional
        Where progress is shown, by default standard error.

    Returns
    -------
    Run
        ``.outcomes``, ``.failed``, ``.interrupted``, ``.first_page``.

    Raises
    ------
    StudyError
        If no notebook fits.
    """
    root = root or find_root()
    pairs = choose(root / "notebooks", only, lang)
    folder = (reports or root / "reports").resolve()
    _prepare(folder)
    run = Run(root, folder, pairs, timeout, Progress(pairs, out))
    began = time.monotonic()
    run.facts = environment(root) | {"started": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    run.write_manifest("running")
    try:
        asyncio.run(_run(run, max(1, jobs)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        run.interrupted = True
    finally:
        run.progress.close()
    run.facts["seconds"] = round(time.monotonic() - began, 1)
    run.write_indexes()
    run.write_manifest("interrupted" if run.interrupted else "failed" if run.failed else "done")
    return run


def _prepare(folder: Path) -> None:
    """Make the folder, and remove what an earlier run wrote there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_earlier(folder)
    except OSError as error:
        raise StudyError("study.cannot_write", folder=folder.name, reason=error.strerror or str(error)) from error


async def _run(run: Run, jobs: int) -> None:
    """Run everything; a request to terminate stops the kernels as Ctrl-C does."""
    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await run_all(run.pairs, run.one, jobs=jobs, finished=run.finished)


def choose(notebooks: Path, only: Sequence[str], lang: Choice) -> list[Pair]:
    """The notebooks to run, English first; an error that lists the names if one asked for is not there."""
    languages: tuple[Language, ...] = LANGUAGES if lang == "both" else (lang,)
    found = [pair for one in languages for pair in find_pairs(notebooks, one)]
    names = ", ".join(sorted({pair.name for pair in found}))
    if not found:
        raise StudyError("study.no_notebook_in", lang=lang)
    for wanted in only:
        if not any(pair.name.startswith(wanted) for pair in found):
            raise StudyError("study.unknown_notebook", name=wanted, known=names)
    return [pair for pair in found if not only or pair.name.startswith(tuple(only))]


def contradiction(pair: Pair) -> str:
    """Why a notebook must not be run as it is, or an empty string."""
    try:
        cells = differing_cells(pair)
        strange = [name for name in report_names(pair.notebook) if name != pair.name]
    except StudyError as error:
        return str(error)
    if cells:
        return tr("study.pair_differs", name=pair.name, cells=", ".join(map(str, cells)))
    return tr("study.report_misnamed", name=pair.name, used=strange[0]) if strange else ""


def say_relative(path: Path) -> str:
    """The path as a person in this folder would type it."""
    relative = os.path.relpath(path)
    return str(path) if re.match(r"(\.\.[/\\]){3}", relative) else relative
