"""Importing a module opens, reads and changes nothing; nobody imports from an `__init__`."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import MIGRATION_SCRIPT, PACKAGE, dotted, modules, tree, where

# What one module does while it is imported is its own doing, unless it happens while Python
# imports a foreign library for it: that library's habits are not ours to change.
WATCH = r'''
import importlib, json, os, sys
package, names = sys.argv[1] + os.sep, json.loads(sys.stdin.read())
CHANGES = {
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.putenv",
    "os.unsetenv", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.chmod", "os.listdir",
    "os.scandir", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.__new__",
    "shutil.copyfile", "tempfile.mkstemp", "tempfile.mkdtemp", "sqlite3.connect", "signal.signal",
}
faults, busy = [], []

def own(frame):
    """The module of the package that is responsible, or None when a foreign import is."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(package):
            return file
        loader = file == "<frozen importlib._bootstrap_external>"
        if loader or frame.f_code.co_name == "<module>":
            return None
        frame = frame.f_back
    return None

def watch(event, args):
    if busy or not (event in CHANGES or event == "open"):
        return
    busy.append(1)
    try:
        guilty = own(sys._getframe(1))
        if guilty:
            faults.append([guilty[len(package):], event, str(args[0]) if args else ""])
    finally:
        busy.clear()

sys.addaudithook(watch)
for name in names:
    importlib.import_module(name)
sys.stdout.write(json.dumps({"faults": faults, "names": len(names)}))
'''


# Files whose very purpose is such a switch, and why.
MEANT = {"workbench/server/light.py": "leaves out a package before Voila loads it; main imports it"}


def doings(root: Path, names: list[str]) -> list[list[str]]:
    """What modules do while they are imported: file, kind, object."""
    run = subprocess.run(
        [sys.executable, "-B", "-c", WATCH, str(root)],
        input=json.dumps(names), capture_output=True, text=True, cwd=root.parent, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    said = json.loads(run.stdout)
    assert said["names"] == len(names)
    return said["faults"]


def taken_from_init(node: ast.Module, package: Path) -> list[str]:
    """Imports of a name that a package's `__init__` holds, instead of the module that made it."""
    found = []
    for one in ast.walk(node):
        if not isinstance(one, ast.ImportFrom):
            continue
        if one.level:
            found.append(f"line {one.lineno}: relative import")
            continue
        parts = (one.module or "").split(".")
        folder = package.parent.joinpath(*parts)
        if parts[0] != package.name or not folder.is_dir():
            continue
        found += [
            f"line {one.lineno}: {one.module}.{name.name}"
            for name in one.names
            if not (folder / name.name).is_dir() and not (folder / f"{name.name}.py").is_file()
        ]
    return found


def switches_in(node: ast.Module) -> list[str]:
    """Calls at module level that change warnings, logging or the locale of the whole process."""
    switches = {"filterwarnings", "simplefilter", "basicConfig", "setlocale", "seed", "setdefault"}
    return [
        f"line {one.lineno}: {ast.unparse(one)}"
        for statement in node.body
        if isinstance(statement, ast.Expr)
        for one in ast.walk(statement)
        if isinstance(one, ast.Call) and getattr(one.func, "attr", "") in switches
    ]


def test_importing_every_module_opens_and_changes_nothing():
    names = [dotted(p) for p in modules()]
    faults = doings(PACKAGE, [n for n in names if n != MIGRATION_SCRIPT])
    assert not faults, "\n".join(" ".join(fault) for fault in faults)


def test_nobody_imports_from_an_init():
    faults = [f"{where(p)}, {f}" for p in modules() for f in taken_from_init(tree(p), PACKAGE)]
    assert not faults, "import the module that defines it:\n" + "\n".join(faults)


def test_no_module_turns_a_switch_of_the_whole_process():
    faults = [
        f"{where(p)}, {f}" for p in modules() if where(p) not in MEANT for f in switches_in(tree(p))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("open('/etc/hostname').read()", "open"),
        ("import pathlib; pathlib.Path('made').write_text('x')", "open"),
        ("import os; os.environ['LANG'] = 'C'", "os.putenv"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
        ("import socket; socket.socket()", "socket.__new__"),
        ("import sqlite3; sqlite3.connect(':memory:')", "sqlite3.connect"),
        ("import os; os.makedirs('made', exist_ok=True)", "os.mkdir"),
        ("from importlib.metadata import version; version('numpy')", "open"),
    ],
)
def test_work_at_import_is_seen(tmp_path: Path, text: str, event: str):
    package = tmp_path / "house"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "rude.py").write_text(text + "\n")
    assert ["rude.py", event] in [fault[:2] for fault in doings(package, ["house.rude"])]


def test_a_quiet_module_is_not_blamed_for_its_libraries(tmp_path: Path):
    package = tmp_path / "house"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "quiet.py").write_text("import numpy\nimport ctypes.util\nX = numpy.zeros(3)\n")
    assert doings(package, ["house.quiet"]) == []


def test_imports_from_an_init_are_seen():
    assert taken_from_init(ast.parse("from workbench.panels import open_panel"), PACKAGE)
    assert taken_from_init(ast.parse("from . import alerts"), PACKAGE)
    assert not taken_from_init(ast.parse("from workbench.store import alerts"), PACKAGE)
    assert not taken_from_init(ast.parse("from workbench import editions"), PACKAGE)


def test_every_meant_switch_is_still_there():
    assert [name for name in MEANT if not switches_in(tree(PACKAGE.parent / name))] == []


def test_a_switch_at_module_level_is_seen():
    assert switches_in(ast.parse("import warnings\nwarnings.simplefilter('ignore')"))
    assert not switches_in(ast.parse("def f():\n    warnings.simplefilter('ignore')"))
