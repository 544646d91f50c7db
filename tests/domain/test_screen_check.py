"""A look at a screen answers every question, names the screen, and says what was not seen."""

from datetime import UTC, datetime

import pytest

from workbench.domain.errors import Invalid
from workbench.domain.screen_check import OPTIONAL, ScreenCheck, ScreenQuestion

ALL = dict.fromkeys(ScreenQuestion, True)
HERE = "0123456789ab:1920x1080@0,0"


def look(answers=ALL, display=HERE):
    at = datetime(2026, 11, 26, tzinfo=UTC)
    return ScreenCheck(id="1", username="reader", display=display, at=at, answers=answers)


def test_what_was_not_seen_is_named_in_the_order_of_the_questions():
    assert look().failed == ()
    answers = {**ALL, ScreenQuestion.LIGHT: False, ScreenQuestion.DARK: False}
    assert look(answers).failed == (ScreenQuestion.DARK, ScreenQuestion.LIGHT)


@pytest.mark.parametrize("left_out", list(ScreenQuestion))
def test_only_the_length_of_a_screen_nobody_measured_may_stay_unanswered(left_out):
    answers = {q: seen for q, seen in ALL.items() if q is not left_out}
    if left_out in OPTIONAL:
        assert look(answers).failed == ()
    else:
        with pytest.raises(Invalid, match=f"without {left_out.value}; expected yes or no"):
            look(answers)


@pytest.mark.parametrize("display", ["", "my screen", HERE + "; DROP", "0123456789ab:1x1@0"])
def test_what_is_no_key_of_a_display_is_refused(display):
    with pytest.raises(Invalid, match="display"):
        look(display=display)
