"""`workbench model …`: models from outside, installed after checks and tried on own cases."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from workbench.cli.home import HOME, opened, settings_of
from workbench.cli.output import line, me, there, words
from workbench.domain.errors import Invalid, WorkbenchError
from workbench.formats import sniff
from workbench.workflow import models
from workbench.workflow.models import LocalCase, ModelState

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
TOOL = "export_xrv.py"
MISSING = 3  # exit code of the tool: a library is not installed
INSTALL = "python -m venv xrv && xrv/bin/pip install torch torchxrayvision onnx"
ANSWERS = {"0": False, "1": True}

model = typer.Typer(help="Models from outside.", no_args_is_help=True)


class NotExported(WorkbenchError):
    """The tool could not do it."""

    template = "{python} wrote no package: {problem}"

    def __init__(self, python: str, problem: str) -> None:
        super().__init__(python=python, problem=problem)


@model.command("add")
def add(
    path: Annotated[Path, typer.Argument(help="Folder or ZIP with model.toml and the net.")],
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Json = False,
) -> None:
    """Check a model package, run its net once, and install it; it flags nothing yet."""
    there(path)
    with opened(settings_of(home)) as station:
        state = models.add(station, me(), path)
    _told([state], json=json)


@model.command("list")
def show(home: Annotated[Path | None, HOME] = None, *, json: Json = False) -> None:
    """List installed models; exit code 1 while thresholds of one in use are not confirmed."""
    with opened(settings_of(home)) as station:
        states = models.every(station, me())
    _told(states, json=json)
    if any(state.in_use and state.waiting for state in states):
        raise typer.Exit(1)


@model.command("confirm")
def confirm(
    name: Annotated[str, typer.Argument(help="Name of the model.")],
    cases: Annotated[
        Path, typer.Option(help="CSV: file, then a column 0/1 for each finding code.")
    ],
    site: Annotated[str, typer.Option(help="Institution of the cases; empty for all.")] = "",
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Json = False,
) -> None:
    """Try the thresholds on own cases that a doctor has judged; exit code 1 when one fails."""
    there(cases)
    with opened(settings_of(home)) as station:
        figures = models.confirm(station, me(), name, site, list(_cases(cases)))
    _ = words()
    for code, said in figures.items():
        if json:
            line({"finding": code, **said})
            continue
        verdict = (
            _("confirmed")
            if said["confirmed"]
            else _("not confirmed: {reason}").format(reason=_(said["reason"]))
        )
        counts = _("{found} of {positives} found, {alarms} of {negatives} false alarms").format(
            found=said["found"], positives=said["found"] + said["missed"],
            alarms=said["false_alarms"], negatives=said["cleared"] + said["false_alarms"],
        )  # fmt: skip
        typer.echo(f"{code}: {counts}; {verdict}")
    if not all(said["confirmed"] for said in figures.values()):
        raise typer.Exit(1)


@model.command("retire")
def retire(
    name: Annotated[str, typer.Argument(help="Name of the model.")],
    home: Annotated[Path | None, HOME] = None,
) -> None:
    """Ask a model no more, at once; what it said stays."""
    with opened(settings_of(home)) as station:
        row = models.retire(station, me(), name)
    typer.echo(words()("{name} {version} is retired.").format(name=row.name, version=row.version))


@model.command("export-xrv")
def export_xrv(
    out: Annotated[Path, typer.Argument(help="Folder to write the package into; must not exist.")],
    weights: Annotated[
        str, typer.Option(help="Weights of torchxrayvision, or random for a trial.")
    ] = "densenet121-res224-all",
    python: Annotated[
        Path | None, typer.Option(help="Python that has torch, torchxrayvision and onnx.")
    ] = None,
) -> None:
    """Write a package of torchxrayvision's weights with the torch of another environment."""
    if out.exists():
        raise Invalid("folder", str(out), "one that does not exist yet")
    program = str(python or sys.executable)
    with resources.as_file(_tool()) as script:
        done = subprocess.run(
            [program, str(script), str(out), "--weights", weights],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode == MISSING:
        raise NotExported(program, f"{done.stderr.strip()}; {INSTALL}")
    if done.returncode:
        raise NotExported(program, done.stderr.strip()[-400:])
    typer.echo(done.stdout.strip())


def _tool() -> Traversable:
    """In a wheel the tool lies inside the package, in the repository beside it."""
    package = resources.files("workbench")
    inside = package.joinpath("tools", TOOL)
    return inside if inside.is_file() else package.joinpath("..", "tools", TOOL)


def _told(states: list[ModelState], *, json: bool) -> None:
    _ = words()
    for state in states:
        card, row = state.card, state.row
        if json:
            line({
                "model": card.name, "version": card.version, "sha256": row.sha256,
                "role": card.role, "licence": card.licence, "in_use": state.in_use,
                "regulatory_class": card.regulatory_class, "registration": card.registration,
                "findings": [c.finding for c in card.known], "unconfirmed": list(state.waiting),
                "retired": row.retired_at, "added_at": row.added_at, "added_by": row.added_by,
            })  # fmt: skip
            continue
        if state.in_use and state.waiting:
            codes = ", ".join(state.waiting)
            said = _("thresholds not confirmed on local cases: {codes}").format(codes=codes)
        else:
            said = _("in use") if state.in_use else _("not in use")
        registered = card.registration or _("not a registered medical device")
        typer.echo(f"{card.name} {card.version}: {said} ({card.licence}; {registered})")


def _cases(path: Path) -> Iterator[LocalCase]:
    """Films beside the table, each with what a doctor says of it; an empty cell says nothing."""
    with path.open(encoding="utf-8-sig", newline="") as table:
        rows = csv.DictReader(table)
        if "file" not in (rows.fieldnames or ()):
            raise Invalid("cases", ", ".join(rows.fieldnames or ()) or "nothing", "a column file")
        for row in rows:
            film = path.parent / str(row.pop("file"))
            there(film)
            received = sniff.read({film.name: film.read_bytes()}, ZoneInfo("Asia/Shanghai"))
            if received.image is None:
                raise Invalid("cases", film.name, "a film")
            truth = {}
            for code, cell in row.items():
                said = (cell or "").strip()
                if said and said not in ANSWERS:
                    raise Invalid("cases", f"{film.name}, {code}: {said}", "0, 1 or nothing")
                if said:
                    truth[code] = ANSWERS[said]
            yield LocalCase(received.image, truth)
