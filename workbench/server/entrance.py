"""The front door and the rooms."""

import asyncio

from tornado import web

from workbench.domain.actor import Role
from workbench.server import headers
from workbench.server.desk import Desk
from workbench.server.ownership import Owned
from workbench.server.rooms import ROOMS, rooms_of
from workbench.workflow import rooms


class Home(Desk):
    """`/` leads to the first room; `/home` shows all of them."""

    @web.authenticated
    def get(self) -> None:
        """Go on, or show what there is."""
        actor = self.actor
        if actor.must_change_password:
            self.redirect("/password")
            return
        mine = rooms_of(actor.role)
        if self.request.path == "/" and mine:
            self.redirect(f"/wb/page/{mine[0].name}")
            return
        self.page("home.html", rooms=mine, trainee=actor.role is Role.TRAINEE)


class RoomPage(Desk):
    """A page with a kernel, for those who may enter."""

    @web.authenticated
    async def get(self, name: str) -> None:
        """Open the room."""
        room, actor = ROOMS[name], self.actor
        if actor.must_change_password:
            self.redirect("/password")
            return
        if actor.role not in room.roles:
            await self.off_loop(rooms.refuse, self.station, actor, name)
            self.set_status(403)
            message = self.translate("This room is not for your role.")
            self.page("error.html", status=403, message=message)
            return
        await self._show(room.notebook, name)

    async def _show(self, notebook: str, name: str) -> None:
        pages, owners = self.settings["workbench_pages_pool"], self.settings["workbench_owners"]
        visitor = self.visitor
        query = self.request.query[:2000]

        def bind(kernel_id: str) -> None:
            owners.bind(kernel_id, Owned(visitor.username, visitor.session, name, query))

        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Content-Security-Policy", headers.room_policy(self.request.host))
        self.xsrf_token  # noqa: B018 - sets the cookie the page needs to say good-bye
        ready = await pages.take(notebook)
        if ready is not None:
            bind(ready.kernel_id)
            self.finish(ready.html)
            return
        async for piece in pages.stream(notebook, bind):
            self.write(piece)
            await self.flush()
            await asyncio.sleep(0)


class OldAddress(Desk):
    """Voila's own address of a page."""

    @web.authenticated
    def get(self, name: str) -> None:
        """Lead to ours."""
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"/wb/page/{name}{query}")
