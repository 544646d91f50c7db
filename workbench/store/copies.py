"""Fingerprints of films, and which of them are near to one; every query reads all of them.

The hash has 63 bits and a copy differs in up to a fifth of them, so no index over parts of it helps
(docs/decisions/0014-copies.md); counting bits in a scan of narrow rows does.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.film_print import KeptPrint
from workbench.store.schema import exam, film_print, instance, patient

_LOCK = 7205770452  # any number, the same for every process


def hold(conn: sa.Connection) -> None:
    """One film is looked up and kept at a time: of two at once neither would see the other."""
    conn.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def keep(conn: sa.Connection, instance_id: str, bits: int, thumbnail: bytes, now: datetime) -> None:
    """Keep the fingerprint of a film; one of before is replaced."""
    values = {"bits": bits, "thumbnail": thumbnail, "at": now}
    row = insert(film_print).values(instance_id=instance_id, **values)
    conn.execute(row.on_conflict_do_update(index_elements=["instance_id"], set_=values))


def near(
    conn: sa.Connection, instance_id: str, bits: int, most: int, limit: int
) -> list[KeptPrint]:
    """Other films whose hash differs in at most so many bits, the nearest first."""
    apart = sa.func.bit_count(
        sa.cast(film_print.c.bits.op("#")(sa.literal(bits, sa.BigInteger)), _Bits())
    )
    found = (
        sa.select(film_print.c.instance_id, apart.label("apart"))
        .where(film_print.c.instance_id != instance_id, apart <= most)
        .order_by("apart", film_print.c.instance_id)
        .limit(limit)
        .subquery()
    )
    rows = conn.execute(
        sa.select(
            film_print.c.instance_id,
            instance.c.exam_id,
            patient.c.person_id,
            instance.c.site_code,
            instance.c.received_at,
            film_print.c.bits,
            film_print.c.thumbnail,
        )
        .join(found, found.c.instance_id == film_print.c.instance_id)
        .join(instance, instance.c.id == film_print.c.instance_id)
        .join(exam, exam.c.id == instance.c.exam_id)
        .join(patient, patient.c.id == exam.c.patient_id)
        .order_by(found.c.apart, film_print.c.instance_id)
    )
    return [KeptPrint(*row) for row in rows]


class _Bits(sa.types.UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_more: object) -> str:
        return "bit(64)"
