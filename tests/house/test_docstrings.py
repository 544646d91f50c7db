"""Arithmetic and rules are documented: parameters, shapes, returns, what is raised."""

import ast
import importlib
import re

import pytest
from numpydoc import validate

from tests.house.sources import PACKAGE, dotted, project, tree

FLOORS = ("ecg", "radiograph", "phantoms", "statistics", "rules")
FILES = [p for f in FLOORS for p in sorted((PACKAGE / f).rglob("*.py")) if p.stem != "__init__"]
CHECKS = set(project()["tool"]["numpydoc_validation"]["checks"])
ARRAY = re.compile(r"^\s*[\w, *]+ : (?P<type>.*(?:ndarray|NDArray|array of).*)$", re.MULTILINE)


def public(node: ast.Module) -> dict[str, set[str]]:
    """What others may call, each with its checks: of a class only that it says what it is."""
    found = {}
    for one in node.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            found[one.name] = CHECKS
        elif isinstance(one, ast.ClassDef):
            found[one.name] = {"GL08", "SS01", "SS03"}
    return {name: checks for name, checks in found.items() if not name.startswith("_")}


def shapeless(doc: str) -> list[str]:
    """Array lines that do not say their shape."""
    return [m["type"] for m in ARRAY.finditer(doc) if "shape" not in m["type"]]


def raised(node: ast.FunctionDef) -> set[str]:
    """Errors a function raises by itself, by name."""
    names = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call):
            names.add(getattr(one.exc.func, "id", getattr(one.exc.func, "attr", "")))
    return names


def undocumented_errors(node: ast.Module) -> list[str]:
    """Public functions whose docstring leaves out an error they raise."""
    found = []
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            doc = ast.get_docstring(one) or ""
            _, _, said = doc.partition("Raises\n")
            found += [f"{one.name} raises {name}" for name in raised(one) if name not in said]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_what_others_may_call_is_documented(path):
    name = dotted(path)
    module = importlib.import_module(name)
    faults = []
    for one, checks in public(tree(path)).items():
        errors = validate.validate(f"{name}.{one}")["errors"]
        faults += [f"{one}: {code} {text}" for code, text in errors if code in checks]
        faults += [
            f"{one}: no shape in `{s}`" for s in shapeless(getattr(module, one).__doc__ or "")
        ]
    faults += undocumented_errors(tree(path))
    assert not faults, "\n".join(faults)


def test_floors_one_and_two_are_looked_at():
    assert {p.parent.name for p in FILES} >= {"ecg", "radiograph", "phantoms", "rules"}
    assert {"GL08", "PR01", "RT01"} <= CHECKS


def test_a_gap_in_a_docstring_is_seen():
    assert shapeless("x : ndarray of float64\n    Words.") == ["ndarray of float64"]
    assert not shapeless("x : ndarray of float64, shape (n,)\n    Words.")
    silent = "def f(x):\n    '''Do.'''\n    raise ValueError('x')"
    assert undocumented_errors(ast.parse(silent)) == ["f raises ValueError"]
    told = silent.replace("Do.", "Do.\n\n    Raises\n    ------\n    ValueError\n    ")
    assert not undocumented_errors(ast.parse(told))
