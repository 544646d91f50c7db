"""`workbench convert`: a recording in another format, and what did not come along."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.files import beside
from workbench.cli.output import line, words
from workbench.domain.errors import Invalid
from workbench.formats import grouping, sniff
from workbench.formats.convert import ENDINGS, TARGETS
from workbench.formats.convert import convert as converted


def convert(
    file: Annotated[Path, typer.Argument(help="A readable ECG or film.")],
    out: Annotated[Path, typer.Argument(help="File to write; its companions lie beside it.")],
    to: Annotated[str, typer.Option("--to", help="wfdb, dicom, csv, edf; png for a film.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Write a recording in another format; names what could not be carried over."""
    if to not in TARGETS:
        raise Invalid("format", to, f"one of {', '.join(TARGETS)}")
    if not file.is_file():
        raise Invalid("file", file, "a file that is there; check name and folder")
    parts = {name: (file.parent / name).read_bytes() for name in beside(file)}
    done = converted(sniff.read(parts), to, _stem(out, to), grouping.digest(parts))
    paths = {out.parent / name: data for name, data in done.files.items()}
    there = [path for path in paths if path.exists()]
    if there:
        raise Invalid("output", there[0], "a file that is not there yet; nothing is overwritten")
    out.parent.mkdir(parents=True, exist_ok=True)
    for path, data in paths.items():
        with path.open("xb") as target:  # x: also one that came meanwhile is not overwritten
            target.write(data)
    if json:
        line({"file": str(file), "written": [str(p) for p in paths], "lost": list(done.lost)})
        return
    _ = words()
    for path in paths:
        typer.echo(_("written: {path}").format(path=path))
    for what in done.lost:
        typer.echo(_("not carried over: {what}").format(what=_(what)))


def _stem(out: Path, to: str) -> str:
    return out.stem if out.suffix.lower() == ENDINGS[to] else out.name
