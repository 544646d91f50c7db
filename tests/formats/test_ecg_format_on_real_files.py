"""The format gate on real recordings: clean ones pass, the others are named for what they are."""

from workbench import editions
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
