"""How commands print: one JSON object per line, or plain lines."""

import getpass
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import typer

from workbench.domain.actor import Actor
from workbench.workflow.console import operator


def line(data: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    text = json.dumps(data, ensure_ascii=False, default=_plain)
    # A file name that is no UTF-8 comes out as its JSON escape, whatever the terminal's language.
    typer.echo(text.encode("utf-8", "backslashreplace"))


def me() -> Actor:
    """The person at the command line."""
    return operator(getpass.getuser())


def _plain(value: object) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, frozenset | set | tuple):
        return sorted(value) if isinstance(value, frozenset | set) else list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
