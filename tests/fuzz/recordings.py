"""Whole recordings to begin from: whatever an installed reader claims, of what lies here."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests import make
from tests.formats import made_recordings
from tests.journeys.browser import shared_data
from workbench.domain.errors import WorkbenchError
from workbench.formats import sniff
from workbench.formats.sniff import Reader

Recording = Mapping[str, bytes]
LARGEST = 600_000  # bytes; a larger file costs time and reaches no other line of a reader
MOST = 60  # recordings per reader
ALIKE = 6  # files of one folder and ending


def of(reader: Reader) -> list[Recording]:
    """Recordings that this reader both claims and reads, in a fixed order."""
    found: list[Recording] = []
    for parts in everything():
        if len(found) < MOST and reader.claims(parts) and _reads(reader, parts):
            found.append(parts)
    return found


def _reads(reader: Reader, parts: Recording) -> bool:
    try:
        sniff.read(parts, readers=(reader,))
    except WorkbenchError:
        return False
    return True


def everything() -> Iterator[Recording]:
    """Made recordings, the samples, and the real files where they are."""
    yield {"film.dcm": make.make_film()}
    yield {"trace.dcm": make.make_ecg_file(make.make_trace())}
    yield from made_recordings.recordings()
    folders = [Path(__file__).parents[2] / "data_samples", shared_data()]
    for folder in folders:
        if folder is not None:
            yield from _files(folder)


def _files(folder: Path) -> Iterator[Recording]:
    """A few files of every folder and ending: data sets hold thousands of one kind."""
    taken: Counter[tuple[Path, str]] = Counter()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        taken[path.parent, path.suffix] += 1
        if taken[path.parent, path.suffix] > ALIKE:
            continue
        if not 0 < path.stat().st_size <= LARGEST:
            continue
        beside = [
            p for p in path.parent.glob(f"{path.stem}.*") if p.suffix in {".hea", ".dat", ".mat"}
        ]
        if path.suffix == ".hea":
            yield {p.name: p.read_bytes() for p in beside if p.stat().st_size <= LARGEST}
        elif path.suffix not in {".dat", ".mat", ".json", ".md", ".txt", ".csv", ".tsv"}:
            yield {path.name: path.read_bytes()}
