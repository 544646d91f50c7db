"""HL7 annotated ECG: the rhythm and not the beat, the cart's numbers and not a person's."""

from datetime import UTC, datetime

import numpy as np
import pytest

from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.trace import LEADS
from workbench.formats.readers.hl7_aecg import Hl7Aecg

HEAD = '<AnnotatedECG xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
SUBJECT = """<componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject>
<id root="2.25.1" extension="P7"/><subjectDemographicPerson><name>{name}</name>
<administrativeGenderCode code="F"/><birthTime value="19610504"/></subjectDemographicPerson>
</trialSubject></subject></subjectAssignment></componentOf></timepointEvent></componentOf>"""


def lead(name, digits, origin='<origin value="0" unit="uV"/>', scale='value="5" unit="uV"'):
    words = " ".join(map(str, digits))
    return (
        f'<component><sequence><code code="MDC_ECG_LEAD_{name}"/><value xsi:type="SLIST_PQ">'
        f"{origin}<scale {scale}/><digits>{words}</digits></value></sequence></component>"
    )


def time(step='value="0.002" unit="s"', kind="GLIST_TS"):
    return (
        '<component><sequence><code code="TIME_ABSOLUTE"/>'
        f'<value xsi:type="{kind}"><head value="20260102080000.000"/><increment {step}/></value>'
        "</sequence></component>"
    )


def series(leads, timing=None, code="RHYTHM", rest="", high=""):
    high = f'<high value="{high}"/>' if high else ""
    return (
        f'<component><series><code code="{code}"/><effectiveTime><low value="20260102080000.000"/>'
        f"{high}</effectiveTime><component><sequenceSet>{timing or time()}{''.join(leads)}"
        f"</sequenceSet></component>{rest}</series></component>"
    )


def document(*parts, name="Li", zone=""):
    text = HEAD + SUBJECT.format(name=name) + "".join(parts) + "</AnnotatedECG>"
    return text.replace("20260102080000.000", f"20260102080000.000{zone}").encode()


def read(data):
    return Hl7Aecg().read({"a.xml": data})


ONE, TWO = [1, 2, 3, 40, 5], [4, 5, 6, 70, 8]
PAIR = [lead("I", ONE), lead("II", TWO)]


def note(code, value, inner=""):
    return f'<component><annotation><code code="{code}"/>{value}{inner}</annotation></component>'


def pq(value, unit="ms"):
    return f'<value xsi:type="PQ" value="{value}" unit="{unit}"/>'


def notes(*those, author=""):
    return f"<subjectOf><annotationSet>{author}{''.join(those)}</annotationSet></subjectOf>"


@pytest.mark.parametrize("name", ["aecg_hl7_example", "ecgkit_hl7", "fda_subject1_0"])
def test_the_real_files_give_ten_seconds_and_the_values_of_the_representative_beat(shared, name):
    data = (shared / "ecg" / "formats" / "hl7_aecg" / f"{name}.xml").read_bytes()
    received = read(data)
    trace = received.trace
    assert trace.leads == LEADS
    assert trace.millivolts.shape == (12, 5000)
    assert dict(trace.device.measurements) == {
        "p_ms": 102, "pr_ms": 148, "qrs_ms": 120, "qt_ms": 420, "qtc_ms": 443,
        "p_axis_deg": 44, "qrs_axis_deg": -61, "t_axis_deg": 86,
    }  # fmt: skip
    assert trace.device.statements == ("Sinus Rhythm",)
    assert (trace.device.maker, trace.device.model) == ("Mortara Instrument, Inc.", "ELI250")
    assert received.flags == ("clock_without_zone",)


def test_eight_leads_give_twelve_and_the_four_are_named_as_derived():
    trace = read(document(series(PAIR))).trace
    assert trace.derived == ("III", "aVR", "aVL", "aVF")
    np.testing.assert_allclose(trace.lead("I"), np.array(ONE) * 0.005, atol=1e-6)
    np.testing.assert_allclose(trace.lead("aVF"), trace.lead("II") - trace.lead("I") / 2, atol=1e-6)


def test_limb_leads_that_break_einthovens_law_are_flagged():
    received = read(document(series([*PAIR, lead("III", [90] * 5)])))
    assert "limb_leads_disagree" in received.flags


def test_a_file_with_an_averaged_beat_only_is_refused():
    with pytest.raises(BadTrace, match="at most an averaged beat"):
        read(document(series(PAIR, code="REPRESENTATIVE_BEAT")))


def test_the_derived_series_is_never_taken_for_the_rhythm():
    beat = series([lead("I", [9, 9])], code="REPRESENTATIVE_BEAT").replace(
        "series", "derivedSeries"
    )
    inner = beat.removeprefix("<component>").removesuffix("</component>")
    trace = read(document(series(PAIR, rest=f"<derivation>{inner}</derivation>"))).trace
    assert trace.millivolts.shape[1] == len(ONE)


@pytest.mark.parametrize(
    ("scale", "origin", "first"),
    [
        ('value="2.5" unit="uV"', '<origin value="0" unit="uV"/>', 0.0025),
        ('value="0.01" unit="mV"', '<origin value="0" unit="mV"/>', 0.01),
        ('value="2500" unit="nV"', "", 0.0025),
        ('value="5" unit="uV"', '<origin value="-1" unit="mV"/>', -0.995),
    ],
)
def test_scale_and_origin_are_read_in_their_own_units(scale, origin, first):
    trace = read(document(series([lead("V1", ONE, origin, scale)]))).trace
    assert trace.lead("V1")[0] == pytest.approx(first)


@pytest.mark.parametrize("scale", ['value="5" unit="steps"', 'value="" unit="uV"', 'unit="uV"'])
def test_an_unknown_unit_or_scale_means_not_calibrated(scale):
    received = read(document(series([lead("V1", ONE, "", scale)])))
    assert not received.trace.calibrated
    assert "not_calibrated" in received.flags


@pytest.mark.parametrize(
    ("step", "rate"),
    [
        ('value="0.002" unit="s"', 500),
        ('value="1" unit="ms"', 1000),
        ('value="4000" unit="us"', 250),
    ],
)
def test_the_rate_comes_from_the_increment_in_its_unit(step, rate):
    assert read(document(series(PAIR, time(step)))).trace.rate == rate


@pytest.mark.parametrize(
    ("timing", "says"),
    [
        (time('value="0.002" unit="parsec"'), "without unit|parsec"),
        (time('value="2" unit="s"'), "is no ECG"),
        (time('value="0" unit="s"'), "is no ECG"),
        (time(kind="SLIST_PQ"), "generated list"),
        ("<component/>", "a rate of 0 Hz"),
    ],
)
def test_without_a_usable_time_axis_nothing_is_shown(timing, says):
    with pytest.raises(BadTrace, match=says):
        read(document(series(PAIR, timing)))


@pytest.mark.parametrize("word", ["NaN", "NA", "null"])
def test_missing_samples_are_gaps_and_no_zeros(word):
    received = read(document(series([lead("V1", [1, word, 3])])))
    assert np.isnan(received.trace.lead("V1")).tolist() == [False, True, False]
    assert "gaps" in received.flags


@pytest.mark.parametrize("word", ["x1", "1e999", "--3", "inf"])
def test_a_sample_that_is_no_number_is_damage(word):
    with pytest.raises(BadTrace, match="lead V1"):
        read(document(series([lead("V1", [1, word, 3])])))


def test_leads_of_different_length_are_damage():
    with pytest.raises(BadTrace, match=r"leads of \[4, 5\] samples"):
        read(document(series([PAIR[0], lead("II", TWO[:4])])))


def test_a_lead_that_stands_twice_is_damage():
    with pytest.raises(BadTrace, match="lead I stands twice"):
        read(document(series([PAIR[0], PAIR[0]])))


def test_fewer_samples_than_the_series_says_is_a_cut_file():
    with pytest.raises(BadTrace, match=r"truncated: the series says 10 s"):
        read(document(series(PAIR, high="20260102080010.000")))


def test_values_of_single_beats_single_leads_and_persons_are_not_the_carts():
    person = (
        "<author><assignedEntity><assignedAuthorType><assignedPerson><name>A</name>"
        "</assignedPerson></assignedAuthorType></assignedEntity></author>"
    )
    roi = (
        '<support><supportingROI><component><boundary><code code="MDC_ECG_LEAD_V1"/></boundary>'
        "</component></supportingROI></support>"
    )
    rest = notes(
        note("MDC_ECG_BEAT", "", note("MDC_ECG_TIME_PD_PR", pq(111))),
        note("MDC_ECG_TIME_PD_QRS", pq(222), roi),
        note("MDC_ECG_TIME_PD_QT", pq("0.4", "s")),
        note("MDC_ECG_HEART_RATE", pq(0, "bpm")),
        note("MDC_ECG_ANGLE_QRS_FRONT", pq(-5, "deg")),
        note("MDC_ECG_TIME_PD_P", pq(90, "feet")),
    ) + notes(note("MDC_ECG_TIME_PD_PR", pq(333)), author=person)
    trace = read(document(series(PAIR, rest=rest))).trace
    assert dict(trace.device.measurements) == {"qt_ms": 400, "qrs_axis_deg": -5}
    assert "measurements that a person made in the file are left out" in trace.notes


def test_statements_are_text_or_the_name_of_a_code():
    inner = note("MDC_ECG_INTERPRETATION_STATEMENT", '<value xsi:type="ST">窦性心律</value>')
    rest = notes(
        note("MDC_ECG_RHY", '<value xsi:type="CE" code="X" displayName="Sinus Rhythm"/>'),
        note("MDC_ECG_INTERPRETATION", "", inner),
    )
    trace = read(document(series(PAIR, rest=rest))).trace
    assert trace.device.statements == ("Sinus Rhythm", "窦性心律")


def test_the_header_is_read_without_samples_and_its_own_zone_counts():
    received = Hl7Aecg().read_header({"a": document(series([]), zone="+0800")})
    header = received.header
    assert (header.patient_id, header.name, header.sex) == ("P7", "Li", "F")
    assert (header.exam_start, header.clock_source) == (datetime(2026, 1, 2, tzinfo=UTC), "file")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<family>王</family><given>秀兰</given>", "王秀兰"),
        ("<family>Li</family><given>Wei</given>", "Li Wei"),
    ],
)
def test_names_in_parts_are_put_together(name, shown):
    assert Hl7Aecg().read_header({"a": document(name=name)}).header.name == shown


def test_gb_bytes_under_a_latin_declaration_are_rescued():
    text = document(series(PAIR), name="王秀兰").decode()
    data = ('<?xml version="1.0" encoding="ISO-8859-1"?>' + text).encode("gb18030")
    received = Hl7Aecg().read_header({"a": data})
    assert received.header.name == "王秀兰"
    assert received.header.name_repaired


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a [<!ENTITY x 'y'>]>" + document(series(PAIR)),
        document(series(PAIR))[:400],
        b"<AnnotatedECG",
    ],
)
def test_hostile_or_cut_xml_is_unreadable(data):
    with pytest.raises(Unreadable):
        read(data)
