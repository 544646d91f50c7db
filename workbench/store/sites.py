"""Institutions, sender addresses, reading agreements, and whose rows an actor may see."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.actor import Actor, Role
from workbench.domain.errors import Invalid, NotFound
from workbench.domain.kinds import ExamKind
from workbench.domain.site import Agreement, Site, SiteAddress, SiteKind
from workbench.store.schema import agreement, site, site_address

_HOME_ONLY = frozenset({Role.CLINICIAN, Role.TECHNICIAN, Role.RECEIVER})
_NOTHING = frozenset({Role.TRAINEE, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Scope:
    """Pairs of institution and kind of exam; every query about exams goes through `clause`."""

    kinds: Mapping[str, frozenset[ExamKind]]

    @property
    def sites(self) -> frozenset[str]:
        """Institutions of which at least one kind may be seen."""
        return frozenset(self.kinds)

    def holds(self, site_code: str, kind: ExamKind) -> bool:
        """Whether one exam may be seen."""
        return kind in self.kinds.get(site_code, frozenset())

    def clause(self, site_code: Any, kind: Any) -> sa.ColumnElement[bool]:
        """The condition that keeps all other rows out."""
        return sa.or_(
            sa.false(),
            *(
                sa.and_(
                    kind == k.value, site_code.in_([s for s, ks in self.kinds.items() if k in ks])
                )
                for k in ExamKind
                if any(k in ks for ks in self.kinds.values())
            ),
        )


def scope_of(conn: sa.Connection, actor: Actor, today: date) -> Scope:
    """Whose rows this actor may see today: the own institution, and those it reads for."""
    if actor.role in _NOTHING:
        return Scope({})
    kinds: dict[str, frozenset[ExamKind]] = {actor.site_code: frozenset(ExamKind)}
    if actor.role not in _HOME_ONLY:
        for found in agreements(conn, reading=actor.site_code):
            if found.in_force(today):
                kinds[found.examining] = kinds.get(found.examining, frozenset()) | found.kinds
    return Scope(kinds)


def add(conn: sa.Connection, new: Site) -> None:
    """Add an institution."""
    conn.execute(site.insert().values(**_values(new)))


def change(conn: sa.Connection, new: Site) -> None:
    """Write an institution's data anew."""
    done = conn.execute(site.update().where(site.c.code == new.code).values(**_values(new)))
    if done.rowcount != 1:
        raise NotFound("site", new.code)


def get(conn: sa.Connection, code: str) -> Site:
    """One institution by code."""
    row = conn.execute(sa.select(site).where(site.c.code == code)).mappings().first()
    if row is None:
        raise NotFound("site", code)
    return _site(row)


def exists(conn: sa.Connection, code: str) -> bool:
    """Whether an institution with this code is known."""
    return conn.execute(sa.select(site.c.code).where(site.c.code == code)).first() is not None


def every(conn: sa.Connection) -> list[Site]:
    """All institutions, by code."""
    return [_site(r) for r in conn.execute(sa.select(site).order_by(site.c.code)).mappings()]


def add_address(conn: sa.Connection, new: SiteAddress) -> None:
    """Let a sender be recognised; two institutions cannot share one."""
    done = conn.execute(
        insert(site_address)
        .values(ae_title=new.ae_title.strip(), address=new.address.strip(), site_code=new.site_code)
        .on_conflict_do_nothing()
        .returning(site_address.c.site_code)
    ).first()
    if done is None:
        seen = f"{new.ae_title.strip()} at {new.address.strip() or 'any address'}"
        raise Invalid("sender", seen, "a pair of AE title and address that is not taken")


def addresses(conn: sa.Connection, code: str | None = None) -> list[SiteAddress]:
    """Known senders, of one institution or of all."""
    query = sa.select(site_address).order_by(site_address.c.site_code, site_address.c.ae_title)
    if code is not None:
        query = query.where(site_address.c.site_code == code)
    return [
        SiteAddress(site_code=r.site_code, ae_title=r.ae_title, address=r.address)
        for r in conn.execute(query)
    ]


def of_sender(conn: sa.Connection, ae_title: str, address: str) -> str | None:
    """Code of the active institution that calls with this AE title from this address, if known."""
    rows = conn.execute(
        sa.select(site_address.c.site_code, site_address.c.address)
        .join(site, site.c.code == site_address.c.site_code)
        .where(site_address.c.ae_title == ae_title.strip(), site.c.active)
    ).all()
    fits = [(_narrowness(r.address, address), r.site_code) for r in rows]
    best = max((n for n, _ in fits if n is not None), default=None)
    codes = {code for n, code in fits if n is not None and n == best}
    return codes.pop() if len(codes) == 1 else None  # two institutions claim it: a person decides


def _narrowness(known: str, seen: str) -> int | None:
    """How exactly a known address names the one seen; None when it does not."""
    if not known:
        return -1
    try:
        network = ipaddress.ip_network(known, strict=False)
        return network.prefixlen if ipaddress.ip_address(seen) in network else None
    except ValueError:
        return 128 if known == seen else None


def add_agreement(conn: sa.Connection, new: Agreement) -> None:
    """Record a written agreement."""
    conn.execute(
        agreement.insert().values(
            id=new.id,
            examining=new.examining,
            reading=new.reading,
            kinds=sorted(new.kinds),
            starts_on=new.starts_on,
            ends_on=new.ends_on,
            document_no=new.document_no,
        )
    )


def end_agreement(conn: sa.Connection, key: str, ends_on: date) -> None:
    """Let an agreement end on a day that is not before its first."""
    found = next((a for a in agreements(conn) if a.id == key), None)
    if found is None:
        raise NotFound("agreement", key)
    ended = replace(found, ends_on=ends_on)
    conn.execute(agreement.update().where(agreement.c.id == key).values(ends_on=ended.ends_on))


def agreements(
    conn: sa.Connection, *, reading: str | None = None, examining: str | None = None
) -> list[Agreement]:
    """Agreements of one party, or all."""
    query = sa.select(agreement).order_by(agreement.c.examining, agreement.c.starts_on)
    if reading is not None:
        query = query.where(agreement.c.reading == reading)
    if examining is not None:
        query = query.where(agreement.c.examining == examining)
    return [
        Agreement(
            id=r.id,
            examining=r.examining,
            reading=r.reading,
            kinds=frozenset(ExamKind(k) for k in r.kinds),
            starts_on=r.starts_on,
            ends_on=r.ends_on,
            document_no=r.document_no,
        )
        for r in conn.execute(query)
    ]


def _values(new: Site) -> dict[str, Any]:
    return {
        "code": new.code,
        "name": new.name,
        "kind": new.kind.value,
        "phone": new.phone,
        "time_zone": new.time_zone,
        "profile": new.profile,
        "signatures": new.signatures,
        "active": new.active,
        "asks_retakes": new.asks_retakes,
    }


def _site(row: Any) -> Site:
    return Site(**{**row, "kind": SiteKind(row["kind"])})
