"""Opening, changing and putting away cases on the reading page: one round trip each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, Leased, NotFound
from workbench.domain.exam import OPEN_STATES
from workbench.domain.report import ReportBody
from workbench.domain.statement import judged
from workbench.language import translator
from workbench.panels import (
    alerts,
    beats,
    case,
    film_marks,
    hanging,
    leads,
    refused,
    report_view,
    statements_view,
    viewers,
    words,
    worklist,
)
from workbench.panels.asked import Asked
from workbench.panels.viewers import FILM, PICTURE, TRACE, Picture
from workbench.store.instances import DisplayCopy
from workbench.store.worklist import Filter
from workbench.workflow import ahead, exams
from workbench.workflow.exams import Case

AHEAD = 2  # cases fetched before they are opened


@dataclass(slots=True)
class Desktop:
    """What lies open on one page: it lives as long as the kernel, the database knows the rest."""

    wanted: Filter = field(default_factory=Filter)
    skipped: list[str] = field(default_factory=list)  # stepped over by "next", the last one last
    length: int = worklist.PAGE_ROWS
    exam_id: str = ""
    holding: bool = False
    revision: int = 0
    body: ReportBody | None = None
    pictures: Sequence[Picture] = ()
    index: int = 0  # of the picture on the page
    case: Case | None = None
    prior: Case | None = None
    films: film_marks.Films = field(default_factory=film_marks.Films)
    wall: hanging.Wall = field(default_factory=hanging.Wall)


def open_one(page: Any, actor: Actor, asked: Asked) -> None:
    """Open a case from the list; when somebody else holds it, it is shown and cannot be written."""
    key, desktop = asked.text("key", 64), page.desktop
    left = desktop.exam_id if desktop.holding and desktop.exam_id != key else None
    show(page, actor, key, hold=True, leaving=left)


def take_next(page: Any, actor: Actor, asked: Asked) -> None:
    """The most pressing case that nobody holds and this reader has not stepped over."""
    desktop = page.desktop
    unread = desktop.case is not None and desktop.case.exam.state in OPEN_STATES
    here = desktop.exam_id if unread else None
    left = desktop.exam_id or None
    found = exams.take_next(page.desk.station, actor, desktop.wanted, left, desktop.skipped)
    if found and found.exam.id in desktop.skipped:  # all others are read, held or stepped over
        desktop.skipped = []
    if here is not None:
        desktop.skipped = [*(k for k in desktop.skipped if k != here), here]
    if found is None:
        clear(page)
        page.tell(translator(actor.language)("Nothing else is waiting."), "info")
        look_round(page, actor, asked)
    else:
        lay(page, actor, found)


def look_round(page: Any, actor: Actor, asked: Asked) -> None:
    """The case is seen, says the browser: read the list anew, and let it fetch what comes next."""
    del asked
    worklist.refresh(page, actor)
    copies = ahead.copies(page.desk.station, actor, worklist.following(page, AHEAD))
    rest = [p for p in page.desktop.pictures if p.source["id"] not in page.film.marks]
    coming = [*rest, *viewers.pictures(copies)]
    page.film.prefetch = [dict(p.source) for p in coming if p.form == FILM]
    page.ecg.prefetch = [dict(p.source) for p in coming if p.form == TRACE]
    page.live.go_on()


def give_back(page: Any, actor: Actor, asked: Asked) -> None:
    """Put the case away for somebody else; the draft stays."""
    key = asked.text("key", 64)
    exams.give_back(page.desk.station, actor, key)
    page.desktop.skipped = [*(k for k in page.desktop.skipped if k != key), key]
    clear(page)
    worklist.refresh(page, actor)


def show(page: Any, actor: Actor, key: str, *, hold: bool, leaving: str | None = None) -> None:
    """Open a case and lay it on the page; one that somebody else holds lies there to be read."""
    station, conflict = page.desk.station, ""
    writes = actor.may(Act.DRAFT_WRITE)
    try:
        found = exams.open_case(station, actor, key, hold=hold and writes, leaving=leaving)
    except Leased as error:
        conflict = str(error.facts["holder"])
        found = exams.open_case(station, actor, key, hold=False, leaving=leaving)
    lay(page, actor, found, conflict)


def lay(page: Any, actor: Actor, found: Case, conflict: str = "") -> None:
    """Lay an opened case on the page: its words leave first, its picture right behind them."""
    desktop = page.desktop
    page.live.wait()
    desktop.exam_id, desktop.case, desktop.prior = found.exam.id, found, None
    desktop.holding = found.exam.lease_by == actor.username and found.exam.state in OPEN_STATES
    desktop.revision = found.draft.revision if found.draft else 0
    desktop.body = found.draft.body if found.draft else None
    desktop.pictures = viewers.of_case(found, actor.language)
    desktop.films = film_marks.of_case(page, actor, found, prior=False)
    hanging.on_opening(page)
    # the case travels in one message, before those of the viewers: all is painted in one frame
    with page.film.hold_sync(), page.ecg.hold_sync(), page.hold_sync():
        page.laid += 1
        page.problems = []
        page.saved = {}
        page.case = {**case.view(found, actor), "held_by": conflict}
        page.report = report_view.view(found, actor)
        alerts.lay_out(page, actor, [(a, found.alert_steps[a.id]) for a in found.alerts])
        beats.texts(page, actor)
        page.ecg.pointed = {}
        statements_view.lay_out(page, actor, judged(found.screenings, found.alerts, found.verdicts))
        show_picture(page, actor, 0)


def clear(page: Any) -> None:
    """An empty desk."""
    page.desktop.exam_id, page.desktop.case, page.desktop.prior = "", None, None
    page.desktop.holding, page.desktop.pictures = False, ()
    page.desktop.films, page.desktop.wall = film_marks.Films(), hanging.Wall()
    with page.hold_sync():
        page.case, page.report, page.alerts, page.viewing = {}, {}, [], {}
        page.starting, page.statements = {}, {}


def image(page: Any, actor: Actor, asked: Asked) -> None:
    """Another picture of the same exam, into the chosen place."""
    index, pictures = asked.whole("index", 0, 999), page.desktop.pictures
    if index < len(pictures) and pictures[index].form == FILM:
        hanging.put(page, pictures[index].source["id"])
    show_picture(page, actor, index)


def prior(page: Any, actor: Actor, asked: Asked) -> None:
    """An earlier exam in the viewer, read-only and clearly dated; the report form stays.

    Films of before lie beside those of the case first; asked for once more, and where nothing lies
    beside each other, it takes the place of the case.
    """
    desktop, key = page.desktop, asked.text("prior", 64)
    if desktop.case is None or key not in {p.id for p in desktop.case.priors}:
        raise NotFound("exam", key)
    if desktop.prior is None and hanging.compare(page, actor, key):
        show_films(page, actor)
        return
    desktop.prior = exams.open_case(page.desk.station, actor, key, hold=False)
    desktop.pictures = viewers.of_case(desktop.prior, actor.language)
    desktop.films = film_marks.of_case(page, actor, desktop.prior, prior=True)
    if desktop.pictures and desktop.pictures[0].form == FILM:
        hanging.alone(page, desktop.pictures[0].source["id"])
    show_picture(page, actor, 0)


def back(page: Any, actor: Actor, asked: Asked) -> None:
    """From the earlier exam back to the case."""
    del asked
    desktop = page.desktop
    if desktop.case is None:
        raise Invalid("case", "nothing", "an open case")
    desktop.prior = None
    desktop.pictures = viewers.of_case(desktop.case, actor.language)
    desktop.films = film_marks.of_case(page, actor, desktop.case, prior=False)
    hanging.on_opening(page)
    show_picture(page, actor, 0)


def renew(page: Any, actor: Actor) -> None:
    """Copies of the open case were made anew: show those, and leave the report form alone."""
    desktop = page.desktop
    if desktop.case is None or desktop.prior is not None:
        return
    now = ahead.copies(page.desk.station, actor, [desktop.exam_id])
    if _looks(now) == _looks(desktop.case.copies):
        return
    found = exams.open_case(page.desk.station, actor, desktop.exam_id, hold=False)
    desktop.case, desktop.pictures = found, viewers.of_case(found, actor.language)
    desktop.films = film_marks.of_case(page, actor, found, prior=False)
    with page.hold_sync():
        page.case = {**case.view(found, actor), "held_by": page.case.get("held_by", "")}
        beats.texts(page, actor)
        hanging.keep(page)
        show_picture(page, actor, min(desktop.index, max(len(desktop.pictures) - 1, 0)))


def _looks(copies: Sequence[DisplayCopy]) -> set[tuple[str, str, str, str]]:
    """What tells one rendering from another: bytes, and the names and reasons beside them."""
    return {(c.instance_id, c.form, c.sha256, repr(c.meta)) for c in copies}


def show_picture(page: Any, actor: Actor, index: int) -> None:
    """Put one picture into its viewer and say on the page what it is."""
    desktop = page.desktop
    desktop.index = index
    chosen = desktop.pictures[index] if index < len(desktop.pictures) else None
    if chosen is not None and chosen.form == FILM:
        show_films(page, actor)
        return
    if chosen is not None and chosen.form == TRACE:
        with page.ecg.hold_sync():
            found = (desktop.prior or desktop.case).screenings
            page.ecg.findings = viewers.findings_of(found, chosen.digest, actor.language)
            page.ecg.beats_s = viewers.beats_of(found, chosen.digest)
            beats.lay_out(page, actor)
            page.ecg.src = dict(chosen.source)
    _say(page, actor, chosen, chosen.source["id"] if chosen else "")


def show_films(page: Any, actor: Actor) -> None:
    """Hang the films: all that a viewer must know of them leaves in one message."""
    desktop, found = page.desktop, hanging.sources(page, actor)
    with page.film.hold_sync():
        film_marks.lay_out(page, [one["id"] for one in found if "id" in one])
        page.film.hanging = desktop.wall.layout
        page.film.comparable = bool(desktop.wall.exam_id)
        page.film.beside = found[1:]
        page.film.src = found[0] if found else {}
    speak_of(page, actor)


def speak_of(page: Any, actor: Actor) -> None:
    """Words of the page for the film that the toolbar belongs to."""
    desktop, first = page.desktop, page.film.src.get("id", "")
    key = page.film.chosen if page.film.chosen in page.film.marks else first
    ids = [p.source["id"] for p in desktop.pictures]
    if key in ids:
        desktop.index = ids.index(key)
    _say(page, actor, desktop.pictures[desktop.index], first, key)


def _say(page: Any, actor: Actor, chosen: Picture | None, held: str, marked: str = "") -> None:
    desktop = page.desktop
    hung = set(page.film.marks) if chosen is not None and chosen.form == FILM else set()
    page.viewing = {
        "form": chosen.form if chosen else "",
        # a viewer is seen only while it holds this picture: words and picture change together
        "id": held,
        "index": desktop.index,
        "url": chosen.source["url"] if chosen and chosen.form == PICTURE else "",
        "leads": leads.view(page, actor, chosen),
        "marks": film_marks.view(page, marked) if marked else None,
        "notes": list(chosen.notes) if chosen else [],
        "pictures": [
            {
                "id": p.source["id"],
                "form": p.form,
                "label": p.label,
                "preview": p.source.get("preview_url", ""),
                "key": p.source["id"] in desktop.films.keys,
                "shown": p.source["id"] in hung,
            }
            for p in desktop.pictures
        ],
        "refused": refused.refused(desktop.prior or desktop.case, actor.language),
        "prior": _prior_seen(desktop, actor),
    }


def _prior_seen(desktop: Desktop, actor: Actor) -> dict[str, object] | None:
    """The earlier exam in place of the case, or beside it."""
    if desktop.prior is not None:
        return {**_prior_view(desktop.prior, actor), "beside": False}
    compared = desktop.wall.case if any(s.like for s in desktop.wall.slots) else None
    return {**_prior_view(compared, actor), "beside": True} if compared else None


def _prior_view(found: Case, actor: Actor) -> dict[str, object]:
    return {
        "id": found.exam.id,
        "at": words.moment(found.exam.taken_at, found.site.time_zone),
        "label": viewers.prior_label(found.exam, actor.language),
        "versions": report_view.versions(found, actor),
    }
