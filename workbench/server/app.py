"""The web server: Voila's page rendering behind our own doors."""

import asyncio
import hashlib
import logging
import secrets
import ssl
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

import jinja2
from jupyter_core.utils import ensure_async
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from tornado import httpserver, web
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.paths import collect_template_paths
from voila.utils import get_page_config

from workbench.server import internal
from workbench.server.identity import SessionIdentity
from workbench.server.kernel_routes import KERNEL_ID
from workbench.server.kernels import Kernels, ThisPython, kernel_environment
from workbench.server.ownership import Owners
from workbench.server.pages import Pages, QuietRenderer, notebooks_in
from workbench.server.rooms import ROOMS
from workbench.server.routes import HERE, OWN_STATIC, routes
from workbench.server.watch import Watch
from workbench.workflow.station import Station

log = logging.getLogger(__name__)
TEMPLATES = HERE / "templates"
SHARE = Path(sys.prefix) / "share" / "jupyter"
EXTENSIONS = [
    "@voila-dashboards/widgets-manager8",  # without it no widget is drawn
    "@jupyter-widgets/jupyterlab-manager",
    "anywidget",
    "jupyter-vue",
]
LONGEST_SOCKET = 100  # bytes of a socket's path; systems allow 104 to 108
MESSAGE_MOST = 4 * 2**20  # bytes of one websocket message: state and drafts; files go to /wb/upload


class CannotServe(Exception):
    """Nothing that another try would mend."""


class PortTaken(CannotServe):
    """The address cannot be listened on."""


class BadCertificate(CannotServe):
    """The certificate or its key cannot be used."""


class Workbench(Voila):
    """Only routes of `routes.py`, only kernels of `pages.py`; no configuration files are read."""

    name = "workbench"

    def prepare(self, station: Station, dashboards: Path, *, demo: bool) -> None:
        """Set up without listening, instead of Voila's `initialize`, which reads files."""
        settings = station.settings
        self.station, self.demo = station, demo
        self.tls = settings.tls_cert is not None
        self.port, self.ip, self.root_dir = settings.port, settings.host, str(dashboards)
        self.open_browser = False
        self.config_file_paths = []
        self.log_level = logging.WARNING
        self.update_config(
            Config({
                "KernelManager": {"transport": "ipc"},
                "KernelRestarter": {"restart_limit": 0},  # a kernel begun anew has lost its page
                "Session": {"unpacker": "json", "packer": "json"},
            })
        )  # fmt: skip
        self.voila_configuration = VoilaConfiguration(
            parent=self,
            template="workbench",
            theme="dark",
            allow_template_override="NO",
            allow_theme_override="NO",
            extension_allowlist=EXTENSIONS,
            file_allowlist=[],
            show_tracebacks=False,
            preheat_kernel=False,  # `pages.py` does it, with an owner for each page
        )
        self.template_paths = collect_template_paths(
            ["voila", "nbconvert"],
            "workbench",
            prune=True,
            root_dirs=[str(TEMPLATES), str(SHARE)],
        )
        self.owners, self.secret = Owners(), secrets.token_urlsafe(32)

    def init_settings(self) -> dict[str, Any]:
        """Everything the routes need."""
        self.server_url = self.base_url
        self.internal_server, internal_url = internal.listen(self.owners, self.secret, KERNEL_ID)
        self.kernel_spec_manager = ThisPython(parent=self)
        self.contents_manager = LargeFileManager(parent=self, root_dir=self.root_dir)
        self.kernel_manager = Kernels(
            parent=self,
            root_dir=self.root_dir,
            connection_dir=self.connection_dir,
            kernel_spec_manager=self.kernel_spec_manager,
            environment=kernel_environment(
                self.station.settings, self.station.store.dsn, internal_url, self.secret
            ),
            allowed_message_types=[
                "comm_open",
                "comm_close",
                "comm_msg",
                "comm_info_request",
                "kernel_info_request",
            ],
        )
        self.watch = Watch(self.station, self.owners, self.kernel_manager)
        self.kernel_manager.on_end = self.watch.kernel_ended
        self.pages = Pages(self.kernel_manager, self.renderer, self.station.settings.kernel_pool)
        self.identity_provider = SessionIdentity(parent=self, log=self.log)
        self.authorizer = self.authorizer_class(
            parent=self, log=self.log, identity_provider=self.identity_provider
        )
        own_pages = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES / "pages"), autoescape=True
        )
        return {
            "base_url": "/",
            "login_url": "/login",
            "cookie_secret": secrets.token_bytes(32),
            "xsrf_cookie_kwargs": {"samesite": "Strict", "secure": self.tls},
            "allow_remote_access": True,
            "compress_response": True,
            "websocket_max_message_size": MESSAGE_MOST,
            "ws_ping_interval": 20_000,  # ms
            # Counted from the last answer, which is one interval old when the next ping goes.
            "ws_ping_timeout": 50_000,
            "log_function": _log_request,
            "kernel_manager": self.kernel_manager,
            "kernel_spec_manager": self.kernel_spec_manager,
            "kernel_websocket_connection_class": self.kernel_websocket_connection_class,
            "contents_manager": self.contents_manager,
            "identity_provider": self.identity_provider,
            "authorizer": self.authorizer,
            "jinja2_env": own_pages,
            "mathjax_config": None,
            "mathjax_url": None,
            "station": self.station,
            "workbench_asset": _asset,
            "workbench_demo": self.demo,
            "workbench_owners": self.owners,
            "workbench_pages": own_pages,
            "workbench_pages_pool": self.pages,
            "workbench_port": self.port,
            "workbench_tls": self.tls,
            "workbench_watch": self.watch,
        }

    def init_handlers(self) -> list[Any]:
        """Our list instead of Voila's."""
        base = SHARE / "voila" / "templates" / "base" / "static"
        lab = SHARE / "nbconvert" / "templates" / "lab" / "static"
        extensions = [SHARE / "labextensions", SHARE / "voila" / "labextensions"]
        return routes({"voila": [base, lab], "extensions": extensions}, lab_stamp())

    def renderer(self, notebook: str) -> QuietRenderer:
        """A renderer for one page."""
        found = get_page_config("/", self.app.settings, self.log, self.voila_configuration)
        prefix = f"/wb/lab/{lab_stamp()}"
        found |= {
            "fullStaticUrl": f"{prefix}/voila",
            "fullLabextensionsUrl": f"{prefix}/extensions",
            "workbenchStyle": _asset("room.css"),
            "workbenchScript": _asset("room.js"),
        }
        return QuietRenderer(
            voila_configuration=self.voila_configuration,
            traitlet_config=self.config,
            notebook_path=notebook,
            template_paths=self.template_paths,
            config_manager=None,
            contents_manager=self.contents_manager,
            base_url="/",
            kernel_spec_manager=self.kernel_spec_manager,
            page_config=found,
        )

    async def serve(self, stop: asyncio.Event) -> None:
        """Listen until told to stop; kernels end with the server."""
        with tempfile.TemporaryDirectory(prefix="wb-") as folder:
            if len(folder) + len("/kernel-") + 36 + len("-ipc-5") > LONGEST_SOCKET:
                raise PortTaken(f"the path of {folder} is too long for sockets; set TMPDIR shorter")
            self.connection_dir = folder
            sockets = self._bind()
            self.app = web.Application(**self.init_settings())
            self.app.add_handlers(".*$", self.init_handlers())
            server = httpserver.HTTPServer(
                self.app, ssl_options=self._tls(), max_body_size=2**20, idle_connection_timeout=300
            )
            watching = asyncio.create_task(self.watch.run())
            here = notebooks_in(Path(self.root_dir))
            self.pages.preheat([r.notebook for r in ROOMS.values() if r.notebook in here])
            server.add_sockets(sockets)
            try:
                await stop.wait()
            finally:
                server.stop()
                watching.cancel()
                await self.pages.close()
                await ensure_async(self.kernel_manager.shutdown_all(now=True))
                self.internal_server.stop()
                await server.close_all_connections()

    def _bind(self) -> list[Any]:
        try:
            return bind_sockets(self.port, self.ip)
        except OSError as error:
            raise PortTaken(
                f"port {self.port} on {self.ip} cannot be opened ({error.strerror}); stop the "
                "program that uses it or choose another with --port"
            ) from error

    def _tls(self) -> ssl.SSLContext | None:
        cert, key = self.station.settings.tls_cert, self.station.settings.tls_key
        if cert is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(cert, key, password="")  # an encrypted key must not ask anybody
        except OSError as error:
            raise BadCertificate(
                f"certificate {cert} and key {key or 'in the same file'} cannot be used "
                f"({error.strerror or error}); give --tls-cert and --tls-key PEM files that belong "
                "together, the key without a password and readable by this account"
            ) from error
        return context


def lab_stamp() -> str:
    """Changes with any version of the scripts that Voila and the widgets bring."""
    names = ("voila", "ipywidgets", "jupyterlab-widgets", "anywidget", "ipyvue")
    said = " ".join(f"{name} {metadata.version(name)}" for name in names)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _asset(name: str) -> str:
    """Address of one of our style sheets and scripts, with its digest."""
    digest = hashlib.sha256((OWN_STATIC / name).read_bytes()).hexdigest()[:16]
    return f"/wb/static/{name}?v={digest}"


def _log_request(handler: web.RequestHandler) -> None:
    """Method, path and status of what failed; never a query, which may say more than it should."""
    status = handler.get_status()
    if status >= 500:
        log.error("%d %s %s", status, handler.request.method, handler.request.path)
