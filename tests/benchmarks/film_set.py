"""Films of 3000 x 3000 for the benchmarks: our own phantom with its grain, numbered.

The number is drawn as a row of white and black squares, large enough to be read back from any
viewer's canvas: so a picture on the screen says which film it is, whoever shows it.
"""

import functools
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.formats.writers import dx
from workbench.phantoms.thorax import ChestCase, draw_case, make_film

SIDE = 3000
PERSONS = 2  # persons; every film is one of them, moved, in another exposure, with grain of its own
DEEP = 14  # bits of the phantom
BITS = (16, 12)  # stored, in turns
CELL, TOP, CELLS = 110, 2580, 12  # pixels of the film; see sight.js, which reads them back
STUDIES = 71_440_000_000  # 2.25.<integer>, as anybody may make them
GRAIN = 10.0  # standard deviation on top of the phantom's own, in its 14-bit greys


@dataclass(frozen=True, slots=True)
class Film:
    """One film on disk, of one patient."""

    number: int
    bits: int
    path: Path

    @property
    def name(self) -> str:
        """The patient's name as our list shows it."""
        return f"影F{self.number:03}"

    @property
    def study(self) -> str:
        """The study's UID; `.1` is its series, `.1.1` its instance."""
        return f"2.25.{STUDIES + self.number}"

    @property
    def local_id(self) -> str:
        """The patient's number, which every study list shows."""
        return f"F{self.number:03}"


@functools.cache
def phantom(seed: int) -> NDArray[np.uint16]:
    """A person's film at full size (12 s)."""
    generator = np.random.default_rng(1000 + seed)
    case = draw_case(ChestCase.NORMAL, generator)
    return make_film(case, (SIDE, SIDE), generator).pixels


def films(folder: Path, count: int) -> list[Film]:
    """Write so many films of so many patients, 16 and 12 bits in turns."""
    found = []
    for number in range(1, count + 1):
        bits = BITS[number % len(BITS)]
        pixels = exposed(phantom(number % PERSONS), number, bits)
        found.append(Film(number, bits, write(pixels, number, bits, folder)))
    return found


def write(pixels: NDArray[np.uint16], number: int, bits: int, folder: Path) -> Path:
    """One film as a file, uncompressed; its patient goes by its number."""
    film = Film(number, bits, folder / f"F{number:03}.dcm")
    taken = datetime.now(UTC) - timedelta(hours=5) + timedelta(minutes=number)
    header = dx.DxHeader(
        patient=dx.DxPatient(
            name=f"影^{film.local_id}", id=film.local_id, birth_date=None, sex="F", age_years=50
        ),
        uids=dx.DxUids(
            study=film.study, series=f"{film.study}.1", instance=f"{film.study}.1.1"
        ),
        device=dx.DxDevice(manufacturer="b", model="b", serial="1", institution="b"),
        exposure=dx.DxExposure(kvp=120, mas=2, ei=400, eit=400, di=0, dap=1),
        taken_at=taken, accession=film.local_id, spacing_mm=0.14, bits=bits,
        description="CHEST PA",
    )  # fmt: skip
    film.path.write_bytes(dx.to_bytes(dx.dx_dataset(pixels, header)))
    return film.path


def exposed(person: NDArray[np.uint16], number: int, bits: int) -> NDArray[np.uint16]:
    """Another exposure of a person: moved, other contrast, fresh grain, in so many bits."""
    rng = np.random.default_rng(number)
    rows, columns = (np.clip(np.arange(SIDE) + by, 0, SIDE - 1) for by in rng.integers(-40, 41, 2))
    moved = person[np.ix_(rows, columns)].astype(np.float32)
    moved *= np.float32(rng.uniform(0.9, 1.0))
    moved += np.float32(GRAIN) * rng.standard_normal(moved.shape, np.float32)
    top = (1 << bits) - 1
    pixels = np.clip(moved * np.float32((top + 1) / (1 << DEEP)), 0, top).astype(np.uint16)
    left = (SIDE - CELLS * CELL) // 2
    for cell, white in enumerate(squares(number)):
        there = slice(left + cell * CELL, left + (cell + 1) * CELL)
        pixels[TOP : TOP + CELL, there] = top if white else 0
    return pixels


def squares(number: int) -> list[bool]:
    """White, black, eight squares of the number, their parity, white."""
    digits = [bool(number >> bit & 1) for bit in range(7, -1, -1)]
    return [True, False, *digits, sum(digits) % 2 == 1, True]


def send(films: Sequence[Film], port: int) -> None:
    """Send them as a modality would; every one must be taken."""
    command = ["dcmsend", "--no-uid-checks", "--max-send-pdu", "131072", "127.0.0.1", str(port)]
    done = subprocess.run(
        [*command, *(str(f.path) for f in films)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{len(films)} films were not all taken: {done.stderr[-500:]}")
