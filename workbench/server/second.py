"""The page of a second window of films: it holds nothing; the reading page says what to show."""

from tornado import web

from workbench.server import headers
from workbench.server.desk import Desk
from workbench.widgets.loader import digest

SCRIPT, VIEWER = "second_window.js", "film_viewer.js"


class SecondPage(Desk):
    """A film viewer without a kernel of its own."""

    @web.authenticated
    async def get(self) -> None:
        """Show the empty window."""
        if self.actor.must_change_password:
            self.redirect("/password")
            return
        found = {name: digest(name) for name in (SCRIPT, VIEWER)}
        script, viewer = (
            f"/wb/static/{name}?v={sha256[:16]}" if sha256 else "" for name, sha256 in found.items()
        )
        self.set_header("Content-Security-Policy", headers.viewer_policy())
        self.page("second.html", script=script, viewer=viewer)
