"""The same UID with other bytes: what came later, and what a person may decide about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from workbench.domain.kinds import ExamKind


class Settlement(StrEnum):
    """What becomes of the file that came later; both stay stored, whatever is decided."""

    KEEP = "keep"  # the first stands, the later one is not shown
    ADD = "add"  # a further image of the same exam, under a name of its own
    APART = "apart"  # the machine used the UID twice: an exam of its own, for whom the file names
    MOVE = "move"  # an image of another exam of the same institution


FILES_IT = frozenset({Settlement.ADD, Settlement.APART, Settlement.MOVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What the later file says, read once by the worker; an unreadable one can only be set aside.

    Attributes
    ----------
    patient : mapping
        ``local_id``, ``name``, ``name_raw`` (hexadecimal), ``name_repaired``, ``sex`` and
        ``birth_date`` (ISO) as the file gives them; empty where it does not.
    """

    kind: ExamKind = ExamKind.OTHER
    reader: str = ""
    sop_class: str = ""
    transfer_syntax: str = ""
    header: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    flags: tuple[str, ...] = ()
    patient: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    unreadable: str = ""  # why no reader could read it
