"""Films of the shared data folder as the screener gets them, with what is known of each."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from workbench.domain.context import PatientContext
from workbench.domain.image import Image, Spacing, SpacingKind, Voi, VoiKind
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Received
from workbench.screening.dr import FilmScreening, screen_film

ADULT = 16.0
BYTE = Voi(VoiKind.LINEAR_EXACT, 127.5, 255.0)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """One film: greys, and what its list says of it."""

    name: str
    grey: NDArray[np.uint8]
    view: str = ""
    age: float | None = None
    labels: frozenset[str] = frozenset()
    lungs: NDArray[np.bool_] | None = None


def received(grey: NDArray[np.uint8], view: str = "", part: str = "CHEST") -> Received:
    """Greys as the reader of files hands them on."""
    image = Image(
        grey.astype(np.uint16), 8, False, (BYTE,), Spacing(None, None, SpacingKind.UNKNOWN)
    )
    header = ArrivalHeader(view=view, body_part=part)
    return Received(kind=ExamKind.DR, header=header, reader="validation", image=image)


def screened(known: Known, grey: NDArray[np.uint8] | None = None) -> FilmScreening:
    """What is said of a film, or of what was made of it."""
    film = received(known.grey if grey is None else np.ascontiguousarray(grey), known.view)
    return screen_film(film, PatientContext(age_years=known.age), known.name)


def nih(folder: Path, every: int = 1) -> list[Known]:
    """NIH ChestX-ray14 at 256 pixels: text-mined labels, about one in ten wrong."""
    held = np.load(folder / "nih256" / "images.npz")
    with (folder / "nih256" / "labels.csv").open(encoding="utf-8") as file:
        rows = {row["Image Index"]: row for row in csv.DictReader(file)}
    found = []
    for number, (name, grey) in enumerate(zip(held["names"], held["images"], strict=True)):
        if number % every:
            continue
        row = rows[str(name)]
        found.append(
            Known(
                name=str(name),
                grey=grey,
                view=row["View Position"],
                age=_age(row["Patient Age"]),
                labels=frozenset(row["Finding Labels"].split("|")),
            )
        )
    return found


def _age(text: str) -> float | None:
    digits = "".join(c for c in text if c.isdigit())
    return float(digits) if digits and float(digits) < 120 else None


def v7(folder: Path) -> Iterator[Known]:
    """Films of the V7 set with outlines of lungs and heart together."""
    for path in sorted((folder / "covid_v7").glob("*_lungs.png")):
        film = path.with_name(path.name.replace("_lungs", ""))
        grey = np.asarray(Picture.open(film).convert("L"))
        lungs = np.asarray(Picture.open(path).convert("L")) > 127
        yield Known(name=film.stem, grey=grey, lungs=lungs)
