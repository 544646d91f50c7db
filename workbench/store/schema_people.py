"""Institutions, people who act, and patients."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema_base import EMPTY_LIST, Time, key, metadata, of_site

home = sa.Table(
    "home",
    metadata,
    sa.Column("only", sa.Boolean, sa.CheckConstraint('"only"', name="one_row"), primary_key=True),
    sa.Column("nature", sa.Text, nullable=False),  # "demo" or "clinical", for ever
    sa.Column("made_at", Time, nullable=False),
)

site = sa.Table(
    "site",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False, server_default=""),
    sa.Column("time_zone", sa.Text, nullable=False, server_default="Asia/Shanghai"),
    sa.Column("profile", sa.Text, nullable=False, server_default="national"),
    sa.Column("signatures", sa.SmallInteger, nullable=False, server_default="1"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("asks_retakes", sa.Boolean, nullable=False, server_default=sa.true()),
)

site_address = sa.Table(
    "site_address",
    metadata,
    sa.Column("ae_title", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    of_site(),
)

agreement = sa.Table(
    "agreement",
    metadata,
    key(),
    of_site("examining"),
    of_site("reading"),
    sa.Column("kinds", JSONB, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("document_no", sa.Text, nullable=False, server_default=""),
)

account = sa.Table(
    "account",
    metadata,
    sa.Column("username", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    of_site(),
    sa.Column("language", sa.Text, nullable=False, server_default="zh_CN"),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("must_change_password", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("licence_number", sa.Text, nullable=False, server_default=""),
    sa.Column("licence_expires_on", sa.Date),
    sa.Column("licence_scope", JSONB, nullable=False, server_default=EMPTY_LIST),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("leaves_on", sa.Date),
    sa.Column("made_at", Time, nullable=False),
)

display_calibration = sa.Table(
    "display_calibration",
    metadata,
    sa.Column("username", sa.Text, sa.ForeignKey("account.username"), primary_key=True),
    sa.Column("display", sa.Text, primary_key=True),  # made by the browser: workstation and screen
    sa.Column("px_per_mm", sa.Double, nullable=False),  # device pixels
    sa.Column("at", Time, nullable=False),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),  # sha256 of the cookie's token
    sa.Column("username", sa.Text, sa.ForeignKey("account.username"), nullable=False),
    sa.Column("started_at", Time, nullable=False),
    sa.Column("seen_at", Time, nullable=False),
    sa.Column("address", sa.Text, nullable=False, server_default=""),
)

login_failure = sa.Table(
    "login_failure",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("username", sa.Text, nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False, index=True),
    sa.Column("at", Time, nullable=False),
)

patient = sa.Table(
    "patient",
    metadata,
    key(),
    of_site(),
    sa.Column("local_id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_raw", sa.LargeBinary),
    sa.Column("name_repaired", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("sex", sa.Text),
    sa.Column("birth_date", sa.Date),
    sa.Column("national_id", sa.Text, index=True),
    sa.Column("person_id", sa.Text, nullable=False, index=True),
    sa.UniqueConstraint("site_code", "local_id"),
    sa.Index("ix_patient_name_birth_date", "name", "birth_date"),
)

# Two records that a person looked at and found to be two people; the smaller id stands first.
patient_apart = sa.Table(
    "patient_apart",
    metadata,
    sa.Column("first_id", sa.Text, sa.ForeignKey("patient.id"), primary_key=True),
    sa.Column("second_id", sa.Text, sa.ForeignKey("patient.id"), primary_key=True),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", Time, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
