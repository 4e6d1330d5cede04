"""The slot for a published scale's own wording: read, checked against the framework's items, put in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import pandas as pd
import yaml

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import CxlabError, FileError
from cxlab.i18n import LANGUAGES
from cxlab.i18n.loading import parse_yaml
from cxlab.theory.frameworks.book import EXPECTED
from cxlab.theory.frameworks.facts import Wording

if TYPE_CHECKING:
    from cxlab.theory.frameworks.framework import Framework

Entry = Mapping[str, Any]
_TRUE, _FALSE = ("true", "1", "yes", "có"), ("false", "0", "no", "không")


def enter(framework: Framework, wording: str | Path | Mapping[str, Any]) -> Framework:
    """The framework with entered wordings; see `Framework.with_wording`."""
    given = wording if isinstance(wording, Mapping) else _read(Path(wording))
    entries = {nfc(str(name)): _entry(str(name), entry) for name, entry in given.items()}
    names = [one.name for one in framework.wordings]
    asked = [f"{one.name}{EXPECTED}" for one in framework.wordings if one.expected]
    unknown = [name for name in entries if name not in {*names, *asked}]
    if unknown:
        hint = did_you_mean(unknown[0], [*names, *asked])
        raise CxlabError("frameworks.unknown_item", name=unknown[0], hint=hint, known=", ".join(names))
    _complete(entries, names)
    if any(name in entries for name in asked):
        _complete(entries, asked)
    return replace(framework, wordings=tuple(_put(one, entries) for one in framework.wordings), wording="entered")


def template(framework: Framework) -> pd.DataFrame:
    """An empty form; see `Framework.wording_template`."""
    found = framework.items.rename(columns={"text_en": "topic_en", "text_vi": "topic_vi"})
    return found[["item", "construct", "topic_en", "topic_vi", "reversed"]].assign(en="", vi="")


def _put(one: Wording, entries: Mapping[str, Entry]) -> Wording:
    entry, twin = entries[one.name], entries.get(f"{one.name}{EXPECTED}", {})
    turned = entry.get("reversed", one.reversed)
    return replace(one, text=_texts(entry), expected=_texts(twin), reversed=turned, status="entered")


def _texts(entry: Entry) -> dict[str, str]:
    return {lang: entry[lang] for lang in LANGUAGES if entry.get(lang)}


def _complete(entries: Mapping[str, Entry], names: list[str]) -> None:
    """Every item in each language that is used at all."""
    used = [lang for lang in LANGUAGES if any(entry.get(lang) for entry in entries.values())]
    for lang in used or LANGUAGES[:1]:
        missing = [name for name in names if not entries.get(name, {}).get(lang)]
        if missing:
            raise CxlabError("frameworks.wording_missing", language=lang, names=", ".join(missing))


def _entry(name: str, entry: Any) -> dict[str, Any]:
    """One item's texts and, where given, whether it is reversed."""
    entry = {"en": entry} if isinstance(entry, str) else entry
    if not isinstance(entry, Mapping) or not all(isinstance(entry.get(lang, ""), str) for lang in LANGUAGES):
        raise CxlabError("frameworks.wording_entry", name=name)
    extra = [key for key in entry if key not in (*LANGUAGES, "reversed")]
    if extra:
        raise CxlabError("frameworks.wording_key", name=name, entry=extra[0])
    found: dict[str, Any] = {lang: nfc(entry[lang]) for lang in LANGUAGES if lang in entry}
    if str(entry.get("reversed", "")).strip():  # an empty cell leaves the flag as it is
        found["reversed"] = _flag(name, entry["reversed"])
    return found


def _flag(name: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in (*_TRUE, *_FALSE):
        raise CxlabError("frameworks.wording_reversed", name=name, value=value)
    return word in _TRUE


def _read(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise FileError("frameworks.wording_file", path=path)
    try:
        if path.suffix.lower() in (".csv", ".txt", ".xlsx"):
            return _from_table(path)
        found = parse_yaml(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, yaml.YAMLError, pd.errors.ParserError, pd.errors.EmptyDataError, BadZipFile) as error:
        raise FileError("frameworks.wording_unreadable", path=path, reason=str(error).splitlines()[0]) from None
    if not isinstance(found, Mapping):
        raise FileError("frameworks.wording_unreadable", path=path, reason=type(found).__name__)
    return found


def _table(path: Path) -> pd.DataFrame:
    """All cells as text; Excel in Vietnamese separates by semicolons, and its "Unicode text" is UTF-16 with tabs."""
    if path.suffix.lower() == ".xlsx":
        return pd.read_excel(path, dtype=str, keep_default_na=False, engine="openpyxl")
    wide = path.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = path.read_text(encoding="utf-16" if wide else "utf-8-sig")
    head = text.partition("\n")[0]
    return pd.read_csv(StringIO(text), sep=max(",;\t", key=head.count), dtype=str, keep_default_na=False)


def _from_table(path: Path) -> dict[str, Entry]:
    frame = _table(path)
    frame.columns = [str(name).strip().lower() for name in frame.columns]
    texts = [lang for lang in LANGUAGES if lang in frame.columns]
    if "item" not in frame.columns or not texts:
        raise FileError("frameworks.wording_columns", path=path, found=", ".join(frame.columns))
    twice = frame["item"][frame["item"].duplicated()].tolist()
    if twice:
        raise CxlabError("frameworks.wording_twice", name=twice[0])
    kept = [*texts, *(["reversed"] if "reversed" in frame.columns else [])]
    return {row["item"]: {key: row[key] for key in kept} for row in frame.to_dict("records")}
