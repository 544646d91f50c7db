"""Reads back what was written of marks: key images, presentation states, measurements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import (
    ComprehensiveSRStorage,
    GrayscaleSoftcopyPresentationStateStorage,
    KeyObjectSelectionDocumentStorage,
)

from workbench.domain.errors import Unreadable
from workbench.domain.mark import POINTS, Mark, MarkValue, Point, Tool
from workbench.formats.dicom_file import open_file
from workbench.formats.writers.mark_parts import HALF
from workbench.formats.writers.measurements import ANGLES, METHODS, NAMES, UNITS

_CODED: Final[Mapping[tuple[str, str], str]] = MappingProxyType({
    (code.value, code.scheme_designator): name
    for name, code in (*NAMES.items(), *(("angle", code) for code in ANGLES.values()))
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class FilmMarks:
    """What an object says of one film."""

    film_uid: str
    marks: tuple[Mark, ...]


def key_films(data: bytes) -> tuple[str, ...]:
    """SOP instance UIDs of the films a selection names, in its order.

    Raises
    ------
    Unreadable
        If it is no Key Object Selection.
    """
    ds = _opened(data, KeyObjectSelectionDocumentStorage)
    chosen = [i for i in ds.ContentSequence if i.ValueType == "IMAGE"]
    return tuple(str(i.ReferencedSOPSequence[0].ReferencedSOPInstanceUID) for i in chosen)


def drawn(data: bytes) -> FilmMarks:
    """The marks of a presentation state of ours, without numbers.

    Raises
    ------
    Unreadable
        If it is no presentation state, or its marks are not ours.
    """
    ds = _opened(data, GrayscaleSoftcopyPresentationStateStorage)
    lines: dict[tuple[str, str], list[Point]] = {}
    film = str(ds.ReferencedSeriesSequence[0].ReferencedImageSequence[0].ReferencedSOPInstanceUID)
    for annotation in ds.get("GraphicAnnotationSequence", ()):
        for shape in annotation.get("GraphicObjectSequence", ()):
            tool, uid, _number = _tracked(shape.get("TrackingID", ""), 3)
            lines.setdefault((tool, uid), []).extend(_points(shape.GraphicData))
    return FilmMarks(film, tuple(_mark(*key, points) for key, points in lines.items()))


def measured(data: bytes) -> tuple[FilmMarks, ...]:
    """The marks of a measurement report of ours with their numbers, film by film.

    Raises
    ------
    Unreadable
        If it is no structured report, or its groups are not ours.
    """
    ds = _opened(data, ComprehensiveSRStorage)
    films: dict[str, list[Mark]] = {}
    for group in _containers(ds, "125007"):
        [image] = [i for i in group.ContentSequence if i.ValueType == "IMAGE"]
        film = str(image.ReferencedSOPSequence[0].ReferencedSOPInstanceUID)
        films.setdefault(film, []).append(_group(group))
    return tuple(FilmMarks(film, tuple(marks)) for film, marks in films.items())


def _group(group: Dataset) -> Mark:
    [said] = [i.TextValue for i in group.ContentSequence if i.ValueType == "TEXT"]
    tool, uid = _tracked(said, 2)
    values: list[MarkValue] = []
    lines: dict[tuple[Point, ...], None] = {}  # each line once, in the order they come
    for item in group.ContentSequence:
        if item.ValueType != "NUM":
            continue
        values.append(_value(item))
        for part in item.ContentSequence:
            if part.ValueType == "SCOORD":
                lines[tuple(_points(part.GraphicData))] = None
    points = [p for line in lines for p in line]
    mark = _mark(tool, uid, points)
    return Mark(uid=mark.uid, tool=mark.tool, points=mark.points, values=tuple(values))


def _value(item: Dataset) -> MarkValue:
    concept, number = item.ConceptNameCodeSequence[0], item.MeasuredValueSequence[0]
    name = _CODED.get((concept.CodeValue, concept.CodingSchemeDesignator))
    if name is None:
        raise Unreadable(f"the measurement {concept.CodeMeaning!r} is none of ours", "foreign")
    unit = number.MeasurementUnitsCodeSequence[0].CodeValue
    method = next(
        (p.ConceptCodeSequence[0].CodeValue for p in item.ContentSequence if p.ValueType == "CODE"),
        None,
    )
    said = [
        ours
        for ours, code in UNITS.items()
        if code.value == unit and (METHODS[ours].value if ours in METHODS else None) == method
    ]
    return MarkValue(name, float(number.NumericValue), said[0] if said else unit)


def _mark(tool: str, uid: str, points: Sequence[Point]) -> Mark:
    if tool not in set(Tool):
        raise Unreadable(f"{tool!r:.40} is none of our tools", "foreign")
    kept = points[: POINTS[Tool(tool)]]  # a rectangle is written closed: its first corner again
    return Mark(uid=uid, tool=Tool(tool), points=tuple(kept))


def _points(data: Sequence[float]) -> list[Point]:
    flat: NDArray[np.float64] = np.asarray(data, dtype=np.float64).reshape(-1, 2) - HALF
    return [(float(column), float(row)) for column, row in flat]


def _tracked(text: str, parts: int) -> list[str]:
    found = str(text).split(":")
    if len(found) != parts:
        raise Unreadable(f"tracking identifier {text!r:.80} is not of our form", "foreign")
    return found


def _containers(ds: Dataset, code: str) -> Iterator[Dataset]:
    for item in ds.get("ContentSequence", ()):
        if item.ValueType == "CONTAINER" and item.ConceptNameCodeSequence[0].CodeValue == code:
            yield item
        else:
            yield from _containers(item, code)


def _opened(data: bytes, wanted: str) -> Dataset:
    ds = open_file(data, pixels=False).dataset
    seen = str(ds.get("SOPClassUID", ""))
    if seen != wanted:
        raise Unreadable(f"SOP class {seen or 'none'}; expected {wanted}", "foreign")
    return ds
