"""The reading page: worklist, viewer, case and report in one page and one kernel."""

import asyncio
import logging
from typing import Any

import traitlets as t
from ipywidgets.widgets import widget_serialization

from workbench.domain.actor import Actor
from workbench.domain.errors import WorkbenchError
from workbench.panels import alerts, casework, report_view, reports, room, words, worklist
from workbench.panels.casework import Desktop
from workbench.panels.desk import Desk
from workbench.panels.page import Handler, Page
from workbench.store.notices import Listener, Notice
from workbench.widgets.ecg_viewer import EcgViewer
from workbench.widgets.film_viewer import FilmViewer
from workbench.widgets.shell import Shell

log = logging.getLogger(__name__)
_SOON = 0.15  # seconds; notices that come together are answered once

ACTS: dict[str, Handler] = {
    "begin": worklist.begin,
    "tick": worklist.tick,
    "filter": worklist.sift,
    "open": casework.open_one,
    "next": casework.take_next,
    "give_back": casework.give_back,
    "image": casework.image,
    "prior": casework.prior,
    "back": casework.back,
    "draft": reports.draft,
    "sign": reports.sign,
    "countersign": reports.countersign,
    "send_back": reports.send_back,
    "add": reports.add,
    "retract": reports.retract,
    "confirm": alerts.confirm,
    "dismiss": alerts.dismiss,
    "notify": alerts.notify,
    "raise": alerts.raise_one,
    "language": room.speak,
}


class ReadingPage(Page):
    """All a reader needs; one film viewer and one ECG viewer serve the whole day."""

    listing = t.Dict().tag(sync=True)
    sites = t.List().tag(sync=True)
    case = t.Dict().tag(sync=True)
    report = t.Dict().tag(sync=True)
    alerts = t.List().tag(sync=True)
    viewing = t.Dict().tag(sync=True)
    saved = t.Dict().tag(sync=True)
    problems = t.List().tag(sync=True)
    terms = t.Dict().tag(sync=True)
    choices = t.Dict().tag(sync=True)
    methods = t.List().tag(sync=True)
    film = t.Any().tag(sync=True, **widget_serialization)
    ecg = t.Any().tag(sync=True, **widget_serialization)
    shell = t.Any().tag(sync=True, **widget_serialization)

    acts = ACTS
    parts = {
        "wb-strip": "strip",
        "wb-worklist": "worklist",
        "wb-facts": "facts",
        "wb-alert": "alert",
        "wb-report": "report",
        "wb-signed": "signed",
    }

    def __init__(self, desk: Desk) -> None:
        self.desktop = Desktop()
        self._listener: Listener | None = None
        self._due = False
        self._loop: asyncio.AbstractEventLoop | None = None
        super().__init__(
            desk, "reading", film=FilmViewer(), ecg=EcgViewer(), shell=Shell(keys=[])
        )

    def speak(self, language: str) -> None:
        """Use this language from now on, in the viewers too."""
        if language == self.language:
            return
        super().speak(language)
        own = words.viewer_texts(language)
        for widget in (self.film, self.ecg, self.shell):
            widget.texts = own
        self.terms = report_view.vocabulary(language)
        self.choices = report_view.choices(language)
        self.methods = alerts.methods(language)

    def begin(self, actor: Actor) -> None:
        """The browser is there: from now on every change of the list is heard."""
        del actor
        if self._listener is None:
            try:
                self._loop = asyncio.get_running_loop()
            except RuntimeError:
                return  # no loop, no page: a test asks for itself
            self._listener = Listener(self.desk.station.store.dsn, self._heard)

    def close(self) -> None:
        """Stop hearing notices."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        super().close()

    def _heard(self, notice: Notice) -> None:
        """In the listener's thread: ask the page's own thread to look."""
        if self._loop is not None and notice.topic in ("worklist", "alert", "*"):
            self._loop.call_soon_threadsafe(self._soon)

    def _soon(self) -> None:
        if not self._due and self._loop is not None:
            self._due = True
            self._loop.call_later(_SOON, self.look_again)

    def look_again(self) -> None:
        """Something changed: read the list and the critical values of the open case anew."""
        self._due = False
        try:
            actor = self.desk.actor()
            worklist.refresh(self, actor)
            alerts.refresh(self, actor)
        except WorkbenchError as error:
            log.info("notice not answered: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the page's own poll will say it
            log.warning("notice not answered: %s", type(error).__name__)


def open_page(desk: Desk) -> Any:
    """The page for a desk."""
    return ReadingPage(desk)
