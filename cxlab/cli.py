"""The command line: `cxlab reproduce`, `cxlab lab`, `cxlab notebooks`, `cxlab datasets`. It decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cxlab.errors import CxlabError
from cxlab.i18n import tr, use_language


class App(typer.Typer):
    """The commands, on streams that take every letter in some form."""

    def __call__(self, *args: Any, **settings: Any) -> Any:
        """Run the command named on the command line."""
        from cxlab.study.terminal import spare_letters

        spare_letters((sys.stdout, sys.stderr))
        return super().__call__(*args, **settings)


app = App(
    name="cxlab", help=tr("study.cli_help"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


class Edition(StrEnum):
    """Which editions to make."""

    en = "en"
    vi = "vi"
    both = "both"


class Tongue(StrEnum):
    """The language to speak."""

    en = "en"
    vi = "vi"


def _help(name: str) -> str:
    return tr(f"study.cli_{name}")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """An error that cxlab raised on purpose is a message and exit status 1, not a traceback."""
    try:
        yield
    except CxlabError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command(help=_help("reproduce"))
def reproduce(
    only: Annotated[list[str] | None, typer.Option(help=_help("only"))] = None,
    lang: Annotated[Edition, typer.Option(help=_help("lang_reports"))] = Edition.both,
    reports: Annotated[Path | None, typer.Option(help=_help("reports"))] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help=_help("jobs"))] = 2,
    timeout: Annotated[int, typer.Option(min=1, help=_help("timeout"))] = 900,
) -> None:
    """Run the notebooks and write the report."""
    from cxlab.study.reproduce import reproduce as run_study
    from cxlab.study.summary import summary

    if lang is Edition.vi:
        use_language("vi")
    with _plain_errors():
        run = run_study(only=only or (), lang=lang.value, reports=reports, jobs=jobs, timeout=timeout)
        typer.echo(summary(run))
    raise typer.Exit(130 if run.interrupted else 1 if run.failed else 0)


@app.command(help=_help("lab"))
def lab(
    port: Annotated[int | None, typer.Option(min=1024, max=65535, help=_help("port"))] = None,
    browser: Annotated[bool, typer.Option(help=_help("browser"))] = True,
    lang: Annotated[Tongue, typer.Option(help=_help("lang"))] = Tongue.en,
) -> None:
    """Open JupyterLab on the notebooks."""
    from cxlab.study.lab import open_lab
    from cxlab.study.pairs import find_root

    use_language(lang.value)
    with _plain_errors():
        raise typer.Exit(open_lab(find_root() / "notebooks", port=port, browser=browser, lang=lang.value))


@app.command(help=_help("notebooks"))
def notebooks(
    check: Annotated[bool, typer.Option("--check", help=_help("check"))] = False,
    carry: Annotated[bool, typer.Option("--carry", help=_help("carry"))] = False,
    stamp: Annotated[bool, typer.Option("--stamp", help=_help("stamp"))] = False,
    force: Annotated[bool, typer.Option("--force", help=_help("force"))] = False,
) -> None:
    """Write notebooks/*.ipynb from the sources, or list what does not agree."""
    from cxlab.study.pairs import find_root
    from cxlab.study.upkeep import notebook_problems, write_all

    with _plain_errors():
        folder = find_root() / "notebooks"
        if check:
            problems = notebook_problems(folder)
            typer.echo("\n".join(problems) if problems else tr("study.check_good"))
            raise typer.Exit(1 if problems else 0)
        for line in write_all(folder, carried=carry, stamped=stamp, force=force):
            typer.echo(line)


@app.command(help=_help("datasets"))
def datasets(lang: Annotated[Tongue, typer.Option(help=_help("lang"))] = Tongue.en) -> None:
    """List the datasets."""
    from cxlab.survey.datasets import list_datasets

    use_language(lang.value)
    with _plain_errors():
        typer.echo(list_datasets().to_string(index=False, max_colwidth=60))


@app.command(help=_help("version"))
def version() -> None:
    """Print the version."""
    from cxlab import __version__

    typer.echo(f"cxlab {__version__} (Python {sys.version.split()[0]})")


if __name__ == "__main__":
    app()
