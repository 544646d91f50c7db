"""Nothing grows into a god module or a god class, and `__init__` files hold nothing."""

import ast
from pathlib import Path

import pytest

from tests.house.sources import PACKAGE, classes, modules, tree, where

LONGEST_MODULE = 300  # lines
MOST_METHODS = 10  # public ones, of one class
NAMELESS = {"utils", "util", "helpers", "helper", "common", "manager", "core", "misc", "base"}
EXPORTS = {"panels/__init__.py": {"open_panel"}}


def too_long(text: str) -> bool:
    return len(text.splitlines()) > LONGEST_MODULE


def too_busy(node: ast.AST) -> list[str]:
    """Classes with more public methods than a person keeps in mind."""
    found = []
    for one in classes(node):
        verbs = [
            n.name
            for n in one.body
            if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
            and not n.name.startswith("_")
            and not any(getattr(d, "id", "") == "property" for d in n.decorator_list)
        ]
        if len(verbs) > MOST_METHODS:
            found.append(f"{one.name} has {len(verbs)} public methods: {', '.join(verbs)}")
    return found


def exported(node: ast.Module) -> set[str] | None:
    """Names an `__init__` exports; None when it does anything else than import and export."""
    body = node.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    names: set[str] = set()
    for one in body:
        if isinstance(one, ast.ImportFrom):
            names |= {a.asname or a.name for a in one.names}
        elif not (isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "__all__"):
            return None
    return names


@pytest.mark.parametrize("path", modules(), ids=where)
def test_no_module_is_longer_than_300_lines(path: Path):
    assert not too_long(path.read_text("utf-8")), f"{where(path)}: split it by matter"


def test_no_class_has_more_than_ten_public_methods():
    faults = [f"{where(p)}: {fault}" for p in modules() for fault in too_busy(tree(p))]
    assert not faults, "verbs are functions:\n" + "\n".join(faults)


def test_only_the_panels_export_something_from_their_package():
    for path in PACKAGE.rglob("__init__.py"):
        name = path.relative_to(PACKAGE).as_posix()
        assert exported(tree(path)) == EXPORTS.get(name, set()), f"{name} must be empty"


def test_every_module_is_named_after_its_matter():
    nameless = [where(p) for p in modules() if p.stem in NAMELESS or p.parent.stem in NAMELESS]
    assert not nameless, f"name these after what they do: {nameless}"


def test_these_checks_can_fail():
    assert too_long("pass\n" * 301)
    assert not too_long("pass\n" * 300)
    methods = "\n".join(f"    def m{n}(self): ..." for n in range(11))
    assert too_busy(ast.parse(f"class Manager:\n{methods}"))
    assert not too_busy(ast.parse(f"class Manager:\n{methods.replace('m10', '_m10')}"))
    assert exported(ast.parse("from a import b")) == {"b"}
    assert exported(ast.parse('"""Words."""')) == set()
    assert exported(ast.parse("engine = connect()")) is None
