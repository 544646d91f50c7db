"""`python -m workbench.server.main`: the web server as a process."""

import argparse
import asyncio
import ipaddress
import logging
import os
import signal
import sys
from pathlib import Path

from workbench.server import light  # noqa: F401 - before everything that brings jsonschema
from workbench.server.app import CannotServe, Workbench
from workbench.settings import Settings
from workbench.store import homes
from workbench.store.blobs import Blobs
from workbench.store.database import Store
from workbench.store.embedded import address_of, running
from workbench.workflow.process import supervisor
from workbench.workflow.station import Station

# Exit codes: what another start would not mend ends the whole house; the database may come back.
CANNOT, NO_DATABASE = 3, 4
OPEN_HTTP = (
    "Refused: {host} can be reached from other machines, and without TLS every password and "
    "picture would travel in the clear. Give --tls-cert and --tls-key, or --insecure-http if a "
    "proxy in front of this server does the encryption."
)


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m workbench.server.main")
    parser.add_argument("--insecure-http", action="store_true", help="plain HTTP off loopback")
    parser.add_argument("--dashboards", type=Path, default=None, help="folder of the notebooks")
    chosen = parser.parse_args(argv)
    settings = Settings()
    if settings.tls_cert is None and not chosen.insecure_http and not _loopback(settings.host):
        _say(OPEN_HTTP.format(host=settings.host))
        return CANNOT
    return serve_web(settings, chosen.dashboards or dashboards_folder())


def serve_web(settings: Settings, dashboards: Path) -> int:
    """Run the server in this process."""
    logging.basicConfig(format="%(asctime)s web %(levelname)s %(message)s", level=logging.INFO)
    for noisy in ("tornado.access", "traitlets", "Workbench", "asyncio", "jupyter_events"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    (settings.home / "run" / "ipython").mkdir(parents=True, exist_ok=True)
    os.umask(0o077)  # sockets of kernels and uploaded files are ours alone
    if not running(settings):
        _say("Web server: the database does not answer; start it first.")
        return NO_DATABASE
    station = Station(
        Store(address_of(settings).app_dsn, pool=6),
        Blobs(settings.blobs, settings.free_floor_mb),
        settings,
    )
    try:
        with station.store.look() as conn:
            demo = homes.nature(conn) == "demo"
        return asyncio.run(_serve(station, dashboards, demo=demo))
    except CannotServe as error:
        _say(f"Web server: {error}.")
        return CANNOT
    finally:
        station.store.close()


def dashboards_folder() -> Path:
    """The notebooks: in the package when installed, in the project folder in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "dashboards"
    return inside if inside.is_dir() else package.parent / "dashboards"


async def _serve(station: Station, dashboards: Path, *, demo: bool) -> int:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    orphaned = asyncio.create_task(_watch_parent(supervisor(), stop))
    server = Workbench()
    server.prepare(station, dashboards, demo=demo)
    try:
        await server.serve(stop)
    finally:
        orphaned.cancel()
    return 0


async def _watch_parent(parent: int, stop: asyncio.Event) -> None:
    """Without its supervisor the server ends too, and with it the kernels."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells a process that it was orphaned
        await asyncio.sleep(1.0)
    stop.set()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main())
