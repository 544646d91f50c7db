"""Critical values, times, reports, deliveries and the audit chains."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from workbench.store.schema_base import EMPTY_DICT, Time, key, metadata, of_exam, of_site

alert = sa.Table(
    "alert",
    metadata,
    key(),
    of_exam(),
    of_site(),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("detected_at", Time, nullable=False),
    sa.Column("due_at", Time),
    sa.UniqueConstraint("exam_id", "code"),
    sa.Index("ix_alert_due_at", "due_at"),
)

alert_step = sa.Table(
    "alert_step",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("alert_id", sa.Text, sa.ForeignKey("alert.id"), nullable=False, index=True),
    sa.Column("move", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("detail", JSONB, nullable=False, server_default=EMPTY_DICT),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    of_exam(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("site_code", sa.Text, nullable=False),
    sa.Column("clock", sa.Text, nullable=False),
    sa.Index("ix_event_exam_id_kind", "exam_id", "kind"),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("exam_id", sa.Text, sa.ForeignKey("exam.id"), primary_key=True),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("saved_at", Time, nullable=False),
)

signed_report = sa.Table(
    "signed_report",
    metadata,
    key(),
    of_exam(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("author_name", sa.Text, nullable=False),
    sa.Column("licence_number", sa.Text, nullable=False),
    of_site("reading_site"),
    sa.Column("signed_at", Time, nullable=False),
    sa.Column("facts", JSONB, nullable=False),  # patient, exam and order as they stood
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("previous_digest", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("exam_id", "version"),
)

report_release = sa.Table(
    "report_release",
    metadata,
    sa.Column("report_id", sa.Text, sa.ForeignKey("signed_report.id"), primary_key=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False, server_default=""),
    sa.Column("countersigned", sa.Boolean, nullable=False),
    sa.Column("licence_number", sa.Text, nullable=False, server_default=""),  # at that moment
)

retraction = sa.Table(
    "retraction",
    metadata,
    sa.Column("report_id", sa.Text, sa.ForeignKey("signed_report.id"), primary_key=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False),
)

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("report_id", sa.Text, sa.ForeignKey("signed_report.id"), primary_key=True),
    sa.Column("status", sa.Text, primary_key=True),  # "released" or "retracted": the state printed
    sa.Column("channel", sa.Text, primary_key=True),  # "page" or "outbox"
    of_site(),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
)

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("chain", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("chain", sa.Text, primary_key=True),  # institution code, or "_system"
    sa.Column("seq", sa.BigInteger, primary_key=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("detail", JSONB, nullable=False, server_default=EMPTY_DICT),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index("ix_audit_object", "object"),
)

heartbeat = sa.Table(
    "heartbeat",
    metadata,
    sa.Column("part", sa.Text, primary_key=True),  # "worker", "intake", "backup", "heads"
    sa.Column("at", Time, nullable=False),
    sa.Column("detail", JSONB, nullable=False, server_default=EMPTY_DICT),
)
