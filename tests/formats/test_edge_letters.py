"""Left and right of the patient on a picture nobody can ask about."""

import pytest

from workbench.formats.edge_letters import edges_of, side_known


@pytest.mark.parametrize("given", ["L\\F", ["L", "F"], " l\\f "])
def test_letters_stand_at_the_edges_the_file_names_and_their_opposites_across(given):
    found = edges_of({"PatientOrientation": given})
    assert found == {"left": "R", "right": "L", "top": "H", "bottom": "F"}


def test_a_lateral_film_has_front_and_back_and_says_no_side():
    tags = {"PatientOrientation": "A\\F"}
    assert edges_of(tags) == {"left": "P", "right": "A", "top": "H", "bottom": "F"}
    assert not side_known(tags)
    assert side_known({**tags, "ImageLaterality": "L"})


@pytest.mark.parametrize("given", [None, "", "L", "L\\", "X\\F", "L\\F\\H", ["L"]])
def test_what_the_file_does_not_say_is_not_made_up(given):
    assert edges_of({"PatientOrientation": given}) is None
    assert not side_known({"PatientOrientation": given})
