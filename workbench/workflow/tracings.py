"""What the worker says of a tracing beside the screening: names by a person, fitness of a file."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from workbench import editions
from workbench.domain.ecg_format import CODES
from workbench.domain.errors import Invalid
from workbench.domain.lead_names import LeadNames
from workbench.domain.received import Received
from workbench.domain.trace import Trace
from workbench.formats.leads import renamed
from workbench.rules.ecg_format import check_format
from workbench.store.instances import DisplayCopy

BOOK = "ecg-format-2026.1"


def as_named(received: Received, given: LeadNames | None, zone: ZoneInfo) -> Received:
    """The recording with the names a person gave; names that no longer fit are told, not used.

    The day of the decision is told by the calendar of the examining institution.
    """
    if received.trace is None or given is None:
        return received
    try:
        there = replace(given, at=given.at.astimezone(zone))
        return replace(received, trace=renamed(received.trace, there))
    except Invalid:  # a newer reader names the leads otherwise than when the person decided
        note = "the lead names that a person gave do not fit this file any more; name them again"
        return replace(received, trace=replace(received.trace, notes=(*received.trace.notes, note)))


def naming(given: LeadNames | None) -> dict[str, object]:
    """What the copy must know to name the leads again: the file's name -> the present one."""
    if given is None or not given.names:
        return {}
    return {"named": dict(given.names), "named_reason": given.reason}


def gate(trace: Trace) -> list[dict[str, object]]:
    """What speaks against reading anything from this trace, ready for JSON."""
    found = check_format(trace, editions.rule_book(BOOK))
    return [{"code": f.code, "text": f.text, "leads": list(f.leads)} for f in found]


def facts_of(names: Mapping[str, LeadNames]) -> str:
    """What a screening depends on beside the patient; empty while every file keeps its names."""
    held = {key: dict(one.names) for key, one in sorted(names.items()) if one.names}
    if not held:
        return ""
    text = json.dumps(held, sort_keys=True, ensure_ascii=False)
    return "+" + hashlib.sha256(text.encode()).hexdigest()[:16]


def exam_flags(
    before: Iterable[str], said: Iterable[str], copies: Iterable[DisplayCopy]
) -> tuple[str, ...]:
    """Flags of an exam after a look: what the gate said earlier gives way to what it says now."""
    now = [str(f["code"]) for one in copies for f in one.meta.get("gate", ())]
    kept = [flag for flag in before if flag not in CODES]
    return tuple(dict.fromkeys((*kept, *(f for f in said if f not in CODES), *now)))
