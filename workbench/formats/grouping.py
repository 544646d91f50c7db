"""Which files belong to one recording: a header and its signals arrive as several files."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import PurePath

HEADER = ".hea"
COMPANIONS = (".dat", ".mat", ".xyz")
TABLE = ".csv"
TABLE_HEADERS = (".json", ".toml")
# Names of the two files of an Edan Holter recording: they say nothing else about each other.
EDAN = ("patient.hea", "ecgraw.dat")


def recordings(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Group file names: a header with the signal files of the same stem, all others alone."""
    every = sorted(names)
    stems = {_stem(n) for n in every if n.endswith(HEADER)}
    tables = {_stem(n) for n in every if n.lower().endswith(TABLE)}
    groups: dict[str, list[str]] = {}
    for name in every:
        groups.setdefault(_group(name, stems, tables), []).append(name)
    return [tuple(group) for group in groups.values()]


def complete(names: tuple[str, ...], header: Mapping[str, bytes]) -> bool:
    """Whether every signal file that a header names is there; other files are complete alone."""
    for name, text in header.items():
        here = PurePath(name).parent
        if b"\0" in text:  # no text, so no WFDB header: an Edan one names no file
            continue
        for line in text.decode("ascii", "replace").splitlines()[1:]:
            wanted = line.split(" ", 1)[0]
            if line.startswith("#") or not wanted or wanted == "~":
                continue
            if str(here / wanted) not in names:
                return False
    return True


def waits(names: tuple[str, ...]) -> bool:
    """Whether a file that lies alone is one half of a recording whose other half may still come."""
    if len(names) != 1:
        return False
    path = PurePath(names[0])
    return path.suffix in COMPANIONS or path.suffix.lower() == TABLE or path.name.lower() in EDAN


def beside(name: str, there: Iterable[str]) -> set[str]:
    """Names of one folder that may belong to the same recording as `name`."""
    path, names = PurePath(name), set(there)
    if path.name.lower() in EDAN:
        return {n for n in names if PurePath(n).name.lower() in EDAN} | {name}
    if path.suffix.lower() not in (HEADER, *COMPANIONS, TABLE, *TABLE_HEADERS):
        return {name}
    return {n for n in names if _stem(n) == _stem(name)} | {name}


def digest(data: Mapping[str, bytes]) -> str:
    """One digest for a recording held in memory, the same as for its stored parts."""
    return joined({name: hashlib.sha256(content).hexdigest() for name, content in data.items()})


def joined(digests: Mapping[str, str]) -> str:
    """One digest for a recording: of its file if there is one, else of names and digests."""
    if len(digests) == 1:
        return next(iter(digests.values()))
    listing = "\n".join(f"{name} {digests[name]}" for name in sorted(digests))
    return hashlib.sha256(listing.encode()).hexdigest()


def _group(name: str, stems: set[str], tables: set[str]) -> str:
    """The file a group is called after."""
    path, stem = PurePath(name), _stem(name)
    if path.name.lower() in EDAN:
        return str(path.parent / EDAN[0])
    if stem in stems and path.suffix in (HEADER, *COMPANIONS):
        return stem + HEADER
    if stem in tables and path.suffix.lower() in (TABLE, *TABLE_HEADERS):
        return stem + TABLE
    return name


def _stem(name: str) -> str:
    path = PurePath(name)
    return str(path.parent / path.stem)
