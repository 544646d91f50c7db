"""Institutions, the senders they are known by, and who reads for whom under which agreement."""

import re
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench import editions
from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid
from workbench.domain.site import SYSTEM, Agreement, Site, SiteAddress
from workbench.store import audit, sites
from workbench.store.database import Connection
from workbench.workflow.station import Station

_PROFILE = re.compile(r"ecg-profile-(.+)-\d{4}\.\d+")


def every(station: Station, actor: Actor) -> list[Site]:
    """All institutions; names are no secret among those who work here."""
    del actor
    with station.store.look() as conn:
        return sites.every(conn)


def add(station: Station, actor: Actor, site: Site, addresses: list[SiteAddress]) -> None:
    """Add an institution with the senders it is recognised by."""
    actor.check(Act.SITES_MANAGE)
    _check(site)
    with station.store.change() as conn:
        if sites.exists(conn, site.code):
            raise Invalid("site code", site.code, "a code that is not taken")
        sites.add(conn, site)
        for address in addresses:
            sites.add_address(conn, address)
        _note(station, conn, actor, "site.add", f"site/{site.code}")


def change(station: Station, actor: Actor, site: Site) -> None:
    """Change an institution's data."""
    actor.check(Act.SITES_MANAGE)
    _check(site)
    with station.store.change() as conn:
        sites.change(conn, site)
        _note(station, conn, actor, "site.change", f"site/{site.code}")


def add_address(station: Station, actor: Actor, address: SiteAddress) -> None:
    """Let another sender be recognised."""
    actor.check(Act.SITES_MANAGE)
    with station.store.change() as conn:
        sites.get(conn, address.site_code)
        sites.add_address(conn, address)
        _note(station, conn, actor, "site.address", f"site/{address.site_code}")


def addresses(station: Station, actor: Actor) -> list[SiteAddress]:
    """All known senders."""
    actor.check(Act.SITES_MANAGE)
    with station.store.look() as conn:
        return sites.addresses(conn)


def agree(station: Station, actor: Actor, agreement: Agreement) -> Agreement:
    """Record a remote-reading agreement."""
    actor.check(Act.SITES_MANAGE)
    new = replace(agreement, id=station.fresh())
    with station.store.change() as conn:
        sites.get(conn, new.examining)
        sites.get(conn, new.reading)
        sites.add_agreement(conn, new)
        _note(station, conn, actor, "agreement.add", f"agreement/{new.id}")
    return new


def end_agreement(station: Station, actor: Actor, key: str, ends_on: date) -> None:
    """Let an agreement end."""
    actor.check(Act.SITES_MANAGE)
    with station.store.change() as conn:
        sites.end_agreement(conn, key, ends_on)
        _note(station, conn, actor, "agreement.end", f"agreement/{key}")


def agreements(station: Station, actor: Actor) -> list[Agreement]:
    """All agreements."""
    actor.check(Act.SITES_MANAGE)
    with station.store.look() as conn:
        return sites.agreements(conn)


def _check(site: Site) -> None:
    """What the readers and the screening look up by name must be there: else nothing is filed."""
    try:
        ZoneInfo(site.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("time zone", site.time_zone, "a name such as Asia/Shanghai") from None
    check_profile(site.profile)


def check_profile(name: str) -> None:
    """A profile of critical values that is not installed is refused, never replaced silently."""
    found = (_PROFILE.fullmatch(book) for book in editions.rule_book_names())
    known = sorted({m[1] for m in found if m})
    if name not in known:
        raise Invalid("critical-value profile", name, f"one of {', '.join(known)}")


def _note(station: Station, conn: Connection, actor: Actor, act: str, thing: str) -> None:
    audit.note(conn, station.now(), chain=SYSTEM, actor=actor.username, act=act, object=thing)
