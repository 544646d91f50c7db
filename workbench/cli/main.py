"""The command `workbench`: parse, call, print."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer

from workbench.cli.usage import call

# word typed -> module of this folder, name in it; in the order of the help
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "serve": ("serve", "serve"),
        "import": ("files", "import_"),
        "screen": ("screen", "screen"),
        "convert": ("convert", "convert"),
        "worklist": ("exams", "worklist"),
        "backup": ("care", "backup"),
        "restore": ("care", "restore"),
        "doctor": ("care", "doctor"),
        "simulate": ("traffic", "simulate"),
        "samples": ("files", "samples"),
    }
)
GROUPS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "exam": ("exams", "exam"),
        "report": ("exams", "report"),
        "site": ("people", "site"),
        "user": ("people", "user"),
        "model": ("models", "model"),
        "audit": ("care", "audit_app"),
    }
)


def application(typed: Sequence[str] = ()) -> typer.Typer:
    """The commands; when one of them was typed, only its module is loaded, which takes a third."""
    app = typer.Typer(
        name="workbench",
        help="County reading workbench (县域阅片工作台).",
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,  # locals may hold patients
        add_completion=False,
    )
    app.callback()(_workbench)  # else a single command would take the place of the program
    wanted = typed[0] if typed else ""
    alone = wanted in COMMANDS or wanted in GROUPS
    for word, (module, name) in COMMANDS.items():
        if not alone or word == wanted:
            app.command(word)(_found(module, name))
    for word, (module, name) in GROUPS.items():
        if not alone or word == wanted:
            app.add_typer(_found(module, name), name=word)
    return app


def _found(module: str, name: str) -> Any:
    return getattr(import_module(f"workbench.cli.{module}"), name)


def _workbench() -> None:
    """County reading workbench (县域阅片工作台)."""


def run() -> None:
    """Run a command; our own errors become one red line, all others keep their traceback."""
    sys.exit(call(application(sys.argv[1:])))


if __name__ == "__main__":
    run()
