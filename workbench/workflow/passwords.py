"""What a password must be; the limits are in the security rule book."""

from workbench.domain.errors import WorkbenchError
from workbench.editions import rule_book


class PasswordTooShort(WorkbenchError):
    """Fewer characters than the limit, or more than can be taken."""

    template = "The password has {seen} characters; use {shortest} to {longest}."

    def __init__(self, seen: int, shortest: int, longest: int) -> None:
        super().__init__(seen=seen, shortest=shortest, longest=longest)


class PasswordTooPlain(WorkbenchError):
    """A password somebody would guess."""

    template = "The password is too easy to guess: {reason}."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


def check_password(new: str, username: str, old: str = "") -> None:
    """Raise unless the new password is long and varied, and neither the name nor the old one."""
    book = rule_book("security-2026.1")
    shortest, longest = (int(book[f"password.{end}"].value) for end in ("shortest", "longest"))
    if not shortest <= len(new) <= longest:
        raise PasswordTooShort(len(new), shortest, longest)
    if new == old:
        raise PasswordTooPlain("it is the old one")
    if username.casefold() in new.casefold() and len(new) - len(username) < shortest:
        raise PasswordTooPlain("it is the user name with little added")
    if len(set(new)) < book["password.variety"].value:
        raise PasswordTooPlain("it repeats a few characters")
