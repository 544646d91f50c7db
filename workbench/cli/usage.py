"""How commands explain themselves and refuse what was typed: in the terminal's language."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import typer
from typer import rich_utils
from typer.exceptions import TyperException
from typer.main import get_command

from workbench.cli.output import fault, language_here
from workbench.domain.errors import WorkbenchError
from workbench.language import DEFAULT_LANGUAGE, translator

WRONG_USE = 2
_STOPS = ".?)\N{IDEOGRAPHIC FULL STOP}\N{FULLWIDTH QUESTION MARK}"
# Words of typer itself, by the name they have there.
_TITLES: Mapping[str, str] = {
    "ARGUMENTS_PANEL_TITLE": "Arguments",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commands",
    "REQUIRED_LONG_STRING": "[required]",
    "DEFAULT_STRING": "[default: {}]",
}


def call(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run what was typed and return the exit code; a wrong word is one line and the next step."""
    _ = translator(language_here())
    root = get_command(app)
    for name, title in _TITLES.items():
        setattr(rich_utils, name, _(title))
    if language_here() == DEFAULT_LANGUAGE:
        _explain(root, _)
    try:
        code = root.main(
            args=None if arguments is None else list(arguments),
            prog_name="workbench",
            standalone_mode=False,
        )
    except typer.Abort:
        typer.secho(_("Stopped; nothing was done."), fg=typer.colors.RED, err=True)
        return 1
    except WorkbenchError as error:
        typer.secho(fault(error), fg=typer.colors.RED, err=True)
        return WRONG_USE
    except TyperException as error:
        if said := _refusal(error, _):
            typer.secho(said, fg=typer.colors.RED, err=True)
        return getattr(error, "exit_code", WRONG_USE)
    return code if isinstance(code, int) else 0


def _refusal(error: TyperException, translate: Callable[[str], str]) -> str:
    _ = translate
    ctx = getattr(error, "ctx", None)
    text = " ".join(error.format_message().split())
    if type(error).__name__ == "NoArgsIsHelpError" or not text:
        return ""  # the help itself was printed
    if ctx is None:
        return _(text)
    see = _("See `{command} --help`.").format(command=ctx.command_path)
    said = _(text)
    return f"{said}{' ' if said[-1] in _STOPS else _('; ')}{see}"


def _explain(command: Any, translate: Callable[[str], str]) -> None:
    """Put the help of a command, its options and its commands into the reader's language."""
    command.help = translate(command.help or "")
    command.short_help = translate(command.short_help) if command.short_help else None
    command.get_usage = partial(_usage, command.get_usage, translate)
    with typer.Context(command) as ctx:
        shown = command.get_help_option(ctx)
    for one in [*command.params, shown]:
        if getattr(one, "help", None):
            one.help = translate(one.help)
    for each in getattr(command, "commands", {}).values():
        _explain(each, translate)


def _usage(plain: Callable[[Any], str], translate: Callable[[str], str], ctx: Any) -> str:
    return plain(ctx).replace("Usage: ", f"{translate('Usage')}: ", 1)
