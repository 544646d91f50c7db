"""What readers mark on films, what of it was signed, and the objects made of that."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema_base import Time, key, metadata, of_exam


def _of_instance(*, primary: bool = False) -> sa.Column[str]:
    parent = sa.ForeignKey("instance.id")
    return sa.Column("instance_id", sa.Text, parent, primary_key=primary, nullable=False)


film_marks = sa.Table(
    "film_marks",
    metadata,
    _of_instance(primary=True),
    of_exam(),
    sa.Column("marks", JSONB, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Index("ix_film_marks_exam_id", "exam_id"),
)

key_image = sa.Table(
    "key_image",
    metadata,
    key(),
    of_exam(),
    _of_instance(),
    sa.Column("frame", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("chosen", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.UniqueConstraint("exam_id", "number"),
)

signed_marks = sa.Table(
    "signed_marks",
    metadata,
    sa.Column("report_id", sa.Text, sa.ForeignKey("signed_report.id"), primary_key=True),
    sa.Column("films", JSONB, nullable=False),
    sa.Column("keys", JSONB, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),  # stands in the facts of the signed version
)

mark_object = sa.Table(
    "mark_object",
    metadata,
    sa.Column("report_id", sa.Text, sa.ForeignKey("signed_report.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),  # "key", "presentation" or "measurements"
    sa.Column("number", sa.Integer, primary_key=True),  # presentation states: one for each film
    sa.Column("uid", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("at", Time, nullable=False),
)
