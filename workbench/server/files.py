"""Bytes by HTTP: built widgets, fonts, display copies, reports."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import iostream, web
from tornado.web import StaticFileHandler

from workbench.server import headers
from workbench.server.desk import Desk
from workbench.workflow import deliveries, ecg_prints, exams, marks

CHUNK = 1 << 20
OPENED_WITHIN = 60  # seconds: a print is made, then opened in a tab of its own
FOR_EVER = "max-age=31536000, immutable"
_HASHED = re.compile(r"[-.][0-9a-f]{8,64}\.")
_TYPES = {
    "preview": "image/jpeg",
    "full": "application/octet-stream",
    "trace": "application/octet-stream",
    "beat": "application/octet-stream",
    "picture": "image/jpeg",
}


class Software(StaticFileHandler):
    """Our own and Jupyter's scripts, styles and fonts: no data, so no login; nothing but files."""

    def initialize(self, roots: Sequence[Path], stamped: bool = False) -> None:  # type: ignore[override]
        """`stamped`: the address itself changes with every version."""
        self.roots = [str(root) for root in roots]
        self.stamped = stamped
        super().initialize(path=self.roots[0])

    def set_default_headers(self) -> None:
        """Same rules as everywhere."""
        for name, value in headers.common(tls=self.settings["workbench_tls"]).items():
            self.set_header(name, value)
        self.clear_header("Server")

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """The first folder that has the file; never outside of it, never a hidden file."""
        del root, absolute_path
        path = self.path_args[0]
        if any(part.startswith(".") for part in path.split("/")):
            raise web.HTTPError(404)
        for folder in self.roots:
            self.root = folder
            found = self.get_absolute_path(folder, self.parse_url_path(path))
            if Path(found).is_file():
                return super().validate_absolute_path(folder, found)
        raise web.HTTPError(404)

    def set_extra_headers(self, path: str) -> None:
        """Addresses with a digest never change; others are asked for again."""
        fixed = self.stamped or "v" in self.request.query_arguments or _HASHED.search(path)
        self.set_header("Cache-Control", f"public, {FOR_EVER}" if fixed else "no-cache")

    def get_cache_time(self, path: str, modified: Any, mime_type: str) -> int:
        """Said above."""
        del path, modified, mime_type
        return 0

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """No page for a script."""
        del kwargs
        self.finish(str(status_code))


class Display(Desk):
    """A display copy, for a person who may see the exam; checked even when the browser has it."""

    @web.authenticated
    async def get(self, instance_id: str, form: str) -> None:
        """Send it from the disk in pieces."""
        copy = await self.off_loop(exams.display_copy, self.station, self.actor, instance_id, form)
        etag = f'"{copy.sha256}"'
        self.set_header("Cache-Control", f"private, {FOR_EVER}")
        self.set_header("ETag", etag)
        self.set_header("Content-Type", _TYPES[form])
        if etag in self.request.headers.get("If-None-Match", ""):
            self.set_status(304)
            self.finish()
            return
        self.set_header("Content-Length", str(copy.size))
        source = await self.off_loop(self.station.blobs.open, copy.sha256)
        with source:
            await self._send(source)

    async def _send(self, source: BinaryIO) -> None:
        try:
            while piece := await asyncio.to_thread(source.read, CHUNK):
                self.write(piece)
                await self.flush()
        except iostream.StreamClosedError:
            return  # the browser went on to the next case
        self.finish()

    def compute_etag(self) -> None:
        """The digest is the tag."""


class ReportPdf(Desk):
    """A signed version as PDF."""

    @web.authenticated
    async def get(self, report_id: str) -> None:
        """Send it."""
        origin = f"{self.request.protocol}://{self.request.host}{self.base_url}"

        def address(other: str) -> str:
            return f"{origin}wb/report/{other}.pdf"

        data = await self.off_loop(deliveries.pdf, self.station, self.actor, report_id, address)
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", f'inline; filename="{report_id}.pdf"')
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'")
        self.set_header("Cache-Control", "private, no-cache")  # may be retracted meanwhile
        self.finish(data)


class MarkObject(Desk):
    """A DICOM object made of signed marks, as a file for an archive or another program."""

    @web.authenticated
    async def get(self, exam_id: str, uid: str) -> None:
        """Send it; every export leaves an audit row."""
        data = await self.off_loop(marks.fetch, self.station, self.actor, exam_id, uid)
        self.set_header("Content-Type", "application/dicom")
        self.set_header("Content-Disposition", f'attachment; filename="{uid}.dcm"')
        self.finish(data)


class EcgPdf(Desk):
    """A tracing on paper, as the viewer shows it; the look stands in the address."""

    @web.authenticated
    async def get(self, instance_id: str) -> None:
        """Send it; the browser keeps it for the moment between making and opening it."""
        asked = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        look = ecg_prints.look_of(asked)
        data = await self.off_loop(
            ecg_prints.print_tracing, self.station, self.actor, instance_id, look
        )
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", f'inline; filename="ECG-{instance_id}.pdf"')
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'")
        self.set_header("Cache-Control", f"private, max-age={OPENED_WITHIN}")
        self.finish(data)


class Alive(Desk):
    """Asked by an open page that lost its connection: whether the login still holds."""

    @allow_unauthenticated
    def get(self) -> None:
        """204 or 401."""
        self.set_status(204 if self.current_user else 401)
        self.finish()
