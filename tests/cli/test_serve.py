"""A start that is refused: one sentence, an exit code that ends the matter, and no process left."""

import psutil
import pytest

from tests.processes import free_port
from workbench.cli.supervisor import GIVES_UP
from workbench.settings import Settings
from workbench.store import embedded

PASSWORD = "correct horse 42"


@pytest.fixture(scope="module")
def clinical(typed, home):
    """A home that holds a person, so it is for patients."""
    assert typed("site", "add", "COUNTY", "--name", "某县人民医院", home=home).code == 0
    added = typed(
        "user", "add", "admin", "--role", "admin", "--site", "COUNTY", home=home, text=PASSWORD
    )
    assert added.code == 0
    return home


def serve(typed, home, *more):
    ports = ("--port", free_port(), "--dicom-port", free_port())
    return typed("serve", "--no-browser", *ports, *more, home=home)


def nothing_runs(home):
    names = [" ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"])]
    return not [n for n in names if str(home) in n] and not embedded.running(
        Settings(home=home, database_url="")
    )


def test_a_home_for_patients_refuses_to_be_a_demonstration_and_leaves_no_database_running(
    typed, clinical
):
    refused = serve(typed, clinical, "--demo")
    assert refused.code == 2
    assert "This home is clinical for ever and cannot become demo" in refused.err
    assert nothing_runs(clinical)


def test_plain_http_off_this_machine_ends_the_whole_house_instead_of_trying_for_ever(
    typed, clinical
):
    refused = serve(typed, clinical, "--host", "0.0.0.0")  # noqa: S104 - never listens
    assert refused.code == GIVES_UP
    assert refused.err.count("--insecure-http if a proxy") == 1
    assert nothing_runs(clinical)
