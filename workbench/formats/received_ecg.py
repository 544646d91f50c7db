"""What every ECG reader says alike: what a header leaves open, and a trace made of named leads.

A matter is flagged by the same code and told in the same words whichever format it came in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Received
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.clock import ended, placed
from workbench.formats.leads import einthoven_residual, in_order, with_limb_leads
from workbench.formats.safe_xml import Text

LIMB_LIMIT: Final = 0.05  # mV by which II may differ from I + III before a person is told
UNMATCHED: Final = "the file gives no patient id; a person must match it"
REPAIRED: Final = "character set repaired: the XML declaration does not fit the bytes"
NO_DEVICE: Final = DeviceSays()


class Clock(TypedDict):
    """The three values of a header that a machine's clock gives."""

    exam_start: datetime | None
    device_clock: str
    clock_source: str


def clock_of(wall: datetime | None, own: tzinfo | None, zone: tzinfo | None) -> Clock:
    """When the exam began: by the zone in the file, else by that of the sending site."""
    start = placed(wall, own or zone)
    return Clock(
        exam_start=start,
        device_clock=wall.isoformat() if wall else "",
        clock_source=("file" if own else "site") if start else "",
    )


def received_ecg(  # noqa: PLR0913  each is a matter of its own, and named where it is called
    reader: str,
    header: ArrivalHeader,
    *,
    repaired: str = "",
    unmatched: str = UNMATCHED,
    unplaced: str = "",
    flags: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Received:
    """A header with what it leaves open: patient, time of acquisition, zone of the clock.

    `repaired` says in plain words why text had to be decoded otherwise than declared, if so;
    `unmatched` and `unplaced` may tell more exactly why patient or moment are not known.
    """
    codes: list[str] = []
    remarks: list[str] = []
    if not header.patient_id:
        codes.append("missing_patient_id")
        remarks.append(unmatched)
    if repaired:
        codes.append("charset_repaired")
        remarks.append(repaired)
    if not header.device_clock:
        codes.append("missing_tags")
        remarks.append("the file gives no acquisition time")
    elif header.exam_start is None:
        codes.append("clock_without_zone")
        note = f"device time {header.device_clock} has no zone and the site none is known for"
        remarks.append(unplaced or note)
    return Received(
        kind=ExamKind.ECG,
        header=header,
        reader=reader,
        flags=tuple(dict.fromkeys((*codes, *flags))),
        notes=(*remarks, *notes),
    )


def received_xml(reader: str, header: ArrivalHeader, text: Text) -> Received:
    """The same for XML, whose declaration may not fit its bytes; `header` was read from `text`."""
    repaired = REPAIRED if text.repaired else ""
    return received_ecg(reader, replace(header, name_repaired=text.repaired), repaired=repaired)


def with_trace(received: Received, trace: Trace, flags: Sequence[str]) -> Received:
    """The same with its recording; unless the header says otherwise the exam ends with it."""
    start, end = received.header.exam_start, received.header.exam_end
    if end is None:
        end = ended(start, trace.seconds)
    return replace(
        received,
        header=replace(received.header, exam_end=end),
        trace=trace,
        flags=tuple(dict.fromkeys((*received.flags, *flags))),
        notes=(*received.notes, *trace.notes),
    )


def trace_of_leads(  # noqa: PLR0913  what a trace is made of
    rows: Mapping[str, NDArray[np.float32]],
    rate: float,
    origin: str,
    *,
    device: DeviceSays = NO_DEVICE,
    flags: Sequence[str] = (),
    notes: Sequence[str] = (),
    derived: Collection[str] = (),
) -> tuple[Trace, tuple[str, ...]]:
    """Leads in mV by name, each of shape (samples,), as a trace; limb leads that follow are added.

    `derived` names leads that the file itself calls computed; "not_calibrated" in `flags` makes
    the trace so. Gaps and a II that is not I + III are flagged here.

    Raises
    ------
    BadTrace
        If the leads hold no sample, or the rate is none of an ECG.
    """
    codes, remarks = list(flags), list(notes)
    whole, added = with_limb_leads(dict(rows))
    off = einthoven_residual(dict(rows))
    if off is not None and off > LIMB_LIMIT:
        codes.append("limb_leads_disagree")
        remarks.append(f"II differs from I + III by {off:.2f} mV; are gains or electrodes right?")
    if any(np.isnan(row).any() for row in rows.values()):
        codes.append("gaps")
    names = in_order(list(whole))
    trace = Trace(
        millivolts=np.stack([whole[name] for name in names]),
        rate=rate,
        leads=tuple(names),
        derived=tuple(name for name in names if name in added or name in derived),
        device=device,
        origin=origin,
        notes=tuple(remarks),
        calibrated="not_calibrated" not in codes,
    )
    return trace, tuple(dict.fromkeys(codes))
