"""Models of a house: installed by who administers, silent until tried here, retired at once."""

from dataclasses import replace

import numpy as np
import pytest

from tests import make, onnx_nets
from tests.onnx_nets import package
from workbench.domain.errors import Invalid, NotFound, NotPermitted
from workbench.domain.finding import Gate
from workbench.domain.image import Image, Spacing, SpacingKind, Voi, VoiKind
from workbench.domain.model_card import BadCard
from workbench.panels.case import view
from workbench.store import audit, blob_use
from workbench.workflow import exams, models, screenings
from workbench.workflow.models import LocalCase

FINE = Gate(accepted=True)


def image(*discs):
    grey = onnx_nets.film(*discs, side=128)
    values = np.round(grey * 4000).astype(np.uint16)
    voi = Voi(kind=VoiKind.LINEAR_EXACT, center=2048.0, width=4096.0)
    spacing = Spacing(row_mm=None, column_mm=None, kind=SpacingKind.UNKNOWN)
    return Image(values=values, bits=12, invert=False, vois=(voi,), spacing=spacing)


LESION, CLEAR = image((0.4, 0.6)), image()


def cases(found=20, clear=20):
    yes, no = LocalCase(LESION, {"DR101": True}), LocalCase(CLEAR, {"DR101": False})
    return [yes] * found + [no] * clear


def look(county, film=LESION, site="T01"):
    return models.look(county, site, (film, "0" * 64, FINE))


@pytest.fixture
def installed(county, tmp_path):
    return models.add(county, make.ADMIN, package(tmp_path / "one"))


def test_a_new_model_gives_scores_and_flags_nothing_until_it_was_tried_here(county, installed):
    assert installed.waiting == ("DR101",)
    [said] = look(county)
    assert said.findings == ()
    assert said.measurements[0].value > 0.2
    figures = models.confirm(county, make.ADMIN, "disc", "", cases())
    assert figures["DR101"] == {
        "found": 20, "missed": 0, "cleared": 20, "false_alarms": 0, "confirmed": True,
        "reason": "",
    }  # fmt: skip
    [said] = look(county)
    assert [f.code for f in said.findings] == ["DR101"]
    assert look(county, CLEAR)[0].findings == ()
    [state] = models.every(county, make.ADMIN)
    assert (state.waiting, state.in_use) == ((), True)


def test_a_trial_at_one_institution_holds_there_only(county, installed):
    models.confirm(county, make.ADMIN, "disc", "T01", cases())
    assert look(county, site="T01")[0].findings
    assert look(county, site="T02")[0].findings == ()


def test_too_few_cases_confirm_nothing_and_are_kept(county, installed):
    figures = models.confirm(county, make.ADMIN, "disc", "", cases(found=19))
    assert not figures["DR101"]["confirmed"]
    assert look(county)[0].findings == ()
    [state] = models.every(county, make.ADMIN)
    assert (len(state.trials), state.waiting) == (1, ("DR101",))


def test_a_later_trial_that_fails_takes_the_confirmation_away(county, installed, clock):
    models.confirm(county, make.ADMIN, "disc", "", cases())
    clock.go_on(minutes=1)
    wrong = [replace(c, truth={"DR101": not c.truth["DR101"]}) for c in cases()]
    models.confirm(county, make.ADMIN, "disc", "", wrong)
    assert look(county)[0].findings == ()


def test_another_version_raises_the_alarm_again(county, installed, tmp_path, clock):
    models.confirm(county, make.ADMIN, "disc", "", cases())
    clock.go_on(minutes=1)
    models.add(county, make.ADMIN, package(tmp_path / "two", version="2"))
    states = {s.row.version: s for s in models.every(county, make.ADMIN)}
    assert (states["1"].in_use, states["2"].in_use) == (False, True)
    assert states["2"].waiting == ("DR101",)
    [said] = look(county)
    assert (said.version, said.findings) == ("2", ())


def test_the_same_version_is_not_installed_twice_and_an_unknown_code_not_at_all(
    county, installed, tmp_path
):
    with pytest.raises(Invalid):
        models.add(county, make.ADMIN, package(tmp_path / "again", threshold=0.4))
    for code in ("DR999", "EC001"):
        with pytest.raises(BadCard, match=r"\w"):
            models.add(county, make.ADMIN, package(tmp_path / code, version="3", finding=code))
    assert len(models.every(county, make.ADMIN)) == 1


def test_a_retired_model_is_asked_no_more(county, installed):
    models.retire(county, make.ADMIN, "disc")
    assert look(county) == ()
    with pytest.raises(NotFound):
        models.confirm(county, make.ADMIN, "disc", "", cases())


def test_columns_that_name_no_finding_of_the_model_are_refused(county, installed):
    with pytest.raises(Invalid, match="finding codes"):
        models.confirm(county, make.ADMIN, "disc", "", [LocalCase(CLEAR, {"DR001": True})])


@pytest.mark.parametrize("who", [make.READER, make.QA, make.CLINIC], ids=lambda a: a.username)
def test_who_does_not_administer_installs_nothing(county, tmp_path, who):
    with pytest.raises(NotPermitted):
        models.add(county, who, package(tmp_path / "p"))
    with pytest.raises(NotPermitted):
        models.retire(county, who, "disc")


def test_every_act_is_in_the_audit_and_the_net_is_kept_as_long_as_its_row(county, installed):
    models.confirm(county, make.ADMIN, "disc", "", cases())
    models.retire(county, make.ADMIN, "disc")
    with county.store.look() as conn:
        assert audit.verify(conn) == []
        assert installed.row.sha256 in set(blob_use.used(conn))


def test_a_film_that_arrives_is_shown_to_the_models_and_the_page_keeps_them_apart(
    county, installed, screened
):
    models.confirm(county, make.ADMIN, "disc", "", cases())
    exam_id = screened(make.make_film())
    case = exams.open_case(county, make.READER, exam_id, hold=False)
    by_model = [s for s in case.screenings if s.screener == "model:disc"]
    assert len(by_model) == 1
    screenings.screen_exam(county, exam_id)  # once more: nothing is said twice
    again = exams.open_case(county, make.READER, exam_id, hold=False)
    assert len(again.screenings) == len(case.screenings) == 2
    cards = {p["support"]: p for p in view(case, make.READER)["prompts"]}
    assert set(cards) == {True, False}
    assert cards[True]["edition"].startswith("model:disc")


def test_a_model_whose_net_is_gone_says_so_and_hides_no_other_result(county, installed, screened):
    path = county.blobs.path(installed.row.sha256)
    path.unlink()
    models._loaded.cache_clear()
    path.write_bytes(b"rotten")
    exam_id = screened(make.make_film())
    case = exams.open_case(county, make.READER, exam_id, hold=False)
    [broken] = [s for s in case.screenings if s.screener == "model:disc"]
    assert (broken.assessed, broken.findings) == (False, ())
    assert broken.reason
    assert len(case.screenings) == 2
