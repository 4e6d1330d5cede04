"""The file itself: that it is there, what kind it is by name and first bytes, and its SHA-256."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from cxlab.codebook.text import did_you_mean
from cxlab.errors import FileError
from cxlab.survey.read.options import Container, Format

_BY_SUFFIX: dict[str, Container] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".sav": "spss",
    ".zsav": "spss",
    ".dta": "stata",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_BINARY: dict[bytes, Container] = {
    b"$FL2": "spss",
    b"$FL3": "spss",
    b"<stata_dta>": "stata",
    b"PAR1": "parquet",
}
_TEXT_BYTES = bytes({*range(32, 256), 9, 10, 13} - {127})
_TEXT: tuple[Container, ...] = ("csv", "tsv")


@dataclass(frozen=True)
class SourceFile:
    """A file on disk, known to exist and not to be empty; its bytes are read once and never written."""

    path: Path
    container: Container
    data: bytes

    @property
    def sha256(self) -> str:
        """Fingerprint of the bytes on disk."""
        return hashlib.sha256(self.data).hexdigest()

    def content(self) -> bytes:
        """The bytes without a gzip wrapping."""
        if not self.data.startswith(_GZIP):
            return self.data
        try:
            return gzip.decompress(self.data)
        except (OSError, EOFError, zlib.error):
            raise FileError("readers.corrupt", path=self.path.name, container="gzip") from None


def open_file(path: str | Path, format: Format | None = None) -> SourceFile:
    """Find a survey file and tell its kind, or say why it cannot be a survey file."""
    if not isinstance(path, str | os.PathLike):
        raise FileError("readers.not_path", kind=type(path).__name__)
    path = Path(path).expanduser()
    if path.is_dir():
        names = sorted(p.name for p in path.iterdir() if _suffix(p) in _BY_SUFFIX)
        raise FileError("readers.is_folder", path=path, names=", ".join(names[:10]) or "–")
    if not path.exists():
        raise _missing(path)
    container = _container(path, format)
    try:
        data = path.read_bytes()
    except PermissionError:
        raise FileError("readers.no_permission", path=path) from None
    if not data.strip():
        raise FileError("readers.empty_file", path=path.name)
    _check_content(path, container, data)
    return SourceFile(path, container, data)


def _missing(path: Path) -> FileError:
    folder = path.parent
    if not folder.is_dir():
        return FileError("readers.folder_missing", path=path, folder=folder, current=Path.cwd().name)
    files = sorted(p.name for p in folder.iterdir() if p.is_file())
    hint = did_you_mean(path.name, files)
    return FileError("readers.file_missing", path=path, hint=hint, names=", ".join(files[:10]) or "–")


def _suffix(path: Path) -> str:
    suffixes = [s.lower() for s in path.suffixes]
    return suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else (suffixes or [""])[-1]


def _container(path: Path, format: Format | None) -> Container:
    """The kind of file: the one asked for, else by the name's ending."""
    if format in get_args(Container):
        return format  # type: ignore[return-value]
    suffix = _suffix(path)
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix == ".xls":
        with path.open("rb") as stream:
            html = _is_html(stream.read(2048))
        raise FileError("readers.html_as_excel" if html else "readers.old_excel", path=path.name)
    known = " ".join(_BY_SUFFIX)
    if not suffix:
        raise FileError("readers.no_suffix", path=path.name, known=known)
    raise FileError("readers.unknown_suffix", path=path.name, suffix=suffix, known=known)


def _is_html(head: bytes) -> bool:
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    return text.startswith((b"<html", b"<!doctype", b"<table", b"<head", b"<meta")) or b"<html" in text[:1024]


def _check_content(path: Path, container: Container, data: bytes) -> None:
    """First bytes that give away another kind of file than its name says."""
    if container != "parquet" and _is_html(data[:2048]):
        raise FileError("readers.html_as_excel", path=path.name)
    if container in _TEXT and data.startswith((_ZIP, _OLE)):
        raise FileError("readers.excel_as_text", path=path.name)
    other = next((kind for start, kind in _BINARY.items() if data.startswith(start)), None)
    if container in _TEXT and other is not None:
        raise FileError("readers.binary_as_text", path=path.name, container=other)
    if container == "excel" and data.startswith(_OLE):
        raise FileError("readers.locked_excel", path=path.name)
    if container == "excel" and not data.startswith(_ZIP) and not data[:2048].translate(None, _TEXT_BYTES):
        raise FileError("readers.text_as_excel", path=path.name)
    if container == "excel" and not data.startswith(_ZIP):
        raise FileError("readers.corrupt", path=path.name, container="Excel")
