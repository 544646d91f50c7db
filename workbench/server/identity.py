"""Who is asking: a random token in a cookie, its digest in the database."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from tornado import web

from workbench.domain.actor import Actor
from workbench.workflow import sessions
from workbench.workflow.station import Station


@dataclass
class Visitor(User):
    """A logged-in person as this request sees them."""

    actor: Actor | None = field(default=None, repr=False)
    session: str = field(default="", repr=False)


class SessionIdentity(IdentityProvider):
    """Sessions of our own database; Jupyter's tokens and signed user cookies are not used."""

    auth_enabled = True
    login_available = True
    logout_available = True
    token = ""
    need_token = False

    def __init__(self, **kw: Any) -> None:
        # Voila passes a token and its own login page
        super().__init__(**{k: v for k, v in kw.items() if k in {"parent", "log"}})

    def get_handlers(self) -> list[tuple[str, object]]:
        """Routes are listed in one place, `routes.py`."""
        return []

    async def get_user(self, handler: web.RequestHandler) -> Visitor | None:  # type: ignore[override]
        """The person whose session the cookie names, as the account stands now."""
        token = handler.get_cookie(cookie_name(handler.settings))
        if not token or len(token) > 100:
            return None
        station: Station = handler.settings["station"]
        digest = sessions.digest_of(token)
        actor = await asyncio.to_thread(sessions.who, station, digest)
        if actor is None:
            return None
        return Visitor(
            username=actor.username,
            name=actor.name,
            display_name=actor.name,
            actor=actor,
            session=digest,
        )

    def is_token_authenticated(self, handler: web.RequestHandler) -> bool:
        """Never: nothing but the session cookie counts, so nothing skips the origin checks."""
        del handler
        return False

    def should_check_origin(self, handler: web.RequestHandler) -> bool:
        """Always."""
        del handler
        return True


def cookie_name(settings: Mapping[str, Any]) -> str:
    """The cookie of this server; with TLS the browser itself insists on host and encryption."""
    port = settings["workbench_port"]
    return f"__Host-workbench-{port}" if settings["workbench_tls"] else f"workbench-{port}"


def set_session(handler: web.RequestHandler, token: str) -> None:
    """Give the browser its token."""
    handler.set_cookie(
        cookie_name(handler.settings),
        token,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=handler.settings["workbench_tls"],
    )


def clear_session(handler: web.RequestHandler) -> None:
    """Take the token back."""
    handler.set_cookie(
        cookie_name(handler.settings),
        "",
        path="/",
        expires=0,
        httponly=True,
        samesite="Lax",
        secure=handler.settings["workbench_tls"],
    )
