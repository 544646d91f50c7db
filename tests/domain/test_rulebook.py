"""A rule book is read whole or refused with all its faults at once."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.rulebook import BadRuleBook, parse_book

HEAD = 'name = "ecg-test-2026.1"\n'
ROW = """
[[threshold]]
id = "rate.slow"
value = 60
unit = "bpm"
source = "made up for this test"
certainty = "D"
since = 2026-11-22
"""
FIELDS = ("id", "value", "unit", "source", "certainty", "since")


def without(field):
    return "\n".join(line for line in ROW.splitlines() if not line.startswith(f"{field} ="))


def test_a_threshold_carries_all_that_was_written():
    limit = parse_book(HEAD + ROW)["rate.slow"]
    assert (limit.value, limit.unit, limit.certainty) == (60.0, "bpm", "D")
    assert (limit.source, limit.since) == ("made up for this test", "2026-11-22")


@pytest.mark.parametrize("field", FIELDS)
def test_a_threshold_without_unit_source_certainty_or_date_is_refused(field):
    with pytest.raises(BadRuleBook, match=f"lacks {field}$"):
        parse_book(HEAD + without(field))


def test_all_faults_are_told_at_once():
    text = HEAD + without("unit") + without("source").replace("rate.slow", "rate.fast")
    with pytest.raises(BadRuleBook) as caught:
        parse_book(text)
    assert "rate.slow lacks unit" in str(caught.value)
    assert "rate.fast lacks source" in str(caught.value)


def test_the_same_threshold_twice_is_refused():
    with pytest.raises(BadRuleBook, match=r"rate\.slow stands twice"):
        parse_book(HEAD + ROW + ROW)


def test_a_book_without_a_name_is_refused():
    with pytest.raises(BadRuleBook, match=r"without a name: no name"):
        parse_book(ROW)


def test_what_is_no_toml_is_no_rule_book():
    with pytest.raises(tomllib.TOMLDecodeError):
        parse_book("name = ")


def test_an_unknown_threshold_names_the_book_and_what_it_holds():
    with pytest.raises(
        BadRuleBook, match=r"ecg-test-2026.1 holds no rate.fast; it holds rate.slow"
    ):
        parse_book(HEAD + ROW)["rate.fast"]


def test_a_book_is_a_mapping_of_its_thresholds():
    book = parse_book(HEAD + ROW)
    assert (list(book), len(book)) == (["rate.slow"], 1)
    with pytest.raises(AttributeError):
        book.name = "other"


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}\.[a-z]{1,8}", fullmatch=True), st.floats(-1e6, 1e6))
)
def test_every_number_written_is_the_number_read(values):
    rows = "".join(
        ROW.replace("rate.slow", key).replace("value = 60", f"value = {value!r}")
        for key, value in values.items()
    )
    book = parse_book(HEAD + rows)
    assert {key: limit.value for key, limit in book.items()} == values
