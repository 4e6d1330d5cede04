"""`cxlab reproduce` end to end, on small notebooks: what it writes, how failures are named, what it cleans up."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

import cxlab
from cxlab.errors import StudyError
from cxlab.study.reproduce import Run, choose, reproduce
from cxlab.study.summary import summary

HEAD = """# %% [markdown]
# # {title}
#
# ## Part one

# %% tags=["parameters"]
seed = 11
lang = "en"
reports = None

# %%
import cxlab as cx

cx.use_language(lang)
report = cx.Report("{name}", reports, lang)
report.question({{"en": "Which construct is measured worst?", "vi": "Khái niệm nào được đo kém nhất?"}})
"""
GOOD = """
# %%
import pandas as pd
from matplotlib.figure import Figure

survey = report.data(cx.load_dataset("ecsi_mobile"))
means = survey.data[["CUSL1", "CUSL2", "CUSL3"]].mean().rename("mean").rename_axis("item").to_frame()
report.finding({"en": f"Mean {means['mean'].iloc[0]:.3f}.", "vi": f"Trung bình {means['mean'].iloc[0]:.3f}."})

# %%
figure = Figure(figsize=(3, 2))
figure.subplots().bar(means.index, means["mean"])
report.add(figure, "bars", {"en": "Means of loyalty", "vi": "Trung bình lòng trung thành"})

# %%
report.add(means, "means")

# %%
survey.data
"""
BAD = """
# %%
report.finding("Found before the fall.")

# %%
table = {"a": 1}
print("before")
table["unheard_of"]

# %%
report.finding("Never reached.")
"""
CUSL1_MEAN = "7.452"  # R 4.2.2: mean(read.csv("data/ecsi_mobile/mobi.csv")$CUSL1)


def write(root: Path, name: str, body: str, *, title: str = "A title", lang: str = "en", head: str = HEAD) -> None:
    folder = root / "notebooks" / ("source" if lang == "en" else f"{lang}/source")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(head.format(title=title, name=name) + body, encoding="utf-8")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("study")
    write(place, "01_loyalty", GOOD, title="Loyalty")
    write(place, "01_loyalty", GOOD, title="Lòng trung thành", lang="vi")
    write(place, "02_falls", BAD, title="It falls")
    (place / "reports" / "example").mkdir(parents=True)
    (place / "reports" / "README.md").write_text("mine", encoding="utf-8")
    (place / "reports" / "example" / "index.html").write_text("mine too", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def run(root: Path) -> Run:
    return reproduce(root=root, out=io.StringIO())


@pytest.fixture(scope="module")
def reports(run: Run) -> Path:
    return run.reports


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def manifest(reports: Path) -> dict[str, Any]:
    return json.loads((reports / "manifest.json").read_text(encoding="utf-8"))


def test_a_failing_notebook_does_not_stop_the_others(run: Run) -> None:
    assert [(o.lang, o.name, o.status) for o in run.sorted()] == [
        ("en", "01_loyalty", "done"),
        ("en", "02_falls", "failed"),
        ("vi", "01_loyalty", "done"),
    ]


def test_a_failure_is_named_by_cell_first_line_failing_line_and_error(run: Run) -> None:
    closing = summary(run)
    assert '02_falls failed in code cell [4]: table = {"a": 1}' in closing
    assert 'at: table["unheard_of"]' in closing
    assert "KeyError: 'unheard_of'" in closing
    assert "\x1b" not in closing
    assert "2 of 3 notebooks" in closing
    assert closing.splitlines()[-1].startswith("Look at ")


def test_the_first_page_tells_question_answer_figure_table_and_data(reports: Path) -> None:
    page = soup(reports / "index.html")
    study = page.select_one("section#01_loyalty".replace("#01", r"#\30 1"))
    assert study is not None
    assert study.select_one(".questions p").get_text() == "Which construct is measured worst?"  # type: ignore[union-attr]
    assert study.select_one(".findings li").get_text() == f"Mean {CUSL1_MEAN}."  # type: ignore[union-attr]
    assert study.select_one("figure img")["src"] == "01_loyalty/figures/bars.svg"  # type: ignore[index]
    assert "CUSL2" in study.select_one(".table").get_text()  # type: ignore[union-attr]
    sources = study.select_one(".sources").get_text()  # type: ignore[union-attr]
    assert "real data" in sources
    assert "Tenenhaus" in sources


def test_every_link_of_every_page_leads_to_a_file_that_exists(reports: Path) -> None:
    for path in reports.rglob("*.html"):
        if "example" in path.parts or "tables" in path.parts:
            continue
        page = soup(path)
        addresses = [str(tag["href"]) for tag in page.select("a[href]")] + [
            str(t["src"]) for t in page.select("img[src]")
        ]
        local = [a for a in addresses if not a.startswith(("http", "#", "data:"))]
        assert all((path.parent / a.split("#")[0]).exists() for a in local), path.name


def test_the_failed_notebook_keeps_what_it_found_and_says_that_it_fell(reports: Path) -> None:
    index = soup(reports / "index.html").get_text()
    assert "Found before the fall." in index
    assert "Never reached." not in index
    assert "code cell [4]" in index
    assert "code cell [4]" in soup(reports / "02_falls.html").get_text()


def test_editions_link_to_each_other_only_where_both_exist(reports: Path) -> None:
    def others(page: str) -> list[str]:
        return [str(a["href"]) for a in soup(reports / page).select(".languages a")]

    assert others("01_loyalty.html") == ["vi/01_loyalty.html"]
    assert others("vi/01_loyalty.html") == ["../01_loyalty.html"]
    assert others("02_falls.html") == []
    assert others("vi/index.html") == ["../index.html"]


def test_the_vietnamese_edition_is_vietnamese_throughout(reports: Path) -> None:
    text = soup(reports / "vi" / "index.html").get_text()
    for words in ("Lòng trung thành", "Khái niệm nào được đo kém nhất?", "dữ liệu thực", "Cách trích dẫn"):
        assert words in text
    for words in ("Which construct", "real data", "How to cite"):
        assert words not in text


def test_rows_of_respondents_are_on_no_page(reports: Path) -> None:
    page = soup(reports / "01_loyalty.html").get_text()
    assert "Rows: 250, columns: 24." in page


def test_a_page_shows_the_authors_parameters_and_no_folder_of_this_machine(reports: Path, root: Path) -> None:
    text = (reports / "01_loyalty.html").read_text(encoding="utf-8")
    assert '<span class="kc">None</span>' in text
    assert str(root) not in text
    assert str(Path.home()) + "/" not in text


def test_the_manifest_lists_versions_data_seeds_times_and_true_fingerprints(reports: Path) -> None:
    facts = manifest(reports)
    assert facts["status"] == "failed"
    assert facts["cxlab"] == cxlab.__version__
    assert facts["packages"]["numpy"].count(".") >= 1
    first = facts["notebooks"][0]
    assert (first["name"], first["seed"], first["status"]) == ("01_loyalty", 11, "done")
    assert re.fullmatch("[0-9a-f]{64}", first["data"]["ecsi_mobile"])
    for name, digest in facts["files"].items():
        assert hashlib.sha256((reports / name).read_bytes()).hexdigest() == digest
    assert {"index.html", "vi/index.html", "01_loyalty/01_loyalty.docx", "01_loyalty/figures/bars.png"} <= set(
        facts["files"]
    )


def test_the_manifest_names_every_file_written_and_no_machine(reports: Path) -> None:
    written = {p.relative_to(reports).as_posix() for p in reports.rglob("*") if p.is_file()}
    own = {"README.md", "example/index.html", "manifest.json"}
    assert written - own == set(manifest(reports)["files"])
    text = (reports / "manifest.json").read_text(encoding="utf-8")
    assert os.uname().nodename not in text
    assert str(Path.home()) + "/" not in text


def test_a_second_run_removes_the_first_ones_files_and_leaves_other_peoples_alone(
    root: Path, reports: Path, tmp_path: Path
) -> None:
    place = tmp_path / "study"
    shutil.copytree(root, place)
    (place / "reports" / "01_loyalty" / "notes.txt").write_text("mine", encoding="utf-8")
    before = manifest(place / "reports")["files"]
    write(place, "02_falls", "\n# %%\nreport.finding('Mended.')\n", title="It falls")
    again = reproduce(root=place, only=["02"], out=io.StringIO())
    assert not again.failed
    left = sorted(p.relative_to(place / "reports").as_posix() for p in (place / "reports").rglob("*") if p.is_file())
    assert left == [
        "01_loyalty/notes.txt", "02_falls.html", "02_falls/report.json", "README.md", "example/index.html",
        "index.html", "manifest.json",
    ]  # fmt: skip
    assert "01_loyalty/figures/bars.svg" in before


def test_progress_is_a_readable_line_for_each_notebook_where_there_is_no_terminal(root: Path, tmp_path: Path) -> None:
    out = io.StringIO()
    write(tmp_path, "03_quick", "\n# %%\n1\n")
    reproduce(root=tmp_path, out=out)
    assert re.fullmatch(r"\[1/1\] 03_quick: done, \d+ s\n", out.getvalue())


def test_everything_but_times_is_the_same_in_a_second_run(root: Path, run: Run, tmp_path: Path) -> None:
    again = reproduce(root=root, reports=tmp_path / "again", only=["01"], lang="en", out=io.StringIO())
    first, second = manifest(run.reports)["files"], manifest(again.reports)["files"]
    timed = {"index.html", "01_loyalty.html"}  # the first shows times, the second here has no Vietnamese edition
    assert {name: digest for name, digest in second.items() if name not in timed} == {
        name: first[name] for name in second if name not in timed
    }


def test_a_notebook_whose_ipynb_says_something_else_is_not_run(root: Path, tmp_path: Path) -> None:
    from cxlab.study.pairs import find_pairs, write_ipynb

    write(tmp_path, "03_pair", "\n# %%\nraise SystemExit('was run')\n")
    (pair,) = find_pairs(tmp_path / "notebooks")
    write_ipynb(pair)
    write(tmp_path, "03_pair", "\n# %%\nraise SystemExit('was run, too')\n")
    run = reproduce(root=tmp_path, out=io.StringIO())
    assert "differ in cell 4" in summary(run)
    assert "was run" not in summary(run)


def test_a_report_under_another_name_is_said_before_its_results_are_lost(tmp_path: Path) -> None:
    write(tmp_path, "03_named", "\n# %%\n1\n", head=HEAD.replace('cx.Report("{name}"', 'cx.Report("other"'))
    run = reproduce(root=tmp_path, out=io.StringIO())
    assert 'cx.Report("03_named"' in summary(run)


def test_a_cell_that_takes_too_long_and_a_kernel_that_dies_are_named(tmp_path: Path) -> None:
    write(tmp_path, "03_slow", "\n# %%\nimport time\n\ntime.sleep(60)\n")
    write(tmp_path, "04_dies", "\n# %%\nimport os\n\nos.write(2, b'last words')\nos._exit(1)\n")
    run = reproduce(root=tmp_path, timeout=2, out=io.StringIO())
    closing = summary(run)
    assert "03_slow failed in code cell [3]: import time" in closing
    assert "longer than 2 seconds" in closing
    assert "04_dies failed in code cell [3]: import os" in closing
    assert "kernel ended" in closing
    assert "last words" in closing


def test_a_page_that_would_need_the_network_counts_as_a_failure(tmp_path: Path) -> None:
    body = "\n# %%\nfrom IPython.display import HTML\n\nHTML('<script src=\"https://cdn.example/x.js\"></script>')\n"
    write(tmp_path, "03_remote", body)
    run = reproduce(root=tmp_path, out=io.StringIO())
    assert "https://cdn.example/x.js" in summary(run)
    assert not (run.reports / "03_remote.html").exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows cannot send Ctrl-C to one process alone")
def test_ctrl_c_keeps_what_is_done_stops_the_kernels_and_ends_with_130(tmp_path: Path) -> None:
    write(tmp_path, "01_quick", "\n# %%\nreport.finding('Done in time.')\n")
    flag = tmp_path / "sleeping"
    sleeper = f"import os, pathlib, time\n\npathlib.Path({str(flag)!r}).write_text(str(os.getpid()))\ntime.sleep(120)"
    write(tmp_path, "02_slow", f"\n# %%\n{sleeper}\n")
    command = [sys.executable, "-m", "cxlab.cli", "reproduce", "--jobs", "1"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not (flag.exists() and flag.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "1 of 2" in said
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(flag.read_text()), 0)
    assert "Done in time." in (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
    assert manifest(tmp_path / "reports")["status"] == "interrupted"


def test_a_notebook_that_is_not_there_is_answered_with_those_that_are(root: Path) -> None:
    with pytest.raises(StudyError, match="01_loyalty"):
        choose(root / "notebooks", ["77"], "both")
    assert [(p.lang, p.name) for p in choose(root / "notebooks", ["01"], "both")] == [
        ("en", "01_loyalty"), ("vi", "01_loyalty"),
    ]  # fmt: skip


def test_a_folder_that_cannot_be_written_is_named(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StudyError, match="--reports"):
        reproduce(root=root, reports=tmp_path / "file" / "deeper", out=io.StringIO())


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def chromium(profile: Path, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None, "Chromium is missing; .ci/run installs it"
    quiet = ("background-networking", "component-update", "sync", "extensions", "default-apps")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--enable-logging=stderr"]
    command += [*(f"--disable-{name}" for name in quiet), "--hide-scrollbars", f"--user-data-dir={profile}"]
    command += ["--proxy-server=127.0.0.1:9", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="only this test needs Chromium")
def test_a_browser_shows_the_report_without_an_error(reports: Path, tmp_path: Path) -> None:
    pictures = Path(__file__).parents[1] / "build" / "screenshots"
    pictures.mkdir(parents=True, exist_ok=True)
    for page, width in (("index.html", 1280), ("01_loyalty.html", 1440), ("vi/index.html", 500)):
        picture = pictures / f"{page.replace('/', '_').removesuffix('.html')}_{width}.png"
        picture.unlink(missing_ok=True)
        size = f"--window-size={width},1800"
        done = chromium(tmp_path / "profile", reports / page, size, f"--screenshot={picture}")
        assert "CONSOLE" not in done.stderr, done.stderr
        head = picture.read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")) == (width, 1800)
        assert picture.stat().st_size > 30_000
    dom = chromium(tmp_path / "profile", reports / "index.html", "--dump-dom").stdout
    for words in ("<h1>", "Which construct is measured worst?", f"Mean {CUSL1_MEAN}.", "Found before the fall."):
        assert words in dom
