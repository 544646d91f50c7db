"""What all our routes share: the actor, the language, errors as plain sentences, quiet logs."""

import asyncio
import traceback
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, TypeVar

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from workbench.domain.actor import Actor
from workbench.domain.errors import (
    Leased,
    MoveRefused,
    NotFound,
    NotPermitted,
    Stale,
    StorageFull,
    WorkbenchError,
)
from workbench.language import DEFAULT_LANGUAGE, languages, say, translator
from workbench.server import headers
from workbench.server.identity import Visitor
from workbench.workflow.sessions import LoginRefused, TooManyFailures
from workbench.workflow.station import Station

T = TypeVar("T")
LANGUAGE_COOKIE = "workbench-language"
_STATUS: Mapping[type[WorkbenchError], int] = {
    NotPermitted: 403,
    NotFound: 404,
    Stale: 409,
    MoveRefused: 409,
    Leased: 409,
    LoginRefused: 401,
    TooManyFailures: 429,
    StorageFull: 507,
}


def status_of(error: WorkbenchError) -> int:
    """The HTTP status of one of our errors; what was asked wrongly is 422."""
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 422)


class Desk(JupyterHandler):
    """Base of all our routes."""

    def set_default_headers(self) -> None:
        """Headers of every answer."""
        for name, value in headers.common(tls=self.settings["workbench_tls"]).items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    @property
    def station(self) -> Station:
        """The server's place of work."""
        return self.settings["station"]

    @property
    def visitor(self) -> Visitor:
        """Who is asking; 401 when nobody is."""
        if not isinstance(self.current_user, Visitor):
            raise web.HTTPError(401)
        return self.current_user

    @property
    def actor(self) -> Actor:
        """The person for the acts."""
        actor = self.visitor.actor
        if actor is None:
            raise web.HTTPError(401)
        return actor

    @property
    def language(self) -> str:
        """The person's language; before login, what the page asked for or last used."""
        if isinstance(self.current_user, Visitor) and self.current_user.actor:
            return self.current_user.actor.language
        wanted = self.get_query_argument("lang", self.get_cookie(LANGUAGE_COOKIE, "") or "")
        return wanted if wanted in languages() else DEFAULT_LANGUAGE

    @property
    def translate(self) -> Callable[[str], str]:
        """Translator into that language."""
        return translator(self.language)

    async def off_loop(self, act: Callable[..., T], *args: Any) -> T:
        """Run an act in a thread: the database and the disk never hold up other pages."""
        return await asyncio.to_thread(act, *args)

    def page(self, name: str, **facts: Any) -> None:
        """Finish with one of our pages."""
        template = self.settings["workbench_pages"].get_template(name)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        known = isinstance(self.current_user, Visitor)
        html = template.render(
            _=self.translate,
            lang=self.language.replace("_", "-"),
            demo=self.settings["workbench_demo"],
            actor=self.current_user.actor if known else None,
            xsrf=self.xsrf_form_html(),
            asset=self.settings["workbench_asset"],
            **facts,
        )
        self.finish(html)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A sentence in the person's language: a page for people, JSON for scripts."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, WorkbenchError):
            status_code = status_of(error)
            message = say(error, self.translate)
            if isinstance(error, TooManyFailures):
                self.set_header("Retry-After", str(error.wait_s))
        else:
            message = self.translate(_plain(status_code))
        self.set_status(status_code)
        if self.wants_page():
            self.page("error.html", status=status_code, message=message)
        else:
            self.set_header("Content-Type", "application/json; charset=UTF-8")
            self.finish({"error": message, "status": status_code})

    def wants_page(self) -> bool:
        """Whether a person looks at the answer."""
        return "text/html" in self.request.headers.get("Accept", "")

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Where it happened and what kind of error; never its values, which may name a patient."""
        if isinstance(value, WorkbenchError | web.HTTPError) or typ is None:
            return
        place = "".join(traceback.format_tb(tb))
        self.log.error("%s in %s\n%s", typ.__name__, self.request.path, place)


def _plain(status: int) -> str:
    known = {
        400: "The request was not understood; please reload the page.",
        401: "Please log in again.",
        403: "You may not do this.",
        404: "There is nothing here.",
        405: "This cannot be done here.",
        409: "This was changed meanwhile; please reload.",
        413: "The file is too large.",
    }
    fallback = "Something went wrong on the server; nothing was lost. Please try again."
    return known.get(status, fallback if status >= HTTPStatus.INTERNAL_SERVER_ERROR else known[400])
