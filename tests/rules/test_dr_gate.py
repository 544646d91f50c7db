"""The input gate: every reason at both sides of its limit, and what is only said."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.editions import rule_book
from workbench.rules.dr_gate import Content, GateCode, GateFacts, judge_gate

few = settings(deadline=None, max_examples=60)  # the machine is shared
BOOK = rule_book("dr-gate-2026.1")
CHEST = Content(
    turned=(0.97, 0.01, 0.01, 0.01), inverted=0.02, mirrored=0.05, frontal=0.99, child=0.02,
    agreement=0.95, thorax_share=0.7, thorax_mm=None,
)  # fmt: skip
FILM = GateFacts(
    part="CHEST", group="chest", view="PA", age_years=45, rows=2500, columns=2000, blank=False,
    coloured=0.0, panel=0.0, letters=0, text_by_tag=False, content=CHEST,
)  # fmt: skip


def said(*, content=None, **facts):
    seen = replace(CHEST, **content) if content else facts.pop("look", CHEST)
    return judge_gate(replace(FILM, content=seen, **facts), BOOK)


def test_an_upright_chest_of_an_adult_passes_without_a_word():
    assert said() == judge_gate(FILM, BOOK)
    assert (said().accepted, said().codes, said().notes) == (True, (), ())


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"blank": True, "look": None}, "blank"),
        ({"model_missing": True, "look": None}, "no_model"),
        ({"rows": 64, "columns": 64, "look": None}, "too_small"),
        ({"columns": 199}, "too_small"),
        ({"view": "LL"}, "lateral"),
        ({"age_years": 15.9}, "paediatric"),
        ({"coloured": 0.5}, "photo_or_screenshot"),
        ({"panel": 0.2}, "photo_or_screenshot"),
        ({"letters": 12}, "burned_in_text"),
        ({"text_by_tag": True}, "burned_in_text"),
        ({"part": "HAND", "group": "limb", "content": {"frontal": 0.1}}, "not_chest"),
        ({"content": {"frontal": 0.74}}, "not_chest"),
        ({"content": {"inverted": 0.51}}, "polarity_inverted"),
        ({"content": {"turned": (0.1, 0.8, 0.05, 0.05)}}, "rotated_90"),
        ({"content": {"turned": (0.1, 0.05, 0.8, 0.05)}}, "rotated_180"),
        ({"content": {"turned": (0.1, 0.05, 0.05, 0.8)}}, "rotated_270"),
        ({"content": {"agreement": 0.74}}, "unsteady_outline"),
        ({"content": {"thorax_share": 0.3}}, "photo_or_screenshot"),
        ({"age_years": None, "content": {"child": 0.95}}, "paediatric"),
        ({"age_years": None, "content": {"thorax_mm": 150.0}}, "paediatric"),
    ],
)
def test_what_is_no_upright_adult_chest_is_held_back_with_the_reason(facts, code):
    gate = said(**facts)
    assert not gate.accepted
    assert code in gate.codes
    assert len(gate.notes) >= len(gate.codes) > 0


@pytest.mark.parametrize(
    "facts",
    [
        {"columns": 200},
        {"age_years": 16},
        {"letters": 11},
        {"coloured": 0.02},
        {"panel": 0.1},
        {"part": "", "group": ""},
        {"view": ""},
        {"view": "AP"},
        {"age_years": None},
        {"content": {"frontal": 0.75}},
        {"content": {"inverted": 0.5}},
        {"content": {"turned": (0.5, 0.5, 0.0, 0.0)}},
        {"content": {"agreement": 0.75}},
        {"content": {"agreement": None}},
        {"content": {"child": 0.99}},
        {"content": {"thorax_mm": 150.0}},
        {"content": {"thorax_share": 0.35}},
    ],
)
def test_at_the_limit_and_where_nothing_is_known_a_film_passes(facts):
    assert said(**facts).accepted


def test_an_age_in_the_header_is_believed_before_the_picture():
    assert said(age_years=40, content={"child": 0.99, "thorax_mm": 120.0}).accepted
    assert not said(age_years=3, content={"child": 0.0, "thorax_mm": 300.0}).accepted


def test_a_doubt_about_sides_is_said_and_holds_nothing_back():
    gate = said(content={"mirrored": 0.91})
    assert (gate.accepted, gate.codes) == (True, ("mirrored_suspected",))
    assert gate.notes[0]


def test_a_film_that_the_header_and_the_picture_name_differently_is_not_judged():
    gate = said(part="ABDOMEN", group="abdomen", content={"frontal": 0.95})
    assert (gate.accepted, gate.codes) == (False, ("body_part_disagrees",))
    assert "ABDOMEN" in gate.notes[0]


def test_a_side_view_by_its_header_that_looks_frontal_is_held_back_and_the_doubt_said():
    assert said(view="LL").codes == ("lateral", "view_disagrees")


def test_another_part_by_its_header_needs_a_sure_picture_to_be_called_a_chest():
    unsure = said(part="HAND", group="limb", content={"frontal": 0.89})
    assert (unsure.accepted, unsure.codes) == (False, ("not_chest",))


def test_of_a_limb_no_turn_or_polarity_is_said():
    """A hand has no upright position that the net knows."""
    turned = {"frontal": 0.1, "turned": (0.0, 1.0, 0.0, 0.0), "inverted": 1.0}
    assert said(part="HAND", group="limb", content=turned).codes == ("not_chest",)


chances = st.floats(0, 1)


@given(chances, chances, chances, chances, chances)
@few
def test_a_film_is_accepted_exactly_when_nothing_but_doubts_was_said(a, b, c, d, e):
    gate = said(
        content={"inverted": a, "mirrored": b, "frontal": c, "child": d, "agreement": e},
        age_years=None,
    )
    assert gate.accepted == (set(gate.codes) <= {GateCode.MIRRORED.value})
    assert bool(gate.codes) == bool(gate.notes)
