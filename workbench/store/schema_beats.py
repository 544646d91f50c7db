"""What readers measured on averaged beats."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema_base import Time, key, metadata, of_exam

beat_measurement = sa.Table(
    "beat_measurement",
    metadata,
    key(),
    of_exam(),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("standing", sa.Integer, nullable=False),  # the measurement that holds from here on
    sa.Column("marks", JSONB, nullable=False),
    sa.Column("values", JSONB, nullable=False),
    sa.Column("beat_sha256", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("instance_id", "number"),
    sa.Index("ix_beat_measurement_exam_id", "exam_id"),
)
