"""Set-up on a machine with Python and make and nothing else."""

import subprocess

from tests.house.sources import ROOT


def test_the_editable_install_needs_no_npm_in_path(tmp_path):
    """The recipe of the Makefile, as a dry run, with no program to be found in PATH."""
    said = subprocess.run(
        ["make", "-n", "-W", "pyproject.toml", ".venv/stamps/installed"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    [recipe] = [line for line in said.splitlines() if line.endswith(" -e .")]
    ran = subprocess.run(
        ["/bin/sh", "-c", f"{recipe} --dry-run"],
        cwd=ROOT, capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
