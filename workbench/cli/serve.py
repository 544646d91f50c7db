"""`workbench serve`: the whole house on one machine."""

import errno
import fcntl
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import demo as demo_home
from workbench.cli.home import HOME, settings_of
from workbench.cli.output import me, words
from workbench.cli.supervisor import GIVES_UP, Door, watch
from workbench.domain.actor import Role
from workbench.domain.errors import WorkbenchError
from workbench.domain.site import Site, SiteKind
from workbench.settings import Settings
from workbench.store import embedded, homes, migrate
from workbench.workflow import accounts, sites
from workbench.workflow.station import Station, station_of

log = logging.getLogger("workbench")


def serve(  # noqa: PLR0913 - options of the command line
    home: Annotated[Path | None, HOME] = None,
    host: Annotated[str | None, typer.Option(help="Address of the web server.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the web server.")] = None,
    dicom_port: Annotated[int | None, typer.Option(help="Port of the DICOM service.")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate (PEM).")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Private key (PEM).")] = None,
    *,
    demo: Annotated[
        bool, typer.Option(help="Demonstration home: sample studies, an account per role.")
    ] = False,
    browser: Annotated[bool, typer.Option(help="Open the browser when ready.")] = True,
    insecure_http: Annotated[
        bool, typer.Option("--insecure-http", help="Allow plain HTTP off this machine.")
    ] = False,
) -> None:
    """Start database, intake, workers and web server; ends all of them on SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s serve %(levelname)s %(message)s")
    os.umask(0o027)  # nothing of a home is for everybody on the machine
    settings = settings_of(
        home, host=host, port=port, dicom_port=dicom_port, tls_cert=tls_cert, tls_key=tls_key
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with _only_one(settings), embedded.held(settings) as address:
        migrate.upgrade(address.owner_dsn)
        _found(station_of(settings, address.app_dsn), demo=demo)
        environment = _environment(settings, address)
        doors = [
            Door("intake", "workbench.intake.main", (), environment),
            *(
                Door(f"worker {n + 1}", "workbench.worker.main", (), environment)
                for n in range(settings.workers)
            ),
            Door(
                "web", "workbench.server.main", ("--insecure-http",) if insecure_http else (),
                environment,
            ),
        ]  # fmt: skip
        threading.Thread(target=_announce, args=(settings, stop, browser), daemon=True).start()
        code = watch(doors, stop, lambda: _keep_database(settings))
    raise typer.Exit(code)


def _found(station: Station, *, demo: bool) -> None:
    """Say what the home is for ever and see to its first people.

    However it ends no connection stays open: a refused start would leave the database running.
    """
    try:
        with station.store.change() as conn:
            homes.found(conn, "demo" if demo else "clinical", station.now())
        if demo:
            demo_home.furnish(station)
        else:
            _ask_for_admin(station)
    finally:
        station.store.close()


def _environment(settings: Settings, address: embedded.Address) -> dict[str, str]:
    """Every setting, so that all doors agree with what the command line said."""
    values = settings.model_dump(exclude_none=True)
    values |= {"database_url": address.app_dsn, "database_owner_url": address.owner_dsn}
    return {f"WORKBENCH_{k.upper()}": str(v) for k, v in values.items()}


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """One `serve` per home: the lock is the process's own and goes with it, however it ends."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = settings.home / "locks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "serve").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            _ = words()
            said = _(
                "The home {home} is already served by process {process}; "
                "end that one, or choose another folder with --home."
            ).format(home=settings.home, process=lock.read().strip())
            typer.secho(said, fg=typer.colors.RED, err=True)
            raise typer.Exit(GIVES_UP) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        _check_ports(settings)
        yield


def _keep_database(settings: Settings) -> None:
    """Start the embedded database again if it fell; a server elsewhere is its owner's matter."""
    if not embedded.address_of(settings).embedded or embedded.running(settings):
        return
    log.error("the database does not answer; starting it again")
    try:
        embedded.start(settings)
    except WorkbenchError as error:
        log.error("%s", error)  # noqa: TRY400 - says all there is to say; tried again soon


def _check_ports(settings: Settings) -> None:
    for host, port, option in (
        (settings.host, settings.port, "--port"),
        (settings.dicom_host, settings.dicom_port, "--dicom-port"),
    ):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                _ = words()
                said = _(
                    "Port {port} on {host} cannot be opened ({problem}); stop the program "
                    "that uses it or choose another with {option}."
                ).format(port=port, host=host, problem=_problem(error, _), option=option)
                typer.secho(said, fg=typer.colors.RED, err=True)
                raise typer.Exit(GIVES_UP) from error


def _problem(error: OSError, translate: Callable[[str], str]) -> str:
    """Why a port cannot be had; the system's own words where we know no better ones."""
    _ = translate
    known = {
        errno.EADDRINUSE: _("it is in use"),
        errno.EACCES: _("this account may not open it"),
        errno.EADDRNOTAVAIL: _("this machine has no such address"),
    }
    return known.get(error.errno or 0, error.strerror or str(error))


def _ask_for_admin(station: Station) -> None:
    """An empty clinical home needs its first administrator before anyone can log in."""
    if accounts.any_account(station):
        return
    _ = words()
    if not sys.stdin.isatty():
        typer.echo(
            _(
                "This home has no account yet. Add the first institution and administrator, "
                "in another window of this machine:"
            )
        )
        at = f" --home {station.settings.home}"
        typer.echo(f"  workbench site add CODE --name NAME --kind county{at}")
        typer.echo(f"  workbench user add NAME --role admin --site CODE{at}")
        return
    typer.echo(_("This home has no account yet. The first institution and its administrator:"))
    code = typer.prompt(_("Code of the institution (letters and digits)"))
    name = typer.prompt(_("Its full name"))
    username = typer.prompt(_("Log-in name of the administrator"))
    password = typer.prompt(_("First password"), hide_input=True, confirmation_prompt=True)
    sites.add(station, me(), Site(code=code, name=name, kind=SiteKind.COUNTY), [])
    new = accounts.NewAccount(
        username=username, name=username, role=Role.ADMIN, site_code=code, password=password
    )
    accounts.add(station, me(), new)


def _announce(settings: Settings, stop: threading.Event, browser: bool) -> None:
    """Say where the pages are as soon as the web server answers."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    while not stop.wait(0.3):
        with socket.socket() as probe:
            probe.settimeout(1.0)
            if probe.connect_ex((host, settings.port)) == 0:
                break
    if stop.is_set():
        return
    scheme = "https" if settings.tls_cert else "http"
    address = f"{scheme}://{host}:{settings.port}"
    typer.echo(f"\n  县域阅片工作台 / county reading workbench: {address}\n")
    if browser:
        webbrowser.open(address)
