"""Files of an exam that nobody can be shown, and why: what the screening said of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.domain.finding import Screening
from workbench.store.instances import DisplayCopy, Instance

SHOWN = ({"preview", "full"}, {"trace"}, {"picture"})  # forms that make a picture on the page


@dataclass(frozen=True, slots=True)
class Missing:
    """One file without a display copy."""

    file: Instance
    number: int  # 1, 2, … among the files of the exam, in order of arrival
    reason: str  # in the words of the screening; "" while it has not looked yet


def missing_pictures(
    files: Sequence[Instance], copies: Sequence[DisplayCopy], screenings: Sequence[Screening]
) -> list[Missing]:
    """Those without a picture, in order of arrival."""
    forms: dict[str, set[str]] = {}
    for copy in copies:
        forms.setdefault(copy.instance_id, set()).add(copy.form)
    said = {s.digest: _reason(s) for s in screenings}
    return [
        Missing(file, number, said.get(file.sha256, ""))
        for number, file in enumerate(files, start=1)
        if not any(needed <= forms.get(file.id, set()) for needed in SHOWN)
    ]


def _reason(said: Screening) -> str:
    """What holds a file back: the notes of the gate it did not pass."""
    notes = "" if said.gate.accepted else "; ".join(said.gate.notes)
    return notes or said.reason


def reason_in_words(reason: str, translate: Callable[[str], str]) -> str:
    """The reason in a person's language: as one sentence, else clause by clause."""
    whole = translate(reason)
    if whole != reason or not reason:
        return whole if reason else ""
    return translate("; ").join(translate(clause) for clause in reason.split("; "))
