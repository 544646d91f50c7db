"""A threshold says what it is, whence it comes and how sure that is; rules hold no number."""

import ast
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, modules, strings, tree, where
from workbench import editions

BOOKS = sorted((PACKAGE / "rulebooks").glob("*.toml"))
EDITION = re.compile(r"[a-z]+(-[a-z]+)*-20\d\d\.\d+")
THRESHOLD_ID = re.compile(r"[a-z]+(\.[a-z][a-z0-9_]*)+")
CODE = re.compile(r"\b(?:DR|EC)\d{3}\b")
# Numbers of notation, not of medicine: counting, indices, halves of a rounding, powers of ten, and
# the 60 and 1000 that turn seconds into minutes and milliseconds.
NOTATION = {0, 1, 2, -1, 10, 60, 100, 1000}
# (module, number): why it is no threshold.
EXPLAINED = {("ecg_rate.py", 0.5): "rounding half up to whole beats, as the number is printed"}


def faults_of(text: str, stem: str) -> list[str]:
    """What one rule book lacks."""
    data = tomllib.loads(text)
    found = [] if data.get("name") == stem else [f"calls itself {data.get('name')}"]
    if not EDITION.fullmatch(stem):
        found.append(f"{stem} is no edition name such as ecg-adult-2026.1")
    seen = set()
    for row in data.get("threshold", []):
        key = row.get("id", "(no id)")
        if not THRESHOLD_ID.fullmatch(key):
            found.append(f"{key} is no id such as rate.very_slow")
        if key in seen:
            found.append(f"{key} stands twice")
        seen.add(key)
        if type(row.get("value")) not in (int, float):
            found.append(f"{key}: value is no number")
        blank = [name for name in ("unit", "source") if not str(row.get(name, "")).strip()]
        found += [f"{key}: no {name}" for name in blank]
        if row.get("certainty") not in editions.certainty_letters():
            found.append(f"{key}: certainty {row.get('certainty')} is not in the glossary")
        try:
            date.fromisoformat(str(row.get("since")))
        except ValueError:
            found.append(f"{key}: since {row.get('since')} is no date")
    return found


def numbers_in(node: ast.AST) -> list[tuple[float, int]]:
    """Number literals that could be a threshold, with their lines; digits of round() are none."""
    digits = {
        id(call.args[1])
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "round"
        and len(call.args) == 2
    }
    return [
        (one.value, one.lineno)
        for one in ast.walk(node)
        if isinstance(one, ast.Constant)
        and type(one.value) in (int, float)
        and id(one) not in digits
        and one.value not in NOTATION
    ]


def shipped_ids() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in editions.rule_book_names():
        for key in editions.rule_book(name):
            found.setdefault(key, []).append(name)
    return found


def asked_for(node: ast.AST) -> set[str]:
    """Threshold ids that code takes from a book: ``book["rate.slow"]``."""
    return {
        one.slice.value
        for one in ast.walk(node)
        if isinstance(one, ast.Subscript)
        and isinstance(one.slice, ast.Constant)
        and isinstance(one.slice.value, str)
        and "book" in ast.unparse(one.value)
    }


def written_in(node: ast.AST) -> tuple[set[str], set[str]]:
    """Strings of the code, and beginnings of strings that are put together."""
    beginnings = {
        one.values[0].value
        for one in ast.walk(node)
        if isinstance(one, ast.JoinedStr)
        and isinstance(one.values[0], ast.Constant)
        and str(one.values[0].value).endswith(".")
    }
    return {s.value for s in strings(node)}, beginnings


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem)
def test_a_rule_book_says_everything_about_its_thresholds(path: Path):
    assert faults_of(path.read_text("utf-8"), path.stem) == []


def test_rule_books_are_shipped():
    assert tuple(p.stem for p in BOOKS) == editions.rule_book_names()


def test_code_asks_only_for_thresholds_that_are_shipped():
    shipped = shipped_ids()
    faults = [f"{where(p)}: {key}" for p in modules() for key in asked_for(tree(p)) - set(shipped)]
    assert not faults, "\n".join(faults)


def test_every_threshold_that_is_shipped_is_applied_somewhere():
    words: set[str] = set()
    beginnings: set[str] = set()
    for path in modules():
        said, begun = written_in(tree(path))
        words |= said
        beginnings |= begun
    idle = {
        key: books
        for key, books in shipped_ids().items()
        if key not in words and not key.startswith(tuple(beginnings) or ("\0",))
    }
    assert not idle, f"a limit nobody applies misleads whoever reads the book: {idle}"


def test_rules_hold_no_number_that_could_be_a_threshold():
    faults = [
        f"{where(path)}:{line}  {value}"
        for path in sorted((PACKAGE / "rules").glob("*.py"))
        for value, line in numbers_in(tree(path))
        if (path.name, value) not in EXPLAINED
    ]
    assert not faults, "thresholds are data; put these into a rule book:\n" + "\n".join(faults)


def test_every_code_in_the_package_stands_in_the_vocabulary():
    terms = editions.finding_terms()
    faults = [
        f"{where(path)}:{one.lineno}  {code}"
        for path in modules()
        for one in strings(tree(path))
        for code in CODE.findall(one.value)
        if code not in terms
    ]
    assert not faults, "\n".join(faults)


def test_every_code_of_a_report_text_stands_in_the_vocabulary():
    terms = editions.finding_terms()
    for template in editions.report_templates().values():
        assert set(template.codes) <= set(terms), template.id
        # a text for which the vocabulary has no code carries none: a near one would assert too much
        assert {terms[c].modality for c in template.codes} <= {template.kind}, template.id


GOOD = """
name = "dr-2026.1"
[[threshold]]
id = "clip.white"
value = 0.05
unit = "1"
source = "measured"
certainty = "M"
since = 2026-11-22
"""


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ('unit = "1"', 'unit = " "', "clip.white: no unit"),
        ('source = "measured"', "", "clip.white: no source"),
        ('certainty = "M"', 'certainty = "Q"', "clip.white: certainty Q is not in the glossary"),
        ("since = 2026-11-22", 'since = "soon"', "clip.white: since soon is no date"),
        ("value = 0.05", 'value = "0.05"', "clip.white: value is no number"),
        ('name = "dr-2026.1"', 'name = "dr-2026.2"', "calls itself dr-2026.2"),
        ('id = "clip.white"', 'id = "White"', "White is no id such as rate.very_slow"),
    ],
)
def test_a_threshold_that_hides_something_is_seen(line: str, instead: str, fault: str):
    assert faults_of(GOOD, "dr-2026.1") == []
    assert faults_of(GOOD.replace(line, instead), "dr-2026.1") == [fault]


def test_a_number_in_a_rule_is_seen():
    assert numbers_in(ast.parse("if rate > 150:\n    x = round(rate, 3)")) == [(150, 1)]
    assert numbers_in(ast.parse("def f(limit=0.47): ...")) == [(0.47, 1)]
    assert numbers_in(ast.parse("minutes = seconds / 60")) == []
    assert asked_for(ast.parse('x = book["rate.slow"].value; y = row["name"]')) == {"rate.slow"}
    assert written_in(ast.parse('k = f"password.{end}"'))[1] == {"password."}
