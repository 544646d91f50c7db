"""One process that breaks recordings for one reader: a crash or a hang costs this process only.

Usage: python -m tests.fuzz.work READER SEED FIRST END FOLDER; says where it is on standard output.
"""

import json
import logging
import resource
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz import mutate, recordings
from workbench.domain.errors import WorkbenchError
from workbench.domain.received import Received
from workbench.formats import sniff
from workbench.formats.display_copy import film_full, film_preview, trace_samples
from workbench.formats.picture_copy import picture_jpeg
from workbench.formats.sniff import Reader

SLOW_S = 5.0  # for one small broken file
MEMORY = 3 << 30  # bytes of address space: a file of 400 kB has no right to more
EVERY = 100  # cases between two signs of life


def case(reader: Reader, seed: int, number: int, whole: list[recordings.Recording]) -> dict:
    """The broken recording of this number."""
    rng = Random(f"{reader.name}/{seed}/{number}")
    others = [data for parts in whole for data in parts.values() if data]
    return mutate.broken(rng, rng.choice(whole), others)


def judge(reader: Reader, parts: dict[str, bytes]) -> str:
    """What reading came to; "" or a word for what is allowed, a sentence for a failure."""
    # A busy machine is not the reader's fault; a hang is for the parent to see.
    began = time.process_time()
    said = ""
    try:
        if not isinstance(reader.claims(parts), bool):
            return "failure: claims() answered neither yes nor no"
        for act in (reader.read_header, reader.read):
            try:
                received = act(parts)
            except WorkbenchError:
                said = "refused"
                continue
            except MemoryError:
                raise
            except Exception as error:  # noqa: BLE001 - counted; sniff turns it into a clear refusal
                said = f"unforeseen {type(error).__name__}"
                continue
            said = said or "read"
            show(received)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"failure: {type(error).__name__}: {str(error)[:200]}"
    took = time.process_time() - began
    return f"failure: {took:.1f} s" if took > SLOW_S else said


def show(received: Received) -> None:
    """Make of it what a page would show."""
    if received.image is not None:
        film_preview(received.image)
        film_full(received.image)
    if received.trace is not None:
        trace_samples(received.trace)
    if received.picture is not None:
        picture_jpeg(received.picture)


def main() -> None:
    """Go through the cases; a failure is kept as files."""
    name, seed, first, end = sys.argv[1], *map(int, sys.argv[2:5])
    folder = Path(sys.argv[5])
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    [reader] = [s.reader for s in sniff.list_readers() if s.name == name and s.reader]
    whole = recordings.of(reader)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    _say({"recordings": len(whole)})
    seen: Counter[str] = Counter()
    for number in range(first, end if whole else first):
        if number % EVERY == 0:
            _say({"at": number, "seen": seen})
        parts = case(reader, seed, number, whole)
        (folder / "now").write_text(str(number))
        said = judge(reader, parts)
        if said.startswith("failure"):
            keep(folder / f"{name}-{seed}-{number}", parts, said)
            said = "failure"
        seen[said] += 1
    _say({"at": end, "seen": seen, "done": bool(whole)})


def keep(folder: Path, parts: dict[str, bytes], said: str) -> None:
    """The bytes of a failure, to look at and to make a test of."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in parts.items():
        (folder / Path(name).name).write_bytes(data)
    (folder / "failure.txt").write_text(said + "\n")


def _say(what: dict) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
