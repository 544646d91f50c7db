"""Kernels from outside: only the owning page may reach one, and only its widgets."""

from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import ws_authenticated
from tornado import web
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from workbench.server.desk import Desk
from workbench.server.identity import Visitor
from workbench.server.ownership import Owners

KERNEL_ID = r"(?P<kernel_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_NOT_USE = (
    b'"kind":"beat"',
    b'"act":"tick"',  # a page that stands open reads its list anew without anybody there
    b'"kernel_info_request"',
    b'"comm_info_request"',
)
_SMALL = 2000  # bytes; beats are shorter


def _check_owner(handler: Any, kernel_id: str) -> None:
    """403 for everybody but the page's own session, whether the kernel exists or not."""
    user = handler.current_user
    owners: Owners = handler.settings["workbench_owners"]
    if not isinstance(user, Visitor) or not owners.may_use(kernel_id, user.username, user.session):
        raise web.HTTPError(403)


def is_use(raw: bytes) -> bool:
    """Whether a message of the page means that a person is at it."""
    return len(raw) > _SMALL or not any(mark in raw for mark in _NOT_USE)


class OwnSocket(VoilaKernelWebsocketHandler):
    """The page's connection."""

    @ws_authenticated
    async def get(self, kernel_id: str) -> None:
        """Connect, if the kernel is this session's."""
        _check_owner(self, kernel_id)
        await super().get(kernel_id)

    async def open(self, kernel_id: str) -> None:
        """Note the connection; without one the kernel is ended after a minute."""
        self.settings["workbench_owners"].connected(kernel_id, self)
        await super().open(kernel_id)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """No page for a connection that did not come about."""
        del kwargs
        self.set_status(status_code)
        self.finish()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """As everywhere: never the values."""
        Desk.log_exception(self, typ, value, tb)  # type: ignore[arg-type]

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass it on; anything but a sign of life is the person at work."""
        raw = ws_message.encode() if isinstance(ws_message, str) else ws_message
        if is_use(raw):
            self.settings["workbench_owners"].used(self.kernel_id)
        super().on_message(ws_message)

    def on_close(self) -> None:
        """Note that the browser left."""
        kernel_id = getattr(self, "kernel_id", "")
        self.settings["workbench_owners"].disconnected(kernel_id, self)
        if getattr(self, "connection", None) is not None:
            super().on_close()


class OwnKernel(Desk):
    """State and end of the page's kernel."""

    @web.authenticated
    async def get(self, kernel_id: str) -> None:
        """What Jupyter's client asks for."""
        _check_owner(self, kernel_id)
        model = await ensure_async(self.kernel_manager.kernel_model(kernel_id))
        self.finish({k: model[k] for k in ("id", "name", "execution_state")})

    @web.authenticated
    async def delete(self, kernel_id: str) -> None:
        """End it."""
        await self._end(kernel_id)

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        """End it: the page says good-bye when it closes."""
        await self._end(kernel_id)

    async def _end(self, kernel_id: str) -> None:
        _check_owner(self, kernel_id)
        if kernel_id in self.kernel_manager:
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel_id))
        self.set_status(204)
        self.finish()
