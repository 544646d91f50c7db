"""A real web server process on a free port, on the test's own database, and a browser without a screen."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
import websocket
from sqlalchemy.engine import make_url

from workbench.domain.actor import Role
from workbench.domain.site import Site, SiteKind
from workbench.settings import Settings
from workbench.store import embedded, homes
from workbench.store.blobs import Blobs
from workbench.store.database import Store
from workbench.store.embedded import Address
from workbench.store.schema import account, login_failure, session
from workbench.workflow import accounts, console, sites
from workbench.workflow.accounts import NewAccount
from workbench.workflow.station import Station

PASSWORD = "correct horse 42"
PEOPLE = {
    "reader1": Role.READER,
    "reader2": Role.READER,
    "nurse1": Role.CLINICIAN,
    "qa1": Role.QA,
    "boss": Role.ADMIN,
    "student": Role.TRAINEE,
}
STARTS_IN_S = 60
BROWSERS: "list[Browser]" = []


@pytest.fixture(scope="module")
def database(cluster: Address) -> Iterator[Address]:
    """One database for the tests of a file: starting a server costs seconds."""
    name = f"web_{secrets.token_hex(4)}"
    outside = psycopg.conninfo.make_conninfo(cluster.owner_dsn, dbname="postgres")
    with psycopg.connect(outside, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {embedded.DATABASE}")
        app, owner = (
            make_url(dsn).set(database=name).render_as_string(hide_password=False)
            for dsn in (cluster.app_dsn, cluster.owner_dsn)
        )
        yield Address(app, owner, embedded=False)
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def settings(database: Address, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        home=tmp_path_factory.mktemp("home"), database_url=database.app_dsn,
        database_owner_url=database.owner_dsn, free_floor_mb=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def house(settings: Settings) -> Iterator[Station]:
    """A home with one county hospital and one person per role."""
    store = Store(settings.database_url)
    here = Station(store, Blobs(settings.blobs, settings.free_floor_mb), settings)
    me = console.operator("test")
    with store.change() as conn:
        homes.found(conn, "demo", here.now())
    sites.add(here, me, Site(code="C1", name="某县人民医院", kind=SiteKind.COUNTY), [])
    for name, role in PEOPLE.items():
        new = NewAccount(
            username=name, name=f"{name} 姓名", role=role, site_code="C1", password=PASSWORD,
            must_change_password=False,
        )  # fmt: skip
        accounts.add(here, me, new)
    yield here
    store.close()


@pytest.fixture
def station(house: Station) -> Iterator[Station]:
    """The home as it was made: nobody logged in, nobody barred."""
    yield house
    while BROWSERS:
        for line in BROWSERS.pop().lines:
            line.shutdown()
    with house.store.change() as conn:
        conn.execute(session.delete())
        conn.execute(login_failure.delete())
        conn.execute(account.update().values(active=True, leaves_on=None))


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> dict:
        return json.loads(self.body)


@dataclass
class Browser:
    """Keeps cookies, follows nothing, sends what a form would send."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    lines: list[websocket.WebSocket] = field(default_factory=list)

    def __post_init__(self) -> None:
        BROWSERS.append(self)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {k.replace("_", "-"): v for k, v in headers.items()}
        sent.setdefault("Accept", "text/html")
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        link.request(method, path, body, sent)
        reply = link.getresponse()
        answer = Answer(reply.status, reply.headers, reply.read())
        link.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = re.match(r'([^=]+)="?([^;"]*)', line).groups()
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        if "_xsrf" not in self.cookies:
            self.get("/login")
        body = urlencode({"_xsrf": self.cookies.get("_xsrf", ""), **form}).encode()
        headers.setdefault("Content_Type", "application/x-www-form-urlencoded")
        return self.ask("POST", path, body, **headers)

    def log_in(self, name: str, password: str = PASSWORD, **form: str) -> Answer:
        return self.post("/login", {"username": name, "password": password, **form})

    def open_page(self, room: str) -> str:
        """Open a room; gives the id of its kernel."""
        answer = self.get(f"/wb/page/{room}")
        assert answer.status == 200, answer.text[:500]
        return re.search(r'"kernelId": "([0-9a-f-]{36})"', answer.text).group(1)

    def socket(self, kernel: str, **headers: str) -> websocket.WebSocket:
        cookie = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        line = websocket.WebSocket()
        self.lines.append(line)
        line.settimeout(20)
        line.connect(
            f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?session_id=test",
            cookie=cookie, header=headers, origin=headers.pop("origin", f"http://127.0.0.1:{self.port}"),
        )  # fmt: skip
        return line


@dataclass
class Server:
    process: subprocess.Popen
    port: int
    log: Path

    def browser(self, name: str = "") -> Browser:
        one = Browser(self.port)
        if name:
            assert one.log_in(name).status == 302
        return one

    def ready(self) -> dict[str, int]:
        return Browser(self.port).get("/wb/health").json()["ready"]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def launch(settings: Settings, dashboards: Path, *arguments: str, **more: str) -> Server:
    port = int(more.pop("WORKBENCH_PORT", "0")) or free_port()
    values = {
        "WORKBENCH_HOME": str(settings.home), "WORKBENCH_DATABASE_URL": settings.database_url,
        "WORKBENCH_DATABASE_OWNER_URL": settings.database_owner_url,
        "WORKBENCH_PORT": str(port), "WORKBENCH_FREE_FLOOR_MB": "1", "WORKBENCH_KERNEL_POOL": "0",
    }  # fmt: skip
    log = settings.home / "web.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "workbench.server.main", "--dashboards", str(dashboards), *arguments],
            env={**os.environ, **values, **more}, stdout=out, stderr=out,
        )  # fmt: skip
    return Server(process, port, log)


def wait_until_up(server: Server) -> Server:
    end = time.monotonic() + STARTS_IN_S
    while time.monotonic() < end:
        assert server.process.poll() is None, server.log.read_text()
        try:
            if Browser(server.port).get("/wb/health").status == 200:
                return server
        except OSError:
            time.sleep(0.05)  # between two questions; the state is the answer
    raise AssertionError(server.log.read_text())


def notebook(*cells: str) -> str:
    made = [
        {"cell_type": "code", "execution_count": None, "id": f"c{n}", "metadata": {}, "outputs": [], "source": c}
        for n, c in enumerate(cells)
    ]  # fmt: skip
    spec = {"display_name": "Python", "language": "python", "name": "python3"}
    return json.dumps(
        {"cells": made, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
    )


SAYING_WHO = """
from workbench.panels.whoami import current_page
import ipywidgets, os
box = ipywidgets.Text()
def said(change):
    if change["new"] == "who":
        page = current_page()
        box.value = f"{page.username} {page.room} {page.query}"
    elif change["new"] == "env":
        box.value = "env " + " ".join(sorted(os.environ)) + " " + os.environ["WORKBENCH_DATABASE_URL"]
box.observe(said, "value")
box
"""


@pytest.fixture(scope="module")
def dashboards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small pages: one that says who owns it, one that fails with a patient's name."""
    folder = tmp_path_factory.mktemp("dashboards")
    (folder / "reading.ipynb").write_text(notebook(SAYING_WHO))
    (folder / "clinic.ipynb").write_text(notebook("raise KeyError('张三 SECRET-NAME')", "print(1)"))
    (folder / "secret.png").write_bytes(b"not for everybody")
    return folder


@pytest.fixture(scope="module")
def running(house: Station, dashboards: Path, settings: Settings) -> Iterator[Server]:
    """The server, up."""
    one = launch(settings, dashboards)
    try:
        yield wait_until_up(one)
    finally:
        if one.process.poll() is None:
            one.stop()


@pytest.fixture
def server(running: Server, station: Station) -> Server:
    """The server of this file, with nobody logged in."""
    return running
