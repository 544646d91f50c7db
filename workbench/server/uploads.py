"""Files from a browser: streamed to the disk, filed by an act, 201 only after its commit."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from tornado import web

from workbench.domain.actor import Act
from workbench.domain.errors import Invalid, StorageFull, WorkbenchError
from workbench.server.desk import Desk
from workbench.server.multipart import FormReader
from workbench.store.blobs import free_mb
from workbench.workflow import intake

MOST = 512 * 2**20
_FORM = 2**20  # what the form itself may add


@web.stream_request_body
class Upload(Desk):
    """`POST /wb/upload`: parts with a file name are files; `order_id`, `pictures` may follow."""

    reader: FormReader | None = None
    folder: Path | None = None
    count = 0
    fault: Exception | None = None  # answered when all came: a browser shows no answer before that

    async def prepare(self) -> None:  # type: ignore[override]
        """Permission and room first, bytes after."""
        await super().prepare()
        if self._finished:
            return
        self.request.connection.set_max_body_size(MOST + _FORM)
        self.actor.check(Act.EXAM_IMPORT)
        length = int(self.request.headers.get("Content-Length", "0") or 0)
        if length > MOST + _FORM:
            raise web.HTTPError(413)
        settings = self.station.settings
        waiting = settings.home / "uploads"
        await self.off_loop(_check_room, waiting, settings.free_floor_mb, length)
        self.folder = Path(tempfile.mkdtemp(dir=waiting))
        folder = self.folder
        self.reader = FormReader(
            self.request.headers.get("Content-Type", ""), lambda n: folder / f"{n:05d}"
        )

    async def data_received(self, chunk: bytes) -> None:
        """One piece; after a fault the rest is only let pass."""
        self.count += len(chunk)
        if self.count > MOST + _FORM:
            self.fault = web.HTTPError(413)
        if self.reader is None or self.fault is not None:
            return
        try:
            await asyncio.to_thread(self.reader.feed, chunk)
        except (WorkbenchError, OSError) as error:
            self.fault = error

    @web.authenticated
    async def post(self) -> None:
        """All came: file it."""
        if self.fault is not None:
            raise self.fault
        if self.reader is None:
            raise web.HTTPError(400)
        received = self.reader.finish()
        if not received.files:
            raise Invalid("upload", "no file", "at least one file")
        order_id = received.fields.get("order_id") or None
        pictures = received.fields.get("pictures") or None
        outcomes = await self.off_loop(
            intake.upload, self.station, self.actor, received.files, order_id, pictures
        )
        self.set_status(201)
        self.finish({
            "filed": [
                {
                    "files": list(names),
                    "outcome": outcome.filing.value,
                    "exam_id": outcome.exam_id,
                    "reason": self.translate(outcome.reason) if outcome.reason else "",
                }
                for names, outcome in outcomes
            ]
        })  # fmt: skip

    def on_finish(self) -> None:
        """Whatever happened, nothing stays behind."""
        self._clean()
        super().on_finish()

    def on_connection_close(self) -> None:
        """Cut mid-file: nothing was filed."""
        self._clean()
        super().on_connection_close()

    def _clean(self) -> None:
        if self.reader is not None:
            self.reader.close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def _check_room(folder: Path, floor_mb: int, length: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = free_mb(folder)
    if free - length // 2**20 < floor_mb:
        raise StorageFull(str(folder), free, floor_mb)
