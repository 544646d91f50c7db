"""One case beside its pictures: who, why, what was flagged, what was read before."""

from collections.abc import Mapping
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.event import Clock, EventKind
from workbench.domain.finding import Finding, Screening
from workbench.domain.model_card import MODEL_PREFIX
from workbench.domain.order import Known
from workbench.editions import finding_terms
from workbench.language import label, translator
from workbench.panels import film_sheet, looked_for, retakes_view, viewers, words
from workbench.panels.words import Translate
from workbench.workflow.exams import Case

_TIMES = (EventKind.ORDERED, EventKind.EXAM_START, EventKind.EXAM_END, EventKind.RECEIVED,
          EventKind.SCREENED, EventKind.ASSIGNED, EventKind.FIRST_OPEN, EventKind.SIGNED,
          EventKind.COUNTERSIGNED, EventKind.RELEASED, EventKind.DELIVERED,
          EventKind.SEEN_BY_SENDER, EventKind.AMENDED, EventKind.RECHECKED,
          EventKind.RETRACTED)  # fmt: skip


def view(case: Case, actor: Actor) -> dict[str, object]:
    """Everything the right-hand side shows, except critical values and the report."""
    _, exam, site = translator(actor.language), case.exam, case.site
    return {
        "id": exam.id,
        "kind": exam.kind.value,
        "kind_label": label(exam.kind, _),
        "state": exam.state.value,
        "state_label": label(exam.state, _),
        "urgency": exam.urgency.value,
        "urgency_label": label(exam.urgency, _),
        "since": words.millis(exam.received_at),
        "patient": _patient(case, _),
        "site": {"name": site.name, "phone": site.phone},
        "accession": exam.accession,
        "part": words.part(exam.body_part, _),
        "taken": viewers.taken(exam, words.moment(exam.taken_at, site.time_zone), _),
        "times": _times(case, _),
        "order": _order(case, _),
        "flags": [words.named("Flag", f, _) for f in exam.flags],
        "screening": exam.screening.value,
        "prompts": _prompts(case, actor.language),
        "device": _device(case),
        "priors": [
            {"id": p.id, "label": viewers.prior_label(p, actor.language)} for p in case.priors
        ],
        "files": len(case.files),
        "retakes": retakes_view.of_case(case, actor),
        "movable": actor.may(Act.EXAM_REFILE),
    }


def _patient(case: Case, _: Translate) -> dict[str, object]:
    one, exam = case.patient, case.exam
    return {
        "name": one.name,
        "repaired": one.name_repaired,
        "sex": words.sex(one.sex, _),
        "age": words.age(one.birth_date, exam.taken_at, case.site.time_zone, _),
        "birth": one.birth_date.isoformat() if one.birth_date else "",
        # "?" marks a number the house made up because the file had none
        "number": "" if one.local_id.startswith("?") else one.local_id,
    }


def _times(case: Case, _: Translate) -> list[dict[str, object]]:
    first: dict[EventKind, Any] = {}
    for event in case.events:
        first.setdefault(event.kind, event)
    return [
        {
            "label": label(kind, _),
            "at": words.moment(first[kind].at, case.site.time_zone),
            "device": first[kind].clock is Clock.DEVICE,
        }
        for kind in _TIMES
        if kind in first
    ]


def _order(case: Case, _: Translate) -> dict[str, object]:
    """The request; what was not filled in is empty here and said to be missing on the page."""
    order = case.order
    if order is None:
        return {"present": False}
    return {
        "present": True,
        "reason": order.reason,
        "chest_pain": _known(order.chest_pain, _),
        "syncope": _known(order.syncope, _),
        "warn_chest_pain": order.chest_pain is Known.YES,
        "warn_syncope": order.syncope is Known.YES,
        "potassium": "" if order.potassium is None else f"{order.potassium:g} mmol/L",
        "urgency": label(order.urgency, _),
        "accession": order.accession,
        # the number on the request and the number in the file should be the same person's
        "other_patient": order.local_id.strip() != case.patient.local_id.strip(),
        "patient": f"{order.patient_name} {order.local_id}".strip(),
    }


def _known(value: Known, _: Translate) -> str:
    return "" if value is Known.UNKNOWN else label(value, _)


def _prompts(case: Case, language: str) -> list[dict[str, object]]:
    """What the screener said, once for the images of which it said the same, named by them."""
    titles = viewers.titles(case, language) if len(case.files) > 1 else {}
    groups: list[tuple[dict[str, object], list[str]]] = []
    for said in case.screenings:
        shown = _prompt(said, language)
        of = next((images for one, images in groups if one == shown), None)
        if of is None:
            groups.append((shown, of := []))
        if said.digest in titles:
            of.append(titles[said.digest])
    order = {title: n for n, title in enumerate(titles.values())}
    return [{**one, "images": sorted(images, key=order.__getitem__)} for one, images in groups]


def _prompt(said: Screening, language: str) -> dict[str, object]:
    _ = translator(language)
    support = said.screener.startswith(MODEL_PREFIX)
    edition = " · ".join(p for p in (said.screener, said.version, said.rulebook) if p)
    return {
        "support": support,  # a model's: never shown among what was measured
        "assessed": said.assessed,
        "reason": words.evidence(said.reason, _),
        "findings": [_finding(f, language) for f in said.findings],
        "quality": [_finding(f, language) for f in said.quality],
        "sheet": film_sheet.view(said.sheet, language),
        "looked_for": looked_for.view(said, language),
        "notes": [words.evidence(n, _) for n in said.gate.notes],
        "measurements": [
            {
                "name": m.name.partition(".")[2]
                if support
                else words.named("Measurement", m.name, _),
                "value": words.amount(m, _),
                "reason": words.evidence(m.reason, _),
            }
            for m in said.measurements
        ],
        "edition": edition,
    }


def _finding(one: Finding, language: str) -> dict[str, object]:
    _ = translator(language)
    return {
        "code": one.code,
        "label": words.statement(finding_terms().get(one.code), one.code, language),
        "severity": one.severity.value,
        "severity_label": label(one.severity, _),
        "evidence": words.evidence(one.evidence, _),
    }


def _device(case: Case) -> list[str]:
    """Statements of the machines themselves; never ours."""
    return [
        str(line)
        for copy in case.copies
        for device in (copy.meta.get("device"),)
        if isinstance(device, Mapping)
        for line in device.get("statements", ())
    ]
