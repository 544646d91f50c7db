"""Which files belong to one recording: a WFDB header and its signals arrive as several files."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import PurePath

HEADER = ".hea"
COMPANIONS = (".dat", ".mat", ".xyz")


def recordings(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Group file names: a header with the signal files of the same stem, all others alone."""
    every = sorted(names)
    stems = {_stem(n) for n in every if n.endswith(HEADER)}
    groups: dict[str, list[str]] = {}
    for name in every:
        path = PurePath(name)
        belongs = _stem(name) in stems and path.suffix in (HEADER, *COMPANIONS)
        groups.setdefault(_stem(name) + HEADER if belongs else name, []).append(name)
    return [tuple(group) for group in groups.values()]


def complete(names: tuple[str, ...], header: Mapping[str, bytes]) -> bool:
    """Whether every signal file that a header names is there; other files are complete alone."""
    for name, text in header.items():
        here = PurePath(name).parent
        for line in text.decode("ascii", "replace").splitlines()[1:]:
            wanted = line.split(" ", 1)[0]
            if line.startswith("#") or not wanted or wanted == "~":
                continue
            if str(here / wanted) not in names:
                return False
    return True


def digest(data: Mapping[str, bytes]) -> str:
    """One digest for a recording held in memory, the same as for its stored parts."""
    return joined({name: hashlib.sha256(content).hexdigest() for name, content in data.items()})


def joined(digests: Mapping[str, str]) -> str:
    """One digest for a recording: of its file if there is one, else of names and digests."""
    if len(digests) == 1:
        return next(iter(digests.values()))
    listing = "\n".join(f"{name} {digests[name]}" for name in sorted(digests))
    return hashlib.sha256(listing.encode()).hexdigest()


def _stem(name: str) -> str:
    path = PurePath(name)
    return str(path.parent / path.stem)
