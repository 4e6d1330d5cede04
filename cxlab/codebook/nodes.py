"""YAML nodes with their lines: each value is asked for by type, and a wrong one is named with its place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cxlab.codebook.text import did_you_mean, nfc
from cxlab.errors import CodebookError
from cxlab.i18n import tr
from cxlab.i18n.loading import yaml_loader

# A label may be in the language of the original questionnaire; English and Vietnamese are what cxlab shows.
LABEL_LANGUAGES = ("en", "vi", "ko", "ja", "zh", "fr", "de", "es", "pt", "it", "nl", "th", "id", "ru", "pl", "tr", "cs")

_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map")} | {"!"}

Pairs = Mapping[str, "Place"]


@dataclass(frozen=True)
class Place:
    """A node of a codebook file: the file, the key that leads to it, the line of that key, and the node."""

    file: str
    key: str
    line: int
    node: yaml.Node

    def fail(self, key: str, **values: Any) -> CodebookError:
        """The error for this place."""
        return CodebookError(f"codebook.{key}", file=self.file, line=self.line, entry=self.key, **values)

    def wrong(self, expected: str) -> CodebookError:
        """The error for a value of another type than the key asks for."""
        return self.fail("wrong_type", expected=tr(f"codebook.type_{expected}"), found=self.shown())

    def shown(self) -> str:
        """The value as far as it fits into a message."""
        if isinstance(self.node, yaml.ScalarNode):
            return f"'{self.node.value[:60]}'"
        return tr("codebook.type_list" if isinstance(self.node, yaml.SequenceNode) else "codebook.type_mapping")

    @property
    def empty(self) -> bool:
        """True for a key with nothing behind it."""
        return self.node.tag == "tag:yaml.org,2002:null"

    def inside(self, key: str, node: yaml.Node, line: int | None = None) -> Place:
        """A place further in."""
        return Place(self.file, key, line or node.start_mark.line + 1, node)

    def pairs(self, known: Iterable[str] | None = None) -> dict[str, Place]:
        """The mapping's keys, none twice and, where `known` is given, none unknown."""
        if self.empty:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("mapping")
        found: dict[str, Place] = {}
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.inside("?", key).wrong("text")
            name, line = nfc(key.value), key.start_mark.line + 1
            place = self.inside(name, value, line)
            if not name:
                raise place.fail("no_name", where=self.key or self.file)
            if name in found:
                raise place.fail("duplicate_key", first=found[name].line)
            if known is LABEL_LANGUAGES and name not in LABEL_LANGUAGES and place.empty:
                raise place.fail("comma_in_text", where=self.key)
            if known is not None and name not in known:
                hint = did_you_mean(name, known)
                raise place.fail("unknown_key", hint=hint, known=", ".join(known), where=self.key or self.file)
            found[name] = place
        return found

    def string(self) -> str:
        """The value as text, as written: YAML's own idea that ``no`` is false does not apply."""
        if self.empty:
            return ""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.wrong("text")
        return nfc(self.node.value)

    def number(self) -> float:
        """The value as a number, whole numbers as int."""
        value = self.number_or_string()
        if isinstance(value, str):
            raise self.wrong("number")
        return value

    def number_or_string(self) -> float | str:
        """A plain number as a number, anything else as text."""
        text = self.string()
        quoted = isinstance(self.node, yaml.ScalarNode) and self.node.style in ("'", '"')
        if not quoted and self.node.tag.endswith((":int", ":float")):
            return as_number(text)
        return text

    def plain(self) -> Any:
        """The value as YAML means it: text, number, true or false, nothing, a list or a mapping of such."""
        if self.empty:
            return None
        if isinstance(self.node, yaml.SequenceNode):
            return [entry.plain() for entry in self.entries()]
        if isinstance(self.node, yaml.MappingNode):
            return {key: place.plain() for key, place in self.pairs().items()}
        return self.boolean() if self.node.tag == "tag:yaml.org,2002:bool" else self.number_or_string()

    def boolean(self) -> bool:
        """The value as true or false."""
        if self.node.tag != "tag:yaml.org,2002:bool":
            raise self.wrong("boolean")
        return self.node.value.lower() in ("true", "yes", "on")

    def choice(self, known: Iterable[str]) -> str:
        """The value, one of those known."""
        value = self.string()
        if value not in known:
            raise self.fail("unknown_value", value=value, hint=did_you_mean(value, known), known=", ".join(known))
        return value

    def entries(self) -> list[Place]:
        """The members of a list; a single value counts as a list of one."""
        if self.empty:
            return []
        if isinstance(self.node, yaml.SequenceNode):
            return [self.inside(self.key, node) for node in self.node.value]
        return [self]


def as_number(text: str) -> float | str:
    """The number behind plain digits (never octal, never a time), or the text itself."""
    try:
        value = float(text)
    except ValueError:
        return text
    if value != value or value in (float("inf"), float("-inf")):
        return text
    return int(value) if value.is_integer() else value


def load(path: str | Path) -> Place:
    """The root of a codebook file, or the error that says why it cannot be read."""
    if not isinstance(path, str | os.PathLike):
        raise CodebookError("codebook.not_path", kind=type(path).__name__)
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        near = did_you_mean(path.name, (p.name for p in path.parent.glob("*.y*ml")))
        raise CodebookError("codebook.file_missing", path=path, hint=near) from None
    except IsADirectoryError:
        raise CodebookError("codebook.is_folder", path=path) from None
    except PermissionError:
        raise CodebookError("codebook.no_permission", path=path) from None
    except UnicodeDecodeError as error:
        raise CodebookError("codebook.not_utf8", file=path.name, byte=error.start) from None
    return _compose(text, path.name)


def _compose(text: str, file: str) -> Place:
    loader = yaml_loader()
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise CodebookError("codebook.not_yaml", file=file, line=line, column=column, problem=error.problem) from None
    except (yaml.YAMLError, RecursionError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CodebookError("codebook.not_yaml", file=file, line=1, column=1, problem=problem) from None
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        raise CodebookError("codebook.empty_file", file=file)
    root = Place(file, "", node.start_mark.line + 1, node)
    _check_tags(text, file, loader)
    if not isinstance(node, yaml.MappingNode):
        raise CodebookError("codebook.not_codebook", file=file, found=root.shown())
    return root


def _check_tags(text: str, file: str, loader: Any) -> None:
    """A codebook holds text, numbers, lists and keys; a tag such as ``!!python/object`` has no place in it."""
    if "!" not in text:
        return
    for event in yaml.parse(text, Loader=loader):
        tag = getattr(event, "tag", None)
        if tag is not None and tag not in _TAGS:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise CodebookError("codebook.tag", file=file, line=line, tag=tag.replace("tag:yaml.org,2002:", "!!"))
