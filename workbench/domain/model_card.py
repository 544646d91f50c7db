"""What a model package says of itself: input, classes, operating points, licence, regulatory class.

A score is no probability: it means something only beside an operating point, which has a place,
a number of cases and a day. What the card does not give is not guessed.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from workbench.domain.errors import WorkbenchError
from workbench.domain.kinds import ExamKind

SCHEMA = 1
MODEL_PREFIX = "model:"  # of a screener's name: what a model said is told apart by it
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,63}")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,31}")
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.onnx")
DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST_SIDE = 4096  # pixels
MOST_CLASSES = 200

W = TypeVar("W", bound=StrEnum)


class BadCard(WorkbenchError):
    """A manifest that does not say what it must."""

    template = "model.toml: {field}: got {seen}; expected {expected}."

    def __init__(self, field: str, seen: object, expected: str) -> None:
        super().__init__(field=field, seen=f"{seen!r:.80}", expected=expected)


class ModelRole(StrEnum):
    """What a result is for; the two are never mixed on the page."""

    MEASUREMENT = "measurement"
    DECISION_SUPPORT = "decision_support"


class Fit(StrEnum):
    """How a film that is not as wide as the net wants is brought to its shape."""

    CROP = "crop"  # the middle square
    PAD = "pad"  # black at the shorter sides
    STRETCH = "stretch"


class Activation(StrEnum):
    """What is done to the numbers the net gives."""

    NONE = "none"
    SIGMOID = "sigmoid"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInput:
    """How a film becomes the net's input; `low` is what black gets, `high` what white gets."""

    rows: int
    columns: int
    channels: int
    fit: Fit
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPoint:
    """A threshold with what was measured there; `site` "" holds where no own one is given."""

    site: str
    threshold: float
    sensitivity: float | None
    specificity: float | None
    positives: int
    negatives: int
    data_set: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelClass:
    """One output of the net; `finding` is a code of our vocabulary or "" when it has none."""

    index: int
    name: str
    finding: str
    points: tuple[ModelPoint, ...]

    def point(self, site: str) -> ModelPoint | None:
        """The operating point of an institution, else the one for all, else None."""
        by_site = {one.site: one for one in self.points}
        return by_site.get(site) or by_site.get("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A manifest, checked."""

    name: str
    version: str
    runner: str  # an entry point of group workbench.screeners
    file: str
    sha256: str
    role: ModelRole
    licence: str
    regulatory_class: str
    registration: str  # number, or "" when it is not registered
    intended_use: str
    trained_on: str
    given: ModelInput
    activation: Activation
    classes: tuple[ModelClass, ...]

    @property
    def known(self) -> tuple[ModelClass, ...]:
        """Classes that speak our vocabulary."""
        return tuple(one for one in self.classes if one.finding)


def read_card(data: Mapping[str, Any]) -> ModelCard:
    """Check a manifest; raises BadCard with the field, what it says and what it should say."""
    if data.get("schema") != SCHEMA:
        raise BadCard("schema", data.get("schema"), str(SCHEMA))
    if data.get("modality") != ExamKind.DR.value:
        raise BadCard("modality", data.get("modality"), "DR")
    classes = tuple(_class(row) for row in _rows(data, "class"))
    if not 0 < len(classes) <= MOST_CLASSES:
        raise BadCard("class", len(classes), f"1 to {MOST_CLASSES} classes")
    indices = [one.index for one in classes]
    codes = [one.finding for one in classes if one.finding]
    if len(set(indices)) != len(indices) or len(set(codes)) != len(codes):
        raise BadCard("class", "an index or a finding twice", "each once")
    return ModelCard(
        name=_match(data, "name", NAME, "lower-case letters, digits, . and -"),
        version=_match(data, "version", VERSION, "letters, digits, . + and -"),
        runner=_text(data, "runner"),
        file=_match(data, "file", FILE, "the name of a file that ends in .onnx"),
        sha256=_match(data, "sha256", DIGEST, "64 hexadecimal digits"),
        role=_word(data, "role", ModelRole),
        licence=_text(data, "licence"),
        regulatory_class=_text(data, "regulatory_class"),
        registration=str(data.get("registration", "")),
        intended_use=_text(data, "intended_use"),
        trained_on=_text(data, "trained_on"),
        given=_input(_table(data, "input")),
        activation=_word(_table(data, "output"), "activation", Activation),
        classes=classes,
    )


def _input(row: Mapping[str, Any]) -> ModelInput:
    side = f"a whole number from 16 to {LARGEST_SIDE}"
    rows, columns = (_whole(row, key, 16, LARGEST_SIDE, side) for key in ("rows", "columns"))
    low, high = _number(row, "low"), _number(row, "high")
    if low == high:
        raise BadCard("input.high", high, "another value than black has")
    channels = _whole(row, "channels", 1, 3, "1 or 3")
    if channels == 2:
        raise BadCard("channels", channels, "1 or 3")
    return ModelInput(
        rows=rows,
        columns=columns,
        channels=channels,
        fit=_word(row, "fit", Fit),
        low=low,
        high=high,
    )


def _class(row: Mapping[str, Any]) -> ModelClass:
    points = tuple(_point(one) for one in _rows(row, "point"))
    if len({one.site for one in points}) != len(points):
        raise BadCard("class.point", "an institution twice", "each once")
    finding = row.get("finding", "")
    if not isinstance(finding, str):
        raise BadCard("class.finding", finding, "a code of the vocabulary, or nothing")
    return ModelClass(
        index=_whole(row, "index", 0, 100_000, "the place of the class in the net's output"),
        name=_text(row, "name"),
        finding=finding,
        points=points,
    )


def _point(row: Mapping[str, Any]) -> ModelPoint:
    on = row.get("date")
    if not isinstance(on, date):
        raise BadCard("class.point.date", on, "a day such as 2026-11-26")
    shares = []
    for key in ("sensitivity", "specificity"):
        share = _number(row, key) if key in row else None
        if share is not None and not 0 <= share <= 1:
            raise BadCard(f"class.point.{key}", share, "a share from 0 to 1")
        shares.append(share)
    count = "a whole number of cases"
    return ModelPoint(
        site=str(row.get("site", "")),
        threshold=_number(row, "threshold"),
        sensitivity=shares[0],
        specificity=shares[1],
        positives=_whole(row, "positives", 0, 10**9, count),
        negatives=_whole(row, "negatives", 0, 10**9, count),
        data_set=_text(row, "data_set"),
        on=on,
    )


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadCard(key, value, "a text")
    return value.strip()


def _match(row: Mapping[str, Any], key: str, pattern: re.Pattern[str], expected: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadCard(key, value, expected)
    return value


def _word(row: Mapping[str, Any], key: str, kind: type[W]) -> W:
    value = row.get(key)
    try:
        return kind(str(value))
    except ValueError:
        raise BadCard(key, value, ", ".join(kind)) from None


def _number(row: Mapping[str, Any], key: str) -> float:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadCard(key, value, "a number")
    return float(value)


def _whole(row: Mapping[str, Any], key: str, low: int, high: int, expected: str) -> int:
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadCard(key, value, expected)
    return value


def _table(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key)
    if not isinstance(value, Mapping):
        raise BadCard(key, value, f"a table [{key}]")
    return value


def _rows(row: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise BadCard(key, value, f"tables [[{key}]]")
    return value
