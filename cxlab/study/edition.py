"""One language's part of a report: where its pages stand, and what its first page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxlab.i18n import LANGUAGES, Language, tr
from cxlab.show.text import count
from cxlab.study.keep import RECORD, read_record
from cxlab.study.pairs import Pair
from cxlab.study.run import Failure, Outcome

_OWN_NAMES: Mapping[Language, str] = {"en": "English", "vi": "Tiếng Việt"}
_NAMED_PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "scikit-learn", "semopy", "matplotlib")


@dataclass(frozen=True)
class Edition:
    """The pages of one language: English in the report's folder itself, others in a folder of their own."""

    reports: Path
    lang: Language
    languages: tuple[Language, ...]
    version: str

    @property
    def folder(self) -> Path:
        """Where this edition's pages are."""
        return self.reports if self.lang == "en" else self.reports / self.lang

    @property
    def prefix(self) -> str:
        """What stands before this edition's file names in the manifest."""
        return "" if self.lang == "en" else f"{self.lang}/"

    def record(self, name: str) -> dict[str, Any]:
        """What the notebook's Report kept, or an empty record."""
        return read_record(self.folder / name)

    def files(self, name: str) -> list[str]:
        """Every file of one notebook, relative to the report's folder."""
        kept = self.record(name).get("files", [RECORD])
        return [f"{self.prefix}{name}.html", *(f"{self.prefix}{name}/{path}" for path in kept)]

    def links(self, page: str, languages: Iterable[Language]) -> list[tuple[str, str, str]]:
        """The language switch: (language, its own name, address of the same page in it); empty with one language."""
        found: list[tuple[str, str, str]] = []
        for lang in (lang for lang in LANGUAGES if lang in languages):
            up = "" if self.lang == "en" else "../"
            found.append((lang, _OWN_NAMES[lang], f"{up}{'' if lang == 'en' else f'{lang}/'}{page}"))
        return found if len(found) > 1 else []

    def write_page(self, outcome: Outcome, languages: Iterable[Language]) -> None:
        """Write the page of one notebook."""
        from cxlab.study.page import notebook_page

        items = self.record(outcome.name).get("items", [])
        values = {
            "name": outcome.name,
            "title": outcome.pair.title,
            "home": "index.html",
            "languages": self.links(f"{outcome.name}.html", languages),
            "failure": outcome.failure,
            "captions": {item["cell"]: item["caption"] for item in items if item["kind"] == "figure" and item["cell"]},
            "version": self.version,
        }
        folder = outcome.pair.ipynb.parent
        page = notebook_page(outcome.notebook, values, lang=self.lang, folder=folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{outcome.name}.html").write_text(page, encoding="utf-8")

    def write_index(
        self, outcomes: list[Outcome], facts: Mapping[str, Any], waiting: list[Pair], citation: str
    ) -> None:
        """Write the first page: for each notebook the question, the answer, the main figure and tables, the data.

        Parameters
        ----------
        outcomes : list of Outcome
            What ran, in order.
        facts : mapping
            The manifest's facts: versions, platform, times.
        waiting : list of Pair
            What an interrupted run did not reach.
        citation : str
            How to cite cxlab.
        """
        from cxlab.show.html import TABLE_CSS
        from cxlab.study.page import render

        studies = [self._study(outcome) for outcome in outcomes]
        sources = {s["name"]: s for study in studies for s in study["data"]}
        page = render(
            "index.html.j2",
            self.lang,
            title=tr("study.title", self.lang),
            abstract=[tr(f"study.abstract_{n}", self.lang) for n in (1, 2, 3)],
            home="index.html",
            languages=self.links("index.html", self.languages),
            studies=studies,
            waiting=[pair.title for pair in waiting],
            facts=self._facts(outcomes, facts),
            hashes=[(name, s["sha256"]) for name, s in sources.items() if s["sha256"]],
            citation=citation,
            works=sorted({s["citation"] for s in sources.values() if s["citation"]}),
            manifest="manifest.json" if self.lang == "en" else "../manifest.json",
            table_css=TABLE_CSS,
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "index.html").write_text(page, encoding="utf-8")

    def _study(self, outcome: Outcome) -> dict[str, Any]:
        record = self.record(outcome.name)
        items = [self._item(outcome.name, item) for item in record.get("items", [])]
        main = [item for item in items if item["main"]] or _first_of_each(items)
        return {
            "name": outcome.name,
            "title": outcome.pair.title,
            "page": f"{outcome.name}.html",
            "failure": outcome.failure,
            "about": record.get("about", []),
            "questions": record.get("questions", []),
            "findings": record.get("findings", []),
            "main": main,
            "others": [item for item in items if item not in main],
            "word": [f"{outcome.name}/{name}" for name in record.get("word", [])],
            "data": [source | {"size": self._size(source)} for source in record.get("data", [])],
        }

    def _item(self, name: str, item: dict[str, Any]) -> dict[str, Any]:
        fragment = self.folder / name / item["files"].get("html", "-")
        table = fragment.read_text(encoding="utf-8") if fragment.is_file() else ""
        return item | {"files": {kind: f"{name}/{path}" for kind, path in item["files"].items()}, "html": table}

    def _size(self, source: Mapping[str, Any]) -> str:
        key = "study.rows_all" if source["rows"] == source["used"] else "study.rows_used"
        rows, used = (count(source[part], self.lang) for part in ("rows", "used"))
        return tr(key, self.lang, rows=rows, used=used)

    def _facts(self, outcomes: list[Outcome], facts: Mapping[str, Any]) -> list[tuple[str, str]]:
        versions = facts["packages"]
        seeds = ", ".join(f"{o.name.split('_')[0]}: {o.seed}" for o in outcomes if o.seed is not None)
        times = ", ".join(f"{o.name.split('_')[0]}: {o.seconds:.0f} s" for o in outcomes)
        rows = {
            "fact_cxlab": facts["cxlab"] + (f" ({facts['commit'][:12]})" if facts["commit"] else ""),
            "fact_python": f"{facts['python']}, {facts['platform']}",
            "fact_packages": ", ".join(f"{name} {versions[name]}" for name in _NAMED_PACKAGES if name in versions),
            "fact_seeds": seeds,
            "fact_when": facts["started"].replace("T", " ").replace("Z", " UTC"),
            "fact_durations": times,
        }
        return [(tr(f"study.{key}", self.lang), value) for key, value in rows.items() if value]


def _first_of_each(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first figure and the first table, for a notebook that marks nothing as main."""
    firsts = (next((item for item in items if item["kind"] == kind), None) for kind in ("figure", "table"))
    return [item for item in firsts if item]


def stopped_before(pair: Pair, reason: str) -> Outcome:
    """The outcome of a notebook that was not run, and why."""
    return Outcome(pair, "failed", 0.0, pair.notebook, Failure(0, "", reason))
