"""The floor says what kind of code, the name says which matter, in tests too."""

from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, ROOT

TESTS = ROOT / "tests"
# Matters that live on every floor: domain/alert.py, store/alerts.py, workflow/alerts.py.
MATTERS = ("alert", "exam", "order", "patient", "report", "site")
FLOORS = ("store", "workflow", "panels", "server", "intake", "worker", "cli")
# Folders of tests about more than one module.
FOLDERS = {
    "house",
    "journeys",
    "failures",
    "e2e",
    "benchmarks",
    "frontend",
    "notebooks",
    "validation",
}
# Tests of something that is no module of its own, and of what.
NO_MODULE = {
    "store/test_rights.py": "grants and triggers of the migrations' SQL",
    "store/test_fixtures.py": "the database every test gets",
    "server/test_browser.py": "the server as headless Chromium sees it",
    "workflow/test_reading.py": "several acts in the order a reader does them",
    "formats/test_fuzz.py": "all readers at once, on damaged bytes",
    "panels/test_notes.py": "every note of the readers, as a page says it",
}


def mirrors(path: Path, package: Path) -> bool:
    """Whether a test file is named after a module, one and an aspect, or a family."""
    folder = package.joinpath(*path.parts[:-1])
    name = path.stem.removeprefix("test_")
    if not folder.is_dir():
        return False
    stems = [p.stem for p in folder.rglob("*.py") if p.stem != "__init__"]
    family = name.partition("_")[0]
    return any(
        stem == name
        or name.startswith(f"{stem}_")
        or name.endswith(f"_{stem}")
        or stem.startswith(f"{family}_")
        for stem in stems
    )


def twins(names: set[str]) -> list[str]:
    """Modules of one floor that differ by a plural only."""
    return sorted(n for n in names if f"{n}s" in names)


@pytest.mark.parametrize("matter", MATTERS)
def test_a_matter_has_the_same_name_on_every_floor(matter: str):
    assert (PACKAGE / "domain" / f"{matter}.py").is_file()
    for floor in ("store", "workflow"):
        assert (PACKAGE / floor / f"{matter}s.py").is_file(), f"{floor}/{matter}s.py"


@pytest.mark.parametrize("floor", FLOORS)
def test_no_floor_has_two_modules_for_one_matter(floor: str):
    assert twins({p.stem for p in (PACKAGE / floor).glob("*.py")}) == []


def test_every_test_file_is_named_after_what_it_tests():
    files = [p.relative_to(TESTS) for p in TESTS.rglob("test_*.py")]
    lost = [
        p.as_posix()
        for p in files
        if p.parts[0] not in FOLDERS and p.as_posix() not in NO_MODULE and not mirrors(p, PACKAGE)
    ]
    assert not lost, f"name them test_<module>.py or test_<module>_<aspect>.py: {sorted(lost)}"


def test_every_exception_still_exists():
    assert [name for name in NO_MODULE if not (TESTS / name).is_file()] == []


def test_a_lost_test_file_is_seen():
    assert mirrors(Path("domain/test_alert.py"), PACKAGE)
    assert mirrors(Path("domain/test_actor_licence.py"), PACKAGE)
    assert not mirrors(Path("domain/test_everything.py"), PACKAGE)
    assert not mirrors(Path("elsewhere/test_alert.py"), PACKAGE)
    assert twins({"alert", "alerts", "exams"}) == ["alert"]
