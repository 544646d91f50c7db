"""The same files through another program, ecgdatakit 2.0.3: its parsers share no line with ours."""

import struct

import numpy as np
import pytest
from ecgdatakit.parsing.parsers.ge_muse_xml import GEMuseXMLParser
from ecgdatakit.parsing.parsers.hl7_aecg import HL7aECGParser
from ecgdatakit.parsing.parsers.scp_ecg import SCPECGParser
from ecgdatakit.parsing.parsers.sierra_xml import SierraXMLParser

from tests.formats import scp_maker as scp
from tests.formats.writers.test_ecg_parts import FORMATS, header
from workbench.formats import sniff
from workbench.phantoms.ecg import EcgCase, make_ecg

pytestmark = pytest.mark.filterwarnings("ignore")  # its own, on what it leaves open
THEIRS = {
    "scp": SCPECGParser, "aecg": HL7aECGParser, "muse": GEMuseXMLParser, "sierra": SierraXMLParser,
}  # fmt: skip
REAL = {
    "scp/Example.scp": "scp", "hl7_aecg/aecg_hl7_example.xml": "aecg",
    "hl7_aecg/ecgkit_hl7.xml": "aecg", "hl7_aecg/fda_subject1_0.xml": "aecg",
    "muse_xml/muse_example1.xml": "muse", "muse_xml/muse_example2.xml": "muse",
    "philips_sierra_xml/sierra_1_03.xml": "sierra", "philips_sierra_xml/sierra_1_04.xml": "sierra",
    "philips_sierra_xml/sierra_1_04_01.xml": "sierra",
}  # fmt: skip
MILLIVOLTS = {"uV": 1e-3, "mV": 1.0, "nV": 1e-6}
SINGLE = 2e-7  # mV; ours are of single precision
SAME = {
    "heart_rate": "heart_rate_bpm", "pr_interval": "pr_ms", "qrs_duration": "qrs_ms",
    "qt_interval": "qt_ms", "p_axis": "p_axis_deg", "qrs_axis": "qrs_axis_deg",
    "t_axis": "t_axis_deg", "qtc_fridericia": "qtc_fridericia_ms",
}  # fmt: skip


def compare(form, path, data):
    """Every lead that both give, and every measurement that they give."""
    path.write_bytes(data)
    their = THEIRS[form]().parse(path)
    trace = sniff.read({path.name: data}).trace
    seen = 0
    for lead in their.leads:
        if lead.label not in trace.leads:
            continue
        unit = MILLIVOLTS[lead.resolution_unit if lead.is_raw else lead.units]
        values = np.asarray(lead.samples, float) * unit * (lead.resolution if lead.is_raw else 1.0)
        ours = trace.lead(lead.label)
        np.testing.assert_allclose(ours, values[: len(ours)], atol=SINGLE)
        assert lead.sampling_rate == trace.rate
        seen += 1
    for name, our_name in SAME.items():
        value = getattr(their.measurements, name, None)
        if value is not None:
            assert trace.device.measurements[our_name] == value
    return seen


@pytest.mark.parametrize("name", REAL)
def test_real_files_read_the_same_in_both_programs(shared, tmp_path, name):
    data = (shared / "ecg" / "formats" / name).read_bytes()
    assert compare(REAL[name], tmp_path / name.rsplit("/", 1)[-1], data) >= 8


@pytest.mark.parametrize("form", THEIRS)
def test_what_we_write_reads_the_same_in_both_programs(tmp_path, form):
    trace = make_ecg(EcgCase(), 10.0, 500.0, np.random.default_rng(5)).trace
    suffix = ".scp" if form == "scp" else ".xml"
    assert compare(form, tmp_path / f"a{suffix}", FORMATS[form][0](trace, header())) >= 8


def test_a_rhythm_with_the_reference_beat_taken_away_is_the_same_in_both_programs(tmp_path):
    rng = np.random.default_rng(9)
    rows, beats = rng.integers(-300, 300, (2, 400)), rng.integers(-900, 900, (2, 50))
    complexes = [(0, fiducial - 20, fiducial, fiducial + 25) for fiducial in (40, 170, 300)]
    four = struct.pack("<HHH", 100, 22, 3)
    four += b"".join(struct.pack("<HIII", *one) for one in complexes)
    four += b"".join(struct.pack("<II", f - 8, f + 7) for _, _, f, _ in complexes)
    data = scp.record({
        1: scp.PATIENT, 3: scp.leads({"I": (1, 400), "V1": (1, 400)}, flags=5), 4: four,
        5: scp.signal(list(beats), nanovolts=5000, order=1),
        6: scp.signal(list(rows), nanovolts=2500, order=2),
    })  # fmt: skip
    assert compare("scp", tmp_path / "a.scp", data) == 2
