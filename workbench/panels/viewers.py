"""What the viewers show: films and traces of a case as addresses, with the words beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from workbench.domain.exam import Exam
from workbench.domain.finding import Screening
from workbench.editions import finding_terms
from workbench.language import label, translator
from workbench.panels import addresses, evidence, words
from workbench.store.instances import DisplayCopy, Instance
from workbench.workflow.exams import Case

_NO_SIDE = "U"  # of Image Laterality: the part is not one of a pair
FILM, TRACE, PICTURE = "film", "ecg", "picture"


@dataclass(frozen=True, slots=True)
class Picture:
    """One film or trace that can be shown."""

    form: str  # FILM, TRACE or PICTURE
    source: Mapping[str, Any]
    digest: str = ""  # of the file it was made of; screenings carry the same
    label: str = ""
    notes: tuple[str, ...] = field(default=())


def pictures(copies: Sequence[DisplayCopy]) -> list[Picture]:
    """Films and traces in order of arrival; a film without its full copy is not shown at all."""
    by_instance: dict[str, dict[str, DisplayCopy]] = {}
    for one in copies:
        by_instance.setdefault(one.instance_id, {})[one.form] = one
    found = []
    for key, forms in by_instance.items():
        if "full" in forms and "preview" in forms:
            found.append(Picture(FILM, _film(key, forms)))
        elif "trace" in forms:
            found.append(Picture(TRACE, _trace(key, forms)))
        elif "picture" in forms:
            one = forms["picture"]
            source = {"id": key, "url": addresses.copy(one), "meta": dict(one.meta)}
            found.append(Picture(PICTURE, source))
    return found


def titles(case: Case, language: str) -> dict[str, str]:
    """What the viewer calls each image of a case, by the digest of its file."""
    _ = translator(language)
    files = {f.id: f for f in case.files}
    shown = [files[one.source["id"]] for one in pictures(case.copies)]
    return {f.sha256: title(case, number, f, _) for number, f in enumerate(shown, start=1)}


def title(case: Case, number: int, file: Instance, _: words.Translate) -> str:
    """What a file of a case is called: its number, view and side, as far as the file says them."""
    said = (
        words.named(noun, said, _) if (said := file.header.get(key)) and said != _NO_SIDE else ""
        for noun, key in (("View", "view"), ("Laterality", "laterality"))
    )
    return " ".join(part for part in (f"{number}/{len(case.files)}", *said) if part)


def of_case(case: Case, language: str) -> list[Picture]:
    """Pictures of a case with their captions and the notes of their files."""
    _ = translator(language)
    files = {f.id: f for f in case.files}
    found = []
    for number, plain in enumerate(pictures(case.copies), start=1):
        file = files[plain.source["id"]]
        notes = [_(str(n)) for n in plain.source["meta"].get("notes", ())]
        if case.patient.name_repaired and "charset_repaired" in file.flags:
            notes.append(words.named("Flag", "charset_repaired", _))
        name = title(case, number, file, _)
        meta = {**plain.source["meta"], "caption": caption(case, language), "notes": notes}
        if plain.form == FILM:
            meta["evidence"] = evidence.of_film(case.screenings, file.sha256, language)
        if plain.form == TRACE:
            meta["device"] = device_line(plain.source["meta"].get("device"), language)
            meta["gate"] = gate_of(plain.source["meta"], language)
            if meta.get("no_beat"):
                meta["no_beat"] = words.evidence(str(meta["no_beat"]), _)
        found.append(
            Picture(plain.form, {**plain.source, "meta": meta}, file.sha256, name, tuple(notes))
        )
    return found


def gate_of(meta: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """What speaks against reading anything from a trace, in the page's language."""
    _ = translator(language)
    return [
        {**fault, "label": words.named("Flag", fault["code"], _),
         "text": words.evidence(str(fault["text"]), _), "mark": _(": ")}
        for fault in meta.get("gate", ())
    ]  # fmt: skip


def caption(case: Case, language: str) -> list[str]:
    """Whose picture it is and from when: lines in the picture so that nothing is mixed up."""
    _ = translator(language)
    exam, patient = case.exam, case.patient
    on = exam.taken_at
    at = words.moment(on, case.site.time_zone)
    age = words.age(patient.birth_date, on, case.site.time_zone, _)
    who = (patient.name or _("name not given"), words.sex(patient.sex, _), age)
    return [" ".join(p for p in who if p), case.site.name, taken(exam, at, _)]


def taken(exam: Exam, at: str, _: words.Translate) -> str:
    """When it was taken; an arrival that stands in for it is called one."""
    device = exam.exam_end or exam.exam_start
    return at if device else _("received {at}").format(at=at)


def device_line(device: object, language: str) -> str:
    """What the cart itself stated, in one line that says so."""
    _ = translator(language)
    statements = device.get("statements", ()) if isinstance(device, Mapping) else ()
    if not statements:
        return ""
    return _("Stated by the device: {text}").format(text="; ".join(map(str, statements)))


def findings_of(
    screenings: Sequence[Screening], digest: str, language: str
) -> list[dict[str, Any]]:
    """Findings with a place on this trace, labelled in the page's language."""
    terms, _ = finding_terms(), translator(language)
    return [
        {
            "code": f.code,
            "label": words.statement(terms.get(f.code), f.code, language),
            "severity": f.severity.value,
            "place": dict(f.place),
        }
        for s in screenings
        if s.digest == digest
        for f in (*s.findings, *s.quality)
        if "from_s" in f.place and "to_s" in f.place
    ]


def beats_of(screenings: Sequence[Screening], digest: str) -> list[float]:
    """Times of the beats a screener found on this trace."""
    return next((list(s.beats_s) for s in screenings if s.digest == digest and s.beats_s), [])


def prior_label(exam: Exam, language: str) -> str:
    """One line of the list of earlier exams."""
    _ = translator(language)
    at = taken(exam, words.day(exam.taken_at), _)
    part = words.part(exam.body_part, _)
    return " · ".join(p for p in (at, label(exam.kind, _), part, label(exam.state, _)) if p)


def _film(key: str, forms: Mapping[str, DisplayCopy]) -> dict[str, Any]:
    preview, full = forms["preview"], forms["full"]
    return {
        "id": key,
        "preview_url": addresses.copy(preview),
        "full_url": addresses.copy(full),
        "meta": dict(full.meta),
    }


def _trace(key: str, forms: Mapping[str, DisplayCopy]) -> dict[str, Any]:
    one, beat = forms["trace"], forms.get("beat")
    source = {"id": key, "url": addresses.copy(one), "meta": dict(one.meta)}
    # a viewer goes by address, and the bytes may be the same as before
    named = f"&leads={quote(','.join(one.meta['leads']))}" if one.meta.get("named") else ""
    source["url"] += named
    if beat is not None:
        source["beat"] = {"url": addresses.copy(beat) + named, "meta": dict(beat.meta)}
    return source
