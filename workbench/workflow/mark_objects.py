"""From signed marks to DICOM objects: made after the release, kept as blobs, listed with the exam.

Names and times in them follow from the signature, so that making them again makes the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from workbench import language
from workbench.domain.errors import Unreadable
from workbench.domain.image import Shutter
from workbench.domain.mark import Mark, MarkObject, MarkSet, ObjectKind, SignedMarks
from workbench.formats import display_copy
from workbench.formats.writers.key_object import key_object
from workbench.formats.writers.mark_parts import FilmSource, Origin, film_source
from workbench.formats.writers.measurements import measurements
from workbench.formats.writers.presentation import presentation
from workbench.radiograph.regions import REGIONS, region_values
from workbench.radiograph.shutter import visible
from workbench.store import audit, exams, instances, jobs, marks, notices, reports, sites
from workbench.store.instances import DisplayCopy, Instance
from workbench.workflow.signed_marks import FORM
from workbench.workflow.station import Station

WORKER = "worker"


@dataclass(frozen=True, slots=True)
class _Films:
    """The films of an exam that objects can refer to, and why others cannot be."""

    sources: Mapping[str, FilmSource]
    copies: Mapping[str, DisplayCopy]
    left_out: dict[str, str] = field(default_factory=dict)


def write(station: Station, report_id: str) -> None:
    """Make the objects of a released version; running it twice changes nothing."""
    with station.store.look() as conn:
        version = reports.get(conn, report_id)
        signed = marks.signed(conn, report_id)
        gone = reports.retractions(conn, [report_id])
        exam = exams.get(conn, version.exam_id, None)
        files = instances.of_exam(conn, exam.id)
        copies = {c.instance_id: c for c in instances.copies(conn, exam.id) if c.form == FORM}
        zone = ZoneInfo(sites.get(conn, exam.site_code).time_zone)
        reading = sites.get(conn, version.reading_site).name
    if signed is None or gone or version.released_at is None:
        return  # nothing was marked, or it was taken back before they were made
    origin = Origin(
        report_id=report_id, version=version.version, author=version.author_name,
        institution=reading, signed_at=version.signed_at.astimezone(zone),
    )  # fmt: skip
    films = _films(station, signed, files, copies)
    made = []
    for kind, number, (uid, data) in _objects(station, signed, films, origin):
        blob = station.blobs.put(data)
        made.append((kind, number, uid, blob))
    now = station.now()
    with station.store.change() as conn:
        new = [
            MarkObject(
                report_id=report_id, kind=kind, number=number, uid=uid, sha256=blob.sha256,
                size=blob.size, at=now,
            )
            for kind, number, uid, blob in made
        ]  # fmt: skip
        added = [one for one in new if marks.add_object(conn, one)]
        if added:
            jobs.defer(
                conn, "deliver_objects", {"report_id": report_id}, queue="deliver",
                queueing_lock=f"{report_id}:objects:out",
            )  # fmt: skip
        notices.tell(conn, "marks", exam.id)  # the page lists them
        if added or films.left_out:
            audit.note(
                conn, now, chain=exam.site_code, actor=WORKER, act="marks.write",
                object=f"report/{report_id}",
                detail={"objects": {one.uid: one.sha256 for one in added},
                        "left_out": films.left_out},
            )  # fmt: skip


def _films(
    station: Station,
    signed: SignedMarks,
    files: Sequence[Instance],
    copies: Mapping[str, DisplayCopy],
) -> _Films:
    wanted = {f.instance_id for f in signed.films} | {k.instance_id for k in signed.keys}
    sources, left_out = {}, {}
    for one in files:
        if one.id not in wanted:
            continue
        try:
            sources[one.id] = film_source(one.id, station.blobs.read(one.parts[0].sha256))
        except Unreadable as error:
            left_out[one.id] = str(error)
    return _Films(sources, copies, left_out)


def _objects(
    station: Station, signed: SignedMarks, films: _Films, origin: Origin
) -> Iterator[tuple[ObjectKind, int, tuple[str, bytes]]]:
    chosen = list(
        dict.fromkeys(k.instance_id for k in signed.keys if k.instance_id in films.sources)
    )
    if chosen:
        yield ObjectKind.KEY, 1, key_object([films.sources[key] for key in chosen], origin)
    drawn = [f for f in signed.films if f.instance_id in films.sources]
    chinese = language.translator("zh_CN")  # as the report on paper
    for number, film in enumerate(drawn, 1):
        source = films.sources[film.instance_id]
        if source.dataset.SamplesPerPixel != 1:
            films.left_out[film.instance_id] = "in colour: a grey presentation state cannot show it"
            continue
        meta = films.copies[film.instance_id].meta
        yield (
            ObjectKind.PRESENTATION,
            number,
            presentation(source, film.marks, meta, origin, number, chinese),
        )
    counted = [(films.sources[f.instance_id], _counted(station, f, films)) for f in drawn]
    if any(v.value is not None for _, found in counted for m in found for v in m.values):
        yield ObjectKind.MEASUREMENTS, 1, measurements(counted, origin)


def _counted(station: Station, film: MarkSet, films: _Films) -> tuple[Mark, ...]:
    """The marks of a film, regions with mean and spread of the pixels inside."""
    if not any(m.tool in REGIONS for m in film.marks):
        return film.marks
    copy = films.copies[film.instance_id]
    values = display_copy.film_values(station.blobs.read(copy.sha256))
    shown = visible(values.shape, _shutter(copy.meta["shutter"]))
    if copy.meta["padding"] is not None:
        low, high = copy.meta["padding"]
        shown &= (values < low) | (values > high)
    return tuple(
        replace(m, values=(*region_values(m, values, shown), *m.values)) if m.tool in REGIONS else m
        for m in film.marks
    )


def _shutter(said: Mapping[str, Any] | Sequence[int] | None) -> Shutter | None:
    """The shutter as a copy of a film says it; earlier copies held a rectangle alone."""
    if not said:
        return None
    if not isinstance(said, Mapping):
        left, right, upper, lower = said
        return Shutter(rectangle=(left, right, upper, lower))
    rectangle, circle = said["rectangle"], said["circle"]
    return Shutter(
        rectangle=tuple(rectangle) if rectangle else None,
        circle=tuple(circle) if circle else None,
        polygon=tuple((row, column) for row, column in said["polygon"]),
    )
