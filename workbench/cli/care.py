"""`workbench audit verify`, `backup`, `restore`, `doctor`: what the IT person looks after."""

import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from workbench import editions, language
from workbench.cli.home import HOME, opened, settings_of
from workbench.cli.output import line, me, there, words
from workbench.domain.errors import WorkbenchError
from workbench.formats import sniff
from workbench.settings import Settings
from workbench.store import backup as backups
from workbench.store import embedded, heartbeats
from workbench.store import restore as restores
from workbench.store.blobs import free_mb
from workbench.workflow import console
from workbench.workflow.station import Station

audit_app = typer.Typer(help="The audit chains.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


NO_HEADS = (
    "No head of a chain that left the database was found in outbox/audit-heads: a chain rewritten "
    "as a whole cannot be told from a true one. Give the copy kept elsewhere with --heads."
)


@audit_app.command("verify")
def audit_verify(
    home: Annotated[Path | None, HOME] = None,
    *,
    papers: Annotated[bool, typer.Option(help="Read the delivered PDF files again, too.")] = True,
    heads: Annotated[
        Path | None,
        typer.Option(help="Copy of the heads kept elsewhere."),
    ] = None,
    json: Json = False,
) -> None:
    """Recompute every chain and every signed report, and compare with what left the database."""
    there(heads)
    _ = words()
    with opened(settings_of(home)) as station:
        done = console.verify(station, papers=papers, kept=heads)
    if json:
        for chain in done.chains:
            line({**asdict(chain), "faults": [asdict(fault) for fault in chain.faults]})
    else:
        for fault in done.faults:
            said = _("chain {chain}, row {seq}: {fault}").format(
                chain=fault.chain, seq=fault.seq, fault=_(fault.message)
            )
            typer.secho(said, fg=typer.colors.RED)
    if not done.heads:
        typer.secho(_(NO_HEADS), fg=typer.colors.YELLOW, err=True)
    if done.faults:
        raise typer.Exit(1)
    if not json:
        typer.echo(
            _(
                "{chains} audit chains, {rows} rows: all whole; "
                "{reports} signed reports are as they were signed."
            ).format(chains=len(done.chains), rows=done.rows, reports=done.reports)
        )


def backup(
    target: Annotated[Path, typer.Argument(help="Folder of backups, best on another disk.")],
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Json = False,
) -> None:
    """Back up database, files and chain heads while everything runs."""
    settings = settings_of(home)
    with opened(settings) as station:
        done = backups.backup(settings, target, station.now())
        with station.store.change() as conn:
            heartbeats.beat(conn, "backup", station.now(), {"folder": done.folder.name})
    if json:
        line(asdict(done))
    else:
        typer.echo(words()("Backup written to {folder}.").format(folder=done.folder))


def restore(
    source: Annotated[Path, typer.Argument(help="Folder of a backup.")],
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Json = False,
) -> None:
    """Restore a backup into an empty home and verify all of it."""
    there(source)
    _ = words()
    done = restores.restore(settings_of(home), source)
    if json:
        line(asdict(done))
    else:
        typer.echo(
            _("Restored the backup of {day}: {blobs} files, {rows} audit rows.").format(
                day=done.made_at.isoformat(" ", "minutes"), blobs=done.blobs, rows=done.audit_rows
            )
        )
        for fault in done.faults:
            typer.secho(_(fault), fg=typer.colors.RED)
    if done.faults:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    ok: bool
    detail: str


def doctor(
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Json = False,
) -> None:
    """Look at this installation and say what works, what does not, and what to do."""
    settings, _ = settings_of(home), words()
    checks = [
        *_programs(),
        *_data(),
        *_readers(),
        *_opinions(),
        *_machine(settings),
        *_database(settings),
    ]
    for check in checks:
        if json:
            line(asdict(check))
        else:
            colour = typer.colors.GREEN if check.ok else typer.colors.RED
            mark = _("ok  ") if check.ok else _("FAIL")
            typer.secho(f"{mark} {_(check.name)}: {_(check.detail)}", fg=colour)
    if not all(c.ok for c in checks):
        raise typer.Exit(1)


def _programs() -> Iterator[_Check]:
    ok = sys.version_info >= (3, 11)
    yield _Check("python", ok, platform.python_version())
    for name in ("county-reading-workbench", "voila", "pydicom", "pynetdicom", "procrastinate"):
        yield _Check(name, True, version(name))
    static = Path(__file__).parent.parent / "widgets" / "static" / "manifest.json"
    made = "built" if static.exists() else "missing: run `npm ci && npm run build` in frontend/"
    yield _Check("viewers", static.exists(), made)


def _data() -> Iterator[_Check]:
    try:
        terms = editions.finding_terms()
        books = [editions.rule_book(name).name for name in editions.rule_book_names()]
        language.translator("zh_CN")
    except WorkbenchError as error:
        yield _Check("shipped data", False, str(error))
        return
    yield _Check(
        "vocabulary", bool(terms), f"{len(terms)} statements, {editions.findings_edition()}"
    )
    yield _Check("rule books", bool(books), ", ".join(books))


def _readers() -> Iterator[_Check]:
    for status in sniff.list_readers():
        detail = status.reason or status.target
        if status.untried:
            detail = f"{detail}; never tried on a real file"
        yield _Check(f"reader {status.name}", status.reader is not None, detail)


def _opinions() -> Iterator[_Check]:
    from workbench.screening.second_opinions import (  # noqa: PLC0415 - scipy costs a second
        list_second_opinions,
    )

    for status in list_second_opinions():  # optional: one that is absent is no fault
        yield _Check(f"second opinion {status.name}", True, status.detail)


def _models(station: Station) -> Iterator[_Check]:
    from workbench.workflow import models  # noqa: PLC0415 - onnxruntime costs a second

    for state in models.every(station, me()):
        if state.in_use:
            waits = ", ".join(state.waiting)
            said = f"thresholds not confirmed on local cases: {waits}" if waits else "in use"
            yield _Check(f"model thresholds of {state.card.name}", not waits, said)


def _machine(settings: Settings) -> Iterator[_Check]:
    free = free_mb(settings.home)
    yield _Check("free disk", free > settings.free_floor_mb, f"{free} MB under {settings.home}")
    for name, port in (("web port", settings.port), ("DICOM port", settings.dicom_port)):
        with socket.socket() as probe:
            taken = probe.connect_ex(("127.0.0.1", port)) == 0
        yield _Check(name, True, f"{port} is {'in use (the server runs?)' if taken else 'free'}")
    if shutil.which("fc-list"):
        seen = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout
        found = "Chinese fonts found" if seen else "no Chinese font here; reading stations need one"
        yield _Check("screen fonts", True, found)


def _database(settings: Settings) -> Iterator[_Check]:
    kind = "embedded" if embedded.address_of(settings).embedded else "external"
    running = embedded.running(settings)
    if kind == "external" and not running:
        yield _Check("database", False, "the server of WORKBENCH_DATABASE_URL does not answer")
        return
    yield _Check("database", True, f"{kind}, {'running' if running else 'not running'}")
    if not running:
        return
    with opened(settings) as station, station.store.look() as conn:
        yield from _models(station)
        for part, beat in heartbeats.read(conn).items():
            age = (station.now() - beat.at).total_seconds()
            yield _Check(f"heartbeat {part}", True, f"last sign of life {age:.0f} s ago")
