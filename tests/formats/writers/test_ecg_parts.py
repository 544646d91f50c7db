"""What the writers of cart formats put down is what the readers find, within half a step."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from lxml import etree
from pydicom.uid import AmbulatoryECGWaveformStorage, GeneralECGWaveformStorage

from workbench.domain.errors import Invalid
from workbench.domain.trace import LEADS, DeviceSays, Trace
from workbench.formats import sniff
from workbench.formats.readers.hl7_aecg import Hl7Aecg
from workbench.formats.readers.muse_xml import MuseXml
from workbench.formats.readers.scp_ecg import ScpEcg
from workbench.formats.readers.sierra_xml import SierraXml
from workbench.formats.writers import ecg_aecg, ecg_muse, ecg_scp, ecg_sierra
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.phantoms.ecg import EcgCase, make_ecg
from workbench.workflow import samples
from workbench.workflow.sample_list import listing

# writer, reader, step in mV, whether limb leads that follow from I and II are left out
FORMATS = {
    "scp": (ecg_scp.to_scp, ScpEcg(), ecg_scp.STEP_MV, False),
    "aecg": (ecg_aecg.to_aecg, Hl7Aecg(), ecg_aecg.STEP_UV / 1000, True),
    "muse": (ecg_muse.to_muse, MuseXml(), ecg_muse.STEP_UV / 1000, True),
    "sierra": (ecg_sierra.to_sierra, SierraXml(), ecg_sierra.STEP_UV / 1000, False),
}
MEASURED = {
    "heart_rate_bpm": 72.0, "pr_ms": 160.0, "qrs_ms": 92.0, "qt_ms": 381.0, "qrs_axis_deg": -55.0,
}  # fmt: skip


def header(**more):
    facts = {
        "patient_name": "Zhang^San=张^三", "patient_id": "CZ-0007", "study_uid": "2.25.1001",
        "series_uid": "2.25.1002", "instance_uid": "2.25.1003",
        "acquired_at": datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC), "sex": "F",
        "birth_date": date(1961, 5, 4), "institution": "册亨县人民医院", "model": "D-1",
    }  # fmt: skip
    return EcgHeader(**{**facts, **more})


@pytest.fixture(scope="module")
def trace():
    made = make_ecg(EcgCase(), 10.0, 500.0, np.random.default_rng(0)).trace
    says = DeviceSays(MappingProxyType(MEASURED), ("窦性心律", "Normal <ECG> & more"))
    return replace(made, device=says)


def back(form, trace, **more):
    writer, reader, _, _ = FORMATS[form]
    return reader.read({"a": writer(trace, header(**more))}, UTC)


@pytest.mark.parametrize("form", FORMATS)
def test_the_reader_finds_the_millivolts_within_half_a_step(form, trace):
    _, reader, step, _ = FORMATS[form]
    received = back(form, trace)
    assert received.reader == reader.name
    assert received.trace.calibrated
    assert (received.trace.rate, received.trace.leads) == (trace.rate, trace.leads)
    for name in trace.leads:
        # a lead that is derived again takes half a step from I and half a step from II
        off = step if name in received.trace.derived else step / 2
        inexact = 2e-3 if name in received.trace.derived else 0  # of the phantom's own limb leads
        np.testing.assert_allclose(
            received.trace.lead(name), trace.lead(name), atol=off + inexact + 1e-6
        )


@pytest.mark.parametrize("form", FORMATS)
def test_who_when_and_what_the_device_says_come_back(form, trace):
    received = back(form, trace)
    found = received.header
    assert (found.patient_id, found.name, found.sex) == ("CZ-0007", "张三", "F")
    assert found.birth_date == date(1961, 5, 4)
    assert found.exam_start == datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
    assert found.institution == "册亨县人民医院"
    assert found.model == "D-1"
    assert dict(received.trace.device.measurements) == MEASURED
    assert received.trace.device.statements == ("窦性心律", "Normal <ECG> & more")


@pytest.mark.parametrize("form", FORMATS)
def test_only_its_own_reader_claims_what_a_writer_made(form, trace):
    writer, reader, _, _ = FORMATS[form]
    parts = {"a": writer(trace, header())}
    assert [r.name for r in sniff.installed() if r.claims(parts)] == [reader.name]


@pytest.mark.parametrize("form", FORMATS)
def test_equal_input_gives_equal_bytes(form, trace):
    writer = FORMATS[form][0]
    assert writer(trace, header()) == writer(trace, header())


@pytest.mark.parametrize("form", FORMATS)
def test_limb_leads_that_do_not_follow_are_stored_and_not_derived(form, trace):
    own = np.array(trace.millivolts)
    own[2] += 0.5  # lead III disagrees
    received = back(form, replace(trace, millivolts=own))
    assert "III" not in received.trace.derived
    np.testing.assert_allclose(received.trace.lead("III"), own[2], atol=0.003)
    assert "limb_leads_disagree" in received.flags


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("change", "says"),
    [("gap", "gaps"), ("large", "largest sample"), ("uncalibrated", "not calibrated")],
)
def test_what_a_format_cannot_hold_is_refused(form, change, says, trace):
    own = np.array(trace.millivolts)
    if change == "gap":
        own[3, 100] = np.nan
    elif change == "large":
        own[3, 100] = 200.0
    with pytest.raises(Invalid, match=says):
        FORMATS[form][0](
            replace(trace, millivolts=own, calibrated=change != "uncalibrated"), header()
        )


def test_a_lead_without_a_code_is_refused_by_scp():
    with pytest.raises(Invalid, match="leads: got ECG"):
        ecg_scp.to_scp(Trace(np.zeros((1, 100)), 500.0, ("ECG",)), header())


def test_a_rate_of_no_whole_microseconds_is_refused_by_scp():
    with pytest.raises(Invalid, match="sampling rate"):
        ecg_scp.to_scp(Trace(np.zeros((1, 100)), 360.0, ("II",)), header())


def test_the_aecg_is_well_formed_and_in_the_namespace_of_the_standard(trace):
    root = etree.fromstring(ecg_aecg.to_aecg(trace, header()))
    assert root.tag == "{urn:hl7-org:v3}AnnotatedECG"
    assert len(root.findall(".//{*}digits")) == 8


@given(arrays(np.float32, (2, 50), elements=st.floats(-30, 30, width=32)))
@settings(max_examples=25, deadline=3000)
@pytest.mark.parametrize("form", FORMATS)
def test_any_samples_come_back_within_half_a_step(form, values):
    step = FORMATS[form][2]
    received = back(form, Trace(values, 500.0, ("V1", "V2")))
    np.testing.assert_allclose(received.trace.millivolts, values, atol=step / 2 + 5e-6)


def test_the_samples_of_every_format_are_the_normal_ecg_with_its_truth():
    table = listing()
    [row] = [r for r in table["ecg"] if r["name"] == "ecg-normal"]
    assert set(table["again"]["ecg-normal"]) >= set(FORMATS)
    for form in table["again"]["ecg-normal"]:
        again = {**row, "name": f"ecg-normal-{form}"}
        files, truth = samples._in_format(table, again, form)
        received = sniff.read(files, UTC)
        shape = table["shape"].get(form, {"seconds": 10.0, "rate_hz": 500.0})
        made = make_ecg(EcgCase(rate_bpm=72.0), shape["seconds"], shape["rate_hz"],
                        np.random.default_rng(row["seed"]))  # fmt: skip
        step = FORMATS[form][2] if form in FORMATS else 0.001
        assert received.trace.leads == tuple(shape.get("leads", LEADS))
        assert received.trace.rate == shape["rate_hz"]
        np.testing.assert_allclose(received.trace.lead("V2"), made.trace.lead("V2"), atol=step)
        # a WFDB record has no place for a patient
        assert received.header.patient_id == ("" if form == "mat" else row["patient"]["id"])
        assert all(len(data) < 450_000 for data in files.values())
        assert ("device_says" in truth) is bool(received.trace.device.measurements)
        if form in FORMATS:  # EDF has no room for either
            assert received.trace.device.measurements["qrs_ms"] == truth["qrs_ms"]
            assert truth["device_says"]["measurements"]["qrs_ms"] == truth["qrs_ms"]
            assert received.header.name == "张伟"


@pytest.mark.parametrize(
    ("form", "kind"),
    [("general", GeneralECGWaveformStorage), ("ambulatory", AmbulatoryECGWaveformStorage)],
)
def test_the_long_and_the_slow_sample_are_of_their_own_dicom_class(form, kind):
    table = listing()
    [row] = [r for r in table["ecg"] if r["name"] == "ecg-normal"]
    files, _ = samples._in_format(table, {**row, "name": f"ecg-normal-{form}"}, form)
    assert sniff.read_header(files).header.sop_class == kind
