"""The documentation names every command, option, setting and extension point, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tests.house.sources import PACKAGE, ROOT, project
from workbench.cli.main import application
from workbench.settings import Settings

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
WALKS = ("add-an-ecg-rule", "add-a-dicom-tag", "add-a-dashboard", "add-a-report-form")
GIVEN_BY_THE_LIBRARY = {"--help"}
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
OPTION = re.compile(r"`(--[a-z][a-z-]*)")
VARIABLE = re.compile(r"\bWORKBENCH_[A-Z_]+\b")
PATH = re.compile(
    r"`((?:workbench|tests|docs|frontend|dashboards|notebooks|tools|data_samples)/[\w./-]*)`"
)
# Variables of the environment that are no setting of the product.
NOT_SETTINGS = {"WORKBENCH_SHARED_DATA"}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command with its options, as a person types them."""

    def walk(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
        subcommands = getattr(command, "commands", None)
        if subcommands:
            for name, child in subcommands.items():
                yield from walk(child, (*path, name))
            return
        options = [
            name
            for parameter in command.params
            if parameter.param_type_name == "option"
            for name in (*parameter.opts, *parameter.secondary_opts)
            if name.startswith("--") and name not in GIVEN_BY_THE_LIBRARY
        ]
        yield " ".join(path), options

    return walk(typer.main.get_command(application()), ("workbench",))


COMMANDS = dict(commands())


def sections(text: str) -> dict[str, str]:
    """Text under each heading that names a command."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("#"):
            match = re.fullmatch(r"#+ `(workbench [a-z -]+)`", line.strip())
            name = match[1] if match else ""
        if name:
            found[name] = found.get(name, "") + line + "\n"
    return found


SECTIONS = sections((DOCS / "commands.md").read_text("utf-8"))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_all_its_options_are_documented(name: str):
    said = SECTIONS.get(name, "")
    assert said, f"docs/commands.md has no heading `{name}`"
    missing = [o for o in COMMANDS[name] if o not in OPTION.findall(said)]
    assert not missing, f"docs/commands.md, `{name}`: {', '.join(missing)}"


def test_no_command_or_option_is_documented_that_does_not_exist():
    assert set(SECTIONS) == set(COMMANDS)
    for name, said in SECTIONS.items():
        ghosts = set(OPTION.findall(said)) - set(COMMANDS[name]) - GIVEN_BY_THE_LIBRARY
        assert not ghosts, f"{name}: {ghosts}"


def test_every_command_says_what_it_does():
    def walk(command: object, path: str) -> None:
        assert command.help, f"{path} has no help"
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert parameter.help, f"{path} {parameter.opts[0]} has no help"
        for name, child in getattr(command, "commands", {}).items():
            walk(child, f"{path} {name}")

    walk(typer.main.get_command(application()), "workbench")


def setting_rows() -> dict[str, str]:
    """Rows of the table of settings by variable name."""
    text = (DOCS / "settings.md").read_text("utf-8")
    return {m[1]: m[0] for m in re.finditer(r"^\| `(WORKBENCH_[A-Z_]+)` \|.*$", text, re.MULTILINE)}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented_with_its_default(name: str):
    field = Settings.model_fields[name]
    row = setting_rows().get(f"WORKBENCH_{name.upper()}", "")
    assert row, f"docs/settings.md has no row WORKBENCH_{name.upper()}"
    if field.default_factory is None and field.default not in (None, ""):
        assert f"`{field.default}`" in row, f"{name}: the default is {field.default}"
    assert field.description, f"{name} has no description"


def test_no_setting_is_documented_that_does_not_exist():
    known = {f"WORKBENCH_{name.upper()}" for name in Settings.model_fields}
    assert set(setting_rows()) == known
    for path in PAGES:
        ghosts = set(VARIABLE.findall(path.read_text("utf-8"))) - known - NOT_SETTINGS
        assert not ghosts, f"{path.name}: {ghosts}"


def entry_points() -> dict[str, dict[str, str]]:
    return project()["project"]["entry-points"]


def test_every_extension_point_is_documented_with_its_first_users():
    text = (DOCS / "extension-points.md").read_text("utf-8")
    for group, members in entry_points().items():
        assert f"`{group}`" in text, f"docs/extension-points.md lacks {group}"
        assert members, f"{group} has no user: no extension point without one"
        for name, target in members.items():
            assert f"`{name}`" in text, f"{group}: {name}"
            module, _, attribute = target.partition(":")
            file = ROOT / f"{module.replace('.', '/')}.py"
            assert f"class {attribute}" in file.read_text("utf-8"), target


def test_every_group_the_package_asks_for_is_an_extension_point_of_the_project():
    asked = {
        match[1]
        for path in PACKAGE.rglob("*.py")
        for match in re.finditer(r'"(workbench\.[a-z_]+)"', path.read_text("utf-8"))
        if "entry_points" in path.read_text("utf-8")
    }
    assert asked == set(entry_points())


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_of_the_documentation_lead_somewhere(path: Path):
    broken = [
        link for link in LINK.findall(path.read_text("utf-8")) if not (path.parent / link).exists()
    ]
    assert not broken


@pytest.mark.parametrize("name", WALKS)
def test_a_walk_names_files_that_exist(name: str):
    text = (DOCS / "walks" / f"{name}.md").read_text("utf-8")
    named = PATH.findall(text)
    missing = [one for one in named if not (ROOT / one.rstrip("/")).exists()]
    assert named
    assert not missing, f"docs/walks/{name}.md: {missing}"


def test_contributing_leads_to_every_walk_and_decision_list():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert all(f"docs/walks/{name}.md" in text for name in WALKS)
    assert "docs/decisions/README.md" in text


def test_every_decision_is_in_the_list():
    listed = (DOCS / "decisions" / "README.md").read_text("utf-8")
    files = sorted(p.name for p in (DOCS / "decisions").glob("[0-9]*.md"))
    assert files
    assert [name for name in files if f"({name})" not in listed] == []
    numbers = [name[:4] for name in files]
    assert len(set(numbers)) == len(numbers), "two decisions share a number"


def test_the_changelog_has_a_clinical_heading_for_what_is_not_released():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    unreleased = re.search(r"^## \[?Unreleased\]?$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert unreleased, "CHANGELOG.md has no heading Unreleased"
    clinical = re.search(
        r"^### Clinical$(.*?)(?=^### |\Z)", unreleased[1], re.MULTILINE | re.DOTALL
    )
    assert clinical, "CHANGELOG.md, Unreleased: no heading Clinical"
    assert clinical[1].strip(), "say what changed in rules, thresholds and defaults"
    for path in sorted((PACKAGE / "rulebooks").glob("*.toml")):
        assert path.stem in text, f"the changelog does not mention the edition {path.stem}"


def test_the_plan_exists():
    assert (DOCS / "plan.md").read_text("utf-8").startswith("#")


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert all(f"\n   {n}. " in text for n in range(1, 10))
    assert "END OF TERMS AND CONDITIONS" in text
    assert project()["project"]["license"] == "Apache-2.0"


def test_these_checks_can_fail():
    assert sections("## `workbench serve`\nsee `--port`\n## Else\n`--x`") == {
        "workbench serve": "## `workbench serve`\nsee `--port`\n"
    }
    assert LINK.findall("[a](b.md#c) [d](https://e.org) [f](#g)") == ["b.md"]
    assert "--home" in COMMANDS["workbench serve"]
    assert "--no-demo" in COMMANDS["workbench serve"]
    assert PATH.findall("`workbench/rules/` and `tests/x.py`") == ["workbench/rules/", "tests/x.py"]
