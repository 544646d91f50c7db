"""Notes of the file readers are read by doctors: each is translated, also with gaps filled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import workbench.formats
from workbench.formats.tags import FILM_TAGS, HEADER_TAGS
from workbench.language import translator

FORMATS = Path(workbench.formats.__file__).parent
LISTS = {"notes", "remarks"}  # names under which readers collect what they say
ELSEWHERE = {"report_glyphs.py"}  # warnings of the printer, not shown in a viewer
ZH = translator("zh_CN")
HAN = re.compile(r"[\u3400-\u9fff]")
# Gaps that hold words and not numbers: a fitting word for each.
WORDS = {
    "note": "3 samples carry the padding value 0",
    "kind": "window 40/400",
    "which": "VOI LUT",
    "lies": "values 1 to 9",
    "seen": "sensitivity None, unit none",
    "photometric or 'no photometric interpretation'": "MONOCHROME1",
    "row.when_missing": "flag; shown as not given",
}


def said(node: ast.expr) -> Iterator[str]:
    """Sentences an expression can hold, each gap filled as a reader would."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            WORDS.get(ast.unparse(part.value), "7")
            if isinstance(part, ast.FormattedValue)
            else part.value
            for part in node.values
        )
    elif isinstance(node, ast.Tuple | ast.List):
        for one in node.elts:
            yield from said(one)
    elif isinstance(node, ast.ListComp):
        yield from said(node.elt)


def notes_in(tree: ast.AST) -> Iterator[str]:
    """Everything that goes into a list of notes, or becomes a note first."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "append" and getattr(node.func.value, "id", "") in LISTS:
                yield from said(node.args[0])
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if getattr(target, "id", "") in {*LISTS, "note"}:
                yield from said(node.value)
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            for part in node.value.elts:
                if isinstance(part, ast.List):
                    yield from said(part)


def every_note() -> list[str]:
    return [
        note
        for path in sorted(FORMATS.rglob("*.py"))
        if path.name not in ELSEWHERE
        for note in notes_in(ast.parse(path.read_text("utf-8")))
    ]


def untranslated(note: str) -> bool:
    return not HAN.search(ZH(note))


def test_the_notes_of_the_readers_are_found():
    notes = every_note()
    assert len(notes) >= 35
    assert "padding value 7 is also a possible sample; only stretches are gaps" in notes


@pytest.mark.parametrize("note", sorted(set(every_note())))
def test_every_note_of_a_reader_has_a_translation(note):
    # the half of a sentence that is only ever part of another is translated inside it
    inside = note == "MONOCHROME1 with Presentation LUT 7"
    whole = f"{note} contradict each other; inverted once" if inside else note
    assert not untranslated(whole), "add it to the catalogue zh_CN, with a {name} for each gap"


@pytest.mark.parametrize("row", [r for r in (*HEADER_TAGS, *FILM_TAGS) if r.needed])
def test_what_a_missing_value_means_is_said_in_chinese(row):
    text = ZH(f"{row.keyword} is missing: {row.when_missing}")
    assert row.keyword in text
    assert row.when_missing not in text


def test_a_note_inside_a_note_is_translated_too():
    text = ZH("padding value 0 is also a possible sample; only stretches are gaps: shown as gaps")
    assert not re.search("[a-z]{3}", text)


def test_a_note_nobody_translated_is_seen():
    tree = ast.parse("def f(notes):\n    notes.append(f'the cable was {length} m long')\n")
    assert [untranslated(n) for n in notes_in(tree)] == [True]
