"""What a reader draws on a film, and which pictures a reader calls key; points are the truth.

A point is (column, row) in pixels of the film as it is stored, whatever way it is turned on the
screen; (0, 0) is the middle of the first pixel, so the film ends at -0.5 and at columns - 0.5.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from workbench.domain.errors import Invalid

LONGEST_TEXT: Final = 200
MOST_MARKS: Final = 200  # on one film
_UID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Tool(StrEnum):
    """What was drawn; the names are those of the viewer's tools."""

    LENGTH = "Length"  # two ends
    ANGLE = "Angle"  # an end, the vertex, an end
    COBB = "Cobb"  # two ends of one endplate, two ends of the other
    BIDIRECTIONAL = "Bidirectional"  # two ends of one axis, two ends of the other
    RECTANGLE = "RectangleROI"  # four corners, its sides along those of the film
    ELLIPSE = "EllipticalROI"  # the ends of its two axes, which lie along the sides of the film
    ARROW = "ArrowAnnotate"  # the tip, the tail
    CTR = "CTR"  # both edges of the heart, both inner edges of the thorax
    LIMB = (
        "LimbLength"  # upper and lower end of a limb, with the joint between when there are three
    )


POINTS: Final[Mapping[Tool, int]] = MappingProxyType({
    Tool.LENGTH: 2, Tool.ANGLE: 3, Tool.COBB: 4, Tool.BIDIRECTIONAL: 4, Tool.RECTANGLE: 4,
    Tool.ELLIPSE: 4, Tool.ARROW: 2, Tool.CTR: 4, Tool.LIMB: 3,
})  # fmt: skip

Point = tuple[float, float]


class ValueName(StrEnum):
    """What a number of a mark is; of one tool each comes once."""

    LENGTH = "length"
    ANGLE = "angle"
    LONG = "long"
    SHORT = "short"
    AREA = "area"
    WIDTH = "width"
    HEIGHT = "height"
    MEAN = "mean"
    SD = "sd"
    RATIO = "ratio"
    HEART = "heart"
    THORAX = "thorax"
    WHOLE = "whole"
    UPPER = "upper"
    LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What a pixel of the stored film means: kind is "calibrated", "detector" or "unknown"."""

    kind: str
    row_mm: float | None = None
    column_mm: float | None = None
    note: str = ""
    factor: float | None = None  # magnification taken out of the detector's spacing

    @property
    def unit(self) -> str:
        """The unit of a length: millimetres of the patient, of the detector's plane, or pixels."""
        if self.row_mm is None or self.column_mm is None:
            return "px"
        return {"calibrated": "mm", "detector": "mm-detector"}.get(self.kind, "px")

    @property
    def area_unit(self) -> str:
        """The unit of an area."""
        return f"{self.unit}2"


@dataclass(frozen=True, slots=True)
class MarkValue:
    """One number of a mark; None when the points give none, such as an angle without an arm."""

    name: str
    value: float | None
    unit: str  # of `Calibration`, "deg", "1", or "value" (of the film, after the Modality LUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One drawn mark; `values` follow from points and calibration and are never the browser's."""

    uid: str
    tool: Tool
    points: tuple[Point, ...]
    text: str = ""
    values: tuple[MarkValue, ...] = ()
    calibration: Calibration = Calibration(kind="unknown")

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; the form the viewer takes."""
        return {**asdict(self), "tool": self.tool.value, "points": [list(p) for p in self.points],
                "values": [asdict(v) for v in self.values]}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSet:
    """All marks of one film; `revision` grows with every save, 0 when nothing was ever saved."""

    exam_id: str
    instance_id: str
    marks: tuple[Mark, ...] = ()
    revision: int = 0
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyImage:
    """A picture a reader chose, by whom and when; the newest row of a picture holds."""

    id: str
    exam_id: str
    instance_id: str
    frame: int  # 1 for a film with one picture
    number: int  # 1, 2, … within one exam
    chosen: bool  # False: no longer a key image
    by: str
    at: datetime


class ObjectKind(StrEnum):
    """DICOM objects made of signed marks."""

    KEY = "key"  # Key Object Selection
    PRESENTATION = "presentation"  # Grayscale Softcopy Presentation State
    MEASUREMENTS = "measurements"  # structured report by TID 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkObject:
    """Where an object made of signed marks lies."""

    report_id: str
    kind: ObjectKind
    number: int  # 1, 2, … of its kind: a presentation state for each film
    uid: str
    sha256: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedMarks:
    """What stood on the films when a version was signed; `digest` is in what was signed."""

    report_id: str
    films: tuple[MarkSet, ...] = ()  # those with at least one mark
    keys: tuple[KeyImage, ...] = ()
    digest: str = ""

    def content(self) -> dict[str, Any]:
        """Plain values of films and key images, ready for JSON; the digest is taken over these."""
        return {
            "films": [
                {**_row(f, f.at), "marks": [m.as_dict() for m in f.marks]} for f in self.films
            ],
            "keys": [_row(k, k.at) for k in self.keys],
        }


def _row(one: MarkSet | KeyImage, at: datetime | None) -> dict[str, Any]:
    return {**asdict(one), "at": at.astimezone(UTC).isoformat() if at else None}


def film_from(data: Mapping[str, Any]) -> MarkSet:
    """Rebuild the marks of a film from what was signed."""
    marks = tuple(mark_from(m) for m in data["marks"])
    return MarkSet(**{**data, "marks": marks, "at": _time(data["at"])})


def key_from(data: Mapping[str, Any]) -> KeyImage:
    """Rebuild a key image from what was signed."""
    return KeyImage(**{**data, "at": _time(data["at"])})


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def standing_keys(choices: Sequence[KeyImage]) -> tuple[KeyImage, ...]:
    """The pictures that are key images now, from every choice ever made, oldest first."""
    last = {(c.instance_id, c.frame): c for c in choices}
    return tuple(sorted((c for c in last.values() if c.chosen), key=lambda c: c.number))


def mark_from(data: Mapping[str, Any]) -> Mark:
    """Rebuild a mark of ours from its stored form."""
    return Mark(
        uid=data["uid"],
        tool=Tool(data["tool"]),
        points=tuple((p[0], p[1]) for p in data["points"]),
        text=data["text"],
        values=tuple(MarkValue(**v) for v in data["values"]),
        calibration=Calibration(**data["calibration"]),
    )


def requested(raw: object, size: tuple[int, int]) -> tuple[Mark, ...]:
    """Marks as a browser asks for them, without any number of its own.

    `size` is rows and columns of the film; whatever does not fit is refused as Invalid.
    """
    if not isinstance(raw, Sequence) or isinstance(raw, str | bytes) or len(raw) > MOST_MARKS:
        raise Invalid("marks", _short(raw), f"a list of at most {MOST_MARKS} marks")
    marks = tuple(_mark(each, size) for each in raw)
    if len({m.uid for m in marks}) != len(marks):
        raise Invalid("marks", "one uid twice", "a uid of its own for every mark")
    return marks


def _mark(raw: object, size: tuple[int, int]) -> Mark:
    if not isinstance(raw, Mapping):
        raise Invalid("mark", _short(raw), "uid, tool, points and text")
    uid, tool, points = raw.get("uid"), raw.get("tool"), raw.get("points")
    if not isinstance(uid, str) or not _UID.fullmatch(uid):
        raise Invalid("mark uid", _short(uid), "1 to 64 letters, digits, dots and dashes")
    if not isinstance(tool, str) or tool not in set(Tool):
        raise Invalid("mark tool", _short(tool), f"one of {', '.join(Tool)}")
    wanted = POINTS[Tool(tool)]
    if not isinstance(points, list | tuple) or len(points) != wanted:
        raise Invalid("mark points", _short(points), f"{wanted} points of {tool}")
    text = raw.get("text") or ""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or not _printable(text):
        raise Invalid("mark text", _short(text), f"at most {LONGEST_TEXT} printable characters")
    placed = tuple(_point(p, size) for p in points)
    return Mark(uid=uid, tool=Tool(tool), points=placed, text=text.strip())


def _point(raw: object, size: tuple[int, int]) -> Point:
    rows, columns = size
    expected = f"column and row inside a film of {columns} x {rows} pixels"
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        raise Invalid("mark point", _short(raw), expected)
    for value, end in zip(raw, (columns, rows), strict=True):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Invalid("mark point", _short(raw), expected)
        if not (math.isfinite(value) and -0.5 <= value <= end - 0.5):
            raise Invalid("mark point", _short(raw), expected)
    # the database knows no -0.0, and a digest would tell it from 0.0
    return round(float(raw[0]), 3) + 0.0, round(float(raw[1]), 3) + 0.0


def _printable(text: str) -> bool:
    """Whether it can be stored, shown and written into a file of any kind."""
    return all(c == "\n" or unicodedata.category(c)[0] != "C" for c in text)


def _short(raw: object) -> str:
    return f"{raw!r:.80}"
