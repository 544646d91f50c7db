"""One matter has one code and one sentence, whichever format an ECG came in."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests import make
from tests.formats import cart_files, edf_files
from tests.panels.test_notes import untranslated
from workbench.domain.errors import BadTrace
from workbench.domain.received import ArrivalHeader
from workbench.domain.trace import LEADS, Trace
from workbench.formats import received_ecg as module
from workbench.formats import sniff
from workbench.formats.clock import ended
from workbench.formats.readers import ecgdatakit_carts, edf, scp_ecg, wfdb
from workbench.formats.received_ecg import clock_of, received_ecg, trace_of_leads, with_trace
from workbench.formats.writers.ecg_csv import to_csv
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.formats.writers.ecg_wfdb import to_wfdb
from workbench.workflow.sample_formats import FORMATS

WALL = datetime(2026, 3, 2, 8, 15, 30)  # noqa: DTZ001  a machine's own clock
SHANGHAI = ZoneInfo("Asia/Shanghai")
OWN = timezone(timedelta(hours=9))
NO_ID = "the file gives no patient id; a person must match it"
NO_TIME = "the file gives no acquisition time"
NO_ZONE = "device time 2026-03-02T08:15:30 has no zone and the site none is known for"


def header(own=None, zone=SHANGHAI, wall=WALL, **more):
    return ArrivalHeader(**{"patient_id": "P7", **clock_of(wall, own, zone), **more})


def leads(*names, size=1000, scale=1.0):
    rng = np.random.default_rng(3)
    return {name: (scale * rng.standard_normal(size)).astype(np.float32) for name in names}


@pytest.mark.parametrize(
    ("own", "zone", "hour", "source"),
    [(OWN, SHANGHAI, 23, "file"), (OWN, None, 23, "file"), (None, SHANGHAI, 0, "site")],
)
def test_the_zone_of_the_file_goes_before_that_of_the_site(own, zone, hour, source):
    clock = clock_of(WALL, own, zone)
    assert (clock["exam_start"].hour, clock["clock_source"]) == (hour, source)
    assert clock["device_clock"] == "2026-03-02T08:15:30"


def test_a_clock_without_any_zone_is_kept_and_places_nothing():
    assert clock_of(WALL, None, None) == {
        "exam_start": None, "device_clock": "2026-03-02T08:15:30", "clock_source": "",
    }  # fmt: skip
    assert clock_of(None, OWN, SHANGHAI) == {
        "exam_start": None, "device_clock": "", "clock_source": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "flags", "notes"),
    [
        (header(), (), ()),
        (header(patient_id=""), ("missing_patient_id",), (NO_ID,)),
        (header(wall=None), ("missing_tags",), (NO_TIME,)),
        (header(zone=None), ("clock_without_zone",), (NO_ZONE,)),
        (header(patient_id="", zone=None), ("missing_patient_id", "clock_without_zone"),
         (NO_ID, NO_ZONE)),
    ],
)  # fmt: skip
def test_what_a_header_leaves_open_is_flagged_and_told(given, flags, notes):
    received = received_ecg("r", given)
    assert (received.flags, received.notes) == (flags, notes)


def test_a_reader_may_tell_it_more_exactly_and_add_what_it_saw():
    received = received_ecg(
        "r", header(patient_id="", zone=None), repaired="why", unmatched="nobody", unplaced="where",
        flags=["lead_off", "lead_off"], notes=["V1 was off"],
    )  # fmt: skip
    assert received.flags == (
        "missing_patient_id", "charset_repaired", "clock_without_zone", "lead_off",
    )  # fmt: skip
    assert received.notes == ("nobody", "why", "where", "V1 was off")


BARE = Trace(millivolts=np.zeros((12, 600), np.float32), rate=500.0)
UNNAMED = {
    "edf": {"a.edf": edf_files.edf([edf_files.signal("ECG I", [[1] * 250])], kind="EDF")},
    "ecg_csv": to_csv(BARE, ArrivalHeader(), "t"),
    "wfdb": {"a.hea": b"a 1 500 4\na.dat 16 1000/mV 16 0 1 10 0 I\n", "a.dat": b"\1\0\2\0\3\0\4\0"},
    "ecgdatakit_edan": cart_files.edan(),
}


@pytest.mark.parametrize("name", UNNAMED)
def test_every_reader_says_in_words_what_it_flags(name):
    received = sniff.read_header(UNNAMED[name])
    assert received.reader == name
    told = {"missing_patient_id", "missing_tags", "clock_without_zone"} & set(received.flags)
    assert told
    assert len(received.notes) >= len(told)


@pytest.mark.parametrize(
    "note",
    [module.REPAIRED, module.UNMATCHED, scp_ecg.REPAIRED, edf.REPAIRED, wfdb.REPAIRED,
     wfdb.UNMATCHED, ecgdatakit_carts.NO_ZONE],
)  # fmt: skip
def test_the_sentences_are_translated(note):
    assert not untranslated(note)


def test_an_exam_ends_with_its_samples_unless_the_header_knows_better():
    trace, flags = trace_of_leads(leads("I", "II"), 500.0, "r")
    received = with_trace(received_ecg("r", header()), trace, flags)
    assert received.header.exam_end - received.header.exam_start == timedelta(seconds=2)
    known = datetime(2026, 3, 2, 1, tzinfo=UTC)
    received = with_trace(received_ecg("r", header(exam_end=known)), trace, flags)
    assert received.header.exam_end == known
    assert with_trace(received_ecg("r", header(zone=None)), trace, flags).header.exam_end is None


def test_flags_and_notes_of_header_and_trace_come_together_once():
    trace, flags = trace_of_leads(leads("V1"), 500.0, "r", flags=["lead_off"] * 2, notes=["V1 off"])
    received = with_trace(
        received_ecg("r", header(patient_id=""), flags=["lead_off"]), trace, flags
    )
    assert received.flags == ("missing_patient_id", "lead_off")
    assert received.notes == (NO_ID, "V1 off")


def test_limb_leads_that_follow_are_added_in_order_and_named():
    trace, flags = trace_of_leads(leads("V1", "II", "I"), 500.0, "r", derived=["V1"])
    assert trace.leads == (*LEADS[:6], "V1")
    assert trace.derived == ("III", "aVR", "aVL", "aVF", "V1")
    assert (trace.calibrated, flags) == (True, ())


@pytest.mark.parametrize(("off", "flagged"), [(0.049, False), (0.051, True)])
def test_leads_that_break_einthovens_law_are_flagged_beyond_the_limit(off, flagged):
    rows = leads("I", "II")
    rows["III"] = rows["II"] - rows["I"] + np.float32(off)
    trace, flags = trace_of_leads(rows, 500.0, "r")
    assert ("limb_leads_disagree" in flags) is flagged
    assert len(trace.notes) == flagged


def test_gaps_and_missing_scales_mark_the_trace():
    rows = leads("I", "V1")
    rows["V1"][5] = np.nan
    trace, flags = trace_of_leads(rows, 500.0, "r", flags=["not_calibrated"])
    assert (flags, trace.calibrated) == (("not_calibrated", "gaps"), False)
    assert np.isnan(trace.lead("V1")[5])


def test_a_rate_no_ecg_has_is_refused():
    with pytest.raises(BadTrace, match="rate"):
        trace_of_leads(leads("I"), 0.0, "r")


def cart_file(form):
    """One recording of 7 s as our writers lay it out, read by its header alone and whole."""
    trace = Trace(millivolts=make.make_trace().millivolts[:, :3500], rate=500.0)
    head = EcgHeader(
        patient_name="LI^JIANGUO", patient_id="P2", study_uid="1.2.4", series_uid="1.2.4.9",
        instance_uid="1.2.4.1", acquired_at=datetime(2026, 3, 2, 8, 15, 30, tzinfo=SHANGHAI),
    )  # fmt: skip
    files = FORMATS[form]("demo", trace, head)
    return [read(files, SHANGHAI).header for read in (sniff.read_header, sniff.read)]


@pytest.mark.parametrize("form", ["scp", "aecg", "muse", "sierra", "edf", "csv", "general"])
def test_an_end_is_known_before_a_sample_is_read(form):
    early, whole = cart_file(form)
    assert early.exam_start is not None
    assert early.exam_end == whole.exam_end == early.exam_start + timedelta(seconds=7)


@pytest.mark.parametrize(
    ("wall", "at"),
    [("8:05:06", "08:05:06"), ("5:06", "00:05:06"), ("08:05:06.5", "08:05:06.500000")],
)
def test_a_wfdb_time_may_leave_out_hours_and_zeros(wall, at):
    made = to_wfdb(make.make_trace(), "r", recorded_at=WALL)
    head = made["r.hea"].replace(b"08:15:30", wall.encode())
    found = sniff.read_header({**made, "r.hea": head}, SHANGHAI).header
    assert found.device_clock == f"2026-03-02T{at}"


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf"), 32 * 86400.0])
def test_a_length_that_cannot_be_gives_no_end(seconds):
    assert ended(datetime(2026, 3, 2, tzinfo=UTC), seconds) is None


def test_an_end_after_the_last_day_of_the_calendar_is_none():
    assert ended(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), 10.0) is None
