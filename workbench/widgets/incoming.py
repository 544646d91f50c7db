"""What may come from a browser is a request: shape and size are checked before anyone reads it."""

import math
import re
from collections.abc import Mapping, Sequence

from traitlets import TraitError

from workbench.domain.hanging import Layout

MESSAGES = (
    "keep_marks", "withdraw_marks", "make_beat", "compare", "print", "calibrated", "relabel",
    "layout", "earlier_film",
)  # fmt: skip
LONGEST_TEXT = 200
LAYOUTS = tuple(map(str, Layout))
STAGES = ("preview", "full", "error")
BEAT_MARKS = ("p_on", "p_off", "qrs_on", "j", "t_end")
DISPLAY = re.compile(r"[0-9a-f]{12}:\d{1,6}x\d{1,6}@-?\d{1,6},-?\d{1,6}")


def number(value: object, what: str) -> float:
    """Return `value` as a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TraitError(f"{what} must be a finite number, got {value!r:.80}")
    return float(value)


def number_or_none(value: object, what: str) -> float | None:
    """Return `value` as a finite number, or None when nothing was measured."""
    return None if value is None else number(value, what)


def text(value: object, what: str) -> str:
    """Return `value` as a short text."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise TraitError(
            f"{what} must be a text of at most {LONGEST_TEXT} signs, got {value!r:.80}"
        )
    return value


def one_of(value: object, allowed: Sequence[str], what: str) -> str:
    """Return `value` if it is one of `allowed`."""
    if value not in allowed:
        raise TraitError(f"{what} must be one of {', '.join(allowed)}, got {value!r:.80}")
    return str(value)


def record(value: object, what: str) -> Mapping[str, object]:
    """Return `value` as a mapping."""
    if not isinstance(value, Mapping):
        raise TraitError(f"{what} must be a mapping, got {value!r:.80}")
    return value


def caliper(value: object) -> dict[str, object]:
    """Return a caliper reading, or an empty one after it was removed."""
    raw = record(value, "caliper")
    if not raw:
        return {}
    return {
        "ms": number(raw.get("ms"), "caliper ms"),
        "per_min": number_or_none(raw.get("per_min"), "caliper per_min"),
        "mv": number(raw.get("mv"), "caliper mv"),
        "lead": text(raw.get("lead", ""), "caliper lead"),
        "from_s": number_or_none(raw.get("from_s"), "caliper from_s"),
        "to_s": number_or_none(raw.get("to_s"), "caliper to_s"),
    }


def shown(value: object, *, staged: bool) -> dict[str, object]:
    """Return what a viewer says is on the screen since how many ms."""
    raw = record(value, "shown")
    if not raw:
        return {}
    kept: dict[str, object] = {
        "id": text(raw.get("id"), "shown id"),
        "ms": number(raw.get("ms"), "shown ms"),
    }
    if staged:
        kept["stage"] = one_of(raw.get("stage"), STAGES, "shown stage")
    return kept


def message(value: object) -> dict[str, object]:
    """Return a message of a viewer as ``{kind, …}``; what its act takes is checked by the act."""
    raw = record(value, "message")
    kind = text(raw.get("kind"), "message kind")
    if kind == "calibrated":
        return {"kind": kind, **calibrated(raw)}
    if kind == "keep_marks":
        return {"kind": kind, **beat_marks(raw)}
    if kind in ("withdraw_marks", "make_beat", "compare"):
        return {"kind": kind, "id": text(raw.get("id"), "message id")}
    if kind == "print":
        return {"kind": kind, **print_settings(raw)}
    if kind not in MESSAGES:
        raise TraitError(f"message kind must be one of {', '.join(MESSAGES)}, got {kind!r:.80}")
    if kind == "layout":
        one_of(raw.get("layout"), LAYOUTS, "layout")
    return {str(name): part for name, part in raw.items()}


def beat_marks(raw: Mapping[str, object]) -> dict[str, object]:
    """Return the five marks of one averaged beat, in ms from its start; None where none is put."""
    given = record(raw.get("marks"), "marks")
    strange = sorted(map(str, set(given) - set(BEAT_MARKS)))
    if strange:
        raise TraitError(f"marks must be of {', '.join(BEAT_MARKS)}, got {strange!r:.80}")
    marks = {name: number_or_none(given.get(name), f"mark {name}") for name in BEAT_MARKS}
    return {"id": text(raw.get("id"), "message id"), "marks": marks}


def print_settings(raw: Mapping[str, object]) -> dict[str, object]:
    """Return which tracing is to be printed, and how it stands on the screen."""
    given = record(raw.get("settings"), "settings")
    kept: dict[str, object] = {"id": text(raw.get("id"), "message id")}
    kept |= {n: text(given[n], n) for n in ("layout", "order", "rhythm") if n in given}
    numbers = ("speed", "gain", "high_pass", "low_pass", "from_s")
    kept |= {n: number(given[n], n) for n in numbers if n in given}
    return {**kept, "notch": given.get("notch") is True}


def calibrated(raw: Mapping[str, object]) -> dict[str, object]:
    """Return which display has how many device pixels per millimetre."""
    display = text(raw.get("display"), "display")
    if not DISPLAY.fullmatch(display):
        raise TraitError(
            f"display must be a key such as 0123456789ab:1920x1080@0,0, got {display!r}"
        )
    return {"display": display, "px_per_mm": number(raw.get("px_per_mm"), "px_per_mm")}
