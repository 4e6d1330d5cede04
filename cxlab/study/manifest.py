"""`manifest.json`: what was run, with what, on which data, and the fingerprint of every file that came out."""

from __future__ import annotations

import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import cxlab
from cxlab.study.keep import remove_files
from cxlab.study.run import Outcome

MANIFEST = "manifest.json"


def sha256(path: Path) -> str:
    """The file's SHA-256, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def packages(lock: Path) -> dict[str, str]:
    """Installed versions of the packages in a lock file; without one, of those that cxlab asks for."""
    if lock.exists():
        names = re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    else:
        names = [re.split(r"[^A-Za-z0-9._-]", need, maxsplit=1)[0] for need in metadata.requires("cxlab") or ()]
    versions = {}
    for name in names:
        try:
            versions[name.lower()] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or Python version
    return dict(sorted(versions.items()))


def commit(root: Path) -> str:
    """The git commit of the sources, marked ``+`` if files were changed since; empty outside a repository."""
    if not (root / ".git").exists():
        return ""
    try:
        head = _git(root, "rev-parse", "HEAD")
        return head + ("+" if _git(root, "status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return ""


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.strip()


def environment(root: Path) -> dict[str, Any]:
    """Versions and platform, without the machine's or user's name."""
    return {
        "cxlab": cxlab.__version__,
        "commit": commit(root),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": packages(root / "requirements.lock"),
    }


def entry(outcome: Outcome, record: dict[str, Any]) -> dict[str, Any]:
    """One notebook's line in the manifest."""
    failure = vars(outcome.failure) if outcome.failure else None
    data = {source["name"]: source["sha256"] for source in record.get("data", [])}
    return {
        "name": outcome.name, "lang": outcome.lang, "status": outcome.status, "seconds": round(outcome.seconds, 1),
        "seed": outcome.seed, "data": data, "failure": failure,
    }  # fmt: skip


def write_manifest(folder: Path, facts: dict[str, Any], files: Iterable[str]) -> None:
    """Write the manifest, with the SHA-256 of each file named (those that exist)."""
    prints = {name: sha256(folder / name) for name in sorted(set(files)) if (folder / name).is_file()}
    text = json.dumps(facts | {"files": prints}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def remove_earlier(folder: Path) -> None:
    """Remove what an earlier run wrote, by its manifest; everything else in the folder stays."""
    try:
        earlier = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = list(earlier["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return
    remove_files(folder, [*names, MANIFEST])
