"""The peer of the film benchmarks: OHIF's built pages before Debian's Orthanc, on one address.

OHIF comes from npm by its package name into a folder of the user's cache; nothing of it enters the
project. Orthanc keeps its films in a folder that is removed afterwards.
"""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.benchmarks.film_set import Film, send
from tests.benchmarks.house import free_port, until

PACKAGE = "@ohif/app@3.13.2"
PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
NODE = Path(__file__).parents[2] / ".venv" / "node"  # where the machine has no Node of its own
CHUNK = 1 << 20
HOP = {"transfer-encoding", "connection", "keep-alive", "content-length", "host"}
# the pages want these two to share memory between their threads
ALONE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
CONFIG = Path(__file__).with_name("ohif_config.js")


class NotHere(Exception):
    """The peer cannot be had on this machine; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Site:
    """Ports of a running OHIF and of the Orthanc behind it."""

    port: int
    orthanc: int

    @property
    def address(self) -> str:
        """Where the study list is."""
        return f"http://127.0.0.1:{self.port}/"


def pages() -> Path:
    """The built pages of OHIF, fetched by npm when they are not there yet."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "workbench-bench"
    folder = home / PACKAGE.replace("/", "-").lstrip("@")
    if not (folder / "package" / "dist" / "index.html").exists():
        path = f"{os.environ.get('PATH', '')}:{NODE}"
        npm = shutil.which("npm", path=path)
        if npm is None:
            raise NotHere("npm is not installed: OHIF's pages come from it")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        got = subprocess.run(
            [npm, "pack", "--silent", PACKAGE], cwd=folder, env={**os.environ, "PATH": path},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if got.returncode:
            raise NotHere(f"npm could not fetch {PACKAGE}: {got.stderr[-300:]}")
        [packed] = folder.glob("*.tgz")
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        packed.unlink()
    return folder / "package" / "dist"


def versions() -> dict[str, str]:
    """What the peer is made of, as far as it is here."""
    if not shutil.which("Orthanc"):
        return {}
    said = subprocess.run(
        ["Orthanc", "--version"], capture_output=True, text=True, check=False
    ).stdout
    return {"OHIF": PACKAGE.rpartition("@")[2], "Orthanc": said.split()[1] if said else "?"}


@contextlib.contextmanager
def site(films: Sequence[Film]) -> Iterator[Site]:
    """Both servers with these films in them; ended and their films removed on the way out."""
    if not shutil.which("Orthanc") or not PLUGIN.exists():
        raise NotHere("Debian's packages orthanc and orthanc-dicomweb are not installed")
    folder = pages()
    with tempfile.TemporaryDirectory(prefix="workbench-ohif-") as ground, _orthanc(ground) as ports:
        send(films, ports[1])
        with _served(folder, ports[0]) as port:
            yield Site(port, ports[0])


@contextlib.contextmanager
def _orthanc(folder: str) -> Iterator[tuple[int, int]]:
    http, dicom = free_port(), free_port()
    config = {
        "StorageDirectory": f"{folder}/db", "IndexDirectory": f"{folder}/db",
        "DicomPort": dicom, "HttpPort": http, "HttpThreadsCount": 8,
        "DicomAlwaysAllowStore": True, "DicomCheckCalledAet": False,
        "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "Plugins": [str(PLUGIN)],
        "HttpCompressionEnabled": False,  # on one machine it costs more than it saves
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "EnableWado": True},
    }  # fmt: skip
    path = Path(folder) / "orthanc.json"
    path.write_text(json.dumps(config))
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(["Orthanc", str(path)], stdout=quiet, stderr=quiet)
    try:
        until(lambda: _echo(dicom), 60)
        yield http, dicom
    finally:
        process.terminate()
        process.wait(30)


def _echo(port: int) -> bool:
    command = ["echoscu", "127.0.0.1", str(port)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextlib.contextmanager
def _served(folder: Path, orthanc: int) -> Iterator[int]:
    """The pages and, under the same address, Orthanc: in a thread with an event loop of its own."""
    port, loop = free_port(), asyncio.new_event_loop()
    begun: list[BaseException | None] = []
    stop = asyncio.Event()

    async def serve() -> None:
        async with aiohttp.ClientSession(auto_decompress=False, read_bufsize=4 * CHUNK) as session:
            runner = web.AppRunner(_application(folder, orthanc, session))
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            begun.append(None)
            await stop.wait()
            await runner.cleanup()

    def work() -> None:
        try:
            loop.run_until_complete(serve())
        except BaseException as error:  # the caller waits for a word, whatever happened
            begun.append(error)
            raise
        finally:
            loop.close()

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: bool(begun), 30)
    if begun[0] is not None:
        raise RuntimeError("the pages of OHIF cannot be served") from begun[0]
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)


def _application(folder: Path, orthanc: int, session: aiohttp.ClientSession) -> web.Application:
    async def beyond(request: web.Request) -> web.StreamResponse:
        headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP}
        body = await request.read()
        target = f"http://127.0.0.1:{orthanc}{request.raw_path}"
        async with session.request(request.method, target, headers=headers, data=body) as answer:
            kept = {k: v for k, v in answer.headers.items() if k.lower() not in HOP}
            out = web.StreamResponse(status=answer.status, headers={**kept, **ALONE})
            out.content_length = answer.content_length
            await out.prepare(request)
            async for chunk in answer.content.iter_chunked(CHUNK):
                await out.write(chunk)
            await out.write_eof()
            return out

    async def page(request: web.Request) -> web.StreamResponse:
        if request.path == "/app-config.js":
            return web.FileResponse(CONFIG, headers=ALONE)
        asked = (folder / request.path.lstrip("/")).resolve()
        whole = asked.is_file() and asked.is_relative_to(folder)
        # an address of the pages' own router is answered with the one page there is
        lasting = {"Cache-Control": "public, max-age=31536000"} if ".bundle." in asked.name else {}
        found = asked if whole else folder / "index.html"
        return web.FileResponse(found, headers={**ALONE, **lasting})

    application = web.Application(client_max_size=1 << 30)
    application.router.add_route("*", "/dicom-web/{rest:.*}", beyond)
    application.router.add_route("*", "/wado", beyond)
    application.router.add_get("/{rest:.*}", page)
    return application


def detour_ms(site: Site, film: Film, times: int = 11) -> float:
    """What our reverse proxy adds to a fetch of one film, in ms: the quickest of each."""
    study = film.study
    path = f"/dicom-web/studies/{study}/series/{study}.1/instances/{study}.1.1/frames/1"

    def fetch(port: int) -> float:
        began = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            while answer.read(CHUNK):
                pass
        return 1000 * (time.perf_counter() - began)

    pairs = [(fetch(site.port), fetch(site.orthanc)) for _ in range(times)]
    return min(beyond for beyond, _ in pairs) - min(bare for _, bare in pairs)
