"""The sample films with disease and with faults, from file to findings: what must be said and not.

Truth and expectation come with each film (`expected` of its JSON); the nets and the rules never saw
these films. What no rule supports (pneumothorax, free gas, nodules and others) has to stay unsaid.
"""

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from workbench.domain.context import PatientContext
from workbench.domain.quality_item import ItemState
from workbench.formats import sniff
from workbench.screening.dr import screen_film
from workbench.workflow.sample_list import listing
from workbench.workflow.samples import make_pathology

FOLDER = Path(__file__).parents[2] / "data_samples" / "pathology"
ROWS = {row["name"]: row for row in listing()["pathology"]}
SUPPORTED = {"DR004", "DR017", "DR115", "DR212"}


@cache
def screened(name):
    """A sample as the worker screens it, and what is written beside it."""
    data = (FOLDER / f"{name}.dcm").read_bytes()
    beside = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    received = sniff.read({f"{name}.dcm": data})
    context = PatientContext(age_years=ROWS[name]["age"])
    return screen_film(received, context, hashlib.sha256(data).hexdigest()).said, beside


def items(said):
    return {one.code.value: one for one in said.sheet.items}


@pytest.mark.parametrize("name", ROWS)
def test_a_film_says_what_it_must_and_nothing_it_must_not(name):
    said, beside = screened(name)
    expected, codes = beside["expected"], {one.code for one in said.findings}
    assert said.assessed, said.reason
    assert set(expected["must_say"]) <= codes
    assert not codes & set(expected["must_not_say"])
    assert codes <= set(expected["shows"])  # a finding that is not there is a false one
    assert codes <= SUPPORTED


@pytest.mark.parametrize("name", ["dr-massive-effusion", "dr-collapse"])
def test_an_opaque_side_is_critical_on_its_side_and_no_ratio_is_given(name):
    said, beside = screened(name)
    [found] = said.findings
    assert found.severity.value == "critical"
    assert found.place["side"] == beside["truth"]["side"]
    assert next(m for m in said.measurements if m.name == "ctr").value is None


@pytest.mark.parametrize("name", [n for n, row in ROWS.items() if not row["expected"]["must_say"]])
def test_no_other_film_is_called_critical(name):
    said, _beside = screened(name)
    assert [one.code for one in said.findings if one.severity.value == "critical"] == []


@pytest.mark.parametrize("name", [n for n, row in ROWS.items() if row["seed"] >= 406])
def test_the_ratio_is_measured_as_it_was_drawn_where_nothing_hides_the_heart(name):
    said, beside = screened(name)
    ratio = next(m for m in said.measurements if m.name == "ctr").value
    assert ratio == pytest.approx(beside["truth"]["ctr"], abs=0.03)


def test_a_cut_lung_is_a_veto():
    sheet = items(screened("dr-cut-off")[0])
    assert sheet["whole_chest"].veto
    assert "left" in sheet["whole_chest"].evidence
    for name in ("dr-nodule", "dr-wrong-marker"):
        assert not items(screened(name)[0])["whole_chest"].veto


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("dr-moved", "sharpness"),
        ("dr-devices", "artefact"),
        ("dr-rotated", "rotation"),
    ],
)
def test_a_fault_costs_points_that_the_same_item_of_a_good_film_keeps(name, item):
    bad, good = items(screened(name)[0])[item], items(screened("dr-wrong-marker")[0])[item]
    assert item in screened(name)[1]["expected"]["lost"]
    assert (bad.state, good.state) == (ItemState.SCORED, ItemState.SCORED)
    assert bad.got < bad.of
    assert good.got == good.of


def test_a_wrong_marker_is_not_seen_and_that_is_said():
    """No rule reads letters: the item must stay open, not full."""
    one = items(screened("dr-wrong-marker")[0])["marker"]
    assert one.state is ItemState.NOT_ASSESSED
    assert one.evidence


def test_a_film_can_be_made_again_byte_for_byte(tmp_path):
    """With the locked numpy; another one may round otherwise."""
    beside = screened("dr-nodule")[1]
    assert list(make_pathology(tmp_path, ["dr-nodule"])) == ["dr-nodule.dcm"]
    assert json.loads((tmp_path / "dr-nodule.json").read_text("utf-8")) == beside
    made = (tmp_path / "dr-nodule.dcm").read_bytes()
    assert hashlib.sha256(made).hexdigest() == beside["sha256"]["dr-nodule.dcm"]
    assert made == (FOLDER / "dr-nodule.dcm").read_bytes()


def test_the_table_holds_every_kind_once_and_no_patient_twice():
    table = listing()
    kinds = [row["trouble"] for row in ROWS.values()]
    assert len(set(kinds)) == len(kinds) == 14
    everyone = [row["patient"]["id"] for part in ("film", "pathology") for row in table[part]]
    assert len(set(everyone)) == len(everyone)
    assert not {row["name"] for row in table["film"]} & set(ROWS)  # the demonstration stays


def test_the_same_film_twice_says_the_same():
    said, _beside = screened("dr-collapse")
    data = (FOLDER / "dr-collapse.dcm").read_bytes()
    received = sniff.read({"dr-collapse.dcm": data})
    context = PatientContext(age_years=ROWS["dr-collapse"]["age"])
    again = screen_film(received, context, hashlib.sha256(data).hexdigest()).said
    assert replace(again, elapsed_ms=0) == replace(said, elapsed_ms=0)
