"""What the pixels of a film reveal has a name a doctor can read, and none is forgotten."""

import ast
from pathlib import Path

import pytest

import workbench.formats
from workbench.formats.film_flags import FILM_FLAGS
from workbench.language import CONTEXT_MARK, catalogue

MODULES = ("pixels", "colour", "grey", "voi", "modality", "shutter", "label")
FOLDER = Path(workbench.formats.__file__).parent


def flags_in(path):
    """First elements of pairs of flag and note, wherever they are written down."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            first = node.elts[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_flag_of_the_film_modules_is_in_the_list():
    written = {
        flag
        for name in MODULES
        if (FOLDER / f"{name}.py").exists()
        for flag in flags_in(FOLDER / f"{name}.py")
        if flag and flag == flag.lower() and "_" in flag
    }
    assert written == FILM_FLAGS


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("flag", sorted(FILM_FLAGS))
def test_every_flag_of_a_film_has_a_name(flag, language):
    assert catalogue(language)[f"Flag{CONTEXT_MARK}{flag}"] != flag
