"""Marks on the film of the reading page: given to the viewer, kept as drawn; key images."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.actor import Actor
from workbench.domain.errors import NotFound, Stale
from workbench.domain.mark import KeyImage, MarkSet
from workbench.domain.report import ReportKind
from workbench.language import translator
from workbench.panels import words
from workbench.panels.asked import Asked
from workbench.workflow import marks
from workbench.workflow.exams import Case


@dataclass(slots=True)
class Films:
    """What is marked on the films of the exam in the viewer, as this page last saw it."""

    exam_id: str = ""
    sets: Mapping[str, MarkSet] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()  # films with a picture that is a key image
    told: bool = False  # that what is drawn here is not kept

    @property
    def revisions(self) -> dict[str, int]:
        """Of every film that was ever marked: what a signature is given for."""
        return {key: one.revision for key, one in self.sets.items() if one.revision}


def of_case(page: Any, actor: Actor, found: Case, *, prior: bool) -> Films:
    """Marks of an opened case; of an earlier exam only what was signed."""
    if not any(copy.form == "full" for copy in found.copies):
        return Films()  # no film: nothing to ask for, now and at every notice
    station = page.desk.station
    if not prior:
        sets, keys = marks.of_exam(station, actor, found.exam.id)
        return Films(found.exam.id, sets, _films_of(keys))
    # an addendum adds words only: the marks are those of the report it was added to
    stands = [
        v for v in found.versions
        if v.kind is ReportKind.ORIGINAL and v.released_at and v.id not in found.retractions
    ]  # fmt: skip
    signed = marks.signed(station, actor, stands[-1].id) if stands else None
    if signed is None:
        return Films(found.exam.id)
    sets = {one.instance_id: one for one in signed.films}
    return Films(found.exam.id, sets, _films_of(signed.keys))


def _films_of(keys: tuple[KeyImage, ...]) -> frozenset[str]:
    return frozenset(one.instance_id for one in keys)


def lay_out(page: Any, keys: Iterable[str]) -> None:
    """Give the viewer what was kept of the films it is about to show."""
    kept = {**page.desktop.wall.films.sets, **page.desktop.films.sets}
    page.film.marks = {
        key: [one.as_dict() for one in kept[key].marks] if key in kept else [] for key in keys
    }


def view(page: Any, key: str) -> dict[str, object]:
    """What the page says of the marks of the film that the toolbar belongs to."""
    desktop = page.desktop
    own = key in _own(page)
    films = desktop.films if own else desktop.wall.films
    kept = films.sets.get(key)
    return {
        "id": key,
        "count": len(kept.marks) if kept else 0,
        "at": words.clock(kept.at) if kept and kept.at else "",
        "key": key in films.keys,
        "may": own and desktop.holding and desktop.prior is None,
    }


def keep(page: Any, actor: Actor, asked: Asked) -> None:
    """The reader changed what is on a film: keep it over the revision this page last saw."""
    key, desktop = asked.text("id", 64), page.desktop
    if not _on_the_desk(page, key):
        return  # a late word of a film that was put away, or that only lies here to be read
    try:
        new = marks.save(
            page.desk.station, actor, desktop.exam_id, key, asked.data.get("marks"),
            desktop.films.revisions.get(key, 0),
        )  # fmt: skip
    except Stale:
        refresh(page, actor)  # somebody else's marks join those on the screen
        raise
    desktop.films.sets = {**desktop.films.sets, key: new}
    _say(page, key)


def choose(page: Any, actor: Actor, asked: Asked) -> None:
    """Make the film on show a key image of the report, or no longer one."""
    key, desktop = asked.text("id", 64), page.desktop
    if key not in _own(page) or desktop.prior is not None:
        raise NotFound("display copy", key)
    chosen = asked.yes("chosen")
    marks.choose(page.desk.station, actor, desktop.exam_id, key, chosen=chosen)
    keys = set(desktop.films.keys) | {key} if chosen else set(desktop.films.keys) - {key}
    desktop.films.keys = frozenset(keys)
    _say(page, key)


def refresh(page: Any, actor: Actor) -> None:
    """Another window marked the same exam: show its marks too."""
    desktop = page.desktop
    if desktop.case is None or desktop.prior is not None or not desktop.films.exam_id:
        return
    before = desktop.films
    sets, keys = marks.of_exam(page.desk.station, actor, desktop.exam_id)
    now = Films(desktop.exam_id, sets, _films_of(keys), before.told)
    if now.revisions == before.revisions and now.keys == before.keys:
        return
    desktop.films = now
    shown = list(page.film.marks)
    if any(now.revisions.get(key, 0) != before.revisions.get(key, 0) for key in shown):
        lay_out(page, shown)
    _say(page, (page.viewing.get("marks") or {}).get("id", ""))


def _on_the_desk(page: Any, key: str) -> bool:
    desktop = page.desktop
    if key not in _own(page) and key not in page.film.marks:
        return False
    if key in _own(page) and desktop.prior is None and desktop.holding:
        return True
    if not desktop.films.told:
        desktop.films.told = True
        _ = translator(page.language)
        page.tell(_("What is drawn here is not kept: the report is not yours to write."), "info")
    return False


def _own(page: Any) -> set[str]:
    """Pictures of the exam on the desk, or of the earlier one in its place."""
    return {one.source["id"] for one in page.desktop.pictures}


def _say(page: Any, key: str) -> None:
    """Count, time and key of the film on show, and which of the small pictures are key images."""
    viewing = page.viewing
    if not key or (viewing.get("marks") or {}).get("id") != key:
        return
    keys = page.desktop.films.keys
    pictures = [{**one, "key": one["id"] in keys} for one in viewing["pictures"]]
    page.viewing = {**viewing, "marks": view(page, key), "pictures": pictures}
