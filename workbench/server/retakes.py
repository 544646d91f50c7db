"""The picture of a film that should be taken again, on the clinic's page."""

from tornado import web

from workbench.server.desk import Desk
from workbench.workflow import retake_pictures, view_only


class RetakePicture(Desk):
    """One film between the words that say what it is not for."""

    @web.authenticated
    async def get(self, key: str) -> None:
        """Send it; asked for every time, because what may be looked at may change."""
        allowed = await self.off_loop(retake_pictures.picture, self.station, self.actor, key)
        etag = f'"{allowed.digest}"'
        self.set_header("Cache-Control", "private, no-cache")
        self.set_header("ETag", etag)
        self.set_header("Content-Type", "image/jpeg")
        if etag in self.request.headers.get("If-None-Match", ""):
            self.set_status(304)
            self.finish()
            return
        self.finish(await self.off_loop(view_only.jpeg, self.station, allowed))

    def compute_etag(self) -> None:
        """The digest is the tag."""
