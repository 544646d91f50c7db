"""Every address of the server: what is not listed does not exist; Voila's list is not used."""

from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from workbench.server import (
    doors,
    entrance,
    files,
    kernel_routes,
    retakes,
    screen,
    second,
    uploads,
    view_only,
)
from workbench.server.desk import Desk
from workbench.server.internal import from_this_machine
from workbench.server.rooms import ROOMS
from workbench.widgets.loader import STATIC

HERE = Path(__file__).parent
OWN_STATIC = HERE / "static"
_ROOM = f"(?P<name>{'|'.join(ROOMS)})"
_ID = r"(?P<instance_id>[\w.-]{1,100})"
_REPORT = r"(?P<report_id>[\w-]{1,100})"


class Health(Desk):
    """For the supervisor, from this machine: up, and which version."""

    @allow_unauthenticated
    def get(self) -> None:
        """Answer."""
        if not from_this_machine(self.request.remote_ip):
            raise web.HTTPError(404)
        version = metadata.version("county-reading-workbench") if _installed() else "source"
        self.finish({
            "ok": True,
            "version": version,
            "ready": self.settings["workbench_pages_pool"].waiting(),
        })  # fmt: skip


class Nothing(Desk):
    """Everything else."""

    @allow_unauthenticated
    def prepare(self) -> Any:
        """404 for all methods, without a login and without a hint."""
        self.current_user = self._jupyter_current_user = None
        raise web.HTTPError(404)


def routes(lab: Mapping[str, Sequence[Path]], stamp: str) -> list[tuple[Any, ...]]:
    """The list. `lab`: folders of Voila's scripts and of the widgets' extensions, under `stamp`."""
    kernel = kernel_routes.KERNEL_ID
    return [
        (r"/(?:home)?", entrance.Home),
        (r"/login", doors.Login),
        (r"/logout", doors.Logout),
        (r"/password", doors.Password),
        (rf"/wb/page/{_ROOM}", entrance.RoomPage),
        (r"/wb/screen", screen.ScreenPage),
        (r"/wb/second", second.SecondPage),
        (rf"/{_ROOM}", entrance.OldAddress),
        (rf"/voila/render/{_ROOM}\.ipynb", entrance.OldAddress),
        (r"/wb/static/(.+)", files.Software, {"roots": [STATIC, OWN_STATIC]}),
        (rf"/wb/lab/{stamp}/voila/(.+)", files.Software, {"roots": lab["voila"], "stamped": True}),
        (
            rf"/wb/lab/{stamp}/extensions/(.+)",
            files.Software,
            {"roots": lab["extensions"], "stamped": True},
        ),
        (rf"/wb/display/{_ID}/(?P<form>preview|full|trace|beat|picture)", files.Display),
        (rf"/wb/ecg/{_ID}\.pdf", files.EcgPdf),
        (rf"/wb/report/{_REPORT}\.pdf", files.ReportPdf),
        (r"/wb/marks/(?P<exam_id>[\w-]{1,100})/(?P<uid>[\d.]{1,64})\.dcm", files.MarkObject),
        (rf"/wb/view/{_REPORT}", view_only.ViewPage),
        (rf"/wb/view/{_REPORT}/{_ID}\.jpg", view_only.ViewPicture),
        (r"/wb/retake/(?P<key>[\w-]{1,100})\.jpg", retakes.RetakePicture),
        (r"/wb/upload", uploads.Upload),
        (r"/wb/alive", files.Alive),
        (r"/wb/health", Health),
        (rf"/api/kernels/{kernel}", kernel_routes.OwnKernel),
        (rf"/api/kernels/{kernel}/channels", kernel_routes.OwnSocket),
        (rf"/voila/api/shutdown/{kernel}", kernel_routes.OwnKernel),
        (r".*", Nothing),
    ]


def _installed() -> bool:
    try:
        metadata.version("county-reading-workbench")
    except metadata.PackageNotFoundError:
        return False
    return True
