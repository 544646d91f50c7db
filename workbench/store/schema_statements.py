"""What readers decided on the statements of a screening."""

import sqlalchemy as sa

from workbench.store.schema_base import Time, key, metadata, of_exam

statement_verdict = sa.Table(
    "statement_verdict",
    metadata,
    key(),
    of_exam(),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("screener", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("rulebook", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.UniqueConstraint("exam_id", "number"),
)
