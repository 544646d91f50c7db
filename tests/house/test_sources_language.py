"""Words for people live in catalogues and data files; the source is English throughout."""

import re

from tests.house.sources import PACKAGE, modules, where

HAN = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
# File and words: shown before any language can be chosen, or a name. Nothing else in these files.
ALLOWED = {
    "cli/main.py": {"县域阅片工作台"},  # name of the program, in `workbench --help`
    "cli/serve.py": {"县域阅片工作台"},  # the line that says where the pages are
    "cli/demo.py": {
        "演示账户（口令只显示这一次）",
        "演示-",
    },  # shown once on a terminal; made-up document number
}


def chinese_in(text: str, allowed: set[str]) -> list[str]:
    """Lines with Chinese characters beyond those allowed."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        rest = line
        for words in allowed:
            rest = rest.replace(words, "")
        if HAN.search(rest):
            found.append(f"{number}: {line.strip()}")
    return found


def test_no_chinese_stands_in_python_sources():
    faults = [
        f"{where(p)}:{line}"
        for p in modules()
        for line in chinese_in(
            p.read_text("utf-8"), ALLOWED.get(p.relative_to(PACKAGE).as_posix(), set())
        )
    ]
    assert not faults, "move the words to a catalogue, a template or the vocabulary:\n" + "\n".join(
        faults
    )


def test_no_exception_outlives_its_words():
    for name, words in ALLOWED.items():
        text = (PACKAGE / name).read_text("utf-8")
        assert all(word in text for word in words), f"{name} no longer needs its exception"


def test_a_chinese_literal_is_seen():
    text = 'x = "危急值"\n# 注释\nname = "县域阅片工作台"\n'
    assert len(chinese_in(text, {"县域阅片工作台"})) == 2
    assert chinese_in('note = "full，width"', set())
    assert not chinese_in("x = 'µV – “quoted” …'", set())
