"""What we install: every licence known, none of the GPL family without a written reason."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from packaging.markers import Marker

from tests.house.sources import ROOT

LOCK = ROOT / "requirements.lock"
ROW = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")

ALLOWED = {
    "0BSD", "APACHE-2.0", "BSD", "BSD-2-CLAUSE", "BSD-3-CLAUSE", "CC0-1.0", "ISC", "MIT", "MIT-0",
    "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "PUBLIC DOMAIN",
    "UNLICENSE", "ZLIB", "HPND", "ZPL-2.1",
}  # fmt: skip
# Names in classifiers and free text, as written by their authors.
SPELLINGS = {
    "APACHE SOFTWARE LICENSE": "APACHE-2.0", "APACHE 2.0": "APACHE-2.0",
    "APACHE LICENSE, VERSION 2.0": "APACHE-2.0", "APACHE LICENSE 2.0": "APACHE-2.0",
    "BSD LICENSE": "BSD", "BSD 3-CLAUSE LICENSE": "BSD-3-CLAUSE",
    "3-CLAUSE BSD LICENSE": "BSD-3-CLAUSE",
    "BSD 2-CLAUSE LICENSE": "BSD-2-CLAUSE", "ISC LICENSE (ISCL)": "ISC", "ISC LICENSE": "ISC",
    "MIT LICENSE": "MIT", "MOZILLA PUBLIC LICENSE 2.0 (MPL 2.0)": "MPL-2.0",
    "PYTHON SOFTWARE FOUNDATION LICENSE": "PSF-2.0", "PSFL": "PSF-2.0",
    "SIL OPEN FONT LICENSE 1.1 (OFL-1.1)": "OFL-1.1", "THE UNLICENSE (UNLICENSE)": "UNLICENSE",
    "ZOPE PUBLIC LICENSE": "ZPL-2.1",
}  # fmt: skip
NO_LICENCE_NAMED = {"DFSG APPROVED", "OSI APPROVED", ""}
GPL = re.compile(r"\bA?GPL|GNU (?:AFFERO )?GENERAL|AFFERO", re.IGNORECASE)
LESSER = re.compile(r"LGPL|LESSER", re.IGNORECASE)

# Licences outside the list, and why we live with them.
REASONS = {
    "psycopg": "LGPL-3.0: a library used unchanged and replaceable by the user",
    "psycopg-binary": "LGPL-3.0: the compiled part of psycopg, used unchanged and replaceable",
    "psycopg-pool": "LGPL-3.0: part of psycopg, used unchanged and replaceable",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0; the PDFium inside is BSD-3-Clause and its parts carry"
    " permissive licences, whose texts the wheel brings along",
    "docutils": "its GPL part is an Emacs mode that the wheel leaves out (tested below); the Python"
    " code is public domain, BSD and PSF; comes with numpydoc, for checking docstrings",
}
LESSER_ONLY_FOR = {"psycopg", "psycopg-binary", "psycopg-pool"}


def rows(text: str) -> list[tuple[str, str, str]]:
    """Name, version and marker of every locked distribution."""
    found = []
    for line in text.splitlines():
        match = ROW.match(line)
        if match:
            found.append((match[1].lower(), match[2], (match[3] or "").strip()))
    return found


def licences(dist: Distribution) -> set[str]:
    """Every licence a distribution names; of an "OR" the allowed one is enough."""
    meta = dist.metadata
    expression = meta.get("License-Expression")
    if expression:
        found: set[str] = set()
        for part in re.split(r"\s+AND\s+", expression.strip("() ").upper()):
            choices = {c.strip("() ") for c in re.split(r"\s+OR\s+", part)}
            found |= (choices & ALLOWED) or choices
        return found
    names = [
        line.rpartition("::")[2].strip().upper()
        for line in meta.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    named = {SPELLINGS.get(n, n) for n in names if n not in NO_LICENCE_NAMED}
    if named:
        return named
    first = (meta.get("License") or "").strip().splitlines()
    text = first[0].strip().upper() if first else ""
    return {SPELLINGS.get(text, text)} if text not in NO_LICENCE_NAMED else set()


def fault(name: str, found: set[str]) -> str:
    """What is wrong with these licences, or nothing."""
    if not found:
        return f"{name}: names no licence"
    if any(GPL.search(one) and not LESSER.search(one) for one in found) and name not in REASONS:
        return f"{name}: {', '.join(sorted(found))} is of the GPL family"
    if any(LESSER.search(one) for one in found) and name not in LESSER_ONLY_FOR:
        return f"{name}: LGPL needs a written reason"
    strange = sorted(found - ALLOWED)
    if strange and name not in REASONS:
        return f"{name}: {', '.join(strange)} is not on the list of known licences"
    return ""


LOCKED = rows(LOCK.read_text("utf-8"))


@pytest.mark.parametrize(("name", "version", "marker"), LOCKED, ids=[r[0] for r in LOCKED])
def test_a_locked_package_has_a_known_free_licence(name: str, version: str, marker: str):
    if marker and not Marker(marker).evaluate():
        pytest.skip(f"{name} is for another machine: {marker}")
    try:
        dist = distribution(name)
    except PackageNotFoundError:
        pytest.fail(f"{name} {version} is locked but not installed; run make again")
    assert dist.version == version, f"{name}: {dist.version} installed, {version} locked"
    assert fault(name, licences(dist)) == ""


def test_the_emacs_part_of_docutils_is_not_installed():
    files = distribution("docutils").files
    assert files
    assert [str(f) for f in files if f.suffix == ".el"] == []


def test_every_reason_belongs_to_a_locked_package():
    assert set(REASONS) <= {name for name, _, _ in LOCKED}


@pytest.mark.parametrize(
    ("found", "fine"),
    [
        ({"MIT"}, True),
        ({"GPL-3.0-ONLY"}, False),
        ({"GNU GENERAL PUBLIC LICENSE V2 (GPLV2)"}, False),
        ({"AGPL-3.0-OR-LATER"}, False),
        ({"MIT", "GPL-2.0-ONLY"}, False),
        ({"LGPL-3.0-ONLY"}, False),
        ({"SOMETHING OF MY OWN"}, False),
        (set(), False),
    ],
)
def test_only_known_free_licences_pass(found: set[str], fine: bool):
    assert (fault("some-package", found) == "") is fine


def test_a_row_of_the_lock_is_read_with_its_marker():
    text = 'appnope==0.1.4 ; sys_platform == "darwin" \\\n    --hash=sha256:00\nabc[x]==1.0 \\\n'
    assert rows(text) == [("appnope", "0.1.4", 'sys_platform == "darwin"'), ("abc", "1.0", "")]
