"""Another program may make a reader look again; it never changes what we say."""

from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np
import pytest

from workbench.domain.context import PatientContext
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.screening.ecg import screen_and_average
from workbench.screening.screen import ecg_books
from workbench.screening.second_opinions import Opinion, OpinionStatus, list_second_opinions

ADULT = PatientContext(age_years=58, sex="M")


class Stubborn:
    """Somebody else's program, which sees what the test tells it to."""

    name = "stubborn"

    def __init__(self, seen):
        self.seen = seen

    def version(self):
        return "1.0"

    def look(self, _trace, _lead, _beats_s):
        if isinstance(self.seen, Exception):
            raise self.seen
        return self.seen


def status(seen):
    return OpinionStatus("stubborn", "stubborn 1.0", Stubborn(seen))


def trace(rhythm=Rhythm.SINUS):
    return make_ecg(
        EcgCase(rhythm=rhythm, rate_bpm=72), 10.0, 500.0, np.random.default_rng(1)
    ).trace


def said(*opinions):
    return screen_and_average(trace(), ADULT, ecg_books(), "d", opinions)[0]


@pytest.mark.parametrize(
    "seen",
    [Opinion({"qrs_ms": 170.0, "pr_ms": 400.0, "qt_ms": 700.0}, 1.0), ValueError("broke")],
    ids=["disagrees", "breaks"],
)
def test_whatever_it_says_no_number_and_no_statement_changes(seen):
    alone, with_it = said(), said(status(seen))
    same = {"elapsed_ms": 0.0, "gate": alone.gate}
    assert replace(alone, **same) == replace(with_it, **same)
    assert len(with_it.gate.notes) > len(alone.gate.notes)
    assert all("stubborn 1.0" in n for n in set(with_it.gate.notes) - set(alone.gate.notes))


def test_a_program_of_our_mind_or_an_absent_one_says_nothing():
    alone = said()
    qrs = next(m.value for m in alone.measurements if m.name == "qrs_ms")
    agreeing = status(Opinion({"qrs_ms": qrs}, 0.0))
    absent = OpinionStatus("gone", "cannot be asked here", None)
    assert said(agreeing, absent).gate == alone.gate


def test_both_programs_are_listed_with_their_version_or_why_they_cannot_be_asked():
    found = {one.name: one for one in list_second_opinions()}
    assert found["neurokit2_prominence"].detail.endswith(version("neurokit2"))
    if find_spec("openecg") is None:
        assert found["openecg"].opinion is None
        assert "is not installed; run: pip install" in found["openecg"].detail


def test_neurokit2_measures_drawn_waves_as_we_do():
    [asked] = [one for one in list_second_opinions() if one.name == "neurokit2_prominence"]
    drawn = make_ecg(EcgCase(rate_bpm=70), 10.0, 500.0, np.random.default_rng(4))
    beats = np.array(drawn.truth["r_times_s"])
    seen = asked.opinion.look(drawn.trace, "II", beats).numbers
    assert seen["qrs_ms"] == pytest.approx(drawn.truth["qrs_ms"], abs=30)
    assert seen["qt_ms"] == pytest.approx(drawn.truth["qt_ms"], abs=50)


def test_nobody_is_asked_unless_told_to():
    assert not any("check this" in note for note in said().gate.notes)
