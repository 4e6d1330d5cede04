"""One executed notebook as one HTML page that needs nothing but itself: no network, no script."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from cxlab.errors import StudyError
from cxlab.i18n import Language, tr
from cxlab.study.maths import formula
from cxlab.study.pairs import Notebook

TEMPLATES = Path(__file__).parent / "templates"
_SHOWN = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/latex", "text/plain"]
_NUMBER = re.compile(r"[-−+]?[\d.,]*\d(?:e[-+]?\d+)?|[-−]?inf|NaN|None|<NA>|NaT|–|", re.IGNORECASE)
_REMOTE = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|href|data)\s*=\s*["']?\s*"""
    r"""((?:https?:)?//[^"'\s>]+)|(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""",
    re.IGNORECASE,
)


class _Renderer(IPythonRenderer):
    """Markdown to HTML with drawn formulas, and a note of every heading for the table of contents."""

    def __init__(self, headings: list[tuple[int, str, str]], **settings: Any) -> None:
        super().__init__(exclude_anchor_links=True, **settings)
        self._headings = headings

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        words = html.unescape(re.sub(r"<[^>]+>", "", text)).strip()
        slug = re.sub(r"\W+", "-", words.lower()).strip("-") or "section"
        taken = {anchor for _, anchor, _ in self._headings}
        anchor = next(a for n in range(1, 1000) if (a := slug if n == 1 else f"{slug}-{n}") not in taken)
        self._headings.append((level, anchor, words))
        return f'<h{level} id="{html.escape(anchor)}">{text}</h{level}>\n'

    def block_math(self, body: str) -> str:
        return formula(body, display=True)

    def inline_math(self, body: str) -> str:
        return formula(body)

    def latex_environment(self, name: str, body: str) -> str:
        return formula(body.replace("&", "").replace(r"\\", " "), display=True)


class _Exporter(HTMLExporter):
    """nbconvert with cxlab's template and renderer; `headings` fills while a notebook is converted."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.headings: list[tuple[int, str, str]] = []
        self._folder = str(folder)
        shown = Config({"NbConvertBase": {"display_data_priority": _SHOWN}})
        super().__init__(
            config=shown, template_name="page", extra_template_basedirs=[str(TEMPLATES)], embed_images=True, **settings
        )

    @jinja2.pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        attachments = context.get("cell", {}).get("attachments", {})
        renderer = _Renderer(self.headings, escape=False, attachments=attachments, embed_images=True, path=self._folder)
        return MarkdownWithMath(renderer=renderer).render(source)


def notebook_page(notebook: Notebook, values: Mapping[str, Any], *, lang: Language, folder: Path) -> str:
    """The page of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs.
    values : mapping
        What the page's frame shows: ``title``, ``home`` (link to the first page), ``languages``, ``failure``,
        ``captions`` (code cell number to caption, for the figures' text alternatives).
    lang : "en" or "vi"
        Language of the page and its labels.
    folder : Path
        Folder that the notebook's own pictures are relative to.

    Raises
    ------
    StudyError
        If the page would load anything from a network.
    """
    exporter = _Exporter(folder)
    labels = {"show_code": tr("study.show_code", lang), "figure": tr("study.figure_alt", lang)}
    resources = {"labels": labels, "captions": values.get("captions", {})}
    body, _ = exporter.from_notebook_node(notebook, resources=resources)
    body = _words_left(body)
    contents = [(level, anchor, words) for level, anchor, words in exporter.headings if level in (2, 3)]
    return render("notebook.html.j2", lang, body=body, contents=contents, **values)


def _words_left(body: str) -> str:
    """The body with the columns of plain DataFrames marked that hold words: only numbers read well to the right."""
    soup = BeautifulSoup(body, "html.parser")
    for table in soup.select("table.dataframe"):
        rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
        for column in zip(*rows, strict=False):
            if any(cell.name == "td" and not _NUMBER.fullmatch(cell.get_text().strip()) for cell in column):
                for cell in column:
                    cell["class"] = ["words"]
    return str(soup)


def render(template: str, lang: Language, **values: Any) -> str:
    """A page from one of cxlab's templates, checked to need no network.

    Raises
    ------
    StudyError
        If the page would load anything from a network.
    """
    page = _environment().get_template(template).render(lang=lang, t=_translator(lang), **values)
    check_offline(page)
    return page


def _translator(lang: Language) -> Any:
    def translate(key: str, **values: Any) -> str:
        return tr(key, lang, **values)

    return translate


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(("html.j2",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def check_offline(page: str) -> None:
    """Refuse a page that loads a script, style, picture or frame from a network (links to read are fine).

    Examples
    --------
    >>> check_offline('<a href="https://doi.org/10.1000/182">a source</a>')
    >>> check_offline('<script src="https://cdn.example/x.js"></script>')
    Traceback (most recent call last):
    cxlab.errors.StudyError: ...
    """
    found = _REMOTE.search(page)
    if found:
        raise StudyError("study.remote_content", address=(found[1] or found[2])[:120])
