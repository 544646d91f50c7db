"""A table with its header file: nothing is assumed, and what is written comes back."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests import make
from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.received import ArrivalHeader
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats.readers.ecg_csv import EcgCsv
from workbench.formats.writers.ecg_csv import to_csv

HEADER = {"rate_hz": 500, "unit": "mV"}
TABLE = "I,II,V1\n0.1,0.2,-0.3\n0.4,,0.6\n"


def parts(header=None, table=TABLE, ending="json"):
    said = HEADER if header is None else header
    text = said if isinstance(said, str) else json.dumps(said)
    return {"r.csv": table.encode(), f"r.{ending}": text.encode()}


def test_an_empty_cell_is_a_gap():
    received = EcgCsv().read(parts())
    trace = received.trace
    assert trace.leads[:3] == ("I", "II", "III")
    np.testing.assert_allclose(trace.lead("V1"), [-0.3, 0.6], atol=1e-7)
    assert np.isnan(trace.lead("II")[1])
    assert "gaps" in received.flags
    assert trace.rate == 500.0


@pytest.mark.parametrize(("unit", "factor"), [("uV", 1e-3), ("μV", 1e-3), ("µV", 1e-3), ("V", 1e3)])
def test_units_are_read_not_assumed(unit, factor):
    trace = EcgCsv().read(parts({"rate_hz": 500, "unit": unit})).trace
    np.testing.assert_allclose(trace.lead("I"), np.array([0.1, 0.4]) * factor, rtol=1e-6)


def test_a_unit_that_nobody_knows_is_said_and_seen():
    received = EcgCsv().read(parts({"rate_hz": 500, "unit": "unknown"}))
    assert not received.trace.calibrated
    assert "not_calibrated" in received.flags


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"r.csv": TABLE.encode()}, Unreadable, "neither rate nor unit"),
        (parts({"unit": "mV"}), BadTrace, "no sampling rate"),
        (parts({"rate_hz": True, "unit": "mV"}), BadTrace, "no sampling rate"),
        (parts({"rate_hz": "500", "unit": "mV"}), BadTrace, "no sampling rate"),
        (parts({"rate_hz": 500}), BadTrace, "no unit"),
        (parts({"rate_hz": 500, "unit": "mm"}), BadTrace, "no unit"),
        (parts("{"), Unreadable, "cannot be parsed"),
        (parts("[1]"), Unreadable, "no record"),
        (parts(table="I,II\n1,2,3\n"), BadTrace, "row 2 has 3 cells; expected 2"),
        (parts(table="I,II\n1,x\n"), BadTrace, "row 2 holds '1,x'"),
        (parts(table="I,II\n1,inf\n"), BadTrace, "infinite"),
        (parts(table="I,I\n1,2\n"), BadTrace, "none twice"),
        (parts(table="I,II\n"), BadTrace, "no row"),
        (parts({**HEADER, "leads": ["II", "I", "V1"]}), BadTrace, "send both as written"),
        (parts({**HEADER, "samples": 9}), BadTrace, "truncated.*9 are expected"),
        ({**parts(), "r.toml": b"rate_hz = 250"}, Unreadable, "two headers"),
        (parts({"rate_hz": 5, "unit": "mV"}), BadTrace, "rate 5"),
    ],
)
def test_what_is_missing_or_contradicts_itself_is_refused_with_the_reason(given, error, message):
    assert EcgCsv().claims(given)
    with pytest.raises(error, match=message):
        EcgCsv().read(given)


def test_the_intake_hears_of_a_missing_rate_before_it_says_success():
    with pytest.raises(BadTrace, match="no sampling rate"):
        EcgCsv().read_header(parts({"unit": "mV"}))


def test_toml_says_the_same_as_json():
    text = (
        'rate_hz = 500\nunit = "mV"\nrecorded_at = 2026-01-02T08:00:00+08:00\n'
        '[patient]\nid = "P7"\nname = "张三"\nsex = "F"\nbirth_date = 1962-05-06\n'
    )
    header = EcgCsv().read(parts(text, ending="toml")).header
    assert (header.patient_id, header.name, header.sex) == ("P7", "张三", "F")
    assert header.exam_start == datetime(2026, 1, 2, 0, 0, tzinfo=UTC)
    assert (header.birth_date.isoformat(), header.clock_source) == ("1962-05-06", "file")


def test_a_time_without_zone_takes_the_zone_of_the_site_and_none_else():
    said = {**HEADER, "recorded_at": "2026-01-02T08:00:00", "samples": 2}
    here = EcgCsv().read_header(parts(said), ZoneInfo("Asia/Shanghai"))
    assert here.header.exam_start == datetime(2026, 1, 2, 0, 0, tzinfo=UTC)
    assert here.header.exam_end == datetime(2026, 1, 2, 0, 0, 0, 4000, tzinfo=UTC)
    nowhere = EcgCsv().read_header(parts(said))
    assert nowhere.header.exam_start is None
    assert "clock_without_zone" in nowhere.flags


def test_what_is_written_comes_back():
    device = DeviceSays({"qt_ms": 400.0}, ("窦性心律",), "Maker", "M1")
    values = make.make_trace().millivolts.copy()
    values[:, 10:20] = np.nan
    trace = Trace(millivolts=values, rate=500.0, derived=("III",), device=device)
    header = ArrivalHeader(
        patient_id="P7", name="张三", sex="M", age_years=70.0, accession="A1",
        exam_start=datetime(2026, 1, 2, 0, 0, tzinfo=UTC), device_clock="2026-01-02T08:00:00",
        clock_source="file",
    )  # fmt: skip
    back = EcgCsv().read(to_csv(trace, header, "r"))
    np.testing.assert_allclose(back.trace.millivolts, trace.millivolts, atol=1e-6)
    assert back.trace.leads == trace.leads
    assert back.trace.derived == ("III",)
    assert dict(back.trace.device.measurements) == {"qt_ms": 400.0}
    assert back.trace.device.statements == ("窦性心律",)
    assert (back.header.patient_id, back.header.name) == ("P7", "张三")
    assert back.header.exam_start == header.exam_start
    assert back.header.device_clock == header.device_clock
