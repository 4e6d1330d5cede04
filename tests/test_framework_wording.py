"""Wordings as people save them, and names of what is rated that are none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cxlab import framework
from cxlab.errors import CodebookError, FileError
from cxlab.i18n import LANGUAGES, tr


@pytest.fixture
def filled() -> pd.DataFrame:
    form = framework("brakus").wording_template()
    return form.assign(
        en=[f"Well, {{brand}} and {name}" for name in form["item"]],
        vi=[f"Về {{brand}}: {name}" for name in form["item"]],
    )


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8"), (",", "utf-8-sig"), (";", "utf-8-sig"), ("\t", "utf-16")]
)
def test_a_form_saved_by_excel_in_any_country_is_read(
    filled: pd.DataFrame, tmp_path: Path, separator: str, encoding: str
) -> None:
    (tmp_path / "w.csv").write_bytes(filled.to_csv(index=False, sep=separator).encode(encoding))
    items = framework("brakus").with_wording(tmp_path / "w.csv").items
    assert items["text_en"].tolist() == filled["en"].tolist()
    assert items["text_vi"].tolist() == filled["vi"].tolist()
    assert items["reversed"].tolist() == filled["reversed"].tolist()


def test_a_form_filled_in_as_a_workbook_is_read(filled: pd.DataFrame, tmp_path: Path) -> None:
    filled.to_excel(tmp_path / "w.xlsx", index=False)
    found = framework("brakus").with_wording(tmp_path / "w.xlsx")
    assert found.wording == "entered"
    assert found.items["text_vi"].tolist() == filled["vi"].tolist()


def test_a_file_in_an_old_encoding_or_no_workbook_at_all_says_how_to_save_it(
    filled: pd.DataFrame, tmp_path: Path
) -> None:
    (tmp_path / "old.csv").write_bytes(filled.to_csv(index=False).encode("cp1258", "replace"))
    (tmp_path / "no.xlsx").write_text("no workbook", encoding="utf-8")
    for name in ("old.csv", "no.xlsx"):
        with pytest.raises(FileError, match=r"\.xlsx\), or as CSV or YAML in UTF-8"):
            framework("brakus").with_wording(tmp_path / name)


@pytest.mark.parametrize("brand", ["", "  ", 3, ["Phin"], {}])
def test_a_brand_that_is_no_name_is_refused_with_an_example_to_copy(brand: object) -> None:
    with pytest.raises(CodebookError) as caught:
        framework("gentile").codebook(brand=brand)  # type: ignore[arg-type]
    assert '{"en": "this shop", "vi": "cửa hàng này"}' in str(caught.value)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_braces_of_a_text_without_values_are_shown_once(lang: str) -> None:
    assert '{"sensorial": ["sen1"' in tr("frameworks.no_constructs", lang)  # type: ignore[arg-type]
