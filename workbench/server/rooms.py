"""The rooms of the house: which page is for whom. The acts behind a page check again."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbench.domain.actor import Role


@dataclass(frozen=True, slots=True)
class Room:
    """One page: its notebook is `<name>.ipynb`."""

    name: str
    title: str  # English source string
    purpose: str
    roles: frozenset[Role]

    @property
    def notebook(self) -> str:
        """The dashboard that opens this room."""
        return f"{self.name}.ipynb"


_ALL = (
    Room(
        "reading",
        "Reading",
        "Worklist, films and traces, reports, critical values.",
        frozenset({Role.READER, Role.REVIEWER, Role.HEAD, Role.QA, Role.EXPERT}),
    ),
    Room(
        "patients",
        "Patients",
        "Who is who, exams under the wrong patient, UIDs that came twice.",
        frozenset({Role.READER, Role.REVIEWER, Role.HEAD}),
    ),
    Room(
        "clinic",
        "Clinic",
        "Orders, upload, reports of the own institution, calls to acknowledge.",
        frozenset({Role.CLINICIAN, Role.TECHNICIAN, Role.RECEIVER, Role.DUTY}),
    ),
    Room(
        "quality",
        "Quality",
        "Volumes and times by institution and kind of exam.",
        frozenset({Role.QA, Role.HEAD, Role.DUTY}),
    ),
    Room(
        "people",
        "People and sites",
        "Accounts, licences, institutions, agreements.",
        frozenset({Role.ADMIN}),
    ),
)
ROOMS: Mapping[str, Room] = MappingProxyType({room.name: room for room in _ALL})
_FIRST = {Role.QA: "quality"}


def rooms_of(role: Role) -> list[Room]:
    """The rooms a role may enter, the first one first."""
    found = [room for room in _ALL if role in room.roles]
    return sorted(found, key=lambda room: room.name != _FIRST.get(role, room.name))
