"""Makes the simulated datasets again, byte by byte: `python data/simulate.py NAME ...`, or `--all`.

A person writes `data/NAME/recipe.yaml`: the population model with its values, the number of people, the seed, the
flaws, and what the columns mean. This script writes the rest of the folder from it: `NAME.csv`, `codebook.yaml`,
`datapackage.json` and `LICENSE`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from simulate_diary import touchpoint_diary
from simulate_journey import journey_events
from simulate_recipe import HERE, Made, Recipe, read_recipe
from simulate_surveys import channel_attitudes, cx_panel, gentile_six, schmitt_five, total_cx_6p

MAKERS: dict[str, Callable[[Recipe], Made]] = {
    "gentile_six": gentile_six,
    "schmitt_five": schmitt_five,
    "total_cx_6p": total_cx_6p,
    "journey_events": journey_events,
    "cx_panel": cx_panel,
    "channel_attitudes": channel_attitudes,
    "touchpoint_diary": touchpoint_diary,
}
LICENCE = {
    "name": "CC0-1.0",
    "title": "Creative Commons Zero v1.0 Universal",
    "path": "https://creativecommons.org/publicdomain/zero/1.0/",
}
VERSION = "1.0.0"
NOTE = """{name}.csv

The data are simulated: they were made by a computer program and describe no real person, firm or brand. To the extent
possible under law, the cxlab authors have waived all copyright and related rights in this file and in its codebook.
- {licence[name]}: {licence[path]}

Made by: {source}, version {version}; `python data/simulate.py {name}` makes the same bytes again.
If you cite them: {citation}

Dữ liệu mô phỏng: do chương trình máy tính tạo ra, không mô tả người, doanh nghiệp hay thương hiệu có thật. Trong phạm
vi pháp luật cho phép, các tác giả cxlab từ bỏ mọi quyền tác giả và quyền liên quan đối với tệp này và sổ mã biến của
nó.
Tạo bởi: {source}, phiên bản {version}; lệnh `python data/simulate.py {name}` tạo lại đúng nội dung này.
Nếu trích dẫn: {citation}
"""


def simulate(name: str, into: Path = HERE) -> Path:
    """Write the folder of one dataset; gives it back."""
    recipe = read_recipe(name)
    made = MAKERS[name](recipe)
    if list(made.table) != list(made.codebook.items):
        raise SystemExit(f"{name}: the columns {list(made.table)} are not the codebook's {list(made.codebook.items)}.")
    data = made.table.to_csv(index=False, lineterminator="\n").encode("utf-8")
    source = f"cxlab, data/{name}/recipe.yaml"
    description = json.dumps(describe(recipe, made, data, source), ensure_ascii=False, indent=1) + "\n"
    note = NOTE.format(name=name, licence=LICENCE, source=source, version=VERSION, citation=made.codebook.citation)
    folder = into / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_bytes(data)
    (folder / "codebook.yaml").write_bytes(made.codebook.to_yaml().encode("utf-8"))
    (folder / "datapackage.json").write_bytes(description.encode("utf-8"))
    (folder / "LICENSE").write_bytes(note.encode("utf-8"))
    return folder


def describe(recipe: Recipe, made: Made, data: bytes, source: str) -> dict[str, Any]:
    """The Frictionless description, with the size and hash of the data just made."""
    name, title = made.codebook.name, dict(made.codebook.title)
    fields = [{"name": column, "type": _type(made.table[column])} for column in made.table]
    resource = {
        "name": name.replace("_", "-"),
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""]},
    }
    rows, items = made.table.shape
    own = {"kind": "simulated", "title": title, "about": recipe["about"], "rows": rows, "items": items}
    own |= {"scale": recipe["scale"], "licence": LICENCE["name"], "citation": made.codebook.citation}
    own |= {"asked_once": recipe["asked_once"]} if "asked_once" in recipe else {}
    return {
        "name": name,
        "title": title["en"],
        "description": f"Simulated data, no real respondents. {recipe['about']['en']}",
        "version": VERSION,
        "licenses": [LICENCE],
        "sources": [{"title": source, "version": VERSION}],
        "resources": [resource],
        "cxlab": own,
    }


def _type(column: pd.Series) -> str:
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_numeric_dtype(column) else "string"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="Make the simulated datasets again.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of: {', '.join(MAKERS)}")
    parser.add_argument("--all", action="store_true", help="all of them")
    parser.add_argument("--into", type=Path, default=HERE, metavar="FOLDER", help="write there instead of into data/")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in MAKERS]
    if unknown or not (asked.names or asked.all):
        found = f"; unknown: {', '.join(unknown)}" if unknown else ""
        parser.error(f"name one or more of {', '.join(MAKERS)}, or --all{found}")
    for name in MAKERS if asked.all else asked.names:
        print(simulate(name, asked.into) / f"{name}.csv")


if __name__ == "__main__":
    main()
