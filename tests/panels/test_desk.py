"""A page's kernel knows the same values as the full settings, and only needs those it has."""

import dataclasses
import re
from pathlib import Path

import workbench
from workbench.panels.desk import KernelSettings, kernel_settings
from workbench.settings import Settings

GIVEN = {
    "WORKBENCH_HOME": "/srv/workbench",
    "WORKBENCH_DATABASE_URL": "postgresql://app@db/workbench",
    "WORKBENCH_FREE_FLOOR_MB": "512",
    "WORKBENCH_LEASE_MINUTES": "7",
    "WORKBENCH_IDLE_MINUTES": "60",
    "WORKBENCH_SECOND_OPINIONS": "True",
}
PACKAGE = Path(workbench.__path__[0])
# Read by programs that are no page: sessions and deliveries run elsewhere, but would work here too.
READ = re.compile(r"station\.settings\.(\w+)")
WORKER_ONLY = {"exposure_bands"}  # read when a film is screened, which no page ever does itself


def test_a_kernel_reads_its_environment_as_the_settings_would(monkeypatch):
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    own, full = kernel_settings(GIVEN), Settings()
    assert own is not None
    for field in dataclasses.fields(KernelSettings):
        assert getattr(own, field.name) == getattr(full, field.name), field.name
    assert (own.blobs, own.outbox) == (full.blobs, full.outbox)


def test_without_a_server_there_are_no_kernel_settings():
    for name in GIVEN:
        assert kernel_settings({k: v for k, v in GIVEN.items() if k != name}) is None


def test_every_setting_an_act_reads_is_known_to_a_kernel():
    read = {
        name
        for path in (PACKAGE / "workflow").glob("*.py")
        for name in READ.findall(path.read_text("utf-8"))
    }
    assert read, "the acts read settings somewhere"
    assert read - WORKER_ONLY <= set(dir(KernelSettings))
    assert read >= WORKER_ONLY, "an exception nobody needs any more"
