"""The objects of signed marks on their way out of the house: as files, beside the report.

The hospital's own program takes them to its archive. The list of a version is written last and
names every file with its digest: what it names is whole.
"""

import json
from hashlib import sha256

from workbench.store import audit, exams, marks, notices, reports, sites
from workbench.store.reports import Handover
from workbench.workflow.deliveries import file_name, put_out
from workbench.workflow.mark_sharing import CHANNEL
from workbench.workflow.station import Station

WORKER = "worker"


def hand_over(station: Station, report_id: str) -> None:
    """Write the objects of a version to the outbox; running it twice changes nothing.

    Of a report that was taken back nothing goes out; its retraction names what went out before.
    """
    with station.store.look() as conn:
        signed = reports.get(conn, report_id)
        exam = exams.get(conn, signed.exam_id, None)
        gone = reports.retractions(conn, [report_id])
        made = [o for o in marks.objects(conn, exam.id) if o.report_id == report_id]
        name = file_name(signed, sites.get(conn, exam.site_code).time_zone)
    if gone or not made:
        return
    folder = station.settings.outbox / exam.site_code
    listed = []
    for one in made:
        file = f"{name}-{one.kind}-{one.number}.dcm"
        put_out(folder / file, station.blobs.read(one.sha256))
        listed.append({"kind": one.kind, "uid": one.uid, "sha256": one.sha256, "file": file})
    content = {"report": report_id, "exam": exam.id, "key": exam.key, "version": signed.version,
               "accession": exam.accession, "objects": listed}  # fmt: skip
    data = json.dumps(content, ensure_ascii=False, indent=1).encode()
    put_out(folder / f"{name}-objects.json", data)
    now = station.now()
    new = Handover(
        report_id=report_id, status="released", channel=CHANNEL, site_code=exam.site_code,
        sha256=sha256(data).hexdigest(), at=now,
    )  # fmt: skip
    with station.store.change() as conn:
        if not reports.delivered(conn, new):
            return
        notices.tell(conn, "marks", exam.id)
        audit.note(
            conn, now, chain=exam.site_code, actor=WORKER, act="marks.deliver",
            object=f"report/{report_id}", detail={"objects": {o.uid: o.sha256 for o in made}},
        )  # fmt: skip
