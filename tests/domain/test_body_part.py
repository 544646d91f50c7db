"""What a device writes of the part of the body is recognised, or is not and stays as it is."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import editions
from workbench.domain.body_part import NO_GROUP, plain

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "body_parts.json").read_text("utf-8"))
PARTS = editions.body_parts()
LATIN = [s for s in PARTS.spellings if s.isascii()]


@pytest.mark.parametrize(("written", "code", "group"), GOLDEN["cases"])
def test_a_part_is_known_by_what_was_meant(written, code, group):
    assert (PARTS.code(written), PARTS.group(written)) == (code, group)


def test_every_group_has_a_part_in_the_golden_table():
    assert {group for _, code, group in GOLDEN["cases"] if code} == set(PARTS.groups.values())


@given(st.sampled_from(sorted(PARTS.spellings)), st.sampled_from(["左", "右", "双", "左侧"]))
def test_a_side_before_a_chinese_name_changes_nothing(spelling, side):
    sided = spelling.startswith(("左", "右", "双"))  # "双肾…" names both sides itself
    if not spelling.isascii() and not sided:
        assert PARTS.code(side + spelling) == PARTS.code(spelling) == PARTS.spellings[spelling]


@given(st.sampled_from(LATIN), st.sampled_from(["AP", "lateral", "PA view"]))
def test_a_view_after_a_latin_name_changes_nothing(spelling, view):
    assert PARTS.code(f"{spelling} {view}") == PARTS.spellings[spelling]


@given(st.text(max_size=64))
def test_no_text_makes_a_part_out_of_nothing(text):
    code = PARTS.code(text)
    assert code is None or code in PARTS.groups
    assert (PARTS.group(text) == NO_GROUP) or code is not None
    assert plain(plain(text)) == plain(text)
