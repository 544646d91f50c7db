"""Requests to take a film again, and the steps they took."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema_base import (
    EMPTY_DICT,
    EMPTY_LIST,
    Time,
    key,
    metadata,
    of_exam,
    of_site,
)

UNANSWERED = sa.text("state in ('requested','seen')")

retake = sa.Table(
    "retake",
    metadata,
    key(),
    of_exam(),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("instance.id"), nullable=False),
    of_site(),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reasons", JSONB, nullable=False, server_default=EMPTY_LIST),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("asked_at", Time, nullable=False),
    sa.Column("due_at", Time),
    sa.Column("refusal", sa.Text),
    sa.Column("answer_id", sa.Text, sa.ForeignKey("instance.id")),
    sa.UniqueConstraint("instance_id"),
    sa.UniqueConstraint("answer_id"),
    sa.Index("ix_retake_exam_id", "exam_id"),
    sa.Index("ix_retake_site_code_asked_at", "site_code", "asked_at"),
    sa.Index("ix_retake_unanswered", "site_code", "due_at", postgresql_where=UNANSWERED),
)

retake_step = sa.Table(
    "retake_step",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("retake_id", sa.Text, sa.ForeignKey("retake.id"), nullable=False, index=True),
    sa.Column("move", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("detail", JSONB, nullable=False, server_default=EMPTY_DICT),
)
