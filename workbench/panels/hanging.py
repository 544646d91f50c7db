"""What hangs beside each other on the reading page, and which earlier films belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.domain.actor import Actor
from workbench.domain.errors import NotFound
from workbench.domain.exam import Exam
from workbench.domain.hanging import Earlier, Film, Hanging, Layout
from workbench.editions import body_parts, hanging_table, rule_book
from workbench.language import translator
from workbench.panels import film_marks, viewers, words
from workbench.panels.viewers import FILM, Picture
from workbench.rules.hanging import earlier_of, hang
from workbench.workflow import exams
from workbench.workflow.exams import Case

TABLE = "hanging-2026.1"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place on the screen: a film by its id, or the earlier film that belongs beside one."""

    film: str
    like: Film | None = None  # of the present exam, when the place is for an earlier one


@dataclass(frozen=True, slots=True)
class Wall:
    """What hangs in the film viewer."""

    layout: Layout = Layout.ONE
    slots: tuple[Slot, ...] = ()
    earlier: Earlier = Earlier.NONE
    exam_id: str = ""  # of the exam of before that is compared with
    case: Case | None = None  # it, once it was opened
    pictures: tuple[Picture, ...] = ()  # its films
    films: film_marks.Films = field(default_factory=film_marks.Films)

    @property
    def waits(self) -> bool:
        """Whether a place is kept for an exam that was not opened yet."""
        return self.case is None and any(s.like for s in self.slots)


def comparable(case: Case) -> Exam | None:
    """The newest earlier exam of the same kind and part of the body; both must be known.

    However a device spells the part; one that says too little ("extremity") is not compared with.
    """
    parts, within = body_parts(), rule_book(TABLE)["hanging.earlier_within"].value
    part, taken = parts.code(case.exam.body_part), case.exam.taken_at
    if part is None or part in parts.vague:
        return None
    fitting = (
        p for p in case.priors
        if p.kind is case.exam.kind and parts.code(p.body_part) == part
        and 0 <= (taken - p.taken_at).days <= within
    )  # fmt: skip
    return max(fitting, key=lambda p: p.taken_at, default=None)


def on_opening(page: Any) -> None:
    """Hang the films of the case that was just laid on the desk."""
    case = page.desktop.case
    before = comparable(case) if films_of(case, page.desktop.pictures) else None
    wall = Wall(
        earlier=Earlier.THERE if before else Earlier.NONE, exam_id=before.id if before else ""
    )
    page.desktop.wall = hung(page, wall)


def hung(page: Any, wall: Wall) -> Wall:
    """The same wall with the places of the first rule that holds."""
    desktop = page.desktop
    found = hang(films_of(desktop.case, desktop.pictures), wall.earlier, hanging_table(TABLE))
    return replace(wall, layout=found.layout, slots=_slots(found))


def _slots(found: Hanging) -> tuple[Slot, ...]:
    return tuple(Slot("", p.film) if p.earlier else Slot(p.film.id) for p in found.places)


def films_of(case: Case, pictures: Sequence[Picture]) -> list[Film]:
    """What the files of these pictures say of view and side; an ECG is no film."""
    files = {f.id: f.header for f in case.files}
    return [
        Film(key, str(files[key].get("view") or ""), str(files[key].get("laterality") or ""))
        for one in pictures
        if one.form == FILM and (key := one.source["id"])
    ]


def keep(page: Any) -> None:
    """Copies of the films were made anew: what hangs stays, what is new is hung by the table."""
    known = {p.source["id"] for p in page.desktop.pictures}
    slots = page.desktop.wall.slots
    if not slots or not all(s.like or s.film in known for s in slots):
        page.desktop.wall = hung(page, page.desktop.wall)


def alone(page: Any, key: str) -> None:
    """One film by itself, such as that of an earlier exam in place of the case."""
    page.desktop.wall = Wall(slots=(Slot(key),))


def put(page: Any, key: str) -> None:
    """Another film of the exam into the chosen place; one that hangs elsewhere changes places."""
    desktop, wall = page.desktop, page.desktop.wall
    slots = list(wall.slots) or [Slot("")]
    at = chosen(page)
    if slots[at].like is not None:
        at = 0  # the place of an earlier film stays with it
    old = next((n for n, s in enumerate(slots) if s.film == key), None)
    if old is not None:
        slots[old] = slots[at]
    slots[at] = Slot(key)
    desktop.wall = replace(wall, slots=tuple(slots))


def chosen(page: Any) -> int:
    """Place of the film that the toolbar belongs to."""
    ids = [s["id"] if s else "" for s in (_source(page, slot) for slot in page.desktop.wall.slots)]
    return ids.index(page.film.chosen) if page.film.chosen in ids and page.film.chosen else 0


def compare(page: Any, actor: Actor, exam_id: str) -> bool:
    """Hang a certain earlier exam beside this one; False when no film of it belongs there.

    False too when it hangs already: asked for once more it takes the place of the case, where all
    of its pictures can be seen.
    """
    desktop, before = page.desktop, page.desktop.wall
    here = before.case is not None and before.case.exam.id == exam_id and compares(page)
    if here or not films_of(desktop.case, desktop.pictures):
        return False
    desktop.wall = hung(page, opened(page, actor, Wall(earlier=Earlier.ASKED, exam_id=exam_id)))
    if not compares(page):
        desktop.wall = before
        return False
    return True


def compares(page: Any) -> bool:
    """Whether a film of before hangs beside one of the case."""
    return any(s.like and _source(page, s) for s in page.desktop.wall.slots)


def opened(page: Any, actor: Actor, wall: Wall) -> Wall:
    """Open the exam of before: who looked at it and when is noted as for every other."""
    if wall.exam_id not in {p.id for p in page.desktop.case.priors}:
        raise NotFound("exam", wall.exam_id)
    case = exams.open_case(page.desk.station, actor, wall.exam_id, hold=False)
    found = tuple(p for p in viewers.of_case(case, actor.language) if p.form == FILM)
    films = film_marks.of_case(page, actor, case, prior=True)
    return replace(wall, case=case, pictures=found, films=films)


def sources(page: Any, actor: Actor) -> list[dict[str, Any]]:
    """What the places show, in reading order; a place without a film says why."""
    _ = translator(actor.language)
    wall, found = page.desktop.wall, []
    for slot in wall.slots:
        one = _source(page, slot)
        if one is not None:
            found.append(dict(one))
        elif wall.case is None:
            found.append({"empty": _("The earlier film is being fetched…")})
        else:
            found.append({"empty": _("The earlier exam has no film of this view")})
    if len(found) > 1:
        titles = {p.source["id"]: p.label for p in page.desktop.pictures}
        for one in found:
            one.setdefault("label", titles.get(one.get("id", ""), ""))
    return found


def _source(page: Any, slot: Slot) -> dict[str, Any] | None:
    wall = page.desktop.wall
    if slot.like is None:
        return next((p.source for p in page.desktop.pictures if p.source["id"] == slot.film), None)
    if wall.case is None:
        return None
    table = hanging_table(TABLE)
    film = earlier_of(slot.like, films_of(wall.case, wall.pictures), table)
    if film is None:
        return None
    one = next(p for p in wall.pictures if p.source["id"] == film.id)
    day = words.day(wall.case.exam.taken_at)
    label = translator(page.language)("Earlier film, {day}").format(day=day)
    return {**one.source, "label": label, "prior": True}
