"""Files that a person brings: upload from the page, import from the command line."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from workbench.domain.actor import Act, Actor, Role
from workbench.domain.errors import NotPermitted, WorkbenchError
from workbench.domain.kinds import ExamKind
from workbench.formats import grouping, picture_kind
from workbench.workflow import orders
from workbench.workflow.arrivals import Filing, Outcome, Sender, file_recording
from workbench.workflow.station import Station

HEAD = 2048  # bytes that tell a picture from anything else


def upload(
    station: Station,
    actor: Actor,
    files: Mapping[str, Path],
    order_id: str | None = None,
    pictures: str | None = None,
) -> list[tuple[tuple[str, ...], Outcome]]:
    """File what a clinic uploads under its own institution; the files are taken over.

    `pictures` says what photos and PDF files show; a request for an ECG says the same.
    """
    actor.check(Act.EXAM_IMPORT)
    if order_id:
        order = orders.check_free(station, actor, order_id)  # before anything is filed
        pictures = pictures or order.kind
    brought = (actor.site_code, called(files, pictures), order_id)
    return _bring(station, actor, f"upload:{actor.username}", brought)


def import_files(
    station: Station,
    actor: Actor,
    files: Mapping[str, Path],
    site_code: str,
    pictures: str | None = None,
) -> list[tuple[tuple[str, ...], Outcome]]:
    """File what an administrator imports for any institution; the files are taken over."""
    actor.check(Act.EXAM_IMPORT)
    if actor.role is not Role.ADMIN and actor.site_code != site_code:
        raise NotPermitted(actor.username, Act.EXAM_IMPORT, "only for the own institution")
    brought = (site_code, called(files, pictures), None)
    return _bring(station, actor, f"import:{actor.username}", brought)


def called(files: Mapping[str, Path], pictures: str | None) -> Mapping[str, Path]:
    """Files by their names; plain pictures that a person calls ECGs bear the mark of it."""
    if pictures != ExamKind.ECG:
        return files
    found = {}
    for name, path in files.items():
        with path.open("rb") as file:
            found[picture_kind.marked(name, file.read(HEAD))] = path
    return found


def _bring(
    station: Station,
    actor: Actor,
    source: str,
    brought: tuple[str, Mapping[str, Path], str | None],
) -> list[tuple[tuple[str, ...], Outcome]]:
    site_code, files, order_id = brought
    results = []
    for group in grouping.recordings(files):
        sender = Sender(site_code=site_code, source=source)
        outcome = file_recording(station, sender, {n: files[n] for n in group})
        if order_id and outcome.filing is Filing.FILED and outcome.exam_id:
            try:
                orders.attach(station, actor, order_id, outcome.exam_id)
                order_id = None  # one request asks for one exam
            except WorkbenchError as error:  # the file is filed: say so, and go on with the rest
                outcome = replace(outcome, reason=str(error))
        results.append((group, outcome))
    return results
