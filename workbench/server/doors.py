"""Log in, log out, change the password."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from workbench.domain.errors import WorkbenchError
from workbench.language import languages, say
from workbench.server.desk import LANGUAGE_COOKIE, Desk, status_of
from workbench.server.identity import clear_session, set_session
from workbench.workflow import accounts, sessions
from workbench.workflow.sessions import TooManyFailures

# Hashing a password takes a tenth of a second of one core and 64 MiB: two at a time, in threads of
# their own, so that a flood of logins neither stops the event loop nor the database threads.
_hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="login")


async def _hash_in_turn(act: Callable[..., Any], *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(_hashing, act, *args)


def own_path(wanted: str) -> str:
    """A path of this server to go to next; anything else becomes the front door."""
    parts = urlsplit(wanted)
    strange = any(ord(c) < 0x21 or c == "\\" for c in wanted)
    if strange or parts.scheme or parts.netloc or not wanted.startswith("/"):
        return "/"
    if wanted.startswith("//") or parts.path in {"/login", "/logout"}:
        return "/"
    return wanted


class Login(Desk):
    """The login page; Chinese first."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Show the form; where nobody has an account yet, how the first one comes about."""
        if self.current_user:
            self.redirect(own_path(self.get_query_argument("next", "/")))
            return
        if self.get_query_argument("lang", "") in languages():
            self.set_cookie(LANGUAGE_COOKIE, self.language, path="/", samesite="Lax", httponly=True)
        self._form("", empty=not await self.off_loop(accounts.any_account, self.station))

    @allow_unauthenticated
    async def post(self) -> None:
        """Check name and password."""
        name = self.get_body_argument("username", "")[:64]
        password = self.get_body_argument("password", "", strip=False)[:1024]
        address = self.request.remote_ip or ""
        try:
            entry = await _hash_in_turn(sessions.log_in, self.station, name, password, address)
        except WorkbenchError as error:
            if isinstance(error, TooManyFailures):
                self.set_header("Retry-After", str(error.wait_s))
            self.set_status(status_of(error))
            self._form(say(error, self.translate), name)
            return
        set_session(self, entry.token)
        if entry.actor.must_change_password:
            self.redirect("/password")
        else:
            self.redirect(own_path(self.get_argument("next", "/")))

    def _form(self, message: str, name: str = "", *, empty: bool = False) -> None:
        wanted = own_path(self.get_argument("next", "/"))
        self.page("login.html", message=message, username=name, next=wanted, empty=empty)


class Logout(Desk):
    """End the session and every page that belongs to it."""

    @allow_unauthenticated
    async def get(self) -> None:
        """A link alone must not log anybody out: ask."""
        if not self.current_user:
            self.redirect("/login")
            return
        self.page("logout.html")

    @web.authenticated
    async def post(self) -> None:
        """End it."""
        await self.off_loop(sessions.log_out, self.station, self.actor, self.visitor.session)
        await self.settings["workbench_watch"].end_session(self.visitor.session)
        clear_session(self)
        self.redirect("/login")


class Password(Desk):
    """Change the own password; the first one must be changed before anything else."""

    @web.authenticated
    def get(self) -> None:
        """Show the form."""
        self._form("")

    @web.authenticated
    async def post(self) -> None:
        """Check and change."""
        old, new, again = (
            self.get_body_argument(name, "", strip=False)[:1024] for name in ("old", "new", "again")
        )
        if new != again:
            self.set_status(422)
            self._form(self.translate("The two new passwords differ; type the same one twice."))
            return
        try:
            await _hash_in_turn(
                sessions.change_password, self.station, self.actor, self.visitor.session, old, new
            )
        except sessions.LoginRefused:
            self.set_status(422)
            self._form(self.translate("The old password is not right."))
            return
        except WorkbenchError as error:
            if isinstance(error, TooManyFailures):
                self.set_header("Retry-After", str(error.wait_s))
            self.set_status(status_of(error))
            self._form(say(error, self.translate))
            return
        await self.settings["workbench_watch"].check_now()
        self.redirect("/")

    def _form(self, message: str) -> None:
        self.page("password.html", message=message, forced=self.actor.must_change_password)
