"""Marks of each signed version beside its text, and the DICOM objects made of them."""

from typing import Any

from workbench.domain.kinds import ExamKind
from workbench.domain.report import SignedReport
from workbench.formats.mark_words import calibration_words, in_a_line
from workbench.language import label, translator
from workbench.panels import addresses, viewers, words
from workbench.workflow.exams import Case
from workbench.workflow.mark_sharing import Sharing, SharingState

COMES = frozenset({SharingState.COMING, SharingState.MADE})


def view(case: Case, version: SignedReport, language: str) -> dict[str, Any]:
    """What was signed of marks with this version, where it is seen, and what was made of it."""
    found = case.sharing.get(version.id)
    return {
        "view": addresses.view(version.id) if case.exam.kind is ExamKind.DR else "",
        "marks": _films(case, found, language) if found else [],
        "objects": _objects(case, found, language) if found else None,
    }


def _titles(case: Case, language: str) -> dict[str, str]:
    """What the viewer calls each film, by its id; one without a picture by its number."""
    named = viewers.titles(case, language)
    return {
        file.id: named.get(file.sha256, f"{number}/{len(case.files)}")
        for number, file in enumerate(case.files, start=1)
    }


def _films(case: Case, found: Sharing, language: str) -> list[dict[str, Any]]:
    _, titles = translator(language), _titles(case, language)
    keys = {key.instance_id for key in found.signed.keys}
    drawn = {film.instance_id: film.marks for film in found.signed.films}
    return [
        {
            "id": one,
            "title": titles[one],
            "key": one in keys,
            "calibration": calibration_words(drawn[one][0].calibration, _) if one in drawn else "",
            "marks": [in_a_line(mark, _) for mark in drawn.get(one, ())],
        }
        for one in titles
        if one in drawn or one in keys
    ]


def _objects(case: Case, found: Sharing, language: str) -> dict[str, Any]:
    _, titles = translator(language), _titles(case, language)
    zone = case.site.time_zone
    kinds = [one.kind for one in found.objects]
    said = label(found.state, _)
    if found.out_at is not None:
        said = f"{said} {words.moment(found.out_at, zone)}"
    return {
        "state": found.state.value,
        "said": said,
        "comes": found.state in COMES,
        "rows": [
            {
                "uid": one.uid,
                "label": label(one.kind, _),
                "number": one.number if kinds.count(one.kind) > 1 else "",
                "at": words.moment(one.at, zone),
                "size": _("{n} kB").format(n=max(1, round(one.size / 1024))),
                "url": addresses.mark_object(case.exam.id, one.uid),
            }
            for one in found.objects
        ],
        "left_out": [
            {"title": titles.get(film, film), "reason": words.evidence(reason, _)}
            for film, reason in found.left_out.items()
        ],
    }
