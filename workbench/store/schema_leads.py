"""Names that people gave the leads of recordings."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema_base import Time, key, metadata, of_exam

lead_names = sa.Table(
    "lead_names",
    metadata,
    key(),
    of_exam(),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("names", JSONB, nullable=False),  # {} is "as the file has it"
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.UniqueConstraint("instance_id", "number"),
    sa.Index("ix_lead_names_exam_id", "exam_id"),
)
