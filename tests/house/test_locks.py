"""Locks name versions and hashes, never an address; no file names a registry or a machine."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.house.sources import ROOT

ADDRESS = re.compile(
    r"https?://|\s@\s|git\+|file:|^\s*(?:-i|--index-url|--extra-index-url|-f|--find-links)\b"
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
# Split, so that this file does not name them either.
HOSTS = [
    "pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "npm" + "mirror.com",
    "registry.yarn" + "pkg.com", "tuna.tsing" + "hua.edu.cn", "mirrors.ali" + "yun.com",
    "proxy.golang" + ".org",
]  # fmt: skip
PLACES = re.compile(
    r"(?<![\w.])/(?:" + "work/(?:main|shared|[.]lib)|ro" + r"ot/|ho" + r"me/\w+/|Use" + r"rs/\w+/)"
)
BINARY = {".png", ".jpg", ".dcm", ".dat", ".pdf", ".ico", ".woff2", ".npz", ".gz", ".otf", ".ttf"}
LONGEST = 4_000_000  # bytes; what is longer is no text of ours


def tracked() -> list[Path]:
    """Files of the project, as git sees them, also those about to be added."""
    run = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode == 0:
        names = [n for n in run.stdout.split("\0") if n]
        return [ROOT / n for n in names if (ROOT / n).is_file()]
    skipped = {".venv", "node_modules", ".git", "dist", "static"}
    return [p for p in ROOT.rglob("*") if p.is_file() and not skipped & set(p.parts)]


def strangers(text: str) -> list[str]:
    """Registry hosts and machine paths in a text."""
    return [h for h in HOSTS if h in text] + [m[0] for m in PLACES.finditer(text)]


def lock_faults(text: str) -> list[str]:
    """Rows of a Python lock without version or hash, and every address."""
    found = [f"address: {line}" for line in text.splitlines() if ADDRESS.search(line.split("#")[0])]
    for block in re.split(r"\n(?=[A-Za-z0-9])", "\n".join(
        line for line in text.splitlines() if not line.strip().startswith("#")
    )):  # fmt: skip
        name = block.split(" ")[0].strip()
        if name and "==" not in name:
            found.append(f"no version: {name}")
        if name and not HASH.search(block):
            found.append(f"no hash: {name}")
    return found


def node_faults(lock: dict) -> list[str]:
    """Packages of a Node lock with an address, or without the digest of what is expected."""
    found = []
    for name, row in lock["packages"].items():
        if "resolved" in row:
            found.append(f"{name}: resolved {row['resolved']}")
        if name and not row.get("link") and not row.get("integrity", "").startswith("sha512-"):
            found.append(f"{name}: no sha512")
    return found


def test_the_python_lock_has_hashes_and_no_address():
    assert lock_faults((ROOT / "requirements.lock").read_text("utf-8")) == []


def test_the_node_lock_has_digests_and_no_address():
    assert node_faults(json.loads((ROOT / "frontend/package-lock.json").read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("name", "fault", "fine"),
    [("wfdb", "4.2.0", "4.3.1"), ("pydicom", "2.3.1", "3.0.2")],
)  # annotations overflowed with numpy 2.2; the baseline of a waveform was applied wrongly
def test_libraries_that_once_read_ecgs_wrongly_are_asked_for_in_later_editions(name, fault, fine):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [wanted] = [r for r in map(Requirement, project["dependencies"]) if r.name == name]
    assert fine in wanted.specifier
    assert fault not in wanted.specifier
    assert "3.11" in SpecifierSet(project["requires-python"])


def test_no_file_names_a_registry_or_a_place_on_one_machine():
    faults = {}
    for path in tracked():
        if path.suffix in BINARY or path.stat().st_size > LONGEST:
            continue
        found = strangers(path.read_bytes().decode("utf-8", "replace"))
        if found:
            faults[path.relative_to(ROOT).as_posix()] = sorted(set(found))
    assert not faults


def test_what_does_not_belong_into_a_lock_is_seen():
    good = "abc==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via -r pyproject.toml\n"
    assert lock_faults(good) == []
    assert lock_faults("abc==1.0\n") == ["no hash: abc==1.0"]
    assert lock_faults("--index-url https://example.org/simple\n" + good)
    assert lock_faults("abc @ https://example.org/abc.whl\n")
    assert node_faults({"packages": {"node_modules/a": {"resolved": "x", "integrity": "sha512-"}}})
    assert node_faults({"packages": {"": {}, "node_modules/a": {"version": "1"}}})


def test_a_machine_path_is_seen():
    assert strangers("see /ro" + "ot/notes")
    assert strangers("open('/wo" + "rk/shared/data')")
    assert strangers("https://" + HOSTS[0] + "/simple")
    assert not strangers("docs/work/mainline and /wb/upload and ~/.workbench")
