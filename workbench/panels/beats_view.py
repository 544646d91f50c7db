"""Numbers of the averaged beat as the page shows them: the reader's, the engine's, the device's."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.beat import BeatMeasurement, Outdated, outdated, whole
from workbench.domain.exam import Exam, ExamState
from workbench.domain.finding import Screening
from workbench.language import label, translator
from workbench.panels import words
from workbench.panels.words import Translate
from workbench.store.instances import without_beat
from workbench.workflow.exams import Case

GAPS: Mapping[str, str] = {
    "heart_rate_bpm": "hr", "pr_ms": "pr", "qrs_ms": "qrs", "qt_ms": "qt",
    "qtc_fridericia_ms": "qtc", "qrs_axis_deg": "axis", "ctr": "ctr",
}  # fmt: skip
WRITABLE = frozenset({ExamState.RECEIVED, ExamState.WAITING, ExamState.RETRACTED})
EARLIER = 3  # rows of what was kept before, in one line

Names = Mapping[str, str]


def standing(rows: Sequence[BeatMeasurement], instance_id: str) -> BeatMeasurement | None:
    """What holds now on a recording; None when nothing was kept or all was withdrawn."""
    own = [r for r in rows if r.instance_id == instance_id]
    return own[-1] if own and own[-1].standing else None


def measured(
    case: Case, source: Mapping[str, Any], actor: Actor, names: Names, why_not: str
) -> dict[str, object]:
    """What the viewer shows beside the marks of one recording; `why_not` empty: may be kept."""
    _, zone = translator(actor.language), case.site.time_zone
    rows = [r for r in case.beats if r.instance_id == source["id"]]
    held = standing(rows, source["id"])
    device = next((c.meta.get("device") for c in case.copies
                   if c.instance_id == source["id"] and c.form == "trace"), None)  # fmt: skip
    given = device.get("measurements", {}) if isinstance(device, Mapping) else {}
    reasons = source.get("beat", {}).get("meta", {}).get("reasons", {})
    return {
        "id": source["id"],
        "device": dict(given),
        "reader": None if held is None else _kept(held, names, zone) | _doubt(case, held, _),
        "history": _history(rows, names, zone, _),
        "reasons": {mark: words.evidence(str(why), _) for mark, why in reasons.items()},
        "may": not why_not,
        "ask": actor.may(Act.DRAFT_WRITE) and source["id"] in without_beat(case.copies),
        "why": why_not,
    }


def why_not(exam: Exam, actor: Actor, *, prior: bool) -> str:
    """Why a measurement cannot be kept here, in words; empty when it can."""
    _ = translator(actor.language)
    if prior:
        return _("This is an earlier exam: marks can be tried here, not kept.")
    if not actor.may(Act.DRAFT_WRITE):
        return _("Your role does not write reports: marks can be tried here, not kept.")
    if exam.state not in WRITABLE:
        return _("This exam is already reported: marks can be tried here, not kept.")
    if exam.lease_by not in (None, actor.username):
        return _("Somebody else holds this exam: marks can be tried here, not kept.")
    return ""


def report_values(case: Case, names: Names, language: str) -> list[dict[str, Any]]:
    """Values that may stand in a report text: the reader's, or else the engine's.

    A reader who measured and left a number out said that it cannot be had: the engine's does not
    take its place, nor that of a number that no longer stands. The device's never do; they stand
    beside for comparison.
    """
    held = _measured_last(case)
    found = {
        v["gap"]: v
        for v in (
            _of_engine(case.screenings, language)
            if held is None
            else _of_reader(case, held, names, language)
        )
    }
    return [found[gap] for gap in dict.fromkeys(GAPS.values()) if gap in found]


def _of_engine(screenings: Sequence[Screening], language: str) -> list[dict[str, Any]]:
    _ = translator(language)
    return [
        _value(m.name, m.value, _("Engine") + f" {s.screener} {s.version}", _)
        for s in screenings
        for m in s.measurements
        if m.name in GAPS and m.value is not None and s.gate.accepted
    ]


def _measured_last(case: Case) -> BeatMeasurement | None:
    """The measurement of the recording measured last, when an exam holds several."""
    held = [r for key in {b.instance_id for b in case.beats} if (r := standing(case.beats, key))]
    return max(held, key=lambda r: r.at) if held else None


def _of_reader(
    case: Case, held: BeatMeasurement, names: Names, language: str
) -> list[dict[str, Any]]:
    _, why = translator(language), _outdated(case, held)
    whose = _("Reader") + f" {names.get(held.by, held.by)}"
    if why is not None:
        whose = _("{person} ({reason})").format(person=whose, reason=label(why, _))
    values = held.standing_values(why)
    return [
        _value(name, float(value), whose, _)
        for name in GAPS
        if isinstance(value := values.get(name), int | float)
    ]


def doubt_of_values(case: Case, language: str) -> str:
    """What the report form says when the reader's numbers do not all stand; else empty."""
    held = _measured_last(case)
    return "" if held is None else str(_doubt(case, held, translator(language))["outdated"])


def _outdated(case: Case, held: BeatMeasurement) -> Outdated | None:
    now = next((c for c in case.copies if c.instance_id == held.instance_id and c.form == "beat"),
               None)  # fmt: skip
    beat = None if now is None else (now.sha256, now.meta["leads"])
    return outdated(held, case.beats, beat, case.namings)


def _doubt(case: Case, held: BeatMeasurement, _: Translate) -> dict[str, object]:
    """In words what no longer stands, and what to do; empty when all does."""
    why = _outdated(case, held)
    said = {
        None: "",
        Outdated.NAMES: _(
            "Measured before the leads were named anew: intervals still stand, axes and ST do not. "
            "Look at the marks on the averaged beat and measure again."
        ),
        Outdated.BEAT: _(
            "Measured on an earlier averaged beat; it was computed anew since, and these numbers no"
            " longer stand. Look at the marks on the averaged beat and measure again."
        ),
    }[why]
    return {"outdated": said}


def _value(name: str, value: float, source: str, _: Translate) -> dict[str, Any]:
    gap = GAPS[name]
    unit = {"hr": _("/min"), "axis": "°"}.get(gap, "ms")
    return {
        "gap": gap,
        "label": words.named("Measurement", name, _),
        "value": value,
        "text": f"{value:.2f}" if gap == "ctr" else f"{whole(value)} {unit}",
        "source": source,
    }


def _kept(one: BeatMeasurement, names: Names, zone: str) -> dict[str, object]:
    return {
        "marks": dict(one.marks),
        "values": dict(one.values),
        "by": names.get(one.by, one.by),
        "at": words.moment(one.at, zone),
        "number": one.number,
    }


def _history(rows: Sequence[BeatMeasurement], names: Names, zone: str, _: Translate) -> str:
    """What was done before the last row, newest first."""
    said = [
        (_("withdrawn by {by} at {at}") if r.withdraws else _("kept by {by} at {at}")).format(
            by=names.get(r.by, r.by), at=words.moment(r.at, zone)
        )
        for r in reversed(rows[:-1] if rows and rows[-1].standing == rows[-1].number else rows)
    ]
    return _("Before: ") + _("; ").join(said[:EARLIER]) if said else ""
