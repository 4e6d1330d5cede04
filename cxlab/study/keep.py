"""What a notebook's report puts on disk, and `report.json`, the record that the pages are made from."""

from __future__ import annotations

import json
import re
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxlab.errors import StudyError
from cxlab.i18n import Language
from cxlab.show.text import words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.show.table import Table

RECORD = "report.json"
_NAME = re.compile(r"\w[\w-]*", re.ASCII)


def check_name(name: str) -> str:
    """The name if it can be a file name everywhere, else an error that says what a name may hold.

    Examples
    --------
    >>> check_name("table_1")
    'table_1'
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > 80:
        raise StudyError("study.bad_name", name=name)
    return name


class Keeper:
    """Keeps one notebook's report; with ``folder=None`` it counts and checks, and writes nothing."""

    def __init__(self, name: str, folder: Path | None, lang: Language) -> None:
        self.folder = folder
        self.lang = lang
        self._items: dict[str, dict[str, Any]] = {}
        self._tables: dict[str, Table] = {}
        self._record: dict[str, Any] = {"name": name, "lang": lang}
        self._record |= {"about": [], "questions": [], "findings": [], "data": []}
        if folder is not None:
            remove_files(folder, read_record(folder).get("files", []))
            folder.mkdir(parents=True, exist_ok=True)
            self._write()

    def say(self, kind: str, text: str) -> None:
        """Keep a sentence; the same one twice (a cell run again) is kept once."""
        if text not in self._record[kind]:
            self._record[kind].append(text)
        self._write()

    def source(self, source: dict[str, Any]) -> None:
        """Keep where data come from; the same data twice are kept as they were last."""
        others = [s for s in self._record["data"] if (s["name"], s["sha256"]) != (source["name"], source["sha256"])]
        self._record["data"] = [*others, source]
        self._write()

    def figure(self, figure: Figure, name: str, caption: str, *, main: bool, replace: bool) -> None:
        """Save a figure as SVG and PNG."""
        from cxlab.show.style import save_figure

        files = {}
        self._check_free(name, replace)
        if self.folder is not None:
            paths = save_figure(figure, self.folder / "figures" / name)
            files = {path.suffix[1:]: f"figures/{path.name}" for path in paths}
        self._keep(name, "figure", caption, files, main)

    def table(self, table: Table, name: str, *, main: bool, replace: bool) -> None:
        """Save a table as CSV, HTML and LaTeX, and all tables so far as one Word file."""
        self._check_free(name, replace)
        self._tables[name] = table
        files = {}
        if self.folder is not None:
            folder = self.folder / "tables"
            folder.mkdir(exist_ok=True)
            table.to_csv(folder / f"{name}.csv")
            (folder / f"{name}.html").write_text(table.to_html(self.lang, style=False), encoding="utf-8")
            (folder / f"{name}.tex").write_text(table.to_latex(self.lang, name=name), encoding="utf-8")
            files = {kind: f"tables/{name}.{kind}" for kind in ("csv", "html", "tex")}
            self._write_word()
        self._keep(name, "table", words(table.title, self.lang), files, main)

    def counts(self) -> dict[str, int]:
        """How many tables, figures and findings there are."""
        kinds = [item["kind"] for item in self._items.values()]
        return {
            "tables": kinds.count("table"),
            "figures": kinds.count("figure"),
            "findings": len(self._record["findings"]),
        }

    def _check_free(self, name: str, replace: bool) -> None:
        if name in self._items and not replace:
            raise StudyError("study.name_used", name=name)

    def _keep(self, name: str, kind: str, caption: str, files: dict[str, str], main: bool) -> None:
        self._items[name] = {
            "name": name, "kind": kind, "caption": caption, "files": files, "main": main, "cell": _cell_number(),
        }  # fmt: skip
        self._write()

    def _write_word(self) -> None:
        from cxlab.show.table import tables_to_docx

        assert self.folder is not None  # noqa: S101 - only called with a folder
        path = self.folder / f"{self._record['name']}.docx"
        tables_to_docx(list(self._tables.values()), path, self.lang)
        _take_times_out(path)

    def _write(self) -> None:
        if self.folder is None:
            return
        word = [f"{self._record['name']}.docx"] if self._tables else []
        files = [path for item in self._items.values() for path in item["files"].values()]
        record = self._record | {"items": list(self._items.values()), "word": word, "files": [*files, *word, RECORD]}
        target, fresh = self.folder / RECORD, self.folder / f".{RECORD}"
        fresh.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        fresh.replace(target)


def _take_times_out(path: Path) -> None:
    """Write a Word file again without the clock in it: the same tables are then the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)


def _cell_number() -> int | None:
    """The number of the notebook cell that is running (``[5]``), or None outside a notebook."""
    with suppress(ImportError):
        from IPython import get_ipython

        shell = get_ipython()
        if shell is not None:
            return len(shell.history_manager.input_hist_parsed) - 1
    return None


def read_record(folder: Path) -> dict[str, Any]:
    """The `report.json` of a folder, or an empty record."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def remove_files(folder: Path, names: list[str]) -> None:
    """Remove the named files of a folder and the folders that this empties; never anything outside of it."""
    root = folder.resolve()
    emptied: set[Path] = set()
    for name in names:
        path = (root / str(name)).resolve()
        if path != root and path.is_relative_to(root) and path.is_file():
            path.unlink()
            emptied |= {p for p in path.parents if p != root and p.is_relative_to(root)}
    for place in sorted(emptied, key=lambda p: len(p.parts), reverse=True):
        with suppress(OSError):
            place.rmdir()
