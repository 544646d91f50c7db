"""Patients, likely same persons and UID conflicts as the page shows them: always side by side."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workbench.domain.actor import Actor
from workbench.domain.conflict import Newcomer
from workbench.domain.exam import Exam, ExamState
from workbench.language import label, translator
from workbench.panels import words
from workbench.panels.words import Translate
from workbench.workflow.conflicts import Pair
from workbench.workflow.patients import Known, Person, Suggestion

# What of a header is worth comparing; the UIDs of study and series tell two exams apart.
_FIELDS = (
    "exam_start", "exam_end", "device_clock", "modality", "body_part", "laterality", "view",
    "accession", "study_uid", "series_uid", "sop_class", "transfer_syntax", "institution",
    "station", "manufacturer", "model", "referring",
)  # fmt: skip
_TIMES = frozenset({"exam_start", "exam_end"})
_WHO = ("local_id", "name", "sex", "birth_date")
_MOST_TAGS = 40
_STANDING = frozenset({ExamState.SIGNED, ExamState.RELEASED})


def record(known: Known, names: Mapping[str, str], language: str) -> dict[str, object]:
    """One institution's record of a patient."""
    one, _ = known.patient, translator(language)
    return {
        "id": one.id,
        "person": one.person_id,
        "site": names.get(one.site_code, one.site_code),
        # "?" marks a number the house made up because the file had none
        "number": "" if one.local_id.startswith("?") else one.local_id,
        "local_id": one.local_id,
        "name": one.name,
        "repaired": one.name_repaired,
        "sex": words.sex(one.sex, _),
        "birth": one.birth_date.isoformat() if one.birth_date else "",
        "national_id": one.national_id or "",
        "exams": known.exams,
        "last": words.day(known.last),
    }


def person(found: Person, names: Mapping[str, str], language: str) -> dict[str, object]:
    """One person with all records the actor may see, and the exams under them."""
    numbers = {k.patient.id: k.patient.local_id for k in found.records}
    return {
        "key": found.records[0].patient.person_id,
        "records": [record(k, names, language) for k in found.records],
        "exams": [
            {**exam(e, names, language), "under": numbers[e.patient_id]} for e in found.exams
        ],
    }


def exam(one: Exam, names: Mapping[str, str], language: str) -> dict[str, object]:
    """One line about an exam."""
    _ = translator(language)
    return {
        "id": one.id,
        "kind": one.kind.value,
        "kind_label": label(one.kind, _),
        "site": names.get(one.site_code, one.site_code),
        "part": words.part(one.body_part, _),
        "at": words.moment(one.taken_at)[:16],
        "state": label(one.state, _),
        "images": one.images,
        "reported": one.state in _STANDING,
    }


def suggestion(found: Suggestion, names: Mapping[str, str], language: str) -> dict[str, object]:
    """Two records and why they may be one person."""
    return {
        "key": f"{found.one.patient.id}/{found.other.patient.id}",
        "why": label(found.why, translator(language)),
        "one": record(found.one, names, language),
        "other": record(found.other, names, language),
    }


def conflict(pair: Pair, names: Mapping[str, str], actor: Actor) -> dict[str, object]:
    """Both files of one UID, line by line; what differs is marked."""
    one, said, _ = pair.conflict, pair.conflict.newcomer, translator(actor.language)
    ready = said is not None and not said.unreadable
    number = str(said.patient.get("local_id") or "") if said else ""
    return {
        "id": one.id,
        "uid": one.uid,
        "site": names.get(one.site_code, one.site_code),
        "exam": exam(pair.exam, names, actor.language),
        "patient": pair.patient.name,
        "pending": said is None,
        "unreadable": words.evidence(said.unreadable, _) if said and said.unreadable else "",
        "ready": ready,
        "number": number,
        # the act refuses it as well: two people in one exam
        "other_person": bool(number) and number != pair.patient.local_id,
        "rows": _arrivals(pair, _) + (_who(pair, said, _) if said and ready else []),
        "header": _header(pair, said, _) if said and ready else [],
    }


def _line(name: str, first: object, later: object, _: Translate) -> dict[str, object]:
    missing = _("not given")
    return {
        "label": words.named("HeaderField", name, _),
        "first": str(first or "") or missing,
        "later": str(later or "") or missing,
        "differs": str(first or "") != str(later or ""),
    }


def _arrivals(pair: Pair, _: Translate) -> list[dict[str, object]]:
    first, later = pair.first, pair.conflict
    return [
        _line("source", first.source, later.source, _),
        # of course they came at two times: nothing to mark
        {**_line("received", words.moment(first.received_at), words.moment(later.received_at), _),
         "differs": False},
        _line("size", _size(sum(p.size for p in first.parts)),
              _size(sum(p.size for p in later.parts)), _),
    ]  # fmt: skip


def _size(number: int) -> str:
    return f"{number / 1e6:.2f} MB" if number >= 1e6 else f"{number / 1e3:.1f} kB"


def _who(pair: Pair, said: Newcomer, _: Translate) -> list[dict[str, object]]:
    stored = pair.patient
    birth = stored.birth_date.isoformat() if stored.birth_date else ""
    number = "" if stored.local_id.startswith("?") else stored.local_id
    first = {"local_id": number, "name": stored.name, "birth_date": birth,
             "sex": words.sex(stored.sex, _)}  # fmt: skip
    later = {**said.patient, "sex": words.sex(str(said.patient.get("sex") or ""), _)}
    return [_line(name, first[name], later.get(name), _) for name in _WHO]


def _header(pair: Pair, said: Newcomer, _: Translate) -> list[dict[str, object]]:
    """Header fields that differ; fields that both files leave out say nothing."""
    one, other = pair.first.header, said.header
    lines = [_line(n, _shown(n, one.get(n)), _shown(n, other.get(n)), _) for n in _FIELDS]
    tags, others = _tags(one), _tags(other)
    lines += [_line(k, tags.get(k), others.get(k), _) for k in sorted({*tags, *others})]
    return [line for line in lines if line["differs"]][:_MOST_TAGS]


def _shown(name: str, value: Any) -> str:
    if name in _TIMES and value:
        return words.moment(datetime.fromisoformat(str(value)))
    return str(value or "")


def _tags(header: Mapping[str, Any]) -> Mapping[str, Any]:
    found = header.get("tags")
    return found if isinstance(found, Mapping) else {}
