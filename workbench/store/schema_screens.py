"""Looks at the test pattern of a screen."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema_base import Time, key, metadata

screen_check = sa.Table(
    "screen_check",
    metadata,
    key(),
    sa.Column("username", sa.Text, sa.ForeignKey("account.username"), nullable=False),
    sa.Column("display", sa.Text, nullable=False),  # made by the browser: workstation and screen
    sa.Column("at", Time, nullable=False),
    sa.Column("answers", JSONB, nullable=False),
    sa.Column("facts", JSONB, nullable=False),
    sa.Index("ix_screen_check_username_display_at", "username", "display", "at"),
)
