"""Fingerprints of films, by which a picture that comes again is known."""

import sqlalchemy as sa

from workbench.store.schema_base import Time, metadata

film_print = sa.Table(
    "film_print",
    metadata,
    sa.Column("instance_id", sa.Text, sa.ForeignKey("instance.id"), primary_key=True),
    sa.Column("bits", sa.BigInteger, nullable=False),
    sa.Column("thumbnail", sa.LargeBinary, nullable=False),  # kept beside the row, see migration
    sa.Column("at", Time, nullable=False),
)
