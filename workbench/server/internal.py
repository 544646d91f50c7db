"""What kernels ask the server, on a port of its own that only this machine can reach."""

import hmac
import ipaddress

from tornado import httpserver, web
from tornado.netutil import bind_sockets

from workbench.server.ownership import Owners

SECRET_HEADER = "X-Workbench-Secret"  # noqa: S105 - a name


class Owner(web.RequestHandler):
    """Who is on this kernel; 404 to whoever does not know the secret of the kernels."""

    def initialize(self, owners: Owners, secret: str) -> None:
        """Given by `listen`."""
        self.owners = owners
        self.secret = secret

    def get(self, kernel_id: str) -> None:
        """Answer."""
        given = self.request.headers.get(SECRET_HEADER, "")
        owned = self.owners.of(kernel_id)
        known = hmac.compare_digest(given.encode(), self.secret.encode())
        if not known or owned is None or not from_this_machine(self.request.remote_ip):
            self.set_status(404)
            self.finish()
            return
        self.finish({"username": owned.username, "room": owned.room, "query": owned.query})


def listen(owners: Owners, secret: str, pattern: str) -> tuple[httpserver.HTTPServer, str]:
    """Open the port; returns the server and its address."""
    route = (rf"/wb/internal/owner/{pattern}", Owner, {"owners": owners, "secret": secret})
    server = httpserver.HTTPServer(web.Application([route]))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    return server, f"http://127.0.0.1:{sockets[0].getsockname()[1]}"


def from_this_machine(address: str | None) -> bool:
    """Whether the other end is this machine."""
    try:
        return ipaddress.ip_address((address or "").partition("%")[0]).is_loopback
    except ValueError:
        return False
