"""The package as text and syntax trees: what the house tests look at."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workbench"
MIGRATION_SCRIPT = "workbench.store.migrations.env"  # Alembic runs it; nobody imports it


def modules() -> list[Path]:
    """Every Python file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def packages() -> list[str]:
    """Names of what stands directly under the package: folders with an `__init__`, and modules."""
    folders = [p.parent.name for p in PACKAGE.glob("*/__init__.py")]
    files = [p.stem for p in PACKAGE.glob("*.py") if p.stem != "__init__"]
    return sorted(folders + files)


def where(path: Path) -> str:
    """Path as a person writes it."""
    return path.relative_to(ROOT).as_posix()


def dotted(path: Path) -> str:
    """Name under which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


@cache
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def classes(node: ast.AST) -> Iterator[ast.ClassDef]:
    """Every class, nested ones too."""
    return (n for n in ast.walk(node) if isinstance(n, ast.ClassDef))


def strings(node: ast.AST) -> Iterator[ast.Constant]:
    """Every string literal that is not a docstring."""
    docs = {
        id(n.body[0].value)
        for n in ast.walk(node)
        if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and n.body
        and isinstance(n.body[0], ast.Expr)
    }
    for found in ast.walk(node):
        text = isinstance(found, ast.Constant) and isinstance(found.value, str)
        if text and id(found) not in docs:
            yield found
