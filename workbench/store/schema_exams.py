"""Orders, exams, their files and what the screeners said."""

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

clinic_order = sa.Table(
    "clinic_order",
    metadata,
    key(),
    of_site(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("local_id", sa.Text, nullable=False),
    sa.Column("patient_name", sa.Text, nullable=False),
    sa.Column("accession", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("chest_pain", sa.Text, nullable=False, server_default="unknown"),
    sa.Column("syncope", sa.Text, nullable=False, server_default="unknown"),
    sa.Column("potassium", sa.Float),
    sa.Column("urgency", sa.Text, nullable=False, server_default="routine"),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("exam_id", sa.Text, sa.ForeignKey("exam.id", use_alter=True), index=True),
    sa.Index("ix_clinic_order_site_code_accession", "site_code", "accession"),
    sa.Index("ix_clinic_order_site_code_created_at", "site_code", "created_at"),
)

RECHECK = sa.text("recheck_since IS NOT NULL")
OPEN = sa.text("state in ('received','waiting','signed','retracted')")

exam = sa.Table(
    "exam",
    metadata,
    key(),
    of_site(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("patient_id", sa.Text, sa.ForeignKey("patient.id"), nullable=False, index=True),
    sa.Column("order_id", sa.Text, sa.ForeignKey("clinic_order.id")),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("accession", sa.Text, nullable=False, server_default=""),
    sa.Column("urgency", sa.Text, nullable=False, server_default="routine"),
    sa.Column("severity", sa.Text),
    sa.Column("screening", sa.Text, nullable=False, server_default="pending"),
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("body_part", sa.Text, nullable=False, server_default=""),
    sa.Column("exam_start", Time),
    sa.Column("exam_end", Time),
    sa.Column("received_at", Time, nullable=False),
    sa.Column("released_at", Time),
    sa.Column("lease_by", sa.Text, sa.ForeignKey("account.username")),
    sa.Column("lease_until", Time),
    sa.Column("images", sa.Integer, nullable=False, server_default="0"),
    sa.Column("flags", JSONB, nullable=False, server_default=EMPTY_LIST),
    sa.Column("recheck_since", Time),  # an image came after the release, nobody judged it yet
    sa.UniqueConstraint("site_code", "key", "kind"),
    sa.Index("ix_exam_recheck", "recheck_since", postgresql_where=RECHECK),
    sa.Index("ix_exam_open", "priority", "received_at", postgresql_where=OPEN),
    sa.Index("ix_exam_site_code_received_at", "site_code", "received_at"),
    sa.Index("ix_exam_received_at", "received_at"),
)

instance = sa.Table(
    "instance",
    metadata,
    key(),
    of_exam(),
    of_site(),
    sa.Column("uid", sa.Text, nullable=False),  # SOPInstanceUID, or the digest of a plain file
    sa.Column("sop_class", sa.Text, nullable=False, server_default=""),
    sa.Column("transfer_syntax", sa.Text, nullable=False, server_default=""),
    sa.Column("reader", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),  # of all parts in order of name
    sa.Column("parts", JSONB, nullable=False),  # [{"name","sha256","size"}]
    sa.Column("header", JSONB, nullable=False, server_default=EMPTY_DICT),
    sa.Column("flags", JSONB, nullable=False, server_default=EMPTY_LIST),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("received_at", Time, nullable=False),
    sa.UniqueConstraint("site_code", "uid"),
    sa.Index("ix_instance_exam_id", "exam_id"),
)

display_copy = sa.Table(
    "display_copy",
    metadata,
    sa.Column("instance_id", sa.Text, sa.ForeignKey("instance.id"), primary_key=True),
    sa.Column("form", sa.Text, primary_key=True),  # "preview", "full" or "trace"
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("meta", JSONB, nullable=False),
)

screening = sa.Table(
    "screening",
    metadata,
    key(),
    of_exam(),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("screener", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("rulebook", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("assessed", sa.Boolean, nullable=False),
    sa.Column("result", JSONB, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("context", sa.Text, nullable=False, server_default=""),  # digest of patient's facts
    sa.Column("turn", sa.SmallInteger, nullable=False, server_default="1"),
    sa.UniqueConstraint("instance_id", "screener", "version", "rulebook", "turn"),
    sa.Index("ix_screening_exam_id", "exam_id"),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    key(),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("parts", JSONB, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("received_at", Time, nullable=False),
    sa.Column("settled_at", Time),
    sa.Column("settled_by", sa.Text),
    sa.Column("outcome", sa.Text),
    # Asked to be filed: the worker reads the files, and says here what spoke against it.
    sa.Column("filing_site", sa.Text, sa.ForeignKey("site.code")),
    sa.Column("filing_by", sa.Text),
    sa.Column("filing_at", Time),
    sa.Column("refused", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("sha256", "source"),
)

conflict = sa.Table(
    "conflict",
    metadata,
    key(),
    of_site(),
    sa.Column("uid", sa.Text, nullable=False),
    sa.Column("instance_id", sa.Text, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("parts", JSONB, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("received_at", Time, nullable=False),
    sa.Column("newcomer", JSONB),  # what the later file says; null until the worker has read it
    sa.Column("settled_at", Time),
    sa.Column("settled_by", sa.Text),
    sa.Column("settlement", sa.Text),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("filed_under", sa.Text, sa.ForeignKey("exam.id")),
    sa.UniqueConstraint("instance_id", "sha256"),
)
