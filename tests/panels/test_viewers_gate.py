"""Files with a low rate, an unknown gain or an unknown unit, imported as a person would."""

from datetime import UTC, datetime

import pytest

from tests import make
from workbench.domain.trace import Trace
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.language import translator
from workbench.panels import viewers, words
from workbench.store import exams, instances
from workbench.workflow.arrivals import Filing
from workbench.workflow.intake import upload
from workbench.workflow.sample_formats import FORMATS
from workbench.workflow.screenings import screen_exam

ZH = translator("zh_CN")
UNKNOWN = "增益或单位不明：幅值不是毫伏"
SLOW = "采样率 125 Hz，应不低于 250 Hz"
HEAD = EcgHeader(
    patient_name="LI^JIANGUO", patient_id="P2", study_uid="1.2.4", series_uid="1.2.4.9",
    instance_uid="1.2.4.1", acquired_at=datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC),
)  # fmt: skip


def made(form, *changed, rate=500, calibrated=True):
    """A file of our writers; `changed` are pairs of bytes as another machine would write them."""
    values = make.make_trace().millivolts[:, :: 500 // rate]
    trace = Trace(millivolts=values, rate=float(rate), calibrated=calibrated)
    files = {}
    for name, data in FORMATS[form]("demo", trace, HEAD).items():
        said = data
        for old, new in () if name.endswith((".dat", ".mat", ".csv")) else changed:
            assert old in said
            said = said.replace(old, new)
        files[name] = said
    return files


def imported(county, files):
    laid = make.laid(county.blobs.temporary_folder, **files)
    [(_, outcome)] = upload(county, make.CLINIC, laid, None)
    assert outcome.filing is Filing.FILED
    screen_exam(county, outcome.exam_id)
    with county.store.look() as conn:
        exam = exams.get(conn, outcome.exam_id, None)
        return exam, instances.copies(conn, exam.id)


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        (lambda: made("scp", rate=125), "rate_low", SLOW),
        (lambda: made("aecg", rate=125), "rate_low", SLOW),
        (lambda: made("general", calibrated=False), "not_calibrated", UNKNOWN),
        (lambda: made("mat", (b"1000(0)/mV", b"0")), "not_calibrated", UNKNOWN),
        (lambda: made("aecg", (b'unit="uV"', b'unit="furlong"')), "not_calibrated", UNKNOWN),
        (lambda: made("muse", (b"MICROVOLTS", b"FURLONGS")), "not_calibrated", UNKNOWN),
        (lambda: made("edf", (b"uV  ", b"frl ")), "not_calibrated", UNKNOWN),
        (lambda: made("csv", calibrated=False), "not_calibrated", UNKNOWN),
    ],
)
def test_the_reason_stands_on_the_exam_and_in_the_viewer(county, files, code, said):
    exam, copies = imported(county, files())
    assert code in exam.flags
    [trace] = [one for one in copies if one.form == "trace"]
    shown = viewers.gate_of(trace.meta, "zh_CN")
    assert said in [one["text"] for one in shown]
    assert trace.meta["calibrated"] is (code != "not_calibrated")
    assert words.named("Flag", code, ZH) != code


def test_a_table_without_a_known_unit_is_held_and_says_what_to_write(county):
    laid = make.laid(county.blobs.temporary_folder, **made("csv", (b'"mV"', b'"furlong"')))
    [(_, outcome)] = upload(county, make.CLINIC, laid, None)
    assert outcome.filing is Filing.HELD
    said = words.evidence(outcome.reason, ZH)
    assert said != outcome.reason
    assert "furlong" in said
    assert "mV" in said
