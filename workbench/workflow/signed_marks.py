"""The marks and key images that belong to a signature, as they stand at that moment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workbench.domain.errors import Stale
from workbench.domain.exam import Exam
from workbench.domain.mark import Calibration, SignedMarks, standing_keys
from workbench.domain.report import digest_of
from workbench.radiograph.measures import placed
from workbench.store import instances, marks
from workbench.store.database import Connection

FORM = "full"  # the copy whose pixels are measured


def calibration_of(meta: Mapping[str, Any]) -> Calibration:
    """What a pixel of the stored copy means, by its own words."""
    spacing = meta["spacing"]
    return Calibration(
        kind=spacing["kind"], row_mm=spacing["row_mm"], column_mm=spacing["column_mm"],
        note=spacing.get("note", ""), factor=spacing.get("factor"),
    )  # fmt: skip


def check_revisions(conn: Connection, exam: Exam, shown: Mapping[str, int] | None) -> None:
    """Raise Stale unless the marks on the screen, as revision by film, are those kept now."""
    if shown is None:
        return
    kept = {f.instance_id: f.revision for f in marks.of_exam(conn, exam.id)}
    for key in sorted(kept.keys() | shown.keys()):
        if kept.get(key, 0) != shown.get(key, 0):
            raise Stale("marks", key)


def standing(conn: Connection, exam: Exam, report_id: str) -> SignedMarks | None:
    """What is to be signed with this version; None when nothing is marked and nothing chosen.

    The numbers are made anew from the film's copy as it is now.
    """
    metas = {c.instance_id: c.meta for c in instances.copies(conn, exam.id) if c.form == FORM}
    films = tuple(
        replace(f, marks=placed(f.marks, calibration_of(metas[f.instance_id])))
        for f in marks.of_exam(conn, exam.id)
        if f.marks and f.instance_id in metas
    )
    keys = standing_keys(marks.choices(conn, exam.id))
    if not films and not keys:
        return None
    found = SignedMarks(report_id=report_id, films=films, keys=keys)
    return replace(found, digest=digest_of(found.content()))


def facts_of(found: SignedMarks | None) -> dict[str, object]:
    """What the digest of the version holds of its marks; nothing where there are none."""
    if found is None:
        return {}
    return {
        "marks": {
            "digest": found.digest,
            "revisions": {f.instance_id: f.revision for f in found.films},
            "keys": len(found.keys),
        }
    }
