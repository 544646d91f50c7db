import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

import workbench
from workbench.settings import Settings
from workbench.store import embedded, heartbeats, postgres
from workbench.store.postgres import DatabaseDown

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(workbench.__file__).parents[1])}

HOLD = """
import sys
from pathlib import Path
from workbench.settings import Settings
from workbench.store import embedded
with embedded.{way}(Settings(home=Path(sys.argv[1]))):
    print("up", flush=True)
    sys.stdin.read(1)
"""


class Other:
    """Another process that uses the same home until it is told to leave."""

    def __init__(self, settings, way="held"):
        command = [sys.executable, "-c", HOLD.format(way=way), str(settings.home)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
        )

    def up(self):
        assert self.process.stdout.readline() == "up\n"
        return self

    def leave(self):
        self.process.communicate("\n")
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def made(grounds):
    """A home whose database was made once; every test leaves it stopped."""
    settings = Settings(home=grounds() / "home")
    with embedded.opened(settings):
        pass
    return settings


@pytest.fixture
def home(made):
    assert not embedded.running(made)
    yield made
    embedded.stop(made)


def postmaster(settings):
    lock = embedded.cluster_of(settings).data / "postmaster.pid"
    return int(lock.read_text("ascii").splitlines()[0])


def test_an_empty_home_gets_a_database_for_as_long_as_it_is_open(ground, now):
    settings = Settings(home=ground / "new home's 家")
    assert not embedded.running(settings)
    with embedded.opened(settings) as store:
        with store.change() as conn:
            heartbeats.beat(conn, "worker", now)
            assert conn.scalar(sa.text("SELECT current_user")) == "workbench_app"
        assert embedded.running(settings)
    assert not embedded.running(settings)
    with embedded.opened(settings) as store, store.look() as conn:
        assert heartbeats.read(conn)["worker"].at == now


def test_a_lock_that_a_starting_child_still_holds_keeps_no_server_running(home):
    """Between fork and exec a child of another thread has every file of ours open."""
    with embedded.held(home):
        copied = os.open(home.home / "locks" / "database-users", os.O_RDWR)
        fcntl.flock(copied, fcntl.LOCK_SH)
        threading.Timer(0.05, os.close, [copied]).start()
    assert not embedded.running(home)


def test_only_this_account_comes_near_the_data(home):
    with embedded.held(home) as address:
        cluster = embedded.cluster_of(home)
        for folder in (cluster.folder, cluster.data, cluster.sockets):
            assert folder.stat().st_mode & 0o077 == 0
        with psycopg.connect(address.owner_dsn) as conn:
            assert conn.execute("SHOW listen_addresses").fetchone() == ("",)
            assert conn.execute("SHOW log_error_verbosity").fetchone() == ("terse",)


def test_start_and_stop_may_be_said_twice(home):
    embedded.start(home)
    embedded.start(home)
    assert embedded.running(home)
    embedded.stop(home)
    embedded.stop(home)
    assert not embedded.running(home)


def test_a_command_beside_a_running_server_leaves_it_running(home):
    with embedded.held(home):
        process = postmaster(home)
        other = Other(home, "opened").up()
        assert other.leave() == 0
        assert embedded.running(home)
        assert postmaster(home) == process
    assert not embedded.running(home)


def test_the_last_to_leave_stops_the_server_whoever_started_it(home):
    first = Other(home).up()
    with embedded.held(home):
        assert first.leave() == 0
        assert embedded.running(home)
    assert not embedded.running(home)


def test_a_server_somebody_is_connected_to_is_not_stopped_under_them(home):
    with embedded.held(home) as address:
        worker = psycopg.connect(address.app_dsn, autocommit=True)
    assert worker.execute("SELECT 1").fetchone() == (1,)
    worker.close()


def test_a_server_left_by_a_killed_holder_is_taken_over_and_stopped(home):
    first = Other(home).up()
    process = postmaster(home)
    first.kill()
    assert embedded.running(home)
    with embedded.held(home):
        assert postmaster(home) == process
    assert not embedded.running(home)


def test_many_processes_on_a_stopped_home_start_one_server(home):
    others = [Other(home, "opened") for _ in range(3)]
    for other in others:
        other.up()
    assert embedded.running(home)
    assert [other.leave() for other in others] == [0] * 3
    assert not embedded.running(home)


def test_a_killed_server_starts_again_with_everything_that_was_committed(home, now):
    with embedded.opened(home) as store:
        for turn in range(3):
            with store.change() as conn:
                heartbeats.beat(conn, f"turn {turn}", now)
            store.close()
            os.kill(postmaster(home), signal.SIGKILL)
            embedded.start(home)
        with store.look() as conn:
            assert {"turn 0", "turn 1", "turn 2"} <= set(heartbeats.read(conn))


def test_a_lock_whose_number_another_program_has_now_does_not_stop_the_start(home):
    with embedded.held(home):
        lock = embedded.cluster_of(home).data / "postmaster.pid"
        kept = lock.read_text("ascii").splitlines()
    sleeper = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    kept[0] = str(sleeper.pid)
    lock.write_text("\n".join(kept) + "\n", "ascii")
    with embedded.held(home):
        assert embedded.running(home)
    sleeper.communicate(b"\n")


def test_a_first_start_that_was_cut_off_is_begun_again(ground):
    settings = Settings(home=ground / "home")
    half = embedded.cluster_of(settings).folder / "data.new"
    half.mkdir(parents=True)
    (half / "base").write_text("half", "ascii")
    with embedded.held(settings):
        assert embedded.running(settings)


def test_a_long_path_gets_a_short_socket_that_only_we_can_reach(ground):
    settings = Settings(home=ground / ("x" * 120) / "home")
    sockets = embedded.cluster_of(settings).sockets
    assert not sockets.is_relative_to(ground)
    with embedded.held(settings):
        assert embedded.running(settings)
        assert sockets.stat().st_mode & 0o077 == 0
    sockets.rmdir()


def test_a_file_in_the_place_of_the_database_is_explained(ground):
    settings = Settings(home=ground)
    folder = embedded.cluster_of(settings).folder
    folder.mkdir()
    data = folder / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n", "ascii")
    with pytest.raises(DatabaseDown, match=r"made by PostgreSQL 9.*the installed wheel has"):
        embedded.start(settings)


def test_a_server_that_cannot_start_says_what_it_said(home):
    conf = embedded.cluster_of(home).data / "postgresql.auto.conf"
    before = conf.read_text("utf-8")
    conf.write_text(before + "nonsense = 1\n", "utf-8")
    try:
        with pytest.raises(DatabaseDown, match="nonsense"):
            embedded.start(home)
    finally:
        conf.write_text(before, "utf-8")


def test_another_address_is_taken_as_it_is(ground):
    url = "postgresql+psycopg://app:secret@db.county:5433/readings"
    settings = Settings(home=ground, database_url=url)
    address = embedded.address_of(settings)
    assert address.app_dsn == address.owner_dsn == "postgresql://app:secret@db.county:5433/readings"
    assert not address.embedded
    both = settings.model_copy(
        update={"database_owner_url": "postgresql://owner@db.county/readings"}
    )
    assert embedded.address_of(both).owner_dsn == "postgresql://owner@db.county/readings"
    embedded.stop(settings)  # not ours to stop


def test_a_server_elsewhere_that_does_not_answer_is_named(ground):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    url = f"postgresql://app@127.0.0.1:{port}/readings"
    settings = Settings(home=ground, database_url=url)
    with pytest.raises(DatabaseDown, match="WORKBENCH_DATABASE_URL does not answer"):
        embedded.start(settings)


def test_a_server_that_refuses_the_account_is_quoted_without_the_password(cluster, ground):
    url = cluster.owner_dsn.replace("workbench_owner@", "stranger:geheim@")
    settings = Settings(home=ground, database_url=url)
    with pytest.raises(DatabaseDown, match='role "stranger" does not exist') as refused:
        embedded.start(settings)
    assert "geheim" not in str(refused.value)


@pytest.fixture
def nobody():
    """A folder of an ordinary account, and how to run Python there."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else; the other tests show an ordinary account")
    entry = pwd.getpwnam("nobody")
    folder = Path(tempfile.mkdtemp(prefix="workbench-"))
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    options = {
        "env": {
            "PATH": os.defpath,
            "HOME": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join([ENVIRONMENT["PYTHONPATH"], *sys.path[1:]]),
        },
        "user": entry.pw_uid,
        "group": entry.pw_gid,
        "extra_groups": [],
        "cwd": folder,
        "capture_output": True,
        "text": True,
    }
    trial = "import sys, workbench.store.embedded; assert sys.version_info[:2] == " + str(
        sys.version_info[:2]
    )
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(PermissionError, FileNotFoundError):
            if subprocess.run([python, "-c", trial], check=False, **options).returncode == 0:
                yield folder, python, options
                break
    else:
        pytest.skip("Python or the package lies where other accounts cannot read it")
    shutil.rmtree(folder)


def test_an_ordinary_account_runs_its_own_server(nobody):
    folder, python, options = nobody
    command = [python, "-c", HOLD.format(way="opened"), str(folder / "home")]
    done = subprocess.run(command, input="\n", check=False, **options)
    assert (done.returncode, done.stdout) == (0, "up\n"), done.stderr
    data = folder / "home" / "postgres" / "data"
    assert data.stat().st_uid == options["user"]
    # as root afterwards: the home belongs to somebody else, and nothing of it is changed
    with pytest.raises(DatabaseDown, match="belongs to account"):
        embedded.start(Settings(home=folder / "home"))
    assert data.stat().st_uid == options["user"]


def test_a_client_program_older_than_the_server_is_refused():
    assert postgres.program("pg_dump", 13).name == "pg_dump"
    with pytest.raises(DatabaseDown, match="99 or newer"):
        postgres.program("pg_dump", 99)
