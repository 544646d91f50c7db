"""County traffic in bulk: made-up exams with realistic times, in a demonstration home only."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

import numpy as np

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import WorkbenchError
from workbench.domain.report import digest_of, signed_content
from workbench.domain.site import SYSTEM, SiteKind
from workbench.store import audit, bulk, homes, sites
from workbench.store.database import Connection
from workbench.store.schema import event, exam, patient, report_release, signed_report
from workbench.workflow.station import Station

CHUNK = 20_000
BEFORE_S = 35.0  # from the end of the exam to its arrival


class OnlyInDemo(WorkbenchError):
    """Simulated exams may never lie beside patients."""

    template = "This home is {nature}; simulated traffic is written into a demonstration home only."


class NotFounded(WorkbenchError):
    """Nobody has said yet whether this home is for patients."""

    template = (
        "This home is empty and not yet a demonstration; simulated traffic is written into a "
        "demonstration home only. Start it once with `workbench serve --demo`, then simulate."
    )


@dataclass(frozen=True, slots=True)
class _County:
    names: Mapping[str, str]  # of the townships, by code
    reading: str
    shape: Mapping[str, Any]
    generator: np.random.Generator
    until: datetime


def simulate(
    station: Station, actor: Actor, exams: int, seed: int, progress: Callable[[int], None]
) -> None:
    """Write `exams` exams of the last two years, two modalities, over all townships."""
    actor.check(Act.SITES_MANAGE)
    with station.store.look() as conn:
        nature = homes.nature(conn)
        names = {s.code: s.name for s in sites.every(conn)}
        townships = {s.code: s.name for s in sites.every(conn) if s.kind is SiteKind.TOWNSHIP}
    if nature is None:
        raise NotFounded
    if nature != "demo":
        raise OnlyInDemo(nature=nature)
    if not townships:
        raise WorkbenchError("There is no township; add one with `workbench site add`.")
    text = resources.files("workbench").joinpath("templates/traffic.toml").read_text("utf-8")
    shape = tomllib.loads(text)
    if shape["reading_site"] not in names:
        raise WorkbenchError(
            f"No institution {shape['reading_site']} is there to read the simulated exams; "
            f"add it with `workbench site add {shape['reading_site']} --name NAME --kind county`."
        )
    county = _County(
        names=townships, reading=names.get(shape["reading_site"], shape["reading_site"]),
        shape=shape, generator=np.random.default_rng(seed), until=station.now(),
    )  # fmt: skip
    for start in range(0, exams, CHUNK):
        count = min(CHUNK, exams - start)
        with station.store.change() as conn:
            _write(conn, county, f"sim{seed}-{start}", count)
        progress(start + count)
    with station.store.change() as conn:
        bulk.refresh_statistics(conn, (exam, event, patient, signed_report))
        audit.note(
            conn, station.now(), chain=SYSTEM, actor=actor.username, act="traffic.simulate",
            object="exams", detail={"exams": exams, "seed": seed},
        )  # fmt: skip


def _write(conn: Connection, county: _County, prefix: str, count: int) -> None:
    rng, shape = county.generator, county.shape
    share = np.array(shape["hours"]) / np.sum(shape["hours"])
    days = rng.integers(0, shape["days"], count)
    hours = rng.choice(24, count, p=share) + rng.random(count)
    where = rng.choice(sorted(county.names), count)
    is_ecg = rng.random(count) < shape["ecg_share"]
    median, spread = np.log(shape["release_median_s"]), shape["release_spread"]
    to_release = rng.lognormal(median, spread, count)
    waits = rng.random(count) < shape["open_share"]
    # Midnight in Beijing is 16:00 UTC of the day before.
    midnight = county.until.astimezone(UTC).replace(hour=16, minute=0, second=0, microsecond=0)
    people, exams, stamps, reports, releases = [], [], [], [], []
    for i in range(count):
        key, code = f"{prefix}-{i}", str(where[i])
        arrived = midnight - timedelta(days=int(days[i]) + 2) + timedelta(hours=float(hours[i]))
        if waits[i]:
            arrived = county.until - timedelta(minutes=float(rng.random() * 40))
        released = None if waits[i] else arrived + timedelta(seconds=float(to_release[i]))
        person = _person(rng, key, code, shape)
        people.append(person)
        exams.append(_exam(key, code, "ECG" if is_ecg[i] else "DR", arrived, released))
        stamps.extend(_stamps(key, code, arrived, released, shape["reading_site"]))
        if released is not None:
            reports.append(_report(key, county, person, released))
            by = (shape["reader"], shape["reader_name"])
            releases.append((key, released, *by, False))
    bulk.copy_rows(conn, patient, _PERSON, people)
    bulk.copy_rows(conn, exam, _EXAM, exams)
    bulk.copy_rows(conn, event, ("exam_id", "kind", "at", "actor", "site_code", "clock"), stamps)
    bulk.copy_rows(conn, signed_report, _REPORT, reports)
    bulk.copy_rows(
        conn, report_release, ("report_id", "at", "by", "by_name", "countersigned"), releases
    )


_PERSON = ("id", "site_code", "local_id", "name", "sex", "birth_date", "person_id")
_EXAM = (
    "id", "site_code", "kind", "key", "patient_id", "state", "screening", "priority", "body_part",
    "exam_start", "exam_end", "received_at", "released_at", "images",
)  # fmt: skip
_REPORT = (
    "id", "exam_id", "version", "kind", "body", "author", "author_name", "licence_number",
    "reading_site", "signed_at", "facts", "digest",
)  # fmt: skip


def _person(
    rng: np.random.Generator, key: str, code: str, shape: Mapping[str, Any]
) -> tuple[Any, ...]:
    first, given = shape["surnames"], shape["given_names"]
    a, b, c = rng.integers(0, (len(first), len(given), len(given)))
    born = datetime(2020, 1, 1, tzinfo=UTC) - timedelta(days=int(rng.integers(18 * 365, 88 * 365)))
    sex = "M" if rng.random() < 0.5 else "F"
    return key, code, key, first[a] + given[b] + given[c], sex, born.date(), key


def _exam(
    key: str, code: str, kind: str, arrived: datetime, released: datetime | None
) -> tuple[Any, ...]:
    state = "waiting" if released is None else "released"
    part = "CHEST" if kind == "DR" else ""
    ended = arrived - timedelta(seconds=BEFORE_S)
    return (
        key, code, kind, key, key, state, "done", 3, part, ended - timedelta(seconds=60), ended,
        arrived, released, 1,
    )  # fmt: skip


def _stamps(
    key: str, code: str, arrived: datetime, released: datetime | None, reading: str
) -> list[tuple[Any, ...]]:
    made = [
        (key, "exam_end", arrived - timedelta(seconds=BEFORE_S), "simulation", code, "device"),
        (key, "received", arrived, "simulation", code, "server"),
        (key, "screened", arrived + timedelta(seconds=2), "worker", code, "server"),
    ]
    if released is not None:
        half = arrived + (released - arrived) / 2
        made += [
            (key, "first_open", half, "reader", reading, "server"),
            (key, "signed", released, "reader", reading, "server"),
            (key, "released", released, "reader", reading, "server"),
            (key, "delivered", released + timedelta(seconds=2), "worker", code, "server"),
        ]
    return made


def _report(
    key: str, county: _County, person: tuple[Any, ...], released: datetime
) -> tuple[Any, ...]:
    shape = county.shape
    body = {"findings": shape["text"], "impression": shape["text"], "coded": []}
    facts = {
        "patient": {"name": person[3], "local_id": person[2], "sex": person[4],
                    "birth_date": person[5].isoformat()},
        "order": None,
        "sites": {"examining": county.names[person[1]], "reading": county.reading},
    }  # fmt: skip
    digest = digest_of(signed_content({
        "exam_id": key, "version": 1, "kind": "original", "body": body, "author": shape["reader"],
        "licence_number": "", "signed_at": released, "facts": facts, "previous_digest": "",
    }))  # fmt: skip
    return (
        key, key, 1, "original", json.dumps(body, ensure_ascii=False), shape["reader"],
        shape["reader_name"], "", shape["reading_site"], released,
        json.dumps(facts, ensure_ascii=False), digest,
    )  # fmt: skip
