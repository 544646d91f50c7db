"""All tables in one place; a migration that differs from them fails a test.

Tables in `APPEND_ONLY` are guarded: the application's role may add and read rows, nothing else.
"""

from workbench.store.schema_base import metadata
from workbench.store.schema_beats import beat_measurement
from workbench.store.schema_exams import (
    clinic_order,
    conflict,
    display_copy,
    exam,
    instance,
    quarantine,
    screening,
)
from workbench.store.schema_leads import lead_names
from workbench.store.schema_marks import film_marks, key_image, mark_object, signed_marks
from workbench.store.schema_models import model, model_trial
from workbench.store.schema_people import (
    account,
    agreement,
    display_calibration,
    home,
    login_failure,
    patient,
    patient_apart,
    session,
    site,
    site_address,
)
from workbench.store.schema_prints import film_print
from workbench.store.schema_reports import (
    alert,
    alert_step,
    audit,
    audit_head,
    delivery,
    draft,
    event,
    heartbeat,
    report_release,
    retraction,
    signed_report,
)
from workbench.store.schema_retakes import retake, retake_step
from workbench.store.schema_screens import screen_check
from workbench.store.schema_statements import statement_verdict

APPEND_ONLY = (
    audit, signed_report, report_release, retraction, alert_step, event, beat_measurement,
    lead_names, statement_verdict, key_image, signed_marks, mark_object, screen_check,
    retake_step, model_trial,
)  # fmt: skip

__all__ = [
    "APPEND_ONLY",
    "account",
    "agreement",
    "alert",
    "alert_step",
    "audit",
    "audit_head",
    "beat_measurement",
    "clinic_order",
    "conflict",
    "delivery",
    "display_calibration",
    "display_copy",
    "draft",
    "event",
    "exam",
    "film_marks",
    "film_print",
    "heartbeat",
    "home",
    "instance",
    "key_image",
    "lead_names",
    "login_failure",
    "mark_object",
    "metadata",
    "model",
    "model_trial",
    "patient",
    "patient_apart",
    "quarantine",
    "report_release",
    "retake",
    "retake_step",
    "retraction",
    "screen_check",
    "screening",
    "session",
    "signed_marks",
    "signed_report",
    "site",
    "site_address",
    "statement_verdict",
]
