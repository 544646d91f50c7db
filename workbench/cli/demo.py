"""The demonstration home: a county with eleven townships, one account per role, sample studies."""

import secrets
import shutil
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import typer

from workbench.cli.output import me
from workbench.domain.actor import Role
from workbench.domain.kinds import ExamKind
from workbench.domain.site import Agreement, Site, SiteAddress, SiteKind
from workbench.store import homes
from workbench.workflow import accounts, sites
from workbench.workflow.station import Station

READING_YEARS = 3  # length of the invented agreements
SAMPLES = "data_samples"


def furnish(station: Station) -> None:
    """Fill an empty demonstration home; on later starts nothing happens."""
    if accounts.any_account(station):
        return
    text = resources.files("workbench").joinpath("templates/demo.toml").read_text("utf-8")
    data = tomllib.loads(text)
    townships = _sites(station, data)
    _agreements(station, townships)
    _accounts(station, data)
    _samples(station, townships)


def _sites(station: Station, data: Mapping[str, Any]) -> list[str]:
    for row in data["site"]:
        site = Site(
            code=row["code"], name=row["name"], kind=SiteKind(row["kind"]), phone=row["phone"]
        )
        sites.add(station, me(), site, [])
    codes = []
    for group in data["township"]:
        for number, name in enumerate(group["names"], 1):
            code = f"T{number:02d}"
            site = Site(
                code=code, name=group["prefix"] + name, kind=SiteKind.TOWNSHIP,
                phone=f"{group['phone_prefix']}{number:02d}",
            )  # fmt: skip
            known = [
                SiteAddress(site_code=code, ae_title=f"{code}_{kind}", address="127.0.0.0/8")
                for kind in ("DR", "ECG")
            ]
            if number == 1:
                # The name that dcmtk's tools call with, so that a first trial needs no option.
                known.append(SiteAddress(site_code=code, ae_title="DCMSEND"))
            sites.add(station, me(), site, known)
            codes.append(code)
    return codes


def _agreements(station: Station, townships: list[str]) -> None:
    today = station.today()
    both = frozenset({ExamKind.DR, ExamKind.ECG})
    for examining, reading in [*((t, "COUNTY") for t in townships), ("COUNTY", "TERT")]:
        new = Agreement(
            id="", examining=examining, reading=reading, kinds=both, starts_on=today,
            ends_on=date(today.year + READING_YEARS, 12, 31), document_no=f"演示-{examining}-{reading}",
        )  # fmt: skip
        sites.agree(station, me(), new)


def _accounts(station: Station, data: Mapping[str, Any]) -> None:
    typer.echo(
        "\n演示账户(口令只显示这一次) / demonstration accounts (passwords are shown once):\n"
    )
    for row in data["account"]:
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        new = accounts.NewAccount(
            username=row["username"], name=row["name"], role=Role(row["role"]),
            site_code=row["site"], password=password, licence_number=row.get("licence", ""),
            licence_expires_on=station.today() + timedelta(days=365 * READING_YEARS),
            licence_scope=frozenset(ExamKind(k) for k in row.get("scope", ())),
            must_change_password=False,  # shown once, random, and nothing real lies behind it
        )  # fmt: skip
        accounts.add(station, me(), new)
        typer.echo(f"  {row['username']:10} {password}   {row['name']} ({row['role']})")
    typer.echo("")


def _samples(station: Station, townships: list[str]) -> None:
    """Lay the sample studies into the watched folders: they come in by the real intake."""
    source = sample_folder()
    if source is None:
        typer.echo("No sample studies found: make them with `workbench samples FOLDER`.")
        return
    names = sorted(
        p for p in source.rglob("*") if p.is_file() and p.suffix in (".dcm", ".hea", ".dat")
    )
    stems = sorted({p.stem for p in names})
    for path in names:
        code = townships[stems.index(path.stem) % len(townships)]
        folder = station.settings.inbox / code
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / path.name)


def sample_folder() -> Path | None:
    """The shipped sample studies: in the installed package, or beside it in a checkout."""
    package = Path(str(resources.files("workbench")))
    for folder in (package / SAMPLES, package.parent / SAMPLES):
        if folder.is_dir():
            return folder
    return None


def is_demo(station: Station) -> bool:
    """Whether this home is for demonstration."""
    with station.store.look() as conn:
        return homes.nature(conn) == "demo"
