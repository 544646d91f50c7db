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

from workbench.cli.output import me, words
from workbench.domain.actor import Role
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Known, Order, Urgency
from workbench.domain.site import Agreement, Site, SiteAddress, SiteKind
from workbench.formats.writers.restamp import restamped
from workbench.workflow import accounts, orders, sites
from workbench.workflow.sample_list import listing
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
            ends_on=date(today.year + READING_YEARS, 12, 31),
            document_no=f"演示-{examining}-{reading}",
        )  # fmt: skip
        sites.agree(station, me(), new)


def _accounts(station: Station, data: Mapping[str, Any]) -> None:
    typer.echo(
        "\n演示账户（口令只显示这一次） / demonstration accounts (passwords are shown once):\n"
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
    """Lay the sample studies into the watched folders: they come in by the real intake.

    They are given today's times, a few minutes apart, so that the clocks of the demonstration run.
    """
    source = sample_folder()
    if source is None:
        typer.echo(words()("No sample studies found: make them with `workbench samples FOLDER`."))
        return
    table = listing()
    rows = [*table["film"], *table["ecg"]]
    for number, row in enumerate(rows):
        # Every second study comes from the township that has a demonstration account.
        code = townships[0] if number % 2 == 0 else townships[1 + number % (len(townships) - 1)]
        folder = station.settings.inbox / code
        folder.mkdir(parents=True, exist_ok=True)
        taken = station.now() - timedelta(minutes=2 * (len(rows) - number))
        if "order" in row and code == townships[0]:
            _order(station, code, row)
        for path in sorted(source.glob(f"{row['name']}.*")):
            if path.suffix == ".dcm":
                local = taken.astimezone(table["taken_at"].tzinfo)
                (folder / path.name).write_bytes(restamped(path.read_bytes(), local))
            elif path.suffix != ".json":
                shutil.copyfile(path, folder / path.name)


def _order(station: Station, code: str, row: Mapping[str, Any]) -> None:
    asked, patient = row["order"], row["patient"]
    kind = ExamKind.DR if row["name"].startswith("dr-") else ExamKind.ECG
    orders.place(
        station,
        accounts.actor_of(station, "clinic"),
        Order(
            id="", site_code=code, kind=kind, local_id=patient["id"],
            patient_name=patient["name"].replace("^", ""), accession=row["accession"],
            reason=asked["reason"], urgency=Urgency(asked["urgency"]),
            chest_pain=Known(asked["chest_pain"]), syncope=Known(asked["syncope"]),
        ),
    )  # fmt: skip


def sample_folder() -> Path | None:
    """The shipped sample studies: in the installed package, or beside it in a checkout."""
    package = Path(str(resources.files("workbench")))
    for folder in (package / SAMPLES, package.parent / SAMPLES):
        if folder.is_dir():
            return folder
    return None
