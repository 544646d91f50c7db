"""The reading page: worklist, viewer, case and report in one page and one kernel."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import traitlets as t
from ipywidgets.widgets import widget_serialization

from workbench.language import translator
from workbench.panels import (
    alerts,
    beats,
    beside,
    casework,
    displays,
    film_marks,
    leads,
    mark_sharing,
    printing,
    refile,
    report_view,
    reports,
    retakes,
    room,
    statements,
    statements_view,
    words,
    worklist,
)
from workbench.panels.casework import Desktop
from workbench.panels.desk import Desk
from workbench.panels.live import Live
from workbench.panels.page import Handler, Page
from workbench.widgets import incoming
from workbench.widgets.beat_texts import BEAT_TEXTS
from workbench.widgets.ecg_viewer import EcgViewer
from workbench.widgets.film_viewer import FilmViewer
from workbench.widgets.shell import Shell
from workbench.widgets.texts import ECG_TEXTS, FILM_TEXTS, SHELL_TEXTS

log = logging.getLogger(__name__)

ACTS: Mapping[str, Handler] = MappingProxyType(
    {
        "begin": worklist.begin,
        "tick": worklist.tick,
        "filter": worklist.sift,
        "open": casework.open_one,
        "next": casework.take_next,
        "look_round": casework.look_round,
        "give_back": casework.give_back,
        "image": casework.image,
        "prior": casework.prior,
        "back": casework.back,
        "layout": beside.layout,
        "earlier_film": beside.toggle,
        "fill_earlier": beside.fill,
        "choose_film": beside.choose,
        "draft": reports.draft,
        "sign": reports.sign,
        "countersign": reports.countersign,
        "send_back": reports.send_back,
        "add": reports.add,
        "no_change": reports.no_change,
        "retract": reports.retract,
        "confirm": statements.confirm,
        "dismiss": statements.dismiss,
        "judge": statements.judge,
        "point": statements.point,
        "notify": alerts.notify,
        "raise": alerts.raise_one,
        "keep_marks": beats.keep,
        "withdraw_marks": beats.withdraw,
        "make_beat": beats.ask,
        "compare": beats.compare,
        "film_marks": film_marks.keep,
        "objects": mark_sharing.refresh,
        "key_image": film_marks.choose,
        "print": printing.ecg,
        "calibrated": displays.calibrated,
        "relabel": leads.relabel,
        "find_patient": refile.find,
        "refile": refile.from_case,
        "language": room.speak,
        **retakes.READING_ACTS,
    }
)


class ReadingPage(Page):
    """All a reader needs; one film viewer and one ECG viewer serve the whole day."""

    listing = t.Dict().tag(sync=True)
    sites = t.List().tag(sync=True)
    case = t.Dict().tag(sync=True)
    laid = t.Int().tag(sync=True)  # cases laid on this page so far
    report = t.Dict().tag(sync=True)
    starting = t.Dict().tag(sync=True)  # texts to start from, with the numbers as they stand now
    alerts = t.List().tag(sync=True)
    statements = t.Dict().tag(sync=True)  # {exam, may, rows} of the ECG screening
    adopted = t.Dict().tag(sync=True)  # {n, exam, code, label, verdict} for the report form
    refiling = t.Dict().tag(sync=True)
    viewing = t.Dict().tag(sync=True)
    saved = t.Dict().tag(sync=True)
    problems = t.List().tag(sync=True)
    terms = t.Dict().tag(sync=True)
    choices = t.Dict().tag(sync=True)
    ways = t.List().tag(sync=True)
    film = t.Any().tag(sync=True, **widget_serialization)
    ecg = t.Any().tag(sync=True, **widget_serialization)
    shell = t.Any().tag(sync=True, **widget_serialization)

    acts: ClassVar[Mapping[str, Handler]] = ACTS
    parts: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "wb-strip": "strip",
            "wb-worklist": "worklist",
            "wb-facts": "facts",
            "wb-refile": "refile",
            "wb-leads": "leads",
            "wb-alert": "alert",
            "wb-statements": "statements",
            "wb-report": "report",
            "wb-signed": "signed",
        }
    )

    def __init__(self, desk: Desk) -> None:
        self.desktop = Desktop()
        super().__init__(desk, "reading", film=FilmViewer(), ecg=EcgViewer(), shell=Shell())
        self.ecg.on_msg(self._viewer_asks)
        self.film.on_msg(self._viewer_asks)
        self.film.observe(self._film_marked, "marked")
        self.film.observe(self._film_shown, "shown")
        self.film.observe(self._film_chosen, "chosen")
        self.live = Live(desk, self.look_again)

    def speak(self, language: str) -> None:
        """Use this language from now on, in the viewers too."""
        if language == self.language:
            return
        super().speak(language)
        translate = translator(language)
        self.film.texts = words.spoken(FILM_TEXTS, translate)
        self.ecg.texts = words.spoken((*ECG_TEXTS, *BEAT_TEXTS), translate)
        self.shell.texts = words.spoken(SHELL_TEXTS, translate)
        self.terms = report_view.vocabulary(language)
        self.choices = report_view.choices(language)
        self.ways = alerts.methods(language)

    def _viewer_asks(self, _viewer: object, content: object, _buffers: object) -> None:
        """A message of a viewer is a request like any other; only its own acts come so."""
        try:
            said = incoming.message(content)
        except t.TraitError:
            log.warning("a message of the viewer was ignored")
            return
        self.vue_ask({**said, "act": said["kind"]})

    def _film_marked(self, change: Mapping[str, Any]) -> None:
        """What the reader drew is a request like any other: checked, kept, refused in words."""
        said = change["new"]
        if said:
            self.vue_ask({"act": "film_marks", "id": said["id"], "marks": said["marks"]})
            self.film.marked = {}  # the same once more is another change: others mark too

    def _film_shown(self, change: Mapping[str, Any]) -> None:
        """The film stands, or cannot: the earlier one that belongs beside it may be fetched now."""
        said, wall = change["new"], self.desktop.wall
        if (
            wall.waits
            and said.get("stage") != "preview"
            and said.get("id") == self.film.src.get("id")
        ):
            self.vue_ask({"act": "fill_earlier"})

    def _film_chosen(self, _change: Mapping[str, Any]) -> None:
        self.vue_ask({"act": "choose_film"})

    def look_again(self) -> None:
        """Something changed: read the list and the critical values of the open case anew."""
        actor = self.desk.actor()
        worklist.refresh(self, actor)
        alerts.refresh(self, actor)
        retakes.refresh(self, actor)
        statements_view.refresh(self, actor)
        beats.refresh(self, actor)
        film_marks.refresh(self, actor)
        casework.renew(self, actor)

    def close(self) -> None:
        """Stop hearing notices."""
        self.live.close()
        super().close()


def open_page(desk: Desk) -> Any:
    """The page for a desk."""
    return ReadingPage(desk)
