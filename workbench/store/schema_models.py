"""Installed models, and the trials of their thresholds on cases of the house."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema_base import Time, key, metadata

model = sa.Table(
    "model",
    metadata,
    key(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),  # of the net, which lies among the blobs
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("manifest", sa.Text, nullable=False),  # as it was brought
    sa.Column("added_by", sa.Text, nullable=False),
    sa.Column("added_at", Time, nullable=False),
    sa.Column("retired_at", Time),
    sa.UniqueConstraint("name", "version"),
)

model_trial = sa.Table(
    "model_trial",
    metadata,
    key(),
    sa.Column("model_id", sa.Text, sa.ForeignKey("model.id"), nullable=False, index=True),
    sa.Column("site_code", sa.Text, nullable=False),  # "" holds for all institutions
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("figures", JSONB, nullable=False),
)
