"""The picture of a film that should be taken again, for the clinic; every look is noted."""

from hashlib import sha256

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import NotFound
from workbench.formats import view_picture
from workbench.formats.mark_drawing import height_of_pixel
from workbench.store import audit, exams, instances, retakes, sites
from workbench.workflow.station import Station
from workbench.workflow.view_only import FORMS, MEASURED, Allowed


def picture(station: Station, actor: Actor, key: str) -> Allowed:
    """The film of a request; NotFound for other institutions, and while it has no picture."""
    actor.check(Act.RETAKE_ANSWER)
    with station.store.change() as conn:
        one = retakes.get(conn, key)
        if one.site_code != actor.site_code:
            raise NotFound("retake request", key)
        exams.get(conn, one.exam_id, sites.scope_of(conn, actor, station.today()))
        copies = instances.copies(conn, one.exam_id)
        of_film = {c.form: c for c in copies if c.instance_id == one.instance_id}
        source = next((of_film[form] for form in FORMS if form in of_film), None)
        if source is None or MEASURED not in of_film:
            raise NotFound("display copy", one.instance_id)
        audit.note(
            conn, station.now(), chain=one.site_code, actor=actor.username,
            act=f"{Act.RETAKE_ANSWER}.look", object=f"retake/{one.id}",
            detail={"instance": one.instance_id},
        )  # fmt: skip
    tall = height_of_pixel(of_film[MEASURED].meta)
    named = f"{source.sha256} {tall!r} {view_picture.EDITION}"
    return Allowed(source, tall, sha256(named.encode()).hexdigest())
