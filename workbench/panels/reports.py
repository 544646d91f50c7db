"""The report beside the picture: saved at every change, signed, added to, taken back."""

from typing import Any

from workbench.domain.actor import Actor
from workbench.domain.errors import ReportIncomplete, Stale, UnseenImage, WorkbenchError
from workbench.domain.exam import ExamState
from workbench.domain.report import Certainty, CodedFinding, ReportBody, Side
from workbench.language import say, translator
from workbench.panels import casework, words, worklist
from workbench.panels.asked import Asked
from workbench.workflow import rechecks, reports


def draft(page: Any, actor: Actor, asked: Asked) -> None:
    """The text changed: save it over the revision this page last saved or saw."""
    key = asked.text("key", 64)
    if key != page.desktop.exam_id:
        return  # a late echo of a case that is no longer open; its last change was saved before
    try:
        _save(page, actor, body_of(asked))
    except Exception as error:
        page.saved = {
            "key": key,
            "n": asked.data.get("n"),
            "error": say(error, translator(actor.language))
            if isinstance(error, WorkbenchError)
            else page.sorry(error),
        }
        raise
    page.saved = {
        "key": key,
        "n": asked.data.get("n"),
        "at": words.clock(page.desk.station.now()),
        "error": "",
    }


def sign(page: Any, actor: Actor, asked: Asked) -> None:
    """Sign exactly the text that stood on the screen."""
    key = asked.text("key", 64)
    _open(page, key)
    _save(page, actor, body_of(asked))
    try:
        images, films = page.desktop.case.exam.images, page.desktop.films.revisions
        reports.sign(page.desk.station, actor, key, page.desktop.revision, images, films)
    except UnseenImage as error:
        _show_image(page, actor, asked, error)  # the text was saved just now
        return
    except ReportIncomplete as error:
        _ = translator(actor.language)
        page.problems = [words.coded(_(p), actor.language) for p in error.problems]
        return
    _again(page, actor)
    _ = translator(actor.language)
    released = page.report.get("state") == ExamState.RELEASED
    page.tell(
        _("Signed and released.") if released else _("Signed; it waits for the second signature."),
        about=asked.data,
    )


def countersign(page: Any, actor: Actor, asked: Asked) -> None:
    """The second signature."""
    key = asked.text("key", 64)
    _open(page, key)
    versions = page.desktop.case.versions
    seen = versions[-1].version if versions else None
    try:
        reports.countersign(page.desk.station, actor, key, seen, page.desktop.case.exam.images)
    except UnseenImage as error:
        _show_image(page, actor, asked, error)
        return
    _again(page, actor)
    page.tell(translator(actor.language)("Countersigned and released."), about=asked.data)


def send_back(page: Any, actor: Actor, asked: Asked) -> None:
    """Back to the author with a reason."""
    reports.send_back(page.desk.station, actor, asked.text("key", 64), asked.text("reason", 1000))
    _again(page, actor)
    page.tell(translator(actor.language)("Sent back to the author."), about=asked.data)


def add(page: Any, actor: Actor, asked: Asked) -> None:
    """An addendum to a released report."""
    key = asked.text("key", 64)
    _open(page, key)
    try:
        images = page.desktop.case.exam.images
        reports.add(page.desk.station, actor, key, asked.text("text"), images)
    except UnseenImage as error:
        _show_image(page, actor, asked, error)
        return
    _again(page, actor)
    page.tell(translator(actor.language)("The addendum is signed and released."), about=asked.data)


def no_change(page: Any, actor: Actor, asked: Asked) -> None:
    """The late image was looked at and the report stands."""
    key = asked.text("key", 64)
    _open(page, key)
    try:
        rechecks.no_change(page.desk.station, actor, key, page.desktop.case.exam.images)
    except UnseenImage as error:
        _show_image(page, actor, asked, error)
        return
    _again(page, actor)
    page.tell(
        translator(actor.language)("Recorded: the report stands after the late image."),
        about=asked.data,
    )


def retract(page: Any, actor: Actor, asked: Asked) -> None:
    """Take a released report back."""
    reports.retract(page.desk.station, actor, asked.text("key", 64), asked.text("reason", 1000))
    _again(page, actor)
    page.tell(
        translator(actor.language)("The report is retracted; the clinic is told."), about=asked.data
    )


def body_of(asked: Asked) -> ReportBody:
    """What the form holds."""
    return ReportBody(
        findings=asked.text("findings"),
        impression=asked.text("impression"),
        coded=tuple(
            CodedFinding(
                code=c.text("code", 40),
                side=c.word("side", Side),
                certainty=c.word("certainty", Certainty),
            )
            for c in asked.items("coded")
        ),
    )


def _save(page: Any, actor: Actor, body: ReportBody) -> None:
    desktop = page.desktop
    if body == desktop.body:
        return
    saved = reports.save_draft(page.desk.station, actor, desktop.exam_id, body, desktop.revision)
    desktop.revision, desktop.body = saved.revision, body
    page.problems = []


def _open(page: Any, key: str) -> None:
    """A signature is for the case on the screen and for no other."""
    if key != page.desktop.exam_id:
        raise Stale("exam", key)


def _show_image(page: Any, actor: Actor, asked: Asked, error: UnseenImage) -> None:
    """Nothing was signed; the image that came meanwhile is on the page now."""
    casework.show(page, actor, page.desktop.exam_id, hold=True)
    page.tell(say(error, translator(actor.language)), "warn", about=asked.data)


def _again(page: Any, actor: Actor) -> None:
    casework.show(page, actor, page.desktop.exam_id, hold=False)
    worklist.refresh(page, actor)
