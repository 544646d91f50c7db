"""How commands print: one JSON object per line, or plain lines."""

import getpass
import json
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

from workbench.domain.actor import Actor
from workbench.domain.errors import WorkbenchError
from workbench.language import say, translator
from workbench.workflow.console import operator


class NothingThere(WorkbenchError):
    """A path on the command line that leads nowhere."""

    template = "{path} is not there; check name and folder, then type the command again."

    def __init__(self, path: str) -> None:
        super().__init__(path=path)


def line(data: Mapping[str, Any]) -> None:
    """Print one JSON object on one line."""
    text = json.dumps(data, ensure_ascii=False, default=_plain)
    # A file name that is no UTF-8 comes out as its JSON escape, whatever the terminal's language.
    typer.echo(text.encode("utf-8", "backslashreplace"))


def told(value: Mapping[str, Any], margin: str = "  ") -> None:
    """Print facts for a person: one on a line, what belongs to one of them further in."""
    for name, fact in value.items():
        rows = fact if isinstance(fact, list | tuple) else [fact]
        if any(isinstance(row, Mapping) for row in rows):
            typer.echo(f"{margin}{name}:")
            for row in rows:
                if row is not rows[0]:
                    typer.echo(f"{margin}  -")
                told(row, f"{margin}  ")
        else:
            plain = (str(_plain(row)) for row in rows if row is not None)
            typer.echo(f"{margin}{name}: {', '.join(plain) or '-'}")


def language_here() -> str:
    """The language of the terminal: Chinese where it is, else English."""
    spoken = next((v for n in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(n))), "")
    return "zh_CN" if spoken.startswith("zh") else "en"


def words() -> Callable[[str], str]:
    """What puts a marked sentence into the language of the terminal."""
    return translator(language_here())


def fault(error: WorkbenchError) -> str:
    """What went wrong, in the language of the terminal."""
    return say(error, words())


def there(*paths: Path | None) -> None:
    """Refuse a path that leads nowhere, before anything is begun."""
    for path in paths:
        if path is not None and not path.exists():
            raise NothingThere(str(path))


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
