"""Two patients open at once share nothing: no class carries a mutable value for all its objects."""

import ast

from tests.house.sources import classes, modules, tree, where

MAKES_MUTABLE = {
    "list",
    "dict",
    "set",
    "bytearray",
    "deque",
    "defaultdict",
    "Counter",
    "OrderedDict",
}
DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
# Tables of a framework that it reads from the class and nobody writes to.
READ_ONLY = {"model_config", "__slots__", "__match_args__"}


def shared(node: ast.AST) -> list[str]:
    """Class attributes that all objects of the class would write to."""
    found = []
    for one in classes(node):
        for row in one.body:
            if not isinstance(row, ast.Assign | ast.AnnAssign) or row.value is None:
                continue
            target = row.targets[0] if isinstance(row, ast.Assign) else row.target
            name = getattr(target, "id", "")
            value = row.value
            made = isinstance(value, ast.Call) and getattr(value.func, "id", "") in MAKES_MUTABLE
            if name not in READ_ONLY and (made or isinstance(value, DISPLAYS)):
                found.append(f"{one.name}.{name} (line {row.lineno})")
    return found


def test_no_class_shares_a_mutable_value():
    faults = [f"{where(p)}: {fault}" for p in modules() for fault in shared(tree(p))]
    assert not faults, (
        "make it in __init__, or a tuple, frozenset or MappingProxyType:\n" + "\n".join(faults)
    )


def test_a_shared_value_is_seen_even_when_annotated_as_one():
    text = "class Viewer:\n    chunks: ClassVar[dict[int, bytes]] = {}\n    seen = deque()\n"
    assert shared(ast.parse(text)) == ["Viewer.chunks (line 2)", "Viewer.seen (line 3)"]
    assert not shared(
        ast.parse("class Viewer:\n    leads = ('I',)\n    x = t.Dict().tag(sync=True)")
    )
