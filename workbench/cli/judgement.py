"""One screening as the object that `workbench screen --json` prints; other programs rely on it."""

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.domain.finding import Measurement, Screening
from workbench.store.screenings import as_json

NOT_MEASURABLE = "not_measurable"


def as_line(name: str, said: Screening, elapsed_ms: float) -> dict[str, Any]:
    """The promised keys; a number that could not be had is null, and `quality` says why."""
    data = as_json(said)
    return {
        "file": name,
        "modality": said.modality,
        "assessed": said.assessed,
        "reason": said.reason,
        "gate": {"accepted": said.gate.accepted, "codes": list(said.gate.codes)},
        "grade": said.grade if said.sheet is None else said.sheet.grade,
        "quality": [
            *data["quality"],
            *(_item(one) for one in (data.get("sheet") or {}).get("items", ())),
            *(_technical("note", text) for text in said.gate.notes),
            *_missing(said.measurements),
        ],
        "measurements": _numbers(said.measurements),
        "beats_s": data["beats_s"],
        "findings": [{k: f[k] for k in ("code", "severity", "evidence")} for f in data["findings"]],
        "screener": {
            "name": said.screener,
            "version": said.version,
            "rulebook": said.rulebook,
            "digest": said.digest,
        },
        "elapsed_ms": round(elapsed_ms, 1),
    }


def _numbers(measurements: Iterable[Measurement]) -> dict[str, Any]:
    """Value by name; what is measured per lead (``st_j_mv.V1``) becomes one object by lead."""
    values: dict[str, Any] = {}
    errors: dict[str, float] = {}
    for one in measurements:
        name, _, lead = one.name.partition(".")
        if lead:
            values.setdefault(name, {})[lead] = one.value
        else:
            values[name] = one.value
        if one.error is not None:
            errors[one.name] = one.error
    return {**values, "standard_error": errors} if errors else values


def _missing(measurements: Iterable[Measurement]) -> list[Mapping[str, Any]]:
    """Why each number is null, in the form of the other statements about the recording."""
    return [
        _technical(NOT_MEASURABLE, f"{one.name}: {one.reason}")
        for one in measurements
        if one.value is None
    ]


def _item(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """One row of the quality sheet: points got and points the item is worth."""
    return {**one, "points": one["got"], "severity": "technical"}


def _technical(code: str, text: str) -> Mapping[str, Any]:
    return {"code": code, "severity": "technical", "evidence": text, "rule": "", "place": {}}
