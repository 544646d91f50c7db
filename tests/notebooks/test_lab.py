"""`make lab` starts a real JupyterLab that this machine alone reaches, away from patients."""

import json
import os
import subprocess
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.house.sources import ROOT

START_S = 90


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The server's own description of itself, and its environment."""
    tmp_path = tmp_path_factory.mktemp("lab")
    secrets = {
        "WORKBENCH_DATABASE_URL": "postgresql://clinical/patients",
        "WORKBENCH_HOME": "/srv/clinical",
        "PGPASSWORD": "secret",
    }
    folders = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("RUNTIME", "CONFIG")}
    command = ["make", "-s", "-o", ".venv/stamps/installed", "lab"]
    flags = "LAB_FLAGS=--no-browser --ServerApp.port=0"
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, flags],
            cwd=ROOT,
            env={**os.environ, **secrets, **folders},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        info = None
        try:
            info = described(process, tmp_path)
            environ = Path(f"/proc/{info['pid']}/environ").read_bytes().decode().split("\0")
            yield info, dict(line.split("=", 1) for line in environ if "=" in line)
        finally:
            if info is not None:
                os.kill(info["pid"], 15)
            else:
                process.terminate()
            process.wait(30)


def described(process, folder):
    """Wait until the server has written where it listens and answers there."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        for path in (folder / "RUNTIME").glob("jpserver-*.json"):
            info = json.loads(path.read_text() or "{}")
            if info.get("port"):
                return info
        time.sleep(0.1)
    raise AssertionError((folder / "log").read_text("utf-8", "replace")[-2000:])


def test_the_lab_listens_on_this_machine_and_holds_the_notebooks_only(lab):
    info, _environ = lab
    assert info["url"].startswith("http://127.0.0.1:")
    assert info["token"]
    with closing(HTTPConnection("127.0.0.1", info["port"], timeout=30)) as server:
        token = {"Authorization": f"token {info['token']}"}
        server.request("GET", f"{info['base_url']}api/contents", headers=token)
        names = {one["name"] for one in json.load(server.getresponse())["content"]}
    assert "e2_rate_and_rhythm.ipynb" in names
    assert not names & {"workbench", "data_samples", "Makefile"}


def test_the_lab_knows_nothing_of_the_clinical_database(lab):
    _info, environ = lab
    held = {k: v for k, v in environ.items() if k.startswith(("WORKBENCH_", "PG"))}
    assert set(held) == {"WORKBENCH_HOME"}
    assert list(Path(held["WORKBENCH_HOME"]).iterdir()) == []
