import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import ecg_data as data

from workbench.domain.context import PatientContext
from workbench.ecg.beats import find_beats
from workbench.screening.ecg import screen_trace
from workbench.screening.screen import ecg_books


def totals(records):
    counts = np.array([data.matched(r.marks_s, find_beats(r.trace).times_s) for r in records])
    hits, misses, extra = counts.sum(axis=0)
    return hits / (hits + misses), hits / (hits + extra), hits + misses


@pytest.mark.parametrize(
    ("read", "beats", "sensitivity", "precision"),
    [
        (data.ludb, 250, 0.999, 0.998),
        (data.cpsc2021, 700, 0.995, 0.995),
        (data.mitdb, 3000, 0.995, 0.995),
        (data.cpsc2019, 150, 0.97, 0.97),
    ],
    ids=["ludb", "cpsc2021", "mitdb", "cpsc2019"],
)
def test_beats_marked_by_people_are_found(read, beats, sensitivity, precision):
    se, ppv, count = totals(read(data.shared()))
    assert count >= beats, "the folder holds fewer records than this bar was set on"
    assert se >= sensitivity
    assert ppv >= precision


def test_fibrillation_is_suspected_in_the_af_records_of_ludb_and_in_no_other():
    suspected = set()
    for record in data.ludb(data.shared()):
        said = screen_trace(record.trace, PatientContext(age_years=60), ecg_books(), "")
        if "EC206" in {f.code for f in said.findings}:
            suspected.add(record.name)
    assert suspected == {"38", "51", "110"}


def test_labelled_slow_and_fast_records_of_cinc2021_are_called_so_and_sinus_ones_are_not():
    for record, codes in data.cinc2021(data.shared()):
        said = screen_trace(record.trace, PatientContext(age_years=60), ecg_books(), "")
        found = {f.code for f in said.findings}
        assert said.assessed, record.name
        if "426177001" in codes:
            assert "EC201" in found, record.name
        if "427084000" in codes:
            assert "EC202" in found, record.name
        assert not found & {"EC021", "EC017", "EC019", "EC024"}, record.name


def test_no_real_twelve_lead_record_is_called_uncertain_in_rate():
    for record in data.ludb(data.shared()):
        said = screen_trace(record.trace, PatientContext(age_years=60), ecg_books(), "")
        assert not any("uncertain" in note for note in said.gate.notes), record.name


def test_no_qt_is_given_that_fills_the_interval_to_the_next_beat():
    refused = 0
    for record, _ in data.cinc2021(data.shared()):
        said = screen_trace(record.trace, PatientContext(age_years=60), ecg_books(), "")
        found = {m.name: m for m in said.measurements}
        qt, rate = found["qt_ms"], found["heart_rate_bpm"].value
        if qt.value is None:
            refused += 1
            assert "T runs into the next beat" in qt.reason, record.name
            assert found["qtc_bazett_ms"].value is None, record.name
        else:
            assert qt.value <= 0.85 * 60_000 / rate, record.name
    assert 0 < refused < 10
