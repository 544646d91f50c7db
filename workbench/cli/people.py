"""`workbench site add`, `workbench user add`: also on an empty home, also while the server runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.home import HOME, opened, settings_of
from workbench.cli.output import line, me, words
from workbench.domain.actor import Role
from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind
from workbench.domain.site import Site, SiteAddress, SiteKind
from workbench.workflow import accounts, sites

_BOTH = frozenset({ExamKind.DR, ExamKind.ECG})

site = typer.Typer(help="Institutions.", no_args_is_help=True)
user = typer.Typer(help="Accounts.", no_args_is_help=True)


@site.command("add")
def site_add(  # noqa: PLR0913 - options of the command line
    code: Annotated[str, typer.Argument(help="Short code, e.g. T01.")],
    name: Annotated[str, typer.Option(help="Full name, as printed on reports.")],
    kind: Annotated[SiteKind, typer.Option(help="Level of the institution.")] = SiteKind.TOWNSHIP,
    ae_title: Annotated[str, typer.Option(help="AE title its machines call with.")] = "",
    address: Annotated[str, typer.Option(help="Address or network they call from.")] = "",
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Add an institution and the sender it is known by."""
    if address and not ae_title:
        raise Invalid("AE title", "nothing", "an --ae-title together with --address")
    new = Site(code=code, name=name, kind=kind)
    known = [SiteAddress(site_code=code, ae_title=ae_title, address=address)] if ae_title else []
    with opened(settings_of(home)) as station:
        sites.add(station, me(), new, known)
    if json:
        line({"site": code, "name": name, "ae_title": ae_title, "address": address})
    else:
        typer.echo(words()("Site {code} added.").format(code=code))


@user.command("add")
def user_add(  # noqa: PLR0913 - options of the command line
    name: Annotated[str, typer.Argument(help="Log-in name.")],
    role: Annotated[Role, typer.Option(help="What the person does.")],
    site: Annotated[str, typer.Option(help="Code of the person's institution.")],
    full_name: Annotated[str, typer.Option(help="Name as printed on reports.")] = "",
    licence: Annotated[str, typer.Option(help="Licence number of a doctor.")] = "",
    home: Annotated[Path | None, HOME] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Add an account; the first password is read from standard input."""
    if sys.stdin.isatty():
        password = typer.prompt(words()("Password"), hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    new = accounts.NewAccount(
        username=name,
        name=full_name or name,
        role=role,
        site_code=site,
        password=password,
        licence_number=licence,
        licence_scope=_BOTH if licence else frozenset(),
    )
    with opened(settings_of(home)) as station:
        accounts.add(station, me(), new)
    if json:
        line({"user": name, "role": role, "site": site})
    else:
        said = words()("User {name} added; the password must be changed at the first log-in.")
        typer.echo(said.format(name=name))
