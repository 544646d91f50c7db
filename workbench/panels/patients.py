"""The patients page: who is who, which exam is whose, and which of two files is meant."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import traitlets as t
from ipywidgets.widgets import widget_serialization

from workbench.domain.actor import Actor
from workbench.domain.conflict import Settlement
from workbench.language import translator
from workbench.panels import addresses, patients_view, refile, room, words
from workbench.panels.asked import Asked
from workbench.panels.desk import Desk
from workbench.panels.live import Live
from workbench.panels.page import Handler, Page
from workbench.store.notices import MISSED
from workbench.widgets.shell import Shell
from workbench.widgets.texts import SHELL_TEXTS
from workbench.workflow import conflicts, patients, quarantine, sites
from workbench.workflow.conflicts import Decision

_TOPICS = frozenset({patients.TOPIC, quarantine.TOPIC, MISSED})


def begin(page: Any, actor: Actor, asked: Asked) -> None:
    """The browser is there; it may have come for one exam."""
    room.enter(page, actor, "patients")
    page.names = {s.code: s.name for s in sites.every(page.desk.station, actor)}
    page.reading = addresses.page("reading")
    refresh(page, actor)
    key = asked.text("key", 64)
    if key:
        person = patients.of_exam(page.desk.station, actor, key)
        page.found = {
            "text": "", "persons": [patients_view.person(person, page.names, actor.language)],
        }  # fmt: skip
    page.live.begin()


def tick(page: Any, actor: Actor, asked: Asked) -> None:
    """The strip, and conflicts that came meanwhile."""
    del asked
    room.signs(page, actor)
    _clashes(page, actor)


def refresh(page: Any, actor: Actor) -> None:
    """Both lists anew."""
    found = patients.suggestions(page.desk.station, actor)
    with page.hold_sync():
        page.alike = [patients_view.suggestion(s, page.names, actor.language) for s in found]
        _clashes(page, actor)


def _clashes(page: Any, actor: Actor) -> None:
    pairs = conflicts.waiting(page.desk.station, actor)
    page.clashes = [patients_view.conflict(p, page.names, actor) for p in pairs]


def search(page: Any, actor: Actor, asked: Asked) -> None:
    """Persons by name or number."""
    text = asked.text("text", 100)
    _show(page, actor, text)


def _show(page: Any, actor: Actor, text: str) -> None:
    found = patients.search(page.desk.station, actor, text)
    page.found = {
        "text": text,
        "persons": [patients_view.person(p, page.names, actor.language) for p in found],
    }


def merge(page: Any, actor: Actor, asked: Asked) -> None:
    """Two records are one person."""
    pair = (asked.text("one", 64), asked.text("other", 64))
    patients.merge(page.desk.station, actor, pair, asked.text("reason", 500))
    _ = translator(actor.language)
    _done(page, actor, asked, _("The two records are one person now."))


def keep_apart(page: Any, actor: Actor, asked: Asked) -> None:
    """Two likely records are two people."""
    pair = (asked.text("one", 64), asked.text("other", 64))
    patients.keep_apart(page.desk.station, actor, pair, asked.text("reason", 500))
    _ = translator(actor.language)
    _done(page, actor, asked, _("They stay two people and are not suggested again."))


def split(page: Any, actor: Actor, asked: Asked) -> None:
    """A record is a person of its own after all."""
    patients.split(page.desk.station, actor, asked.text("key", 64), asked.text("reason", 500))
    _ = translator(actor.language)
    _done(page, actor, asked, _("The record is a person of its own again."))


def move_exam(page: Any, actor: Actor, asked: Asked) -> None:
    """An exam belongs to another patient."""
    refile.move(page, actor, asked)
    _again(page, actor)


def targets(page: Any, actor: Actor, asked: Asked) -> None:
    """Exams to which the later file of a conflict may belong."""
    key, text = asked.text("key", 64), asked.text("text", 100)
    found = conflicts.other_exams(page.desk.station, actor, key, text) if text.strip() else []
    page.targets = {
        "key": key,
        "text": text,
        "exams": [patients_view.exam(e, page.names, actor.language) for e in found],
    }


def settle(page: Any, actor: Actor, asked: Asked) -> None:
    """What becomes of the later file."""
    wanted = Decision(
        settlement=asked.word("settlement", Settlement),
        reason=asked.text("reason", 500),
        exam_id=asked.text("exam_id", 64),
    )
    conflicts.settle(page.desk.station, actor, asked.text("key", 64), wanted)
    page.targets = {}
    _ = translator(actor.language)
    said = _("Decided; both files stay stored.")
    if wanted.settlement is not Settlement.KEEP:
        said = _("Decided; the later file is filed and will be screened.")
    _done(page, actor, asked, said)


def _done(page: Any, actor: Actor, asked: Asked, text: str) -> None:
    page.tell(text, about=asked.data)
    _again(page, actor)


def _again(page: Any, actor: Actor) -> None:
    refresh(page, actor)
    if page.found.get("text"):
        _show(page, actor, page.found["text"])


ACTS: Mapping[str, Handler] = MappingProxyType(
    {
        "begin": begin,
        "tick": tick,
        "search": search,
        "merge": merge,
        "keep_apart": keep_apart,
        "split": split,
        "find_patient": refile.find,
        "refile": move_exam,
        "targets": targets,
        "settle": settle,
        "language": room.speak,
    }
)


class PatientsPage(Page):
    """Decisions about identity, for those who read."""

    found = t.Dict().tag(sync=True)
    alike = t.List().tag(sync=True)
    clashes = t.List().tag(sync=True)
    targets = t.Dict().tag(sync=True)
    refiling = t.Dict().tag(sync=True)
    reading = t.Unicode().tag(sync=True)
    shell = t.Any().tag(sync=True, **widget_serialization)

    acts: ClassVar[Mapping[str, Handler]] = ACTS
    parts: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"wb-strip": "strip", "wb-refile": "refile", "wb-clash": "clash"}
    )

    def __init__(self, desk: Desk) -> None:
        self.names: Mapping[str, str] = {}
        super().__init__(desk, "patients", shell=Shell())
        self.live = Live(desk, self.look_again, _TOPICS)

    def speak(self, language: str) -> None:
        """Use this language from now on."""
        if language != self.language:
            super().speak(language)
            self.shell.texts = words.spoken(SHELL_TEXTS, translator(language))

    def look_again(self) -> None:
        """Something was decided or read elsewhere."""
        refresh(self, self.desk.actor())

    def close(self) -> None:
        """Stop hearing notices."""
        self.live.close()
        super().close()


def open_page(desk: Desk) -> Any:
    """The page for a desk."""
    return PatientsPage(desk)
