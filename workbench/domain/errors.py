"""Errors the package raises on purpose: the value seen, the value expected, the next step."""

from collections.abc import Sequence


class WorkbenchError(Exception):
    """Base of every error this package raises on purpose.

    `template` is the English message; pages translate it and fill it with `facts`.
    """

    template = "{message}"

    def __init__(self, message: str = "", **facts: object) -> None:
        self.facts: dict[str, object] = {"message": message, **facts}
        super().__init__(self.template.format(**self.facts))


class MoveRefused(WorkbenchError):
    """A step that the present state does not allow."""

    template = "Cannot {move} a {noun} that is {state}; allowed now: {offers}."

    def __init__(self, noun: str, state: str, move: str, allowed: Sequence[str]) -> None:
        self.noun, self.state, self.move, self.allowed = noun, state, move, tuple(allowed)
        offers = ", ".join(allowed) or "nothing (this is an end state)"
        super().__init__(noun=noun, state=state, move=move, offers=offers)


class NotPermitted(WorkbenchError):
    """The actor may not do this, or not here."""

    template = "{actor} may not {act}: {reason}."

    def __init__(self, actor: str, act: str, reason: str) -> None:
        super().__init__(actor=actor, act=act, reason=reason)


class NotFound(WorkbenchError):
    """No such row among those the actor may see."""

    template = "No {noun} {key} is known here; check the number, or ask whether it arrived."

    def __init__(self, noun: str, key: object) -> None:
        super().__init__(noun=noun, key=key)


class Stale(WorkbenchError):
    """The row changed after it was looked at."""

    template = "{noun} {key} was changed meanwhile; reload and look again."

    def __init__(self, noun: str, key: object) -> None:
        super().__init__(noun=noun, key=key)


class Leased(WorkbenchError):
    """Somebody else is reading this exam."""

    template = "{holder} is reading this exam until {until}; take the next one or wait."

    def __init__(self, holder: str, until: str) -> None:
        super().__init__(holder=holder, until=until)


class Invalid(WorkbenchError):
    """A value that cannot be taken: names what was seen and what would do."""

    template = "{field}: got {seen}; expected {expected}."

    def __init__(self, field: str, seen: object, expected: str) -> None:
        super().__init__(field=field, seen=seen, expected=expected)


class ReportIncomplete(WorkbenchError):
    """A report that may not be signed yet."""

    template = "The report cannot be signed yet: {problems}"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(problems="; ".join(problems))


class UnseenImage(WorkbenchError):
    """An image came after the reader opened the case."""

    template = "Another image of this exam arrived meanwhile; look at it, then sign."


class OnePerson(WorkbenchError):
    """Two records that were joined before."""

    template = "These two records are one person already."


class NothingJoined(WorkbenchError):
    """A record that stands alone cannot be taken out."""

    template = "This record is joined with no other; there is nothing to take out."


class NotReadYet(WorkbenchError):
    """The worker has not read the later file of a conflict."""

    template = "The later file has not been read yet; wait a moment, or keep the first only."


class NotReadable(WorkbenchError):
    """No reader could read the later file of a conflict."""

    template = "The later file cannot be read ({problems}); it can only be kept aside."


class BadTrace(WorkbenchError):
    """A recording that cannot be trusted as an ECG."""


class BadImage(WorkbenchError):
    """A film whose pixels cannot be shown or measured."""


class Unreadable(WorkbenchError):
    """A file no installed reader can read; says what was tried."""

    def __init__(self, message: str, reason: str = "unreadable") -> None:
        self.reason = reason
        super().__init__(message)


class StorageFull(WorkbenchError):
    """Free space is under the floor; nothing is accepted, nothing is deleted."""

    template = (
        "Only {free_mb} MB free under {path}; at least {floor_mb} MB needed. "
        "Free space or move the home."
    )

    def __init__(self, path: str, free_mb: int, floor_mb: int) -> None:
        super().__init__(path=path, free_mb=free_mb, floor_mb=floor_mb)
