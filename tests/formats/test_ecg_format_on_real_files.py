"""The format gate on real recordings: clean ones pass, the others are named for what they are."""

from workbench import editions
from workbench.ecg.paper import Scale, lay_out
from workbench.ecg.paper_edge import leads_over_edge
from workbench.ecg.paper_rows import Wish
from workbench.formats import grouping, sniff
from workbench.rules.ecg_format import check_format

BOOK = editions.rule_book("ecg-format-2026.1")


def codes(trace):
    return [fault.code for fault in check_format(trace, BOOK)]


def test_real_twelve_lead_recordings_pass(shared):
    """CinC 2021: 17 records of three hospitals, read as they are."""
    folder = shared / "ecg" / "cinc2021"
    groups = grouping.recordings([p.name for p in folder.iterdir()])
    said = {
        group[0]: codes(sniff.read({n: (folder / n).read_bytes() for n in group}).trace)
        for group in groups
    }
    assert len(said) == 17
    assert not {name: found for name, found in said.items() if found}


def test_what_is_wrong_with_the_others_is_named(shared):
    expected = {
        "cpsc2021/data_101_6": ["rate_low", "leads_missing"],
        "cinc2015/a103l": ["leads_missing", "not_calibrated"],
        "ludb/data/110": ["not_calibrated"],
        "mitdb_tpcp/106c": ["leads_missing"],
        "ptbdb/s0010_re": [],
    }
    for name, said in expected.items():
        path = shared / "ecg" / f"{name}.hea"
        parts = {
            p.name: p.read_bytes()
            for p in path.parent.glob(f"{path.stem}.*")
            if p.suffix in {".hea", *grouping.COMPANIONS}
        }
        assert codes(sniff.read(parts).trace) == said, name


def test_frank_leads_stay_beside_the_twelve_and_are_none_of_them(shared):
    path = shared / "ecg" / "ptbdb"
    parts = {p.name: p.read_bytes() for p in path.iterdir()}
    leads = sniff.read(parts).trace.leads
    assert leads[12:] == ("vx", "vy", "vz")


def test_the_tall_beat_of_a_real_cart_is_said_to_leave_the_sheet(shared):
    """muse_example2 has R of V4 above 2.5 mV, and V4 stands in the top row of 3x4+1."""
    path = shared / "ecg/formats/muse_xml/muse_example2.xml"
    trace = sniff.read({path.name: path.read_bytes()}).trace
    for gain, over in ((5.0, ()), (10.0, ("V4",)), (20.0, ("V4",))):
        scale = Scale(25.0, gain)
        sheet = lay_out(Wish(layout="3x4+1", leads=trace.leads, seconds=trace.seconds), scale)
        assert leads_over_edge(sheet, trace.millivolts, trace.rate, scale) == over
