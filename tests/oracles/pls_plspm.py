"""The football and Russett models of R's plspm by its Python port, to tests/oracles/pls_plspm.json.

    python tests/oracles/pls_plspm.py

Needs plspm 0.5.7 (GPL; not a dependency), pandas below 2.1 and ../shared. ``Scale.NUM`` standardises each item by
itself; with ``scaled=True`` alone the port divides all by one common standard deviation.
"""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from plspm import config
from plspm.mode import Mode
from plspm.plspm import Plspm
from plspm.scale import Scale
from plspm.scheme import Scheme

HERE = Path(__file__).parent
MODELS = {
    "spainfoot": {
        "Attack": ["GSH", "GSA", "SSH", "SSA"],
        "Defense": ["GCH", "GCA", "CSH", "CSA"],
        "Success": ["WMH", "WMA", "LWR", "LRWL"],
    },
    "russett": {
        "AGRI": ["gini", "farm", "rent"],
        "IND": ["gnpr", "labo"],
        "POLINS": ["inst", "ecks", "death", "demostab", "dictator"],
    },
}


def estimates(name: str, scheme: Scheme, mode: Mode) -> dict[str, object]:
    blocks = MODELS[name]
    *causes, outcome = blocks
    structure = config.Structure()
    structure.add_path(causes, [outcome])
    settings = config.Config(structure.path(), default_scale=Scale.NUM)
    for construct, items in blocks.items():
        settings.add_lv(construct, mode, *(config.MV(item) for item in items))
    data = pd.read_csv(HERE.parents[2] / "shared" / "oracles" / "pls" / "data" / f"plspm_{name}.csv")
    found = Plspm(data, settings, scheme, 1000, 1e-16)  # squared changes of the weights
    return {
        **{column: found.outer_model()[column].to_dict() for column in ("weight", "loading")},
        "path": found.path_coefficients().loc[outcome, causes].to_dict(),
        "r2": float(found.inner_summary().loc[outcome, "r_squared"]),
    }


def main() -> None:
    versions = {"python": platform.python_version()} | {one: version(one) for one in ("plspm", "pandas", "numpy")}
    models = [
        {"data": name, "scheme": scheme.name.lower(), "mode": mode.name, **estimates(name, scheme, mode)}
        for name in MODELS
        for scheme in (Scheme.PATH, Scheme.FACTORIAL, Scheme.CENTROID)
        for mode in (Mode.A, Mode.B)
    ]
    text = json.dumps({"versions": versions, "blocks": MODELS, "models": models}, indent=1)
    (HERE / "pls_plspm.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
