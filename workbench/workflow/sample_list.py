"""The table of sample studies, light enough for every command."""

import tomllib
from importlib import resources
from typing import Any


def listing() -> dict[str, Any]:
    """The table of sample studies."""
    text = resources.files("workbench").joinpath("templates/samples.toml").read_text("utf-8")
    return tomllib.loads(text)
