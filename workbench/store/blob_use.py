"""Which blobs the rows of the database stand on."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema import (
    conflict,
    delivery,
    display_copy,
    instance,
    mark_object,
    model,
    quarantine,
)

_BATCH = 10_000


def used(conn: sa.Connection) -> Iterator[str]:
    """The digest of every blob some row names, each once."""
    parts = [
        sa.select(sa.func.jsonb_array_elements(table.c.parts, type_=JSONB)["sha256"].astext)
        for table in (instance, quarantine, conflict)
    ]
    whole = [sa.select(table.c.sha256) for table in (display_copy, delivery, mark_object, model)]
    query = sa.union(*parts, *whole).execution_options(yield_per=_BATCH)
    yield from conn.execute(query).scalars()
