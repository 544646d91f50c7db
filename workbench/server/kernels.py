"""Kernels: this very Python, a small environment, sockets that are files, no second life."""

import os
import sys
from collections.abc import Mapping
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import traitlets
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Any as AnyTrait

from workbench.settings import Settings

_HERE = str(Path(__file__).parent)
KERNEL = "python3"
URL_NAME, SECRET_NAME = "WORKBENCH_INTERNAL_URL", "WORKBENCH_INTERNAL_SECRET"
_KEPT = (
    "HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH",
    "SSL_CERT_FILE", "SYSTEMROOT", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV",
)  # fmt: skip
_SETTINGS = (
    "free_floor_mb",
    "lease_minutes",
    "idle_minutes",
    "second_opinions",
    "home",
    "database_url",
)


class ThisPython(KernelSpecManager):
    """One kernel: the interpreter this server runs in; nothing a user's folder may replace."""

    def find_kernel_specs(self) -> dict[str, str]:
        """The one kernel there is."""
        return {KERNEL: _HERE}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """How to start it: no history file, no start-up files of a profile."""
        del kernel_name
        return KernelSpec(
            argv=[
                sys.executable, "-m", "workbench.server.ipykernel_launcher",
                "-f", "{connection_file}",
                "--HistoryManager.enabled=False", "--IPKernelApp.exec_PYTHONSTARTUP=False",
            ],
            display_name="Python", language="python", resource_dir=_HERE,
        )  # fmt: skip


class Kernels(AsyncMappingKernelManager):
    """Starts kernels with `environment` and tells `on_end` of each that is gone."""

    environment = AnyTrait()
    on_end = AnyTrait()

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        kwargs["env"] = dict(self.environment or {})
        return await super()._async_start_kernel(**kwargs)

    start_kernel = _async_start_kernel

    async def _async_shutdown_kernel(
        self, kernel_id: str, now: bool = False, restart: bool = False
    ) -> Any:
        try:
            return await super()._async_shutdown_kernel(kernel_id, now=now, restart=restart)
        finally:
            self._ended(kernel_id)

    shutdown_kernel = _async_shutdown_kernel

    def _handle_kernel_died(self, kernel_id: str) -> None:
        super()._handle_kernel_died(kernel_id)
        self._ended(kernel_id)

    def _ended(self, kernel_id: str) -> None:
        if self.on_end:
            self.on_end(kernel_id)


def _without_docstrings() -> Mapping[str, str]:
    """Pages need no docstrings: 4 MB of each kernel, where their compiled files can be kept."""
    kept = Path(cache_from_source(traitlets.__file__, optimization=2))
    keeps = kept.exists() or os.access(kept.parent, os.W_OK)
    return {"PYTHONOPTIMIZE": "2"} if keeps else {}


def kernel_environment(
    settings: Settings, database_url: str, internal_url: str, secret: str
) -> Mapping[str, str]:
    """What a page may know: where the data is, in the application's role, and whom to ask.

    The owner's address of the database, the key of the certificate and whatever else the server was
    started with stay outside.
    """
    values = {name: str(getattr(settings, name)) for name in _SETTINGS}
    values["database_url"] = database_url
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        **{f"WORKBENCH_{name.upper()}": value for name, value in values.items()},
        URL_NAME: internal_url,
        SECRET_NAME: secret,
        "IPYTHONDIR": str(settings.home / "run" / "ipython"),
        "PYTHONUNBUFFERED": "1",
        **_without_docstrings(),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
