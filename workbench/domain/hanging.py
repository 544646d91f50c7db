"""How films are hung beside each other: what is known of a film, a rule, the outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbench.domain.errors import WorkbenchError

IN_ORDER = ("first", "second", "third", "fourth")
EARLIER = "earlier "


class BadHanging(WorkbenchError):
    """A table of hanging rules that cannot be followed."""


class Layout(StrEnum):
    """Columns and rows of films on one screen."""

    ONE = "1x1"
    TWO = "1x2"
    FOUR = "2x2"

    @property
    def places(self) -> int:
        """How many films it holds."""
        down, across = self.value.split("x")
        return int(down) * int(across)


class Earlier(StrEnum):
    """Whether an exam of before is to be compared with."""

    NONE = "none"  # there is none, or the reader wants none
    THERE = "there"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Film:
    """What its file says of a film; empty where it says nothing."""

    id: str
    view: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One place on the screen: a film of the exam, or the earlier one that shows the same."""

    film: Film
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Hanging:
    """A layout and what lies in its places, in reading order."""

    layout: Layout
    places: tuple[Place, ...]
    rule: str = ""


@dataclass(frozen=True, slots=True)
class HangingRule:
    """One line of the table."""

    name: str
    layout: Layout
    films: tuple[str, ...]
    show: tuple[str, ...]
    earlier: frozenset[Earlier]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class HangingTable:
    """Rules in their order, and which words of a file stand for a role."""

    name: str
    roles: Mapping[str, frozenset[str]]
    rules: tuple[HangingRule, ...]


def parse_hanging(data: Mapping[str, Any]) -> HangingTable:
    """Read a table; a rule that shows what it did not ask for, or more than fits, is refused."""
    roles = {name: frozenset(words) for name, words in data["roles"].items()}
    found, faults = [], []
    for row in data["rule"]:
        rule = HangingRule(
            name=row["name"],
            layout=Layout(row["layout"]),
            films=tuple(row["films"]),
            show=tuple(row["show"]),
            earlier=frozenset(Earlier(one) for one in row["earlier"]),
            least=row.get("least", len(row["films"])),
            most=row.get("most", 999),
        )
        known = {*roles, *IN_ORDER}
        shown = {one.removeprefix(EARLIER) for one in rule.show}
        if len(rule.show) > rule.layout.places:
            faults.append(f"{rule.name}: {len(rule.show)} films do not fit {rule.layout}")
        if strange := sorted((set(rule.films) | shown) - known):
            faults.append(f"{rule.name}: unknown role {', '.join(strange)}")
        if unasked := sorted(shown - set(rule.films) - set(IN_ORDER)):
            faults.append(f"{rule.name}: shows {', '.join(unasked)} without asking for it")
        found.append(rule)
    if faults:
        raise BadHanging(f"{data['name']}: " + "; ".join(faults))
    return HangingTable(name=data["name"], roles=roles, rules=tuple(found))
