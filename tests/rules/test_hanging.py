"""Films of known roles hang where the table says, and never a film twice or one of another kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import editions
from workbench.domain.hanging import BadHanging, Earlier, Film, Layout, parse_hanging
from workbench.rules.hanging import earlier_of, hang

TABLE = editions.hanging_table("hanging-2026.1")
PA, LAT = Film("pa", "PA", ""), Film("lat", "LL", "")
RIGHT, LEFT = Film("r", "AP", "R"), Film("l", "AP", "L")
PLAIN = [Film(c) for c in "abcde"]
VIEWS = st.sampled_from(["", "PA", "AP", "LL", "RL", "RAO", "swimmer"])
SIDES = st.sampled_from(["", "R", "L", "U", "B"])
FILMS = st.lists(
    st.tuples(VIEWS, SIDES), max_size=7
).map(lambda rows: [Film(f"f{n}", v, s) for n, (v, s) in enumerate(rows)])  # fmt: skip


@pytest.mark.parametrize(
    ("films", "earlier", "layout", "shown"),
    [
        ([], "none", "1x1", []),
        ([PLAIN[0]], "none", "1x1", ["a"]),
        ([PLAIN[0]], "there", "1x2", ["a", "before a"]),
        ([LAT, PA], "there", "1x2", ["pa", "lat"]),
        ([LAT, PA], "asked", "2x2", ["pa", "lat", "before pa", "before lat"]),
        ([LEFT, RIGHT], "none", "1x2", ["r", "l"]),
        ([LEFT, RIGHT], "asked", "2x2", ["r", "l", "before r", "before l"]),
        (PLAIN[:2], "none", "1x2", ["a", "b"]),
        (PLAIN[:3], "there", "2x2", ["a", "b", "c"]),
        (PLAIN[:4], "none", "2x2", ["a", "b", "c", "d"]),
        (PLAIN[:5], "none", "1x1", ["a"]),
        (PLAIN[:5], "asked", "1x2", ["a", "before a"]),
    ],
)
def test_each_line_of_the_table(films, earlier, layout, shown):
    found = hang(films, Earlier(earlier), TABLE)
    assert found.layout == layout
    assert [("before " if p.earlier else "") + p.film.id for p in found.places] == shown


@given(FILMS, st.sampled_from(Earlier))
def test_no_film_hangs_twice_and_none_of_before_without_being_there(films, earlier):
    found = hang(films, earlier, TABLE)
    hung = [(p.film.id, p.earlier) for p in found.places]
    assert len(hung) == len(set(hung)) <= found.layout.places
    assert {p.film for p in found.places} <= set(films)
    assert bool(hung) is bool(films)
    if earlier is Earlier.NONE:
        assert not any(p.earlier for p in found.places)
    if earlier is Earlier.ASKED and films:
        assert any(p.earlier for p in found.places)


@given(FILMS, VIEWS, SIDES)
def test_an_earlier_film_never_contradicts_the_one_it_lies_beside(before, view, side):
    found = earlier_of(Film("x", view, side), before, TABLE)
    if found is None:
        return
    assert {found.side, side} != {"R", "L"}
    frontal = TABLE.roles["frontal"]
    known = [v for v in (view, found.view) if any(v in words for words in TABLE.roles.values())]
    assert len(known) < 2 or (known[0] in frontal) is (known[1] in frontal)


def test_the_film_of_before_is_that_of_the_same_view_not_the_first():
    assert earlier_of(LAT, [PA, LAT], TABLE) == LAT
    assert earlier_of(LEFT, [RIGHT], TABLE) is None
    assert earlier_of(Film("x"), [RIGHT, PA], TABLE) == RIGHT


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"show": ["first", "second"], "layout": "1x1"}, "2 films do not fit 1x1"),
        ({"films": ["upside"], "show": ["upside"]}, "unknown role upside"),
        ({"films": ["first"], "show": ["frontal"]}, "shows frontal without asking"),
    ],
)
def test_a_table_that_cannot_be_followed_is_refused(change, says):
    rule = {"name": "one", "films": ["first"], "show": ["first"], "layout": "1x1", "earlier": []}
    table = {"name": "t", "roles": {"frontal": ["PA"]}, "rule": [{**rule, **change}]}
    with pytest.raises(BadHanging, match=says):
        parse_hanging(table)
    with pytest.raises(ValueError, match="3x3"):
        parse_hanging({**table, "rule": [{**rule, "layout": "3x3"}]})
    assert parse_hanging({**table, "rule": [rule]}).rules[0].layout is Layout.ONE
